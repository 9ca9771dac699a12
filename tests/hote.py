"""A host over a closed workbook: it tells what it holds as JSON and replays gestures, as a component does.

It computes nothing. A sheet that is protected refuses whatever changes it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from copy import copy
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from aap_xl.cells import a1, column_letter, zone_a1
from aap_xl.hosts import gestures as g
from aap_xl.hosts.rectangles import rectangles
from aap_xl.workbook.paper.measure import LINE, PADDING

_SIGNATURE = "aap_xl:"
_SERIAL: Any = to_excel
_FONT = {"font": "name", "size": "size", "bold": "bold", "italic": "italic"}
_ALIGNMENT = {"horizontal": "horizontal", "vertical": "vertical", "wrap": "wrap_text", "indent": "indent"}


class Protegee(Exception):
    """What a spreadsheet does with a locked sheet."""


class Hote:
    """One open workbook. ``dits``: messages shown; ``actif``: the sheet in front; ``calculs``: how often computed."""

    def __init__(self, octets: bytes, chemin: str = "") -> None:
        self.livre: Any = openpyxl.load_workbook(BytesIO(octets))
        self._vus = openpyxl.load_workbook(BytesIO(octets), data_only=True)
        self.chemin = chemin
        self.dits: list[g.Say] = []
        self.actif = ""
        self.calculs = 0
        self.protections: list[tuple[str, bool]] = []

    def classeur(self) -> dict[str, Any]:
        """What is read of it."""
        properties = {item.name: str(item.value) for item in self.livre.custom_doc_props}
        names = {nom: item.attr_text or "" for nom, item in self.livre.defined_names.items()}
        return {
            "name": re.split(r"[/\\]", self.chemin)[-1] or "Sans nom 1",
            "path": self.chemin,
            "since1904": self.livre.epoch.year == 1904,
            "names": names,
            "properties": properties,
            "sheets": [self._sheet(sheet, self._vus[sheet.title]) for sheet in self.livre.worksheets],
        }

    def _sheet(self, sheet: Any, seen: Any) -> dict[str, Any]:
        dates: dict[str, set[tuple[int, int]]] = {"date": set(), "duration": set(), "boolean": set()}
        values, formulas, errors = [], [], []
        for row in sheet.iter_rows():
            shown = [seen.cell(cell.row, cell.column) if cell.data_type == "f" else cell for cell in row]
            values.append([_value(cell, dates) for cell in shown])
            formulas.append([_formula(cell) for cell in row])
            errors += [[cell.row, cell.column, cell.value] for cell in shown if cell.data_type == "e"]
        return {
            "name": sheet.title,
            "row": sheet.min_row,
            "column": sheet.min_column,
            "values": values,
            "formulas": formulas,
            "shown": [[kind, [list(zone) for zone in rectangles(places)]] for kind, places in dates.items() if places],
            "errors": errors,
            "merges": [[z.min_row, z.min_col, z.max_row, z.max_col] for z in sheet.merged_cells.ranges],
            "hidden": [[row, row] for row, look in sheet.row_dimensions.items() if look.hidden],
            "tables": [[_bounds(table.ref), bool(table.totalsRowCount)] for table in sheet.tables.values()],
            "notes": [[c.row, c.column, c.comment.text] for row in sheet.iter_rows() for c in row if c.comment],
            "locked": bool(sheet.protection.sheet),
        }

    def rejouer(self, gestes: Iterable[g.Gesture]) -> None:
        """Do what gestures say; every kind is known."""
        for geste in gestes:
            sheet = geste.sheet if isinstance(geste, g.OnSheet) else ""
            if sheet and not isinstance(geste, (g.Add, g.Show, g.Protect)) and self.livre[sheet].protection.sheet:
                raise Protegee(sheet)
            getattr(self, f"_{type(geste).__name__.lower()}")(geste)

    def octets(self) -> bytes:
        """The workbook, saved."""
        stream = BytesIO()
        self.livre.save(stream)
        return stream.getvalue()

    def _say(self, geste: g.Say) -> None:
        self.dits.append(geste)

    def _show(self, geste: g.Show) -> None:
        self.actif = geste.sheet

    def _calculate(self, _: g.Calculate) -> None:
        self.calculs += 1

    def _add(self, geste: g.Add) -> None:
        self.livre.create_sheet(geste.sheet)

    def _protect(self, geste: g.Protect) -> None:
        self.protections.append((geste.sheet, geste.on))
        self.livre[geste.sheet].protection.sheet = geste.on

    def _clear(self, geste: g.Clear) -> None:
        sheet = self.livre[geste.sheet]
        for zone in [zone for zone in sheet.merged_cells.ranges if zone.min_col <= geste.last]:
            sheet.unmerge_cells(str(zone))
        for row, column in [place for place in sheet._cells if place[1] <= geste.last]:
            del sheet._cells[row, column]
        for block in [*sheet.conditional_formatting]:
            if any(zone.min_col <= geste.last for zone in block.sqref.ranges):
                del sheet.conditional_formatting[block.sqref.ranges and str(block.sqref)]

    def _values(self, geste: g.Values) -> None:
        sheet = self.livre[geste.sheet]
        for line, row in enumerate(geste.values, geste.row):
            for column, value in enumerate(row, geste.column):
                cell = sheet.cell(line, column)
                cell.value = value.text if isinstance(value, g.Link) else value
                if isinstance(cell.value, str):
                    cell.data_type = "s"
                if isinstance(value, g.Link):
                    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=value.target)

    def _formula(self, geste: g.Formula) -> None:
        for line in range(geste.row, geste.row + geste.count):
            self.livre[geste.sheet].cell(line, geste.column).value = geste.formula

    def _cells(self, geste: Any) -> list[Any]:
        sheet = self.livre[geste.sheet]
        return [
            sheet.cell(row, column)
            for top, left, bottom, right in geste.zones
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def _look(self, geste: g.Look) -> None:
        for cell in self._cells(geste):
            if geste.name == "fill":
                cell.fill = PatternFill("solid", fgColor=f"FF{geste.value}")
            elif geste.name == "number_format":
                cell.number_format = str(geste.value) or "General"
            elif geste.name in _ALIGNMENT:
                left = {"horizontal": "left"} if geste.name == "indent" and not cell.alignment.horizontal else {}
                cell.alignment = _changed(cell.alignment, Alignment, **left, **{_ALIGNMENT[geste.name]: geste.value})
            else:
                value = {"color": f"FF{geste.value}", "underline": "single"}.get(geste.name, geste.value)
                cell.font = _changed(cell.font, Font, **{_FONT.get(geste.name, geste.name): value})

    def _border(self, geste: g.Border) -> None:
        side = Side(style="thin", color=geste.color)
        for cell in self._cells(geste):
            cell.border = _changed(cell.border, Border, **dict.fromkeys(geste.sides, side))

    def _merge(self, geste: g.Merge) -> None:
        for top, left, bottom, right in geste.zones:
            for row in range(top, bottom + 1):
                self.livre[geste.sheet].merge_cells(zone_a1((row, left, row, right)))

    def _width(self, geste: g.Width) -> None:
        for first, last in geste.columns:
            for column in range(first, last + 1):
                self.livre[geste.sheet].column_dimensions[column_letter(column)].width = geste.width

    def _height(self, geste: g.Height) -> None:
        for first, last in geste.rows:
            self._tall(geste.sheet, first, [geste.height] * (last - first + 1))

    def _fit(self, geste: g.Fit) -> None:
        self._tall(geste.sheet, geste.row, geste.heights)

    def _tall(self, nom: str, first: int, heights: Sequence[float]) -> None:
        for row, height in enumerate(heights, first):
            self.livre[nom].row_dimensions[row].height = height

    def _conditionalformat(self, geste: g.ConditionalFormat) -> None:
        look = {"fill": PatternFill("solid", bgColor=geste.fill), "font": Font(color=geste.color)}
        make: Any = CellIsRule
        rule = make("equal", [f'"{geste.text}"'], **look)
        self.livre[geste.sheet].conditional_formatting.add(zone_a1(geste.zone), rule)

    def _unmark(self, geste: g.Unmark) -> None:
        formats = self.livre[geste.sheet].conditional_formatting
        for block in [*formats]:
            block.cfRule[:] = [rule for rule in block.rules if _SIGNATURE not in "".join(rule.formula)]
            if not block.rules:
                del formats[str(block.sqref)]

    def _mark(self, geste: g.Mark) -> None:
        make: Any = FormulaRule
        rule = make([geste.formula], fill=PatternFill("solid", bgColor=geste.fill), font=Font(color=geste.color))
        where = " ".join(zone_a1(zone) for zone in geste.zones)
        self.livre[geste.sheet].conditional_formatting.add(where, rule)

    def _print(self, geste: g.Print) -> None:
        sheet = self.livre[geste.sheet]
        sheet.row_breaks.brk = [Break(id=row) for row in geste.breaks]
        sheet.page_setup.scale = geste.scale

    def marques(self) -> dict[str, set[str]]:
        """Every marked cell, by sheet and severity as the formula says it."""
        found: dict[str, set[str]] = {}
        for sheet in self.livre.worksheets:
            for block in sheet.conditional_formatting:
                for rule in block.rules:
                    if _SIGNATURE in "".join(rule.formula):
                        places = {a1(r, c) for zone in block.sqref.ranges for r, c in zone.cells}
                        found.setdefault(f"{sheet.title} {rule.formula[0]}", set()).update(places)
        return found


def _changed(item: Any, kind: Any, **values: Any) -> Any:
    fresh = copy(item)
    given = {name: getattr(fresh, name) for name in fresh.__elements__ + fresh.__attrs__}
    return kind(**{name: value for name, value in given.items() if value is not None} | values)


def _value(cell: Any, dates: dict[str, set[tuple[int, int]]]) -> Any:
    """A cell's value as the cell keeps it; what its format makes of it is noted apart."""
    value, place = cell.value, (cell.row, cell.column)
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        dates["boolean"].add(place)
        return float(value)
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        dates["duration" if isinstance(value, dt.timedelta) else "date"].add(place)
        return float(_SERIAL(value))
    return value if isinstance(value, str) else float(value)


def _formula(cell: Any) -> str:
    return str(getattr(cell.value, "text", cell.value)) if cell.data_type == "f" else ""


def _bounds(ref: str) -> list[int]:
    left, top, right, bottom = range_boundaries(ref)
    return [int(item or 0) for item in (top, left, bottom, right)]


def cellules(octets: bytes, nom: str) -> dict[str, Any]:
    """What one sheet of a saved workbook shows: values, links, looks, merges, widths, heights, pages."""
    sheet = openpyxl.load_workbook(BytesIO(octets))[nom]
    found: dict[str, Any] = {}
    for row in sheet.iter_rows():
        for cell in row:
            look = (
                (
                    cell.font.name,
                    cell.font.sz,
                    cell.font.b,
                    cell.font.i,
                    cell.font.u,
                    getattr(cell.font.color, "rgb", ""),
                ),
                (cell.fill.fill_type, cell.fill.fgColor.rgb if cell.fill.fill_type else ""),
                (cell.number_format, cell.alignment.horizontal, cell.alignment.vertical, cell.alignment.wrap_text),
                cell.alignment.indent,
                [getattr(cell.border, side).style for side in ("left", "right", "top", "bottom")],
            )
            link = cell.hyperlink.location if cell.hyperlink else None
            if cell.value is not None or look[1][0]:
                value = float(f"{cell.value:.14g}") if isinstance(cell.value, float) else cell.value
                found[cell.coordinate] = (value, link, look)
    found["merges"] = sorted(str(zone) for zone in sheet.merged_cells.ranges)
    found["breaks"] = sorted(item.id for item in sheet.row_breaks.brk)
    found["scale"] = sheet.page_setup.scale
    last = max((row for row, _ in sheet._cells), default=0)
    found["heights"] = {row: sheet.row_dimensions[row].height or LINE + PADDING for row in range(1, last + 1)}
    return found
