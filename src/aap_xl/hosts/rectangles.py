"""Cells as few rectangles: a host takes a rectangle of any size at once."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from aap_xl.cells import Zone, column_index
from aap_xl.workbook.paper.grid import Grid
from aap_xl.workbook.reading.marks import Place

_CORNER = re.compile(r"([A-Z]+)(\d+)")


def fusionnes(grid: Grid) -> list[Zone]:
    """The merged cells, those of the same columns on neighbouring rows together."""
    zones: list[Zone] = []
    for ref in sorted(map(_zone, grid.merges), key=lambda zone: (zone[1], zone[3], zone[0])):
        last = zones[-1] if zones else (0, 0, 0, 0)
        if (last[1], last[3]) == (ref[1], ref[3]) and ref[0] == last[2] + 1:
            zones[-1] = (*last[:2], *ref[2:])
        else:
            zones.append(ref)
    return zones


def _zone(ref: str) -> Zone:
    """``A4:H4`` → its first and last rows and columns."""
    (left, top), (right, bottom) = _CORNER.findall(ref)
    return int(top), column_index(left), int(bottom), column_index(right)


def rectangles(places: set[Place]) -> list[Zone]:
    """Cells as few rectangles: runs of a row, then neighbouring rows of the same runs."""
    runs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, column in sorted(places):
        if (row, column - 1) in places:
            continue
        end = column
        while (row, end + 1) in places:
            end += 1
        runs[column, end].append(row)
    return [(top, left, bottom, right) for (left, right), rows in runs.items() for top, bottom in consecutifs(rows)]


def consecutifs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of whole numbers, given in order."""
    if not rows:
        return
    first = last = rows[0]
    for row in rows[1:]:
        if row > last + 1:
            yield first, last
            first = row
        last = row
    yield first, last
