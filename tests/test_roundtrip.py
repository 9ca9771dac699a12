"""A rich workbook goes through the writing of the bilan, and every part is compared: nothing of it is lost."""

import copy
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from libreoffice import XLSX, convertir
from lxml import etree
from riche import PARTS, enrichir, part_of

from aap_xl.anomalies import Anomalie
from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.workbook.ooxml.order import ORDER

pytestmark = pytest.mark.slow

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

MAY_DIFFER = {
    # The two sheets that are ours: cells, widths, merges, links and page breaks are written anew; what else they
    # hold (views, protection, page setup, charts, comments, extensions) stays.
    "Contrôle": {"dimension", "cols", "sheetData", "mergeCells", "hyperlinks", "rowBreaks"},
    "Bilan": {"dimension", "cols", "sheetData", "mergeCells", "hyperlinks", "rowBreaks"},
    # Any other sheet: the cached value of a cell that holds our own formula, and our own marks (conditional formats
    # whose formula holds « aap_xl: »). Compared below once both are set aside.
    "*": {"cached values", "our marks"},
    # The styles: those that were missing, added at the end of their collections.
    "xl/styles.xml": {"numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs"},
    # The workbook: everything is to be recalculated when it opens.
    "xl/workbook.xml": {"calcPr/@fullCalcOnLoad"},
}
"""Everything that may differ after writing, and why. All other parts keep their bytes, compressed ones included."""


class Passage:
    """One rich workbook, before and after."""

    def __init__(self, folder: Path, catalogue: Catalogue, code: str) -> None:
        exemple = next(item for item in exemples(erreurs=True) if item.appel == code)
        plain = folder / f"{code}.xlsx"
        remplir_classeur(plain, exemple, catalogue.get(code), catalogue)
        self.avant = enrichir(plain.read_bytes())
        self.source = folder / f"{code}.xlsm"
        self.source.write_bytes(self.avant)
        self.dossier = Dossier.lire(self.source, catalogue, exemple.aujourdhui)
        self.cible = folder / f"{code} - bilan.xlsm"
        self.dossier.ecrire_bilan(self.cible)
        self.apres = self.cible.read_bytes()
        self.feuilles = {part_of(self.avant, name): name for name in openpyxl.load_workbook(self.source).sheetnames}


@pytest.fixture(scope="module", params=["3.3", "3.7"])
def passage(request: pytest.FixtureRequest, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Passage:
    return Passage(tmp_path_factory.mktemp("roundtrip"), catalogue, request.param)


def _opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def _parsed(content: bytes, part: str) -> Any:
    return etree.fromstring(_opened(content).read(part))


def _raw(content: bytes, info: zipfile.ZipInfo) -> bytes:
    """The compressed bytes of a part."""
    names = int.from_bytes(content[info.header_offset + 26 : info.header_offset + 28], "little")
    extra = int.from_bytes(content[info.header_offset + 28 : info.header_offset + 30], "little")
    start = info.header_offset + 30 + names + extra
    return content[start : start + info.compress_size]


def test_parts_keep_their_order_dates_and_attributes(passage: Passage) -> None:
    before, after = _opened(passage.avant).infolist(), _opened(passage.apres).infolist()
    assert [(i.filename, i.date_time, i.external_attr) for i in before] == [
        (i.filename, i.date_time, i.external_attr) for i in after
    ]


def test_only_the_parts_that_may_differ_do(passage: Passage) -> None:
    before, after = _opened(passage.avant), _opened(passage.apres)
    changed = {
        item.filename
        for item in before.infolist()
        if _raw(passage.avant, item) != _raw(passage.apres, after.getinfo(item.filename))
    }
    allowed = {*passage.feuilles, *(name for name in MAY_DIFFER if name.startswith("xl/"))}
    assert changed <= allowed
    assert {name for name, feuille in passage.feuilles.items() if feuille in MAY_DIFFER} <= changed
    assert not changed & set(PARTS)


def test_our_sheets_keep_what_is_not_their_content(passage: Passage) -> None:
    for part, feuille in passage.feuilles.items():
        if feuille in MAY_DIFFER:
            before, after = (
                _children(content, part, MAY_DIFFER[feuille]) for content in (passage.avant, passage.apres)
            )
            assert before == after, feuille
            assert before


def _children(content: bytes, part: str, but: set[str]) -> list[bytes]:
    root = _parsed(content, part)
    return [etree.tostring(child, method="c14n") for child in root if etree.QName(child).localname not in but]


def test_other_sheets_keep_everything_but_cached_values_and_marks(passage: Passage) -> None:
    for part, feuille in passage.feuilles.items():
        if feuille not in MAY_DIFFER:
            before, after = (_set_aside(_opened(content).read(part)) for content in (passage.avant, passage.apres))
            assert before == after, feuille


def _set_aside(content: bytes) -> bytes:
    """A sheet without the cached values of formulas and without our marks."""
    root: Any = etree.fromstring(content)
    for cell in root.iter(f"{_NS}c"):
        if cell.find(f"{_NS}f") is not None:
            cell.attrib.pop("t", None)
            for value in cell.findall(f"{_NS}v"):
                cell.remove(value)
    for block in root.findall(f"{_NS}conditionalFormatting"):
        if b"aap_xl:" in etree.tostring(block):
            root.remove(block)
    return bytes(etree.tostring(root, method="c14n"))


def test_styles_only_gain_at_the_end(passage: Passage) -> None:
    before, after = (_parsed(c, "xl/styles.xml") for c in (passage.avant, passage.apres))
    for old, new in zip(before, after, strict=True):
        assert old.tag == new.tag
        name = etree.QName(old).localname
        added = [etree.tostring(item, method="c14n") for item in new]
        kept = [etree.tostring(item, method="c14n") for item in old]
        assert added[: len(kept)] == kept
        assert len(added) == len(kept) or name in MAY_DIFFER["xl/styles.xml"]
        assert "count" not in new.attrib or int(new.get("count")) == len(new)


def test_the_workbook_only_asks_to_be_recalculated(passage: Passage) -> None:
    before, after = (_parsed(c, "xl/workbook.xml") for c in (passage.avant, passage.apres))
    assert after.find(f"{_NS}calcPr").get("fullCalcOnLoad") == "1"
    for root in (before, after):
        root.find(f"{_NS}calcPr").attrib.pop("fullCalcOnLoad", None)
    assert etree.tostring(before, method="c14n") == etree.tostring(after, method="c14n")


def test_elements_stay_in_the_schema_s_order(passage: Passage) -> None:
    for part in passage.feuilles:
        root = _parsed(passage.apres, part)
        ranks = [ORDER.index(name) for child in root if (name := etree.QName(child).localname) in ORDER]
        assert ranks == sorted(ranks), part


def test_twice_gives_the_same_file(passage: Passage, catalogue: Catalogue) -> None:
    again = Dossier.lire(passage.cible, catalogue, passage.dossier.donnees.aujourdhui)
    assert _said(again.anomalies) == _said(passage.dossier.anomalies)
    again.ecrire_bilan(passage.cible)
    assert passage.cible.read_bytes() == passage.apres


def _said(anomalies: list[Anomalie]) -> list[str]:
    return [str(anomalie) for anomalie in anomalies]


def test_what_is_typed_is_read_back_the_same(passage: Passage, catalogue: Catalogue) -> None:
    again = Dossier.lire(passage.cible, catalogue, passage.dossier.donnees.aujourdhui).donnees
    for nom, rows in passage.dossier.donnees.tables.items():
        assert [_typed(row) for row in again.rows(nom)] == [_typed(row) for row in rows], nom
    assert _typed(again.operation) == _typed(passage.dossier.donnees.operation)


def _typed(row: Any) -> tuple[int, list[tuple[str, Any]]]:
    return row.ligne, list(copy.copy(row).valeurs())


def test_other_readers_open_it(passage: Passage) -> None:
    book = openpyxl.load_workbook(passage.cible, keep_vba=True)
    assert book["Contrôle"]["A1"].value == "Contrôle du classeur"
    assert book["Bilan"]["A1"].value == "Bilan provisoire"
    other = python_calamine.CalamineWorkbook.from_path(passage.cible)
    assert other.get_sheet_by_name("Bilan").to_python()[0][0] == "Bilan provisoire"


@pytest.mark.libreoffice
def test_libreoffice_opens_it(passage: Passage, tmp_path: Path) -> None:
    converted = convertir({"bilan.xlsm": passage.apres}, tmp_path, XLSX)["bilan.xlsm"]
    book = openpyxl.load_workbook(converted)
    assert book["Bilan"]["A1"].value == "Bilan provisoire"
    assert "Mes notes" in book.sheetnames
