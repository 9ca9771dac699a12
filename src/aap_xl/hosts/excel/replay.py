"""Gestures replayed in Excel, in as few calls as xlwings allows, whatever the number of rows.

What it can't do on both systems, a macro of the add-in does around a click: lift the protection of « Contrôle » and
« Bilan » and put it back, mark the cells that « Contrôle » names. xlwings has neither page breaks nor underlining.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from aap_xl.cells import Zone, column_letter, zone_a1
from aap_xl.hosts.excel.session import Progress
from aap_xl.hosts.gestures import (
    Add,
    Border,
    Calculate,
    Clear,
    ConditionalFormat,
    Fit,
    Formula,
    Gesture,
    Height,
    Link,
    Look,
    Merge,
    OnSheet,
    Property,
    Show,
    Value,
    Values,
    Width,
)
from aap_xl.workbook.ooxml.atomic import EcritureImpossible

if TYPE_CHECKING:
    from xlwings import Book, Range, Sheet

_REFUSALS = frozenset({"com_error", "CommandError", "ExcelBusyError"})
"""Excel's own refusals, whose classes can be imported on their system only."""
_PER_CALL = 12
"""Rectangles named in one call: Excel takes 255 characters, a rectangle of ours at most 20."""
_ALL_SIDES = 4


def replay(book: "Book", gestures: Iterable[Gesture], progress: Progress) -> None:
    """Do to a workbook what gestures say; what they tell the user is left to the caller.

    Raises: EcritureImpossible if Excel refuses.
    """
    named = ""
    for gesture in gestures:
        if isinstance(gesture, OnSheet):
            if gesture.sheet != named:
                named = gesture.sheet
                progress(f"écriture de la feuille {named}")
            with writing(named):
                _on_sheet(book, gesture)
        elif isinstance(gesture, Calculate):
            book.app.calculate()


@contextmanager
def writing(name: str) -> Iterator[None]:
    """While a sheet is written.

    Raises: EcritureImpossible if Excel refuses; any other error goes through.
    """
    try:
        yield
    except Exception as error:
        if type(error).__name__ not in _REFUSALS:
            raise
        raise EcritureImpossible(
            f"Excel n'a pas laissé écrire dans la feuille « {name} » : si elle est protégée, ôtez la protection "
            "(Révision, Ôter la protection de la feuille) ; si une cellule est en cours de saisie, validez-la ; puis "
            "recommencez."
        ) from error


def _on_sheet(book: "Book", gesture: OnSheet) -> None:
    if isinstance(gesture, Add):
        book.sheets.add(gesture.sheet, after=book.sheets[-1])
    elif isinstance(gesture, Show):
        with suppress(Exception):
            book.sheets[gesture.sheet].activate()
    elif do := _DO.get(type(gesture)):
        do(book.sheets[gesture.sheet], gesture)


def _clear(sheet: "Sheet", gesture: Clear) -> None:
    sheet.range(f"A:{column_letter(gesture.last)}").clear()


def _values(sheet: "Sheet", gesture: Values) -> None:
    """Every text behind an apostrophe, lest Excel read « 7/19 » as a date or an operator's « =… » as a formula."""
    values = [[_entry(value) for value in row] for row in gesture.values]
    sheet.range((gesture.row, gesture.column)).options(chunksize=None).value = values


def _entry(value: Value) -> object:
    """A value as it must be typed for Excel to keep it as it is."""
    if isinstance(value, str):
        return f"'{value}"
    if isinstance(value, Link):
        target, shown = (text.replace('"', '""') for text in (f"#{value.target}", value.text))
        return f'=HYPERLINK("{target}","{shown}")'
    return datetime.combine(value, time()) if isinstance(value, date) else value


def _formula(sheet: "Sheet", gesture: Formula) -> None:
    last = gesture.row + gesture.count - 1
    sheet.range((gesture.row, gesture.column), (last, gesture.column)).formula = [[gesture.formula]] * gesture.count


def _look(sheet: "Sheet", gesture: Look) -> None:
    if setter := _SETTERS.get(gesture.name):
        for part in _ranges(sheet, gesture.zones):
            setter(part, gesture.value)


def _border(sheet: "Sheet", gesture: Border) -> None:
    """Borders on some sides of each cell. Excel refuses inner borders to a rectangle that has none."""
    for tall in (False, True):
        for wide in (False, True):
            chosen = [zone for zone in gesture.zones if (zone[2] > zone[0], zone[3] > zone[1]) == (tall, wide)]
            names = [f"edge_{side}" for side in gesture.sides]
            names += ["inside_horizontal"] * tall + ["inside_vertical"] * (wide and len(gesture.sides) == _ALL_SIDES)
            for part in _ranges(sheet, chosen):
                part.borders.set(names, color=f"#{gesture.color}", weight="thin", line_style="continuous")


def _merge(sheet: "Sheet", gesture: Merge) -> None:
    for zone in gesture.zones:
        sheet.range(zone[:2], zone[2:]).merge(across=True)


def _width(sheet: "Sheet", gesture: Width) -> None:
    for part in _ranges(sheet, [(1, first, 1, last) for first, last in gesture.columns]):
        part.column_width = gesture.width


def _height(sheet: "Sheet", gesture: Height) -> None:
    for part in _ranges(sheet, [(first, 1, last, 1) for first, last in gesture.rows]):
        part.row_height = gesture.height


def _fit(sheet: "Sheet", gesture: Fit) -> None:
    """By Excel's own fonts, in one call."""
    sheet.range((gesture.row, 1), (gesture.row + len(gesture.heights) - 1, gesture.last)).rows.autofit()


def _condition(sheet: "Sheet", gesture: ConditionalFormat) -> None:
    sheet.range(zone_a1(gesture.zone)).conditional_formats.add_cell_value(
        "equal_to", f'="{gesture.text}"', fill_color=f"#{gesture.fill}", font_color=f"#{gesture.color}"
    )


_DO: dict[type[OnSheet], Callable[["Sheet", Any], None]] = {
    Clear: _clear,
    Values: _values,
    Formula: _formula,
    Look: _look,
    Border: _border,
    Merge: _merge,
    Width: _width,
    Height: _height,
    Fit: _fit,
    ConditionalFormat: _condition,
}
"""What each does to its sheet; `Protect`, `Mark`, `Unmark` and `Print` are its macros' or nobody's."""


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


_SETTERS: dict[Property, Callable[["Range", Any], None]] = {
    "fill": _color,
    "color": _ink,
    "font": partial(_font, "name"),
    "bold": partial(_font, "bold"),
    "italic": partial(_font, "italic"),
    "size": partial(_font, "size"),
    "number_format": partial(_own, "number_format"),
    "wrap": partial(_own, "wrap_text"),
    "horizontal": partial(_own, "horizontal_alignment"),
    "vertical": partial(_own, "vertical_alignment"),
    "indent": _indent,
}
"""How each property is set; xlwings can't underline."""


def _ranges(sheet: "Sheet", zones: Sequence[Zone]) -> Iterator["Range"]:
    """Several rectangles at a time as one range."""
    for start in range(0, len(zones), _PER_CALL):
        parts = zones[start : start + _PER_CALL]
        yield sheet.range(",".join(zone_a1(zone) for zone in parts))
