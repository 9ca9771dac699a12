"""The raw pass over the XML of an .xlsx: cells in error, formulas, merged ranges, hidden rows, tables.

Sheets are scanned by regular expressions over the bytes, which costs a millisecond where a parser costs twenty; a
sheet written in an unusual way (prefixes, other order of attributes) is first rewritten in the usual way. The
expressions for what few sheets hold are compiled only when one does.
"""

import re
from collections.abc import Mapping
from functools import cached_property

from aap_xl.cells import a1, column_index
from aap_xl.workbook.reading.marks import Marks, Place, Zone
from aap_xl.workbook.reading.xmlparts import elements, named

_FORMULA = re.compile(rb"<f( [^<>]*)?(?:/>|>[^<]*</f>)")
_ARRAY = rb' ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"'
_ARRAYS_MAX = 2**16
"""Cells that array and shared formulas may cover, all together; no operator has that many."""
_FORMULA_CELL = rb'<c r="([A-Z]+)(\d+)"([^<>]*)><f/>(<v>[^<])?'
_ERROR = rb'<c r="([A-Z]+)(\d+)"[^<>]* t="e"[^<>]*>(?:<f/>)?(?:<v>([^<]*)</v>)?'
_HIDDEN = rb'<row r="(\d+)"[^<>]* hidden="(?:1|true)"'
_MERGED = rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"'
_ODD_CELL = re.compile(rb'<c(?! r="[A-C]?[A-Z]\d{1,4}")[\s/>]')
"""A cell whose address does not come first, or is beyond row 9999 or column CZ."""
_PREFIXED = re.compile(rb":c[\s/>]")
_FILLED = rb'<c r="([A-Z]+)(\d+)"(?:[^<>]*[^/<>])?>(?!</c>)'
_NEAR = (9999, 104)
_NOT_CELLS = ("docProps/", "customXml/", "xl/charts/", "xl/drawings/", "xl/tables/", "xl/theme/")
_TABLE = re.compile(rb"<(?:\w+:)?table\s[^<>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_REF = re.compile(rb"([A-Z]+)(\d+):([A-Z]+)(\d+)")


class RawSheet:
    """One worksheet's part, its formulas emptied, and the parts of its tables and notes.

    Attributes: part: what calamine may be given; xml: the same in the usual writing; notes: parts of its comments.
    """

    def __init__(self, part: bytes, tables: tuple[bytes, ...] = (), notes: tuple[bytes, ...] = ()) -> None:
        """Empty the formulas, which are most of a sheet, before anything else goes through it.

        Raises: ValueError if the sheet has to be rewritten and is not well-formed.
        """
        self._tables = tables
        self.notes = notes
        self._before_formulas: list[bytes] = []
        self._arrays: list[Zone] = []
        self.part = self._emptied(part)
        self.xml, self._near = canonical(self.part)
        if self.xml is not self.part:
            self.xml = self._emptied(self.xml)

    def _emptied(self, xml: bytes) -> bytes:
        pieces = _FORMULA.split(xml)
        if any(pieces[1::2]):
            self._arrays = [_zone(*found) for found in re.findall(_ARRAY, b"".join(filter(None, pieces[1::2])))]
        self._before_formulas = pieces[:-1:2]
        return b"<f/>".join(pieces[::2])

    @property
    def extent(self) -> Place:
        """A bound on the last row and column that hold something; exact when one is unusually far."""
        if self._near:
            return _NEAR
        rows = 1
        letters: set[bytes] = set()
        for column, row in re.findall(_FILLED, self.xml):
            letters.add(column)
            rows = max(rows, int(row))
        return rows, max(map(_column, letters), default=1)

    @cached_property
    def marks(self) -> Marks:
        """Everything the sheet says beyond its values."""
        marks = Marks(formules=self._formulas(), vides=self._without_value)
        if b't="e"' in self.xml:
            for column, row, text in re.findall(_ERROR, self.xml):
                marks.erreurs[int(row), _column(column)] = text.decode(errors="replace") or "#ERREUR"
        if b" hidden=" in self.xml:
            marks.masquees = {int(row) for row in re.findall(_HIDDEN, self.xml)}
        start = self.xml.rfind(b"<mergeCells")
        if start >= 0:
            marks.fusions = [_zone(*found) for found in re.findall(_MERGED, self.xml[start:])]
        for table in self._tables:
            _add_table(marks, table)
        return marks

    def _formulas(self) -> set[bytes]:
        found = {before.rpartition(b'<c r="')[2].partition(b'"')[0] for before in self._before_formulas}
        left_over = _ARRAYS_MAX
        for top, left, bottom, right in self._arrays:
            left_over -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
            if left_over < 0:
                break
            rows, columns = range(top, bottom + 1), range(left, right + 1)
            found.update(a1(row, column).encode() for row in rows for column in columns)
        return found

    def _without_value(self) -> set[Place]:
        return {
            (int(row), _column(letters))
            for letters, row, attributes, value in re.findall(_FORMULA_CELL, self.xml)
            if not value and b't="str"' not in attributes
        }


def _column(letters: bytes) -> int:
    return column_index(letters.decode())


def _zone(first: bytes, top: bytes, last: bytes, bottom: bytes) -> Zone:
    return int(top), _column(first), int(bottom), _column(last)


def _add_table(marks: Marks, part: bytes) -> None:
    head = _TABLE.search(part)
    attributes = dict(_ATTRIBUTE.findall(head[0])) if head else {}
    found = _REF.fullmatch(attributes.get(b"ref", b""))
    if found:
        zone = _zone(*found.groups())
        marks.plages.append(zone)
        if attributes.get(b"totalsRowCount", b"0") != b"0":
            marks.totaux.add(zone[2])


class RawWorkbook:
    """The parts of an .xlsx, sheet by sheet.

    Attributes: depuis_1904: whether days are counted from 1904; noms: defined names and what they name.
    """

    def __init__(self, parties: Mapping[str, bytes]) -> None:
        """Find the sheets and empty their formulas.

        Raises: ValueError if a part is not well-formed; KeyError if one is missing.
        """
        self._parties = parties
        book = elements(parties["xl/workbook.xml"])
        targets = self._relations("xl/workbook.xml")
        self.depuis_1904 = any(item.get("date1904") in ("1", "true") for item, _ in named(book, "workbookPr"))
        self.noms = {item.get("name", ""): text for item, text in named(book, "definedName")}
        self._chemins = {
            item.get("name", ""): targets.get(item.get("id", ""), ("", ""))[1] for item, _ in named(book, "sheet")
        }
        self._sheets = {nom: self._read(path) for nom, path in self._chemins.items() if path in parties}

    def _read(self, path: str) -> RawSheet:
        linked = list(self._relations(path).values())
        tables = tuple(self._parties[target] for kind, target in linked if kind == "table")
        notes = tuple(self._parties[target] for kind, target in linked if kind in ("comments", "threadedComment"))
        return RawSheet(self._parties[path], tables, notes)

    def sheet(self, nom: str) -> RawSheet:
        """One sheet by its name; an empty one if the part is missing."""
        return self._sheets.get(nom) or RawSheet(b"")

    def emptied(self) -> dict[str, bytes]:
        """The parts that calamine needs, the sheets without the text of their formulas."""
        needed = {name: part for name, part in self._parties.items() if not name.startswith(_NOT_CELLS)}
        return needed | {self._chemins[nom]: sheet.part for nom, sheet in self._sheets.items()}

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


def canonical(xml: bytes) -> tuple[bytes, bool]:
    """A sheet written as Excel writes it; any other well-formed writing is rewritten, without its styles.

    Returns: the sheet, and whether all its cells are known to be near the first one.
    Raises:  ValueError if it has to be rewritten and is not well-formed.
    """
    odd = _ODD_CELL.search(xml) is not None
    row = xml.find(b"<row")
    usual = (row < 0 or xml.startswith(b'<row r="', row)) and not _PREFIXED.search(xml)
    if usual and odd:
        usual = sum(xml.count(start) for start in (b"<c ", b"<c>", b"<c/", b"<c\n", b"<c\t", b"<c\r")) == xml.count(
            b'<c r="'
        )
    if usual:
        return xml, not odd
    from aap_xl.workbook.reading.rewriting import rewrite  # noqa: PLC0415 - rare

    return rewrite(xml), False
