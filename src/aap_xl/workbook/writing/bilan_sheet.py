"""The sheet « Bilan »: its title, the state of the bilan, every table, in pages that print cleanly."""

from collections.abc import Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Tableau
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.francais import jour
from aap_xl.records import replace
from aap_xl.workbook.paper.grid import Grid, plain, style
from aap_xl.workbook.paper.styles import (
    ACCENT,
    ALERTE_ENCRE,
    ALERTE_FOND,
    ERREUR_ENCRE,
    ERREUR_FOND,
    GRIS,
    SUCCES_ENCRE,
    SUCCES_FOND,
)
from aap_xl.workbook.writing.bilan_layout import FIN, LARGEURS, PREMIERE_LIGNE, Panneau, modele, placer
from aap_xl.workbook.writing.bilan_pages import Pages, ecrire

_NOTHING = str(Taux(0, 0))
_TITLE = style(bold=True, size=18, color=plain(ACCENT))
_SUBTITLE = style(color=plain(GRIS))


def bilan(donnees: Donnees, anomalies: Sequence[Anomalie], tableaux: Sequence[Tableau], *, pages: bool = True) -> Grid:
    """The whole sheet.

    Args: anomalies: those that stand; tableaux: those of fixed size first; pages: whether printed pages end between
          tables, and the long tables go on under their headers on the next one.
    """
    grid = Grid(LARGEURS)
    _heading(grid, donnees, anomalies)
    blocs = placer(tableaux, donnees.appel)
    if pages:
        _paged(grid, blocs)
    else:
        for bloc in blocs:
            ecrire(grid, bloc)
    return grid


def gabarit(appel: Appel) -> Grid:
    """The sheet without data, for the blank workbook: its widths and heights, so that charts keep their shape."""
    grid = Grid(LARGEURS)
    _paged(grid, modele(appel))
    grid.blank(lambda value: isinstance(value, str) and value != _NOTHING)
    return grid


def titre(donnees: Donnees, anomalies: Sequence[Anomalie]) -> str:
    """« Bilan provisoire » while a blocking anomaly stands, then « final » once the operation is over."""
    if any(anomalie.gravite is Gravite.BLOQUANTE for anomalie in anomalies):
        return "Bilan provisoire"
    return "Bilan final" if donnees.terminee else "Bilan intermédiaire"


def _heading(grid: Grid, donnees: Donnees, anomalies: Sequence[Anomalie]) -> None:
    operation = donnees.operation
    parts = (donnees.appel.nom, operation.porteur, operation.intitule)
    grid.put(1, 1, titre(donnees, anomalies), _TITLE)
    grid.heights[1] = 30
    grid.put(2, 1, " · ".join(part for part in parts if part), _SUBTITLE)
    identity = donnees.appel.identite
    grid.put(3, 1, f"{identity.collectivite}, {identity.direction}", _SUBTITLE)
    text, background, ink = _state(donnees, anomalies)
    look = style(bold=True, fill=plain(background), color=plain(ink), indent=1)
    grid.put(4, 1, text, look, until=FIN)
    grid.heights[4] = 22
    grid.heights[5] = 9


def _state(donnees: Donnees, anomalies: Sequence[Anomalie]) -> tuple[str, str, str]:
    """The sentence under the title, and its colours."""
    situation = f"Situation au {jour(donnees.aujourdhui)}."
    count = sum(anomalie.gravite is Gravite.BLOQUANTE for anomalie in anomalies)
    if count:
        many = "anomalies bloquantes restent" if count > 1 else "anomalie bloquante reste"
        text = f"{situation} Bilan provisoire : {count} {many} à corriger (voir la feuille Contrôle)."
        return text, ERREUR_FOND, ERREUR_ENCRE
    if donnees.terminee:
        return f"{situation} L'opération est terminée ; aucune anomalie bloquante.", SUCCES_FOND, SUCCES_ENCRE
    return f"{situation} L'opération est en cours ; aucune anomalie bloquante.", ALERTE_FOND, ALERTE_ENCRE


def _paged(grid: Grid, blocs: Sequence[Panneau]) -> None:
    """Write every table, and say where printed pages end."""
    grid.paged = True
    for bloc in blocs:
        if bloc.tableau.fixe:
            ecrire(grid, bloc)
    pages = Pages(grid, PREMIERE_LIGNE)
    suivante = PREMIERE_LIGNE
    for bloc in blocs:
        if bloc.tableau.fixe and bloc.debut == 1:
            pages.garder(bloc.ligne, grid.height(bloc.ligne, bloc.suivante - 2))
            suivante = bloc.suivante
        elif not bloc.tableau.fixe:
            suivante = pages.derouler(replace(bloc, ligne=suivante))
