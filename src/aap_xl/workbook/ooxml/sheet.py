"""One worksheet's XML: finding and writing cells, keeping the order the schema asks for."""

from collections.abc import Callable, Set
from functools import cached_property
from typing import Any

from lxml import etree

from aap_xl.cells import a1, column_index, column_letter
from aap_xl.workbook.ooxml.order import ORDER
from aap_xl.workbook.ooxml.package import local, parse, serialize
from aap_xl.workbook.ooxml.values import Valeur, encoded

_RANK = {name: rank for rank, name in enumerate(ORDER)}
_LATE = _RANK["oleObjects"]
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


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

    def replace_rows(self, data: Any) -> None:
        """Put other rows in place of all those there are."""
        self.replace("sheetData", data)
        self.__dict__.pop("by_row", None)
        self._cells.clear()

    def element(self, name: str, /, **attributes: str) -> Any:
        """A new element of the sheet's namespace, not placed yet."""
        return etree.Element(self.ns + name, attributes)

    @cached_property
    def by_row(self) -> dict[int, Any]:
        """The rows that the sheet has, by number."""
        rows, position = {}, 0
        for row in self.child("sheetData"):
            position = int(row.get("r") or position + 1)
            rows[position] = row
        return rows

    @cached_property
    def _cells(self) -> dict[int, dict[str, Any]]:
        return {}

    def cells(self, row: int) -> dict[str, Any]:
        """The cells of a row, by column letter."""
        cells = self._cells.get(row)
        if cells is None:
            cells = self._cells[row] = {}
            letter, digits = "", len(str(row))
            for cell in self.by_row.get(row, ()):
                reference = cell.get("r")
                letter = reference[:-digits] if reference else column_letter(column_index(letter) + 1)
                cells[letter] = cell
        return cells

    def last_cells(self, row: int, letters: Set[str]) -> dict[str, Any]:
        """Some cells of a row, sought from its end: computed columns stand there."""
        if row in self._cells:
            return self._cells[row]
        found: dict[str, Any] = {}
        element, digits = self.by_row.get(row), len(str(row))
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
        parent = self.by_row.get(row)
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
        data.insert(sum(number < row for number in self.by_row), element)
        self.by_row[row] = element
        return element

    def copy_style(self, cell: Any, model: Any) -> bool:
        """Give a cell the style of another one, unless it has its own. True if it was given."""
        given = model is not None and bool(model.get("s")) and cell.get("s", "0") == "0"
        if given:
            cell.set("s", model.get("s"))
            self.changed = True
        return given

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
        kind, text = encoded(value, computed=True, since_1904=self._since_1904)
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
        kind, text = encoded(value, computed=False, since_1904=self._since_1904)
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

    def set_formula(self, cell: Any, formula: str) -> None:
        """Give a cell a formula, which shows nothing until its value is set."""
        for child in list(cell):
            cell.remove(child)
        etree.SubElement(cell, self._f).text = formula.removeprefix("=")
        etree.SubElement(cell, self._v)
        cell.set("t", "str")
        self.changed = True
