"""Exits: situations, classes, the decision table between them, and what proves them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from aap_xl.appels.model.base import Article, Code, Element, Label, Modele, Worded


class Contrat(Worded):
    """What is known of a contract's dates: nothing, a start only (no end), a start and an end, or an end if any."""

    SANS = "sans", ""
    DEBUT = "debut", "date de début"
    DUREE = "duree", "dates ou durée"
    TERME_POSSIBLE = "terme_possible", "dates ou CDI"


class Situation(Modele):
    """One situation at exit. ``emploi``, ``formation``: what the call's narrower indicator counts."""

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()
    contrat: Annotated[Contrat, Label("Contrat")] = Contrat.SANS
    emploi: Annotated[bool, Label("Emploi")] = False
    formation: Annotated[bool, Label("Formation")] = False


class Classe(Modele):
    """One class of exit."""

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    dynamique: Annotated[bool, Label("Dynamique")] = False
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()


class Condition(Modele):
    """When a line of the decision table applies. ``mois_min`` is reached date to date, ``mois_max`` is not reached."""

    situation: Annotated[tuple[str, ...], Label("Situation", liste="situations")]
    mois_min: Annotated[int | None, Label("Au moins", "mois", aide="Atteint de date à date.")] = None
    mois_max: Annotated[int | None, Label("Moins de", "mois", aide="Non atteint de date à date.")] = None


class Ligne(Modele):
    """One line of the decision table; the first that matches gives the class."""

    si: Annotated[Condition, Label("Si la situation est")]
    classe: Annotated[str, Label("Classe", liste="classes")]
    article: Article
    validation: Annotated[bool, Label("À valider", aide="Exige une raison écrite et le nom d'un instructeur.")] = False
    a_verifier: Annotated[
        str, Label("À vérifier", aide="Pourquoi un instructeur devrait regarder ; vide s'il n'y a pas lieu.")
    ] = ""


class Reference(Modele):
    """A national reference line, shown on charts, never a rule."""

    libelle: Annotated[str, Label("Libellé")]
    taux: Annotated[Decimal, Label("Taux", "%")]
    source: Annotated[str, Label("Source")]
    classe: Annotated[str, Label("Classe", liste="classes", aide="Vide : toutes les sorties dynamiques.")] = ""


class Sorties(Modele):
    """Everything about exits."""

    article: Article
    situations: Annotated[tuple[Situation, ...], Label("Situations de sortie")]
    classes: Annotated[tuple[Classe, ...], Label("Classes de sortie")]
    classement: Annotated[
        tuple[Ligne, ...], Label("Table de décision (la première ligne qui convient donne la classe)")
    ]
    pieces: Annotated[tuple[Element, ...], Label("Pièces justificatives")]
    pieces_par_situation: Annotated[
        Mapping[str, tuple[str, ...]], Label("Pièces admises par situation", liste="pieces")
    ]
    retraits_hors_denominateur: Annotated[bool, Label("Retraits hors du dénominateur")] = False
    classe_retrait: Annotated[str, Label("Classe des retraits", liste="classes")] = ""
    references: Annotated[tuple[Reference, ...], Label("Repères nationaux (affichés, jamais contrôlés)")] = ()

    @cached_property
    def situations_par_code(self) -> dict[str, Situation]:
        """The situations, by code."""
        return {situation.code: situation for situation in self.situations}

    @cached_property
    def classes_dynamiques(self) -> frozenset[str]:
        """The codes of the classes that count as « sorties dynamiques »."""
        return frozenset(classe.code for classe in self.classes if classe.dynamique)
