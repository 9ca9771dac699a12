"""What a sheet of ours is to hold: cells, widths, heights, links, pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from aap_xl.cells import a1
from aap_xl.domain.tableau import Formule
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.ooxml.values import Valeur
from aap_xl.workbook.paper import page
from aap_xl.workbook.paper.measure import LINE, PADDING, printed
from aap_xl.workbook.paper.styles import ACCENT, ENCRE, GRIS, POLICE, Format

Cell = Valeur | Formule
"""What a cell holds."""


def plain(color: str) -> str:
    """``#1B4F72`` → ``1B4F72``."""
    return color.removeprefix("#").upper()


@cache
def style(**options: object) -> Style:
    """A style in the workbook's own font and ink."""
    return Style(**{"font": POLICE["font_name"], "size": POLICE["font_size"], "color": plain(ENCRE)} | options)


def tint(look: Format) -> dict[str, str]:
    """The ground and the ink of what calls for attention."""
    return {"fill": plain(look["bg_color"]), "color": plain(look["font_color"])}


TITLE = style(bold=True, size=16, color=plain(ACCENT))
HELP = style(italic=True, size=9, color=plain(GRIS))


class Grid:
    """What a sheet is to hold; rows and columns count from 1, widths in characters, heights in points.

    Attributes: breaks: rows that end a printed page; paged: whether it is printed at the scale for which they were
                found.
    """

    def __init__(self, widths: Sequence[float]) -> None:
        self.widths = tuple(widths)
        self.heights: dict[int, float] = {}
        self.breaks: list[int] = []
        self.paged = False
        self._cells: dict[int, dict[int, tuple[Cell, Style]]] = {}
        self._merges: list[str] = []
        self._links: list[tuple[str, str]] = []

    def put(self, row: int, column: int, value: Cell, look: Style, *, until: int = 0, down: int = 0) -> None:
        """Write a value, over several cells when ``until`` is further right, or ``down`` further down."""
        until, down = max(column, until), max(row, down)
        for below in range(row, down + 1):
            cells = self._cells.setdefault(below, {})
            for other in range(column, until + 1):
                cells[other] = (None, look)
        self._cells[row][column] = (value, look)
        if (until, down) != (column, row):
            self._merges.append(f"{a1(row, column)}:{a1(down, until)}")

    def restyle(self, row: int, column: int, **options: Any) -> None:
        """Change some properties of how a cell looks."""
        value, look = self._cells[row][column]
        self._cells[row][column] = value, replace(look, **options)

    def blank(self, kept: Callable[[Cell], bool]) -> None:
        """Empty every cell but those whose value is to be kept."""
        for cells in self._cells.values():
            for column, (value, look) in cells.items():
                if not kept(value):
                    cells[column] = (None, look)

    def cells(self) -> Iterator[tuple[int, int, Cell, Style]]:
        """What was written: row, column, value, look."""
        return (
            (row, column, value, look)
            for row, cells in sorted(self._cells.items())
            for column, (value, look) in sorted(cells.items())
        )

    @property
    def merges(self) -> Sequence[str]:
        """The merged ranges."""
        return self._merges

    def link(self, row: int, column: int, location: str) -> None:
        """Make a cell lead to another place of the workbook."""
        self._links.append((a1(row, column), location))

    @property
    def links(self) -> Sequence[tuple[str, str]]:
        """The cells that lead somewhere, and where."""
        return self._links

    def width(self, column: int, until: int = 0) -> float:
        """Width of one column, or of several together."""
        return sum(self.widths[column - 1 : max(column, until)])

    def height(self, first: int, last: int) -> float:
        """Points on paper of some rows, both included."""
        return sum(printed(self.heights.get(row, LINE + PADDING)) for row in range(first, last + 1))

    def at_least(self, row: int, height: float) -> None:
        """Make a row that tall, if it is not taller: two tables side by side share their rows' heights."""
        self.heights[row] = max(self.heights.get(row, 0.0), height)

    def break_after(self, row: int) -> None:
        """Start a new printed page after a row."""
        self.breaks.append(row)

    @property
    def scale(self) -> int:
        """Percentage at which the columns fill the width of a printed page, at most 100."""
        return page.scale(self.widths)
