"""Writing into workbooks: what is filled, what is left alone, what happens when things go wrong."""

import errno
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import openpyxl
import pandas as pd
import pytest
from libreoffice import XLSX, convertir
from lxml import etree
from openpyxl.utils.escape import escape

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell, column_letter
from aap_xl.domain.bilan import tableaux
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier
from aap_xl.faces.exemples import Exemple, exemples, remplir_classeur
from aap_xl.records import replace
from aap_xl.rows import Operation
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.package import Package
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.paper.measure import MAX_HEIGHT, chunks, lines
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.bilan_charts import graphiques
from aap_xl.workbook.writing.bilan_layout import modele, placer
from aap_xl.workbook.writing.bilan_sheet import bilan, titre
from aap_xl.workbook.writing.cached_cells import patched
from aap_xl.workbook.writing.computed import Column, computed_columns, refresh
from aap_xl.workbook.writing.controle_sheet import controle
from aap_xl.workbook.writing.workbooks import EcritureImpossible, actualiser, octets_bilan, remplir

CODES = ("3.3", "3.7")


def _exemple(code: str, *, erreurs: bool = True) -> Exemple:
    return next(item for item in exemples(erreurs=erreurs) if item.appel == code)


@pytest.fixture(scope="module")
def rempli(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 3.3 sample, as a spreadsheet would have saved it, with its planted mistakes."""
    path = tmp_path_factory.mktemp("rempli") / "suivi.xlsx"
    remplir_classeur(path, _exemple("3.3"), catalogue.get("3.3"), catalogue)
    return path


def _lire(path: Path, catalogue: Catalogue, code: str = "3.3") -> Dossier:
    return Dossier.lire(path, catalogue, _exemple(code).aujourdhui)


def _bilan(path: Path, catalogue: Catalogue, cible: Path | None = None) -> Path:
    cible = cible or path.with_name("bilan.xlsx")
    _lire(path, catalogue).ecrire_bilan(cible)
    return cible


def _edited(source: Path, target: Path, edit: Callable[[Workbook], None]) -> Path:
    """A copy of a workbook, changed as an operator would."""
    workbook = Workbook(source.read_bytes())
    edit(workbook)
    target.write_bytes(workbook.save())
    return target


def _part(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A copy of a zip whose parts are changed, or dropped with ``None``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            changed = change(name, source.read(name))
            if changed is not None:
                target.writestr(name, changed)
    return out.getvalue()


def _empty(appel: Appel, aujourdhui: date) -> Donnees:
    return Donnees(appel, Operation(**dict.fromkeys(Operation.champs)), {}, aujourdhui)


# --- What is filled ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_each_anomaly_leads_to_its_cell(rempli: Path, catalogue: Catalogue) -> None:
    dossier = _lire(rempli, catalogue)
    sheet = openpyxl.load_workbook(_bilan(rempli, catalogue))["Contrôle"]
    written = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=8, max_col=8)]
    assert [line[7] for line in written] == [anomalie.code for anomalie in dossier.anomalies]
    for row, anomalie in enumerate(dossier.anomalies, 8):
        if anomalie.cell.adresse:
            link = sheet.cell(row, 3).hyperlink
            assert link
            assert link.location == f"'{anomalie.cell.feuille}'!{anomalie.cell.adresse}"


@pytest.mark.slow
def test_a_clean_workbook_says_so(catalogue: Catalogue, tmp_path: Path) -> None:
    exemple = _exemple("3.7", erreurs=False)
    dossier = remplir_classeur(tmp_path / "net.xlsx", exemple, catalogue.get("3.7"), catalogue)
    dossier.ecrire_bilan(tmp_path / "bilan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bilan.xlsx")
    assert not dossier.provisoire
    assert "rovisoire" not in book["Bilan"]["A1"].value
    grid = controle(dossier.donnees, [], book.sheetnames)
    assert "Aucune anomalie." in {value for _, _, value, _ in grid.cells()}


@pytest.mark.parametrize(
    ("gravites", "fin", "attendu"),
    [
        ([Gravite.BLOQUANTE], date(2025, 1, 1), "Bilan provisoire"),
        ([Gravite.A_VERIFIER], date(2025, 1, 1), "Bilan final"),
        ([], date(2025, 6, 1), "Bilan intermédiaire"),
    ],
)
def test_the_title_tells_where_the_bilan_stands(
    appel33: Appel, gravites: Sequence[Gravite], fin: date, attendu: str
) -> None:
    donnees = _empty(appel33, date(2025, 6, 1))
    donnees.operation.date_fin = fin
    anomalies = [Anomalie("P01", gravite, Cell("Participants", "A5"), "message", "article") for gravite in gravites]
    assert titre(donnees, anomalies) == attendu


@pytest.mark.parametrize("code", CODES)
@pytest.mark.slow
def test_tables_of_fixed_size_never_move(catalogue: Catalogue, tmp_path: Path, code: str) -> None:
    """The charts of the blank workbook point at them."""
    appel = catalogue.get(code)
    dossier = remplir_classeur(tmp_path / "f.xlsx", _exemple(code), appel, catalogue)
    filled = [bloc for bloc in placer(dossier.tableaux, appel) if bloc.tableau.fixe]
    places = [(bloc.tableau.cle, bloc.ligne, bloc.colonnes, bloc.suivante) for bloc in modele(appel)]
    assert [(bloc.tableau.cle, bloc.ligne, bloc.colonnes, bloc.suivante) for bloc in filled] == places


@pytest.mark.parametrize("code", CODES)
@pytest.mark.slow
def test_charts_point_at_numbers(catalogue: Catalogue, tmp_path: Path, code: str) -> None:
    appel = catalogue.get(code)
    dossier = remplir_classeur(tmp_path / "f.xlsx", _exemple(code), appel, catalogue)
    cells = {(row, column): value for row, column, value, _ in bilan(dossier.donnees, [], dossier.tableaux).cells()}
    for graphique in graphiques(appel):
        rows = range(graphique.categories.premiere_ligne, graphique.categories.derniere_ligne + 1)
        assert all(isinstance(cells[row, graphique.categories.premiere_colonne], str) for row in rows)
        columns = [serie.valeurs.premiere_colonne for serie in graphique.series]
        values = [cells.get((row, column)) for row in rows for column in columns]
        assert all(value is None or isinstance(value, int | Decimal) for value in values), graphique.cle
        assert any(value is not None for value in values), graphique.cle


def test_a_long_text_is_cut_between_rows_that_can_show_it() -> None:
    text = "\n".join(["Les ateliers collectifs alternent avec des entretiens. " * 40] * 9)
    pieces = chunks(text, 100)
    assert len(pieces) > 1
    assert "".join(pieces).split() == text.split()
    assert all(lines(piece, 100) * 13 < MAX_HEIGHT for piece in pieces)


@pytest.mark.parametrize("typed", ["=1+1", "+33 3 21", "-5", "@SUM(A1)", "a\x07b\ud800c", "_x0041_", " deux  espaces "])
@pytest.mark.slow
def test_text_stays_text(rempli: Path, catalogue: Catalogue, typed: str) -> None:
    dossier = _lire(rempli, catalogue)
    anomalie = Anomalie("P01", Gravite.BLOQUANTE, Cell("Participants", "A5", "Nom"), "message", "article", typed)
    content = octets_bilan(rempli.read_bytes(), dossier.donnees, [anomalie], dossier.tableaux)
    cell = openpyxl.load_workbook(io.BytesIO(content))["Contrôle"]["E8"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.value in {typed, escape(typed), "a_x0007_b_xD800_c", "_x005F_x0041_"}


def test_no_part_is_lost_when_a_zip_was_streamed(rempli: Path, catalogue: Catalogue) -> None:
    """Sizes after the data, 64-bit sizes that are not needed, a comment: other programs write zips so."""
    out = io.BytesIO()
    with zipfile.ZipFile(rempli) as source, zipfile.ZipFile(_NoSeek(out), "w", zipfile.ZIP_DEFLATED) as target:
        target.comment = b"un commentaire"
        for name in source.namelist():
            with target.open(name, "w", force_zip64=True) as part:
                part.write(source.read(name))
    dossier = _lire(rempli, catalogue)
    written = octets_bilan(out.getvalue(), dossier.donnees, dossier.anomalies, dossier.tableaux)
    with zipfile.ZipFile(io.BytesIO(written)) as after, zipfile.ZipFile(rempli) as before:
        assert after.testzip() is None
        assert after.namelist() == before.namelist()
        assert after.read("xl/theme/theme1.xml") == before.read("xl/theme/theme1.xml")
        assert after.comment == b"un commentaire"


class _NoSeek(io.RawIOBase):
    """A stream that can't go back."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._target.write(data)


# --- What is left alone, what is rebuilt ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_computed_cell_typed_over_is_left(rempli: Path, catalogue: Catalogue, tmp_path: Path, appel33: Appel) -> None:
    column = layout.tables(appel33)["participants"].colonnes["age"]

    def edit(workbook: Workbook) -> None:
        sheet = workbook.sheet("Participants")
        sheet.set_value(sheet.make_cell(5, column), 99)
        other = sheet.make_cell(6, column)
        sheet.set_formula(other, "=40+2")
        sheet.set_cached(other, lambda _: True, 42)

    path = _edited(rempli, tmp_path / "typed.xlsx", edit)
    book = openpyxl.load_workbook(_bilan(path, catalogue))["Participants"]
    assert book.cell(5, column).value == 99
    assert book.cell(6, column).value == "=40+2"
    cached = openpyxl.load_workbook(tmp_path / "bilan.xlsx", data_only=True)["Participants"]
    assert cached.cell(6, column).value == 42


@pytest.mark.slow
def test_a_row_typed_below_joins_the_table(rempli: Path, catalogue: Catalogue, tmp_path: Path, appel33: Appel) -> None:
    table = layout.tables(appel33)["participants"]
    below = table.derniere + 1

    def edit(workbook: Workbook) -> None:
        sheet = workbook.sheet("Participants")
        values: dict[str, Any] = {"code": "X1", "nom": "Durand", "prenom": "Zoé"}
        values |= {"date_naissance": date(2001, 5, 4), "date_entree": date(2025, 4, 7)}
        for nom, value in values.items():
            sheet.set_value(sheet.make_cell(below, table.colonnes[nom]), value)

    path = _edited(rempli, tmp_path / "below.xlsx", edit)
    assert "F11" in {anomalie.code for anomalie in _lire(path, catalogue).anomalies}
    cible = _bilan(path, catalogue)
    book = openpyxl.load_workbook(cible)["Participants"]
    assert book.tables["t_participants"].ref.endswith(str(below))
    assert book.tables["t_participants"].autoFilter.ref.endswith(str(below))
    assert book.print_area.endswith(f"${below}")
    age = table.colonnes["age"]
    assert book.cell(below, age).value == book.cell(below - 1, age).value
    assert openpyxl.load_workbook(cible, data_only=True)["Participants"].cell(below, age).value == 23
    assert book.cell(below, 2).fill.fgColor.rgb == book.cell(below - 1, 2).fill.fgColor.rgb
    covered = [str(item.sqref) for item in book.data_validations.dataValidation]
    assert covered
    assert all(ref.endswith(str(below)) for ref in covered if ref.split(":")[0].lstrip(ascii_uppercase) == "5")
    codes = {row[7].value for row in openpyxl.load_workbook(cible)["Contrôle"].iter_rows(min_row=8)}
    assert "F11" not in codes
    content = cible.read_bytes()
    assert _bilan(cible, catalogue, cible).read_bytes() == content


@pytest.mark.parametrize(
    ("area", "kept"),
    [
        ("$A$1:${last}${offered}", False),
        ("$A$1:${last}${typed}", True),
        ("$A$1:$F$12", True),
        ("$B$1:${last}${offered}", True),
        ("$A$1:$B$9,Participants!$A$1:$C${offered}", True),
    ],
    ids=["ours", "already wide enough", "a few lines chosen", "columns chosen", "two areas chosen"],
)
@pytest.mark.slow
def test_a_line_under_those_offered_is_printed_unless_someone_chose_what_is(
    rempli: Path, catalogue: Catalogue, tmp_path: Path, area: str, kept: bool
) -> None:
    """Excel makes its table longer by itself, but not what it prints."""
    table = layout.tables(catalogue.get("3.3"))["participants"]
    rows = {"offered": table.derniere, "typed": table.derniere + 3}
    last = column_letter(len(table.champs))
    ours, typed = (f"Participants!$A$1:${last}${row}<" for row in rows.values())
    asked = f"Participants!{area}<".format(last=last, **rows)

    def edit(workbook: Workbook) -> None:
        sheet = workbook.sheet("Participants")
        sheet.set_value(sheet.make_cell(table.derniere + 3, table.colonnes["code"]), "X1")
        workbook.extend_table(workbook.tables("Participants")[0], table.derniere + 3)

    def choose(name: str, content: bytes) -> bytes:
        assert name != "xl/workbook.xml" or ours.encode() in content
        return content.replace(ours.encode(), asked.encode())

    path = _edited(rempli, tmp_path / "below.xlsx", edit)
    path.write_bytes(_part(path.read_bytes(), choose))
    written = zipfile.ZipFile(_bilan(path, catalogue)).read("xl/workbook.xml").decode()
    assert f">{asked if kept else typed}" in written


@pytest.mark.parametrize("feuille", ["Contrôle", "Bilan"])
@pytest.mark.slow
def test_a_deleted_sheet_comes_back(rempli: Path, catalogue: Catalogue, tmp_path: Path, feuille: str) -> None:
    book = openpyxl.load_workbook(rempli)
    del book[feuille]
    path = tmp_path / "sans.xlsx"
    book.save(path)
    cible = _bilan(path, catalogue)
    again = openpyxl.load_workbook(cible)
    assert again.sheetnames.count(feuille) == 1
    assert again[feuille]["A1"].value
    content = cible.read_bytes()
    assert _bilan(cible, catalogue, cible).read_bytes() == content


@pytest.mark.slow
def test_a_corrected_cell_loses_its_mark(rempli: Path, catalogue: Catalogue) -> None:
    dossier = _lire(rempli, catalogue)
    source, args = rempli.read_bytes(), (dossier.donnees, dossier.tableaux)
    anomalies = [
        Anomalie("P01", gravite, Cell("Participants", adresse), "message", "article")
        for gravite, adresse in (
            (Gravite.A_VERIFIER, "A5"),
            (Gravite.BLOQUANTE, "A5"),
            (Gravite.A_VERIFIER, "A6"),
            (Gravite.A_VERIFIER, "A7"),
        )
    ]
    marked = octets_bilan(source, args[0], anomalies, args[1])
    assert _marks(marked) == {"bloquante": "A5", "à vérifier": "A6:A7"}
    corrected = octets_bilan(marked, args[0], anomalies[2:3], args[1])
    assert _marks(corrected) == {"à vérifier": "A6"}
    clean = octets_bilan(corrected, args[0], [], args[1])
    assert _marks(clean) == {}
    assert _others(clean) == _others(source)


def _marks(content: bytes) -> dict[str, str]:
    found = {}
    formats = openpyxl.load_workbook(io.BytesIO(content))["Participants"].conditional_formatting
    for block in formats:
        for rule in block.rules:
            if rule.formula and "aap_xl:" in rule.formula[0]:
                found[rule.formula[0].split("aap_xl:")[1].split('"')[0]] = str(block.sqref)
    return found


def _others(content: bytes) -> list[tuple[str, int]]:
    formats = openpyxl.load_workbook(io.BytesIO(content))["Participants"].conditional_formatting
    return [(str(block.sqref), rule.priority) for block in formats for rule in block.rules]


@pytest.mark.slow
def test_a_mark_shows_the_gravest_colour(rempli: Path, catalogue: Catalogue) -> None:
    dossier = _lire(rempli, catalogue)
    anomalies = [Anomalie("P01", Gravite.BLOQUANTE, Cell("Opération", "C5"), "message", "article")]
    content = octets_bilan(rempli.read_bytes(), dossier.donnees, anomalies, dossier.tableaux)
    formats = openpyxl.load_workbook(io.BytesIO(content))["Opération"].conditional_formatting
    ours = [rule for block in formats for rule in block.rules if "aap_xl:" in rule.formula[0]]
    assert [rule.dxf.fill.bgColor.rgb for rule in ours] == ["FFF8D5D2"]


# --- Files that other programs saved ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_openpyxl_left_no_cached_value(rempli: Path, catalogue: Catalogue, tmp_path: Path, appel33: Appel) -> None:
    path = tmp_path / "openpyxl.xlsx"
    openpyxl.load_workbook(rempli).save(path)
    cible = _bilan(path, catalogue)
    before, after = (openpyxl.load_workbook(p, data_only=True) for p in (rempli, cible))
    for table in layout.tables(appel33).values():
        for champ in table.champs:
            if champ.calcule:
                for row in range(layout.DONNEES, table.derniere + 1):
                    place = (row, table.colonnes[champ.nom])
                    values = [book[table.feuille].cell(*place).value or "" for book in (before, after)]
                    assert values[0] == values[1], (table.feuille, place)
    content = cible.read_bytes()
    assert _bilan(cible, catalogue, cible).read_bytes() == content


@pytest.mark.slow
def test_pandas_left_no_table(rempli: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "pandas.xlsx"
    with pd.ExcelWriter(path) as target:
        for name, frame in pd.read_excel(rempli, sheet_name=None, header=None, engine="openpyxl").items():
            frame.to_excel(target, sheet_name=name, header=False, index=False)
    cible = _bilan(path, catalogue)
    book = openpyxl.load_workbook(cible)
    assert book["Bilan"]["A1"].value == "Bilan provisoire"
    content = cible.read_bytes()
    assert _bilan(cible, catalogue, cible).read_bytes() == content


def _unrecognised(book: openpyxl.Workbook, appel: Appel) -> Iterator[str]:
    """Formulas of ours that would be taken for the operator's."""
    for cell in synthese.cellules(appel):
        found = str(book[cell.feuille].cell(cell.ligne, cell.colonne).value)
        if not Column(cell.cle, cell.colonne, cell.formule).same(found):
            yield f"{cell.cle} : {found}"
    for nom, table in layout.tables(appel).items():
        for column in computed_columns(appel, nom, table.colonnes, ()):
            typed = book[table.feuille].cell(layout.DONNEES, column.index).value
            found = str(getattr(typed, "text", typed))
            if not column.same(found):
                yield f"{nom}.{column.champ} : {found}"


@pytest.mark.libreoffice
def test_libreoffice_rewrote_everything(rempli: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "lo.xlsx"
    path.write_bytes(convertir({"f.xlsx": rempli.read_bytes()}, tmp_path / "lo", XLSX)["f.xlsx"].read_bytes())
    cible = _bilan(path, catalogue)
    book = openpyxl.load_workbook(cible)
    assert book["Bilan"]["A1"].value == "Bilan provisoire"
    assert len(book["Contrôle"].conditional_formatting) == 0
    assert not list(_unrecognised(openpyxl.load_workbook(path), catalogue.get("3.3")))
    content = cible.read_bytes()
    assert _bilan(cible, catalogue, cible).read_bytes() == content


def test_dates_from_1904_and_prefixed_xml(rempli: Path, catalogue: Catalogue) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return content.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
        return content

    source = _part(rempli.read_bytes(), change)
    dossier = Dossier.lire(rempli, catalogue, _exemple("3.3").aujourdhui, source)
    workbook = Workbook(actualiser(source, dossier.donnees))
    feuille, row, column = workbook.names["bord_debut"]
    debut, sheet = dossier.donnees.operation.date_debut, workbook.sheet(feuille)
    assert debut
    assert sheet.make_cell(row, column).findtext(f"{sheet.ns}v") == str((debut - date(1904, 1, 1)).days)
    prefixed = Sheet(
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b"<x:row><x:c><x:v>1</x:v></x:c><x:c><x:f>A1</x:f><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    prefixed.set_cached(prefixed.cell(1, 2), lambda formula: formula == "A1", "deux")
    assert b't="str"><x:f>A1</x:f><x:v>deux</x:v></x:c>' in prefixed.to_bytes()


_ROW = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="5">{}</row></sheetData>\
</worksheet>"""


@pytest.mark.parametrize(
    ("cell", "after"),
    [
        ('<c r="A5" s="2" t="str"><f>B5&amp;""</f><v></v></c>', '<c r="A5" s="2"><f>B5&amp;""</f><v>7</v></c>'),
        ('<c r="A5"><f>B5&amp;""</f></c>', '<c r="A5"><f>B5&amp;""</f><v>7</v></c>'),
        ('<c r="A5"><f>B5&amp;""</f><v>7</v></c>', '<c r="A5"><f>B5&amp;""</f><v>7</v></c>'),
        ('<c r="A5"><f>C5</f><v>8</v></c>', '<c r="A5"><f>C5</f><v>8</v></c>'),
        ('<c r="A5"><f t="shared" si="0"/><v>8</v></c>', None),
        ("<c r='A5'><f>B5</f><v>8</v></c>", None),
        ('<c r="A5"><v>8</v></c>', '<c r="A5"><v>8</v></c>'),
        ('<c r="A5" t="inlineStr"><is><t>8</t></is></c>', '<c r="A5" t="inlineStr"><is><t>8</t></is></c>'),
        (
            '<c r="A5" t="str"><f aca="false">B5&amp;""</f><v></v></c>',
            '<c r="A5"><f aca="false">B5&amp;""</f><v>7</v></c>',
        ),
        ('<!-- <c r="A5"><f>B5&amp;""</f></c> -->', None),
    ],
)
def test_cached_values_are_replaced_in_the_bytes_or_the_sheet_is_parsed(cell: str, after: str | None) -> None:
    wanted = {b"A5": (lambda formula: formula == 'B5&""', 7)}
    result = patched(_ROW.format(cell).encode(), wanted, frozenset(), since_1904=False)
    assert (result and result[0]) == (after and _ROW.format(after).encode())


def test_both_ways_of_writing_cached_values_agree(rempli: Path, catalogue: Catalogue) -> None:
    """The bytes patched directly and the sheet parsed hold the same cells."""
    dossier = _lire(rempli, catalogue)
    quick, parsed = Workbook(rempli.read_bytes()), Workbook(rempli.read_bytes())
    for name in parsed.parts:
        parsed.sheet(name)
    later = replace(dossier.donnees, aujourdhui=date(2027, 1, 1))
    for workbook in (quick, parsed):
        refresh(workbook, later)
    for name in parsed.parts:
        roots = [etree.fromstring(Workbook(book.save()).raw(name) or b"") for book in (quick, parsed)]
        assert len({etree.tostring(root, method="c14n") for root in roots}) == 1, name


# --- Filling ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_filling_more_rows_than_offered_extends_the_table(appel33: Appel) -> None:
    blank = build(appel33, {}, aujourdhui=date(2025, 3, 1))
    offered = layout.tables(appel33)["partenaires"].derniere
    rows = [{"partenaire": f"Entreprise {n}", "personnes": n} for n in range(offered)]
    book = openpyxl.load_workbook(io.BytesIO(remplir(blank, {}, {"partenaires": rows}, appel33)))
    sheet = book["Partenaires"]
    last = layout.ENTETES + offered
    assert sheet.tables["t_partenaires"].ref.endswith(str(last))
    assert sheet.cell(last, 3).value == f"Entreprise {offered - 1}"
    assert sheet.cell(last, 3).fill.fgColor.rgb == sheet.cell(5, 3).fill.fgColor.rgb
    assert sheet.print_area == f"'Partenaires'!$A$1:$E${last}"


@pytest.mark.slow
def test_filling_writes_what_an_operator_would_see(appel37: Appel) -> None:
    blank = build(appel37, {}, aujourdhui=date(2025, 3, 1))
    operation = {"porteur": "=Exemple", "mds": "artois", "agrement_aci": True, "date_debut": date(2025, 3, 1)}
    operation |= {"taux_intervention": Decimal("0.5"), "date_fin": "31 décembre"}
    book = openpyxl.load_workbook(io.BytesIO(remplir(blank, operation, {}, appel37)))
    form = layout.formulaire(appel37)
    seen: dict[str, Any] = {nom: book["Opération"].cell(form.lignes[nom], layout.VALEUR).value for nom in operation}
    assert seen["porteur"] == "=Exemple"
    assert (seen["mds"], seen["agrement_aci"]) == ("Artois", "Oui")
    assert (seen["date_debut"].date(), seen["date_fin"]) == (date(2025, 3, 1), "31 décembre")
    assert seen["taux_intervention"] == 0.5


# --- When things go wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\xd0\xcf\x11\xe0", b"a;b;c\n"])
def test_another_format_is_refused_with_the_remedy(content: bytes, rempli: Path, catalogue: Catalogue) -> None:
    dossier = _lire(rempli, catalogue)
    with pytest.raises(EcritureImpossible, match=r"enregistrez-le d'abord au format \.xlsx"):
        octets_bilan(content, dossier.donnees, [], [])


def test_an_ods_is_refused_with_the_remedy(rempli: Path, catalogue: Catalogue) -> None:
    dossier = _lire(rempli, catalogue)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("content.xml", "<x/>")
    with pytest.raises(EcritureImpossible, match=r"enregistrez-le d'abord au format \.xlsx"):
        octets_bilan(out.getvalue(), dossier.donnees, [], [])


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda p: p.chmod(0o444), "lecture seule"),
        (lambda p: p.with_name(f"~${p.name}").touch(), "ouvert dans un tableur"),
        (lambda p: p.with_name(f".~lock.{p.name}#").touch(), "ouvert dans un tableur"),
    ],
)
@pytest.mark.slow
def test_a_target_in_use_is_left_alone(
    prepare: Callable[[Path], None], words: str, rempli: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    cible = tmp_path / "bilan.xlsx"
    cible.write_bytes(b"ancien")
    prepare(cible)
    with pytest.raises(EcritureImpossible, match=words):
        _bilan(rempli, catalogue, cible)
    assert cible.read_bytes() == b"ancien"


def test_names_that_a_spreadsheet_would_not_open_are_refused(
    rempli: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    for name in ("bilan.xlsm", "bilan.pdf", "bilan"):
        with pytest.raises(EcritureImpossible, match="extension"):
            _bilan(rempli, catalogue, tmp_path / name)
    with pytest.raises(EcritureImpossible, match="dossier n'existe pas"):
        _bilan(rempli, catalogue, tmp_path / "absent" / "bilan.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_type_for_binary_parts_makes_no_file_with_macros(rempli: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    """SheetJS declares one in every workbook it writes."""
    declared = b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'

    def declare(name: str, content: bytes) -> bytes:
        return content.replace(b"<Override", declared + b"<Override", 1) if name == "[Content_Types].xml" else content

    path = tmp_path / "suivi.xlsx"
    path.write_bytes(_part(rempli.read_bytes(), declare))
    assert declared in zipfile.ZipFile(_bilan(path, catalogue, tmp_path / "bilan.xlsx")).read("[Content_Types].xml")


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
@pytest.mark.slow
def test_a_full_disk_leaves_the_old_file(
    step: str, rempli: Path, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cible = tmp_path / "bilan.xlsx"
    cible.write_bytes(b"ancien")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    dossier = _lire(rempli, catalogue)
    if step == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        monkeypatch.setattr(os, {"write": "fdopen", "fsync": "fsync"}[step], full)
    with pytest.raises(EcritureImpossible, match="plus de place"):
        dossier.ecrire_bilan(cible)
    monkeypatch.undo()
    assert cible.read_bytes() == b"ancien"
    assert [path.name for path in tmp_path.iterdir()] == ["bilan.xlsx"]


def test_permissions_are_kept(rempli: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    cible = tmp_path / "bilan.xlsx"
    cible.write_bytes(b"ancien")
    cible.chmod(0o640)
    assert _bilan(rempli, catalogue, cible).stat().st_mode & 0o777 == 0o640


_WRITER = """
import sys
from pathlib import Path
from aap_xl.workbook.ooxml.atomic import write_atomically
target, contents = Path(sys.argv[1]), [Path(p).read_bytes() for p in sys.argv[2:]]
print("ready", flush=True)
while True:
    for content in contents:
        write_atomically(target, content)
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    versions = [bytes([mark]) * 3_000_000 for mark in (1, 2)]
    paths = [tmp_path / f"v{rank}" for rank in range(len(versions))]
    for path, version in zip(paths, versions, strict=True):
        path.write_bytes(version)
    target = tmp_path / "cible.xlsx"
    target.write_bytes(versions[0])
    for attempt in range(12):
        command = [sys.executable, "-c", _WRITER, str(target), *map(str, paths)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(0.0037 * attempt)
            process.send_signal(signal.SIGKILL)
        assert target.read_bytes() in versions


def test_an_untouched_package_keeps_its_bytes(rempli: Path) -> None:
    content = rempli.read_bytes()
    package = Package(content)
    package.write("xl/workbook.xml", package["xl/workbook.xml"])
    assert package.to_bytes() == content
    assert Workbook(content).save() == content


def test_the_same_day_gives_the_same_bytes(rempli: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    first, second = (_bilan(rempli, catalogue, tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("code", CODES)
def test_an_empty_dossier_has_a_bilan(catalogue: Catalogue, code: str) -> None:
    appel, jour = catalogue.get(code), date(2025, 3, 1)
    donnees = _empty(appel, jour)
    content = octets_bilan(build(appel, {}, aujourdhui=jour), donnees, [], tableaux(donnees))
    assert openpyxl.load_workbook(io.BytesIO(content))["Bilan"]["A1"].value == "Bilan intermédiaire"
