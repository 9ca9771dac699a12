"""Writing a file so that a crash at any moment leaves the old one or the new one, never a piece."""

import errno
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where nobody removes or renames a file that is open
    fcntl = None  # type: ignore[assignment]

_PREFIX, _SUFFIX = ".aap-xl-", ".tmp"
_YOUNG = 60
"""Seconds during which a temporary file is left alone where no lock tells whether somebody holds it."""


class EcritureImpossible(Exception):
    """The file cannot be written; the message is a French sentence that says what to do."""


_SENTENCES = {
    errno.ENOSPC: "il n'y a plus de place sur le disque ; libérez-en, puis recommencez.",
    errno.EDQUOT: "votre espace disque est plein ; libérez-en, puis recommencez.",
    errno.EFBIG: "il est trop gros pour ce disque ; choisissez-en un autre.",
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


def write_atomically(target: Path, content: bytes, like: Path | None = None) -> None:
    """Write a file beside its target, then put it in its place at once.

    Permissions, extended attributes and, where the system allows it, owner and group are kept. A file that has other
    names (hard links) is written in place, since these must go on naming it: its former content stays beside it until
    that is done. What killed runs left in the folder is removed.

    Args:   like: the file that a new one is made from, whose permissions it gets: nobody else may read the copy.
    Raises: EcritureImpossible with a sentence, and the target is as it was.
    """
    target = Path(os.path.realpath(target))
    with _sentences(target):
        _check_free(target)
        _sweep(target.parent)
        if target.exists() and target.stat().st_nlink > 1:
            _write_in_place(target, content)
        else:
            with _beside(target.parent, content) as temporary:
                _dress(temporary, target if target.exists() else like)
                temporary.replace(target)
        _sync_folder(target.parent)


def write_new(candidates: Iterable[Path], content: bytes, like: Path | None = None) -> Path:
    """Write a file under the first name that nothing bears: it is there whole or not at all, and read back the same.

    Args:    candidates: in one folder, the last of which nothing bears; like: a file whose looks and age it gets.
    Returns: the name it was given.
    Raises:  EcritureImpossible with a sentence, and nothing was written.
    """
    names = iter(candidates)
    target = next(names)
    with _sentences(target), _beside(target.parent, content) as temporary:
        _dress(temporary, like)
        if like:
            os.utime(temporary, ns=(like.stat().st_atime_ns, like.stat().st_mtime_ns))
        if temporary.read_bytes() != content:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        while not _name_new(temporary, target):
            target = next(names)
        _sync_folder(target.parent)
    return target


def _name_new(temporary: Path, target: Path) -> bool:
    """Give a file its name unless something bears it."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links
        if target.exists():
            return False
        temporary.replace(target)
    return True


@contextmanager
def _sentences(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EcritureImpossible(f"« {target.name} » ne peut pas être écrit : {raison(error)}") from error


@contextmanager
def _beside(folder: Path, content: bytes) -> Iterator[Path]:
    """A file of a folder with some content, locked as long as it bears its temporary name, which it leaves or loses."""
    handle, name = _locked(folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if fcntl is None:
                file.close()  # Windows renames no open file
            yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def _locked(folder: Path) -> tuple[int, str]:
    """A new temporary file, which no other run takes for a killed one's."""
    while True:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder)
        if fcntl is None:
            return handle, name
        with suppress(OSError):  # a disk without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)  # removed between its birth and its lock


def _sweep(folder: Path) -> None:
    """Remove the temporary files of runs that were killed: those of ours that nobody holds."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX)
            if ours and entry.is_file(follow_symlinks=False):
                _remove_unheld(Path(entry.path))


def _remove_unheld(temporary: Path) -> None:
    with suppress(OSError):
        if fcntl is None:
            if time.time() - temporary.stat().st_mtime > _YOUNG:
                temporary.unlink()  # Windows removes no open file
            return
        handle = os.open(temporary, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            temporary.unlink()
        finally:
            os.close(handle)


def _write_in_place(target: Path, content: bytes) -> None:
    """Write over a file that has other names; its former content is beside it meanwhile, under a name of its own."""
    former = target.read_bytes()
    names = (target.with_name(f"{target.stem}.secours-{number}{target.suffix}") for number in count(1))
    aside = write_new(names, former, like=target)
    try:
        _overwrite(target, content)
    except BaseException as error:
        try:
            _overwrite(target, former)
        except OSError:
            raise EcritureImpossible(
                f"« {target.name} » n'a pas pu être écrit jusqu'au bout ; son ancien contenu est gardé dans "
                f"« {aside.name} » : donnez-lui le nom du classeur."
            ) from error
        aside.unlink()
        raise
    aside.unlink()


def _overwrite(target: Path, content: bytes) -> None:
    """Write over a file, once there is room for all of it."""
    with target.open("r+b") as file:
        if hasattr(os, "posix_fallocate") and content:
            os.posix_fallocate(file.fileno(), 0, len(content))
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _dress(temporary: Path, like: Path | None) -> None:
    """Give a new file the permissions, attributes, owner and group of another one, or a new file's permissions."""
    if like is None or not like.exists():
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        return
    given = like.stat()
    mode = stat.S_IMODE(given.st_mode) | stat.S_IWUSR
    if not _owned(temporary, given):
        mode &= ~stat.S_IRWXG  # what was meant for a group is not for another one
    temporary.chmod(mode)
    with suppress(OSError):
        for name in os.listxattr(like) if hasattr(os, "listxattr") else ():
            with suppress(OSError):
                os.setxattr(temporary, name, os.getxattr(like, name))


def _owned(temporary: Path, given: os.stat_result) -> bool:
    """Give a file its owner, or at least its group. False if the group can't be given."""
    for owner in (given.st_uid, -1) if hasattr(os, "chown") else ():
        with suppress(OSError):
            os.chown(temporary, owner, given.st_gid)
            return True
    return not hasattr(os, "chown")


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


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
