"""The kit tried: installed from its folder and run, in a network namespace that has no network."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kit.wheelhouse import PYTHONS, USES

_ALONE = ("unshare", "--map-root-user", "--net")
_REACHES = "import socket; socket.create_connection(('127.0.0.1', 9), 2)"
"""Not even this machine answers there: the loopback interface is down."""


def run(folder: Path) -> None:
    """Check the hashes, then install and run, for each Python of this machine that the kit is for.

    Raises: RuntimeError if the network can't be cut, or anything fails.
    """
    _do(["sha256sum", "--check", "--quiet", "SHA256SUMS"], folder)
    cut = subprocess.run([*_ALONE, sys.executable, "-c", _REACHES], capture_output=True, text=True, check=False)
    if "unreachable" not in cut.stderr:
        raise RuntimeError(f"the network can't be cut here: {cut.stderr.strip() or 'something answers'}")
    for version in PYTHONS:
        python = shutil.which(f"python{version}")
        if python is None or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
            print(f"Python {version}: not on this machine, not tried")
            continue
        for use in USES:
            _try(folder / "linux", python, f"exigences-{use}-{version}.txt")
            print(f"Python {version}, {use}: installed and run without a network")


def _try(wheels: Path, python: str, listed: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        _do([python, "-m", "venv", "venv"], place)
        install: list[str | Path] = ["--no-index", "--find-links", wheels, "--require-hashes", "-r", wheels / listed]
        _do([*_ALONE, place / "venv/bin/python", "-m", "pip", "install", "-q", *install], place)
        _do([place / "venv/bin/python", "-m", "pip", "check"], place)
        _do([*_ALONE, place / "venv/bin/aap-xl", "demo"], place)


def _do(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
