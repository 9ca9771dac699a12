"""Parts written in an unusual way, rewritten the way Excel writes them: one meaning, whatever the writing.

Prefixes, quotes, comments, addresses, order, runs of text… What is foreign is left out (`ooxml.walk`).
"""

import re

from aap_xl.cells import a1, column_index
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.ooxml.namespaces import SPREADSHEET
from aap_xl.workbook.ooxml.usual import encoded, written
from aap_xl.workbook.ooxml.walk import SHEET, walk
from aap_xl.workbook.reading.xlsx.runs import Runs
from aap_xl.workbook.reading.xlsx.scan import ROW_MAX, Twice

_ROW = "worksheet/sheetData/row"
_CELL = f"{_ROW}/c"
_FORMULA, _VALUE, _INLINE = (f"{_CELL}/{name}" for name in ("f", "v", "is"))
_MERGED = "worksheet/mergeCells/mergeCell"
_WITHIN = {"worksheet/sheetData": ("row", "extLst"), _ROW: ("c", "extLst"), _CELL: ("f", "v", "is", "extLst")}
"""What the standard lets stand in rows and cells: anything else may be a value that we would lose."""
_ALONE = {"row": "worksheet/sheetData", "c": _ROW}
"""Where alone rows and cells stand, extensions apart."""
_GIVEN = {_CELL: ("s", "t"), _FORMULA: ("t", "ref"), _ROW: ("hidden",), _MERGED: ("ref",)}


_TAGS, _KIND = re.compile(r"<[^>]*>"), re.compile(r' t="[^"]*"')


class _Sheet:
    """Where the rewriting of one sheet stands."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {}
        self.cells: dict[int, dict[int, str]] = {}
        self._held: dict[tuple[int, int], str] = {}
        self.merged: list[str] = []
        self._row = self._column = 0
        self._place = (0, 0)
        self._opening = self._formula = ""
        self._value: str | None = None
        self._inline: str | None = None
        self._kind = ""
        self._runs = Runs(_INLINE)

    def start(self, path: str, given: dict[str, str]) -> None:
        """Take the start of an element."""
        parent, _, name = path.rpartition("/")
        stray = parent != _ALONE.get(name, parent) and "/extLst/" not in parent
        if stray or name not in _WITHIN.get(parent, (name,)):
            raise ValueError(f"{name} in {parent}")
        self._runs.start(path, given)
        kept = written({key: given[key] for key in _GIVEN.get(path, ()) if key in given})
        if path == _ROW:
            number = given.get("r", "")
            self._row = int(number) if _is_number(number) else self._row + 1
            self._column = 0
            self.rows[self._row] = kept
        elif path == _CELL:
            self._place = self._address(given.get("r", ""))
            self._opening, self._formula, self._value, self._inline = kept, "", None, None
            self._kind = given.get("t", "")
        elif path == _FORMULA:
            self._formula = f"<f{kept}></f>"
        elif path == _MERGED:
            self.merged.append(f"<mergeCell{kept}/>")

    def end(self, path: str, text: str) -> None:
        """Take its end."""
        self._runs.end(path, text)
        if path in (_VALUE, _INLINE):
            held = self._value if path == _VALUE else self._inline
            if held is not None:
                raise Twice(a1(*self._place))
            if path == _VALUE:
                self._value = f"<v>{encoded(text)}</v>"
            else:
                self._inline = f"<is>{self._runs.xml}</is>"
        elif path == _CELL:
            line, column = self._place
            inline = self._inline is not None and (self._kind == "inlineStr" or self._value is None)
            content, opening = (self._inline if inline else self._value) or "", self._opening
            if inline and self._formula:  # as Excel writes what a formula gives
                content = f"<v>{_TAGS.sub('', content)}</v>"
                opening = f'{_KIND.sub("", opening)} t="str"'
            held = f"{self._formula}{content}"
            if held and self._held.setdefault(self._place, held) != held:
                raise Twice(a1(line, column))
            if held or self._place not in self._held:
                self.cells.setdefault(line, {})[column] = f'<c r="{a1(line, column)}"{opening}>{held}</c>'

    def _address(self, given: str) -> tuple[int, int]:
        """A missing address is the one that follows, as readers of the format do."""
        letters = given.rstrip("0123456789").upper()
        self._column = column_index(letters) if letters.isascii() and letters.isalpha() else self._column + 1
        digits = given[len(letters) :]
        return int(digits) if _is_number(digits) else self._row, self._column


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def sheet(part: bytes) -> bytes:
    """The cells, formulas, values, merged ranges and hidden rows of a sheet, in the usual writing.

    Raises: ValueError if the sheet is not well-formed, or if rows or cells hold what the standard does not know;
            `Twice`; Excess if a row is too long.
    """
    writer = _Sheet()
    walk(part, SHEET, writer.start, writer.end)
    rows = [
        f'<row r="{line}"{writer.rows.get(line, "")}>' + "".join(cell for _, cell in sorted(cells.items())) + "</row>"
        for line, cells in sorted(writer.cells.items())
    ]
    if max(map(len, rows), default=0) > ROW_MAX:
        raise Excess(ROW_MAX // 2**20, "Mio dans une de ses lignes")
    merged = f"<mergeCells>{''.join(writer.merged)}</mergeCells>"
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'.encode()
