"""When an operation may start, and what limits it: its length, hours, immersions and committees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from aap_xl.appels.model.base import Article, Label, Modele


class Fenetre(Modele):
    """One deposit session: when files are deposited, and the starts it covers (bounds included; no end: open)."""

    libelle: Annotated[str, Label("Libellé")]
    depot_du: Annotated[date, Label("Dépôt du")]
    depot_au: Annotated[date, Label("au")]
    debut_du: Annotated[date, Label("Débuts du")]
    debut_au: Annotated[date | None, Label("au (inclus)", aide="Absent : « à compter du ».")] = None


class Operation(Modele):
    """Limits on the operation as a whole; what the call does not limit is absent.

    Attributes: liens_requis: kinds of links with employers that cannot be missing.
    """

    article: Article
    formes_eligibles: Annotated[tuple[str, ...], Label("Formes éligibles", liste="formes", vide=True)]
    agrement_aci: Annotated[bool, Label("Agrément ACI exigé")] = False
    avis_convergence: Annotated[bool, Label("Avis favorable {du convergence} exigé")] = False
    besoin_recrutement: Annotated[bool, Label("Besoin de recrutement ou secteur exigé")] = False
    validation_employeurs: Annotated[bool, Label("Validation des employeurs exigée")] = False
    meme_territoire_formation: Annotated[bool, Label("{Enveloppe} : formation sur le même territoire")] = False
    liens_requis: Annotated[tuple[str, ...], Label("Liens exigés avec les entreprises", liste="liens")] = ()
    duree_max_mois: Annotated[int, Label("Durée maximale", "mois")]
    duree_max_strict: Annotated[bool, Label("Strictement moins que la durée maximale")] = False
    action_semaines_min: Annotated[int | None, Label("Durée d'une action, au moins", "semaines")] = None
    action_semaines_max: Annotated[int | None, Label("Durée d'une action, au plus", "semaines")] = None
    action_semaine_jours: Annotated[
        int | None,
        Label(
            "Jours qui font une semaine d'action",
            aide="Ceux de la dernière semaine ; absent : les sept.",
            bornes=(1, 7),
        ),
    ] = None
    personnes_par_an: Annotated[int | None, Label("Capacité", "places par an")] = None
    bilan_delai_mois: Annotated[int, Label("Bilan final dû après", "mois", bornes=(0, 24))]
    suivi_mois: Annotated[int | None, Label("Suivi après la sortie", "mois")] = None
    suivi_intermediaire_mois: Annotated[
        int | None, Label("Point intermédiaire après la sortie", "mois", aide="Avant celui de suivi_mois.")
    ] = None


class Heures(Modele):
    """Weekly hours; above the maximum is a success, ``au_dela`` names it. What the call does not limit is absent.

    Attributes: minimum_strict, maximum_strict: more than the minimum is asked, less than the maximum is within;
                baisse_max: by how many hours a week may be below the person's week before; duree_legale,
                duree_maximale: hours of a week, in law; premiere_semaine: days after the entry within which
                the first hours are written.
    """

    article: Article
    minimum: Annotated[Decimal, Label("Minimum", bornes=(0, 168))]
    maximum: Annotated[Decimal, Label("Maximum", bornes=(0, 168))]
    minimum_strict: Annotated[bool, Label("Strictement plus que le minimum")] = False
    maximum_strict: Annotated[bool, Label("Strictement moins que le maximum")] = False
    au_dela: Annotated[str, Label("Au-delà du maximum")] = "Au-delà du maximum"
    baisse_max: Annotated[Decimal | None, Label("Baisse d'une semaine à l'autre, admise", "h", bornes=(0, 168))] = None
    duree_legale: Annotated[Decimal | None, Label("Durée légale de la semaine", "h", bornes=(1, 168))] = None
    duree_maximale: Annotated[Decimal | None, Label("Durée maximale de la semaine", "h", bornes=(1, 168))] = None
    premiere_semaine: Annotated[
        int | None, Label("Premières heures attendues après l'entrée", "jours", bornes=(0, 366))
    ] = None

    def sous(self, heures: Decimal) -> bool:
        """Whether a week does not reach the minimum."""
        return heures < self.minimum or (self.minimum_strict and heures == self.minimum)

    def dela(self, heures: Decimal) -> bool:
        """Whether a week is beyond the maximum."""
        return heures > self.maximum or (self.maximum_strict and heures == self.maximum)


class Immersions(Modele):
    """Limits on PMSMP."""

    article: Article
    avant_min: Annotated[int, Label("Avant l'action, au moins", bornes=(0, 100))] = 0
    pendant_min: Annotated[int, Label("Pendant l'action, au moins", bornes=(0, 100))] = 0
    duree_max_mois: Annotated[int, Label("Durée maximale", "mois")]
    duree_max_strict: Annotated[bool, Label("Strictement moins que la durée maximale")] = False
    renouvellements_max: Annotated[int, Label("Renouvellements, au plus", bornes=(0, 100))]
    par_hote_max: Annotated[int, Label("Par entreprise d'accueil, au plus", bornes=(0, 100))]
    periode_mois: Annotated[int, Label("Sur une période de", "mois")]
    jours_max: Annotated[int, Label("En tout, au plus", "jours")]
    jours_max_strict: Annotated[bool, Label("Strictement moins que ce total")] = False


class Comites(Modele):
    """Steering committees: their name and how often they meet."""

    article: Article
    nom: Annotated[str, Label("Nom")]
    intervalle_mois: Annotated[int | None, Label("Un tous les", "mois")] = None
    minimum: Annotated[int, Label("Minimum", aide="Sur toute l'opération, si aucun intervalle n'est dit.")] = 0
    slai: Annotated[bool, Label("{Slai} présent")] = True
    tableau_de_bord: Annotated[bool, Label("Tableau de bord envoyé avant")] = False
