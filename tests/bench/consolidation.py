"""How fast returned workbooks are consolidated, against what people write today, in the same run.

Run it alone: ``python tests/bench/consolidation.py`` (all of it takes half an hour), or one part:
``--parties pandas calamine lecture echelle profil``; ``--classeurs 100`` for a quick look. It prints ratios; it
asserts nothing.

The script that people write is measured three times: with the three main sheets; with all the tables that we read,
one `pd.read_excel` after another; with all of them asked for at once, which opens a workbook only once.
"""

import argparse
import cProfile
import json
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from calamine_seul import AILLEURS
from python_calamine import load_workbook
from retours.cadre import LE
from retours.commande import environnement, frame, ligne
from retours.corpus import corpus

from aap_xl.consolidation.traitement import Contexte, Tache, traiter_lot
from aap_xl.dossier import catalogue

PRINCIPALES = ("Opération", "Participants", "Dépenses")
"""The three main sheets, which the script people write reads."""
PARTIES = ("pandas", "calamine", "lecture", "echelle", "profil")
MIB = 2**20


def main() -> None:
    """Print one line per comparison."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--parties", nargs="+", choices=PARTIES, default=list(PARTIES))
    words.add_argument("--classeurs", type=int, default=500, help="files of the comparisons (500)")
    words.add_argument("--echelle", type=int, default=10, help="how many times more files for the larger run (10)")
    words.add_argument("--processus", type=int, default=os.cpu_count() or 1)
    words.add_argument("--dossier", type=Path, help="where to keep the generated files (default: removed)")
    args = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = args.dossier or Path(temporary)
        few = _corpus(home, args.classeurs)
        ours = _ours(few, home, args.processus)
        _print(f"aap-xl consolider, {args.classeurs} classeurs", ours)
        _again(few, home, args.processus, ours)
        makers: dict[str, Callable[[], object]] = {
            "pandas": lambda: _against("pd.read_excel", None, few, ours),
            "calamine": lambda: _against('pd.read_excel(engine="calamine")', "calamine", few, ours),
            "lecture": lambda: _lecture(few, args.processus, ours),
            "echelle": lambda: _echelle(home, args.classeurs * args.echelle, args.processus, ours, args.classeurs),
            "profil": lambda: _profil(few),
        }
        for partie in args.parties:
            makers[partie]()


def _corpus(home: Path, nombre: int) -> Path:
    folder = home / f"classeurs {nombre}"
    if not folder.exists():
        start = time.perf_counter()
        corpus(folder, catalogue(), graine=nombre, nombre=nombre, fautes_aussi=False)
        size = sum(path.stat().st_size for path in folder.rglob("*.xlsx"))
        _print(f"{nombre} classeurs générés", f"{time.perf_counter() - start:8.2f} s, {size / MIB:.0f} Mio")
    return folder


@dataclass(frozen=True)
class Mesure:
    """One program: seconds on the clock, of computation (its children's too), its peak MiB, its largest child's."""

    seconds: float
    cpu: float
    peak: float
    child: float

    def __str__(self) -> str:
        worker = f", un processus de travail {self.child:.0f} Mio" if self.child else ""
        return f"{self.seconds:8.2f} s, {self.cpu:8.2f} s de calcul, {self.peak:6.0f} Mio{worker}"

    def sur(self, other: "Mesure") -> str:
        """How many times longer than another."""
        return f"× {self.seconds / other.seconds:.2f} (calcul × {self.cpu / other.cpu:.2f})"


def _ours(folder: Path, home: Path, processus: int) -> Mesure:
    """A run from nothing."""
    sortie = home / "sortie"
    shutil.rmtree(sortie, ignore_errors=True)
    return _measured(_COMMANDE, *_mots(folder, sortie, processus))


_MESURE = """
import atexit, json, re, resource, sys
def tell():
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
    print(json.dumps([sum(use.ru_utime + use.ru_stime for use in spent), peak / 1024, spent[1].ru_maxrss / 1024]))
atexit.register(tell)
"""
"""Says at the end the peak MiB of this process, then of its largest child."""
_COMMANDE = "import runpy\nrunpy.run_module('aap_xl', run_name='__main__')\n"


def _measured(script: str, *words: str) -> Mesure:
    """Run a Python program."""
    start = time.perf_counter()
    command = [sys.executable, "-W", "ignore", "-c", _MESURE + script, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environnement(), check=False)
    seconds = time.perf_counter() - start
    assert done.returncode in (0, 1), done.stderr
    return Mesure(seconds, *json.loads(done.stdout.splitlines()[-1]))


def _print(what: str, found: object = "") -> None:
    print(f"{what:60} {found}", flush=True)


def _mots(folder: Path, sortie: Path, processus: int) -> list[str]:
    """The command's words after the module's name."""
    return ligne(folder, sortie, "--silencieux", "--processus", str(processus))[3:]


def _again(folder: Path, home: Path, processus: int, first: Mesure) -> None:
    again = _measured(_COMMANDE, *_mots(folder, home / "sortie", processus))
    _print("  la même commande, rien n'ayant changé", again)
    _print("    la première fois", first.sur(again))


_SCRIPT = """
import glob, sys, pandas as pd
from python_calamine import load_workbook
wanted, elsewhere, at_once, engine = {wanted!r}, {elsewhere!r}, {at_once}, {engine!r}
found = {{}}
for path in sorted(glob.glob(sys.argv[1] + "/**/*.xlsx", recursive=True)):
    sheets = wanted or [sheet for sheet in load_workbook(path).sheet_names if sheet not in elsewhere]
    if at_once:
        frames = pd.read_excel(path, sheet_name=sheets, header=3, engine=engine)
    else:
        frames = {{sheet: pd.read_excel(path, sheet_name=sheet, header=3, engine=engine) for sheet in sheets}}
    for sheet, frame in frames.items():
        found.setdefault(sheet, []).append(frame)
for frames in found.values():
    pd.concat(frames, ignore_index=True)
"""
"""The script people write, as a program of its own; what names the sheets costs it next to nothing."""


def _against(what: str, engine: str | None, folder: Path, ours: Mesure) -> None:
    for which, wanted, at_once in (
        (f"{len(PRINCIPALES)} feuilles sur {_nombre_de_feuilles(folder)}", PRINCIPALES, False),
        ("les mêmes tables, une par une", (), False),
        ("les mêmes tables, en une fois", (), True),
    ):
        script = _SCRIPT.format(wanted=list(wanted), elsewhere=sorted(AILLEURS), at_once=at_once, engine=engine)
        theirs = _measured(script, str(folder))
        _print(f"{what}, {which}", theirs)
        _print("    par rapport à consolider", theirs.sur(ours))


def _nombre_de_feuilles(folder: Path) -> int:
    return len(load_workbook(next(folder.rglob("*.xlsx"))).sheet_names)


def _lecture(folder: Path, processus: int, ours: Mesure) -> None:
    """python-calamine alone, in the same number of spawned processes, their start included."""
    program = str(Path(__file__).with_name("calamine_seul.py"))
    script = f"import runpy\nrunpy.run_path({program!r}, run_name='__main__')\n"
    theirs = _measured(script, str(folder), str(processus))
    _print("python-calamine seul, les mêmes tables", theirs)
    _print("    consolider, par rapport à lui", ours.sur(theirs))


def _echelle(home: Path, nombre: int, processus: int, few: Mesure, base: int) -> None:
    many = _ours(_corpus(home, nombre), home, processus)
    _print(f"aap-xl consolider, {nombre} classeurs", many)
    _print(f"    pour × {nombre / base:.0f} classeurs", f"{many.sur(few)}, mémoire × {many.peak / few.peak:.2f}")
    _print("    participants", len(frame(home / "sortie", "participants")))


def _profil(folder: Path) -> None:
    """Where one worker's time goes, in seconds of computation."""
    from aap_xl.domain.regles import RULES  # noqa: PLC0415 - registered once the calls are

    contexte = Contexte(catalogue(), LE, None, dict.fromkeys(RULES, ""))
    tasks = [Tache(n, octets=path.read_bytes()) for n, path in enumerate(sorted(folder.rglob("*.xlsx"))[:100])]
    traiter_lot(tasks[:3], contexte)
    start = time.process_time()
    traiter_lot(tasks, contexte)
    _print(f"un processus, {len(tasks)} classeurs", f"{time.process_time() - start:8.2f} s de calcul")
    profile = cProfile.Profile(time.process_time)
    profile.runcall(traiter_lot, tasks, contexte)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
