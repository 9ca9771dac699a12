"""Styles added to a workbook's own: only those it lacks, so that a second run adds nothing."""

from dataclasses import dataclass
from functools import cached_property

from aap_xl.workbook.ooxml.tree import Document, Element, namespace, parse, whole

_BUILTIN = {"": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10}
_FIRST_CUSTOM = 164
_FONT = ("b", "i", "u", "sz", "color", "name", "family", "charset", "scheme")
_ITEMS = {
    "numFmts": "numFmt",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "cellStyleXfs": "xf",
    "cellXfs": "xf",
    "dxfs": "dxf",
}
"""Collections of the part, and what each holds."""
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
"""The order that the schema asks of them."""
_XF = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
_ALWAYS = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": f"{_XF}/>",
    "cellXfs": f'{_XF} xfId="0"/>',
}
"""What a collection is made with, where there is none."""
_SIDES = ("left", "right", "top", "bottom")


@dataclass(frozen=True, slots=True)
class Style:
    """How a written cell looks; colours are RRGGBB; what is left empty is the workbook's default."""

    font: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float = 0
    color: str = ""
    fill: str = ""
    border: str = ""
    sides: tuple[str, ...] = _SIDES
    number_format: str = ""
    horizontal: str = ""
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Highlight:
    """A differential style, for conditional formats."""

    color: str
    fill: str
    border: str


class Styles:
    """The workbook's styles part, being completed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = document.root
        self._ns = namespace(self._root)
        self._known: dict[str, dict[object, int]] = {}
        self._ids: dict[Style, int] = {}
        self.changed = False

    def to_bytes(self) -> bytes:
        """The part's bytes: the very same ones when nothing was added."""
        return self._document.to_bytes() if self.changed else self._document.source

    def id(self, style: Style) -> int:
        """The index to write in a cell's ``s``."""
        found = self._ids.get(style)
        if found is None:
            found = self._ids[style] = self._index("cellXfs", self._xf(style))
        return found

    def highlight(self, style: Highlight) -> int:
        """The index of a differential style."""
        return self._index(
            "dxfs",
            self._new(
                "dxf",
                self._new("font", self._new("color", rgb=f"FF{style.color}")),
                self._new(
                    "fill", self._new("patternFill", self._new("bgColor", rgb=f"FF{style.fill}"), patternType="solid")
                ),
                self._border(style.border, _SIDES),
            ),
        )

    @cached_property
    def _font(self) -> Element:
        """The default font."""
        return next(iter(self._items("fonts")), self._new("font"))

    def _xf(self, style: Style) -> Element:
        self._collection("cellStyleXfs")
        attributes = {
            "numFmtId": str(self._number_format(style.number_format)),
            "fontId": str(self._index("fonts", self._make_font(style))),
            "fillId": str(self._index("fills", self._fill(style.fill)) if style.fill else 0),
            "borderId": str(self._index("borders", self._border(style.border, style.sides)) if style.border else 0),
            "xfId": "0",
            "applyNumberFormat": "1",
            "applyFont": "1",
            "applyFill": "1",
            "applyBorder": "1",
            "applyAlignment": "1",
        }
        alignment = {"horizontal": style.horizontal, "vertical": style.vertical}
        if style.wrap:
            alignment["wrapText"] = "1"
        if style.indent:
            alignment |= {"horizontal": style.horizontal or "left", "indent": str(style.indent)}
        kept = {name: value for name, value in alignment.items() if value}
        return self._new("xf", self._new("alignment", **kept), **attributes)

    def _make_font(self, style: Style) -> Element:
        ours = (child for child in self._font if isinstance(child.tag, str) and child.tag.startswith(self._ns))
        default = {child.tag.removeprefix(self._ns): dict(child.attrib) for child in ours}
        wanted = default | ({"sz": {"val": f"{style.size:g}"}} if style.size else {})
        wanted |= {"color": {"rgb": f"FF{style.color}"}} if style.color else {}
        if style.font:
            wanted |= {"name": {"val": style.font}, "family": {"val": "2"}}
            wanted.pop("scheme", None)
        wanted |= {"b": {}} if style.bold else {}
        wanted |= {"i": {}} if style.italic else {}
        wanted |= {"u": {}} if style.underline else {}
        return self._new("font", *(self._new(name, **wanted[name]) for name in _FONT if name in wanted))

    def _fill(self, color: str) -> Element:
        pattern = self._new("patternFill", self._new("fgColor", rgb=f"FF{color}"), patternType="solid")
        pattern.append(self._new("bgColor", indexed="64"))
        return self._new("fill", pattern)

    def _border(self, color: str, sides: tuple[str, ...]) -> Element:
        def side(name: str) -> Element:
            if name not in sides:
                return self._new(name)
            return self._new(name, self._new("color", rgb=f"FF{color}"), style="thin")

        return self._new("border", *map(side, _SIDES), *([self._new("diagonal")] if len(sides) < len(_SIDES) else []))

    def _number_format(self, code: str) -> int:
        if code in _BUILTIN:
            return _BUILTIN[code]
        items = self._items("numFmts")
        for item in items:
            if item.get("formatCode") == code:
                return whole(item, "numFmtId")
        identifier = max([_FIRST_CUSTOM - 1, *(whole(item, "numFmtId") for item in items)]) + 1
        self._add("numFmts", self._new("numFmt", numFmtId=str(identifier), formatCode=code))
        return identifier

    def _index(self, collection: str, element: Element) -> int:
        """Where an identical element stands in a collection, added at its end if there is none."""
        known = self._known.get(collection)
        if known is None:
            known = self._known[collection] = {}
            for index, item in enumerate(self._items(collection)):
                known.setdefault(_canonical(item), index)
        key = _canonical(element)
        if key not in known:
            known[key] = self._add(collection, element)
        return known[key]

    def reserve(self, looks: int, marks: int) -> None:
        """Make a part that has no styles have that many cell formats and differential ones, all of the usual look."""
        for _ in range(max(looks, 1) - len(self._items("cellXfs"))):
            self._add("cellXfs", self._new("xf", numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0"))
        for _ in range(marks - len(self._items("dxfs"))):
            self._add("dxfs", self._new("dxf"))

    def _items(self, collection: str) -> list[Element]:
        """What a collection holds, in the order of its numbers."""
        return self._collection(collection).findall(self._ns + _ITEMS[collection])

    def _add(self, collection: str, element: Element) -> int:
        """Add to a collection and return the number of what was added."""
        group = self._collection(collection)
        group.append(element)
        count = len(self._items(collection))
        group.set("count", str(count))
        self.changed = True
        return count - 1

    def _collection(self, name: str) -> Element:
        """A collection, made with what it always holds if there is none."""
        found = self._root.find(self._ns + name)
        if found is not None:
            return found
        rank = _ORDER.index(name)
        before = [self._ns + other for other in _ORDER[:rank]]
        position = max((i + 1 for i, child in enumerate(self._root) if child.tag in before), default=0)
        content = f'<{name} xmlns="{self._ns[1:-1]}">{_ALWAYS.get(name, "")}</{name}>'
        found = parse(content.encode()).root
        found.set("count", str(len(found)))
        self._root.insert(position, found)
        self.changed = True
        return found

    def _new(self, name: str, *children: Element, **attributes: str) -> Element:
        element = Element(self._ns + name, attributes)
        element.extend(children)
        return element


def _canonical(element: Element) -> object:
    """An element as a value: tag, attributes, children."""
    children = tuple(_canonical(child) for child in element if isinstance(child.tag, str))
    return element.tag, frozenset(element.attrib.items()), children
