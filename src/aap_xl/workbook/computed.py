"""Computed cells: the values Python finds are written as the cached values of the workbook's own formulas.

A cell that holds something else than our formula belongs to the operator and is left alone.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.cells import a1, column_letter
from aap_xl.domain.calculs import CALCULS, calculer
from aap_xl.domain.donnees import Donnees
from aap_xl.rows import Row
from aap_xl.workbook import formulas, layout
from aap_xl.workbook.ooxml_ranges import extend_ranges, widen_dimension
from aap_xl.workbook.ooxml_sheet import Sheet
from aap_xl.workbook.ooxml_workbook import Table, Workbook

_LONGEST_EXTENSION = 2000
"""Rows; something typed further below a table is left outside of it."""


@dataclass
class Refreshed:
    """What the writing put right.

    Attributes: cells: (sheet, address) of formulas that had no value and of cells that got their column's format;
                sheets: those whose table was extended.
    """

    cells: set[tuple[str, str]] = field(default_factory=set)
    sheets: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Column:
    """One computed column of a sheet."""

    champ: str
    index: int
    formula: str

    @cached_property
    def letter(self) -> str:
        """Its letter."""
        return column_letter(self.index)

    def same(self, formula: str) -> bool:
        """Whether a cell's formula is ours (a follower of a shared formula carries no text)."""
        return not formula or _normal(formula) == _normal(self.formula)


def refresh(workbook: Workbook, donnees: Donnees) -> Refreshed:
    """Write every computed value; tables are extended to the rows typed below them."""
    done = Refreshed()
    for name in donnees.appel.classeur.tables:
        rows = donnees.rows(name)
        if rows and rows[0].origin.feuille in workbook.parts:
            _refresh_table(workbook, donnees, name, rows, done)
    _refresh_synthesis(workbook, donnees)
    return done


def table_of(workbook: Workbook, feuille: str, nom: str) -> Table | None:
    """Our table on a sheet, if the file still has it."""
    return next((table for table in workbook.tables(feuille) if table.nom == f"t_{nom}"), None)


def _refresh_table(workbook: Workbook, donnees: Donnees, nom: str, rows: Sequence[Row], done: Refreshed) -> None:
    feuille, colonnes = rows[0].origin.feuille, rows[0].origin.colonnes
    columns = computed_columns(donnees.appel, nom, colonnes)
    table = table_of(workbook, feuille, nom)
    last = max(row.ligne for row in rows)
    if not columns and (table is None or last <= table.last_row):
        return
    sheet = workbook.sheet(feuille)
    if table and last > table.last_row and (formatted := extend(workbook, feuille, table, last)) is not None:
        done.sheets.add(feuille)
        done.cells |= {(feuille, adresse) for adresse in formatted}
    bottom = table.last_row if table else 0
    letters = {column.letter for column in columns}
    for row in rows:
        cells = sheet.last_cells(row.ligne, letters)
        for column in columns:
            cell = cells.get(column.letter)
            if sheet.empty(cell):
                if row.ligne > bottom:
                    continue
                cell = sheet.make_cell(row.ligne, column.index)
                sheet.set_formula(cell, column.formula)
            if sheet.set_cached(cell, column.same, CALCULS[nom, column.champ](row, donnees)):
                done.cells.add((feuille, a1(row.ligne, column.index)))
    if table:
        _blank_lines(sheet, table, columns, {row.ligne for row in rows})


def computed_columns(appel: Appel, nom: str, colonnes: Any) -> list[Column]:
    """The computed columns of a table that the file has, with their formulas."""
    champs = layout.tables(appel)[nom].champs
    return [
        Column(champ.nom, colonnes[champ.nom], formulas.formule(appel, nom, champ.nom))
        for champ in champs
        if champ.calcule and colonnes.get(champ.nom) and (nom, champ.nom) in CALCULS
    ]


def extend(workbook: Workbook, feuille: str, table: Table, last: int) -> set[str] | None:
    """Make a table reach a row below it, in the look of its last row.

    Returns: addresses of the cells that had no look of their own; ``None`` if there is no room for the rows.
    """
    if table.totals or last - table.last_row > _LONGEST_EXTENSION:
        return None
    if any(other.nom != table.nom and other.last_row > table.last_row for other in workbook.tables(feuille)):
        return None
    sheet, old = workbook.sheet(feuille), table.last_row
    workbook.extend_table(table, last)
    extend_ranges(sheet, old, last)
    formatted = {
        a1(row, column)
        for row in range(old + 1, last + 1)
        for column in range(table.first_column, table.last_column + 1)
        if sheet.copy_style(sheet.make_cell(row, column), sheet.cell(old, column))
    }
    widen_dimension(sheet)
    return formatted


@cache
def _normal(formula: str) -> str:
    return re.sub(r"\s", "", formula).removeprefix("=").casefold()


def _blank_lines(sheet: Sheet, table: Table, columns: Sequence[Column], filled: Set[int]) -> None:
    """Formulas of lines that nobody filled show nothing."""
    letters = {column.letter for column in columns}
    for row in range(table.first_row + 1, table.last_row + 1):
        if row in filled or _shows_nothing(sheet, row, letters):
            continue
        cells = sheet.cells(row)
        if any(not sheet.empty(cell) for letter, cell in cells.items() if letter not in letters):
            continue
        for column in columns:
            cell = cells.get(column.letter)
            if sheet.empty(cell):
                sheet.set_formula(sheet.make_cell(row, column.index), column.formula)
            else:
                sheet.set_cached(cell, column.same, None)


def _shows_nothing(sheet: Sheet, row: int, letters: Set[str]) -> bool:
    """Whether the computed cells of a line are there and blank already."""
    cells = sheet.last_cells(row, letters)
    return all(letter in cells and sheet.blank_formula(cells[letter]) for letter in letters)


def _refresh_synthesis(workbook: Workbook, donnees: Donnees) -> None:
    """The live cells outside tables, found by their defined name (the operator may have moved them)."""
    for item in layout.synthese(donnees.appel):
        place = workbook.names.get(item.nom, (item.feuille, item.ligne, item.colonne))
        if place[0] not in workbook.parts:
            continue
        sheet = workbook.sheet(place[0])
        cell = sheet.cell(place[1], place[2])
        if cell is not None:
            column = Column(item.cle, place[2], item.formule)
            sheet.set_cached(cell, column.same, calculer(item.cle, donnees))
