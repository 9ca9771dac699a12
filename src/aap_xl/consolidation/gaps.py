"""What changed in the totals of an operation from one version of its workbook to the one that counts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from aap_xl.euros import format_euros

_MESURES = {
    "entrees": "personnes entrées",
    "parcours": "parcours",
    "sorties": "sorties",
    "dynamiques": "sorties dynamiques",
    "realise": "dépenses",
    "retenu": "dépenses retenues",
    "du": "subvention due",
    "solde": "solde à verser",
    "bloquantes": "anomalies bloquantes",
    "a_verifier": "anomalies à vérifier",
}
"""Columns of « operations », as they are told."""
_PERSONNES = frozenset({"entrees", "parcours", "sorties", "dynamiques"})
EUROS = frozenset({"realise", "retenu", "du", "solde"})
"""The amounts among them."""


Totaux = Mapping[str, Any]
"""A line of « operations »: its columns, of every type."""


class Ecart(NamedTuple):
    """One total that changed. ``mesure``: its column in « operations »; ``None`` stands for an unknown total."""

    mesure: str
    avant: Decimal | int | None
    apres: Decimal | int | None


def ecarts(ancien: Totaux, nouveau: Totaux) -> list[Ecart]:
    """The totals that changed between two lines of « operations »."""
    return [Ecart(nom, ancien[nom], nouveau[nom]) for nom in _MESURES if ancien[nom] != nouveau[nom]]


def phrase(changes: Iterable[Ecart], masque: str = "") -> str:
    """``personnes entrées 12 → 15 ; dépenses 1 200,00 € → 1 350,00 €``.

    Args: masque: what stands for counts of persons, if they may not be told.
    """
    return " ; ".join(_mots(item, masque) for item in changes) or "aucun écart dans les totaux"


def _mots(item: Ecart, masque: str) -> str:
    if masque and item.mesure in _PERSONNES:
        return f"{_MESURES[item.mesure]} {masque}"
    return f"{_MESURES[item.mesure]} {_montre(item.mesure, item.avant)} → {_montre(item.mesure, item.apres)}"


def _montre(mesure: str, value: Decimal | int | None) -> str:
    if value is None:
        return "non connu"
    return format_euros(Decimal(value)) if mesure in EUROS else f"{value:.0f}"
