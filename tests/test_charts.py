"""A sheet « Bilan » that the operator deleted comes back with its charts."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from paquets import strict
from zips import parts, rezip

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.writing.bilan_charts import graphiques
from aap_xl.workbook.writing.workbooks import octets_bilan

CODES = ("3.3", "3.7")


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as source:
        return {name: source.read(name) for name in source.namelist()}


def _written(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def _without_bilan(path: Path) -> dict[str, bytes]:
    """The parts that Excel keeps when the sheet is deleted."""
    parts = _parts(path)
    book = parts["xl/workbook.xml"].decode()
    rank = re.findall(r'<sheet name="([^"]+)"', book).index(BILAN)
    element = re.search(rf'<sheet name="{BILAN}"[^>]*r:id="([^"]+)"/>', book)
    assert element
    book = book.replace(element[0], "")
    book = re.sub(
        r'localSheetId="(\d+)"', lambda found: f'localSheetId="{int(found[1]) - (int(found[1]) > rank)}"', book
    )
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    link = re.search(rf'<Relationship Id="{element[1]}"[^>]*Target="([^"]+)"/>', relations)
    assert link
    sheet = f"xl/{link[1]}"
    drawing = _target(parts, sheet, "drawings")[0]
    gone = [sheet, _rels(sheet), drawing, _rels(drawing), *_target(parts, drawing, "charts")]
    types = parts["[Content_Types].xml"].decode()
    for name in gone:
        del parts[name]
        types = re.sub(rf'<Override PartName="/{re.escape(name)}"[^>]*/>', "", types)
    parts["[Content_Types].xml"] = types.encode()
    parts["xl/workbook.xml"] = book.encode()
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(link[0], "").encode()
    return parts


def _rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _target(parts: dict[str, bytes], part: str, folder: str) -> list[str]:
    return [f"xl/{name}" for name in re.findall(rf"({folder}/\w+\.xml)", parts[_rels(part)].decode())]


def _charts(path: Path) -> list[tuple[Any, ...]]:
    """What each chart of « Bilan » shows, and where it stands."""
    sheet: Any = openpyxl.load_workbook(path)[BILAN]
    return [
        (
            type(chart).__name__,
            (chart.anchor._from.row, chart.anchor._from.col, chart.anchor.to.row, chart.anchor.to.col),
            [
                (serie.val.numRef.f, serie.cat.strRef.f if serie.cat.strRef else serie.cat.numRef.f)
                for serie in chart.series
            ],
        )
        for chart in sheet._charts
    ]


def _exemple(code: str, catalogue: Catalogue, path: Path) -> Dossier:
    exemple = next(e for e in exemples(erreurs=True) if e.appel == code)
    return remplir_classeur(path, exemple, catalogue.get(code), catalogue)


@pytest.fixture
def refaire() -> Callable[[Dossier, Path, Path], Path]:
    def write(dossier: Dossier, source: Path, target: Path) -> Path:
        target.write_bytes(octets_bilan(source.read_bytes(), dossier.donnees, dossier.anomalies, dossier.tableaux))
        return target

    return write


@pytest.mark.parametrize("code", CODES)
@pytest.mark.slow
def test_a_deleted_bilan_comes_back_with_the_charts_of_the_blank_one(
    catalogue: Catalogue, tmp_path: Path, code: str, refaire: Callable[[Dossier, Path, Path], Path]
) -> None:
    dossier = _exemple(code, catalogue, tmp_path / "suivi.xlsx")
    expected = _charts(refaire(dossier, tmp_path / "suivi.xlsx", tmp_path / "bilan.xlsx"))
    assert len(expected) == len(graphiques(dossier.appel))
    kept = _without_bilan(tmp_path / "suivi.xlsx")
    without = _written(tmp_path / "sans.xlsx", kept)
    again = refaire(dossier, without, tmp_path / "refait.xlsx")
    places = [(kind, place[:2], series) for kind, place, series in _charts(again)]
    assert places == [(kind, place[:2], series) for kind, place, series in expected]
    for (_, old, _), (_, new, _) in zip(expected, _charts(again), strict=True):
        assert abs(old[2] - new[2]) <= 1, "as tall as in the blank workbook, give or take a row"
        assert old[3] == new[3]
    parts = _parts(again)
    assert {name: parts[name] for name in kept if "chart" in name or "drawing" in name} == {
        name: content for name, content in kept.items() if "chart" in name or "drawing" in name
    }
    declared = re.findall(r'PartName="/([^"]+)"', parts["[Content_Types].xml"].decode())
    assert len(declared) == len(set(declared))
    assert set(declared) <= set(parts)
    assert refaire(dossier, again, tmp_path / "encore.xlsx").read_bytes() == again.read_bytes()


@pytest.mark.slow
def test_a_strict_workbook_gets_its_charts_in_its_own_flavour(
    catalogue: Catalogue, tmp_path: Path, refaire: Callable[[Dossier, Path, Path], Path]
) -> None:
    dossier = _exemple("3.3", catalogue, tmp_path / "suivi.xlsx")
    usual = _without_bilan(tmp_path / "suivi.xlsx")
    made = _parts(refaire(dossier, _written(tmp_path / "usuel.xlsx", usual), tmp_path / "refait.xlsx"))
    unlike = strict(rezip(usual))
    (tmp_path / "strict.xlsx").write_bytes(unlike)
    again = _parts(refaire(dossier, tmp_path / "strict.xlsx", tmp_path / "refait-strict.xlsx"))
    assert again.keys() == made.keys()
    for name in made.keys() - {"docProps/app.xml"}:
        if name.endswith((".xml", ".rels")):
            assert b"schemas.openxmlformats.org/spreadsheetml" not in again[name], name
            assert b"schemas.openxmlformats.org/officeDocument" not in again[name], name
    expected = parts(strict(rezip(made)))
    drawn = [name for name in made if "chart" in name or "drawing" in name]
    assert len(drawn) > 8
    assert {name: again[name] for name in drawn} == {name: expected[name] for name in drawn}
