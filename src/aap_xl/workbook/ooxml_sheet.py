"""One worksheet's XML: finding and writing cells, keeping the order the schema asks for."""

import re
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from lxml import etree

from aap_xl.cells import a1, column_index, column_letter
from aap_xl.workbook.ooxml import local, parse, serialize

ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""Children of a worksheet, in the schema's order."""
_RANK = {name: rank for rank, name in enumerate(ORDER)}
_LATE = _RANK["oleObjects"]
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]|\r|_(?=x[0-9A-Fa-f]{4}_)")
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DAY_ZERO, _DAYS_1904 = date(1899, 12, 30), 1462

Valeur = str | int | float | Decimal | date | bool | None


def escape_text(text: str) -> str:
    """Text that XML can carry: control characters as Excel writes them (``_x0007_``)."""
    return _ILLEGAL.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def serial(day: date, *, since_1904: bool = False) -> int:
    """A date as the number Excel keeps."""
    return (day - _DAY_ZERO).days - (_DAYS_1904 if since_1904 else 0)


def number(value: float | Decimal) -> str:
    """A number as a cell keeps it: the shortest text that reads back the same."""
    return repr(float(value)).removesuffix(".0") if not isinstance(value, int) else str(value)


class Sheet:
    """A worksheet being edited.

    Attributes: changed: whether anything was written since it was parsed.
    """

    def __init__(self, content: bytes, *, since_1904: bool = False) -> None:
        self._original = content
        self._since_1904 = since_1904
        self.root = parse(content)
        self.ns = f"{{{etree.QName(self.root).namespace}}}"
        self._f, self._v = self.ns + "f", self.ns + "v"
        self.changed = False

    def to_bytes(self) -> bytes:
        """The part's bytes: the very same ones when nothing was written."""
        return serialize(self.root, self._original) if self.changed else self._original

    def child(self, name: str) -> Any:
        """The first child of that name, or ``None``."""
        return self.root.find(self.ns + name)

    def children(self, name: str) -> list[Any]:
        """Every child of that name."""
        return list(self.root.findall(self.ns + name))

    def place(self, element: Any) -> Any:
        """Insert a child where the schema wants it, after those of the same name."""
        rank = _RANK[local(element)]
        position = next(
            (i for i, other in enumerate(self.root) if _RANK.get(local(other), _LATE) > rank), len(self.root)
        )
        self.root.insert(position, element)
        self.changed = True
        return element

    def replace(self, name: str, element: Any) -> None:
        """Put one child in place of every child of that name (none when ``None``)."""
        old = self.children(name)
        for item in old:
            self.root.remove(item)
        if element is not None:
            self.place(element)
        self.changed = self.changed or bool(old)

    def element(self, name: str, /, **attributes: str) -> Any:
        """A new element of the sheet's namespace, not placed yet."""
        return etree.Element(self.ns + name, attributes)

    @cached_property
    def _rows(self) -> dict[int, Any]:
        rows, position = {}, 0
        for row in self.child("sheetData"):
            position = int(row.get("r") or position + 1)
            rows[position] = row
        return rows

    @cached_property
    def _cells(self) -> dict[int, dict[str, Any]]:
        return {}

    def rows(self) -> Iterable[int]:
        """The numbers of the rows that the sheet has."""
        return self._rows.keys()

    def cells(self, row: int) -> dict[str, Any]:
        """The cells of a row, by column letter."""
        cells = self._cells.get(row)
        if cells is None:
            cells = self._cells[row] = {}
            letter, digits = "", len(str(row))
            for cell in self._rows.get(row, ()):
                reference = cell.get("r")
                letter = reference[:-digits] if reference else column_letter(column_index(letter) + 1)
                cells[letter] = cell
        return cells

    def last_cells(self, row: int, letters: Set[str]) -> dict[str, Any]:
        """Some cells of a row, sought from its end: computed columns stand there."""
        if row in self._cells:
            return self._cells[row]
        found: dict[str, Any] = {}
        element, digits = self._rows.get(row), len(str(row))
        if element is None:
            return found
        for cell in element.iterchildren(reversed=True):
            reference = cell.get("r")
            if reference is None:
                return self.cells(row)
            if reference[:-digits] in letters:
                found[reference[:-digits]] = cell
                if len(found) == len(letters):
                    break
        return found

    def cell(self, row: int, column: int) -> Any:
        """One cell, or ``None``."""
        return self.cells(row).get(column_letter(column))

    def make_cell(self, row: int, column: int) -> Any:
        """One cell, added if the sheet has none there."""
        found = self.cell(row, column)
        if found is not None:
            return found
        parent = self._rows.get(row)
        if parent is None:
            parent = self._make_row(row)
        position = sum(column_index(letter) < column for letter in self.cells(row))
        cell = self.element("c", r=a1(row, column))
        parent.insert(position, cell)
        self._cells[row][column_letter(column)] = cell
        self.changed = True
        return cell

    def _make_row(self, row: int) -> Any:
        data = self.child("sheetData")
        element = self.element("row", r=str(row))
        data.insert(sum(number < row for number in self._rows), element)
        self._rows[row] = element
        return element

    def copy_style(self, cell: Any, model: Any) -> None:
        """Give a cell the style of another one, unless it has its own."""
        if model is not None and model.get("s") and cell.get("s", "0") == "0":
            cell.set("s", model.get("s"))
            self.changed = True

    def empty(self, cell: Any) -> bool:
        """Whether a cell holds neither a formula nor a value."""
        return cell is None or not any(local(child) in {"f", "v", "is"} for child in cell)

    def blank_formula(self, cell: Any) -> bool:
        """Whether a cell holds a formula that shows nothing."""
        return (
            cell.get("t") == "str"
            and cell.find(self._f) is not None
            and cell.find(self._v) is not None
            and not (cell.findtext(self._v))
        )

    def set_cached(self, cell: Any, ours: Callable[[str], bool], value: Valeur) -> bool:
        """Write a cached value under a formula that is ours, by its text. True when there was none before."""
        formula = stored = None
        for child in cell:
            if child.tag == self._f:
                formula = child
            elif child.tag == self._v:
                stored = child
        if formula is None or not ours(formula.text or ""):
            return False
        kind, text = self._encoded(value, computed=True)
        if stored is not None and (stored.text or "") == text and cell.get("t", "n") == kind:
            return False
        lacking = stored is None or not (stored.text or cell.get("t") == "str")
        if stored is None:
            stored = etree.SubElement(cell, self._v)
        stored.text = text or None
        if kind != "n":
            cell.set("t", kind)
        elif "t" in cell.attrib:
            del cell.attrib["t"]
        self.changed = True
        return lacking

    def set_value(self, cell: Any, value: Valeur) -> None:
        """Write a value in an entry cell, keeping its style."""
        kind, text = self._encoded(value, computed=False)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if kind != "n":
            cell.set("t", kind)
        self._append_value(cell, kind, text)
        self.changed = True

    def _append_value(self, cell: Any, kind: str, text: str | None) -> None:
        if text is None:
            return
        parent = cell
        if kind == "inlineStr":
            parent = etree.SubElement(cell, self.ns + "is")
        item = etree.SubElement(parent, self.ns + ("t" if kind == "inlineStr" else "v"))
        item.text = text or None
        if text != text.strip() or "\n" in text:
            item.set(_XML_SPACE, "preserve")

    def _encoded(self, value: Valeur, *, computed: bool) -> tuple[str, str | None]:
        """Type and text of a value in a cell."""
        if value is None:
            return ("str", "") if computed else ("n", None)
        if isinstance(value, bool):
            return "b", str(int(value))
        if isinstance(value, str):
            return "str" if computed else "inlineStr", escape_text(value)
        if isinstance(value, date):
            return "n", str(serial(value, since_1904=self._since_1904))
        return "n", number(value)

    def set_formula(self, cell: Any, formula: str) -> None:
        """Give a cell a formula, which shows nothing until its value is set."""
        for child in list(cell):
            cell.remove(child)
        etree.SubElement(cell, self._f).text = formula.removeprefix("=")
        etree.SubElement(cell, self._v)
        cell.set("t", "str")
        self.changed = True

    def extend_ranges(self, old_last: int, new_last: int) -> None:
        """Stretch validations and conditional formats that stop at a table's last row down to its new last row."""
        validations = [item for group in self.children("dataValidations") for item in group]
        for item in [*self.children("conditionalFormatting"), *validations]:
            before = item.get("sqref", "")
            after = " ".join(_stretched(before.split(), old_last, new_last))
            if after != before:
                item.set("sqref", after)
                self.changed = True

    def widen_dimension(self) -> None:
        """State the used range again after cells were added."""
        dimension = self.child("dimension")
        if dimension is None or not self._rows:
            return
        columns = [column_index(re.sub(r"\d", "", c.get("r") or "A")) for row in self._rows.values() for c in row]
        first, last = min(self._rows), max(self._rows)
        dimension.set("ref", f"{a1(first, min(columns, default=1))}:{a1(last, max(columns, default=1))}")


def _stretched(ranges: list[str], old_last: int, new_last: int) -> Iterator[str]:
    for item in ranges:
        start, _, end = item.partition(":")
        match = re.fullmatch(rf"(\$?[A-Z]+\$?){old_last}", end)
        yield f"{start}:{match[1]}{new_last}" if match else item
