"""How an operation is paid: categories of costs, the flat rate, resources, ceilings."""

from decimal import Decimal
from enum import StrEnum

from aap_xl.appels.model.base import Element, Modele


class Niveau(StrEnum):
    """Where what was planned caps what is retained."""

    LIGNE = "ligne"
    POSTE = "poste"


class Poste(Modele):
    """One category of direct costs. ``table``: where its lines are planned."""

    code: str
    libelle: str
    table: str
    alias: tuple[str, ...] = ()


class ChargesIndirectes(Modele):
    """The flat rate and the categories it applies to."""

    taux: Decimal
    assiette: tuple[str, ...]
    article: str
    outils_pedagogiques_inclus: bool = False


class Fongibilite(Modele):
    """How far a line (or a category) may exceed what was planned."""

    taux: Decimal
    niveau: Niveau
    article: str


class Budget(Modele):
    """How an operation is paid. ``article_ressources``: why other resources are deducted from what is due."""

    article: str
    article_ressources: str
    postes: tuple[Poste, ...]
    charges_indirectes: ChargesIndirectes
    fongibilite: Fongibilite
    ressources: tuple[Element, ...]
    ressource_departement: str
    ressource_aides_emploi: str = ""
    plafond_subvention: Decimal | None = None
    roles: tuple[Element, ...] = ()
    bases_heures: tuple[int, ...] = ()
    tolerance: Decimal
