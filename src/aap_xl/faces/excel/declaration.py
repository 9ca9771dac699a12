"""Declaring a worksheet function to xlwings: whole columns, French help, and a text instead of any failure."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path

import xlwings

from aap_xl.appels.loader import AppelInvalide
from aap_xl.domain.nir import masquer
from aap_xl.faces.excel.arguments import ArgumentRefuse, Cellules
from aap_xl.rows import Champ, Row
from aap_xl.workbook.reading.reader import FichierRefuse

CATEGORIE = "AAP"
APPELANT = "caller"
"""The argument that xlwings fills with the calling cell; Excel does not show it."""
_APPEL = "Appel à projets : 3.3, ou 3.3-2025 pour choisir l'année."
_LONGUEUR = 255
"""Excel shows no more of a help text."""

Fonction = Callable[..., Cellules]


def fonction(*modeles: type[Row], **aides: str) -> Callable[[Fonction], Fonction]:
    """Make a worksheet function of a Python function.

    Args:   modeles: the rows whose fields its arguments are: their header and help are the arguments' help; aides: the
            help of the other arguments.
    Raises: KeyError if an argument has no help.
    """
    known = {nom: _help(champ) for modele in modeles for nom, champ in modele.champs.items()}
    return lambda function: _declare(function, known | {"appel": _APPEL} | aides)


def _help(champ: Champ) -> str:
    return f"{champ.entete}. {champ.aide}".strip()


def _declare(function: Fonction, aides: Mapping[str, str]) -> Fonction:
    declared: Fonction = _without_failure(function)
    for nom in inspect.signature(function).parameters:
        if nom != APPELANT:
            declared = xlwings.arg(nom, ndim=2, err_to_str=True, doc=aides[nom][:_LONGUEUR])(declared)
    return xlwings.func(category=CATEGORIE, call_in_wizard=False)(declared)


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
