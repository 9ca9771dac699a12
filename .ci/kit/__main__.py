"""Build the release kit: our wheel, wheelhouses for Windows and Linux with hashes, bills of materials, licences.

    .venv/bin/python .ci/kit dist/kit          # from an environment that has the extra « dev »
    .venv/bin/python .ci/kit dist/kit --try    # then install from it and run the demonstration, without a network

The wheel is built twice and must come out the same. Only released wheels are taken: nothing is compiled here.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

from kit.licences import notice  # noqa: E402
from kit.sbom import bill  # noqa: E402
from kit.trial import run as try_it  # noqa: E402
from kit.wheelhouse import SYSTEMS, collect  # noqa: E402
from kit.wheels import read_all  # noqa: E402

NAME = "aap-xl"
LIST = "SHA256SUMS"


def main() -> int:
    """Returns: 0; any failure raises."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where to write the kit; it must not exist")
    parser.add_argument("--try", dest="tried", action="store_true", help="install from it without a network (Linux)")
    args = parser.parse_args()
    if args.folder.exists():
        parser.error(f"{args.folder} exists: name another folder, or take it away")
    build(args.folder.resolve(), epoch())
    if args.tried:
        try_it(args.folder.resolve())
    return 0


def build(folder: Path, moment: int) -> None:
    """Write the kit. Raises: FileExistsError, RuntimeError."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        own = reproducible(ROOT, Path(made), moment)
        for system in SYSTEMS:
            collect(ROOT, own, system, folder / system.name)
    for system in SYSTEMS:
        wheels = read_all(folder / system.name)
        (folder / f"sbom-{system.name}.cdx.json").write_text(bill(wheels, NAME, moment), encoding="utf-8")
        print(f"{system.name}: {len(wheels)} wheels, {sum(item.path.stat().st_size for item in wheels) >> 20} MiB")
    everything = [item for system in SYSTEMS for item in read_all(folder / system.name)]
    (folder / "LICENCES.txt").write_text(notice(everything), encoding="utf-8")
    shutil.copy(ROOT / "docs" / "installation-dsi.md", folder / "LISEZMOI.md")
    (folder / LIST).write_text(sums(folder), encoding="utf-8")


def epoch() -> int:
    """The moment that the kit says: SOURCE_DATE_EPOCH, else that of the last commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    return int(subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, check=True).stdout)


def reproducible(project: Path, folder: Path, moment: int) -> Path:
    """Our wheel, built twice. Raises: RuntimeError if the two differ."""
    first, second = (wheel(project, folder / attempt, moment) for attempt in ("first", "second"))
    if first.read_bytes() != second.read_bytes():
        raise RuntimeError("the same sources gave two different wheels")
    return first


def wheel(project: Path, folder: Path, moment: int) -> Path:
    """Build a project's wheel with the hatchling of this environment. Raises: RuntimeError."""
    folder.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=project,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(moment)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return next(folder.glob("*.whl"))


def sums(folder: Path) -> str:
    """As ``sha256sum --check`` reads it: every file of the kit but this one."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    )


if __name__ == "__main__":
    sys.exit(main())
