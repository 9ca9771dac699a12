"""Text compared the way a reader compares it: without case, accents, punctuation or spacing."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """``" Date d’Entrée "`` → ``"date d entree"``."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def nearest(text: str, candidates: Iterable[str]) -> str:
    """The candidate most like a text, ``""`` when none is."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a message

    by_form = {normalise(candidate): candidate for candidate in candidates}
    found = get_close_matches(normalise(text), by_form, n=1, cutoff=0.6)
    return by_form[found[0]] if found else ""
