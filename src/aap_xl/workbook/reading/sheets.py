"""The sheets of a file that may be opened: values through calamine, the rest through the raw passes.

What can't be seen: the ranges of tables in an .xls, which has none. An .xls or .xlsb always gives formulas a value:
that nobody computed it is told only when no formula of the file has any (`raw_records.RecordsBook.settle`).
"""

import re
from io import BytesIO
from typing import Any, Protocol

from python_calamine import CalamineWorkbook, SheetTypeEnum

from aap_xl.domain.donnees import Fait
from aap_xl.workbook.reading.containers import Contenu, FichierRefuse, damaged, stored
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.personal import in_notes, suspect
from aap_xl.workbook.reading.raw import RawWorkbook

Rows = list[list[Any]]
SHEETS_MAX = 200
AREA_MAX = 2**20
"""Cells of a sheet, blank ones included: calamine keeps them all in memory."""
_LYING_COUNT = re.compile(rb"ount\s*=\s*[\"']\d{7,}")
"""calamine makes room for as many strings or formats as a part says it has."""


class Feuilles(Protocol):
    """The sheets of one workbook.

    Attributes: noms: their names; cellules: those that have cells (a chart sheet has none); nir: whether a NIR must be
                looked for cell by cell; depuis_1904: whether days are counted from 1904.
    """

    noms: list[str]
    cellules: set[str]
    nir: bool
    depuis_1904: bool

    @property
    def noms_definis(self) -> dict[str, str]:
        """Defined names and what they name."""

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column. Raises: FichierRefuse."""

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
    if rows * columns > AREA_MAX:
        raise FichierRefuse(
            f"« {contenu.nom} » : la feuille « {nom} » est remplie jusqu'à la ligne {rows} et la colonne {columns} ; "
            "supprimez les lignes et les colonnes au-delà du tableau."
        )


class FeuillesXlsx:
    """The sheets of an .xlsx or .xlsm; its macros are never even inflated."""

    def __init__(self, contenu: Contenu) -> None:
        """Open it.

        Raises: FichierRefuse if calamine or the raw pass can't.
        """
        self._contenu = contenu
        try:
            self._raw = RawWorkbook(contenu.parties)
            parts = self._raw.emptied()
            if any(_LYING_COUNT.search(part) for name, part in parts.items() if "/worksheets/" not in name):
                raise damaged(contenu.nom)
            self._book = CalamineWorkbook.from_object(BytesIO(stored(parts)))
        except (KeyboardInterrupt, SystemExit, FichierRefuse):
            raise
        except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
            raise damaged(contenu.nom) from None
        self.noms: list[str] = self._book.sheet_names
        self.cellules = {item.name for item in self._book.sheets_metadata if item.typ == SheetTypeEnum.WorkSheet}
        self.nir = suspect(parts)
        self.depuis_1904 = self._raw.depuis_1904
        self.noms_definis = self._raw.noms

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column.

        Raises: FichierRefuse if it can't be read, or is too large to be.
        """
        check_extent(self._contenu, nom, *self._raw.sheet(nom).extent)
        try:
            rows: Rows = self._book.get_sheet_by_name(nom).to_python(skip_empty_area=False)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
            raise damaged(self._contenu.nom) from None
        return rows

    def marks(self, nom: str) -> Marks:
        """What the raw pass tells of a sheet.

        Raises: FichierRefuse if one of its tables is not well-formed.
        """
        try:
            return self._raw.sheet(nom).marks
        except ValueError:
            raise damaged(self._contenu.nom) from None

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR.

        Raises: FichierRefuse if they are not well-formed.
        """
        try:
            return list(in_notes(nom, self._raw.sheet(nom).notes))
        except ValueError:
            raise damaged(self._contenu.nom) from None
