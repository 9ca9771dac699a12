"""Excel's own refusals, which differ on each system, as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from aap_xl.workbook.ooxml.atomic import EcritureImpossible

_EXCEL = frozenset({"com_error", "CommandError", "ExcelBusyError"})
"""Classes that can be imported on their system only."""


@contextmanager
def ecriture(nom: str) -> Iterator[None]:
    """While a sheet is written.

    Raises: EcritureImpossible if Excel refuses; any other error goes through.
    """
    try:
        yield
    except Exception as error:
        if type(error).__name__ not in _EXCEL:
            raise
        raise EcritureImpossible(
            f"Excel n'a pas laissé écrire dans la feuille « {nom} » : si elle est protégée, ôtez la protection "
            "(Révision, Ôter la protection de la feuille) ; si une cellule est en cours de saisie, validez-la ; puis "
            "recommencez."
        ) from error
