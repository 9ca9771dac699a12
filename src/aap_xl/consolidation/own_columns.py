"""The columns that only one call has, as lines: no call's table needs a column for them. A text is never published."""

from datetime import date
from decimal import Decimal
from typing import Any

from aap_xl.appels.model import ColonnePropre, TypeColonne
from aap_xl.consolidation.cells import Colonnes, centimes, mois
from aap_xl.domain.data import Donnees
from aap_xl.francais import oui_non
from aap_xl.rows import Operation, Participant

_TEXTES = (TypeColonne.TEXTE, TypeColonne.TEXTE_LONG)


def publiees(d: Donnees) -> list[ColonnePropre]:
    """The columns of the call's own that are published: choices, answers, numbers, and dates as months."""
    return [item for item in d.appel.colonnes if item.type not in _TEXTES]


def lignes(d: Donnees, names: list[str]) -> Colonnes:
    """One line for each cell that is filled.

    Args: names: the participants' pseudonyms.
    """
    found: Colonnes = {"feuille": [], "ligne": [], "pseudonyme": [], "colonne": [], "valeur": [], "nombre": []}
    for item in publiees(d):
        rows = [d.operation] if item.table == Operation.table else d.rows(item.table)
        people = names if item.table == Participant.table else [None] * len(rows)
        for row, nom in zip(rows, people, strict=True):
            value = getattr(row, item.code)
            if value is not None:
                texte, nombre = _cell(value, item, d)
                line = (row.feuille, row.ligne, nom, row.champs[item.code].entete, texte, nombre)
                for column, cell in zip(found, line, strict=True):
                    found[column].append(cell)
    return found


def _cell(value: Any, item: ColonnePropre, d: Donnees) -> tuple[str | None, int | None]:
    """A value as a text, or as a number."""
    if isinstance(value, bool):
        return oui_non(value), None
    if isinstance(value, date):
        return mois(value), None
    if isinstance(value, (int, Decimal)):
        return None, centimes(value)
    return d.appel.libelle(item.liste, value), None
