"""The computation of the balance, line by line: every amount is the domain's, each with its reason."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from aap_xl.anomalies import Gravite
from aap_xl.appels.model import Appel, Decision, Niveau
from aap_xl.cells import Cell
from aap_xl.domain import budget, eligibilite
from aap_xl.domain.activite import heures
from aap_xl.domain.bilan import personnes
from aap_xl.domain.budget import LigneBudget
from aap_xl.domain.data import Donnees
from aap_xl.domain.eligibilite import DANS_SALAIRES, Engagee, Jugee, engagees
from aap_xl.domain.solde import Solde, retenue, solde
from aap_xl.domain.tableau import Valeur, has_column, pourcent
from aap_xl.dossier import Dossier
from aap_xl.euros import ZERO, arrondi, format_euros
from aap_xl.francais import nombre
from aap_xl.rows import Heure, Ressource, Salaire

RETENUE = "Retenue par décision"
MONTANT_VIDE = "Montant vide"
PREVU_INCONNU = "Montant prévu inconnu : rien n'est retenu"
POSTE_INCONNU = "Poste inconnu : rien n'est retenu"
ENTIERE = "Retenue en entier"
SANS_DEPENSE = "Aucune dépense"
AVOIRS = "Plus d'avoirs que de dépenses : rien n'est retenu"
DEPARTEMENT = "Subvention {du financeur} : n'est pas déduite"
NON_DEDUITE = "N'est pas déduite : à la charge du porteur"

_REGLES = {
    eligibilite.NON_PREVUE: "D01",
    eligibilite.HORS_PERIODE: "D02",
    eligibilite.SANS_JUSTIFICATIF: "D03",
    eligibilite.A_JUSTIFIER: "D03",
    eligibilite.PAIEMENT: "D08",
    eligibilite.A_CHEVAL: "D10",
    eligibilite.DANS_SALAIRES: "D17",
}
"""Why nothing is retained → the rule whose article says so."""


@dataclass(frozen=True, slots=True)
class DepenseVue:
    """One expense: what it is, what the officer decided, what can be retained before the cap, and why.

    No supplier, who may be a person.
    """

    cellule: Cell
    document: str
    date: dt.date | None
    payee_le: dt.date | None
    ligne: str
    montant: Decimal | None
    admissible: Decimal
    raison: str
    article: str
    decision: str
    motif_decision: str


@dataclass(frozen=True, slots=True)
class LigneVue:
    """One planned line: ``plafond`` is ``None`` where the cap is the category's, or the plan unknown."""

    cellule: Cell
    code: str
    libelle: str
    poste: str
    prevu: Decimal | None
    plafond: Decimal | None
    depense: Decimal
    admissible: Decimal
    retenu: Decimal
    raison: str


@dataclass(frozen=True, slots=True)
class PosteVu:
    """One category of direct costs; ``plafond`` is ``None`` where each line has its own."""

    code: str
    libelle: str
    prevu: Decimal
    plafond: Decimal | None
    depense: Decimal
    retenu: Decimal

    @property
    def raison(self) -> str:
        """Why no more is retained, where the cap is why."""
        return (
            f"Plafonné à {format_euros(self.plafond)}"
            if self.plafond == self.retenu and self.plafond is not None
            else ""
        )


@dataclass(frozen=True, slots=True)
class RessourceVue:
    """One resource: ``comptee``: what is deducted from the retained costs."""

    cellule: Cell
    libelle: str
    financeur: str
    prevu: Decimal | None
    realise: Decimal | None
    comptee: Decimal
    raison: str


@dataclass(frozen=True, slots=True)
class Objectif:
    """One objective of the application, to be read beside the balance; nothing here lowers it."""

    libelle: str
    prevu: Valeur
    realise: Valeur


@dataclass(frozen=True, slots=True)
class EtatSolde:
    """Everything needed to check a balance by hand.

    Attributes: directes: retained direct costs; assiette: those the flat rate applies to; forfait: the flat rate;
                solde: the domain's own result; bloquantes: blocking anomalies that stand.
    """

    donnees: Donnees
    depenses: tuple[DepenseVue, ...]
    lignes: tuple[LigneVue, ...]
    postes: tuple[PosteVu, ...]
    ressources: tuple[RessourceVue, ...]
    hors_budget: Decimal
    directes: Decimal
    assiette: Decimal
    forfait: Decimal
    solde: Solde
    bloquantes: int
    objectifs: tuple[Objectif, ...]

    @property
    def appel(self) -> Appel:
        """The call."""
        return self.donnees.appel


def etat(dossier: Dossier) -> EtatSolde:
    """The computation of one dossier's balance."""
    donnees = dossier.donnees
    retenus = budget.retenu_par_poste(donnees)
    return EtatSolde(
        donnees=donnees,
        depenses=tuple(_depense(x, item, donnees) for x, item in engagees(donnees)),
        lignes=tuple(_ligne(item, donnees, retenus) for item in budget.lignes(donnees)),
        postes=_postes(donnees, retenus),
        ressources=tuple(_ressource(r, donnees.appel) for r in donnees.ressources),
        hors_budget=budget.hors_budget(donnees),
        directes=sum(retenus.values(), ZERO),
        assiette=budget.assiette(retenus, donnees.appel),
        forfait=budget.charges_indirectes(retenus, donnees.appel),
        solde=solde(donnees),
        bloquantes=sum(item.gravite is Gravite.BLOQUANTE for item in dossier.anomalies),
        objectifs=tuple(_objectifs(donnees)),
    )


def _objectifs(donnees: Donnees) -> Iterator[Objectif]:
    """What was announced and what is reached: people, dynamic exits, hours received."""
    appel = donnees.appel
    if "participants" in appel.classeur.tables:
        for libelle, prevu, realise, *_ in personnes.objectifs(donnees).lignes:
            yield Objectif(str(libelle), prevu, realise)
    total = heures(donnees)
    for champ, recu in (("accompagnement", total.accompagnement), ("encadrement", total.encadrement)):
        if has_column(appel, "heures", champ):
            yield Objectif(f"Heures reçues : {Heure.champs[champ].entete.lower()}", None, f"{nombre(recu)} h")


def _depense(x: Engagee, item: Jugee, donnees: Donnees) -> DepenseVue:
    days = eligibilite.prestation(x, donnees.appel.budget.eligibilite)
    known = eligibilite.montant(x)
    return DepenseVue(
        document=eligibilite.nom(x),
        date=days[0] if days else None,
        payee_le=x.date_paiement,
        ligne=x.ligne_budget or "",
        montant=None if known is None or not item.comptee else item.montant,
        admissible=item.admissible,
        raison=_raison(x, item, known=known is not None),
        article=_article(item.motif, donnees.appel),
        decision=donnees.appel.libelle("decisions", x.decision),
        motif_decision=x.motif_decision or "",
        cellule=x.cell("brut" if isinstance(x, Salaire) else "montant"),
    )


def _raison(x: Engagee, item: Jugee, *, known: bool) -> str:
    if item.motif:
        return f"{DANS_SALAIRES} ({format_euros(item.montant)})" if item.motif == DANS_SALAIRES else item.motif
    if x.decision == Decision.RETENUE:
        return RETENUE
    return "" if known else MONTANT_VIDE


def _article(reason: str, appel: Appel) -> str:
    reglage = appel.regles.get(_REGLES.get(reason, ""))
    return reglage.article if reglage else appel.budget.fongibilite.article


def _ligne(item: LigneBudget, donnees: Donnees, retenus: Mapping[str, Decimal]) -> LigneVue:
    by_line = donnees.appel.budget.fongibilite.niveau is Niveau.LIGNE
    known = item.poste in retenus
    names = {poste.code: poste.libelle for poste in donnees.appel.budget.postes}
    cap = budget.plafond(item.prevu, donnees) if by_line and item.prevu is not None else None
    return LigneVue(
        code=item.code,
        libelle=item.libelle,
        poste=names.get(item.poste, ""),
        prevu=item.prevu,
        plafond=cap,
        depense=item.depense,
        admissible=item.admissible,
        retenu=item.retenu if known else ZERO,
        raison=_pourquoi(item, cap, known=known, by_line=by_line),
        cellule=item.cell,
    )


def _pourquoi(item: LigneBudget, cap: Decimal | None, *, known: bool, by_line: bool) -> str:
    if not known:
        return POSTE_INCONNU
    if by_line and item.prevu is None:
        return PREVU_INCONNU
    if item.admissible < 0:
        return AVOIRS
    parts = []
    if item.depense > item.admissible:
        parts.append(f"{format_euros(item.depense - item.admissible)} non admissibles")
    elif item.depense < item.admissible:
        parts.append(f"{format_euros(item.admissible - item.depense)} d'avoirs non déduits")
    if cap is not None and item.retenu < item.admissible:
        parts.append(f"plafonné : {format_euros(item.admissible - cap)} de trop")
    text = " ; ".join(parts)
    return text[:1].upper() + text[1:] or (ENTIERE if item.depense else SANS_DEPENSE)


def _postes(donnees: Donnees, retenus: Mapping[str, Decimal]) -> tuple[PosteVu, ...]:
    planned, spent = budget.directes(donnees), budget.depense_par_poste(donnees)
    by_line = donnees.appel.budget.fongibilite.niveau is Niveau.LIGNE
    found = []
    for item in donnees.appel.budget.postes:
        cap = None if by_line else budget.plafond(planned[item.code], donnees)
        amounts = planned[item.code], cap, spent[item.code], retenus[item.code]
        found.append(PosteVu(item.code, item.libelle, *amounts))
    return tuple(found)


def _ressource(r: Ressource, appel: Appel) -> RessourceVue:
    kept = r.type in appel.budget.non_deduites
    reason = "Montant réalisé" if r.realise is not None else "Montant prévu, faute de réalisé"
    if kept:
        reason = appel.dit(DEPARTEMENT) if r.type == appel.budget.ressource_departement else NON_DEDUITE
    return RessourceVue(
        libelle=appel.libelle("ressources", r.type) or "Type non renseigné",
        financeur=r.financeur or "",
        prevu=None if r.prevu is None else arrondi(r.prevu),
        realise=None if r.realise is None else arrondi(r.realise),
        comptee=ZERO if kept else retenue(r),
        raison=reason,
        cellule=r.cell("prevu"),
    )


def regle_du_plafond(donnees: Donnees) -> str:
    """How far a plan may be exceeded, in words."""
    level = "ligne" if donnees.appel.budget.fongibilite.niveau is Niveau.LIGNE else "poste"
    rate = budget.fongibilite(donnees)
    source = "de la convention" if donnees.operation.fongibilite is not None else "de l'appel à projets"
    margin = f"prévu + {pourcent(rate)} (fongibilité {source})" if rate else "prévu, sans dépassement possible"
    return f"Retenu au plus, par {level} : {margin}."


def noms_de_l_assiette(appel: Appel) -> str:
    """The categories the flat rate applies to, in words."""
    names = {item.code: item.libelle.lower() for item in appel.budget.postes}
    return " + ".join(names[code] for code in appel.budget.charges_indirectes.assiette)
