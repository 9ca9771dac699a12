"""What reading and checking one dossier costs in processor time, against calamine merely reading it, in the same run.

Run it alone: ``python tests/bench/dossier.py``. It prints ratios, of our files and of what LibreOffice makes of them
where it is installed; it asserts nothing.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
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
                peer = partial(_calamine, fichier, sheets_read(code))
                what = f"{code} {people} personnes, {whose}"
                _print(f"{what}, lire et contrôler", *_best(partial(_check, fichier, appels), peer))
                _print(f"{what}, … et faire le bilan", *_best(partial(_bilan, fichier, appels), peer))


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


def _calamine(source: Path, feuilles: list[str]) -> None:
    workbook = load_workbook(source)
    for nom in feuilles:
        workbook.get_sheet_by_name(nom).to_python(skip_empty_area=False)


def _best(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """The least processor seconds of each, taken in turn so that both meet the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(REPEATS):
        for kept, run in zip(times, (ours, peer), strict=True):
            start = time.process_time()
            run()
            kept.append(time.process_time() - start)
    return min(times[0]), min(times[1])


def _print(what: str, ours: float, peer: float) -> None:
    print(f"{what:50} {ours * 1000:8.1f} ms {peer * 1000:8.1f} ms   × {ours / peer:.2f}")


if __name__ == "__main__":
    main()
