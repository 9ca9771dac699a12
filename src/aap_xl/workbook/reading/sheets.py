"""The sheets of one workbook, as whoever reads them wants them, and how large they may be."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from aap_xl.domain.faits import Fait
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse
from aap_xl.workbook.reading.marks import Marks

Rows = list[list[Any]]
SHEETS_MAX = 200
AREA_MAX = 2**20
"""Cells of a sheet, blank ones included: they are all kept in memory."""
LINES_MAX = 2**17


class Feuilles(Protocol):
    """The sheets of one workbook.

    Attributes: noms: their names; cellules: those that have cells (a chart sheet has none); depuis_1904: whether days
                are counted from 1904.
    """

    noms: list[str]
    cellules: set[str]
    depuis_1904: bool

    @property
    def nir(self) -> bool:
        """Whether a NIR must be looked for cell by cell; asked when our own sheets are read."""

    @property
    def noms_definis(self) -> Mapping[str, str]:
        """Defined names and what they name; none when no computed cell of the synthesis was typed over or moved."""

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column. Raises: FichierRefuse."""

    def first_row(self, nom: str) -> Sequence[Any]:
        """One sheet's first row; nothing when the sheet has none. Raises: FichierRefuse."""

    def marks(self, nom: str) -> Marks:
        """What the raw pass tells of a sheet. Raises: FichierRefuse."""

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR. Raises: FichierRefuse."""


def check_extent(nom: str, rows: int, columns: int) -> None:
    """Refuse a sheet whose filled area would not fit in memory.

    Raises: FichierRefuse.
    """
    if rows * columns > AREA_MAX or rows > LINES_MAX:
        raise sheet_too_large(nom, rows, columns)


def sheet_too_large(nom: str, rows: int, columns: int) -> FichierRefuse:
    """The refusal of a sheet filled down to such a row and column."""
    return FichierRefuse(Cause.SHEET_TOO_LARGE, {"feuille": nom}, ligne=rows, colonne=columns)
