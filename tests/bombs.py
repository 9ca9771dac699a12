"""Files of a few MiB that ask for far more: each one alters one part of a filled workbook."""

import re
from collections.abc import Callable
from functools import partial

from zips import rezip

Parts = dict[str, bytes]
Bomb = Callable[[Parts], None]
_DONNEES = b"</sheetData>"
_TYPES = "[Content_Types].xml"
_NIR = b"185057800608491"
_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'


def sheet(parts: Parts, nom: str) -> str:
    """The part of a sheet."""
    found = re.search(rf'<sheet name="{nom}"[^>]*?sheetId="(\d+)"', parts["xl/workbook.xml"].decode())
    assert found
    return f"xl/worksheets/sheet{found[1]}.xml"


def _after_rows(nom: str, xml: bytes, parts: Parts) -> None:
    """Put something after the rows of a sheet."""
    name = sheet(parts, nom)
    parts[name] = parts[name].replace(_DONNEES, _DONNEES + xml)


def _rows(nom: str, xml: bytes, parts: Parts) -> None:
    """Rows below the others."""
    name = sheet(parts, nom)
    parts[name] = parts[name].replace(_DONNEES, xml + _DONNEES)


def _listed(tag: bytes, items: list[bytes]) -> bytes:
    return b'<%b count="%d">%b</%b>' % (tag, len(items), b"".join(items), tag)


def _merges(refs: list[bytes]) -> bytes:
    return _listed(b"mergeCells", [b'<mergeCell ref="%b"/>' % ref for ref in refs])


def _names(number: int, parts: Parts) -> None:
    names = b"".join(b'<definedName name="n%d">Participants!$A$1:$XFD$1048576</definedName>' % n for n in range(number))
    book = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = book.replace(b"</sheets>", b"</sheets><definedNames>" + names + b"</definedNames>")


def _strings(number: int, text: bytes, parts: Parts) -> None:
    extra = b"".join(b"<si><t>%b%d</t></si>" % (text, n) for n in range(number))
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"</sst>", extra + b"</sst>")


def _styles(number: int, parts: Parts) -> None:
    formats = [b'<numFmt numFmtId="%d" formatCode="0.00&quot;f%d&quot;"/>' % (200 + n, n) for n in range(number)]
    xfs = [b'<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0"/>' % (200 + n) for n in range(number)]
    styles = re.sub(rb"<numFmts.*?</numFmts>", b"", parts["xl/styles.xml"])
    styles = styles.replace(b"<fonts", _listed(b"numFmts", formats) + b"<fonts", 1)
    parts["xl/styles.xml"] = styles.replace(b"</cellXfs>", b"".join(xfs) + b"</cellXfs>")


def _long_format(code: bytes, parts: Parts) -> None:
    styles = re.sub(rb"<numFmts.*?</numFmts>", b"", parts["xl/styles.xml"])
    one = b'<numFmt numFmtId="200" formatCode="%b"/>' % code.replace(b'"', b"&quot;")
    styles = styles.replace(b"<fonts", _listed(b"numFmts", [one]) + b"<fonts", 1)
    parts["xl/styles.xml"] = re.sub(rb'<xf numFmtId="\d+"', b'<xf numFmtId="200"', styles)


def _conditions(number: int) -> bytes:
    rule = b'<cfRule type="expression" dxfId="0" priority="1"><formula>A1=1</formula></cfRule>'
    return b"".join(
        b'<conditionalFormatting sqref="A%d:XFD%d">%b</conditionalFormatting>' % (n, n + 9, rule)
        for n in range(1, number + 1)
    )


def _validations(number: int) -> bytes:
    items = [
        b'<dataValidation type="list" sqref="A%d:Z%d"><formula1>"Oui,Non"</formula1></dataValidation>' % (n, n + 99)
        for n in range(1, number + 1)
    ]
    return _listed(b"dataValidations", items)


def _comments(number: int, parts: Parts) -> None:
    name = sheet(parts, "Participants")
    rels = f"xl/worksheets/_rels/{name.rpartition('/')[2]}.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    link = b'<Relationship Id="rIdC" Type="%b" Target="../comments9.xml"/></Relationships>' % kind
    parts[rels] = parts[rels].replace(b"</Relationships>", link)
    notes = b"".join(
        b'<comment ref="A%d" authorId="0"><text><t>n%d</t></text></comment>' % (n, n) for n in range(number)
    )
    parts["xl/comments9.xml"] = (
        b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author/></authors>'
        b"<commentList>" + notes + b"</commentList></comments>"
    )


def _relations(number: int, parts: Parts) -> None:
    name = "xl/_rels/workbook.xml.rels"
    more = b"".join(
        b'<Relationship Id="x%d" Type="http://purl.oclc.org/ooxml/x" Target="worksheets/x%d.xml"/>' % (n, n)
        for n in range(number)
    )
    parts[name] = parts[name].replace(b"</Relationships>", more + b"</Relationships>")


def _types(number: int, parts: Parts) -> None:
    more = b"".join(b'<Override PartName="/xl/x%d.xml" ContentType="application/xml"/>' % n for n in range(number))
    parts[_TYPES] = parts[_TYPES].replace(b"</Types>", more + b"</Types>")


def _deep(nom: str, parts: Parts) -> None:
    name = sheet(parts, nom) if nom != "styles" else "xl/styles.xml"
    end = b"</worksheet>" if nom != "styles" else b"</styleSheet>"
    parts[name] = parts[name].replace(end, b"<x>" * 500_000 + b"</x>" * 500_000 + end)


def _attribute(parts: Parts) -> None:
    name = sheet(parts, "Participants")
    parts[name] = parts[name].replace(b"<dimension ", b'<dimension x="%b" ' % (b"&amp;" * 4_000_000), 1)


def _many_attributes(parts: Parts) -> None:
    name = sheet(parts, "Participants")
    given = b" ".join(b'a%d=""' % n for n in range(300_000))
    parts[name] = parts[name].replace(b"<dimension ", b"<dimension %b " % given, 1)


def _namespaces(parts: Parts) -> None:
    name = sheet(parts, "Participants")
    nested = b"".join(b'<x%d:x xmlns:x%d="u%d">' % (n, n, n) for n in range(20_000))
    closed = b"".join(b"</x%d:x>" % n for n in reversed(range(20_000)))
    parts[name] = parts[name].replace(b"</worksheet>", nested + closed + b"</worksheet>")


def _entries(number: int, parts: Parts) -> None:
    parts.update({f"xl/media/{n}": b"" for n in range(number)})


def _media(parts: Parts) -> None:
    parts["xl/media/image1.png"] = bytes(64 * 2**20)


def _tables(number: int, parts: Parts) -> None:
    name = sheet(parts, "Participants")
    rels = f"xl/worksheets/_rels/{name.rpartition('/')[2]}.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
    model = parts["xl/tables/table1.xml"]
    for n in range(100, 100 + number):
        parts[f"xl/tables/table{n}.xml"] = re.sub(rb'isplayName="[^"]*"', b'isplayName="T%d"' % n, model)
    more = b"".join(
        b'<Relationship Id="t%d" Type="%b" Target="../tables/table%d.xml"/>' % (n, kind, n)
        for n in range(100, 100 + number)
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", more + b"</Relationships>")


def _cells(row: Callable[[int], bytes], number: int) -> bytes:
    return b"".join(b'<row r="%d">%b</row>' % (n, row(n)) for n in range(2001, 2001 + number))


def _wide(value: bytes, columns: int) -> Callable[[int], bytes]:
    names = [_letters(n).encode() for n in range(1, columns + 1)]
    return lambda line: b"".join(b'<c r="%b%d"%b</c>' % (name, line, value) for name in names)


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _inline(text: bytes) -> bytes:
    return b' t="inlineStr"><is><t>%b</t></is>' % text


def _nested_formula(parts: Parts) -> None:
    _rows("Participants", _cells(lambda n: b'<c r="A%d"><f>%b</f><v>1</v></c>' % (n, b"(" * 8000), 2000), parts)


def _shared_formulas(parts: Parts) -> None:
    row = b'<c r="A%d"><f t="shared" ref="A1:XFD1048576" si="%d">1</f><v>1</v></c>'
    _rows("Participants", _cells(lambda n: row % (n, n), 20_000), parts)


def _hidden(number: int) -> bytes:
    return b"".join(b'<row r="%d" hidden="1"/>' % n for n in range(2001, 2001 + number))


def _columns(number: int, parts: Parts) -> None:
    name = sheet(parts, "Participants")
    cols = b"".join(b'<col min="1" max="16384" width="9" hidden="1"/>' for _ in range(number))
    parts[name] = parts[name].replace(b"<sheetData>", b"<cols>" + cols + b"</cols><sheetData>", 1)


def _sheets(number: int, parts: Parts) -> None:
    book = parts["xl/workbook.xml"]
    more = b"".join(b'<sheet name="x%d" sheetId="%d" r:id="rId7"/>' % (n, 100 + n) for n in range(number))
    parts["xl/workbook.xml"] = book.replace(b"</sheets>", more + b"</sheets>")


def _far_sheets(number: int, rows: int, parts: Parts) -> None:
    """Sheets of few cells, each at the end of a long row, and one NIR for which every one of their places is seen."""
    book, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    cells = b"".join(b'<row r="%d"><c r="ALL%d"><v>%b</v></c></row>' % (n, n, _NIR) for n in range(1, rows + 1))
    for n in range(number):
        parts[f"xl/worksheets/f{n}.xml"] = _SHEET % cells
        link = b'<Relationship Id="f%d" Type="%b" Target="worksheets/f%d.xml"/></Relationships>' % (n, kind, n)
        parts[rels] = parts[rels].replace(b"</Relationships>", link)
        sheet_ = b'<sheet name="f%d" sheetId="%d" r:id="f%d"/></sheets>' % (n, 100 + n, n)
        parts[book] = parts[book].replace(b"</sheets>", sheet_)


def _comment_storm(nom: str, parts: Parts) -> None:
    name = sheet(parts, nom)
    parts[name] = parts[name].replace(b"<sheetData>", b"<!---->" * 1_500_000 + b"<sheetData>", 1)


XLSX: dict[str, Bomb] = {
    "merges, each of the whole table": partial(_after_rows, "Participants", _merges([b"A1:XFD1048576"] * 20_000)),
    "merges, each of some rows": partial(
        _after_rows, "Participants", _merges([b"A%d:Z%d" % (n % 400 + 1, n % 400 + 300) for n in range(200_000)])
    ),
    "merges of one cell": partial(_after_rows, "Heures", _merges([b"A%d:B%d" % (n, n) for n in range(1, 400_000)])),
    "names": partial(_names, 300_000),
    "strings": partial(_strings, 1_000_000, b""),
    "strings, fewer than too many": partial(_strings, 500_000, b"x"),
    "strings of digits": partial(_strings, 60_000, b"1 85 05 78 006 08 " * 20),
    "strings of digits and dashes": partial(_strings, 2_000, b"1-" * 5_000),
    "cells of digits": partial(_rows, "Participants", _cells(_wide(_inline(_NIR * 60), 10), 2_500)),
    "styles": partial(_styles, 65_000),
    "a format of four million letters": partial(_long_format, b"[h]" + b'"x' * 2_000_000),
    "a format that shows nothing for long": partial(_long_format, b"0" * 20_000_000),
    "conditions": partial(_after_rows, "Participants", _conditions(60_000)),
    "validations": partial(_after_rows, "Participants", _validations(60_000)),
    "comments": partial(_comments, 250_000),
    "relations": partial(_relations, 200_000),
    "content types": partial(_types, 200_000),
    "elements within elements": partial(_deep, "Participants"),
    "elements within elements, styles": partial(_deep, "styles"),
    "an attribute of entities": _attribute,
    "attributes": _many_attributes,
    "namespaces": _namespaces,
    "entries": partial(_entries, 65_000),
    "media": _media,
    "tables": partial(_tables, 3_000),
    "tiny cells": partial(_rows, "Participants", _cells(_wide(b"><v>1</v>", 30), 30_000)),
    "rows of one cell": partial(_rows, "Participants", _cells(_wide(b"><v>1</v>", 1), 600_000)),
    "a row of all columns": partial(_rows, "Participants", _cells(_wide(b"><v>1</v>", 16_384), 60)),
    "a row of long texts": partial(_rows, "Participants", _cells(_wide(_inline(b"x" * 4_000), 2_000), 1)),
    "empty rows": partial(_rows, "Participants", _cells(lambda _: b"", 900_000)),
    "empty cells": partial(_rows, "Participants", _cells(lambda n: b'<c r="A%d" s="1"/>' % n, 700_000)),
    "formulas": partial(_rows, "Participants", _cells(_wide(b"><f>A1</f><v>1</v>", 20), 25_000)),
    "formulas within parentheses": _nested_formula,
    "shared formulas": _shared_formulas,
    "hidden rows": partial(_rows, "Participants", _hidden(900_000)),
    "columns": partial(_columns, 500_000),
    "sheets": partial(_sheets, 100_000),
    "sheets of far cells": partial(_far_sheets, 150, 1_000),
    "comments within XML": partial(_comment_storm, "Participants"),
    "text everywhere": partial(_rows, "Participants", _cells(_wide(_inline(b"x" * 200), 10), 14_000)),
    "dates in words": partial(_rows, "Participants", _cells(_wide(_inline(b"1er janvier 20"), 25), 15_000)),
}

MARGINS: dict[str, Bomb] = {
    "conditions": partial(_after_rows, "Participants", _conditions(10_000)),
    "validations": partial(_after_rows, "Participants", _validations(10_000)),
    "names": partial(_names, 20_000),
    "strings": partial(_strings, 100_000, b"x"),
    "styles": partial(_styles, 30_000),
    "comments": partial(_comments, 10_000),
    "hidden rows": partial(_rows, "Participants", _hidden(20_000)),
    "empty cells": partial(_rows, "Participants", _cells(lambda n: b'<c r="A%d" s="1"/>' % n, 20_000)),
}
"""The same, far fewer: still several times what a workbook that was copied and pasted for a year may have."""


def altered(bomb: Bomb, parts: Parts) -> bytes:
    """A workbook, once a bomb went into its parts."""
    bomb(parts)
    return rezip(parts)
