"""« Contrôle », « Bilan » and the marks of an open workbook: the very cells that are written in a file.

A host that replays everything (``entier``) gets them as they are in the file, printed pages included. For Excel through
xlwings a table's lines have one look, pages don't end, and a macro of the add-in marks the cells.
"""

from collections.abc import Iterator, Sequence

from aap_xl.anomalies import Anomalie
from aap_xl.domain.bilan import Tableau
from aap_xl.domain.data import Donnees
from aap_xl.hosts.drawing import Bande, Condition, dessiner
from aap_xl.hosts.gestures import Gesture, Mark, OnSheet, Protect, Say, Show, Unmark
from aap_xl.hosts.snapshot import Snapshot
from aap_xl.rows import Operation
from aap_xl.workbook.layout import BILAN, CONTROLE, SYNTHESES, tables
from aap_xl.workbook.paper.grid import Grid, plain
from aap_xl.workbook.writing.bilan_layout import Panneau, placer
from aap_xl.workbook.writing.bilan_sheet import bilan
from aap_xl.workbook.writing.controle_sheet import COULEURS, ENTETES, controle, listees
from aap_xl.workbook.writing.highlights import by_sheet, signed, zones

LISTED_MAX = 2_000
"""Anomalies that « Contrôle » lists in an open workbook, and cells that are marked: nobody corrects more in one go."""


def ecrire_controle(
    feuilles: Snapshot, donnees: Donnees, anomalies: Sequence[Anomalie], *, entier: bool
) -> Iterator[Gesture]:
    """Fill « Contrôle », with the first `LISTED_MAX` anomalies, the gravest before the others."""
    listed = listees(anomalies, LISTED_MAX)
    grid = controle(donnees, anomalies, feuilles.cellules, listed)
    lines = Bande(ENTETES + 1, ENTETES + len(listed), ajuster=True)
    uniform = bool(listed) and not entier
    conditions = _severities(grid, lines) if uniform else []
    yield from dessiner(CONTROLE, grid, feuilles.cellules, [lines] if uniform else [], conditions)


def ecrire_bilan(
    feuilles: Snapshot,
    donnees: Donnees,
    anomalies: Sequence[Anomalie],
    tableaux: Sequence[Tableau],
    *,
    entier: bool,
) -> Iterator[Gesture]:
    """Fill « Bilan »."""
    blocs = () if entier else placer(tableaux, donnees.appel)
    bandes = [Bande(bloc.premiere, bloc.premiere + len(bloc.tableau.lignes) - 1) for bloc in blocs if _alike(bloc)]
    yield from dessiner(BILAN, bilan(donnees, anomalies, tableaux, pages=entier), feuilles.cellules, bandes)


def marquer(feuilles: Snapshot, donnees: Donnees, anomalies: Sequence[Anomalie]) -> Iterator[Gesture]:
    """Mark each cell with its gravest anomaly, and take away the marks of cells since corrected."""
    wanted = by_sheet(listees(anomalies, LISTED_MAX))
    markable = {table.feuille for table in tables(donnees.appel).values()} | {Operation.feuille, *SYNTHESES, *wanted}
    for feuille in feuilles.noms:
        if feuille not in markable or feuille in (CONTROLE, BILAN):
            continue
        yield Unmark(feuille)
        for gravite, addresses in wanted.get(feuille, {}).items():
            background, ink = map(plain, COULEURS[gravite])
            yield Mark(feuille, tuple(zones(addresses)), signed(gravite), background, ink)


def deproteges(feuilles: Snapshot, gestures: Sequence[Gesture]) -> list[Gesture]:
    """The same, the protection of the sheets they change lifted first and given back before anything is shown."""
    told = [item for item in gestures if isinstance(item, (Show, Say))]
    done = [item for item in gestures if not isinstance(item, (Show, Say))]
    changed = dict.fromkeys(item.sheet for item in done if isinstance(item, OnSheet))
    locked = [nom for nom in changed if nom in feuilles.sheets and feuilles.sheets[nom].locked]
    return [*(Protect(nom, False) for nom in locked), *done, *(Protect(nom, True) for nom in locked), *told]


def _alike(bloc: Panneau) -> bool:
    """Whether a table has any number of lines, each on one row."""
    return not bloc.tableau.fixe and bool(bloc.tableau.lignes) and bloc.uni


def _severities(grid: Grid, bande: Bande) -> list[Condition]:
    """Each severity's colours, for the whole first column at once."""
    looks = {str(value): look for row, column, value, look in grid.cells() if column == 1 and row > ENTETES}
    return [Condition(1, bande, text, look.fill, look.color) for text, look in looks.items()]
