"""The printed page: A4 landscape, what its margins leave, the scale at which columns fill it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aap_xl.workbook.layout import AIDE, TITRE

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

A4 = 9
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.65}
"""Inches."""
PAGE_WIDTH, PAGE_HEIGHT = 780.0, 508.0
"""Points that A4 landscape leaves between our margins, less what rounding takes."""
TITLES = {TITRE: 30.0, AIDE: 18.0}
"""Points of the first two rows of a sheet, its title and its help."""
MARGIN = 0.7109375
"""What a file adds to a width in characters: five pixels of margin."""
PIXEL = 0.75
"""Points; Excel gives a row a whole number of pixels."""
_LIBREOFFICE = 5.72
"""Points that LibreOffice gives to one unit of a stored width, measured."""
_FOOTER = 150
"""Characters of a footer's left part, at most."""


def pixels(width: float) -> int:
    """Pixels on a screen of a column whose width is in characters."""
    return int(width * 7 + 5)


def points(widths: Sequence[float]) -> float:
    """Points on paper of columns whose widths are in characters, in the spreadsheet that makes them widest."""
    excel = sum((width * 7 + 5) * PIXEL for width in widths)
    return max(excel, sum(width + MARGIN for width in widths) * _LIBREOFFICE)


def scale(widths: Sequence[float], height: float = 0) -> int:
    """Percentage at which columns, and rows of that many points, fit a printed page; at most 100."""
    fits = [PAGE_WIDTH / points(widths), *([PAGE_HEIGHT / height] if height else [])]
    return int(min(1.0, *fits) * 100)


def room(percent: int) -> float:
    """Points that a printed page leaves to rows at a scale."""
    return PAGE_HEIGHT / percent * 100


def set_up(sheet: "Worksheet", footer: str, color: str) -> None:
    """An XlsxWriter sheet without gridlines, to print on A4 landscape, its pages numbered."""
    sheet.hide_gridlines(2)
    sheet.set_tab_color(color)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    said = footer[:_FOOTER].replace("&", "&&")  # an ampersand starts a code; a size is followed by a space
    sheet.set_footer(f"&L&8 {said}&C&8 &A&R&8 Page &P / &N")
