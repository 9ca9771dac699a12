"""A package in unusual writings is read as in the usual one."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from paquets import TYPES, UNUSUAL
from zips import parts

from aap_xl.appels.loader import Catalogue
from aap_xl.workbook.ooxml.encodings import to_utf8
from aap_xl.workbook.ooxml.view import View
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
