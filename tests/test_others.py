"""Values of .ods, .xls and .xlsb as our own passes read them: durations, texts, numbers in short."""

import datetime as dt
import io
import struct
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import libreoffice
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.workbook.reading.files.containers import ouvrir
from aap_xl.workbook.reading.marks import Erreur
from aap_xl.workbook.reading.opening import feuilles
from aap_xl.workbook.reading.others.ods import OdsWorkbook
from aap_xl.workbook.reading.others.records import short
from aap_xl.workbook.reading.others.xls_texts import Continued

_NAMES = {
    **{name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")},
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "etranger": "urn:exemple",
}


def sheet(cells: str) -> OdsWorkbook:
    names = "".join(f' xmlns:{name}="{uri}"' for name, uri in _NAMES.items())
    row = f'<table:table table:name="F"><table:table-row>{cells}</table:table-row></table:table>'
    return OdsWorkbook(f"<office:document-content{names}>{row}</office:document-content>".encode())


def cell(inside: str, **given: str) -> Any:
    attributes = "".join(f' office:{name.replace("_", "-")}="{value}"' for name, value in given.items())
    return sheet(f"<table:table-cell{attributes}>{inside}</table:table-cell>").sheets["F"].rows[0][0]


def hours(text: str) -> Any:
    found = cell("<text:p>affiché</text:p>", value_type="time", time_value=text)
    return found / dt.timedelta(hours=1) if isinstance(found, dt.timedelta) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT4H", 4),
        ("PT04H30M00S", 4.5),
        ("PT0.5H", 0.5),
        ("PT0,5H", 0.5),
        ("PT35H30M00S", 35.5),
        ("PT26H", 26),
        ("P1DT2H", 26),
        ("P1D", 24),
        ("-PT06H00M00S", -6),
        ("-PT30H", -30),
        ("PT90M", 1.5),
        ("PT1800S", 0.5),
        ("PT04H30M00.500000000S", 4.5 + 0.5 / 3600),
        ("PT28416H00M00S", 28416),
        ("PT0S", 0),
        ("P", "affiché"),
        ("PT", "affiché"),
        ("P1Y", "affiché"),
        ("P1M", "affiché"),
        ("PT4H30", "affiché"),
        ("4:30", "affiché"),
        ("PT999999999999999999H", "affiché"),
        ("", "affiché"),
    ],
)
def test_a_duration_of_an_ods_is_read_whatever_its_writing(text: str, expected: float | str) -> None:
    assert hours(text) == (pytest.approx(expected) if isinstance(expected, float) else expected)


@given(st.integers(-(10**7), 10**7))
def test_any_duration_of_an_ods_in_seconds_is_itself(seconds: int) -> None:
    sign, left = "-" if seconds < 0 else "", abs(seconds)
    written = (
        f"PT{left // 3600}H{left // 60 % 60:02}M{left % 60:02}S",
        f"PT{left}S",
        f"P{left // 86400}DT{left % 86400}S",
    )
    expected = dt.timedelta(seconds=seconds)
    assert [cell("", value_type="time", time_value=sign + text) for text in written] == [expected] * 3


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({"value_type": "float", "value": "12.5"}, 12.5),
        ({"value_type": "percentage", "value": "0.5"}, 0.5),
        ({"value_type": "currency", "value": "-1234.5"}, -1234.5),
        ({"value_type": "float", "value": "1E+3"}, 1000.0),
        ({"value_type": "float", "value": "nan"}, "affiché"),
        ({"value_type": "float", "value": "1_000"}, "affiché"),
        ({"value_type": "float"}, "affiché"),
        ({"value_type": "boolean", "boolean_value": "true"}, True),
        ({"value_type": "boolean", "boolean_value": "false"}, False),
        ({"value_type": "date", "date_value": "2025-03-01"}, dt.date(2025, 3, 1)),
        ({"value_type": "date", "date_value": "2025-03-01T00:00:00.000000000"}, dt.date(2025, 3, 1)),
        ({"value_type": "date", "date_value": "2025-03-01T08:30:00"}, dt.datetime(2025, 3, 1, 8, 30)),  # noqa: DTZ001
        ({"value_type": "date", "date_value": "2025-02-29"}, "affiché"),
        ({"value_type": "string", "string_value": "entier"}, "entier"),
        ({"value_type": "string", "value": "F1"}, "affiché"),
        ({"value_type": "string"}, "affiché"),
        ({}, "affiché"),
    ],
)
def test_a_value_of_an_ods(given_: dict[str, str], expected: Any) -> None:
    found = cell("<text:p>affiché</text:p>", **given_)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<text:p>Date de<text:line-break/>naissance</text:p>", "Date de\nnaissance"),
        ("<text:p>Date de</text:p><text:p>naissance</text:p>", "Date de\nnaissance"),
        ("<text:p>a<text:tab/>b<text:s/>c<text:s text:c='3'/>d</text:p>", "a\tb c   d"),
        ("<text:p><text:span>EX</text:span>EMPLE<text:a> lien</text:a></text:p>", "EXEMPLE lien"),
        ("\n <text:p>deux\n   mots</text:p>\n ", "deux mots"),
        (
            "<text:p>漢<text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text></text:ruby></text:p>",
            "漢字",
        ),
        ("<text:p>A</text:p><draw:frame><draw:text-box><text:p>ZONE</text:p></draw:text-box></draw:frame>", "A"),
        ("<draw:custom-shape><text:p>ZONE<text:line-break/></text:p></draw:custom-shape><text:p>A</text:p>", "A"),
        ("<draw:g><draw:frame><text:p>ZONE</text:p></draw:frame></draw:g>", ""),
        (
            "<office:annotation><dc:creator>X</dc:creator><text:p>NOTE</text:p></office:annotation><text:p>A</text:p>",
            "A",
        ),
        ("<text:p>A<etranger:p>B<text:p>C</text:p></etranger:p></text:p><etranger:p>D</etranger:p>", "A"),
        ("<draw:frame><draw:object><table:table table:name='F'/></draw:object></draw:frame><text:p>A</text:p>", "A"),
    ],
)
def test_the_text_of_an_ods_cell_is_that_of_its_own_paragraphs(inside: str, expected: str) -> None:
    assert cell(inside, value_type="string") == expected


def test_what_is_drawn_or_noted_on_a_cell_is_kept_beside_it() -> None:
    drawn = "<draw:frame><draw:text-box><text:p>une</text:p><text:p>zone</text:p></draw:text-box></draw:frame>"
    noted = "<office:annotation><dc:date>2026</dc:date><text:p>une note</text:p></office:annotation>"
    book = sheet(f"<table:table-cell/><table:table-cell>{drawn}{noted}</table:table-cell>")
    assert book.sheets["F"].notes == [((1, 2), "une\nzone"), ((1, 2), "une note")]
    assert book.sheets["F"].rows == []


def test_an_error_a_covered_cell_and_repeated_ones() -> None:
    cells = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
        '<table:covered-table-cell office:value-type="float" office:value="2"/>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell>"
        '<table:table-cell table:number-columns-repeated="1000"/>'
    )
    found = sheet(cells).sheets["F"]
    assert found.rows == [[Erreur("#DIV/0!"), 2.0, "x", "x"]]
    assert type(found.rows[0][0]) is Erreur
    assert found.marks.erreurs == {(1, 1): "#DIV/0!"}


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=" ￾￿"), max_size=40))
def test_any_text_of_an_ods_is_itself(text: str) -> None:
    assert cell(f"<text:p>{escape(text)}</text:p>", value_type="string") == text


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0x3FF00000, 1.0),
        (0x3FF00001, 0.01),
        (1 << 2 | 2, 1.0),
        (123456 << 2 | 3, 1234.56),
        ((1 << 29) - 1 << 2 | 2, 536870911.0),
        (1 << 31 | 2, -536870912.0),
        (0xFFFFFFFE, -1.0),
        (0xFFFFFFFF, -0.01),
    ],
)
def test_a_number_in_short(number: int, expected: float) -> None:
    assert short(number) == expected


def chunked(text: str, cuts: list[int], *, rich: int = 0, extended: int = 0) -> list[memoryview]:
    """A text of an .xls cut after some letters, each piece as narrow as it can be."""
    places = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    wide = [any(ord(char) > 255 for char in piece) for piece in pieces]
    raw = [piece.encode("utf-16-le" if big else "latin-1") for piece, big in zip(pieces, wide, strict=True)]
    flags = wide[0] | (8 if rich else 0) | (4 if extended else 0)
    head = struct.pack("<HB", len(text), flags)
    head += (struct.pack("<H", rich) if rich else b"") + (struct.pack("<I", extended) if extended else b"")
    tail = bytes(4 * rich + extended)
    chunks = [head + raw[0], *(bytes([big]) + piece for big, piece in zip(wide[1:], raw[1:], strict=True))]
    chunks[-1] += tail + struct.pack("<HB", 3, 0) + b"fin"
    return [memoryview(chunk) for chunk in chunks]


@given(
    st.text(st.characters(max_codepoint=0xD7FF, exclude_characters="\0"), min_size=1, max_size=60),
    st.lists(st.integers(0, 60), max_size=4),
    st.integers(0, 3),
    st.integers(0, 9),
)
def test_any_text_of_an_xls_cut_anywhere_is_itself(text: str, cuts: list[int], rich: int, extended: int) -> None:
    found = Continued(chunked(text, cuts, rich=rich, extended=extended), 0)
    assert list(found.texts(2)) == [text, "fin"]


def test_letters_separated_by_nuls_are_joined() -> None:
    data = memoryview(struct.pack("<HB", 6, 0) + "abc".encode("utf-16-le"))
    assert Continued([data], 0).text() == "abc"


@pytest.mark.parametrize("data", [b"", b"\5\0", b"\5\0\0ab", b"\1\0\1a", b"\1\0\4\xff\xff\xff\xffa"])
def test_a_text_of_an_xls_that_lies_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, struct.error, IndexError)):
        Continued([memoryview(data)], 0).text()


FORMATS: tuple[tuple[str, Any, Any], ...] = (
    ("General", 12.5, 12.5),
    ('#,##0.00 "€"', 1234.56, 1234.56),
    ("[h]:mm", 35.5 / 24, dt.timedelta(hours=35.5)),
    ("[h]:mm", -30 / 24, dt.timedelta(hours=-30)),
    ("dd/mm/yyyy", 45_915, dt.date(2025, 9, 15)),
    ("dd/mm/yyyy hh:mm", 45_915.5, dt.datetime(2025, 9, 15, 12)),  # noqa: DTZ001
    ("@", "Date de\nnaissance", "Date de\nnaissance"),
    ("@", "é€" * 6000, "é€" * 6000),
    ("@", "EXEMPLE " * 1500, "EXEMPLE " * 1500),
)


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["ods", "xls"])
def test_what_libreoffice_saves_is_what_was_typed(extension: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page: Any = book.active
    for line, (format_, value, _) in enumerate(FORMATS, 1):
        page.cell(line, 1, value).number_format = format_
    page["A20"] = '=REPT("é",9000)'
    page["A21"] = '="deux"&CHAR(10)&"lignes"'
    for line in range(30, 600):
        page.cell(line, 1, f"texte {line} " + "ù€"[line % 2] * (line % 90))
    buffer = io.BytesIO()
    book.save(buffer)
    wanted = {"ods": libreoffice.ODS, "xls": "xls:MS Excel 97"}[extension]
    [saved] = libreoffice.convertir({"valeurs.xlsx": buffer.getvalue()}, tmp_path, wanted).values()
    opened = feuilles(ouvrir(saved))
    rows = opened.rows(opened.noms[0])
    assert [row[0] for row in rows[: len(FORMATS)]] == [expected for *_, expected in FORMATS]
    assert [rows[19][0], rows[20][0]] == ["é" * 9000, "deux\nlignes"]
    assert [row[0] for row in rows[29:599]] == [page.cell(line, 1).value for line in range(30, 600)]
