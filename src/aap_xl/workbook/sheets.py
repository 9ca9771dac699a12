"""The sheets of a file that may be opened: values through calamine, the rest through the raw passes.

What can't be seen: in .xls and .xlsb calamine gives cells in error and formulas without a value as blank.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from aap_xl.domain.donnees import Fait
from aap_xl.workbook.containers import Contenu, FichierRefuse, damaged, stored
from aap_xl.workbook.marks import Marks
from aap_xl.workbook.personal import in_notes, suspect
from aap_xl.workbook.raw import RawWorkbook

if TYPE_CHECKING:
    from aap_xl.workbook.raw_ods import OdsWorkbook

Rows = list[list[Any]]
SHEETS_MAX = 200
AREA_MAX = 2**20
"""Cells of a sheet, blank ones included: calamine keeps them all in memory."""


def _raw(contenu: Contenu) -> "RawWorkbook | OdsWorkbook | None":
    if contenu.genre == "xlsx":
        return RawWorkbook(contenu.parties)
    if contenu.genre == "ods":
        from aap_xl.workbook.raw_ods import OdsWorkbook  # noqa: PLC0415 - rarer than .xlsx

        return OdsWorkbook(contenu.parties["content.xml"])
    return None


class Feuilles:
    """The sheets of one workbook.

    Attributes: noms: their names; cellules: those that have cells (a chart sheet has none); nir: whether a NIR must be
                looked for cell by cell.
    """

    def __init__(self, contenu: Contenu) -> None:
        """Open it.

        Raises: FichierRefuse if calamine or the raw pass can't.
        """
        self._contenu = contenu
        try:
            self._raw = _raw(contenu)
            self._book = CalamineWorkbook.from_object(BytesIO(self._readable()))
            self.noms: list[str] = self._book.sheet_names
            self.cellules = {item.name for item in self._book.sheets_metadata if item.typ == SheetTypeEnum.WorkSheet}
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
            raise damaged(contenu.nom) from None
        if len(self.noms) > SHEETS_MAX:
            raise FichierRefuse(
                f"« {contenu.nom} » a {len(self.noms)} feuilles ; ce n'est pas un classeur de suivi d'une opération."
            )
        self.depuis_1904 = self._raw is not None and self._raw.depuis_1904
        self.noms_definis: dict[str, str] = self._raw.noms if self._raw else {}

    def _readable(self) -> bytes:
        """What calamine is given: the parts already checked."""
        parts = self._raw.emptied() if isinstance(self._raw, RawWorkbook) else self._contenu.parties
        self.nir = suspect(parts) if isinstance(self._raw, RawWorkbook) else True
        return stored(parts) if parts else self._contenu.octets

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column.

        Raises: FichierRefuse if it can't be read, or is too large to be.
        """
        self._check_extent(nom)
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
            return self._raw.sheet(nom).marks if self._raw else Marks()
        except ValueError:
            raise damaged(self._contenu.nom) from None

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR. Raises: FichierRefuse."""
        try:
            return list(in_notes(nom, self._raw.sheet(nom).notes)) if isinstance(self._raw, RawWorkbook) else []
        except ValueError:
            raise damaged(self._contenu.nom) from None

    def _check_extent(self, nom: str) -> None:
        rows, columns = self._raw.sheet(nom).extent if self._raw else (1, 1)
        if rows * columns > AREA_MAX:
            raise FichierRefuse(
                f"« {self._contenu.nom} » : la feuille « {nom} » est remplie jusqu'à la ligne {rows} et la colonne "
                f"{columns} ; supprimez les lignes et les colonnes au-delà du tableau."
            )
