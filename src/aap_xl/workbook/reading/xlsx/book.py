"""The parts of an .xlsx: which sheets there are, what goes with each, and what their cells hold."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from aap_xl.cells import Zone, a1, column_index
from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.limits import LARGE, Excess, excess
from aap_xl.workbook.ooxml.usual import Odd, check_child, root_end
from aap_xl.workbook.ooxml.view import View
from aap_xl.workbook.ooxml.walk import SHEET, TAGS_MAX, elements, root
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse
from aap_xl.workbook.reading.marks import Erreur, Marks, Place
from aap_xl.workbook.reading.sheets import AREAS_MAX, CELLS_MAX, MERGES_MAX, NOTES_MAX, sheet_too_large, too_many
from aap_xl.workbook.reading.xlsx.cells import Cells
from aap_xl.workbook.reading.xlsx.formats import formats
from aap_xl.workbook.reading.xlsx.scan import Scan, Twice, scan, unreadable, usual_rows
from aap_xl.workbook.reading.xlsx.strings import Strings

_REF = pattern(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)
_ARRAY = pattern(rb' ref="([^"]*)"')
_NAMES = pattern(rb"<definedNames>((?:<definedName [^<>]*+>[^<>]*+</definedName>){0,20000})</definedNames>")
_NAMED = pattern(rb">'?([^'!<>]++)'?!\$([A-Z]++)\$(\d++)</")
_COMPUTED = pattern(rb'<c r="([A-Z]++\d++)"(?: s="\d++")?(?: t="(?:str|n|b)")?><f[ />]')
_ARRAYS_MAX = 2**16
"""Cells that array and shared formulas may cover, all together; no operator has that many."""
_CELL_MIN = len(b'<c r="A1"><v></v></c>')
"""Bytes that a filled cell takes at least, in the usual writing."""
_KEPT_MAX = 2**15
"""Bytes of a part of a table that is remembered: files of one campaign have many alike."""
_AFTER_ROWS = b"</sheetData></worksheet>"
_CELLS = "worksheet"
_NOTES = ("comments", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment")
Room = Callable[[str, int, int], None]


class Book:
    """One workbook, each sheet of which is scanned when it is asked for.

    Attributes: noms: the sheets' names, in order; cellules: those that have cells; depuis_1904: whether days are
                counted from 1904.
    """

    def __init__(self, parties: View, room: Room) -> None:
        """Find the sheets.

        Args:   room: told the last row and column of a sheet being scanned, may raise.
        Raises: ValueError if a part is not well-formed, or names no sheet; KeyError if one is missing.
        """
        self._parties = parties
        self._room = room
        self._scans: dict[str, Scan] = {}
        self._links: dict[str, list[tuple[str, str]]] = {}
        self._rewritten = self._cells = self._bytes = self._area = 0
        self._uncounted: list[bytes] = []
        self.noms: list[str] = []
        self.depuis_1904 = False
        self._related = self._relations(parties.main)
        self._sheets: dict[str, tuple[str, str]] = {}
        self._main = parties[parties.main]
        self._names = _NAMES.search(self._main)
        frame = _without(self._main, self._names)
        for path, given, _ in elements(frame, SHEET, "workbook/workbookPr", "workbook/sheets/sheet"):
            if path == "workbook/workbookPr":
                self.depuis_1904 = given.get("date1904") in ("1", "true")
            else:
                self.noms.append(given.get("name", ""))
                self._sheets.setdefault(self.noms[-1], self._related.get(given.get("r:id", ""), ("", "")))
        if not self.noms:
            raise ValueError("a workbook without a sheet")
        self.cellules = {nom for nom, (kind, _) in self._sheets.items() if kind == _CELLS}

    @cached_property
    def noms_definis(self) -> dict[str, str]:
        """Defined names and what they name; the whole workbook's where sheets have one too. Raises: ValueError."""
        found = elements(self._main, SHEET, "workbook/definedNames/definedName")
        found.sort(key=lambda name: "localSheetId" not in name.given)
        return {given.get("name", ""): text for _, given, text in found}

    def computed(self, noms: Iterable[str]) -> bool:
        """Whether it is sure, without reading them, that every named cell of some sheets is a formula, not in error."""
        parts = {nom.encode(): self._parties[self._sheets[nom][1]] for nom in self.cellules.intersection(noms)}
        try:
            cells = {(nom, cell) for nom, part in parts.items() for cell in _COMPUTED.findall(usual_rows(part))}
        except Odd:
            return False
        return {(nom, cell + line) for nom, cell, line in _NAMED.findall(self._named()) if nom in parts} <= cells

    def _named(self) -> bytes:
        """What defined names name, each between ``>`` and ``</``. Raises: ValueError."""
        try:
            return _usual_names(self._main, self._names)
        except Odd:
            return "".join(f">{text}</" for text in self.noms_definis.values()).encode()

    @cached_property
    def values(self) -> Cells:
        """What each writing of a cell is worth. Raises: ValueError if a part is not well-formed."""
        strings, styles = self._parties.get(self._strings), self._parties.get(self._part("styles"))
        return Cells(
            Strings(strings) if strings else None, formats(styles) if styles else [], depuis_1904=self.depuis_1904
        )

    @property
    def _strings(self) -> str:
        return self._part("sharedStrings")

    def _part(self, kind: str) -> str:
        return next((path for found, path in self._related.values() if found == kind), "")

    def scan(self, nom: str) -> Scan:
        """What a sheet holds.

        Raises: ValueError if it can't be read; KeyError if it is not there; whatever ``room`` raises.
        """
        if nom not in self._scans:
            part = self._parties[self._sheets[nom][1]]
            self._bytes += len(part)
            self._uncounted.append(part)
            if self._bytes > CELLS_MAX * _CELL_MIN or len(part) > LARGE:
                self._count(nom)
            found = self._scans[nom] = self._scanned(nom, part)
            self._area += found.hauteur * found.largeur
            if self._area > AREAS_MAX:
                raise sheet_too_large(nom, found.hauteur, found.largeur)
        return self._scans[nom]

    def _count(self, nom: str) -> None:
        """Refuse the workbook if the sheets asked for so far have too many cells: of usual ones, their size tells."""
        self._cells += sum(part.count(b"</v>") + part.count(b"</t>") for part in self._uncounted)
        self._uncounted.clear()
        if self._cells > CELLS_MAX:
            raise too_many(nom, CELLS_MAX, "cellules remplies")

    def _scanned(self, nom: str, part: bytes) -> Scan:
        """A sheet scanned, whatever its writing."""
        try:
            try:
                return self._scan(nom, part)
            except Odd:
                self._count(nom)
                part = self._rewrite(part)
                return self._scan(nom, part)
        except (Excess, FichierRefuse):
            self._count(nom)
            raise
        except (ValueError, KeyError, Odd) as error:
            self._count(nom)
            if adresse := error.adresse if isinstance(error, Twice) else unreadable(part, self.values):
                raise FichierRefuse(Cause.BAD_CELL, {"feuille": nom}, adresse=adresse) from None
            raise

    def first_row(self, nom: str) -> Sequence[object]:
        """A sheet's first row, blank in error cells; the others are not scanned when it is written as usual.

        Raises: as `scan`.
        """
        start, row, _ = self._parties[self._sheets[nom][1]].partition(b"</row>")
        try:
            found = self._scan(nom, start + row + _AFTER_ROWS) if row else self.scan(nom)
        except Odd:
            found = self.scan(nom)
        return ["" if type(value) is Erreur else value for value in found.lignes.get(1, ())]

    def _scan(self, nom: str, part: bytes) -> Scan:
        return scan(part, self.values, lambda rows, columns: self._room(nom, rows, columns))

    def _rewrite(self, part: bytes) -> bytes:
        from aap_xl.workbook.reading.xlsx.rewriting import sheet  # noqa: PLC0415 - rare

        self._rewritten += part.count(b"<")
        if self._rewritten > TAGS_MAX:
            raise excess(part, TAGS_MAX)
        return sheet(part)

    def rows(self, nom: str) -> list[list[object]]:
        """A sheet's values from its first row and column, blank where a cell is in error. Raises: as `scan`."""
        rows = self.scan(nom).rows()
        for line, column in self._errors(nom):
            rows[line - 1][column - 1] = ""
        return rows

    def _errors(self, nom: str) -> dict[Place, str]:
        if not self.values.en_erreur:
            return {}
        return {
            (line, column): str(value)
            for line, values in self.scan(nom).lignes.items()
            for column, value in enumerate(values, 1)
            if type(value) is Erreur
        }

    def marks(self, nom: str) -> Marks:
        """Everything a sheet says beyond its values. Raises: as `scan`."""
        found = self.scan(nom)
        marks = Marks(
            erreurs=self._errors(nom),
            formules={*found.formules, *_covered(found.etendues)},
            vides=lambda: self._uncomputed(nom, found),
            masquees=found.masquees,
        )
        merges = found.cadre.count(b"mergeCell")
        if merges > 2 * MERGES_MAX:
            raise too_many(nom, MERGES_MAX, "cellules fusionnées")
        if merges:
            merged = elements(found.cadre, SHEET, "worksheet/mergeCells/mergeCell")
            marks.fusions = [zone for item in merged for zone in _zones(item.given.get("ref", ""))]
        for part in self._linked(nom, "table"):
            for zone, has_totals in _tables(part):
                marks.plages.append(zone)
                if has_totals:
                    marks.totaux.add(zone[2])
        return marks

    def _uncomputed(self, nom: str, found: Scan) -> set[Place]:
        places = set(map(_place, found.sans_valeur()))
        self._room(nom, max((line for line, _ in places), default=0), max((column for _, column in places), default=0))
        return places

    def notes(self, nom: str) -> list[bytes]:
        """The parts that hold a sheet's comments."""
        parts = self._linked(nom, *_NOTES)
        if sum(part.count(b"ref=") for part in parts) > NOTES_MAX:
            raise too_many(nom, NOTES_MAX, "commentaires")
        return parts

    def unread(self) -> Iterator[bytes]:
        """The parts of the sheets not scanned so far, and the strings they share."""
        paths = [path for nom, (_, path) in self._sheets.items() if nom not in self._scans]
        return (self._parties[path] for path in (*paths, self._strings) if path in self._parties)

    def _linked(self, nom: str, *kinds: str) -> list[bytes]:
        """The parts of some kinds that go with a sheet. Raises: KeyError if one is missing."""
        if nom not in self._links:
            self._links[nom] = list(self._relations(self._sheets[nom][1]).values())
        return [self._parties[path] for kind, path in self._links[nom] if kind in kinds]

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """The kind and the part of each thing related to a part, by its mark."""
        return {link.id: (link.kind, link.target) for link in self._parties.relations(path) if not link.external}


def _place(address: bytes) -> Place:
    letters = address.rstrip(b"0123456789")
    return int(address[len(letters) :]), column_index(letters.decode())


def _without(workbook: bytes, names: re.Match[bytes] | None) -> bytes:
    """A workbook's part without its defined names, which are many."""
    return workbook[: names.start()] + workbook[names.end() :] if names else workbook


def _usual_names(workbook: bytes, names: re.Match[bytes] | None) -> bytes:
    """A workbook's defined names, the quotes of the sheets they name put plainly. Raises: Odd."""
    check_child(workbook, root_end(workbook, b"workbook"), names.start() if names else -1)
    found = names[1].replace(b"&apos;", b"'") if names else b""
    if b"&#" in found:
        raise Odd
    return found


def _zones(reference: str) -> Iterator[Zone]:
    """The range of a reference, if it is one."""
    if found := _REF.fullmatch(reference.upper()):
        first, top, last, bottom = found.groups()
        yield int(top), column_index(first), int(bottom), column_index(last)


def _tables(part: bytes) -> list[tuple[Zone, bool]]:
    return (_kept_tables if len(part) <= _KEPT_MAX else _kept_tables.__wrapped__)(part)


@lru_cache(maxsize=64)
def _kept_tables(part: bytes) -> list[tuple[Zone, bool]]:
    """The range of a table, if it has one, and whether its last row is one of totals."""
    path, given, _ = root(part, SHEET)
    zones = _zones(given.get("ref", "")) if path == "table" else ()
    return [(zone, given.get("totalsRowCount", "0") != "0") for zone in zones]


def _covered(starts: set[bytes]) -> Iterator[bytes]:
    """The addresses that array and shared formulas cover."""
    left_over = _ARRAYS_MAX
    for start in starts:
        for reference in _ARRAY.findall(start):
            for top, left, bottom, right in _zones(reference.decode(errors="replace")):
                left_over -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
                if left_over < 0:
                    return
                rows, columns = range(top, bottom + 1), range(left, right + 1)
                yield from (a1(row, column).encode() for row in rows for column in columns)
