"""The workbook before its long rows: formats, headers, tables, frozen panes, print setup."""

import datetime as dt
import textwrap
from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from aap_xl.cells import a1
from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese.model import PREMIERE_LIGNE, Feuille, aspect, largeur
from aap_xl.consolidation.synthese.operations import PROVISOIRE
from aap_xl.consolidation.synthese.stream import PETIT, Flux
from aap_xl.domain.tableau import Colonne
from aap_xl.rows import Nature
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.measure import characters
from aap_xl.workbook.paper.sheet import Book

_ENTETE: styles.Format = {
    **styles.POLICE,
    "bold": True,
    "font_size": 9,
    "font_color": styles.BLANC,
    "bg_color": styles.ACCENT,
    "text_wrap": True,
    "valign": "top",
}
"""At the top: the filter's button stands at the bottom right."""
_COMPTES = {Nature.ENTIER, Nature.FRACTION, Nature.TAUX, Nature.NOMBRE}
"""Kinds of columns that may be masked."""
_CELLULE: styles.Format = {**styles.POLICE, "font_size": 9, "bottom": 4, "bottom_color": styles.FILET}


class Classeur(Book):
    """A workbook being made: what XlsxWriter writes, and the flows that will fill its sheets."""

    def __init__(self, jour: dt.date) -> None:
        """Nothing but the properties.

        Args: jour: the day it is dated, whatever the clock says.
        """
        super().__init__("Synthèse", day=jour)
        self.flux: dict[str, Flux] = {}
        self.externes: dict[str, Mapping[str, str]] = {}

    def page(self, nom: str, titre: str, aide: str, couleur: str = styles.ACCENT_MOYEN) -> Worksheet:
        """A new sheet, titled, ready for A4 landscape."""
        sheet = self.sheet(nom, "Synthèse des opérations", couleur)
        self.heading(sheet, titre, aide)
        return sheet

    def feuille(self, feuille: Feuille) -> None:
        """A sheet with its table; its rows come later."""
        aide = feuille.aide
        if feuille.montrees < feuille.lignes:
            aide = (
                f"Une feuille ne contient pas plus de lignes : les {feuille.montrees:,} premières sur "
                f"{feuille.lignes:,}. Toutes sont dans « tables/{feuille.source} »."
            ).replace(",", "\N{NO-BREAK SPACE}")
        first, rest = _aide(feuille, aide if feuille.lignes else feuille.vide)
        sheet = self.page(feuille.nom, feuille.nom, first)
        if rest:
            sheet.write_string(2, 0, rest, self.fmt(styles.AIDE))
        last = PREMIERE_LIGNE + max(feuille.montrees, 1) - 1
        self._colonnes(sheet, feuille)
        self._impression(sheet, feuille, last)
        self._couleurs(sheet, feuille, last)
        everywhere = f"A{PREMIERE_LIGNE}:{a1(last, len(feuille.colonnes))}"
        sheet.ignore_errors({"number_stored_as_text": everywhere, "two_digit_text_year": everywhere})
        part = f"xl/worksheets/sheet{len(self.book.worksheets())}.xml"
        longues = {
            rank: largeur(column) for rank, column in enumerate(feuille.colonnes) if column.nature is Nature.LONG
        }
        self.flux[part] = Flux(feuille.table, feuille.lots, PREMIERE_LIGNE, feuille.montrees, feuille.liens, longues)
        self.externes[part] = feuille.externes

    def _colonnes(self, sheet: Worksheet, feuille: Feuille) -> None:
        sheet.set_row(PREMIERE_LIGNE - 2, 30)
        for rank, column in enumerate(feuille.colonnes):
            sheet.set_column(rank, rank, largeur(column))
            sheet.write_blank(PREMIERE_LIGNE - 1, rank, None, self.fmt(_CELLULE, **aspect(column.nature)))
        sheet.add_table(
            PREMIERE_LIGNE - 2,
            0,
            PREMIERE_LIGNE - 1,
            len(feuille.colonnes) - 1,
            {
                "name": feuille.table,
                "style": "Table Style Light 1",
                "banded_rows": False,
                "columns": [{"header": c.titre, "header_format": self._entete(c)} for c in feuille.colonnes],
            },
        )

    def _entete(self, colonne: Colonne) -> object:
        """A header stands over its figures as they are aligned."""
        nature = aspect(colonne.nature)
        return self.fmt(_ENTETE, **{key: nature[key] for key in ("align", "indent") if key in nature})

    def _impression(self, sheet: Worksheet, feuille: Feuille, last: int) -> None:
        """How it is printed: nothing beyond its columns, where a long text would make a page of its own."""
        sheet.print_area(0, 0, last - 1, len(feuille.colonnes) - 1)
        sheet.freeze_panes(PREMIERE_LIGNE - 1, feuille.repetees)
        sheet.repeat_rows(PREMIERE_LIGNE - 2)
        if feuille.coupures:
            sheet.set_print_scale(60)
            sheet.set_v_pagebreaks(list(feuille.coupures))
            sheet.repeat_columns(0, feuille.repetees - 1)
        else:
            sheet.fit_to_pages(1, 0)

    def _couleurs(self, sheet: Worksheet, feuille: Feuille, last: int) -> None:
        """What calls for attention: a blocking state, days late; masked figures step back."""
        rules = {
            "État du bilan": ("==", f'"{PROVISOIRE}"', styles.ALERTE),
            "Jours de retard": (">", 0, styles.ALERTE),
            "À reverser": (">", 0, styles.ALERTE),
            "Gravité": ("==", '"bloquante"', styles.ERREUR),
            "État": ("==", '"refusé"', styles.ERREUR),
        }
        grey: styles.Format = {"font_color": styles.GRIS, "italic": True}
        for rank, column in enumerate(feuille.colonnes):
            place = (PREMIERE_LIGNE - 1, rank, last - 1, rank)
            if column.titre in rules:
                criteria, value, look = rules[column.titre]
                rule = {"type": "cell", "criteria": criteria, "value": value, "format": self.book.add_format(look)}
                sheet.conditional_format(*place, rule)
            elif column.nature in _COMPTES:
                self.highlight(sheet, (PREMIERE_LIGNE, rank + 1, last, rank + 1), {MARQUE: grey})


def _aide(feuille: Feuille, texte: str) -> tuple[str, str]:
    """A sheet's help on one line, or on two where the pages on the right show its first columns alone."""
    if not feuille.coupures:
        return texte, ""
    width = sum(largeur(column) for column in feuille.colonnes[: feuille.repetees])
    first, *rest = textwrap.wrap(texte, characters(width, PETIT))
    return first, " ".join(rest)
