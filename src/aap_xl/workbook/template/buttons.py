"""In-sheet buttons, for a workbook that carries macros: where each stands and what it calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook

from aap_xl.workbook import layout

_RANGEE = (4, 5)
"""« Contrôle »: the row of the counts, under « Ce qui ne va pas », where nothing is written."""
_TITRE = (0, 7)
"""« Tableau de bord »: the title's row, above the charts (or at the end of wider blocks)."""
_LARGEUR, _PAS = 138, 146
_POINTS = {layout.CONTROLE: 20.0}
"""Height of a row of buttons where the template leaves the default: the height the bilan gives it."""


@dataclass(frozen=True, slots=True)
class Bouton:
    """One button.

    Attributes: place: row and column from 0; rang: its rank among the buttons of its cell; hauteur: pixels.
    """

    macro: str
    libelle: str
    feuille: str
    place: tuple[int, int]
    rang: int = 0
    hauteur: int = 25


BOUTONS = (
    Bouton("Verifier", "Vérifier", layout.CONTROLE, _RANGEE),
    Bouton("ClasserLesSorties", "Classer les sorties", layout.CONTROLE, _RANGEE, 1),
    Bouton("ProduireLeBilan", "Produire le bilan", layout.CONTROLE, _RANGEE, 2),
    Bouton("PreparerLeComite", "Préparer le comité", layout.TABLEAU_DE_BORD, _TITRE, hauteur=32),
)
"""Those an operator uses; the officer's are on the ribbon only."""


@dataclass(frozen=True, slots=True)
class Macros:
    """A VBA project for a workbook, and the module of it that holds the buttons' macros."""

    projet: bytes
    module: str


def ajouter(book: Workbook, macros: Macros, boutons: Sequence[Bouton] = BOUTONS) -> None:
    """Put the project and the buttons into an XlsxWriter workbook whose sheets are all there."""
    book.add_vba_project(BytesIO(macros.projet), True)
    for bouton in boutons:
        options = {
            "macro": f"{macros.module}.{bouton.macro}",
            "caption": bouton.libelle,
            "width": _LARGEUR,
            "height": bouton.hauteur,
            "x_offset": 2 + _PAS * bouton.rang,
            "y_offset": 1,
        }
        sheet = book.get_worksheet_by_name(bouton.feuille)
        if bouton.feuille in _POINTS:
            sheet.set_row(bouton.place[0], _POINTS[bouton.feuille])
        sheet.insert_button(*bouton.place, options)
