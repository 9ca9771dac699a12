"""A call for projects as data. One TOML file per call is read into an `Appel`; nothing here is a number.

The classes are plain, so that a command can use a call already validated without importing pydantic, nor waiting for
two dozen dataclasses to be made; `loader` validates files against them with pydantic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any

from aap_xl.appels.model.base import Element, Label, Modele, Worded, declarer
from aap_xl.appels.model.budget import (
    Budget,
    ChargesIndirectes,
    DateRetenue,
    Eligibilite,
    FinAnticipee,
    Fongibilite,
    Niveau,
    Poste,
    ReglePaiement,
    Reserve,
    TypeRessource,
)
from aap_xl.appels.model.classeur import Classeur, Feuille, ReglageRegle, Rubrique
from aap_xl.appels.model.codes import CODES_DES_LISTES, Avis, Contact, Decision, Frein, Indicateur, Moment, Resultat
from aap_xl.appels.model.operation import Comites, Fenetre, Heures, Immersions, Operation
from aap_xl.appels.model.own import ColonnePropre, IndicateurCalcule, Sens, TypeColonne
from aap_xl.appels.model.public import Critere, Majorite, Parcours, Public
from aap_xl.appels.model.sorties import (
    POINTS,
    SORTIE,
    Classe,
    Condition,
    Contrat,
    Ligne,
    Mot,
    Preuve,
    Reference,
    Seuil,
    Situation,
    Sorties,
    Terme,
    Volet,
)
from aap_xl.appels.words import dire, inconnus, vocabulaire
from aap_xl.texte import normaliser

__all__ = [
    "CODES_DES_LISTES",
    "POINTS",
    "SORTIE",
    "Appel",
    "Avis",
    "Budget",
    "ChargesIndirectes",
    "Classe",
    "Classeur",
    "ColonnePropre",
    "Comites",
    "Condition",
    "Contact",
    "Contrat",
    "Critere",
    "DateRetenue",
    "Decision",
    "Element",
    "Eligibilite",
    "Fenetre",
    "Feuille",
    "FinAnticipee",
    "Fongibilite",
    "Frein",
    "Heures",
    "Identite",
    "Immersions",
    "Indicateur",
    "IndicateurCalcule",
    "Label",
    "Ligne",
    "Majorite",
    "Modele",
    "Moment",
    "Mot",
    "Niveau",
    "Operation",
    "Parcours",
    "Poste",
    "Preuve",
    "Public",
    "Reference",
    "ReglageRegle",
    "ReglePaiement",
    "Reserve",
    "Resultat",
    "Rubrique",
    "Sens",
    "Seuil",
    "Situation",
    "Sorties",
    "Terme",
    "TypeColonne",
    "TypeRessource",
    "Volet",
    "Worded",
    "declarer",
]


class Identite(Modele):
    """Which call this is, and where it was published."""

    code: Annotated[str, Label("Code", motif=r"^[0-9A-Za-z][0-9A-Za-z._-]*$")]
    millesime: Annotated[int, Label("Année", bornes=(2000, 2100))]
    intitule: Annotated[str, Label("Intitulé")]
    axe: Annotated[str, Label("Axe")]
    collectivite: Annotated[str, Label("Collectivité")]
    direction: Annotated[str, Label("Direction")]
    source: Annotated[str, Label("Source")]
    portail: Annotated[str, Label("Portail")]


class Appel(Modele):
    """One call for projects of one year.

    Attributes: mots: its words (`appels.mots`); entetes, aides: headers and helps that it words otherwise, by
                ``table.champ`` (« operation.secteur »).
    """

    schema_version: Annotated[int, Label("Version du modèle")]
    identite: Annotated[Identite, Label("Identité")]
    mds: Annotated[tuple[Element, ...], Label("{Territoires}")] = ()
    depots: Annotated[tuple[Fenetre, ...], Label("Sessions de dépôt")]
    operation: Annotated[Operation, Label("L'opération")]
    public: Annotated[Public | None, Label("Public")] = None
    parcours: Annotated[Parcours, Label("Personnes et parcours")] = Parcours()
    sorties: Annotated[Sorties | None, Label("Sorties")] = None
    heures: Annotated[Heures | None, Label("Heures hebdomadaires")] = None
    immersions: Annotated[Immersions | None, Label("Immersions (PMSMP)")] = None
    comites: Annotated[Comites | None, Label("Comités")] = None
    budget: Annotated[Budget, Label("Budget")]
    phases: Annotated[tuple[str, ...], Label("Phases")] = ()
    rubriques: Annotated[tuple[Rubrique, ...], Label("Rubriques du bilan pédagogique")] = ()
    indicateurs: Annotated[tuple[Indicateur, ...], Label("Indicateurs de l'appel")]
    indicateurs_calcules: Annotated[tuple[IndicateurCalcule, ...], Label("Indicateurs calculés")] = ()
    colonnes: Annotated[tuple[ColonnePropre, ...], Label("Colonnes propres à l'appel")] = ()
    listes: Annotated[Mapping[str, tuple[Element, ...]] | None, Label("Listes de choix")] = None
    mots: Annotated[Mapping[str, str] | None, Label("Mots de l'appel")] = None
    entetes: Annotated[Mapping[str, str] | None, Label("En-têtes propres à l'appel")] = None
    aides: Annotated[Mapping[str, str] | None, Label("Aides propres à l'appel")] = None
    classeur: Annotated[Classeur, Label("Classeur")]
    regles: Annotated[Mapping[str, ReglageRegle], Label("Règles de contrôle")]

    @property
    def nom(self) -> str:
        """``3.3 Préparatoires à l'emploi (2025)``."""
        return f"{self.identite.code} {self.identite.intitule} ({self.identite.millesime})"

    @cached_property
    def _vocabulaire(self) -> dict[str, str]:
        return vocabulaire(vars(self.identite), vars(self.operation), self.mots or {})

    def dit(self, texte: str) -> str:
        """A text with the call's words in their places: « Contact à {suivi_mois} mois », « Présence {du slai} ».

        Raises: KeyError for a word it does not have.
        """
        return dire(texte, self._vocabulaire)

    def mots_inconnus(self, texte: str) -> Iterator[str]:
        """The words that a text cites and this call does not have."""
        return inconnus(texte, self._vocabulaire)

    @cached_property
    def volets(self) -> tuple[Volet, ...]:
        """When situations are observed: at exit, then at each follow-up point, in the order of time."""
        preuve, operation = self.sorties.preuve if self.sorties else Preuve(), self.operation
        settings = (
            (operation.suivi_intermediaire_mois, preuve.intermediaire_avance_mois, preuve.intermediaire_retard_mois),
            (operation.suivi_mois, preuve.suivi_avance_mois, preuve.suivi_retard_mois),
        )
        found = (Volet(nom, mois, *window) for nom, (mois, *window) in zip(POINTS, settings, strict=True) if mois)
        return (SORTIE, *found)

    @property
    def points(self) -> tuple[Volet, ...]:
        """The follow-up points; most calls have one, or none."""
        return self.volets[1:]

    @cached_property
    def elements(self) -> dict[str, tuple[Any, ...]]:
        """Every list by name: its items, each with a code, a libelle and alias."""
        lists: dict[str, tuple[object, ...]] = {
            **(self.listes or {}),
            "mds": self.mds,
            "roles": self.budget.roles,
            "ressources": self.budget.ressources,
            "phases": tuple(Element(code=normaliser(phase).replace(" ", "_"), libelle=phase) for phase in self.phases),
            "postes_charges": tuple(p for p in self.budget.postes if p.table == "charges"),
        }
        if self.sorties:
            sorties = self.sorties
            lists |= {"situations": sorties.situations, "classes": sorties.classes, "pieces": sorties.pieces}
        return lists

    @cached_property
    def libelles(self) -> dict[str, dict[str, str]]:
        """Every list by name: code → what is printed."""
        return {nom: {item.code: item.libelle for item in items} for nom, items in self.elements.items()}

    def libelle(self, liste: str, code: str | None) -> str:
        """What is printed for an item; the code itself if the list does not have it, ``""`` for ``None``."""
        return "" if code is None else self.libelles.get(liste, {}).get(code, code)
