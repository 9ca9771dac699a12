"""The bilan as tables, ready to be placed on a sheet: nothing here knows one."""

from aap_xl.domain.bilan.tableau import Colonne, Tableau, Valeur
from aap_xl.domain.donnees import Donnees

__all__ = ["Colonne", "Tableau", "Valeur", "tableaux"]


def tableaux(donnees: Donnees) -> list[Tableau]:
    """Every table of the bilan, those of fixed size first."""
    return []
