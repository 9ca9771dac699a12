"""The add-in's settings: a text file of lines ``"KEY","value"`` that VBA reads with ``Input #``."""

import re

from aap_xl.faces.failures import Refus

_LINE = re.compile(r'\s*"?([^",]*)"?\s*,\s*"?([^"]*)"?\s*')
_UNREADABLE = re.compile(r'["\r\n]|%[^%]+%')
"""What VBA would not read back as written: a quote ends the value, ``%NAME%`` is expanded."""


def lire(contenu: bytes, cle: str, codage: str) -> str:
    """The value of a setting, ``""`` when it is not there. As in VBA, the first line of that name counts."""
    values = (_value(line, cle, codage) for line in contenu.splitlines())
    return next((value for value in values if value is not None), "")


def _value(line: bytes, cle: str, codage: str) -> str | None:
    """The value that a line gives to a setting, ``None`` if the line is of another."""
    found = _LINE.fullmatch(line.decode(codage, "replace"))
    return found[2] if found and found[1].casefold() == cle.casefold() else None


def ecrire(contenu: bytes, cle: str, valeur: str, codage: str) -> bytes:
    """The settings with one value set; the others are kept as they are, byte for byte.

    Raises: Refus if VBA could not read that value.
    """
    try:
        line = f'"{cle}","{valeur}"'.encode(codage)
    except UnicodeEncodeError:
        line = b""
    if not line or _UNREADABLE.search(valeur):
        raise Refus(
            f"Excel ne pourrait pas lire le chemin de Python ({valeur}) : "
            "installez Python et aap-xl dans un dossier au nom simple, puis recommencez."
        )
    if lire(contenu, cle, codage) == valeur:
        return contenu
    return b"".join(item + b"\r\n" for item in (*_others(contenu, cle, codage), line))


def effacer(contenu: bytes, cle: str, codage: str) -> bytes:
    """The settings without one of them; ``b""`` when nothing is left."""
    if all(_value(line, cle, codage) is None for line in contenu.splitlines()):
        return contenu
    return b"".join(item + b"\r\n" for item in _others(contenu, cle, codage))


def _others(contenu: bytes, cle: str, codage: str) -> list[bytes]:
    """The lines of the other settings; a blank line would stop VBA."""
    lines = (line for line in contenu.splitlines() if line.strip())
    return [line for line in lines if _value(line, cle, codage) is None]
