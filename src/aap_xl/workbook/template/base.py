"""What every sheet of the template shares: the workbook being written, its formats, titles and page setup."""

from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.worksheet import Worksheet

from aap_xl.appels.model import Appel
from aap_xl.domain.calculs import Calcul
from aap_xl.domain.donnees import Donnees
from aap_xl.workbook import styles
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.layout import AIDE, TITRE
from aap_xl.workbook.template.entry import en_cache

_A4 = 9
LARGEUR_PAGE, HAUTEUR_PAGE = 935, 655
"""Pixels that A4 landscape leaves between the margins; columns are wider in LibreOffice than in Excel."""
HAUTEURS = {TITRE: 30.0, AIDE: 18.0}
"""Points of the first two rows of every sheet."""
MARGES = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.65}
PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}
"""What stays allowed on a protected sheet; there is no password, it only guards against slips."""


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet that prepares each formula once: the same one stands on every row of a table."""

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[tuple[str, bool], str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        key = formula, expand_future_functions
        if key not in self._prepared:
            self._prepared[key] = super()._prepare_formula(formula, expand_future_functions)
        return self._prepared[key]


@dataclass
class Chantier:
    """A workbook being written.

    Attributes: book: the XlsxWriter workbook; donnees: the blank dossier whose computed values are written beside
                the formulas.
    """

    book: Any
    appel: Appel
    donnees: Donnees
    refs: Refs
    fmt: styles.Formats = field(init=False)

    def __post_init__(self) -> None:
        self.fmt = styles.Formats(self.book)

    def feuille(self, nom: str, couleur: str = styles.ACCENT_MOYEN) -> Any:
        """A new sheet, without gridlines, ready for A4 landscape."""
        sheet = self.book.add_worksheet(nom, _Sheet)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(couleur)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(**MARGES)
        sheet.set_footer(f"&L&8 {_escaped(self.appel.nom)}&C&8 &A&R&8 Page &P / &N")
        return sheet

    def titre(self, sheet: Any, titre: str, aide: str, colonne: int = 1) -> None:
        """The title and what to do, on the first two rows."""
        for row, points in HAUTEURS.items():
            sheet.set_row(row - 1, points)
        sheet.write_string(TITRE - 1, colonne - 1, titre, self.fmt(styles.TITRE))
        sheet.write_string(AIDE - 1, colonne - 1, aide, self.fmt(styles.AIDE))

    def formule(self, sheet: Any, place: tuple[int, int], formule: str, fmt: Any, valeur: Calcul) -> None:
        """A formula and the value it shows, so that viewers that do not compute show the truth too."""
        sheet.write_formula(place[0] - 1, place[1] - 1, formule, fmt, en_cache(valeur))


def _escaped(texte: str) -> str:
    """An ampersand starts a code in a footer; a size is followed by a space, lest a digit join it."""
    return texte.replace("&", "&&")


def pixels(largeur: float) -> int:
    """Width of a column given in characters."""
    return int(largeur * 7 + 5)
