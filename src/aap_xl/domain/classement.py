"""The class of an exit by the call's decision table: the first line that matches, and never a guessed length."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from aap_xl.appels.model import Appel, Contrat, Ligne, Situation
from aap_xl.domain.calendrier import lasts
from aap_xl.records import record


@record
class Classement:
    """What the decision table says of one exit.

    Attributes: classe: code of the class, ``None`` if it is still to be settled; ligne: the line that decided;
                forcee: the officer's own class; raison: why there is no class, or why this one needs a look.
    """

    classe: str | None = None
    ligne: Ligne | None = None
    forcee: bool = False
    raison: str = ""


_SANS_TERME = (Contrat.DEBUT, Contrat.TERME_POSSIBLE)
_DUREE_INCONNUE = "la durée du contrat n'est pas connue : indiquez ses deux dates ou sa durée minimale"
_VALIDATION = "une raison écrite et la validation de l'instructeur sont nécessaires"


def _first_match(lignes: Sequence[Ligne], months: dict[int, bool]) -> Ligne | None:
    """The first line whose limits a contract respects; ``months`` says which of them it reaches."""
    for ligne in lignes:
        long_enough = ligne.si.mois_min is None or months[ligne.si.mois_min]
        too_long = ligne.si.mois_max is not None and months[ligne.si.mois_max]
        if long_enough and not too_long:
            return ligne
    return None


def _durations(
    situation: Situation, seuils: Sequence[int], debut: date | None, fin: date | None, mois: Decimal | None
) -> list[dict[int, bool]]:
    """Which thresholds the contract reaches: one answer when its length is known, else every possible one."""
    if debut and fin and fin >= debut:
        return [{seuil: lasts(debut, fin, seuil) for seuil in seuils}]
    if not (debut and fin):
        if mois is not None and mois > 0:
            return [{seuil: mois >= seuil for seuil in seuils}]
        if situation.contrat in _SANS_TERME and fin is None and mois is None:
            return [dict.fromkeys(seuils, True)]
    return [{seuil: rank < reached for rank, seuil in enumerate(seuils)} for reached in range(len(seuils) + 1)]


@lru_cache(maxsize=4096)
def classer(
    appel: Appel, situation: str | None, debut: date | None, fin: date | None, mois: Decimal | None, *, validee: bool
) -> Classement:
    """The class of a situation: first matching line of the call's decision table.

    Args:    situation: code of the situation; debut, fin: the contract's first and last days; mois: its minimum
             duration, used only when a date is missing; validee: reason written and exit validated by an officer.
    Returns: the class; ``None`` with the reason when the sheet does not settle it. An unknown length is no
             obstacle when every length gives the same class; an end before the start, or a duration of no month,
             is an unknown length.
    Source:  the call, « Sorties dynamiques ».
    """
    if appel.sorties is None:
        return Classement(raison="l'appel à projets ne suit pas les sorties")
    known = appel.sorties.situations_par_code.get(situation or "")
    if known is None:
        return Classement(raison="la situation à la sortie manque")
    lignes = [ligne for ligne in appel.sorties.classement if known.code in ligne.si.situation]
    seuils = sorted({n for ligne in lignes for n in (ligne.si.mois_min, ligne.si.mois_max) if n is not None})
    found = [_first_match(lignes, months) for months in _durations(known, seuils, debut, fin, mois)]
    ligne = found[0]
    if len({match and match.classe for match in found}) > 1:
        return Classement(raison=_DUREE_INCONNUE)
    if ligne is None:
        return Classement(raison="aucune ligne de la table de décision ne prévoit ce cas")
    if any(match and match.validation for match in found) and not validee:
        return Classement(ligne=ligne, raison=_VALIDATION)
    return Classement(ligne.classe, ligne, raison=ligne.a_verifier)
