"""Where each table of the bilan sits on its sheet, and which charts stand beside.

Tables of fixed size come first, at places that depend on the call only: the charts, drawn once in the blank
workbook, keep pointing at them. Tables run over columns A to H, charts stand in J to M; below the charts, the
tables whose size depends on the data use the whole width.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.domain.bilan import Colonne, Tableau, tableaux
from aap_xl.domain.donnees import Donnees
from aap_xl.rows import Nature, Operation
from aap_xl.workbook.graphiques import Genre, Graphique, Plage, Serie
from aap_xl.workbook.grid import chunks, plain, row_height
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.styles import PALETTE

LARGEURS = (34.0, *[11.0] * 7, 2.5, *[14.0] * 4)
"""Width of each column, in characters: labels, values, a gap, charts."""
PREMIERE_LIGNE = 6
"""Row of the first table's title; above stand the sheet's title and the state of the bilan."""
FIN_TABLES, DEBUT_GRAPHIQUES, FIN = 8, 10, 13
"""Last column of the tables of fixed size, first one of the charts, last one of all."""
BANDEAU, ENTETE, MINIMUM = 19.0, 30.0, 17.0
"""Points: a table's title, its headers, one line of text."""
_CHART = 185.0
"""Points that a chart needs."""
_NOTE = 26.0
_SPACER = 9.0


@dataclass(frozen=True, slots=True)
class Vue:
    """A chart of one table: which columns it shows (their ranks), for its first ``lignes`` lines (0: all)."""

    genre: Genre
    titre: str
    colonnes: tuple[int, ...]
    lignes: int = 0
    pourcentages: bool = False


@dataclass(frozen=True)
class Bloc:
    """A table and its place.

    Attributes: ligne: row of its title; colonnes: first and last sheet column of each of its columns; reserve:
                rows left blank under it, so that its chart has room.
    """

    tableau: Tableau
    ligne: int
    colonnes: tuple[tuple[int, int], ...]
    fin: int
    hauteurs: tuple[int, ...]
    reserve: int = 0

    @property
    def premiere(self) -> int:
        """Row of the first line."""
        return self.ligne + 2

    @property
    def suivante(self) -> int:
        """First row free for the next table."""
        tableau = self.tableau
        count = max(sum(self.hauteurs), 1) + (tableau.total is not None)
        note = tableau.fixe or bool(tableau.note)
        return self.premiere + count + note + self.reserve + 1


def placer(items: Sequence[Tableau], appel: Appel) -> list[Bloc]:
    """Give each table its place, one under the other.

    Args: items: tables of fixed size first.
    """
    blocs: list[Bloc] = []
    ligne = PREMIERE_LIGNE
    for tableau in items:
        bloc = _bloc(tableau, ligne, appel)
        blocs.append(bloc)
        ligne = bloc.suivante
    return blocs


def _bloc(tableau: Tableau, ligne: int, appel: Appel) -> Bloc:
    if not tableau.fixe:
        spans = _full_width(tableau)
        return Bloc(tableau, ligne, spans, FIN, tuple(_pieces(row, tableau, spans) for row in tableau.lignes))
    spans = _left_panel(tableau.colonnes)
    reserve = 0
    if vue(tableau, appel):
        missing = _CHART - _height(tableau)
        reserve = max(0, -int(-missing // MINIMUM))
    return Bloc(tableau, ligne, spans, FIN_TABLES, (1,) * len(tableau.lignes), reserve)


def _pieces(row: Sequence[object], tableau: Tableau, spans: Sequence[tuple[int, int]]) -> int:
    """How many sheet rows a line takes: a long text runs over several."""
    return max(
        (
            len(chunks(value, largeur(span)))
            for value, colonne, span in zip(row, tableau.colonnes, spans, strict=True)
            if isinstance(value, str) and colonne.nature is Nature.LONG
        ),
        default=1,
    )


def largeur(span: tuple[int, int]) -> float:
    """Width in characters of some columns together."""
    return sum(LARGEURS[span[0] - 1 : span[1]])


def _height(tableau: Tableau) -> float:
    """Height of a table of fixed size, from its labels alone."""
    labels = [*tableau.lignes, *([tableau.total] if tableau.total else [])]
    return BANDEAU + ENTETE + _NOTE + sum(row_height([(str(row[0]), LARGEURS[0])], MINIMUM) for row in labels)


def _left_panel(colonnes: Sequence[Colonne]) -> tuple[tuple[int, int], ...]:
    """One sheet column each; the last column of text (not a fraction) takes what is left of the panel."""
    spare = FIN_TABLES - len(colonnes)
    wide = _text(colonnes)
    return _spans([1 + (spare if wide and rank == wide[-1] else 0) for rank in range(len(colonnes))])


def _text(colonnes: Sequence[Colonne]) -> list[int]:
    """Ranks of the columns of text after the first; a fraction, followed by its rate, is not one."""
    followers = [item.nature for item in colonnes[1:]] + [Nature.TEXTE]
    return [
        rank
        for rank, (item, follower) in enumerate(zip(colonnes, followers, strict=True))
        if rank and item.nature in {Nature.TEXTE, Nature.LONG} and follower is not Nature.TAUX
    ]


def _full_width(tableau: Tableau) -> tuple[tuple[int, int], ...]:
    """The whole page, the columns of text sharing what the numbers leave, where it is needed most."""
    count = len(tableau.colonnes)
    units = [1] * count
    text = [rank for rank, item in enumerate(tableau.colonnes) if rank and item.nature in {Nature.TEXTE, Nature.LONG}]
    text = [rank for rank in text if tableau.colonnes[min(rank + 1, count - 1)].nature is not Nature.TAUX] or [
        count - 1
    ]
    wanted = {rank: max((len(str(row[rank] or "")) for row in tableau.lignes), default=1) + 1 for rank in text}
    for _ in range(FIN - 1 - count):
        units[max(text, key=lambda rank: wanted[rank] / units[rank])] += 1
    return _spans(units)


def _spans(units: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Sheet columns of consecutive units; the gap before the charts goes with the column after it."""
    spans, column = [], 1
    gap = FIN_TABLES + 1
    for unit in units:
        first = column
        column += unit + (1 if first <= gap < first + unit or first == gap else 0)
        spans.append((first, min(column - 1, FIN)))
    return tuple(spans)


def modele(appel: Appel) -> list[Bloc]:
    """The tables of fixed size of a call at their places, without data."""
    nobody = Operation(**dict.fromkeys(Operation.champs))
    empty = Donnees(appel=appel, operation=nobody, tables={}, aujourdhui=date(appel.identite.millesime, 1, 1))
    return placer([tableau for tableau in tableaux(empty) if tableau.fixe], appel)


def graphiques(appel: Appel) -> list[Graphique]:
    """The charts of the sheet « Bilan », each beside its table."""
    return [_chart(bloc, found) for bloc in modele(appel) if (found := vue(bloc.tableau, appel))]


def vue(tableau: Tableau, appel: Appel) -> Vue | None:
    """Which chart a table deserves, if any."""
    followed = appel.operation.suivi_mois is not None
    classes = len(appel.sorties.classes) + 1 if appel.sorties else 0
    rates = (3, 6, 7) if followed else (3, 4)
    return {
        "mds": Vue(Genre.BARRES, "Personnes entrées par MDS", (1,)),
        "age": Vue(Genre.COLONNES, "Personnes entrées par tranche d'âge", (1, 4)),
        "sorties_taux": Vue(Genre.COLONNES, "Taux de sortie et repère national", rates, pourcentages=True),
        "sorties_classes": Vue(Genre.COLONNES, "Sorties par classe", (1, 4) if followed else (1,), classes),
        "heures": Vue(Genre.COLONNES, "Heures reçues et données", (1, 2)),
        "budget_postes": Vue(Genre.COLONNES, "Prévu, dépensé et retenu par poste (€)", (1, 2, 3)),
        "ressources": Vue(Genre.BARRES, "Ressources prévues et réalisées (€)", (1, 2)),
    }.get(tableau.cle)


def _chart(bloc: Bloc, found: Vue) -> Graphique:
    tableau = bloc.tableau
    last = bloc.premiere + (found.lignes or len(tableau.lignes)) - 1

    def plage(rank: int) -> Plage:
        column = bloc.colonnes[rank][0]
        return Plage(BILAN, bloc.premiere, column, last, column)

    series = tuple(
        Serie(tableau.colonnes[rank].titre, plage(rank), plain(PALETTE[n])) for n, rank in enumerate(found.colonnes)
    )
    pixels = sum(int(width * 7 + 5) for width in LARGEURS[DEBUT_GRAPHIQUES - 1 :])
    height = max(_height(tableau) + bloc.reserve * MINIMUM, _CHART)
    return Graphique(
        feuille=BILAN,
        cle=f"bilan_{tableau.cle}",
        genre=found.genre,
        titre=found.titre,
        categories=plage(0),
        series=series,
        ancre=a1(bloc.ligne, DEBUT_GRAPHIQUES),
        largeur=pixels,
        hauteur=int(min(height, 1.4 * _CHART) / 0.75),
        pourcentages=found.pourcentages,
    )
