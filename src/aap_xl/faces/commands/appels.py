"""``aap-xl appels``: the calls at hand, and everything one of them says, for an officer to proof-read.

The sheet is drawn from the model itself: a value added to a call's file is shown without a change here.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aap_xl.appels.model import Appel, Condition, Label, Modele, Worded
from aap_xl.domain.regles.explications import dites
from aap_xl.euros import format_euros
from aap_xl.faces import display
from aap_xl.faces.commands import review
from aap_xl.faces.common import OnCalls, appel_demande
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.rows import TABLES, Champ
from aap_xl.workbook import layout

_RIEN = "non fixé par l'appel"
_AILLEURS = {"schema_version", "listes", "mots", "entetes", "aides", "colonnes"}
"""Keys that are shown where they are used."""
_RARES = {"indicateurs_calcules"}
_DE_PERSONNES = {"parcours", "public", "sorties", "heures", "immersions"}
"""Keys that are about people."""


@record
class Request(OnCalls):
    """What ``appels`` takes."""

    code: str | None = None
    millesime: int | None = None
    relire: bool = False
    schema: bool = False
    sortie: Path | None = None
    forcer: bool = False


def run(request: Request) -> int:
    """List the calls, or show one.

    Returns: 0.
    """
    if request.schema:
        review.schema(request.sortie, forcer=request.forcer)
        return 0
    known = request.appels
    if request.relire:
        review.montrer([appel_demande(request.code, request.millesime, known)] if request.code else known, known)
        return 0
    if request.code:
        montrer(appel_demande(request.code, request.millesime, known))
        return 0
    display.tableau(
        ("Code", "Année", "Intitulé", "Dépôts", "Durée", "Plafond", "Règles"),
        [_resume(item) for item in known],
        etroites=2,
    )
    display.phrase("\nPour relire un appel : aap-xl appels CODE")
    return 0


def _resume(appel: Appel) -> tuple[str, ...]:
    plafond = appel.budget.plafond_subvention
    return (
        appel.identite.code,
        str(appel.identite.millesime),
        appel.identite.intitule,
        " ; ".join(f"{item.depot_du:%d/%m}–{jour(item.depot_au)}" for item in appel.depots),
        f"{appel.operation.duree_max_mois} mois",
        format_euros(plafond) if plafond is not None else "–",
        str(len(appel.regles)),
    )


def montrer(appel: Appel) -> None:
    """Every value of a call, section by section."""
    display.titre(appel.nom)
    for nom, label in appel.labels().items():
        value = getattr(appel, nom)
        if nom == "classeur":
            _classeur(appel)
        elif nom == "regles":
            _regles(appel)
        elif nom not in _AILLEURS and not _tue(nom, value, appel):
            _montrer(label, value, appel)
    for nom, items in (appel.listes or {}).items():
        _table(f"Liste « {nom} »", items, appel)


def _tue(nom: str, value: object, appel: Appel) -> bool:
    """Whether a section says nothing: own indicators that are not there, people where none is followed."""
    return (nom in _RARES and not value) or (nom in _DE_PERSONNES and "participants" not in appel.classeur.tables)


def _montrer(label: Label, value: Any, appel: Appel) -> None:
    """One section: its plain values as lines, its lists of parts as tables, its parts as sections below it."""
    titre = appel.dit(label.titre)
    if value is None or value == ():
        display.titre(titre)
        display.phrase("L'appel n'en dit rien.")
    elif _est_table(value):
        _table(titre, value, appel)
    elif isinstance(value, Mapping):
        display.titre(titre)
        rows = [(appel.libelle("situations", key), _texte(label, item, appel)) for key, item in value.items()]
        display.tableau(("Situation", titre), rows)
    elif isinstance(value, Modele):
        _section(titre, value, appel)
    else:
        display.titre(titre)
        for item in value:
            display.phrase(f"  • {_texte(label, item, appel)}")


def _section(titre: str, part: Any, appel: Appel) -> None:
    article = getattr(part, "article", "")
    display.titre(f"{titre}  [{article}]" if article else titre)
    inner = []
    for nom, label in part.labels().items():
        value = getattr(part, nom)
        if isinstance(value, Modele) or _est_table(value) or isinstance(value, Mapping):
            inner.append((label, value))
        elif nom != "article":
            display.phrase(f"  {appel.dit(label.titre)} : {_texte(label, value, appel)}")
    for label, value in inner:
        _montrer(label, value, appel)


def _est_table(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Modele)


def _table(titre: str, parts: tuple[Any, ...], appel: Appel) -> None:
    """Parts of the same kind, one a line."""
    display.titre(titre)
    labels = parts[0].labels()
    lines = [[_cellule(label, getattr(part, nom), appel) for nom, label in labels.items()] for part in parts]
    etroites = 1 if "code" in labels else 0
    display.tableau([appel.dit(label.titre) for label in labels.values()], lines, etroites=etroites)


def _cellule(label: Label, value: object, appel: Appel) -> str:
    return _condition(value, appel) if isinstance(value, Condition) else _texte(label, value, appel, rien="")


def _condition(si: Condition, appel: Appel) -> str:
    texte = " ; ".join(appel.libelle("situations", code) for code in si.situation)
    if si.mois_min is not None:
        texte += f", plus de {si.mois_min} mois" if si.strict else f", {si.mois_min} mois et plus"
    if si.mois_max is not None:
        texte += f", {si.mois_max} mois au plus" if si.strict else f", moins de {si.mois_max} mois"
    return texte


def _texte(label: Label, value: object, appel: Appel, rien: str = _RIEN) -> str:
    """A value as an officer reads it; ``rien`` for what the call leaves open (and, when empty, for « non »)."""
    if value is None or value in ("", ()):
        return rien
    if isinstance(value, Mapping):
        return " ; ".join(
            f"{appel.libelle(label.liste, key)} {_texte(label, item, appel)}" for key, item in value.items()
        )
    if isinstance(value, tuple):
        return ", ".join(_texte(label, item, appel) for item in value)
    if isinstance(value, Worded):
        return appel.dit(value.libelle)
    if isinstance(value, str) and label.liste:
        return _mots(appel)[label.liste].get(value, value)
    return _simple(label, value, non="non" if rien else "")


def _mots(appel: Appel) -> Mapping[str, Mapping[str, str]]:
    """What is printed for the codes of every list, those of the model among them."""
    postes = {item.code: item.libelle for item in appel.budget.postes}
    return {**appel.libelles, "postes": postes, "tables": {nom: row.feuille for nom, row in TABLES.items()}}


def _simple(label: Label, value: object, non: str) -> str:
    if isinstance(value, bool):
        return "oui" if value else non
    if isinstance(value, date):
        return jour(value)
    if not isinstance(value, Decimal):
        return str(value)
    if label.unite == "€":
        return format_euros(value)
    percent = label.unite == "%"
    number = f"{(value * 100 if percent else value).normalize():f}".replace(".", ",")
    return number + (" %" if percent else "")


def _classeur(appel: Appel) -> None:
    """The sheets and their columns, with what an operator reads about each."""
    classeur = appel.classeur
    display.titre("Mode d'emploi du classeur")
    for number, line in enumerate(classeur.mode_emploi, 1):
        display.phrase(f"  {number}. {line}")
    form = layout.formulaire(appel)
    _champs(f"Feuille {form.feuille} (formulaire)", form.champs)
    for table in layout.tables(appel).values():
        _champs(f"Feuille {table.feuille} ({table.lignes} lignes prêtes)", table.champs)


def _champs(titre: str, champs: Iterable[Champ]) -> None:
    display.titre(titre)
    display.tableau(
        ("En-tête", "Contenu", "Liste", "Rempli par", "Obligatoire", "Aide"),
        [
            (
                champ.entete,
                champ.nature,
                champ.liste or champ.reference,
                champ.qui,
                "oui" if champ.obligatoire else "",
                champ.aide,
            )
            for champ in champs
        ],
    )


def _regles(appel: Appel) -> None:
    regles = appel.regles
    display.titre(f"Règles de contrôle ({len(regles)})")
    display.tableau(
        ("Code", "Règle", "Gravité", "Après la fin", "Rubrique"),
        [
            (code, item.titre, str(regle.gravite), str(regle.gravite_finale or ""), regle.article)
            for code, item in dites((appel,)).items()
            if (regle := regles.get(code))
        ],
        etroites=1,
    )
