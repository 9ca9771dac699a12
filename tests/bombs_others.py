"""The same in the other formats: an .ods by its XML, an .xls and an .xlsb by their records, all made from nothing.

Each is one of our workbooks by its sheet « Listes »; what it asks for stands in its first sheet, unless said.
"""

import struct
from collections.abc import Callable, Iterable
from functools import partial

from xlsb import Feuille, ecrire, record
from zips import parts, rezip

Made = Callable[[], bytes]
_MARK: tuple[str | float, ...] = ("aap_xl", "3.7", 2025.0, 1.0)
_SHEET = "Participants"
_MIB = 2**20

# An .ods

_NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_HEAD = f"<office:document-content{_NAMES}><office:body><office:spreadsheet>".encode()
_FOOT = b"</office:spreadsheet></office:body></office:document-content>"


def _ods_cell(value: str | float, given: str = "") -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"{given}><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value:g}"{given}/>'


def _ods_table(name: str, rows: bytes) -> bytes:
    return b'<table:table table:name="%b">%b</table:table>' % (name.encode(), rows)


def _ods_row(cells: str, given: str = "") -> bytes:
    return f"<table:table-row{given}>{cells}</table:table-row>".encode()


def _ods(inside: bytes, *more: bytes) -> bytes:
    listes = _ods_table("Listes", _ods_row("".join(map(_ods_cell, _MARK))))
    content = b"".join([_HEAD, _ods_table(_SHEET, inside), listes, *more, _FOOT])
    return rezip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _repeated(rows: int, columns: int, value: str = "x", given: str = "") -> bytes:
    cell = _ods_cell(value, f' table:number-columns-repeated="{columns}"{given}')
    return _ods_row(cell, f' table:number-rows-repeated="{rows}"')


def _many_sheets(number: int, rows: int, columns: int) -> bytes:
    return _ods(b"", *(_ods_table(f"f{n}", _repeated(rows, columns)) for n in range(number)))


def _attributes(number: int) -> str:
    given = " ".join(f'a{n}=""' for n in range(number))
    return f"<table:table-cell {given}/>"


ODS: dict[str, Made] = {
    "a cell repeated over the whole sheet": lambda: _ods(_repeated(2**20, 2**14)),
    "a cell repeated as far as is read": lambda: _ods(_repeated(2**10, 2**10)),
    "sheets of repeated cells": partial(_many_sheets, 190, 2**10, 2**10),
    "sheets": partial(_many_sheets, 100_000, 1, 1),
    "repeated formulas": lambda: _ods(_repeated(1, 4_000, given=' table:formula="of:=1"') * 20_000),
    "repeated errors": lambda: _ods(_repeated(1, 250, "#REF!", ' table:formula="of:=1"') * 4_000),
    "repeated hidden rows": lambda: _ods(
        _ods_row("", ' table:visibility="collapse" table:number-rows-repeated="4096"') * 4_000
    ),
    "rows of one cell": lambda: _ods(_ods_row(_ods_cell(1.0)) * 600_000),
    "empty rows": lambda: _ods(b"<table:table-row/>" * 2_000_000),
    "empty cells": lambda: _ods(_ods_row("<table:table-cell/>" * 1_000) * 2_000),
    "texts": lambda: _ods(_ods_row(_ods_cell("1 85 05 78 006 08 " * 40)) * 40_000),
    "spaces": lambda: _ods(_ods_row(_ods_cell('<text:s text:c="32768"/>' * 100_000))),
    "cells of spaces": lambda: _ods(_ods_row(_ods_cell('<text:s text:c="32768"/>')) * 20_000),
    "paragraphs": lambda: _ods(_ods_row("<table:table-cell>" + "<text:p/>" * 2_000_000 + "</table:table-cell>")),
    "groups within groups": lambda: _ods(b"<table:table-row-group>" * 500_000 + b"</table:table-row-group>" * 500_000),
    "notes": lambda: _ods(
        _ods_row(
            "<table:table-cell><office:annotation><text:p>1 85 05 78 006 08</text:p></office:annotation>"
            "</table:table-cell>"
        )
        * 200_000
    ),
    "merged cells": lambda: _ods(
        _ods_row(_ods_cell("x", ' table:number-columns-spanned="16000" table:number-rows-spanned="100000"')) * 100_000
    ),
    "names": lambda: _ods(
        b"",
        b"".join(
            b'<table:named-range table:name="n%d" table:cell-range-address="$Listes.$A$1"/>' % n for n in range(300_000)
        ),
    ),
    "attributes": lambda: _ods(_ods_row(_attributes(300_000))),
    "an attribute of entities": lambda: _ods(_ods_row(f'<table:table-cell a="{"&amp;" * 4_000_000}"/>')),
    "a text of entities": lambda: _ods(_ods_row(_ods_cell("&amp;" * 10_000_000))),
    "comments within XML": lambda: _ods(b"<!---->" * 10_000_000),
    "a long number": lambda: _ods(_ods_row(_ods_cell(f'<text:s text:c="{"9" * 1_000_000}"/>'))),
}

# An .xls

_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _biff(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _bof(genre: int) -> bytes:
    return _biff(0x809, struct.pack("<HHHHII", 0x600, genre, 0, 1997, 0, 6))


_EOF = _biff(0x0A)


def _label(row: int, column: int, text: str) -> bytes:
    return _biff(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1"))


def _number(row: int, column: int, value: float) -> bytes:
    return _biff(0x203, struct.pack("<HHHd", row, column, 0, value))


def _bound(name: str, place: int) -> bytes:
    return _biff(0x85, struct.pack("<IHBB", place, 0, len(name), 0) + name.encode())


def _marked() -> bytes:
    cells = (
        _label(0, column, value) if isinstance(value, str) else _number(0, column, value)
        for column, value in enumerate(_MARK)
    )
    return b"".join(cells)


def _xls(inside: bytes, globals_: bytes = b"", names: Iterable[str] = ()) -> bytes:
    """Args: names: other sheets, each of which is the first one again."""
    first, listes = _bof(0x10) + inside + _EOF, _bof(0x10) + _marked() + _EOF
    names = [_SHEET, *names]
    head = len(_bof(5) + globals_ + b"".join(_bound(name, 0) for name in [*names, "Listes"]) + _EOF)
    bounds = b"".join(_bound(name, head) for name in names) + _bound("Listes", head + len(first))
    return _ole(_bof(5) + globals_ + bounds + _EOF + first + listes)


def _ole(stream: bytes, *, cycle: bool = False) -> bytes:
    """A compound file of one stream; its sectors turn round for ever when there is a ``cycle``."""
    stream = stream.ljust(4096, b"\0")
    used = -(-len(stream) // _SECTOR)
    tables = 1
    while tables * 128 < used + tables + 1:
        tables += 1
    numbers = [*range(1, used), 0 if cycle else _END, _END, *[_FAT] * tables]
    fat = struct.pack(f"<{tables * 128}I", *numbers, *[_FREE] * (tables * 128 - len(numbers)))
    places = list(range(used + 1, used + 1 + tables))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    more = [places[109 + n * 127 : 109 + (n + 1) * 127] for n in range(-(-max(len(places) - 109, 0) // 127))]
    after = used + 1 + tables
    head += struct.pack("<IIIIIIIII", 0, tables, used, 0, 4096, _END, 0, after if more else _END, len(more))
    head += struct.pack("<109I", *places[:109], *[_FREE] * (109 - len(places[:109])))
    chained = b"".join(
        struct.pack("<128I", *group, *[_FREE] * (127 - len(group)), after + n + 1 if n + 1 < len(more) else _END)
        for n, group in enumerate(more)
    )
    directory = _entry("Root Entry", 5, child=1) + _entry("Workbook", 2, start=0, size=len(stream))
    directory = directory.ljust(_SECTOR, b"\0")
    return head + stream.ljust(used * _SECTOR, b"\0") + directory + fat + chained


def _entry(name: str, kind: int, *, child: int = _FREE, start: int = _END, size: int = 0) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _several(row: int, columns: int) -> bytes:
    return _biff(0xBD, struct.pack("<HH", row, 0) + struct.pack("<HI", 0, 6) * columns + struct.pack("<H", columns - 1))


def _shared(count: int, *chunks: bytes) -> bytes:
    """A table of shared strings and the records that continue it."""
    first, *rest = chunks
    return _biff(0xFC, struct.pack("<II", count, count) + first) + b"".join(_biff(0x3C, chunk) for chunk in rest)


def _computed(row: int, text: str) -> bytes:
    formula = struct.pack("<HHH", row, 0, 0) + b"\0" * 6 + b"\xff\xff" + bytes(6) + struct.pack("<H", 0)
    said = text.encode("latin-1")
    return _biff(6, formula) + _biff(0x207, struct.pack("<HB", len(text), 0) + said)


def _format(number: int, code: bytes) -> bytes:
    return _biff(0x41E, struct.pack("<HHB", number, len(code), 0) + code)


XLS: dict[str, Made] = {
    "numbers": lambda: _xls(b"".join(_number(n % 65_536, n // 65_536, 1.0) for n in range(700_000))),
    "numbers side by side": lambda: _xls(b"".join(_several(n, 256) for n in range(12_000))),
    "records": lambda: _xls(_biff(0x3C) * 2_000_000),
    "strings announced": lambda: _xls(b"", _shared(2**32 - 1, b"\1\0\0x" * 2_000)),
    "empty strings": lambda: _xls(b"", _shared(8_000_000, *[b"\0\0\0" * 2_740] * 2_900)),
    "short strings": lambda: _xls(b"", _shared(4_000_000, *[b"\1\0\0x" * 2_050] * 1_900)),
    "a string over many records": lambda: _xls(b"", _shared(1, b"\xff\xff\0", *[b"\0x"] * 65_535)),
    "strings that continue": lambda: _xls(b"", _shared(180, *[b"\xff\xff\0" + b"x" * 8_220] * 2_000)),
    "formulas of text": lambda: _xls(b"".join(_computed(n, "x" * 40) for n in range(60_000))),
    "texts": lambda: _xls(b"".join(_label(n % 65_536, n // 65_536, "1 85 05 78 006 08" * 8) for n in range(130_000))),
    "sheets of the same records": lambda: _xls(
        b"".join(_number(n, 0, 1.0) for n in range(2_000)), names=(f"f{n}" for n in range(3_000))
    ),
    "sheets": lambda: _xls(b"", names=(f"f{n}" for n in range(100_000))),
    "merged cells": lambda: _xls(
        b"".join(
            _biff(0xE5, struct.pack("<H", 1_000) + struct.pack("<4H", 0, 65_535, 0, 255) * 1_000) for _ in range(1_000)
        )
    ),
    "merged cells, as many as are read": lambda: _xls(
        b"".join(
            _biff(0xE5, struct.pack("<H", 1_000) + struct.pack("<4H", 0, 65_535, 0, 255) * 1_000) for _ in range(16)
        )
    ),
    "parts within parts": lambda: _xls(_bof(0x20) * 500_000 + _EOF * 500_000),
    "formats": lambda: _xls(b"", b"".join(_format(n % 65_536, b'[h]:mm;@"x"') for n in range(300_000))),
    "long formats": lambda: _xls(b"", b"".join(_format(164 + n, b"0" * 8_000) for n in range(2_900))),
    "sectors that turn round": lambda: _ole(_bof(5) + _biff(0x3C, bytes(8_000)) * 2_000, cycle=True),
    "nothing but a directory": lambda: _ole(_bof(5))[:512] + _entry("Workbook", 2, start=0, size=2**32 - 1) * 200_000,
    "thirty MiB of sectors": lambda: _ole(_bof(5) + _biff(0x3C, bytes(8_224)) * 3_500),
}

# An .xlsb

_ROWS, _RK, _TEXT, _STRINGS, _STRING = 0, 2, 6, 159, 19


def _xlsb(inside: bytes, strings: bytes = b"") -> bytes:
    """A workbook whose first sheet has other records after its own rows, whose strings are replaced."""
    found = parts(ecrire({_SHEET: Feuille([["x"]]), "Listes": Feuille([list(_MARK)])}))
    name, end = "xl/worksheets/sheet1.bin", record(146)
    found[name] = found[name].replace(end, inside + end, 1)
    if strings:
        _with_strings(found, strings)
    return rezip(found)


def _with_strings(found: dict[str, bytes], strings: bytes) -> None:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rS" Type="%b" Target="sharedStrings.bin"/></Relationships>' % kind
    rels = "xl/_rels/workbook.bin.rels"
    found[rels] = found[rels].replace(b"</Relationships>", link)
    found["xl/sharedStrings.bin"] = record(_STRINGS, struct.pack("<II", 2**31, 2**31)) + strings


def _xlsb_row(number: int) -> bytes:
    return record(_ROWS, struct.pack("<IIHHBI", number, 0, 300, 0x1000, 0, 0))


def _xlsb_cells(number: int, columns: int) -> bytes:
    cells = b"".join(record(_RK, struct.pack("<III", column, 0, 6)) for column in range(columns))
    return b"".join(_xlsb_row(n) + cells for n in range(1, number + 1))


def _said(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


XLSB: dict[str, Made] = {
    "rows": lambda: _xlsb(b"".join(map(_xlsb_row, range(1, 2_000_000)))),
    "cells": lambda: _xlsb(_xlsb_cells(30_000, 100)),
    "cells, fewer than too many": lambda: _xlsb(_xlsb_cells(3_700, 100)),
    "hidden rows": lambda: _xlsb(b"".join(map(_xlsb_row, range(1, 390_000)))),
    "empty records": lambda: _xlsb(record(1) * 8_000_000),
    "strings": lambda: _xlsb(b"", record(_STRING, b"\0" + _said("x")) * 2_000_000),
    "strings that lie": lambda: _xlsb(b"", record(_STRING, b"\0\xfe\xff\xff\x7fx") * 2_000_000),
    "texts": lambda: _xlsb(
        b"".join(
            _xlsb_row(n) + record(_TEXT, struct.pack("<II", 0, 0) + _said("1 85 05 78 006 08" * 20))
            for n in range(1, 60_000)
        )
    ),
    "merged cells": lambda: _xlsb(record(176, struct.pack("<4I", 0, 2**20 - 1, 0, 2**14 - 1)) * 1_000_000),
    "merged cells, as many as are read": lambda: _xlsb(
        record(176, struct.pack("<4I", 0, 2**20 - 1, 0, 2**14 - 1)) * 16_000
    ),
    "a cell as far as can be": lambda: _xlsb(_xlsb_row(2**20 - 1) + record(_RK, struct.pack("<III", 2**14 - 1, 0, 6))),
    "a record of a hundred MiB": lambda: _xlsb(record(1, bytes(100 * _MIB))),
}
