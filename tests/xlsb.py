"""A small .xlsb: values, errors, formulas, merged and hidden rows, tables, notes, names, dates.

No other program here writes the format. LibreOffice opens what this one writes: see ``test_records.py``.
Source: [MS-XLSB] 2.3 (numbers of records), 2.4 (their fields), 2.5.97 (formulas).
"""

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

_ROW, _RK, _ERROR, _BOOL, _REAL, _TEXT, _F_TEXT, _F_REAL, _F_BOOL, _F_ERROR = 0, 2, 3, 4, 5, 6, 8, 9, 10, 11
_SHEET, _SIZE, _DATA, _MERGES, _MERGE = 129, 148, 145, 177, 176
_TABLES, _TABLE_PART, _TABLE = 660, 661, 343
_BOOK, _PROPERTIES, _SHEETS, _BUNDLE, _LINKS, _SELF, _TARGETS, _NAME = 131, 153, 143, 156, 353, 357, 362, 39
_NOTES, _NOTE_LIST, _NOTE, _NOTE_TEXT = 628, 633, 635, 637
_STYLES, _FORMATS, _FORMAT, _LOOKS, _LOOK = 278, 615, 44, 617, 47
_CODES = {164: "dd/mm/yyyy"}
_DATES = (14, 164)
"""The formats of looks 1 and 2: one that Excel has, one that the file declares. Look 0 is the general format."""
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_ENDS = {_TABLES: 662}
"""Records that end another are numbered after it, but for these."""
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_BINARY = "application/vnd.ms-excel."
_KINDS = ("worksheet", "table", "comments", "styles")
ERRORS = {"#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


class Erreur(str):
    """A cell in error: ``#N/A``…"""

    __slots__ = ()


@dataclass(frozen=True)
class Formule:
    """A formula that is a constant, its value as computed: a number, a text, a boolean or an `Erreur`."""

    valeur: Any


@dataclass(frozen=True)
class Feuille:
    """One sheet. Rows and columns of ranges (top, left, bottom, right), of hidden rows and notes are from 1."""

    rows: Sequence[Sequence[Any]]
    masquees: Sequence[int] = ()
    fusions: Sequence[tuple[int, int, int, int]] = ()
    plage: tuple[int, int, int, int] | None = None
    totaux: bool = False
    notes: Mapping[tuple[int, int], str] | None = None


Noms = Mapping[str, tuple[str, int, int]]


def ecrire(feuilles: Mapping[str, Feuille], noms: Noms | None = None, *, depuis_1904: bool = False) -> bytes:
    """A workbook. ``noms``: names of one cell each, as sheet, row and column."""
    parts: dict[str, str | bytes] = {}
    types = []
    for n, feuille in enumerate(feuilles.values(), 1):
        made = {f"worksheets/sheet{n}.bin": _sheet(feuille)}
        if feuille.plage:
            made[f"tables/table{n}.bin"] = _table(feuille.plage, n, totals=feuille.totaux)
        if feuille.notes:
            made[f"comments{n}.bin"] = _notes(feuille.notes)
        links = [name for name in made if not name.startswith("worksheets")]
        parts[f"xl/worksheets/_rels/sheet{n}.bin.rels"] = _relations({f"../{name}": _kind(name) for name in links})
        parts |= {f"xl/{name}": data for name, data in made.items()}
        types += [f'<Override PartName="/xl/{n}" ContentType="{_BINARY}{_kind(n)}"/>' for n in made]
    sheets = {f"worksheets/sheet{n}.bin": "worksheet" for n in range(1, len(feuilles) + 1)}
    sheets["styles.bin"] = "styles"
    types.append(f'<Override PartName="/xl/styles.bin" ContentType="{_BINARY}styles"/>')
    parts["xl/styles.bin"] = _styles()
    parts["xl/workbook.bin"] = _workbook(list(feuilles), noms or {}, since_1904=depuis_1904)
    parts["xl/_rels/workbook.bin.rels"] = _relations(sheets)
    parts["_rels/.rels"] = _relations({"xl/workbook.bin": "officeDocument"})
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.bin" ContentType="{_BINARY}sheet.binary.macroEnabled.main"/>'
        f"{''.join(types)}</Types>"
    )
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            archive.writestr(name, parts[name])
    return buffer.getvalue()


def _kind(name: str) -> str:
    return next(kind for kind in _KINDS if name.startswith(kind))


def _relations(targets: Mapping[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}relationships">{links}</Relationships>'


def _workbook(noms: Sequence[str], names: Noms, *, since_1904: bool) -> bytes:
    bundles = b"".join(
        record(_BUNDLE, struct.pack("<II", 0, n) + _text(f"r{n}") + _text(nom)) for n, nom in enumerate(noms, 1)
    )
    used = [noms.index(sheet) for sheet, _, _ in names.values()]
    targets = struct.pack("<I", len(used)) + b"".join(struct.pack("<Iii", 0, index, index) for index in used)
    defined = b"".join(
        record(
            _NAME,
            struct.pack("<IBI", 0, 0, 0xFFFFFFFF)
            + _text(nom)
            + struct.pack("<IBHIHI", 9, 0x3A, n, row - 1, column - 1, 0)
            + struct.pack("<I", 0xFFFFFFFF),
        )
        for n, (nom, (_, row, column)) in enumerate(names.items())
    )
    links = _group(_LINKS, record(_SELF) + record(_TARGETS, targets)) if names else b""
    properties = record(_PROPERTIES, struct.pack("<III", since_1904, 0, 0))
    return _group(_BOOK, properties + _group(_SHEETS, bundles) + links + defined)


def _styles() -> bytes:
    codes = b"".join(record(_FORMAT, struct.pack("<H", number) + _text(code)) for number, code in _CODES.items())
    looks = b"".join(record(_LOOK, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, *_DATES))
    formats = _group(_FORMATS, codes, struct.pack("<I", len(_CODES)))
    return _group(_STYLES, formats + _group(_LOOKS, looks, struct.pack("<I", 1 + len(_DATES))))


def _serial(value: dt.date) -> float:
    moment = value if isinstance(value, dt.datetime) else dt.datetime(*value.timetuple()[:3])  # noqa: DTZ001
    return (moment - _EPOCH) / dt.timedelta(days=1)


def _date(head: bytes, days: float) -> bytes:
    """A whole number in short, or a long one; Excel prefers a real one in short, which calamine reads by itself."""
    if days == int(days):
        return record(_RK, head + struct.pack("<I", int(days) << 2 | 2))
    return record(_REAL, head + struct.pack("<d", days))


def _sheet(feuille: Feuille) -> bytes:
    width = max(map(len, feuille.rows), default=1)
    size = record(_SIZE, struct.pack("<IIII", 0, max(len(feuille.rows) - 1, 0), 0, max(width - 1, 0)))
    body = b"".join(
        record(_ROW, struct.pack("<IIHHBI", line, 0, 300, 0x1000 * (line + 1 in feuille.masquees), 0, 0))
        + b"".join(_cell(column, value) for column, value in enumerate(row))
        for line, row in enumerate(feuille.rows)
    )
    merges = b"".join(
        record(_MERGE, struct.pack("<4I", top - 1, bottom - 1, left - 1, right - 1))
        for top, left, bottom, right in feuille.fusions
    )
    merged = _group(_MERGES, merges, struct.pack("<I", len(feuille.fusions))) if merges else b""
    table = _group(_TABLES, record(_TABLE_PART, _text("r1")), struct.pack("<I", 1)) if feuille.plage else b""
    return _group(_SHEET, size + _group(_DATA, body) + merged + table)


def _cell(column: int, value: Any) -> bytes:
    dated = isinstance(value.valeur if isinstance(value, Formule) else value, dt.date)
    head = struct.pack("<II", column, 1 + column % len(_DATES) if dated else 0)
    if isinstance(value, Formule):
        kind, data, formula = _computed(_serial(value.valeur) if dated else value.valeur)
        return record(kind, head + data + struct.pack("<HI", 0, len(formula)) + formula + bytes(4))
    if dated:
        return _date(head, _serial(value))
    if isinstance(value, Erreur):
        return record(_ERROR, head + bytes([ERRORS[value]]))
    if isinstance(value, bool):
        return record(_BOOL, head + bytes([value]))
    if isinstance(value, (int, float)):
        return record(_REAL, head + struct.pack("<d", value))
    return record(_TEXT, head + _text(value)) if value else b""


def _computed(value: Any) -> tuple[int, bytes, bytes]:
    """The kind of a formula's value, that value, and a formula that has it."""
    if isinstance(value, Erreur):
        return _F_ERROR, bytes([ERRORS[value]]), bytes([0x1C, ERRORS[value]])
    if isinstance(value, bool):
        return _F_BOOL, bytes([value]), bytes([0x1D, value])
    if isinstance(value, (int, float)):
        return _F_REAL, struct.pack("<d", value), b"\x1f" + struct.pack("<d", value)
    return _F_TEXT, _text(value), b"\x17" + struct.pack("<H", len(value)) + value.encode("utf-16-le")


def _table(plage: tuple[int, int, int, int], number: int, *, totals: bool) -> bytes:
    top, left, bottom, right = plage
    head = struct.pack("<8I", top - 1, bottom - 1, left - 1, right - 1, 0, number, 1, totals)
    names = _text(f"Table{number}") * 2
    return _group(_TABLE, b"", head + bytes(4 * 8) + names + struct.pack("<4I", *[0xFFFFFFFF] * 4))


def _notes(notes: Mapping[tuple[int, int], str]) -> bytes:
    authors = _group(630, record(632, _text("x")))
    found = b"".join(
        _group(
            _NOTE,
            record(_NOTE_TEXT, b"\0" + _text(text)),
            struct.pack("<5I", 0, row - 1, row - 1, column - 1, column - 1) + bytes(16),
        )
        for (row, column), text in notes.items()
    )
    return _group(_NOTES, authors + _group(_NOTE_LIST, found))


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _group(kind: int, body: bytes, data: bytes = b"") -> bytes:
    return record(kind, data) + body + record(_ENDS.get(kind, kind + 1))


def record(kind: int, data: bytes = b"") -> bytes:
    """A record; its type is two bytes from 128 on, its size up to four."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = b""
    left = len(data)
    while left > 127:
        size += bytes([left & 0x7F | 0x80])
        left >>= 7
    return number + size + bytes([left]) + data
