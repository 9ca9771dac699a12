"""The charts of the sheet « Bilan »: drawn once in the blank workbook, again when the sheet is made anew."""

from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.ooxml.drawings import bring_charts
from aap_xl.workbook.ooxml.package import Package
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.paper.chart import Graphique, Serie
from aap_xl.workbook.paper.draw import draw
from aap_xl.workbook.paper.grid import Grid, plain
from aap_xl.workbook.paper.page import PIXEL, pixels
from aap_xl.workbook.paper.styles import PALETTE
from aap_xl.workbook.writing.bilan_layout import DEBUT_DROITE, LARGEURS, Panneau, Vue, hauteur_graphique, modele, vue

REPERE = "Repère national"
"""Header of a column to compare with, drawn as marks."""


def graphiques(appel: Appel) -> list[Graphique]:
    """The charts of the sheet « Bilan », each beside its table."""
    return [_chart(bloc, found) for bloc in modele(appel) if (found := vue(bloc.tableau, appel))]


def redessiner(workbook: Workbook, grid: Grid, appel: Appel) -> None:
    """Draw the charts on a sheet that was just made, as the blank workbook has them."""
    from aap_xl.workbook.paper.sheet import Book  # noqa: PLC0415 (only when the operator deleted the sheet)

    book = Book(BILAN)
    sheet = book.sheet(BILAN, appel.nom)
    book.draw(sheet, grid)
    for graphique in graphiques(appel):
        draw(book.book, sheet, graphique)
    bring_charts(workbook, BILAN, Package(book.to_bytes()), "xl/worksheets/sheet1.xml")


def _chart(bloc: Panneau, found: Vue) -> Graphique:
    tableau = bloc.tableau
    last = found.lignes or len(tableau.lignes)
    series = tuple(
        Serie(
            tableau.colonnes[rank].titre,
            bloc.plage(rank, fin=last),
            plain(PALETTE[n]),
            repere=tableau.colonnes[rank].titre == REPERE,
        )
        for n, rank in enumerate(found.colonnes)
    )
    return Graphique(
        feuille=BILAN,
        cle=f"bilan_{tableau.cle}",
        genre=found.genre,
        titre=found.titre,
        categories=bloc.plage(0, fin=last),
        series=series,
        ancre=a1(bloc.ligne, DEBUT_DROITE),
        largeur=sum(map(pixels, LARGEURS[DEBUT_DROITE - 1 :])),
        hauteur=int(hauteur_graphique(tableau) / PIXEL),
        pourcentages=found.pourcentages,
    )
