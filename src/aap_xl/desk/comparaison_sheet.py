"""The comparison of two versions as a workbook: a summary, then one flat table per kind of change."""

from collections.abc import Iterable, Sequence

from aap_xl.desk.anomalies import Sort
from aap_xl.desk.comparaison import CelluleComparee, Comparaison, Etat, LigneComparee
from aap_xl.domain.tableau import Colonne, Ligne, Tableau
from aap_xl.francais import jour
from aap_xl.rows import Nature, Operation
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.grid import HELP, TITLE, Grid, style, tint
from aap_xl.workbook.paper.measure import row_height
from aap_xl.workbook.paper.sheet import Book
from aap_xl.workbook.paper.table import Bloc, Sizes, draw, snap

RESUME, LIGNES, CELLULES, MONTANTS, ANOMALIES = "Résumé", "Lignes", "Cellules", "Montants", "Anomalies"
PRUDENCE = "Ce classeur reprend des cellules des deux dossiers, données personnelles comprises : mêmes précautions."
_ENTETES = 4
_COULEURS: dict[str, styles.Format] = {
    Etat.AJOUTEE: styles.SUCCES,
    Etat.RETIREE: styles.ERREUR,
    Etat.MODIFIEE: styles.ALERTE,
    Sort.RESOLUE: styles.SUCCES,
    Sort.NOUVELLE: styles.ERREUR,
    Sort.DEMEURE: styles.ALERTE,
}


def octets(found: Comparaison) -> bytes:
    """The workbook; the same comparison gives the same bytes."""
    book = Book("Comparaison de deux versions d'un dossier")
    _resume(book, found)
    _feuille(book, found, LIGNES, _COLONNES_LIGNES, lignes(found))
    _feuille(book, found, CELLULES, _COLONNES_CELLULES, cellules(found))
    _feuille(book, found, MONTANTS, _COLONNES_MONTANTS, montants(found))
    _feuille(book, found, ANOMALIES, _COLONNES_ANOMALIES, anomalies(found))
    return book.to_bytes()


_COLONNES_LIGNES: tuple[Colonne, ...] = (
    Colonne("Feuille", largeur=18),
    Colonne("Ligne", largeur=34),
    Colonne("État", largeur=12),
    Colonne("N° avant", Nature.ENTIER, 9),
    Colonne("N° après", Nature.ENTIER, 9),
    Colonne("Cellules", Nature.ENTIER, 9),
    Colonne("Colonnes concernées", Nature.LONG, 50),
)
_COLONNES_CELLULES: tuple[Colonne, ...] = (
    Colonne("Feuille", largeur=16),
    Colonne("Ligne", largeur=26),
    Colonne("État", largeur=11),
    Colonne("Colonne", largeur=24),
    Colonne("Avant", largeur=26),
    Colonne("Après", largeur=26),
    Colonne("Cellule avant", largeur=17),
    Colonne("Cellule après", largeur=17),
)
_COLONNES_MONTANTS: tuple[Colonne, ...] = (
    Colonne("Montant", largeur=52),
    Colonne("Avant", Nature.MONTANT, 16),
    Colonne("Après", Nature.MONTANT, 16),
    Colonne("Différence", Nature.MONTANT, 16),
)
_COLONNES_ANOMALIES: tuple[Colonne, ...] = (
    Colonne("Sort", largeur=11),
    Colonne("Gravité", largeur=12),
    Colonne("Règle", largeur=7),
    Colonne("Cellule", largeur=20),
    Colonne("Colonne", largeur=22),
    Colonne("Ce qui ne va pas, et que faire", Nature.LONG, 62),
    Colonne("Article", largeur=28),
)


def lignes(found: Comparaison) -> Iterable[Ligne]:
    """One line per row that changed; the form is one."""
    if found.operation:
        names = ", ".join(item.entete for item in found.operation)
        yield Operation.feuille, "formulaire", Etat.MODIFIEE, None, None, len(found.operation), names
    for item in found.lignes:
        names = ", ".join(cell.entete for cell in item.cellules)
        numbers = item.ligne_avant, item.ligne_apres
        yield item.feuille, item.cle, item.etat, *numbers, len(item.cellules), names


def cellules(found: Comparaison) -> Iterable[Ligne]:
    """One line per cell that changed, those of added and removed rows included."""
    for cell in found.operation:
        yield _cellule(Operation.feuille, "formulaire", Etat.MODIFIEE, cell)
    for item in found.lignes:
        for cell in item.cellules:
            yield _cellule(item.feuille, item.cle, item.etat, cell)


def _cellule(feuille: str, cle: str, etat: Etat, cell: CelluleComparee) -> Ligne:
    return feuille, cle, etat, cell.entete, cell.avant, cell.apres, cell.cellule_avant, cell.cellule_apres


def montants(found: Comparaison) -> list[Ligne]:
    """One line per amount, changed or not."""
    return [(item.libelle, item.avant, item.apres, item.difference) for item in found.montants]


def anomalies(found: Comparaison) -> list[Ligne]:
    """One line per anomaly: solved, new, still there."""
    return [
        (
            item.sort,
            str(item.anomalie.gravite),
            item.anomalie.code,
            str(item.anomalie.cell) or "le classeur",
            item.anomalie.cell.entete,
            item.anomalie.message,
            item.anomalie.article,
        )
        for item in found.anomalies
    ]


def nombres(found: Comparaison) -> list[tuple[str, int]]:
    """What changed, in numbers."""
    rows: Sequence[LigneComparee] = found.lignes
    return [
        ("Lignes ajoutées", sum(item.etat is Etat.AJOUTEE for item in rows)),
        ("Lignes retirées", sum(item.etat is Etat.RETIREE for item in rows)),
        ("Lignes modifiées", sum(item.etat is Etat.MODIFIEE for item in rows)),
        ("Cellules modifiées", sum(len(item.cellules) for item in rows if item.etat is Etat.MODIFIEE)),
        ("Champs du formulaire modifiés", len(found.operation)),
        ("Montants modifiés", sum(item.avant != item.apres for item in found.montants)),
        ("Anomalies résolues", sum(item.sort is Sort.RESOLUE for item in found.anomalies)),
        ("Anomalies nouvelles", sum(item.sort is Sort.NOUVELLE for item in found.anomalies)),
        ("Anomalies qui demeurent", sum(item.demeure for item in found.anomalies)),
    ]


def _resume(book: Book, found: Comparaison) -> None:
    after = found.nouveau.donnees
    facts: list[Ligne] = [
        ("Appel à projets", found.nouveau.appel.nom),
        (after.operation.champs["porteur"].entete, after.operation.porteur or "non renseigné"),
        ("Version ancienne", found.ancien.chemin.name),
        ("Version nouvelle", found.nouveau.chemin.name),
        ("Contrôlées au", jour(after.aujourdhui)),
        *nombres(found),
    ]
    columns = Colonne("", largeur=34), Colonne("", largeur=70)
    grid, ligne = _grille(RESUME, "Comparaison de deux versions", "", columns, facts)
    for text in (*found.avertissements, PRUDENCE):
        ligne += 1
        look = style(italic=True, wrap=True) if text is PRUDENCE else style(wrap=True, **tint(styles.ALERTE))
        grid.put(ligne, 1, text, look, until=len(columns))
        grid.heights[ligne] = row_height([(text, grid.width(1, len(columns)))])
    sheet = book.sheet(RESUME, found.nouveau.appel.nom, styles.ACCENT)
    book.draw(sheet, grid)
    sheet.fit_to_pages(1, 0)


def _feuille(book: Book, found: Comparaison, nom: str, colonnes: Sequence[Colonne], lignes: Iterable[Ligne]) -> None:
    """One Excel table under its title, frozen headers, headers repeated on each page of one page's width."""
    rows = list(lignes)
    aide = f"{found.ancien.chemin.name} → {found.nouveau.chemin.name}"
    grid, after = _grille(nom, nom, aide if rows else f"{aide} : aucun changement", colonnes, rows)
    sheet = book.sheet(nom, found.nouveau.appel.nom, styles.ACCENT)
    headers = [{"header": colonne.titre} for colonne in colonnes]
    options = {"style": None, "name": f"t_{nom.lower().replace('é', 'e')}", "columns": headers}
    sheet.add_table(_ENTETES - 1, 0, after - 2, len(colonnes) - 1, options)
    book.draw(sheet, grid)
    for rank, colonne in enumerate(colonnes, 1):
        if colonne.titre in {"État", "Sort"}:
            book.highlight(sheet, (_ENTETES + 1, rank, after - 1, rank), _COULEURS)
    sheet.freeze_panes(_ENTETES, 0)
    sheet.repeat_rows(_ENTETES - 1)
    sheet.set_print_scale(grid.scale)


def _grille(cle: str, titre: str, aide: str, colonnes: Sequence[Colonne], lignes: Sequence[Ligne]) -> tuple[Grid, int]:
    """A table under a title, as wide as its columns; the row that follows."""
    grid = Grid([colonne.largeur for colonne in colonnes])
    grid.put(1, 1, titre, TITLE)
    grid.put(2, 1, aide, HELP)
    grid.heights |= page.TITLES
    tableau = Tableau(cle, "", tuple(colonnes), lignes)
    spans = snap(colonnes, grid.widths)
    return grid, draw(grid, Bloc(tableau, _ENTETES - 1, spans, len(spans)), Sizes())
