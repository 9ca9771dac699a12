"""What whole commands cost in processor time, their children included, against named peers in the same run.

Run it alone: ``python tests/bench/commandes.py``. It prints ratios, the best of several runs; it asserts nothing. The
script that people write is a process of its own: glob, `pandas.read_excel` with calamine, concat.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

from dossier import EXEMPLES, sheets_read, workbook

from aap_xl.dossier import catalogue
from aap_xl.workbook.template import prepared
from aap_xl.workbook.template.build import build

TROIS = ("Opération", "Participants", "Dépenses")
SCRIPT = """
import glob, sys
import pandas as pd
folder, *sheets = sys.argv[1:]
for sheet in sheets:
    frames = [pd.read_excel(f, sheet_name=sheet, engine="calamine", header=None) for f in glob.glob(folder + "/*.xlsx")]
    pd.concat(frames).to_csv(folder + "/" + sheet + ".csv")
"""
CLASSEURS = {1: 5, 60: 2, 500: 1}
"""How many files, how many runs."""


def main() -> None:
    """Print one line per comparison."""
    exemple = next(EXEMPLES.glob("*-3.3-exemple.xlsx"))
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        _print("controler (exemple) / import openpyxl", *_best(_ours("controler", exemple), _python("import openpyxl")))
        blank = home / "vierge.xlsx"
        new = _ours("nouveau", "3.3", blank, "--porteur", "Exemple", "--forcer")
        new()
        _print("nouveau / controler du vierge", *_best(new, _ours("controler", blank)))
        _package()
        for count, runs in CLASSEURS.items():
            _consolidate(_folder(home / str(count), count), runs)


def _package() -> None:
    appel, day = catalogue().get("3.3"), date(2025, 9, 1)

    def timed(make: Callable[[], object]) -> Callable[[], float]:
        def run() -> float:
            start = time.process_time()
            make()
            return time.process_time() - start

        return run

    identity = {"porteur": "Exemple"}
    kept = timed(lambda: prepared.new(appel, identity, aujourdhui=day))
    built = timed(lambda: build(appel, identity, aujourdhui=day))
    kept()
    _print("classeur préparé / construit par XlsxWriter", *_best(kept, built))


def _folder(folder: Path, count: int) -> Path:
    folder.mkdir()
    appel = catalogue().get("3.3")
    models = {people: workbook(appel, people) for people in (15, 60, 300)}
    for rank in range(count):
        path = folder / f"{rank}.xlsx"
        path.write_bytes(models[(15, 15, 60, 15, 300)[rank % 5]])
        with ZipFile(path, "a") as package:
            package.comment = str(rank).encode()
    return folder


def _consolidate(folder: Path, runs: int) -> None:
    ours = _ours("consolider", folder, "-o", folder / "sortie", "--silencieux")

    def again() -> float:
        subprocess.run(["rm", "-rf", str(folder / "sortie")], check=True)
        return ours()

    count = len(list(folder.glob("*.xlsx")))
    every = sheets_read("3.3")
    for what, sheets in (("trois feuilles", TROIS), ("toutes nos tables", every)):
        script = _python(SCRIPT, folder, *sheets)
        _print(f"consolider {count} / script, {what}", *_best(again, script, runs))


def _ours(*words: object) -> Callable[[], float]:
    return _process("-m", "aap_xl", *map(str, words))


def _python(code: str, *words: object) -> Callable[[], float]:
    return _process("-c", code, *map(str, words))


def _process(*words: str) -> Callable[[], float]:
    """A run of Python; the processor seconds of its whole tree."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], check=False, capture_output=True, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return run


def _best(ours: Callable[[], float], peer: Callable[[], float], runs: int = 15) -> tuple[float, float]:
    """The least processor seconds of each, taken in turn so that both meet the same machine."""
    times = [(ours(), peer()) for _ in range(runs)]
    return min(mine for mine, _ in times), min(theirs for _, theirs in times)


def _print(what: str, ours: float, peer: float) -> None:
    print(f"{what:55} {ours * 1000:9.1f} ms {peer * 1000:9.1f} ms   × {ours / peer:.3f}", flush=True)


if __name__ == "__main__":
    main()
