"""A grid put on a sheet of a file: its columns are written anew; what stands right of them is the operator's."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from html import escape

from aap_xl.cells import a1, column_index
from aap_xl.workbook.ooxml.printing import print_at
from aap_xl.workbook.ooxml.ranges import widen_dimension
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.ooxml.tree import Element, parse, whole
from aap_xl.workbook.ooxml.values import escape_text, number, serial
from aap_xl.workbook.paper.grid import Cell, Grid
from aap_xl.workbook.paper.page import MARGIN

_AFTER_LETTERS = re.compile(r"\d.*")


def place(grid: Grid, sheet: Sheet, style_id: Callable[[Style], int], *, since_1904: bool = False) -> None:
    """Put everything on a sheet, in place of what its columns held.

    Args: style_id: the number of a style in the workbook; since_1904: whether dates count from 1904.
    """
    kept = {row: cells for row in sheet.by_row if (cells := list(_cells_beyond(grid, sheet, row)))}
    sheet.replace_rows(_rows(grid, sheet, kept, style_id, since_1904))
    sheet.replace("cols", _cols(grid, sheet))
    merges = [sheet.element("mergeCell", ref=ref) for ref in grid.merges] + _beyond(grid, sheet, "mergeCells")
    sheet.replace("mergeCells", _group(sheet, "mergeCells", merges, count=str(len(merges))))
    links = [sheet.element("hyperlink", ref=ref, location=location) for ref, location in grid.links]
    sheet.replace("hyperlinks", _group(sheet, "hyperlinks", links + _beyond(grid, sheet, "hyperlinks")))
    breaks = [sheet.element("brk", id=str(row), max="16383", man="1") for row in grid.breaks]
    count = str(len(breaks))
    sheet.replace("rowBreaks", _group(sheet, "rowBreaks", breaks, count=count, manualBreakCount=count))
    if grid.paged:
        print_at(sheet, grid.scale)
    widen_dimension(sheet)


def _rows(
    grid: Grid, sheet: Sheet, kept: Mapping[int, list[Element]], style_id: Callable[[Style], int], since_1904: bool
) -> Element:
    ours: dict[int, list[str]] = {row: [] for row in (*grid.heights, *kept)}
    for row, column, value, look in grid.cells():
        ours.setdefault(row, []).append(_cell_xml(a1(row, column), value, style_id(look), since_1904))
    parts = [f'<sheetData xmlns="{sheet.ns[1:-1]}">']
    for row in sorted(ours):
        height = grid.heights.get(row)
        custom = f' ht="{height:g}" customHeight="1"' if height else ""
        parts.append(f'<row r="{row}"{custom}>{"".join(ours[row])}</row>')
    data = parse("".join([*parts, "</sheetData>"]).encode()).root
    for row, element in zip(sorted(ours), data, strict=True):
        element.extend(kept.get(row, ()))
    return data


def _cells_beyond(grid: Grid, sheet: Sheet, row: int) -> Iterator[Element]:
    """The cells of a row that hold something right of a grid's columns."""
    for letter, cell in sheet.cells(row).items():
        if column_index(letter) > len(grid.widths) and len(cell):
            cell.set("r", f"{letter}{row}")
            yield cell


def _beyond(grid: Grid, sheet: Sheet, name: str) -> list[Element]:
    """The merged ranges or the links that start right of a grid's columns."""
    items = sheet.root.findall(f"{sheet.ns}{name}/{sheet.ns}{name.removesuffix('s')}")
    return [item for item in items if column_index(_AFTER_LETTERS.sub("", item.get("ref", ""))) > len(grid.widths)]


def _cols(grid: Grid, sheet: Sheet) -> Element:
    cols = sheet.element("cols")
    for rank, width in enumerate(grid.widths, 1):
        stored = f"{width + MARGIN:g}"
        cols.append(sheet.element("col", min=str(rank), max=str(rank), width=stored, customWidth="1"))
    for col in sheet.root.findall(f"{sheet.ns}cols/{sheet.ns}col"):
        if whole(col, "max") > len(grid.widths):
            col.set("min", str(max(whole(col, "min"), len(grid.widths) + 1)))
            cols.append(col)
    return cols


def _group(sheet: Sheet, name: str, items: list[Element], **attributes: str) -> Element | None:
    """A parent for some elements; nothing when there is none (the schema refuses an empty one)."""
    if not items:
        return None
    group = sheet.element(name, **attributes)
    group.extend(items)
    return group


def _cell_xml(reference: str, value: Cell, look: int, since_1904: bool) -> str:
    head = f'<c r="{reference}" s="{look}"'
    if value is None or value == "":
        return head + "/>"
    if isinstance(value, str):
        text = escape(escape_text(value), quote=False)
        return f'{head} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, date):
        return f"{head}><v>{serial(value, since_1904=since_1904)}</v></c>"
    if isinstance(value, (bool, Decimal, int, float)):
        return f"{head}><v>{number(value)}</v></c>"
    raise TypeError(f"a cell cannot hold {value!r}")
