"""The Python mirror of the workbook's synthesis cells: « Budget », « Tableau de bord », and the formulas of « Listes ».

A key is ``sheet.name`` or ``sheet.name:argument``, where the argument is a code of the call's lists.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from aap_xl.domain import activite, budget, public, solde, sorties
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
from aap_xl.domain.donnees import Donnees, once
from aap_xl.domain.sorties import Taux
from aap_xl.euros import ZERO, arrondi
from aap_xl.rows import Participant

Calcul = str | int | Decimal | date | None
"""What a computed cell shows; ``None``: nothing."""

EQUILIBRE, ECART = "Équilibré", "Écart à corriger"
RESPECTE, DEPASSE = "Plafond respecté", "Plafond dépassé"
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


# --- Budget -----------------------------------------------------------------------------------------------------------

_PAR_POSTE: dict[str, Callable[[Donnees], Mapping[str, Decimal]]] = {
    "prevu": budget.directes,
    "depense": budget.depense_par_poste,
    "retenu": budget.retenu_par_poste,
}


def _direct(etape: str, d: Donnees) -> Decimal:
    return sum(_PAR_POSTE[etape](d).values(), ZERO)


def _base(etape: str, d: Donnees) -> Decimal:
    amounts = _PAR_POSTE[etape](d)
    return sum((amounts[code] for code in d.appel.budget.charges_indirectes.assiette), ZERO)


def _indirect(etape: str, d: Donnees) -> Decimal:
    return budget.charges_indirectes(_PAR_POSTE[etape](d), d.appel)


def _total(etape: str, d: Donnees) -> Decimal:
    return budget.total_avec_forfait(_PAR_POSTE[etape](d), d.appel)


def _costs() -> dict[str, Callable[..., Calcul]]:
    """Each line of costs: planned, spent, retained, and the gap between the first two."""
    lines: dict[str, Callable[..., Decimal]] = {
        "poste": lambda etape, d, code: _PAR_POSTE[etape](d)[code],
        "directes": _direct,
        "assiette": _base,
        "indirectes": _indirect,
        "total": _total,
    }
    found: dict[str, Callable[..., Calcul]] = {}
    for nom, line in lines.items():
        for etape in _PAR_POSTE:
            found[f"budget.{nom}_{etape}"] = _step(line, etape)
        found[f"budget.{nom}_ecart"] = _gap(line)
    return found


def _step(line: Callable[..., Decimal], etape: str) -> Callable[..., Decimal]:
    return lambda d, *code: line(etape, d, *code)


def _gap(line: Callable[..., Decimal]) -> Callable[..., Decimal]:
    return lambda d, *code: line("prevu", d, *code) - line("depense", d, *code)


def _resource(d: Donnees, code: str) -> solde.LigneRessource:
    return next(item for item in solde.ressources(d) if item.code == code)


def _obtained(d: Donnees) -> Decimal | None:
    amounts = [arrondi(row.realise) for row in d.ressources if row.realise is not None]
    return sum(amounts, ZERO) if amounts else None


def _balance_gap(d: Donnees) -> Decimal:
    return solde.total_ressources(d) - budget.total_prevu(d)


def _balance_verdict(d: Donnees) -> str | None:
    if not (solde.total_ressources(d) or budget.total_prevu(d)):
        return None
    return EQUILIBRE if abs(_balance_gap(d)) <= d.appel.budget.tolerance else ECART


def _ceiling_verdict(d: Donnees) -> str | None:
    asked, ceiling = d.operation.subvention_demandee, d.appel.budget.plafond_subvention
    return None if asked is None or ceiling is None else DEPASSE if asked > ceiling else RESPECTE


def _least(d: Donnees) -> Decimal | None:
    s = solde.solde(d)
    limits = (s.votee, s.plafond, s.intervention, s.besoin)
    return None if s.votee is None else min(limit for limit in limits if limit is not None)


def _budget_code(d: Donnees, rang: str) -> str | None:
    codes = [row.code for rows in (d.personnel, d.charges) for row in rows if row.code]
    return codes[int(rang) - 1] if int(rang) <= len(codes) else None


# --- Tableau de bord --------------------------------------------------------------------------------------------------


@once
def _entered(d: Donnees) -> list[Participant]:
    return [p for p in d.participants if sorties.entre(p)]


def _people(d: Donnees, test: Callable[[Participant], bool]) -> Taux:
    """Among the people who entered, those who pass a test."""
    entered = _entered(d)
    return Taux(sum(test(p) for p in entered), len(entered))


def _present(d: Donnees) -> Taux:
    return _people(d, lambda p: not sorties.sorti(p))


def _brsa(d: Donnees) -> Taux:
    return _people(d, lambda p: p.brsa is True)


def _by(champ: str) -> Callable[[Donnees, str], Taux]:
    return lambda d, code: _people(d, lambda p: getattr(p, champ) == code)


def _by_age(d: Donnees, rang: str) -> Taux:
    """Among the people who entered, those of one age band, by its rank."""
    assert d.appel.public  # noqa: S101 (a call without a public has no such cell)
    bounds = (0, *d.appel.public.tranches_age, 1_000)
    low, high = list(pairwise(bounds))[int(rang)]
    return _people(d, lambda p: (years := public.age_entree(p)) is not None and low <= years < high)


def _majority(d: Donnees) -> str | None:
    answer = public.majoritaire(_brsa(d), d.appel)
    return None if answer is None else OUI if answer else NON


def _classe(d: Donnees, code: str = "") -> Taux:
    return sorties.taux_classe(d, code or None)


def _classe_suivi(d: Donnees, code: str = "") -> Taux:
    return sorties.taux_classe(d, code or None, suivi=True)


def _etat(d: Donnees, etat: str) -> int:
    return sum(sorties.etat_suivi(p, d).casefold() == etat for p in d.participants)


def _reference(d: Donnees, rang: str, *, suivi: bool = False) -> Decimal | None:
    assert d.appel.sorties  # noqa: S101 (a call without exits has no such cell)
    classe = d.appel.sorties.references[int(rang)].classe
    if classe:
        return sorties.taux_classe(d, classe, suivi=suivi).valeur
    return (sorties.taux_suivi if suivi else sorties.taux_dynamique)(d).valeur


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


def _spent_share(d: Donnees) -> Decimal | None:
    planned = budget.total_prevu(d)
    return _total("depense", d) / planned if planned else None


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


def _form(champ: str) -> Callable[[Donnees], Any]:
    return lambda d: getattr(d.operation, champ)


SYNTHESE: Mapping[str, Callable[..., Calcul]] = {
    "aujourdhui": lambda d: d.aujourdhui,
    "listes.ligne_budget": _budget_code,
    **_costs(),
    "budget.hors_budget": budget.hors_budget,
    "budget.ressource_prevu": lambda d, code: _resource(d, code).prevu,
    "budget.ressource_realise": lambda d, code: _resource(d, code).realise,
    "budget.ressources_prevu": solde.total_ressources,
    "budget.ressources_realise": _obtained,
    "budget.equilibre": _balance_gap,
    "budget.equilibre_constat": _balance_verdict,
    "budget.demandee": _form("subvention_demandee"),
    "budget.plafond": lambda d: d.appel.budget.plafond_subvention,
    "budget.plafond_constat": _ceiling_verdict,
    "budget.votee": _form("subvention_votee"),
    "budget.taux": _form("taux_intervention"),
    "budget.retenu": budget.total_retenu,
    "budget.intervention": lambda d: solde.solde(d).intervention,
    "budget.autres_ressources": solde.autres_ressources,
    "budget.besoin": lambda d: solde.solde(d).besoin,
    "budget.minimum": _least,
    "budget.raison": lambda d: solde.solde(d).raison or None,
    "budget.du": lambda d: solde.solde(d).du,
    "budget.avance": _form("avance"),
    "budget.solde": lambda d: solde.solde(d).solde,
    "budget.a_reverser": lambda d: solde.solde(d).a_reverser,
    "bord.porteur": _form("porteur"),
    "bord.intitule": _form("intitule"),
    "bord.convention": _form("convention"),
    "bord.debut": _form("date_debut"),
    "bord.fin": _form("date_fin"),
    "bord.jour": lambda d: d.aujourdhui,
    "bord.mois_ecoules": _elapsed,
    "bord.mois_operation": _length,
    "bord.prevues": _form("personnes_prevues"),
    "bord.entrees": lambda d: len(_entered(d)),
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
    **_count("suivi", _classe_suivi),
    **_count("suivi_ouvertes", _classe_suivi),
    "bord.total_sorties": lambda d: len(sorties.sortants(d)),
    "bord.echues": lambda d: len(sorties.suivis(d)),
    **_pair("dynamiques", sorties.taux_dynamique),
    **_pair("dynamiques_suivi", sorties.taux_suivi),
    **_pair("hors_retraits", lambda d: sorties.taux_dynamique(d, hors_retraits=True)),
    **_pair("hors_retraits_suivi", lambda d: sorties.taux_suivi(d, hors_retraits=True)),
    **_pair("visees", sorties.taux_visees),
    **_pair("visees_suivi", lambda d: sorties.taux_visees(d, suivi=True)),
    "bord.objectif": _form("objectif_dynamiques"),
    "bord.repere": _reference,
    "bord.repere_suivi": lambda d, rang: _reference(d, rang, suivi=True),
    "bord.etat": _etat,
    "bord.heures": lambda d, champ: getattr(activite.heures(d), champ),
    "bord.immersions": lambda d: sum(not i.manque("participant") for i in d.immersions),
    "bord.comites_tenus": lambda d: len(activite.comites_tenus(d)),
    "bord.comites_attendus": comites_attendus,
    "bord.comite_avant_le": _next_committee,
    "bord.liens": lambda d, code: _links(d, code)[0],
    "bord.liens_personnes": lambda d, code: _links(d, code)[1],
    "bord.total_prevu": budget.total_prevu,
    "bord.total_depense": lambda d: _total("depense", d),
    "bord.total_retenu": budget.total_retenu,
    "bord.part_depensee": _spent_share,
    "bord.votee": _form("subvention_votee"),
    "bord.du": lambda d: solde.solde(d).du,
    "bord.solde": lambda d: solde.solde(d).solde,
    "bord.bilan_operation": lambda d: echeances_bilan(d.operation, d.appel).get(FIN_OPERATION),
    "bord.bilan_convention": lambda d: echeances_bilan(d.operation, d.appel).get(FIN_CONVENTION),
    "bord.bilan": lambda d: echeance_bilan(d.operation, d.appel),
}
"""Key, without its argument → the value its formula shows."""
