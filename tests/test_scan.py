"""The scan of an .xlsx against two other readers, cell by cell: python-calamine for values, openpyxl for the rest."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from fabrique import classeur, operation_type
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from aap_xl.appels.model import Appel
from aap_xl.cells import column_letter
from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.xlsx.book import Book
from aap_xl.workbook.reading.xlsx.formats import Shown, shown

RACINE = Path(__file__).parents[1]
FICHIERS = sorted([*RACINE.glob("workbooks/*.xlsx"), *RACINE.glob("tests/workbooks/*.xlsx")])
Rows = list[list[Any]]


def opened(content: bytes) -> Book:
    return Book(reconnaitre(content).parties, lambda nom, rows, columns: None)


def trimmed(rows: Rows) -> Rows:
    """Without the blank rows and columns at the end, which mean nothing."""
    width = max((column for row in rows for column, value in enumerate(row, 1) if value != ""), default=0)
    height = max((line for line, row in enumerate(rows, 1) if any(value != "" for value in row)), default=0)
    return [row[:width] for row in rows[:height]]


def by_calamine(content: bytes) -> dict[str, Rows]:
    book = CalamineWorkbook.from_object(BytesIO(content))
    return {nom: trimmed(book.get_sheet_by_name(nom).to_python(skip_empty_area=False)) for nom in book.sheet_names}


def by_scan(content: bytes) -> dict[str, Rows]:
    book = opened(content)
    return {nom: trimmed(book.rows(nom)) for nom in book.noms}


def differences(content: bytes) -> Iterator[tuple[str, int, int, Any, Any]]:
    ours, theirs = by_scan(content), by_calamine(content)
    assert list(ours) == list(theirs)
    for nom, rows in theirs.items():
        assert [len(row) for row in ours[nom]] == [len(row) for row in rows], nom
        for line, (one, other) in enumerate(zip(ours[nom], rows, strict=True), 1):
            for column, pair in enumerate(zip(one, other, strict=True), 1):
                if repr(pair[0]) != repr(pair[1]):
                    yield nom, line, column, *pair


def check_against_openpyxl(content: bytes) -> None:
    """Formulas, errors, merged ranges, hidden rows, tables: what calamine does not tell."""
    book, workbook = opened(content), openpyxl.load_workbook(BytesIO(content))
    shown_values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    for sheet in workbook.worksheets:
        marks = book.marks(sheet.title)
        cells = [cell for row in sheet.iter_rows() for cell in row]
        covered = {
            cell.coordinate.encode()
            for ref in (getattr(c.value, "ref", None) for c in cells)
            if ref
            for row in sheet[ref if ":" in ref else f"{ref}:{ref}"]
            for cell in row
        }
        assert marks.formules == {c.coordinate.encode() for c in cells if c.data_type == "f"} | covered, sheet.title
        values = shown_values[sheet.title]
        errors = {(c.row, c.column): c.value for row in values.iter_rows() for c in row if c.data_type == "e"}
        assert marks.erreurs == errors
        zones = {(z.min_row, z.min_col, z.max_row, z.max_col) for z in sheet.merged_cells.ranges}
        assert set(marks.fusions) == zones
        hidden = {row for row, size in sheet.row_dimensions.items() if size.hidden}
        rows = book.rows(sheet.title)
        filled = {line for line, row in enumerate(rows, 1) if any(value != "" for value in row)}
        assert marks.masquees & filled == hidden & filled
        assert len(marks.plages) == len(sheet.tables)


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda path: path.name)
def test_real_files_read_as_two_other_readers_do(fichier: Path) -> None:
    content = fichier.read_bytes()
    assert list(differences(content)) == []
    check_against_openpyxl(content)


def test_a_filled_workbook_reads_as_two_other_readers_do(appel33: Appel) -> None:
    people = [
        {"code": f"A{n:02}", "nom": f"Exemple {n}", "brsa": n % 2 == 0, "date_entree": dt.date(2025, 3, 1 + n % 28)}
        | ({"mois_contrat": Decimal("7.5")} if n % 3 else {})
        for n in range(400)
    ]
    content = classeur(appel33, operation_type(appel33), {"participants": people})
    assert list(differences(content)) == []
    check_against_openpyxl(content)


# --- one cell after another, in every writing


STYLES = """<styleSheet xmlns="m"><numFmts count="3"><numFmt numFmtId="164" formatCode="[$-40C]d\\ mmm\\ yyyy;@"/>
<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="0&quot; jours&quot;"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>"""
STYLES += "".join(
    f'<xf numFmtId="{code}"><alignment wrapText="1"/></xf>' for code in (0, 14, 164, 165, 166, 22, 20, 46)
)
STYLES += "</cellXfs></styleSheet>"
STRINGS = """<sst xmlns="m"><si><t>Oui</t></si><si><t xml:space="preserve"> entouré </t></si><si><t> entouré </t></si>
<si><r><rPr><b/></rPr><t>en </t></r><r><t xml:space="preserve"> gras</t></r></si><si/><si><t/></si>
<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si><si><t>a&amp;b &#233; &lt;x&gt;</t></si>
<si><t>deux_x000D_\nlignes</t></si><si><t>_x005F_x000D_ tel quel</t></si></sst>"""
WORKBOOK = (
    '<workbook xmlns="m" xmlns:r="o">{}<sheets><sheet name="F" sheetId="1" r:id="r1"/></sheets>'
    '<definedNames><definedName name="a_b">F!$A$1</definedName></definedNames></workbook>'
)
ROOT = """<Relationships xmlns="p">
<Relationship Id="r" Type="o/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
RELATED = """<Relationships xmlns="p"><Relationship Id="r1" Type="o/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="o/styles" Target="styles.xml"/>
<Relationship Id="r3" Type="o/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>"""
SHEET = '<worksheet xmlns="m" xmlns:r="o"><sheetData>{}</sheetData></worksheet>'
TYPES = '<Types xmlns="t"><Override PartName="/xl/workbook.xml" ContentType="{}"/></Types>'.format(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)


NAMES = {
    '="m"': '="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    '="o"': '="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
    '="o/': '="http://schemas.openxmlformats.org/officeDocument/2006/relationships/',
    '="p"': '="http://schemas.openxmlformats.org/package/2006/relationships"',
    '="t"': '="http://schemas.openxmlformats.org/package/2006/content-types"',
}


def written(cells: str, *, sheet: str = SHEET, book: str = "", strings: str = STRINGS, styles: str = STYLES) -> bytes:
    """An .xlsx of one sheet, « F », written by hand."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": WORKBOOK.format(book),
        "xl/_rels/workbook.xml.rels": RELATED,
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": strings,
        "xl/worksheets/sheet1.xml": sheet.format(cells),
    }
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            whole = text
            for short, long in NAMES.items():
                whole = whole.replace(short, long)
            archive.writestr(name, whole)
    return buffer.getvalue()


def row(*cells: str) -> str:
    """One row of cells, their addresses put in: ``<c@ t="s">``."""
    placed = (cell.replace("@", f' r="{column_letter(column)}1"') for column, cell in enumerate(cells, 1))
    return f'<row r="1">{"".join(placed)}</row>'


CELLS: dict[str, str] = {
    "a number": row("<c@><v>12.5</v></c>", '<c@ t="n"><v>-1E-3</v></c>', "<c@><v>1e400</v></c>", "<c@><v>007</v></c>"),
    "no number": row("<c@><v>douze</v></c>", "<c@><v> </v></c>"),
    "blanks": row(
        "<c@/>",
        "<c@></c>",
        '<c@ s="1"/>',
        "<c@><v/></c>",
        "<c@><v></v></c>",
        '<c@ t="s"><v></v></c>',
        "<c@><v>1</v></c>",
    ),
    "shared strings": row(*(f'<c@ t="s"><v>{n}</v></c>' for n in range(10))),
    "inline strings": row(
        '<c@ t="inlineStr"><is><t>Oui</t></is></c>',
        '<c@ t="inlineStr"><is><t xml:space="preserve"> entouré </t></is></c>',
        '<c@ t="inlineStr"><is><t> entouré </t></is></c>',
        '<c@ t="inlineStr"><is><t>é&#10;&quot;a_x000D_</t></is></c>',
        '<c@ t="inlineStr"><is></is></c>',
        '<c@ t="inlineStr"><v>rien</v></c>',
    ),
    "rich text": row(
        '<c@ t="inlineStr"><is><r><rPr><b/></rPr><t>en </t></r><r><t xml:space="preserve"> gras</t></r></is></c>'
    ),
    "pronunciation": row('<c@ t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>'),
    "texts of formulas": row(
        '<c@ t="str"><f>A2&amp;"x"</f><v> à &amp; b_x000D_ </v></c>',
        '<c@ t="str"><f>""</f><v></v></c>',
        '<c@ t="str"><v>x</v></c>',
    ),
    "booleans": row('<c@ t="b"><v>1</v></c>', '<c@ t="b"><v>0</v></c>', '<c@ t="b"><f>TRUE()</f><v>1</v></c>'),
    "ISO dates": row(
        *(
            f'<c@ t="d"><v>{text}</v></c>'
            for text in (
                "2025-03-01",
                "2025-03-01T12:30:00",
                "2025-03-01T12:30:00.250",
                "12:30:00",
                "2025-13-01",
                "demain",
            )
        )
    ),
    "dates": row(
        *(
            f'<c@ s="{style}"><v>{value}</v></c>'
            for style in (1, 2, 5, 6)
            for value in ("45717", "45717.5", "0.25", "59", "60", "0", "2958466", "1e9")
        )
    ),
    "durations": row(
        *(f'<c@ s="{style}"><v>{value}</v></c>' for style in (3, 7) for value in ("1.5", "0", "0.000011574", "-0.25"))
    ),
    "formats that are no dates": row(
        '<c@ s="0"><v>45717</v></c>', '<c@ s="4"><v>45717</v></c>', '<c@ s="99"><v>45717</v></c>'
    ),
    "formulas": row(
        "<c@><f>1+1</f><v>2</v></c>",
        '<c@><f t="shared" ref="B1:C1" si="0">A1*2</f><v>4</v></c>',
        '<c@><f t="shared" si="0"/><v>8</v></c>',
        '<c@><f t="array" ref="D1:E1">A1:B1</f><v>1</v></c>',
        "<c@><v>2</v></c>",
        '<c@ s="1"><f ca="1">TODAY()</f><v>45717</v></c>',
        '<c@><f aca="false">1</f><v>1</v></c>',
    ),
    "formulas nobody computed": row(
        "<c@><f>1+1</f></c>", "<c@><f>1</f><v/></c>", "<c@><f>1</f><v></v></c>", "<c@><f/></c>", "<c@><v>1</v></c>"
    ),
    "other attributes": row('<c@ t="s" s="1"><v>0</v></c>', '<c@ s="1" t="s" cm="1" vm="2"><v>0</v></c>'),
    "sparse and wide": '<row r="3"><c r="C3"><v>1</v></c><c r="BM3"><v>2</v></c></row>'
    '<row r="7"><c r="AMJ7"><v>3</v></c></row>',
    "blank rows": '<row r="2" ht="3"/><row r="3"></row><row r="9"><c r="A9" s="1"/></row>'
    '<row r="11"><c r="B11"><v>1</v></c></row><row r="12"/>',
    "a far blank cell": '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'
    '<row r="1048576"><c r="A1048576" s="1"/></row>',
    "nothing": "",
    # written otherwise
    "no addresses": "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    "some addresses": '<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>',
    "rows out of order": '<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
    "cells out of order": '<row r="2"><c r="C2"><v>3</v></c><c r="A2"><v>1</v></c></row>',
    "a cell in another row": '<row r="2"><c r="A2"><v>1</v></c><c r="B4"><v>2</v></c></row>',
    "single quotes": "<row r='1'><c r='A1' t='s'><v>0</v></c></row>",
    "line breaks": '<row\n r="1">\n <c\n r="A1"\n t="s">\n  <v>0</v>\n </c>\n</row>\n',
    "comments": row("<c@><!-- un --><v>1</v></c>", "<c@><v>2</v></c><!-- <c r='Z9'><v>9</v></c> -->"),
    "CDATA": row('<c@ t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', "<c@><v>2</v></c>"),
    "extensions": row("<c@><v>1</v></c>") + '<row r="2"><c r="A2"><v>2</v></c><extLst><ext uri="x"/></extLst></row>',
    "an array formula in another order": row('<c@><f ref="A1:B1" t="array">C1:D1</f><v>1</v></c>', "<c@><v>2</v></c>"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_is_worth_what_calamine_says(case: str) -> None:
    assert list(differences(written(CELLS[case]))) == []


def test_days_counted_from_1904_are_worth_what_calamine_says() -> None:
    assert list(differences(written(CELLS["dates"], book='<workbookPr date1904="1"/>'))) == []


@pytest.mark.parametrize("book", ["", '<workbookPr date1904="1"/>'], ids=["1900", "1904"])
@pytest.mark.parametrize("style", [1, 2, 3, 5, 6, 7])
def test_a_negative_number_under_a_format_of_days_is_a_duration(style: int, book: str) -> None:
    """calamine makes a time of day of it, and loses its sign."""
    cells = row(*(f'<c@ s="{style}"><v>{days}</v></c>' for days in (-0.25, -1.25)))
    rows = by_scan(written(cells, book=book))["F"]
    assert [value for line in rows for value in line] == [dt.timedelta(hours=-6), dt.timedelta(hours=-30)]


TWICE = '<row r="1">{}{}</row>'
TEXT = "<is><t>sept</t></is>"
ONE, OTHER, BARE = '<c r="A1"><v>7</v></c>', '<c r="A1"><v>8</v></c>', '<c r="A1" s="1"/>'


@pytest.mark.parametrize("cells", [(ONE, BARE), (BARE, ONE), (ONE, ONE)], ids=["then blank", "blank first", "the same"])
def test_two_cells_of_one_address_are_the_one_that_holds_something(cells: tuple[str, str]) -> None:
    assert by_scan(written(TWICE.format(*cells)))["F"] == [[7.0]]


@pytest.mark.parametrize(
    "cells",
    [(ONE, OTHER), ('<c r="A1"><v>7</v><v>8</v></c>', ""), (f"<c r='A1' t='inlineStr'>{TEXT}{TEXT}</c>", "")],
    ids=["two cells", "two values", "two texts"],
)
def test_two_contents_of_one_address_are_refused_with_it(cells: tuple[str, str]) -> None:
    with pytest.raises(FichierRefuse, match="est abîmé : la cellule A1 de la feuille « F » ne peut pas être lue"):
        by_scan(written(TWICE.format(*cells)))


def test_an_address_written_twice_in_a_cell_does_not_make_the_sheet_unreadable() -> None:
    assert by_scan(written(row('<c@ r="A1" s="0"><v>1</v></c>')))["F"] == [[1.0]]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><f r="A1"><v>7</v></f></row>',
        '<row r="1"><c r="A1"><w>7</w></c><c r="B1"><v>8</v></c></row>',
        '<row r="1"><c r="A1"><v>7</v></c></row><line r="2"><c r="A2"><v>7</v></c></line>',
        '<row r="1"><c r="A1"><v>7</v></c></row></sheetData><row r="2"><c r="A2"><v>8</v></c></row><sheetData>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>sept</t><t>huit</t></is></c></row>',
    ],
)
def test_what_the_standard_does_not_know_among_cells_is_never_dropped_in_silence(cells: str) -> None:
    with pytest.raises(ValueError, match=r" in worksheet(?:/sheetData|$)"):
        by_scan(written(cells))


WRITINGS: dict[str, Callable[[str], str]] = {
    "a prefix": lambda xml: re.sub(r"<(/?)(?![?!])", r"<\1x:", xml).replace('xmlns="m"', 'xmlns:x="m"'),
    "a declaration": lambda xml: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + xml,
    "a byte order mark": lambda xml: "\ufeff" + xml,
    "a comment before": lambda xml: xml.replace("<sheetData>", "<!-- <sheetData> --><sheetData>"),
    "a comment after": lambda xml: xml.replace("</worksheet>", "<!-- </sheetData> --></worksheet>"),
    "spaces in tags": lambda xml: re.sub(r"(?<!/)>", " >", xml),
    "another order": lambda xml: re.sub(r'<c( r="\w+")((?: \w+="\w+")+)', r"<c\2\1", xml),
}
ALL = [
    "shared strings",
    "inline strings",
    "rich text",
    "dates",
    "formulas",
    "blanks",
    "formulas nobody computed",
    "sparse and wide",
]


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize("writing", WRITINGS)
def test_the_same_sheet_written_otherwise_holds_the_same(case: str, writing: str) -> None:
    usual = opened(written(CELLS[case]))
    rewritten = opened(
        written("", sheet=WRITINGS[writing](SHEET.format(CELLS[case])).replace("{", "{{").replace("}", "}}"))
    )
    assert trimmed(rewritten.rows("F")) == trimmed(usual.rows("F"))
    ours, theirs = rewritten.marks("F"), usual.marks("F")
    assert ours.formules == theirs.formules
    assert ours.vides() == theirs.vides()


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda fichier: fichier.name)
def test_the_first_row_alone_is_that_of_the_whole_sheet(fichier: Path) -> None:
    content = fichier.read_bytes()
    alone, whole = opened(content), opened(content)
    for nom in alone.cellules:
        [first, *_] = whole.rows(nom) or [[]]
        assert trimmed([list(alone.first_row(nom))]) == trimmed([first]), nom


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (row("<c@><v>1</v></c>") + '<row r="2"><c r="A9"><v>ailleurs</v></c></row>', [1.0]),
        ('<row r="2"><c r="A2"><v>1</v></c></row>', []),
        ('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1</v></c></row>', ["", 1.0]),
        ("<row r='1'><c r='A1'><v>1</v></c></row>", [1.0]),
        ("", []),
    ],
    ids=["the next one is not read", "it is blank", "in error", "written in an unusual way", "no row"],
)
def test_the_first_row_of_a_sheet(cells: str, wanted: list[Any]) -> None:
    assert list(opened(written(cells)).first_row("F")) == wanted


def test_errors_and_their_places() -> None:
    book = opened(
        written(
            row(
                '<c@ t="e"><v>#N/A</v></c>',
                '<c@ t="e"><f>1/0</f><v>#DIV/0!</v></c>',
                '<c@ t="e"><v/></c>',
                "<c@><v>1</v></c>",
            )
        )
    )
    assert book.rows("F") == [["", "", "", 1.0]]
    assert book.marks("F").erreurs == {(1, 1): "#N/A", (1, 2): "#DIV/0!", (1, 3): "#ERREUR"}


def test_formulas_and_those_nobody_computed() -> None:
    marks = opened(written(CELLS["formulas nobody computed"])).marks("F")
    assert marks.formules == {b"A1", b"B1", b"C1", b"D1"}
    assert marks.vides() == {(1, 1), (1, 2), (1, 3), (1, 4)}
    assert opened(written(CELLS["formulas"])).marks("F").formules == {b"A1", b"B1", b"C1", b"D1", b"E1", b"F1", b"G1"}


CODES = {
    "DD/MM/YY": Shown.DATE,
    "jj/mm/aaaa": Shown.DATE,
    'm"M"d"D";@': Shown.DATE,
    '[$-404]e"x"m"x"d': Shown.DATE,
    "ha/p\\\\m": Shown.DATE,
    "h:mm AM/PM": Shown.DATE,
    "[h]:mm:ss": Shown.DURATION,
    "[ss]": Shown.DURATION,
    "[Blue]\\+[h]:mm;[Red]\\-[h]:mm": Shown.DURATION,
    "[>=100][Magenta][s].00": Shown.DURATION,
    "[h]:mm;[=0]\\-": Shown.DURATION,
    "General": Shown.NUMBER,
    "0.00": Shown.NUMBER,
    '#,##0.0####" YMD"': Shown.NUMBER,
    "#,##0\\ [$₽-46D]": Shown.NUMBER,
    '"Y: "0.00"m";"Y: "-0.00"m";"Y: <num>m";@': Shown.NUMBER,
    "0_ ;[Red]\\-0\\ ": Shown.NUMBER,
    "\\Y000000": Shown.NUMBER,
    "#,##0*y": Shown.NUMBER,
    '#,##0.00\\ _M"H"_);[Red]#,##0.00\\ _M"S"_)': Shown.NUMBER,
    '"a_"d"': Shown.NUMBER,
    "[$€-40C] #,##0.00": Shown.NUMBER,
}


@pytest.mark.parametrize("code", CODES)
def test_what_a_format_shows(code: str) -> None:
    assert shown(code) is CODES[code]
    escaped = code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    styles = f'<styleSheet xmlns="m"><numFmts><numFmt numFmtId="170" formatCode="{escaped}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>'
    assert list(differences(written(row('<c@ s="0"><v>45717.25</v></c>'), styles=styles))) == []


_texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), max_size=30)
_days = st.datetimes(dt.datetime(1900, 3, 2), dt.datetime(2199, 1, 1)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001
_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e12, 1e12, allow_subnormal=False),
    _texts,
    _days,
    _days.map(dt.datetime.date),
)
_cells = st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 70)), _values, max_size=40)


def by_xlsxwriter(cells: dict[tuple[int, int], Any]) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("F")
    for (line, column), value in cells.items():
        if isinstance(value, dt.date):
            sheet.write_datetime(line, column, value, day)
        elif isinstance(value, str):
            sheet.write_string(line, column, value)
        else:
            sheet.write(line, column, value)
    book.close()
    return buffer.getvalue()


def by_openpyxl(cells: dict[tuple[int, int], Any]) -> bytes:
    buffer = BytesIO()
    book = openpyxl.Workbook()
    for (line, column), value in cells.items():
        cell = book.worksheets[0].cell(line + 1, column + 1)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("writer", [by_xlsxwriter, by_openpyxl])
@settings(max_examples=60)
@given(cells=_cells)
def test_any_cells_read_as_calamine_does(
    writer: Callable[[dict[tuple[int, int], Any]], bytes], cells: dict[tuple[int, int], Any]
) -> None:
    assert list(differences(writer(cells))) == []


@pytest.mark.parametrize("index", ["-1", "1.0", " 1", "٣", "1_0", "+1", "10", "99999999999999999999", "un"])
def test_an_index_of_no_shared_string_is_refused(index: str) -> None:
    with pytest.raises(FichierRefuse, match="est abîmé : la cellule B1 de la feuille « F »"):
        opened(written(row("<c@><v>1</v></c>", f'<c@ t="s"><v>{index}</v></c>'))).rows("F")


@pytest.mark.parametrize("given", ['s="-1"', 's="un"', 't="autre"', 't="n"', 't="b"'])
def test_a_cell_that_means_nothing_is_named(given: str) -> None:
    with pytest.raises(FichierRefuse, match="est abîmé : la cellule A1 de la feuille « F » ne peut pas être lue"):
        opened(written(row(f"<c@ {given}><v>x</v></c>"))).rows("F")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c@ t="s"><v>&#49;</v></c>', " entouré "),
        ("<c@><v>&#49;2</v></c>", 12.0),
        ('<c@ t="b"><v>&#48;</v></c>', False),
        ('<c@ t="b"><v> false </v></c>', False),
        ('<c@ t="b"><v>true</v></c>', True),
    ],
)
def test_the_value_of_a_cell_is_its_text_whatever_the_writing(cell: str, value: object) -> None:
    assert opened(written(row(cell))).rows("F") == [[value]]
