"""A worksheet's XML rewritten the way Excel writes it, for the raw pass: prefixes, quotes, attributes, addresses."""

from xml.sax.saxutils import escape, quoteattr

from aap_xl.cells import a1, column_index
from aap_xl.workbook.reading.xmlparts import local, parse

_ATTRIBUTES = {"c": ("t",), "row": ("hidden",), "mergeCell": ("ref",), "f": ("t", "ref"), "dimension": ("ref",)}
_KEPT = {"sheetData", "mergeCells", "is", "v", "t", *_ATTRIBUTES}
_TEXTS = {"v", "f", "t"}


class _Writer:
    """Where the reading of one sheet stands."""

    def __init__(self) -> None:
        self.out: list[str] = ["<worksheet>"]
        self.row = self.column = 0
        self.open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Write an element that counts, with its address first."""
        tag = local(name)
        self.open.append(tag)
        if tag not in _KEPT:
            return
        given = "".join(f" {key}={quoteattr(attributes[key])}" for key in _ATTRIBUTES.get(tag, ()) if key in attributes)
        self.out.append(f"<{tag}{self._address(tag, attributes.get('r', ''))}{given}>")

    def end(self, name: str) -> None:
        """Close it."""
        self.open.pop()
        if (tag := local(name)) in _KEPT:
            self.out.append(f"</{tag}>")

    def text(self, text: str) -> None:
        """Keep the text of values and formulas."""
        if self.open and self.open[-1] in _TEXTS:
            self.out.append(escape(text))

    def _address(self, tag: str, given: str) -> str:
        """A missing address is the one that follows, as readers of the format do."""
        if tag == "row":
            self.row = int(given) if given.isdecimal() else self.row + 1
            self.column = 0
            return f' r="{self.row}"'
        if tag == "c":
            letters = given.rstrip("0123456789").upper()
            self.column = column_index(letters) if letters.isascii() and letters.isalpha() else self.column + 1
            row = int(given[len(letters) :]) if given[len(letters) :].isdecimal() else self.row
            return f' r="{a1(row, self.column)}"'
        return ""


def rewrite(xml: bytes) -> bytes:
    """The cells, formulas, values, merged ranges and hidden rows of a sheet, in the usual writing.

    Raises: ValueError if the sheet is not well-formed.
    """
    writer = _Writer()
    parse(xml, writer.start, writer.end, writer.text)
    writer.out.append("</worksheet>")
    return "".join(writer.out).encode()
