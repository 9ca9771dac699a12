"""The form « Opération »: a label in some column, its value in the next cell to the right."""

from collections.abc import Sequence
from typing import Any

from aap_xl.appels.models import operation
from aap_xl.cells import Cell, Origin, a1
from aap_xl.domain.facts import (
    CellulesFusionnees,
    ColonneAbsente,
    ColonneInconnue,
    EnteteAutrementEcrit,
    EnteteEnDouble,
    LignesMasquees,
)
from aap_xl.records import field, state
from aap_xl.rows import Champ, Operation
from aap_xl.texte import normaliser, renommages
from aap_xl.workbook.reading.columns import Colonne, Contexte
from aap_xl.workbook.reading.headers import wordings
from aap_xl.workbook.reading.marks import SANS_VALEUR, Erreur, Marks, Place

_TABLE = Operation.table


@state
class Formulaire:
    """The form being read. ``rows``: the whole sheet; ``places``: field name → row and column of its value."""

    contexte: Contexte
    feuille: str
    rows: list[list[object]]
    marks: Marks
    places: dict[str, Place] = field(default_factory=dict)

    def lire(self, sans_valeur: set[Place]) -> Operation:
        """Find every label, then read the cell beside it."""
        model = operation(self.contexte.appel)
        champs = [model.champs[nom] for nom in self.contexte.appel.classeur.operation]
        labels = self._labels(champs)
        self._missing(champs, labels)
        self._marked()
        values: dict[str, Any] = {}
        unreadable: set[str] = set()
        for nom, place in self.places.items():
            line, index = place
            cell = self._value(place, sans_valeur)
            colonne = Colonne(self.contexte, _TABLE, self.feuille, model.champs[nom], index, (line,))
            values[nom] = colonne.lire((cell,))[0]
            if colonne.illisibles:
                unreadable.add(nom)
        found = model(**values)
        found.illisibles = frozenset(unreadable)
        found.origin = Origin(
            self.feuille,
            {nom: column for nom, (_, column) in self.places.items()},
            {nom: line for nom, (line, _) in self.places.items()},
        )
        return found

    def _labels(self, champs: Sequence[Champ]) -> dict[Place, str]:
        """Place the fields; the texts that are in a label's place and are none are returned."""
        accepted = wordings(tuple(champs))
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
        if first == (line, column + 1) and label.rstrip("* ") == champ.entete:
            return
        cell = Cell(self.feuille, a1(line, column), champ.entete)
        if first != (line, column + 1):
            self.contexte.faits.append(EnteteEnDouble(cell, label, table=_TABLE, champ=champ.nom))
        elif label.rstrip("* ").split() != champ.entete.split():
            fait = EnteteAutrementEcrit(cell, label, champ.entete, table=_TABLE, champ=champ.nom)
            self.contexte.faits.append(fait)

    def _missing(self, champs: Sequence[Champ], labels: dict[Place, str]) -> None:
        """Fields without a label, then labels without a field that have a value beside them."""
        missing = [champ for champ in champs if champ.nom not in self.places]
        filled = {place: text for place, text in labels.items() if self._value((place[0], place[1] + 1), set()) != ""}
        for champ in missing:
            cell, named = Cell(self.feuille, "", champ.entete), renommages(champ.entete, filled.values())
            self.contexte.faits.append(ColonneAbsente(cell, champ.entete, table=_TABLE, champ=champ.nom, **named))
        for (line, column), text in filled.items():
            named = renommages(text, (champ.entete for champ in missing))
            self.contexte.faits.append(
                ColonneInconnue(Cell(self.feuille, a1(line, column)), text, table=_TABLE, **named)
            )

    def _marked(self) -> None:
        """Merged ranges that swallow a value, hidden rows that hold one."""
        lines = dict(self.places.values())
        for zone in self.marks.fusions:
            top, left, bottom, right = zone
            swallowed = [line for line in lines if top <= line <= bottom and left < lines[line] <= right]
            if swallowed or sum(top <= line <= bottom and left == lines[line] for line in lines) > 1:
                cell = Cell(self.feuille, a1(top, left))
                self.contexte.faits.append(CellulesFusionnees(cell, zone, table=_TABLE))
        hidden = [place for place in self.places.values() if place[0] in self.marks.masquees]
        filled = [place for place in hidden if self._value(place, set()) != ""]
        if filled:
            self.contexte.faits.append(LignesMasquees(Cell(self.feuille), len(filled), table=_TABLE))

    def _value(self, place: Place, sans_valeur: set[Place]) -> object:
        if place in self.marks.erreurs:
            return Erreur(self.marks.erreurs[place])
        if place in sans_valeur:
            return SANS_VALEUR
        line, column = place
        row = self.rows[line - 1] if line <= len(self.rows) else []
        return row[column - 1] if column <= len(row) else ""
