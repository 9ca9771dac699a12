"""Tables made longer, whatever is typed or pasted below them."""

import re
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import plausible
import pytest
from colle import colle
from openpyxl.worksheet.table import Table

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.dossier import Dossier
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.writing import computed
from aap_xl.workbook.writing.growing import cell_formula, grown
from aap_xl.workbook.writing.workbooks import actualiser

DEPENSES, PARTICIPANTS = "Dépenses", "Participants"


def _tables(appel: Appel, personnes: int, depenses: int) -> dict[str, Any]:
    """Plausible tables, so many expenses among them."""
    tables = plausible.tables(appel, personnes)
    model = tables["depenses"]
    tables["depenses"] = [{**model[n % len(model)], "document": f"D{n:05}"} for n in range(depenses)]
    return tables


def _collee(appel: Appel, folder: Path, personnes: int, depenses: int, **options: Any) -> Path:
    path = folder / "suivi.xlsx"
    tables = _tables(appel, personnes, depenses)
    path.write_bytes(colle(appel, plausible.operation(appel), tables, plausible.LE, **options))
    return path


def _lire(path: Path, catalogue: Catalogue) -> Dossier:
    return Dossier.lire(path, catalogue, plausible.LE)


def _codes(dossier: Dossier) -> Counter[str]:
    return Counter(anomalie.code for anomalie in dossier.anomalies)


def _valeurs(dossier: Dossier) -> dict[str, list[Any]]:
    return {table: [dict(row.valeurs()) for row in dossier.donnees.rows(table)] for table in dossier.donnees.tables}


def _grandit(path: Path, catalogue: Catalogue) -> Path:
    """Write the bilan, read it back: the same values, and no anomaly but those that were to be corrected."""
    before, cible = _lire(path, catalogue), path.with_name("bilan.xlsx")
    before.ecrire_bilan(cible)
    after = _lire(cible, catalogue)
    assert _valeurs(after) == _valeurs(before)
    assert "F11" in _codes(before)
    assert _codes(after) == Counter({code: n for code, n in _codes(before).items() if code not in {"F11", "F10"}})
    return cible


@pytest.mark.slow
@pytest.mark.parametrize("below", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (1999, 2000, 2001))])
@pytest.mark.parametrize("nus", [False, True], ids=["pasted whole", "values alone"])
def test_everything_follows_a_table(
    below: int, nus: bool, appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    table = layout.tables(appel33)["depenses"]
    old, last = table.derniere, table.derniere + below
    cible = _grandit(_collee(appel33, tmp_path, 1, table.lignes + below, nus=nus), catalogue)
    sheet = openpyxl.load_workbook(cible)[DEPENSES]
    assert sheet.tables["t_depenses"].ref == f"A4:{a1(last, len(table.champs))}"
    assert sheet.tables["t_depenses"].autoFilter.ref == sheet.tables["t_depenses"].ref
    assert sheet.dimensions == f"A1:{a1(last, len(table.champs))}"
    assert sheet.print_area.endswith(f"${last}")
    ranges = [str(item.sqref) for item in (*sheet.data_validations.dataValidation, *sheet.conditional_formatting)]
    assert ranges
    assert not any(re.search(rf"[A-Z]{old}\b", found) for found in ranges)
    assert sum(found.endswith(str(last)) for found in ranges) == len(ranges)
    for champ in table.champs:
        column = table.colonnes[champ.nom]
        kept, first, end = (_any(sheet.cell(row, column)) for row in (old, old + 1, last))
        assert kept._style == first._style == end._style, champ.nom
        if champ.calcule:
            assert kept.value == first.value == end.value != None  # noqa: E711


def test_a_table_without_formulas_grows_too(appel33: Appel, catalogue: Catalogue) -> None:
    table = layout.tables(appel33)["partenaires"]
    assert not any(champ.calcule for champ in table.champs)
    lien = {"date_lien": plausible.LE, "nature": "visite", "partenaire": "Entrepôt Test"}
    tables = {"partenaires": [lien] * (table.lignes + 2)}
    typed = colle(appel33, plausible.operation(appel33), tables, plausible.LE)
    donnees = Dossier.lire(Path("suivi.xlsx"), catalogue, plausible.LE, typed).donnees
    sheet = openpyxl.load_workbook(BytesIO(actualiser(typed, donnees)))[table.feuille]
    assert sheet.tables["t_partenaires"].ref.endswith(str(table.derniere + 2))


@pytest.mark.slow
def test_what_stands_too_far_is_left_outside(appel33: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    table = layout.tables(appel33)["depenses"]
    path = _collee(appel33, tmp_path, 1, table.lignes + 1, saut=2001)
    before = _lire(path, catalogue)
    before.ecrire_bilan(path)
    after = _lire(path, catalogue)
    assert _valeurs(after) == _valeurs(before)
    assert _codes(after) == _codes(before)
    assert openpyxl.load_workbook(path)[DEPENSES].tables["t_depenses"].ref.endswith(str(table.derniere))


@pytest.mark.slow
def test_blank_rows_within_reach_are_taken_in(appel33: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    table = layout.tables(appel33)["depenses"]
    cible = _grandit(_collee(appel33, tmp_path, 1, table.lignes + 1, saut=2000), catalogue)
    sheet = openpyxl.load_workbook(cible)[DEPENSES]
    assert sheet.tables["t_depenses"].ref.endswith(str(table.derniere + 2001))
    computed_columns = [table.colonnes[champ.nom] for champ in table.champs if champ.calcule]
    assert computed_columns
    for column in computed_columns:
        assert sheet.cell(table.derniere + 1000, column).value == sheet.cell(table.derniere, column).value


def _any(cell: Any) -> Any:
    return cell


def _cells(content: bytes, feuille: str) -> dict[str | None, Any]:
    """Address → style, kind and content of each cell of a sheet."""
    sheet = Workbook(content).sheet(feuille)
    return {
        cell.get("r"): (cell.get("s", "0"), cell.get("t"), [(child.tag, child.text) for child in cell])
        for cell in sheet.root.iter(f"{sheet.ns}c")
    }


@pytest.mark.parametrize("nus", [False, True])
def test_a_sheet_grows_the_same_parsed_or_not(
    nus: bool, appel33: Appel, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = layout.tables(appel33)["participants"]
    dossier = _lire(_collee(appel33, tmp_path, table.lignes + 5, 1, nus=nus, saut=3), catalogue)
    quick = dossier.octets_bilan()
    monkeypatch.setattr(computed, "grown", lambda *_: None)
    assert _cells(quick, PARTICIPANTS) == _cells(dossier.octets_bilan(), PARTICIPANTS)


_SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>\
<row r="5"><c r="A5" s="2"/><c r="B5" s="3" t="str"><f>A5&amp;""</f><v/></c></row>{}</sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("below", "after"),
    [
        ("", '<row r="6"><c r="A6" s="2"></c><c r="B6" s="3" t="str"><f>A5&amp;""</f><v/></c></row>'),
        (
            '<row r="6" spans="1:1" ht="20"><c r="A6" s="7"><v>1</v></c></row><row r="9"><c r="A9"/></row>',
            '<row r="6" ht="20"><c r="A6" s="7"><v>1</v></c><c r="B6" s="3" t="str"><f>A5&amp;""</f><v/></c></row>'
            '<row r="9"><c r="A9"/></row>',
        ),
        (
            '<row r="6"><c r="A6" s="0" t="s"><v>1</v></c><c r="B6"><v>typed</v></c><c r="D6"><v>1</v></c></row>',
            '<row r="6"><c r="A6" s="2" t="s"><v>1</v></c><c r="B6" s="3"><v>typed</v></c><c r="D6"><v>1</v></c></row>',
        ),
        ('<row r="6"><c r="B6"/><c r="A6"/></row>', None),
        ('<row r="6"><x:c r="A6"/></row>', None),
        ('<row><c r="A6"/></row>', None),
        ('<row r="7"/><row r="6"/>', None),
        ('<!-- <row r="6"/> -->', None),
    ],
)
def test_a_row_below_becomes_one_of_the_table_or_the_sheet_is_parsed(below: str, after: str | None) -> None:
    result = grown(_SHEET.format(below).encode(), 5, 6, range(1, 3), {2: '=A5&""'})
    assert (result and result[0]) == (after and _SHEET.format(after).encode())


_LOOKS = "<sheetData>{}</sheetData>"
_MODEL = '<row r="5"><c r="A5" s="2"/><c r="B5" s="0"/><c r="C5"/><c r="E5" s="8"/></row>'


@pytest.mark.parametrize(
    ("below", "after", "looked"),
    [
        ("", '<row r="6"><c r="A6" s="2"></c></row><row r="7"><c r="A7" s="2"></c></row>', {"A6", "A7"}),
        (
            '<row r="7"><c r="A7" s="9"/><c r="B7"/></row>',
            '<row r="6"><c r="A6" s="2"></c></row><row r="7"><c r="A7" s="9"></c><c r="B7"></c></row>',
            {"A6"},
        ),
        (
            '<row r="6"><c r="A6" s="0" t="s"><v>1</v></c><c r="D6"><v>1</v></c></row><row r="8"><c r="A8"/></row>',
            '<row r="6"><c r="A6" s="2" t="s"><v>1</v></c><c r="D6"><v>1</v></c></row>'
            '<row r="7"><c r="A7" s="2"></c></row><row r="8"><c r="A8"/></row>',
            {"A6", "A7"},
        ),
        ('<row r="6"><c r="A7"/></row>', None, None),
        ('<row r="6"><c r="A6"/> <c r="B6"/></row>', None, None),
        ('<row r="6"><c r="A6"/><c r="A6"/></row>', None, None),
        ('<row r="6"/> <row r="7"/>', None, None),
        ('<row r="5"/>', None, None),
    ],
)
def test_rows_take_the_look_of_the_last_one_where_they_have_none(
    below: str, after: str | None, looked: set[str] | None
) -> None:
    """Its cells of the table alone, those that have a look."""
    result = grown(_LOOKS.format(_MODEL + below).encode(), 5, 7, range(1, 5), {})
    assert result == (after and (_LOOKS.format(_MODEL + after).encode(), looked))


@pytest.mark.parametrize(
    "content", [_MODEL, "<sheetData></sheetData>", f"</sheetData>{_MODEL}", _LOOKS.format('<row r="55"/>')]
)
def test_a_sheet_without_the_last_row_of_its_table_is_parsed(content: str) -> None:
    assert grown(content.encode(), 5, 6, range(1, 3), {}) is None


def test_a_formula_is_written_as_xml_writes_it_over_any_type() -> None:
    content = _LOOKS.format('<row r="5"/><row r="6"><c r="B6" s="4" t="b"/></row>').encode()
    result = grown(content, 5, 6, range(1, 3), {1: "=1<2", 2: '="&"'})
    line = '<c r="A6" t="str"><f>1&lt;2</f><v/></c><c r="B6" s="4" t="str"><f>"&amp;"</f><v/></c>'
    assert result == (_LOOKS.format(f'<row r="5"/><row r="6">{line}</row>').encode(), set())


@pytest.mark.parametrize(
    ("address", "formula"),
    [("B5", 'A5&""'), ("C5", ""), ("D5", ""), ("B55", ""), ("E5", "1<2")],
)
def test_the_formula_of_one_cell_is_read_in_the_bytes(address: str, formula: str) -> None:
    content = (
        b'<c r="B5" s="3" t="str"><f>A5&amp;""</f><v/></c><c r="C5"><v>1</v></c>'
        b'<c r="D5"><f t="shared" si="0"/></c><c r="E5"><f>1&lt;2</f></c>'
    )
    assert cell_formula(content, address) == formula


def test_ranges_of_later_versions_follow_too() -> None:
    from aap_xl.workbook.ooxml.ranges import extend_ranges  # noqa: PLC0415

    sheet = Sheet(
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/><extLst><ext>'
        b'<x14:conditionalFormatting xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><xm:sqref>A5:A9 C5:C7</xm:sqref>'
        b"</x14:conditionalFormatting></ext></extLst></worksheet>"
    )
    extend_ranges(sheet, 9, 12)
    assert b"<xm:sqref>A5:A12 C5:C7</xm:sqref>" in sheet.to_bytes()


@pytest.mark.slow
def test_5000_people_and_20000_expenses(appel33: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    """Reader's bounds are above what the writer makes."""
    cible = _grandit(_collee(appel33, tmp_path, 5000, 20_000), catalogue)
    book = Workbook(cible.read_bytes())
    assert {book.tables(feuille)[0].last_row for feuille in (DEPENSES, PARTICIPANTS)} == {5004, 20_004}
    with zipfile.ZipFile(cible) as made:
        assert made.testzip() is None


@pytest.mark.parametrize(("further", "grows"), [(-1, True), (0, True), (1, False)])
def test_a_table_grows_past_another_one_unless_that_one_goes_further(
    further: int, grows: bool, appel33: Appel, catalogue: Catalogue
) -> None:
    table = layout.tables(appel33)["partenaires"]
    lien = {"date_lien": plausible.LE, "nature": "visite", "partenaire": "Entrepôt Test"}
    typed = colle(appel33, plausible.operation(appel33), {"partenaires": [lien] * (table.lignes + 2)}, plausible.LE)
    book = openpyxl.load_workbook(BytesIO(typed))
    sheet, side = book[table.feuille], len(table.champs) + 2
    place = f"{a1(table.derniere + further - 2, side)}:{a1(table.derniere + further, side)}"
    sheet.cell(table.derniere + further - 2, side, "À côté")
    sheet.add_table(Table(displayName="a_cote", ref=place))
    made = BytesIO()
    book.save(made)
    donnees = Dossier.lire(Path("suivi.xlsx"), catalogue, plausible.LE, made.getvalue()).donnees
    after = openpyxl.load_workbook(BytesIO(actualiser(made.getvalue(), donnees)))[table.feuille]
    assert after.tables["t_partenaires"].ref.endswith(str(table.derniere + (2 if grows else 0)))
    assert after.tables["a_cote"].ref == place
