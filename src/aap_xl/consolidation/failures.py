"""Why a consolidation can't be done, in one sentence; where an unexpected failure happened, without any data."""

import errno
import os
import sqlite3
from pathlib import Path

from aap_xl.workbook.ooxml.atomic import raison


class ConsolidationImpossible(Exception):
    """The consolidation can't go on; the message is a French sentence that says what to do."""


_PLEIN = "il n'y a plus de place sur le disque"
_ETAT: dict[int, str] = {
    sqlite3.SQLITE_FULL: f"{_PLEIN} ; libérez-en, puis relancez la même commande.",
    sqlite3.SQLITE_READONLY: "ce dossier est en lecture seule ; choisissez-en un autre.",
    sqlite3.SQLITE_CANTOPEN: "ce dossier est en lecture seule ; choisissez-en un autre.",
    sqlite3.SQLITE_BUSY: "une autre consolidation y écrit déjà ; attendez sa fin, ou choisissez un autre dossier.",
    sqlite3.SQLITE_IOERR: "le disque est plein ou ne répond pas ; vérifiez-le, puis relancez la même commande.",
}
ABIME = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA)
"""The state can't be used: it is a cache, and is made again."""


def code_sqlite(error: sqlite3.Error) -> int:
    """SQLite's primary result code of a failure; 0 when it has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def impossible(sortie: Path, error: Exception) -> ConsolidationImpossible:
    """The sentence for a failure of the disk while writing in the output folder."""
    if isinstance(error, sqlite3.Error):
        code = sqlite3.SQLITE_READONLY if _read_only(sortie) else code_sqlite(error)
        found = _ETAT.get(code, f"son état ne peut pas être écrit ({error}) ; supprimez « .aap-xl ».")
    elif isinstance(error, OSError):
        found = raison(error if error.errno else OSError(_errno(error), str(error)))
    else:
        found = "l'écriture a échoué."
    return ConsolidationImpossible(f"« {sortie} » ne peut pas être écrit : {found} Ce qui s'y trouvait est intact.")


def _read_only(sortie: Path) -> bool:
    """Whether the disk is: SQLite says « I/O error » where it was opened before."""
    try:
        return bool(os.statvfs(sortie).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):  # Windows; a folder that is not there yet
        return False


def _errno(error: OSError) -> int:
    """The system's code, which the Parquet writer only puts in words."""
    words = str(error)
    return next((code for code in (errno.ENOSPC, errno.EDQUOT, errno.EROFS) if f"errno {code}]" in words), 0)


def lieu(error: BaseException) -> str:
    """``KeyError, sorties.py:123``: type and place of a failure, never its message, which may quote the file."""
    import traceback  # noqa: PLC0415 - rare, and long to import

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "aap_xl" in frame.filename] or frames
    place = f", {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"
