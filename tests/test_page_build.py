"""The page's build: what it takes, what it refuses, and that the same sources give the same bytes."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aap_xl import children
from aap_xl.faces.cli import main
from aap_xl.faces.install.page import bundle, contents, parts, sources

ROOT = Path(__file__).parents[1]
MOST = 16_000_000
"""Bytes that the page may take."""


def need_node() -> None:
    """Skip without Node.js and npm, fail where browsers are required."""
    if not (children.program("node", "nodejs") and children.program("npm")):
        if os.environ.get("AAP_XL_BROWSERS") == "required":
            pytest.fail("AAP_XL_BROWSERS=required, but Node.js or npm is not installed")
        pytest.skip("Node.js and npm are not installed: the page can't be made")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_node()
    made = tmp_path_factory.mktemp("page") / "aap-xl.html"
    assert main(["page", "-o", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def taken(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the pinned parts, as an IT department would carry it."""
    assert page.is_file()
    folder = tmp_path_factory.mktemp("paquets")
    for part in parts.pinned():
        shutil.copy(parts.kept() / part.file, folder)
    return folder


@pytest.mark.slow
def test_the_page_is_small_enough(page: Path) -> None:
    assert page.stat().st_size <= MOST


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes_from_a_folder_of_parts(page: Path, taken: Path, tmp_path: Path) -> None:
    again = tmp_path / "autre nom.html"
    assert main(["page", "-o", str(again), "--paquets", str(taken)]) == 0
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(page.read_bytes()).digest()


@pytest.mark.slow
def test_a_site_is_named_after_its_content_and_offline_lists_all_of_it(taken: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert main(["page", "--site", str(site), "--paquets", str(taken)]) == 0
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    worker = (site / "sw.js").read_text("utf-8")
    listed = set(re.findall(r'^  "(.+)",$', worker, re.MULTILINE)) - {"./"}
    assert listed == files - {"index.html", "sw.js"}
    assert all(re.fullmatch(r"[0-9a-f]{16}/[\w.-]+", name) for name in listed)
    assert main(["page", "--site", str(site), "--paquets", str(taken)]) == 2
    assert main(["page", "--site", str(site), "--paquets", str(taken), "--forcer"]) == 0


@pytest.mark.slow
def test_a_part_that_changed_is_refused_before_it_is_used(
    taken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = shutil.copytree(taken, tmp_path / "paquets")
    part = parts.pinned()[-1]
    (wrong / part.file).write_bytes(b"changed")
    assert main(["page", "-o", str(tmp_path / "p.html"), "--paquets", str(wrong)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert part.file in said
    assert "empreinte SHA-256 différente" in said
    (wrong / part.file).unlink()
    assert main(["page", "-o", str(tmp_path / "p.html"), "--paquets", str(wrong)]) == 2
    assert f"« {part.file} » manque dans" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "p.html").exists()


@pytest.mark.slow
def test_a_wheel_carries_what_the_page_is_made_of(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as package:
        inside = {name for name in package.namelist() if "/page/sources/" in name}
    mine = {path.relative_to(sources.folder()).as_posix() for path in sources.folder().rglob("*") if path.is_file()}
    assert {name.partition("/sources/")[2] for name in inside} == mine


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "dites où écrire la page"),
        (("-o", "page.txt"), "une page se termine par .html"),
        (("-o", "la.html"), "existe déjà ; ajoutez --forcer"),
        (("-o", "absent/page.html"), "n'existe pas"),
        (("--site", "la.html"), "est un fichier ; indiquez le dossier du site"),
        (("-o", "a.html", "--site", "b"), "--site"),
    ],
    ids=["nowhere", "not html", "already there", "no folder", "a file for a site", "both"],
)
def test_what_can_not_be_written_is_refused_before_anything_is_made(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "la.html").write_text("la page d'avant")
    try:
        code = main(["page", *words])
    except SystemExit as end:
        code = int(end.code or 0)
    assert code == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "la.html").read_text() == "la page d'avant"


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_without_node_or_npm_one_sentence_says_what_to_install(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = children.program
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(children, "program", lambda *names: "" if missing in names else real(*names) or f"/{names[0]}")
    assert main(["page", "-o", str(tmp_path / "p.html")]) == 2
    said = capsys.readouterr().err
    assert ("Node.js n'est pas installé ici" if missing == "node" else "npm n'est pas installé ici") in " ".join(
        said.split()
    )
    assert "Traceback" not in said


def test_the_tab_gets_what_the_page_imports_and_no_desktop_library() -> None:
    names = contents.needed()
    assert "aap_xl/faces/page/__init__.py" in names
    assert any(name.endswith(".toml") for name in names)
    for desktop in ("hosts/excel", "consolidation/", "faces/install/", "faces/excel/"):
        assert not [name for name in names if desktop in name], desktop


def test_modules_are_joined_once_each_after_what_they_import() -> None:
    script = bundle.modules(sources.folder() / "js")
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert script.count("class Engine ") == 1
    assert script.index("class Engine ") < script.index("new Engine(")
