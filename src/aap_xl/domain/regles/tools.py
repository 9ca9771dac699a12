"""What the rules share: what a blank is, what is shown, rows alike."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from aap_xl.anomalies import Constat, Dit
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import EntetesAbsents, FeuilleAbsente, Renommable, VersionAnterieure
from aap_xl.euros import arrondi, format_euros
from aap_xl.francais import cite, enumere, jour, nombre, oui_non, periode, pourcent
from aap_xl.rows import TABLES, Heure, Immersion, Nature, Operation, Row

_R = TypeVar("_R", bound=Row)
_PEU, _PREMIERS = 9, 3


def des_parcours(code: str, stays: Sequence[tuple[date | None, date | None]]) -> str:
    """``du parcours de K01 (du 01/02/2025 au 31/03/2025)``: after « hors »."""
    return f"{'des' if len(stays) > 1 else 'du'} parcours de {code} ({enumere(periode(*stay) for stay in stays)})"


def au_choix(choix: Sequence[str], reste: str = " (feuille « Listes »)") -> str:
    """``« Avant » ou « Pendant »``: what to choose, all of a few; of many, the first ones and where the others are."""
    mots = [cite(item) for item in (choix if len(choix) <= _PEU else choix[:_PREMIERS])]
    if len(choix) > _PEU:
        mots.append(f"l'un des {len(choix) - _PREMIERS} autres{reste}")
    return enumere(mots, "ou")


def renommer(f: Renommable, quoi: str, ainsi: str, sinon: str, seul: str = "") -> str:
    """What to do of a name that is missing or unknown: give it the name it is a slip of, or another, or else.

    Args: quoi: ``si {} est cette colonne``; ainsi: ``ce titre``; sinon: what to do when it is none of them; seul: the
          same, when there is no name to give.
    """
    if f.proche:
        return f"{quoi.format(cite(f.proche))}, redonnez-lui {ainsi}"
    if not f.autres:
        return seul or sinon
    return f"{quoi.format(au_choix(f.autres, ''))}, redonnez-lui {ainsi}, sinon {sinon}"


@cache
def colonnes(appel: Appel, table: str) -> frozenset[str]:
    """The fields a call uses in one table (or in the form)."""
    if table == "operation":
        return frozenset(appel.classeur.operation)
    feuille = appel.classeur.tables.get(table)
    return frozenset(feuille.colonnes) if feuille else frozenset()


def utilise(row: Row, champ: str, d: Donnees) -> bool:
    """Whether the call asks for this field and the file has it (what is missing is said once, by F01 or F02)."""
    presentes = row.origin.colonnes
    if champ not in colonnes(d.appel, row.table):
        return False
    return champ in presentes if presentes else not perdue(d, row.table)


def vide(row: Row, champ: str, d: Donnees) -> bool:
    """Whether a field that could be filled was left blank."""
    return row.manque(champ) and utilise(row, champ, d)


def rempli(row: Row, champ: str) -> bool:
    """Whether something was typed, readable or not."""
    return not row.manque(champ)


def _montant(valeur: Decimal) -> str:
    """``1 234,50 €``; digits beyond the cent are not rounded away."""
    return format_euros(valeur) if valeur == arrondi(valeur) else nombre(valeur)


_MONTRES = {Nature.MONTANT: _montant, Nature.TAUX: pourcent}


def montre(row: Row, champ: str, d: Donnees) -> str:
    """The field's value as the sheet shows it, for the anomaly's ``valeur``."""
    valeur: Any = getattr(row, champ)
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return oui_non(valeur)
    if isinstance(valeur, date):
        return jour(valeur)
    if isinstance(valeur, Decimal):
        return _MONTRES.get(row.champs[champ].nature, nombre)(valeur)
    liste = row.champs[champ].liste
    return d.appel.libelle(liste, valeur) if liste else str(valeur)


def constat(row: Row, champ: str, message: str, d: Donnees) -> Constat:
    """A finding on one field: its cell, the words, its value as shown."""
    return row.cell(champ), message, montre(row, champ, d)


def feuille(d: Donnees, table: str) -> Cell:
    """A table's sheet as a whole, under its name in the file."""
    rows = d.rows(table)
    return Cell(rows[0].origin.feuille or rows[0].feuille if rows else TABLES[table].feuille)


def perdue(d: Donnees, table: str) -> bool:
    """Whether the file lacks a table's sheet, or its headers (said once, by F01, F02 or F22)."""
    nom = TABLES[table].feuille if table in TABLES else Operation.feuille
    return any(
        (isinstance(f, FeuilleAbsente) and f.cell.feuille == nom)
        or (isinstance(f, EntetesAbsents) and f.table == table)
        or (isinstance(f, VersionAnterieure) and nom in f.feuilles)
        for f in d.faits
    )


def feuille_lue(d: Donnees, table: str) -> bool:
    """Whether the call has this table and the file too."""
    return table in d.appel.classeur.tables and not perdue(d, table)


def personnes_inconnues(rows: Iterable[Heure | Immersion], d: Donnees) -> Iterator[Constat]:
    """The rows whose participant is not in « Participants »; nothing when its codes could not be read."""
    connus = d.participants_par_code
    if not codes_lus(d, "participants"):
        return
    for row in rows:
        if row.participant and row.participant.casefold() not in connus:
            texte = f"le code {cite(row.participant)} n'est pas à la feuille Participants"
            yield constat(row, "participant", Dit(texte, "corrigez-le, ou inscrivez la personne"), d)


def codes_lus(d: Donnees, table: str) -> bool:
    """Whether the codes of a table could be read, so that a reference to none of them is wrong."""
    rows = d.rows(table)
    return feuille_lue(d, table) and (not rows or utilise(rows[0], "code", d))


def doublons(rows: Iterable[_R], cle: Callable[[_R], Hashable | None]) -> Iterator[tuple[_R, _R]]:
    """Each row whose key was already met, with the first row that had it; a ``None`` key is never a duplicate."""
    premiers: dict[Hashable, _R] = {}
    for row in rows:
        valeur = cle(row)
        if valeur is None:
            continue
        premier = premiers.setdefault(valeur, row)
        if premier is not row:
            yield row, premier


def groupes(rows: Iterable[_R], cle: Callable[[_R], Hashable | None]) -> dict[Hashable, list[_R]]:
    """Rows by key, in the sheet's order; rows without a key are left out."""
    found: dict[Hashable, list[_R]] = defaultdict(list)
    for row in rows:
        valeur = cle(row)
        if valeur is not None:
            found[valeur].append(row)
    return found


def hors(le: date | None, du: date | None, au: date | None) -> bool:
    """Whether a known date lies outside known bounds (an unknown bound excludes nothing)."""
    return le is not None and ((du is not None and le < du) or (au is not None and le > au))


def bornes(d: Donnees) -> tuple[date | None, date | None]:
    """The operation's dates; none when they contradict each other (said once, by O06)."""
    du, au = d.operation.date_debut, d.operation.date_fin
    return (None, None) if du and au and au < du else (du, au)


def pas_un_territoire(texte: str, d: Donnees) -> str:
    """``« Béthunois » n'est pas une MDS du Département``."""
    return cite(texte) + d.appel.dit(" n'est pas {un mds} {du financeur}")


def libelles(d: Donnees, liste: str, codes: Sequence[str]) -> str:
    """The printed names of some items, joined."""
    return enumere((cite(d.appel.libelle(liste, code)) for code in codes), "ou")
