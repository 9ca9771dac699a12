"""The NIR (social security number), which these workbooks must never hold: finding it, hiding it.

Source: Code de l'action sociale et des familles, R. 262-110 (operators are not allowed to use it);
key of the NIR: 97 − (the first 13 digits mod 97), Corsican departments 2A and 2B read as 19 and 18.
"""

import re
from decimal import Decimal

from aap_xl.patterns import pattern

MASQUE = "[NIR masqué]"
"""What is shown instead of the digits."""

_TREIZE = 13
_CHIFFRES = (_TREIZE, 15)
_PETIT, _GRAND = 10**12, 10**15
_SEP = r"[ .\-/\u00a0\u2007\u2009\u202f]?"
_SEPARATORS = dict.fromkeys(map(ord, " .-/\u00a0\u2007\u2009\u202f"))
_NIR = pattern(
    rf"(?<!\d)(?P<corps>[1-9](?:{_SEP}\d){{4}}{_SEP}(?:\d{_SEP}\d|2[AaBb])(?:{_SEP}\d){{6}})"
    rf"(?:(?P<sep>{_SEP})(?P<cle>\d{_SEP}\d))?(?!\d)"
)
_MOIS = frozenset((*range(1, 13), *range(20, 43), *range(50, 100)))
_SEXES = frozenset("123478")


def cle(corps: str) -> int:
    """The key of a NIR, from 1 to 97.

    Args: corps: its first 13 characters, digits but for the Corsican ``2A`` or ``2B``.
    """
    return 97 - int(corps.upper().replace("2A", "19").replace("2B", "18")) % 97


def _plausible(corps: str) -> bool:
    """Whether 13 digits without a key look like a NIR: sex, month and department exist."""
    departement = corps[5:7].upper()
    return corps[0] in _SEXES and int(corps[3:5]) in _MOIS and departement != "00" and corps[10:] != "000"


def _digits(texte: str) -> str:
    return texte.translate(_SEPARATORS)


def _is_nir(found: re.Match[str]) -> bool:
    corps = _digits(found["corps"])
    if found["cle"] is None:
        return _plausible(corps)
    if int(_digits(found["cle"])) == cle(corps):
        return True
    # the two last digits may be something else written after 13 digits: « 1 85 05 78 006 084 (36 ans) »
    return bool(found["sep"]) and _plausible(corps)


def _may_hold(texte: str) -> bool:
    """Whether there are digits enough, one of which may be a Corsican letter; a number alone has 13 of them, or 15."""
    if texte.isdecimal():
        return len(texte) in _CHIFFRES
    return len(texte) >= _TREIZE and sum(map(str.isdecimal, texte)) >= _TREIZE - 1


def contient_nir(valeur: object) -> bool:
    """Whether a cell's value (text or number) holds a NIR, alone or among other words.

    Args: valeur: any cell value; 15 digits count when their key is valid, 13 when they are plausible.
    """
    if isinstance(valeur, (int, float, Decimal)):
        if not _PETIT <= valeur < _GRAND or valeur != int(valeur):
            return False
        valeur = str(int(valeur))
    return isinstance(valeur, str) and _may_hold(valeur) and any(map(_is_nir, _NIR.finditer(valeur)))


def masquer(texte: str) -> str:
    """The same text with every NIR replaced by `MASQUE`; the very same text when there is none."""
    if not _may_hold(texte):
        return texte
    return _NIR.sub(lambda found: MASQUE if _is_nir(found) else found[0], texte)
