"""Declaring a worksheet function, whatever the spreadsheet: French help, and a text instead of any failure."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from aap_xl.appels.loader import AppelInvalide
from aap_xl.domain.nir import masquer
from aap_xl.faces.live.arguments import ArgumentRefuse, Cellules
from aap_xl.rows import Champ, Nature, Row
from aap_xl.workbook.reading.reader import FichierRefuse

CATEGORIE = "AAP"
APPELANT = "caller"
"""The argument through which a function reads the workbook that calls it; a spreadsheet does not show it."""
_APPEL = "Appel à projets : 3.3, ou 3.3-2025 pour choisir l'année."
_LONGUEUR = 255
"""Excel shows no more of a help text."""

Fonction = Callable[..., Cellules]


@dataclass(frozen=True)
class Declared:
    """A worksheet function, by its arguments in order: their help, and which of them are dates."""

    function: Fonction
    aides: Mapping[str, str]
    dates: frozenset[str]


DECLARED: dict[str, Declared] = {}
"""Every worksheet function, by its name."""


def fonction(*modeles: type[Row], **aides: str) -> Callable[[Fonction], Fonction]:
    """Make a worksheet function of a Python function.

    Args:   modeles: the rows whose fields its arguments are: their header and help are the arguments' help; aides: the
            help of the other arguments.
    Raises: KeyError if an argument has no help.
    """
    champs = {nom: champ for modele in modeles for nom, champ in modele.champs.items()}
    known = {nom: _help(champ) for nom, champ in champs.items()} | {"appel": _APPEL, APPELANT: ""} | aides

    def declare(function: Fonction) -> Fonction:
        told = _without_failure(function)
        named = {nom: known[nom][:_LONGUEUR] for nom in inspect.signature(function).parameters}
        dates = frozenset(nom for nom in named if nom in champs and champs[nom].nature is Nature.DATE)
        DECLARED[function.__name__] = Declared(told, named, dates)
        return told

    return declare


def _help(champ: Champ) -> str:
    return f"{champ.entete}. {champ.aide}".strip()


def _without_failure(function: Fonction) -> Fonction:
    @wraps(function)
    def told(*args: Cellules, **options: Cellules) -> Cellules:
        try:
            return function(*args, **options)
        except (ArgumentRefuse, AppelInvalide, FichierRefuse) as problem:
            return masquer(str(problem))
        except Exception as error:  # noqa: BLE001 - the last resort of a face: a cell never shows a traceback
            return f"Erreur du programme ({_place(error)}) : signalez-la."

    return told


def _place(error: Exception) -> str:
    """Where a failure happened, without any value."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f", {Path(last.tb_frame.f_code.co_filename).name} ligne {last.tb_lineno}" if last else ""
    return f"{type(error).__name__}{where}"
