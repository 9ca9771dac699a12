"""What the records of an .xls and .xlsb tell: everything an .xlsx tells, whatever is wrong with them."""

import datetime as dt
import io
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import libreoffice
import olefile
import openpyxl
import pytest
import xlsb
from fabrique import operation_type
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from pieges import ANNE, DOSSIER, par_xlsb
from xlsb import Erreur, Feuille, Formule, record
from zips import parts, rezip

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.regles import code_fait
from aap_xl.workbook.reading.others import process
from aap_xl.workbook.reading.others import xls as raw_xls
from aap_xl.workbook.reading.others import xlsb as raw_xlsb
from aap_xl.workbook.reading.others.records import Protege, RecordsBook
from aap_xl.workbook.reading.reader import FichierRefuse, lire
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.filling import remplir

LE = dt.date(2025, 10, 15)
SECONDS_MAX = 2.0
REFUSALS: tuple[type[Exception], ...] = (ValueError, LookupError, struct.error, OSError, Protege)
XLS = DOSSIER / "pieges-libreoffice.xls"
NIR = "1 85 05 78 006 084 91"
FEUILLE = Feuille(
    [
        ["Titre", "b", 3],
        [Formule(12.5), Formule("texte"), Formule(True)],
        [Erreur("#N/A"), Formule(Erreur("#DIV/0!")), Formule("")],
        ["x", "", Erreur("#REF!")],
        ["Total", 1, 2],
    ],
    masquees=(2, 4),
    fusions=((4, 1, 4, 2),),
    plage=(1, 1, 5, 3),
    totaux=True,
    notes={(2, 1): "une note", (3, 2): NIR},
)
NOMS = {"un_nom": ("Un", 2, 1), "autre_nom": ("Été", 1, 1)}
FEUILLES = {"Un": FEUILLE, "Été": Feuille([[1]])}


def processor() -> float:
    """Seconds of processor used so far, children's included: the machine may be busy with something else."""
    return sum(os.times()[:4])


def test_every_record_of_an_xlsb() -> None:
    book = raw_xlsb.read(parts(xlsb.ecrire(FEUILLES, NOMS, depuis_1904=True)))
    assert list(book.sheets) == list(FEUILLES)
    assert book.depuis_1904
    assert book.noms == {"un_nom": "'Un'!$A$2", "autre_nom": "'Été'!$A$1"}
    sheet = book.sheets["Un"]
    assert sheet.extent == (5, 3)
    assert sheet.erreurs == {(3, 1): "#N/A", (3, 2): "#DIV/0!", (4, 3): "#REF!"}
    assert sheet.formules == {b"A2", b"B2", b"C2", b"B3", b"C3"}
    assert sheet.vides == set()
    assert sheet.fusions == [(4, 1, 4, 2)]
    assert sheet.masquees == {2, 4}
    assert sheet.plages == [(1, 1, 5, 3)]
    assert sheet.totaux == {5}
    assert sheet.notes == [((2, 1), "une note"), ((3, 2), NIR)]


@pytest.mark.libreoffice
def test_libreoffice_opens_that_xlsb_and_sees_the_same(tmp_path: Path) -> None:
    """The writer of these tests is not the only one to believe in its records (LibreOffice leaves its names out)."""
    content = xlsb.ecrire(FEUILLES, depuis_1904=True)
    [saved] = libreoffice.convertir({"un.xlsb": content}, tmp_path).values()
    book, values = openpyxl.load_workbook(saved), openpyxl.load_workbook(saved, data_only=True)
    sheet = book["Un"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    found = raw_xlsb.read(parts(content)).sheets["Un"]
    formulas = {cell.coordinate.encode() for cell in cells if cell.data_type == "f"}
    assert formulas == found.formules | {b"A3", b"C4"}  # it makes a formula of a constant error
    assert {
        (cell.row, cell.column): cell.value for row in values["Un"].iter_rows() for cell in row if cell.data_type == "e"
    } == found.erreurs
    assert {row for row, size in sheet.row_dimensions.items() if size.hidden} == found.masquees
    assert [zone.coord for zone in sheet.merged_cells.ranges] == ["A4:B4"]
    assert [(table.ref, table.totalsRowCount) for table in sheet.tables.values()] == [("A1:C5", 1)]
    assert {(c.row, c.column): c.comment.text for c in cells if c.comment} == dict(found.notes)
    assert book.epoch == dt.datetime(1904, 1, 1)  # noqa: DTZ001


def test_formulas_that_nobody_computed() -> None:
    """The format has no way to leave a value out: a workbook whose formulas all are 0 or blank was not computed."""
    rows = [[Formule(0), Formule(""), 5]]
    book = raw_xlsb.read(parts(xlsb.ecrire({"Un": Feuille(rows)})))
    assert book.sheets["Un"].vides == {(1, 1), (1, 2)}
    book = raw_xlsb.read(parts(xlsb.ecrire({"Un": Feuille(rows), "Deux": Feuille([[Formule(45_000)]])})))
    assert book.sheets["Un"].vides == set()


def edited(change: Callable[[bytearray], None], content: bytes | None = None) -> bytes:
    """An .xls whose stream is changed in place."""
    buffer = io.BytesIO(XLS.read_bytes() if content is None else content)
    with olefile.OleFileIO(buffer, write_mode=True) as ole:
        stream = bytearray(ole.openstream("Workbook").read())
        size = len(stream)
        change(stream)
        ole.write_stream("Workbook", bytes(stream[:size].ljust(size, b"\0")))
    return buffer.getvalue()


def positions(stream: bytearray, wanted: int) -> Iterator[int]:
    """Where the content of the records of that number begins."""
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        if kind == wanted:
            yield position + 4
        position += 4 + size


def zeros(stream: bytearray) -> None:
    for start in list(positions(stream, 6)):
        stream[start + 6 : start + 14] = bytes(8)


def test_an_xls_that_nobody_computed(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "suivi.xls"
    path.write_bytes(edited(zeros))
    donnees = lire(path, catalogue, LE)
    assert ("F08", "Charges!E6") in {(fait.code, str(fait.cell)) for fait in donnees.faits}
    assert donnees.charges[1].prevu is None


def test_a_formula_whose_text_does_not_follow() -> None:
    def drop(stream: bytearray) -> None:
        for start in list(positions(stream, 6)):
            stream[start + 6 : start + 14] = b"\0\0\0\0\0\0\xff\xff"

    sheet = raw_xls.read(edited(drop)).sheets["Participants"]
    assert len(sheet.vides) == len(sheet.formules) > 0


TYPED_OVER = "budget_indirectes_prevu"


def damage(book: openpyxl.Workbook) -> None:
    """In « Participants » and « Budget », what the small workbook of ``pieges.py`` does not have."""
    sheet = book["Participants"]
    sheet["C6"].comment = Comment(f"NIR {NIR}", "x")
    sheet["C5"].comment = Comment("rien", "x")
    sheet.row_dimensions[7].hidden = True
    sheet["B8"] = "=NA()"
    sheet["C8"] = "=1/0"
    sheet["B9"] = '=""&""'
    sheet["AO9"] = "à la main"
    sheet.merge_cells("C10:C11")
    budget, _, address = book.defined_names[TYPED_OVER].attr_text.replace("'", "").replace("$", "").partition("!")
    book[budget][address] = 4321


FAITS = {
    ("B06", "Budget"),
    ("F20", "Participants!AU8"),
    ("F07", "Participants!B8"),
    ("F07", "Participants!C8"),
    ("F09", "Participants!AO9"),
    ("F12", "Participants!C10"),
    ("F13", "Participants"),
    ("R01", "Participants!C6"),
}


@pytest.fixture(scope="session")
def rempli(appel33: Appel) -> bytes:
    """The real template, filled, then damaged as operators do."""
    people = [{**ANNE, "code": f"A{n:02}", "nom": f"Durand {n}"} for n in range(8)]
    content = remplir(build(appel33, {}, aujourdhui=LE), operation_type(appel33), {"participants": people}, appel33)
    book = openpyxl.load_workbook(io.BytesIO(content))
    damage(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_days_of_an_xlsb_are_dates_however_they_are_stored(tmp_path: Path) -> None:
    day, moment = dt.date(2025, 9, 15), dt.datetime(2025, 9, 15, 18, 30)  # noqa: DTZ001
    rows = [[day, day, moment, Formule(day)], [45_915, 45_915.5, "15/09/2025", Formule(45_915)]]
    book = process.read(parts(xlsb.ecrire({"Un": Feuille(rows)})))
    assert book.sheets["Un"].rows == [[day, day, moment, day], [45_915, 45_915.5, "15/09/2025", 45_915]]


def test_a_day_of_an_xlsb_counted_from_1904(tmp_path: Path) -> None:
    book = process.read(parts(xlsb.ecrire({"Un": Feuille([[dt.date(2021, 9, 14)]])}, depuis_1904=True)))
    assert book.sheets["Un"].rows == [[dt.date(2025, 9, 15)]]


@pytest.fixture(scope="session")
def enregistres(rempli: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """That workbook saved by LibreOffice in three formats, and the first of them as an .xlsb."""
    formats = {"xlsx": libreoffice.XLSX, "ods": libreoffice.ODS, "xls": "xls:MS Excel 97"}
    found = {}
    for extension, format_ in formats.items():
        folder = tmp_path_factory.mktemp(extension)
        [found[extension]] = libreoffice.convertir({"rempli.xlsx": rempli}, folder, format_).values()
    found["xlsb"] = tmp_path_factory.mktemp("xlsb") / "rempli.xlsb"
    found["xlsb"].write_bytes(par_xlsb(found["xlsx"].read_bytes()))
    return found


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls", "xlsb"])
def test_the_real_template_in_every_format(extension: str, enregistres: dict[str, Path], catalogue: Catalogue) -> None:
    donnees = lire(enregistres[extension], catalogue, LE)
    coded = [(code_fait(fait, donnees.appel), fait.cell) for fait in donnees.faits]
    found = {(code, cell.feuille if code == "B06" else str(cell)) for code, cell in coded}
    assert found - FAITS == ({("F16", "")} if extension == "xlsb" else set()), "no property says whose file it is"
    assert found >= FAITS
    assert len(donnees.participants) == 8
    assert NIR not in repr(donnees.faits)


@pytest.mark.libreoffice
def test_an_xls_and_the_xlsx_it_comes_from_tell_the_same(enregistres: dict[str, Path]) -> None:
    """Formula by formula, sheet by sheet."""
    typed = openpyxl.load_workbook(enregistres["xlsx"])
    book = raw_xls.read(enregistres["xls"].read_bytes())
    assert list(book.sheets) == typed.sheetnames
    for sheet in typed.worksheets:
        formulas = {c.coordinate.encode() for row in sheet.iter_rows() for c in row if c.data_type == "f"}
        assert book.sheets[sheet.title].formules == formulas, sheet.title
    assert len(book.noms) > 20


def test_days_from_1904_and_notes_in_an_ods(tmp_path: Path, catalogue: Catalogue) -> None:
    content = parts((DOSSIER / "pieges-libreoffice.ods").read_bytes())
    xml = content["content.xml"]
    note = f"<office:annotation><dc:date>2026-01-01</dc:date><text:p>{NIR}</text:p></office:annotation>".encode()
    before, _, after = xml.partition(b"<text:p>#N/A</text:p>")
    xml = before + note + b"<text:p>#N/A</text:p>" + after
    start = xml.index(b"<table:table ")
    epoch = b'<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    content["content.xml"] = xml[:start] + epoch + xml[start:]
    path = tmp_path / "suivi.ods"
    path.write_bytes(rezip(content))
    donnees = lire(path, catalogue, LE)
    found = {(fait.code, str(fait.cell)) for fait in donnees.faits}
    assert {("R01", "Participants!J7"), ("F07", "Participants!J7")} <= found
    assert donnees.participants[1].date_naissance == dt.date(1904, 1, 1) + dt.timedelta(36900)
    assert NIR not in repr(donnees.faits)


def lying_bundle(content: dict[str, bytes]) -> None:
    content["xl/workbook.bin"] = content["xl/workbook.bin"].replace(b"\x9c\x01", b"\x9c\x01\xff\xff\xff\x7f", 1)


def shared_by_many(content: dict[str, bytes]) -> None:
    """Thousands of sheets, and the same large part for all."""
    row = record(0, bytes(25)) + b"".join(record(5, struct.pack("<IId", n, 0, 1)) for n in range(100))
    content["xl/worksheets/sheet1.bin"] = record(129) + record(145) + row * 2000 + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + 2 * (struct.pack("<I", 2) + "r1".encode("utf-16-le")))
    content["xl/workbook.bin"] = record(131) + record(143) + bundle * 5000 + record(144) + record(132)


def merged_everywhere(content: dict[str, bytes]) -> None:
    merge = record(176, struct.pack("<4I", 5, 5, 0, 0xFFFFFFFE))
    content["xl/worksheets/sheet1.bin"] += merge * 200_000


def far_cell(content: dict[str, bytes]) -> None:
    cell = record(0, struct.pack("<I", 1_048_575) + bytes(21)) + record(5, struct.pack("<IId", 16_383, 0, 1))
    content["xl/worksheets/sheet1.bin"] = record(129) + record(145) + cell + record(146) + record(130)


def cut_part(content: dict[str, bytes]) -> None:
    content["xl/worksheets/sheet1.bin"] = content["xl/worksheets/sheet1.bin"][:-20]


def short_cell(content: dict[str, bytes]) -> None:
    """A text in the column after the one before, which Excel never writes."""
    sheet = content["xl/worksheets/sheet1.bin"]
    cell = record(17, bytes(4) + struct.pack("<I", 1) + "x".encode("utf-16-le"))
    content["xl/worksheets/sheet1.bin"] = sheet.replace(record(146), cell + record(146), 1)


XLSB_REFUSED = {
    "a cell that says no column": (short_cell, "abîmé"),
    "a bundle that lies": (lying_bundle, "abîmé"),
    "a part that thousands of sheets share": (shared_by_many, "compte plus de 200 feuilles"),
    "hundreds of thousands of merged ranges": (merged_everywhere, "compte plus de 16384 cellules fusionnées"),
    "a cell at the end of the sheet": (far_cell, "supprimez les lignes"),
    "a part cut short": (cut_part, "abîmé"),
}


@pytest.mark.parametrize("what", XLSB_REFUSED)
@pytest.mark.slow
def test_an_xlsb_refused_in_one_sentence(what: str, tmp_path: Path, catalogue: Catalogue) -> None:
    change, words = XLSB_REFUSED[what]
    content = parts(xlsb.ecrire(FEUILLES))
    change(content)
    assert words in refusal(tmp_path / "suivi.xlsb", rezip(content), catalogue)


def refusal(path: Path, content: bytes, catalogue: Catalogue) -> str:
    path.write_bytes(content)
    start = processor()
    with pytest.raises(FichierRefuse) as refus:
        lire(path, catalogue, LE)
    assert processor() - start < SECONDS_MAX
    return str(refus.value)


def lying_record(stream: bytearray) -> None:
    start = list(positions(stream, 6))[-1]
    stream[start - 2 : start] = b"\xff\xff"


def cut_stream(stream: bytearray) -> None:
    stream[len(stream) // 2 :] = bytes(len(stream) - len(stream) // 2)


def same_sheet(stream: bytearray) -> None:
    """All sheets begin where the globals do, and the sheets are what follows."""
    for start in list(positions(stream, 0x85)):
        stream[start : start + 4] = struct.pack("<I", len(stream) - 2)


def secret(stream: bytearray) -> None:
    start = next(positions(stream, 0x42))
    stream[start - 4 : start - 2] = struct.pack("<H", 0x2F)


def far_row(stream: bytearray) -> None:
    for start in list(positions(stream, 6)):
        stream[start : start + 4] = struct.pack("<HH", 65_535, 255)


XLS_REFUSED = {
    "a record that lies": (lying_record, "abîmé"),
    "a stream half blank": (cut_stream, "abîmé"),
    "sheets beyond the end": (same_sheet, "abîmé"),
    "protected by a password": (secret, "mot de passe"),
    "cells at the end of the sheet": (far_row, "supprimez les lignes"),
}


@pytest.mark.parametrize("what", XLS_REFUSED)
@pytest.mark.slow
def test_an_xls_refused_in_one_sentence(what: str, tmp_path: Path, catalogue: Catalogue) -> None:
    change, words = XLS_REFUSED[what]
    assert words in refusal(tmp_path / "suivi.xls", edited(change), catalogue)


def outcome(read: Callable[[], RecordsBook]) -> None:
    start = processor()
    with suppress(*REFUSALS):
        read()
    assert processor() - start < SECONDS_MAX


@settings(max_examples=300)
@given(data=st.data())
@pytest.mark.slow
def test_any_damage_to_an_xlsb_is_read_or_refused(data: st.DataObject) -> None:
    content = parts(xlsb.ecrire(FEUILLES, NOMS))
    name = data.draw(st.sampled_from(sorted(name for name in content if name.endswith((".bin", ".bin.rels")))))
    content[name] = damaged(data, content[name])
    outcome(lambda: raw_xlsb.read(content))


@settings(max_examples=200)
@given(data=st.data())
@pytest.mark.slow
def test_any_damage_to_an_xls_is_read_or_refused(data: st.DataObject) -> None:
    content = XLS.read_bytes()
    if data.draw(st.booleans()):
        content = damaged(data, content)
    else:
        content = edited(lambda stream: stream.__setitem__(slice(None), damaged(data, bytes(stream))))
    outcome(lambda: raw_xls.read(content))


def damaged(data: st.DataObject, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        found[data.draw(st.integers(0, len(found) - 1))] = data.draw(st.integers(0, 255))
    return bytes(found[: data.draw(st.one_of(st.just(len(found)), st.integers(0, len(found))))])


@pytest.mark.parametrize("extension", ["xls", "xlsb"])
@pytest.mark.slow
def test_damage_goes_through_the_whole_reading(extension: str, tmp_path: Path, catalogue: Catalogue) -> None:
    valid = XLS.read_bytes() if extension == "xls" else par_xlsb((DOSSIER / "pieges-libreoffice.xlsx").read_bytes())
    path = tmp_path / f"suivi.{extension}"
    for part in range(1, 16):
        content = bytearray(valid)
        content[len(content) * part // 16] ^= 0xFF
        path.write_bytes(content)
        with suppress(FichierRefuse):
            lire(path, catalogue, LE)
