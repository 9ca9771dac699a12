"""The blank workbook: the same bytes, every sheet, every formula mirrored, nothing that a viewer would misread."""

import io
import re
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import a1, column_letter
from aap_xl.domain.computed import CALCULS, SYNTHESE
from aap_xl.rows import TABLES, Qui
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import lists, synthese
from aap_xl.workbook.formulas.columns import FORMULES
from aap_xl.workbook.template.blank import blank
from aap_xl.workbook.template.build import build

JOUR = date(2025, 9, 15)
_KNOWN = {
    *("IF", "IFERROR", "AND", "OR", "NOT", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "SUM", "SUMIFS", "SUMPRODUCT"),
    *(
        "ISNUMBER",
        "ISNA",
        "MATCH",
        "INDEX",
        "EDATE",
        "DATEDIF",
        "ROUND",
        "MIN",
        "MAX",
        "N",
        "INT",
        "ABS",
        "ROW",
        "TODAY",
    ),
    *("DATE", "YEAR", "MONTH", "EOMONTH"),
    "HYPERLINK",
    *("LOWER", "SUBSTITUTE", "TRIM", "CHAR", "LEN"),
}
"""Functions of Excel 2016 that LibreOffice 7.4 computes alike."""
IDENTITE = {
    "porteur": "Association « Exemple » & Cie",
    "siret": "01234567800010",
    "mds": "artois",
    "date_debut": date(2025, 3, 1),
    "date_fin": date(2026, 2, 28),
}


@pytest.fixture(scope="module", params=["3.3", "3.7"])
def appel(request: pytest.FixtureRequest, catalogue: Catalogue) -> Appel:
    return catalogue.get(request.param, 2025)


@pytest.fixture(scope="module")
def content(appel: Appel) -> bytes:
    return build(appel, IDENTITE, aujourdhui=JOUR)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def cached(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


@pytest.mark.slow
def test_the_same_arguments_give_the_same_bytes(appel: Appel, content: bytes) -> None:
    assert build(appel, IDENTITE, aujourdhui=JOUR) == content


@pytest.mark.slow
def test_another_day_changes_only_what_depends_on_it(appel: Appel, content: bytes) -> None:
    assert build(appel, IDENTITE, aujourdhui=date(2026, 1, 1)) != content


def test_sheets_in_order_the_lists_hidden(appel: Appel, book: Any) -> None:
    assert tuple(book.sheetnames) == layout.feuilles(appel)
    assert book[layout.LISTES].sheet_state == "hidden"


def test_a_mirror_for_each_computed_column_and_no_other() -> None:
    computed = {(nom, champ.nom) for nom, row in TABLES.items() for champ in row.champs.values() if champ.calcule}
    assert CALCULS.keys() == computed == FORMULES.keys()


def test_a_mirror_for_each_synthesis_cell(appel: Appel) -> None:
    keys = [cell.cle for cell in synthese.cellules(appel)]
    assert {key.partition(":")[0] for key in keys} <= SYNTHESE.keys()
    assert len(keys) == len(set(keys)) == len({layout.nom_defini(key) for key in keys})


def test_every_mirror_is_used_by_a_call(catalogue: Catalogue) -> None:
    two_points = Catalogue([Path(__file__).parent / "appels"]).get("9.4")
    used = {cell.cle.partition(":")[0] for item in (*catalogue, two_points) for cell in synthese.cellules(item)}
    assert used == SYNTHESE.keys()


def test_excel_tables_hold_the_columns_of_the_call(appel: Appel, book: Any) -> None:
    for table in layout.tables(appel).values():
        excel = book[table.feuille].tables[table.excel]
        assert excel.ref == table.ref
        assert [column.name for column in excel.tableColumns] == [champ.entete for champ in table.champs]
        assert [bool(column.calculatedColumnFormula) for column in excel.tableColumns] == [
            champ.calcule for champ in table.champs
        ]


def test_the_marker_is_in_the_properties_and_on_the_hidden_sheet(appel: Appel, book: Any) -> None:
    properties = {item.name: item.value for item in book.custom_doc_props.props}
    identity = appel.identite
    assert properties == {
        "aap_xl_appel": identity.code,
        "aap_xl_millesime": identity.millesime,
        "aap_xl_schema": appel.schema_version,
    }
    marker = [book[layout.LISTES].cell(1, column).value for column in range(1, 5)]
    assert marker == [lists.MARQUE, identity.code, identity.millesime, appel.schema_version]


def test_no_author_and_a_fixed_date(content: bytes) -> None:
    core = zipfile.ZipFile(io.BytesIO(content)).read("docProps/core.xml").decode()
    assert re.search(r"<dc:creator>\s*</dc:creator>|<dc:creator/>", core) or "creator" not in core
    assert core.count("2025-01-01T00:00:00Z") == 2


def test_what_is_known_is_typed_in_the_form(appel: Appel, cached: Any) -> None:
    form = layout.formulaire(appel)
    found = {nom: cached[form.feuille].cell(form.lignes[nom], layout.VALEUR).value for nom in IDENTITE}
    assert found["porteur"] == IDENTITE["porteur"]
    assert found["siret"] == "01234567800010"
    assert found["mds"] == "Artois"
    assert found["date_debut"].date() == IDENTITE["date_debut"]


def test_an_unknown_field_is_refused(appel: Appel) -> None:
    with pytest.raises(TypeError):
        build(appel, {"couleur": "bleu"}, aujourdhui=JOUR)


@pytest.mark.slow
def test_every_formula_has_a_cached_value_and_blank_lines_show_nothing(appel: Appel, content: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content))
    for nom in archive.namelist():
        if nom.startswith("xl/worksheets/sheet"):
            xml = archive.read(nom).decode()
            for cell in re.findall(r"<c [^>]*><f>.*?</c>", xml):
                assert "<v>" in cell, cell
    cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for table in layout.tables(appel).values():
        for champ in table.champs:
            if champ.calcule:
                shown = cached[table.feuille].cell(layout.DONNEES, table.colonnes[champ.nom]).value
                assert shown in (None, ""), (table.nom, champ.nom)


def test_formulas_use_only_what_both_spreadsheets_know(content: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content))
    for nom in archive.namelist():
        if nom.startswith("xl/worksheets/sheet"):
            for formula in re.findall(r"<f>(.*?)</f>", archive.read(nom).decode()):
                plain = re.sub(r"\[[^\]]*\]|&quot;[^&]*&quot;|\"[^\"]*\"", "", formula)
                assert set(re.findall(r"([A-Z][A-Z.]+)\(", plain)) <= _KNOWN, formula
                assert "[@" not in formula
                assert "#Data" not in formula


def test_entry_cells_are_open_and_the_form_is_protected_without_password(appel: Appel, book: Any) -> None:
    form = layout.formulaire(appel)
    sheet = book[form.feuille]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    for champ in form.champs:
        assert not sheet.cell(form.lignes[champ.nom], layout.VALEUR).protection.locked
        assert sheet.cell(form.lignes[champ.nom], layout.LIBELLE).protection.locked
    for table in layout.tables(appel).values():
        assert not book[table.feuille].protection.sheet, "an Excel table cannot grow on a protected sheet"
    for feuille in (layout.BUDGET, layout.TABLEAU_DE_BORD, layout.CONTROLE, layout.BILAN, layout.MODE_EMPLOI):
        assert book[feuille].protection.sheet


def test_computed_columns_refuse_typing_and_choices_have_a_list(appel: Appel, book: Any) -> None:
    for table in layout.tables(appel).values():
        rules = {str(rule.sqref).split(":")[0]: rule for rule in book[table.feuille].data_validations.dataValidation}
        for champ in table.champs:
            rule = rules.get(f"{column_letter(table.colonnes[champ.nom])}{layout.DONNEES}")
            if champ.calcule:
                assert rule is not None
                assert rule.type == "custom"
                assert "calculée" in rule.error
            elif champ.liste and appel.elements.get(champ.liste):
                assert rule is not None
                assert (rule.type, rule.formula1) == ("list", f"l_{champ.liste}")
            if rule is not None and champ.aide and not champ.calcule:
                assert champ.aide[:40] in rule.prompt
    names = set(book.defined_names)
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list" and not rule.formula1.startswith('"'):
                assert rule.formula1 in names


def test_officer_columns_have_their_own_tint(appel: Appel, book: Any) -> None:
    fills: dict[Qui, set[str]] = {qui: set() for qui in Qui}
    for table in layout.tables(appel).values():
        for champ in table.champs:
            cell = book[table.feuille].cell(layout.DONNEES, table.colonnes[champ.nom])
            fills[champ.qui].add(cell.fill.start_color.rgb)
    assert all(len(colors) == 1 for colors in fills.values())
    assert len(set.union(*fills.values())) == len(Qui)


def test_print_setup(book: Any) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert "Page &P / &N" in sheet.oddFooter.right.text
        if sheet.title not in (layout.LISTES, layout.BILAN):
            assert sheet.print_title_rows


def test_every_line_that_is_offered_is_printed(appel: Appel, book: Any) -> None:
    for table in layout.tables(appel).values():
        last = table.derniere, len(table.champs) + 2 * (table.nom == "redactions")
        assert book[table.feuille].print_area.replace("$", "").endswith(f"!A1:{a1(*last)}")


def test_the_guide_is_printed_on_two_pages_cut_between_two_sections(book: Any) -> None:
    sheet = book[layout.MODE_EMPLOI]
    [cut] = [item.id for item in sheet.row_breaks.brk]
    opening, before = sheet.cell(cut + 1, 2), sheet.cell(cut, 2)
    assert opening.value in {"Les couleurs", "Le calendrier", "Les données personnelles"}
    assert before.value is None
    assert not sheet.page_setup.fitToHeight
    assert 50 <= sheet.page_setup.scale <= 100


def test_no_name_of_an_agent_and_no_leftovers(content: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content))
    text = "".join(archive.read(nom).decode() for nom in archive.namelist() if nom.endswith(".xml"))
    for word in ("LEDENT", "Cuvillier", "Bacquet", "Caron"):
        assert word not in text


def test_the_decision_table_of_the_hidden_sheet_is_the_domain_s(appel: Appel) -> None:
    columns = lists.colonnes(appel)
    assert appel.sorties
    assert [row[0] for row in columns["l_situations"].lignes] == [item.libelle for item in appel.sorties.situations]
    assert {len(row) for row in columns["m_sorties"].lignes} == {2 * (3 + len(lists.seuils(appel)))}


def test_charts_point_at_what_they_show(appel: Appel, book: Any) -> None:
    assert len(book[layout.TABLEAU_DE_BORD]._charts) >= 5
    assert len(book[layout.BUDGET]._charts) == 1
    assert len(book[layout.BILAN]._charts) >= 3


def test_blocks_do_not_overlap(appel: Appel) -> None:
    for feuille in (layout.BUDGET, layout.TABLEAU_DE_BORD):
        blocs = [bloc for bloc in synthese.blocs(appel) if bloc.feuille == feuille]
        for before, after in pairwise(blocs):
            assert before.apres < after.ligne


def test_a_blank_dossier_has_only_its_headings(appel: Appel) -> None:
    donnees = blank(appel, IDENTITE, JOUR)
    assert [row.rubrique for row in donnees.redactions] == [item.libelle for item in appel.rubriques]
    assert not any(donnees.rows(nom) for nom in layout.tables(appel) if nom != "redactions")
