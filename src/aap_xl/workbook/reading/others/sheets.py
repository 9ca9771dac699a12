"""The sheets of an .ods, .xls or .xlsb, each format by a pass of its own."""

from collections.abc import Sequence

from aap_xl.domain.facts import Fait
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.reading.files.containers import Contenu
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, beyond
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.others import process
from aap_xl.workbook.reading.others.ods import OdsWorkbook
from aap_xl.workbook.reading.personal import in_texts
from aap_xl.workbook.reading.sheets import AREAS_MAX, Rows, check_extent, sheet_too_large

_CONTENT = "content.xml"


class FeuillesAutres:
    """The sheets of one workbook; a NIR is looked for cell by cell."""

    nir = True

    def __init__(self, contenu: Contenu) -> None:
        """Read it whole.

        Raises: FichierRefuse if it can't be, or if a sheet is too large.
        """
        raw = _ods(contenu) if contenu.genre == "ods" else process.read(dict(contenu.parties) or contenu.octets)
        area = 0
        for nom, sheet in raw.sheets.items():
            check_extent(nom, *sheet.extent)
            area += sheet.extent[0] * sheet.extent[1]
            if area > AREAS_MAX:
                raise sheet_too_large(nom, *sheet.extent)
        self._raw = raw
        self._rows: dict[str, Rows] = {}
        self.noms = list(raw.sheets)
        self.cellules = {nom for nom, sheet in raw.sheets.items() if sheet.cells}
        self.noms_definis = raw.noms
        self.depuis_1904 = raw.depuis_1904

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column; what the caller changes stays changed."""
        if nom not in self._rows:
            self._rows[nom] = self._raw.sheets[nom].rows
        return self._rows[nom]

    def first_row(self, nom: str) -> Sequence[object]:
        """One sheet's first row."""
        return next(iter(self.rows(nom)), ())

    def marks(self, nom: str) -> Marks:
        """What the raw pass tells of a sheet."""
        return self._raw.sheets[nom].marks

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR."""
        return list(in_texts(nom, self._raw.sheets[nom].notes))


def _ods(contenu: Contenu) -> OdsWorkbook:
    try:
        return OdsWorkbook(contenu.parties[_CONTENT])
    except Excess as error:
        raise beyond(error, Cause.EXCESS_ELSEWHERE) from None
    except ValueError:
        raise FichierRefuse(Cause.DAMAGED) from None
