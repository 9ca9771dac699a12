"""The sheets of a file that may be opened: an .xlsx through our own scan, the others through calamine and raw passes.

What can't be seen: the ranges of tables in an .xls, which has none. An .xls or .xlsb always gives formulas a value:
that nobody computed it is told only when no formula of the file has any (`raw_records.RecordsBook.settle`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from aap_xl.domain.donnees import Fait
from aap_xl.workbook import layout
from aap_xl.workbook.reading.containers import Contenu
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.personal import in_notes, suspect, suspect_values
from aap_xl.workbook.reading.refusals import FichierRefuse, damaged
from aap_xl.workbook.reading.xlsx_book import Book
from aap_xl.workbook.reading.xlsx_cells import Odd

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


def feuilles(contenu: Contenu) -> Feuilles:
    """Open a workbook.

    Raises: FichierRefuse if calamine or the raw pass can't, or if it has too many sheets or cells.
    """
    found = FeuillesXlsx(contenu) if contenu.genre == "xlsx" else _others(contenu)
    if len(found.noms) > SHEETS_MAX:
        raise FichierRefuse(
            f"« {contenu.nom} » a {len(found.noms)} feuilles ; ce n'est pas un classeur de suivi d'une opération."
        )
    return found


def _others(contenu: Contenu) -> Feuilles:
    from aap_xl.workbook.reading.sheets_others import FeuillesAutres  # noqa: PLC0415 - rarer than .xlsx

    return FeuillesAutres(contenu)


def check_extent(contenu: Contenu, nom: str, rows: int, columns: int) -> None:
    """Refuse a sheet whose filled area would not fit in memory.

    Raises: FichierRefuse.
    """
    if rows * columns > AREA_MAX or rows > LINES_MAX:
        raise FichierRefuse(
            f"« {contenu.nom} » : la feuille « {nom} » est remplie jusqu'à la ligne {rows} et la colonne {columns} ; "
            "supprimez les lignes et les colonnes au-delà du tableau."
        )


class FeuillesXlsx:
    """The sheets of an .xlsx or .xlsm; its macros are never even inflated."""

    def __init__(self, contenu: Contenu) -> None:
        """List them.

        Raises: FichierRefuse if that can't be read.
        """
        self._contenu = contenu
        with self._readable():
            self._book = Book(contenu.parties, lambda nom, rows, columns: check_extent(contenu, nom, rows, columns))
        self.noms = self._book.noms
        self.cellules = self._book.cellules
        self.depuis_1904 = self._book.depuis_1904

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, Odd):
            raise damaged(self._contenu.nom) from None

    @cached_property
    def nir(self) -> bool:
        """Whether a NIR may stand in the cells of the sheets already read, or anywhere in the others."""
        return suspect_values(self._book.values.values()) or any(map(suspect, self._book.unread()))

    @cached_property
    def noms_definis(self) -> Mapping[str, str]:
        """Defined names and what they name; none when it is sure that every computed cell of the synthesis is there."""
        with self._readable():
            return {} if self._book.computed(layout.SYNTHESES) else self._book.noms_definis

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column.

        Raises: FichierRefuse if it can't be read, or is too large to be.
        """
        with self._readable():
            return self._book.rows(nom)

    def first_row(self, nom: str) -> Sequence[Any]:
        """One sheet's first row; the others are not read.

        Raises: FichierRefuse if it can't be read.
        """
        with self._readable():
            return self._book.first_row(nom)

    def marks(self, nom: str) -> Marks:
        """What a sheet says beyond its values.

        Raises: FichierRefuse if it can't be read, or one of its tables can't.
        """
        with self._readable():
            return self._book.marks(nom)

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR.

        Raises: FichierRefuse if they are not well-formed.
        """
        with self._readable():
            return list(in_notes(nom, self._book.notes(nom)))
