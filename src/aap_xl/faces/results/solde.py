"""How a balance is computed: euros, ``null`` for what nobody stated."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from aap_xl.desk.solde import DepenseVue, EtatSolde, LigneVue, Objectif, PosteVu, RessourceVue
from aap_xl.domain.solde import reserve
from aap_xl.dossier import Dossier
from aap_xl.faces.results.head import head
from aap_xl.records import record


@record
class Forfait:
    """The flat rate: a share (« 0.2 ») of some categories, ``base`` together."""

    taux: str
    assiette: Sequence[str]
    base: Decimal
    montant: Decimal
    article: str


@record
class Limite:
    """One of the amounts of which the grant is the least; ``decide``: it is the one."""

    libelle: str
    montant: Decimal | None
    decide: bool


@record
class Resultat:
    """The computation; ``schema`` changes if the keys ever do."""

    schema: int
    fichier: str
    appel: str
    millesime: int
    date: dt.date
    porteur: str | None
    siret: str | None
    convention: str | None
    provisoire: bool
    anomalies_bloquantes: int
    terminee: bool
    depenses: Sequence[DepenseVue]
    lignes: Sequence[LigneVue]
    postes: Sequence[PosteVu]
    depenses_hors_budget: Decimal
    charges_directes_retenues: Decimal
    charges_indirectes: Forfait
    depenses_retenues: Decimal
    ressources: Sequence[RessourceVue]
    autres_ressources: Decimal
    taux_intervention: str | None
    limites: Sequence[Limite]
    subvention_calculee: Decimal | None
    ajustement: Decimal | None
    motif_ajustement: str | None
    subvention_due: Decimal | None
    avance: Decimal | None
    solde: Decimal | None
    a_reverser: Decimal | None
    objectifs: Sequence[Objectif]
    reserve: str | None
    article: str


def resultat(found: EtatSolde, dossier: Dossier) -> Resultat:
    """The computation of one dossier's balance."""
    s, op = found.solde, found.donnees.operation
    return Resultat(
        schema=1,
        fichier=dossier.chemin.name,
        **head(dossier),
        porteur=op.porteur,
        siret=op.siret,
        convention=op.convention,
        provisoire=bool(found.bloquantes),
        anomalies_bloquantes=found.bloquantes,
        terminee=found.donnees.terminee,
        depenses=found.depenses,
        lignes=found.lignes,
        postes=found.postes,
        depenses_hors_budget=found.hors_budget,
        charges_directes_retenues=found.directes,
        charges_indirectes=_forfait(found),
        depenses_retenues=s.retenu,
        ressources=found.ressources,
        autres_ressources=s.autres_ressources,
        taux_intervention=None if s.taux is None else _taux(s.taux),
        limites=[Limite(nom, amount, nom == s.raison) for nom, amount in s.limites],
        subvention_calculee=s.calcule,
        ajustement=s.ajustement,
        motif_ajustement=op.motif_ajustement,
        subvention_due=s.du,
        avance=s.avance,
        solde=s.solde,
        a_reverser=s.a_reverser,
        objectifs=found.objectifs,
        reserve=reserve(found.appel) or None,
        article=found.appel.budget.article,
    )


def _forfait(found: EtatSolde) -> Forfait:
    flat = found.appel.budget.charges_indirectes
    return Forfait(_taux(flat.taux), flat.assiette, found.assiette, found.forfait, flat.article)


def _taux(taux: Decimal) -> str:
    """A rate as it is written, where an amount has two decimals."""
    return f"{taux.normalize():f}"
