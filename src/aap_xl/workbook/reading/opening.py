"""The sheets of a file that may be opened: an .xlsx through our own scan, the others through calamine and raw passes.

What can't be seen: the ranges of tables in an .xls, which has none. An .xls or .xlsb always gives formulas a value:
that nobody computed it is told only when no formula of the file has any (`others.records.RecordsBook.settle`).
"""

from aap_xl.workbook.reading.files.containers import Contenu
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.sheets import SHEETS_MAX, Feuilles
from aap_xl.workbook.reading.xlsx.sheets import FeuillesXlsx


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
    from aap_xl.workbook.reading.others.sheets import FeuillesAutres  # noqa: PLC0415 - rarer than .xlsx

    return FeuillesAutres(contenu)
