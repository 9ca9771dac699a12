"""Styles added to a workbook's own: only those it lacks, so that a second run adds nothing."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from aap_xl.workbook.ooxml.package import local, parse, serialize

_BUILTIN = {"": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10}
_FIRST_CUSTOM = 164
_FONT = ("b", "i", "u", "sz", "color", "name", "family", "charset", "scheme")
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

    def __init__(self, content: bytes) -> None:
        self._original = content
        self._root = parse(content)
        self._ns = f"{{{etree.QName(self._root).namespace}}}"
        self._known: dict[str, dict[Any, int]] = {}
        self._ids: dict[Style, int] = {}
        self.changed = False

    def to_bytes(self) -> bytes:
        """The part's bytes: the very same ones when nothing was added."""
        return serialize(self._root, self._original) if self.changed else self._original

    def id(self, style: Style) -> int:
        """The index to write in a cell's ``s``."""
        found = self._ids.get(style)
        if found is None:
            found = self._ids[style] = self._index("cellXfs", self._xf(style))
        return found

    def highlight(self, style: Highlight) -> int:
        """The index of a differential style."""
        if self._collection("dxfs") is None:
            after = self._root.find(self._ns + "cellStyles")
            after = self._collection("cellXfs") if after is None else after
            after.addnext(etree.Element(self._ns + "dxfs", count="0"))
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
    def _font(self) -> Any:
        """The default font."""
        return self._collection("fonts")[0]

    def _xf(self, style: Style) -> Any:
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

    def _make_font(self, style: Style) -> Any:
        default = {local(child): dict(child.attrib) for child in self._font}
        wanted = default | ({"sz": {"val": f"{style.size:g}"}} if style.size else {})
        wanted |= {"color": {"rgb": f"FF{style.color}"}} if style.color else {}
        if style.font:
            wanted |= {"name": {"val": style.font}, "family": {"val": "2"}}
            wanted.pop("scheme", None)
        wanted |= {"b": {}} if style.bold else {}
        wanted |= {"i": {}} if style.italic else {}
        wanted |= {"u": {}} if style.underline else {}
        return self._new("font", *(self._new(name, **wanted[name]) for name in _FONT if name in wanted))

    def _fill(self, color: str) -> Any:
        pattern = self._new("patternFill", self._new("fgColor", rgb=f"FF{color}"), patternType="solid")
        pattern.append(self._new("bgColor", indexed="64"))
        return self._new("fill", pattern)

    def _border(self, color: str, sides: tuple[str, ...]) -> Any:
        def side(name: str) -> Any:
            if name not in sides:
                return self._new(name)
            return self._new(name, self._new("color", rgb=f"FF{color}"), style="thin")

        return self._new("border", *map(side, _SIDES), *([self._new("diagonal")] if len(sides) < len(_SIDES) else []))

    def _number_format(self, code: str) -> int:
        if code in _BUILTIN:
            return _BUILTIN[code]
        group = self._collection("numFmts")
        if group is None:
            group = etree.Element(self._ns + "numFmts", count="0")
            self._root.insert(0, group)
        for item in group:
            if item.get("formatCode") == code:
                return int(item.get("numFmtId"))
        identifier = max([_FIRST_CUSTOM - 1, *(int(item.get("numFmtId")) for item in group)]) + 1
        group.append(self._new("numFmt", numFmtId=str(identifier), formatCode=code))
        group.set("count", str(len(group)))
        self.changed = True
        return identifier

    def _index(self, collection: str, element: Any) -> int:
        """Where an identical element stands in a collection, added at its end if there is none."""
        group = self._collection(collection)
        known = self._known.get(collection)
        if known is None:
            known = self._known[collection] = {}
            for index, item in enumerate(group):
                known.setdefault(_canonical(item), index)
        key = _canonical(element)
        if key not in known:
            known[key] = len(group)
            group.append(element)
            group.set("count", str(len(group)))
            self.changed = True
        return known[key]

    def _collection(self, name: str) -> Any:
        return self._root.find(self._ns + name)

    def _new(self, name: str, *children: Any, **attributes: str) -> Any:
        element = etree.Element(self._ns + name, attributes)
        element.extend(children)
        return element


def _canonical(element: Any) -> Any:
    """An element as a value: tag, attributes, children."""
    return local(element), frozenset(element.attrib.items()), tuple(map(_canonical, element))
