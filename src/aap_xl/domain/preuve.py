"""What the dates of a contract prove: that it is the one held on the day observed, at exit or at a follow-up point.

A fault is the code of the rule that tells it. While the call holds that rule to be blocking, the contract proves
nothing: the class stays « À qualifier », here and in the workbook's formulas.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

from aap_xl.anomalies import Gravite
from aap_xl.appels.model import SORTIE, Appel, Volet
from aap_xl.domain.calendrier import add_months
from aap_xl.rows import Participant

TROP_TARD, DEJA_FINI, PAS_COMMENCE, ANNEE, ROMPU_A_TORT = "S18", "S19", "S20", "S21", "S24"
AVANT_L_HEURE, FINI_AU_SUIVI = "S16", "S17"
FAUTES = frozenset((TROP_TARD, DEJA_FINI, PAS_COMMENCE, ANNEE, ROMPU_A_TORT, AVANT_L_HEURE, FINI_AU_SUIVI))


@cache
def bloquantes(appel: Appel) -> frozenset[str]:
    """The faults for which a contract proves nothing in this call."""
    return frozenset(code for code in FAUTES & appel.regles.keys() if appel.regles[code].gravite is Gravite.BLOQUANTE)


def dates(p: Participant, volet: Volet) -> tuple[date | None, date | None]:
    """The planned first and last days of the contract named at a moment."""
    return getattr(p, volet.debut), getattr(p, volet.fin)


def fin_reelle(p: Participant, volet: Volet = SORTIE) -> date | None:
    """The last day of the contract: the planned one, or the day it was broken if it is the one held at exit."""
    debut, fin = dates(p, volet)
    held = not volet.mois or (debut is not None and debut == p.debut_contrat)
    return min(filter(None, (fin, p.rupture_contrat if held else None)), default=None)


def annee_impossible(le: date, sortie: date, appel: Appel) -> bool:
    """Whether nobody can mean the year of a date, so far is it from the exit's."""
    ecart = appel.sorties.preuve.ecart_annees if appel.sorties else None
    return ecart is not None and abs(le.year - sortie.year) > ecart


def limite_debut(p: Participant, appel: Appel) -> date | None:
    """The last day on which the contract held at exit may start; ``None`` if the call sets no limit."""
    mois = appel.sorties.debut_mois(p.situation) if appel.sorties else None
    return None if mois is None or p.date_sortie is None else add_months(p.date_sortie, mois)


def premier_jour(sortie: date, point: Volet) -> date:
    """The first day of a follow-up point."""
    return add_months(sortie, point.mois - point.avance)


def dernier_jour(sortie: date, point: Volet) -> date | None:
    """The last day of a follow-up point; ``None`` if the call sets no limit."""
    return None if point.retard is None else add_months(sortie, point.mois + point.retard)


def fautes_sortie(p: Participant, appel: Appel) -> Iterator[str]:
    """What the dates at exit do not prove; one that is typed and means none (2502) proves nothing either."""
    if p.illisibles & {"debut_contrat", "fin_contrat", "rupture_contrat"}:
        yield ANNEE
    sortie, debut, fin, rupture = p.date_sortie, p.debut_contrat, fin_reelle(p), p.rupture_contrat
    if sortie:
        limite = limite_debut(p, appel)
        if debut and limite and debut > limite:
            yield TROP_TARD
        if fin and fin < sortie:
            yield DEJA_FINI
        if any(annee_impossible(le, sortie, appel) for le in (debut, p.fin_contrat, rupture) if le):
            yield ANNEE
    if rupture and ((debut and rupture < debut) or (p.fin_contrat and rupture > p.fin_contrat)):
        yield ROMPU_A_TORT


def fautes_suivi(p: Participant, point: Volet, appel: Appel) -> Iterator[str]:
    """What the dates at a follow-up point do not prove."""
    if p.illisibles & {point.debut, point.fin}:
        yield ANNEE
    le: date | None = getattr(p, point.date)
    (debut, prevue), fin = dates(p, point), fin_reelle(p, point)
    if p.date_sortie:
        if le and le < premier_jour(p.date_sortie, point):
            yield AVANT_L_HEURE
        if any(annee_impossible(day, p.date_sortie, appel) for day in (debut, prevue) if day):
            yield ANNEE
    if le:
        if fin and fin < le:
            yield FINI_AU_SUIVI
        if debut and debut > le:
            yield PAS_COMMENCE
