"""Which row of one version is which row of the other: by code or natural key, never by position alone."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.tools import montre
from aap_xl.rows import Row

Cle = Callable[[Row], Hashable | None]

_CLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "actions": (("code",),),
    "personnel": (("code",),),
    "charges": (("code",),),
    "participants": (("code", "date_entree"), ("code",)),
    "ressources": (("type", "financeur?"), ("type",)),
    "immersions": (("participant", "date_debut", "hote?"), ("participant", "date_debut"), ("participant", "hote")),
    "heures": (("participant", "semaine"),),
    "comites": (("date_reunion",),),
    "partenaires": (("date_lien", "nature?", "partenaire"), ("date_lien", "partenaire"), ("date_lien", "nature")),
    "salaires": (("ligne_budget", "mois"),),
    "depenses": (("document", "ligne_budget", "fournisseur?"), ("document", "ligne_budget"), ("document",)),
    "redactions": (("rubrique",),),
}
"""Natural keys of each table, the most telling first; a field marked ``?`` may be blank, the others may not."""

_NOMINATIFS = {"fournisseur"}
"""Fields of a key that may be a person's name."""


@dataclass(frozen=True, slots=True)
class Paire:
    """A row of the old version, of the new one, or both: the same row in two states."""

    ancien: Row | None
    nouveau: Row | None

    @property
    def row(self) -> Row:
        """The row in its latest state."""
        return cast("Row", self.nouveau or self.ancien)


def apparier(table: str, anciens: Sequence[Row], nouveaux: Sequence[Row]) -> list[Paire]:
    """Every row of both versions, each once: those of the new version in its order, then those that disappeared.

    Among rows of a same key, those whose cells are all the same go together first; rows without a key go together
    when their cells are all the same, then in their sheet's order.
    """
    match = _Appariement(anciens, nouveaux)
    for fields in _CLES[table]:
        cle = _cle(fields)
        match.par(_avec_contenu(cle))
        match.par(cle)
    last = _cle(_CLES[table][-1])
    match.par(lambda row: contenu(row) if last(row) is None else None)
    match.par(lambda row: "" if last(row) is None else None)
    return match.paires()


def libelle(row: Row, donnees: Donnees) -> str:
    """How a row is named: its code, else its natural key; never a person's name."""
    fields = [nom.rstrip("?") for nom in _CLES[row.table][0] if nom.rstrip("?") not in _NOMINATIFS]
    return " · ".join(text for nom in fields if (text := montre(row, nom, donnees))) or "sans code"


def contenu(row: Row) -> tuple[object, ...]:
    """Everything typed in a row; what could not be read is only known to be there."""
    return (row.illisibles, *(getattr(row, nom) for nom in row.champs))


def _cle(fields: Iterable[str]) -> Cle:
    """The key made of some fields, compared without case; ``None`` while an obligatory one is blank."""
    names = [(nom.rstrip("?"), nom.endswith("?")) for nom in fields]

    def key(row: object) -> Hashable | None:
        values = [getattr(row, nom) for nom, _ in names]
        if any(value is None and not optional for value, (_, optional) in zip(values, names, strict=True)):
            return None
        return tuple(value.casefold() if isinstance(value, str) else value for value in values)

    return key


def _avec_contenu(cle: Cle) -> Cle:
    """The same key, for rows whose cells are all the same too."""

    def key(row: Row) -> Hashable | None:
        found = cle(row)
        return None if found is None else (found, contenu(row))

    return key


class _Appariement:
    """The rows left to match; each pass matches those of the same key, in their order."""

    def __init__(self, anciens: Sequence[Row], nouveaux: Sequence[Row]) -> None:
        self._anciens, self._nouveaux = list(anciens), list(nouveaux)
        self._trouves: dict[int, Row] = {}

    def par(self, cle: Cle) -> None:
        """Match what can be by a key; a ``None`` key matches nothing."""
        waiting: dict[Hashable, list[Row]] = defaultdict(list)
        for row in self._anciens:
            key = cle(row)
            if key is not None:
                waiting[key].append(row)
        matched: set[int] = set()
        for row in self._nouveaux:
            group = waiting.get(cle(row)) if id(row) not in self._trouves else None
            if group:
                former = group.pop(0)
                self._trouves[id(row)] = former
                matched.add(id(former))
        self._anciens = [row for row in self._anciens if id(row) not in matched]

    def paires(self) -> list[Paire]:
        """The result."""
        both = [Paire(self._trouves.get(id(row)), row) for row in self._nouveaux]
        return [*both, *(Paire(row, None) for row in self._anciens)]
