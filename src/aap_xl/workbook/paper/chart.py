"""What a chart shows and where it sits; drawn by the template, pointed at cells that later fillings respect."""

from dataclasses import dataclass
from enum import StrEnum


class Genre(StrEnum):
    """The shapes of chart in use; no pie, which LibreOffice saves outside the format's schema."""

    COLONNES = "colonnes"
    BARRES = "barres"


@dataclass(frozen=True, slots=True)
class Plage:
    """A rectangle of cells, rows and columns from 1, bounds included."""

    feuille: str
    premiere_ligne: int
    premiere_colonne: int
    derniere_ligne: int
    derniere_colonne: int


@dataclass(frozen=True, slots=True)
class Serie:
    """One series: its name as printed, its values, and an RRGGBB colour (the theme's when empty).

    ``repere``: drawn as marks over the columns, since it is a reference to compare with.
    """

    nom: str
    valeurs: Plage
    couleur: str = ""
    repere: bool = False


@dataclass(frozen=True, slots=True)
class Graphique:
    """One chart.

    Attributes: feuille: the sheet it is drawn on; cle: a stable name; ancre: its top-left cell (``H5``);
                largeur, hauteur: pixels; pourcentages: whether values are shares, shown as « 50 % ».
    """

    feuille: str
    cle: str
    genre: Genre
    titre: str
    categories: Plage
    series: tuple[Serie, ...]
    ancre: str
    largeur: int = 460
    hauteur: int = 240
    pourcentages: bool = False
