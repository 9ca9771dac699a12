"""What whole commands cost in processor time, their children included, against named peers in the same run.

Run it alone: ``python tests/bench/commandes.py``. It prints ratios, the best of several runs; it asserts nothing.
`consolider` has its own, beside: ``consolidation.py``.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from dossier import EXEMPLES
from processes import Cost, best, python, tell

from aap_xl.dossier import catalogue
from aap_xl.workbook.template import prepared
from aap_xl.workbook.template.build import build


def main() -> None:
    """Print one line per comparison."""
    exemple = next(EXEMPLES.glob("*-3.3-exemple.xlsx"))
    with tempfile.TemporaryDirectory() as temporary:
        tell(
            "controler (exemple) / import openpyxl", *best(_ours("controler", exemple), python("-c", "import openpyxl"))
        )
        blank = Path(temporary) / "vierge.xlsx"
        new = _ours("nouveau", "3.3", blank, "--porteur", "Exemple", "--forcer")
        new()
        tell("nouveau / controler du vierge", *best(new, _ours("controler", blank)))
        _package()


def _ours(*words: object) -> Callable[[], Cost]:
    return python("-m", "aap_xl", *words)


def _package() -> None:
    appel, day = catalogue().get("3.3"), date(2025, 9, 1)

    def timed(make: Callable[[], object]) -> Callable[[], Cost]:
        def run() -> Cost:
            start = time.process_time()
            make()
            return Cost(time.process_time() - start, 0)

        return run

    identity = {"porteur": "Exemple"}
    kept = timed(lambda: prepared.new(appel, identity, aujourdhui=day))
    built = timed(lambda: build(appel, identity, aujourdhui=day))
    kept()
    tell("classeur préparé / construit par XlsxWriter", *best(kept, built))


if __name__ == "__main__":
    main()
