"""The sheet « Synthèse » from top to bottom: sentences, tables, where its pages end."""

from aap_xl.domain.tableau import Tableau
from aap_xl.workbook.paper import page
from aap_xl.workbook.paper.grid import Grid, style
from aap_xl.workbook.paper.table import Bloc, Sizes, draw, heights

NOM = "Synthèse"
LARGEURS = (16, 38, *(14.5,) * 10)
ECHELLE = page.scale(LARGEURS)
"""A fixed scale: page breaks are ignored when a sheet is fitted."""
_LIGNE = 15.0
_SIZES = Sizes(band=20, header=30, line=_LIGNE, cents=False)
PAGE = page.room(ECHELLE) - sum(page.TITLES.values()) - _LIGNE
"""Points that a printed page leaves to tables, under the rows that it repeats."""


class Redacteur:
    """Writes one thing under the other.

    Attributes: ligne: the first free row, from 1.
    """

    def __init__(self, ligne: int) -> None:
        self.grid, self.ligne = Grid(LARGEURS), ligne
        self.grid.paged = True
        self._prises = 0.0

    def tableau(self, tableau: Tableau) -> Bloc:
        """Write one table; on the next page if it would be cut on this one."""
        spans = tuple((rank, rank) for rank, _ in enumerate(tableau.colonnes, 1))
        bloc = Bloc(tableau, self.ligne, spans, len(LARGEURS), NOM)
        height = heights(self.grid, bloc, _SIZES).whole
        if self._prises + height > PAGE >= height:
            self.saut()
        self._prises = (self._prises + height) % PAGE + _LIGNE
        self.ligne = draw(self.grid, bloc, _SIZES) + 1
        return bloc

    def saut(self) -> None:
        """What comes next begins a printed page."""
        self.grid.break_after(self.ligne - 1)
        self._prises = 0.0

    def phrase(self, texte: str) -> None:
        """A line of text by itself."""
        self.grid.put(self.ligne, 1, texte, style())
        self.passer()

    def passer(self) -> None:
        """Leave a row."""
        self.ligne += 1
        self._prises += _LIGNE
