"""A `Grid` put on a sheet of an open workbook: values in one write, looks in as many calls for 20 lines as for 300.

Every text is written behind an apostrophe, lest Excel read « 7/19 » as a date or an operator's « =… » as a formula; a
link is a HYPERLINK formula inside the same write. Formats go by property and by rectangle, several rectangles a call.
In a *band* (the like lines of a table) a column has one look: its commonest, with the widest of its number formats.
xlwings has neither page breaks nor underlining: a bilan to print is best written by the command line.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from aap_xl.cells import Zone, a1, column_letter, zone_a1
from aap_xl.workbook.live.rectangles import fusionnes, rectangles
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.paper.grid import Cell, Grid, style
from aap_xl.workbook.paper.measure import LINE, PADDING
from aap_xl.workbook.reading.marks import Place

if TYPE_CHECKING:
    from xlwings import Book, Range, Sheet

_PER_CALL = 12
"""Rectangles named in one call: Excel takes 255 characters, a rectangle of ours at most 20."""
_ALL_SIDES = 4


@dataclass(frozen=True)
class Bande:
    """Lines of one shape. ``ajuster``: let Excel find their heights, which it can't do for merged cells."""

    premiere: int
    derniere: int
    ajuster: bool = False


@dataclass(frozen=True)
class Condition:
    """A background and an ink for the cells of a range that hold a text."""

    plage: str
    texte: str
    fond: str
    encre: str


def ecrire(
    book: "Book", nom: str, grid: Grid, bandes: Sequence[Bande] = (), conditions: Sequence[Condition] = ()
) -> None:
    """Replace what a sheet's own columns show; the sheet is added at the end if the workbook lost it."""
    sheet = next((item for item in book.sheets if item.name == nom), None)
    if sheet is None:
        sheet = book.sheets.add(nom, after=book.sheets[-1])
    sheet.range(f"A:{column_letter(len(grid.widths))}").clear()
    looks, values = _content(grid)
    sheet.range((1, 1)).options(chunksize=None).value = values
    whole = sheet.range((1, 1), (len(values), len(values[0])))
    _uniform(looks, grid, bandes)
    _dress(sheet, whole, looks)
    _shape(sheet, whole, grid, bandes)
    for item in conditions:
        sheet.range(item.plage).conditional_formats.add_cell_value(
            "equal_to", f'="{item.texte}"', fill_color=f"#{item.fond}", font_color=f"#{item.encre}"
        )


def _content(grid: Grid) -> tuple[dict[Place, Style], list[list[object]]]:
    """The look of each cell; what to write, as a full rectangle."""
    cells = list(grid.cells())
    last_row, last_column = max(cell[0] for cell in cells), max(cell[1] for cell in cells)
    values: list[list[object]] = [[None] * last_column for _ in range(last_row)]
    links = dict(grid.links)
    for row, column, value, _ in cells:
        target = links.get(a1(row, column))
        values[row - 1][column - 1] = _entry(value) if target is None else _link(target, str(value))
    return {(row, column): look for row, column, _, look in cells}, values


def _entry(value: Cell) -> object:
    """A value as it must be typed for Excel to keep it as it is."""
    if isinstance(value, str):
        return f"'{value}" if value else None
    if isinstance(value, date):
        return datetime.combine(value, time())
    return float(value) if isinstance(value, Decimal) else value


def _link(target: str, shown: str) -> str:
    quoted = [text.replace('"', '""') for text in (f"#{target}", shown)]
    return f'=HYPERLINK("{quoted[0]}","{quoted[1]}")'


def _uniform(looks: dict[Place, Style], grid: Grid, bandes: Sequence[Bande]) -> None:
    """One look per column of each band; a blank cell has no say."""
    filled = {(row, column) for row, column, value, _ in grid.cells() if value not in (None, "")}
    for bande in bandes:
        rows = range(bande.premiere, bande.derniere + 1)
        for column in {place[1] for place in looks if place[0] in rows}:
            places = [(row, column) for row in rows if (row, column) in looks]
            found = Counter(looks[place] for place in places if place in filled) or Counter(looks[p] for p in places)
            common = found.most_common(1)[0][0]
            widest = max((look.number_format for look in found), key=len)
            looks |= dict.fromkeys(places, replace(common, number_format=widest))


def _dress(sheet: "Sheet", whole: "Range", looks: dict[Place, Style]) -> None:
    """Colours, fonts, alignments, borders: what the whole sheet shares first, then what differs."""
    usual = style()
    whole.font.name, whole.font.size, whole.font.color = usual.font, usual.size, f"#{usual.color}"
    _own("vertical_alignment", whole, usual.vertical)
    for name, setter in _SETTERS.items():
        by_value: dict[object, set[Place]] = defaultdict(set)
        for place, look in looks.items():
            value = getattr(look, name)
            if value != getattr(usual, name):
                by_value[value].add(place)
        for value, places in by_value.items():
            for part in _ranges(sheet, rectangles(places)):
                setter(part, value)
    bordered: dict[tuple[str, tuple[str, ...]], set[Place]] = defaultdict(set)
    for place, look in looks.items():
        if look.border:
            bordered[look.border, look.sides].add(place)
    for (color, sides), places in bordered.items():
        _border(sheet, rectangles(places), f"#{color}", sides)


def _border(sheet: "Sheet", zones: Sequence[Zone], color: str, sides: Sequence[str]) -> None:
    """Borders on some sides of each cell. Excel refuses inner borders to a rectangle that has none."""
    for tall in (False, True):
        for wide in (False, True):
            chosen = [zone for zone in zones if (zone[2] > zone[0], zone[3] > zone[1]) == (tall, wide)]
            names = [f"edge_{side}" for side in sides]
            names += ["inside_horizontal"] * tall + ["inside_vertical"] * (wide and len(sides) == _ALL_SIDES)
            for part in _ranges(sheet, chosen):
                part.borders.set(names, color=color, weight="thin", line_style="continuous")


def _color(part: "Range", value: str) -> None:
    part.color = f"#{value}"


def _ink(part: "Range", value: str) -> None:
    part.font.color = f"#{value}"


def _font(name: str, part: "Range", value: object) -> None:
    setattr(part.font, name, value)


def _own(name: str, part: "Range", value: object) -> None:
    setattr(part, name, value)


def _indent(part: "Range", value: int) -> None:
    part.adjust_indent(value)


_SETTERS: dict[str, Callable[["Range", Any], None]] = {
    "fill": _color,
    "color": _ink,
    "bold": partial(_font, "bold"),
    "italic": partial(_font, "italic"),
    "size": partial(_font, "size"),
    "number_format": partial(_own, "number_format"),
    "wrap": partial(_own, "wrap_text"),
    "horizontal": partial(_own, "horizontal_alignment"),
    "vertical": partial(_own, "vertical_alignment"),
    "indent": _indent,
}
"""How each property of a style is set; an indent comes after its alignment."""


def _shape(sheet: "Sheet", whole: "Range", grid: Grid, bandes: Sequence[Bande]) -> None:
    """Merged cells, widths, heights."""
    for zone in fusionnes(grid):
        sheet.range(zone[:2], zone[2:]).merge(across=True)
    widths: dict[float, set[Place]] = defaultdict(set)
    for column, width in enumerate(grid.widths, 1):
        widths[width].add((1, column))
    for width, places in widths.items():
        for part in _ranges(sheet, rectangles(places)):
            part.column_width = width
    whole.row_height = LINE + PADDING
    heights: dict[float, set[Place]] = defaultdict(set)
    for row, height in _heights(grid, bandes).items():
        heights[height].add((row, 1))
    for height, places in heights.items():
        for part in _ranges(sheet, rectangles(places)):
            part.row_height = height
    for bande in bandes:
        if bande.ajuster:
            sheet.range((bande.premiere, 1), (bande.derniere, len(grid.widths))).rows.autofit()


def _heights(grid: Grid, bandes: Sequence[Bande]) -> dict[int, float]:
    """Each row's height; in a band, that of its tallest, or none when Excel is to find them."""
    heights = dict(grid.heights)
    for bande in bandes:
        rows = range(bande.premiere, bande.derniere + 1)
        tallest = max((heights.pop(row) for row in rows if row in heights), default=0.0)
        if tallest and not bande.ajuster:
            heights |= dict.fromkeys(rows, tallest)
    return heights


def _ranges(sheet: "Sheet", zones: Sequence[Zone]) -> Iterator["Range"]:
    """Several rectangles at a time as one range."""
    for start in range(0, len(zones), _PER_CALL):
        parts = zones[start : start + _PER_CALL]
        yield sheet.range(",".join(zone_a1(zone) for zone in parts))
