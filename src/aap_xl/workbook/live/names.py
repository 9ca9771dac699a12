"""The defined names of an open workbook, which Excel gives one by one: hundreds of calls, most often for nothing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aap_xl.appels.loader import AppelInconnu, Catalogue
from aap_xl.appels.model import Appel
from aap_xl.texte import normaliser
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.layout import LISTES
from aap_xl.workbook.reading.identity import identify
from aap_xl.workbook.reading.marks import Place
from aap_xl.workbook.reading.sheets import Rows

if TYPE_CHECKING:
    from xlwings import Book


def definis(book: "Book") -> dict[str, str]:
    """Defined names and what they name."""
    return {name.name: (name.refers_to or "").removeprefix("=") for name in book.names}


def appel_de(feuilles: Mapping[str, Rows], appels: Catalogue) -> Appel | None:
    """The call that « Listes » tells, if it tells one at hand."""
    rows = next((rows for nom, rows in feuilles.items() if normaliser(nom) == normaliser(LISTES)), [])
    found = identify({}, rows[0], with_properties=False) if rows else None
    try:
        return appels.get(found.code, found.millesime) if found else None
    except AppelInconnu:
        return None


def a_leur_place(appel: Appel, formules: Mapping[str, Mapping[Place, str]]) -> bool:
    """Whether every computed cell of the synthesis is a formula where the template put it: nothing was typed over.

    Args: formules: of each sheet of `layout.SYNTHESES` that the workbook has.
    """
    cells = [cell for cell in synthese.cellules(appel) if cell.feuille in formules]
    return all((cell.ligne, cell.colonne) in formules[cell.feuille] for cell in cells)
