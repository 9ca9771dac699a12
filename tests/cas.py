"""Named cases: a valid dossier per call, what a case changes in it, and the rows that come out."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from re import findall
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, operation
from aap_xl.cells import NOWHERE, Cell, Origin, a1, column_index
from aap_xl.domain import expected, facts
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import Fait
from aap_xl.rows import Nature, Operation, Row
from aap_xl.workbook import layout

DOSSIER = Path(__file__).parent / "cases"
_DECIMAUX = (Nature.MONTANT, Nature.NOMBRE, Nature.HEURES, Nature.TAUX)


@dataclass
class Cas:
    """One case as written in ``tests/cases``.

    Attributes: operation: lines of the form to change; modifier: cells of rows (``ligne`` from 1 in its ``table``);
                ajouter, retirer: whole rows; vider: tables left empty; faits: what reading noticed; illisibles:
                fields typed but not understood; absentes: columns missing from the file; attendu: the anomalies of
                ``regle``, in order; aussi: other rules that must speak too; formulaire: false when the file has no
                form. ``""`` stands for a blank cell.
    """

    nom: str
    appel: str
    regle: str
    attendu: list[dict[str, str]]
    aujourdhui: date | None = None
    operation: dict[str, Any] = field(default_factory=dict)
    modifier: list[dict[str, Any]] = field(default_factory=list)
    ajouter: list[dict[str, Any]] = field(default_factory=list)
    retirer: list[dict[str, Any]] = field(default_factory=list)
    vider: list[str] = field(default_factory=list)
    faits: list[dict[str, Any]] = field(default_factory=list)
    illisibles: list[dict[str, Any]] = field(default_factory=list)
    absentes: list[dict[str, Any]] = field(default_factory=list)
    aussi: list[str] = field(default_factory=list)
    formulaire: bool = True


def lire(chemin: Path) -> dict[str, Any]:
    """One TOML file of cases, amounts as decimals."""
    return tomllib.loads(chemin.read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def base_texte(code: str) -> dict[str, Any]:
    return lire(DOSSIER / "bases" / f"{code}.toml")


def tous() -> list[Cas]:
    """Every case, in the files' order."""
    return [Cas(**cas) for chemin in sorted(DOSSIER.glob("*.toml")) for cas in lire(chemin)["cas"]]


def base(appel: Appel) -> Donnees:
    """The call's dossier without anything to correct."""
    return donnees(appel, Cas("base", appel.identite.code, "", []))


def donnees(appel: Appel, cas: Cas, base_de: str = "") -> Donnees:
    """The base dossier of a call (or of another, by its code) as a case changes it."""
    texte = deepcopy(base_texte(base_de or appel.identite.code))
    tables: dict[str, list[dict[str, Any]]] = texte["tables"]
    for table in cas.vider:
        tables[table] = []
    for change in cas.modifier:
        tables[change["table"]][change["ligne"] - 1] |= _cells(change)
    for change in cas.ajouter:
        tables.setdefault(change["table"], []).append(_cells(change))
    for change in sorted(cas.retirer, key=lambda change: -change["ligne"]):
        del tables[change["table"]][change["ligne"] - 1]
    unread = {(item["table"], item.get("ligne", 0)): frozenset(item["champs"]) for item in cas.illisibles}
    absent = {item["table"]: frozenset(item["champs"]) for item in cas.absentes}
    return Donnees(
        appel=appel,
        operation=_form(appel, texte["operation"] | cas.operation, unread.get(("operation", 0), frozenset()), cas),
        tables={nom: _rows(appel, nom, rows, unread, absent.get(nom, frozenset())) for nom, rows in tables.items()},
        aujourdhui=cas.aujourdhui or texte["aujourdhui"],
        faits=[_fait(fait) for fait in cas.faits],
    )


def adresse(appel: Appel, cellule: str) -> str:
    """Where a case expects an anomaly: ``Opération!date_fin`` is the form's cell of that line."""
    feuille, _, champ = cellule.partition("!")
    ligne = layout.formulaire(appel).lignes.get(champ) if feuille == Operation.feuille else None
    return f"{feuille}!{a1(ligne, layout.VALEUR)}" if ligne else cellule


def _cells(change: Mapping[str, Any]) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in change.items() if nom not in ("table", "ligne")}


def _values(row: type[Row], cells: Mapping[str, Any]) -> dict[str, Any]:
    return {nom: _value(row.champs[nom].nature, valeur) for nom, valeur in cells.items() if valeur != ""}


def _value(nature: Nature, valeur: Any) -> Any:
    return Decimal(valeur) if nature in _DECIMAUX else valeur


def ligne(
    row: type[Row], origin: Origin, numero: int, valeurs: Mapping[str, Any], illisibles: frozenset[str] = frozenset()
) -> Row:
    """One row as reading would give it."""
    return row(origin=origin, ligne=numero, illisibles=illisibles, **valeurs)


def remplie(row: type[Row], cells: Mapping[str, Any]) -> Row:
    """A row of these cells, wherever it sits."""
    return ligne(row, NOWHERE, 0, _values(row, cells))


def _form(appel: Appel, cells: Mapping[str, Any], unread: frozenset[str], cas: Cas) -> Operation:
    lignes = layout.formulaire(appel).lignes
    origin = Origin(Operation.feuille, dict.fromkeys(lignes, layout.VALEUR), lignes)
    row = operation(appel)
    form = ligne(row, origin, 0, _values(row, cells), unread) if cas.formulaire else VIDE
    assert isinstance(form, Operation)
    return form


VIDE = ligne(Operation, NOWHERE, 0, {})


def _rows(
    appel: Appel,
    table: str,
    rows: list[dict[str, Any]],
    unread: Mapping[tuple[str, int], frozenset[str]],
    absent: frozenset[str],
) -> list[Row]:
    row = modele(appel, table)
    noms = appel.classeur.tables[table].colonnes
    origin = Origin(row.feuille, {nom: rank for rank, nom in enumerate(noms, start=1) if nom not in absent})
    return [
        ligne(row, origin, layout.DONNEES + rank, _values(row, cells), unread.get((table, rank + 1), frozenset()))
        for rank, cells in enumerate(rows)
    ]


def _fait(fait: Mapping[str, Any]) -> Fait:
    kind: type[Fait] = getattr(facts, fait["fait"])
    place = Cell(fait.get("feuille", ""), fait.get("adresse", ""), fait.get("entete", ""))
    own = {nom: valeur for nom, valeur in fait.items() if nom not in ("fait", "feuille", "adresse", "entete")}
    return kind(place, **{nom: _detail(kind, nom, valeur) for nom, valeur in own.items()})


def _detail(kind: type[Fait], nom: str, valeur: Any) -> Any:
    if nom == "plage":
        (left, top), (right, bottom) = findall(r"([A-Z]+)(\d+)", valeur)
        return int(top), column_index(left), int(bottom), column_index(right)
    if nom == "doute":
        return expected.Doute[valeur]
    if kind is facts.CelluleIllisible and nom == "attendu":
        return expected.Attendu(valeur)
    return tuple(valeur) if isinstance(valeur, list) else valeur
