"""A workbook that XlsxWriter makes: plain, printable, and where no text ever becomes a formula."""

import datetime as dt
from collections.abc import Mapping
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from aap_xl.domain.sorties import Taux
from aap_xl.domain.tableau import Formule
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.ooxml.values import Computed, cached
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.grid import Cell, Grid

_CREATED = dt.datetime(2025, 1, 1)  # noqa: DTZ001
"""A fixed stamp: the bytes must not depend on the clock."""
_FONT = {nom: styles.POLICE[nom] for nom in ("font_name", "font_size")}
_PLAIN = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet that prepares each formula once: the same one stands on every row of a table."""

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[tuple[str, bool], str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        key = formula, expand_future_functions
        if key not in self._prepared:
            self._prepared[key] = super()._prepare_formula(formula, expand_future_functions)
        return self._prepared[key]


class Book:
    """One workbook being written; `to_bytes` ends it.

    Attributes: book: the XlsxWriter workbook; fmt: its formats, each made once.
    """

    def __init__(self, title: str, *, company: str = "", day: dt.date = _CREATED) -> None:
        """Args: day: the one it is dated, whatever the clock says."""
        self._stream = BytesIO()
        self.book = Workbook(self._stream, {"in_memory": True, **_PLAIN, "default_format_properties": dict(_FONT)})
        created = dt.datetime.combine(day, dt.time())
        self.book.set_properties({"title": title, "created": created, **({"company": company} if company else {})})
        self.fmt = styles.Formats(self.book)

    def sheet(self, name: str, footer: str, color: str = styles.ACCENT_MOYEN) -> Worksheet:
        """A new sheet, without gridlines, ready for A4 landscape, its pages numbered."""
        sheet = self.book.add_worksheet(name, _Sheet)
        page.set_up(sheet, footer, color)
        return sheet

    def heading(self, sheet: Worksheet, title: str, words: str, column: int = 1) -> None:
        """The title and what to know or do, on the first two rows."""
        for row, height in page.TITLES.items():
            sheet.set_row(row - 1, height)
        for row, text, look in zip(page.TITLES, (title, words), (styles.TITRE, styles.AIDE), strict=True):
            sheet.write_string(row - 1, column - 1, text, self.fmt(look))

    def write(
        self, sheet: Worksheet, place: tuple[int, int], value: Cell | Taux, look: styles.Format, **more: object
    ) -> None:
        """One cell, row and column from 1; a text stays a text, whatever it begins with, even once edited again."""
        if isinstance(value, Formule):
            self.formule(sheet, place, value.en(place[0]), self.fmt(look, **more), value.valeur)
            return
        row, column = place[0] - 1, place[1] - 1
        if isinstance(value, Taux):
            value = str(value)
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.fmt(look, **more))
        elif isinstance(value, str):
            quoted = {"quote_prefix": True} if value.startswith(_TRIGGERS) else {}
            text = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
            sheet.write_string(row, column, text, self.fmt(look, **more, **quoted))
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), self.fmt(look, **more))
        else:
            sheet.write_number(row, column, float(value), self.fmt(look, **more))

    def formule(self, sheet: Worksheet, place: tuple[int, int], formule: str, fmt: Format, valeur: Computed) -> None:
        """A formula and the value it shows, so that viewers that do not compute show the truth too."""
        sheet.write_formula(place[0] - 1, place[1] - 1, formule, fmt, cached(valeur))

    def highlight(self, sheet: Worksheet, zone: tuple[int, int, int, int], words: Mapping[str, styles.Format]) -> None:
        """Colour the cells of a rectangle (rows and columns from 1) that say one of some words."""
        for word, look in words.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": self.book.add_format(look)}
            sheet.conditional_format(*(bound - 1 for bound in zone), rule)

    def draw(self, sheet: Worksheet, grid: Grid) -> None:
        """Everything a grid holds, on a sheet of its own."""
        for rank, width in enumerate(grid.widths):
            sheet.set_column(rank, rank, width)
        for row, height in grid.heights.items():
            sheet.set_row(row - 1, height)
        for ref in grid.merges:
            sheet.merge_range(ref, "")
        for row, column, value, look in grid.cells():
            self.write(sheet, (row, column), value, as_format(look))
        if grid.paged:
            sheet.set_print_scale(grid.scale)
            sheet.set_h_pagebreaks(grid.breaks)

    def to_bytes(self) -> bytes:
        """The file's bytes; nothing can be written after."""
        self.book.close()
        return self._stream.getvalue()


def as_format(look: Style) -> styles.Format:
    """A style as XlsxWriter names its properties."""
    found: styles.Format = {
        "font_name": look.font or styles.POLICE["font_name"],
        "font_size": look.size or styles.POLICE["font_size"],
        "bold": look.bold,
        "italic": look.italic,
        "valign": {"center": "vcenter"}.get(look.vertical, look.vertical),
        "text_wrap": look.wrap,
    }
    found |= {"font_color": f"#{look.color}"} if look.color else {}
    found |= {"bg_color": f"#{look.fill}"} if look.fill else {}
    found |= {"num_format": look.number_format} if look.number_format else {}
    found |= {"align": look.horizontal} if look.horizontal else {}
    found |= {"indent": look.indent} if look.indent else {}
    if look.border:
        for side in look.sides:
            found |= {side: 1, f"{side}_color": f"#{look.border}"}
    return found
