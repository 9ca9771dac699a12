"""Calls already validated, kept in the user's cache folder: a command then starts without pydantic.

An entry says what it was made from: the content of the file, of the model and of the checks, and the rules that
exist. It is used only where that has not changed. Entries can only hold the model's own classes. A cache that can't be
used is simply not used.
"""

import io
import os
import sys
import zlib
from collections.abc import Collection
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from aap_xl.appels import model
from aap_xl.appels.model import Appel

try:
    from _pickle import Unpickler, UnpicklingError  # the rest of `pickle` takes as long to import as the calls to load
except ImportError:
    from pickle import Unpickler, UnpicklingError

_SAFE = {
    ("decimal", "Decimal"),
    ("datetime", "date"),
    ("aap_xl.anomalies", "Gravite"),
}

_NO_CACHE = (OSError, RuntimeError)
"""The system refuses, or the user has no home: not a failure."""


class _Unpickler(Unpickler):
    """Builds the model's classes and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        """Refuse any class that a call is not made of, were it one that the model's modules import."""
        if not module.startswith(model.__name__) and (module, name) not in _SAFE:
            raise UnpicklingError(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type) or found.__module__ != module:
            raise UnpicklingError(f"{module}.{name}")
        return found


def lire(content: bytes, codes: Collection[str] | None) -> Appel | None:
    """The call validated earlier from the same content, if there is one."""
    source = _source(content, codes)
    try:
        made_from, appel = _Unpickler(io.BytesIO(lire_octets(_name(source)) or b"")).load()
    except Exception:  # noqa: BLE001 - whatever is wrong with an entry, the file itself is read again
        return None
    return appel if isinstance(appel, Appel) and made_from == source else None


def garder(content: bytes, codes: Collection[str] | None, appel: Appel) -> None:
    """Keep a validated call for the next command; the member of an enumeration is written by its value."""
    import pickle  # noqa: PLC0415 - only when there is something to keep

    class Pickler(pickle.Pickler):
        def reducer_override(self, item: object) -> Any:
            return (type(item), (item.value,)) if isinstance(item, Enum) else NotImplemented

    source = _source(content, codes)
    entry = io.BytesIO()
    Pickler(entry, protocol=5).dump((source, appel))
    garder_octets(_name(source), entry.getvalue())


def lire_octets(nom: str) -> bytes | None:
    """An entry's bytes, if there is one; they say themselves what they were made from."""
    try:
        return (folder() / nom).read_bytes()
    except _NO_CACHE:
        return None


def garder_octets(nom: str, octets: bytes) -> None:
    """Keep an entry for the next command, if that can be."""
    import tempfile  # noqa: PLC0415 - a few ms, only when there is something to keep

    try:
        path = folder() / nom
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(octets)
        Path(file.name).replace(path)
    except _NO_CACHE:
        return


def _source(content: bytes, codes: Collection[str] | None) -> bytes:
    """All that a validated call depends on."""
    rest = f"{sys.version_info[:2]} {sorted(codes) if codes is not None else None}".encode()
    return b"\0".join((content, *_code(), rest))


@cache
def _code() -> tuple[bytes, ...]:
    """The modules that make and check a call."""
    return tuple(module.read_bytes() for module in sorted(Path(__file__).parent.rglob("*.py")))


def _name(source: bytes) -> str:
    return f"{zlib.crc32(source):08x}.appel"


def folder() -> Path:
    """The user's cache folder, which nobody else writes in."""
    root = os.environ.get("AAP_XL_CACHE") or os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return Path(root or Path.home() / ".cache") / "aap_xl"
