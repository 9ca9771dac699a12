"""A package in unusual writings is read as in the usual one, and the bilan is written in it."""

import datetime as dt
import re
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from libreoffice import convertir
from paquets import TYPES, UNUSUAL
from zips import parts, rezip

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.workbook.layout import BILAN
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.encodings import to_utf8
from aap_xl.workbook.ooxml.tree import parse
from aap_xl.workbook.ooxml.view import View, canonical
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.reader import lire

LE = dt.date(2026, 1, 15)
EXEMPLES = sorted((Path(__file__).parents[1] / "workbooks").glob("*-exemple.xlsx"))


def said(content: bytes, catalogue: Catalogue) -> Any:
    """All that a workbook says."""
    found = lire(Path("suivi.xlsx"), catalogue, LE, content)
    rows = {table: [list(row.valeurs()) for row in rows] for table, rows in found.tables.items()}
    return list(found.operation.valeurs()), rows, found.faits, found.ecartees


@pytest.mark.parametrize("what", UNUSUAL)
@pytest.mark.parametrize("exemple", EXEMPLES, ids=lambda path: path.stem)
def test_an_unusual_package_reads_as_the_usual_one(what: str, exemple: Path, catalogue: Catalogue) -> None:
    usual = exemple.read_bytes()
    unusual = UNUSUAL[what](usual)
    assert parts(unusual) != parts(usual)
    assert said(unusual, catalogue) == said(usual, catalogue)


@pytest.mark.parametrize(
    ("type_", "genre"),
    [
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xlsx"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", "xlsx"),
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsx"),
        ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
        ("application/xml", "xlsx"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", ""),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml", ""),
    ],
)
def test_the_kind_is_told_by_what_the_main_part_is(type_: str, genre: str) -> None:
    found = parts(EXEMPLES[0].read_bytes())
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert View(found | {TYPES: found[TYPES].replace(usual, type_.encode())}).genre == genre


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"<a>\xc3\xa9</a>", "<a>é</a>"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xc3\xa9</a>', None),
        (b"<?xml version='1.0' encoding='iso-8859-15'?><a>\xa4</a>", "<?xml version='1.0' encoding='UTF-8'?><a>€</a>"),
        (b'<?xml version="1.0" encoding="windows-1252"?><a>\x80</a>', '<?xml version="1.0" encoding="UTF-8"?><a>€</a>'),
        ('\ufeff<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16-be"), None),
    ],
)
def test_xml_is_brought_to_utf8_once(raw: bytes, expected: str | None) -> None:
    found = to_utf8(raw)
    assert to_utf8(found) == found
    assert expected is None or found.decode() == expected
    assert b"UTF-16" not in found


@pytest.mark.parametrize("declared", ["utf-7", "unicode_escape", "klingon", "utf-32", "UTF-16"])
def test_an_encoding_that_no_spreadsheet_writes_is_refused(declared: str) -> None:
    with pytest.raises(ValueError, match="encoding"):
        to_utf8(f'<?xml version="1.0" encoding="{declared}"?><a/>'.encode())


# Writing


def without_styles(content: bytes) -> bytes:
    """As no spreadsheet leaves it, and several programs do."""
    found = parts(content)
    del found["xl/styles.xml"]
    for name in (TYPES, "xl/_rels/workbook.xml.rels"):
        found[name] = re.sub(rb"<[^<>]*styles[^<>]*/>", b"", found[name])
    return rezip(found)


def lower_case_addresses(content: bytes) -> bytes:
    def lowered(part: bytes) -> bytes:
        return re.sub(rb'<c r="[A-Z]+', lambda m: m[0].lower(), part)

    return rezip({n: lowered(p) if "worksheets/sheet" in n else p for n, p in parts(content).items()})


def capital_sheets_without_bilan(content: bytes) -> bytes:
    """The sheet « Bilan » deleted, and its number free, among parts called ``Sheet5.xml``."""
    found = parts(content)
    [sheet] = re.findall(rb'<sheet name="Bilan"[^<>]*/>', found["xl/workbook.xml"])
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace(sheet, b"")
    return rezip({name.replace("worksheets/sheet", "worksheets/Sheet"): part for name, part in found.items()})


WRITTEN: dict[str, Callable[[bytes], bytes]] = UNUSUAL | {
    "no styles": without_styles,
    "addresses in lower case": lower_case_addresses,
    "sheets in capitals, « Bilan » deleted": capital_sheets_without_bilan,
}


def written(what: str, folder: Path, catalogue: Catalogue) -> tuple[bytes, bytes]:
    """An example in some writing, and the same once its bilan is written."""
    path = folder / "suivi.xlsx"
    path.write_bytes(WRITTEN[what](EXEMPLES[0].read_bytes()))
    dossier = Dossier.lire(path, catalogue, LE)
    source = path.read_bytes()
    dossier.ecrire_bilan(path)
    return source, path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("what", WRITTEN)
def test_the_bilan_is_written_in_an_unusual_package(what: str, tmp_path: Path, catalogue: Catalogue) -> None:
    source, product = written(what, tmp_path, catalogue)
    assert product != source
    found = parts(product)
    assert len({canonical(name) for name in found}) == len(found) >= len(parts(source))
    for name, part in found.items():
        assert "\\" not in name
        if name.casefold().endswith((".xml", ".rels")):
            root = parse(to_utf8(part)).root
            assert not [item for item in root if "\\" in item.get("Target", "")], name
        if "worksheets/sheet" in name.casefold() and name.endswith(".xml"):
            addresses = [address.upper() for address in re.findall(rb'<c[^<>]*? r="(\w+)"', to_utf8(part))]
            assert len(addresses) == len(set(addresses)), name
    before, after = said(source, catalogue), said(product, catalogue)
    assert after[:2] == before[:2]
    assert [fait for fait in after[2] if fait not in before[2]] == []


OPENED = (
    "everything in another folder",
    "every part in another case",
    "backslashes everywhere",
    "percent-encoded parts",
    "UTF-16",
    "Windows-1252",
    "strict",
    "no styles",
    "sheets in capitals, « Bilan » deleted",
)


@pytest.mark.slow
@pytest.mark.libreoffice
def test_libreoffice_opens_what_was_written_in_them(tmp_path: Path, catalogue: Catalogue) -> None:
    files = {f"{rank}.xlsx": written(what, tmp_path, catalogue)[1] for rank, what in enumerate(OPENED)}
    for nom, path in convertir(files, tmp_path / "ouverts").items():
        sheet = openpyxl.load_workbook(path)[BILAN]
        assert str(sheet["A1"].value).startswith("Bilan"), OPENED[int(Path(nom).stem)]


def test_missing_styles_are_made_for_all_the_numbers_called(tmp_path: Path, catalogue: Catalogue) -> None:
    source, product = written("no styles", tmp_path, catalogue)
    styles = parse(parts(product)["xl/styles1.xml"]).root
    [looks] = [item for item in styles if item.tag.endswith("}cellXfs")]
    sheets = b"".join(part for name, part in parts(source).items() if "worksheets/sheet" in name)
    called = max(map(int, re.findall(rb' s="(\d+)"', sheets)))
    assert {tuple(item.items()) for item in looks[: called + 1]} == {tuple(looks[0].items())}
    assert len(looks) > called + 1


# What can't be written is told before


def altered(name: str, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        found = parts(content)
        assert old in found[name]
        return rezip(found | {name: found[name].replace(old, new, 1)})

    return change


def lost_header(name: str) -> Callable[[bytes], bytes]:
    """A part that the zip's directory says to be where it is not."""

    def change(content: bytes) -> bytes:
        with ZipFile(BytesIO(content)) as archive:
            offset = archive.getinfo(name).header_offset
        entry = content.rindex(name.encode()) - 46
        assert struct.unpack_from("<I", content, entry + 42) == (offset,)
        return content[: entry + 42] + struct.pack("<I", 2**28) + content[entry + 46 :]

    return change


GUIDE = "xl/worksheets/sheet1.xml"
SHEET, RELS, CHART = "xl/worksheets/sheet8.xml", "xl/worksheets/_rels/sheet8.xml.rels", "xl/charts/chart1.xml"
DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a formula that is no text": (SHEET, altered(SHEET, b"<f>IF(", b"<f>I\x94F(")),
    "an attribute twice": (GUIDE, altered(GUIDE, b' s="', b' r="Z1" s="')),
    "a control character": (GUIDE, altered(GUIDE, b' s="', b' \0s="')),
    "a sheet's relations": (RELS, altered(RELS, b"/table", b"/t\0able")),
    "a chart that is not there": (CHART, lost_header(CHART)),
    "styles": ("xl/styles.xml", altered("xl/styles.xml", b"<cellXfs", b"<cellXfs <")),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_can_t_be_written_is_told_before(what: str, tmp_path: Path, catalogue: Catalogue) -> None:
    part, damage = DAMAGES[what]
    path = tmp_path / "suivi.xlsx"
    content = damage(EXEMPLES[0].read_bytes())
    path.write_bytes(content)
    dossier = Dossier.lire(path, catalogue, LE, ecriture=True)
    assert [item.valeur for item in dossier.anomalies if item.code == "F21"] == [part]
    with pytest.raises(EcritureImpossible, match=re.escape(f"« {part} »")):
        dossier.ecrire_bilan(path)
    assert path.read_bytes() == content


def test_nothing_is_told_of_what_can_be_written(catalogue: Catalogue) -> None:
    dossier = Dossier.lire(EXEMPLES[0], catalogue, LE, ecriture=True)
    assert "F21" not in {item.code for item in dossier.anomalies}


def test_a_workbook_part_without_a_sheet_is_damage(tmp_path: Path, catalogue: Catalogue) -> None:
    """Another part in its place, say."""
    path = tmp_path / "suivi.xlsx"
    found = parts(EXEMPLES[0].read_bytes())
    found["xl/workbook.xml"], found[SHEET] = found[SHEET], found["xl/workbook.xml"]
    path.write_bytes(rezip(found))
    with pytest.raises(FichierRefuse, match="abîmé"):
        Dossier.lire(path, catalogue, LE)


def test_links_of_the_package_that_are_cut_are_damage() -> None:
    """They are asked for to know which part is the main one."""
    view = View(
        {"_rels/.rels": b"<Relationships", "[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    )
    with pytest.raises(ValueError, match=r"token|tag|element"):
        view.relations()
