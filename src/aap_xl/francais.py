"""What is said in French everywhere: a day, a period, a number, a count, a list, a quotation, Oui or Non."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import overload

_LONGUEUR = 60
_GUILLEMETS = str.maketrans("«»", "“”")


def jour(le: date) -> str:
    """``01/02/2025``."""
    return f"{le:%d/%m/%Y}"


def periode(du: date | None, au: date | None) -> str:
    """``du 01/02/2025 au 31/03/2025``, or the half that is known."""
    if du and au:
        return f"du {jour(du)} au {jour(au)}"
    return f"depuis le {jour(du)}" if du else f"jusqu'au {jour(au)}" if au else ""


def nombre(valeur: Decimal | int) -> str:
    """``3,5``: French decimals, no trailing zero."""
    texte = f"{valeur:f}"
    return (texte.rstrip("0").rstrip(".") if "." in texte else texte).replace(".", ",")


def pourcent(taux: Decimal) -> str:
    """``Decimal("0.5")`` → ``50 %``."""
    return f"{nombre(taux * 100)} %"


def cite(texte: str) -> str:
    """« texte », cut when it is long and kept on one line; it holds no « », which only mark what is quoted."""
    court = " ".join(texte.split()).translate(_GUILLEMETS)
    return f"« {court if len(court) <= _LONGUEUR else court[: _LONGUEUR - 1] + '…'} »"


def compte(combien: int, *mots: str) -> str:
    """``3 lignes lues``, ``1 ligne lue``: regular French plurals."""
    return " ".join((str(combien), *(f"{mot}s" if combien > 1 else mot for mot in mots)))


def enumere(mots: Iterable[str], lien: str = "et") -> str:
    """``a, b et c``."""
    *debut, fin = mots
    return f"{', '.join(debut)} {lien} {fin}" if debut else fin


@overload
def oui_non(valeur: None) -> None: ...
@overload
def oui_non(valeur: bool) -> str: ...
@overload
def oui_non(valeur: bool | None) -> str | None: ...
def oui_non(valeur: bool | None) -> str | None:
    """``Oui`` or ``Non``; nothing for what is not known."""
    return None if valeur is None else "Oui" if valeur else "Non"
