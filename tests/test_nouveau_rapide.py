"""A blank workbook made from the prepared package of its call holds, cell for cell, what XlsxWriter builds."""

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.computed import CALCULS
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.template import prepared
from aap_xl.workbook.template.build import build

FICTIFS = Path(__file__).parent / "appels"
LE = dt.date(2025, 9, 15)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = "  =1+1 \"<&>'\t]]> e\u0301 \U0001f600 \u202e "

IDENTITES: dict[str, dict[str, Any]] = {
    "nothing known": {},
    "usual": {
        "porteur": "Association d'Exemple",
        "siret": "00000000000000",
        "date_depot": dt.date(2025, 1, 6),
        "date_debut": dt.date(2025, 3, 3),
        "date_fin": dt.date(2025, 12, 31),
        "intitule": "Remobilisation & ateliers",
        "convention": "2025-001",
    },
    "hostile": {"porteur": HOSTILE, "intitule": HOSTILE[::-1], "convention": "007"},
    "long": {"porteur": "x" * 32767, "intitule": "é" * 32767},
    "end before start": {"date_debut": dt.date(2026, 5, 1), "date_fin": dt.date(2025, 5, 1)},
    "far dates": {"date_debut": dt.date(1900, 3, 1), "date_fin": dt.date(2199, 12, 31)},
}


def appels() -> list[Appel]:
    return list(Catalogue([FICTIFS]))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "cache"))


def content(package: bytes) -> dict[str, Any]:
    """Every part but the shared strings; of a sheet, its cells (style, kind, formula, value) and the rest."""
    with ZipFile(BytesIO(package)) as source:
        assert source.testzip() is None
        parts: dict[str, Any] = {name: source.read(name) for name in source.namelist()}
    strings = [_text(item) for item in ElementTree.fromstring(parts.pop("xl/sharedStrings.xml"))]  # noqa: S314 - ours
    for name in [name for name in parts if "worksheets/sheet" in name]:
        sheet = ElementTree.fromstring(parts[name])  # noqa: S314 - ours
        cells = {cell.get("r"): _cell(cell, strings) for cell in sheet.iter(f"{MAIN}c")}
        parts[name] = cells, re.sub(rb"<c r=.*?(?=<row|</row>|<c r=)", b"", parts[name])
    return parts


def _cell(cell: Element, strings: list[str]) -> tuple[str | None, ...]:
    kind, value, formula = cell.get("t"), cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
    if kind == "s":
        kind, value = "inlineStr", strings[int(value or "")]
    elif kind == "inlineStr":
        value = _text(cell)
    return cell.get("s"), kind, formula, value


def _text(element: Element) -> str:
    return "".join(item.text or "" for item in element.iter(f"{MAIN}t"))


@pytest.mark.slow
@pytest.mark.parametrize("appel", appels(), ids=lambda appel: appel.nom[:8])
def test_a_prepared_workbook_holds_what_the_built_one_does(appel: Appel) -> None:
    for name, identite in IDENTITES.items():
        known = {nom: valeur for nom, valeur in identite.items() if nom in appel.classeur.operation}
        if name == "usual" and appel.mds:
            known["mds"] = appel.mds[0].code
        made, built = prepared.new(appel, known, aujourdhui=LE), build(appel, known, aujourdhui=LE)
        ours, theirs = content(made), content(built)
        assert [part for part in theirs if ours.get(part) != theirs[part]] == [], name
        assert ours.keys() == theirs.keys()


@pytest.mark.parametrize("make", [prepared.new, build])
def test_a_text_that_no_cell_can_hold_is_refused(make: Callable[..., bytes]) -> None:
    with pytest.raises(EcritureImpossible, match=r"« Nom du porteur » a 32768 caractères.* raccourcissez"):
        make(appels()[0], {"porteur": "x" * 32768}, aujourdhui=LE)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [b"", b"{}\n", b"[1]\nPK", b"\xff\xfe\n", b'{"source": "other"}\nPK'])
def test_an_entry_of_the_cache_that_is_not_ours_is_made_again(spoil: bytes, tmp_path: Path) -> None:
    appel = appels()[0]
    first = prepared.new(appel, {"porteur": "Exemple"}, aujourdhui=LE)
    [entry] = (tmp_path / "cache" / "aap_xl").glob("*.vierge")
    kept = entry.read_bytes()
    entry.write_bytes(spoil)
    assert prepared.new(appel, {"porteur": "Exemple"}, aujourdhui=LE) == first
    assert entry.read_bytes() == kept


def test_without_a_cache_the_workbook_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    appel = appels()[0]
    first = prepared.new(appel, {}, aujourdhui=LE)
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "file"))
    assert prepared.new(appel, {}, aujourdhui=LE) == first


def test_a_computed_column_that_depends_on_the_operation_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    table, champ = next(iter(CALCULS))
    appel = next(appel for appel in appels() if appel.identite.code == "3.3")
    shown = {**CALCULS, (table, champ): lambda _, donnees: donnees.operation.porteur}
    monkeypatch.setattr(prepared, "CALCULS", shown)
    built = build(appel, {}, aujourdhui=LE)
    monkeypatch.setattr(prepared, "_build", lambda appel, identite, jour: b"built" if identite else built)
    assert prepared.new(appel, {"porteur": "Exemple"}, aujourdhui=LE) == b"built"


def test_the_second_workbook_of_a_call_needs_no_writer_of_spreadsheets(tmp_path: Path) -> None:
    """XlsxWriter, pydantic and the like take most of the time of whoever imports them."""
    script = (
        "import sys; from aap_xl.faces.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'xlsxwriter', 'pydantic', 'lxml', 'pandas', 'numpy', 'dataclasses', 'hashlib', 'argparse'};"
        "print(sorted(heavy & {*sys.modules}))"
    )
    for name in ("un.xlsx", "deux.xlsx"):
        words = ["nouveau", "3.3", str(tmp_path / name), "--porteur", "Association d'Exemple"]
        done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
