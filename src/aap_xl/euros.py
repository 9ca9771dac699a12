"""Money: decimal euros, rounded half-up to the cent."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
_AMPLE = Context(prec=80)
"""Room for any product of typed amounts: an absurd one is an anomaly, never a crash."""


def arrondi(montant: Decimal) -> Decimal:
    """Round to the cent, half away from zero, as the sheet's ROUND(…;2) does.

    Args:    montant: euros, any precision.
    Returns: euros with exactly two decimals.
    """
    return montant.quantize(CENT, ROUND_HALF_UP, _AMPLE)


def somme(montants: Iterable[Decimal | None]) -> Decimal:
    """What amounts add up to, those that are known."""
    return sum((montant for montant in montants if montant is not None), ZERO)


def from_float(valeur: float) -> Decimal:
    """The decimal a spreadsheet shows for a binary float: its 15 significant digits."""
    return Decimal(f"{valeur:.15g}")


def format_euros(montant: Decimal) -> str:
    """``Decimal("1234.5")`` → ``"1 234,50 €"`` (narrow no-break spaces avoided: they break in terminals)."""
    entier, decimales = f"{arrondi(montant):,.2f}".split(".")
    return f"{entier.replace(',', ' ')},{decimales} €"
