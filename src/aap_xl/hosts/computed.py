"""The computed columns of an open workbook: native formulas that it computes, put back where they were erased.

Python writes no value there, as it does in a closed file: the workbook's own formula is the result, and stays right at
the next entry. A cell that holds something else than our formula belongs to the operator (F09 tells of it): a column is
written in one go unless such a cell stands in it, then in as many pieces as it makes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from aap_xl.domain.data import Donnees
from aap_xl.hosts.gestures import Formula
from aap_xl.hosts.rectangles import consecutifs
from aap_xl.hosts.snapshot import Sheet, Snapshot
from aap_xl.workbook.writing.computed import Column, computed_columns

_WORD = re.compile(r"\w+")
_HERE = re.compile(r"(?<!\w)\w*\[@(?:\[((?:'.|[^\]'])+)\]|((?:'.|[^\[\]',\s])+))\]")


@dataclass(frozen=True, slots=True)
class Retabli:
    """How many formulas were put back, and how many computed cells hold a value, left as it is."""

    retablies: int
    laissees: int


def retablir(feuilles: Snapshot, donnees: Donnees, nom: str) -> tuple[list[Formula], Retabli]:
    """Put back the formulas of a table's filled lines; lines below the Excel table can't have any."""
    rows = donnees.rows(nom)
    if not rows:
        return [], Retabli(0, 0)
    feuille = rows[0].origin.feuille
    plages, first = feuilles.marks(feuille).plages, min(row.ligne for row in rows)
    bottom = next((zone[2] for zone in plages if zone[0] < first <= zone[2]), 0)
    lines = {row.ligne for row in rows if row.ligne <= bottom}
    formules = feuilles.sheets[feuille].formulas
    gestures = []
    restored = left = 0
    names = {name for formula in {*formules.values()} for name in _WORD.findall(formula)}
    for column in computed_columns(donnees.appel, nom, rows[0].origin.colonnes, names):
        cells = _cells(feuilles.sheets[feuille], column, lines, nom)
        left += sum(state is False and (line, column.index) not in formules for line, state in cells.items())
        for piece in _pieces(cells):
            gestures.append(Formula(feuille, piece[0], column.index, len(piece), column.formula))
            restored += sum(cells[line] is None for line in piece)
    return gestures, Retabli(restored, left)


def _cells(sheet: Sheet, column: Column, lines: set[int], nom: str) -> Mapping[int, bool | None]:
    """For each filled line: whether the cell holds our formula, ``None`` when it is blank."""
    formulas, rows, errors = sheet.formulas, sheet.rows, sheet.errors

    def state(line: int) -> bool | None:
        formula = formulas.get((line, column.index))
        if formula is not None:
            return column.same(as_in_a_file(formula, nom))
        row = rows[line - 1] if line <= len(rows) else []
        blank = (line, column.index) not in errors and (column.index > len(row) or row[column.index - 1] == "")
        return None if blank else False

    return {line: state(line) for line in sorted(lines)}


def _pieces(cells: Mapping[int, bool | None]) -> Iterator[range]:
    """Neighbouring lines that are ours to write, where at least one is blank."""
    ours = [line for line, state in cells.items() if state is not False]
    for first, last in consecutifs(ours):
        piece = range(first, last + 1)
        if any(cells[line] is None for line in piece):
            yield piece


@cache
def as_in_a_file(formula: str, nom: str) -> str:
    """Excel says ``[@Sexe]`` or ``t_participants[@[Code participant]]`` where a file says ``[#This Row]``."""
    return _HERE.sub(lambda found: f"t_{nom}[[#This Row],[{found[1] or found[2]}]]", formula)
