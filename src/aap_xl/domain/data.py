"""Everything one returned workbook says, as rows, ready for rules, exits, budget and bilan."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property, wraps
from typing import Any, Generic, TypeVar, cast

from aap_xl.appels.model import Appel
from aap_xl.domain.facts import Fait
from aap_xl.records import field, state
from aap_xl.rows import (
    Action,
    Charge,
    Comite,
    Depense,
    Heure,
    Immersion,
    Operation,
    Partenaire,
    Participant,
    Personnel,
    Redaction,
    Ressource,
    Row,
    Salaire,
)

_Model = TypeVar("_Model", bound=Row)


class _Rows(Generic[_Model]):
    """The rows of a table as an attribute of a dossier, worked out once; none when the call does not use it."""

    def __init__(self, model: type[_Model]) -> None:
        self._table = model.table

    def __get__(self, donnees: "Donnees", _: object) -> Sequence[_Model]:
        rows: Sequence[_Model] = donnees.rows(self._table)
        vars(donnees)[self._table] = rows  # found there from now on: the attribute has the table's name
        return rows


@state
class Donnees:
    """One operation of one call, as read, on a given day.

    Attributes: tables: table name → rows in the sheet's order (blank lines left out);
                ecartees: table name → number of lines read and set aside.
    """

    appel: Appel
    operation: Operation
    tables: Mapping[str, Sequence[Row]]
    aujourdhui: date
    faits: Sequence[Fait] = ()
    ecartees: Mapping[str, int] = field(default_factory=dict)
    source: str = ""

    def rows(self, table: str) -> Sequence[Any]:
        """The rows of a table; none when the call does not use it."""
        return self.tables.get(table, ())

    actions = _Rows(Action)
    personnel = _Rows(Personnel)
    charges = _Rows(Charge)
    ressources = _Rows(Ressource)
    participants = _Rows(Participant)
    immersions = _Rows(Immersion)
    heures = _Rows(Heure)
    comites = _Rows(Comite)
    partenaires = _Rows(Partenaire)
    depenses = _Rows(Depense)
    salaires = _Rows(Salaire)
    redactions = _Rows(Redaction)

    @cached_property
    def participants_par_code(self) -> dict[str, Participant]:
        """The first participant of each code, compared without case."""
        return _par_code(self.participants)

    @cached_property
    def actions_par_code(self) -> dict[str, Action]:
        """The first action of each code, compared without case."""
        return _par_code(self.actions)

    @cached_property
    def budget_par_code(self) -> dict[str, Personnel | Charge]:
        """The first planned budget line of each code, compared without case."""
        lignes: list[Personnel | Charge] = [*self.personnel, *self.charges]
        return _par_code(lignes)

    @property
    def terminee(self) -> bool:
        """Whether the operation is over: some rules are stricter in the final bilan."""
        fin = self.operation.date_fin
        return fin is not None and self.aujourdhui > fin


_Coded = TypeVar("_Coded", Participant, Action, Personnel | Charge)


def _par_code(rows: Sequence[_Coded]) -> dict[str, _Coded]:
    found: dict[str, _Coded] = {}
    for row in rows:
        if row.code:
            found.setdefault(row.code.casefold(), row)
    return found


@contextmanager
def no_collection() -> Iterator[None]:
    """Thousands of rows are made and walked, and no cycle: looking for some would take a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


_Result = TypeVar("_Result")


def once(function: Callable[[Donnees], _Result]) -> Callable[[Donnees], _Result]:
    """Compute something once per dossier: what was read does not change."""
    kept_as = f"_{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(donnees: Donnees) -> _Result:
        memory = vars(donnees)
        if kept_as not in memory:
            memory[kept_as] = function(donnees)
        return cast("_Result", memory[kept_as])

    return kept
