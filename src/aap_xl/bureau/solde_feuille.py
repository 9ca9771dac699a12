"""The balance as one printable sheet: result, steps, objectives beside the signature; then the details."""

from typing import Any

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
from aap_xl.francais import jour
from aap_xl.rows import Nature
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.measure import row_height
from aap_xl.workbook.paper.sheet import Book, format_de

FEUILLE = "Solde"
SIGNATURE = "Le service instructeur"
_LARGEURS = (12, 11, 11, 11, 13, 13, 14, 13, 13, 26)
_PETIT = 8.5
_BANDE: styles.Format = {**styles.SECTION, "font_size": 10}
_ARTICLE: styles.Format = {**styles.SECTION, "italic": True, "bold": False, "font_size": 8, "align": "right"}
_CELLULE: styles.Format = {**styles.LIGNE, "font_size": _PETIT}
_FORTE: styles.Format = {**styles.LIGNE_TOTAL, "font_size": _PETIT}
_ENTETE: styles.Format = {**styles.COLONNE, "font_size": _PETIT}
_RESULTAT: styles.Format = {**styles.POLICE, "bold": True, "font_size": 13, "indent": 1}
_CADRE: styles.Format = {**styles.POLICE, "valign": "top", "align": "left", "indent": 1, "text_wrap": True, "border": 1}


def octets(etat: EtatSolde) -> bytes:
    """The workbook of that one sheet; the same state gives the same bytes."""
    book = Book(f"Calcul du solde, {etat.appel.nom}")
    sheet = book.sheet(FEUILLE, etat.appel.nom, styles.ACCENT)
    for column, width in enumerate(_LARGEURS):
        sheet.set_column(column, column, width)
    if etat.bloquantes:
        sheet.set_header("&C&B&10PROVISOIRE", {"margin": 0.2})
    ligne = _entete(book, sheet, etat)
    ligne = _bloc(book, sheet, ligne, etapes(etat))
    ligne = _signature(book, sheet, ligne, objectifs(etat))
    sheet.set_h_pagebreaks([ligne - 1])
    sheet.set_print_scale(_echelle(sheet, ligne - 1))
    for bloc in details(etat):
        sheet.repeat_rows(ligne - 1, ligne)  # the last table alone runs over several pages
        ligne = _bloc(book, sheet, ligne, bloc) + 1
    sheet.print_area(0, 0, ligne - 3, PLACES - 1)
    return book.to_bytes()


def _echelle(sheet: Any, rangees: int) -> int:
    """The percentage at which the columns fit a page's width, and the first rows its height."""
    height: int = sum(sheet.row_sizes.get(row, (sheet.default_row_height,))[0] for row in range(rangees))
    return page.scale(_LARGEURS, height * page.PIXEL)


def _entete(book: Book, sheet: Any, etat: EtatSolde) -> int:
    """Title, identity, warnings, result; the row that follows."""
    _haut(sheet, 1, 26)
    book.write(sheet, (1, 1), f"Calcul du solde · {etat.appel.nom}", styles.TITRE)
    day = f"Situation au {jour(etat.donnees.aujourdhui)} · {etat.donnees.source}"
    book.write(sheet, (2, 1), day, styles.AIDE)
    ligne = 3
    facts = identite(etat)
    for left, right in zip(facts[::2], facts[1::2], strict=True):
        for (label, text), (column, places) in zip((left, right), ((1, 4), (7, 2)), strict=True):
            book.write(sheet, (ligne, column), label, styles.AIDE)
            book.span(sheet, (ligne, column + 2), places, text, {**styles.POLICE, "align": "left"})
        _haut(sheet, ligne, 15)
        ligne += 1
    warnings = avertissements(etat)
    for text in warnings:
        look = styles.ERREUR if etat.bloquantes and text.startswith("PROVISOIRE") else styles.ALERTE
        _haut(sheet, ligne, 18)
        book.span(sheet, (ligne, 1), PLACES, text, {**styles.POLICE, **look, "bold": True, "indent": 1})
        ligne += 1
    known = etat.solde.solde is not None
    _haut(sheet, ligne, 24)
    look = styles.SUCCES if known and not warnings else styles.ALERTE
    book.span(sheet, (ligne, 1), PLACES, conclusion(etat), {**_RESULTAT, **look})
    return ligne + 1


def _bloc(book: Book, sheet: Any, ligne: int, bloc: Bloc) -> int:
    """One table; the row that follows it. A narrow one has no room for its article, which its note then holds."""
    places = sum(colonne.places for colonne in bloc.colonnes)
    titled = 5 if places == PLACES else places
    _haut(sheet, ligne, 17)
    book.span(sheet, (ligne, 1), titled, bloc.titre, _BANDE)
    if titled < places:
        book.span(sheet, (ligne, titled + 1), places - titled, bloc.article, _ARTICLE)
    titles = tuple(colonne.titre for colonne in bloc.colonnes)
    _rangee(book, sheet, ligne + 1, bloc, Rangee(titles), entete=True)
    for offset, rangee in enumerate(bloc.rangees, 2):
        _rangee(book, sheet, ligne + offset, bloc, rangee)
    after = ligne + 2 + len(bloc.rangees)
    if bloc.note:
        _haut(sheet, after, row_height([(bloc.note, sum(_LARGEURS[:places]))], 14, size=_PETIT))
        book.span(sheet, (after, 1), places, bloc.note, {**styles.NOTE, "font_size": 8})
        after += 1
    return after


def _rangee(book: Book, sheet: Any, ligne: int, bloc: Bloc, rangee: Rangee, *, entete: bool = False) -> None:
    look = _ENTETE if entete else _FORTE if rangee.forte else _CELLULE
    column, texts = 1, []
    for colonne, valeur in zip(bloc.colonnes, rangee.valeurs, strict=True):
        nature = format_de(colonne.nature)
        own = {"align": nature["align"]} if entete else nature
        if colonne.titre == "Article" and not entete:
            own = {**own, "font_color": styles.GRIS, "font_size": 8}
        book.span(sheet, (ligne, column), colonne.places, valeur, {**look, **own})
        width = sum(_LARGEURS[column - 1 : column - 1 + colonne.places])
        if isinstance(valeur, str) and (entete or colonne.nature is Nature.TEXTE):
            texts.append((valeur, width))
        column += colonne.places
    _haut(sheet, ligne, row_height(texts, 15.5, size=_PETIT))


def _signature(book: Book, sheet: Any, ligne: int, objectifs: Bloc | None) -> int:
    """The place to sign, with the objectives that the officer judges beside it; the row that follows."""
    _haut(sheet, ligne, 8)
    first = ligne + 1
    after = first + 1 if objectifs is None else _bloc(book, sheet, first, objectifs)
    if objectifs is None:
        _haut(sheet, first, 68)
    text = f"{SIGNATURE}\nNom et qualité :\n\n\nDate et signature :"
    look = {**_CADRE, "border_color": styles.ACCENT_MOYEN}
    sheet.merge_range(first - 1, PLACES - 3, after - 2, PLACES - 1, "", book.fmt(look))
    book.write(sheet, (first, PLACES - 2), text, look)
    return after


def _haut(sheet: Any, ligne: int, points: float) -> None:
    sheet.set_row(ligne - 1, points)
