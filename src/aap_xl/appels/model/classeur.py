"""What the workbook has: its sheets, the headings of its written report, the rules that check it."""

from collections.abc import Mapping

from aap_xl.anomalies import Gravite
from aap_xl.appels.model.base import Modele


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
