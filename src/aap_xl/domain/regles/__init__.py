"""The rules, by family; importing this package registers them all in `RULES`."""

from pathlib import Path

from aap_xl.anomalies import RULES
from aap_xl.domain.regles import (
    actions,
    bilan_final,
    budget,
    comites,
    depenses,
    dossier,
    factures,
    fichier,
    formulas,
    heures,
    identites,
    immersions,
    operation,
    parcours,
    participants,
    personnel,
    pieces,
    preuves,
    salaires,
    sorties,
    suivi,
)
from aap_xl.domain.regles.fichier import SPECIFIQUES, code_fait

BESOINS = Path(__file__).with_name("besoins.toml")
"""What each rule can't do without."""

__all__ = [
    "BESOINS",
    "RULES",
    "SPECIFIQUES",
    "actions",
    "bilan_final",
    "budget",
    "code_fait",
    "comites",
    "depenses",
    "dossier",
    "factures",
    "fichier",
    "formulas",
    "heures",
    "identites",
    "immersions",
    "operation",
    "parcours",
    "participants",
    "personnel",
    "pieces",
    "preuves",
    "salaires",
    "sorties",
    "suivi",
]
