"""« Contrôle » and « Bilan » of an open workbook: the very cells that are written in a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aap_xl.anomalies import Anomalie
from aap_xl.domain.bilan import Tableau
from aap_xl.domain.data import Donnees
from aap_xl.workbook.layout import BILAN, CONTROLE
from aap_xl.workbook.live.grid import Bande, Condition, ecrire
from aap_xl.workbook.live.refusals import ecriture
from aap_xl.workbook.paper.grid import Grid
from aap_xl.workbook.writing.bilan_layout import Panneau, placer
from aap_xl.workbook.writing.bilan_sheet import bilan
from aap_xl.workbook.writing.controle_sheet import ENTETES, controle

if TYPE_CHECKING:
    from xlwings import Book


def ecrire_controle(book: "Book", donnees: Donnees, anomalies: Sequence[Anomalie]) -> None:
    """Fill « Contrôle ».

    Raises: EcritureImpossible if Excel refuses.
    """
    grid = controle(donnees, anomalies, {sheet.name for sheet in book.sheets})
    last = ENTETES + len(anomalies)
    bandes = [Bande(ENTETES + 1, last, ajuster=True)] if anomalies else []
    with ecriture(CONTROLE):
        ecrire(book, CONTROLE, grid, bandes, _severities(grid, last) if anomalies else [])


def ecrire_bilan(book: "Book", donnees: Donnees, anomalies: Sequence[Anomalie], tableaux: Sequence[Tableau]) -> None:
    """Fill « Bilan ».

    Raises: EcritureImpossible if Excel refuses.
    """
    bandes = [
        Bande(bloc.premiere, bloc.premiere + len(bloc.tableau.lignes) - 1)
        for bloc in placer(tableaux, donnees.appel)
        if _alike(bloc)
    ]
    with ecriture(BILAN):
        ecrire(book, BILAN, bilan(donnees, anomalies, tableaux, pages=False), bandes)


def _alike(bloc: Panneau) -> bool:
    """Whether a table has any number of lines, each on one row."""
    return not bloc.tableau.fixe and bool(bloc.tableau.lignes) and bloc.uni


def _severities(grid: Grid, last: int) -> list[Condition]:
    """Each severity's colours, for the whole first column at once."""
    looks = {str(value): look for row, column, value, look in grid.cells() if column == 1 and row > ENTETES}
    return [Condition(f"A{ENTETES + 1}:A{last}", text, look.fill, look.color) for text, look in looks.items()]
