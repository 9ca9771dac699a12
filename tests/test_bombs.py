"""A budget of work per file: whatever a file asks for, it is read or refused within 2 s of processor and 200 MiB.

Whole commands, the start of Python included, in a process of their own.
"""

import json
import os
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from bombs import MARGINS, XLSX, altered
from bombs_others import ODS, XLS, XLSB
from fabrique import classeur, operation_type
from zips import parts, rezip

from aap_xl.appels.model import Appel
from aap_xl.dossier import Dossier
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.directory import directory
from aap_xl.workbook.ooxml.wholeness import STYLES_TAGS_MAX, Fault, check
from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.files.zip_parts import Parts

SECONDS_MAX, MIB_MAX = 4.0, 200
"""Twice the two seconds that are meant: a machine shared with others takes that much longer for the same work."""
_OTHERS = {
    f"{name}.{kind}": make for kind, made in (("ods", ODS), ("xls", XLS), ("xlsb", XLSB)) for name, make in made.items()
}
_XLSX = {f"{name}.xlsx": bomb for name, bomb in XLSX.items()}
_QUICK = {
    "merges, each of the whole table.xlsx",
    "conditions.xlsx",
    "names.xlsx",
    "empty cells.xlsx",
    "repeated formulas.ods",
    "short strings.xls",
    "cells.xlsb",
}
"""Those of the inner loop."""
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


def _bomb(name: str, base: bytes) -> bytes:
    return altered(_XLSX[name], parts(base)) if name in _XLSX else _OTHERS[name]()


def _measure(words: list[str], cache: Path) -> tuple[int, str, float, float]:
    env = os.environ | {"AAP_XL_CACHE": str(cache)}
    between = [sys.executable, "-c", "import os, sys; os.execv(sys.argv[1], sys.argv[1:])", sys.executable]
    done = subprocess.run([*between, "-c", _MEASURED, *words], env=env, capture_output=True, check=True, timeout=120)
    code, said, seconds, mib = json.loads(done.stdout)
    return code, said, seconds, mib


def _commands(source: Path) -> dict[str, list[str]]:
    out = source.with_name("out")
    commands = {
        "controler": ["controler", str(source)],
        "bilan": ["bilan", str(source)],
        "consolider": ["consolider", str(source), "-o", str(out), "--silencieux", "--processus", "1"],
    }
    return commands if source.suffix == ".xlsx" else {name: commands[name] for name in ("controler", "consolider")}


def _within_bounds(source: Path, folder: Path) -> dict[str, int]:
    """Give a file to every command. Returns: their exit codes."""
    cache = folder / "appels"
    _measure(["appels"], cache)
    codes = {}
    for command, words in _commands(source).items():
        code, said, seconds, mib = _measure(words, cache)
        assert (command, code in (0, 1, 2), "erreur du programme" in said) == (command, True, False), said
        assert (command, said.count("\n") <= 1 or code != 2) == (command, True), said
        assert (command, seconds <= SECONDS_MAX, mib <= MIB_MAX) == (command, True, True), (seconds, mib)
        codes[command] = code
    return codes


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in _QUICK else pytest.mark.slow) for name in (*_XLSX, *_OTHERS)],
)
def test_a_bomb_is_read_or_refused_within_bounds(
    name: str, base: bytes, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = tmp_path / f"bombe.{name.rpartition('.')[2]}"
    source.write_bytes(_bomb(name, base))
    _within_bounds(source, tmp_path_factory.getbasetemp())


@pytest.mark.slow
@pytest.mark.parametrize("name", MARGINS)
def test_what_people_may_have_is_read_and_written_within_the_same_bounds(
    name: str, base: bytes, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = tmp_path / "suivi.xlsx"
    source.write_bytes(altered(MARGINS[name], parts(base)))
    codes = _within_bounds(source, tmp_path_factory.getbasetemp())
    assert (codes["controler"], codes["bilan"]) == (1, 1)


@pytest.mark.parametrize(
    ("sizes", "refused"),
    [
        pytest.param([96, 32], False, id="two large parts, as much as may be read in all"),
        pytest.param([96, 32, 1], True, id="more than may be read in all"),
        pytest.param([128], False, id="as large as a part may be"),
        pytest.param([129], True, id="a part too large"),
        pytest.param([4] * 32, False, id="parts that are kept, as many as may be"),
        pytest.param([*[4] * 32, 1], True, id="one more than may be kept"),
    ],
)
def test_parts_are_inflated_within_what_is_read_in_all(sizes: list[int], refused: bool) -> None:
    data = rezip({f"{n}.bin": bytes(size * 2**20) for n, size in enumerate(sizes)})
    found = Parts(data, directory(data))
    *others, last = found
    assert sum(len(found[name]) for name in others) == sum(sizes[:-1]) * 2**20
    with pytest.raises(FichierRefuse, match="volumineux") if refused else nullcontext():
        assert len(found[last]) == sizes[-1] * 2**20


@pytest.mark.parametrize(("beyond", "faulty"), [(0, ""), (1, "xl/styles.xml")])
def test_styles_that_would_take_seconds_to_edit(beyond: int, faulty: str, base: bytes) -> None:
    found = parts(base)
    styles = found["xl/styles.xml"]
    more = b"<!---->" * (STYLES_TAGS_MAX + beyond - styles.count(b"<"))
    found["xl/styles.xml"] = styles.replace(b"</styleSheet>", more + b"</styleSheet>")
    opened = reconnaitre(rezip(found))
    with pytest.raises(Fault, match=faulty) if faulty else nullcontext():
        check(opened.parties, opened.entrees, opened.octets, ValueError)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("names.xlsx", "plus de 196608 éléments (surtout des noms définis) dans une de ses parties"),
        ("strings.xlsx", "plus de 524288 textes différents"),
        ("formulas.xlsx", "plus de 131072 formules dans une de ses feuilles"),
        ("relations.xlsx", "plus de 8192 éléments (surtout des liens entre ses parties)"),
        ("a row of long texts.xlsx", "plus de 4 Mio dans une de ses lignes"),
        ("sheets.ods", "plus de 200 feuilles"),
        ("rows of one cell.ods", "plus de 1048576 éléments (surtout des lignes) dans une de ses parties"),
        ("short strings.xls", "plus de 393216 valeurs"),
        ("merged cells.xlsb", "plus de 16384 cellules fusionnées"),
    ],
)
def test_a_limit_of_ours_says_what_there_is_too_much_of(name: str, said: str, base: bytes, tmp_path: Path) -> None:
    source = tmp_path / f"bombe.{name.rpartition('.')[2]}"
    source.write_bytes(_bomb(name, base))
    with pytest.raises(FichierRefuse, match=re.escape(said)) as refused:
        Dossier.lire(source)
    assert "abîmé" not in str(refused.value)
    assert "recopiez les valeurs de ses feuilles dans un classeur vierge" in str(refused.value)
    assert ("enregistrez-le au format .xlsx" in str(refused.value)) is not name.endswith(".xlsx")


def test_rows_written_otherwise_are_to_be_saved_again(base: bytes, tmp_path: Path) -> None:
    source = tmp_path / "bombe.xlsx"
    source.write_bytes(_bomb("hidden rows.xlsx", base))
    with pytest.raises(EcritureImpossible, match=r"surtout des lignes.* ; enregistrez-le à nouveau dans Excel.*vierge"):
        Dossier.lire(source).octets_bilan()


def test_the_bilan_that_a_limit_forbids_is_announced_and_refused_with_a_remedy(base: bytes, tmp_path: Path) -> None:
    source = tmp_path / "bombe.xlsx"
    source.write_bytes(_bomb("styles.xlsx", base))
    dossier = Dossier.lire(source, ecriture=True)
    [told] = [str(item) for item in dossier.anomalies if item.code == "F21"]
    with pytest.raises(EcritureImpossible) as refused:
        dossier.octets_bilan()
    for sentence in (told, str(refused.value)):
        assert "« xl/styles.xml »" in sentence
        assert "plus de 65536 éléments (surtout des formats de cellules)" in sentence
        assert "classeur vierge (aap-xl nouveau)" in sentence
        assert "abîmé" not in sentence
