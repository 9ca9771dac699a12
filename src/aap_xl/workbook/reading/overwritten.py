"""Computed cells outside the tables, which have a name: those that someone typed over, those in error."""

from collections.abc import Iterator, Mapping

from aap_xl.cells import Cell, column_index
from aap_xl.domain.facts import CalculEcrase, CalculEnErreur, Fait
from aap_xl.patterns import pattern
from aap_xl.workbook import layout
from aap_xl.workbook.reading.sheets import Feuilles, Rows
from aap_xl.workbook.reading.values import typed

_TABLES = {layout.BUDGET: "budget", layout.TABLEAU_DE_BORD: ""}
_REFERENCE = pattern(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)")
_LAST_WORD = pattern(r"budget_(.+)_\w+")


def faits(feuilles: Feuilles) -> Iterator[Fait]:
    """A fact for each named cell of the synthesis that holds a constant, or an error. Raises: FichierRefuse."""
    named = list(_named(feuilles.noms_definis))
    marks = {nom: feuilles.marks(nom) for nom in _TABLES if named and nom in feuilles.cellules}
    for nom, feuille, letters, line in named:
        if feuille not in marks or not marks[feuille].formules:
            continue
        found = _LAST_WORD.fullmatch(nom)
        cell, table, champ = Cell(feuille, f"{letters}{line}"), _TABLES[feuille], found[1] if found else ""
        erreur = marks[feuille].erreurs.get((line, column_index(letters)))
        if erreur is not None:
            yield CalculEnErreur(cell, erreur, 1, table=table, champ=champ)
        elif cell.adresse.encode() not in marks[feuille].formules:
            value = _value(feuilles.rows(feuille), line, column_index(letters))
            if value != "":
                yield CalculEcrase(cell, typed(value), table=table, champ=champ)


def _value(rows: Rows, line: int, column: int) -> object:
    row = rows[line - 1] if line <= len(rows) else []
    return row[column - 1] if column <= len(row) else ""


def _named(noms: Mapping[str, str]) -> Iterator[tuple[str, str, str, int]]:
    """Name, sheet, column letters and row of the names of one cell of the synthesis."""
    for nom, reference in noms.items():
        found = _REFERENCE.fullmatch(reference)
        if found and found[1] in _TABLES:
            yield nom, found[1], found[2], int(found[3])
