"""The cached values of computed cells: all of them, from nothing, and those of lines that were cleared."""

import io
from pathlib import Path

import generator
import openpyxl
import pytest
from oracle import attendu, pareil, trouve, voulu

from aap_xl.appels.loader import Catalogue
from aap_xl.cells import a1
from aap_xl.dossier import Dossier
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.computed import Refreshed, refresh
from aap_xl.workbook.writing.workbooks import actualiser, remplir

NOM = Path("suivi.xlsx")


def _relu(case: generator.Dossier, octets: bytes, catalogue: Catalogue) -> Dossier:
    return Dossier.lire(NOM, catalogue, case.aujourdhui, octets)


def _classeur(case: generator.Dossier) -> bytes:
    return remplir(build(case.appel, {}, aujourdhui=case.aujourdhui), case.operation, case.tables, case.appel)


@pytest.mark.slow
@pytest.mark.parametrize("code", ["3.3", "3.7"])
@pytest.mark.parametrize("seed", [0, pytest.param(3, marks=pytest.mark.slow)])
def test_every_cached_value_comes_back_after_a_library_dropped_them(code: str, seed: int, catalogue: Catalogue) -> None:
    case = generator.dossier(catalogue.get(code), seed, 25)
    stripped = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(_classeur(case))).save(stripped)
    donnees = _relu(case, stripped.getvalue(), catalogue).donnees
    expected = list(attendu(donnees))
    bare = openpyxl.load_workbook(stripped, data_only=True)
    assert all(bare[feuille][place].value is None for feuille, place, _, _ in expected)
    book = openpyxl.load_workbook(io.BytesIO(actualiser(stripped.getvalue(), donnees)), data_only=True)
    wrong = [
        (feuille, place, nom, found, wanted)
        for feuille, place, nom, value in expected
        if not pareil(found := trouve(book[feuille][place].value), wanted := voulu(value))
    ]
    assert len(expected) > 500
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("line", [0, 1, -1], ids=["first", "second", "last"])
@pytest.mark.parametrize("formules", [True, False], ids=["formulas left", "formulas cleared too"])
@pytest.mark.parametrize("nom", ["participants", pytest.param("depenses", marks=pytest.mark.slow)])
def test_a_cleared_line_shows_nothing(nom: str, formules: bool, line: int, catalogue: Catalogue) -> None:
    appel = catalogue.get("3.3")
    case = generator.dossier(appel, 1, 12)
    table = layout.tables(appel)[nom]
    row = layout.DONNEES + range(len(case.tables[nom]))[line]
    whole = _classeur(case)
    shown = actualiser(whole, _relu(case, whole, catalogue).donnees)
    workbook = Workbook(shown)
    sheet = workbook.sheet(table.feuille)
    computed = [table.colonnes[champ.nom] for champ in table.champs if champ.calcule]
    before = openpyxl.load_workbook(io.BytesIO(shown), data_only=True)[table.feuille]
    assert any(before.cell(row, column).value is not None for column in computed)
    for champ in table.champs:
        if not (champ.calcule and formules):
            sheet.set_value(sheet.make_cell(row, table.colonnes[champ.nom]), None)
    cleared = workbook.save()
    done = actualiser(cleared, _relu(case, cleared, catalogue).donnees)
    values = openpyxl.load_workbook(io.BytesIO(done), data_only=True)[table.feuille]
    texts = openpyxl.load_workbook(io.BytesIO(done))[table.feuille]
    for column in computed:
        assert values.cell(row, column).value is None, a1(row, column)
        other = row + 1 if line == 0 else row - 1
        assert texts.cell(row, column).value == texts.cell(other, column).value, a1(row, column)


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_what_may_change_is_the_computed_cells_alone(code: str, stripped: bool, catalogue: Catalogue) -> None:
    """Places are those of the layout; cells that had no value are named, and no other."""
    case = generator.dossier(catalogue.get(code), 1, 12)
    content = _classeur(case)
    content = actualiser(content, _relu(case, content, catalogue).donnees)
    if stripped:
        bare = io.BytesIO()
        openpyxl.load_workbook(io.BytesIO(content)).save(bare)
        content = bare.getvalue()
    donnees = _relu(case, content, catalogue).donnees
    done = refresh(Workbook(content), donnees)
    tables = layout.tables(case.appel)
    computed = {nom: {t.colonnes[champ.nom] for champ in t.champs if champ.calcule} for nom, t in tables.items()}
    filled = {nom: rows for nom in tables if computed[nom] and (rows := donnees.rows(nom))}
    assert done.columns == {tables[nom].feuille: (layout.DONNEES, computed[nom]) for nom in filled}
    assert done.named == {(item.feuille, item.ligne, item.colonne) for item in synthese.cellules(case.appel)}
    assert done.sheets == set()
    lacking = {
        (tables[nom].feuille, a1(row.ligne, column))
        for nom in filled
        for row in filled[nom]
        for column in computed[nom]
    }
    assert {cell for cell in done.cells if cell[0] not in {"Budget", "Tableau de bord"}} == (
        lacking if stripped else set()
    )


@pytest.mark.parametrize(("line", "may"), [(layout.ENTETES, False), (layout.DONNEES, True), (9999, True)])
def test_a_computed_column_is_ours_from_its_first_line(line: int, may: bool) -> None:
    done = Refreshed(columns={"Participants": (layout.DONNEES, {7})}, named={("Budget", 3, 2)})
    assert done.may_compute("Participants", line, 7) is may
    assert not done.may_compute("Participants", line, 8)
    assert not done.may_compute("Charges", line, 7)
    assert done.may_compute("Budget", 3, 2)
    assert not done.may_compute("Budget", 3, 3)


@pytest.mark.parametrize("line", [0, 1])
def test_a_computed_cell_cleared_in_a_filled_line_comes_back(line: int, catalogue: Catalogue) -> None:
    """Its formula and its value: the table has it on every line."""
    appel = catalogue.get("3.3")
    case = generator.dossier(appel, 1, 12)
    table = layout.tables(appel)["charges"]
    row = layout.DONNEES + range(len(case.tables["charges"]))[line]
    whole = _classeur(case)
    workbook = Workbook(actualiser(whole, _relu(case, whole, catalogue).donnees))
    shown, places = workbook.save(), [a1(row, table.colonnes[champ.nom]) for champ in table.champs if champ.calcule]
    sheet = workbook.sheet(table.feuille)
    for champ in table.champs:
        if champ.calcule:
            sheet.set_value(sheet.make_cell(row, table.colonnes[champ.nom]), None)
    cleared = workbook.save()
    done = actualiser(cleared, _relu(case, cleared, catalogue).donnees)
    for data_only in (True, False):
        before, after = (openpyxl.load_workbook(io.BytesIO(b), data_only=data_only) for b in (shown, done))
        held = [before[table.feuille][place].value for place in places]
        assert any(value is not None for value in held)
        assert [after[table.feuille][place].value for place in places] == held
