"""What the dates of a contract prove: that it is the one held on the day observed, at exit or at a follow-up point.

A fault is the code of the rule that tells it. While the call holds that rule to be blocking, the contract proves
nothing: the class stays « À qualifier », here and in the workbook's formulas.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

from aap_xl.anomalies import Gravite
from aap_xl.appels.model import Appel
from aap_xl.domain.calendrier import add_months
from aap_xl.rows import Participant

TROP_TARD, DEJA_FINI, PAS_COMMENCE, ANNEE, ROMPU_A_TORT = "S18", "S19", "S20", "S21", "S24"
AVANT_L_HEURE, FINI_AU_SUIVI = "S16", "S17"
FAUTES = frozenset((TROP_TARD, DEJA_FINI, PAS_COMMENCE, ANNEE, ROMPU_A_TORT, AVANT_L_HEURE, FINI_AU_SUIVI))

_A_LA_SORTIE = frozenset(("debut_contrat", "fin_contrat", "rupture_contrat"))
_AU_SUIVI = frozenset(("debut_contrat_suivi", "fin_contrat_suivi"))
"""Dates which, when they are typed and mean none (2502), prove nothing either."""


@cache
def bloquantes(appel: Appel) -> frozenset[str]:
    """The faults for which a contract proves nothing in this call."""
    return frozenset(code for code in FAUTES & appel.regles.keys() if appel.regles[code].gravite is Gravite.BLOQUANTE)


def fin_reelle(p: Participant) -> date | None:
    """The last day of the contract held at exit: the planned one, or the day it was broken."""
    return min(filter(None, (p.fin_contrat, p.rupture_contrat)), default=None)


def fin_reelle_suivi(p: Participant) -> date | None:
    """The last day of the contract named at the follow-up, broken when it is the one held at exit and that was."""
    same = p.debut_contrat_suivi is not None and p.debut_contrat_suivi == p.debut_contrat
    return min(filter(None, (p.fin_contrat_suivi, p.rupture_contrat if same else None)), default=None)


def annee_impossible(le: date, sortie: date, appel: Appel) -> bool:
    """Whether nobody can mean the year of a date, so far is it from the exit's."""
    ecart = appel.sorties.preuve.ecart_annees if appel.sorties else None
    return ecart is not None and abs(le.year - sortie.year) > ecart


def limite_debut(p: Participant, appel: Appel) -> date | None:
    """The last day on which the contract held at exit may start; ``None`` if the call sets no limit."""
    mois = appel.sorties.debut_mois(p.situation) if appel.sorties else None
    return None if mois is None or p.date_sortie is None else add_months(p.date_sortie, mois)


def premier_jour_suivi(sortie: date, appel: Appel) -> date | None:
    """The first day of a follow-up point; ``None`` if the call has none."""
    mois, avance = appel.operation.suivi_mois, appel.sorties.preuve.suivi_avance_mois if appel.sorties else None
    return None if mois is None else add_months(sortie, mois - (avance or 0))


def dernier_jour_suivi(sortie: date, appel: Appel) -> date | None:
    """The last day of a follow-up point; ``None`` if the call sets no limit."""
    mois, retard = appel.operation.suivi_mois, appel.sorties.preuve.suivi_retard_mois if appel.sorties else None
    return None if mois is None or retard is None else add_months(sortie, mois + retard)


def fautes_sortie(p: Participant, appel: Appel) -> Iterator[str]:
    """What the dates at exit do not prove."""
    if p.illisibles & _A_LA_SORTIE:
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


def fautes_suivi(p: Participant, appel: Appel) -> Iterator[str]:
    """What the dates at the follow-up do not prove."""
    if p.illisibles & _AU_SUIVI:
        yield ANNEE
    le, debut, fin = p.date_suivi, p.debut_contrat_suivi, fin_reelle_suivi(p)
    if p.date_sortie:
        premier = premier_jour_suivi(p.date_sortie, appel)
        if le and premier and le < premier:
            yield AVANT_L_HEURE
        if any(annee_impossible(day, p.date_sortie, appel) for day in (debut, p.fin_contrat_suivi) if day):
            yield ANNEE
    if le:
        if fin and fin < le:
            yield FINI_AU_SUIVI
        if debut and debut > le:
            yield PAS_COMMENCE
