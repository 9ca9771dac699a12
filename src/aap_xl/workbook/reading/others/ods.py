"""The content of an .ods, by expat: the values of its sheets, and the same marks as for an .xlsx.

A cell's text is that of its own paragraphs: what is drawn over it, noted on it or written above it is not.
Source: OpenDocument 1.3, part 3, 6.1 (white space), 9.1 (tables), 19.385 (values).
"""

import datetime as dt
import re
from contextlib import suppress

from aap_xl.cells import a1, column_index
from aap_xl.workbook.ooxml.limits import Excess, check_tags
from aap_xl.workbook.ooxml.walk import Vocabulary, stream
from aap_xl.workbook.reading.marks import Erreur, Marks, Place
from aap_xl.workbook.reading.sheets import NOTES_MAX, SHEETS_MAX, Rows

_ODF = Vocabulary(
    {f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": f"{name}:" for name in ("office", "table", "text", "drawing")}
    | {"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext:"}
)
_ERROR = re.compile(r"#[A-Z/0!? ]+|Err:\d+")
_RANGE = re.compile(r"\$?'?(.+?)'?\.\$?([A-Z]+)\$?(\d+):(?:.*\.)?\$?([A-Z]+)\$?(\d+)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_PART = r"(?:(\d+(?:[.,]\d*)?)%s)?"
_ELAPSED = re.compile(rf"\s*(-?)P{_PART % 'D'}(?:T{_PART % 'H'}{_PART % 'M'}{_PART % 'S'})?\s*", re.ASCII)
"""``PT35H30M00S``, ``-PT6H``, ``P1DT2H``, ``PT0.5H``; a month or a year is no duration that can be counted."""
_SPACES = re.compile(r"[ \t\r\n]+")
_COUNT_MAX = 2**24
"""Rows of the largest sheet that LibreOffice can make."""
_REPEAT_MAX = 4096
"""Repeated cells are noted one by one up to that many; no operator has that many errors in a row."""
_TAGS_MAX = 2**20
"""Tags of the content, both of an element counted. Those of 300 people are some 80 000."""
_NOTED, _MERGED = "formules, erreurs et lignes masquées", "cellules fusionnées"
_NOTES, _SPACES_MADE = "commentaires", "espaces"
_MAXIMA = {_NOTED: 2**17, _SPACES_MADE: 2**20, _NOTES: NOTES_MAX, _MERGED: 2**14}
"""How much of that is read in a file."""
_CELLS = frozenset(("table:table-cell", "table:covered-table-cell"))
_PARAGRAPHS = frozenset(("text:p", "text:h"))
_ASIDE = frozenset(("", "office:annotation", "text:ruby-text", "text:note", "table:table"))
"""What stands in a cell without being its text, what is foreign included; and so does anything drawn."""


class OdsSheet:
    """One sheet: its marks, how far it is filled, what is noted or drawn on its cells (where, and what it says)."""

    cells = True

    def __init__(self) -> None:
        self.notes: list[tuple[Place, str]] = []
        self.marks = Marks(vides=lambda: self._empty)
        self.extent: Place = (1, 1)
        self._empty: set[Place] = set()
        self._cells: list[tuple[Place, int, int, object]] = []

    @property
    def rows(self) -> Rows:
        """Its values, from its first row and column; only once its extent is known to be bearable."""
        if not self._cells:
            return []
        rows: Rows = [[""] * self.extent[1] for _ in range(self.extent[0])]
        for (line, column), height, width, value in self._cells:
            for row in rows[line - 1 : line - 1 + height]:
                row[column - 1 : column - 1 + width] = [value] * width
        return rows

    def fill(self, place: Place, rows: int, columns: int, value: object) -> None:
        """A cell that holds something, repeated over rows and columns."""
        self._cells.append((place, rows, columns, value))
        self.extent = (max(self.extent[0], place[0] + rows - 1), max(self.extent[1], place[1] + columns - 1))

    def formula(self, place: Place, *, empty: bool) -> None:
        """A formula; ``empty``: without a value."""
        self.marks.formules.add(a1(*place).encode())
        if empty:
            self._empty.add(place)


class OdsWorkbook:
    """Every sheet of an .ods.

    Attributes: sheets: by name; noms: defined names and what they name; depuis_1904: whether days are counted from
                1904.
    """

    def __init__(self, content: bytes) -> None:
        """Read it all.

        Raises: ValueError if the content is not well-formed or a repetition is no number; Excess if it is too much.
        """
        check_tags(content, _TAGS_MAX)
        self.noms: dict[str, str] = {}
        self.sheets: dict[str, OdsSheet] = {}
        self.depuis_1904 = False
        self._sheet = OdsSheet()
        self._row = self._column = 0
        self._rows = 1
        self._cell: tuple[Place, int, dict[str, str]] | None = None
        self._paragraphs: list[list[str]] = []
        self._open = False
        self._note: list[str] = []
        self._aside = 0
        self._left = dict(_MAXIMA)
        stream(content, _ODF, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside:
            self._aside += 1
            if name in _PARAGRAPHS:
                self._note.append("\n")
        elif name.startswith("drawing:") or (self._cell is not None and name in _ASIDE):
            self._aside, self._note = 1, []
        elif self._cell is not None:
            self._in_cell(name, attributes)
        elif name in _CELLS:
            repeated = _count(attributes, "table:number-columns-repeated")
            self._cell = ((self._row, self._column), repeated, attributes)
            self._paragraphs = []
            self._column += repeated
        else:
            self._in_sheet(name, attributes)

    def _in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name in _PARAGRAPHS:
            self._paragraphs.append([])
            self._open = True
        elif not self._open:
            return
        elif name == "text:s":
            count = _count(attributes, "text:c")
            self._take(_SPACES_MADE, count)
            self._paragraphs[-1].append(" " * count)
        elif name in ("text:tab", "text:line-break"):
            self._paragraphs[-1].append("\t" if name == "text:tab" else "\n")

    def _in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            if len(self.sheets) >= SHEETS_MAX:
                raise Excess(SHEETS_MAX, "feuilles")
            self._sheet = self.sheets[attributes.get("table:name", "")] = OdsSheet()
            self._row, self._rows = 1, 0
        elif name == "table:table-row":
            self._row += self._rows
            self._column = 1
            self._rows = _count(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility") in ("collapse", "filter") and self._rows <= _REPEAT_MAX:
                self._take(_NOTED, self._rows)
                self._sheet.marks.masquees.update(range(self._row, self._row + self._rows))
        elif name == "table:null-date":
            self.depuis_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif name == "table:named-range":
            address = attributes.get("table:cell-range-address", "").lstrip("$")
            self.noms[attributes.get("table:name", "")] = address.replace(".$", "!$", 1)
        elif name == "table:database-range":
            self._range(attributes.get("table:target-range-address", ""))

    def _characters(self, text: str) -> None:
        if self._aside:
            if self._note:  # what comes before its first paragraph is its author and its date
                self._note.append(text)
        elif self._open:
            self._paragraphs[-1].append(_SPACES.sub(" ", text))

    def _end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
            if not self._aside and self._note and self._cell is not None:
                self._take(_NOTES, 1)
                self._sheet.notes.append((self._cell[0], "".join(self._note).strip()))
        elif name in _PARAGRAPHS:
            self._open = False
        elif name in _CELLS and self._cell is not None:
            self._close(*self._cell)
            self._cell = None

    def _close(self, place: Place, repeated: int, attributes: dict[str, str]) -> None:
        formula = "table:formula" in attributes
        kind = attributes.get("office:value-type", "")
        text = "\n".join(map("".join, self._paragraphs))
        faulty = attributes.get("calcext:value-type") == "error"
        error = faulty or (formula and bool(_ERROR.fullmatch(text.strip())))
        if formula or kind or text:
            value = Erreur(text.strip() or "#ERREUR") if error else _value(kind, attributes, text)
            self._sheet.fill(place, self._rows, repeated, value)
        self._spanned(place, attributes)
        if self._rows * repeated > _REPEAT_MAX or not (formula or error):
            return
        self._take(_NOTED, self._rows * repeated)
        for line in range(place[0], place[0] + self._rows):
            for column in range(place[1], place[1] + repeated):
                if formula:
                    self._sheet.formula((line, column), empty=not kind and not self._paragraphs)
                if error:
                    self._sheet.marks.erreurs[line, column] = text.strip() or "#ERREUR"

    def _take(self, what: str, count: int) -> None:
        """Note so much of something. Raises: Excess."""
        self._left[what] -= count
        if self._left[what] < 0:
            raise Excess(_MAXIMA[what], what)

    def _spanned(self, place: Place, attributes: dict[str, str]) -> None:
        rows = _count(attributes, "table:number-rows-spanned")
        columns = _count(attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            self._take(_MERGED, 1)
            self._sheet.marks.fusions.append((*place, place[0] + rows - 1, place[1] + columns - 1))

    def _range(self, address: str) -> None:
        found = _RANGE.fullmatch(address)
        if found and found[1] in self.sheets:
            zone = (int(found[3]), column_index(found[2]), int(found[5]), column_index(found[4]))
            self.sheets[found[1]].marks.plages.append(zone)


def _count(attributes: dict[str, str], name: str) -> int:
    """How many rows or columns; one if it is not said. Raises: ValueError if it can't be."""
    count = int(attributes.get(name, 1))
    if not 1 <= count <= _COUNT_MAX:
        raise ValueError(f"{name} = {count}")
    return count


def _value(kind: str, given: dict[str, str], text: str) -> object:
    """What a cell holds, as for an .xlsx; the text it shows when its own value can't be read."""
    with suppress(ValueError, OverflowError):
        if kind in ("float", "percentage", "currency") and _NUMBER.fullmatch(given.get("office:value", "")):
            return float(given["office:value"])
        if kind == "boolean":
            return given.get("office:boolean-value") == "true"
        if kind == "date":
            return _moment(given.get("office:date-value", ""))
        if kind == "time":
            return _elapsed(given.get("office:time-value", ""))
    return given.get("office:string-value") or text


def _moment(text: str) -> dt.date:
    """A day, or a day and its hour; the hour of any time zone is the hour itself. Raises: ValueError."""
    found = dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    return found if found.time() != dt.time() else found.date()


def _elapsed(text: str) -> dt.timedelta:
    """A duration, whatever its length and writing. Raises: ValueError, OverflowError."""
    match = _ELAPSED.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise ValueError(text)
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups()[1:])
    found = dt.timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
    return -found if match[1] else found
