"""How tall a text is, wrapped in a cell: one measure for every sheet."""

import textwrap
from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from aap_xl.workbook.paper.page import PIXEL

SIZE = 10.0
"""Points of the usual text."""
LINE = 13.0
"""Points per line of 10-point text."""
PADDING = 4.0
MAX_HEIGHT = 400.0
"""Points; a spreadsheet stops at 409."""
_CHARACTERS, _CHARACTERS_WIDE, _WIDE = 1.1, 1.18, 60
"""Characters of 10-point Arial in one unit of column width; more in a wide column, where words break less."""


@lru_cache(maxsize=16_384)
def lines(text: str, width: float, size: float = SIZE) -> int:
    """How many lines a text takes in a column of that width, wrapped between words."""
    room = characters(width, size)
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(len(textwrap.wrap(part, room)), 1) for part in text.split("\n"))


def characters(width: float, size: float = SIZE) -> int:
    """Characters of a text that fit on one line of a column of that width."""
    ratio = _CHARACTERS if width < _WIDE else _CHARACTERS_WIDE
    return max(int(width * ratio * SIZE / size), 4)


def row_height(texts: Sequence[tuple[str, float]], minimum: float = LINE + PADDING, *, size: float = SIZE) -> float:
    """The height in points that shows every text of a row, each in its width; one line takes the minimum."""
    count = max((lines(text, width, size) for text, width in texts), default=1)
    return minimum if count == 1 else min(max(count * LINE * size / SIZE + PADDING, minimum), MAX_HEIGHT)


def chunks(text: str, width: float) -> list[str]:
    """A long text cut, between lines, into pieces that each fit in one row."""
    room, limit = characters(width), int((MAX_HEIGHT - PADDING) // LINE) - 1
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
    return ceil(height / PIXEL) * PIXEL
