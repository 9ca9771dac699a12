"""What changed for people between their entry and their exit: objectives, attendance, housing, obstacles, phases."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from re import split
from typing import Any

from aap_xl.appels.model import Appel, Frein
from aap_xl.domain.calendrier import lundi
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.sorties import Taux, sortants
from aap_xl.euros import ZERO
from aap_xl.records import record
from aap_xl.rows import Heure, Participant
from aap_xl.texte import normaliser

EN_PROGRES, STABLE, EN_RECUL = "En progrès", "Stable", "En recul"


@record
class Cites:
    """Items of a list, typed in one cell. ``codes``: those recognised, in order, once; ``inconnus``: other words."""

    codes: tuple[str, ...] = ()
    inconnus: tuple[str, ...] = ()


def cites(texte: str | None, items: Iterable[Any]) -> Cites:
    """The items of a list that a text names, separated by semicolons, commas or lines."""
    known = {normaliser(mot): item.code for item in items for mot in (item.libelle, item.code, *item.alias)}
    words = [mot.strip() for mot in split(r"[;,\n]", texte or "") if mot.strip()]
    codes = dict.fromkeys(known[form] for form in map(normaliser, words) if form in known)
    return Cites(tuple(codes), tuple(mot for mot in words if normaliser(mot) not in known))


def freins(texte: str | None, appel: Appel) -> frozenset[str]:
    """The obstacles that a cell names; none for « Aucun »."""
    return frozenset(cites(texte, appel.elements.get("freins", ())).codes) - {Frein.AUCUN}


@once
def freins_avant_apres(donnees: Donnees) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The obstacles at the entry and at the exit of each person who left with both known."""
    return [
        (freins(p.freins_entree, donnees.appel), freins(p.freins_sortie, donnees.appel))
        for p in sortants(donnees)
        if p.freins_entree and p.freins_sortie
    ]


def mds_du_dossier(donnees: Donnees) -> frozenset[str]:
    """The territories that the form declares; none, so that nobody is outside, while one of them is not known.

    A call whose form declares no others holds on the whole Département.
    """
    o = donnees.operation
    others = cites(o.autres_mds, donnees.appel.mds)
    if o.mds is None or others.inconnus or "autres_mds" not in donnees.appel.classeur.operation:
        return frozenset()
    return frozenset((o.mds, *others.codes))


def presence(p: Participant) -> Taux | None:
    """Half-days signed among those planned; ``None`` if one of the two says nothing."""
    planned, signed = p.demi_journees_prevues, p.demi_journees_emargees
    if planned is None or signed is None or planned <= 0 or signed < 0:
        return None
    return Taux(signed, planned)


def presences(participants: Iterable[Participant]) -> Taux:
    """Half-days signed among those planned, of the people for whom both are known."""
    known = [taux for p in participants if (taux := presence(p))]
    return Taux(sum(t.numerateur for t in known), sum(t.denominateur for t in known))


def evolution(avant: str | None, apres: str | None, ordre: Sequence[Any]) -> str:
    """How a level changed on a scale, lowest first: ``""`` if one of the two is not known."""
    ranks = {item.code: rank for rank, item in enumerate(ordre)}
    if avant not in ranks or apres not in ranks:
        return ""
    change = ranks[apres] - ranks[avant]
    return EN_PROGRES if change > 0 else EN_RECUL if change < 0 else STABLE


def employabilite(p: Participant, appel: Appel) -> str:
    """How a person's employability changed, from entry to exit."""
    return evolution(p.employabilite_entree, p.employabilite_sortie, appel.elements.get("employabilites", ()))


Semaine = tuple[date, Decimal, Heure]
"""A Monday, the hours worked that week, the line that says so."""


@once
def semaines(donnees: Donnees) -> dict[str, list[Semaine]]:
    """The weeks of each person, by code without case, in order; a line without a week or its hours is left out."""
    found: dict[str, list[Semaine]] = {}
    for h in donnees.heures:
        if h.participant and h.semaine and h.travail is not None:
            found.setdefault(h.participant.casefold(), []).append((lundi(h.semaine), h.travail, h))
    return {code: sorted(weeks, key=lambda week: week[0]) for code, weeks in found.items()}


def baisses(weeks: Sequence[Semaine], tolerance: Decimal = ZERO) -> list[tuple[Semaine, Semaine]]:
    """Each week that is below the one written before it by more than some hours, after that one."""
    return [(before, after) for before, after in pairwise(weeks) if before[1] - after[1] > tolerance]


def heures_de_l_equipe(donnees: Donnees, champ: str) -> dict[date, Decimal]:
    """Hours that the team gave, by Monday; only the weeks for which some are written."""
    found: dict[date, Decimal] = {}
    for h in donnees.heures:
        given: Decimal | None = getattr(h, champ)
        if h.semaine and given is not None:
            found[lundi(h.semaine)] = found.get(lundi(h.semaine), ZERO) + given
    return found
