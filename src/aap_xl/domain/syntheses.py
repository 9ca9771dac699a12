"""The Python mirror of the workbook's synthesis cells: « Budget », « Tableau de bord », and the formulas of « Listes ».

A key is ``sheet.name`` or ``sheet.name:argument``, where the argument is a code of the call's lists.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from aap_xl.appels.model import SORTIE, Volet
from aap_xl.domain import activite, budget, indicateurs, parcours, personnes, public, semaine, solde, sorties
from aap_xl.domain.calendrier import (
    FIN_CONVENTION,
    FIN_OPERATION,
    comites_attendus,
    echeance_bilan,
    echeances_bilan,
    last_day,
    mois_complets,
    mois_entames,
    trimestre,
)
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.domain.syntheses_budget import BUDGET, Calcul, depense_totale, formulaire
from aap_xl.rows import Participant

OUI, NON = "Oui", "Non"


def calculer(cle: str, donnees: Donnees) -> Calcul:
    """What a synthesis cell shows.

    Args:   cle: a key of the workbook's layout.
    Raises: KeyError if the key has no mirror.
    """
    nom, _, argument = cle.partition(":")
    return SYNTHESE[nom](donnees, *([argument] if argument else []))


def _fraction(taux: Taux) -> str | None:
    return str(taux) if taux.denominateur else None


def _people(d: Donnees, test: Callable[[Participant], bool]) -> Taux:
    """Among the people who entered, those who pass a test."""
    entered = personnes.entres(d)
    return Taux(sum(test(p) for p in entered), len(entered))


def _present(d: Donnees) -> Taux:
    return _people(d, lambda p: not personnes.sorti(p))


def _brsa(d: Donnees) -> Taux:
    return _people(d, lambda p: p.brsa is True)


def _by(champ: str) -> Callable[[Donnees, str], Taux]:
    return lambda d, code: _people(d, lambda p: getattr(p, champ) == code)


def _by_age(d: Donnees, rang: str) -> Taux:
    """Among the people who entered, those of one age band, by its rank."""
    band = public.tranches(d.appel)[int(rang)]

    def inside(p: Participant) -> bool:
        years = public.age_entree(p)
        return years is not None and years >= 0 and public.tranche_age(years, d.appel) == band

    return _people(d, inside)


def _majority(d: Donnees) -> str | None:
    answer = public.majoritaire(_brsa(d), d.appel)
    return None if answer is None else OUI if answer else NON


def _present_code(d: Donnees, rang: str) -> str | None:
    """The code of one of the people present in the week to prepare, by rank from 1."""
    return dict(enumerate(semaine.presents(d), 1)).get(int(rang))


def _with_objective(d: Donnees) -> list[Participant]:
    return [p for p in sorties.sortants(d) if not p.manque("objectif")]


def _by_result(d: Donnees, code: str) -> Taux:
    people = _with_objective(d)
    return Taux(sum(p.resultat == code for p in people), len(people))


def _housed(d: Donnees, champ: str, code: str) -> int:
    """People out whose housing is known at the entry and at the exit, and is this one."""
    known = [p for p in sorties.sortants(d) if not (p.manque("hebergement") or p.manque("hebergement_sortie"))]
    return sum(getattr(p, champ) == code for p in known)


def _evolutions(d: Donnees) -> list[str]:
    return [found for p in sorties.sortants(d) if (found := parcours.employabilite(p, d.appel))]


def _classe(d: Donnees, code: str = "") -> Taux:
    return sorties.taux_classe(d, code or None)


def _reference(d: Donnees, rang: str, volet: Volet = SORTIE) -> Decimal | None:
    assert d.appel.sorties  # noqa: S101 (a call without exits has no such cell)
    classe = d.appel.sorties.references[int(rang)].classe
    return (sorties.taux_classe(d, classe, volet) if classe else sorties.taux_dynamique(d, volet)).valeur


def _elapsed(d: Donnees) -> int | None:
    debut, fin = d.operation.date_debut, d.operation.date_fin
    if debut is None or fin is None or fin < debut:
        return None
    return mois_complets(debut, min(d.aujourdhui, fin))


def _length(d: Donnees) -> int | None:
    debut, fin = d.operation.date_debut, d.operation.date_fin
    return None if debut is None or fin is None or fin < debut else mois_entames(debut, fin)


def _next_committee(d: Donnees) -> date | None:
    """Last day of the current period, by which a committee should meet; ``None`` once the operation is over."""
    debut, fin = d.operation.date_debut, d.operation.date_fin
    months = d.appel.comites.intervalle_mois if d.appel.comites else None
    if debut is None or fin is None or fin < debut or months is None or d.aujourdhui > fin:
        return None
    return min(fin, last_day(debut, months * max(1, trimestre(debut, d.aujourdhui, months))))


def _links(d: Donnees, code: str) -> tuple[int, int]:
    return next((number, people) for item, number, people in activite.liens(d) if item == code)


def _indicator_fraction(d: Donnees, code: str) -> str | None:
    found = indicateurs.fraction(indicateurs.par_code(d, code), d)
    return None if found is None else str(found)


def _indicator_reached(d: Donnees, code: str) -> str | None:
    reached = indicateurs.atteint(indicateurs.par_code(d, code), d)
    return None if reached is None else OUI if reached else NON


def _spent_share(d: Donnees) -> Decimal | None:
    planned = budget.total_prevu(d)
    return depense_totale(d) / planned if planned else None


def _number(rate: Callable[..., Taux]) -> Callable[..., int]:
    return lambda d, *a: rate(d, *a).numerateur


def _text(rate: Callable[..., Taux]) -> Callable[..., str | None]:
    return lambda d, *a: _fraction(rate(d, *a))


def _share(rate: Callable[..., Taux]) -> Callable[..., Decimal | None]:
    return lambda d, *a: rate(d, *a).valeur


def _trio(nom: str, rate: Callable[..., Taux]) -> dict[str, Callable[..., Calcul]]:
    """A counter's three cells: the number, the fraction, the rate."""
    return {f"bord.{nom}": _number(rate)} | _pair(nom, rate)


def _pair(nom: str, rate: Callable[..., Taux]) -> dict[str, Callable[..., Calcul]]:
    """The fraction and the rate."""
    return {f"bord.{nom}_fraction": _text(rate), f"bord.{nom}_part": _share(rate)}


def _count(nom: str, rate: Callable[..., Taux]) -> dict[str, Callable[..., Calcul]]:
    """The number and the rate."""
    return {f"bord.{nom}": _number(rate), f"bord.{nom}_part": _share(rate)}


def _at_point(nom: str, ou: str = "") -> dict[str, Callable[..., Calcul]]:
    """The counts of a follow-up point; ``ou``: what ends the keys of those that the last one names shortly."""

    def point(d: Donnees) -> Volet:
        return next(item for item in d.appel.points if item.nom == nom)

    def by_class(d: Donnees, code: str = "") -> Taux:
        return sorties.taux_classe(d, code or None, point(d))

    def state(d: Donnees, etat: str) -> int:
        return sum(sorties.etat_suivi(p, point(d), d).casefold() == etat for p in d.participants)

    return {
        **_count(nom, by_class),
        **_count(f"{nom}_ouvertes", by_class),
        f"bord.echues{ou}": lambda d: len(sorties.observes(d, point(d))),
        f"bord.etat{ou}": state,
        **_pair(f"dynamiques_{nom}", lambda d: sorties.taux_dynamique(d, point(d))),
        **_pair(f"hors_retraits_{nom}", lambda d: sorties.taux_dynamique(d, point(d), hors_retraits=True)),
        **_pair(f"visees_{nom}", lambda d: sorties.taux_visees(d, point(d))),
        f"bord.repere_{nom}": lambda d, rang: _reference(d, rang, point(d)),
    }


SYNTHESE: Mapping[str, Callable[..., Calcul]] = {
    "aujourdhui": lambda d: d.aujourdhui,
    **BUDGET,
    "semaine.lundi": semaine.suivante,
    "semaine.presents": lambda d: min(len(semaine.presents(d)), d.appel.classeur.tables["participants"].lignes),
    "semaine.participant": _present_code,
    "semaine.jour": lambda d, rang: semaine.suivante(d) if _present_code(d, rang) else None,
    "bord.porteur": formulaire("porteur"),
    "bord.intitule": formulaire("intitule"),
    "bord.convention": formulaire("convention"),
    "bord.debut": formulaire("date_debut"),
    "bord.fin": formulaire("date_fin"),
    "bord.jour": lambda d: d.aujourdhui,
    "bord.mois_ecoules": _elapsed,
    "bord.mois_operation": _length,
    "bord.prevues": formulaire("personnes_prevues"),
    "bord.entrees": lambda d: len(personnes.entres(d)),
    "bord.parcours": lambda d: sum(map(personnes.entre, d.participants)),
    "bord.parcours_finis": lambda d: sum(map(personnes.sorti, d.participants)),
    **_trio("presents", _present),
    "bord.sorties": lambda d: len(sorties.sortants(d)),
    **_trio("brsa", _brsa),
    "bord.brsa_majorite": _majority,
    **_trio("logement_dabord", lambda d: _people(d, lambda p: p.logement_dabord is True)),
    **_trio("sexe", _by("sexe")),
    **_trio("mds", _by("mds")),
    **_trio("age", _by_age),
    **_count("classe", _classe),
    **_count("ouvertes", _classe),
    **_at_point("suivi"),
    **_at_point("intermediaire", "_intermediaire"),
    "bord.total_sorties": lambda d: len(sorties.sortants(d)),
    **_pair("dynamiques", sorties.taux_dynamique),
    **_pair("hors_retraits", lambda d: sorties.taux_dynamique(d, hors_retraits=True)),
    **_pair("visees", sorties.taux_visees),
    "bord.objectif": formulaire("objectif_dynamiques"),
    "bord.objectif_visees": formulaire("objectif_visees"),
    **_trio("phase", _by("phase")),
    "bord.avec_objectif": lambda d: len(_with_objective(d)),
    **_trio("resultat", _by_result),
    "bord.demi_journees": lambda d: parcours.presences(d.participants).denominateur,
    **_trio("emargees", lambda d: parcours.presences(d.participants)),
    "bord.logement_avant": lambda d, code: _housed(d, "hebergement", code),
    "bord.logement_apres": lambda d, code: _housed(d, "hebergement_sortie", code),
    "bord.freins_connus": lambda d: len(parcours.freins_avant_apres(d)),
    "bord.freins_avant": lambda d, code: sum(code in before for before, _ in parcours.freins_avant_apres(d)),
    "bord.freins_apres": lambda d, code: sum(code in after for _, after in parcours.freins_avant_apres(d)),
    "bord.freins_leves": lambda d, code: sum(code in a and code not in b for a, b in parcours.freins_avant_apres(d)),
    "bord.evolutions": lambda d: len(_evolutions(d)),
    **_trio("evolution", lambda d, word: Taux(_evolutions(d).count(word), len(_evolutions(d)))),
    "bord.repere": _reference,
    "bord.heures": lambda d, champ: getattr(activite.heures(d), champ),
    "bord.immersions": lambda d: sum(not i.manque("participant") for i in d.immersions),
    "bord.comites_tenus": lambda d: len(activite.comites_de_l_operation(d)),
    "bord.comites_attendus": comites_attendus,
    "bord.comite_avant_le": _next_committee,
    "bord.liens": lambda d, code: _links(d, code)[0],
    "bord.liens_personnes": lambda d, code: _links(d, code)[1],
    "bord.indicateur": lambda d, code: indicateurs.calculer(indicateurs.par_code(d, code), d)[0],
    "bord.indicateur_fraction": _indicator_fraction,
    "bord.indicateur_part": lambda d, code: indicateurs.taux(indicateurs.par_code(d, code), d),
    "bord.indicateur_atteint": _indicator_reached,
    "bord.total_prevu": budget.total_prevu,
    "bord.total_depense": depense_totale,
    "bord.total_retenu": budget.total_retenu,
    "bord.part_depensee": _spent_share,
    "bord.votee": formulaire("subvention_votee"),
    "bord.du": lambda d: solde.solde(d).du,
    "bord.solde": lambda d: solde.solde(d).solde,
    "bord.bilan_operation": lambda d: echeances_bilan(d.operation, d.appel).get(FIN_OPERATION),
    "bord.bilan_convention": lambda d: echeances_bilan(d.operation, d.appel).get(FIN_CONVENTION),
    "bord.bilan": lambda d: echeance_bilan(d.operation, d.appel),
}
"""Key, without its argument → the value its formula shows."""
