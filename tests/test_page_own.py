"""The package's own tests, run once in the page's Python: Pyodide, under Node.js."""

import re
import subprocess
import tarfile
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from test_page_build import need_node

from aap_xl.faces.install.page import parts

TESTS = Path(__file__).parent
DOMAIN = (
    *(
        "activite",
        "bilan",
        "budget",
        "cached_cells",
        "classement",
        "mots",
        "mots_du_terrain",
        "nir",
        "outils",
        "parcours",
    ),
    *("preuve", "propres", "public", "refusals", "regles", "regroupement", "relecture", "seuils", "siret", "sorties"),
    *("versions", "explications", "appels"),
)
FILES = ("computed", "directory", "growing", "reading", "scan", "tree", "values", "version1")
WITHOUT = ("those_that_openpyxl_saved_too", "commands_take_it_as_it_is")
"""Tests of what a tab does not have: openpyxl over lxml, whole commands."""
PASSED = 3000
"""Of some 3 100: none is lost in silence."""


@pytest.mark.slow
@pytest.mark.browser
def test_the_tests_that_need_no_process_pass_in_the_page_s_python(tmp_path: Path) -> None:
    need_node()
    (tmp_path / "wheels").mkdir()
    ours = [parts.Part(**item) for item in tomllib.loads((TESTS / "page" / "parts.toml").read_text("utf-8"))["part"]]
    for part in (*parts.pinned(), *ours):
        content = parts.content(part, None)
        if part.registry == "npm":
            with tarfile.open(fileobj=BytesIO(content)) as package:
                package.extractall(tmp_path, filter="data")
        else:
            (tmp_path / "wheels" / part.file).write_bytes(content)
    (tmp_path / "package").rename(tmp_path / "pyodide")
    said = _pytest(tmp_path)
    assert re.search(r"^\d+ passed, \d+ deselected in ", said, re.MULTILINE), said[-3000:]
    assert int(re.findall(r"^(\d+) passed", said, re.MULTILINE)[0]) >= PASSED


def _pytest(work: Path) -> str:
    names = [f"tests/test_{name}.py" for name in (*DOMAIN, *FILES)]
    options = ["-q", "-o", "addopts=", "-p", "no:cacheprovider", "--import-mode=importlib", "--tb=line"]
    chosen = [
        "-m",
        "not slow and not libreoffice and not browser",
        "-k",
        " and ".join(f"not {name}" for name in WITHOUT),
    ]
    words = [parts.node(), str(TESTS / "page" / "own.mjs"), str(work), str(TESTS.parent), *options, *chosen, *names]
    return subprocess.run(words, capture_output=True, timeout=600, check=False, text=True).stdout
