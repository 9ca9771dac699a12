"""What every part of an invented operation is built on: its dates, its size, the day it is checked."""

import datetime as dt
from dataclasses import dataclass, field

from aap_xl.appels.model import Appel
from retours.saisies import Ligne, Retouches

LE = dt.date(2025, 12, 15)
"""The day every return is checked on."""
JOUR = dt.timedelta(days=1)
SEMAINE = dt.timedelta(days=7)


@dataclass
class Faits:
    """One operation, as typed (codes for choices).

    Attributes: revenus: the codes of people who came back, whose lines no error touches;
                inevitables: anomalies that a clean return of this size has all the same, as (code, table, row, field).
    """

    appel: Appel
    operation: Ligne
    tables: dict[str, list[Ligne]]
    retouches: Retouches = field(default_factory=Retouches)
    revenus: set[str] = field(default_factory=set)
    inevitables: list[tuple[str, str, Ligne | None, str]] = field(default_factory=list)

    @property
    def debut(self) -> dt.date:
        jour: dt.date = self.operation["date_debut"]
        return jour

    @property
    def fin(self) -> dt.date:
        jour: dt.date = self.operation["date_fin"]
        return jour

    @property
    def terminee(self) -> bool:
        return self.fin < LE


def mois_apres(jour: dt.date, mois: int) -> dt.date:
    """The same day some months later, the month's last one if it is shorter: our own count, not the package's."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    suivant = dt.date(annee + (rang == 11), (rang + 1) % 12 + 1, 1)
    return min(dt.date(annee, rang + 1, 1) + (jour.day - 1) * JOUR, suivant - JOUR)


def capacite(appel: Appel, debut: dt.date, fin: dt.date) -> int:
    """How many people the call lets an operation of these dates have."""
    par_an = appel.operation.personnes_par_an
    months = next(n for n in range(1, 14) if mois_apres(debut, n) > fin)
    return 10**6 if par_an is None else -(-par_an * months // 12)
