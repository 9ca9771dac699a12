"""How fast one dossier is read, checked and written, against named peers in the same run.

Run it alone: ``python tests/bench/dossier.py``. It prints ratios; it asserts nothing.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import plausible
from python_calamine import load_workbook

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.dossier import Dossier, catalogue
from aap_xl.rows import TABLES
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing import filling

LE = plausible.LE
PARTICIPANTS = 300
REPEATS = 25
EXEMPLES = Path(__file__).parents[2] / "workbooks"


def main() -> None:
    """Print one line per comparison."""
    with tempfile.TemporaryDirectory() as folder:
        for code in ("3.3", "3.7"):
            _compare(code, Path(folder))


def _compare(code: str, folder: Path) -> None:
    appels = catalogue()
    source, cible = folder / f"{code}.xlsx", folder / f"{code} - bilan.xlsx"
    for people in (15, 60, PARTICIPANTS):
        source.write_bytes(_workbook(appels.get(code), people))
        peer = partial(_calamine, source, _sheets(code))
        _print(f"{code} lire et contrôler ({people}) / calamine", *_medians(partial(_check, source, appels), peer))
        _print(f"{code} … et faire le bilan ({people}) / calamine", *_medians(partial(_bilan, source, appels), peer))
    dossier = Dossier.lire(source, appels, LE)
    write = partial(dossier.ecrire_bilan, cible)
    _print(f"{code} écrire le bilan / openpyxl", *_medians(write, partial(_openpyxl, source, cible), repeats=7))
    exemple = next(EXEMPLES.glob(f"*-{code}-exemple.xlsx"))
    for nom, fichier in ((f"{PARTICIPANTS} personnes", source), ("exemple", exemple)):
        command = partial(_run, "-m", "aap_xl", "controler", str(fichier), "--date", f"{LE:%d/%m/%Y}")
        imports = partial(_run, "-c", "import pydantic, python_calamine, lxml")
        _print(f"{code} aap-xl controler ({nom}) / imports", *_medians(command, imports))


def _check(source: Path, appels: Catalogue) -> None:
    _ = Dossier.lire(source, appels, LE).anomalies


def _bilan(source: Path, appels: Catalogue) -> None:
    dossier = Dossier.lire(source, appels, LE)
    _ = dossier.anomalies, dossier.tableaux


def _workbook(appel: Appel, people: int) -> bytes:
    blank = build(appel, {}, aujourdhui=LE)
    tables = plausible.tables(appel, people)
    return filling.remplir(blank, plausible.operation(appel), tables, appel)


def _sheets(code: str) -> list[str]:
    return ["Opération", *(TABLES[t].feuille for t in catalogue().get(code).classeur.tables)]


def _calamine(source: Path, feuilles: list[str]) -> None:
    workbook = load_workbook(source)
    for nom in feuilles:
        workbook.get_sheet_by_name(nom).to_python(skip_empty_area=False)


def _openpyxl(source: Path, cible: Path) -> None:
    openpyxl.load_workbook(source).save(cible)


def _run(*args: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *args], check=False, capture_output=True, env=env)


def _medians(ours: Callable[[], object], peer: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Median seconds of each, taken in turn so that both meet the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for kept, run in zip(times, (ours, peer), strict=True):
            start = time.perf_counter()
            run()
            kept.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def _print(what: str, ours: float, peer: float) -> None:
    print(f"{what:50} {ours * 1000:8.1f} ms {peer * 1000:8.1f} ms   × {ours / peer:.2f}")


if __name__ == "__main__":
    main()
