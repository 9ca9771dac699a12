"""A test engine for xlwings: a closed file is read as Excel gives it through COM, and what is written is recorded.

Dates and durations are datetimes, an amount in euros is a Decimal of four decimals, a cell in error is an integer, a
formula of a table reads « [@Column] », a protected sheet refuses. Nothing is computed, nor kept of what is written:
`hote.Hote` is where gestures are replayed.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.utils import range_boundaries

from aap_xl.cells import a1

Place = tuple[int, int]
Zone = tuple[int, int, int, int]
_ERREURS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
_CODES = {text: code + 2000 - 2**31 + 0xA0000 for text, code in _ERREURS.items()}
_TEXTES = {code: text for text, code in _CODES.items()}
_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
_CETTE_LIGNE = re.compile(r"t_\w+\[\[#This Row\],\[((?:'.|[^\]'])+)\]\]")


_ETATS = ("screen_updating", "enable_events", "status_bar")
_A_LIRE = {"sheet", "zones", "options", "row", "column", "shape"}
"""The attributes of a range that no one writes in Excel."""


class com_error(Exception):  # noqa: N801 - pywin32's own name
    """What pywin32 raises when Excel refuses."""


class Journal(Counter[str]):
    """How many times each call was made, as ``lire value`` or ``écrire row_height``."""

    def genre(self, debut: str) -> dict[str, int]:
        """The calls whose name begins so."""
        return {nom: count for nom, count in self.items() if nom.startswith(debut)}


class Moteur:
    """The engine, its only application, and its collections of applications and books."""

    name, type, version, hwnd, pid = "fichier", "desktop", "16.0", 0, 1

    def __init__(self) -> None:
        self.journal = Journal()
        self.classeurs: list[Classeur] = []
        self.alertes: list[str] = []
        self.etats: list[tuple[str, Any]] = []
        self.mac = self.status_bar = False
        self.screen_updating = self.enable_events = True

    engine = apps = books = api = property(lambda self: self)
    active = property(lambda self: self.classeurs[-1])
    etat = property(lambda self: {nom: getattr(self, nom) for nom in _ETATS})

    def __setattr__(self, nom: str, value: Any) -> None:
        if nom in _ETATS:
            self.etats.append((nom, value))
        object.__setattr__(self, nom, value)

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


class Feuille:
    """One worksheet: values and formulas by place."""

    def __init__(self, book: "Classeur", formules: Any, valeurs: Any) -> None:
        self.book, self.name = book, formules.title
        self.protegee = formules.protection.sheet
        self.valeurs: dict[Place, Any] = {}
        self.formules: dict[Place, str] = {}
        self.etendue: Zone = (formules.min_row, formules.min_column, formules.max_row, formules.max_column)
        self.fusions = [(z.min_row, z.min_col, z.max_row, z.max_col) for z in formules.merged_cells.ranges]
        self.masquees = {row for row, look in formules.row_dimensions.items() if look.hidden}
        self._tables = [Tableau(self, table) for table in formules.tables.values()]
        self._notes: list[SimpleNamespace] = []
        seen = {(c.row, c.column): c for row in valeurs.iter_rows() for c in row}
        for row in formules.iter_rows():
            for cell in row:
                self._charger(cell, seen[cell.row, cell.column])

    def _charger(self, cell: Any, seen: Any) -> None:
        place = cell.row, cell.column
        if cell.comment:
            place_ = Plage(self, [(*place, *place)])
            self._notes.append(SimpleNamespace(text=cell.comment.text, location=place_))
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

    def ecrire(self, zones: str, quoi: str, value: Any) -> None:
        """Record a write, unless the sheet is protected."""
        if self.protegee:
            raise com_error("The cell is protected.")
        self.book.journal[quoi] += 1
        self.book.ecrits.append((self.name, zones, quoi, value))


def _bornes(ref: str) -> Zone:
    left, top, right, bottom = range_boundaries(ref)
    return top or 0, left or 0, bottom or 0, right or 0


class Police:
    """The font of a range."""

    def __init__(self, plage: Any) -> None:
        self.__dict__["plage"] = plage

    def __setattr__(self, nom: str, value: Any) -> None:
        self.__dict__["plage"]._mettre(f"former font {nom}", value)


class Plage:
    """One or several rectangles of a sheet."""

    max_cells_per_write = 100_000
    api = conditional_formats = borders = property(lambda self: self)
    font = property(Police)

    def __init__(self, sheet: Feuille, zones: list[Zone]) -> None:
        self.sheet, self.zones = sheet, zones
        self.options: dict[str, Any] = {}
        self.row, self.column, bottom, right = zones[0]
        self.shape = bottom - self.row + 1, right - self.column + 1

    def __setattr__(self, nom: str, value: Any) -> None:
        if nom in _A_LIRE:
            object.__setattr__(self, nom, value)
        else:
            written = {"raw_value": "écrire value", "formula": "écrire formula"}
            self._mettre(written.get(nom, f"former {nom}"), value)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> "Plage":
        place = self.row + row - 1, self.column + column - 1
        return Plage(self.sheet, [(*place, *place)])

    def clear(self) -> None:
        self._mettre("écrire clear", None)

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

    @property
    def string_value(self) -> Any:
        """Of the Mac's own interface: what each cell shows."""
        shown = self._matrice(lambda place: _TEXTES.get(self.sheet.valeurs.get(place, 0), ""))
        return SimpleNamespace(get=lambda: [list(row) for row in shown])

    @property
    def formula(self) -> Any:
        self._compter("lire formula")

        def of(place: Place) -> str:
            formula = self.sheet.formules.get(place)
            if formula is None:
                return str(self.sheet.valeurs.get(place, ""))
            return _CETTE_LIGNE.sub(lambda m: f"[@[{m[1]}]]" if " " in m[1] else f"[@{m[1]}]", formula)

        return self._matrice(of)

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
        self._mettre("former merge", across)

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
        self.sheet.ecrire(self.address, quoi, value)

    def adjust_indent(self, amount: int) -> None:
        self._mettre("former indent", amount)

    def autofit(self, axis: str) -> None:
        self._mettre("former autofit", axis)

    def set(self, which: Any, **look: Any) -> None:
        """Borders."""
        if self.shape[0] == 1 and "inside_horizontal" in which:
            raise com_error("Unable to set the LineStyle property of the Border class")
        self._mettre(f"former border {which}", look)

    def add_cell_value(self, spec: Any) -> None:
        self._mettre(f"former condition {spec['formula1']}", spec)


class Tableau:
    """One Excel table."""

    def __init__(self, sheet: Feuille, table: Any) -> None:
        self.parent, self.ref, self.show_totals = sheet, table.ref, bool(table.totalsRowCount)

    @property
    def range(self) -> Plage:
        self.parent.book.journal["lire table"] += 1
        return Plage(self.parent, [_bornes(self.ref)])


class Nom:
    """One defined name."""

    def __init__(self, name: str, refers_to: str, journal: Journal) -> None:
        self.name, self._refers_to, self._journal = name, f"={refers_to}", journal

    @property
    def refers_to(self) -> str:
        self._journal["lire refers_to"] += 1
        return self._refers_to


class Noms(list[Nom]):
    """The defined names."""

    def snapshot(self) -> list[tuple[str, Nom]]:
        return [(nom.name, nom) for nom in self]


class Feuilles:
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


class Classeur:
    """One open workbook. ``fullname``: what Excel says of where it is."""

    def __init__(self, app: Moteur, octets: bytes, fullname: str) -> None:
        formules, valeurs = _charges(octets)
        self.app, self.fullname, self.journal, self.actif = app, fullname, app.journal, ""
        self.ecrits: list[tuple[str, str, str, Any]] = []
        self.api = SimpleNamespace(Date1904=formules.epoch.year == 1904)
        self.feuilles = [Feuille(self, sheet, valeurs[sheet.title]) for sheet in formules.worksheets]
        names = formules.defined_names.items()
        self.names = Noms([Nom(nom, item.attr_text or "", app.journal) for nom, item in names])
        self.sheets = Feuilles(self)

    def activate(self) -> None:
        self.journal["activer"] += 1

    @property
    def name(self) -> str:
        return re.split(r"[/\\]", self.fullname)[-1]

    def ecrit(self, feuille: str) -> list[list[Any]]:
        """The values last written on a sheet."""
        found: list[list[list[Any]]] = [
            value for nom, _, quoi, value in self.ecrits if (nom, quoi) == (feuille, "écrire value")
        ]
        return found[-1]

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
