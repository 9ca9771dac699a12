"""The balance as one printable sheet: result, steps, objectives beside the signature; then the details."""

from aap_xl.desk.solde import EtatSolde
from aap_xl.desk.solde_tables import LARGEURS, avertissements, conclusion, details, etapes, identite, objectifs
from aap_xl.domain.tableau import Tableau
from aap_xl.francais import jour
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.grid import HELP, TITLE, Grid, plain, style, tint
from aap_xl.workbook.paper.sheet import Book
from aap_xl.workbook.paper.table import Bloc, Sizes, draw, snap

FEUILLE = "Solde"
SIGNATURE = "Le service instructeur"
_FIN = len(LARGEURS)
_SIZES = Sizes(text=8.5, band=17, header=15.5, line=15.5)
_GAP, _ROOM_TO_SIGN = 8.0, 68.0
_FRAME = style(vertical="top", horizontal="left", indent=1, wrap=True, border=plain(styles.ACCENT_MOYEN))


def octets(etat: EtatSolde) -> bytes:
    """The workbook of that one sheet; the same state gives the same bytes."""
    grid = Grid(LARGEURS)
    ligne = _table(grid, _entete(grid, etat), etapes(etat))
    titres = ligne = _signature(grid, ligne, objectifs(etat))
    grid.break_after(ligne - 1)
    for tableau in details(etat):
        titres, ligne = ligne, _table(grid, ligne, tableau) + 1
    book = Book(f"Calcul du solde, {etat.appel.nom}")
    sheet = book.sheet(FEUILLE, etat.appel.nom, styles.ACCENT)
    if etat.bloquantes:
        sheet.set_header("&C&B&10PROVISOIRE", {"margin": 0.2})
    book.draw(sheet, grid)
    [first] = grid.breaks
    sheet.set_print_scale(page.scale(LARGEURS, grid.height(1, first)))
    sheet.set_h_pagebreaks(grid.breaks)
    sheet.repeat_rows(titres - 1, titres)  # the last table alone runs over several pages
    sheet.print_area(0, 0, ligne - 3, _FIN - 1)
    return book.to_bytes()


def _entete(grid: Grid, etat: EtatSolde) -> int:
    """Title, identity, warnings, result; the row that follows."""
    grid.put(1, 1, f"Calcul du solde · {etat.appel.nom}", TITLE)
    grid.put(2, 1, f"Situation au {jour(etat.donnees.aujourdhui)} · {etat.donnees.source}", HELP)
    grid.heights |= {1: 26, 2: 15}
    ligne = 3
    facts = identite(etat)
    for pair in zip(facts[::2], facts[1::2], strict=True):
        for (label, text), (column, until) in zip(pair, ((1, 6), (7, 10)), strict=True):
            grid.put(ligne, column, label, HELP)
            grid.put(ligne, column + 2, text, style(horizontal="left"), until=until)
        grid.heights[ligne] = 15
        ligne += 1
    warnings = avertissements(etat)
    for text in warnings:
        look = styles.ERREUR if etat.bloquantes and text.startswith("PROVISOIRE") else styles.ALERTE
        grid.put(ligne, 1, text, style(bold=True, indent=1, **tint(look)), until=_FIN)
        grid.heights[ligne] = 18
        ligne += 1
    look = styles.SUCCES if etat.solde.solde is not None and not warnings else styles.ALERTE
    grid.put(ligne, 1, conclusion(etat), style(bold=True, size=13, indent=1, **tint(look)), until=_FIN)
    grid.heights[ligne] = 24
    return ligne + 1


def _table(grid: Grid, ligne: int, tableau: Tableau) -> int:
    """One table, as wide as its columns; the row that follows."""
    spans = snap(tableau.colonnes, LARGEURS)
    return draw(grid, Bloc(tableau, ligne, spans, spans[-1][1]), _SIZES)


def _signature(grid: Grid, ligne: int, objectifs: Tableau | None) -> int:
    """The place to sign, with the objectives that the officer judges beside it; the row that follows."""
    grid.heights[ligne] = _GAP
    first = ligne + 1
    if objectifs is None:
        grid.heights[first] = _ROOM_TO_SIGN
    after = first + 1 if objectifs is None else _table(grid, first, objectifs)
    text = f"{SIGNATURE}\nNom et qualité :\n\n\nDate et signature :"
    grid.put(first, _FIN - 2, text, _FRAME, until=_FIN, down=after - 1)
    return after
