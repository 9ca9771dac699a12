"""Without the libraries of the extras: what an operator needs works, the rest is refused in one sentence."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aap_xl.dossier import Dossier
from aap_xl.extras import LIBRARIES, LibraryMissing, extras, line

WORKBOOKS = Path(__file__).parents[1] / "workbooks"
SAMPLE = WORKBOOKS / "2025-3.3-exemple.xlsx"
BLOCKED = (*LIBRARIES, "numpy", "openpyxl", "python_calamine", "lxml", "dask")
"""Also what they bring, and what only the tests have."""
LINE = f'{sys.executable} -m pip install "aap-xl[departement]"'
_WITHOUT = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocker())
"""
_COMMAND = """
from aap_xl.faces.cli import main
sys.exit(main(sys.argv[1:]))
"""
_BUTTON = """
import types
from aap_xl.faces.excel import buttons
app = types.SimpleNamespace(alert=lambda message, *_, **__: print(message), screen_updating=True, enable_events=True)
api = types.SimpleNamespace(Date1904=False)
book = types.SimpleNamespace(app=app, fullname=sys.argv[1], name="suivi.xlsx", sheets=[], api=api)
buttons.calling = lambda: book
buttons.consolider_un_dossier()
"""
_DAY = ("--date", "20/01/2026")
_NEW = ("--porteur", "EXEMPLE", "--debut", "03/03/2025", "--fin", "31/12/2025")
CORE = [
    ("appels", "3.3"),
    ("appels", "3.7", "--relire"),
    ("regle", "P04"),
    ("nouveau", "3.7", "neuf.xlsx", *_NEW),
    ("controler", SAMPLE, *_DAY),
    ("controler", SAMPLE, "--json", *_DAY),
    ("bilan", SAMPLE, "-o", "bilan.xlsx", *_DAY),
    ("solde", SAMPLE, "--sortie", "solde.xlsx", *_DAY),
    ("renvoyer", SAMPLE, "-o", "renvois", "--commentaire", "Merci.", *_DAY),
    ("comparer", SAMPLE, SAMPLE, "--sortie", "comparaison.xlsx", *_DAY),
    ("cle", "creer", "cle.txt"),
    ("exemples", "exemples"),
    ("demo", "demo"),
]


def without(folder: Path, *words: str | Path, code: str = _COMMAND) -> "subprocess.CompletedProcess[str]":
    """A command, or other code, in a Python that can import none of them."""
    line = [sys.executable, "-c", _WITHOUT + code, *map(str, words)]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("words", CORE, ids=lambda words: " ".join(words[:1]))
def test_what_an_operator_needs_works_without_the_extras(words: tuple[str | Path, ...], tmp_path: Path) -> None:
    done = without(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_consolidation_without_its_extra_is_one_sentence(tmp_path: Path) -> None:
    done = without(tmp_path, "consolider", WORKBOOKS, "-o", "synthèse")
    assert done.returncode == 2
    assert done.stderr == (
        f"aap-xl : la consolidation demande la bibliothèque pyarrow, qui n'est pas installée ici ; tapez : {LINE}\n"
    )
    assert done.stdout == ""
    assert not (tmp_path / "synthèse").exists()


@pytest.mark.slow
def test_the_demonstration_then_plays_the_half_of_the_operator(tmp_path: Path) -> None:
    said = without(tmp_path, "demo", "d").stdout
    assert f"{LINE}\n" in said
    assert "synthèse de l'instructeur" not in said
    assert said.count("retrouvées : ") == 2
    assert (tmp_path / "d" / "2025-3.7 rempli - bilan.xlsx").exists()


def test_tables_for_analysts_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(LibraryMissing, match="une table pandas demande") as refused:
        Dossier.lire(SAMPLE).frames()
    assert str(refused.value).endswith(LINE)


def test_the_button_that_consolidates_says_it_too(tmp_path: Path) -> None:
    workbook = tmp_path / "suivi.xlsx"
    workbook.write_bytes(SAMPLE.read_bytes())
    done = without(tmp_path, workbook, code=_BUTTON)
    assert done.stderr == ""
    assert done.stdout.startswith("La consolidation demande la bibliothèque pyarrow")
    assert done.stdout.strip().endswith(LINE)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("x", name="pyarrow.lib"), True),
        (ImportError("DLL load failed", name="pandas._libs"), True),
        (ModuleNotFoundError("x", name="pyarrowed"), False),
        (ModuleNotFoundError("x", name="aap_xl.consolidation"), False),
        (ImportError("no name"), False),
    ],
)
def test_only_a_library_of_an_extra_is_said_so(error: ImportError, said: bool) -> None:
    with pytest.raises(LibraryMissing if said else type(error)) as raised, extras():
        raise error
    assert isinstance(raised.value, LibraryMissing) == said


def test_another_failure_passes_through(tmp_path: Path, aap: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = aap("consolider", tmp_path / "absent", "-o", tmp_path / "s")
    assert code == 2
    assert "pip install" not in err


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("/usr/bin/python3", '/usr/bin/python3 -m pip install "aap-xl[cluster]"'),
        (
            r"C:\Users\Élan du Bassin\python.exe",
            r'"C:\Users\Élan du Bassin\python.exe" -m pip install "aap-xl[cluster]"',
        ),
    ],
)
def test_the_line_names_this_python(python: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aap_xl.extras.executable", python)
    assert line("cluster") == said
