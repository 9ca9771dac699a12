"""The order in which Excel computed the cells: a cell in it without a formula makes Excel repair the file."""

from collections.abc import Collection

from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.tree import namespace
from aap_xl.workbook.ooxml.workbook import Workbook


def prune(workbook: Workbook, feuilles: Collection[str]) -> None:
    """Take out of the chain those cells of some sheets that hold no formula any more."""
    package = workbook.package
    part = next((link.target for link in package.relations(workbook.part) if link.kind == "calcChain"), "")
    if part not in package:
        return
    document = package.tree(part)
    computed = {workbook.number(name): _computed(workbook.sheet(name)) for name in feuilles}
    number, gone = "", []
    for item in document.root.findall(f"{namespace(document.root)}c"):
        number = item.get("i") or number
        item.set("i", number)
        if number in computed and item.get("r", "").upper() not in computed[number]:
            gone.append(item)
    for item in gone:
        document.root.remove(item)
    if gone:
        package.write(part, document.to_bytes())


def _computed(sheet: Sheet) -> set[str]:
    """The addresses of a sheet's formulas."""
    rows = sheet.by_row.values()
    return {cell.get("r", "").upper() for row in rows for cell in row if cell.find(f"{sheet.ns}f") is not None}
