"""Planned and retained costs. Euros, rounded half-up to the cent: per line, and once for the flat rate."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import attrgetter

from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.eligibilite import EN_PARTIE, HORS_PERIODE, REFUSEE, LigneSource, engagees
from aap_xl.euros import ZERO, arrondi
from aap_xl.records import record
from aap_xl.rows import Charge, Personnel

_PERDUES = (REFUSEE, HORS_PERIODE, EN_PARTIE)
_RIEN = (ZERO, ZERO, ZERO)
_SALAIRE = ("brut", "cotisations", "taxes", "aides", "quotite")
_HORAIRE = ("taux_horaire", "heures")


@record
class LigneBudget:
    """One planned budget line against what was spent.

    Attributes: prevu: euros, ``None`` if the cost cannot be computed; depense: all expenses of that code;
                perdue: what no document can make retained: refused, wholly or in part, or outside the operation;
                admissible: those that can be retained, before any cap; retenu: never below zero, after the line's
                cap (without a cap when the call caps whole categories); ecart: prevu − depense; cell: its code.
    """

    code: str
    libelle: str
    poste: str
    prevu: Decimal | None
    depense: Decimal
    perdue: Decimal
    admissible: Decimal
    retenu: Decimal
    ecart: Decimal | None
    cell: Cell


def cout_personnel(p: Personnel) -> Decimal | None:
    """Cost of one member of staff on the operation.

    (gross + employer contributions + payroll taxes − aids) × share of time, or hourly rate × signed hours.

    Returns: euros, half-up; ``None`` if neither way is complete, if both are, or if an amount cannot be read.
    """
    by_share = p.brut is not None and p.quotite is not None
    by_hours = p.taux_horaire is not None and p.heures is not None
    if by_share == by_hours or p.illisibles & set(_SALAIRE if by_share else _HORAIRE):
        return None
    if p.brut is not None and p.quotite is not None:
        salaire = p.brut + (p.cotisations or ZERO) + (p.taxes or ZERO) - (p.aides or ZERO)
        return arrondi(salaire * p.quotite)
    return arrondi((p.taux_horaire or ZERO) * (p.heures or ZERO))


def prevu(ligne: LigneSource) -> Decimal | None:
    """What was planned on a budget line, ``None`` if it cannot be known."""
    if isinstance(ligne, Personnel):
        return cout_personnel(ligne)
    return None if ligne.prevu is None else arrondi(ligne.prevu)


def poste(ligne: LigneSource, appel: Appel) -> str:
    """The category of a budget line, ``""`` if it is not known."""
    if isinstance(ligne, Charge):
        return ligne.poste or ""
    return next((p.code for p in appel.budget.postes if p.table == Personnel.table), "")


def _sources(donnees: Donnees) -> list[LigneSource]:
    return [*donnees.personnel, *donnees.charges]


def directes(donnees: Donnees) -> dict[str, Decimal]:
    """Planned direct costs by category, every category of the call present; unknown amounts are left out."""
    return dict(_directes(donnees))


@once
def _directes(donnees: Donnees) -> dict[str, Decimal]:
    totals = {item.code: ZERO for item in donnees.appel.budget.postes}
    for ligne in _sources(donnees):
        code = poste(ligne, donnees.appel)
        if code in totals:
            totals[code] += prevu(ligne) or ZERO
    return totals


def assiette(directes: Mapping[str, Decimal], appel: Appel) -> Decimal:
    """What the flat rate applies to: the categories of the call's base, added up."""
    return sum((directes[code] for code in appel.budget.charges_indirectes.assiette), ZERO)


def charges_indirectes(directes: Mapping[str, Decimal], appel: Appel) -> Decimal:
    """Flat-rate indirect costs.

    Args:    directes: euros by category.
    Returns: euros, rounded half-up to the cent, once.
    Raises:  KeyError if the call's base names a category that is not there (checked when the call loads).
    Source:  3.7, « Modalités de financement »: 20 % of direct costs, external services excluded.
    """
    return arrondi(appel.budget.charges_indirectes.taux * assiette(directes, appel))


def total_avec_forfait(directes: Mapping[str, Decimal], appel: Appel) -> Decimal:
    """Direct costs and the flat rate computed on them."""
    return sum(directes.values(), ZERO) + charges_indirectes(directes, appel)


def total_prevu(donnees: Donnees) -> Decimal:
    """The planned budget, flat rate included."""
    return total_avec_forfait(directes(donnees), donnees.appel)


def fongibilite(donnees: Donnees) -> Decimal:
    """How far a plan may be exceeded: the convention's rate if there is one, else the call's."""
    stated = donnees.operation.fongibilite
    return donnees.appel.budget.fongibilite.taux if stated is None else stated


def plafond(prevu: Decimal, donnees: Donnees) -> Decimal:
    """The most that can be retained for a plan: planned × (1 + fongibilité), half-up."""
    return arrondi(prevu * (1 + fongibilite(donnees)))


def plafonner(montant: Decimal, prevu: Decimal, donnees: Donnees) -> Decimal:
    """The lesser of an amount and the plan's cap."""
    return min(montant, plafond(prevu, donnees))


@once
def lignes(donnees: Donnees) -> list[LigneBudget]:
    """Every planned line, staff first, in the sheets' order.

    Expenses go to the first line of their code; a line whose planned amount is unknown retains nothing.
    """
    appel = donnees.appel
    by_line = appel.budget.fongibilite.niveau == "ligne"
    spent: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for _, x in engagees(donnees):
        if x.ligne is not None and x.comptee:
            depense, perdue, possible = spent.get(id(x.ligne), _RIEN)
            lost = x.montant - x.admissible if x.motif in _PERDUES else ZERO
            spent[id(x.ligne)] = (depense + x.montant, perdue + lost, possible + x.admissible)
    found = []
    for ligne in _sources(donnees):
        planned_cost = prevu(ligne)
        depense, perdue, possible = spent.get(id(ligne), _RIEN)
        retenu = max(ZERO, possible)
        if by_line:
            retenu = plafonner(retenu, planned_cost or ZERO, donnees)
        ecart = None if planned_cost is None else planned_cost - depense
        cell = ligne.cell("code")
        found.append(
            LigneBudget(
                ligne.code or "",
                libelle(ligne, appel),
                poste(ligne, appel),
                planned_cost,
                depense,
                perdue,
                possible,
                retenu,
                ecart,
                cell,
            )
        )
    return found


def libelle(ligne: LigneSource, appel: Appel) -> str:
    """What is printed of a line: the role for staff (never a name), the wording for other costs."""
    return appel.libelle("roles", ligne.role) if isinstance(ligne, Personnel) else ligne.libelle or ""


def depense_par_poste(donnees: Donnees) -> dict[str, Decimal]:
    """Expenses on planned lines, by category."""
    return _par_poste(donnees, attrgetter("depense"))


def perdue_par_poste(donnees: Donnees) -> dict[str, Decimal]:
    """Of them, those that no document can make retained."""
    return _par_poste(donnees, attrgetter("perdue"))


def _par_poste(donnees: Donnees, amount: Callable[[LigneBudget], Decimal]) -> dict[str, Decimal]:
    totals = {item.code: ZERO for item in donnees.appel.budget.postes}
    for ligne in lignes(donnees):
        if ligne.poste in totals:
            totals[ligne.poste] += amount(ligne)
    return totals


def retenu_par_poste(donnees: Donnees) -> dict[str, Decimal]:
    """Retained direct costs by category, capped by line or by category as the call says."""
    totals = _par_poste(donnees, attrgetter("retenu"))
    if donnees.appel.budget.fongibilite.niveau == "ligne":
        return totals
    planned = directes(donnees)
    return {code: plafonner(montant, planned[code], donnees) for code, montant in totals.items()}


def total_retenu(donnees: Donnees) -> Decimal:
    """Retained costs, the flat rate recomputed on the retained base, never copied."""
    return total_avec_forfait(retenu_par_poste(donnees), donnees.appel)


def hors_budget(donnees: Donnees) -> Decimal:
    """Expenses booked on no planned line."""
    return sum((x.montant for _, x in engagees(donnees) if x.ligne is None), ZERO)


def total_depense(donnees: Donnees) -> Decimal:
    """Every expense of both sheets, each counted once."""
    return sum((x.montant for _, x in engagees(donnees) if x.comptee), ZERO)
