"""Which cell formats of an .xlsx show a number as a date, a time or a duration, and that date."""

import datetime as dt
from enum import Enum
from functools import lru_cache

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.usual import Odd, check_child, decoded, root_end
from aap_xl.workbook.ooxml.walk import SHEET, elements
from aap_xl.workbook.reading.dates import DAYS_1904

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_ORDINAL = _EPOCH.toordinal()
_SAFE = 2**20
"""A day that exists, as do all those before."""
_MS = 86_400_000
_LEAP_1900 = 60
"""Excel believes in a 29 February 1900: days before have another number."""
_FORMAT = pattern(rb'<xf numFmtId="(\d++)"')
_CODE = pattern(rb'<numFmt numFmtId="(\d++)" formatCode="([^"]*+)" ?/>')
_FOREIGN = (b"<extLst", b"xmlns", b"<!", b"<?", b":")
_KEPT_MAX = 2**16
"""Bytes of a styles part that is kept, many files having the same."""
_CODE_MAX = 1024
"""Characters of a code; a spreadsheet takes 255."""
_STEPS = "mhs"
_TOKENS = "dmhys"


class Shown(Enum):
    """What a number format makes of a number."""

    NUMBER = 0
    DATE = 1
    DURATION = 2


class _Code:
    """The reading of a format's code, as calamine does: only its first section counts, and what is no literal."""

    def __init__(self) -> None:
        self._escaped = self._quoted = self._meridiem = self._elapsed = False
        self._depth = 0
        self._previous = " "

    def read(self, char: str) -> Shown | None:
        """Take one more character, in lower case: what the code shows, when it settles it."""
        found = None
        if self._escaped:
            self._escaped = False
        elif char in "_\\*":
            self._escaped = True
        elif char == '"' or self._quoted:
            self._quoted = self._quoted != (char == '"')
        elif char == ";":
            found = Shown.NUMBER
        elif char in "[]":
            found = Shown.DURATION if char == "]" and self._depth == 1 and self._elapsed else None
            self._depth = max(self._depth + (1 if char == "[" else -1), 0)
        elif self._depth:
            self._elapsed = (self._elapsed and char == self._previous) or (self._previous == "[" and char in _STEPS)
        elif self._meridiem:
            found = Shown.DATE if char in "pm/" else None
        elif char == "a":
            self._meridiem = True
        elif char in _TOKENS:
            found = Shown.DATE
        self._previous = char
        return found


BUILTIN = dict.fromkeys((b"%d" % code for code in (*range(14, 23), 45, 47)), Shown.DATE) | {b"46": Shown.DURATION}
"""The formats that no file declares, by their number."""


@lru_cache(maxsize=256)
def shown(code: str) -> Shown:
    """What a format's code shows."""
    state = _Code()
    return next((found for char in code[:_CODE_MAX].lower() if (found := state.read(char))), Shown.NUMBER)


def formats(part: bytes) -> list[Shown]:
    """What each cell format of the styles part shows, in its order.

    Raises: ValueError if the part is not well-formed.
    """
    return (_kept_formats if len(part) <= _KEPT_MAX else _kept_formats.__wrapped__)(part)


@lru_cache(maxsize=16)
def _kept_formats(part: bytes) -> list[Shown]:
    try:
        codes, ids = _usual_formats(part)
    except Odd:
        codes, ids = _any_formats(part)
    known = BUILTIN | {number: shown(code) for number, code in codes.items()}
    return [known.get(number, Shown.NUMBER) for number in ids]


def _usual_formats(part: bytes) -> tuple[dict[bytes, str], list[bytes]]:
    """The codes of the number formats, by their number, and the number of each cell format.

    Raises: Odd if they are not in the usual writing.
    """
    start, place = root_end(part, b"styleSheet"), part.find(b"<cellXfs")
    check_child(part, start, place)
    if part.find(b"<numFmts", start, place) > start:
        raise Odd
    numbers = part[start : max(part.find(b"</numFmts>", start, place), start)]
    cells = part[place : part.find(b"</cellXfs>", place)]
    codes, ids = _CODE.findall(numbers), _FORMAT.findall(cells)
    if len(codes) != numbers.count(b"<numFmt ") or len(ids) != cells.count(b"<xf"):
        raise Odd
    if any(sign in cells for sign in _FOREIGN):
        raise Odd
    return {number: decoded(code.decode()) for number, code in codes}, ids


def _any_formats(part: bytes) -> tuple[dict[bytes, str], list[bytes]]:
    codes: dict[bytes, str] = {}
    ids: list[bytes] = []
    for path, given, _ in elements(part, SHEET, "styleSheet/numFmts/numFmt", "styleSheet/cellXfs/xf"):
        number = given.get("numFmtId", "").encode()
        if path.endswith("/xf"):
            ids.append(number)
        else:
            codes[number] = given.get("formatCode", "")
    return codes, ids


def as_shown(value: float, kind: Shown, *, depuis_1904: bool) -> dt.date | dt.time | dt.timedelta | float:
    """The date, moment, time of day or duration that a number shows; the number itself when there is no such day.

    A negative number has no day: it is a duration, whatever its format.
    """
    if kind is Shown.DATE and not depuis_1904 and _LEAP_1900 <= value < _SAFE and value == int(value):
        return dt.date.fromordinal(_ORDINAL + int(value))
    try:
        elapsed = dt.timedelta(milliseconds=_rounded(value * _MS))
        if kind is Shown.DURATION or value < 0:
            return elapsed
        days = value + DAYS_1904 if depuis_1904 else value
        moment = _EPOCH + dt.timedelta(milliseconds=_rounded((days if days >= _LEAP_1900 else days + 1) * _MS))
    except (OverflowError, ValueError):
        return value
    if value < 1:
        return moment.time() if elapsed < dt.timedelta(days=1) else elapsed
    return moment.date() if value == int(value) else moment


def _rounded(value: float) -> int:
    """Half away from zero."""
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)
