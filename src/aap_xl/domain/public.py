"""The public of a call: who belongs to it, age bands, and the share of BRSA."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise

from aap_xl.appels.model import Appel, Critere
from aap_xl.domain.calendrier import age
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.personnes import derniers_par_action, entre, entres
from aap_xl.domain.sorties import Taux
from aap_xl.rows import Participant

AGE_INCONNU = "Âge inconnu"


def age_entree(p: Participant) -> int | None:
    """Completed years on the entry day; ``None`` if a date is unknown."""
    if p.date_naissance is None or p.date_entree is None:
        return None
    return age(p.date_naissance, p.date_entree)


def _conditions(p: Participant, critere: Critere) -> Iterator[bool | None]:
    """Each condition of a criterion: held, not held, or unknown because a cell is blank."""
    if critere.brsa is not None:
        yield None if p.brsa is None else p.brsa == critere.brsa
    years = age_entree(p)
    if critere.age_min is not None:
        yield None if years is None else years >= critere.age_min
    if critere.age_max is not None:
        yield None if years is None else years <= critere.age_max
    if critere.age_max_exclu is not None:
        yield None if years is None else years < critere.age_max_exclu
    if critere.hebergement:
        yield None if p.hebergement is None else p.hebergement in critere.hebergement
    if critere.logement_dabord is not None:
        yield None if p.logement_dabord is None else p.logement_dabord == critere.logement_dabord


def _holds(p: Participant, critere: Critere) -> bool | None:
    unknown = False
    for held in _conditions(p, critere):
        if held is False:
            return False
        unknown = unknown or held is None
    return None if unknown else True


def criteres(p: Participant, appel: Appel) -> list[Critere]:
    """The criteria that hold for a person; one that cannot be read does not."""
    return [critere for critere in appel.public.criteres if _holds(p, critere)] if appel.public else []


def eligible(p: Participant, appel: Appel) -> bool | None:
    """Whether a person belongs to the public: at least one criterion holds.

    Returns: ``None`` when a blank or unreadable cell leaves it open, or when the call states no public.
    """
    if appel.public is None:
        return None
    unknown = False
    for critere in appel.public.criteres:
        held = _holds(p, critere)
        if held:
            return True
        unknown = unknown or held is None
    return None if unknown else False


def tranches(appel: Appel) -> list[str]:
    """The age bands of the call, youngest first; none if it states no public."""
    return list(_tranches(appel))


@cache
def _tranches(appel: Appel) -> tuple[str, ...]:
    bounds = appel.public.tranches_age if appel.public else ()
    if not bounds:
        return ()
    middle = [f"{low} à {high - 1} ans" if high - low > 1 else f"{low} ans" for low, high in pairwise(bounds)]
    return f"Moins de {bounds[0]} ans", *middle, f"{bounds[-1]} ans et plus"


def tranche_age(age: int | None, appel: Appel) -> str:
    """The band of an age, « Âge inconnu » if it is not known."""
    names = _tranches(appel)
    if age is None or appel.public is None or not names:
        return AGE_INCONNU
    return names[sum(age >= bound for bound in appel.public.tranches_age)]


def entres_de_l_action(donnees: Donnees, action: str) -> list[Participant]:
    """The persons who entered an action (its code without case), each by the last stay there."""
    return [p for p in derniers_par_action(donnees).get(action.casefold(), ()) if entre(p)]


def majorite(donnees: Donnees, action: str | None = None) -> Taux:
    """BRSA among the persons who entered the operation, or one action.

    Source: 3.3, « Public cible ».
    """
    people = entres(donnees) if action is None else entres_de_l_action(donnees, action)
    return Taux(sum(p.brsa is True for p in people), len(people))


def majoritaire(taux: Taux, appel: Appel) -> bool | None:
    """Whether a share reaches the majority as the call understands it.

    Returns: ``None`` when nobody entered or the call asks for no majority.
    """
    if appel.public is None or appel.public.majorite_brsa is None or not taux.denominateur:
        return None
    majority = appel.public.majorite_brsa
    threshold = majority.seuil * taux.denominateur
    count = Decimal(taux.numerateur)
    return count > threshold if majority.strict else count >= threshold


def suivent(donnees: Donnees, action: str) -> list[Participant]:
    """The stays in an action, by its code (without case)."""
    return _par_action(donnees).get(action.casefold(), [])


@once
def _par_action(donnees: Donnees) -> dict[str, list[Participant]]:
    found: dict[str, list[Participant]] = {}
    for p in donnees.participants:
        if p.action:
            found.setdefault(p.action.casefold(), []).append(p)
    return found
