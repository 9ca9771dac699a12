"""The records of an .xlsb (BIFF12): the values of its sheets, and what they say beyond.

Source: [MS-XLSB] 2.1.4 (records), 2.3 (their numbers), 2.4 (their fields).
"""

import struct
from collections.abc import Iterator, Mapping

from aap_xl.cells import column_index
from aap_xl.workbook.ooxml.namespaces import THREADED_COMMENTS
from aap_xl.workbook.ooxml.view import View, rels_name
from aap_xl.workbook.ooxml.walk import Vocabulary, elements
from aap_xl.workbook.reading.others.records import Budget, RecordsBook, RecordsSheet, short
from aap_xl.workbook.reading.others.xlsb_formats import formats
from aap_xl.workbook.reading.xlsx.formats import Shown, as_shown

_ROW, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED, _RICH = 0, 2, 3, 4, 5, 6, 7, 62
_F_TEXT, _F_NUMBER, _F_BOOL, _F_ERROR = 8, 9, 10, 11
_NAME, _BOOK, _BUNDLE, _MERGED, _SELF, _SAME, _LINK, _ADDIN, _SHEETS = 39, 153, 156, 176, 357, 358, 355, 667, 362
_NOTE, _NOTE_TEXT, _TABLE, _STRING = 635, 637, 343, 19
_VALUES = frozenset((_RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED, _RICH))
_FORMULAS = frozenset((_F_TEXT, _F_NUMBER, _F_BOOL, _F_ERROR))
_REALS = frozenset((_REAL, _F_NUMBER))
_SHORT = frozenset(range(12, 19))
"""Cells that say no column: the next one. Excel writes none."""
_LINKS = frozenset((_SELF, _SAME, _LINK, _ADDIN))
_HIDDEN = 0x10
_REFERENCE = frozenset((0x3A, 0x5A, 0x7A))
"""A cell of a named sheet, in a formula."""
_MISSING = 0xFFFFFFFF
_THREADED = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
_COMMENTS = Vocabulary({THREADED_COMMENTS: ""})
_COMMENT = "ThreadedComments/threadedComment"

Record = tuple[int, memoryview]


def read(parties: Mapping[str, bytes]) -> RecordsBook:
    """Every sheet of an .xlsb, from its parts.

    Raises: Excess if there are too many records; ValueError, KeyError, IndexError or struct.error if one is cut or
            lies.
    """
    return _Reader(parties).book


def records(part: bytes, budget: Budget) -> Iterator[Record]:
    """Number and content of every record of a part.

    Raises: ValueError or IndexError if one goes beyond the part.
    """
    view = memoryview(part)
    position, end = 0, len(part)
    while position < end:
        # 05 | 10 | 01 00 00 00 | 0F 00 00 00 | 00 00 00 00 00 00 F8 3F: record 5, a number, of 16 bytes: the second
        # column (from 0), the look 15, and 1.5. FB 04 | AC 02: record 635 of 300 bytes; of both numbers, seven bits
        # a byte, the lowest first, and the eighth says that another follows: 0x7B + 4 * 128, 0x2C + 2 * 128.
        kind = part[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[position] & 0x7F) << 7
            position += 1
        size = shift = 0
        while True:
            byte = part[position]
            position += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift == 28:
                break
        if position + size > end:
            raise ValueError("a record goes beyond its part")
        budget.record(size)
        yield kind, view[position : position + size]
        position += size


def text(data: memoryview, start: int) -> tuple[str, int]:
    """A counted text, and where it ends. Raises: ValueError or struct.error if it goes beyond its record."""
    [count] = struct.unpack_from("<I", data, start)
    if count == _MISSING:
        return "", start + 4
    end = start + 4 + 2 * count
    if end > len(data):
        raise ValueError("a text goes beyond its record")
    return str(data[start + 4 : end], "utf-16-le", "replace"), end


class _Reader:
    """The reading of one file."""

    def __init__(self, parties: Mapping[str, bytes]) -> None:
        self.book = RecordsBook()
        self._parties = View(parties)
        self._budget = Budget()
        self._noms: list[str] = []
        self._links: list[int] = []
        self._names: list[memoryview] = []
        self._targets: list[tuple[int, int]] = []
        self._workbook()
        for data in self._names:
            self._name(data)
        self.book.settle()

    def _workbook(self) -> None:
        targets = self._relations(self._parties.main)
        styles = next((path for genre, path in targets.values() if genre == "styles"), "")
        self._formats = formats(records(self._parties.get(styles, b""), self._budget))
        strings = next((path for genre, path in targets.values() if genre == "sharedStrings"), "")
        shared = records(self._parties.get(strings, b""), self._budget)
        self._strings = [text(data, 1)[0] for kind, data in shared if kind == _STRING]
        found: list[tuple[str, str]] = []
        for kind, data in records(self._parties[self._parties.main], self._budget):
            if kind == _BUNDLE:
                self._budget.sheet()
                relation, end = text(data, 8)
                self._noms.append(text(data, end)[0])
                found.append(targets.get(relation, ("", "")))
            elif kind == _BOOK:
                self.book.depuis_1904 = bool(data[0] & 1)
            elif kind in _LINKS:
                self._links.append(kind)
            elif kind == _SHEETS:
                [count] = struct.unpack_from("<I", data)
                self._targets = [
                    (link, first) for link, first, _ in struct.iter_unpack("<Iii", data[4 : 4 + 12 * count])
                ]
            elif kind == _NAME:
                self._names.append(data)
        for nom, (genre, path) in zip(self._noms, found, strict=True):
            self.book.sheets[nom] = self._sheet(path)
            self.book.sheets[nom].cells = genre == "worksheet"

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Relation → its kind and the part it names."""
        self._budget.xml(self._parties.get(rels_name(path), b""))
        return {link.id: (link.kind, link.target) for link in self._parties.relations(path) if not link.external}

    def _name(self, data: memoryview) -> None:
        """A name of one cell: its formula is a single reference."""
        nom, end = text(data, 9)
        [size] = struct.unpack_from("<I", data, end)
        if size != 9 or data[end + 4] not in _REFERENCE:
            return
        target, row, column = struct.unpack_from("<HIH", data, end + 5)
        link, sheet = self._targets[target] if target < len(self._targets) else (_MISSING, -1)
        if link < len(self._links) and self._links[link] == _SELF and 0 <= sheet < len(self._noms):
            self.book.name(nom, self._noms[sheet], row + 1, (column & 0x3FFF) + 1)

    def _sheet(self, path: str) -> RecordsSheet:
        sheet = RecordsSheet()
        if path not in self._parties:
            return sheet
        row = 0
        for kind, data in records(self._parties[path], self._budget):
            if kind == _ROW:
                row = int.from_bytes(data[:4], "little") + 1
                if data[11] & _HIDDEN:
                    sheet.masquees.add(row)
            elif kind in _VALUES or kind in _FORMULAS:
                self._cell(sheet, kind, row, data)
            elif kind in _SHORT:
                raise ValueError("cells without a column")
            elif kind == _MERGED:
                self._budget.merge(1)
                top, bottom, left, right = struct.unpack_from("<4I", data)
                sheet.fusions.append((top + 1, left + 1, bottom + 1, right + 1))
        for genre, target in self._relations(path).values():
            self._linked(sheet, genre, self._parties.get(target, b""))
        return sheet

    def _cell(self, sheet: RecordsSheet, kind: int, row: int, data: memoryview) -> None:
        column = int.from_bytes(data[:4], "little") + 1
        if kind in (_ERROR, _F_ERROR):
            sheet.error(row, column, data[8])
        else:
            sheet.fill(row, column, self._value(kind, data))
        if kind in _FORMULAS:
            neutral = (kind == _F_NUMBER and not any(data[8:16])) or (kind == _F_TEXT and not any(data[8:12]))
            sheet.formula(row, column, neutral=neutral)

    def _value(self, kind: int, data: memoryview) -> object:
        if kind in _REALS:
            return self._shown(struct.unpack_from("<d", data, 8)[0], data)
        if kind in (_BOOL, _F_BOOL):
            return bool(data[8])
        if kind == _SHARED:
            return self._strings[int.from_bytes(data[8:12], "little")]
        if kind in (_TEXT, _F_TEXT, _RICH):
            return text(data, 9 if kind == _RICH else 8)[0]
        return self._shown(short(struct.unpack_from("<I", data, 8)[0]), data)

    def _shown(self, number: float, data: memoryview) -> object:
        """A number, as the day, the time or the duration that its look makes of it."""
        look = int.from_bytes(data[4:7], "little")
        shown = self._formats[look] if look < len(self._formats) else Shown.NUMBER
        if shown is Shown.NUMBER:
            return number
        return as_shown(number, shown, depuis_1904=self.book.depuis_1904)

    def _linked(self, sheet: RecordsSheet, genre: str, part: bytes) -> None:
        if genre == "table":
            for kind, data in records(part, self._budget):
                if kind == _TABLE:
                    _table(sheet, data)
        elif genre == "comments":
            place = (1, 1)
            for kind, data in records(part, self._budget):
                if kind == _NOTE:
                    row, _, column = struct.unpack_from("<3I", data, 4)
                    place = (row + 1, column + 1)
                elif kind == _NOTE_TEXT:
                    sheet.notes.append((place, text(data, 1)[0]))
        elif genre == _THREADED:
            for attributes, said in _threaded(self._budget.xml(part)):
                sheet.notes.append((_place(attributes.get("ref", "")), said))


def _table(sheet: RecordsSheet, data: memoryview) -> None:
    top, bottom, left, right, _, _, _, totals = struct.unpack_from("<8I", data)
    sheet.plages.append((top + 1, left + 1, bottom + 1, right + 1))
    if totals:
        sheet.totaux.add(bottom + 1)


def _threaded(part: bytes) -> Iterator[tuple[dict[str, str], str]]:
    """The attributes and text of each threaded comment, which are in XML even there."""
    said: dict[str, str] = {}
    for path, given, text in elements(part, _COMMENTS, _COMMENT, f"{_COMMENT}/text") if part else []:
        if path == _COMMENT:
            said = given
        else:
            yield said, text


def _place(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    number = address[len(letters) :]
    return (int(number), column_index(letters)) if number and letters.isascii() and letters.isalpha() else (1, 1)
