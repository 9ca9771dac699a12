"""What a sheet of the workbook is: its columns, its rows, where it links to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aap_xl.consolidation.synthese.flux import Lien, Lot
from aap_xl.records import field, record, state
from aap_xl.workbook.paper import styles

PREMIERE_LIGNE = 5
"""First row of data; titles above, the header just before."""
LIGNES_MAX = 1_048_576 - PREMIERE_LIGNE

_CENTRE: dict[str, Any] = {"align": "center"}
_NOMBRE: dict[str, Any] = {"align": "right"}
_TEXTE: dict[str, Any] = {"align": "left", "indent": 1, "num_format": "@"}
NATURES: dict[str, dict[str, Any]] = {
    "texte": _TEXTE,
    "long": {**_TEXTE, "text_wrap": True},
    "lien": {**_TEXTE, "font_color": styles.ACCENT, "underline": 1},
    "entier": {**_NOMBRE, "num_format": "#,##0"},
    "nombre": {**_NOMBRE, "num_format": "#,##0.##"},
    "euros": {**_NOMBRE, "num_format": styles.EUROS},
    "taux": {**_NOMBRE, "num_format": styles.NATURES_SYNTHESE["taux"]},
    "fraction": {**_CENTRE, "num_format": "@"},
    "date": {**_CENTRE, "num_format": styles.DATE},
}
"""Formats by kind of column. Texts are « @ »: edited in a spreadsheet, a text stays a text."""
LARGEURS = {"entier": 11, "nombre": 12, "euros": 15, "taux": 10, "fraction": 11, "date": 12}


@record
class Colonne:
    """One column: its header, its kind (a key of `NATURES`), its width in characters."""

    titre: str
    nature: str = "texte"
    largeur: int = 0

    @property
    def taille(self) -> int:
        """Its width."""
        return self.largeur or LARGEURS.get(self.nature, 20)


@state
class Feuille:
    """One sheet that holds one table.

    Attributes: nom: of the sheet; table: Excel's name of the table; source: where all its rows are, if they are too
                many; lignes: how many rows; lots: gives them; vide: what to say without any; repetees: columns that
                each printed page repeats; coupures: columns that begin a page; externes: relation → address of a file.
    """

    nom: str
    table: str
    aide: str
    colonnes: Sequence[Colonne]
    lignes: int
    lots: Callable[[], Iterable[Lot]]
    vide: str
    source: str = ""
    repetees: int = 0
    coupures: Sequence[int] = ()
    liens: Callable[[], Iterable[Lien]] = tuple
    externes: Mapping[str, str] = field(default_factory=dict)

    @property
    def montrees(self) -> int:
        """How many of its rows a sheet can hold."""
        return min(self.lignes, LIGNES_MAX)
