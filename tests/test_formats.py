"""The same traps in files saved by LibreOffice, openpyxl and pandas; every format that is read."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import libreoffice
import pytest
from fabrique import operation_type
from pieges import ANNE, DOSSIER, par_xlsb, pieges

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.domain.data import Donnees
from aap_xl.workbook import layout
from aap_xl.workbook.reading.reader import lire

LE = dt.date(2025, 10, 15)
ALWAYS = [
    ("F22", ""),
    ("F03", "Brouillon"),
    ("F18", "Charges!C4"),
    ("F04", "Charges!J4"),
    ("F19", "Charges!A7"),
    ("F10", "Charges!E5"),
    ("F10", "Participants!E6"),
    ("F10", "Participants!F8"),
    ("F10", "Participants!H6"),
    ("F10", "Participants!J6"),
    ("F06", "Participants!M8"),
    ("F10", "Participants!P7"),
    ("R01", "Participants!B9"),
]
"""What is seen in any format."""
MERGED = ("F12", "Participants!F8")
BELOW, HIDDEN, OVERWRITTEN = ("F11", "Charges!A31"), ("F13", "Participants"), ("F09", "Participants!AG8")
"""Where the files at hand, of version 1, have their columns."""
ERROR = ("F07", "Participants!J7")
SEEN = {
    "pieges-libreoffice.xlsx": {*ALWAYS, MERGED, BELOW, HIDDEN, OVERWRITTEN, ERROR},
    "pieges-libreoffice.ods": {*ALWAYS, MERGED, BELOW, HIDDEN, OVERWRITTEN, ERROR},
    "pieges-libreoffice.xls": {*ALWAYS, MERGED, HIDDEN, OVERWRITTEN, ERROR},
    "pieges-openpyxl.xlsx": {
        *{*ALWAYS, MERGED, BELOW, HIDDEN, OVERWRITTEN},
        *{("F08", "Charges!E6"), ("F08", "Participants!J7")},  # openpyxl writes no cached value
    },
    "pieges-pandas.xlsx": {*ALWAYS, ("F16", ""), ("F09", "Charges!F4"), ("F09", "Participants!AF4")},
}


def seen(donnees: Donnees) -> set[tuple[str, str]]:
    return {(fait.code, str(fait.cell)) for fait in donnees.faits}


@pytest.mark.parametrize("nom", SEEN)
def test_real_files(nom: str, catalogue: Catalogue, appel33: Appel) -> None:
    donnees = lire(DOSSIER / nom, catalogue, LE)
    assert seen(donnees) == SEEN[nom]
    _check_values(donnees, appel33)
    repas = donnees.charges[1].prevu
    assert repas == (None if "openpyxl" in nom else Decimal(1200))


def _check_values(donnees: Donnees, appel: Appel) -> None:
    assert dict(donnees.operation.valeurs()) == operation_type(appel)
    assert [row.code for row in donnees.participants] == ["A01", "A02", "A03", "A04", "5"]
    assert dict(donnees.participants[0].valeurs()) == ANNE
    assert donnees.participants[1].date_entree == ANNE["date_entree"]
    assert donnees.participants[2].mois_contrat == Decimal("7.5")
    assert donnees.participants[3].mds == "arrageois"
    assert [row.code for row in donnees.charges] == ["F1", "F2", "F9"]
    assert donnees.charges[0].prevu == Decimal("1234.50")
    assert donnees.ecartees == {"charges": 1}


def test_xlsb(tmp_path: Path, catalogue: Catalogue, appel33: Appel) -> None:
    path = tmp_path / "pieges.xlsb"
    path.write_bytes(par_xlsb((DOSSIER / "pieges-libreoffice.xlsx").read_bytes()))
    donnees = lire(path, catalogue, LE)
    expected = SEEN["pieges-libreoffice.xlsx"]
    assert seen(donnees) >= expected
    assert {code for code, _ in seen(donnees) - expected} == {"F16"}, "no property says whose file it is"
    _check_values(donnees, appel33)


@pytest.mark.libreoffice
def _indented(xml: bytes) -> bytes:
    return re.sub(rb">(?=</?table:)", b">\n    ", xml)


def _days_as_moments(xml: bytes) -> bytes:
    return re.sub(rb'(office:date-value="[0-9-]{10})"', rb'\1T00:00:00"', xml)


def _texts_with_values(xml: bytes) -> bytes:
    return xml.replace(b'office:value-type="string"', b'office:value-type="string" office:value="F1"')


@pytest.mark.parametrize("change", [_indented, _days_as_moments, _texts_with_values])
def test_an_ods_as_other_programs_write_it(
    change: Callable[[bytes], bytes], tmp_path: Path, catalogue: Catalogue, appel33: Appel
) -> None:
    path = tmp_path / "suivi.ods"
    with zipfile.ZipFile(DOSSIER / "pieges-libreoffice.ods") as source, zipfile.ZipFile(path, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            changed = change(content) if item.filename == "content.xml" else content
            assert changed != content or item.filename != "content.xml"
            target.writestr(item, changed)
    donnees = lire(path, catalogue, LE)
    assert seen(donnees) == SEEN["pieges-libreoffice.ods"]
    _check_values(donnees, appel33)


@pytest.mark.slow
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_saved_by_this_libreoffice(extension: str, tmp_path: Path, catalogue: Catalogue, appel33: Appel) -> None:
    format_ = {"xlsx": libreoffice.XLSX, "ods": libreoffice.ODS, "xls": "xls:MS Excel 97"}[extension]
    [saved] = libreoffice.convertir({"pieges.xlsx": pieges(appel33)}, tmp_path, format_).values()
    donnees = lire(saved, catalogue, LE)
    computed = layout.tables(appel33)["participants"].colonnes["classe"]
    today = {("F09", f"Participants!{a1(8, computed)}")}
    of_version_1 = {("F22", ""), OVERWRITTEN}
    assert seen(donnees) == (SEEN[f"pieges-libreoffice.{extension}"] - of_version_1) | today
    _check_values(donnees, appel33)
