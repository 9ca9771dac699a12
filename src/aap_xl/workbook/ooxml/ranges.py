"""Ranges that follow a table when it grows."""

import re
from collections.abc import Iterator

from aap_xl.cells import a1, column_index
from aap_xl.workbook.ooxml.sheet import Sheet

_RANGE = re.compile(r"([A-Z]+[0-9]+):([A-Z]+)([0-9]+)")
_EXTENDED = "{http://schemas.microsoft.com/office/excel/2006/main}sqref"
"""Where the conditional formats and validations that came after the standard stand."""


def extend_ranges(sheet: Sheet, old_last: int, new_last: int) -> None:
    """Stretch validations and conditional formats that stop at a table's last row down to its new last row."""
    validations = sheet.root.findall(f"{sheet.ns}dataValidations/{sheet.ns}dataValidation")
    for item in [*sheet.children("conditionalFormatting"), *validations]:
        before = item.get("sqref", "")
        after = " ".join(_stretched(before.split(), old_last, new_last))
        if after != before:
            item.set("sqref", after)
            sheet.changed = True
    for item in (item for group in sheet.children("extLst") for item in group.iter(_EXTENDED)):
        after = " ".join(_stretched((item.text or "").split(), old_last, new_last))
        if after != item.text:
            item.text = after
            sheet.changed = True


def deepen_dimension(sheet: Sheet, last_row: int, last_column: int) -> None:
    """State a used range that reaches a cell, when rows were added without parsing those there are."""
    dimension = sheet.child("dimension")
    if dimension is not None and (found := _RANGE.fullmatch(dimension.get("ref", ""))):
        row, column = max(int(found[3]), last_row), max(column_index(found[2]), last_column)
        dimension.set("ref", f"{found[1]}:{a1(row, column)}")
        sheet.changed = True


def widen_dimension(sheet: Sheet) -> None:
    """State the used range again after cells were added."""
    dimension = sheet.child("dimension")
    if dimension is None or not sheet.by_row:
        return
    columns = [column_index(letter) for row in sheet.by_row for letter in sheet.cells(row)]
    first, last = min(sheet.by_row), max(sheet.by_row)
    dimension.set("ref", f"{a1(first, min(columns, default=1))}:{a1(last, max(columns, default=1))}")


def _stretched(ranges: list[str], old_last: int, new_last: int) -> Iterator[str]:
    for item in ranges:
        start, _, end = item.partition(":")
        match = re.fullmatch(rf"(\$?[A-Z]+\$?){old_last}", end)
        yield f"{start}:{match[1]}{new_last}" if match else item
