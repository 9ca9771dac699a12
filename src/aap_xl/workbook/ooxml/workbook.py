"""The workbook part: its sheets, defined names and tables, each parsed when first needed."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from aap_xl.cells import column_index
from aap_xl.workbook.ooxml.package import CONTENT_TYPES, Package, local, parse, serialize
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.styles import Styles

_REF = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")
_SINGLE = re.compile(r"('(?:[^']|'')+'|[^'!]+)!\$?([A-Z]+)\$?(\d+)")
_PRINT_AREA = "_xlnm.Print_Area"
_FROM_THE_TOP = re.compile(r"([^,]+!\$A\$1:\$[A-Z]+\$)(\d+)")
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_ROWS, _END_OF_ROWS, _NO_ROWS = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
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

    Raises: zipfile.BadZipFile, KeyError, lxml.etree.XMLSyntaxError for what is not an .xlsx.
    """

    def __init__(self, source: bytes) -> None:
        self.package = Package(source)
        self.part = self.package.main
        self._original = self.package.read(self.part)
        self._root = parse(self._original)
        self._ns = f"{{{etree.QName(self._root).namespace}}}"
        self._relations = {rel.id: rel for rel in self.package.relations(self.part)}
        self._sheets: dict[str, Sheet] = {}
        self._frames: dict[str, tuple[Sheet, bytes]] = {}

    @cached_property
    def since_1904(self) -> bool:
        """Whether dates count from 1904."""
        properties = self._root.find(self._ns + "workbookPr")
        return properties is not None and properties.get("date1904") in {"1", "true"}

    @property
    def macros(self) -> bool:
        """Whether the file is one with macros: a spreadsheet opens it only under the name .xlsm."""
        types = parse(self.package.read(CONTENT_TYPES))
        return any(
            item.get("PartName") == f"/{self.part}" and "macroEnabled" in item.get("ContentType") for item in types
        )

    @cached_property
    def parts(self) -> dict[str, str]:
        """Sheet name → its part, for worksheets."""
        found = {}
        for sheet in self._root.find(self._ns + "sheets"):
            relation = self._relations.get(_relation_id(sheet))
            if relation and relation.genre == "worksheet":
                found[sheet.get("name")] = relation.cible
        return found

    def number(self, name: str) -> str:
        """The number by which other parts call a sheet."""
        return next(
            str(sheet.get("sheetId")) for sheet in self._root.find(self._ns + "sheets") if sheet.get("name") == name
        )

    def sheet(self, name: str) -> Sheet:
        """A worksheet, parsed once."""
        self._write_frames()
        if name not in self._sheets:
            content = self.package.read(self.parts[name])
            self._sheets[name] = Sheet(content, since_1904=self.since_1904)
        return self._sheets[name]

    def frame(self, name: str) -> Sheet:
        """A worksheet without its rows, to edit what stands around them: far less to parse."""
        if name in self._sheets:
            return self._sheets[name]
        if name not in self._frames:
            content = self.package.read(self.parts[name])
            start, end = content.find(_ROWS), content.rfind(_END_OF_ROWS) + len(_END_OF_ROWS)
            if not 0 <= start < end:
                return self.sheet(name)
            sheet = Sheet(content[:start] + _NO_ROWS + content[end:], since_1904=self.since_1904)
            self._frames[name] = sheet, content[start:end]
        return self._frames[name][0]

    def _write_frames(self) -> None:
        for name, (sheet, rows) in self._frames.items():
            if sheet.changed:
                self.package.write(self.parts[name], sheet.to_bytes().replace(_NO_ROWS, rows, 1))
        self._frames.clear()

    def raw(self, name: str) -> bytes | None:
        """A worksheet's bytes, unless it was parsed: those would be out of date."""
        return None if name in self._sheets else self.package.read(self.parts[name])

    def set_raw(self, name: str, content: bytes) -> None:
        """Replace the bytes of a worksheet that was not parsed."""
        self.package.write(self.parts[name], content)

    def mentions(self, name: str, text: bytes) -> bool:
        """Whether a worksheet's XML holds some bytes, without parsing it."""
        return text in self.package.read(self.parts[name])

    @cached_property
    def styles(self) -> Styles:
        """The workbook's styles."""
        return Styles(self.package.read(self._styles_part))

    @property
    def _styles_part(self) -> str:
        return next(rel.cible for rel in self._relations.values() if rel.genre == "styles")

    @cached_property
    def names(self) -> dict[str, tuple[str, int, int]]:
        """Defined names of one cell: name → sheet, row, column."""
        found = {}
        for item in self._root.iterfind(f"{self._ns}definedNames/{self._ns}definedName"):
            match = _SINGLE.fullmatch(item.text or "")
            if match and item.get("localSheetId") is None:
                sheet = match[1].strip("'").replace("''", "'")
                found[item.get("name")] = (sheet, int(match[3]), column_index(match[2]))
        return found

    def tables(self, name: str) -> list[Table]:
        """The Excel tables of a sheet."""
        part = self.parts[name]
        return [_table(rel.cible, self.package) for rel in self.package.relations(part) if rel.genre == "table"]

    def extend_table(self, table: Table, last_row: int) -> None:
        """Make a table end at a row further down."""
        original = self.package.read(table.part)
        root = parse(original)
        for element in (root, *(child for child in root if local(child) == "autoFilter")):
            start, _, end = element.get("ref", "").partition(":")
            element.set("ref", f"{start}:{re.sub(r'[0-9]+', '', end)}{last_row}")
        self.package.write(table.part, serialize(root, original))
        table.last_row = last_row

    def print_down_to(self, name: str, row: int, offered: int) -> None:
        """Make what is printed of a sheet reach a row, unless someone chose to print fewer rows than ``offered``."""
        names = [sheet.get("name") for sheet in self._root.find(self._ns + "sheets")]
        for item in self._root.iterfind(f"{self._ns}definedNames/{self._ns}definedName"):
            if item.get("name") == _PRINT_AREA and item.get("localSheetId") == str(names.index(name)):
                area = _FROM_THE_TOP.fullmatch(item.text or "")
                if area and offered <= int(area[2]) < row:
                    item.text = f"{area[1]}{row}"

    def add_sheet(self, name: str, content: bytes) -> Sheet:
        """Add a worksheet after the others."""
        folder = self.part.rpartition("/")[0]
        taken = set(self.package.names())
        number = next(n for n in range(1, 10_000) if f"{folder}/worksheets/sheet{n}.xml" not in taken)
        part = f"{folder}/worksheets/sheet{number}.xml"
        self.package.write(part, content)
        self.package.declare(part, _WORKSHEET)
        sheets = self._root.find(self._ns + "sheets")
        identifier = max(int(sheet.get("sheetId")) for sheet in sheets) + 1
        attribute = next(key for sheet in sheets for key in sheet.attrib if local_name(key) == "id")
        attributes = {
            "name": name,
            "sheetId": str(identifier),
            attribute: self.package.relate(self.part, "worksheet", part),
        }
        sheets.append(etree.Element(self._ns + "sheet", attributes))
        self.parts[name] = part
        return self.sheet(name)

    def recalculate_on_load(self) -> None:
        """Ask the spreadsheet to compute everything when it opens the file."""
        calc = self._root.find(self._ns + "calcPr")
        if calc is None:
            calc = etree.Element(self._ns + "calcPr")
            before = next(found for name in _CALC_AFTER if (found := self._root.find(self._ns + name)) is not None)
            before.addnext(calc)
        calc.set("fullCalcOnLoad", "1")

    def save(self) -> bytes:
        """The whole file, with what changed."""
        self._write_frames()
        for name, sheet in self._sheets.items():
            if sheet.changed:
                self.package.write(self.parts[name], sheet.to_bytes())
        if "styles" in self.__dict__ and self.styles.changed:
            self.package.write(self._styles_part, self.styles.to_bytes())
        if etree.tostring(self._root) != etree.tostring(parse(self._original)):
            self.package.write(self.part, serialize(self._root, self._original))
        return self.package.to_bytes()


def local_name(key: str) -> str:
    """An attribute's name without its namespace."""
    return key.rpartition("}")[2]


def _relation_id(sheet: Any) -> str:
    """The ``r:id`` of a sheet, in either flavour of the standard."""
    return next((value for key, value in sheet.attrib.items() if key.endswith("/relationships}id")), "")


def _table(part: str, package: Package) -> Table:
    root = parse(package.read(part))
    match = _REF.fullmatch(root.get("ref", ""))
    if match is None:
        raise KeyError(f"{part}: no ref")
    columns = next(child for child in root if local(child) == "tableColumns")
    return Table(
        part,
        root.get("displayName") or root.get("name"),
        int(match[2]),
        column_index(match[1]),
        int(match[4] or match[2]),
        column_index(match[3] or match[1]),
        tuple(column.get("name") for column in columns),
        totals=root.get("totalsRowCount", "0") != "0",
    )
