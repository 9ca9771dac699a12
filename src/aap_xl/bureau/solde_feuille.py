"""The balance as one printable sheet: result, steps, objectives beside the signature; then the details."""

from typing import Any

from aap_xl.bureau.cahier import Cahier, format_de
from aap_xl.bureau.etat_solde import EtatSolde
from aap_xl.bureau.solde_blocs import (
    PLACES,
    Bloc,
    Rangee,
    avertissements,
    conclusion,
    details,
    etapes,
    identite,
    objectifs,
)
from aap_xl.rows import Nature
from aap_xl.workbook import styles
from aap_xl.workbook.template.base import HAUTEUR_PAGE, LARGEUR_PAGE, pixels
from aap_xl.workbook.writing.grid import lines

FEUILLE = "Solde"
SIGNATURE = "Le service instructeur"
_LARGEURS = (12, 11, 11, 11, 13, 13, 14, 13, 13, 26)
_PETIT = 8.5
_LIGNE_DE_TEXTE, _JEU = 11.5, 4.0
_ELARGI = 1.15
"""How many more characters a small font fits in a width than the sheet's own."""
_BANDE: styles.Format = {**styles.SECTION, "font_size": 10}
_ARTICLE: styles.Format = {**styles.SECTION, "italic": True, "bold": False, "font_size": 8, "align": "right"}
_CELLULE: styles.Format = {**styles.LIGNE, "font_size": _PETIT}
_FORTE: styles.Format = {**styles.LIGNE_TOTAL, "font_size": _PETIT}
_ENTETE: styles.Format = {**styles.COLONNE, "font_size": _PETIT}
_RESULTAT: styles.Format = {**styles.POLICE, "bold": True, "font_size": 13, "indent": 1}
_CADRE: styles.Format = {**styles.POLICE, "valign": "top", "align": "left", "indent": 1, "text_wrap": True, "border": 1}


def octets(etat: EtatSolde) -> bytes:
    """The workbook of that one sheet; the same state gives the same bytes."""
    cahier = Cahier(f"Calcul du solde, {etat.appel.nom}")
    sheet = cahier.feuille(FEUILLE, etat.appel.nom)
    for column, width in enumerate(_LARGEURS):
        sheet.set_column(column, column, width)
    if etat.bloquantes:
        sheet.set_header("&C&B&10PROVISOIRE", {"margin": 0.2})
    ligne = _entete(cahier, sheet, etat)
    ligne = _bloc(cahier, sheet, ligne, etapes(etat))
    ligne = _signature(cahier, sheet, ligne, objectifs(etat))
    sheet.set_h_pagebreaks([ligne - 1])
    sheet.set_print_scale(_echelle(sheet, ligne - 1))
    for bloc in details(etat):
        sheet.repeat_rows(ligne - 1, ligne)  # the last table alone runs over several pages
        ligne = _bloc(cahier, sheet, ligne, bloc) + 1
    sheet.print_area(0, 0, ligne - 3, PLACES - 1)
    return cahier.octets()


def _echelle(sheet: Any, rangees: int) -> int:
    """The percentage at which the columns fit a page's width, and the first rows its height."""
    height: int = sum(sheet.row_sizes.get(row, (sheet.default_row_height,))[0] for row in range(rangees))
    return min(100, LARGEUR_PAGE * 100 // sum(map(pixels, _LARGEURS)), HAUTEUR_PAGE * 100 // height)


def _entete(cahier: Cahier, sheet: Any, etat: EtatSolde) -> int:
    """Title, identity, warnings, result; the row that follows."""
    _haut(sheet, 1, 26)
    cahier.ecrire(sheet, (1, 1), f"Calcul du solde · {etat.appel.nom}", styles.TITRE)
    day = f"Situation au {etat.donnees.aujourdhui:%d/%m/%Y} · {etat.donnees.source}"
    cahier.ecrire(sheet, (2, 1), day, styles.AIDE)
    ligne = 3
    facts = identite(etat)
    for left, right in zip(facts[::2], facts[1::2], strict=True):
        for (label, text), (column, places) in zip((left, right), ((1, 4), (7, 2)), strict=True):
            cahier.ecrire(sheet, (ligne, column), label, styles.AIDE)
            cahier.etendre(sheet, (ligne, column + 2), places, text, {**styles.POLICE, "align": "left"})
        _haut(sheet, ligne, 15)
        ligne += 1
    warnings = avertissements(etat)
    for text in warnings:
        look = styles.ERREUR if etat.bloquantes and text.startswith("PROVISOIRE") else styles.ALERTE
        _haut(sheet, ligne, 18)
        cahier.etendre(sheet, (ligne, 1), PLACES, text, {**styles.POLICE, **look, "bold": True, "indent": 1})
        ligne += 1
    known = etat.solde.solde is not None
    _haut(sheet, ligne, 24)
    look = styles.SUCCES if known and not warnings else styles.ALERTE
    cahier.etendre(sheet, (ligne, 1), PLACES, conclusion(etat), {**_RESULTAT, **look})
    return ligne + 1


def _bloc(cahier: Cahier, sheet: Any, ligne: int, bloc: Bloc) -> int:
    """One table; the row that follows it. A narrow one has no room for its article, which its note then holds."""
    places = sum(colonne.places for colonne in bloc.colonnes)
    titled = 5 if places == PLACES else places
    _haut(sheet, ligne, 17)
    cahier.etendre(sheet, (ligne, 1), titled, bloc.titre, _BANDE)
    if titled < places:
        cahier.etendre(sheet, (ligne, titled + 1), places - titled, bloc.article, _ARTICLE)
    titles = tuple(colonne.titre for colonne in bloc.colonnes)
    _rangee(cahier, sheet, ligne + 1, bloc, Rangee(titles), entete=True)
    for offset, rangee in enumerate(bloc.rangees, 2):
        _rangee(cahier, sheet, ligne + offset, bloc, rangee)
    after = ligne + 2 + len(bloc.rangees)
    if bloc.note:
        width = sum(_LARGEURS[:places]) * _ELARGI
        _haut(sheet, after, lines(bloc.note, width) * _LIGNE_DE_TEXTE + 3)
        cahier.etendre(sheet, (after, 1), places, bloc.note, {**styles.NOTE, "font_size": 8})
        after += 1
    return after


def _rangee(cahier: Cahier, sheet: Any, ligne: int, bloc: Bloc, rangee: Rangee, *, entete: bool = False) -> None:
    look = _ENTETE if entete else _FORTE if rangee.forte else _CELLULE
    column, height = 1, 1
    for colonne, valeur in zip(bloc.colonnes, rangee.valeurs, strict=True):
        nature = format_de(colonne.nature)
        own = {"align": nature["align"]} if entete else nature
        if colonne.titre == "Article" and not entete:
            own = {**own, "font_color": styles.GRIS, "font_size": 8}
        cahier.etendre(sheet, (ligne, column), colonne.places, valeur, {**look, **own})
        width = sum(_LARGEURS[column - 1 : column - 1 + colonne.places])
        if isinstance(valeur, str) and (entete or colonne.nature is Nature.TEXTE):
            height = max(height, lines(valeur, width * _ELARGI))
        column += colonne.places
    _haut(sheet, ligne, height * _LIGNE_DE_TEXTE + _JEU)


def _signature(cahier: Cahier, sheet: Any, ligne: int, objectifs: Bloc | None) -> int:
    """The place to sign, with the objectives that the officer judges beside it; the row that follows."""
    _haut(sheet, ligne, 8)
    first = ligne + 1
    after = first + 1 if objectifs is None else _bloc(cahier, sheet, first, objectifs)
    if objectifs is None:
        _haut(sheet, first, 68)
    text = f"{SIGNATURE}\nNom et qualité :\n\n\nDate et signature :"
    look = {**_CADRE, "border_color": styles.ACCENT_MOYEN}
    sheet.merge_range(first - 1, PLACES - 3, after - 2, PLACES - 1, "", cahier.fmt(look))
    cahier.ecrire(sheet, (first, PLACES - 2), text, look)
    return after


def _haut(sheet: Any, ligne: int, points: float) -> None:
    sheet.set_row(ligne - 1, points)
