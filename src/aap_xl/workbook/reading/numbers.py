"""Numbers as people and spreadsheets write them: amounts, hours, shares, whole numbers. Nothing is guessed.

The functions are those of `values`, for columns of numbers.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from aap_xl.domain.expected import Attendu
from aap_xl.euros import from_float
from aap_xl.patterns import pattern
from aap_xl.texte import stripped

Compris = tuple[Any, str]
"""The value, and what was understood (``""`` when it was typed plainly)."""

_NUMBER = pattern(r"([+-]?)(\d+(?:[.,]\d{3})*|\d*)(?:([.,])(\d*))?")
_EUROS, _HOURS, _UNITS = (
    pattern(rf"(?:{units})$") for units in ("€|eur|euros?", r"h\.?|heures?", "€|eur|euros?|h|heures?|mois|%")
)
_ELAPSED = pattern(
    r"([+-]?)(?:(\d{1,4})(?:h(?:eures?)?|:)(\d\d)(?::(\d\d)|min(?:utes?)?|mn)?|(\d{1,4})(?:min(?:utes?)?|mn))"
)
"""``4h30``, ``4:30``, ``04:30:00``, ``4h30min``, ``270min``, blanks left out."""
_SPACES = pattern(r"[\s\u00a0\u202f\u2009'’]+")

NOMBRE_MAX = 10**15
"""A float is exact below; nothing of an operation is that large, and sums and products stay safe."""


class Illisible(Exception):
    """The cell can't be read as what its column holds."""

    def __init__(self, attendu: Attendu) -> None:
        self.attendu = attendu


def nombre(value: object, *, unit: re.Pattern[str] = _UNITS) -> Compris:
    """A decimal number; a time or a duration is the number that the cell holds under that format."""
    if isinstance(value, str):
        if not stripped(value):
            return None, ""
        number = decimal_of_text(value, unit)
        if abs(number) >= NOMBRE_MAX:
            raise Illisible(Attendu.NOMBRE)
        return number, french(number)
    if isinstance(value, dt.date):
        raise Illisible(Attendu.NOMBRE_AU_FORMAT_DATE)
    if isinstance(value, (dt.time, dt.timedelta)):
        number = held(value)
        return number, french(number)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < NOMBRE_MAX:
        raise Illisible(Attendu.NOMBRE)
    return exact(value), ""


def montant(value: object) -> Compris:
    """Euros, never a time. Raises: Illisible."""
    return nombre(value, unit=_EUROS)


def heures(value: object) -> Compris:
    """Hours: a number, a duration or a time of day. Raises: Illisible, also for a date: that many days, or hours?"""
    if isinstance(value, dt.date):
        raise Illisible(Attendu.HEURES_AU_FORMAT_DATE)
    if isinstance(value, (dt.time, dt.timedelta)):
        found = exact(round(_days(value) * 24, 9))
        return found, f"{shortly(found)} h"
    try:
        if isinstance(value, str) and (match := _ELAPSED.fullmatch(_bare(value))):
            found = _of_elapsed(match)
            return found, shortly(found)
        return nombre(value, unit=_HOURS)
    except Illisible:
        raise Illisible(Attendu.HEURES) from None


def _of_elapsed(match: re.Match[str]) -> Decimal:
    sign, hours, minutes, seconds, alone = match.groups()
    minute, second = int(minutes or 0), int(seconds or 0)
    if minute > 59 or second > 59:
        raise Illisible(Attendu.HEURES)
    found = exact(round(int(hours or 0) + (minute + int(alone or 0)) / 60 + second / 3600, 9))
    return -found if sign == "-" else found


def exact(value: float) -> Decimal:
    """The decimal that the sheet shows; whole numbers without a decimal part."""
    if -NOMBRE_MAX < value < NOMBRE_MAX and value == int(value):
        return Decimal(int(value))
    return from_float(value)


def french(number: Decimal) -> str:
    """A number with a decimal comma and no exponent."""
    return f"{number:f}".replace(".", ",")


def _bare(text: str) -> str:
    """A text without blanks nor invisible characters, in lower case."""
    return _SPACES.sub("", stripped(text).casefold()).replace("−", "-")


def shortly(number: Decimal) -> str:
    """A number as a sheet shows it, with two decimals at most."""
    return french(exact(round(float(number), 2)))


def decimal_of_text(text: str, unit: re.Pattern[str] = _UNITS) -> Decimal:
    """``"1 234,50 €"``, ``"1.234,50"``, ``"12,5"`` → a number. One dot before three digits alone is ambiguous.

    Raises: Illisible.
    """
    bare = unit.sub("", _bare(text))
    match = _NUMBER.fullmatch(bare)
    if not match or not any(c.isdecimal() for c in bare):
        raise Illisible(Attendu.NOMBRE)
    commas, dots = bare.count(","), bare.count(".")
    if commas and dots:
        thousands = "," if bare.rfind(".") > bare.rfind(",") else "."
        bare = bare.replace(thousands, "")
    elif max(commas, dots) > 1:
        bare = bare.replace(",", "").replace(".", "")
    elif dots and re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", bare):
        raise Illisible(Attendu.NOMBRE_SANS_AMBIGUITE)
    bare = bare.replace(",", ".")
    if not bare.isascii() or bare.count(".") > 1:
        raise Illisible(Attendu.NOMBRE)
    return Decimal(bare)


def entier(value: object) -> Compris:
    """A whole number."""
    try:
        number, compris = nombre(value)
    except Illisible:
        raise Illisible(Attendu.ENTIER) from None
    if number is None:
        return None, ""
    if number != number.to_integral_value() or abs(number) >= NOMBRE_MAX:
        raise Illisible(Attendu.ENTIER)
    return int(number), compris and str(int(number))


def taux(value: object) -> Compris:
    """A share; 50 and « 50 % » are 0.5."""
    try:
        number, compris = nombre(value)
    except Illisible:
        raise Illisible(Attendu.POURCENTAGE) from None
    if number is None:
        return None, ""
    if number > 1 or (isinstance(value, str) and "%" in value):
        number /= 100
        compris = "oui"
    return number, f"{french((number * 100).normalize())} %" if compris else ""


def clock(value: dt.time | dt.timedelta) -> str:
    """``35:30``, ``-6:00``, ``0:00:30``."""
    seconds = round(_days(value) * 86_400)
    hours, rest = divmod(abs(seconds), 3600)
    shown = f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}"
    return f"{shown}:{rest % 60:02}" if rest % 60 else shown


def held(value: dt.time | dt.timedelta) -> Decimal:
    """The number of days that a cell holds, kept to the millisecond, thus to its seventh decimal."""
    return exact(round(_days(value), 7))


def _days(value: dt.time | dt.timedelta) -> float:
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    return value / dt.timedelta(days=1)
