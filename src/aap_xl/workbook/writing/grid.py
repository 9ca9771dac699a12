"""What a sheet of ours is to hold: cells, widths, heights, links, pages."""

import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from math import ceil
from typing import Any

from aap_xl.cells import a1
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.ooxml.values import Valeur
from aap_xl.workbook.styles import ENCRE, POLICE

LINE = 13.0
"""Points per line of 10-point text."""
PADDING = 4.0
MAX_HEIGHT = 400.0
"""Points; a spreadsheet stops at 409."""
PAGE_WIDTH, PAGE_HEIGHT = 780.0, 508.0
"""Points that A4 landscape leaves between our margins, less what rounding takes."""
_PIXEL = 0.75
"""Points; Excel gives a row a whole number of pixels."""
MARGIN = 0.7109375
"""What a file adds to a width in characters: five pixels of margin."""
_LIBREOFFICE = 5.72
"""Points that LibreOffice gives to one unit of a stored width, measured."""
_CHARACTERS, _CHARACTERS_WIDE, _WIDE = 1.1, 1.18, 60
"""Characters of 10-point Arial in one unit of column width; more in a wide column, where words break less."""


def plain(color: str) -> str:
    """``#1B4F72`` → ``1B4F72``."""
    return color.removeprefix("#").upper()


@cache
def style(**options: Any) -> Style:
    """A style in the workbook's own font and ink."""
    return Style(**{"font": POLICE["font_name"], "size": POLICE["font_size"], "color": plain(ENCRE)} | options)


@cache
def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width, wrapped between words."""
    room = _room(width)
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(len(textwrap.wrap(part, room)), 1) for part in text.split("\n"))


def _room(width: float) -> int:
    """Characters on a line."""
    return max(int(width * (_CHARACTERS if width < _WIDE else _CHARACTERS_WIDE)), 4)


def row_height(texts: Sequence[tuple[str, float]], minimum: float = LINE + PADDING) -> float:
    """The height in points that shows every text of a row, each in its width."""
    needed = max((lines(text, width) for text, width in texts), default=1) * LINE + PADDING
    return min(max(needed, minimum), MAX_HEIGHT)


def chunks(text: str, width: float) -> list[str]:
    """A long text cut, between lines, into pieces that each fit in one row."""
    room, limit = _room(width), int((MAX_HEIGHT - PADDING) // LINE) - 1
    pieces: list[list[str]] = [[]]
    used = 0
    for paragraph in text.split("\n"):
        for line in _blocks(paragraph, room, limit):
            size = lines(line, width)
            if used + size > limit:
                pieces.append([])
                used = 0
            pieces[-1].append(line)
            used += size
    return ["\n".join(piece) for piece in pieces]


def _blocks(paragraph: str, room: int, limit: int) -> list[str]:
    """A paragraph whole, or cut between words when it is longer than a row can show."""
    wrapped = textwrap.wrap(paragraph, room) or [""]
    if len(wrapped) <= limit:
        return [paragraph]
    return [" ".join(wrapped[start : start + limit]) for start in range(0, len(wrapped), limit)]


def printed(height: float) -> float:
    """The height of a row on paper, in the spreadsheet that makes it tallest."""
    return ceil(height / _PIXEL) * _PIXEL


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
        self._cells: dict[int, dict[int, tuple[Valeur, Style]]] = {}
        self._merges: list[str] = []
        self._links: list[tuple[str, str]] = []

    def put(self, row: int, column: int, value: Valeur, look: Style, *, until: int = 0) -> None:
        """Write a value, over several columns when ``until`` is further right."""
        cells = self._cells.setdefault(row, {})
        for other in range(column, max(column, until) + 1):
            cells[other] = (None, look)
        cells[column] = (value, look)
        if until > column:
            self._merges.append(f"{a1(row, column)}:{a1(row, until)}")

    def cells(self) -> Iterator[tuple[int, int, Valeur, Style]]:
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

    def break_after(self, row: int) -> None:
        """Start a new printed page after a row."""
        self.breaks.append(row)

    @property
    def scale(self) -> int:
        """Percentage at which the columns fill the width of a printed page, at most 100."""
        excel = sum((width * 7 + 5) * 0.75 for width in self.widths)
        libreoffice = sum(width + MARGIN for width in self.widths) * _LIBREOFFICE
        return min(100, int(PAGE_WIDTH / max(excel, libreoffice) * 100))
