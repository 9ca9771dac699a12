"""Planting one error in a clean dossier: which cells change, and exactly which anomalies must be found for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aap_xl.cells import a1, column_letter
from aap_xl.rows import TABLES, Operation
from aap_xl.workbook import layout
from retours.cadre import Faits
from retours.saisies import Ligne

Cellule = tuple[str, str, str]
"""Rule code, sheet, address (``""`` for a whole sheet or file)."""


@dataclass(frozen=True)
class Attendue:
    """An anomaly to be found. Without a row: the header of a field, or the sheet when there is no field either."""

    code: str
    table: str = ""
    row: Ligne | None = field(default=None, hash=False)
    champ: str = ""
    feuille: str = ""
    adresse: str = ""

    def place(self, f: Faits) -> Cellule:
        """Where it is, once everything is planted."""
        if not self.table:
            return self.code, self.feuille, self.adresse
        if self.table == "operation":
            return self.code, Operation.feuille, a1(layout.formulaire(f.appel).lignes[self.champ], layout.VALEUR)
        feuille = TABLES[self.table].feuille
        if not self.champ:
            return self.code, feuille, ""
        ordre = f.retouches.ordre.get(self.table) or list(f.appel.classeur.tables[self.table].colonnes)
        letter = column_letter(ordre.index(self.champ) + 1)
        return self.code, feuille, f"{letter}{layout.ENTETES if self.row is None else self._line(f)}"

    def _line(self, f: Faits) -> int:
        rows = f.tables[self.table]
        for rang, row in enumerate(rows):
            if row is self.row:
                return rang + layout.DONNEES
        below = next(n for n, row in enumerate(f.retouches.dessous[self.table]) if row is self.row)
        return max(len(rows), f.appel.classeur.tables[self.table].lignes) + 1 + below + layout.DONNEES


class Impossible(Exception):
    """This error can't be planted in that dossier."""


@dataclass
class Jardin:
    """A dossier being planted: rows already touched are left alone."""

    f: Faits
    rng: Random
    pris: set[int] = field(default_factory=set)

    def libre(self, table: str, permis: Callable[[Ligne], Any] = bool) -> Ligne:
        """A row that nobody touched. Raises: Impossible."""
        rows = [row for row in self.f.tables.get(table, ()) if id(row) not in self.pris and permis(row)]
        if not rows:
            raise Impossible
        row = self.rng.choice(rows)
        self.pris.add(id(row))
        return row

    def ajoute(self, table: str, **valeurs: Any) -> Ligne:
        """A row more, last."""
        self.f.tables[table].append(valeurs)
        self.pris.add(id(valeurs))
        return valeurs

    def exige(self, condition: object) -> None:
        """Raises: Impossible."""
        if not condition:
            raise Impossible


Semis = Callable[[Jardin], Iterator[Attendue]]


@dataclass(frozen=True)
class Plante:
    """One error to plant. Two of the same zone never share a file; ``seule``: nor any other."""

    nom: str
    code: str
    semer: Semis
    zone: str
    seule: bool


PLANTES: list[Plante] = []
"""In the order their modules are imported, that of their names: errors are drawn from it by rank."""


def plante(code: str, zone: str = "", *, seule: bool = False) -> Callable[[Semis], Semis]:
    """Register an error; its own name tells two errors of one code apart."""

    def register(semer: Semis) -> Semis:
        PLANTES.append(Plante(semer.__name__, code, semer, zone or f"{code}-{semer.__name__}", seule))
        return semer

    return register


def semer(f: Faits, plantes: list[Plante], rng: Random) -> tuple[list[Attendue], Plante | None]:
    """Plant several errors.

    Returns: the anomalies to be found, and the error that can't be planted in that dossier (then spoilt), if any.
    """
    rows = [row for nom in ("participants", "immersions", "heures") for row in f.tables.get(nom, ())]
    jardin = Jardin(f, rng, {id(row) for row in rows if {row.get("code"), row.get("participant")} & f.revenus})
    found: list[Attendue] = []
    for item in plantes:
        try:
            found += item.semer(jardin)
        except Impossible:
            return [], item
    return found, None
