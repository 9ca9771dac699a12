"""The Python mirror of « Budget » and of the list of budget codes: one line each, over the domain's functions."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from aap_xl.domain import budget, solde
from aap_xl.domain.data import Donnees
from aap_xl.euros import ZERO, arrondi

Calcul = str | int | Decimal | date | None
"""What a computed cell shows; ``None``: nothing."""

EQUILIBRE, ECART = "Équilibré", "Écart à corriger"
RESPECTE, DEPASSE = "Plafond respecté", "Plafond dépassé"


_PAR_POSTE: dict[str, Callable[[Donnees], Mapping[str, Decimal]]] = {
    "prevu": budget.directes,
    "depense": budget.depense_par_poste,
    "retenu": budget.retenu_par_poste,
}


def _direct(etape: str, d: Donnees) -> Decimal:
    return sum(_PAR_POSTE[etape](d).values(), ZERO)


def _base(etape: str, d: Donnees) -> Decimal:
    return budget.assiette(_PAR_POSTE[etape](d), d.appel)


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
    asked, ceiling = d.operation.subvention_demandee, d.appel.budget.subvention_max
    return None if asked is None or ceiling is None else DEPASSE if asked > ceiling else RESPECTE


def _least(d: Donnees) -> Decimal | None:
    s = solde.solde(d)
    limits = (s.votee, s.plafond, s.intervention, s.besoin)
    return None if s.votee is None else min(limit for limit in limits if limit is not None)


def _budget_code(d: Donnees, rang: str) -> str | None:
    """The code of that rank: staff first, a line without its code keeping its rank among the others of its table."""
    codes: list[str | None] = []
    for found in ([row.code for row in d.personnel], [row.code for row in d.charges]):
        last = max((place for place, code in enumerate(found, 1) if code), default=0)
        codes += found[:last]
    return codes[int(rang) - 1] if int(rang) <= len(codes) else None


def depense_totale(d: Donnees) -> Decimal:
    """Everything spent on planned lines, the flat rate computed on it."""
    return _total("depense", d)


def formulaire(champ: str) -> Callable[[Donnees], Calcul]:
    """The mirror of a cell that copies a field of the form."""
    return lambda d: getattr(d.operation, champ)


BUDGET: Mapping[str, Callable[..., Calcul]] = {
    "listes.ligne_budget": _budget_code,
    **_costs(),
    "budget.hors_budget": budget.hors_budget,
    "budget.ressource_prevu": lambda d, code: _resource(d, code).prevu,
    "budget.ressource_realise": lambda d, code: _resource(d, code).realise,
    "budget.ressources_prevu": solde.total_ressources,
    "budget.ressources_realise": _obtained,
    "budget.equilibre": _balance_gap,
    "budget.equilibre_constat": _balance_verdict,
    "budget.demandee": formulaire("subvention_demandee"),
    "budget.plafond": lambda d: d.appel.budget.plafond_subvention,
    "budget.plafond_constat": _ceiling_verdict,
    "budget.votee": formulaire("subvention_votee"),
    "budget.taux": formulaire("taux_intervention"),
    "budget.retenu": budget.total_retenu,
    "budget.intervention": lambda d: solde.solde(d).intervention,
    "budget.autres_ressources": solde.autres_ressources,
    "budget.besoin": lambda d: solde.solde(d).besoin,
    "budget.minimum": _least,
    "budget.raison": lambda d: solde.solde(d).raison or None,
    "budget.calcule": lambda d: solde.solde(d).calcule,
    "budget.ajustement": formulaire("ajustement"),
    "budget.du": lambda d: solde.solde(d).du,
    "budget.avance": formulaire("avance"),
    "budget.solde": lambda d: solde.solde(d).solde,
    "budget.a_reverser": lambda d: solde.solde(d).a_reverser,
}
"""Key, without its argument → the value its formula shows."""
