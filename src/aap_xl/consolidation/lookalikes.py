"""Operations counted apart that may be two versions of one: each says which, and what to correct. None is left out.

They look alike when they are of one call and year and share their convention number; or, unless both have a number and
these differ, when a porteur (of one SIREN, or of one name) has both with the same start date, or the same title.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from aap_xl.consolidation.state import State
from aap_xl.consolidation.versions import formes

_TRAITS = ("même numéro de convention", "même porteur, même date de début", "même porteur, même intitulé")
_CONVENTION, _DEBUT, _INTITULE = range(len(_TRAITS))
_OPERATIONS = """
WITH conventions AS (
  SELECT e.operation, MAX(r.convention) AS convention FROM entrees e JOIN resultats r USING (empreinte)
  GROUP BY e.operation)
SELECT e.operation, c.convention, e.id, e.nom, r.appel, r.millesime, substr(r.siret, 1, 9), r.qui, r.debut, r.intitule
FROM entrees e JOIN resultats r USING (empreinte) JOIN conventions c USING (operation) WHERE e.etat = 'retenu'
"""
"""The convention number is the operation's: an older version may be the one that gives it."""
_PARTAGES = """
SELECT rang, cle, operation, convention, entree, nom FROM traits
WHERE (rang, cle) IN (SELECT rang, cle FROM traits GROUP BY rang, cle HAVING COUNT(DISTINCT operation) > 1)
ORDER BY rang, cle, operation
"""


class _Operation(NamedTuple):
    """One operation counted: its identifier, its convention number, its file's number and name."""

    operation: str
    convention: str
    entree: int
    nom: str


def signaler(etat: State) -> int:
    """Note on each operation that looks like another one which it is.

    Returns: how many pairs were noted.
    """
    said: dict[str, str] = {}
    with etat.base:
        etat.base.executemany("INSERT INTO traits VALUES (?, ?, ?, ?, ?, ?)", _traits(etat))
        for (rang, _), rows in groupby(etat.lignes(_PARTAGES), key=lambda row: row[:2]):
            for une, autre in _paires([_Operation(*row[2:]) for row in rows], rang):
                if une.operation not in said:
                    said[une.operation] = autre.operation
                    etat.base.execute(
                        "UPDATE entrees SET motif = trim(motif || ' ' || ?) WHERE id = ?",
                        (_motif(autre, _TRAITS[rang]), une.entree),
                    )
    return len({frozenset(pair) for pair in said.items()})


def _traits(etat: State) -> Iterator[tuple[object, ...]]:
    """What may be shared: its kind, its value, and who has it."""
    for operation, convention, entree, nom, appel, millesime, siren, qui, debut, intitule in etat.lignes(_OPERATIONS):
        values = [(_CONVENTION, forme) for forme in set(formes(convention))] if convention else []
        for rang, value in ((_DEBUT, debut), (_INTITULE, intitule)):
            values += [(rang, f"{porteur} {value}") for porteur in (siren, qui) if porteur and value]
        for rang, value in values:
            yield rang, f"{appel} {millesime} {value}", operation, convention, entree, nom


def _paires(operations: Sequence[_Operation], rang: int) -> Iterator[tuple[_Operation, _Operation]]:
    """Each operation of a group with the first other one that it may be."""
    unnumbered = [item for item in operations if not item.convention][:2]
    for une in operations:
        others: Iterable[_Operation] = operations[:2]
        if rang != _CONVENTION and une.convention:
            others = unnumbered
        for autre in others:
            if autre.operation != une.operation:
                yield une, autre
                break


def _motif(autre: _Operation, trait: str) -> str:
    return (
        f"Peut-être la même opération que {autre.operation}, de « {autre.nom} » ({trait}), mais comptée à part : "
        "si c'en est une version, donnez aux deux classeurs le même SIRET et le même numéro de convention, ou à défaut "
        "la même date de début."
    )
