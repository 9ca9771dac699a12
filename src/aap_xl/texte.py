"""Text compared the way a reader compares it: without case, accents, punctuation or spacing."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from unicodedata import combining, normalize

from aap_xl.patterns import pattern


class _Folding(dict[int, str]):
    """Each character's plain form, worked out once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if not char.isprintable() and not char.isspace() and INVISIBLE.fullmatch(char):
            self[code] = ""
            return ""
        plain = normalize("NFKD", char.casefold().replace("œ", "oe").replace("æ", "ae"))
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


INVISIBLE = pattern(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
"""Controls but tab and line end, bidirectional marks, letters without width: a reader can't see what they do."""


def stripped(texte: str) -> str:
    r"""``" 188,64\u200b"`` → ``"188,64"``: without what a reader can't see, spaces around included."""
    return INVISIBLE.sub("", texte).strip() if not texte.isprintable() else texte.strip()


def visible(texte: str) -> str:
    r"""``"188,64\u200b"`` → ``"188,64⟨U+200B⟩"``: what a reader could not see is shown."""
    if texte.replace("\n", "").isprintable():
        return texte
    return INVISIBLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", texte)


def json_visible(written: str) -> str:
    """The same JSON, what a reader could not see escaped as JSON does."""
    return INVISIBLE.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _utf16(found[0])), written)


def _utf16(char: str) -> Iterator[int]:
    octets = char.encode("utf-16-be")
    return (int.from_bytes(octets[rank : rank + 2], "big") for rank in range(0, len(octets), 2))
