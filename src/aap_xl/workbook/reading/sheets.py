"""The sheets of one workbook, as whoever reads them wants them, and how large they may be."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from aap_xl.domain.facts import Fait
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse
from aap_xl.workbook.reading.marks import Marks

Rows = list[list[object]]
SHEETS_MAX = 200
AREA_MAX = 2**20
"""Cells of a sheet, blank ones included: they are all kept in memory."""
AREAS_MAX = 2**21
"""The same for all the sheets of a file."""
LINES_MAX = 2**17
CELLS_MAX = 2**19
"""Filled cells that are read in a file: 5 000 people and 20 000 expenses are some 450 000."""
MERGES_MAX = 2**12
COVERED_MAX = 2**20
"""Cells of a table that its merged ranges may cover, each as many times as it is covered."""
NOTES_MAX = 2**14
FACTS_MAX = 10_000
"""Cells of a table that can't be read as they stand, or hold a NIR."""


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

    def first_row(self, nom: str) -> Sequence[object]:
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


def too_many(feuille: str, maximum: int, quoi: str) -> FichierRefuse:
    """The refusal of a sheet that would take too long to read. Args: quoi: what there is too much of, in French."""
    return FichierRefuse(Cause.TOO_MANY, {"feuille": feuille}, maximum=maximum, quoi=quoi)


def sheet_too_large(nom: str, rows: int, columns: int) -> FichierRefuse:
    """The refusal of a sheet filled down to such a row and column."""
    return FichierRefuse(Cause.SHEET_TOO_LARGE, {"feuille": nom}, ligne=rows, colonne=columns)
