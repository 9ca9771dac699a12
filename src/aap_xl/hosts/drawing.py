"""A `Grid` put on a sheet of an open workbook, as gestures: as many for 20 lines as for 300.

All values go in one gesture, looks by property and by rectangle. In a *band* (the like lines of a table) a column has
one look, its commonest, with the widest of its number formats: for a host where each rectangle costs.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from aap_xl.cells import Zone, a1
from aap_xl.domain.sorties import Taux
from aap_xl.domain.tableau import Formule
from aap_xl.hosts.gestures import (
    Add,
    Border,
    Clear,
    ConditionalFormat,
    Fit,
    Gesture,
    Height,
    Link,
    Look,
    Merge,
    Print,
    Property,
    Value,
    Values,
    Width,
)
from aap_xl.hosts.rectangles import consecutifs, fusionnes, rectangles
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.paper.grid import Cell, Grid, style
from aap_xl.workbook.paper.measure import LINE, PADDING
from aap_xl.workbook.reading.marks import Place


@dataclass(frozen=True)
class Bande:
    """Lines of one shape. ``ajuster``: each as tall as its own text, rather than as the tallest."""

    premiere: int
    derniere: int
    ajuster: bool = False


@dataclass(frozen=True)
class Condition:
    """A background and an ink for the cells of a column that hold a text, down a band."""

    colonne: int
    bande: Bande
    texte: str
    fond: str
    encre: str


def dessiner(
    feuille: str,
    grid: Grid,
    feuilles: Collection[str],
    bandes: Sequence[Bande] = (),
    conditions: Sequence[Condition] = (),
) -> Iterator[Gesture]:
    """Replace what a sheet's own columns show; the sheet is added at the end if the workbook lost it.

    Args: feuilles: those the workbook has; bandes: lines to give one look to.
    """
    if feuille not in feuilles:
        yield Add(feuille)
    yield Clear(feuille, len(grid.widths))
    looks, values = _content(grid)
    yield Values(feuille, 1, 1, values)
    _uniform(looks, grid, bandes)
    yield from _dress(feuille, (1, 1, len(values), len(values[0])), looks)
    yield from _shape(feuille, len(values), grid, bandes)
    for item in conditions:
        zone = (item.bande.premiere, item.colonne, item.bande.derniere, item.colonne)
        yield ConditionalFormat(feuille, zone, item.texte, item.fond, item.encre)
    if grid.paged:
        yield Print(feuille, tuple(grid.breaks), grid.scale)


def _content(grid: Grid) -> tuple[dict[Place, Style], list[list[Value]]]:
    """The look of each cell; what to write, as a full rectangle."""
    cells = list(grid.cells())
    last_row, last_column = max(cell[0] for cell in cells), max(cell[1] for cell in cells)
    values: list[list[Value]] = [[None] * last_column for _ in range(last_row)]
    links = dict(grid.links)
    for row, column, value, _ in cells:
        target = links.get(a1(row, column))
        values[row - 1][column - 1] = _entry(value) if target is None else Link(target, str(value))
    return {(row, column): look for row, column, _, look in cells}, values


def _entry(value: Cell) -> Value:
    """A value of a cell; a formula of a printed table shows what Python computed."""
    if isinstance(value, Formule):
        value = value.valeur
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Taux):
        return str(value)
    return None if value == "" else value


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


def _dress(feuille: str, whole: Zone, looks: dict[Place, Style]) -> Iterator[Gesture]:
    """Colours, fonts, alignments, borders: what the whole sheet shares first, then what differs."""
    usual = style()
    for name in ("font", "size", "color", "vertical"):
        yield Look(feuille, (whole,), name, getattr(usual, name))
    for name in _PROPERTIES:
        by_value: dict[str | float | bool, set[Place]] = defaultdict(set)
        for place, look in looks.items():
            value = getattr(look, name)
            if value != getattr(usual, name):
                by_value[value].add(place)
        for value, places in by_value.items():
            yield Look(feuille, tuple(rectangles(places)), name, value)
    bordered: dict[tuple[str, tuple[str, ...]], set[Place]] = defaultdict(set)
    for place, look in looks.items():
        if look.border:
            bordered[look.border, look.sides].add(place)
    for (color, sides), places in bordered.items():
        yield Border(feuille, tuple(rectangles(places)), color, sides)


_PROPERTIES: tuple[Property, ...] = (
    *("fill", "color", "bold", "italic", "underline", "size", "number_format", "wrap", "horizontal", "vertical"),
    "indent",
)
"""The properties of a style, in the order to set them: an indent comes after its alignment."""


def _shape(feuille: str, last: int, grid: Grid, bandes: Sequence[Bande]) -> Iterator[Gesture]:
    """Merged cells, widths, heights."""
    if merged := fusionnes(grid):
        yield Merge(feuille, tuple(merged))
    widths: dict[float, list[int]] = defaultdict(list)
    for column, width in enumerate(grid.widths, 1):
        widths[width].append(column)
    for width, columns in widths.items():
        yield Width(feuille, tuple(consecutifs(columns)), width)
    yield Height(feuille, ((1, last),), LINE + PADDING)
    heights: dict[float, list[int]] = defaultdict(list)
    for row, height in sorted(_heights(grid, bandes).items()):
        heights[height].append(row)
    for height, rows in heights.items():
        yield Height(feuille, tuple(consecutifs(rows)), height)
    for bande in bandes:
        if bande.ajuster:
            lines = range(bande.premiere, bande.derniere + 1)
            tall = tuple(grid.heights.get(line, LINE + PADDING) for line in lines)
            yield Fit(feuille, bande.premiere, len(grid.widths), tall)


def _heights(grid: Grid, bandes: Sequence[Bande]) -> dict[int, float]:
    """Each row's height; in a band, that of its tallest, or none when each of its rows has its own."""
    heights = dict(grid.heights)
    for bande in bandes:
        rows = range(bande.premiere, bande.derniere + 1)
        tallest = max((heights.pop(row) for row in rows if row in heights), default=0.0)
        if tallest and not bande.ajuster:
            heights |= dict.fromkeys(rows, tallest)
    return heights
