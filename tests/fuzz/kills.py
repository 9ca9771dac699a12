"""Commands killed at any moment: what they replace is the old one or the new one, and the next run cleans and finishes.

By hand: ``python tests/fuzz/kills.py --kills 100``; a few are part of the tests (``tests/test_kills.py``).
"""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from envois import contenu, nombreux

from aap_xl.dossier import catalogue
from aap_xl.faces.exemples import exemples, remplir_classeur

_DAY = "20/01/2026"
_PATIENCE = 120


@dataclass
class Killer:
    """Starts a command and kills it: half of the times at random, half as soon as something changes in a folder."""

    command: list[str]
    folder: Path
    rng: Random
    duration: float = 2
    kills: int = 0

    def undisturbed(self) -> None:
        """Run it whole, which tells how long it takes."""
        start = time.monotonic()
        done = subprocess.run(self.command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
        assert done.returncode in (0, 1), done.stderr
        self.duration = time.monotonic() - start

    def kill(self) -> bool:
        """Returns: whether it was still running."""
        before = self._seen()
        running = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + self.rng.uniform(0, self.duration)
        watching = self.rng.random() < 0.5
        if watching:
            limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit and running.poll() is None and not (watching and self._seen() != before):
            time.sleep(0.0005)
        if watching:
            time.sleep(self.rng.uniform(0, 0.02))
        running.send_signal(signal.SIGKILL)
        killed = running.wait(_PATIENCE) == -signal.SIGKILL
        self.kills += killed
        return killed

    def _seen(self) -> object:
        if not self.folder.exists():
            return None
        return sorted((item.name, item.stat().st_mtime_ns) for item in self.folder.iterdir() if item.exists())


def bilans(folder: Path, kills: int, rng: Random, *, in_place: bool) -> str:
    """Kill `bilan` so many times. Returns: what was seen. Raises: AssertionError."""
    folder.mkdir()
    source, copy = folder / "suivi.xlsx", folder / "copie.xlsx"
    found, appels = next(iter(exemples(erreurs=False))), catalogue()
    remplir_classeur(source, found, appels.get(found.appel, found.millesime), appels)
    old = source.read_bytes()
    options = ["--sur-place"] if in_place else ["--sortie", str(copy), "--forcer"]
    command = [sys.executable, "-m", "aap_xl", "bilan", str(source), "--date", _DAY, *options]
    killer = Killer(command, folder, rng)
    killer.undisturbed()
    target = source if in_place else copy
    new = target.read_bytes()
    olds = (old, b"former copy")
    ends = {"old": 0, "new": 0}
    left = 0
    for _ in range(20 * kills):
        if killer.kills == kills:
            break
        for item in folder.glob("suivi.sauvegarde-*"):
            item.unlink()
        source.write_bytes(old)
        if not in_place:
            copy.write_bytes(olds[1])
        if killer.kill():
            content = target.read_bytes()
            assert content in (new, olds[0 if in_place else 1]), "a piece"
            ends["new" if content == new else "old"] += 1
            assert all(item.read_bytes() == old for item in folder.glob("suivi.sauvegarde-*")), "a piece of a backup"
            left += len(leftovers(folder))
    assert killer.kills == kills
    killer.undisturbed()
    assert leftovers(folder) == [], "not removed by the next run"
    assert target.read_bytes() == new
    return f"{kills} kills, {ends}, {left} leftovers seen, none after the next run"


def consolidations(folder: Path, kills: int, rng: Random) -> str:
    """Kill `consolider` so many times, each going on where the last one stopped. Raises: AssertionError."""
    folder.mkdir()
    received = nombreux(catalogue().get("3.3", 2025), folder / "received", 40)
    target = folder / "out"
    command = [sys.executable, "-m", "aap_xl", "consolider", str(received), "-o", str(target), "--date", _DAY]
    killer = Killer([*command, "--processus", "2", "--silencieux"], target / ".aap-xl", rng)
    killer.undisturbed()
    expected = contenu(target)
    shutil.rmtree(target)
    finished = 0
    for _ in range(20 * kills):
        if killer.kills == kills:
            break
        if killer.kill():
            assert not (target / "tables").exists() or contenu(target) == expected
        else:
            finished += 1
            assert contenu(target) == expected
            shutil.rmtree(target)
    assert killer.kills == kills
    killer.undisturbed()
    assert contenu(target) == expected
    assert [item.name for item in (target / ".aap-xl").iterdir() if "etat" not in item.name] == []
    return f"{kills} kills, {finished} runs ended meanwhile, the same result in the end"


def leftovers(folder: Path) -> list[str]:
    """What a killed run may leave beside a workbook."""
    return [item.name for item in folder.iterdir() if item.name.startswith(".aap-xl")]


def main() -> None:
    """The whole campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=9)
    args = parser.parse_args()
    rng = Random(args.seed)  # noqa: S311 - repeatable on purpose
    runs: dict[str, Callable[[Path], str]] = {
        "bilan --sur-place": lambda folder: bilans(folder, args.kills, rng, in_place=True),
        "bilan --sortie": lambda folder: bilans(folder, args.kills, rng, in_place=False),
        "consolider": lambda folder: consolidations(folder, args.kills, rng),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, run in runs.items():
            print(f"{name}: {run(Path(folder) / name.replace(' ', ''))}", flush=True)


if __name__ == "__main__":
    main()
