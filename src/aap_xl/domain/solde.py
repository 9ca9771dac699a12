"""Resources, grant due and balance. Euros; what the call and the convention leave open stays ``None``."""

from decimal import Decimal

from aap_xl.appels.model import Appel
from aap_xl.domain.budget import total_retenu
from aap_xl.domain.data import Donnees
from aap_xl.euros import ZERO, arrondi
from aap_xl.records import record
from aap_xl.rows import Ressource

VOTEE = "Subvention votée"
PLAFOND = "Plafond de l'appel à projets"
INTERVENTION = "Dépenses retenues × taux d'intervention"
BESOIN = "Dépenses retenues − autres ressources"


@record
class LigneRessource:
    """Resources of one type: planned, obtained (``None`` until an amount is filled in)."""

    code: str
    libelle: str
    prevu: Decimal
    realise: Decimal | None


@record
class Solde:
    """The balance, step by step; each amount in euros, ``None`` when it is not known or not stated.

    Attributes: intervention: retenu × taux; besoin: retenu − autres_ressources; calcule: the least of votee, plafond,
                intervention and besoin, never below zero; raison: which of them it is; ajustement: what the officer
                adds to it, or takes away; du: both, between zero and what was voted and the ceiling; solde: left to
                pay; a_reverser: to give back, when the advance is larger than what is due.
    """

    votee: Decimal | None
    plafond: Decimal | None
    retenu: Decimal
    taux: Decimal | None
    intervention: Decimal | None
    autres_ressources: Decimal
    besoin: Decimal
    calcule: Decimal | None
    raison: str
    ajustement: Decimal | None
    du: Decimal | None
    avance: Decimal | None
    solde: Decimal | None
    a_reverser: Decimal | None

    @property
    def limites(self) -> tuple[tuple[str, Decimal | None], ...]:
        """The amounts of which the grant due is the least, each under its name, in the order that settles a tie."""
        return _limites(self.votee, self.plafond, self.intervention, self.besoin)


def _limites(
    votee: Decimal | None, plafond: Decimal | None, intervention: Decimal | None, besoin: Decimal
) -> tuple[tuple[str, Decimal | None], ...]:
    voted = None if votee is None else arrondi(votee)
    return (VOTEE, voted), (PLAFOND, plafond), (INTERVENTION, intervention), (BESOIN, besoin)


def ressources(donnees: Donnees) -> list[LigneRessource]:
    """Planned and obtained resources by type, in the call's order."""
    found = []
    for item in donnees.appel.budget.ressources:
        rows = [r for r in donnees.ressources if r.type == item.code]
        obtained = [arrondi(r.realise) for r in rows if r.realise is not None]
        planned = sum((arrondi(r.prevu) for r in rows if r.prevu is not None), ZERO)
        found.append(LigneRessource(item.code, item.libelle, planned, sum(obtained, ZERO) if obtained else None))
    return found


def total_ressources(donnees: Donnees) -> Decimal:
    """All planned resources, whatever their type."""
    return sum((arrondi(r.prevu) for r in donnees.ressources if r.prevu is not None), ZERO)


def retenue(ressource: Ressource) -> Decimal:
    """What a resource counts for in the balance: the amount obtained if it is known, else the planned one."""
    montant = ressource.prevu if ressource.realise is None else ressource.realise
    return arrondi(montant or ZERO)


def autres_ressources(donnees: Donnees) -> Decimal:
    """Every resource of a kind that the call deducts: neither the Département's own nor, say, the carrier's funds.

    A resource whose kind is not known is deducted.
    """
    kept = donnees.appel.budget.non_deduites
    return sum((retenue(r) for r in donnees.ressources if r.type not in kept), ZERO)


def noms_non_deduits(appel: Appel) -> str:
    """The kinds of resource that are not deducted, in words; what stands in brackets is left out."""
    return " et ".join(appel.libelle("ressources", code).partition(" (")[0] for code in appel.budget.non_deduites)


def solde(donnees: Donnees) -> Solde:
    """The grant due and the balance of a dossier.

    Returns: due and balance are ``None`` until the grant is voted; the balance too until the advance is filled
             in (0 if there was none).
    Source:  « Modalités de versement de la participation financière »; the minimum is our reading.
    """
    operation = donnees.operation
    return solder(
        donnees.appel,
        retenu=total_retenu(donnees),
        autres=autres_ressources(donnees),
        votee=operation.subvention_votee,
        taux=operation.taux_intervention,
        avance=operation.avance,
        ajustement=operation.ajustement,
    )


def solder(
    appel: Appel,
    *,
    retenu: Decimal,
    autres: Decimal,
    votee: Decimal | None,
    taux: Decimal | None,
    avance: Decimal | None,
    ajustement: Decimal | None = None,
) -> Solde:
    """The same from its amounts; ``retenu``: retained costs, flat rate included; ``autres``: other resources."""
    plafond = appel.budget.subvention_max
    intervention = None if taux is None else arrondi(retenu * taux)
    besoin = retenu - autres
    du, calcule, raison = None, None, ""
    if votee is not None:
        limits = _limites(votee, plafond, intervention, besoin)
        least, raison = min(((amount, name) for name, amount in limits if amount is not None), key=lambda pair: pair[0])
        calcule = max(ZERO, arrondi(least))
        most = min(amount for amount in (arrondi(votee), plafond) if amount is not None)
        du = calcule if ajustement is None else max(ZERO, min(most, calcule + arrondi(ajustement)))
    reste = None if du is None or avance is None else du - arrondi(avance)
    return Solde(
        votee=votee,
        plafond=plafond,
        retenu=retenu,
        taux=taux,
        intervention=intervention,
        autres_ressources=autres,
        besoin=besoin,
        calcule=calcule,
        raison=raison,
        ajustement=ajustement,
        du=du,
        avance=avance,
        solde=None if reste is None else max(ZERO, reste),
        a_reverser=None if reste is None else max(ZERO, -reste),
    )


def reserve(appel: Appel) -> str:
    """The condition under which the call pays the balance, with its article; ``""`` when it states none."""
    found = appel.budget.reserve_solde
    return f"Selon l'appel à projets : « {found.texte} » [{found.article}]." if found else ""
