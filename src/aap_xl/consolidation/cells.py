"""Values as the state keeps them: months, days, cents, wordings; what nobody can mean is left out."""

import json
import zlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from aap_xl.appels.model import Appel
from aap_xl.euros import arrondi

Colonnes = dict[str, list[Any]]
"""Column → its values, one per line."""

_ENTIER_MAX = 2**31 - 1
_MONTANT_MIN, _MONTANT_MAX = Decimal(-(10**14)), Decimal(10**14)
_EPOQUE = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=4096)
def mois(day: date | None) -> str | None:
    """``2025-03``."""
    return None if day is None else f"{day.year:04}-{day.month:02}"


def entier(value: int | None) -> int | None:
    """A whole number as typed, ``None`` for one that nobody can mean: it is an anomaly of the file."""
    return value if value is not None and abs(value) <= _ENTIER_MAX else None


def jour(day: date | None) -> int | None:
    """A day by its number from 1970."""
    return None if day is None else day.toordinal() - _EPOQUE


def centimes(value: object) -> int | None:
    """An amount (or hours) in hundredths, ``None`` for one that nobody can mean."""
    if not isinstance(value, Decimal | int | float) or not _MONTANT_MIN < value < _MONTANT_MAX:
        return None
    return int(arrondi(Decimal(value)).scaleb(2))


def euros(centimes: int | None) -> Decimal | None:
    """The amount again."""
    return None if centimes is None else Decimal(centimes).scaleb(-2)


def libelles(appel: Appel, liste: str, codes: Sequence[str | None]) -> list[str | None]:
    """The wordings of a list's codes; a code is all that the reader lets through."""
    known = appel.libelles.get(liste, {})
    return [None if code is None else known.get(code) for code in codes]


def pack(colonnes: Colonnes) -> bytes:
    """The lines that a file adds to a table, as they are sent and kept: small, and never code."""
    return zlib.compress(json.dumps(colonnes, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(octets: bytes) -> Colonnes:
    """The lines again."""
    return cast("Colonnes", json.loads(zlib.decompress(octets)))
