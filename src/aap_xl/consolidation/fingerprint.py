"""All that a result depends on besides the file itself: this program, the calls, the day, the key, the rules' words."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import aap_xl
from aap_xl import __version__


@cache
def code() -> str:
    """A hash of this program as installed."""
    digest = sha256(__version__.encode())
    root = Path(aap_xl.__file__).parent
    for module in sorted(root.rglob("*.py")):
        if module.parent.name != "faces":
            digest.update(module.relative_to(root).as_posix().encode())
            digest.update(module.read_bytes())
    return digest.hexdigest()[:32]


def empreinte(appels: Iterable[Path], jour: date, cle: str, regles: Mapping[str, str]) -> str:
    """What a kept result was made with; another one is not used again.

    Args: appels: the calls' files; cle: the key's own fingerprint, ``""`` without a key.
    """
    contents = sorted(sha256(chemin.read_bytes()).hexdigest() for chemin in appels)
    parts = [code(), contents, jour.isoformat(), cle, sorted(regles.items())]
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
