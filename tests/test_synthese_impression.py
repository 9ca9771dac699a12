"""How ``synthese.xlsx`` is printed: what each page says, where pages end."""

import itertools
import subprocess
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import jeu
import openpyxl
import pytest
from libreoffice import PDF, convertir

from aap_xl.consolidation import synthese
from aap_xl.consolidation.synthese.blocks import ECHELLE, PAGE
from aap_xl.consolidation.synthese.stream import PETIT
from aap_xl.workbook.paper.grid import plain
from aap_xl.workbook.paper.measure import characters
from aap_xl.workbook.paper.styles import ACCENT

pytestmark = pytest.mark.slow

TITRE = "Synthèse des opérations"


def _ecrire(folder: Path, operations: int) -> Path:
    target = folder / f"synthese{operations}.xlsx"
    tables = jeu.jeu(operations, 3).ecrire(folder / f"tables{operations}")
    synthese.ecrire(tables, target, seuil=5, avec_cle=True, aujourdhui=jeu.LE)
    return target


def _titre(sheet: Any, row: int) -> bool:
    """Whether a block begins on a row: its title is on a ground of its own."""
    cell = sheet.cell(row, 1)
    return bool(cell.value and cell.fill.fgColor.rgb == f"FF{plain(ACCENT)}")


@pytest.mark.parametrize("operations", [2, 9, 20, 60, 150])
def test_no_block_is_cut_that_a_page_can_hold(tmp_path: Path, operations: int) -> None:
    sheet: Any = openpyxl.load_workbook(_ecrire(tmp_path, operations))["Synthèse"]
    assert sheet.page_setup.scale == ECHELLE

    def height(first: int, last: int) -> float:
        return sum(sheet.row_dimensions[row].height or 15 for row in range(first, last + 1))

    titles = [row for row in range(4, sheet.max_row + 1) if _titre(sheet, row)]
    assert len(titles) > 6
    breaks = [item.id for item in sheet.row_breaks.brk]
    assert breaks == sorted(set(breaks))
    assert all(row + 1 in titles for row in breaks)
    bounds = [4, *(row + 1 for row in breaks), sheet.max_row + 1]
    for top, below in itertools.pairwise(bounds):
        inside = [row for row in titles if top <= row < below]
        if len(inside) > 1 or top == 4:
            assert height(top, below - 2) <= PAGE + 15, (top, below)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("impression")
    content = _ecrire(folder, 20).read_bytes()
    pdf = convertir({"synthese.xlsx": content}, folder, PDF)["synthese.xlsx"]
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.split("\f")[:-1]]


def _aides(chemin: Path) -> dict[str, str]:
    sheets: Any = openpyxl.load_workbook(chemin).worksheets
    return {s.title: " ".join(filter(None, (s["A2"].value, s["A3"].value))) for s in sheets}


@pytest.mark.libreoffice
def test_the_help_of_a_sheet_is_whole_on_every_page_that_has_its_title(tmp_path: Path, pages: list[str]) -> None:
    wide = {"Opérations": 4, "Porteurs": 2, "Fichiers": 2}
    aides = _aides(_ecrire(tmp_path, 20))
    for nom, count in wide.items():
        printed = [page for page in pages if page.startswith(f"{nom} ")]
        assert len(printed) == count, nom
        assert all(aides[nom] in page for page in printed), nom


@pytest.mark.libreoffice
def test_each_page_of_the_synthesis_begins_with_a_block(tmp_path: Path, pages: list[str]) -> None:
    sheet: Any = openpyxl.load_workbook(_ecrire(tmp_path, 20))["Synthèse"]
    printed = [page for page in pages if page.startswith(TITRE)]
    assert len(printed) == len(sheet.row_breaks.brk) + 1
    for page, item in zip(printed[1:], sheet.row_breaks.brk, strict=True):
        first = f"{TITRE} {sheet['A2'].value} {sheet.cell(item.id + 1, 1).value}"
        assert page.startswith(first)


def test_the_help_takes_two_lines_only_where_columns_are_repeated(tmp_path: Path) -> None:
    for sheet in openpyxl.load_workbook(_ecrire(tmp_path, 9)).worksheets:
        columns = sheet.print_title_cols
        assert (sheet["A3"].value is not None) is (columns is not None), sheet.title
        if columns:
            last = columns.replace("$", "").partition(":")[2]
            repeated = ascii_uppercase[: ascii_uppercase.index(last) + 1]
            width = sum(sheet.column_dimensions[letter].width for letter in repeated)
            assert max(len(str(sheet[cell].value)) for cell in ("A2", "A3")) <= characters(width, PETIT)
