"""Nothing replaces an operator's file before it was opened again: writers that go wrong in every way."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.cells import a1, column_letter
from aap_xl.dossier import Dossier
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.workbook import Workbook

Parts = dict[str, bytes]
Fault = Callable[[bytes], bytes]
JOUR = date(2026, 1, 20)
TYPES, LIENS, CLASSEUR = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
OPERATION, PARTICIPANTS, DEPENSES, BILAN = "Opération", "Participants", "Dépenses", "Bilan"


def _beside(catalogue: Catalogue) -> int:
    """The column that the operator added, beyond a blank one."""
    return len(layout.tables(catalogue.get("3.3"))["participants"].champs) + 2


@pytest.fixture(scope="module")
def suivi(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> bytes:
    """The 3.3 sample, to which the operator added a column, a formula, a merged range and a hidden row."""
    path = tmp_path_factory.mktemp("suivi") / "suivi.xlsx"
    exemple = next(item for item in exemples(erreurs=False) if item.appel == "3.3")
    remplir_classeur(path, exemple, catalogue.get("3.3"), catalogue)
    workbook = Workbook(path.read_bytes())
    sheet = workbook.sheet(PARTICIPANTS)
    right = _beside(catalogue)
    sheet.set_value(sheet.make_cell(5, right), "à rappeler")
    sheet.set_formula(sheet.make_cell(6, right), "=20+22")
    merged = sheet.element("mergeCells", count="1")
    merged.append(sheet.element("mergeCell", ref=f"{a1(8, right)}:{a1(9, right + 1)}"))
    sheet.replace("mergeCells", merged)
    sheet.by_row[7].set("hidden", "1")
    return workbook.save()


def _zip(change: Callable[[Parts], object]) -> Fault:
    """A fault in the parts of a package."""

    def fault(content: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        before = dict(parts)
        change(parts)
        assert parts != before, "a fault that changes nothing proves nothing"
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, part in parts.items():
                target.writestr(name, part)
        return out.getvalue()

    return fault


def _sub(place: str, pattern: bytes, by: bytes) -> Fault:
    """A fault in a sheet, in its table or in the part so called: what a pattern first finds is replaced."""

    def fault(content: bytes) -> bytes:
        workbook = Workbook(content)
        tables = {f"table {nom}": item.part for nom in workbook.parts for item in workbook.tables(nom)}
        part = {**workbook.parts, **tables}.get(place, place)

        def change(parts: Parts) -> None:
            parts[part] = re.sub(pattern, by, parts[part], count=1, flags=re.DOTALL)

        return _zip(change)(content)

    return fault


def _flipped(content: bytes) -> bytes:
    """One bit of one part."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        info = source.getinfo(Workbook(content).parts[PARTICIPANTS])
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]


FAULTS: dict[str, tuple[Fault, str]] = {
    "a zip cut short": (lambda content: content[:-300], "ne se rouvrirait pas"),
    "a bit of a part": (_flipped, "."),
    "a part lost": (_zip(lambda parts: parts.pop("docProps/app.xml")), r"docProps/app\.xml.*manquerait"),
    "a twin that only differs by case": (
        _zip(lambda parts: parts.update({"XL/Workbook.XML": parts[CLASSEUR]})),
        "XL/Workbook.XML.*deux fois",
    ),
    "a part that no parser reads": (_sub(BILAN, rb"</sheetData>", b"</sheetData><"), "{bilan}.*mal formée"),
    "a content type lost": (_sub(TYPES, rb'<Override PartName="/xl/worksheets/sheet8[^>]*>', b""), "son type"),
    "a content type changed": (_sub(TYPES, rb"worksheet\+xml", b"chartsheet+xml"), "son type"),
    "a relation lost": (_sub(LIENS, rb"<Relationship [^>]*theme[^>]*>", b""), "perdrait son lien"),
    "a relation to nothing": (
        _sub(
            LIENS,
            rb"</Relationships>",
            b'<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme" '
            b'Target="rien.xml"/></Relationships>',
        ),
        "qui n'existe pas",
    ),
    "a typed text": (_sub(PARTICIPANTS, rb'(<c r="B5"[^>]*>)<[iv][^/]*>.*?</c>', rb"\1</c>"), "Participants.*B5"),
    "a typed amount": (_sub(DEPENSES, rb'(<c r="[A-Z]+5" s="\d+"><v>)(\d+\.\d)', rb"\g<1>9\2"), "Dépenses.*{montant}5"),
    "a field of the form": (_sub(OPERATION, rb'(<c r="C6"[^>]*>)<[iv].*?</c>', rb"\1</c>"), "Opération.*C6"),
    "a line lost": (_sub(PARTICIPANTS, rb'<row r="7".*?</row>', b""), "Participants"),
    "shared strings shifted": (_sub("xl/sharedStrings.xml", rb"<si>", b"<si><t>x</t></si><si>"), "."),
    "dates that became numbers": (_sub(PARTICIPANTS, rb'(<c r="[A-Z]+5" s=")\d+("><v>3\d{4})', rb"\g<1>0\2"), "."),
    "another day zero": (_sub(CLASSEUR, rb"<workbookPr", b'<workbookPr date1904="1"'), "."),
    "a sheet renamed": (_sub(CLASSEUR, "Dépenses".encode(), b"Autre"), "."),
    "a table cut": (_sub("table Participants", rb"(A4:[A-Z]+)\d+", rb"\g<1>6"), "anomalie nouvelle"),
    "what the operator added": (_sub(PARTICIPANTS, rb"rappeler", b"oublier"), "Participants.*{beside}5"),
    "the operator's formula": (_sub(PARTICIPANTS, rb"<f>20\+22</f>", b""), "{beside}6.*formule"),
    "a merged range": (_sub(PARTICIPANTS, rb"<mergeCells.*</mergeCells>", b""), "fusionnées"),
    "a hidden row": (_sub(PARTICIPANTS, rb'(<row r="7"[^>]*) hidden="1"', rb"\1"), "masquées"),
    "a hidden column": (_sub(PARTICIPANTS, rb'(<col [^>]*) hidden="1"', rb"\1"), "cacherait d'autres colonnes"),
    "a column that hides": (_sub(PARTICIPANTS, rb"<col ", b'<col hidden="1" '), "cacherait d'autres colonnes"),
    "whose workbook it is": (_zip(lambda parts: parts.update({"docProps/custom.xml": b"<x/>"})), "."),
}


@pytest.mark.parametrize("nom", FAULTS)
def test_a_writer_that_goes_wrong_replaces_nothing(
    nom: str, suivi: bytes, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(suivi)
    dossier = Dossier.lire(path, catalogue, JOUR)
    fault, words = FAULTS[nom]
    words = words.format(
        beside=column_letter(_beside(catalogue)),
        montant=column_letter(layout.tables(catalogue.get("3.3"))["depenses"].colonnes["montant"]),
        bilan=Workbook(suivi).parts[BILAN],
    )
    right = Workbook.save
    monkeypatch.setattr(Workbook, "save", lambda self: fault(right(self)))
    with pytest.raises(EcritureImpossible, match=f"(?s)« suivi.xlsx » n'a pas été écrit : .*{words}.*rien n'a été"):
        dossier.ecrire_bilan(path)
    assert path.read_bytes() == suivi
    assert [item.name for item in tmp_path.iterdir()] == ["suivi.xlsx"]


def test_a_right_writer_is_believed(suivi: bytes, catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(suivi)
    Dossier.lire(path, catalogue, JOUR).ecrire_bilan(path)
    assert path.read_bytes() != suivi


def test_a_file_changed_since_it_was_read_is_not_overwritten(
    suivi: bytes, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(suivi)
    dossier = Dossier.lire(path, catalogue, JOUR)
    workbook = Workbook(suivi)
    sheet = workbook.sheet("Participants")
    sheet.set_value(sheet.make_cell(5, 2), "Autrement")
    path.write_bytes(changed := workbook.save())
    with pytest.raises(EcritureImpossible, match=r"Participants.*B5"):
        dossier.ecrire_bilan(path)
    assert path.read_bytes() == changed
