"""How a call writes an indicator of its own: ``"cer / entrees"``, ``"situation=cdi|cdd / sorties"``, ``"partenaires"``.

A term counts, and a rate is one term over another. A term is

- one of the usual figures: ``entrees`` (persons), ``parcours`` (their stays), ``sorties``, ``dynamiques``, ``echues``,
  ``dynamiques_suivi``, ``echues_intermediaire``, ``dynamiques_intermediaire``, ``prevues``;
- a yes/no column: how many say yes; a date: how many are filled; a number: their sum (on the form: the number itself);
- a column and codes of its list: ``situation=cdi|cdd``, how many hold one of them;
- a table: how many lines it has.

A column is named by its code, after its table and a dot where several tables have one: ``heures.travail``.
"""

from __future__ import annotations

from aap_xl.appels.model import Appel, Volet
from aap_xl.appels.models import modele
from aap_xl.patterns import pattern
from aap_xl.records import record
from aap_xl.rows import Nature, Operation

ECHUES = "echues"
FIGURES = (
    *("entrees", "parcours", "sorties", "dynamiques", ECHUES, "dynamiques_suivi"),
    *("echues_intermediaire", "dynamiques_intermediaire", "prevues"),
)
_A_UN_POINT = {
    "suivi": (ECHUES, "dynamiques_suivi"),
    "intermediaire": ("echues_intermediaire", "dynamiques_intermediaire"),
}
"""The figures of each follow-up point."""
_TERM = pattern(r"(?:(\w+)\.)?(\w+)(?:\s*=\s*(\w+(?:\|\w+)*))?")
_NUMBERS = (Nature.ENTIER, Nature.NOMBRE, Nature.HEURES, Nature.MONTANT)


class FormuleInvalide(Exception):
    """A formula that can't be understood; the message says why, in French."""


@record
class Terme:
    """One count.

    Attributes: figure: one of `FIGURES`, or ``""``; table, champ: what is counted (no ``champ``: lines); codes: the
                values of a list that are.
    """

    figure: str = ""
    table: str = ""
    champ: str = ""
    codes: tuple[str, ...] = ()


def termes(formule: str, appel: Appel) -> tuple[Terme, ...]:
    """The terms of a formula: one, or a numerator and a denominator.

    Raises: FormuleInvalide.
    """
    parts = formule.split("/")
    if len(parts) > 2:
        raise FormuleInvalide(f"« {formule} » : un seul « / », entre deux comptes.")
    found = tuple(_terme(part.strip(), appel) for part in parts)
    if len({nature(terme, appel) for terme in found}) > 1:
        raise FormuleInvalide(f"« {formule} » : un taux rapporte deux comptes de même nature.")
    return found


def nature(terme: Terme, appel: Appel) -> Nature:
    """What a count is: of euros, of hours, a whole number."""
    found = modele(appel, terme.table).champs[terme.champ].nature if terme.champ else Nature.ENTIER
    return found if found in (Nature.MONTANT, Nature.HEURES, Nature.NOMBRE) else Nature.ENTIER


def _terme(texte: str, appel: Appel) -> Terme:
    found = _TERM.fullmatch(texte)
    if found is None:
        raise FormuleInvalide(f"« {texte} » : un nom de colonne ou de feuille est attendu, comme « cer / entrees ».")
    table, nom, codes = found.groups()
    if not table and not codes and nom in FIGURES:
        return _figure(nom, appel)
    if not table and not codes and nom in appel.classeur.tables:
        return Terme(table=nom)
    return _column(table or _table_of(nom, appel), nom, tuple(codes.split("|")) if codes else (), appel)


def _figure(nom: str, appel: Appel) -> Terme:
    needs = {"prevues": "personnes_prevues" in appel.classeur.operation}
    known = needs.get(nom, "participants" in appel.classeur.tables)
    if any(nom in figures for figures in _A_UN_POINT.values()):
        known = known and a_un_point(nom, appel) is not None
    if nom.startswith(("dynamiques", ECHUES)):
        known = known and appel.sorties is not None
    if not known:
        raise FormuleInvalide(f"« {nom} » : cet appel n'a pas de quoi le compter.")
    return Terme(figure=nom)


def a_un_point(figure: str, appel: Appel) -> Volet | None:
    """The follow-up point of the call that a figure counts at, if any."""
    return next((point for point in appel.points if figure in _A_UN_POINT[point.nom]), None)


def _columns(appel: Appel) -> dict[str, tuple[str, ...]]:
    return {Operation.table: appel.classeur.operation} | {t: f.colonnes for t, f in appel.classeur.tables.items()}


def _table_of(nom: str, appel: Appel) -> str:
    tables = [table for table, names in _columns(appel).items() if nom in names]
    if len(tables) > 1:
        which = " ou ".join(f"{table}.{nom}" for table in tables)
        raise FormuleInvalide(f"« {nom} » est dans plusieurs feuilles : écrivez {which}.")
    if not tables:
        known = ", ".join(FIGURES)
        raise FormuleInvalide(
            f"« {nom} » n'est ni une colonne ni une feuille de cet appel, ni un compte usuel ({known})."
        )
    return tables[0]


def _column(table: str, nom: str, codes: tuple[str, ...], appel: Appel) -> Terme:
    if nom not in _columns(appel).get(table, ()):
        raise FormuleInvalide(f"« {table}.{nom} » n'est pas une colonne de cet appel.")
    champ = modele(appel, table).champs[nom]
    if table == Operation.table and champ.nature not in _NUMBERS:
        raise FormuleInvalide(f"« {nom} » est une seule réponse de la feuille Opération : elle ne se compte pas.")
    if champ.nature is Nature.CHOIX:
        unknown = [code for code in codes if code not in appel.libelles.get(champ.liste, {})]
        if unknown or not codes:
            what = f"« {unknown[0]} » n'est pas dans la liste « {champ.liste} »" if unknown else "indiquez une valeur"
            example = next(iter(appel.libelles.get(champ.liste, {})), "…")
            raise FormuleInvalide(f"« {nom} » : {what}, comme « {nom}={example} ».")
    elif codes:
        raise FormuleInvalide(f"« {nom} » n'a pas de liste : écrivez « {nom} » seul.")
    elif champ.calcule or champ.nature not in (*_NUMBERS, Nature.OUINON, Nature.DATE):
        raise FormuleInvalide(f"« {nom} » ne se compte pas : seuls un oui ou non, une liste, une date et un nombre.")
    return Terme(table=table, champ=nom, codes=codes)
