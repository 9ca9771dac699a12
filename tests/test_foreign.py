"""Nothing foreign changes what is read, and whatever prefixes, quotes or flavour a part is written with neither."""

import datetime as dt
import random
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from comme_excel import enregistrer
from planting import MC, plantings
from test_scan import trimmed, written
from zips import parts, rezip

from aap_xl.appels.loader import Catalogue
from aap_xl.workbook.ooxml.usual import Odd
from aap_xl.workbook.reading import identity
from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.personal import in_notes
from aap_xl.workbook.reading.reader import lire
from aap_xl.workbook.reading.xlsx.book import Book

RACINE = Path(__file__).parents[1]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_THREADED = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_SEED = 9

SHEET = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><sheetPr><tabColor rgb="FF5D89A8"/></sheetPr>\
<dimension ref="A1:D6"/><sheetViews><sheetView workbookViewId="0"/></sheetViews><cols><col min="1" max="4" width="9"/>\
</cols><sheetData><row r="1" spans="1:4"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s">\
<v>2</v></c>\
<c r="D1" t="s"><v>3</v></c></row><row r="2"><c r="A2" s="1"><v>45717</v></c><c r="B2" s="2"><v>45717</v></c>\
<c r="C2" t="inlineStr"><is><t>Oui</t></is></c><c r="D2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>\
</row>\
<row r="3" hidden="1"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3"><f t="shared" ref="B3:B5" si="0">A3</f><v>2</v></c>\
<c r="C3" t="e"><v>#N/A</v></c><c r="D3"><f>2</f></c></row><row r="4"><c r="B4"><f t="shared" si="0"/><v>3</v></c>\
</row>\
<row r="5"><c r="B5" t="b"><v>1</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="C4:D5"/></mergeCells>\
<pageMargins left="0.7"/></worksheet>"""
BUDGET = f"""<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c>\
<c r="B1"><v>2</v></c></row></sheetData></worksheet>"""
STRINGS = f"""<sst xmlns="{_MAIN}" count="4" uniqueCount="4"><si><t>un</t></si><si>\
<t xml:space="preserve"> deux </t></si>\
<si><r><rPr><b/></rPr><t>tr</t></r><r><t>ois</t></r></si><si><t>東</t><rPh sb="0" eb="1"><t>ヒ</t></rPh></si></sst>"""
STYLES = f"""<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.00"/></numFmts>\
<fonts count="1">\
<font><name val="Calibri"/></font></fonts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="3">\
<xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="0"><alignment wrapText="1"/></xf>\
<xf numFmtId="164" fontId="0"/></cellXfs>\
<dxfs count="1"><dxf><numFmt numFmtId="165" formatCode="yyyy"/></dxf></dxfs></styleSheet>"""
BOOK = f"""<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><workbookPr/><sheets>\
<sheet name="F" sheetId="1" r:id="rId1"/><sheet name="Budget" sheetId="2" r:id="rId2"/></sheets><definedNames>\
<definedName name="budget_a_b">Budget!$A$1</definedName><definedName name="budget_c_d">Budget!$B$1</definedName>\
<definedName name="c">F!$A$1:$B$2</definedName></definedNames></workbook>"""
TABLE = f"""<table xmlns="{_MAIN}" id="1" name="t" displayName="t" ref="A1:D5" totalsRowCount="1">\
<autoFilter ref="A1:D4"/>\
<tableColumns count="2"><tableColumn id="1" name="un"/><tableColumn id="2" name="deux"/></tableColumns></table>"""
COMMENTS = f"""<comments xmlns="{_MAIN}"><authors><author>Exemple</author></authors><commentList>\
<comment ref="B2" authorId="0">\
<text><r><t>2 55 08 14 168 025 </t></r><r><t>38</t></r></text></comment></commentList></comments>"""
THREADS = """<?xml version="1.0"?>\
<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">\
<threadedComment ref="C3" id="{0}"><text>2 55 08 14 168 025 38</text></threadedComment></ThreadedComments>"""
CUSTOM = f"""<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">\
<property fmtid="{{0}}" pid="2"\
 name="aap_xl_appel"><vt:lpwstr>3.3</vt:lpwstr></property></Properties>"""


def _rels(**targets: str) -> str:
    links = "".join(
        f'<Relationship Id="{mark}" Type="{kind if kind.startswith("http") else f"{_OFFICE}/relationships/{kind}"}" '
        f'Target="{target}"/>'
        for mark, (kind, _, target) in ((mark, text.partition(" ")) for mark, text in targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def small() -> dict[str, bytes]:
    """A workbook of two sheets that has one of each thing that the reader looks for."""
    texts = {
        "_rels/.rels": _rels(r1="officeDocument xl/workbook.xml", r2="custom-properties docProps/custom.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": _rels(
            rId1="worksheet worksheets/sheet1.xml",
            rId2="worksheet worksheets/sheet2.xml",
            rId3="styles styles.xml",
            rId4="sharedStrings sharedStrings.xml",
        ),
        "xl/worksheets/sheet1.xml": SHEET,
        "xl/worksheets/sheet2.xml": BUDGET,
        "xl/worksheets/_rels/sheet1.xml.rels": _rels(
            r1="table ../tables/table1.xml", r2="comments ../comments1.xml", r3=f"{_THREADED} ../threads1.xml"
        ),
        "xl/tables/table1.xml": TABLE,
        "xl/comments1.xml": COMMENTS,
        "xl/threads1.xml": THREADS,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": STRINGS,
        "docProps/custom.xml": CUSTOM,
    }
    types = parts(written(""))["[Content_Types].xml"]
    return {"[Content_Types].xml": types} | {name: text.encode() for name, text in texts.items()}


def lu(content: bytes) -> dict[str, Any]:
    """Everything that the reader takes from a workbook."""
    contenu = reconnaitre(content)
    book = Book(contenu.parties, lambda nom, rows, columns: None)
    found: dict[str, Any] = {
        "1904": book.depuis_1904,
        "sûr": book.computed(["Budget"]),
        "noms": (book.noms, sorted(book.cellules), book.noms_definis),
        "propriétés": identity.properties(contenu.parties),
    }
    for nom in book.noms:
        rows, marks = trimmed(book.rows(nom)), book.marks(nom)
        filled = {line for line, row in enumerate(rows, 1) if any(value != "" for value in row)}
        found[nom] = [
            repr(rows),
            marks.erreurs,
            marks.formules,
            marks.vides(),
            marks.fusions,
            marks.masquees & filled,
            (marks.plages, marks.totaux),
            list(in_notes(nom, book.notes(nom))),
        ]
        found[f"première ligne de {nom}"] = repr(trimmed([list(book.first_row(nom))]))
    return found


def test_the_small_workbook_has_one_of_each() -> None:
    found = lu(rezip(small()))
    assert found["F"][0] == (
        "[['un', ' deux ', 'trois', '東'], [datetime.date(2025, 3, 1), 45717.0, 'Oui', ' a '], "
        "[2.0, 2.0, '', ''], ['', 3.0, '', ''], ['', True, '', '']]"
    )
    assert found["F"][1:] == [
        {(3, 3): "#N/A"},
        {b"A3", b"B3", b"B4", b"B5", b"D3"},
        {(3, 4)},
        [(4, 3, 5, 4)],
        {3},
        ([(1, 1, 5, 4)], {5}),
        found["F"][7],
    ]
    assert [fait.cell.adresse for fait in found["F"][7]] == ["B2", "C3"]
    assert (found["1904"], found["sûr"], found["propriétés"]) == (False, False, {"appel": "3.3"})
    assert found["noms"][2] == {"budget_a_b": "Budget!$A$1", "budget_c_d": "Budget!$B$1", "c": "F!$A$1:$B$2"}


@pytest.mark.parametrize("name", [name for name in small() if name != "xl/worksheets/sheet2.xml"])
def test_what_is_planted_in_the_small_workbook_changes_nothing(name: str) -> None:
    """Every namesake, at every place, in every writing."""
    source = small()
    expected = lu(rezip(source))
    planted = list(plantings({name: source[name]}))
    assert len(planted) > 10
    assert [what for what, part in planted if _tried(source | {name: part}) != expected] == []


def _tried(changed: dict[str, bytes]) -> object:
    """What is read of those parts, or the words of the refusal."""
    try:
        return lu(rezip(changed))
    except (FichierRefuse, ValueError, LookupError, Odd) as refused:
        return repr(refused)


# --- the same workbook written otherwise


def _prefixed(xml: str) -> str:
    """The main namespace under a prefix, as the writers of the standard's own library do."""
    return re.sub(r"<(/?)(?=\w+[\s/>])", r"<\1x:", xml).replace(" xmlns=", " xmlns:x=", 1)


def _strict(xml: str) -> str:
    xml = xml.replace(_MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    xml = xml.replace(f"{_OFFICE}/custom-properties", "http://purl.oclc.org/ooxml/officeDocument/customProperties")
    return xml.replace(_OFFICE, "http://purl.oclc.org/ooxml/officeDocument")


_PARTS = re.compile(
    r"(<(sheets|numFmts|cellXfs|sheetData|mergeCells|authors|commentList|property)[ />].*</\2>|<workbookPr/>)"
)


def _let_through(processed: str, xml: str) -> str:
    """Each child of the root in a foreign element, what it holds being to be read all the same."""
    given = f'xmlns:mc="{MC}" xmlns:z="urn:exemple:z" mc:Ignorable="z" mc:ProcessContent="z:rien {processed}"'
    wrapped = _PARTS.sub(r"<z:autour><z:rien/>\1</z:autour>", xml)
    return re.sub(r"<(?=\w)(\S+?)(?=[\s>/])", rf"<\1 {given}", wrapped, count=1)


def _alternative(xml: str) -> str:
    """Each child of the root as what a spreadsheet chooses among alternatives."""
    return _PARTS.sub(
        lambda found: (
            f'<mc:AlternateContent xmlns:mc="{MC}" xmlns:x14="{_X14}"><mc:Choice Requires="z" xmlns:z="urn:exemple:z"/>'
            f'<mc:Choice Requires="x14">{found[1]}</mc:Choice><mc:Fallback/></mc:AlternateContent>'
        ),
        xml,
    )


AUTREMENT: dict[str, Callable[[str], str]] = {
    "a prefix": _prefixed,
    "the strict flavour": _strict,
    "the strict flavour under a prefix": lambda xml: _prefixed(_strict(xml)),
    "apostrophes": lambda xml: re.sub(r'="([^"<>\']*)"', r"='\1'", xml),
    "line breaks": lambda xml: re.sub(r'<([\w:]+) (?=[\w:]+=")', r"<\1\n\t", xml).replace('="', ' = "'),
    "spaces that end tags": lambda xml: re.sub(r"(?<![?/-])>", " >", xml),
    "an attribute of another namespace": lambda xml: re.sub(
        r"<(c|row|t|f|xf|si|sheet|table|numFmt|mergeCell|workbookPr|comment)(?=[\s>/])",
        r'<\1 xmlns:z="urn:exemple" z:r="Z9" z:t="e" z:space="preserve" z:s="1" z:ref="A1:Z9" z:name="faux" '
        r'z:hidden="1" z:id="rId2" z:numFmtId="14" z:formatCode="yyyy" z:date1904="1" z:totalsRowCount="0"',
        xml,
    ),
    "alternatives": _alternative,
    "within foreign elements": partial(_let_through, "z:autour"),
    "within any foreign element": partial(_let_through, "z:*"),
}
OURS = {name for name in small() if not name.endswith((".rels", "[Content_Types].xml"))}


@pytest.mark.parametrize("writing", AUTREMENT)
@pytest.mark.parametrize("name", ["tout", *sorted(OURS)])
def test_a_part_written_otherwise_reads_the_same(name: str, writing: str) -> None:
    source = small()
    names = OURS if name == "tout" else {name}
    changed = {part: AUTREMENT[writing](source[part].decode()).encode() for part in names}
    if name == "tout":
        assert changed != source
    assert _tried(source | changed) == lu(rezip(source))


# --- our own samples, as several programs save them

_CLASSEURS = [RACINE / f"workbooks/2025-{code}-exemple.xlsx" for code in ("3.3", "3.7")]
_PIEGES = [RACINE / f"tests/workbooks/pieges-{program}.xlsx" for program in ("libreoffice", "openpyxl", "pandas")]
SAMPLES: dict[str, Callable[[], bytes]] = {
    **{path.name: path.read_bytes for path in (*_CLASSEURS, *_PIEGES)},
    **{f"{path.name} by Excel": partial(lambda path: enregistrer(path.read_bytes()), path) for path in _CLASSEURS},
}
EACH = 12
"""Plantings tried on each sample, out of thousands; the small workbook has them all."""


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_planted_in_a_sample_changes_nothing(sample: str, catalogue: Catalogue) -> None:
    content = SAMPLES[sample]()
    source = parts(content)
    planted = {what: (name, part) for name in source for what, part in plantings({name: source[name]})}
    expected = _said(content, catalogue)
    chosen = random.Random(_SEED).sample(sorted(planted), EACH)  # noqa: S311 - no secret
    assert [w for w in chosen if _said(rezip(source | dict([planted[w]])), catalogue) != expected] == []


def _said(content: bytes, catalogue: Catalogue) -> str:
    """What a whole reading says, but for the addresses of objects in memory."""
    found = lire(Path("suivi.xlsx"), catalogue, dt.date(2026, 1, 31), content)
    rows = {nom: list(map(vars, rows)) for nom, rows in found.tables.items()}
    return re.sub(" at 0x[0-9a-f]+", "", repr((found.faits, rows, vars(found.operation))))
