"""What kind of file was given, and whether it is safe to open. Nothing here knows what a workbook says.

Everything the zip's directory says is checked at once. A text part is inflated within bounds and checked when it is
asked for, once: what is read is those very bytes. A part that nobody asks for is never inflated, nor are media.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from aap_xl.workbook.reading.acces import illisible

MIB = 2**20
FILE_MAX = 30 * MIB
INFLATED_MAX = 32 * MIB
"""All text parts together. A workbook of 300 people is under 4 MiB."""
DECLARED_MAX = 512 * MIB
"""All parts together, media included, as the zip's directory says."""
PARTS_MAX = 4000

_ZIP, _OLE = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_PARTS = (".xml", ".rels", "mimetype")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_NO_DTD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<[A-Za-z_]")
"""A part whose root element follows its declaration: a DTD can only come before the root."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DEFLATED, _PROTECTED = 8, 1
_STEP = 72 * 1024
"""Compressed bytes inflated at once, to 72 MiB at worst."""


class FichierRefuse(Exception):
    """The file can't be read at all; the message is one French sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Contenu:
    """A file that may be opened.

    Attributes: genre: xlsx, xlsb, xls or ods; octets: the file itself; parties: the parts of a zip by name.
    """

    nom: str
    genre: str
    octets: bytes
    parties: Mapping[str, bytes]


def ouvrir(chemin: Path) -> Contenu:
    """Read a file whole and tell what it is.

    Raises: FichierRefuse if it is missing, too large, protected, damaged, dangerous, or no spreadsheet.
    """
    if chemin.name.startswith(("~$", ".~lock.")):
        raise FichierRefuse(f"« {chemin.name} » est la marque d'un classeur ouvert ; donnez le classeur lui-même.")
    return reconnaitre(chemin.name, _load(chemin))


def reconnaitre(nom: str, data: bytes) -> Contenu:
    """Tell what the content of a file is.

    Raises: FichierRefuse if it is empty, too large, protected, damaged, dangerous, or no spreadsheet.
    """
    if len(data) > FILE_MAX:
        raise too_large(nom, len(data))
    if not data:
        raise FichierRefuse(f"« {nom} » est vide ; demandez un nouvel envoi.")
    if data.startswith(_ZIP):
        return _open_zip(nom, data)
    if data.startswith(_OLE):
        return _open_ole(nom, data)
    raise not_a_spreadsheet(nom)


def too_large(nom: str, size: int) -> FichierRefuse:
    """The refusal of a file that is not even loaded."""
    return FichierRefuse(
        f"« {nom} » pèse {size // MIB} Mio, plus que les {FILE_MAX // MIB} Mio acceptés ; "
        "retirez les images ou les pièces jointes au classeur."
    )


def not_a_spreadsheet(nom: str) -> FichierRefuse:
    """The refusal of anything else than a workbook."""
    return FichierRefuse(
        f"« {nom} » n'est pas un classeur ; donnez le fichier .xlsx (ou .xlsm, .xlsb, .xls, .ods) rempli."
    )


def damaged(nom: str) -> FichierRefuse:
    """The refusal of a workbook that can't be read to its end."""
    return FichierRefuse(
        f"« {nom} » est abîmé ou incomplet ; demandez un nouvel envoi, "
        "ou ouvrez-le dans Excel ou LibreOffice et enregistrez-le à nouveau."
    )


def _load(chemin: Path) -> bytes:
    nom = chemin.name
    try:
        if chemin.is_dir():
            raise FichierRefuse(f"« {nom} » est un dossier ; donnez un classeur.")
        if not chemin.is_file():
            raise FichierRefuse(f"« {chemin} » n'existe pas ; vérifiez le nom et le dossier.")
        size = chemin.stat().st_size
        if size > FILE_MAX:
            raise too_large(nom, size)
        return chemin.read_bytes()
    except OSError as error:
        raise FichierRefuse(illisible(nom, error)) from None


def _open_ole(nom: str, data: bytes) -> Contenu:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise protected(nom)
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        raise not_a_spreadsheet(nom)
    return Contenu(nom, "xls", data, {})


def protected(nom: str) -> FichierRefuse:
    """The refusal of a workbook that needs a password."""
    return FichierRefuse(f"« {nom} » est protégé par un mot de passe ; enregistrez-le sans mot de passe d'ouverture.")


def _open_zip(nom: str, data: bytes) -> Contenu:
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error, EOFError, OSError):
        raise damaged(nom) from None
    names = {entry.filename for entry in entries}
    genre = _zip_kind(names)
    if not genre:
        raise not_a_spreadsheet(nom)
    wanted = [entry for entry in entries if entry.filename.endswith((*_TEXT_PARTS, ".bin"))]
    if genre != "xlsb":
        wanted = [entry for entry in wanted if not entry.filename.endswith(".bin")]
    _check_sizes(nom, entries, wanted)
    if len({name.casefold() for name in names}) < len(entries):
        raise damaged(nom)
    if any(entry.flag_bits & _PROTECTED for entry in entries):
        raise protected(nom)
    parts = _Parts(nom, data, wanted)
    if genre == "xlsx":
        return Contenu(nom, genre, data, parts)
    whole = dict(parts)
    if genre == "ods":
        _check_ods(nom, whole)
    return Contenu(nom, genre, data, whole)


class _Parts(Mapping[str, bytes]):
    """The text parts of a zip by name; asking for one raises FichierRefuse if it is damaged or dangerous."""

    def __init__(self, nom: str, data: bytes, entries: list[zipfile.ZipInfo]) -> None:
        self._nom = nom
        self._data = data
        self._entries = {entry.filename: entry for entry in entries}
        self._inflated: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._inflated:
            part = _inflate(self._nom, self._data, self._entries[name])
            if name.endswith((".xml", ".rels")):
                _check_xml(self._nom, part)
            self._inflated[name] = part
        return self._inflated[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _zip_kind(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "ods" if {"mimetype", "content.xml"} <= names else ""


def _check_sizes(nom: str, entries: list[zipfile.ZipInfo], wanted: list[zipfile.ZipInfo]) -> None:
    if (
        len(entries) > PARTS_MAX
        or sum(entry.file_size for entry in entries) > DECLARED_MAX
        or sum(entry.file_size for entry in wanted) > INFLATED_MAX
    ):
        raise FichierRefuse(
            f"« {nom} » est anormalement volumineux une fois décompressé ; "
            "recopiez les données dans un classeur vierge et renvoyez-le."
        )


def _inflate(nom: str, data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, never more bytes than its directory entry says."""
    try:
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        start = entry.header_offset + 30 + name + extra
        raw = memoryview(data)[start : start + entry.compress_size]
        if entry.compress_type == _DEFLATED:
            part = _deflated(raw, entry.file_size)
        elif entry.compress_type == zipfile.ZIP_STORED:
            part = bytes(raw)
        else:
            raise damaged(nom)
    except (struct.error, zlib.error, ValueError, OverflowError):
        raise damaged(nom) from None
    if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise damaged(nom)
    return part


def _deflated(raw: memoryview, size: int) -> bytes:
    """Inflate by steps, since a step can't give more than a thousand times what it takes."""
    if len(raw) <= _STEP:
        return zlib.decompress(raw, -15, max(size, 1))
    inflater = zlib.decompressobj(-15)
    chunks: list[bytes] = []
    left = size
    for start in range(0, len(raw), _STEP):
        chunks.append(inflater.decompress(raw[start : start + _STEP]))
        left -= len(chunks[-1])
        if left < 0:
            break
    return b"".join(chunks)


def _check_ods(nom: str, parts: Mapping[str, bytes]) -> None:
    if not parts["mimetype"].startswith(_SPREADSHEET):
        raise not_a_spreadsheet(nom)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise protected(nom)


def _check_xml(nom: str, part: bytes) -> None:
    if part.startswith(_UTF16) or b"\0" in part[:64]:
        raise damaged(nom)
    if not _NO_DTD.match(part) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
        raise FichierRefuse(
            f"« {nom} » contient des entités XML, qu'aucun tableur n'écrit : il est refusé par sécurité."
        )
