"""How an operation is paid: categories of costs, the flat rate, resources, ceilings."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Annotated

from aap_xl.appels.model.base import Article, Code, Element, Label, Modele, Worded

_CENTIME = Decimal("0.01")


class Niveau(Worded):
    """Where what was planned caps what is retained."""

    LIGNE = "ligne", "ligne"
    POSTE = "poste", "poste"


class DateRetenue(Worded):
    """Which day places a cost in time."""

    PRESTATION = "prestation", "de la prestation si elle est donnée, sinon de la pièce"
    PIECE = "piece", "de la pièce"


class ReglePaiement(Worded):
    """When an expense is to be paid."""

    LIBRE = "libre", "sans condition"
    AVANT_DEPOT = "avant_depot", "avant le dépôt du bilan final"
    DANS_OPERATION = "dans_operation", "pendant l'opération"


class FinAnticipee(Worded):
    """What an early end of the convention does to later costs."""

    IGNOREE = "ignoree", "sans effet"
    A_VERIFIER = "a_verifier", "dépenses postérieures à vérifier"
    BORNE = "borne", "dépenses postérieures non retenues"


class Eligibilite(Modele):
    """Which costs can be retained, by their dates and payments.

    Attributes: tolerance_jours: days accepted on either side of the operation; a_verifier_retenu: whether an expense
                to be verified (paid late or at no known date, or partly outside) is retained meanwhile.
    """

    date: Annotated[DateRetenue, Label("Date qui compte")] = DateRetenue.PRESTATION
    paiement: Annotated[ReglePaiement, Label("Payée")] = ReglePaiement.AVANT_DEPOT
    tolerance_jours: Annotated[int, Label("Tolérance sur les dates", "jours", bornes=(0, 366))] = 0
    fin_anticipee: Annotated[FinAnticipee, Label("Convention finie plus tôt")] = FinAnticipee.A_VERIFIER
    a_verifier_retenu: Annotated[bool, Label("Dépense à vérifier : retenue en attendant")] = True
    article: Article = ""


class Poste(Modele):
    """One category of direct costs. ``table``: where its lines are planned."""

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    table: Annotated[str, Label("Feuille", liste="tables")]
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()


class ChargesIndirectes(Modele):
    """The flat rate and the categories it applies to."""

    taux: Annotated[Decimal, Label("Taux", "%")]
    assiette: Annotated[tuple[str, ...], Label("Assiette", liste="postes", vide=True)]
    article: Article
    outils_pedagogiques_inclus: Annotated[bool, Label("Outils pédagogiques compris dans le forfait")] = False


class Fongibilite(Modele):
    """How far a line (or a category) may exceed what was planned."""

    taux: Annotated[Decimal, Label("Taux", "%")]
    niveau: Annotated[Niveau, Label("Appréciée par")]
    article: Article


class TypeRessource(Modele):
    """One kind of resource. ``deduite``: whether it is deducted from what is due."""

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()
    deduite: Annotated[bool, Label("Déduite")] = True


class Reserve(Modele):
    """The condition under which the call pays the balance, in its own words."""

    texte: Annotated[str, Label("Texte")]
    article: Article


class Budget(Modele):
    """How an operation is paid.

    Attributes: article_ressources: why other resources are deducted from what is due; roles_requis: those of whom
                the plan has somebody.
    """

    article: Article
    article_ressources: Annotated[str, Label("Déduction des autres ressources")]
    postes: Annotated[tuple[Poste, ...], Label("Postes de charges directes")]
    charges_indirectes: Annotated[ChargesIndirectes, Label("Charges indirectes (forfait)")]
    fongibilite: Annotated[Fongibilite, Label("Fongibilité")]
    ressources: Annotated[tuple[TypeRessource, ...], Label("Types de ressources")]
    ressource_departement: Annotated[str, Label("Ressource {du financeur}", liste="ressources")]
    ressource_aides_emploi: Annotated[str, Label("Ressource des aides à l'emploi", liste="ressources")] = ""
    plafond_subvention: Annotated[Decimal | None, Label("Plafond de la subvention", "€")] = None
    plafond_strict: Annotated[bool, Label("Strictement moins que le plafond")] = False
    roles: Annotated[tuple[Element, ...], Label("Fonctions du personnel")] = ()
    roles_requis: Annotated[tuple[str, ...], Label("Fonctions que le plan doit compter", liste="roles")] = ()
    bases_heures: Annotated[tuple[int, ...], Label("Bases horaires annuelles proposées", bornes=(1, 3000))] = ()
    tolerance: Annotated[Decimal, Label("Tolérance dépenses = ressources", "€", bornes=(0, 100))]
    eligibilite: Annotated[Eligibilite, Label("Dépenses éligibles")] = Eligibilite()
    reserve_solde: Annotated[Reserve | None, Label("Réserve sur le solde")] = None

    @property
    def subvention_max(self) -> Decimal | None:
        """The largest grant; ``None`` without a ceiling."""
        plafond = self.plafond_subvention
        return plafond - _CENTIME if plafond is not None and self.plafond_strict else plafond

    @cached_property
    def non_deduites(self) -> tuple[str, ...]:
        """The kinds of resource that do not lower what is due, the Département's own among them."""
        own = self.ressource_departement
        return tuple(item.code for item in self.ressources if not item.deduite or item.code == own)
