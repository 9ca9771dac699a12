"""One worksheet's XML: finding and writing cells, keeping the order the schema asks for."""

from bisect import bisect
from collections.abc import Callable, Set
from functools import cached_property

from aap_xl.cells import a1, column_index, column_letter
from aap_xl.workbook.ooxml.order import ORDER
from aap_xl.workbook.ooxml.tree import Element, SubElement, namespace, parse, whole
from aap_xl.workbook.ooxml.values import Valeur, encoded

_RANK = {name: rank for rank, name in enumerate(ORDER)}
_LATE = _RANK["oleObjects"]
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Sheet:
    """A worksheet being edited.

    Attributes: changed: whether anything was written since it was parsed.
    Raises: ValueError if it is not well-formed.
    """

    def __init__(self, content: bytes, *, since_1904: bool = False) -> None:
        self._document = document = parse(content)
        self._since_1904 = since_1904
        self.root = document.root
        self.ns = namespace(self.root)
        self._f, self._v = self.ns + "f", self.ns + "v"
        self._held = {self._f, self._v, self.ns + "is"}
        self.changed = False

    def to_bytes(self) -> bytes:
        """The part's bytes: the very same ones when nothing was written.

        The values of blank computed cells, which there are thousands of, take a single tag.
        """
        return self._document.to_bytes(short="v") if self.changed else self._document.source

    def child(self, name: str) -> Element | None:
        """The first child of that name, or ``None``."""
        return self.root.find(self.ns + name)

    def children(self, name: str) -> list[Element]:
        """Every child of that name."""
        return list(self.root.findall(self.ns + name))

    def place(self, element: Element) -> Element:
        """Insert a child where the schema wants it, after those of the same name."""
        rank = self._rank(element)
        position = next((i for i, other in enumerate(self.root) if self._rank(other) > rank), len(self.root))
        self.root.insert(position, element)
        self.changed = True
        return element

    def _rank(self, element: Element) -> int:
        tag = element.tag
        return _RANK.get(tag.removeprefix(self.ns), _LATE) if isinstance(tag, str) else -1

    def replace(self, name: str, element: Element | None) -> None:
        """Put one child in place of every child of that name (none when ``None``)."""
        old = self.children(name)
        for item in old:
            self.root.remove(item)
        if element is not None:
            self.place(element)
        self.changed = self.changed or bool(old)

    def replace_rows(self, data: Element) -> None:
        """Put other rows in place of all those there are."""
        self.replace("sheetData", data)
        self.__dict__.pop("by_row", None)
        self.__dict__.pop("_numbers", None)
        self._cells.clear()

    def element(self, name: str, /, **attributes: str) -> Element:
        """A new element of the sheet's namespace, not placed yet."""
        return Element(self.ns + name, attributes)

    @cached_property
    def by_row(self) -> dict[int, Element]:
        """The rows that the sheet has, by number."""
        rows, position = {}, 0
        for row in self.root.findall(f"{self.ns}sheetData/{self.ns}row"):
            position = whole(row, "r", position + 1)
            rows[position] = row
        return rows

    @cached_property
    def _numbers(self) -> list[int]:
        """The numbers of the rows, in order."""
        return sorted(self.by_row)

    @cached_property
    def _cells(self) -> dict[int, dict[str, Element]]:
        return {}

    def cells(self, row: int) -> dict[str, Element]:
        """The cells of a row, by column letter."""
        cells = self._cells.get(row)
        if cells is None:
            cells = self._cells[row] = {}
            letter = ""
            for cell in self._row(row):
                letter = _letters(cell) or column_letter(column_index(letter) + 1)
                cells.setdefault(letter, cell)
        return cells

    def _row(self, row: int) -> list[Element]:
        """The cells of a row, in their order."""
        element = self.by_row.get(row)
        return [] if element is None else element.findall(self.ns + "c")

    def last_cells(self, row: int, letters: Set[str]) -> dict[str, Element]:
        """Some cells of a row, sought from its end: computed columns stand there."""
        if row in self._cells:
            return self._cells[row]
        found: dict[str, Element] = {}
        for cell in reversed(self._row(row)):
            letter = _letters(cell)
            if not letter:
                return self.cells(row)
            if letter in letters:
                found[letter] = cell
                if len(found) == len(letters):
                    break
        return found

    def cell(self, row: int, column: int) -> Element | None:
        """One cell, or ``None``."""
        return self.cells(row).get(column_letter(column))

    def make_cell(self, row: int, column: int) -> Element:
        """One cell, added if the sheet has none there."""
        found = self.cell(row, column)
        if found is not None:
            return found
        parent = self.by_row.get(row)
        if parent is None:
            parent = self._make_row(row)
        later = [index for letter in self.cells(row) if (index := column_index(letter)) > column]
        cell = self.element("c", r=a1(row, column))
        if later:
            parent.insert(list(parent).index(self.cells(row)[column_letter(min(later))]), cell)
        else:
            parent.append(cell)
        self._cells[row][column_letter(column)] = cell
        self.changed = True
        return cell

    def _make_row(self, row: int) -> Element:
        data = self.child("sheetData")
        if data is None:
            data = self.place(self.element("sheetData"))
        element = self.element("row", r=str(row))
        position = bisect(self._numbers, row)
        if position == len(self._numbers):
            data.append(element)
        else:
            data.insert(list(data).index(self.by_row[self._numbers[position]]), element)
        self._numbers.insert(position, row)
        self.by_row[row] = element
        return element

    def copy_style(self, cell: Element, model: Element | None) -> bool:
        """Give a cell the style of another one, unless it has its own. True if it was given."""
        look = "" if model is None else model.get("s", "")
        if not look or cell.get("s", "0") != "0":
            return False
        cell.set("s", look)
        self.changed = True
        return True

    def empty(self, cell: Element | None) -> bool:
        """Whether a cell holds neither a formula nor a value."""
        return cell is None or not any(child.tag in self._held for child in cell)

    def formula(self, cell: Element | None) -> str:
        """The text of a cell's formula, ``""`` if it has none of its own."""
        return "" if cell is None else cell.findtext(self._f) or ""

    def blank_formula(self, cell: Element) -> bool:
        """Whether a cell holds a formula that shows nothing."""
        return (
            cell.get("t") == "str"
            and cell.find(self._f) is not None
            and cell.find(self._v) is not None
            and not (cell.findtext(self._v))
        )

    def set_cached(self, cell: Element | None, ours: Callable[[str], bool], value: Valeur) -> bool:
        """Write a cached value under a formula that is ours, by its text. True when there was none before."""
        formula = stored = None
        if cell is None:
            return False
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
            stored = SubElement(cell, self._v)
        stored.text = text or None
        if kind != "n":
            cell.set("t", kind)
        elif "t" in cell.attrib:
            del cell.attrib["t"]
        self.changed = True
        return lacking

    def set_value(self, cell: Element, value: Valeur) -> None:
        """Write a value in an entry cell, keeping its style."""
        kind, text = encoded(value, computed=False, since_1904=self._since_1904)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if kind != "n":
            cell.set("t", kind)
        self._append_value(cell, kind, text)
        self.changed = True

    def _append_value(self, cell: Element, kind: str, text: str | None) -> None:
        if text is None:
            return
        parent = cell
        if kind == "inlineStr":
            parent = SubElement(cell, self.ns + "is")
        item = SubElement(parent, self.ns + ("t" if kind == "inlineStr" else "v"))
        item.text = text or None
        if text != text.strip() or "\n" in text:
            item.set(_XML_SPACE, "preserve")

    def set_formula(self, cell: Element, formula: str) -> None:
        """Give a cell a formula, which shows nothing until its value is set."""
        for child in list(cell):
            cell.remove(child)
        SubElement(cell, self._f).text = formula.removeprefix("=")
        SubElement(cell, self._v)
        cell.set("t", "str")
        self.changed = True


def _letters(cell: Element) -> str:
    """The column of a cell that says its address."""
    return cell.get("r", "").rstrip("0123456789").upper()
