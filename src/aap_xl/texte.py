"""Text compared the way a reader compares it: without case, accents, punctuation or spacing."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
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
def normaliser(texte: str | None) -> str:
    """``" Date d’Entrée "`` → ``"date d entree"``; ``""`` for no text."""
    return " ".join(texte.translate(_FOLDING).split()) if texte else ""


def plus_proche(texte: str, candidats: Iterable[str]) -> str:
    """The candidate that a text is a typing slip of, ``""`` when none is near-certain or several could be."""
    near = proches(texte, candidats)
    return near[0] if len(near) == 1 else ""


def renommages(nom: str, candidats: Iterable[str]) -> dict[str, Any]:
    """What may have become of a name, as a fact says it: the one it is a slip of (``proche``), else ``autres``: all."""
    names = tuple(candidats)
    near = plus_proche(nom, names)
    return {"proche": near} if near else {"autres": names}


def proches(texte: str, candidats: Iterable[str]) -> list[str]:
    """The candidates that a text may be a typing slip of, hardly ever more than one.

    Both are compared word by word, without capitals, accents, punctuation and link words (« de », « l' »). Two words
    that start alike are one slip apart when a letter is missing, too many, another one, or swapped with the next. A
    word of five letters bears one slip, one of ten letters two, a shorter one none: CDD is not CDI, Artois not
    Ternois. Digits are never slips: « À 3 mois » is not « À 6 mois ».
    """
    by_form = {normaliser(candidat): candidat for candidat in candidats}
    form = normaliser(texte)
    if form in by_form:
        return [by_form[form]]
    words = _words(form)
    return [candidat for other, candidat in by_form.items() if words and _slipped(words, _words(other))]


def slips(a: str, b: str) -> int:
    """How many letters to add, remove, replace or swap with the next make one text of another (each letter once)."""
    before: list[int] = []
    line = list(range(len(b) + 1))
    for i, letter in enumerate(a):
        above, line = line, [i + 1]
        for j, other in enumerate(b):
            cost = min(above[j] + (letter != other), above[j + 1] + 1, line[j] + 1)
            if i and j and letter == b[j - 1] and other == a[i - 1]:
                cost = min(cost, before[j - 1] + 1)
            line.append(cost)
        before = above
    return line[-1]


_LINKS = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "un", "une"])
_ONE_SLIP, _TWO_SLIPS = 5, 10
"""Letters from which a word may bear one slip, and two."""


def _words(form: str) -> list[str]:
    words = form.split()
    return [word for word in words if word not in _LINKS] or words


def _slipped(typed: list[str], known: list[str]) -> bool:
    """Whether each word is the same or a slip; words joined or cut are the same."""
    if "".join(typed) == "".join(known):
        return True
    return len(typed) == len(known) and all(map(_same_word, typed, known))


def _same_word(typed: str, known: str) -> bool:
    if typed == known:
        return True
    shorter = min(len(typed), len(known))
    allowed = (shorter >= _ONE_SLIP) + (shorter >= _TWO_SLIPS)
    if not allowed or abs(len(typed) - len(known)) > allowed or not (typed.isalpha() and known.isalpha()):
        return False
    starts_alike = typed[0] == known[0] or typed[:2] == known[1::-1]
    return starts_alike and slips(typed, known) <= allowed


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
