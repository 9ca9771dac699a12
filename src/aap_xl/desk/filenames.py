"""Names of files and folders that any system accepts, short, and readable."""

import hashlib
import re
from pathlib import PurePath
from unicodedata import normalize

from aap_xl.domain.nir import masquer
from aap_xl.texte import normaliser

_INTERDITS = re.compile(r'[<>:"/\\|?*]')
_RESERVES = {"con", "prn", "aux", "nul", *(f"{nom}{n}" for nom in ("com", "lpt") for n in range(1, 10))}
_MOTS, _FICHIER = 40, 60
A_CORRIGER, VERIFIE = "à corriger", "vérifié"
"""How the name of an annotated copy ends."""
_MENTIONS = re.compile(rf"( - ({A_CORRIGER}|{VERIFIE}))+$")


def dossier(porteur: str, siret: str, empreinte: str, pris: set[str]) -> str:
    """The folder of an operator: ``tremplin-du-littoral-12345678200003``; ``pris`` learns it.

    Args: empreinte: what tells operators apart; a little of its digest ends a name without SIRET, or one already taken.
    """
    words = "-".join(re.findall("[a-z0-9]+", normaliser(masquer(porteur))))[:_MOTS].strip("-") or "porteur"
    digest = hashlib.sha256(empreinte.encode()).hexdigest()[:8]
    found = f"{words}-{siret or digest}"
    if found in pris:
        found = f"{found}-{digest}"
    pris.add(found)
    return found


def nouveau(code: str, millesime: int, porteur: str) -> str:
    """The name of a blank workbook: ``suivi 3.3 2025 - Tremplin du littoral.xlsx``."""
    whose = _accepted(porteur)
    return f"suivi {code} {millesime}{f' - {whose}' if whose else ''}.xlsx"


def _accepted(texte: str) -> str:
    """A text as the name of a file may hold it; ``""`` if nothing of it can."""
    printed = "".join(char if char.isprintable() else " " for char in normalize("NFC", masquer(texte)))
    return " ".join(_INTERDITS.sub(" ", printed).split())[:_FICHIER].strip(" .")


def copie(source: str, mention: str, pris: set[str]) -> str:
    """The name of an annotated copy: ``suivi - à corriger.xlsx``, numbered when taken; ``pris`` learns it.

    Args: mention: `A_CORRIGER` or `VERIFIE`; it replaces the one that an earlier return left in the name.
    """
    path = PurePath(source)
    stem = _accepted(_MENTIONS.sub("", normalize("NFC", masquer(path.stem)))) or "classeur"
    if stem.casefold() in _RESERVES:
        stem = f"classeur {stem}"
    number = 1
    while True:
        mark = "" if number == 1 else f" ({number})"
        found = f"{stem}{mark} - {mention}{path.suffix.lower()}"
        if found.casefold() not in pris:
            pris.add(found.casefold())
            return found
        number += 1
