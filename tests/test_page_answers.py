"""What the page's Python answers: the command's own objects, files and refusals, from bytes, and no traceback ever."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsb
from bombs import XLSX as BOMBS
from bombs import altered
from bombs_others import ODS, XLS, XLSB
from test_encrypted import compound, of_default_password

from aap_xl.faces import page
from aap_xl.faces.page import Breakdown, answer, verbs

Aap = Callable[..., tuple[int, str, str]]
JOUR = "2026-01-20"
_HERE = Path(__file__).parent
_OURS = _HERE.parent / "workbooks"
SAMPLES = [*sorted(_OURS.glob("*.xls?")), *sorted((_HERE / "workbooks").rglob("*.*"))]
SHORT = sorted((_HERE / "workbooks").glob("pieges-libreoffice.*"))
samples = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")


def ask(verb: str, *files: tuple[str, bytes], **args: object) -> tuple[dict[str, Any], list[tuple[str, str, bytes]]]:
    """What the page gets, on the day of these tests."""
    text, made = answer(verb, json.dumps({"jour": JOUR} | args), list(files))
    found: dict[str, Any] = json.loads(text)
    return found, made


def of(*paths: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in paths]


def told(said: str) -> str:
    """A sentence of the error stream, without what begins it."""
    return said.strip().removeprefix("aap-xl : ")


# --- the same as the commands ----------------------------------------------------------------------------------------


@samples
def test_checks_are_those_of_the_command(sample: Path, aap: Aap) -> None:
    code, out, err = aap("controler", sample, "--json", "--date", JOUR)
    found, made = ask("controler", *of(sample))
    assert made == []
    if code == 2:
        assert found == {"refus": told(err)}
    else:
        assert found["controle"] == json.loads(out)


@samples
def test_a_bilan_is_that_of_the_command_to_the_byte(sample: Path, aap: Aap, tmp_path: Path) -> None:
    copy = tmp_path / sample.name
    copy.write_bytes(sample.read_bytes())
    code, _, err = aap("bilan", copy, "--date", JOUR)
    found, made = ask("bilan", *of(sample))
    if code == 2:
        assert (found, made) == ({"refus": told(err)}, [])
    else:
        [(name, kind, content)] = made
        assert name == found["fichier"] == f"{sample.stem} - bilan{sample.suffix}"
        assert content == (tmp_path / name).read_bytes()
        assert ("macroEnabled" in kind) is (sample.suffix == ".xlsm")


@samples
def test_a_balance_is_that_of_the_command(sample: Path, aap: Aap, tmp_path: Path) -> None:
    code, out, err = aap("solde", sample, "--json", "--date", JOUR, "-o", tmp_path / "a.xlsx")
    found, made = ask("solde", *of(sample))
    if code == 2:
        assert found == {"refus": told(err)}
    else:
        assert found["solde"] == json.loads(out)
        assert [content for _, _, content in made] == [(tmp_path / "a.xlsx").read_bytes()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2025-3.3-vierge.xlsx", "2025-3.3-exemple.xlsx"),
        ("2025-3.7-exemple.xlsm", "2025-3.7-exemple.xlsx"),
        ("2025-3.3-exemple.xlsx", "2025-3.7-exemple.xlsx"),
    ],
)
def test_a_comparison_is_that_of_the_command(old: str, new: str, aap: Aap, tmp_path: Path) -> None:
    paths = _OURS / old, _OURS / new
    code, out, err = aap("comparer", *paths, "--json", "--date", JOUR, "-o", tmp_path / "a.xlsx")
    found, made = ask("comparer", *of(*paths))
    if code == 2:
        assert found == {"refus": told(err)}
    else:
        assert found == json.loads(out)
        assert [content for _, _, content in made] == [(tmp_path / "a.xlsx").read_bytes()]


@pytest.mark.parametrize("code", ["P04", "p4", "B7", "Z99", "", "P"])
def test_a_rule_is_explained_as_the_command_does(code: str, aap: Aap) -> None:
    returned, out, err = aap("regle", code, "--json")
    expected = {"refus": told(err)} if returned == 2 else json.loads(out)
    if code:
        assert ask("regle", code=code)[0] == expected


# --- refusals --------------------------------------------------------------------------------------------------------


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return buffer.getvalue()


_WHOLE = (_OURS / "2025-3.3-exemple.xlsx").read_bytes()
REFUSED: dict[str, tuple[str, bytes]] = {
    "empty": ("suivi.xlsx", b""),
    "one byte": ("suivi.xlsx", b"P"),
    "a text": ("suivi.xlsx", b"porteur;siret\n"),
    "a text, its own name": ("notes.txt", b"bonjour"),
    "a zip": ("suivi.xlsx", _zip(a=b"1")),
    "half of a workbook": ("suivi.xlsx", _WHOLE[: len(_WHOLE) // 2]),
    "all but its last byte": ("suivi.xlsx", _WHOLE[:-1]),
    "its first byte changed": ("suivi.xlsx", b"Q" + _WHOLE[1:]),
    "encrypted": ("suivi.xlsx", compound("EncryptionInfo", "EncryptedPackage")),
    "encrypted by the default password": ("suivi.xlsx", of_default_password()),
    "labelled": ("suivi.xlsx", compound("EncryptedPackage", "DRMEncryptedDataSpace")),
    "an .xls under restriction": ("suivi.xls", compound("Workbook", "\tDRMContent")),
    "an .xls without sheets": ("suivi.xls", compound("Workbook")),
    "an .xlsb that is not ours": ("suivi.xlsb", xlsb.ecrire({"Un": xlsb.Feuille([])})),
    "the mark of an open workbook": ("~$suivi.xlsx", b"\5Mme Exemple" + bytes(40)),
    "the mark of LibreOffice": (".~lock.suivi.ods#", b",exemple,machine;"),
    "a name with braces": ("{nom} « suivi ».xlsx", b"x"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_the_sentence_of_the_command(what: str, aap: Aap, tmp_path: Path) -> None:
    name, content = REFUSED[what]
    path = tmp_path / name
    path.write_bytes(content)
    code, _, err = aap("controler", path, "--date", JOUR)
    assert code == 2
    for verb, files in (("controler", [(name, content)]), ("solde", [(name, content)])):
        assert ask(verb, *files) == ({"refus": told(err)}, [])


@pytest.mark.parametrize(
    "what", ["strings of digits and dashes", "elements within elements", "entries", "an attribute of entities"]
)
def test_a_hostile_workbook_is_told_as_the_command_does(what: str, aap: Aap, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(_WHOLE)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(altered(BOMBS[what], parts))
    code, out, err = aap("controler", path, "--json", "--date", JOUR)
    found, _ = ask("controler", *of(path))
    assert found == {"refus": told(err)} if code == 2 else found["controle"] == json.loads(out)


# --- in a tab --------------------------------------------------------------------------------------------------------


def in_a_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader believes that it runs in a browser, where no process can be started."""
    monkeypatch.setattr("aap_xl.workbook.reading.others.process.sys.platform", "emscripten")
    monkeypatch.setattr("aap_xl.children.run", None)


@pytest.mark.parametrize("sample", SHORT, ids=lambda path: path.suffix)
def test_other_formats_are_read_without_a_child(sample: Path, aap: Aap, monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = aap("controler", sample, "--json", "--date", JOUR)
    in_a_tab(monkeypatch)
    assert ask("controler", *of(sample))[0]["controle"] == json.loads(out)


@pytest.mark.parametrize("what", [name for name in REFUSED if name.startswith("an .xls")])
def test_they_are_refused_alike(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ask("controler", REFUSED[what])
    in_a_tab(monkeypatch)
    assert ask("controler", REFUSED[what]) == expected


_OTHERS = [(end, what) for end, bombs in (("ods", ODS), ("xls", XLS), ("xlsb", XLSB)) for what in [*bombs][:4]]


@pytest.mark.slow
@pytest.mark.parametrize(("end", "what"), _OTHERS)
def test_a_hostile_file_is_read_alike_without_a_child(end: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = f"suivi.{end}", {"ods": ODS, "xls": XLS, "xlsb": XLSB}[end][what]()
    expected = ask("controler", (name, content))
    in_a_tab(monkeypatch)
    assert ask("controler", (name, content)) == expected


ABSENT = ["lxml", "pyarrow", "pandas", "numpy", "typst", "xlwings", "rich", "pydantic", "subprocess", "multiprocessing"]
ABSENT += ["fcntl", "resource", "termios", "distributed", "openpyxl"]
_ALONE = """
import json, sys
from pathlib import Path
class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
ABSENT = frozenset(json.loads(sys.argv[1]))
sys.meta_path.insert(0, Absent)
for name in ABSENT & set(sys.modules):
    del sys.modules[name]
sys.platform = "emscripten"
from aap_xl.faces.page import answer
for verb, args, paths in json.loads(sys.argv[2]):
    text, made = answer(verb, json.dumps(args), [(Path(path).name, Path(path).read_bytes()) for path in paths])
    assert "refus" not in json.loads(text), text
    print(verb, len(made))
"""


@pytest.mark.slow
def test_every_verb_does_without_what_a_tab_lacks() -> None:
    """The calls come from their cache, as in the page."""
    book, former = str(_OURS / "2025-3.3-exemple.xlsx"), str(_OURS / "2025-3.3-vierge.xlsx")
    questions: list[tuple[str, Mapping[str, object], list[str]]] = [
        ("appels", {}, []),
        ("nouveau", {"appel": "3.7", "identite": {"porteur": "EXEMPLE", "date_debut": "15/03/2025"}}, []),
        ("controler", {}, [book]),
        *[("controler", {}, [str(path)]) for path in SHORT],
        ("bilan", {}, [book]),
        ("comparer", {}, [former, book]),
        ("solde", {}, [book]),
        ("regle", {"code": "P04"}, []),
    ]
    assert {verb for verb, *_ in questions} == verbs.VERBS.keys()
    assert len(ask("appels")[0]["appels"]) == 2  # the calls are in the cache
    command = [sys.executable, "-c", _ALONE, json.dumps(ABSENT), json.dumps(questions)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split("\n")[:-1] == [
        f"{verb} {int(verb in {'nouveau', 'bilan', 'comparer', 'solde'})}" for verb, *_ in questions
    ]


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "args", "count", "said"),
    [
        ("détruire", "{}", 0, "ne connaît pas"),
        ("", "{}", 0, "ne connaît pas"),
        ("controler", "[]", 1, "illisible"),
        ("controler", "{", 1, "illisible"),
        ("controler", '{"jour": "hier"}', 1, "illisible"),
        ("controler", '{"jour": 3}', 1, "illisible"),
        ("regle", "{}", 0, "illisible"),
        ("regle", '{"code": 4}', 0, "illisible"),
        ("regle", '{"code": "Z99"}', 0, "inconnue"),
        ("nouveau", '{"appel": "9.9"}', 0, "inconnu"),
        ("nouveau", '{"appel": "3.3", "millesime": true}', 0, "illisible"),
        ("nouveau", '{"appel": "3.3", "identite": {"porteur": 1}}', 0, "illisible"),
        ("nouveau", '{"appel": "3.3", "identite": {"inconnu": "x"}}', 0, "ne demande pas"),
        ("nouveau", '{"appel": "3.3", "identite": {"date_debut": "32/01/2025"}}', 0, "Date de début"),
        ("nouveau", '{"appel": "3.3", "identite": {"siret": "123"}}', 0, "14 chiffres"),
        ("nouveau", '{"appel": "3.3", "identite": {"siret": "12345678200003"}}', 0, "clé de contrôle"),
        ("nouveau", '{"appel": "3.3", "identite": {"mds": "Ailleurs"}}', 0, "n'est pas une MDS"),
        ("controler", "{}", 0, "il faut un classeur, et aucun n'est donné"),
        ("bilan", "{}", 2, "il faut un classeur, et 2 sont donnés"),
        ("solde", "{}", 2, "il faut un classeur, et 2 sont donnés"),
        ("comparer", "{}", 1, "il faut deux classeurs, et un seul est donné"),
        ("comparer", "{}", 3, "il faut deux classeurs, et 3 sont donnés"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(verb: str, args: str, count: int, said: str) -> None:
    text, made = answer(verb, args, [("suivi.xlsx", _WHOLE)] * count)
    found = json.loads(text)
    assert (list(found), made) == (["refus"], [])
    assert said in found["refus"]


@pytest.mark.parametrize("name", ["", "/", "a/b/suivi.xlsx", "..", "\0", "x" * 5_000 + ".xlsx"])
def test_any_name_of_a_file_is_answered(name: str) -> None:
    assert ask("controler", (name, _WHOLE))[0]["controle"]["totaux"]["bloquante"] == 0


def test_a_fault_of_the_program_says_where_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Any:
        raise KeyError("Mme Exemple")

    monkeypatch.setattr(page, "VERBS", {"controler": broken})
    with pytest.raises(Breakdown) as told:
        answer("controler", "{}", [])
    assert str(told.value).startswith("KeyError, test_page_answers.py:")
    assert "Exemple" not in str(told.value)
    assert told.value.__cause__ is None


def test_memory_that_runs_out_is_left_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> Any:
        raise MemoryError

    monkeypatch.setattr(page, "VERBS", {"controler": full})
    with pytest.raises(MemoryError):
        answer("controler", "{}", [])
