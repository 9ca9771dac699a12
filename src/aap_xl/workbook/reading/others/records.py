"""What the records of an .xls and those of an .xlsb tell alike: one shape for both, which a process can hand over."""

import struct
from dataclasses import dataclass, field

from aap_xl.cells import Zone, a1, column_letter
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.reading.marks import Erreur, Marks, Place
from aap_xl.workbook.reading.sheets import SHEETS_MAX, Rows

EFFORT_MAX = 3 * 2**17
"""What reading a file may cost: a record is 1, and more by its length. A workbook of 300 people takes a quarter."""
_BYTES = 64
"""As long to read as a record."""
MERGED_MAX = 2**14
"""Merged ranges of a file."""
_HUNDREDTHS, _WHOLE, _SIGN = 1, 2, 1 << 31
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


class Protege(Exception):
    """The file needs a password."""


@dataclass
class RecordsSheet:
    """One sheet, as its records tell.

    Attributes: cells: whether it has any (a chart sheet has none); valeurs: by place; extent: last row and column that
                hold something; notes: where and what they say; formules, erreurs,
                fusions, masquees, plages, totaux: as in `Marks`; neutres: formulas whose value is 0 or an empty text;
                vides: those whose value is missing.
    """

    cells: bool = True
    valeurs: dict[Place, object] = field(default_factory=dict)
    extent: Place = (1, 1)
    erreurs: dict[Place, str] = field(default_factory=dict)
    formules: set[bytes] = field(default_factory=set)
    neutres: set[Place] = field(default_factory=set)
    vides: set[Place] = field(default_factory=set)
    fusions: list[Zone] = field(default_factory=list)
    masquees: set[int] = field(default_factory=set)
    plages: list[Zone] = field(default_factory=list)
    totaux: set[int] = field(default_factory=set)
    notes: list[tuple[Place, str]] = field(default_factory=list)

    @property
    def rows(self) -> Rows:
        """Its values, from its first row and column; only once its extent is known to be bearable."""
        if not self.valeurs:
            return []
        rows: Rows = [[""] * self.extent[1] for _ in range(self.extent[0])]
        for (row, column), value in self.valeurs.items():
            rows[row - 1][column - 1] = value
        return rows

    @property
    def marks(self) -> Marks:
        """The same for the rest of the reading."""
        return Marks(
            erreurs=self.erreurs,
            formules=self.formules,
            vides=lambda: self.vides,
            fusions=self.fusions,
            masquees=self.masquees,
            plages=self.plages,
            totaux=self.totaux,
        )

    def fill(self, row: int, column: int, value: object) -> None:
        """A cell that holds something; row and column from 1."""
        self.valeurs[row, column] = value
        if row > self.extent[0] or column > self.extent[1]:
            self.extent = (max(row, self.extent[0]), max(column, self.extent[1]))

    def error(self, row: int, column: int, code: int) -> None:
        """A cell in error."""
        self.erreurs[row, column] = _ERRORS.get(code, "#ERREUR")
        self.fill(row, column, Erreur(self.erreurs[row, column]))

    def formula(self, row: int, column: int, *, neutral: bool) -> None:
        """A formula; ``neutral``: its value is 0 or an empty text."""
        self.formules.add(a1(row, column).encode())
        if neutral:
            self.neutres.add((row, column))


@dataclass
class RecordsBook:
    """Every sheet of an .xls or .xlsb.

    Attributes: sheets: by name, in order; noms: names of one cell and that cell; depuis_1904: whether days are counted
                from 1904.
    """

    sheets: dict[str, RecordsSheet] = field(default_factory=dict)
    noms: dict[str, str] = field(default_factory=dict)
    depuis_1904: bool = False

    def name(self, nom: str, feuille: str, row: int, column: int) -> None:
        """A defined name of one cell; row and column from 1."""
        self.noms[nom] = f"'{feuille}'!${column_letter(column)}${row}"

    def settle(self) -> None:
        """Tell formulas that nobody computed from those whose value is 0 or an empty text.

        These formats have no way to leave a value out: programs that don't compute write 0 or an empty text in every
        formula. A spreadsheet never leaves a whole workbook of ours so, since it has at least the day's date.
        """
        sheets = self.sheets.values()
        if all(len(sheet.neutres) + len(sheet.vides) == len(sheet.formules) for sheet in sheets):
            for sheet in sheets:
                sheet.vides |= sheet.neutres


class Budget:
    """Bounds on what one file makes us read, however its sheets share it."""

    def __init__(self) -> None:
        self._effort = EFFORT_MAX
        self._merged, self._sheets = MERGED_MAX, SHEETS_MAX

    def record(self, size: int) -> None:
        """A record of that many bytes. Raises: Excess when they are too many."""
        self.spend(1 + size // _BYTES)

    def spend(self, effort: int) -> None:
        """As much effort as so many records. Raises: Excess."""
        self._effort -= effort
        if self._effort < 0:
            raise Excess(EFFORT_MAX, "valeurs")

    def xml(self, part: bytes) -> bytes:
        """A part in XML, which is longer to read. Raises: Excess when they are too many."""
        self.record(len(part) * 8)
        return part

    def sheet(self) -> None:
        """A sheet. Raises: Excess when they are too many."""
        self._sheets -= 1
        if self._sheets < 0:
            raise Excess(SHEETS_MAX, "feuilles")

    def merge(self, zones: int) -> None:
        """Merged ranges. Raises: Excess when they are too many."""
        self._merged -= zones
        if self._merged < 0:
            raise Excess(MERGED_MAX, "cellules fusionnées")


def short(number: int) -> float:
    """A number stored in 32 bits: a whole one or half a real one, in hundredths or not ([MS-XLS] 2.5.217)."""
    if number & _WHOLE:
        found = float((number ^ _SIGN) - _SIGN >> 2)
    else:
        [found] = struct.unpack("<d", struct.pack("<Q", (number & ~3) << 32))
    return found / 100 if number & _HUNDREDTHS else found
