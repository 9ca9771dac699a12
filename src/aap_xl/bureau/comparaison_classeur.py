"""The comparison of two versions as a workbook: a summary, then one flat table per kind of change."""

from collections.abc import Iterable, Sequence
from typing import Any

from aap_xl.bureau.anomalies import Sort
from aap_xl.bureau.comparaison import CelluleComparee, Comparaison, Etat, LigneComparee
from aap_xl.domain.tableau import Valeur
from aap_xl.francais import jour
from aap_xl.rows import Nature, Operation
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.measure import row_height
from aap_xl.workbook.paper.sheet import Book, format_de

RESUME, LIGNES, CELLULES, MONTANTS, ANOMALIES = "Résumé", "Lignes", "Cellules", "Montants", "Anomalies"
PRUDENCE = "Ce classeur reprend des cellules des deux dossiers, données personnelles comprises : mêmes précautions."
_ENTETES = 4
_TEXTE, _ENTIER, _EUROS = Nature.TEXTE, Nature.ENTIER, Nature.MONTANT
_COULEURS: dict[Etat | Sort, styles.Format] = {
    Etat.AJOUTEE: styles.SUCCES,
    Etat.RETIREE: styles.ERREUR,
    Etat.MODIFIEE: styles.ALERTE,
    Sort.RESOLUE: styles.SUCCES,
    Sort.NOUVELLE: styles.ERREUR,
    Sort.DEMEURE: styles.ALERTE,
}
Colonne = tuple[str, float, Nature]


def octets(found: Comparaison) -> bytes:
    """The workbook; the same comparison gives the same bytes."""
    book = Book("Comparaison de deux versions d'un dossier")
    _resume(book, found)
    _feuille(book, found, LIGNES, _COLONNES_LIGNES, list(lignes(found)))
    _feuille(book, found, CELLULES, _COLONNES_CELLULES, list(cellules(found)))
    _feuille(book, found, MONTANTS, _COLONNES_MONTANTS, montants(found))
    _feuille(book, found, ANOMALIES, _COLONNES_ANOMALIES, anomalies(found))
    return book.to_bytes()


_COLONNES_LIGNES: tuple[Colonne, ...] = (
    ("Feuille", 18, _TEXTE),
    ("Ligne", 34, _TEXTE),
    ("État", 12, _TEXTE),
    ("N° avant", 9, _ENTIER),
    ("N° après", 9, _ENTIER),
    ("Cellules", 9, _ENTIER),
    ("Colonnes concernées", 50, _TEXTE),
)
_COLONNES_CELLULES: tuple[Colonne, ...] = (
    ("Feuille", 16, _TEXTE),
    ("Ligne", 26, _TEXTE),
    ("État", 11, _TEXTE),
    ("Colonne", 24, _TEXTE),
    ("Avant", 26, _TEXTE),
    ("Après", 26, _TEXTE),
    ("Cellule avant", 17, _TEXTE),
    ("Cellule après", 17, _TEXTE),
)
_COLONNES_MONTANTS: tuple[Colonne, ...] = (
    ("Montant", 52, _TEXTE),
    ("Avant", 16, _EUROS),
    ("Après", 16, _EUROS),
    ("Différence", 16, _EUROS),
)
_COLONNES_ANOMALIES: tuple[Colonne, ...] = (
    ("Sort", 11, _TEXTE),
    ("Gravité", 12, _TEXTE),
    ("Règle", 7, _TEXTE),
    ("Cellule", 20, _TEXTE),
    ("Colonne", 22, _TEXTE),
    ("Ce qui ne va pas, et que faire", 62, _TEXTE),
    ("Article", 28, _TEXTE),
)


def lignes(found: Comparaison) -> Iterable[tuple[Valeur, ...]]:
    """One line per row that changed; the form is one."""
    if found.operation:
        names = ", ".join(item.entete for item in found.operation)
        yield Operation.feuille, "formulaire", Etat.MODIFIEE, None, None, len(found.operation), names
    for item in found.lignes:
        names = ", ".join(cell.entete for cell in item.cellules)
        numbers = item.ligne_avant or None, item.ligne_apres or None
        yield item.feuille, item.cle, item.etat, *numbers, len(item.cellules), names


def cellules(found: Comparaison) -> Iterable[tuple[Valeur, ...]]:
    """One line per cell that changed, those of added and removed rows included."""
    for cell in found.operation:
        yield _cellule(Operation.feuille, "formulaire", Etat.MODIFIEE, cell)
    for item in found.lignes:
        for cell in item.cellules:
            yield _cellule(item.feuille, item.cle, item.etat, cell)


def _cellule(feuille: str, cle: str, etat: Etat, cell: CelluleComparee) -> tuple[Valeur, ...]:
    return feuille, cle, etat, cell.entete, cell.avant, cell.apres, cell.adresse_avant, cell.adresse_apres


def montants(found: Comparaison) -> list[tuple[Valeur, ...]]:
    """One line per amount, changed or not."""
    return [(item.libelle, item.avant, item.apres, item.difference) for item in found.montants]


def anomalies(found: Comparaison) -> list[tuple[Valeur, ...]]:
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
    sheet = book.sheet(RESUME, found.nouveau.appel.nom, styles.ACCENT)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 28)
    book.write(sheet, (1, 1), "Comparaison de deux versions", styles.TITRE)
    after = found.nouveau.donnees
    facts: list[tuple[str, Valeur]] = [
        ("Appel à projets", found.nouveau.appel.nom),
        (after.operation.champs["porteur"].entete, after.operation.porteur or "non renseigné"),
        ("Version ancienne", found.ancien.chemin.name),
        ("Version nouvelle", found.nouveau.chemin.name),
        ("Contrôlées au", jour(after.aujourdhui)),
        *nombres(found),
    ]
    for ligne, (label, value) in enumerate(facts, 3):
        book.write(sheet, (ligne, 1), label, {**styles.LIGNE, "bold": True})
        book.write(sheet, (ligne, 2), value, {**styles.LIGNE, "align": "left"})
    ligne = len(facts) + 4
    for text, look in [*((text, styles.ALERTE) for text in found.avertissements), (PRUDENCE, styles.NOTE)]:
        book.span(sheet, (ligne, 1), 2, text, {**styles.TEXTE, **look})
        sheet.set_row(ligne - 1, row_height([(text, 104)]))
        ligne += 1


def _feuille(
    book: Book, found: Comparaison, nom: str, colonnes: Sequence[Colonne], rangees: Sequence[tuple[Valeur, ...]]
) -> None:
    """One Excel table under its title, frozen headers, headers repeated on each page of one page's width."""
    sheet = book.sheet(nom, found.nouveau.appel.nom, styles.ACCENT)
    sheet.set_row(0, 26)
    book.write(sheet, (1, 1), nom, styles.TITRE)
    aide = f"{found.ancien.chemin.name} → {found.nouveau.chemin.name}"
    book.write(sheet, (2, 1), aide if rangees else f"{aide} : aucun changement", styles.AIDE)
    last = _ENTETES + max(1, len(rangees))
    headers = [{"header": titre, "header_format": book.fmt(styles.COLONNE_GAUCHE)} for titre, _, _ in colonnes]
    style = {"style": None, "name": f"t_{nom.lower().replace('é', 'e')}", "columns": headers}
    sheet.add_table(_ENTETES - 1, 0, last - 1, len(colonnes) - 1, style)
    sheet.set_row(_ENTETES - 1, 20)
    for column, (_, width, _) in enumerate(colonnes):
        sheet.set_column(column, column, width)
    for ligne, values in enumerate(rangees, _ENTETES + 1):
        _rangee(book, sheet, ligne, colonnes, values)
    sheet.freeze_panes(_ENTETES, 0)
    sheet.repeat_rows(_ENTETES - 1)
    sheet.set_print_scale(page.scale([width for _, width, _ in colonnes]))


def _rangee(book: Book, sheet: Any, ligne: int, colonnes: Sequence[Colonne], values: tuple[Valeur, ...]) -> None:
    for column, ((_, _, nature), value) in enumerate(zip(colonnes, values, strict=True), 1):
        look = {
            **styles.LIGNE,
            "valign": "top",
            **format_de(nature),
            **(_COULEURS[value] if isinstance(value, (Etat, Sort)) else {}),
        }
        book.write(sheet, (ligne, column), value, look)
    texts = [(value, width) for (_, width, _), value in zip(colonnes, values, strict=True) if isinstance(value, str)]
    sheet.set_row(ligne - 1, row_height(texts))
