"""A workbook of ours dressed as Excel saves one: what it adds to every part, and how it stores texts and formulas.

Written after files that Excel saved; no Excel was at hand to save ours.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

import zips
from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
_XR = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
_X15AC = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
_CHAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
_UID = "{{00000000-0001-0000-{:04X}-000000000000}}"
_C, _F, _V, _IS, _ROW = (f"{{{MAIN}}}{name}" for name in ("c", "f", "v", "is", "row"))
_NOTE = re.compile(r"([A-Z]+)(\d+)")


def enregistrer(source: bytes, notes: dict[str, dict[str, str]] | None = None) -> bytes:
    """Dress a workbook.

    Args: notes: by sheet, what an operator types in empty cells: texts, or formulas that start with « = ».
    """
    parts = zips.parts(source)
    book = etree.fromstring(parts["xl/workbook.xml"])
    links = {item.get("Id"): item.get("Target") for item in etree.fromstring(parts["xl/_rels/workbook.xml.rels"])}
    sheets = [(item, f"xl/{links[item.get(f'{{{_REL}}}id')]}") for item in book.iter(f"{{{MAIN}}}sheet")]
    texts = _Textes(parts["xl/sharedStrings.xml"])
    chain: list[tuple[str, str]] = []
    for number, (sheet, part) in enumerate(sheets):
        root = _dressed(etree.fromstring(parts[part]), number)
        for address, typed in (notes or {}).get(str(sheet.get("name")), {}).items():
            _type(root, address, typed)
        _texts(root, texts)
        _share_formulas(root)
        chain += [(str(sheet.get("sheetId")), cell.get("r")) for cell in root.iter(_C) if cell.find(_F) is not None]
        parts[part] = _xml(root)
    parts["xl/sharedStrings.xml"] = texts.xml()
    parts["xl/workbook.xml"] = _xml(_book(book))
    for name in [name for name in parts if name.startswith("xl/tables/")]:
        parts[name] = _xml(_revised(etree.fromstring(parts[name]), 99))
    _add_chain(parts, chain)
    return zips.rezip(parts)


def _dressed(root: Any, number: int) -> Any:
    """The namespaces and attributes of Excel's, on a sheet and its rows."""
    fresh = _revised(root, number)
    for row in fresh.iter(_ROW):
        row.set(f"{{{_AC}}}dyDescent", "0.25")
        row.set("spans", "1:40")
    return fresh


def _revised(root: Any, number: int) -> Any:
    fresh: Any = etree.Element(root.tag, dict(root.attrib), {**root.nsmap, "mc": _MC, "x14ac": _AC, "xr": _XR})
    fresh.set(f"{{{_MC}}}Ignorable", "x14ac xr")
    fresh.set(f"{{{_XR}}}uid", _UID.format(number))
    fresh.extend(list(root))
    return fresh


def _type(root: Any, address: str, typed: str) -> None:
    found = _NOTE.fullmatch(address)
    assert found
    data = root.find(f"{{{MAIN}}}sheetData")
    row = next((item for item in data if item.get("r") == found[2]), None)
    if row is None:
        row = etree.Element(_ROW, {"r": found[2]})
        data.insert(sum(int(item.get("r")) < int(found[2]) for item in data), row)
    cell = etree.SubElement(row, _C, {"r": address})
    if typed.startswith("="):
        etree.SubElement(cell, _F).text = typed[1:]
        etree.SubElement(cell, _V).text = "2"
    else:
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, _IS), f"{{{MAIN}}}t").text = typed


class _Textes:
    """The shared strings, to which those written in their cells are added."""

    def __init__(self, content: bytes) -> None:
        self.root: Any = etree.fromstring(content)

    def add(self, inline: Any) -> str:
        item = etree.SubElement(self.root, f"{{{MAIN}}}si")
        item.extend(copy.deepcopy(child) for child in inline)
        return str(len(self.root) - 1)

    def xml(self) -> bytes:
        self.root.set("uniqueCount", str(len(self.root)))
        return _xml(self.root)


def _texts(root: Any, texts: _Textes) -> None:
    for cell in root.iter(_C):
        inline = cell.find(_IS)
        if inline is not None:
            etree.SubElement(cell, _V).text = texts.add(inline)
            cell.remove(inline)
            cell.set("t", "s")


def _share_formulas(root: Any) -> None:
    """A formula repeated down a column is written once; the cells below it only name it."""
    for number, cells in enumerate(_runs(root)):
        last = cells[-1].get("r")
        for rank, cell in enumerate(cells):
            formula = cell.find(_F)
            formula.set("t", "shared")
            formula.set("si", str(number))
            if rank:
                formula.text = None
            else:
                formula.set("ref", f"{cell.get('r')}:{last}")


def _runs(root: Any) -> Iterator[list[Any]]:
    columns: dict[str, list[Any]] = {}
    for cell in root.iter(_C):
        formula = cell.find(_F)
        if formula is not None and not formula.attrib:
            columns.setdefault(cell.get("r").rstrip("0123456789"), []).append(cell)
    for cells in columns.values():
        run: list[Any] = []
        for cell in cells:
            if run and not (_row(cell) == _row(run[-1]) + 1 and cell.find(_F).text == run[0].find(_F).text):
                if len(run) > 1:
                    yield run
                run = []
            run.append(cell)
        if len(run) > 1:
            yield run


def _row(cell: Any) -> int:
    return int(cell.get("r").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _book(book: Any) -> Any:
    """The workbook with the path where it was saved, its revisions, the version that computed it."""
    fresh = _revised(book, 0)
    del fresh.attrib[f"{{{_XR}}}uid"]
    path = (
        f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/'
        f'2010/11/main" Requires="x15"><x15ac:absPath xmlns:x15ac="{_X15AC}" url="C:\\Suivi\\"/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    properties = fresh.find(f"{{{MAIN}}}workbookPr")
    properties.addnext(etree.fromstring(path))
    calc = fresh.find(f"{{{MAIN}}}calcPr")
    calc.attrib.clear()
    calc.set("calcId", "191029")
    return fresh


def _add_chain(parts: dict[str, bytes], chain: list[tuple[str, str]]) -> None:
    """Excel leaves the sheet's number out where it is the one before's."""
    root: Any = etree.fromstring(f'<calcChain xmlns="{MAIN}"/>')
    before = ""
    for number, address in chain:
        cell: Any = etree.SubElement(root, _C, {"r": address})
        if number != before:
            cell.set("i", number)
        before = number
    parts["xl/calcChain.xml"] = _xml(root)
    declared = f'<Override PartName="/xl/calcChain.xml" ContentType="{_CHAIN}"/></Types>'.encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", declared)
    link = f'<Relationship Id="rIdCalc" Type="{_REL}/calcChain" Target="calcChain.xml"/></Relationships>'.encode()
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", link)


def _xml(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
