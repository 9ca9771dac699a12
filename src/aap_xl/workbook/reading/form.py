"""The form « Opération »: a label in some column, its value in the next cell to the right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aap_xl.cells import Cell, Origin, a1
from aap_xl.domain.donnees import Fait
from aap_xl.rows import Champ, Operation
from aap_xl.texte import normaliser, plus_proche
from aap_xl.workbook.reading.columns import Colonne, Contexte
from aap_xl.workbook.reading.headers import wordings
from aap_xl.workbook.reading.marks import SANS_VALEUR, Erreur, Marks, Place

_TABLE = Operation.table


@dataclass
class Formulaire:
    """The form being read. ``rows``: the whole sheet; ``places``: field name → row and column of its value."""

    contexte: Contexte
    feuille: str
    rows: list[list[Any]]
    marks: Marks
    places: dict[str, Place] = field(default_factory=dict)

    def lire(self, sans_valeur: set[Place]) -> Operation:
        """Find every label, then read the cell beside it."""
        champs = [Operation.champs[nom] for nom in self.contexte.appel.classeur.operation]
        labels = self._labels(champs)
        self._missing(champs, labels)
        self._marked()
        values: dict[str, Any] = {}
        unreadable: set[str] = set()
        for nom, place in self.places.items():
            line, index = place
            cell = self._value(place, sans_valeur)
            colonne = Colonne(self.contexte, _TABLE, self.feuille, Operation.champs[nom], index, (line,))
            values[nom] = colonne.lire((cell,))[0]
            if colonne.illisibles:
                unreadable.add(nom)
        found = Operation(**values)
        found.illisibles = frozenset(unreadable)
        found.origin = Origin(
            self.feuille,
            {nom: column for nom, (_, column) in self.places.items()},
            {nom: line for nom, (line, _) in self.places.items()},
        )
        return found

    def _labels(self, champs: Sequence[Champ]) -> dict[Place, str]:
        """Place the fields; the texts that are in a label's place and are none are returned."""
        accepted = wordings(champs)
        others: dict[Place, str] = {}
        for line, row in enumerate(self.rows, 1):
            for column, cell in enumerate(row, 1):
                if not isinstance(cell, str) or not cell.strip():
                    continue
                champ = accepted.get(normaliser(cell))
                if champ is None:
                    others[line, column] = cell.strip()
                    continue
                self._place(champ, line, column, cell.strip())
                break
        columns = {column - 1 for _, column in self.places.values()}
        titles = {normaliser(champ.groupe) for champ in champs}
        return {place: text for place, text in others.items() if place[1] in columns and normaliser(text) not in titles}

    def _place(self, champ: Champ, line: int, column: int, label: str) -> None:
        first = self.places.setdefault(champ.nom, (line, column + 1))
        if first != (line, column + 1):
            self._fait("F15", (line, column), label, a1(first[0], first[1] - 1), champ)
        elif label.rstrip("* ").split() != champ.entete.split():
            self._fait("F18", (line, column), label, champ.entete, champ)

    def _missing(self, champs: Sequence[Champ], labels: dict[Place, str]) -> None:
        """Fields without a label, then labels without a field that have a value beside them."""
        missing = [champ for champ in champs if champ.nom not in self.places]
        for champ in missing:
            self._fait("F02", (0, 0), champ.entete, plus_proche(champ.entete, labels.values()), champ)
        for (line, column), text in labels.items():
            if self._value((line, column + 1), set()) != "":
                near = plus_proche(text, (champ.entete for champ in missing))
                self._fait("F04", (line, column), text, near)

    def _marked(self) -> None:
        """Merged ranges that swallow a value, hidden rows that hold one."""
        lines = dict(self.places.values())
        for top, left, bottom, right in self.marks.fusions:
            swallowed = [line for line in lines if top <= line <= bottom and left < lines[line] <= right]
            if swallowed or sum(top <= line <= bottom and left == lines[line] for line in lines) > 1:
                self._fait("F12", (top, left), f"{a1(top, left)}:{a1(bottom, right)}")
        hidden = [place for place in self.places.values() if place[0] in self.marks.masquees]
        filled = [place for place in hidden if self._value(place, set()) != ""]
        if filled:
            self._fait("F13", (0, 0), str(len(filled)))

    def _value(self, place: Place, sans_valeur: set[Place]) -> Any:
        if place in self.marks.erreurs:
            return Erreur(self.marks.erreurs[place])
        if place in sans_valeur:
            return SANS_VALEUR
        line, column = place
        row = self.rows[line - 1] if line <= len(self.rows) else []
        return row[column - 1] if column <= len(row) else ""

    def _fait(self, code: str, place: Place, valeur: str, attendu: str = "", champ: Champ | None = None) -> None:
        cell = Cell(self.feuille, a1(*place) if place[0] else "", champ.entete if champ else "")
        self.contexte.faits.append(Fait(code, cell, valeur, attendu, _TABLE, champ.nom if champ else ""))
