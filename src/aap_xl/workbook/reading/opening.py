"""The sheets of a file that may be opened: an .xlsx through one scan, the others by passes of their own.

What can't be seen: the ranges of tables in an .xls, which has none. An .xls or .xlsb always gives formulas a value:
that nobody computed it is told only when no formula of the file has any (`others.records.RecordsBook.settle`).
"""

from aap_xl.workbook.reading.files.containers import Contenu
from aap_xl.workbook.reading.sheets import Feuilles
from aap_xl.workbook.reading.xlsx.sheets import FeuillesXlsx


def feuilles(contenu: Contenu) -> Feuilles:
    """Open a workbook.

    Raises: FichierRefuse if it can't be, or if it has too many cells.
    """
    return FeuillesXlsx(contenu) if contenu.genre == "xlsx" else _others(contenu)


def _others(contenu: Contenu) -> Feuilles:
    from aap_xl.workbook.reading.others.sheets import FeuillesAutres  # noqa: PLC0415 - rarer than .xlsx

    return FeuillesAutres(contenu)
