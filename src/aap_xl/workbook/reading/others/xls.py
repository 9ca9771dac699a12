"""The records of an .xls (BIFF8, and BIFF5 as far as it goes): the values of its sheets, and what they say beyond.

Source: [MS-XLS] 2.1.4 (records), 2.4 (their fields), 2.5.293 (texts).
What can't be seen: the ranges of tables, which the format has not; in BIFF5 (Excel 95), names and merged cells.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from aap_xl.workbook.reading.others.records import Budget, Protege, RecordsBook, RecordsSheet, short
from aap_xl.workbook.reading.others.xls_texts import Continued, plain
from aap_xl.workbook.reading.xlsx.formats import BUILTIN, Shown, as_shown, shown

_BOF, _EOF, _PASSWORD, _SHEET, _DATES = 0x809, 0x0A, 0x2F, 0x85, 0x22
_NAME, _LINK, _TARGETS = 0x18, 0x1AE, 0x17
_CODE_PAGE, _FORMAT, _LOOK, _STRINGS = 0x42, 0x41E, 0xE0, 0xFC
_ROW, _FORMULA, _STRING, _BOOL_OR_ERROR, _MERGED = 0x208, 0x06, 0x207, 0x205, 0xE5
_NUMBER, _RK, _LABEL, _RICH, _SHARED, _RKS = 0x203, 0x27E, 0x204, 0xD6, 0xFD, 0xBD
_OBJECT, _DRAWN_TEXT, _CONTINUE, _NOTE = 0x5D, 0x1B6, 0x3C, 0x1C
_VALUES = frozenset((_NUMBER, _RK, _LABEL, _RICH, _SHARED, _BOOL_OR_ERROR, _FORMULA))
_NOTES = frozenset((_OBJECT, _DRAWN_TEXT, _CONTINUE, _NOTE))
_BETWEEN = frozenset((0x4BC, 0x221, 0x236))
"""Shared formula, array, data table: what may stand between a formula and its text."""
_BIFF8 = 0x600
_HIDDEN, _BUILT_IN = 0x20, 0x20
_NOT_A_NUMBER, _TEXT, _TRUTH, _ERROR, _BLANK = b"\xff\xff", 0, 1, 2, 3
_OURS = 0x401
"""A link to the workbook itself."""
_NONE = 0xFFFF
_REFERENCE = frozenset((0x3A, 0x5A, 0x7A))
"""A cell of a named sheet, in a formula."""

Record = tuple[int, memoryview]


def read(octets: bytes) -> RecordsBook:
    """Every sheet of an .xls, from the bytes of the file.

    Raises: Protege; Excess if there are too many records; ValueError, IndexError, struct.error or OSError if the file
            or a record is cut or lies.
    """
    return _Reader(_stream(octets)).book


def _stream(octets: bytes) -> bytes:
    import olefile  # noqa: PLC0415 - for this format only

    with olefile.OleFileIO(BytesIO(octets)) as ole:
        name = "Workbook" if ole.exists("Workbook") else "Book"
        found: bytes = ole.openstream(name).read()
    return found


def records(stream: bytes, start: int, budget: Budget) -> Iterator[Record]:
    """Number and content of the records from there to the end of that part of the stream, charts inside left out.

    Raises: ValueError or struct.error if one goes beyond the stream, or if no part begins there.
    """
    view = memoryview(stream)
    position, depth = start, 0
    while True:
        # 03 02 | 0E 00 | 04 00 | 01 00 | 0F 00 | 00 00 00 00 00 00 F8 3F: record 0x203, a number, of 14 bytes:
        # the fifth row, the second column (both from 0), the look 15, and 1.5 on eight bytes.
        kind, size = struct.unpack_from("<HH", stream, position)
        position += 4
        if position + size > len(stream):
            raise ValueError("a record goes beyond the stream")
        budget.record(size)
        if not depth and kind != _BOF:
            raise ValueError("a part of the stream does not begin where it should")
        depth += (kind == _BOF) - (kind == _EOF)
        if not depth:
            return
        if depth == 1:
            yield kind, view[position : position + size]
        position += size


def _text(data: memoryview, start: int, count: int) -> tuple[str, int]:
    """A text of so many characters behind its flag byte, and where it ends."""
    wide = data[start] & 1
    end = start + 1 + count * (1 + wide)
    if end > len(data):
        raise ValueError("a text goes beyond its record")
    return str(data[start + 1 : end], "utf-16-le" if wide else "latin-1", "replace"), end


class _Reader:
    """The reading of one file."""

    def __init__(self, stream: bytes) -> None:
        self.book = RecordsBook()
        self._budget = Budget()
        self._stream = stream
        self._biff8 = struct.unpack_from("<H", stream, 4)[0] >= _BIFF8
        self._page = 1252
        self._noms: list[str] = []
        self._links: list[bool] = []
        self._targets: list[tuple[int, int]] = []
        self._codes = dict(BUILTIN)
        self._looks: list[bytes] = []
        self._strings: list[str] = []
        sheets: list[memoryview] = []
        names: list[memoryview] = []
        strings: list[memoryview] = []
        for kind, data in records(stream, 0, self._budget):
            if kind == _SHEET:
                self._budget.sheet()
                sheets.append(data)
            elif kind == _NAME:
                names.append(data)
            elif kind == _STRINGS or (kind == _CONTINUE and strings):
                strings.append(data)
            else:
                self._global(kind, data)
        if strings:
            for text in Continued(strings, 8).texts(int.from_bytes(strings[0][4:8], "little")):
                self._budget.spend(1)
                self._strings.append(text)
        for data in sheets:
            self._sheet(data)
        for data in names if self._biff8 else ():
            self._name(data)
        self.book.settle()

    def _global(self, kind: int, data: memoryview) -> None:
        """What a record says of the whole file."""
        if kind == _PASSWORD:
            raise Protege
        if kind == _DATES:
            self.book.depuis_1904 = bool(data[0])
        elif kind == _CODE_PAGE:
            [self._page] = struct.unpack_from("<H", data)
        elif kind == _LOOK:
            self._looks.append(b"%d" % struct.unpack_from("<H", data, 2)[0])
        elif kind == _FORMAT:
            code = self._text(data, 2) if self._biff8 else plain(data[3 : 3 + data[2]], self._page)
            self._codes[b"%d" % struct.unpack_from("<H", data)[0]] = shown(code)
        elif kind == _LINK:
            self._links.append(struct.unpack_from("<H", data, 2)[0] == _OURS)
        elif kind == _TARGETS and self._biff8:
            count = int.from_bytes(data[:2], "little")
            rows = data[2 : 2 + 6 * count]
            self._targets = [(link, first) for link, first, _ in struct.iter_unpack("<HHH", rows)]

    def _text(self, data: memoryview, start: int, *more: memoryview) -> str:
        """A text behind its length, continued or not."""
        if self._biff8:
            return Continued([data, *more], start).text()
        [count] = struct.unpack_from("<H", data, start)
        return plain(b"".join((data[start + 2 :], *more))[:count], self._page)

    def _sheet(self, data: memoryview) -> None:
        start, _, genre, count = struct.unpack_from("<IBBB", data)
        nom = _text(data, 7, count)[0].replace("\0", "") if self._biff8 else plain(data[7 : 7 + count], self._page)
        self._noms.append(nom)
        sheet = self.book.sheets[nom] = RecordsSheet(cells=not genre)
        notes = _Notes(sheet, biff8=self._biff8)
        waiting: tuple[int, int] | None = None
        said: list[memoryview] = []
        for kind, fields in records(self._stream, start, self._budget):
            if waiting and said and kind != _CONTINUE:
                sheet.fill(*waiting, self._text(said[0], 0, *said[1:]))
                waiting, said = None, []
            if waiting and kind not in _BETWEEN:
                if kind == _STRING or said:
                    said.append(fields)
                    continue
                sheet.vides.add(waiting)
                waiting = None
            if kind in _VALUES:
                waiting = self._cell(sheet, kind, fields)
            elif kind == _RKS:
                self._several(sheet, fields)
            elif kind == _ROW:
                if fields[12] & _HIDDEN:
                    sheet.masquees.add(int.from_bytes(fields[:2], "little") + 1)
            elif kind == _MERGED:
                self._merged(sheet, fields)
            elif kind in _NOTES:
                notes.record(kind, fields)
        if waiting and said:
            sheet.fill(*waiting, self._text(said[0], 0, *said[1:]))

    def _several(self, sheet: RecordsSheet, data: memoryview) -> None:
        """Numbers of a row, side by side."""
        row, column = struct.unpack_from("<HH", data)
        self._budget.spend(len(data) // 6)
        for look, number in struct.iter_unpack("<HI", data[4 : 4 + (len(data) - 6) // 6 * 6]):
            column += 1
            sheet.fill(row + 1, column, self._shown(short(number), look))

    def _cell(self, sheet: RecordsSheet, kind: int, data: memoryview) -> tuple[int, int] | None:
        """One cell; its place if it is a formula whose value, a text, has to follow."""
        row, column, look = struct.unpack_from("<HHH", data)
        row, column = row + 1, column + 1
        if kind == _FORMULA:
            return self._formula(sheet, row, column, data)
        if kind == _BOOL_OR_ERROR and data[7]:
            sheet.error(row, column, data[6])
        else:
            sheet.fill(row, column, self._value(kind, look, data))
        return None

    def _value(self, kind: int, look: int, data: memoryview) -> object:
        if kind == _SHARED:
            return self._strings[struct.unpack_from("<I", data, 6)[0]]
        if kind in (_LABEL, _RICH):
            return self._text(data, 6)
        if kind == _BOOL_OR_ERROR:
            return bool(data[6])
        number = short(struct.unpack_from("<I", data, 6)[0]) if kind == _RK else struct.unpack_from("<d", data, 6)[0]
        return self._shown(number, look)

    def _shown(self, number: float, look: int) -> object:
        """A number, as the day, the time or the duration that its look makes of it."""
        kind = self._codes.get(self._looks[look], Shown.NUMBER) if look < len(self._looks) else Shown.NUMBER
        return number if kind is Shown.NUMBER else as_shown(number, kind, depuis_1904=self.book.depuis_1904)

    def _formula(self, sheet: RecordsSheet, row: int, column: int, data: memoryview) -> tuple[int, int] | None:
        value = bytes(data[6:14])
        special = value[6:] == _NOT_A_NUMBER
        sheet.formula(row, column, neutral=value[0] == _BLANK if special else not any(value))
        if not special:
            sheet.fill(row, column, self._value(_NUMBER, struct.unpack_from("<H", data, 4)[0], data))
        elif value[0] == _ERROR:
            sheet.error(row, column, value[2])
        else:
            sheet.fill(row, column, bool(value[2]) if value[0] == _TRUTH else "")
        return (row, column) if special and value[0] == _TEXT else None

    def _merged(self, sheet: RecordsSheet, data: memoryview) -> None:
        count = int.from_bytes(data[:2], "little")
        self._budget.merge(count)
        for top, bottom, left, right in struct.iter_unpack("<4H", data[2 : 2 + 8 * count]):
            sheet.fusions.append((top + 1, left + 1, bottom + 1, right + 1))

    def _name(self, data: memoryview) -> None:
        """A name of one cell: its formula is a single reference."""
        flags, _, count, size = struct.unpack_from("<HBBH", data)
        nom, end = _text(data, 14, count)
        if flags & _BUILT_IN or size != 7 or data[end] not in _REFERENCE:
            return
        target, row, column = struct.unpack_from("<3H", data, end + 1)
        link, sheet = self._targets[target] if target < len(self._targets) else (_NONE, 0)
        if link < len(self._links) and self._links[link] and 0 <= sheet < len(self._noms):
            self.book.name(nom, self._noms[sheet], row + 1, (column & 0xFF) + 1)


class _Notes:
    """The notes of a sheet: an object with its text, then where it is pinned."""

    def __init__(self, sheet: RecordsSheet, *, biff8: bool) -> None:
        self._sheet = sheet
        self._biff8 = biff8
        self._object = self._left = 0
        self._texts: dict[int, str] = {}

    def record(self, kind: int, data: memoryview) -> None:
        """Take one record into account."""
        if kind == _NOTE:
            row, column, _, number = struct.unpack_from("<4H", data) if self._biff8 else (*_pinned(data), 0, 0)
            said = self._texts.pop(number, "") if self._biff8 else str(data[6:], "cp1252", "replace")
            self._sheet.notes.append(((row + 1, column + 1), said))
        elif kind == _OBJECT and self._biff8:
            self._object, self._left = int.from_bytes(data[6:8], "little"), 0
        elif kind == _DRAWN_TEXT:
            self._left = int.from_bytes(data[10:12], "little")
            self._texts[self._object] = ""
        elif kind == _CONTINUE and self._left:
            wide = data[0] & 1
            said, _ = _text(data, 0, min(self._left, (len(data) - 1) // (1 + wide)))
            self._texts[self._object] += said
            self._left -= len(said)


def _pinned(data: memoryview) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", data)
    return row, column
