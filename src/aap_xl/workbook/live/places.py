"""Where the cells of a range are: which are merged, which rows do not show."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from aap_xl.cells import Zone

if TYPE_CHECKING:
    from xlwings import Range

_MERGED_MAX = 512
"""Questions asked to find merged cells; there are none in the tables of our workbooks."""


def aire(used: "Range") -> int:
    """How many cells from the sheet's first one to the range's last one."""
    rows, columns = used.shape
    return (used.row + rows - 1) * (used.column + columns - 1)


def zone_de(found: "Range") -> Zone:
    """First and last row and column."""
    rows, columns = found.shape
    return found.row, found.column, found.row + rows - 1, found.column + columns - 1


def masquees(used: "Range") -> set[int]:
    """The rows that do not show; none where Excel refuses to say, as on a protected sheet."""
    shown: set[int] = set()
    with suppress(Exception):
        for area in cast("list[Range]", used.get_special_cells("visible")):
            top, _, bottom, _ = zone_de(area)
            shown.update(range(top, bottom + 1))
    top, _, bottom, _ = zone_de(used)
    return set(range(top, bottom + 1)) - shown if shown else set()


def fusions(used: "Range") -> Iterator[Zone]:
    """The merged ranges, found by halves: one question when there is none."""
    seen: set[Zone] = set()
    waiting = [used]
    for _ in range(_MERGED_MAX):
        if not waiting:
            return
        part = waiting.pop()
        merged = part.merge_cells
        if merged is False:
            continue
        rows, columns = part.shape
        if merged is True or rows * columns == 1:
            zone = zone_de(part[0, 0].merge_area)
            top, left, bottom, right = zone
            if zone not in seen:
                seen.add(zone)
                yield zone
            whole = zone_de(part)
            if top <= whole[0] and left <= whole[1] and bottom >= whole[2] and right >= whole[3]:
                continue
        if rows >= columns:
            waiting += [part[: rows // 2, :], part[rows // 2 :, :]]
        else:
            waiting += [part[:, : columns // 2], part[:, columns // 2 :]]
