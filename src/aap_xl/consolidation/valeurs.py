"""Values as the tables keep them: months, amounts to the cent, wordings; what nobody can mean is left out."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.euros import CENT

Colonnes = dict[str, list[Any]]
"""Column → its values, one per line."""

_ENTIER_MAX, _MONTANT_MAX = 2**31 - 1, Decimal(10) ** 14


@lru_cache(maxsize=4096)
def mois(day: date | None) -> str | None:
    """``2025-03``."""
    return None if day is None else f"{day.year:04}-{day.month:02}"


def entier(value: int | None) -> int | None:
    """A whole number as typed, ``None`` for one that nobody can mean: it is an anomaly of the file."""
    return value if value is not None and abs(value) <= _ENTIER_MAX else None


def euros(value: Any) -> Decimal | None:
    """An amount (or hours) to the cent, ``None`` for one that nobody can mean."""
    if value is None:
        return None
    amount = value if isinstance(value, Decimal) else Decimal(value)
    return amount.quantize(CENT, ROUND_HALF_UP) if -_MONTANT_MAX < amount < _MONTANT_MAX else None


def libelles(appel: Appel, liste: str, codes: Sequence[str | None]) -> list[str | None]:
    """The wordings of a list's codes; a code is all that the reader lets through."""
    known = appel.libelles.get(liste, {})
    return [None if code is None else known.get(code) for code in codes]
