"""The workbook part: its sheets, defined names and tables, each parsed when first needed."""

import re
from dataclasses import dataclass
from functools import cached_property

from aap_xl.cells import column_index
from aap_xl.workbook.ooxml import namespaces
from aap_xl.workbook.ooxml.directory import directory
from aap_xl.workbook.ooxml.limits import check_tree
from aap_xl.workbook.ooxml.package import Package, Unwritable
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.styles import Styles
from aap_xl.workbook.ooxml.tree import Element, namespace, parse, whole
from aap_xl.workbook.ooxml.wholeness import Fault, check, check_styles

_REF = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")
_SINGLE = re.compile(r"('(?:[^']|'')+'|[^'!]+)!\$?([A-Z]+)\$?(\d+)")
_PRINT_AREA = "_xlnm.Print_Area"
_FROM_THE_TOP = re.compile(r"([^,]+!\$A\$1:\$[A-Z]+\$)(\d+)")
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_ROWS, _END_OF_ROWS, _NO_ROWS = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NO_STYLES = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%b"/>'
_CALLED = re.compile(rb'\ss(?:tyle)?="(\d{1,5})"'), re.compile(rb'\sdxfId="(\d{1,5})"')
"""The numbers of cell formats that a sheet calls, and those of differential ones."""
_RELATION_KEYS = tuple(f"{{{uri}}}id" for uri in (namespaces.RELATIONS, namespaces.strict(namespaces.RELATIONS)))
_CALC_AFTER = ("definedNames", "externalReferences", "functionGroups", "sheets")


@dataclass
class Table:
    """One Excel table: where it is and what its columns are called. Rows and columns count from 1."""

    part: str
    nom: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    entetes: tuple[str, ...]
    totals: bool = False


class Workbook:
    """A package's workbook; `save` writes back what changed.

    Attributes: strict: whether it is of the standard's strict flavour.
    Raises: zipfile.BadZipFile, KeyError for what is not an .xlsx; `Unwritable` for a part that is damaged.
    """

    def __init__(self, source: bytes) -> None:
        self.package = Package(source)
        if self.package.genre != "xlsx":
            raise KeyError("no workbook part")
        self.part = self.package.main
        self._document = self.package.tree(self.part)
        self._root = self._document.root
        self._ns = namespace(self._root)
        self.strict = self._ns[1:-1] == namespaces.STRICT_SPREADSHEET
        self.relation_key = _RELATION_KEYS[self.strict]
        self._relations = {link.id: link for link in self.package.relations(self.part)}
        self._sheets: dict[str, Sheet] = {}
        self._frames: dict[str, tuple[Sheet, slice]] = {}

    @cached_property
    def since_1904(self) -> bool:
        """Whether dates count from 1904."""
        properties = self._root.find(self._ns + "workbookPr")
        return properties is not None and properties.get("date1904") in {"1", "true"}

    @property
    def macros(self) -> bool:
        """Whether the file is one with macros: a spreadsheet opens it only under the name .xlsm."""
        return "macroenabled" in self.package.content_type(self.part)

    @property
    def _sheet_elements(self) -> list[Element]:
        return self._root.findall(f"{self._ns}sheets/{self._ns}sheet")

    @cached_property
    def parts(self) -> dict[str, str]:
        """Sheet name → its part, for worksheets."""
        found: dict[str, str] = {}
        for sheet in self._sheet_elements:
            link = self._relations.get(_relation_id(sheet))
            if link and link.kind == "worksheet" and link.target in self.package:
                found.setdefault(sheet.get("name", ""), link.target)
        return found

    def number(self, name: str) -> str:
        """The number by which other parts call a sheet."""
        return next((sheet.get("sheetId", "") for sheet in self._sheet_elements if sheet.get("name") == name), "")

    def sheet(self, name: str) -> Sheet:
        """A worksheet, parsed once."""
        self._write_frames()
        if name not in self._sheets:
            self._sheets[name] = self._parsed(name, self.package[self.parts[name]])
        return self._sheets[name]

    def _parsed(self, name: str, content: bytes) -> Sheet:
        try:
            check_tree(content)
            return Sheet(content, since_1904=self.since_1904)
        except ValueError as error:
            raise Unwritable(self.parts[name], error, unusual=_END_OF_ROWS in content) from None

    def frame(self, name: str) -> Sheet:
        """A worksheet without its rows, to edit what stands around them: far less to parse."""
        if name in self._sheets:
            return self._sheets[name]
        if name not in self._frames:
            content = self.package[self.parts[name]]
            if b"<!" in content or any(content.count(mark) != 1 for mark in (_ROWS, _ROWS[:-1], _END_OF_ROWS)):
                return self.sheet(name)
            start, end = content.find(_ROWS), content.find(_END_OF_ROWS) + len(_END_OF_ROWS)
            self._frames[name] = self._parsed(name, content[:start] + _NO_ROWS + content[end:]), slice(start, end)
        return self._frames[name][0]

    def _write_frames(self) -> None:
        for name, (sheet, rows) in self._frames.items():
            if sheet.changed:
                before, _, after = sheet.to_bytes().partition(_NO_ROWS)
                whole_rows = memoryview(self.package[self.parts[name]])[rows]
                self.package.write(self.parts[name], b"".join((before, whole_rows, after)))
        self._frames.clear()

    def raw(self, name: str) -> bytes | None:
        """A worksheet's bytes, unless it was parsed: those would be out of date."""
        self._write_frames()
        return None if name in self._sheets else self.package[self.parts[name]]

    def set_raw(self, name: str, content: bytes) -> None:
        """Replace the bytes of a worksheet that was not parsed."""
        self.package.write(self.parts[name], content)

    def mentions(self, name: str, text: bytes) -> bool:
        """Whether a worksheet's XML holds some bytes, without parsing it."""
        return text in self.package[self.parts[name]]

    @cached_property
    def styles(self) -> Styles:
        """The workbook's styles."""
        return Styles(self.package.tree(self._styles_part, check_styles))

    @cached_property
    def _styles_part(self) -> str:
        """The name of the part, which is made if there is none."""
        targets = (link.target for link in self._relations.values() if link.kind == "styles")
        return next((part for part in targets if part in self.package), "") or self._make_styles()

    def _make_styles(self) -> str:
        """A styles part in which every number that cells and rules call already has the usual look."""
        part = self.package.free(f"{self.part.rpartition('/')[0]}/styles{{}}.xml".lstrip("/"))
        sheets = [self.package[sheet] for sheet in self.parts.values()]
        looks, marks = (1 + max((int(n) for sheet in sheets for n in one.findall(sheet)), default=0) for one in _CALLED)
        styles = Styles(parse(_NO_STYLES % self._ns[1:-1].encode()))
        styles.reserve(looks, marks)
        self.package.write(part, styles.to_bytes())
        self.package.declare(part, _STYLES)
        self.package.relate(self.part, "styles", part)
        return part

    @cached_property
    def names(self) -> dict[str, tuple[str, int, int]]:
        """Defined names of one cell: name → sheet, row, column."""
        found = {}
        for item in self._root.iterfind(f"{self._ns}definedNames/{self._ns}definedName"):
            match = _SINGLE.fullmatch(item.text or "")
            if match and item.get("localSheetId") is None:
                sheet = match[1].strip("'").replace("''", "'")
                found[item.get("name", "")] = (sheet, int(match[3]), column_index(match[2]))
        return found

    def tables(self, name: str) -> list[Table]:
        """The Excel tables of a sheet."""
        part = self.parts[name]
        return [_table(link.target, self.package) for link in self.package.relations(part) if link.kind == "table"]

    def extend_table(self, table: Table, last_row: int) -> None:
        """Make a table end at a row further down."""
        document = self.package.tree(table.part)
        root = document.root
        for element in (root, *root.findall(f"{namespace(root)}autoFilter")):
            start, _, end = element.get("ref", "").partition(":")
            element.set("ref", f"{start}:{re.sub(r'[0-9]+', '', end)}{last_row}")
        self.package.write(table.part, document.to_bytes())
        table.last_row = last_row

    def print_down_to(self, name: str, row: int, offered: int) -> None:
        """Make what is printed of a sheet reach a row, unless someone chose to print fewer rows than ``offered``."""
        names = [sheet.get("name") for sheet in self._sheet_elements]
        for item in self._root.iterfind(f"{self._ns}definedNames/{self._ns}definedName"):
            if item.get("name") == _PRINT_AREA and item.get("localSheetId") == str(names.index(name)):
                area = _FROM_THE_TOP.fullmatch(item.text or "")
                if area and offered <= int(area[2]) < row:
                    item.text = f"{area[1]}{row}"

    def add_sheet(self, name: str, content: bytes) -> Sheet:
        """Add a worksheet after the others.

        Args: content: its XML, in the usual flavour.
        """
        part = self.package.free(f"{self.part.rpartition('/')[0]}/worksheets/sheet{{}}.xml".lstrip("/"))
        self.package.write(part, namespaces.strict_part(content) if self.strict else content)
        self.package.declare(part, _WORKSHEET)
        identifier = max((whole(sheet, "sheetId") for sheet in self._sheet_elements), default=0) + 1
        relation = self.package.relate(self.part, "worksheet", part)
        attributes = {"name": name, "sheetId": str(identifier), self.relation_key: relation}
        self._root.findall(f"{self._ns}sheets")[0].append(Element(f"{self._ns}sheet", attributes))
        self.parts[name] = part
        return self.sheet(name)

    def recalculate_on_load(self) -> None:
        """Ask the spreadsheet to compute everything when it opens the file."""
        calc = self._root.find(self._ns + "calcPr")
        if calc is None:
            calc = Element(self._ns + "calcPr")
            before = next(found for name in _CALC_AFTER if (found := self._root.find(self._ns + name)) is not None)
            self._root.insert(list(self._root).index(before) + 1, calc)
        calc.set("fullCalcOnLoad", "1")

    def check(self) -> None:
        """Raise `Unwritable` unless every part that may have to be edited is well-formed, every other whole."""
        package = self.package
        try:
            check(package, directory(package.source), package.source, Unwritable)
        except Fault as fault:
            raise Unwritable(fault.part, fault.excess) from None

    def save(self) -> bytes:
        """The whole file, with what changed."""
        self._write_frames()
        for name, sheet in self._sheets.items():
            if sheet.changed:
                self.package.write(self.parts[name], sheet.to_bytes())
        if "styles" in self.__dict__ and self.styles.changed:
            self.package.write(self._styles_part, self.styles.to_bytes())
        content = self._document.to_bytes()
        if content != parse(self._document.source).to_bytes():
            self.package.write(self.part, content)
        return self.package.to_bytes()


def _relation_id(sheet: Element) -> str:
    """The ``r:id`` of a sheet, in either flavour of the standard."""
    return next((sheet.get(key, "") for key in _RELATION_KEYS if key in sheet.attrib), "")


def _table(part: str, package: Package) -> Table:
    root = package.tree(part).root
    ns = namespace(root)
    match = _REF.fullmatch(root.get("ref", ""))
    if match is None:
        raise Unwritable(part)
    return Table(
        part,
        root.get("displayName") or root.get("name") or "",
        int(match[2]),
        column_index(match[1]),
        int(match[4] or match[2]),
        column_index(match[3] or match[1]),
        tuple(column.get("name", "") for column in root.findall(f"{ns}tableColumns/{ns}tableColumn")),
        totals=root.get("totalsRowCount", "0") != "0",
    )
