"""The class of an exit by the call's decision table: the first line that matches, and never a guessed length."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from aap_xl.appels.model import Appel, Contrat, Ligne, Seuil, Situation
from aap_xl.appels.model.sorties import tries
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


def _first_match(lignes: Sequence[Ligne], reached: Mapping[Seuil, bool]) -> Ligne | None:
    """The first line whose limits a contract respects, by the thresholds it reaches."""
    return next((ligne for ligne in lignes if ligne.si.retient(reached.__getitem__)), None)


def atteint(seuil: Seuil, debut: date | None, fin: date | None, mois: Decimal | None) -> bool | None:
    """Whether a contract reaches a threshold, by its two dates or else its minimum duration; ``None`` if unknown."""
    if debut and fin:
        return lasts(debut, fin, seuil.mois, strict=seuil.strict) if fin >= debut else None
    if mois is None or mois <= 0:
        return None
    return mois > seuil.mois if seuil.strict else mois >= seuil.mois


def _durations(
    situation: Situation, seuils: Sequence[Seuil], debut: date | None, fin: date | None, mois: Decimal | None
) -> list[dict[Seuil, bool]]:
    """Which thresholds the contract reaches: one answer when its length is known, else every possible one."""
    known = {seuil: atteint(seuil, debut, fin, mois) for seuil in seuils}
    if None not in known.values():
        return [{seuil: bool(reached) for seuil, reached in known.items()}]
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
    known = appel.sorties.situations_par_code.get(situation) if situation else None
    if known is None:
        return Classement(raison="la situation à la sortie manque")
    lignes = [ligne for ligne in appel.sorties.classement if known.code in ligne.si.situation]
    seuils = tries(lignes)
    found = [_first_match(lignes, reached) for reached in _durations(known, seuils, debut, fin, mois)]
    ligne = found[0]
    if len({match and match.classe for match in found}) > 1:
        return Classement(raison=_DUREE_INCONNUE)
    if ligne is None:
        return Classement(raison="aucune ligne de la table de décision ne prévoit ce cas")
    if any(match and match.validation for match in found) and not validee:
        return Classement(ligne=ligne, raison=_VALIDATION)
    return Classement(ligne.classe, ligne, raison=ligne.a_verifier)
