"""« Budget » and « Tableau de bord »: blocks of live formulas, charts beside them."""

from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.domain.calculs import calculer
from aap_xl.domain.syntheses import NON, OUI
from aap_xl.domain.syntheses_budget import DEPASSE, ECART, EQUILIBRE, RESPECTE
from aap_xl.rows import Qui
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.measure import row_height
from aap_xl.workbook.template import charts
from aap_xl.workbook.template.base import PROTECTION, Chantier

_LIBELLE, _VALEUR, _DERNIERE, _MARGE = 48, 16, 18, 2
"""Widths of the columns, in characters."""
_MOTS: dict[str, dict[str, styles.Format]] = {
    "budget.equilibre_constat": {EQUILIBRE: styles.SUCCES, ECART: styles.ERREUR},
    "budget.plafond_constat": {RESPECTE: styles.SUCCES, DEPASSE: styles.ERREUR},
    "bord.brsa_majorite": {OUI: styles.SUCCES, NON: styles.ERREUR},
    "bord.indicateur_atteint": {OUI: styles.SUCCES, NON: styles.ALERTE},
}
_SECTION, _BLANK, _MINIMUM, _SMALL = 20.0, 15.0, 18.0, 9.0
"""Points of a block's title, of the row under it, of a line; of the text of headers and notes."""
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


def write(chantier: Chantier, feuille: str) -> None:
    """One synthesis sheet; its charts are drawn later, once every sheet exists."""
    sheet = chantier.feuille(feuille, styles.ACCENT)
    titre, aide = _TITRES[feuille]
    chantier.heading(sheet, titre, aide, synthese.LIBELLE)
    for colonne, largeur in enumerate(_largeurs(chantier.appel)):
        sheet.set_column(colonne, colonne, largeur)
    for place in synthese.places(chantier.appel):
        if place.feuille == feuille:
            _block(chantier, sheet, place)
    _verdicts(chantier, sheet, feuille)
    sheet.freeze_panes(layout.AIDE, 0)
    sheet.repeat_rows(layout.TITRE - 1, layout.AIDE - 1)
    _paginate(chantier, sheet, feuille)
    sheet.protect("", PROTECTION)


def _largeurs(appel: Appel) -> tuple[int, ...]:
    """The blocks between two margins, then the charts."""
    values = synthese.derniere_valeur(appel) - synthese.PREMIERE_VALEUR
    return (_MARGE, _LIBELLE, *[_VALEUR] * values, _DERNIERE, _MARGE, *charts.LARGEURS)


def _block(chantier: Chantier, sheet: Any, place: synthese.Place) -> None:
    bloc, last = place.bloc, synthese.derniere_valeur(chantier.appel)
    section = chantier.fmt(styles.SECTION_INSTRUCTEUR if bloc.qui is Qui.INSTRUCTEUR else styles.SECTION)
    sheet.set_row(place.ligne - 1, _SECTION)
    for colonne in range(synthese.LIBELLE, last + 1):
        sheet.write(place.ligne - 1, colonne - 1, bloc.titre if colonne == synthese.LIBELLE else "", section)
    if bloc.colonnes:
        row = place.ligne
        sheet.set_row(row, _entetes(bloc))
        sheet.write(row, synthese.LIBELLE - 1, "", chantier.fmt(styles.COLONNE_GAUCHE))
        for offset in range(last - synthese.LIBELLE):
            text = bloc.colonnes[offset] if offset < len(bloc.colonnes) else ""
            sheet.write(row, synthese.PREMIERE_VALEUR - 1 + offset, text, chantier.fmt(styles.COLONNE))
    for rang, ligne in enumerate(bloc.lignes):
        _line(chantier, sheet, place.premiere + rang, ligne)
    if bloc.note:
        row = place.derniere
        sheet.set_row(row, _note(bloc))
        note = chantier.fmt(styles.NOTE)
        sheet.merge_range(row, synthese.LIBELLE - 1, row, last - 1, bloc.note, note)


def _verdicts(chantier: Chantier, sheet: Any, feuille: str) -> None:
    """Colour the words that conclude: balanced or not, ceiling respected or not, majority reached or not."""
    for cell in synthese.cellules(chantier.appel):
        if cell.feuille == feuille:
            place = cell.ligne, cell.colonne
            chantier.highlight(sheet, (*place, *place), _MOTS.get(cell.cle.partition(":")[0], {}))


def _paginate(chantier: Chantier, sheet: Any, feuille: str) -> None:
    """Print at the scale of one page's width, never cutting a block or a chart where that can be avoided."""
    scale = page.scale(_largeurs(chantier.appel))
    room = page.room(scale) - sum(page.TITLES.values())
    places = [place for place in synthese.places(chantier.appel) if place.feuille == feuille]
    drawn = charts.rangs(chantier.appel, feuille)
    breaks: list[int] = []
    top, used, candidate = synthese.PREMIERE_LIGNE, 0.0, 0
    for place in places:
        if place.ligne > top and not any(first < place.ligne < last for first, last in drawn):
            candidate = place.ligne
        used = sum(_height(other) for other in places if top <= other.ligne <= place.ligne)
        if used > room and candidate > top:
            breaks.append(candidate - 1)
            top = candidate
    sheet.set_print_scale(scale)
    last = max(places[-1].ligne + places[-1].bloc.hauteur, *(end for _, end in drawn))
    sheet.print_area(0, 0, last - 1, len(_largeurs(chantier.appel)) - 1)
    sheet.set_h_pagebreaks(breaks)


def _height(place: synthese.Place) -> float:
    """Points taken by a block and the blank row under it."""
    bloc = place.bloc
    titles = _BLANK + _SECTION + (_entetes(bloc) if bloc.colonnes else 0) + (_note(bloc) if bloc.note else 0)
    return titles + sum(_hauteur(ligne) for ligne in bloc.lignes)


def _hauteur(ligne: synthese.Ligne) -> float:
    return row_height([(ligne.libelle, _LIBELLE)], _MINIMUM)


def _entetes(bloc: synthese.Bloc) -> float:
    return row_height([(titre, _VALEUR) for titre in bloc.colonnes], _MINIMUM, size=_SMALL)


def _note(bloc: synthese.Bloc) -> float:
    return row_height([(bloc.note, _LIBELLE + 3 * _VALEUR + _DERNIERE)], size=_SMALL)


def _line(chantier: Chantier, sheet: Any, row: int, ligne: synthese.Ligne) -> None:
    sheet.set_row(row - 1, _hauteur(ligne))
    last = synthese.derniere_valeur(chantier.appel)
    label = styles.LIGNE_TOTAL if ligne.total else styles.LIGNE
    indent = 3 if ligne.libelle.startswith("dont ") else 1
    sheet.write_string(row - 1, synthese.LIBELLE - 1, ligne.libelle, chantier.fmt(label, indent=indent))
    if ligne.large:
        wide = chantier.fmt(label, align="left", indent=0)
        sheet.merge_range(row - 1, synthese.PREMIERE_VALEUR - 1, row - 1, last - 1, "", wide)
    for offset in range(last - synthese.LIBELLE):
        colonne = synthese.PREMIERE_VALEUR + offset
        valeur = ligne.valeurs[offset] if offset < len(ligne.valeurs) else None
        if isinstance(valeur, synthese.Valeur):
            fmt = wide if ligne.large else chantier.fmt(styles.valeur(valeur.nature, total=ligne.total))
            shown = calculer(valeur.cle, chantier.donnees)
            chantier.formule(sheet, (row, colonne), f"={valeur.formule}", fmt, shown)
        elif isinstance(valeur, float):
            sheet.write_number(row - 1, colonne - 1, valeur, chantier.fmt(styles.valeur("taux", total=ligne.total)))
        elif not ligne.large:
            sheet.write_blank(row - 1, colonne - 1, None, chantier.fmt(label))
