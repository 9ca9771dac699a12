"""Text compared the way a reader compares it: without case, accents, punctuation or spacing."""

from collections.abc import Iterable
from functools import lru_cache
from unicodedata import combining, normalize


class _Folding(dict[int, str]):
    """Each character's plain form, worked out once."""

    def __missing__(self, code: int) -> str:
        plain = normalize("NFKD", chr(code).casefold().replace("œ", "oe").replace("æ", "ae"))
        self[code] = "".join(c if c.isalnum() else " " for c in plain if not combining(c))
        return self[code]


_FOLDING = _Folding()


@lru_cache(maxsize=8192)
def normaliser(texte: str) -> str:
    """``" Date d’Entrée "`` → ``"date d entree"``."""
    return " ".join(texte.translate(_FOLDING).split())


def plus_proche(texte: str, candidats: Iterable[str]) -> str:
    """The candidate most like a text, ``""`` when none is."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a message

    by_form = {normaliser(candidat): candidat for candidat in candidats}
    found = get_close_matches(normaliser(texte), by_form, n=1, cutoff=0.6)
    return by_form[found[0]] if found else ""
