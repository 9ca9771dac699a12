"""How an operation is paid: categories of costs, the flat rate, resources, ceilings."""

from decimal import Decimal
from enum import StrEnum
from functools import cached_property

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


class TypeRessource(Modele):
    """One kind of resource. ``deduite``: whether it is deducted from what is due."""

    code: str
    libelle: str
    alias: tuple[str, ...] = ()
    deduite: bool = True


class Budget(Modele):
    """How an operation is paid. ``article_ressources``: why other resources are deducted from what is due."""

    article: str
    article_ressources: str
    postes: tuple[Poste, ...]
    charges_indirectes: ChargesIndirectes
    fongibilite: Fongibilite
    ressources: tuple[TypeRessource, ...]
    ressource_departement: str
    ressource_aides_emploi: str = ""
    plafond_subvention: Decimal | None = None
    roles: tuple[Element, ...] = ()
    bases_heures: tuple[int, ...] = ()
    tolerance: Decimal

    @cached_property
    def non_deduites(self) -> tuple[str, ...]:
        """The kinds of resource that do not lower what is due, the Département's own among them."""
        own = self.ressource_departement
        return tuple(item.code for item in self.ressources if not item.deduite or item.code == own)
