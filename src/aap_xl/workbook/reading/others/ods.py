"""The raw pass over the content of an .ods: the same marks as for an .xlsx, by expat."""

import re

from aap_xl.cells import a1, column_index
from aap_xl.workbook.ooxml.walk import Vocabulary, stream
from aap_xl.workbook.reading.marks import Marks, Place

_ODF = Vocabulary(
    {f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": f"{name}:" for name in ("office", "table", "text")}
    | {"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext:"}
)
_ERROR = re.compile(r"#[A-Z/0!? ]+|Err:\d+")
_RANGE = re.compile(r"\$?'?(.+?)'?\.\$?([A-Z]+)\$?(\d+):(?:.*\.)?\$?([A-Z]+)\$?(\d+)")
_COUNT_MAX = 2**24
"""Rows of the largest sheet that LibreOffice can make."""
_REPEAT_MAX = 4096
"""Repeated cells are noted one by one up to that many; no operator has that many errors in a row."""


class OdsSheet:
    """One sheet: its marks, how far it is filled, its notes (where and what they say)."""

    def __init__(self) -> None:
        self.notes: list[tuple[Place, str]] = []
        self.marks = Marks(vides=lambda: self._empty)
        self.extent: Place = (1, 1)
        self._empty: set[Place] = set()

    def fill(self, place: Place, rows: int, columns: int) -> None:
        """A cell that holds something, repeated over rows and columns."""
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

        Raises: ValueError if the content is not well-formed or a repetition is no number.
        """
        self.noms: dict[str, str] = {}
        self.sheets: dict[str, OdsSheet] = {}
        self.depuis_1904 = False
        self._sheet = OdsSheet()
        self._row = self._column = 0
        self._rows = 1
        self._cell: tuple[Place, int, dict[str, str]] | None = None
        self._text: list[str] = []
        self._note: list[str] | None = None
        self._paragraphs = 0
        stream(content, _ODF, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._sheet = self.sheets[attributes.get("table:name", "")] = OdsSheet()
            self._row, self._rows = 1, 0
        elif name == "table:table-row":
            self._row += self._rows
            self._column = 1
            self._rows = _count(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility") in ("collapse", "filter") and self._rows <= _REPEAT_MAX:
                self._sheet.marks.masquees.update(range(self._row, self._row + self._rows))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            repeated = _count(attributes, "table:number-columns-repeated")
            self._cell = ((self._row, self._column), repeated, attributes)
            self._text = []
            self._paragraphs = 0
            self._column += repeated
        elif name == "office:annotation":
            self._note = []
        elif name == "text:p":
            self._paragraph()
        elif name == "table:null-date":
            self.depuis_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif name == "table:named-range":
            address = attributes.get("table:cell-range-address", "").lstrip("$")
            self.noms[attributes.get("table:name", "")] = address.replace(".$", "!$", 1)
        elif name == "table:database-range":
            self._range(attributes.get("table:target-range-address", ""))

    def _paragraph(self) -> None:
        if self._note is None:
            self._paragraphs += 1
        else:
            self._note.append("\n")

    def _characters(self, text: str) -> None:
        if self._note is not None:
            if self._note:  # what comes before its first paragraph is its author and its date
                self._note.append(text)
        elif self._cell is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._close(*self._cell)
            self._cell = None
        elif name == "office:annotation" and self._note is not None:
            if self._cell is not None:
                self._sheet.notes.append((self._cell[0], "".join(self._note).strip()))
            self._note = None

    def _close(self, place: Place, repeated: int, attributes: dict[str, str]) -> None:
        formula = "table:formula" in attributes
        kind = attributes.get("office:value-type")
        text = "".join(self._text).strip()
        if formula or kind or text:
            self._sheet.fill(place, self._rows, repeated)
        self._spanned(place, attributes)
        if self._rows * repeated > _REPEAT_MAX or not (formula or attributes.get("calcext:value-type") == "error"):
            return
        error = attributes.get("calcext:value-type") == "error" or bool(_ERROR.fullmatch(text))
        for line in range(place[0], place[0] + self._rows):
            for column in range(place[1], place[1] + repeated):
                if formula:
                    self._sheet.formula((line, column), empty=kind is None and not self._paragraphs)
                if error:
                    self._sheet.marks.erreurs[line, column] = text or "#ERREUR"

    def _spanned(self, place: Place, attributes: dict[str, str]) -> None:
        rows = _count(attributes, "table:number-rows-spanned")
        columns = _count(attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
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
