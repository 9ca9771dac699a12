"""Writing a file so that a crash at any moment leaves the old one or the new one, never a piece."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path


class EcritureImpossible(Exception):
    """The file cannot be written; the message is a French sentence that says what to do."""


_SENTENCES = {
    errno.ENOSPC: "il n'y a plus de place sur le disque ; libérez-en, puis recommencez.",
    errno.EDQUOT: "votre espace disque est plein ; libérez-en, puis recommencez.",
    errno.EROFS: "le disque est en lecture seule ; choisissez un autre dossier.",
    errno.EACCES: "il est ouvert dans un autre programme ou protégé ; fermez-le, ou choisissez un autre nom.",
    errno.EPERM: "il est ouvert dans un autre programme ou protégé ; fermez-le, ou choisissez un autre nom.",
    errno.ENOENT: "son dossier n'existe pas ; créez-le, ou choisissez un autre nom.",
    errno.ENOTDIR: "son dossier n'existe pas ; créez-le, ou choisissez un autre nom.",
    errno.EISDIR: "c'est un dossier ; donnez un nom de fichier.",
    errno.ENAMETOOLONG: "son nom est trop long ; choisissez-en un plus court.",
}


def raison(error: OSError) -> str:
    """Why the system refused and what to do; its own words where the case is not a usual one."""
    folder = dossier_ferme(error)
    if folder is not None:
        return f"vous n'avez pas les droits nécessaires sur le dossier « {folder} » ; choisissez-en un autre."
    return _SENTENCES.get(error.errno or 0, f"le système répond « {error.strerror or error} ».")


def dossier_ferme(error: OSError) -> Path | None:
    """The folder that does not let this user in, or lets nothing be made in it; ``None`` when it is a file's fault."""
    if not isinstance(error, PermissionError) or not error.filename:
        return None
    path = Path(str(error.filename))
    if os.access(path, os.F_OK):
        return path if path.is_dir() else None
    return path.parent


def write_atomically(target: Path, content: bytes) -> None:
    """Write a file beside its target, then put it in its place at once; permissions are kept.

    Raises: EcritureImpossible with a sentence, and the target is as it was.
    """
    target = Path(os.path.realpath(target))
    _check_free(target)
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".aap-xl-", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
        temporary = None
        _sync_folder(target.parent)
    except OSError as error:
        raise EcritureImpossible(f"« {target.name} » ne peut pas être écrit : {raison(error)}") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _check_free(target: Path) -> None:
    """Refuse a file that someone has open, or that was protected on purpose."""
    if not target.exists():
        return
    if target.is_dir():
        raise EcritureImpossible(f"« {target.name} » ne peut pas être écrit : {_SENTENCES[errno.EISDIR]}")
    if not target.stat().st_mode & stat.S_IWUSR:
        raise EcritureImpossible(
            f"« {target.name} » est en lecture seule ; retirez cette protection, ou choisissez un autre nom."
        )
    for lock in (f"~${target.name}", f"~${target.name[2:]}", f".~lock.{target.name}#"):
        if (target.parent / lock).exists():
            raise EcritureImpossible(
                f"« {target.name} » est ouvert dans un tableur ; enregistrez-le et fermez-le, puis recommencez "
                f"(s'il est déjà fermé, supprimez le fichier « {lock} »)."
            )


def _mode(target: Path) -> int:
    """The permissions the target has, or that a new file would get."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
