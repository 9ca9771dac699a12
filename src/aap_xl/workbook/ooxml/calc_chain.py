"""The order in which Excel computed the cells: a cell in it without a formula makes Excel repair the file."""

import re
from collections.abc import Collection

from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.workbook import Workbook

_ITEM = re.compile(rb"<(?:\w+:)?c\s([^<>]*?)/?>(?:</(?:\w+:)?c>)?")
_ADDRESS, _SHEET = (re.compile(rb"""(?<![^\s])%b=["']([^"']*)""" % name) for name in (b"r", b"i"))


def prune(workbook: Workbook, feuilles: Collection[str]) -> None:
    """Take out of the chain those cells of some sheets that hold no formula any more.

    It is edited as bytes: in large workbooks it has hundreds of thousands of cells.
    """
    package = workbook.package
    part = next((link.target for link in package.relations(workbook.part) if link.kind == "calcChain"), "")
    if part not in package:
        return
    computed = {workbook.number(name): _computed(workbook.sheet(name)) for name in feuilles}
    number = gone = b""

    def kept(item: re.Match[bytes]) -> bytes:
        """An item as it was; one that says no sheet is of the sheet of the one before."""
        nonlocal number, gone
        address, sheet = _ADDRESS.search(item[1]), _SHEET.search(item[1])
        number = sheet[1] if sheet else number
        cells = computed.get(number.decode(errors="replace"))
        if address and cells is not None and address[1].decode(errors="replace").upper() not in cells:
            gone = item[0]
            return b""
        return item[0] if sheet else item[0].replace(item[1], b'i="%b" %b' % (number, item[1]), 1)

    content = _ITEM.sub(kept, package[part])
    if gone:
        package.write(part, content)


def _computed(sheet: Sheet) -> set[str]:
    """The addresses of a sheet's formulas."""
    rows = sheet.by_row.values()
    return {cell.get("r", "").upper() for row in rows for cell in row if cell.find(f"{sheet.ns}f") is not None}
