"""One cell of an .xlsx, from the XML it holds to its value: the one place that knows what a cell means.

The cells of a workbook repeat themselves: each writing is worked out once (`Cells` remembers), column after column.
"""

import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.usual import Odd, decoded
from aap_xl.workbook.reading.marks import Erreur
from aap_xl.workbook.reading.xlsx.formats import Shown, as_shown
from aap_xl.workbook.reading.xlsx.strings import Strings
from aap_xl.workbook.reading.xlsx.texts import PRESERVED, plain_run, run

_GIVEN = pattern(r'(?: s="(\d{1,9}+)"| t="([a-zA-Z]++)"| (?:cm|vm|ph|r)="\w*+")* ?', re.ASCII)
_BEFORE_TEXT, _AFTER_TEXT = len("<is><t"), len("</t></is></c>")
_INDEX_MAX = 9
"""Digits of the rank of a shared string."""
_BOOLEANS: dict[str, bool | str] = {"": "", "0": False, "false": False, "1": True, "true": True}
_BLANKS = " \t\n\r\x0b\f"
_NUMBER = pattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MOMENT = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?", re.ASCII)
_DAY = pattern(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = pattern(r"\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?", re.ASCII)
_NO_ERROR_GIVEN = "#ERREUR"


class Cells(dict[bytes | None, object]):
    """What each writing of a cell is worth: from ``b' s="3" t="s"><v>12</v></c>'`` to ``"Oui"``.

    Values are plain (``""``: blank; the tests compare them with python-calamine's), and `Erreur` for a cell in error;
    the start of a cell whose formula comes next is blank. Asking for a new writing raises `Odd` if it is no usual one,
    ValueError if it means nothing.

    Attributes: en_erreur: whether any of them is in error.
    """

    en_erreur = False

    def __init__(self, strings: Strings | None, formats: list[Shown], *, depuis_1904: bool) -> None:
        super().__init__({None: ""})
        self._strings = strings
        self._formats = formats
        self._depuis_1904 = depuis_1904
        self._readings: dict[str, Callable[[str], object]] = {}

    def __missing__(self, xml: bytes) -> object:
        given, _, held = xml.decode().partition(">")
        value: object
        if held.startswith("<v>"):
            reading = self._readings.get(given) or self._reading(given)
            text = held[3:-8]
            value = reading(decoded(text) if "&" in text or "\r" in text else text)
        elif held.startswith("<is><t>"):
            value = plain_run(held[_BEFORE_TEXT + 1 : -_AFTER_TEXT])
        elif held.startswith("<is><t"):
            spaces, _, text = held[_BEFORE_TEXT:-_AFTER_TEXT].partition(">")
            if spaces != PRESERVED:
                raise Odd
            value = plain_run(text, preserved=True)
        else:
            value = self._reading(given.removesuffix("/"))("")
        self[xml] = value
        return value

    def _reading(self, given: str) -> Callable[[str], object]:
        """How a value is read, given the attributes of its cell."""
        if given not in self._readings:
            self._readings[given] = self._new_reading(given)
        return self._readings[given]

    def _new_reading(self, given: str) -> Callable[[str], object]:
        match = _GIVEN.fullmatch(given)
        if match is None:
            raise Odd
        style, kind = match.groups()
        known = {"s": self._shared, "str": _text, "b": _boolean, "e": self._error, "d": _iso, "inlineStr": _none}
        if kind in known:
            return known[kind]
        if kind not in (None, "n"):
            raise ValueError("unknown kind of cell")
        rank = int(style) if style else -1
        shown = self._formats[rank] if 0 <= rank < len(self._formats) else Shown.NUMBER
        number = partial(_number, typed=kind is not None)
        return number if shown is Shown.NUMBER else partial(self._date, number, shown)

    def _date(self, number: Callable[[str], object], shown: Shown, text: str) -> object:
        value = number(text)
        return as_shown(value, shown, depuis_1904=self._depuis_1904) if isinstance(value, float) else value

    def _shared(self, text: str) -> str:
        if self._strings is None:
            raise ValueError("no strings")
        if not text:
            return ""
        if not (text.isascii() and text.isdigit()) or len(text) > _INDEX_MAX:
            raise ValueError("no index of a string")
        try:
            return self._strings[int(text)]
        except IndexError:
            raise ValueError("no such string") from None

    def _error(self, text: str) -> Erreur:
        self.en_erreur = True
        return Erreur(text or _NO_ERROR_GIVEN)


def _number(text: str, *, typed: bool) -> float | str:
    if (text.isascii() and text.isdigit()) or _NUMBER.fullmatch(text):
        return float(text)
    if typed and text:
        raise ValueError("not a number")
    return text


def _text(text: str) -> str:
    return run(text, preserved=True)


def _boolean(text: str) -> bool | str:
    return _BOOLEANS[text.strip(_BLANKS)]


def _none(_: str) -> str:
    return ""


def _iso(text: str) -> dt.date | dt.time | str:
    """A date, a moment or a time of day in the international writing; the text if it is none."""
    with suppress(ValueError):
        if _MOMENT.fullmatch(text):
            return dt.datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
        if _TIME.fullmatch(text):
            return dt.time.fromisoformat(text)
    return text
