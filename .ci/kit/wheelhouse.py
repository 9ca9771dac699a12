"""Wheels for computers without a network: which versions, for which system and Python, under which hashes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.wheels import Wheel, normalised, read_all

PYTHONS = ("3.11", "3.12", "3.13")
USES: Mapping[str, tuple[str, ...]] = {"operateur": (), "departement": ("departement",)}
"""By name of a list of requirements: the extras it brings."""


@dataclass(frozen=True)
class System:
    """A system to install on.

    Attributes: name: of its folder; platform: as uv says it; tags: as wheels do, those of older systems included.
    """

    name: str
    platform: str
    tags: tuple[str, ...]


SYSTEMS = (
    System("windows", "x86_64-pc-windows-msvc", ("win_amd64",)),
    System(
        "linux",
        "x86_64-manylinux_2_28",
        (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)), "manylinux2014_x86_64", "manylinux1_x86_64"),
    ),
)


def collect(project: Path, own: Path, system: System, folder: Path) -> None:
    """Download a system's wheels beside our own, and write its lists of requirements with their hashes.

    Args:   project: the source tree; own: our wheel; folder: where to, empty.
    Raises: subprocess.CalledProcessError, RuntimeError if a list can't be installed from the folder alone.
    """
    folder.mkdir(parents=True)
    (folder / own.name).write_bytes(own.read_bytes())
    pins = {(python, use): resolve(project, system, python, USES[use]) for python in PYTHONS for use in USES}
    for (python, _), lines in pins.items():
        _pip("download", *_only(system, python), "-q", "--no-deps", "-d", folder, lines=lines)
    wheels = read_all(folder)
    mine = next(item for item in wheels if item.path.name == own.name)
    for (python, use), lines in pins.items():
        listed = requirements([f"{mine.name}=={mine.version}", *lines], wheels)
        target = folder / f"exigences-{use}-{python}.txt"
        target.write_text(listed, encoding="utf-8")
        check(folder, target, system, python)


def resolve(project: Path, system: System, python: str, extras: Iterable[str]) -> list[str]:
    """``name==version`` of all that the package needs there, by uv, which reads markers as that system would."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", project / "pyproject.toml"),
            *("--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
            *("--only-binary", ":all:", "--python-platform", system.platform, "--python-version", python),
            *(word for extra in extras for word in ("--extra", extra)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.split()


def requirements(pins: Iterable[str], wheels: Iterable[Wheel]) -> str:
    """The lines that pip installs with ``--require-hashes``: each version, and the hash of each wheel that has it."""
    by_version: dict[tuple[str, str], list[str]] = {}
    for item in wheels:
        by_version.setdefault((item.name, item.version), []).append(item.sha256)
    lines = []
    for pin in pins:
        name, _, version = pin.partition("==")
        hashes = by_version[normalised(name), version]
        lines.append(" \\\n    ".join([pin, *(f"--hash=sha256:{item}" for item in sorted(hashes))]))
    return "\n".join(lines) + "\n"


def check(folder: Path, listed: Path, system: System, python: str) -> None:
    """Have pip choose each wheel of a list as that system would, from the folder alone, under its hash."""
    alone: list[str | Path] = ["--no-index", "--find-links", folder, "--require-hashes", "--no-deps"]
    with tempfile.TemporaryDirectory() as chosen:
        _pip("download", *_only(system, python), *alone, "-q", "-d", chosen, "-r", listed)


def _only(system: System, python: str) -> list[str | Path]:
    tags = [word for tag in system.tags for word in ("--platform", tag)]
    return ["--only-binary", ":all:", "--python-version", python, "--implementation", "cp", *tags]


def _pip(*words: str | Path, lines: Iterable[str] = ()) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", *words, *lines], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
