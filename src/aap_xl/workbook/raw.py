"""The raw pass over the XML of an .xlsx: cells in error, formulas, merged ranges, hidden rows, tables.

Sheets are scanned by regular expressions over the bytes, which costs a millisecond where a parser costs twenty; a
sheet written in an unusual way (prefixes, other order of attributes) is first rewritten in the usual way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aap_xl.cells import column_index
from aap_xl.workbook.marks import Marks, Place, Zone
from aap_xl.workbook.xmlparts import elements, named

_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^<>]*><f')
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^<>]*)><f(?:[^<>]*/>|[^<>]*>[^<]*</f>)(<v>[^<])?')
_ARRAY = re.compile(rb'<f [^<>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"[^<>]*>')
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^<>]* t="e"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(?:<v>([^<]*)</v>)?')
_HIDDEN = re.compile(rb'<row r="(\d+)"[^<>]* hidden="(?:1|true)"')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FAR = re.compile(rb'<c r="(?:[A-Z]{1,3}\d{5}|[A-Z]{3}\d|[D-Z][A-Z]\d)')
_FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^<>]*[^/<>]>(?!</c>)')
_NEAR = (9999, 104)
_REF = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


@dataclass(frozen=True)
class RawSheet:
    """One worksheet's part and the parts of its tables."""

    xml: bytes
    tables: tuple[bytes, ...] = ()

    def extent(self) -> Place:
        """A bound on the last row and column that hold something; exact when it is unusually far."""
        if not _FAR.search(self.xml):
            return _NEAR
        rows = columns = 1
        letters: set[bytes] = set()
        for column, row in _FILLED.findall(self.xml):
            letters.add(column)
            rows = max(rows, int(row))
        columns = max((column_index(item.decode()) for item in letters), default=1)
        return rows, columns

    @cached_property
    def marks(self) -> Marks:
        """Everything the sheet says beyond its values, but for the formulas of computed columns."""
        marks = Marks(formules=self._formulas())
        if b't="e"' in self.xml:
            for column, row, text in _ERROR.findall(self.xml):
                marks.erreurs[int(row), _column(column)] = text.decode(errors="replace")
        if b" hidden=" in self.xml:
            marks.masquees = {int(row) for row in _HIDDEN.findall(self.xml)}
        start = self.xml.rfind(b"<mergeCells")
        if start >= 0:
            marks.fusions = [_zone(*found) for found in _MERGED.findall(self.xml, start)]
        for table in self.tables:
            _add_table(marks, table)
        return marks

    def without_value(self, calculees: set[int]) -> set[Place]:
        """The formulas without a value, computed columns left aside."""
        wanted = self.marks.formules or {}
        if not wanted.keys() - calculees:
            return set()
        found = set()
        for letters, row, attributes, value in _FORMULA_CELL.findall(self.xml):
            if not value and b't="str"' not in attributes and (column := _column(letters)) not in calculees:
                found.add((int(row), column))
        return found

    def _formulas(self) -> dict[int, set[int]]:
        rows: dict[bytes, set[int]] = {}
        for column, row in _FORMULA.findall(self.xml):
            try:
                rows[column].add(int(row))
            except KeyError:
                rows[column] = {int(row)}
        found = {_column(column): lines for column, lines in rows.items()}
        if b't="array"' in self.xml:
            for first_row, first, last_row, last in (_zone(*zone) for zone in _ARRAY.findall(self.xml)):
                for column in range(first, last + 1):
                    found.setdefault(column, set()).update(range(first_row, last_row + 1))
        return found


def _column(letters: bytes) -> int:
    return column_index(letters.decode())


def _zone(first: bytes, top: bytes, last: bytes, bottom: bytes) -> Zone:
    return int(top), _column(first), int(bottom), _column(last)


def _add_table(marks: Marks, part: bytes) -> None:
    for attributes, _ in named(elements(part), "table"):
        found = _REF.fullmatch(attributes.get("ref", ""))
        if found:
            zone = _zone(*(item.encode() for item in found.groups()))
            marks.plages.append(zone)
            if attributes.get("totalsRowCount", "0") != "0":
                marks.totaux.add(zone[2])


class RawWorkbook:
    """The parts of an .xlsx, sheet by sheet. Raises ValueError where a part it needs is not well-formed."""

    def __init__(self, parties: Mapping[str, bytes]) -> None:
        self._parties = parties
        book = elements(parties["xl/workbook.xml"])
        targets = self._relations("xl/workbook.xml")
        self.depuis_1904 = any(item.get("date1904") in ("1", "true") for item, _ in named(book, "workbookPr"))
        self.noms = {item.get("name", ""): text for item, text in named(book, "definedName")}
        self._chemins = {
            item.get("name", ""): targets.get(item.get("id", ""), ("", ""))[1] for item, _ in named(book, "sheet")
        }
        self._sheets: dict[str, RawSheet] = {}

    def sheet(self, nom: str) -> RawSheet:
        """One sheet by its name; an empty one if the part is missing."""
        if nom not in self._sheets:
            path = self._chemins.get(nom, "")
            tables = [cible for genre, cible in self._relations(path).values() if genre == "table"]
            self._sheets[nom] = RawSheet(
                canonical(self._parties.get(path, b"")), tuple(self._parties.get(table, b"") for table in tables)
            )
        return self._sheets[nom]

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        folder, _, name = path.rpartition("/")
        part = self._parties.get(f"{folder}/_rels/{name}.rels")
        if part is None:
            return {}
        return {
            item.get("Id", ""): (item.get("Type", "").rpartition("/")[2], _resolve(folder, item.get("Target", "")))
            for item, _ in named(elements(part), "Relationship")
        }


def _resolve(folder: str, target: str) -> str:
    """A relation's target as a part's name."""
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def canonical(xml: bytes) -> bytes:
    """A sheet written as Excel writes it; any other well-formed writing is rewritten, without its styles."""
    usual = (
        xml.count(b"<c ") == xml.count(b'<c r="')
        and xml.count(b"<row ") == xml.count(b'<row r="')
        and b"<c>" not in xml
        and b"<row>" not in xml
        and b":sheetData" not in xml[:20000]
        and b"<!" not in xml
    )
    if usual:
        return xml
    from aap_xl.workbook.rewriting import rewrite  # noqa: PLC0415 - rare

    return rewrite(xml)
