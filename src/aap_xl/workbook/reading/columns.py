"""One column of cells → one column of typed values, by fast paths; whatever is not plain goes through `values`."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from aap_xl.appels.model import Appel, Terme
from aap_xl.cells import Cell, a1
from aap_xl.domain.facts import (
    CalculEnErreur,
    CelluleEnErreur,
    CelluleIllisible,
    ComprisAutrement,
    DureeAnnoncee,
    Fait,
    FormuleSansValeur,
    HorsListe,
    MotCompris,
)
from aap_xl.records import field, state
from aap_xl.rows import Champ, Nature
from aap_xl.texte import normaliser
from aap_xl.workbook.reading import numbers, values
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse
from aap_xl.workbook.reading.marks import Erreur, SansValeur
from aap_xl.workbook.reading.sheets import FACTS_MAX

Lecture = Callable[[object], numbers.Compris]


@state
class Contexte:
    """What reading one workbook shares: the call, the day, and the facts noticed so far.

    ``mots_comptes``: whether its formulas know the words of the field, which came with a later version.
    """

    appel: Appel
    aujourdhui: dt.date
    depuis_1904: bool = False
    mots_comptes: bool = True
    faits: list[Fait] = field(default_factory=list)
    faits_max: float = math.inf

    def part(self) -> "Contexte":
        """The same, with facts of its own."""
        return Contexte(self.appel, self.aujourdhui, self.depuis_1904, self.mots_comptes, faits_max=self.faits_max)

    def noter(self, fait: Fait) -> None:
        """Note a fact about a cell. Raises: FichierRefuse if there are too many."""
        if len(self.faits) >= self.faits_max:
            raise FichierRefuse(Cause.TOO_MANY_DOUBTS, {"feuille": fait.cell.feuille}, maximum=FACTS_MAX)
        self.faits.append(fait)

    def liste(self, nom: str) -> values.Liste:
        """One list of the call, ready to be read."""
        termes = self.appel.sorties.termes if self.appel.sorties and nom == "situations" else ()
        return values.liste(self.appel.elements.get(nom, ()), termes)

    def nature(self, champ: Champ) -> Nature:
        """What a field holds in this call: a choice whose list is left open is free text."""
        is_open = champ.nature is Nature.CHOIX and not self.appel.elements.get(champ.liste)
        return Nature.TEXTE if is_open else champ.nature

    def lecture(self, champ: Champ) -> Lecture:
        """How any cell of a field is read."""
        nature = self.nature(champ)
        if nature is Nature.DATE:
            return partial(values.jour, aujourdhui=self.aujourdhui, depuis_1904=self.depuis_1904)
        if nature is Nature.CHOIX:
            return self.liste(champ.liste).lire
        if champ.nom in ("siret", "siret_associee"):
            return values.siret
        if _est_code(champ):
            return values.code
        return values.LECTURES[nature]


@state
class Colonne:
    """One column of one sheet being read. ``lignes``: the row number of each cell; ``illisibles``: ranks of cells."""

    contexte: Contexte
    table: str
    feuille: str
    champ: Champ
    index: int
    lignes: Sequence[int]
    illisibles: list[int] = field(default_factory=list)

    def cell(self, rang: int) -> Cell:
        """The address of one cell."""
        return Cell(self.feuille, a1(self.lignes[rang], self.index), self.champ.entete)

    @property
    def quoi(self) -> dict[str, str]:
        """The field, as a fact names it."""
        return {"table": self.table, "champ": self.champ.nom}

    def lire(self, cells: Sequence[object]) -> list[object]:
        """The typed values, ``None`` where the cell is blank or can't be read."""
        nature = self.contexte.nature(self.champ)
        different = set(cells)
        kinds, known = self._known(nature, different)
        if kinds.issuperset(map(type, cells)) and known.keys() >= different:
            return list(map(known.__getitem__, cells))
        slow = partial(self._slow, self.contexte.lecture(self.champ))
        return [known[v] if type(v) in kinds and v in known else slow(i, v) for i, v in enumerate(cells)]

    def _known(self, nature: Nature, cells: set[object]) -> tuple[set[type], Mapping[Any, object]]:
        """What is plain among different cells: their types (1 and VRAI are equal) and their values."""
        if nature is Nature.DATE:
            return {dt.date, str}, _BLANK | {v: v for v in cells if type(v) is dt.date and _FROM <= v <= _TO}
        if nature is Nature.CHOIX:
            return {str}, self.contexte.liste(self.champ.liste).exacts
        if nature is Nature.OUINON:
            return {str}, _OUINON
        if nature in (Nature.MONTANT, Nature.NOMBRE, Nature.HEURES):
            plain = (v for v in cells if type(v) is float and abs(v) < numbers.NOMBRE_MAX)
            return {float, str}, _BLANK | {v: numbers.exact(v) for v in plain}
        if self.champ.nom == "siret" or nature in (Nature.TAUX, Nature.ENTIER):
            return {str}, _BLANK
        texts = [v for v in cells if type(v) is str]
        if _est_code(self.champ):
            texts = [v for v in texts if (v.isprintable() and v == v.strip()) or not v.strip()]
        return {str}, {v: v.strip() or None for v in texts}

    def calculee(self, cells: Sequence[Any]) -> Sequence[object]:
        """A computed column as the file holds it, blank where it gives no value; cells in error are noted once."""
        kinds = set(map(type, cells))
        if Erreur in kinds:
            wrong = [rang for rang, value in enumerate(cells) if type(value) is Erreur]
            first = wrong[0]
            self.contexte.faits.append(CalculEnErreur(self.cell(first), cells[first], len(wrong), **self.quoi))
        if kinds.isdisjoint((SansValeur, Erreur)):
            return cells
        return ["" if type(v) in (SansValeur, Erreur) else v for v in cells]

    def _slow(self, lecture: Lecture, rang: int, cell: Any) -> Any:
        if type(cell) is Erreur:
            return self._unread(rang, CelluleEnErreur(self.cell(rang), cell, **self.quoi))
        if type(cell) is SansValeur:
            return self._unread(rang, FormuleSansValeur(self.cell(rang), "", **self.quoi))
        try:
            value, compris = lecture(cell)
        except values.NotListed as problem:
            saisi = values.typed(cell)
            said = _refusal(saisi, problem.refus) if problem.refus else {}
            return self._unread(rang, HorsListe(self.cell(rang), saisi, problem.choix, **said, **self.quoi))
        except numbers.Illisible as problem:
            saisi = values.typed(cell)
            return self._unread(rang, CelluleIllisible(self.cell(rang), saisi, problem.attendu, **self.quoi))
        terme = self.contexte.liste(self.champ.liste).terme(cell) if self.champ.liste == "situations" else None
        if terme:
            self._tell(rang, terme, compris)
        if compris and not (terme and self.contexte.mots_comptes):
            around = isinstance(cell, str) and cell.strip() == compris
            saisi = cell if around else values.typed(cell)
            counted = self._counted(cell, value, compris)
            self.contexte.noter(ComprisAutrement(self.cell(rang), saisi, compris, counted, **self.quoi))
        return value

    def _tell(self, rang: int, terme: Terme, compris: str) -> None:
        """Say how a word that formulas understand was understood, and what it says of a contract's length."""
        if terme.si is None and self.contexte.mots_comptes:
            self.contexte.noter(MotCompris(self.cell(rang), terme.mot, compris, terme.remede, **self.quoi))
        if terme.si and (terme.si.mois_min or terme.si.mois_max):
            si = terme.si
            said = DureeAnnoncee(self.cell(rang), terme.mot, si.mois_min, si.mois_max, si.strict, **self.quoi)
            self.contexte.noter(said)

    def _counted(self, cell: Any, value: object, compris: str) -> str:
        """What formulas count for a cell of a column of numbers or dates; ``""`` where they may ignore it."""
        nature = self.contexte.nature(self.champ)
        if isinstance(cell, (str, bool)) or nature not in _COUNTED:
            return ""
        if nature is Nature.DATE:
            return compris
        number = numbers.held(cell) if isinstance(cell, (dt.time, dt.timedelta)) else numbers.exact(cell)
        return compris if number == value else numbers.shortly(number)

    def _unread(self, rang: int, fait: Fait) -> None:
        self.illisibles.append(rang)
        self.contexte.noter(fait)


def _refusal(saisi: str, terme: Terme) -> dict[str, str]:
    """Why a word of the field is refused, and what to do; another word that it is a slip of is named."""
    same = normaliser(saisi) == normaliser(terme.mot)
    return {"pourquoi": terme.refus if same else f"si c'est « {terme.mot} », {terme.refus}", "remede": terme.remede}


def _est_code(champ: Champ) -> bool:
    return bool(champ.reference) or champ.nom == "code"


_COUNTED = {Nature.DATE, Nature.NOMBRE, Nature.HEURES, Nature.MONTANT, Nature.ENTIER, Nature.TAUX}
_FROM, _TO = values.DATE_MIN, values.DATE_MAX
_BLANK: dict[object, object] = {"": None}
_OUINON = {"": None, "Oui": True, "Non": False}
