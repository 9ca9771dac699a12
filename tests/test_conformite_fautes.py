"""The checks of ``conformite`` see what they are there for: faults planted one by one in a sample."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conformite import hors_limites, hors_schema
from zips import parts, rezip

pytestmark = pytest.mark.slow


def _remplacer(partie: str, motif: str, par: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = next(
            name for name in parts if re.fullmatch(partie, name) and re.search(motif, parts[name].decode(), re.S)
        )
        parts[name] = re.sub(motif, par, parts[name].decode(), count=1, flags=re.S).encode()

    return change


def _retirer(partie: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        del parts[next(name for name in parts if re.fullmatch(partie, name))]

    return change


def _montrer_une_feuille_masquee(parts: dict[str, bytes]) -> None:
    """The sheet shown first is the first of those that are hidden."""
    sheets = re.findall(r"<sheet [^>]*>", parts["xl/workbook.xml"].decode())
    rank = next(rank for rank, sheet in enumerate(sheets) if 'state="hidden"' in sheet)
    _remplacer(_CLASSEUR, r"<workbookView ", f'<workbookView activeTab="{rank}" ')(parts)


_FEUILLE, _TABLE, _CLASSEUR = r"xl/worksheets/sheet\d+\.xml", r"xl/tables/table\d+\.xml", r"xl/workbook\.xml"
LIMITES = {
    "a part that is gone": (_retirer(_TABLE), "which is absent"),
    "a relation that is gone": (_remplacer(_FEUILLE, r'<tablePart r:id="[^"]*"', '<tablePart r:id="rId99"'), "rId99"),
    "a part without type": (
        _remplacer(r"\[Content_Types\]\.xml", r'<Override PartName="/xl/tables/table1.xml"[^>]*>', ""),
        "no content type of its own",
    ),
    "an address with a space": (
        _remplacer(r".*sheet\d+\.xml\.rels", r'Target="\.\./tables', 'Target=".. /tables'),
        "no address",
    ),
    "a look that does not exist": (_remplacer(_FEUILLE, r' s="\d+"', ' s="9999"'), "has the look 9999"),
    "a conditional look that does not exist": (_remplacer(_FEUILLE, r'dxfId="\d+"', 'dxfId="999"'), "look 999"),
    "a format that is not declared": (
        _remplacer(r"xl/styles\.xml", r'<cellXfs(.*?)numFmtId="\d+"', r'<cellXfs\1numFmtId="199"'),
        "undeclared format 199",
    ),
    "styles counted wrong": (_remplacer(r"xl/styles\.xml", r'<cellXfs count="\d+"', '<cellXfs count="1"'), "counts 1"),
    "a text that does not exist": (
        _remplacer(_FEUILLE, r't="s"([^>]*)><v>\d+', r't="s"\1><v>999999'),
        "has the text 999999",
    ),
    "a number that is a word": (
        _remplacer(_FEUILLE, r'(<c r="[A-Z]+\d+"(?: s="\d+")?>)<v>[^<]*', r"\1<v>nan"),
        "as a number",
    ),
    "rows in disorder": (_remplacer(_FEUILLE, r'<row r="5"', '<row r="1"'), "follows row"),
    "cells in disorder": (_remplacer(_FEUILLE, r'<c r="A5"', '<c r="XFD5"'), "follows XFD5"),
    "a cell beyond the sheet": (_remplacer(_FEUILLE, r'<c r="A5"', '<c r="XFE5"'), "no cell of row"),
    "a row too high": (
        _remplacer(_FEUILLE, r'<row r="(\d+)"([^>]*) ht="[^"]*"', r'<row r="\1"\2 ht="410"'),
        "is 410 high",
    ),
    "merged cells that overlap": (
        _remplacer(_FEUILLE, r'<mergeCell ref="([^"]*)"/>', r'<mergeCell ref="\1"/><mergeCell ref="\1"/>'),
        "overlap",
    ),
    "a help too long": (_remplacer(_FEUILLE, r' promptTitle="[^"]*"', f' promptTitle="{"x" * 33}"'), "over 32"),
    "a list too long": (_remplacer(_FEUILLE, r"<formula1>[^<]*", f'<formula1>"{"x," * 140}"'), "a list of 280"),
    "a format over nothing": (
        _remplacer(_FEUILLE, r'<conditionalFormatting sqref="[^"]*"', '<conditionalFormatting sqref="A0"'),
        "covers A0",
    ),
    "a link to nowhere": (
        _remplacer(_FEUILLE, r' location="[^"]*"', " location=\"'Ailleurs'!A1\""),
        "leads to Ailleurs",
    ),
    "a footer too long": (_remplacer(_FEUILLE, r"<oddFooter>[^<]*", f"<oddFooter>{'x' * 256}"), "oddFooter is over"),
    "page breaks counted wrong": (
        _remplacer(_FEUILLE, r'manualBreakCount="\d+"', 'manualBreakCount="99"'),
        "announced as",
    ),
    "a formula to nowhere": (_remplacer(_FEUILLE, r"<f>[^<]*", "<f>Ailleurs!A1"), "leads to Ailleurs"),
    "a formula with its sign": (_remplacer(_FEUILLE, r"<f>", "<f>="), "the formula '="),
    "two sheets selected": (
        _remplacer(r"xl/worksheets/sheet3\.xml", r"<sheetView ", '<sheetView tabSelected="1" '),
        "selected together",
    ),
    "a long name of sheet": (_remplacer(_CLASSEUR, r'(<sheet name=")Actions', rf"\1{'x' * 32}"), "no name for a sheet"),
    "a sheet called as Excel's": (
        _remplacer(_CLASSEUR, r'(<sheet name=")Actions', r"\1Historique"),
        "sheet of changes",
    ),
    "two sheets of one name": (
        _remplacer(_CLASSEUR, r'(<sheet name=")Actions', r"\1PARTICIPANTS"),
        "two sheets are called",
    ),
    "a hidden sheet to show": (_montrer_une_feuille_masquee, "the sheet to show"),
    "a name that is a cell": (
        _remplacer(_CLASSEUR, r'<definedName name="aujourdhui"', '<definedName name="AAP33"'),
        "no name for cells",
    ),
    "a name defined twice": (
        _remplacer(_CLASSEUR, r'<definedName name="aujourdhui"', '<definedName name="bord_du"'),
        "defined twice",
    ),
    "a table over nothing": (_remplacer(_TABLE, r' ref="A4:', ' ref="A0:'), "covers A0"),
    "a table over another width": (_remplacer(_TABLE, r' ref="A4:[A-Z]+', ' ref="A4:ZZ'), "covered"),
    "a header that says something else": (
        _remplacer(_TABLE, r'(<tableColumn id="2" name=")', r"\1Autre "),
        "is headed",
    ),
    "two columns of one name": (
        _remplacer(_TABLE, r'(<tableColumn id="1" name="([^"]*)".*?<tableColumn id="2" name=")[^"]*', r"\1\2"),
        "two columns are called",
    ),
    "two tables of one name": (
        _remplacer(r"xl/tables/table2\.xml", r'displayName="[^"]*"', 'displayName="t_actions"'),
        "tables or names are called",
    ),
    "a table that is called as a cell": (
        _remplacer(_TABLE, r'displayName="[^"]*"', 'displayName="TAB25"'),
        "no name for a table",
    ),
    "a filter beside its table": (_remplacer(_TABLE, r'<autoFilter ref="A4', '<autoFilter ref="B4'), "filters"),
    "a chart of nothing": (
        _remplacer(r"xl/charts/chart\d+\.xml", r"<c:f>[^<]*", "<c:f>Ailleurs!$A$1"),
        "shows Ailleurs",
    ),
    "properties of one number": (_remplacer(r"docProps/custom\.xml", r'pid="3"', 'pid="2"'), "numbered"),
}
"""A fault planted in the sample, and words of what is said of it."""


@pytest.fixture(scope="module")
def parties() -> dict[str, bytes]:
    return parts((Path(__file__).parents[1] / "workbooks" / "2025-3.3-exemple.xlsx").read_bytes())


@pytest.mark.parametrize("cas", LIMITES)
def test_a_planted_fault_is_seen(parties: dict[str, bytes], cas: str) -> None:
    plant, words = LIMITES[cas]
    changed = dict(parties)
    plant(changed)
    assert words in "\n".join(hors_limites(rezip(changed)))


SCHEMA = {
    "elements in disorder": _remplacer(
        _FEUILLE, r"(<dataValidations.*?</dataValidations>)(.*?)(</worksheet>)", r"\2\1\3"
    ),
    "an unknown kind of cell": _remplacer(_FEUILLE, r' t="s"', ' t="zz"'),
    "a table without its name": _remplacer(_TABLE, r' displayName="[^"]*"', ""),
    "an unknown element": _remplacer(_FEUILLE, r"<sheetData>", "<inconnu/><sheetData>"),
}


@pytest.mark.parametrize("cas", SCHEMA)
def test_a_fault_against_the_schema_is_seen(parties: dict[str, bytes], cas: str) -> None:
    changed = dict(parties)
    SCHEMA[cas](changed)
    assert hors_schema(rezip(changed)) != []


def test_a_chain_of_calculation_that_names_an_empty_cell_is_seen(parties: dict[str, bytes]) -> None:
    changed = dict(parties)
    main_ns, kind = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml",
    )
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    changed["xl/calcChain.xml"] = f'<calcChain xmlns="{main_ns}"><c r="A1" i="1"/></calcChain>'.encode()
    _remplacer(
        r"\[Content_Types\]\.xml", "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
    )(changed)
    _remplacer(
        r"xl/_rels/workbook\.xml\.rels",
        "</Relationships>",
        f'<Relationship Id="rIdC" Type="{rel}" Target="calcChain.xml"/></Relationships>',
    )(changed)
    assert "has no formula in A1" in "\n".join(hors_limites(rezip(changed)))
