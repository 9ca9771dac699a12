"""Computed cells: the values Python finds are written as the cached values of the workbook's own formulas.

A cell that holds something else than our formula belongs to the operator and is left alone.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property

from aap_xl.appels.model import Appel
from aap_xl.cells import a1, column_letter
from aap_xl.domain.computed import CALCULS, calculer
from aap_xl.domain.data import Donnees
from aap_xl.rows import Row
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import columns as formulas
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.ooxml.ranges import deepen_dimension, extend_ranges, widen_dimension
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.values import Valeur
from aap_xl.workbook.ooxml.workbook import Table, Workbook
from aap_xl.workbook.writing.cached_cells import patched
from aap_xl.workbook.writing.growing import cell_formula, grown

_BLANK_ROWS = 2000
"""Blank rows that a table may take in to reach what is typed below it; something typed further is left outside."""


@dataclass
class Refreshed:
    """What the writing changed outside « Contrôle » and « Bilan », marks aside: nothing else may differ.

    Attributes: cells: (sheet, address) of formulas that had no value and of cells that got their column's format;
                sheets: those whose table was extended; columns: sheet → first line of data and computed columns;
                named: (sheet, row, column) of the live cells outside tables.
    """

    cells: set[tuple[str, str]] = field(default_factory=set)
    sheets: set[str] = field(default_factory=set)
    columns: dict[str, tuple[int, set[int]]] = field(default_factory=dict)
    named: set[tuple[str, int, int]] = field(default_factory=set)

    def may_compute(self, feuille: str, row: int, column: int) -> bool:
        """Whether a cell is one of those whose value is ours to write."""
        first, columns = self.columns.get(feuille, (0, set()))
        return (row >= first and column in columns) or (feuille, row, column) in self.named


@dataclass(frozen=True)
class Column:
    """One computed column of a sheet.

    Attributes: formula: as the file writes it; other: the same, as files write it that have not its names (or have).
    """

    champ: str
    index: int
    formula: str
    other: str = ""

    @cached_property
    def letter(self) -> str:
        """Its letter."""
        return column_letter(self.index)

    def same(self, formula: str) -> bool:
        """Whether a cell's formula is ours (a follower of a shared formula carries no text)."""
        return not formula or _normal(formula) in {_normal(self.formula), _normal(self.other)}


_Values = Iterable[tuple[int, Column, Valeur]]
"""Row, computed column, the value to show."""


def refresh(workbook: Workbook, donnees: Donnees) -> Refreshed:
    """Write every computed value; tables are extended to the rows typed below them."""
    done = Refreshed()
    for name, table in layout.tables(donnees.appel).items():
        rows = donnees.rows(name)
        if rows and rows[0].origin.feuille in workbook.parts:
            _refresh_table(workbook, donnees, name, rows, done)
            workbook.print_down_to(rows[0].origin.feuille, max(row.ligne for row in rows), table.derniere)
    _refresh_synthesis(workbook, donnees, done)
    return done


def table_of(workbook: Workbook, feuille: str, nom: str) -> Table | None:
    """Our table on a sheet, if the file still has it."""
    return next((table for table in workbook.tables(feuille) if table.nom == f"t_{nom}"), None)


def _refresh_table(workbook: Workbook, donnees: Donnees, nom: str, rows: Sequence[Row], done: Refreshed) -> None:
    feuille, colonnes = rows[0].origin.feuille, rows[0].origin.colonnes
    columns = computed_columns(donnees.appel, nom, colonnes, workbook.names)
    table = table_of(workbook, feuille, nom)
    last = max(row.ligne for row in rows)
    if not columns and (table is None or last <= table.last_row):
        return
    first = table.first_row + 1 if table else min(row.ligne for row in rows)
    done.columns[feuille] = first, {column.index for column in columns}
    old, added = table.last_row if table else last, columns

    def values() -> _Values:
        for row in rows:
            for column in added if row.ligne > old else columns:
                yield row.ligne, column, CALCULS[nom, column.champ](row, donnees)

    if table and last > table.last_row and _within_reach(table, rows):
        added = as_last_row(workbook, feuille, table, columns)
        formatted = extend(workbook, feuille, table, last, added)
        if formatted is not None:
            done.sheets.add(feuille)
            done.cells |= {(feuille, adresse) for adresse in formatted}
    if table and last <= table.last_row and _patch(workbook, feuille, values(), _unfilled(table, rows, columns), done):
        return
    sheet = workbook.sheet(feuille)
    letters = {column.letter for column in columns}
    done.cells |= {(feuille, adresse) for adresse in _written(sheet, letters, table.last_row if table else 0, values())}
    if table:
        _blank_lines(sheet, table, columns, {row.ligne for row in rows})


def _written(sheet: Sheet, letters: Set[str], last: int, values: _Values) -> Iterator[str]:
    """Write cached values, and the formulas that were cleared down to a last row; the addresses that had no value."""
    for ligne, column, value in values:
        cell = sheet.last_cells(ligne, letters).get(column.letter)
        if sheet.empty(cell):
            if ligne > last:
                continue
            cell = sheet.make_cell(ligne, column.index)
            sheet.set_formula(cell, column.formula)
        if sheet.set_cached(cell, column.same, value):
            yield a1(ligne, column.index)


def _unfilled(table: Table, rows: Sequence[Row], columns: Sequence[Column]) -> set[bytes]:
    """Addresses of the computed cells of the lines that nobody filled."""
    blank = set(range(table.first_row + 1, table.last_row + 1)).difference(row.ligne for row in rows)
    return {f"{column.letter}{line}".encode() for column in columns for line in blank}


def _patch(workbook: Workbook, feuille: str, values: _Values, blank: Set[bytes], done: Refreshed) -> bool:
    """Write a sheet's cached values without parsing it. False if it has to be."""
    content = workbook.raw(feuille)
    if content is None:
        return False
    wanted = {f"{column.letter}{ligne}".encode(): (column.same, value) for ligne, column, value in values}
    result = patched(content, wanted, blank, since_1904=workbook.since_1904)
    if result is None:
        return False
    workbook.set_raw(feuille, result[0])
    done.cells |= {(feuille, adresse) for adresse in result[1]}
    return True


def computed_columns(appel: Appel, nom: str, colonnes: Mapping[str, int], names: Container[str]) -> list[Column]:
    """The computed columns of a table that the file has, with their formulas.

    Args: names: those that the file defines; without those of a formula's cells, it is written without names.
    """
    refs = Refs(appel)
    found = []
    for champ in layout.tables(appel)[nom].champs:
        if champ.calcule and colonnes.get(champ.nom) and (nom, champ.nom) in CALCULS:
            short = formulas.formule(appel, nom, champ.nom)
            forms = (short, refs.longue(short))
            named = all(name in names for name in refs.noms([short]))
            found.append(Column(champ.nom, colonnes[champ.nom], *(forms if named else reversed(forms))))
    return found


def _within_reach(table: Table, rows: Sequence[Row]) -> bool:
    below = [row.ligne for row in rows if row.ligne > table.last_row]
    return max(below) - table.last_row - len(below) <= _BLANK_ROWS


def extend(
    workbook: Workbook, feuille: str, table: Table, last: int, columns: Sequence[Column] = ()
) -> set[str] | None:
    """Make a table reach a row below it, in the look of its last row, with the formulas of some columns.

    Returns: addresses of the cells that had no look of their own; ``None`` if there is no room for the rows.
    """
    if table.totals:
        return None
    if any(other.nom != table.nom and other.last_row > table.last_row for other in workbook.tables(feuille)):
        return None
    old = table.last_row
    formatted = _grow(workbook, feuille, table, last, columns)
    workbook.extend_table(table, last)
    extend_ranges(workbook.frame(feuille), old, last)
    return formatted


def as_last_row(workbook: Workbook, feuille: str, table: Table, columns: Sequence[Column]) -> list[Column]:
    """The computed columns as the table's last row has them: a file of another version goes on with its own formulas.

    Ours may name columns that it lacks. A formula that says addresses of its row is of that row alone: ours stands.
    """
    content, row = workbook.raw(feuille), table.last_row
    found = []
    for column in columns:
        if content is None:
            sheet = workbook.sheet(feuille)
            item = sheet.formula(sheet.cell(row, column.index))
        else:
            item = cell_formula(content, a1(row, column.index))
        own = item and not column.same(item) and not _ADDRESS.search(_QUOTED.sub("", item))
        found.append(Column(column.champ, column.index, f"={item}", column.formula) if own else column)
    return found


_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'!|(?<=\w)\[(?:[^\[\]]|\[[^\]]*\])*\]")
"""What holds no address: texts, names of sheets, what stands between the brackets of a table."""
_ADDRESS = re.compile(r"(?<![\w$.])\$?[A-Z]{1,3}[0-9]+(?![\w(.])")


def _grow(workbook: Workbook, feuille: str, table: Table, last: int, columns: Sequence[Column]) -> set[str]:
    """Give the rows below a table its look and its formulas, in the sheet's bytes if they are written as usual."""
    old, across = table.last_row, range(table.first_column, table.last_column + 1)
    content = workbook.raw(feuille)
    found = content and grown(content, old, last, across, {column.index: column.formula for column in columns})
    if found:
        workbook.set_raw(feuille, found[0])
        deepen_dimension(workbook.frame(feuille), last, table.last_column)
        return found[1]
    sheet = workbook.sheet(feuille)
    formatted = {
        a1(row, column)
        for row in range(old + 1, last + 1)
        for column in across
        if sheet.copy_style(sheet.make_cell(row, column), sheet.cell(old, column))
    }
    for row in range(old + 1, last + 1):
        for column in columns:
            if sheet.empty(cell := sheet.make_cell(row, column.index)):
                sheet.set_formula(cell, column.formula)
    widen_dimension(sheet)
    return formatted


@cache
def _normal(formula: str) -> str:
    """A formula without what another program writes differently: spaces, case, LibreOffice's ``FALSE()``."""
    return re.sub(r"\s|(?<=false)\(\)|(?<=true)\(\)", "", formula.casefold()).removeprefix("=")


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


def _refresh_synthesis(workbook: Workbook, donnees: Donnees, done: Refreshed) -> None:
    """The live cells outside tables, found by their defined name (the operator may have moved them)."""
    sheets: dict[str, list[tuple[int, Column, Valeur]]] = {}
    for item in synthese.cellules(donnees.appel):
        feuille, ligne, colonne = workbook.names.get(item.nom, (item.feuille, item.ligne, item.colonne))
        if feuille in workbook.parts:
            column = Column(item.cle, colonne, item.formule)
            sheets.setdefault(feuille, []).append((ligne, column, calculer(item.cle, donnees)))
            done.named.add((feuille, ligne, colonne))
    for feuille, values in sheets.items():
        if _patch(workbook, feuille, values, frozenset(), Refreshed()):
            continue
        sheet = workbook.sheet(feuille)
        for ligne, column, value in values:
            cell = sheet.cell(ligne, column.index)
            if cell is not None:
                sheet.set_cached(cell, column.same, value)
