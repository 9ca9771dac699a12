"""What kind of file was given, and whether it is safe to open. Nothing here knows what a workbook says.

Everything the zip's directory says is checked at once; media are never inflated.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from aap_xl.records import record
from aap_xl.workbook.ooxml.directory import Entry, directory
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.ooxml.view import CONTENT_TYPES, View, canonical
from aap_xl.workbook.reading.files.refusals import FILE_MAX, MIB, Cause, FichierRefuse, beyond, too_large, unreadable
from aap_xl.workbook.reading.files.zip_parts import INFLATED_MAX, Parts

DECLARED_MAX = 512 * MIB
"""All parts together, media included, as the zip's directory says."""
PARTS_MAX = 4000
_OTHERS_MAX = 64 * MIB
"""Parts of an .ods or .xlsb that are read. Those of 300 people are under 4 MiB."""

_ZIP, _OLE = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_PARTS = (".xml", ".rels", "mimetype")
_ENTRY, _ENTRY_NAME = 128, 64
_BOOKS, _ENCRYPTED_WHOLE = ("Workbook", "Book", "WORKBOOK", "BOOK"), "EncryptedPackage"
_LABEL, _RESTRICTED = "DRMEncrypted", "\tDRMContent"
"""What a sensitivity label that encrypts leaves in an .xlsx and in an .xls ([MS-OFFCRYPTO] 2.2)."""
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PROTECTED = 1
_ENCRYPTED = "encrypted-package"
"""The only part of an .ods that is encrypted whole."""


@record
class Contenu:
    """A file that may be opened.

    Attributes: genre: xlsx, xlsb, xls or ods; octets: the file itself; parties: the parts of a zip by name; entrees:
                what its directory says of them.
    """

    genre: str
    octets: bytes
    parties: View
    entrees: Sequence[Entry] = ()


def ouvrir(chemin: Path, octets: bytes | None = None) -> Contenu:
    """Read a file whole and tell what it is.

    Args:   octets: its content, when it was read already.
    Raises: FichierRefuse if it is missing, too large, protected, damaged, dangerous, or no spreadsheet.
    """
    if chemin.name.startswith(("~$", ".~lock.")):
        raise FichierRefuse(Cause.LOCK)
    return reconnaitre(_load(chemin) if octets is None else octets)


def reconnaitre(data: bytes) -> Contenu:
    """Tell what the content of a file is.

    Raises: FichierRefuse if it is empty, too large, protected, damaged, dangerous, or no spreadsheet.
    """
    if len(data) > FILE_MAX:
        raise too_large(len(data))
    if not data:
        raise FichierRefuse(Cause.EMPTY)
    if data.startswith(_ZIP):
        return _open_zip(data)
    if data.startswith(_OLE):
        return _open_ole(data)
    raise FichierRefuse(Cause.NOT_A_SPREADSHEET)


def _load(chemin: Path) -> bytes:
    try:
        if chemin.is_dir():
            raise FichierRefuse(Cause.FOLDER)
        if not chemin.is_file():
            raise FichierRefuse(Cause.NOT_A_FILE if chemin.exists() else Cause.MISSING, chemin=str(chemin))
        size = chemin.stat().st_size
        if size > FILE_MAX:
            raise too_large(size)
        with chemin.open("rb") as file:  # a file that has no size may have no end
            return file.read(FILE_MAX + 1)
    except OSError as error:
        raise unreadable(error) from None


def _open_ole(data: bytes) -> Contenu:
    """A compound file: an .xls, or any workbook encrypted whole. A cut one may have lost the end of its directory."""
    if _holds(data, *_BOOKS):
        if _holds(data, _RESTRICTED):
            raise FichierRefuse(Cause.LABELLED)
        return Contenu("xls", data, View({}))
    if _ENCRYPTED_WHOLE.encode("utf-16-le") in data:
        raise FichierRefuse(Cause.LABELLED if _LABEL.encode("utf-16-le") in data else Cause.ENCRYPTED)
    if not any(name.encode("utf-16-le") in data for name in _BOOKS):
        raise FichierRefuse(Cause.NOT_A_SPREADSHEET)
    return Contenu("xls", data, View({}))


def _holds(data: bytes, *names: str) -> bool:
    """Whether the directory of a compound file has one of those streams: its entries are 128 bytes long."""
    entries = [
        name.encode("utf-16-le").ljust(_ENTRY_NAME, b"\0") + struct.pack("<H", 2 * len(name) + 2) for name in names
    ]
    return any(found.start() % _ENTRY == 0 for entry in entries for found in re.finditer(re.escape(entry), data))


def _open_zip(data: bytes) -> Contenu:
    try:
        entries = directory(data)
    except ValueError:
        raise FichierRefuse(Cause.DAMAGED) from None
    names = {canonical(entry.name) for entry in entries}
    if any(entry.flags & _PROTECTED for entry in entries):
        known = names & {"mimetype", canonical(CONTENT_TYPES)}
        raise FichierRefuse(Cause.PROTECTED if known else Cause.NOT_A_SPREADSHEET)
    parts = View(Parts(data, entries))
    genre = "ods" if "mimetype" in names and names & {"content.xml", _ENCRYPTED} else _package_kind(parts)
    wanted = [entry for entry in entries if entry.name.casefold().endswith(_TEXT_PARTS)]
    if genre == "xlsb":
        wanted += [entry for entry in entries if entry.name.casefold().endswith(".bin")]
    _check_sizes(entries, wanted, INFLATED_MAX if genre == "xlsx" else _OTHERS_MAX)
    if len(names) < len(entries):
        raise FichierRefuse(Cause.DAMAGED)
    if genre == "xlsx":
        return Contenu(genre, data, parts, entries)
    if genre == "ods":
        _check_ods(parts)
    return Contenu(genre, data, View({entry.name: parts[entry.name] for entry in wanted}))


def _package_kind(parts: View) -> str:
    """The kind of a package.

    Raises: FichierRefuse if it is none of those we read.
    """
    try:
        if genre := parts.genre:
            return genre
        lacking = parts.announced or any(name.casefold().endswith("workbook.xml") for name in parts)
    except Excess as error:
        raise beyond(error) from None
    except ValueError:
        raise FichierRefuse(Cause.DAMAGED) from None
    raise FichierRefuse(Cause.DAMAGED if lacking else Cause.NOT_A_SPREADSHEET)


def _check_sizes(entries: list[Entry], wanted: list[Entry], maximum: int) -> None:
    if (
        len(entries) > PARTS_MAX
        or sum(entry.size for entry in entries) > DECLARED_MAX
        or sum(entry.size for entry in wanted) > maximum
    ):
        raise FichierRefuse(Cause.INFLATED)


def _check_ods(parts: Mapping[str, bytes]) -> None:
    if not parts["mimetype"].startswith(_SPREADSHEET):
        raise FichierRefuse(Cause.NOT_A_SPREADSHEET)
    if "content.xml" not in parts or b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise FichierRefuse(Cause.PROTECTED)
