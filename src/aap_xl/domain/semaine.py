"""The week to prepare in « Heures »: which one comes next, and who is there."""

from datetime import date, timedelta

from aap_xl.domain.calendrier import lundi
from aap_xl.domain.data import Donnees, once

_WEEK = timedelta(days=7)


@once
def suivante(donnees: Donnees) -> date | None:
    """The Monday after the last week written, else the operation's first; ``None`` while neither is known."""
    last = max((h.semaine for h in donnees.heures if h.semaine), default=None)
    if last is not None:
        return lundi(last) + _WEEK
    debut = donnees.operation.date_debut
    return lundi(debut) if debut else None


@once
def presents(donnees: Donnees) -> list[str]:
    """The codes of the people who are there a day of that week, each once; nobody after the operation."""
    week, fin = suivante(donnees), donnees.operation.date_fin
    if week is None or (fin is not None and week > fin):
        return []
    found: dict[str, str] = {}
    for p in donnees.participants:
        if p.code and p.date_entree and p.date_entree < week + _WEEK and not (p.date_sortie and p.date_sortie < week):
            found.setdefault(p.code.casefold(), p.code)
    return list(found.values())
