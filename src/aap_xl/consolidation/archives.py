"""Archives as hostile as they may be: bounded in number, in size and in ratio, never written to the disk."""

import datetime as dt
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import IO

from aap_xl.consolidation import filetypes
from aap_xl.consolidation.filetypes import ARCHIVE, IGNORE, REFUSE, TETE
from aap_xl.records import record
from aap_xl.workbook.reading.files.refusals import FILE_MAX, MIB, Cause, FichierRefuse

MEMBRES_MAX = 20_000
"""Members of one archive."""
TOTAL_MAX = 4096 * MIB
"""Declared sizes of one archive's members, together."""
IMBRIQUEE_MAX = 128 * MIB
"""An archive within another, which is held in memory."""
RATIO_MAX = 200
"""How many times a member may be larger than what it takes; a workbook, compressed already, takes its own size."""
_SOUS_LE_RATIO = MIB
_PROTEGE = 1
_ERREURS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
_INTERDITE = (PermissionError, FileNotFoundError)
"""The archive itself can't be read, whatever it is worth."""
_DEMANDER = "demandez un nouvel envoi."


@record
class Member:
    """One member of an archive, by its rank; of an archive within it, by the two ranks. No name: the archive itself."""

    nom: str
    rangs: tuple[int, ...]
    taille: int = 0
    date: str = ""
    etat: str = ""
    motif: str = ""


def members(chemin: Path) -> Iterator[Member]:
    """Every member of an archive and of the archives it holds, in the order of their names."""
    yield from _liste(chemin, "", (), taille=0)


def read_member(chemin: Path, rangs: tuple[int, ...]) -> bytes:
    """The content of one member.

    Args:   rangs: as `members` gives them.
    Raises: FichierRefuse if it is damaged; OSError if the archive can't be read.
    """
    try:
        if len(rangs) == 1:
            with zipfile.ZipFile(chemin) as archive:
                return _extract(archive, rangs[0], FILE_MAX)
        state = chemin.stat()
        inner = _imbriquee(chemin, rangs[0], (state.st_mtime_ns, state.st_size))
        with zipfile.ZipFile(BytesIO(inner)) as archive:
            return _extract(archive, rangs[1], FILE_MAX)
    except _INTERDITE:
        raise
    except _ERREURS:
        raise FichierRefuse(Cause.DAMAGED_MEMBER) from None


@lru_cache(maxsize=1)
def _imbriquee(chemin: Path, rang: int, _version: tuple[int, int]) -> bytes:
    """An archive within another: its members are most often asked for one after the other."""
    with zipfile.ZipFile(chemin) as archive:
        return _extract(archive, rang, IMBRIQUEE_MAX)


def _extract(archive: zipfile.ZipFile, rang: int, maximum: int) -> bytes:
    with archive.open(archive.infolist()[rang]) as file:
        content = file.read(maximum + 1)
    if len(content) > maximum:
        raise ValueError
    return content


def _liste(fichier: Path | IO[bytes], prefixe: str, parents: tuple[int, ...], taille: int) -> Iterator[Member]:
    def refusee(motif: str) -> Member:
        return Member(prefixe.rstrip("/"), parents, taille, etat=REFUSE, motif=motif)

    try:
        archive = zipfile.ZipFile(fichier)
    except _INTERDITE:
        yield refusee("cette archive ne peut pas être lue ; vérifiez vos droits.")
        return
    except _ERREURS:
        yield refusee(f"cette archive est abîmée ou incomplète ; {_DEMANDER}")
        return
    with archive:
        items = archive.infolist()
        if len(items) > MEMBRES_MAX:
            yield refusee(f"cette archive a {len(items)} éléments, plus que les {MEMBRES_MAX} acceptés.")
            return
        if sum(item.file_size for item in items) > TOTAL_MAX:
            yield refusee("cette archive est anormalement volumineuse une fois décompressée ; elle n'est pas ouverte.")
            return
        ranked = sorted(enumerate(items), key=lambda pair: (_nom(pair[1]), pair[0]))
        for rang, item in ranked:
            if not item.is_dir():
                yield from _un(archive, item, prefixe, (*parents, rang))


def _un(archive: zipfile.ZipFile, item: zipfile.ZipInfo, prefixe: str, rangs: tuple[int, ...]) -> Iterator[Member]:
    nom = f"{prefixe}{_nom(item)}"
    size, day = item.file_size, _date(item)
    etat, motif = _juger(item, imbriquee=len(rangs) > 1)
    if not etat:
        etat, motif = filetypes.juger(nom, partial(_tete, archive, item))
    if etat or not _est_archive(item):
        yield Member(nom, rangs, size, day, etat, motif)
        return
    try:
        inner = _extract(archive, rangs[-1], IMBRIQUEE_MAX)
    except _ERREURS:
        yield Member(nom, rangs, size, day, REFUSE, f"cette archive est abîmée ou incomplète ; {_DEMANDER}")
        return
    yield from _liste(BytesIO(inner), f"{nom}/", rangs, size)


def _tete(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    """Its first bytes; nothing if it is damaged."""
    try:
        with archive.open(item) as file:
            return file.read(TETE)
    except _ERREURS:
        return b""


def _juger(item: zipfile.ZipInfo, *, imbriquee: bool) -> tuple[str, str]:
    """Why a member is not opened; nothing if it may be."""
    if stat.S_ISLNK(item.external_attr >> 16):
        return IGNORE, "c'est un lien, pas un fichier."
    return next(((REFUSE, motif) for motif in _refus(item, imbriquee=imbriquee)), ("", ""))


def _refus(item: zipfile.ZipInfo, *, imbriquee: bool) -> Iterator[str]:
    parts = _nom(item).split("/")
    maximum = IMBRIQUEE_MAX if _est_archive(item) else FILE_MAX
    if ".." in parts or not parts[0] or ":" in parts[0]:
        yield "son chemin dans l'archive sort de celle-ci ; il n'est pas ouvert, par sécurité."
    if item.flag_bits & _PROTEGE:
        yield "il est protégé par un mot de passe dans l'archive ; demandez l'archive sans mot de passe."
    if item.file_size > maximum:
        yield f"il pèse {item.file_size // MIB} Mio, plus que les {maximum // MIB} Mio acceptés."
    if item.file_size > max(_SOUS_LE_RATIO, RATIO_MAX * item.compress_size):
        yield "il est anormalement compressé ; il n'est pas ouvert, par sécurité."
    if _est_archive(item) and imbriquee:
        yield "une archive dans une archive dans une archive n'est pas ouverte ; sortez-la de l'une d'elles."


def _est_archive(item: zipfile.ZipInfo) -> bool:
    return _nom(item).lower().endswith(ARCHIVE)


def _nom(item: zipfile.ZipInfo) -> str:
    return item.filename.replace("\\", "/")


def _date(item: zipfile.ZipInfo) -> str:
    """The member's own date; nothing when it is none (1980 stands for an unknown one)."""
    year, month, day, hour, minute, second = item.date_time
    try:
        known = dt.date(year, month, day)
    except ValueError:
        return ""
    return "" if year == 1980 else f"{known}T{hour:02}:{minute:02}:{second:02}"
