"""Exits: situations, classes, the decision table between them, and what proves them."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from aap_xl.appels.model.base import Element, Modele


class Contrat(StrEnum):
    """What is known of a contract's dates: nothing, a start only (no end), a start and an end, or an end if any."""

    SANS = "sans"
    DEBUT = "debut"
    DUREE = "duree"
    TERME_POSSIBLE = "terme_possible"


class Situation(Modele):
    """One situation at exit. ``emploi``, ``formation``: what the call's narrower indicator counts."""

    code: str
    libelle: str
    alias: tuple[str, ...] = ()
    contrat: Contrat = Contrat.SANS
    emploi: bool = False
    formation: bool = False


class Classe(Modele):
    """One class of exit."""

    code: str
    libelle: str
    dynamique: bool = False
    alias: tuple[str, ...] = ()


class Condition(Modele):
    """When a line of the decision table applies. ``mois_min`` is reached date to date, ``mois_max`` is not reached."""

    situation: tuple[str, ...]
    mois_min: int | None = None
    mois_max: int | None = None


class Ligne(Modele):
    """One line of the decision table; the first that matches gives the class."""

    si: Condition
    classe: str
    article: str
    validation: bool = False  # needs a written reason and an officer's name
    a_verifier: str = ""  # why an officer should look, "" if there is no need


class Reference(Modele):
    """A national reference line, shown on charts, never a rule."""

    libelle: str
    taux: Decimal
    source: str
    classe: str = ""  # "" for all dynamic exits


class Sorties(Modele):
    """Everything about exits."""

    article: str
    situations: tuple[Situation, ...]
    classes: tuple[Classe, ...]
    classement: tuple[Ligne, ...]
    pieces: tuple[Element, ...]
    pieces_par_situation: Mapping[str, tuple[str, ...]]
    retraits_hors_denominateur: bool = False
    classe_retrait: str = ""
    references: tuple[Reference, ...] = ()

    @cached_property
    def situations_par_code(self) -> dict[str, Situation]:
        """The situations, by code."""
        return {situation.code: situation for situation in self.situations}

    @cached_property
    def classes_dynamiques(self) -> frozenset[str]:
        """The codes of the classes that count as « sorties dynamiques »."""
        return frozenset(classe.code for classe in self.classes if classe.dynamique)
