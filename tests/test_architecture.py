"""The floor plan, the style and the promises that no single module can keep alone."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from aap_xl.extras import LIBRARIES

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "aap_xl"
LIGNES_MAX = 350
"""The aim is 250 lines, and one reason to change."""


def run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize(
    "command",
    [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)],
    ids=" ".join,
)
@pytest.mark.slow
def test_style_and_types(command: tuple[str, ...]) -> None:
    run(*command)


def test_imports_only_go_down() -> None:
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCES.rglob("*.py")):
        yield path.relative_to(SOURCES).as_posix(), path.read_text(encoding="utf-8")


def test_modules_stay_short() -> None:
    assert not [name for name, text in modules() if text.count("\n") > LIGNES_MAX]


LONGUEUR_MAX = 40


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, text in modules():
        yield from ((name, node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))


def test_functions_stay_short() -> None:
    lines = {f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1 for name, node in functions()}
    assert {function: count for function, count in lines.items() if count > LONGUEUR_MAX} == {}


ANY_MAX = 120
"""Lines that say `Any`: what a library gives without a type, and tables of a file before they are understood."""
EXCEL = {"faces/live/functions.py:AAP_BILAN"}
"""xlwings converts an argument by its annotation: the cell that calls is given to `Any` alone."""


def test_any_is_rare() -> None:
    said = [line for _, text in modules() for line in text.splitlines() if re.search(r"\bAny\b", line)]
    assert len([line for line in said if "import" not in line]) <= ANY_MAX


def test_no_public_function_of_the_faces_takes_or_gives_anything() -> None:
    vague = set()
    for name, node in functions():
        if name.startswith(("faces/", "consolidation/", "desk/")) and not node.name.startswith("_"):
            given = [item.annotation for item in ast.walk(node.args) if isinstance(item, ast.arg)]
            words = [word for part in [*given, node.returns] if part for word in ast.walk(part)]
            if any(isinstance(word, ast.Name) and word.id == "Any" for word in words):
                vague.add(f"{name}:{node.name}")
    assert vague == EXCEL


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5 misreads ``(?:…|…)*+``, and Debian 12 has 3.11.2; of one character, it reads it well."""
    found = [path.name for path in SOURCES.rglob("*.py") if re.search(r"\)[*+?]\+|\(\?>", path.read_text("utf-8"))]
    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    assert not [name for name, text in modules() if not ast.get_docstring(ast.parse(text))]


def _values(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        for item in data.values():
            yield from _values(item)
    elif isinstance(data, list):
        for item in data:
            yield from _values(item)
    else:
        yield data


def _telling(data: dict[str, Any]) -> Iterator[Any]:
    """Values characteristic enough of a call not to stand in the code by chance."""
    for value in _values(data):
        if isinstance(value, date) or (
            isinstance(value, (int, Decimal)) and value > 366 and value != data.get("identite", {}).get("millesime")
        ):
            yield value
    for value in _values([data.get("mds", []), data.get("identite", {})]):
        if isinstance(value, str) and len(value) > 8:
            yield value


def _literals(tree: ast.Module) -> Iterator[Any]:
    """Constants of a module; dates as dates; docstrings left out."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node.value
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("date") and len(node.args) == 3:
            parts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, int)]
            if len(parts) == 3:
                yield date(*parts)


@pytest.mark.slow
def test_no_constant_of_a_call_stands_in_the_code() -> None:
    telling = {
        value
        for path in (SOURCES / "appels").glob("*.toml")
        for value in _telling(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
    }
    assert {date(2025, 2, 14), 50000, 1607, "Boulonnais"} <= telling
    found = {
        (name, value)
        for name, text in modules()
        for value in _literals(ast.parse(text))
        if isinstance(value, (str, int, date)) and not isinstance(value, bool) and value in telling
    }
    assert not found


PLACES = {"pyarrow": {"consolidation"}, "pandas": {"dossier.py"}, "distributed": {"consolidation"}}
"""Where a library of an extra may be imported: behind the door of `extras`, and nowhere an operator needs."""


BROUGHT = {"pydantic_core": "pydantic"}
"""Parts of a library that it ships apart, each under the exact version that it needs."""


def _imports(tree: ast.Module) -> Iterator[str]:
    """The first words of what a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name.partition(".")[0] for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _declared(requirements: list[str]) -> set[str]:
    """The names by which what is required is imported; our own extras are left out."""
    names = [re.split(r"[\[<>=!~; ]", item)[0].lower() for item in requirements]
    modules = {name.lower(): module for module, dists in packages_distributions().items() for name in dists}
    return {modules[name] for name in names if name != "aap-xl"}


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _third_party() -> dict[str, set[str]]:
    """By library that the package imports: the parts of the package that do."""
    found: dict[str, set[str]] = {}
    for name, text in modules():
        for word in _imports(ast.parse(text)):
            library = BROUGHT.get(word, word)
            if library not in sys.stdlib_module_names and library != "aap_xl":
                found.setdefault(library, set()).add(name.partition("/")[0])
    return found


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    project, imported = _project(), _third_party()
    assert imported.keys() - LIBRARIES.keys() == _declared(project["dependencies"])
    extras = {name: _declared(items) for name, items in project["optional-dependencies"].items() if name != "dev"}
    assert {library: extra for extra, libraries in extras.items() for library in libraries} == {
        library: extra for library, (extra, _) in LIBRARIES.items()
    }


def test_a_library_of_an_extra_is_imported_behind_its_door_alone() -> None:
    imported = _third_party()
    assert {library: imported[library] for library in LIBRARIES} == PLACES


def test_every_extra_is_brought_by_tout_and_tout_by_dev() -> None:
    extras = _project()["optional-dependencies"]
    assert extras["tout"] == [f"aap-xl[{','.join(name for name in extras if name not in ('tout', 'dev'))}]"]
    assert "aap-xl[tout]" in extras["dev"]


COMMANDE = re.compile(r"^python3 -m venv .*$", re.MULTILINE)


def test_ci_runs_the_command_that_readme_gives() -> None:
    readme = COMMANDE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    ci = COMMANDE.findall((ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert len(readme) == 2, "one line for the demonstration, one for the tests"
    assert ci == [readme[1]]


def test_every_file_names_no_place_of_a_machine() -> None:
    """Tracked files hold no path of the machine they were written on."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    places = re.compile(rb"(?<![\w.])/(?:root|home|Users|work|tmp)/[\w.-]+/")
    wrong = [
        name
        for name in listed.stdout.split("\0")
        if name and (ROOT / name).is_file() and places.search((ROOT / name).read_bytes())
    ]
    assert not wrong
