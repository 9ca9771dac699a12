"""python-calamine reading the tables of many workbooks, and nothing else: what `consolidation.py` compares with.

``python tests/bench/calamine_seul.py FOLDER PROCESSES``. Its workers import nothing more than it does.
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from python_calamine import load_workbook

AILLEURS = frozenset({"Mode d'emploi", "Budget", "Tableau de bord", "Contrôle", "Bilan", "Listes"})
"""Sheets without a table to read."""
_LOT = 10


def lire(chemins: list[Path]) -> int:
    """Every table of some workbooks, as lists of lists; how many lines."""
    lines = 0
    for path in chemins:
        workbook = load_workbook(path)
        for nom in workbook.sheet_names:
            if nom not in AILLEURS:
                lines += len(workbook.get_sheet_by_name(nom).to_python(skip_empty_area=False))
    return lines


def main() -> None:
    """Read a folder in batches."""
    paths = sorted(Path(sys.argv[1]).rglob("*.xlsx"))
    batches = [paths[rank : rank + _LOT] for rank in range(0, len(paths), _LOT)]
    with ProcessPoolExecutor(int(sys.argv[2]), multiprocessing.get_context("spawn")) as pool:
        sum(pool.map(lire, batches))


if __name__ == "__main__":
    main()
