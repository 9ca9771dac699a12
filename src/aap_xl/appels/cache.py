"""Calls already validated, kept in the user's cache folder: a command then starts without pydantic.

The key is the content of the file, of the model and of the checks, and the rules that exist: any change is a
new entry. Entries can only hold the model's own classes. A cache that can't be used is simply not used.
"""

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from aap_xl.appels.model import Appel

_SAFE = {
    ("decimal", "Decimal"),
    ("datetime", "date"),
    ("aap_xl.anomalies", "Gravite"),
}


class _Unpickler(pickle.Unpickler):
    """Builds the model's classes and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse any class that a call is not made of."""
        if module == "aap_xl.appels.model" or (module, name) in _SAFE:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def lire(content: bytes, codes: Collection[str] | None) -> Appel | None:
    """The call validated earlier from the same content, if there is one."""
    try:
        appel = _Unpickler(io.BytesIO(_path(content, codes).read_bytes())).load()
    except Exception:  # noqa: BLE001 - whatever is wrong with an entry, the file itself is read again
        return None
    return appel if isinstance(appel, Appel) else None


def garder(content: bytes, codes: Collection[str] | None, appel: Appel) -> None:
    """Keep a validated call for the next command."""
    import tempfile  # noqa: PLC0415 - a few ms, only when there is something to keep

    path = _path(content, codes)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(pickle.dumps(appel, protocol=5))
        Path(file.name).replace(path)
    except OSError:
        return


def _path(content: bytes, codes: Collection[str] | None) -> Path:
    digest = hashlib.sha256(content)
    for name in ("model.py", "coherence.py", "loader.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    digest.update(f"{sys.version_info[:2]} {sorted(codes) if codes is not None else None}".encode())
    return _folder() / f"{digest.hexdigest()}.appel"


def _folder() -> Path:
    """The user's cache folder, which nobody else writes in."""
    root = os.environ.get("AAP_XL_CACHE") or os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return Path(root or Path.home() / ".cache") / "aap_xl"
