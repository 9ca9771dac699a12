"""The sheets of an .ods, .xls or .xlsb: calamine runs apart, the raw pass knows .ods only."""

from aap_xl.domain.donnees import Fait
from aap_xl.workbook.reading import apart
from aap_xl.workbook.reading.containers import Contenu, damaged, stored
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.raw_ods import OdsWorkbook
from aap_xl.workbook.reading.sheets import Rows, check_extent


class FeuillesAutres:
    """The sheets of one workbook; a NIR is looked for cell by cell."""

    nir = True
    depuis_1904 = False

    def __init__(self, contenu: Contenu) -> None:
        """Read it whole.

        Raises: FichierRefuse if calamine or the raw pass can't, or if a sheet is too large.
        """
        self._ods: OdsWorkbook | None = None
        if contenu.genre == "ods":
            try:
                self._ods = OdsWorkbook(contenu.parties["content.xml"])
            except ValueError:
                raise damaged(contenu.nom) from None
            for nom, sheet in self._ods.sheets.items():
                check_extent(contenu, nom, *sheet.extent)
        self._sheets = apart.read(contenu.nom, stored(contenu.parties) if contenu.parties else contenu.octets)
        self.noms = list(self._sheets)
        self.cellules = {nom for nom, sheet in self._sheets.items() if sheet is not None}
        self.noms_definis = self._ods.noms if self._ods else {}

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column."""
        sheet = self._sheets[nom]
        return sheet[0] if sheet else []

    def marks(self, nom: str) -> Marks:
        """What the raw pass tells of a sheet; the merged ranges alone for an .xls."""
        if self._ods:
            return self._ods.sheet(nom).marks
        sheet = self._sheets[nom]
        merged = sheet[1] if sheet else []
        return Marks(fusions=[(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merged])

    def notes(self, _: str) -> list[Fait]:
        """Notes are not looked at in these formats."""
        return []
