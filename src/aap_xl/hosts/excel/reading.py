"""A workbook open in Excel, read in a few calls whatever its number of rows.

What Excel does not tell through xlwings:

- its custom properties: it is recognised by its sheet « Listes »;
- the fifth decimal of a cell formatted as an amount of money: Excel gives four;
- hidden rows of a protected sheet (F13), the form « Opération » for instance.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, cast

from aap_xl.cells import Zone
from aap_xl.hosts.snapshot import ONLINE, Snapshot
from aap_xl.hosts.values import ERREURS, simple
from aap_xl.workbook.reading.marks import Place
from aap_xl.workbook.reading.sheets import AREA_MAX, Rows, sheet_too_large

if TYPE_CHECKING:
    from xlwings import Book, Range
    from xlwings import Sheet as XlSheet

_MERGED_MAX = 512
"""Questions asked to find merged cells; there are none in the tables of our workbooks."""


def snapshot(book: "Book") -> Snapshot:
    """A workbook as it stands open; each part of a sheet is read when it is first asked for."""
    path = ""
    with suppress(Exception):
        path = book.fullname
    return Snapshot(
        book.name,
        path or ONLINE,
        {sheet.name: _Sheet(sheet) for sheet in book.sheets},
        lambda: {name.name: (name.refers_to or "").removeprefix("=") for name in book.names},
        depuis_1904=getattr(book.api, "Date1904", False) is True,
    )


class _Sheet:
    """One sheet: all its values, all its formulas, its tables, each in one call."""

    locked = False

    def __init__(self, sheet: "XlSheet") -> None:
        self._sheet = sheet

    @cached_property
    def _used(self) -> "Range":
        """The cells in use, without a far one that only has a format."""
        used = self._sheet.used_range
        if _area(used) > AREA_MAX:
            ends = [used.find("*", direction="backward", order=order) for order in ("rows", "columns")]
            low, right = cast("list[Range | None]", ends)
            used = self._sheet.range((1, 1), (low.row, right.column) if low and right else (1, 1))
        if _area(used) > AREA_MAX:
            raise sheet_too_large(self._sheet.name, *used.shape)
        return used

    @cached_property
    def _read(self) -> tuple[Rows, dict[Place, str]]:
        """Values and errors."""
        values = _values(self._used)
        first, left = self._used.row, [""] * (self._used.column - 1)
        rows: Rows = [[*left, *[""] * len(values[0])] for _ in range(first - 1)]
        errors = {}
        for line, row in enumerate(values, first):
            plain: list[object] = [*left, *map(simple, row)]
            for column, value in enumerate(plain, 1):
                if isinstance(value, str) and value in ERREURS:
                    errors[line, column] = value
                    plain[column - 1] = ""
            rows.append(plain)
        return rows, errors

    @property
    def rows(self) -> Rows:
        return self._read[0]

    @property
    def errors(self) -> Mapping[Place, str]:
        return self._read[1]

    @cached_property
    def formulas(self) -> Mapping[Place, str]:
        """A text that begins with « = » shows itself, which no formula does."""
        found, first, left = {}, self._used.row, self._used.column
        texts = _grid(self._used.formula)
        for line, (row, texts_row) in enumerate(zip(self.rows[first - 1 :], texts, strict=True), first):
            for column, text in enumerate(texts_row, left):
                if isinstance(text, str) and text.startswith("=") and row[column - 1] != text:
                    found[line, column] = text
        return found

    @property
    def merges(self) -> Sequence[Zone]:
        return list(merged(self._used))

    @property
    def hidden(self) -> Set[int]:
        """The rows that do not show; none where Excel refuses to say, as on a protected sheet."""
        shown: set[int] = set()
        with suppress(Exception):
            for area in cast("list[Range]", self._used.get_special_cells("visible")):
                top, _, bottom, _ = _zone(area)
                shown.update(range(top, bottom + 1))
        top, _, bottom, _ = _zone(self._used)
        return set(range(top, bottom + 1)) - shown if shown else set()

    @property
    def tables(self) -> Sequence[tuple[Zone, bool]]:
        return [(_zone(table.range), bool(table.show_totals)) for table in self._sheet.tables]

    @property
    def notes(self) -> Sequence[tuple[Place, str]]:
        notes = [(note, note.text) for note in self._sheet.notes]
        return [((note.location.row, note.location.column), text) for note, text in notes]


def _area(used: "Range") -> int:
    """How many cells from the sheet's first one to the range's last one."""
    _, _, bottom, right = _zone(used)
    return bottom * right


def _zone(found: "Range") -> Zone:
    """First and last row and column."""
    rows, columns = found.shape
    return found.row, found.column, found.row + rows - 1, found.column + columns - 1


def _grid(found: object) -> Rows:
    """Rows of cells: Excel gives a single cell, or a single row, without its rows."""
    if not isinstance(found, (list, tuple)):
        return [[found]]
    if not isinstance(found[0], (list, tuple)):
        return [list(found)]
    return [list(row) for row in found]


def _values(used: "Range") -> Rows:
    """All values, errors as their text.

    xlwings 0.37.8 loses two-dimensional values on macOS when errors are asked for: they are then asked of Excel.
    """
    whole = {"ndim": 2, "empty": "", "chunksize": None}
    try:
        values: Rows = used.options(**whole, err_to_str=True).value
    except TypeError:
        values = used.options(**whole).value
        shown = _grid(used.api.string_value.get())
        for row, texts in zip(values, shown, strict=True):
            for rank, text in enumerate(texts):
                if text in ERREURS:
                    row[rank] = text
    return values


def merged(used: "Range") -> Iterator[Zone]:
    """The merged ranges, found by halves: one question when there is none."""
    seen: set[Zone] = set()
    waiting = [used]
    for _ in range(_MERGED_MAX):
        if not waiting:
            return
        part = waiting.pop()
        answer = part.merge_cells
        if answer is False:
            continue
        rows, columns = part.shape
        if answer is True or rows * columns == 1:
            zone = _zone(part[0, 0].merge_area)
            top, left, bottom, right = zone
            if zone not in seen:
                seen.add(zone)
                yield zone
            whole = _zone(part)
            if top <= whole[0] and left <= whole[1] and bottom >= whole[2] and right >= whole[3]:
                continue
        if rows >= columns:
            waiting += [part[: rows // 2, :], part[rows // 2 :, :]]
        else:
            waiting += [part[:, : columns // 2], part[:, columns // 2 :]]
