"""The order in which Excel computed the cells: a cell in it without a formula makes Excel repair the file."""

from collections.abc import Collection

from aap_xl.workbook.ooxml.package import parse, serialize
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.workbook import Workbook


def prune(workbook: Workbook, feuilles: Collection[str]) -> None:
    """Take out of the chain those cells of some sheets that hold no formula any more."""
    package = workbook.package
    part = next((rel.cible for rel in package.relations(workbook.part) if rel.genre == "calcChain"), "")
    if part not in package:
        return
    original = package.read(part)
    root = parse(original)
    computed = {workbook.number(name): _computed(workbook.sheet(name)) for name in feuilles}
    number, gone = "", []
    for item in root:
        number = item.get("i") or number
        item.set("i", number)
        if number in computed and item.get("r") not in computed[number]:
            gone.append(item)
    for item in gone:
        root.remove(item)
    if gone:
        package.write(part, serialize(root, original))


def _computed(sheet: Sheet) -> set[str]:
    """The addresses of a sheet's formulas."""
    return {cell.get("r") for cell in sheet.root.iter(f"{sheet.ns}c") if cell.find(f"{sheet.ns}f") is not None}
