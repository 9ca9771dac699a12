"""What the workbook has: its sheets, the headings of its written report, the rules that check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from aap_xl.anomalies import Gravite
from aap_xl.appels.model.base import Article, Label, Modele


class Rubrique(Modele):
    """One heading of the written report."""

    libelle: Annotated[str, Label("Libellé")]
    aide: Annotated[str, Label("Aide")] = ""


class Feuille(Modele):
    """One table of the workbook: its columns in order, and how many blank rows it offers."""

    colonnes: Annotated[tuple[str, ...], Label("Colonnes")]
    lignes: Annotated[int, Label("Lignes prêtes", bornes=(1, 5000))]


class Classeur(Modele):
    """What the workbook has."""

    operation: Annotated[tuple[str, ...], Label("Lignes de la feuille Opération")]
    tables: Annotated[Mapping[str, Feuille], Label("Feuilles")]
    mode_emploi: Annotated[tuple[str, ...], Label("Mode d'emploi du classeur")] = ()


class ReglageRegle(Modele):
    """A rule switched on by the call: how serious it is here, and the article it enforces.

    ``gravite_finale`` replaces ``gravite`` once the operation is over; ``citation`` is what the article says.
    """

    gravite: Annotated[Gravite, Label("Gravité")]
    article: Article
    gravite_finale: Annotated[Gravite | None, Label("Après la fin")] = None
    citation: Annotated[str, Label("Extrait du texte")] = ""
