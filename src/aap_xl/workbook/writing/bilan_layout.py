"""Where each table of the bilan sits on its sheet, and which charts stand beside.

Tables of fixed size come first, at places that depend on the call only: the charts, drawn once in the blank
workbook, keep pointing at them. The page has a left panel and a right one: a table stands on the left with its chart,
or with a small table, on the right. Below come the tables whose size depends on the data, over the whole width.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

from aap_xl.appels.model import Appel
from aap_xl.appels.models import operation_vide
from aap_xl.domain.bilan import Colonne, Tableau, tableaux
from aap_xl.domain.data import Donnees
from aap_xl.domain.tableau import Ligne
from aap_xl.records import record, replace
from aap_xl.rows import Nature
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.paper.chart import Genre
from aap_xl.workbook.paper.measure import chunks, row_height
from aap_xl.workbook.paper.table import Bloc, Sizes

LARGEURS = (32.0, *[12.0] * 7, 2.5, 22.0, *[10.5] * 4)
"""Width of each column, in characters: the left panel (labels, values), a gap, the right panel."""
PREMIERE_LIGNE = 6
"""Row of the first table's title; above stand the sheet's title and the state of the bilan."""
FIN_GAUCHE, DEBUT_DROITE, FIN = 8, 10, 14
"""Last column of the left panel, first one of the right panel, last one of all."""
BANDEAU, ENTETE, MINIMUM = 19.0, 30.0, 17.0
"""Points: a table's title, its headers, one line of text."""
ENTETE_SEUL, INTERLIGNE = 20.0, 6.0
"""Points, for a table without a chart: its headers if they take one line, the row of a note that it has not."""
_CHART, _TALLEST_CHART = 185.0, 260.0
"""Points that a chart needs, and those it never exceeds."""
_NOTE = 26.0
_ROOM = {Nature.MONTANT: LARGEURS[1], Nature.DATE: 10.5}
_LOOK_AHEAD = 2


@record
class Panneau(Bloc):
    """A table at its place on the sheet « Bilan ».

    Attributes: suivante: row of the next table's title; illustre: whether a chart stands beside, whose height
                supposes that of the headers and of the blank rows; uni: whether no line had to go on in another.
    """

    suivante: int = 0
    illustre: bool = False
    uni: bool = True

    @property
    def sizes(self) -> Sizes:
        """Those of its text and rows."""
        return Sizes(band=BANDEAU, header=ENTETE if self.illustre else ENTETE_SEUL, line=MINIMUM)

    @property
    def reserve(self) -> int:
        """Row after the last one written or left for a note, a blank one included."""
        return self.apres + (self.tableau.fixe and not self.tableau.note) + 1


def placer(items: Sequence[Tableau], appel: Appel) -> list[Panneau]:
    """Give each table its place, in the order given but for small tables that move up to a free right panel."""
    blocs: list[Panneau] = []
    waiting = list(items)
    ligne = PREMIERE_LIGNE
    while waiting:
        tableau = waiting.pop(0)
        beside = None if not tableau.fixe or vue(tableau, appel) else _small(waiting[:_LOOK_AHEAD], appel)
        slot = [_left(tableau, ligne, alone=beside is None and vue(tableau, appel) is None)]
        if beside is not None:
            waiting.remove(beside)
            spans = _spans([1] * len(beside.colonnes), DEBUT_DROITE)
            slot.append(Panneau(beside, ligne, spans, FIN, BILAN))
        illustre = vue(tableau, appel) is not None
        reserve = max(0, -int((_height(tableau) - _CHART) // MINIMUM)) if illustre else 0
        suivante = max(bloc.reserve for bloc in slot) + reserve
        blocs += [replace(bloc, suivante=suivante, illustre=illustre) for bloc in slot]
        ligne = suivante
    return blocs


def _small(items: Sequence[Tableau], appel: Appel) -> Tableau | None:
    """The first table that the right panel can hold."""
    room = FIN - DEBUT_DROITE + 1
    for item in items:
        narrow = not any(colonne.nature in {Nature.MONTANT, Nature.DATE} for colonne in item.colonnes)
        if (
            item.fixe
            and narrow
            and not _text(item.colonnes)
            and len(item.colonnes) <= room
            and vue(item, appel) is None
        ):
            return item
    return None


def _left(tableau: Tableau, ligne: int, *, alone: bool) -> Panneau:
    """A table in the left panel, or over the whole width when it is alone there and has text to show."""
    if not tableau.fixe:
        spans = _full_width(tableau)
        lignes = _deplie(tableau, spans)
        uni = len(lignes) == len(tableau.lignes)
        return Panneau(replace(tableau, lignes=lignes), ligne, spans, FIN, BILAN, uni=uni)
    text = _text(tableau.colonnes)
    fin = FIN if alone and text else FIN_GAUCHE
    spare = fin - len(tableau.colonnes) - (fin > FIN_GAUCHE)
    spans = _spans([1 + (spare if text and rank == text[-1] else 0) for rank in range(len(tableau.colonnes))])
    return Panneau(tableau, ligne, spans, fin, BILAN)


def _deplie(tableau: Tableau, spans: Sequence[tuple[int, int]]) -> list[Ligne]:
    """The lines of a table, a long text going on in lines of its own."""
    return [row for line in tableau.lignes for row in _rows(line, tableau, spans)]


def _rows(line: Ligne, tableau: Tableau, spans: Sequence[tuple[int, int]]) -> Iterator[Ligne]:
    pieces = [
        chunks(value, largeur(span)) if isinstance(value, str) and colonne.nature is Nature.LONG else [value]
        for value, colonne, span in zip(line, tableau.colonnes, spans, strict=True)
    ]
    if max(map(len, pieces)) == 1:
        yield line
    else:
        yield from zip_longest(*pieces)


def largeur(span: tuple[int, int]) -> float:
    """Width in characters of some columns together."""
    return sum(LARGEURS[span[0] - 1 : span[1]])


def _height(tableau: Tableau) -> float:
    """Height of a table of fixed size, from its labels alone."""
    labels = [*tableau.lignes, *([tableau.total] if tableau.total else [])]
    return BANDEAU + ENTETE + _NOTE + sum(row_height([(str(row[0]), LARGEURS[0])], MINIMUM) for row in labels)


def hauteur_graphique(tableau: Tableau) -> float:
    """Points of the chart beside a table."""
    return min(max(_height(tableau), _CHART), _TALLEST_CHART)


def _text(colonnes: Sequence[Colonne]) -> list[int]:
    """Ranks of the columns of text after the first."""
    return [rank for rank, item in enumerate(colonnes) if rank and item.nature in {Nature.TEXTE, Nature.LONG}]


def _full_width(tableau: Tableau) -> tuple[tuple[int, int], ...]:
    """The whole page: room for each number, the columns of text sharing the rest, where it is needed most."""
    count = len(tableau.colonnes)
    units = [1] * count
    text = _text(tableau.colonnes) or [count - 1]
    wanted = {rank: max((len(str(row[rank] or "")) for row in tableau.lignes), default=1) + 1 for rank in text}
    for _ in range(FIN - 1 - count):
        spans = _spans(units)
        narrow = [
            rank
            for rank, item in enumerate(tableau.colonnes)
            if largeur(spans[rank]) < max(_ROOM.get(item.nature, 0), max(map(len, item.titre.split())) + 1)
        ]
        units[narrow[0] if narrow else max(text, key=lambda rank: wanted[rank] / units[rank])] += 1
    return _spans(units)


def _spans(units: Sequence[int], column: int = 1) -> tuple[tuple[int, int], ...]:
    """Sheet columns of consecutive units; the gap between the panels goes with the column that reaches it."""
    spans = []
    for unit in units:
        first = column
        column += unit + (first <= FIN_GAUCHE + 1 < first + unit)
        spans.append((first, column - 1))
    return tuple(spans)


def modele(appel: Appel) -> list[Panneau]:
    """The tables of fixed size of a call at their places, without data."""
    day = date(appel.identite.millesime, 1, 1)
    empty = Donnees(appel=appel, operation=operation_vide(appel), tables={}, aujourdhui=day)
    return placer([tableau for tableau in tableaux(empty) if tableau.fixe], appel)


@record
class Vue:
    """A chart of one table: which columns it shows (their ranks), for its first ``lignes`` lines (0: all)."""

    genre: Genre
    titre: str
    colonnes: tuple[int, ...]
    lignes: int = 0
    pourcentages: bool = False


def vue(tableau: Tableau, appel: Appel) -> Vue | None:
    """Which chart a table deserves, if any."""
    moments, brief = len(appel.volets), len(appel.points) > 1
    classes = len(appel.sorties.classes) + 1 if appel.sorties else 0
    width = 2 if brief else 3
    rates = tuple(range(width, width * moments + 1, width))
    counted = rates if brief else tuple(range(1, width * moments, width))
    return {
        "mds": Vue(Genre.BARRES, appel.dit("Personnes entrées par {mds}"), (1,)),
        "age": Vue(Genre.COLONNES, "Personnes entrées par tranche d'âge", (1, 4)),
        "sorties_taux": Vue(
            Genre.COLONNES, "Taux de sortie et repère national", (*rates, rates[-1] + 1), pourcentages=True
        ),
        "sorties_classes": Vue(Genre.COLONNES, "Sorties par classe", counted, classes, brief),
        "heures": Vue(Genre.COLONNES, "Heures reçues et données", (1, 2)),
        "budget_postes": Vue(Genre.BARRES, "Prévu, dépensé et retenu par poste (€)", (1, 2, 3)),
        "ressources": Vue(Genre.BARRES, "Ressources prévues et réalisées (€)", (1, 2)),
    }.get(tableau.cle)
