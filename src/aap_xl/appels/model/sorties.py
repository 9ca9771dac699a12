"""Exits: situations, classes, the decision table between them, and what proves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from aap_xl.appels.model.base import Article, Code, Element, Label, Modele, Worded
from aap_xl.records import record


class Contrat(Worded):
    """What is known of a contract's dates: nothing, a start only (no end), a start and an end, or an end if any."""

    SANS = "sans", ""
    DEBUT = "debut", "date de début"
    DUREE = "duree", "dates ou durée"
    TERME_POSSIBLE = "terme_possible", "dates ou CDI"


class Situation(Modele):
    """One situation at exit.

    ``emploi``, ``formation``: what the call's narrower indicator counts; ``debut_mois``: as in `Preuve`, of its own.
    """

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()
    contrat: Annotated[Contrat, Label("Contrat")] = Contrat.SANS
    emploi: Annotated[bool, Label("Emploi")] = False
    formation: Annotated[bool, Label("Formation")] = False
    debut_mois: Annotated[int | None, Label("Début au plus", "mois après")] = None


class Classe(Modele):
    """One class of exit."""

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    dynamique: Annotated[bool, Label("Dynamique")] = False
    alias: Annotated[tuple[str, ...], Label("Aussi compris")] = ()


@record
class Seuil:
    """A length of contract that decides: ``mois`` and more, or, ``strict``, more than ``mois``."""

    mois: int
    strict: bool


class Condition(Modele):
    """When a line of the decision table applies. ``mois_min`` is reached date to date, ``mois_max`` is not reached.

    ``strict``: both are « plus de N mois » and its contrary, instead of « N mois et plus » and « moins de N mois ».
    """

    situation: Annotated[tuple[str, ...], Label("Situation", liste="situations")]
    mois_min: Annotated[int | None, Label("Au moins", "mois", aide="Atteint de date à date.")] = None
    mois_max: Annotated[int | None, Label("Moins de", "mois", aide="Non atteint de date à date.")] = None
    strict: Annotated[
        bool, Label("Sens strict", aide="« Plus de N mois » et « N mois au plus », au lieu de « N mois et plus ».")
    ] = False

    @property
    def seuils(self) -> tuple[Seuil, ...]:
        """The lengths that decide."""
        return tuple(Seuil(mois, self.strict) for mois in (self.mois_min, self.mois_max) if mois is not None)

    def retient(self, atteint: Callable[[Seuil], bool]) -> bool:
        """Whether a length suits, by what it reaches."""
        long_enough = self.mois_min is None or atteint(Seuil(self.mois_min, self.strict))
        return long_enough and (self.mois_max is None or not atteint(Seuil(self.mois_max, self.strict)))


class Ligne(Modele):
    """One line of the decision table; the first that matches gives the class.

    ``libelle``: how the call itself names this exit; typed as such, it gives the situation, and the dates are checked.
    """

    si: Annotated[Condition, Label("Si la situation est")]
    classe: Annotated[str, Label("Classe", liste="classes")]
    article: Article
    libelle: Annotated[str, Label("Libellé de l'appel")] = ""
    validation: Annotated[bool, Label("À valider", aide="Exige une raison écrite et le nom d'un instructeur.")] = False
    a_verifier: Annotated[
        str, Label("À vérifier", aide="Pourquoi un instructeur devrait regarder ; vide s'il n'y a pas lieu.")
    ] = ""


class Mot(Modele):
    """Words of the field, which lead to a situation or are refused with what to choose instead.

    Attributes: sauf, choisir: situation → when to choose it; remede: what else to do; source: the text, or [I].
    """

    code: Code
    mots: Annotated[tuple[str, ...], Label("Mots")]
    situation: Annotated[str, Label("Compris", liste="situations")] = ""
    sauf: Annotated[Mapping[str, str] | None, Label("Sauf", liste="situations")] = None
    refus: Annotated[str, Label("Refusé parce que")] = ""
    choisir: Annotated[Mapping[str, str] | None, Label("À choisir", liste="situations")] = None
    remede: Annotated[str, Label("À faire")] = ""
    source: Annotated[str, Label("Source")]


@record
class Terme:
    """One wording of an exit: the situation it says, or why it says none.

    Attributes: si: of the call's own wording, what it says of the contract's length, ``None`` for a word of the field;
                remede: what to do, or when another situation is meant.
    """

    mot: str
    situation: str = ""
    si: Condition | None = None
    refus: str = ""
    remede: str = ""


def tries(lignes: Iterable[Ligne]) -> tuple[Seuil, ...]:
    """The lengths that decide between some lines, sorted."""
    found = {seuil for ligne in lignes for seuil in ligne.si.seuils}
    return tuple(sorted(found, key=lambda seuil: (seuil.mois, seuil.strict)))


class Reference(Modele):
    """A national reference line, shown on charts, never a rule."""

    libelle: Annotated[str, Label("Libellé")]
    taux: Annotated[Decimal, Label("Taux", "%")]
    source: Annotated[str, Label("Source")]
    classe: Annotated[str, Label("Classe", liste="classes", aide="Vide : toutes les sorties dynamiques.")] = ""


class Volet:
    """When a situation is observed: at exit, or at a follow-up point; the columns of « Participants » that say it.

    Attributes: nom: « sortie », « suivi » or « intermediaire »; suffixe: of its columns; mois: after the exit, 0 at
                exit; avance, retard: by how many months the contact may precede the day it falls due, or follow it
                (``None``: without limit).
    """

    def __init__(self, nom: str, mois: int = 0, avance: int | None = None, retard: int | None = None) -> None:
        self.nom, self.mois, self.avance, self.retard = nom, mois, avance or 0, retard
        self.suffixe = f"_{nom}" if mois else ""
        self.date = f"date_{nom}"
        self.contact, self.situation, self.debut, self.fin, self.mois_contrat = map(
            self.champ, ("contact", "situation", "debut_contrat", "fin_contrat", "mois_contrat")
        )
        self.metier_vise, self.precision, self.piece = map(self.champ, ("metier_vise", "precision", "piece"))
        self.echeance, self.etat, self.classe, self.dynamique = map(
            self.champ, ("echeance", "etat", "classe", "dynamique")
        )

    def champ(self, nom: str) -> str:
        """The column of this moment among those that each moment has."""
        return nom + self.suffixe

    @property
    def a_mois(self) -> str:
        """« à la sortie », « à 6 mois »."""
        return f"à {self.mois} mois" if self.mois else "à la sortie"

    @property
    def libelle(self) -> str:
        """« À la sortie », « À 6 mois »."""
        return self.a_mois.capitalize()


SORTIE = Volet("sortie")
POINTS = ("intermediaire", "suivi")
"""The follow-up points that a call may have, in the order of time."""


class Preuve(Modele):
    """What the dates of a contract must say for it to be the one held on the day observed; ``None``: not checked.

    Attributes: debut_mois: a contract starts at most so long after the exit; suivi_avance_mois, suivi_retard_mois: a
                follow-up point is made at most so long before it falls due, and after; intermediaire_avance_mois,
                intermediaire_retard_mois: the same of the point before; ecart_annees: a date further than that from the
                exit is a typing error; duree_reelle: a contract that was broken counts for the length it had.
    """

    debut_mois: Annotated[int | None, Label("Début du contrat après la sortie, au plus", "mois")] = None
    suivi_avance_mois: Annotated[int | None, Label("Point de suivi avant son échéance, au plus", "mois")] = None
    suivi_retard_mois: Annotated[int | None, Label("Point de suivi après son échéance, au plus", "mois")] = None
    intermediaire_avance_mois: Annotated[
        int | None, Label("Point intermédiaire avant son échéance, au plus", "mois")
    ] = None
    intermediaire_retard_mois: Annotated[
        int | None, Label("Point intermédiaire après son échéance, au plus", "mois")
    ] = None
    ecart_annees: Annotated[
        int | None, Label("Dates à moins de", "ans", aide="De la sortie, dans un sens ou l'autre.")
    ] = None
    duree_reelle: Annotated[bool, Label("Contrat rompu compté pour sa durée réelle")] = False


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
    preuve: Annotated[Preuve, Label("Ce que les dates doivent prouver")] = Preuve()
    mots: Annotated[tuple[Mot, ...], Label("Mots du terrain")] = ()

    @cached_property
    def situations_par_code(self) -> dict[str, Situation]:
        """The situations, by code."""
        return {situation.code: situation for situation in self.situations}

    def debut_mois(self, situation: str | None) -> int | None:
        """How many months after the exit the contract of a situation may start; ``None``: no limit."""
        known = self.situations_par_code.get(situation or "")
        return self.preuve.debut_mois if known is None or known.debut_mois is None else known.debut_mois

    @cached_property
    def seuils(self) -> tuple[Seuil, ...]:
        """Every length at which a class may change, sorted."""
        return tries(self.classement)

    @cached_property
    def termes(self) -> tuple[Terme, ...]:
        """What may be typed for an exit beside the list: the call's own wordings, then the words of the field."""
        own = [Terme(ligne.libelle, ligne.si.situation[0], ligne.si) for ligne in self.classement if ligne.libelle]
        said = [(item, self._remede(item)) for item in self.mots if self._connu(item)]
        return (*own, *(Terme(mot, item.situation, None, item.refus, todo) for item, todo in said for mot in item.mots))

    def _connu(self, mot: Mot) -> bool:
        """Whether a word is of use here: it cites no situation that the call does not have."""
        return {mot.situation, *(mot.sauf or ()), *(mot.choisir or ())} <= self.situations_par_code.keys() | {""}

    def _remede(self, mot: Mot) -> str:
        choix = mot.choisir or mot.sauf or {}
        named = ", ".join(f"« {self.situations_par_code[code].libelle} » {quand}" for code, quand in choix.items())
        return ", ".join(filter(None, (named and f"choisissez {named}", mot.remede)))

    @cached_property
    def classes_dynamiques(self) -> frozenset[str]:
        """The codes of the classes that count as « sorties dynamiques »."""
        return frozenset(classe.code for classe in self.classes if classe.dynamique)
