"""Where the printed pages of the bilan end, and how LibreOffice prints it."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import exige

from aap_xl.anomalies import Anomalie
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Colonne, Tableau, tableaux
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier
from aap_xl.faces.commands.pdf import exporter
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.rows import Nature, Operation
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.paper.grid import Grid
from aap_xl.workbook.paper.page import PAGE_HEIGHT
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.bilan_charts import graphiques
from aap_xl.workbook.writing.bilan_layout import placer
from aap_xl.workbook.writing.bilan_pages import SUITE
from aap_xl.workbook.writing.bilan_sheet import bilan
from aap_xl.workbook.writing.workbooks import octets_bilan

pytestmark = pytest.mark.slow

CODES = ("3.3", "3.7")
JOUR = date(2026, 1, 1)
_COLONNES = (Colonne("Rubrique"), Colonne("Texte", Nature.LONG), Colonne("Montant", Nature.MONTANT))
_LANGUES = st.sampled_from([0, 1, 5, 40, 200, 1500])
"""Words of a text: from an empty one to one that several rows must show."""


def _personne(appel: Appel) -> Donnees:
    return Donnees(appel, Operation(**dict.fromkeys(Operation.champs)), {}, JOUR)


def _fixes(appel: Appel) -> list[Tableau]:
    return [tableau for tableau in tableaux(_personne(appel)) if tableau.fixe]


def _long(cle: str, longueurs: Sequence[int], *, total: bool = False, note: str = "") -> Tableau:
    """A table whose size depends on the data; each line says which it is."""
    lignes = [(f"{cle}{rank}", " ".join(["mot"] * mots) or None, None) for rank, mots in enumerate(longueurs)]
    end = ("Total", None, None) if total else None
    return Tableau(cle, f"Tableau {cle}", _COLONNES, [*lignes], end, note, "Article")


def _pages(grid: Grid) -> list[tuple[int, int]]:
    """First and last row of each printed page."""
    last = max(row for row, *_ in grid.cells())
    return [(before + 1, end) for before, end in pairwise([0, *grid.breaks, last])]


def _room(grid: Grid) -> float:
    return PAGE_HEIGHT / grid.scale * 100


def _colonne(grid: Grid) -> dict[int, Any]:
    return {row: value for row, column, value, _ in grid.cells() if column == 1 and value is not None}


def _exemple(code: str, catalogue: Catalogue, folder: Path) -> Dossier:
    exemple = next(e for e in exemples(erreurs=True) if e.appel == code)
    return remplir_classeur(folder / "suivi.xlsx", exemple, catalogue.get(code), catalogue)


@given(
    st.sampled_from(CODES),
    st.lists(st.tuples(st.lists(_LANGUES, max_size=60), st.booleans(), st.booleans()), min_size=1, max_size=4),
)
def test_pages_hold_what_they_can_and_no_line_is_lost(code: str, tailles: list[tuple[list[int], bool, bool]]) -> None:
    appel = Catalogue().get(code)
    longs = [
        _long(f"t{rank}-", longueurs, total=total, note="Une note." if note else "")
        for rank, (longueurs, total, note) in enumerate(tailles)
    ]
    grid = bilan(_personne(appel), [], [*_fixes(appel), *longs])
    room, first = _room(grid), _colonne(grid)
    pages = _pages(grid)
    assert grid.breaks == sorted(set(grid.breaks))
    for top, bottom in pages:
        assert grid.height(top, bottom) <= room, (top, bottom)
        assert any(top <= row <= bottom for row in first), "a page without anything"
    expected = [str(line[0]) for tableau in longs for line in tableau.lignes]
    assert [value for value in first.values() if re.fullmatch(r"t\d+-\d+", str(value))] == expected
    words = sum(str(value).split().count("mot") for _, _, value, _ in grid.cells())
    assert words == sum(longueur for longueurs, _, _ in tailles for longueur in longueurs)
    titles = [value for value in first.values() if str(value).startswith("Tableau ")]
    assert [title for title in titles if not title.endswith(SUITE)] == [tableau.titre for tableau in longs]
    for row, value in first.items():
        if str(value).endswith(SUITE):
            assert row in {top for top, _ in pages}, "a table goes on at the top of a page only"
            assert first[row + 1] == _COLONNES[0].titre


@pytest.mark.parametrize(
    ("avant", "lignes", "parties"),
    [(16, 8, 1), (26, 8, 1), (26, 10, 2), (16, 26, 2), (16, 80, 3)],
    ids=["it fits", "a short one waits for the next page", "a longer one is cut", "begins in what is left", "goes on"],
)
def test_a_long_table_is_cut_and_a_short_one_is_not(appel33: Appel, avant: int, lignes: int, parties: int) -> None:
    longs = [_long("a", [1] * avant), _long("b", [1] * lignes, total=True, note="Note.")]
    grid = bilan(_personne(appel33), [], longs)
    titles = {row: title for row, title in _colonne(grid).items() if str(title).startswith("Tableau b")}
    assert len(titles) == parties
    assert len(_pages(grid)) == max(parties, 1 + (avant + lignes > 30))
    if parties > 1:
        assert min(titles) < grid.breaks[0]
    assert all(row - 1 in grid.breaks for row in list(titles)[1:])


def test_a_cut_leaves_two_lines_on_either_side(appel33: Appel) -> None:
    seen = set()
    for before in range(40):
        grid = bilan(_personne(appel33), [], [_long("a", [1] * before), _long("b", [1] * 30, total=True)])
        for top, bottom in _pages(grid):
            shown = [str(_colonne(grid).get(row)) for row in range(top, bottom + 1)]
            seen.add(sum(re.fullmatch(r"b\d+", text) is not None for text in shown))
    assert len(seen - {0, 30}) > 5
    assert seen.isdisjoint({1, 29})


@pytest.mark.parametrize("code", CODES)
def test_no_page_ends_while_the_next_table_would_fit(catalogue: Catalogue, tmp_path: Path, code: str) -> None:
    dossier = _exemple(code, catalogue, tmp_path)
    fixes = [tableau for tableau in dossier.tableaux if tableau.fixe]
    grid = bilan(dossier.donnees, dossier.anomalies, fixes)
    charts = {int(re.sub(r"\D", "", item.ancre)): item.hauteur * 0.75 for item in graphiques(dossier.appel)}
    tops = {top for top, _ in _pages(grid)}
    blocs = [bloc for bloc in placer(fixes, dossier.appel) if bloc.debut == 1]
    begun = [bloc for bloc in blocs if {bloc.ligne, bloc.ligne - 1} & tops]
    assert len(begun) == len(grid.breaks) > 4
    for (top, _), bloc in zip(_pages(grid), begun, strict=False):
        content = max(grid.height(bloc.ligne, bloc.suivante - 2), charts.get(bloc.ligne, 0.0))
        assert grid.height(top, bloc.ligne - 1) + content > _room(grid), bloc.tableau.cle


@pytest.mark.parametrize("code", CODES)
def test_no_page_but_the_last_is_half_empty(catalogue: Catalogue, tmp_path: Path, code: str) -> None:
    dossier = _exemple(code, catalogue, tmp_path)
    grid = bilan(dossier.donnees, dossier.anomalies, dossier.tableaux)
    filled = [grid.height(*page) / _room(grid) for page in _pages(grid)[:-1]]
    assert min(filled) > 0.6
    assert sum(filled) / len(filled) > 0.85


@pytest.mark.parametrize("code", CODES)
def test_no_chart_is_cut_wherever_the_pages_end(catalogue: Catalogue, code: str) -> None:
    appel = catalogue.get(code)
    nobody = _personne(appel)
    charts = {int(re.sub(r"\D", "", item.ancre)): item.hauteur * 0.75 for item in graphiques(appel)}
    for mots in range(0, 700, 10):
        nobody.operation.intitule = "mot " * mots
        grid = bilan(nobody, [], [tableau for tableau in tableaux(nobody) if tableau.fixe])
        for row, height in charts.items():
            top = next(top for top, bottom in _pages(grid) if top <= row <= bottom)
            assert grid.height(top, row - 1) + height <= _room(grid), (mots, row)


def _setup(content: bytes) -> tuple[dict[str, str], str | None, list[int]]:
    """The page setup of « Bilan », whether it is fitted to its pages, where these end."""
    sheet = Workbook(content).sheet(BILAN)
    fitted = next(iter(sheet.root.iter(f"{sheet.ns}pageSetUpPr")), None)
    breaks = [int(item.get("id", "")) for item in sheet.root.iter(f"{sheet.ns}brk")]
    return (
        dict(sheet.root.findall(f"{sheet.ns}pageSetup")[0].attrib),
        None if fitted is None else fitted.get("fitToPage"),
        breaks,
    )


def _fitted(sheet: Sheet) -> None:
    """As workbooks made before had it."""
    properties = sheet.child("sheetPr")
    if properties is None:
        properties = sheet.place(sheet.element("sheetPr"))
    properties.append(sheet.element("pageSetUpPr", fitToPage="1"))
    [setup] = sheet.children("pageSetup")
    setup.attrib.clear()
    setup.attrib.update({"fitToHeight": "0", "orientation": "portrait"})
    sheet.changed = True


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("avant", ["blank", "fitted", "no setup", "no sheet"])
def test_breaks_come_with_the_scale_they_were_found_for(
    catalogue: Catalogue, tmp_path: Path, code: str, avant: str
) -> None:
    """Excel ignores the page breaks of a sheet that is fitted to its pages."""
    dossier = _exemple(code, catalogue, tmp_path)
    if avant == "no sheet":
        book = openpyxl.load_workbook(tmp_path / "suivi.xlsx")
        del book[BILAN]
        book.save(tmp_path / "suivi.xlsx")
    source = (tmp_path / "suivi.xlsx").read_bytes()
    if avant in {"fitted", "no setup"}:
        workbook = Workbook(source)
        _fitted(workbook.sheet(BILAN))
        if avant == "no setup":
            workbook.sheet(BILAN).replace("pageSetup", None)
        source = workbook.save()
    grid = bilan(dossier.donnees, dossier.anomalies, dossier.tableaux)
    setup, fitted, breaks = _setup(octets_bilan(source, dossier.donnees, dossier.anomalies, dossier.tableaux))
    assert setup == {"paperSize": "9", "scale": str(grid.scale), "orientation": "landscape"}
    assert fitted is None
    assert breaks == grid.breaks


@pytest.mark.parametrize(("code", "pages"), [("3.3", 6), ("3.7", 8)])
def test_the_blank_bilan_has_its_pages_too(catalogue: Catalogue, code: str, pages: int) -> None:
    setup, fitted, breaks = _setup(build(catalogue.get(code), {}, aujourdhui=JOUR))
    assert setup["scale"] == "70"
    assert fitted is None
    assert len(breaks) == pages - 1


def _texts(pdf: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def _printed(content: bytes, folder: Path) -> list[str]:
    """The text of each printed page of « Bilan »."""
    exige()
    exporter(content, folder / "bilan.pdf")
    pages = _texts(folder / "bilan.pdf")
    return list(_before(pages, "Contrôle du classeur"))


def _before(pages: Sequence[str], title: str) -> Iterator[str]:
    for page in pages:
        if title in page:
            return
        yield page


@pytest.mark.libreoffice
@pytest.mark.parametrize("code", CODES)
def test_libreoffice_prints_the_pages_that_were_meant(catalogue: Catalogue, tmp_path: Path, code: str) -> None:
    """No page more than the breaks make: neither a row nor a column falls out of one."""
    dossier = _exemple(code, catalogue, tmp_path)
    source = (tmp_path / "suivi.xlsx").read_bytes()
    longs = [_long("x", [1] * 150, total=True), _long("y", [1500, 40, 900], note="Une note.")]
    everything = [*dossier.tableaux, *longs]
    anomalies: list[Anomalie] = []
    grid = bilan(dossier.donnees, anomalies, everything)
    pages = _printed(octets_bilan(source, dossier.donnees, anomalies, everything), tmp_path)
    assert len(pages) == len(grid.breaks) + 1 > 10
    first = _colonne(grid)
    for (top, _), page in zip(_pages(grid), pages, strict=True):
        title = next(first[row] for row in (top, top + 1) if row in first)
        assert " ".join(str(title).split()) in " ".join(page.split()[:12])
