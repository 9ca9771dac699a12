"""Dates written as text, the French way first: day before month."""

import datetime as dt
import re

from aap_xl.patterns import pattern
from aap_xl.texte import normaliser

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars mar",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "aout",
            "septembre sept sep",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        1,
    )
    for name in names.split()
}
_TIME = r"(?:[T ]+\d{1,2}[:h]\d{2}.*)?"
_YEAR_FIRST = pattern(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_DAY_FIRST = pattern(rf"(\d{{1,2}}) ?[/.\- ] ?(\d{{1,2}}) ?[/.\- ] ?(\d{{4}}|\d{{2}}){_TIME}")
_IN_WORDS = pattern(r"(?:[a-z]+di |dimanche )?(?:le )?(\d{1,2})(?:er)? ([a-z]+) (\d{4}|\d{2})")
_SPACES = pattern(r"\s+")

SERIAL_MIN, SERIAL_MAX = 10_000, 73_050
"""A bare number is a date from 1927 to 2099 only: 2025 is a year typed alone, not the 17th of July 1905."""
DAYS_1904 = 1462
EPOCH = dt.date(1899, 12, 30)


def of_serial(days: float) -> dt.date | None:
    """The day of that number, if a bare number can be a date."""
    return EPOCH + dt.timedelta(days=int(days)) if SERIAL_MIN <= days <= SERIAL_MAX else None


def of_text(text: str, aujourdhui: dt.date) -> dt.date | None:
    """The day a text says; a year of two digits is at most ten years ahead of today."""
    text = _SPACES.sub(" ", text)
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif (match := _IN_WORDS.fullmatch(normaliser(text))) and match[2] in _MONTHS:
        day, month, year = match[1], str(_MONTHS[match[2]]), match[3]
    else:
        return of_serial(int(text)) if re.fullmatch(r"[0-9]{5}", text) else None
    try:
        return dt.date(_full_year(year, aujourdhui), int(month), int(day))
    except ValueError:
        return None


def _full_year(year: str, aujourdhui: dt.date) -> int:
    if len(year) == 4:
        return int(year)
    century = aujourdhui.year // 100 * 100
    return century + int(year) - (100 if int(year) > aujourdhui.year % 100 + 10 else 0)
