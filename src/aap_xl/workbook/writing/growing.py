"""A table made longer in a worksheet's bytes, row by row, without parsing it: thousands of rows may be typed below it.

What is not recognised at once is refused as a whole, and the sheet is parsed instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from io import BytesIO

from aap_xl.cells import column_index, column_letter

_END_OF_ROWS = b"</sheetData>"
_ROW = re.compile(rb'<row r="([0-9]{1,7})"([^<>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]+)"([^<>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_CELL_AS = b'<c r="%b%b"%b>%b</c>'
_STYLE = re.compile(rb' s="([0-9]+)"')
_SPANS = re.compile(rb' spans="[^"]*"')
_TYPE = re.compile(rb' t="[a-zA-Z]+"')
Cells = dict[int, tuple[bytes, bytes]]
"""Column → attributes and content of a row's cell, in order."""


class _Odd(Exception):
    """The sheet is not written as usual."""


def grown(
    content: bytes, old_last: int, last: int, columns: range, formulas: Mapping[int, str]
) -> tuple[bytes, set[str]] | None:
    """A worksheet in which the rows below a table got the look of its last one, and its formulas where nothing is.

    Args:    old_last, last: the table's last row, as it is and as it will be; columns: those of the table; formulas:
             computed column → formula.
    Returns: the worksheet's bytes and the addresses of the cells that had no look of their own; ``None`` if it must be
             parsed.
    """
    start, end = content.find(b'<row r="%d"' % old_last), content.rfind(_END_OF_ROWS)
    if b"<!" in content or not 0 <= start < end:
        return None
    out = BytesIO()
    out.write(content[:start])
    try:
        rows = _rows(content[start:end])
        model = next(rows)
        out.write(model.xml)
        line = _Line(columns, formulas, model.cells())
        row = next(rows, None)
        for number in range(old_last + 1, last + 1):
            if row and row.number == number:
                out.write(line.grown(row))
                row = next(rows, None)
            else:
                out.write(line.grown(_Row(number)))
        while row:
            out.write(row.xml)
            row = next(rows, None)
    except _Odd:
        return None
    out.write(content[end:])
    return out.getvalue(), line.looked


def cell_formula(content: bytes, address: str) -> str:
    """The formula of one cell of a worksheet's bytes, ``""`` if it has none of its own."""
    found = re.search(rb'<c r="%b"[^<>]*><f>([^<]*)</f>' % address.encode(), content)
    return unescape(found[1].decode()) if found else ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its number, its attributes, the bytes of its cells, and all of its bytes."""

    number: int
    given: bytes = b""
    body: bytes = b""
    xml: bytes = b""

    def cells(self) -> Cells:
        """Its cells. Raises: _Odd."""
        cells: Cells = {}
        position = last = 0
        for found in _CELL.finditer(self.body):
            column = column_index(found[1].decode())
            if found.start() != position or int(found[2]) != self.number or column <= last:
                raise _Odd
            position, last = found.end(), column
            cells[column] = found[3], found[4] or b""
        if position != len(self.body):
            raise _Odd
        return cells


def _rows(xml: bytes) -> Iterator[_Row]:
    """The rows of a piece of XML, in order. Raises: _Odd."""
    position = number = 0
    for found in _ROW.finditer(xml):
        if found.start() != position or int(found[1]) <= number:
            raise _Odd
        position, number = found.end(), int(found[1])
        yield _Row(number, found[2], found[3] or b"", found[0])
    if position != len(xml):
        raise _Odd


@dataclass
class _Line:
    """What each new row of a table gets.

    Attributes: model: the cells of its last row; looked: addresses of the cells that got their look.
    """

    columns: range
    formulas: Mapping[int, str]
    model: Cells
    looked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        found = {column: _STYLE.search(given) for column, (given, _) in self.model.items()}
        self._looks = {column: look[0] for column, look in found.items() if look and look[1] != b"0"}
        self._computed = {
            column: b"<f>%b</f><v/>" % escape(formula.removeprefix("="), quote=False).encode()
            for column, formula in self.formulas.items()
        }

    def grown(self, row: _Row) -> bytes:
        """A row below the table, as one of its own."""
        cells = row.cells()
        for column in self.columns:
            look, computed = self._looks.get(column), self._computed.get(column)
            given, held = cells.get(column, (b"", b""))
            if look and not (given and (own := _STYLE.search(given)) and own[1] != b"0"):
                given = look + _STYLE.sub(b"", given) if given else look
                self.looked.add(f"{column_letter(column)}{row.number}")
            if computed and not held:
                given, held = _TYPE.sub(b"", given) + b' t="str"', computed
            if given or held:
                cells[column] = given, held
        number = b"%d" % row.number
        written = (_CELL_AS % (column_letter(column).encode(), number, *cells[column]) for column in sorted(cells))
        return b'<row r="%b"%b>%b</row>' % (number, _SPANS.sub(b"", row.given), b"".join(written))
