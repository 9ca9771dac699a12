"""Where the printed pages of the bilan end.

Tables of fixed size stay where the charts expect them, and are never cut: a page ends before the one that does not fit.
The others are cut between two lines when they are long, and go on under their title and their headers.
"""

from collections.abc import Iterator

from aap_xl.records import replace
from aap_xl.workbook.paper import page
from aap_xl.workbook.paper.grid import Grid
from aap_xl.workbook.paper.measure import printed
from aap_xl.workbook.paper.table import draw, heights
from aap_xl.workbook.writing.bilan_layout import INTERLIGNE, MINIMUM, Panneau

SUITE = " (suite)"
"""What follows the title of a table that began on the page before."""
_GAP = printed(MINIMUM)
_TOGETHER = 2
"""Lines that a cut leaves on either side, at least."""
_SHORT = 1 / 3
"""Share of a page under which a table is not cut."""


def ecrire(grid: Grid, panneau: Panneau) -> None:
    """Write a table at its place, and the blank rows that follow it."""
    for blank in range(draw(grid, panneau, panneau.sizes), panneau.suivante):
        last = blank == panneau.suivante - 1
        grid.at_least(blank, MINIMUM if last or panneau.illustre else INTERLIGNE)


class Pages:
    """The pages of a sheet, filled from top to bottom."""

    def __init__(self, grid: Grid, ligne: int) -> None:
        """Args: ligne: the first row after those already written."""
        self._grid = grid
        self._room = page.room(grid.scale)
        self._used = grid.height(1, ligne - 1)
        self._gap = 0.0

    def garder(self, ligne: int, hauteur: float) -> None:
        """Keep together what begins on a row, after the blank row that ends what comes before."""
        if self._used + self._gap + hauteur > self._room:
            self._tourner(ligne)
        self._used = self._used + self._gap + hauteur
        if self._used > self._room:
            self._used %= self._room
        self._gap = _GAP

    def derouler(self, bloc: Panneau) -> int:
        """Write a table, cut where pages end.

        Returns: the first row after it and its blank row.
        """
        for part in self._parts(bloc):
            ecrire(self._grid, part)
            bloc = part
        return bloc.suivante

    def _parts(self, rest: Panneau) -> Iterator[Panneau]:
        """A table cut into pages, each part at its place."""
        while True:
            sizes = heights(self._grid, rest, rest.sizes)
            left = self._room - self._used - self._gap
            count = _fitting(left - sizes.head, sizes.lines)
            if sizes.whole <= left or (not self._used and len(rest.tableau.lignes) <= 1):
                self.garder(rest.ligne, sizes.whole)
                yield replace(rest, suivante=rest.reserve)
                return
            count = min(count, len(rest.tableau.lignes) - _TOGETHER)
            if self._used and (count < _TOGETHER or sizes.whole <= self._room * _SHORT):
                self._tourner(rest.ligne)
                continue
            begun, rest = _cut(rest, max(count, 1))
            yield begun
            self._grid.break_after(rest.ligne - 1)
            self._used = self._gap = 0.0

    def _tourner(self, ligne: int) -> None:
        """End the page before a row; before the blank row above it if even that one does not fit."""
        if not self._used:
            return
        if self._used + self._gap <= self._room:
            self._grid.break_after(ligne - 1)
            self._gap = 0.0
        else:
            self._grid.break_after(ligne - 2)
        self._used = 0.0


def _fitting(room: float, sizes: tuple[float, ...]) -> int:
    """How many lines fit."""
    count = 0
    for size in sizes:
        room -= size
        if room < 0:
            break
        count += 1
    return count


def _cut(bloc: Panneau, count: int) -> tuple[Panneau, Panneau]:
    """The first lines of a table, without total nor note; and the others, under the same headers."""
    tableau = bloc.tableau
    begun = replace(tableau, lignes=tableau.lignes[:count], total=None, note="")
    after = bloc.premiere + count
    titre = tableau.titre if tableau.titre.endswith(SUITE) else tableau.titre + SUITE
    rest = replace(tableau, titre=titre, lignes=tableau.lignes[count:])
    return (
        replace(bloc, tableau=begun, suivante=after),
        replace(bloc, tableau=rest, ligne=after),
    )
