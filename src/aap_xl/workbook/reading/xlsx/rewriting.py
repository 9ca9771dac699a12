"""A worksheet's XML rewritten the way Excel writes it: prefixes, quotes, comments, addresses, order, runs of text."""

from aap_xl.cells import a1, column_index
from aap_xl.workbook.reading.xlsx.texts import run
from aap_xl.workbook.reading.xlsx.xmlparts import encoded, local, parse, written

TAGS_MAX = 2**19
"""Tags of the sheets of one file to rewrite. One of 300 people has a tenth of that."""
_GIVEN = {"c": ("s", "t"), "f": ("t", "ref"), "row": ("hidden",), "mergeCell": ("ref",)}


class _Writer:
    """Where the reading of one sheet stands."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {}
        self.cells: dict[int, dict[int, str]] = {}
        self.after: list[str] = []
        self._row = self._column = 0
        self._place = (0, 0)
        self._opening = self._formula = self._content = self._text = ""
        self._runs: list[str] = []
        self._preserved = self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = local(name)
        given = written({key: attributes[key] for key in _GIVEN.get(tag, ()) if key in attributes})
        self._text = ""
        if tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._column = 0
            self.rows[self._row] = given
        elif tag == "c":
            self._place = self._address(attributes.get("r", ""))
            self._opening, self._formula, self._content, self._inside = given, "", "", True
        elif tag == "f":
            self._formula = f"<f{given}></f>"
        elif tag == "is":
            self._runs = []
        elif tag == "t":
            self._preserved = attributes.get("xml:space") == "preserve"
        elif tag == "mergeCell":
            self.after.append(f"<mergeCell{given}/>")

    def end(self, name: str) -> None:
        """Take its end."""
        tag = local(name)
        if not self._inside:
            return
        if tag == "t":
            self._runs.append(run(self._text, preserved=self._preserved))
        elif tag == "rPh":
            self._runs.pop()
        elif tag == "is":
            whole = encoded("".join(self._runs).replace("_x00", "_x005F_x00"))
            self._content = f'<is><t xml:space="preserve">{whole}</t></is>'
        elif tag == "v":
            self._content = f"<v>{encoded(self._text)}</v>"
        elif tag == "c":
            line, column = self._place
            cell = f'<c r="{a1(line, column)}"{self._opening}>{self._formula}{self._content}</c>'
            self.cells.setdefault(line, {})[column] = cell
            self._inside = False

    def text(self, text: str) -> None:
        """Take some of its text."""
        self._text += text

    def _address(self, given: str) -> tuple[int, int]:
        """A missing address is the one that follows, as readers of the format do."""
        letters = given.rstrip("0123456789").upper()
        self._column = column_index(letters) if letters.isascii() and letters.isalpha() else self._column + 1
        digits = given[len(letters) :]
        return int(digits) if digits.isdecimal() else self._row, self._column


def rewrite(xml: bytes) -> bytes:
    """The cells, formulas, values, merged ranges and hidden rows of a sheet, in the usual writing.

    Raises: ValueError if the sheet is not well-formed.
    """
    writer = _Writer()
    parse(xml, writer.start, writer.end, writer.text)
    rows = (
        f'<row r="{line}"{writer.rows.get(line, "")}>' + "".join(cell for _, cell in sorted(cells.items())) + "</row>"
        for line, cells in sorted(writer.cells.items())
    )
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData>{''.join(writer.after)}</worksheet>".encode()
