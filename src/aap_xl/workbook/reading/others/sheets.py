"""The sheets of an .ods, .xls or .xlsb: calamine runs apart, a raw pass of its own for each format."""

import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from aap_xl.domain.faits import Fait
from aap_xl.workbook.reading.files.containers import Contenu
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.others import process
from aap_xl.workbook.reading.others.ods import OdsWorkbook
from aap_xl.workbook.reading.others.records import RecordsBook
from aap_xl.workbook.reading.personal import in_texts
from aap_xl.workbook.reading.sheets import AREA_MAX, Rows, check_extent

_CONTENT = "content.xml"
_BLANKS = re.compile(rb">\s+(?=</?table:)")
_VALUE_OF_TEXT = re.compile(
    rb'(<table:table-cell\b[^<>]{0,200}?\soffice:value-type="string"[^<>]{0,200}?)\soffice:value="[^"]*"'
)


class FeuillesAutres:
    """The sheets of one workbook; a NIR is looked for cell by cell."""

    nir = True

    def __init__(self, contenu: Contenu) -> None:
        """Read it whole.

        Raises: FichierRefuse if calamine or the raw pass can't, or if a sheet is too large.
        """
        raw: OdsWorkbook | RecordsBook | None = None
        if contenu.genre == "ods":
            raw = _ods(contenu)
            _check_extents(raw)
        octets = _stored(_plain(contenu)) if contenu.parties else contenu.octets
        self._values, records = process.read(octets, AREA_MAX)
        if records is not None:
            raw = records
            _check_extents(raw)
        if raw is None:
            raise FichierRefuse(Cause.DAMAGED)
        self._raw = raw
        self.noms = list(self._values)
        self.cellules = {nom for nom, rows in self._values.items() if rows is not None}
        self.noms_definis = raw.noms
        self.depuis_1904 = raw.depuis_1904

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column."""
        return self._values[nom] or []

    def first_row(self, nom: str) -> Sequence[Any]:
        """One sheet's first row."""
        return next(iter(self.rows(nom)), ())

    def marks(self, nom: str) -> Marks:
        """What the raw pass tells of a sheet."""
        sheet = self._raw.sheets.get(nom)
        return sheet.marks if sheet else Marks()

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR."""
        sheet = self._raw.sheets.get(nom)
        return list(in_texts(nom, sheet.notes)) if sheet else []


def _ods(contenu: Contenu) -> OdsWorkbook:
    try:
        return OdsWorkbook(contenu.parties[_CONTENT])
    except ValueError:
        raise FichierRefuse(Cause.DAMAGED) from None


def _plain(contenu: Contenu) -> Mapping[str, bytes]:
    """The parts, an .ods's without what calamine refuses of some programs: blanks around cells, texts' values."""
    if contenu.genre != "ods":
        return contenu.parties
    content = _VALUE_OF_TEXT.sub(rb"\1", _BLANKS.sub(b">", contenu.parties[_CONTENT]))
    return {**contenu.parties, _CONTENT: content}


def _check_extents(raw: OdsWorkbook | RecordsBook) -> None:
    for nom, sheet in raw.sheets.items():
        check_extent(nom, *sheet.extent)


def _stored(parts: Mapping[str, bytes]) -> bytes:
    """A zip of parts that are not compressed."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for nom, part in parts.items():
        name = nom.encode()
        size = len(part)
        fields = struct.pack("<HHHHHIIIHH", 20, 0x800, 0, 0, 33, zlib.crc32(part), size, size, len(name), 0)
        chunks += (b"PK\3\4", fields, name, part)
        directory += (b"PK\1\2\x14\0", fields, b"\0" * 10, struct.pack("<I", offset), name)
        offset += 30 + len(name) + size
    central = b"".join(directory)
    count = len(parts)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), offset, 0)
    return b"".join((*chunks, central, b"PK\5\6", end))
