"""Python values as cells keep them."""

import re
from datetime import date
from decimal import Decimal

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]|\r|_(?=x[0-9A-Fa-f]{4}_)")
_DAY_ZERO, _DAYS_1904 = date(1899, 12, 30), 1462

Valeur = str | int | float | Decimal | date | bool | None
Computed = str | float | Decimal | date | None
"""What a formula shows."""


def escape_text(text: str) -> str:
    """Text that XML can carry: control characters as Excel writes them (``_x0007_``)."""
    return _ILLEGAL.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def serial(day: date, *, since_1904: bool = False) -> int:
    """A date as the number Excel keeps."""
    return (day - _DAY_ZERO).days - (_DAYS_1904 if since_1904 else 0)


def number(value: float | Decimal) -> str:
    """A number as a cell keeps it: the shortest text that reads back the same."""
    return repr(float(value)).removesuffix(".0") if not isinstance(value, int) else str(value)


def cached(value: Computed) -> str | float:
    """A computed value as XlsxWriter keeps it: dates as serial numbers, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return serial(value)
    return float(value) if isinstance(value, Decimal) else value


def encoded(value: Valeur, *, computed: bool, since_1904: bool = False) -> tuple[str, str | None]:
    """Type and text of a value in a cell; ``computed``: as the cached value of a formula."""
    if value is None:
        return ("str", "") if computed else ("n", None)
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, str):
        return "str" if computed else "inlineStr", escape_text(value)
    if isinstance(value, date):
        return "n", str(serial(value, since_1904=since_1904))
    return "n", number(value)
