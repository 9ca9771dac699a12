"""The amounts of two versions, side by side; every one is the domain's."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aap_xl.domain import budget
from aap_xl.domain.data import Donnees
from aap_xl.domain.solde import solde, total_ressources
from aap_xl.domain.tableau import pourcent
from aap_xl.euros import ZERO


@dataclass(frozen=True, slots=True)
class Montant:
    """One amount before and after, in euros, and after less before; ``None`` where it is not known."""

    cle: str
    libelle: str
    avant: Decimal | None
    apres: Decimal | None
    difference: Decimal | None


def montants(avant: Donnees, apres: Donnees) -> tuple[Montant, ...]:
    """Planned, actual and retained by category, the flat rate, resources, grant due and balance."""
    pairs = zip(_montants(avant), _montants(apres), strict=True)
    return tuple(_montant(cle, libelle, before, after) for (cle, libelle, before), (_, _, after) in pairs)


def _montant(cle: str, libelle: str, avant: Decimal | None, apres: Decimal | None) -> Montant:
    return Montant(cle, libelle, avant, apres, None if avant is None or apres is None else apres - avant)


def _montants(d: Donnees) -> Iterator[tuple[str, str, Decimal | None]]:
    planned, spent, kept = budget.directes(d), budget.depense_par_poste(d), budget.retenu_par_poste(d)
    rate = pourcent(d.appel.budget.charges_indirectes.taux)
    for etape, mot, amounts in (("prevu", "Prévu", planned), ("depense", "Dépensé", spent), ("retenu", "Retenu", kept)):
        for item in d.appel.budget.postes:
            yield f"{etape}.{item.code}", f"{mot} : {item.libelle.lower()}", amounts[item.code]
        flat = budget.charges_indirectes(amounts, d.appel)
        yield f"{etape}.indirectes", f"{mot} : charges indirectes ({rate})", flat
        yield f"{etape}.total", f"{mot} : total", sum(amounts.values(), ZERO) + flat
    s = solde(d)
    yield "depense.hors_budget", "Dépenses hors budget prévu", budget.hors_budget(d)
    yield "ressources.prevu", "Ressources prévues", total_ressources(d)
    yield "ressources.autres", "Autres ressources (déduites)", s.autres_ressources
    yield "votee", "Subvention votée", s.votee
    yield "ajustement", "Ajustement de la subvention", s.ajustement
    yield "due", "Subvention due", s.du
    yield "avance", "Avance versée", s.avance
    yield "solde", "Solde à verser", s.solde
    yield "a_reverser", "Montant à reverser", s.a_reverser
