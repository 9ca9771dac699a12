"""When an operation may start, and what limits it: its length, hours, immersions and committees."""

from datetime import date
from decimal import Decimal

from aap_xl.appels.model.base import Modele


class Fenetre(Modele):
    """One deposit session: when files are deposited, and the starts it covers (bounds included; no end: open)."""

    libelle: str
    depot_du: date
    depot_au: date
    debut_du: date
    debut_au: date | None = None


class Operation(Modele):
    """Limits on the operation as a whole; what the call does not limit is absent.

    Attributes: liens_requis: kinds of links with employers that cannot be missing.
    """

    article: str
    formes_eligibles: tuple[str, ...]
    agrement_aci: bool = False
    avis_convergence: bool = False
    besoin_recrutement: bool = False
    validation_employeurs: bool = False
    meme_territoire_formation: bool = False
    liens_requis: tuple[str, ...] = ()
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
