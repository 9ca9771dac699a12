"""« Budget » and « Tableau de bord »: blocks of live formulas, charts beside them."""

from collections.abc import Sequence

from aap_xl.appels.model import Appel
from aap_xl.domain.computed import calculer
from aap_xl.domain.data import Donnees
from aap_xl.domain.syntheses import NON, OUI
from aap_xl.domain.syntheses_budget import DEPASSE, ECART, EQUILIBRE, RESPECTE
from aap_xl.domain.tableau import Formule, Valeur
from aap_xl.records import replace
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.grid import Grid
from aap_xl.workbook.paper.table import Bloc, Sizes, draw
from aap_xl.workbook.template import charts
from aap_xl.workbook.template.base import PROTECTION, Draft

_LIBELLE, _VALEUR, _DERNIERE, _MARGE = 48, 16, 18, 2
"""Widths of the columns, in characters."""
_MOTS: dict[str, dict[str, styles.Format]] = {
    "budget.equilibre_constat": {EQUILIBRE: styles.SUCCES, ECART: styles.ERREUR},
    "budget.plafond_constat": {RESPECTE: styles.SUCCES, DEPASSE: styles.ERREUR},
    "bord.brsa_majorite": {OUI: styles.SUCCES, NON: styles.ERREUR},
    "bord.indicateur_atteint": {OUI: styles.SUCCES, NON: styles.ALERTE},
}
_SIZES, _BLANK = Sizes(band=20, header=18, line=18), 15.0
_TITRES = {
    layout.BUDGET: (
        "Budget",
        "Synthèse calculée : elle se met à jour d'après Personnel, Charges, Ressources, Dépenses et Opération.",
    ),
    layout.TABLEAU_DE_BORD: (
        "Tableau de bord",
        "Synthèse calculée, à présenter à chaque comité ; elle se met à jour à chaque saisie.",
    ),
}


def write(draft: Draft, feuille: str) -> None:
    """One synthesis sheet; its charts are drawn later, once every sheet exists."""
    sheet = draft.feuille(feuille, styles.ACCENT)
    titre, aide = _TITRES[feuille]
    draft.heading(sheet, titre, aide, synthese.LIBELLE)
    blocs = [bloc for bloc in synthese.blocs(draft.appel) if bloc.feuille == feuille]
    grid = _grille(draft.appel)
    for bloc in blocs:
        draw(grid, _calcule(bloc, draft.donnees), _SIZES)
        grid.heights[bloc.apres] = _BLANK
    drawn = charts.rangs(draft.appel, feuille)
    _paginate(grid, blocs, drawn)
    draft.draw(sheet, grid)
    _verdicts(draft, sheet, feuille)
    sheet.freeze_panes(layout.AIDE, 0)
    sheet.repeat_rows(layout.TITRE - 1, layout.AIDE - 1)
    last = max(blocs[-1].apres + 1, *(end for _, end in drawn))
    sheet.print_area(0, 0, last - 1, len(grid.widths) - 1)
    sheet.protect("", PROTECTION)


def _grille(appel: Appel) -> Grid:
    """The tables between two margins, then the charts."""
    values = synthese.derniere_valeur(appel) - synthese.LIBELLE - 1
    grid = Grid((_MARGE, _LIBELLE, *[_VALEUR] * values, _DERNIERE, _MARGE, *charts.LARGEURS))
    grid.paged = True
    return grid


def _calcule(bloc: Bloc, donnees: Donnees) -> Bloc:
    """The same table, with what its formulas show on that day."""
    lignes = [type(ligne)(_montree(valeur, donnees) for valeur in ligne) for ligne in bloc.tableau.lignes]
    return replace(bloc, tableau=replace(bloc.tableau, lignes=lignes))


def _montree(valeur: Valeur, donnees: Donnees) -> Valeur:
    return replace(valeur, valeur=calculer(valeur.cle, donnees)) if isinstance(valeur, Formule) else valeur


def _verdicts(draft: Draft, sheet: object, feuille: str) -> None:
    """Colour the words that conclude: balanced or not, ceiling respected or not, majority reached or not."""
    for cell in synthese.cellules(draft.appel):
        if cell.feuille == feuille:
            place = cell.ligne, cell.colonne
            draft.highlight(sheet, (*place, *place), _MOTS.get(cell.cle.partition(":")[0], {}))


def _paginate(grid: Grid, blocs: Sequence[Bloc], drawn: Sequence[tuple[int, int]]) -> None:
    """End pages between tables, never cutting one or a chart where that can be avoided."""
    room = page.room(grid.scale) - sum(page.TITLES.values())
    top = candidate = synthese.PREMIERE_LIGNE
    for bloc in blocs:
        if not any(first < bloc.ligne < last for first, last in drawn):
            candidate = bloc.ligne
        if grid.height(top, bloc.apres - 1) > room and candidate > top:
            grid.break_after(candidate - 1)
            top = candidate
