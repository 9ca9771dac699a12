"""A call that starts from another file: `base` names it, `retire` takes out what does not hold, the rest is changed.

Tables merge by key, arrays of tables whose items have a `code` merge by it, anything else is replaced. A text may cite
a word of the call between braces: ``"{article_financement}"`` (`appels.mots`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aap_xl.appels.words import dire, inconnus, vocabulaire
from aap_xl.patterns import pattern

Part = dict[str, Any]
"""A table of a call's file, as TOML is read."""

_MARQUES = ("base", "commun", "retire")
_BASE = pattern(rb'^base\s*=\s*["\']([^"\'\n]*)["\']', 8)  # re.MULTILINE
_COMMUN = pattern(rb"^commun\s*=\s*true\b", 8)


class Incoherent(Exception):
    """What a file asks of its base can't be done; the message is the key and what is wrong, in French."""


def base(content: bytes) -> str:
    """The name of the file that a call starts from, ``""`` when it stands alone; read before the file is understood."""
    found = _BASE.search(_head(content))
    return found[1].decode("utf-8", "replace") if found else ""


def commun(content: bytes) -> bool:
    """Whether a file is there for others to start from, and is no call itself."""
    return _COMMUN.search(_head(content)) is not None


def _head(content: bytes) -> bytes:
    """What precedes the first table."""
    return (b"\n" + content).partition(b"\n[")[0]


def verifier(data: Mapping[str, object], content: bytes) -> None:
    """Refuse marks that were not seen before the file was understood, or that mean nothing. Raises: Incoherent."""
    if data.get("base", "") != base(content):
        raise Incoherent('base : écrivez base = "nom-du-fichier", sur une ligne, avant la première table.')
    if data.get("commun", False) is not commun(content):
        raise Incoherent("commun : écrivez commun = true, sur une ligne, avant la première table, ou retirez-le.")


def origine(chain: Mapping[str, Mapping[str, object]], merged: object, loc: tuple[int | str, ...]) -> str:
    """The file that says what stands at a place of a call, the call's own where nobody does.

    Args:   chain: name → what the file says, the call's first; merged: what they say together.
    """
    parts: dict[str, object] = dict(chain)
    found = next(iter(chain))
    for step in loc:
        merged = _at(merged, step)
        code = merged.get("code") if isinstance(step, int) and isinstance(merged, dict) else None
        parts = {name: value for name, part in parts.items() if (value := _at(part, step, code)) is not None}
        found = next(iter(parts), found)
    return found


def _at(value: object, step: int | str, code: str | None = None) -> object:
    """What stands one step inside a value: by its code in a list of coded items."""
    if isinstance(value, dict):
        return value.get(str(step))
    if not isinstance(value, list) or not isinstance(step, int):
        return None
    if code is not None and _coded(value):
        return next((item for item in value if item["code"] == code), None)
    return value[step] if step < len(value) else None


def trouver(nom: str, chemin: Path, dossiers: tuple[Path, ...]) -> Path:
    """The file of a base: beside the one that asks for it, or in one of the folders. Raises: Incoherent."""
    for dossier in (chemin.parent, *dossiers):
        found = dossier / f"{nom}.toml"
        if Path(nom).name == nom and found.is_file() and found != chemin:
            return found
    raise Incoherent(f"base : aucun fichier {nom}.toml dans le dossier de cet appel ni parmi ceux fournis.")


def heriter(chain: list[dict[str, object]]) -> Part:
    """What a call says once each file of its chain has changed the one it starts from, its words in their places.

    Args:   chain: the call itself first, then its base, the base's own…
    Raises: Incoherent.
    """
    merged = fusionner(chain)
    tables = (merged.get(table) for table in ("identite", "operation", "mots"))
    mots = vocabulaire(*(table for table in tables if isinstance(table, dict)))
    return {key: _worded(value, mots, key) for key, value in merged.items()}


def fusionner(chain: list[dict[str, object]]) -> Part:
    """The same, its texts as the files write them. Raises: Incoherent."""
    *others, merged = chain
    merged = {key: value for key, value in merged.items() if key not in _MARQUES}
    for own in reversed(others):
        merged = _merge(merged, own, "")
    return merged


def _merge(under: Mapping[str, object], own: Mapping[str, object], key: str) -> dict[str, object]:
    merged = dict(under)
    retire = own.get("retire", [])
    if not isinstance(retire, list) or not all(isinstance(nom, str) for nom in retire):
        raise Incoherent(f'{key}retire : une liste de clés est attendue, par exemple ["regles.P04"].')
    for nom in retire:
        try:
            merged = _without(merged, nom)
        except KeyError:
            raise Incoherent(f"{key}retire : « {nom} » n'est pas dans ce dont cet appel part.") from None
    for nom, value in own.items():
        if nom not in _MARQUES or (key and nom != "retire"):
            merged[nom] = _merged(merged.get(nom), value, f"{key}{nom}")
    return merged


def _merged(under: Any, own: Any, key: str) -> object:
    if isinstance(under, dict) and isinstance(own, dict):
        return _merge(under, own, f"{key}.")
    if _coded(under) and _coded(own) and own:
        changes = {item["code"]: item for item in own}
        if len(changes) < len(own):
            raise Incoherent(f"{key} : un même code y est donné deux fois.")
        kept = [_merge(item, changes.pop(item["code"], {}), f"{key}.{item['code']}.") for item in under]
        return kept + list(changes.values())
    return own


def _coded(value: object) -> bool:
    """Whether these are items known by their code."""
    return isinstance(value, list) and all(
        isinstance(item, dict) and isinstance(item.get("code"), str) for item in value
    )


def _without(table: Mapping[str, object], nom: str) -> dict[str, object]:
    """A table without one key, or without one item of a list: ``P04``, ``mds.ternois``. Raises: KeyError."""
    first, _, rest = (nom, "", "") if nom in table else nom.partition(".")
    value = table.get(first)
    if first in table and not rest:
        return {other: item for other, item in table.items() if other != first}
    if isinstance(value, dict):
        return {**table, first: _without(value, rest)}
    if isinstance(value, list) and _coded(value):
        others = [item for item in value if item["code"] != rest]
        if len(others) < len(value):
            return {**table, first: others}
    raise KeyError(nom)


def _worded(value: object, mots: Mapping[str, str], key: str) -> object:
    if isinstance(value, dict):
        return {nom: _worded(item, mots, f"{key}.{nom}") for nom, item in value.items()}
    if isinstance(value, list):
        return [_worded(item, mots, f"{key}.{rank}") for rank, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    missing = next(inconnus(value, mots), "")
    if missing:
        raise Incoherent(f"{key} : {{{missing}}} n'est pas un mot de la table « mots ».")
    return dire(value, mots)
