"""The NIR, looked for in every cell and note of every sheet: noted, and masked before anything quotes it."""

from collections.abc import Iterable, Iterator
from typing import Any

from aap_xl.cells import Cell, a1
from aap_xl.domain.facts import Fait, NirSaisi
from aap_xl.domain.nir import contient_nir, masquer
from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.namespaces import SPREADSHEET, THREADED_COMMENTS
from aap_xl.workbook.ooxml.walk import Vocabulary, elements
from aap_xl.workbook.reading.marks import Place
from aap_xl.workbook.reading.sheets import FACTS_MAX, too_many

_SHORTEST = 13
_FEWEST = _SHORTEST - 1
"""Digits of a NIR, those that a Corsican department takes left out."""
_SMALLEST = 10**12
_RUN = b"0" * _SHORTEST
_DIGITS = bytes(48 if chr(byte) in "0123456789aAbB" else byte for byte in range(256))
_ANY_DIGITS = bytes(48 if byte > 127 or chr(byte) in "0123456789aAbBeE" else byte for byte in range(256))
"""The same, those of other scripts and exponents included."""
_SEPARATORS = b" .-/\xc2\xa0\xe2\x80\x87\x89\xaf"
_NO_DIGITS = bytes(byte for byte in range(128) if chr(byte) not in "0123456789<")
_END_OF_ROWS = b"</sheetData>"
_CUT = pattern(rb"<(?:!\[CDATA\[|(?:[^\s<>/:]++:)?r(?:\s[^<>]*+)?>)")
_REFERENCE = pattern(rb">(?:[^<>&]++|&(?!#))*&#")
"""What may cut a text, or write its digits otherwise: runs, sections; references to characters."""
_TEXTS = pattern(rb"<(?:[^\s<>/:]++:)?[vt](?:\s[^<>]*+)?>([^<]{13,}+)<")

_NOTES = Vocabulary({SPREADSHEET: "", THREADED_COMMENTS: "said:"})
_OF_A_PLACE = ("comments/commentList/comment", "said:ThreadedComments/said:threadedComment")
_NOTE_PATHS = (
    *_OF_A_PLACE,
    "comments/authors/author",
    *(f"{_OF_A_PLACE[0]}/text/{name}" for name in ("t", "r/t")),
    f"{_OF_A_PLACE[1]}/said:text",
)


def suspect(part: bytes) -> bool:
    """Whether a sheet or the strings of an .xlsx may hold a NIR: a scan of the bytes, then of the texts it leaves."""
    if _CUT.search(part) or (b"#" in part and _REFERENCE.search(part)):
        return True
    rows, _, rest = part.rpartition(_END_OF_ROWS)  # margins are long numbers
    return any(
        _RUN in piece.translate(_ANY_DIGITS, _SEPARATORS + b"+_") and any(map(_is_nir, _long_numbers(piece)))
        for piece in (rows, rest)
    )


def _long_numbers(xml: bytes) -> Iterator[str]:
    """The texts with enough digits for a NIR; in those that are not only ASCII, other characters may be some."""
    texts = _TEXTS.findall(xml)
    digits = b"<".join(texts).translate(None, _NO_DIGITS).split(b"<")
    return (text.decode(errors="replace") for text, found in zip(texts, digits, strict=False) if len(found) >= _FEWEST)


def suspect_values(values: Iterable[object]) -> bool:
    """Whether one of many values may hold a NIR."""
    values = list(values)
    texts = [value for value in values if isinstance(value, str) and len(value) >= _SHORTEST]
    numbers = [value for value in values if isinstance(value, (int, float)) and value >= _SMALLEST]
    joined = "\0".join([text.replace("\0", " ") for text in texts])
    digits = joined.encode(errors="replace").translate(_DIGITS, _SEPARATORS)
    near = [text for text, run in zip(texts, digits.split(b"\0"), strict=True) if _RUN in run] if texts else []
    return any(map(contient_nir, near)) or any(map(contient_nir, numbers))


def _is_nir(text: str) -> bool:
    if sum(map(str.isdecimal, text)) < _FEWEST:
        return False
    try:
        return contient_nir(float(text))
    except ValueError:
        return contient_nir(text)


def mask(feuille: str, rows: Iterable[list[Any]]) -> dict[Place, Fait]:
    """The cells of a sheet that hold a NIR; each is replaced in place by its masked text."""
    found: dict[Place, Fait] = {}
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            if _may_hold(cell) and contient_nir(cell):
                row[column - 1] = masquer(cell if isinstance(cell, str) else f"{cell:.0f}")
                found[line, column] = NirSaisi(Cell(feuille, a1(line, column)), row[column - 1])
                if len(found) > FACTS_MAX:
                    raise too_many(feuille, FACTS_MAX, "cellules qui contiennent un numéro de sécurité sociale")
    return found


def _may_hold(cell: object) -> bool:
    if isinstance(cell, str):
        return len(cell) >= _SHORTEST
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell >= _SMALLEST


def in_notes(feuille: str, notes: Iterable[bytes]) -> Iterator[Fait]:
    """The notes and comments of a sheet that hold a NIR, in the parts of an .xlsx.

    Raises: ValueError if one of the parts is not well-formed.
    """
    for part in notes:
        adresse = ""
        texts: list[str] = []
        for path, given, text in elements(part, _NOTES, *_NOTE_PATHS):
            if path in _OF_A_PLACE:
                yield from _in_note(feuille, adresse, "".join(texts))
                adresse, texts = given.get("ref", ""), []
            texts.append(text)
        yield from _in_note(feuille, adresse, "".join(texts))


def in_texts(feuille: str, notes: Iterable[tuple[Place, str]]) -> Iterator[Fait]:
    """The notes of a sheet that hold a NIR, given where they are and what they say."""
    for place, text in notes:
        yield from _in_note(feuille, a1(*place), text)


def _in_note(feuille: str, adresse: str, text: str) -> Iterator[Fait]:
    if contient_nir(text):
        yield NirSaisi(Cell(feuille, adresse), masquer(text))
