"""The sheets of a workbook open in Excel, as the reader wants them: the same rows, at the same addresses, as its file.

Each sheet is read in a few calls, whatever its number of rows: all its values, all its formulas, its tables, whether
it has merged cells, which rows show. Only the public, BSD part of xlwings is used, given an `xlwings.Book`.

What an open workbook does not tell:

- its custom properties: it is recognised by its sheet « Listes »;
- a formula nobody computed (F08): Excel has computed them all;
- chart sheets, which xlwings does not list (F03 says nothing of them);
- threaded comments (R01 looks into notes only);
- the fifth decimal of a cell formatted as an amount of money: Excel gives four;
- hidden rows of a protected sheet (F13), the form « Opération » for instance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from aap_xl.cells import a1
from aap_xl.domain.facts import Fait
from aap_xl.texte import normaliser
from aap_xl.workbook.layout import LISTES, SYNTHESES
from aap_xl.workbook.live import names
from aap_xl.workbook.live.places import aire, fusions, masquees, zone_de
from aap_xl.workbook.live.values import ERREURS, grille, simple, valeurs
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.personal import in_texts
from aap_xl.workbook.reading.sheets import AREA_MAX, Rows, sheet_too_large

if TYPE_CHECKING:
    from xlwings import Book, Range, Sheet

    from aap_xl.appels.loader import Catalogue


@dataclass
class FeuilleLue:
    """One sheet: ``ligne`` and ``colonne`` of its first used cell; what its used cells hold, and their errors."""

    used: "Range"
    ligne: int
    colonne: int
    rows: Rows
    erreurs: dict[tuple[int, int], str] = field(default_factory=dict)

    @cached_property
    def formules(self) -> dict[tuple[int, int], str]:
        """The formulas by place. A text that begins with « = » shows itself, which no formula does."""
        found = {}
        texts = grille(self.used.formula)
        for line, (row, texts_row) in enumerate(zip(self.rows[self.ligne - 1 :], texts, strict=True), self.ligne):
            for column, text in enumerate(texts_row, self.colonne):
                if isinstance(text, str) and text.startswith("=") and row[column - 1] != text:
                    found[line, column] = text
        return found


class FeuillesLive:
    """The sheets of an open workbook; a NIR is looked for cell by cell.

    Attributes: appels: the calls it may belong to: knowing it spares reading its names.
    """

    nir = True
    appels: "Catalogue | None" = None

    def __init__(self, book: "Book") -> None:
        """List the sheets."""
        self._book = book
        self._sheets: dict[str, Sheet] = {sheet.name: sheet for sheet in book.sheets}
        self._lues: dict[str, FeuilleLue] = {}
        self._marks: dict[str, Marks] = {}
        self.noms = list(self._sheets)
        self.cellules = set(self.noms)
        self.depuis_1904 = getattr(book.api, "Date1904", False) is True

    @cached_property
    def noms_definis(self) -> dict[str, str]:
        """Defined names and what they name; none when no computed cell of the synthesis was typed over or moved."""
        listes = {nom: self.lue(nom).rows for nom in self.noms if normaliser(nom) == normaliser(LISTES)}
        appel = names.appel_de(listes, self.appels) if self.appels else None
        formules = {nom: self.lue(nom).formules for nom in SYNTHESES if nom in self.cellules}
        return {} if appel and names.a_leur_place(appel, formules) else names.definis(self._book)

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column; the caller may change them.

        Raises: FichierRefuse if the sheet is too large.
        """
        return [row.copy() for row in self.lue(nom).rows]

    def first_row(self, nom: str) -> Sequence[object]:
        """One sheet's first row. Raises: as `rows`."""
        return next(iter(self.rows(nom)), ())

    def lue(self, nom: str) -> FeuilleLue:
        """One sheet, read once.

        Raises: FichierRefuse if it is too large.
        """
        if nom not in self._lues:
            self._lues[nom] = self._read(nom)
        return self._lues[nom]

    def marks(self, nom: str) -> Marks:
        """What the sheet says beyond its values."""
        if nom not in self._marks:
            lue = self.lue(nom)
            marks = Marks(erreurs=lue.erreurs, formules={a1(*place).encode() for place in lue.formules})
            if nom not in SYNTHESES:
                marks.fusions = list(fusions(lue.used))
                marks.masquees = masquees(lue.used)
            for table in self._sheets[nom].tables:
                zone = zone_de(table.range)
                marks.plages.append(zone)
                if table.show_totals:
                    marks.totaux.add(zone[2])
            self._marks[nom] = marks
        return self._marks[nom]

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR."""
        notes = [(note, note.text) for note in self._sheets[nom].notes]
        places = (((note.location.row, note.location.column), text) for note, text in notes)
        return list(in_texts(nom, places))

    def _read(self, nom: str) -> FeuilleLue:
        used = self._used(nom)
        lue = FeuilleLue(used, used.row, used.column, [])
        values = valeurs(used)
        left = [""] * (lue.colonne - 1)
        lue.rows = [[*left, *[""] * len(values[0])] for _ in range(lue.ligne - 1)]
        for line, row in enumerate(values, lue.ligne):
            plain = [*left, *map(simple, row)]
            for column, value in enumerate(plain, 1):
                if isinstance(value, str) and value in ERREURS:
                    lue.erreurs[line, column] = value
                    plain[column - 1] = ""
            lue.rows.append(plain)
        return lue

    def _used(self, nom: str) -> "Range":
        """The cells in use, without a far one that only has a format."""
        sheet = self._sheets[nom]
        used = sheet.used_range
        if aire(used) > AREA_MAX:
            ends = [used.find("*", direction="backward", order=order) for order in ("rows", "columns")]
            low, right = cast("list[Range | None]", ends)
            used = sheet.range((1, 1), (low.row, right.column) if low and right else (1, 1))
        if aire(used) > AREA_MAX:
            raise sheet_too_large(nom, *used.shape)
        return used
