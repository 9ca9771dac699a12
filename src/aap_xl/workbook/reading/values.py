"""One cell → one typed value, with what was understood when that is not what was typed. Nothing is guessed.

Each function takes what calamine gives (``float``, ``int``, ``str``, ``bool``, ``date``, ``datetime``, ``time``,
``timedelta``) and returns the value and, where the cell was not plain, its French wording; it raises `Illisible`, or
`NotListed`.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aap_xl.domain.faits import ANNEES, Attendu
from aap_xl.euros import from_float
from aap_xl.rows import Nature
from aap_xl.texte import normaliser, plus_proche, stripped, visible
from aap_xl.workbook.reading import dates

Compris = tuple[Any, str]
"""The value, and what was understood (``""`` when it was typed plainly)."""

_NUMBER = re.compile(r"([+-]?)(\d+(?:[.,]\d{3})*|\d*)(?:([.,])(\d*))?")
_EUROS, _HOURS, _UNITS = (
    re.compile(rf"(?:{units})$") for units in ("€|eur|euros?", r"h\.?|heures?", "€|eur|euros?|h|heures?|mois|%")
)
_ELAPSED = re.compile(
    r"([+-]?)(?:(\d{1,4})(?:h(?:eures?)?|:)(\d\d)(?::(\d\d)|min(?:utes?)?|mn)?|(\d{1,4})(?:min(?:utes?)?|mn))"
)
"""``4h30``, ``4:30``, ``04:30:00``, ``4h30min``, ``270min``, blanks left out."""
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]+")

NOMBRE_MAX = 10**15
"""A float is exact below; nothing of an operation is that large, and sums and products stay safe."""
DATE_MIN, DATE_MAX = dt.date(ANNEES[0], 1, 1), dt.date(ANNEES[-1], 12, 31)
_OUI = frozenset({"oui", "o", "x", "1", "true", "vrai"})
_NON = frozenset({"non", "n", "0", "false", "faux"})


class Illisible(Exception):
    """The cell can't be read as what its column holds."""

    def __init__(self, attendu: Attendu) -> None:
        super().__init__(attendu)
        self.attendu = attendu


class NotListed(Exception):
    """The cell holds no item of its list. ``choix``: the wording of the item most like it, else the first ones."""

    def __init__(self, choix: tuple[str, ...]) -> None:
        super().__init__(choix)
        self.choix = choix


def typed(value: Any) -> str:
    """What a person typed, as the sheet shows it."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, (int, float)):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, (dt.time, dt.timedelta)):
        return _clock(value)
    text = visible(str(value).strip())
    return text if len(text) <= 80 else text[:79] + "…"


def _clock(value: dt.time | dt.timedelta) -> str:
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


def texte(value: Any) -> Compris:
    """A text; a number is its digits, since codes and telephone numbers become numbers in a sheet."""
    if isinstance(value, str):
        return value.strip() or None, ""
    if isinstance(value, (bool, dt.date, dt.time, dt.timedelta)):
        return typed(value), typed(value)
    return f"{value:.15g}", ""


def code(value: Any) -> Compris:
    """A code that formulas look for; spaces and invisible characters are told, since they then don't find it."""
    if not isinstance(value, str):
        return texte(value)
    found = stripped(value) or None
    return found, typed(found) if found and found != value else ""


def siret(value: Any) -> Compris:
    """A SIRET: spaces left out, a leading zero eaten by the sheet put back."""
    text = texte(value)[0]
    if text is None:
        return None, ""
    digits = re.sub(r"[\s\u00a0\u202f.\-]", "", stripped(text))
    if not isinstance(value, str) and digits.isdecimal() and len(digits) in (12, 13):
        return digits.zfill(14), digits.zfill(14)
    return (digits, "") if digits.isdecimal() else (text, "")


def jour(value: Any, aujourdhui: dt.date, *, depuis_1904: bool = False) -> Compris:
    """A date; day before month; a year of two digits is at most ten years ahead of today.

    Raises: Illisible, also for a year that no operation can meet.
    """
    found, compris = _jour(value, aujourdhui, depuis_1904)
    if found is not None and not DATE_MIN <= found <= DATE_MAX:
        raise Illisible(Attendu.DATE_POSSIBLE)
    return found, compris


def _jour(value: Any, aujourdhui: dt.date, depuis_1904: bool) -> Compris:
    if isinstance(value, dt.datetime):
        return value.date(), f"{value:%d/%m/%Y}" if value.time() != dt.time() else ""
    if isinstance(value, dt.date):
        return value, ""
    if isinstance(value, str):
        text = stripped(value)
        found = dates.of_text(text, aujourdhui) if text else None
        if found is None and text:
            raise Illisible(Attendu.DATE)
        return found, f"{found:%d/%m/%Y}" if found else ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = dates.of_serial(value + (dates.DAYS_1904 if depuis_1904 else 0))
        if found is not None:
            return found, f"{found:%d/%m/%Y}"
    raise Illisible(Attendu.DATE)


def nombre(value: Any, *, unit: re.Pattern[str] = _UNITS) -> Compris:
    """A decimal number; a time or a duration is the number that the cell holds under that format."""
    if isinstance(value, str):
        if not stripped(value):
            return None, ""
        number = decimal_of_text(value, unit)
        if abs(number) >= NOMBRE_MAX:
            raise Illisible(Attendu.NOMBRE)
        return number, french(number)
    if isinstance(value, (dt.time, dt.timedelta)):
        number = held(value)
        return number, french(number)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < NOMBRE_MAX:
        raise Illisible(Attendu.NOMBRE)
    return exact(value), ""


def montant(value: Any) -> Compris:
    """Euros, never a time. Raises: Illisible."""
    return nombre(value, unit=_EUROS)


def heures(value: Any) -> Compris:
    """Hours: a number, a duration or a time of day. Raises: Illisible, also for a date: that many days, or hours?"""
    if isinstance(value, dt.date):
        raise Illisible(Attendu.HEURES)
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


def entier(value: Any) -> Compris:
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


def taux(value: Any) -> Compris:
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


def ouinon(value: Any) -> Compris:
    """Oui or Non."""
    if isinstance(value, bool):
        return value, ""
    if isinstance(value, (int, float)):
        if value in (0, 1):
            return bool(value), "Oui" if value else "Non"
        raise Illisible(Attendu.OUI_NON)
    if isinstance(value, str):
        form = normaliser(value)
        if not stripped(value):
            return None, ""
        if form in _OUI | _NON:
            answer = "Oui" if form in _OUI else "Non"
            return form in _OUI, "" if _same(value, answer) else answer
    raise Illisible(Attendu.OUI_NON)


def _same(typed: Any, wording: str) -> bool:
    """Whether a spreadsheet finds two texts equal: it forgets capitals, neither spaces nor accents."""
    return isinstance(typed, str) and typed.casefold() == wording.casefold()


class Liste:
    """One list of the call: what may be typed for each item."""

    def __init__(self, elements: tuple[Any, ...]) -> None:
        self.libelles: Mapping[str, str] = {item.code: item.libelle for item in elements}
        self.exacts: dict[Any, str | None] = {item.libelle: item.code for item in elements} | {"": None}
        self._proches: dict[str, tuple[str, ...]] = {}
        self._formes = {normaliser(item.libelle): item.code for item in elements}
        self._autres = {normaliser(text): item.code for item in reversed(elements) for text in (item.code, *item.alias)}

    def lire(self, value: Any) -> Compris:
        """The code of an item, by its wording, its code or another wording. Raises: NotListed."""
        form = normaliser(texte(value)[0] or "")
        if not form and isinstance(value, str) and not stripped(value):
            return None, ""
        code = self._formes.get(form) or self._autres.get(form)
        if code:
            return code, "" if _same(value, self.libelles[code]) else self.libelles[code]
        if form not in self._proches:
            self._proches[form] = self._proche(form)
        raise NotListed(self._proches[form])

    def _proche(self, form: str) -> tuple[str, ...]:
        """The wording of the item most like a text, else the first ones."""
        codes = self._autres | self._formes
        found = plus_proche(form, codes)
        return (self.libelles[codes[found]],) if found else tuple(self.libelles.values())[:3]


LECTURES = {
    Nature.TEXTE: texte,
    Nature.LONG: texte,
    Nature.NOMBRE: nombre,
    Nature.HEURES: heures,
    Nature.MONTANT: montant,
    Nature.ENTIER: entier,
    Nature.TAUX: taux,
    Nature.OUINON: ouinon,
}
