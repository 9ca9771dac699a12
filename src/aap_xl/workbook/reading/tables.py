"""One sheet with a table → its rows: everything below the header row, to the end of the sheet."""

from collections.abc import Sequence
from operator import itemgetter

from aap_xl.appels.models import modele
from aap_xl.cells import Cell, Origin, a1, column_letter
from aap_xl.domain.facts import (
    CalculEcrase,
    CellulesFusionnees,
    FormulesPerdues,
    LigneDeTotal,
    LignesMasquees,
    LignesSousLeTableau,
)
from aap_xl.records import state
from aap_xl.rows import Champ, Row
from aap_xl.workbook.reading.columns import Colonne, Contexte
from aap_xl.workbook.reading.headers import Entetes
from aap_xl.workbook.reading.marks import SANS_VALEUR, Erreur, Marks, Place
from aap_xl.workbook.reading.sheets import CELLS_MAX, COVERED_MAX, too_many
from aap_xl.workbook.reading.values import typed

_TOTALS = frozenset(
    form
    for text in ("Total", "Totaux", "Total général", "Sous-total", "Total :", "TOTAL GENERAL")
    for form in (text, text.upper(), text.lower())
)


@state
class Table:
    """One table being read. ``rows``: the whole sheet, from its first row, changed in place by what marks tell."""

    contexte: Contexte
    nom: str
    feuille: str
    rows: list[list[object]]
    entetes: Entetes
    marks: Marks
    ecartees: int = 0
    couvertes: int = 0

    def lire(self, sans_valeur: set[Place]) -> list[Row]:
        """The rows that hold something.

        Args: sans_valeur: entry cells whose formula has no value.
        """
        self._overlay(sans_valeur)
        model = modele(self.contexte.appel, self.nom)
        entries = {n: c for n, c in self.entetes.colonnes.items() if not model.champs[n].calcule}
        if not entries:
            return []
        lines = self._filled(list(entries.values()))
        self._tell_lines(lines)
        return self._build(model, entries, lines) if lines else []

    def _overlay(self, sans_valeur: set[Place]) -> None:
        """Put errors and missing values where they belong, and blank what merged cells hide."""
        for top, left, bottom, right in self.marks.fusions:
            if bottom > self.entetes.ligne and (top, left) != (bottom, right):
                self._merged(max(top, 1), left, bottom, right)
        for (line, column), text in self.marks.erreurs.items():
            self._put(line, column, Erreur(text))
        for line, column in sans_valeur:
            self._put(line, column, SANS_VALEUR)

    def _put(self, line: int, column: int, value: object) -> None:
        if line <= self.entetes.ligne:
            return
        width = len(self.rows[0]) if self.rows else 0
        if column in self.entetes.colonnes.values() and column > width:
            for row in self.rows:
                row.extend([""] * (column - width))
        while len(self.rows) < line:
            self.rows.append([""] * len(self.rows[0]))
        if column <= len(self.rows[line - 1]):
            self.rows[line - 1][column - 1] = value

    def _merged(self, top: int, left: int, bottom: int, right: int) -> None:
        if not any(left <= column <= right for column in self.entetes.colonnes.values()):
            return
        width = len(self.rows[0]) if self.rows else 0
        self.couvertes += max(min(bottom, len(self.rows)) - top + 1, 0) * max(min(right, width) - left + 1, 0)
        if self.couvertes > COVERED_MAX:
            raise too_many(self.feuille, COVERED_MAX, "cellules fusionnées")
        zone = (top, left, bottom, right)
        self.contexte.faits.append(CellulesFusionnees(self._cell(top, left), zone, table=self.nom))
        for line in range(top, min(bottom, len(self.rows)) + 1):
            row = self.rows[line - 1]
            for column in range(left, min(right, len(row)) + 1):
                if (line, column) != (top, left):
                    row[column - 1] = ""

    def _filled(self, columns: list[int]) -> list[int]:
        """Row numbers of the lines with an entry; totals are set aside."""
        pick = itemgetter(*(column - 1 for column in columns))
        blank: object = ("",) * len(columns) if len(columns) > 1 else ""
        start = self.entetes.ligne
        lines = [line for line, row in enumerate(self.rows[start:], start + 1) if pick(row) != blank]
        totals = self._totals(lines)
        self.ecartees = len(totals)
        return [line for line in lines if line not in totals] if totals else lines

    def _totals(self, lines: list[int]) -> set[int]:
        """Lines that are sums of others: the table's own totals row, or one that begins with « Total »."""
        found = set()
        totaux = self.marks.totaux
        for line in lines:
            row = self.rows[line - 1]
            first = row[0] if row[0] != "" else next(cell for cell in row if cell != "")
            if first in _TOTALS or line in totaux:
                found.add(line)
                place = self._cell(line, row.index(first) + 1)
                self.contexte.faits.append(LigneDeTotal(place, typed(first), table=self.nom))
        return found

    def _tell_lines(self, lines: list[int]) -> None:
        hidden = [line for line in lines if line in self.marks.masquees] if self.marks.masquees else []
        if hidden:
            self.contexte.faits.append(LignesMasquees(Cell(self.feuille), len(hidden), table=self.nom))
        plage = next((p for p in self.marks.plages if p[0] == self.entetes.ligne), None)
        below = [line for line in lines if plage and line > plage[2] and self._says_something(line)]
        if plage and below:
            place = self._cell(below[0], plage[1])
            self.contexte.faits.append(LignesSousLeTableau(place, len(below), plage, table=self.nom))

    def _says_something(self, line: int) -> bool:
        return any(str(cell).strip() for cell in self.rows[line - 1])

    def _cell(self, line: int, column: int) -> Cell:
        return Cell(self.feuille, a1(line, column))

    def _build(self, model: type[Row], entries: dict[str, int], lines: list[int]) -> list[Row]:
        if len(lines) * len(self.entetes.colonnes) > CELLS_MAX:
            raise too_many(self.feuille, CELLS_MAX // len(self.entetes.colonnes), "lignes remplies")
        kept = [self.rows[line - 1] for line in lines]
        cells = list(zip(*kept, strict=True))
        names: list[str] = []
        values: list[Sequence[object]] = []
        unreadable: dict[int, set[str]] = {}
        for nom, index in entries.items():
            if cells[index - 1].count("") == len(lines):
                continue
            colonne = Colonne(self.contexte, self.nom, self.feuille, model.champs[nom], index, lines)
            names.append(nom)
            values.append(colonne.lire(cells[index - 1]))
            for rang in colonne.illisibles:
                unreadable.setdefault(rang, set()).add(nom)
        self._check_computed(model, cells, lines)
        base = dict.fromkeys(model.champs) | {
            "origin": Origin(self.feuille, self.entetes.colonnes),
            "illisibles": frozenset(),
        }
        names.append("ligne")
        values.append(lines)
        found = []
        blank = (None,) * (len(values) - 1)
        for rang, row in enumerate(zip(*values, strict=True)):
            if row[:-1] == blank and rang not in unreadable:
                continue
            item = model.__new__(model)  # what __init__ would do, once for all rows
            item.__dict__ = fields = base.copy()
            fields.update(zip(names, row, strict=True))
            if rang in unreadable:
                fields["illisibles"] = frozenset(unreadable[rang])
            found.append(item)
        return found

    def _check_computed(self, model: type[Row], cells: Sequence[Sequence[object]], lines: list[int]) -> None:
        """Note the errors of the computed columns, the constants among their formulas, the columns that have none."""
        lost: list[Champ] = []
        ends = [b"%d" % line for line in lines]
        for nom, index in self.entetes.colonnes.items():
            if not model.champs[nom].calcule or cells[index - 1].count("") == len(lines):
                continue
            colonne = Colonne(self.contexte, self.nom, self.feuille, model.champs[nom], index, lines)
            found = colonne.calculee(cells[index - 1])
            if index in self.marks.colonnes:
                self._overwritten(colonne, found, ends)
            elif found.count("") != len(found):
                lost.append(model.champs[nom])
        if lost:
            first = self._cell(self.entetes.ligne, self.entetes.colonnes[lost[0].nom])
            names = tuple(champ.entete for champ in lost)
            self.contexte.faits.append(FormulesPerdues(first, names, table=self.nom))

    def _overwritten(self, colonne: Colonne, found: Sequence[object], ends: list[bytes]) -> None:
        """Note constants in a column that has formulas. Args: ends: the row numbers, as addresses end."""
        places = list(map(column_letter(colonne.index).encode().__add__, ends))
        if self.marks.formules.issuperset(places):
            return
        for rang, place in enumerate(places):
            if found[rang] != "" and place not in self.marks.formules:
                self.contexte.faits.append(CalculEcrase(colonne.cell(rang), typed(found[rang]), **colonne.quoi))
