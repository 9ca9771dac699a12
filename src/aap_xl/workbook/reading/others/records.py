"""What the records of an .xls and those of an .xlsb tell alike: one shape for both, which a process can hand over."""

from dataclasses import dataclass, field

from aap_xl.cells import Zone, a1, column_letter
from aap_xl.workbook.reading.marks import Marks, Place
from aap_xl.workbook.reading.xlsx.formats import Shown

EFFORT_MAX = 2**20
"""What reading a file may cost: a record is 1, and more by its length. A workbook of 300 people is a tenth of that."""
_BYTES = 64
"""As long to read as a record."""
MERGED_MAX = 2**14
"""Merged ranges of a file."""
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


@dataclass
class RecordsSheet:
    """One sheet, as its records tell.

    Attributes: extent: last row and column that hold something; notes: where and what they say; formules, erreurs,
                fusions, masquees, plages, totaux: as in `Marks`; neutres: formulas whose value is 0 or an empty text;
                vides: those whose value is missing.
    """

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
    dates: dict[Place, Shown] = field(default_factory=dict)

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

    def fill(self, row: int, column: int) -> None:
        """A cell that holds something; row and column from 1."""
        if row > self.extent[0] or column > self.extent[1]:
            self.extent = (max(row, self.extent[0]), max(column, self.extent[1]))

    def error(self, row: int, column: int, code: int) -> None:
        """A cell in error."""
        self.erreurs[row, column] = _ERRORS.get(code, "#ERREUR")

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
        self._merged = MERGED_MAX

    def record(self, size: int) -> None:
        """A record of that many bytes. Raises: ValueError when they are too many."""
        self._effort -= 1 + size // _BYTES
        if self._effort < 0:
            raise ValueError("too many records")

    def xml(self, part: bytes) -> bytes:
        """A part in XML, which is longer to read. Raises: ValueError when they are too many."""
        self.record(len(part) * 8)
        return part

    def merge(self, zones: int) -> None:
        """Merged ranges. Raises: ValueError when they are too many."""
        self._merged -= zones
        if self._merged < 0:
            raise ValueError("too many merged ranges")
