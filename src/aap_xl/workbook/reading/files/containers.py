"""What kind of file was given, and whether it is safe to open. Nothing here knows what a workbook says.

Everything the zip's directory says is checked at once; media are never inflated.
"""

import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from aap_xl.workbook.reading.files.refusals import (
    FILE_MAX,
    MIB,
    FichierRefuse,
    damaged,
    illisible,
    not_a_spreadsheet,
    protected,
    too_large,
)
from aap_xl.workbook.reading.files.zip_parts import Parts

INFLATED_MAX = 32 * MIB
"""All text parts together. A workbook of 300 people is under 4 MiB."""
DECLARED_MAX = 512 * MIB
"""All parts together, media included, as the zip's directory says."""
PARTS_MAX = 4000

_ZIP, _OLE = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_PARTS = (".xml", ".rels", "mimetype")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PROTECTED = 1
_ENCRYPTED = "encrypted-package"
"""The only part of an .ods that is encrypted whole."""


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


def _open_zip(nom: str, data: bytes) -> Contenu:
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error, EOFError, OSError):
        raise damaged(nom) from None
    names = {entry.filename for entry in entries}
    genre = _zip_kind(names)
    if not genre:
        misplaced = any(name.casefold().endswith("workbook.xml") for name in names)
        raise damaged(nom) if misplaced else not_a_spreadsheet(nom)
    wanted = [entry for entry in entries if entry.filename.endswith((*_TEXT_PARTS, ".bin"))]
    if genre != "xlsb":
        wanted = [entry for entry in wanted if not entry.filename.endswith(".bin")]
    _check_sizes(nom, entries, wanted)
    if len({name.casefold() for name in names}) < len(entries):
        raise damaged(nom)
    if any(entry.flag_bits & _PROTECTED for entry in entries):
        raise protected(nom)
    parts = Parts(nom, data, wanted)
    if genre == "xlsx":
        return Contenu(nom, genre, data, parts)
    if genre == "ods":
        _check_ods(nom, parts)
    return Contenu(nom, genre, data, dict(parts))


def _zip_kind(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "ods" if "mimetype" in names and names & {"content.xml", _ENCRYPTED} else ""


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


def _check_ods(nom: str, parts: Mapping[str, bytes]) -> None:
    if not parts["mimetype"].startswith(_SPREADSHEET):
        raise not_a_spreadsheet(nom)
    if "content.xml" not in parts or b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise protected(nom)
