"""The smallest .xlsb that can be written: texts, numbers, booleans and errors, no formula, no style."""

import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

_ROW, _ERROR, _BOOL, _REAL, _TEXT = 0, 3, 4, 5, 6
_SHEET, _SHEET_END, _BOOK, _BOOK_END, _SHEETS, _SHEETS_END, _BUNDLE = 129, 130, 131, 132, 143, 144, 156
_DATA, _DATA_END = 145, 146
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def ecrire(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of these sheets, rows of values; an `Exception` is written as ``#N/A``."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        links = "".join(
            f'<Relationship Id="r{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.bin"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format(links))
        bundles = b"".join(
            _record(_BUNDLE, struct.pack("<II", 0, n) + _text(f"r{n}") + _text(nom)) for n, nom in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.bin",
            _record(_BOOK) + _record(_SHEETS) + bundles + _record(_SHEETS_END) + _record(_BOOK_END),
        )
        for n, rows in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{n}.bin", _sheet(rows))
    return buffer.getvalue()


def _sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    width = max(map(len, rows), default=1)
    size = _record(148, struct.pack("<IIII", 0, len(rows), 0, width))
    body = b"".join(
        _record(_ROW, struct.pack("<I", line) + bytes(21)) + b"".join(_cell(n, v) for n, v in enumerate(row))
        for line, row in enumerate(rows)
    )
    return _record(_SHEET) + size + _record(_DATA) + body + _record(_DATA_END) + _record(_SHEET_END)


def _cell(column: int, value: Any) -> bytes:
    head = struct.pack("<II", column, 0)
    if isinstance(value, Exception):
        return _record(_ERROR, head + b"\x2a")
    if isinstance(value, bool):
        return _record(_BOOL, head + bytes([value]))
    if isinstance(value, (int, float)):
        return _record(_REAL, head + struct.pack("<d", value))
    return _record(_TEXT, head + _text(value)) if value else b""


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, data: bytes = b"") -> bytes:
    return _number(kind, wide=kind > 127) + _number(len(data), wide=False) + data


def _number(number: int, *, wide: bool) -> bytes:
    """Seven bits a byte, the lowest first; a record's type is written as it is numbered."""
    if wide:
        return bytes([number & 0x7F | 0x80, number >> 7])
    found = b""
    while number > 127:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])
