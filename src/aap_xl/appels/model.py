"""A call for projects as data. One TOML file per call is read into an `Appel`; nothing here is a number.

The classes are plain, so that a command can use a call already validated without importing pydantic, nor waiting for
thirty dataclasses to be made; `loader` validates files against them with pydantic.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, ClassVar, NoReturn, dataclass_transform

from aap_xl.anomalies import Gravite


class Indicateur(StrEnum):
    """The indicators a call may ask for; each is a part of the bilan."""

    PERSONNES = "personnes"
    SORTIES_DYNAMIQUES = "sorties_dynamiques"
    SORTIES_VISEES = "sorties_visees"
    HEURES = "heures"
    PHASAGE = "phasage"
    LIENS = "liens"
    COMITES = "comites"
    LOGEMENT_DABORD = "logement_dabord"


class Contrat(StrEnum):
    """What is known of a contract's dates: nothing, a start only (no end), or a start and an end."""

    SANS = "sans"
    DEBUT = "debut"
    DUREE = "duree"


class Contact(StrEnum):
    """What came of the follow-up contact: codes that a list « contacts » must hold."""

    FAIT = "fait"
    INJOIGNABLE = "injoignable"


class Decision(StrEnum):
    """An officer's decision on an expense: codes that a list « decisions » must hold."""

    RETENUE = "retenue"
    REFUSEE = "refusee"
    A_JUSTIFIER = "a_justifier"


class Moment(StrEnum):
    """When an immersion takes place: codes that a list « moments » must hold."""

    AVANT = "avant"
    PENDANT = "pendant"


class Avis(StrEnum):
    """The opinion that lets a project be funded: a code that a list « avis » must hold."""

    FAVORABLE = "favorable"


CODES_DES_LISTES: Mapping[str, type[StrEnum]] = {
    "contacts": Contact,
    "decisions": Decision,
    "moments": Moment,
    "avis": Avis,
}
"""The lists of which the program itself reads some codes; a call may add others."""


class Niveau(StrEnum):
    """Where what was planned caps what is retained."""

    LIGNE = "ligne"
    POSTE = "poste"


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False, field_specifiers=(field,))
class Modele:
    """Base of every part of a call. It does not change, and unknown keys are refused."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __init__(self, **valeurs: Any) -> None:
        unknown = valeurs.keys() - self.__annotations__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        self.__dict__.update(valeurs)

    def __setattr__(self, nom: str, _: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{nom} can't change: it is the call's")

    @classmethod
    def champs(cls) -> tuple[str, ...]:
        """The names of its values, in order."""
        return tuple(cls.__annotations__)


@cache
def declarer() -> None:
    """Make dataclasses of the parts of a call, which pydantic needs to validate them."""
    for part in Modele.__subclasses__():
        dataclass(init=False, repr=False, eq=False, kw_only=True)(part)


class Identite(Modele):
    """Which call this is, and where it was published."""

    code: str
    millesime: int
    intitule: str
    axe: str
    collectivite: str
    direction: str
    source: str
    portail: str


class Element(Modele):
    """One item of a list: its stable code and what is printed; ``alias``: other wordings met in files."""

    code: str
    libelle: str
    alias: tuple[str, ...] = ()
    telephone: str = ""
    service: str = ""


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


class Critere(Modele):
    """One way of belonging to the public; every condition given must hold. ``brsa`` and ages are read at the entry."""

    libelle: str
    brsa: bool | None = None
    age_max_exclu: int | None = None
    age_max: int | None = None
    age_min: int | None = None
    hebergement: tuple[str, ...] = ()
    logement_dabord: bool | None = None


class Majorite(Modele):
    """The share of BRSA among distinct persons who entered; ``strict``: more than ``seuil``, else at least."""

    seuil: Decimal
    strict: bool
    par_action: bool
    par_operation: bool


class Public(Modele):
    """Who the call is for: at least one criterion."""

    article: str
    criteres: tuple[Critere, ...]
    majorite_brsa: Majorite | None = None
    age_implausible_min: int
    age_implausible_max: int
    brsa_age_min: int | None = None
    tranches_age: tuple[int, ...]


class Fenetre(Modele):
    """One deposit session: when files are deposited, and the starts it covers (bounds included; no end: open)."""

    libelle: str
    depot_du: date
    depot_au: date
    debut_du: date
    debut_au: date | None = None


class Operation(Modele):
    """Limits on the operation as a whole; what the call does not limit is absent."""

    article: str
    formes_eligibles: tuple[str, ...]
    agrement_aci: bool = False
    avis_convergence: bool = False
    besoin_recrutement: bool = False
    validation_employeurs: bool = False
    meme_territoire_formation: bool = False
    duree_max_mois: int
    action_semaines_min: int | None = None
    action_semaines_max: int | None = None
    action_semaine_jours: int | None = None  # how many days make the last of those weeks; all seven if unsaid
    personnes_par_an: int | None = None
    bilan_delai_mois: int
    suivi_mois: int | None = None


class Heures(Modele):
    """Weekly hours; above the maximum is a success."""

    article: str
    minimum: Decimal
    maximum: Decimal


class Immersions(Modele):
    """Limits on PMSMP."""

    article: str
    avant_min: int = 0
    pendant_min: int = 0
    duree_max_mois: int
    renouvellements_max: int
    par_hote_max: int
    periode_mois: int
    jours_max: int


class Comites(Modele):
    """Steering committees: their name and how often they meet."""

    article: str
    nom: str
    intervalle_mois: int | None = None  # one per period of that many months
    minimum: int = 0  # over the whole operation, where no interval is stated
    slai: bool = True
    tableau_de_bord: bool = False


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
    """How an operation is paid."""

    article: str
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


class Rubrique(Modele):
    """One heading of the written report."""

    libelle: str
    aide: str = ""


class Feuille(Modele):
    """One table of the workbook: its columns in order, and how many blank rows it offers."""

    colonnes: tuple[str, ...]
    lignes: int


class Classeur(Modele):
    """What the workbook has."""

    operation: tuple[str, ...]
    tables: Mapping[str, Feuille]
    mode_emploi: tuple[str, ...] = ()


class ReglageRegle(Modele):
    """A rule switched on by the call: how serious it is here, and the article it enforces.

    ``gravite_finale`` replaces ``gravite`` once the operation is over.
    """

    gravite: Gravite
    article: str
    gravite_finale: Gravite | None = None


class Appel(Modele):
    """One call for projects of one year."""

    schema_version: int
    identite: Identite
    mds: tuple[Element, ...]
    depots: tuple[Fenetre, ...]
    operation: Operation
    public: Public | None = None
    sorties: Sorties | None = None
    heures: Heures | None = None
    immersions: Immersions | None = None
    comites: Comites | None = None
    budget: Budget
    phases: tuple[str, ...] = ()
    rubriques: tuple[Rubrique, ...] = ()
    indicateurs: tuple[Indicateur, ...]
    listes: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)
    classeur: Classeur
    regles: Mapping[str, ReglageRegle]

    @property
    def nom(self) -> str:
        """``3.3 Préparatoires à l'emploi (2025)``."""
        return f"{self.identite.code} {self.identite.intitule} ({self.identite.millesime})"

    @cached_property
    def elements(self) -> dict[str, tuple[Any, ...]]:
        """Every list by name: its items, each with a code, a libelle and alias."""
        lists: dict[str, tuple[Any, ...]] = {
            **self.listes,
            "mds": self.mds,
            "roles": self.budget.roles,
            "ressources": self.budget.ressources,
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
