"""One sheet's XML → its values and formulas, in one pass over the bytes.

A regular expression takes a whole row at a time, a group for each column: what cells hold then comes column after
column, and each different writing of a cell is worked out once. What a row has beyond the columns expected is cut
into cells by another expression. Anything else means that the sheet is written in an unusual way (prefixes, other
quotes or order, comments…): it has to be rewritten first.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import compress, count, repeat
from operator import add
from typing import Any

from aap_xl.cells import column_index, column_letter
from aap_xl.workbook.reading.xlsx.cells import Cells, Odd
from aap_xl.workbook.reading.xlsx.xmlparts import usual

_HELD = rb"([^>]*+>(?:<v>[^<]*+</v></c>|<is><t[^>]*+>[^<]*+</t></is></c>|(?<=/>)|(?=<f)|</c>|<v ?/></c>))"
_FORMULA = rb"(?:<(f[^>]*+)>(?:[^<]*+</f>|)(?:(<v>[^<]++</v></c>)|(?:<v ?/>|<v></v>|)</c>)|)"
_CELL = re.compile(rb'<c r="([A-Z]++)(\d++)"%b%b' % (_HELD, _FORMULA))
_START, _END, _NONE = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})\d+"/>')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
_COLUMNS_STEP, _COLUMNS_MAX = 8, 64
"""An expression takes a multiple of so many columns, so that few have to be prepared, and no more than that."""
_FEW = 2**14
"""Bytes of rows for which a wider expression takes longer to prepare than it saves."""
_STEP = 2**18
"""Bytes of a sheet scanned at once: what finding its cells takes in memory is far more than what they leave."""
_ROW_MAX = 2**22
"""Bytes of one row."""
_SIGNS = (b"v>", b"t>", b"<f", b":f")
"""What a cell that holds something has, whatever the writing."""
_FORMULAS_MAX = 2**17


@cache
def _row(width: int) -> re.Pattern[bytes]:
    """Its number and attributes, then what each column holds, its formula's start and result; the rest."""
    cells = (
        rb'(?:<c r="%b(?P=n)"%b%b|)' % (column_letter(column).encode(), _HELD, _FORMULA)
        for column in range(1, width + 1)
    )
    start, rest = rb'r="(?P<n>\d{1,7}+)"([^>]*+)(?<!/)>', rb"([^<]*+(?:<(?!/?row)[^<]*+)*)</row>"
    return re.compile(rb"<row (?:%b%b%b|[^>]*+(?<=/)>)" % (start, b"".join(cells), rest))


@dataclass
class Scan:
    """What one sheet holds.

    Attributes: lignes: the rows with a value, by number, in order; largeur: their last column; masquees: those that
                are hidden; formules: the rows of the formulas, by column; sans_valeur: of those that nobody computed;
                etendues: starts of the formulas that cover several cells; apres: what follows the cells.
    """

    lignes: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    largeur: int = 0
    masquees: set[int] = field(default_factory=set)
    formules: dict[int, list[bytes]] = field(default_factory=dict)
    sans_valeur: dict[int, list[bytes]] = field(default_factory=dict)
    etendues: set[bytes] = field(default_factory=set)
    apres: bytes = b""

    @property
    def hauteur(self) -> int:
        """The last row that holds something."""
        return next(reversed(self.lignes), 0)

    def rows(self) -> list[list[Any]]:
        """All rows from the first one, as long as each other; new ones at each call."""
        rows: list[list[Any]] = []
        last, width = 0, self.largeur
        blank = ("",) * width
        for number, values in self.lignes.items():
            if number > last + 1:
                rows += ([""] * width for _ in range(number - 1 - last))
            rows.append([*values, *blank[len(values) :]])
            last = number
        return rows


def scan(xml: bytes, cells: Cells, room: Callable[[int, int], None]) -> Scan:
    """Scan a worksheet's part.

    Args:   cells: what each writing is worth, for the whole workbook; room: told the last row and column now and then,
            may raise to stop.
    Raises: Odd if it is not written as usual; ValueError if it can't be read.
    """
    start, end = xml.find(_START), xml.rfind(_END)
    if start < 0 and _NONE in xml and usual(xml):
        return Scan(apres=xml)
    if not 0 <= start < end or not usual(xml[:start], xml[end:]):
        raise Odd
    dimension = _DIMENSION.search(xml, 0, start) if end - start > _FEW else None
    last = column_index(dimension[1].decode()) if dimension else 1
    scanner = _Scanner(cells, min(-(-last // _COLUMNS_STEP) * _COLUMNS_STEP, _COLUMNS_MAX))
    for block in _blocks(xml, start + len(_START), end):
        scanner.read(block)
        room(scanner.found.hauteur, scanner.found.largeur)
    scanner.found.apres = xml[end:]
    return scanner.found


def _blocks(xml: bytes, start: int, end: int) -> Iterator[memoryview]:
    """Whole rows, some at a time; those that hold nothing are left out."""
    whole = memoryview(xml)
    while start < end:
        stop = xml.find(b"<row ", min(start + _STEP, end), end)
        stop = end if stop < 0 else stop
        if stop - start > _ROW_MAX:
            raise Odd
        if any(xml.find(sign, start, stop) >= 0 for sign in _SIGNS):
            yield whole[start:stop]
        start = stop


class _Scanner:
    """The scan of one sheet, block after block."""

    def __init__(self, cells: Cells, width: int) -> None:
        self.found = Scan()
        self._cells = cells
        self._width = width
        self._row = _row(width)

    def read(self, block: memoryview) -> None:
        """Take whole rows."""
        flat = self._row.split(block)
        step = self._row.groups + 1
        if any(flat[::step]):
            raise Odd
        numbers = flat[1::step]
        columns = [
            self._column(rank + 1, numbers, *(flat[3 + 3 * rank + group :: step] for group in range(3)))
            for rank in range(self._width)
        ]
        beyond = {rank: self._beyond(numbers[rank], rest) for rank, rest in enumerate(flat[step - 1 :: step]) if rest}
        self._keep(numbers, columns, {rank: cells for rank, cells in beyond.items() if cells})
        for number, given in zip(numbers, flat[2::step], strict=True):
            if given and b"hidden" in given and _HIDDEN.search(given):
                self.found.masquees.add(int(number))

    def _column(
        self, column: int, numbers: list[bytes], held: list[bytes], starts: list[bytes], results: list[bytes]
    ) -> list[Any]:
        """What the cells of a column are worth, given what they hold, and what their formulas do."""
        if not any(held):
            return [""] * len(held)
        values = list(map(self._cells.__getitem__, held))
        if any(starts):
            lines = list(compress(numbers, starts))
            self._formulas(column, lines, starts)
            writings = map(add, compress(held, results), compress(results, results))
            for rank, value in zip(compress(count(), results), map(self._cells.__getitem__, writings), strict=True):
                values[rank] = value
            computed = list(compress(results, starts))
            if None in computed:
                found = zip(lines, compress(held, starts), computed, strict=True)
                uncomputed = [line for line, given, result in found if result is None and b' t="str"' not in given]
                self.found.sans_valeur.setdefault(column, []).extend(uncomputed)
        return values

    def _formulas(self, column: int, numbers: list[bytes], starts: list[bytes]) -> None:
        found = self.found
        found.formules.setdefault(column, []).extend(numbers)
        found.etendues.update(start for start in set(starts) if start and b" ref=" in start)
        if sum(map(len, found.formules.values())) > _FORMULAS_MAX:
            raise ValueError("too many formulas")

    def _beyond(self, number: bytes, rest: bytes) -> dict[int, Any]:
        """The cells of a row beyond the columns expected, in order."""
        flat = _CELL.split(rest)
        found: dict[int, Any] = {}
        last = self._width
        step = _CELL.groups + 1
        for letters, line, *cell in zip(*(flat[group::step] for group in range(1, step)), strict=True):
            column = column_index(letters.decode())
            if column <= last or line != number:
                raise Odd
            last = column
            [value] = self._column(column, [number], *([group] for group in cell))
            if value != "":
                found[column] = value
        if any(flat[::step]):
            raise Odd
        return found

    def _keep(self, numbers: list[bytes], columns: list[list[Any]], beyond: dict[int, dict[int, Any]]) -> None:
        """Keep the rows that hold something."""
        found = self.found
        width = next((rank for rank in range(self._width, 0, -1) if _filled(columns[rank - 1])), 0)
        blank = ("",) * width
        last = found.hauteur
        rows = zip(*columns[:width], strict=True) if width else repeat((), len(numbers))
        for rank, row in enumerate(rows):
            if row == blank and rank not in beyond:
                continue
            number = int(numbers[rank])
            if number <= last:
                raise Odd
            last = number
            found.lignes[number] = self._extended(row, beyond[rank]) if rank in beyond else row
        found.largeur = max(found.largeur, width)

    def _extended(self, row: tuple[Any, ...], beyond: dict[int, Any]) -> tuple[Any, ...]:
        """A row with its cells beyond the columns expected."""
        last = next(reversed(beyond))
        self.found.largeur = max(self.found.largeur, last)
        return *row, *(beyond.get(column, "") for column in range(len(row) + 1, last + 1))


def _filled(column: list[Any]) -> bool:
    return any(column) or column.count("") != len(column)
