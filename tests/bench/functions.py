"""A whole column in one call against one call per cell, in the same run, through xlwings' own conversion.

Run it alone: ``python tests/bench/functions.py``. It prints ratios; it asserts nothing. Windows is a stand-in: what one
call costs between Excel and Python comes on top, once per call.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
import xlwings_windows

SIZES = (1_000, 10_000)
REPEATS = 5
CDD = "CDD (hors contrat aidé)"
LINES: list[list[Any]] = [
    ["CDI", datetime(2025, 3, 1), None],  # noqa: DTZ001 - a sheet has no time zone
    [CDD, datetime(2025, 3, 1), datetime(2025, 8, 31)],  # noqa: DTZ001
    [CDD, "01/03/2025", "30 août 2025"],
    ["Formation qualifiante", None, None],
    [None, None, None],
]


def main() -> None:
    """Print one line per number of rows."""
    xlwings_windows.install()
    for size in SIZES:
        lines = [LINES[rank % len(LINES)] for rank in range(size)]
        whole = _seconds(partial(_whole, lines), REPEATS)
        cells = _seconds(partial(_by_cell, lines), 2)
        told = f"{whole * 1000:.0f} ms en un appel, {cells / whole:.0f} fois plus en un appel par cellule"
        print(f"AAP_CLASSE_SORTIE, {size} lignes : {told}")


def _whole(lines: list[list[Any]]) -> None:
    columns = [[[line[rank]] for line in lines] for rank in range(3)]
    xlwings_windows.call("AAP_CLASSE_SORTIE", ["3.3", *columns])


def _by_cell(lines: list[list[Any]]) -> None:
    for line in lines:
        xlwings_windows.call("AAP_CLASSE_SORTIE", ["3.3", *([[cell]] for cell in line)])


def _seconds(function: Callable[[], None], repeats: int) -> float:
    """The fastest of a few runs, in time of the processor."""
    found = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        found.append(time.process_time() - start)
    return min(found)


if __name__ == "__main__":
    main()
