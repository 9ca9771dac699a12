"""The charts of the sheet « Bilan »: drawn once in the blank workbook, again when the sheet is made anew."""

from io import BytesIO

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
from aap_xl.workbook.paper.styles import PALETTE, POLICE
from aap_xl.workbook.writing.bilan_layout import DEBUT_DROITE, LARGEURS, Panneau, Vue, hauteur_graphique, modele, vue

_REPERE = "Repère national"
"""Header of a column to compare with, drawn as marks."""


def graphiques(appel: Appel) -> list[Graphique]:
    """The charts of the sheet « Bilan », each beside its table."""
    return [_chart(bloc, found) for bloc in modele(appel) if (found := vue(bloc.tableau, appel))]


def redessiner(workbook: Workbook, grid: Grid, appel: Appel) -> None:
    """Draw the charts on a sheet that was just made, as the blank workbook has them."""
    from xlsxwriter import Workbook as Book  # noqa: PLC0415 (only when the operator deleted the sheet)

    stream = BytesIO()
    font = {nom: POLICE[nom] for nom in ("font_name", "font_size")}
    book = Book(stream, {"in_memory": True, "default_format_properties": font})
    sheet = book.add_worksheet(BILAN)
    for rang, width in enumerate(grid.widths):
        sheet.set_column(rang, rang, width)
    for row, height in grid.heights.items():
        sheet.set_row(row - 1, height)
    for graphique in graphiques(appel):
        draw(book, sheet, graphique)
    book.close()
    bring_charts(workbook, BILAN, Package(stream.getvalue()), "xl/worksheets/sheet1.xml")


def _chart(bloc: Panneau, found: Vue) -> Graphique:
    tableau = bloc.tableau
    last = found.lignes or len(tableau.lignes)
    series = tuple(
        Serie(
            tableau.colonnes[rank].titre,
            bloc.plage(rank, fin=last),
            plain(PALETTE[n]),
            repere=tableau.colonnes[rank].titre == _REPERE,
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
