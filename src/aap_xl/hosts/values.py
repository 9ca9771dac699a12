"""What an open spreadsheet gives, as the reader of files has it."""

import datetime as dt
from decimal import Decimal

ERREURS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#ERREUR"})
ERREUR = "#ERREUR"
"""An error of another name."""
_CODES = range(-2146826300, -2146826200)
"""Numbers that stand for errors in Windows' Excel; xlwings words only the oldest."""
_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_FIRST_DAY = dt.datetime(1900, 1, 1)  # noqa: DTZ001


def simple(value: object) -> object:
    """A value as the reader of files gives it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return _day_or_time(value.replace(tzinfo=None))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return ERREUR if value in _CODES else float(value)
    return value


def _day_or_time(value: dt.datetime) -> dt.date | dt.time | dt.timedelta:
    """A date, a moment, a time of day, or a duration, which Excel gives as dates around 1900."""
    if value < _FIRST_DAY:
        elapsed = value - _ZERO
        return value.time() if dt.timedelta() <= elapsed < dt.timedelta(days=1) else elapsed
    return value.date() if value.time() == dt.time() else value
