"""The charts of the sheet « Bilan »: drawn once in the blank workbook, again when the sheet is made anew."""

from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.workbook.graphiques import Graphique, Plage, Serie
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.styles import PALETTE
from aap_xl.workbook.writing.bilan_layout import DEBUT_DROITE, LARGEURS, Bloc, hauteur_graphique, modele
from aap_xl.workbook.writing.bilan_vues import Vue, vue
from aap_xl.workbook.writing.grid import plain

_REPERE = "Repère national"
"""Header of a column to compare with, drawn as marks."""


def graphiques(appel: Appel) -> list[Graphique]:
    """The charts of the sheet « Bilan », each beside its table."""
    return [_chart(bloc, found) for bloc in modele(appel) if (found := vue(bloc.tableau, appel))]


def _chart(bloc: Bloc, found: Vue) -> Graphique:
    tableau = bloc.tableau
    last = bloc.premiere + (found.lignes or len(tableau.lignes)) - 1

    def plage(rank: int) -> Plage:
        column = bloc.colonnes[rank][0]
        return Plage(BILAN, bloc.premiere, column, last, column)

    series = tuple(
        Serie(
            tableau.colonnes[rank].titre,
            plage(rank),
            plain(PALETTE[n]),
            repere=tableau.colonnes[rank].titre == _REPERE,
        )
        for n, rank in enumerate(found.colonnes)
    )
    pixels = sum(int(width * 7 + 5) for width in LARGEURS[DEBUT_DROITE - 1 :])
    return Graphique(
        feuille=BILAN,
        cle=f"bilan_{tableau.cle}",
        genre=found.genre,
        titre=found.titre,
        categories=plage(0),
        series=series,
        ancre=a1(bloc.ligne, DEBUT_DROITE),
        largeur=pixels,
        hauteur=int(hauteur_graphique(tableau) / 0.75),
        pourcentages=found.pourcentages,
    )
