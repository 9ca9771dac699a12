"""Who the call is for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from aap_xl.appels.model.base import Article, Label, Modele


class Critere(Modele):
    """One way of belonging to the public; every condition given must hold. ``brsa`` and ages are read at the entry."""

    libelle: Annotated[str, Label("Libellé")]
    brsa: Annotated[bool | None, Label("BRSA")] = None
    age_max_exclu: Annotated[int | None, Label("Moins de", "ans")] = None
    age_max: Annotated[int | None, Label("Au plus", "ans")] = None
    age_min: Annotated[int | None, Label("Au moins", "ans")] = None
    hebergement: Annotated[tuple[str, ...], Label("Situation de logement", liste="hebergements")] = ()
    logement_dabord: Annotated[bool | None, Label("Logement d'abord")] = None


class Majorite(Modele):
    """The share of BRSA among distinct persons who entered; ``strict``: more than ``seuil``, else at least."""

    seuil: Annotated[Decimal, Label("Part des personnes entrées", "%")]
    strict: Annotated[bool, Label("Strictement plus que cette part")]
    par_action: Annotated[bool, Label("Vérifiée par action")]
    par_operation: Annotated[bool, Label("Vérifiée sur l'opération")]


class Public(Modele):
    """Who the call is for: at least one criterion.

    Attributes: brsa_age_min: below it a BRSA is to be verified; brsa_plus_jeune: how one may be younger, in words.
    """

    article: Article
    criteres: Annotated[tuple[Critere, ...], Label("Critères (un seul suffit)")]
    majorite_brsa: Annotated[Majorite | None, Label("Majorité de BRSA")] = None
    age_implausible_min: Annotated[int, Label("Âge invraisemblable en dessous de", bornes=(0, 120))]
    age_implausible_max: Annotated[int, Label("Âge invraisemblable au-dessus de", bornes=(0, 120))]
    brsa_age_min: Annotated[int | None, Label("BRSA à vérifier en dessous de", "ans")] = None
    brsa_plus_jeune: Annotated[str, Label("BRSA plus jeune : possible")] = ""
    tranches_age: Annotated[tuple[int, ...], Label("Tranches d'âge, à partir de", bornes=(0, 120))]


class Parcours(Modele):
    """How persons and their stays are counted; a call that says nothing of it is read so.

    Attributes: identites_reunies: whether one identity under two codes is one person; derniere_sortie: whether a
                person who came back counts by the last exit alone; jours_entre: from an exit to the next entry, 1
                being the next day; premiers_janvier: from how many persons born on a first of January it is told.
    """

    article: Article = ""
    identites_reunies: Annotated[bool, Label("Une même identité sous deux codes : une personne")] = True
    derniere_sortie: Annotated[bool, Label("Une personne revenue compte par sa dernière sortie")] = True
    jours_entre: Annotated[int, Label("De la sortie à l'entrée suivante, au moins", "jours", bornes=(0, 366))] = 1
    premiers_janvier: Annotated[int | None, Label("Naissances un 1er janvier dites à partir de", "personnes")] = None
