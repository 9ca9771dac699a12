"""What Excel gives, as the reader of files has it."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from aap_xl.workbook.reading.sheets import Rows

if TYPE_CHECKING:
    from xlwings import Range

ERREURS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#ERREUR"})
_ERREUR = "#ERREUR"
_CODES = range(-2146826300, -2146826200)
"""Numbers that stand for errors in Windows' Excel; xlwings words only the oldest."""
_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_FIRST_DAY = dt.datetime(1900, 1, 1)  # noqa: DTZ001


def grille(found: object) -> Rows:
    """Rows of cells: Excel gives a single cell, or a single row, without its rows."""
    if not isinstance(found, (list, tuple)):
        return [[found]]
    if not isinstance(found[0], (list, tuple)):
        return [list(found)]
    return [list(row) for row in found]


def valeurs(used: "Range") -> Rows:
    """All values, errors as their text.

    xlwings 0.37.8 loses two-dimensional values on macOS when errors are asked for: they are then asked of Excel.
    """
    whole = {"ndim": 2, "empty": "", "chunksize": None}
    try:
        values: Rows = used.options(**whole, err_to_str=True).value
    except TypeError:
        values = used.options(**whole).value
        shown = grille(used.api.string_value.get())
        for row, texts in zip(values, shown, strict=True):
            for rank, text in enumerate(texts):
                if text in ERREURS:
                    row[rank] = text
    return values


def simple(value: object) -> object:
    """A value as the reader of files gives it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return _day_or_time(value.replace(tzinfo=None))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _ERREUR if value in _CODES else float(value)
    return value


def _day_or_time(value: dt.datetime) -> dt.date | dt.time | dt.timedelta:
    """A date, a moment, a time of day, or a duration, which Excel gives as dates around 1900."""
    if value < _FIRST_DAY:
        elapsed = value - _ZERO
        return value.time() if dt.timedelta() <= elapsed < dt.timedelta(days=1) else elapsed
    return value.date() if value.time() == dt.time() else value
