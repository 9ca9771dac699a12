"""Files that are no workbook, damaged, protected or dangerous: one French sentence, quickly, in little memory."""

import datetime as dt
import io
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import msoffcrypto.format.ooxml
import pytest
from fabrique import classeur, operation_type
from hypothesis import given, settings
from hypothesis import strategies as st

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.data import Donnees
from aap_xl.workbook.reading.reader import FichierRefuse, lire

LE = dt.date(2025, 10, 15)
SECONDS_MAX = 2.0
MIB_MAX = 200
_MEASURED = """
import datetime as dt, json, os, re, resource, sys
from pathlib import Path
from aap_xl.appels.loader import Catalogue
from aap_xl.workbook.reading.reader import FichierRefuse, lire
catalogue = Catalogue()
catalogue.get("3.3", 2025)
start = sum(os.times()[:4])  # of the processor, children included: the machine may be busy
try:
    lire(Path(sys.argv[1]), catalogue, dt.date(2025, 10, 15))
    said = ""
except FichierRefuse as refus:
    said = str(refus)
seconds = sum(os.times()[:4]) - start
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss would count what the parent held when it started us
    mib = int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) / 2**10
else:
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([said, seconds, mib]))
"""

CONTENT_TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet8.xml"
GUIDE = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="session")
def valid(appel33: Appel) -> bytes:
    people = [{"code": f"A{n:02}", "nom": "Durand", "brsa": True, "date_entree": LE} for n in range(20)]
    return classeur(appel33, operation_type(appel33), {"participants": people})


def rebuilt(content: bytes, changes: dict[str, bytes], *, without: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != without:
                target.writestr(name, changes.get(name) or source.read(name))
        for name in changes.keys() - set(source.namelist()):
            target.writestr(name, changes[name])
    return buffer.getvalue()


def part(content: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


def far_cell(valid: bytes, cell: bytes) -> bytes:
    return rebuilt(valid, {SHEET: part(valid, SHEET).replace(b"</sheetData>", cell + b"</sheetData>")})


def lying_zip(valid: bytes) -> bytes:
    """A part that inflates to a gigabyte under a directory that says 100 bytes."""
    bomb = rebuilt(valid, {SHEET: bytes(2**30)})
    entry = zipfile.ZipFile(io.BytesIO(bomb)).getinfo(SHEET)
    return bomb.replace(struct.pack("<I", entry.file_size), struct.pack("<I", 100))


def small_lying_zip(valid: bytes) -> bytes:
    bomb = rebuilt(valid, {SHEET: bytes(70 * 2**20)})
    entry = zipfile.ZipFile(io.BytesIO(bomb)).getinfo(SHEET)
    return bomb.replace(struct.pack("<I", entry.file_size), struct.pack("<I", 100))


def encrypted(valid: bytes) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(valid)).encrypt("secret", buffer)
    return buffer.getvalue()


def backslashes(valid: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(valid)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name.replace("/", "\\"), source.read(name))
    return buffer.getvalue()


def word(_: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(CONTENT_TYPES, "<Types/>")
        target.writestr("word/document.xml", "<document/>")
    return buffer.getvalue()


CIPHER = b"\x93\0\xff" * 900


def ods(content: bytes, manifest: bytes = b"<manifest/>", part: str = "content.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr(part, content)
        target.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


ODS_CONTENT = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    b'<table:table table:name="Listes">%s</table:table></office:spreadsheet></office:body></office:document-content>'
)
REPEATED = (
    b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" '
    b'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)
NEGATIVE = (
    b'<table:table-row><table:table-cell table:number-columns-repeated="-5"/>'
    b'<table:table-cell table:formula="of:=1"/></table:table-row>'
)
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

Make = Callable[[bytes], bytes]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FAR_ODDLY = b"<row r='1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>"
MAIN = b'="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORKSHEET = b"<worksheet xmlns%b><sheetData>" % MAIN
FAR_PREFIXED = b'<a:row xmlns:a%b r="1048576"><a:c r="XFD1048576"><a:v>1</a:v></a:c></a:row>' % MAIN
NO_WORKBOOK, NOT_OURS = "n'est pas un classeur ;", "n'est pas un classeur aap_xl"
BROKEN, SECRET, HUGE, DANGEROUS, FAR_AWAY = "abîmé", "mot de passe", "volumineux", "entités XML", "supprimez les lignes"
TOO_FULL, TOO_RICH = "cellules remplies", "compte plus de"


def always(content: bytes) -> Make:
    return lambda _: content


def changed(name: str, change: Callable[[bytes], bytes]) -> Make:
    return lambda valid: rebuilt(valid, {name: change(part(valid, name))})


def added(parts: dict[str, bytes]) -> Make:
    return lambda valid: rebuilt(valid, parts)


def without(name: str) -> Make:
    return lambda valid: rebuilt(valid, {}, without=name)


def lying_count(xml: bytes) -> bytes:
    return re.sub(rb'count="\d+" uniqueCount="\d+"', b'count="4294967295" uniqueCount="4294967295"', xml)


READ = ""
"""Nothing is found in it, which is said like any sheet that lacks, or is empty."""
FILL = 28 * 2**20
FAR_FORMULA = b'<row r="1048576"><c r="A1048576"><f>1</f></c></row>'


def cells(repeated: bytes, *, before: bytes = b"", after: bytes = b"") -> Make:
    """A sheet of one thing again and again."""
    return always_part(SHEET, WORKSHEET + before, repeated, after + b"</sheetData></worksheet>")


def numbered(row: bytes) -> Make:
    """A sheet of many rows, one after the other."""

    def make(valid: bytes) -> bytes:
        content = b"".join(row % (line, line) for line in range(1, FILL // (len(row) + 8)))
        return rebuilt(valid, {SHEET: WORKSHEET + content + b"</sheetData></worksheet>"})

    return make


def always_part(name: str, before: bytes, repeated: bytes, after: bytes) -> Make:
    return lambda valid: rebuilt(valid, {name: before + repeated * (FILL // len(repeated)) + after})


REFUSED: dict[str, tuple[str, str, Make]] = {
    "empty": ("vide.xlsx", "est vide", always(b"")),
    "a text": ("notes.xlsx", NO_WORKBOOK, always(b"code;nom\nA1;Durand\n")),
    "a web page": ("export.xls", NO_WORKBOOK, always(b"<html><table></table></html>")),
    "a PDF": ("bilan.pdf", NO_WORKBOOK, always(b"%PDF-1.7 ...")),
    "a Word document": ("projet.docx", NO_WORKBOOK, word),
    "an OLE file of something else": ("a.xls", NO_WORKBOOK, always(OLE + bytes(2000))),
    "an OLE file cut short": ("a.xls", BROKEN, always(OLE + bytes(600) + "Workbook".encode("utf-16-le"))),
    "the mark of an open workbook": ("~$suivi.xlsx", "la marque d'un classeur ouvert", always(bytes(165))),
    "the mark of LibreOffice": (".~lock.suivi.xlsx#", "la marque d'un classeur ouvert", always(b",x,y;")),
    "truncated": ("suivi.xlsx", BROKEN, lambda valid: valid[: len(valid) // 2]),
    "the end is missing": ("suivi.xlsx", BROKEN, lambda valid: valid[:-30]),
    "a zip of nothing": ("suivi.xlsx", BROKEN, always(b"PK\3\4")),
    "protected by a password": ("suivi.xlsx", SECRET, encrypted),
    "an .ods protected by a password": ("suivi.ods", SECRET, always(ods(CIPHER, b"<x><encryption-data/></x>"))),
    "an .ods encrypted whole": ("suivi.ods", SECRET, always(ods(CIPHER, part="encrypted-package"))),
    "parts named as Windows names files": ("suivi.xlsx", READ, backslashes),
    "a zip bomb that says so": ("suivi.xlsx", HUGE, added({SHEET: bytes(2**28)})),
    "a zip bomb that lies": ("suivi.xlsx", BROKEN, lying_zip),
    "a smaller zip bomb that lies": ("suivi.xlsx", BROKEN, small_lying_zip),
    "thousands of parts": ("suivi.xlsx", HUGE, added({f"xl/media/{n}.png": b"x" for n in range(5000)})),
    "a part twice": ("suivi.xlsx", BROKEN, added({SHEET.upper(): b"<worksheet/>"})),
    "XML entities": ("suivi.xlsx", DANGEROUS, changed(SHEET, lambda xml: DTD + xml)),
    "entities in a part nobody reads": ("suivi.xlsx", READ, added({"customXml/item1.xml": DTD + b"<x>&b;</x>"})),
    "entities in a sheet nobody reads": ("suivi.xlsx", DANGEROUS, changed(GUIDE, lambda xml: DTD + xml)),
    "entities in the strings": ("suivi.xlsx", DANGEROUS, changed("xl/sharedStrings.xml", lambda xml: DTD + xml)),
    "entities in an .ods": ("suivi.ods", DANGEROUS, always(ods(DTD + ODS_CONTENT % b""))),
    "UTF-16 to hide entities": ("suivi.xlsx", DANGEROUS, changed(SHEET, lambda _: DTD.decode().encode("utf-16"))),
    "a cell at the end of the sheet": ("suivi.xlsx", FAR_AWAY, lambda valid: far_cell(valid, FAR)),
    "a far cell, written otherwise": ("suivi.xlsx", FAR_AWAY, lambda valid: far_cell(valid, FAR_ODDLY)),
    "a far cell with a prefix": ("suivi.xlsx", FAR_AWAY, lambda valid: far_cell(valid, FAR_PREFIXED)),
    "many rows and columns in an .ods": ("suivi.ods", FAR_AWAY, always(ods(ODS_CONTENT % REPEATED))),
    "a cell repeated less than once in an .ods": ("suivi.ods", BROKEN, always(ods(ODS_CONTENT % NEGATIVE))),
    "not ours": ("autre.ods", NOT_OURS, always(ods(ODS_CONTENT % b""))),
    "a sheet's XML cut short": ("suivi.xlsx", BROKEN, changed(SHEET, lambda xml: xml[:3000])),
    "no workbook part": ("suivi.xlsx", BROKEN, without("xl/workbook.xml")),
    "no sheet part": ("suivi.xlsx", BROKEN, without(SHEET)),
    "no strings part": ("suivi.xlsx", BROKEN, without("xl/sharedStrings.xml")),
    "starts of cells only": ("suivi.xlsx", TOO_RICH, cells(b"<c")),
    "starts of cells in rows": ("suivi.xlsx", READ, cells(b'<row r="5"><c r="A5"')),
    "cells never closed": ("suivi.xlsx", TOO_RICH, cells(b'<row r="5"><c r="A5"><v>')),
    "values never closed": ("suivi.xlsx", TOO_RICH, cells(b'<c r="A5"><v>1')),
    "formulas never closed": ("suivi.xlsx", TOO_RICH, cells(b'<row r="5"><c r="A5"><f>1')),
    "one endless cell": ("suivi.xlsx", BROKEN, cells(b"A", before=b'<row r="5"><c r="')),
    "one endless attribute": ("suivi.xlsx", BROKEN, cells(b"a", before=b'<row r="5"><c r="A5" ')),
    "one endless row": ("suivi.xlsx", TOO_RICH, cells(b'<c r="A5"/>', before=b'<row r="5">')),
    "rows without an address": ("suivi.xlsx", TOO_RICH, cells(b"<row/>")),
    "cells without an address": ("suivi.xlsx", TOO_RICH, cells(b"<c/>", before=b"<row>", after=b"</row>")),
    "the same row again and again": ("suivi.xlsx", TOO_FULL, cells(b'<row r="5"><c r="A5"><v>1</v></c></row>')),
    "formulas without end": ("suivi.xlsx", TOO_RICH, numbered(b'<row r="%d"><c r="A%d"><f/></c></row>')),
    "rows without end": ("suivi.xlsx", TOO_FULL, numbered(b'<row r="%d"><c r="A%d"><v>1</v></c></row>')),
    "a far formula nobody computed": ("suivi.xlsx", FAR_AWAY, lambda valid: far_cell(valid, FAR_FORMULA)),
    "strings without end": ("suivi.xlsx", TOO_RICH, always_part("xl/sharedStrings.xml", b"<sst>", b"<si>", b"</sst>")),
    "pronunciations never closed": (
        "suivi.xlsx",
        TOO_RICH,
        always_part("xl/sharedStrings.xml", b"<sst><si><t>a</t>", b"<rPh>", b"</si></sst>"),
    ),
    "an endless name in the workbook": (
        "suivi.xlsx",
        BROKEN,
        always_part("xl/workbook.xml", b"<workbook><sheet ", b"a", b"/></workbook>"),
    ),
    "quotes never closed in the workbook": (
        "suivi.xlsx",
        TOO_RICH,
        always_part("xl/workbook.xml", b"<workbook>", b'<sheet a="', b"</workbook>"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", REFUSED)
def test_refused_in_one_sentence_two_seconds_and_200_mib(what: str, valid: bytes, tmp_path: Path) -> None:
    nom, words, make = REFUSED[what]
    path = tmp_path / nom
    path.write_bytes(make(valid))
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(path)], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    said, seconds, mib = json.loads(done.stdout)
    assert words in said, said
    assert said.endswith(".") if words else not said
    assert "\n" not in said
    assert done.stderr == ""
    assert seconds < SECONDS_MAX
    assert mib < MIB_MAX


def refusal(path: Path, catalogue: Catalogue) -> str:
    with pytest.raises(FichierRefuse) as refus:
        lire(path, catalogue, LE)
    return str(refus.value)


def test_no_such_file_and_a_folder(tmp_path: Path, catalogue: Catalogue) -> None:
    assert "n'existe pas" in refusal(tmp_path / "absent.xlsx", catalogue)
    assert "est un dossier" in refusal(tmp_path, catalogue)


def test_too_heavy(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "images.xlsx"
    with path.open("wb") as file:
        file.truncate(31 * 2**20)
    assert "31 Mio" in refusal(path, catalogue)


def test_a_dimension_that_lies_does_not_matter(valid: bytes, tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "suivi.xlsx"
    sheet = part(valid, SHEET)
    start = sheet.index(b'<dimension ref="') + 16
    sheet = sheet[:start] + b"A1:XFD1048576" + sheet[sheet.index(b'"', start) :]
    path.write_bytes(rebuilt(valid, {SHEET: sheet}))
    assert len(lire(path, catalogue, LE).participants) == 20


def test_a_merged_range_that_lies_does_not_matter(valid: bytes, tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "suivi.xlsx"
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A9:ZZZZZZZ9"/></mergeCells>'
    path.write_bytes(rebuilt(valid, {SHEET: part(valid, SHEET).replace(b"</sheetData>", merged)}))
    assert len(lire(path, catalogue, LE).participants) == 20


def test_a_count_that_lies_does_not_matter(valid: bytes, tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(changed("xl/sharedStrings.xml", lying_count)(valid))
    assert len(lire(path, catalogue, LE).participants) == 20


@pytest.mark.parametrize("ref", [b"A1:XFD1048576", b"A1:ZZZZZZZZZZZZ99999999999999999999999"])
def test_an_array_formula_that_lies_does_not_matter(
    ref: bytes, valid: bytes, tmp_path: Path, catalogue: Catalogue
) -> None:
    path = tmp_path / "suivi.xlsx"
    sheet = part(valid, SHEET).replace(b"<f>", b'<f t="array" ref="%b">' % ref, 1)
    path.write_bytes(rebuilt(valid, {SHEET: sheet}))
    assert len(lire(path, catalogue, LE).participants) == 20


def test_formats_down_to_the_last_row_do_not_matter(valid: bytes, tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(far_cell(valid, b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'))
    assert len(lire(path, catalogue, LE).participants) == 20


def read(content: bytes, path: Path, catalogue: Catalogue) -> Donnees | None:
    path.write_bytes(content)
    try:
        return lire(path, catalogue, LE)
    except FichierRefuse:
        return None


@settings(max_examples=150)
@given(data=st.data())
def test_any_damage_to_the_file_is_read_or_refused(
    data: st.DataObject, valid: bytes, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> None:
    content = bytearray(valid)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    read(bytes(content[:cut]), tmp_path_factory.getbasetemp() / "suivi.xlsx", catalogue)


@pytest.mark.slow
@settings(max_examples=200)
@given(data=st.data())
def test_any_damage_to_a_part_is_read_or_refused(
    data: st.DataObject, valid: bytes, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> None:
    names = ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", SHEET, "docProps/custom.xml"]
    names += ["xl/_rels/workbook.xml.rels", "xl/tables/table1.xml", "xl/worksheets/_rels/sheet8.xml.rels"]
    name = data.draw(st.sampled_from(names))
    xml = bytearray(part(valid, name))
    start = data.draw(st.integers(0, len(xml) - 1))
    length = data.draw(st.integers(0, 20))
    xml[start : start + length] = data.draw(st.binary(max_size=20))
    read(rebuilt(valid, {name: bytes(xml) or b" "}), tmp_path_factory.getbasetemp() / "suivi.xlsx", catalogue)


def test_a_flipped_bit_is_never_another_value(valid: bytes, tmp_path: Path, catalogue: Catalogue) -> None:
    """Checksums are verified: a damaged sheet is refused, not read with other values."""
    entry = zipfile.ZipFile(io.BytesIO(valid)).getinfo(SHEET)
    start = entry.header_offset + 30 + len(SHEET)
    whole = zlib.crc32(part(valid, SHEET))
    for offset in range(start, start + entry.compress_size, max(1, entry.compress_size // 40)):
        content = bytearray(valid)
        content[offset] ^= 4
        assert read(bytes(content), tmp_path / "suivi.xlsx", catalogue) is None
    assert whole == entry.CRC


def test_a_file_that_the_system_withholds_is_told_in_french(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.xlsx").write_bytes(b"PK")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FichierRefuse, match="vous n'avez pas le droit de le lire") as refused:
        lire(tmp_path / "a.xlsx", catalogue, dt.date(2025, 6, 1))
    assert "denied" not in str(refused.value)
