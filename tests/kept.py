"""What is slow to make and always the same, kept in pytest's own cache from one run to the next.

Nothing is kept before `use` names a folder: a clean checkout makes everything, and so does ``pytest --cache-clear``.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_BYTES_MAX = 400 * 2**20
"""Of all that is kept: what was asked for the longest ago is removed first."""
_folder: list[Path] = []


def use(folder: Path) -> None:
    """Keep things there from now on, and remove those that are too many, unless another process of the run does."""
    _folder[:] = [folder]
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    size = 0
    for path in sorted(folder.glob("*/*"), key=lambda path: path.stat().st_mtime, reverse=True):
        size += sum(item.stat().st_size for item in path.rglob("*"))
        if size > _BYTES_MAX:
            shutil.rmtree(path, ignore_errors=True)


def kept(kind: str, parts: Iterable[object], make: Callable[[Path], object]) -> Path | None:
    """A folder that something was made in, in this run or an earlier one.

    Args:   parts: everything that decides what is made; make: given an empty folder, makes it.
    Returns: ``None`` if nothing is kept, and nothing was made.
    """
    if not _folder:
        return None
    name = sha256(repr(tuple(parts)).encode()).hexdigest()[:32]
    found = _folder[0] / kind / name
    if not found.exists():
        fresh = found.with_name(f"{name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        make(fresh)
        with suppress(OSError):  # another run was faster
            fresh.rename(found)
        shutil.rmtree(fresh, ignore_errors=True)
    os.utime(found)
    return found


@cache
def code() -> str:
    """A digest of all that decides what the tests generate: the package, the generator, the libraries."""
    digest = sha256(f"{sys.version} {time.tzname}".encode())
    for library in ("XlsxWriter", "openpyxl", "lxml"):
        digest.update(version(library).encode())
    for folder in (_ROOT / "src", _ROOT / "tests" / "retours"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
