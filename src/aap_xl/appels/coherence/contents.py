"""What is wrong in any part of a call, whichever it is: nothing in it, the same twice, codes of nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from aap_xl.appels.model import Modele
from aap_xl.texte import normaliser


def inside(part: Modele, key: str) -> Iterator[tuple[str, Modele]]:
    """A part of a call and all those it is made of, each with its key."""
    yield key, part
    for nom in part.champs():
        for own, item in _items(f"{key}.{nom}" if key else nom, getattr(part, nom)):
            yield from inside(item, own)


def _items(key: str, value: object) -> Iterator[tuple[str, Modele]]:
    if isinstance(value, Modele):
        yield key, value
    elif isinstance(value, tuple):
        yield from ((f"{key}.{rank}", item) for rank, item in enumerate(value) if isinstance(item, Modele))
    elif isinstance(value, Mapping):
        for nom, item in value.items():
            yield from _items(f"{key}.{nom}", item)


def content(key: str, part: Modele) -> Iterator[str]:
    """What is empty though nothing else says it, or given twice, in one part."""
    for nom, label in part.labels().items():
        value, own = getattr(part, nom), f"{key}.{nom}" if key else nom
        if value in ((), {}) and not (label.vide or hasattr(type(part), nom)):
            yield f"{own} : rien n'y est donné."
        lists = {own: value} if isinstance(value, tuple) else {}
        if isinstance(value, Mapping):
            lists = {f"{own}.{nom}": items for nom, items in value.items() if isinstance(items, tuple)}
        for where, items in lists.items():
            yield from _doubled(where, [item for item in items if isinstance(item, Modele)])


def _doubled(key: str, items: list[Modele]) -> Iterator[str]:
    """Codes and words by which two items of a list can't be told apart."""
    for champ in ("code", "libelle"):
        yield from _twice(key, filter(None, (getattr(item, champ, "") for item in items)))
    seen: dict[str, str] = {}
    for item in items:
        for alias in getattr(item, "alias", ()):
            other = seen.setdefault(normaliser(alias), item.code)  # type: ignore[attr-defined]
            if other != item.code:  # type: ignore[attr-defined]
                yield f"{key} : « {alias} » désigne à la fois « {other} » et « {item.code} »."  # type: ignore[attr-defined]


def _twice(key: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"{key} : « {value} » est donné deux fois." for value, n in Counter(values).items() if n > 1)


def unknown(key: str, values: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """The values that are none of those known."""
    known = list(known)
    yield from (f"{key} : « {v} » est inconnu (connus : {', '.join(known)})." for v in values if v not in known)
