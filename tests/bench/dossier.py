"""What reading and checking one dossier costs in processor time, against others merely reading it, in the same run.

Run it alone: ``python tests/bench/dossier.py``. It prints ratios, of our files and of what LibreOffice makes of them
where it is installed (``soffice``); it asserts nothing.

The peers read every sheet that we read, and check nothing: calamine, and fastexcel and polars where they are installed
by hand (``pip install fastexcel polars``), for they are no dependencies of this project. All is done in this process,
and the time of its threads is counted.
"""

import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

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
            source = Path(folder) / "source"
            source.mkdir(exist_ok=True)
            _compare(code, source)


def _compare(code: str, folder: Path) -> None:
    appels = catalogue()
    source = folder / f"{code}.xlsx"
    for people in (15, 60, PARTICIPANTS):
        source.write_bytes(workbook(appels.get(code), people))
        for whose, place in (("aap_xl", folder), ("LibreOffice", saved_again(source))):
            if place is not None:
                fichier = place / source.name
                ours = {
                    "lire": partial(_read, fichier, appels),
                    "… et contrôler": partial(_check, fichier, appels),
                    "… et faire le bilan": partial(_bilan, fichier, appels),
                }
                theirs = {name: partial(peer, fichier, sheets_read(code)) for name, peer in _peers().items()}
                print(f"{code} {people} personnes, {whose}")
                _print(ours.keys(), _best({**ours, **theirs}))


def saved_again(*sources: Path) -> Path | None:
    """The folder, beside some files, of what LibreOffice makes of them."""
    office = shutil.which("soffice")
    if office is None:
        return None
    home = sources[0].parent.parent
    folder = home / "resaved"
    words = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder), *map(str, sources)]
    subprocess.run(
        [office, f"-env:UserInstallation={(home / 'profile').as_uri()}", *words],
        check=True,
        capture_output=True,
    )
    return folder


def _read(source: Path, appels: Catalogue) -> None:
    Dossier.lire(source, appels, LE)


def _check(source: Path, appels: Catalogue) -> None:
    _ = Dossier.lire(source, appels, LE).anomalies


def _bilan(source: Path, appels: Catalogue) -> None:
    dossier = Dossier.lire(source, appels, LE)
    _ = dossier.anomalies, dossier.tableaux


def workbook(appel: Appel, people: int, **operation: object) -> bytes:
    tables = plausible.tables(appel, people)
    return filling.remplir(_blank(appel), plausible.operation(appel) | operation, tables, appel)


@cache
def _blank(appel: Appel) -> bytes:
    return build(appel, {}, aujourdhui=LE)


def sheets_read(code: str) -> list[str]:
    return ["Opération", *(TABLES[t].feuille for t in catalogue().get(code).classeur.tables)]


def _peers() -> dict[str, Callable[[Path, list[str]], None]]:
    """Those that are installed, by name."""
    peers = {"calamine": _calamine, "fastexcel": _fastexcel, "polars": _polars}
    return {name: peer for name, peer in peers.items() if name == "calamine" or find_spec(name)}


def _calamine(source: Path, feuilles: list[str]) -> None:
    workbook = load_workbook(source)
    for nom in feuilles:
        workbook.get_sheet_by_name(nom).to_python(skip_empty_area=False)


def _fastexcel(source: Path, feuilles: list[str]) -> None:
    book = import_module("fastexcel").read_excel(source)
    for nom in feuilles:
        book.load_sheet(nom, header_row=None, dtypes="string")


def _polars(source: Path, feuilles: list[str]) -> None:
    import_module("polars").read_excel(source, sheet_name=feuilles, has_header=False, infer_schema_length=0)


def _best(runs: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The least processor seconds of each, taken in turn so that all meet the same machine."""
    found = dict.fromkeys(runs, math.inf)
    for _ in range(REPEATS):
        for name, run in runs.items():
            start = time.process_time()
            run()
            found[name] = min(found[name], time.process_time() - start)
    return found


def _print(ours: Collection[str], costs: Mapping[str, float]) -> None:
    theirs = {name: cost for name, cost in costs.items() if name not in ours}
    for name in ours:
        ratios = "".join(f"   × {costs[name] / cost:5.2f} {peer}" for peer, cost in theirs.items())
        print(f"    {name:22}{costs[name] * 1000:8.1f} ms{ratios}")


if __name__ == "__main__":
    main()
