"""A test engine for xlwings: scripts written for `xw.Book` run over a closed file, and every call is counted.

It behaves as Excel does through COM where that matters to us: dates and durations are datetimes, an amount in euros is
a Decimal of four decimals, a cell in error is an integer, a formula of a table reads « [@Column] », a text that looks
like a number, a date or a formula becomes one, a locked cell of a protected sheet refuses. It computes nothing: a
formula keeps the value that the file had.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.utils import range_boundaries
from xlwings import base_classes

from aap_xl.cells import a1

Place = tuple[int, int]
Zone = tuple[int, int, int, int]
_base: Any = base_classes
_ERREURS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
_CODES = {text: code + 2000 - 2**31 + 0xA0000 for text, code in _ERREURS.items()}
_TEXTES = {code: text for text, code in _CODES.items()}
_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_CETTE_LIGNE = re.compile(r"t_\w+\[\[#This Row\],\[((?:'.|[^\]'])+)\]\]")
_LIEN = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')
_NOMBRE = re.compile(r"\s*[-+]?\d+([.,]\d+)?\s*%?")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")


class com_error(Exception):  # noqa: N801 - pywin32's own name
    """What pywin32 raises when Excel refuses."""


class Journal(Counter[str]):
    """How many times each call was made, as ``lire value`` or ``écrire row_height``."""

    def genre(self, debut: str) -> dict[str, int]:
        """The calls whose name begins so."""
        return {nom: count for nom, count in self.items() if nom.startswith(debut)}


class Moteur(_base.App):  # type: ignore[misc]
    """The engine, its only application, and its collections of applications and books."""

    name, type, version, hwnd, pid = "fichier", "desktop", "16.0", 0, 1

    def __init__(self) -> None:
        self.journal = Journal()
        self.classeurs: list[Classeur] = []
        self.alertes: list[str] = []
        self.etats: list[tuple[str, Any]] = []
        self.etat = {"screen_updating": True, "enable_events": True, "display_alerts": True, "status_bar": False}
        self.mac = False

    engine = apps = books = api = property(lambda self: self)
    active = property(lambda self: self.classeurs[-1])

    def keys(self) -> list[int]:
        return [1]

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[Any]:
        return iter([self])

    def prepare_xl_data_element(self, x: Any, _: Any) -> Any:
        if isinstance(x, Decimal):
            return x.quantize(Decimal("0.0001"))
        return "" if x is None else x

    def clean_value_data(self, data: Any, dates: Any, empty: Any, numbers: Any, err_to_str: bool) -> Any:
        def clean(x: Any) -> Any:
            if x in ("", None):
                return empty
            if isinstance(x, int) and x in _TEXTES:
                return _TEXTES[x] if err_to_str else None
            return x

        return [[clean(x) for x in row] for row in data]

    def activate(self, steal_focus: bool) -> None:
        self.journal["activer"] += 1

    def calculate(self) -> None:
        self.journal["calculer"] += 1

    def alert(self, prompt: str, title: str, *_: Any) -> str:
        self.alertes.append(prompt)
        return "ok"


def _etat(nom: str) -> property:
    def set_(app: Moteur, value: Any) -> None:
        app.etats.append((nom, value))
        app.etat[nom] = value

    return property(lambda app: app.etat[nom], set_)


for _nom in ("screen_updating", "enable_events", "display_alerts", "status_bar"):
    setattr(Moteur, _nom, _etat(_nom))


class Feuille(_base.Sheet):  # type: ignore[misc]
    """One worksheet: values and formulas by place."""

    book: Any = None
    api: Any = True

    def __init__(self, book: "Classeur", formules: Any, valeurs: Any) -> None:
        self.book, self._name = book, formules.title
        self.protegee = formules.protection.sheet
        self.valeurs: dict[Place, Any] = {}
        self.formules: dict[Place, str] = {}
        self.etendue: Zone = (formules.min_row, formules.min_column, formules.max_row, formules.max_column)
        self.fusions = [(z.min_row, z.min_col, z.max_row, z.max_col) for z in formules.merged_cells.ranges]
        self.masquees = {row for row, look in formules.row_dimensions.items() if look.hidden}
        self.verrous: set[Place] = set()
        self._tables = [Tableau(self, table) for table in formules.tables.values()]
        self._notes: list[Note] = []
        self.formats: dict[tuple[str, str], Any] = {}
        seen = {(c.row, c.column): c for row in valeurs.iter_rows() for c in row}
        for row in formules.iter_rows():
            for cell in row:
                self._charger(cell, seen[cell.row, cell.column])

    def _charger(self, cell: Any, seen: Any) -> None:
        place = cell.row, cell.column
        if self.protegee and not cell.protection.locked:
            self.verrous.add(place)
        if cell.comment:
            self._notes.append(Note(self, cell))
        if cell.data_type == "f":
            self.formules[place] = str(getattr(cell.value, "text", cell.value))
        value = seen.value
        if seen.data_type == "e":
            value = _CODES.get(value, -2146826243)
        elif isinstance(value, dt.time):
            value = dt.datetime.combine(_ZERO, value)
        elif isinstance(value, dt.timedelta):
            value = _ZERO + value
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            value = Decimal(f"{value:.4f}") if "€" in seen.number_format else float(value)
        if value is not None:
            self.valeurs[place] = value

    @property
    def name(self) -> str:
        return str(self._name)

    @property
    def used_range(self) -> "Plage":
        self.book.journal["lire used_range"] += 1
        top, left, bottom, right = self.etendue
        return Plage(self, [(top, left, bottom, right)])

    @property
    def tables(self) -> list[Any]:
        self.book.journal["lire tables"] += 1
        return self._tables

    @property
    def notes(self) -> list[Any]:
        self.book.journal["lire notes"] += 1
        return self._notes

    def range(self, arg1: Any, arg2: Any = None) -> "Plage":
        if isinstance(arg1, str):
            zones = [_bornes(part) for part in arg1.split(",")]
            if len(arg1) > 255:
                raise com_error("Exception occurred.")
            return Plage(self, zones)
        if isinstance(arg1, Plage) and isinstance(arg2, Plage):
            arg1, arg2 = arg1.zones[0][:2], arg2.zones[0][2:]
        if len(arg1) == 4:
            top, left, rows, columns = arg1
            return Plage(self, [(top, left, top + rows - 1, left + columns - 1)])
        return Plage(self, [(*arg1, *(arg2 or arg1))])

    def activate(self) -> None:
        self.book.actif = self.name

    def refuser(self, place: Place | None = None) -> None:
        """What a protected sheet does with a locked cell."""
        if self.protegee and place not in self.verrous:
            raise com_error("The cell is protected.")

    def entrer(self, place: Place, value: Any) -> None:
        """Type something in a cell, as Excel understands it."""
        self.refuser(place)
        self.formules.pop(place, None)
        self.valeurs.pop(place, None)
        if isinstance(value, str) and value.startswith("="):
            self.formules[place] = value
            link = _LIEN.fullmatch(value)
            self.valeurs[place] = link[1] if link else "(calculé)"
        elif value not in (None, ""):
            self.valeurs[place] = compris(value)
        top, left, bottom, right = self.etendue
        if place in self.valeurs:
            self.etendue = (min(top, place[0]), min(left, place[1]), max(bottom, place[0]), max(right, place[1]))


def _bornes(ref: str) -> Zone:
    left, top, right, bottom = range_boundaries(ref)
    return top or 0, left or 0, bottom or 0, right or 0


def compris(value: Any) -> Any:
    """What Excel keeps of what is typed."""
    if isinstance(value, str):
        found = _DATE.fullmatch(value)
        if value.startswith("'"):
            return value[1:]
        if found:
            return dt.datetime(int(found[3] or 2025), min(int(found[1]), 12), 1)  # noqa: DTZ001
        return float(re.sub(r"[^\d.+-]", "", value.replace(",", "."))) if _NOMBRE.fullmatch(value) else value
    if type(value) is dt.date:
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value if isinstance(value, (bool, dt.datetime)) else float(value)


class Plage(_base.Range):  # type: ignore[misc]
    """One or several rectangles of a sheet."""

    sheet: Any = None
    row = column = 0
    shape = 0, 0
    api: Any = property(lambda self: self)

    def __init__(self, sheet: Feuille, zones: list[Zone]) -> None:
        self.sheet, self.zones = sheet, zones
        self.options: dict[str, Any] = {}
        self.row, self.column, bottom, right = zones[0]
        self.shape = bottom - self.row + 1, right - self.column + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> "Plage":
        place = self.row + row - 1, self.column + column - 1
        return Plage(self.sheet, [(*place, *place)])

    def clear(self) -> None:
        """Whole columns only, as ``A:N``."""
        sheet, (_, left, _, right) = self.sheet, self.zones[0]
        sheet.refuser()
        self._compter("écrire clear")
        for cells in (sheet.valeurs, sheet.formules):
            for place in [place for place in cells if left <= place[1] <= right]:
                del cells[place]
        sheet.fusions = [zone for zone in sheet.fusions if zone[1] > right]
        rows, columns = ({place[rank] for place in sheet.valeurs} or {1} for rank in (0, 1))
        sheet.etendue = (min(rows), min(columns), max(rows), max(columns))

    @property
    def address(self) -> str:
        return ",".join(f"{a1(z[0], z[1])}:{a1(z[2], z[3])}" for z in self.zones)

    def _compter(self, quoi: str) -> None:
        self.sheet.book.journal[quoi] += 1

    def _matrice(self, of: Any) -> Any:
        rows = range(self.row, self.row + self.shape[0])
        columns = range(self.column, self.column + self.shape[1])
        found = tuple(tuple(of((row, column)) for column in columns) for row in rows)
        return found[0][0] if self.shape == (1, 1) else found

    @property
    def raw_value(self) -> Any:
        self._compter("lire value")
        app = self.sheet.book.app
        if app.mac and self.options.get("err_to_str") and self.shape[0] > 1:
            raise TypeError("'NoneType' object is not iterable")  # xlwings 0.37.8, _xlmac.py, ensure_2d
        value = self._matrice(self.sheet.valeurs.get)
        if not app.mac:
            return value
        rows = [[value]] if self.shape == (1, 1) else value
        return [[None if type(x) is int else x for x in row] for row in rows]

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self._compter("écrire value")
        self._entrer(value)

    def _entrer(self, value: Any) -> None:
        rows = value if isinstance(value, (list, tuple)) else [[value]]
        for row, cells in enumerate(rows, self.row):
            for column, cell in enumerate(cells, self.column):
                self.sheet.entrer((row, column), cell)

    @property
    def string_value(self) -> Any:
        """Of the Mac's own interface: what each cell shows."""
        shown = self._matrice(lambda place: _TEXTES.get(self.sheet.valeurs.get(place), ""))
        return type("Reference", (), {"get": lambda _: [list(row) for row in shown]})()

    @property
    def formula(self) -> Any:
        self._compter("lire formula")

        def of(place: Place) -> str:
            formula = self.sheet.formules.get(place)
            if formula is None:
                return str(self.sheet.valeurs.get(place, ""))
            return _CETTE_LIGNE.sub(lambda m: f"[@[{m[1]}]]" if " " in m[1] else f"[@{m[1]}]", formula)

        return self._matrice(of)

    @formula.setter
    def formula(self, value: Any) -> None:
        self._compter("écrire formula")
        self._entrer(value)

    @property
    def merge_cells(self) -> Any:
        self._compter("lire merge_cells")
        top, left, bottom, right = self.zones[0]
        inside = [z for z in self.sheet.fusions if z[0] <= bottom and z[2] >= top and z[1] <= right and z[3] >= left]
        if not inside:
            return False
        z = inside[0]
        return True if z[0] <= top and z[1] <= left and z[2] >= bottom and z[3] >= right else None

    @property
    def merge_area(self) -> "Plage":
        top, left = self.zones[0][:2]
        found = [z for z in self.sheet.fusions if z[0] <= top <= z[2] and z[1] <= left <= z[3]]
        return Plage(self.sheet, found or self.zones)

    def merge(self, across: bool) -> None:
        self._mettre("merge", across)
        for top, left, bottom, right in self.zones:
            self.sheet.fusions += [(row, left, row, right) for row in range(top, bottom + 1)]

    def get_special_cells(self, cell_type: str, _: Any) -> list[Any]:
        self._compter("lire special_cells")
        if self.sheet.protegee:
            raise com_error("protected")
        assert cell_type == "visible"
        top, left, bottom, right = self.zones[0]
        rows = [row for row in range(top, bottom + 1) if row not in self.sheet.masquees]
        runs: list[list[int]] = []
        for row in rows:
            if runs and runs[-1][-1] == row - 1:
                runs[-1].append(row)
            else:
                runs.append([row])
        return [Plage(self.sheet, [(run[0], left, run[-1], right)]) for run in runs]

    def find(self, text: str, whole: bool, direction: str, order: str, match_case: bool) -> "Plage | None":
        self._compter("lire find")
        assert (text, direction) == ("*", "backward")
        filled = list(self.sheet.valeurs)
        place = max(filled, key=lambda p: p if order == "rows" else p[::-1], default=None)
        return Plage(self.sheet, [(*place, *place)]) if place else None

    def _mettre(self, quoi: str, value: Any) -> None:
        self.sheet.refuser()
        self._compter(f"former {quoi}")
        self.sheet.formats[self.address, quoi] = value

    def adjust_indent(self, amount: int) -> None:
        self._mettre("indent", amount)

    def autofit(self, axis: str) -> None:
        self._mettre("autofit", axis)

    @property
    def font(self) -> Any:
        return Police(self)

    @property
    def borders(self) -> Any:
        return Bordures(self)

    @property
    def conditional_formats(self) -> Any:
        return self

    def add_cell_value(self, spec: Any) -> None:
        self._mettre(f"condition {spec['formula1']}", spec)


def _format(quoi: str, cible: type, prefixe: str = "") -> None:
    def set_(item: Any, value: Any) -> None:
        getattr(item, "plage", item)._mettre(prefixe + quoi, value)

    setattr(cible, quoi, property(lambda _: None, set_))


class Police(_base.Font):  # type: ignore[misc]
    """The font of a range."""

    api: Any = True

    def __init__(self, plage: Plage) -> None:
        self.plage = plage


class Bordures(_base.Borders):  # type: ignore[misc]
    """The borders of a range."""

    api: Any = True

    def __init__(self, plage: Plage) -> None:
        self.plage = plage

    def set(self, which: Any, **look: Any) -> None:
        if self.plage.shape[0] == 1 and "inside_horizontal" in which:
            raise com_error("Unable to set the LineStyle property of the Border class")
        self.plage._mettre(f"border {which}", look)


for _nom in ("color", "number_format", "column_width", "row_height", "wrap_text"):
    _format(_nom, Plage)
for _nom in ("horizontal_alignment", "vertical_alignment"):
    _format(_nom, Plage)
for _nom in ("name", "size", "bold", "italic", "color"):
    _format(_nom, Police, "font ")


class Tableau(_base.Table):  # type: ignore[misc]
    """One Excel table."""

    parent: Any = None
    name = ""
    api: Any = None
    show_totals = False

    def __init__(self, sheet: Feuille, table: Any) -> None:
        self.parent, self.name, self.api = sheet, table.displayName, table
        self.show_totals = bool(table.totalsRowCount)

    @property
    def range(self) -> Plage:
        self.parent.book.journal["lire table"] += 1
        return Plage(self.parent, [_bornes(self.api.ref)])


class Note(_base.Note):  # type: ignore[misc]
    """One note."""

    text = ""
    location: Any = None

    def __init__(self, sheet: Feuille, cell: Any) -> None:
        self.text = cell.comment.text
        self.location = Plage(sheet, [(cell.row, cell.column, cell.row, cell.column)])


class Nom(_base.Name):  # type: ignore[misc]
    """One defined name."""

    name = ""

    def __init__(self, name: str, refers_to: str, journal: Journal) -> None:
        self.name, self._refers_to, self._journal = name, f"={refers_to}", journal

    @property
    def refers_to(self) -> str:
        self._journal["lire refers_to"] += 1
        return self._refers_to


class Noms(_base.Names, list[Nom]):  # type: ignore[misc]
    """The defined names."""

    __len__ = list.__len__

    def snapshot(self) -> list[tuple[str, Nom]]:
        return [(nom.name, nom) for nom in self]


class Feuilles(_base.Sheets):  # type: ignore[misc]
    """The worksheets: chart sheets are not among them, as in xlwings."""

    def __init__(self, book: "Classeur") -> None:
        self.book = book

    def __iter__(self) -> Iterator[Feuille]:
        return iter(self.book.feuilles)

    def __len__(self) -> int:
        return len(self.book.feuilles)

    def __call__(self, key: Any) -> Feuille:
        if isinstance(key, int):
            return self.book.feuilles[key - 1]
        found = next((f for f in self.book.feuilles if f.name == key), None)
        if found is None:
            raise com_error(key)
        return found

    def add(self, before: Any = None, after: Any = None, name: str = "") -> Feuille:
        vide = openpyxl.Workbook().active
        assert vide is not None
        vide.title = name
        self.book.feuilles.append(Feuille(self.book, vide, vide))
        self.book.journal["ajouter feuille"] += 1
        return self.book.feuilles[-1]


@cache
def _charges(octets: bytes) -> tuple[openpyxl.Workbook, openpyxl.Workbook]:
    """The same file twice: its formulas, and the values that they had."""
    return openpyxl.load_workbook(BytesIO(octets)), openpyxl.load_workbook(BytesIO(octets), data_only=True)


class Classeur(_base.Book):  # type: ignore[misc]
    """One open workbook. ``fullname``: what Excel says of where it is."""

    app: Any = None
    api: Any = None
    names: Any = None
    sheets: Any = None
    fullname = ""

    def __init__(self, app: Moteur, octets: bytes, fullname: str) -> None:
        formules, valeurs = _charges(octets)
        self.app, self.fullname, self.journal, self.actif = app, fullname, app.journal, ""
        self.api = type("Workbook", (), {"Date1904": formules.epoch.year == 1904})()
        self.feuilles = [Feuille(self, sheet, valeurs[sheet.title]) for sheet in formules.worksheets]
        names = formules.defined_names.items()
        self.names = Noms([Nom(nom, item.attr_text or "", app.journal) for nom, item in names])
        self.sheets = Feuilles(self)

    def activate(self) -> None:
        self.journal["activer"] += 1

    @property
    def name(self) -> str:
        return re.split(r"[/\\]", self.fullname)[-1]

    def entrees(self, *sauf: str) -> dict[str, tuple[dict[Place, Any], dict[Place, str]]]:
        """Every sheet's content but some, for a comparison."""
        return {f.name: (dict(f.valeurs), dict(f.formules)) for f in self.feuilles if f.name not in sauf}

    def deproteger(self, *noms: str) -> None:
        """What the macro of the add-in does before the call."""
        for feuille in self.feuilles:
            feuille.protegee = feuille.protegee and feuille.name not in noms


def ouvrir(source: Path | bytes, fullname: str | None = None) -> Any:
    """A workbook opened in the test engine, as an `xw.Book`; its engine's own objects are under ``impl``."""
    octets = source if isinstance(source, bytes) else source.read_bytes()
    app = Moteur()
    if app.name not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=app))
        xw.engines[app.name].activate()
    app.classeurs.append(Classeur(app, octets, fullname or (str(source) if isinstance(source, Path) else "Classeur1")))
    return xw.Book(impl=app.classeurs[-1])
