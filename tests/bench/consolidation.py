"""What `consolider` costs in processor time, its children included, against what reads the same files in the same run.

Run it alone: ``python tests/bench/consolidation.py``, with ``--classeurs 60`` for a quick look. It prints ratios, the
best of several runs; it asserts nothing. ``--profil`` says where the time of one worker goes instead.

The script that people write is a process of its own: glob, `pandas.read_excel` with calamine, concat; of the three main
sheets, then of all those that we read. calamine, fastexcel and polars read these last, and check nothing. fastexcel and
polars are no dependencies of this project: they are installed by hand (``pip install fastexcel polars``), and left out
where they are not.
"""

import argparse
import cProfile
import pstats
import shutil
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import plausible
from dossier import saved_again, sheets_read, workbook
from processes import Cost, best, python, tell

from aap_xl.consolidation.one_file import Context, Task, treat_batch
from aap_xl.dossier import catalogue

TROIS = ("Opération", "Participants", "Dépenses")
PANDAS = """
import glob, sys
import pandas as pd
folder, *sheets = sys.argv[1:]
for sheet in sheets:
    frames = [pd.read_excel(f, sheet_name=sheet, engine="calamine", header=None) for f in glob.glob(folder + "/*.xlsx")]
    pd.concat(frames).to_csv(folder + "/" + sheet + ".csv")
"""
CALAMINE = """
import glob, sys
from python_calamine import load_workbook
folder, *sheets = sys.argv[1:]
for path in glob.glob(folder + "/*.xlsx"):
    book = load_workbook(path)
    for sheet in sheets:
        book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
"""
FASTEXCEL = """
import glob, sys
import fastexcel
folder, *sheets = sys.argv[1:]
for path in glob.glob(folder + "/*.xlsx"):
    book = fastexcel.read_excel(path)
    for sheet in sheets:
        book.load_sheet(sheet, header_row=None, dtypes="string")
"""
POLARS = """
import glob, sys
import polars as pl
folder, *sheets = sys.argv[1:]
found = {sheet: [] for sheet in sheets}
for path in glob.glob(folder + "/*.xlsx"):
    for sheet, frame in pl.read_excel(path, sheet_name=sheets, has_header=False, infer_schema_length=0).items():
        found[sheet].append(frame)
for frames in found.values():
    pl.concat(frames, how="diagonal_relaxed")
"""
PERSONNES = (12, 15, 60, 18, 300, 9, 14, 45, 21, 240)
"""Of each file, in turn."""
RUNS = {1: 5, 60: 2, 500: 1}


def main() -> None:
    """Print one line per comparison."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--classeurs", nargs="+", type=int, default=list(RUNS), help="how many files (1 60 500)")
    words.add_argument("--profil", action="store_true", help="profile one worker instead")
    args = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        if args.profil:
            _profile(_folder(home / "profil", 60))
            return
        for count in args.classeurs:
            _compare(_folder(home / str(count), count), str(count), RUNS.get(count, 1))
        again = saved_again(*_folder(home / "source", 60).iterdir())
        if again:
            _compare(again, "60 (LibreOffice)", RUNS[60])
        else:
            print("LibreOffice : non installé")


def _folder(folder: Path, count: int) -> Path:
    """As many operations, each of a file."""
    folder.mkdir()
    appel = catalogue().get("3.3")
    for rank in range(count):
        content = workbook(appel, PERSONNES[rank % len(PERSONNES)], convention=f"2025-{rank}")
        (folder / f"{rank}.xlsx").write_bytes(content)
    return folder


def _compare(folder: Path, count: str, runs: int) -> None:
    every = sheets_read("3.3")
    output = folder / "sortie"
    command = python("-m", "aap_xl", "consolider", folder, "-o", output, "--silencieux")

    def ours() -> Cost:
        shutil.rmtree(output, ignore_errors=True)
        return command()

    peers: dict[str, Callable[[], Cost]] = {
        "le script, trois feuilles": python("-c", PANDAS, folder, *TROIS),
        "le script, toutes nos tables": python("-c", PANDAS, folder, *every),
        "calamine": python("-c", CALAMINE, folder, *every),
    }
    for name, script in (("fastexcel", FASTEXCEL), ("polars", POLARS)):
        if find_spec(name):
            peers[name] = python("-c", script, folder, *every)
        else:
            print(f"{name} : non installé")
    mine, *theirs = best(ours, *peers.values(), times=runs)
    for peer, cost in zip(peers, theirs, strict=True):
        tell(f"consolider {count} / {peer}", mine, cost)
    (again,) = best(command, times=runs)
    tell(f"consolider {count}, rien n'ayant changé / la première fois", again, mine)
    print(f"consolider {count} : {mine.peak:.0f} Mio au plus par processus")


def _profile(folder: Path) -> None:
    from aap_xl.domain.regles import RULES  # noqa: PLC0415 - registered once the calls are

    context = Context(catalogue(), plausible.LE, None, dict.fromkeys(RULES, ""))
    tasks = [Task(rank, octets=path.read_bytes()) for rank, path in enumerate(sorted(folder.glob("*.xlsx")))]
    treat_batch(tasks[:10], context)
    profile = cProfile.Profile()
    profile.runcall(treat_batch, tasks, context)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
