"""What a sheet of the workbook is: its columns, its rows, where it links to."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from aap_xl.consolidation.synthese.stream import Lien, Lot
from aap_xl.domain.tableau import Colonne
from aap_xl.records import field, state
from aap_xl.rows import Nature
from aap_xl.workbook.paper import styles

PREMIERE_LIGNE = 5
"""First row of data; titles above, the header just before."""
LIGNES_MAX = 1_048_576 - PREMIERE_LIGNE

_CENTRE: dict[str, object] = {"align": "center"}
_NOMBRE: dict[str, object] = {"align": "right"}
_TEXTE: dict[str, object] = {"align": "left", "indent": 1, "num_format": "@"}
_ALIGNEES: dict[Nature, dict[str, object]] = {
    Nature.TEXTE: _TEXTE,
    Nature.LONG: {**_TEXTE, "text_wrap": True},
    Nature.LIEN: {**_TEXTE, "font_color": styles.ACCENT, "underline": 1},
    Nature.FRACTION: {**_CENTRE, "num_format": "@"},
    Nature.DATE: {**_CENTRE, "num_format": styles.DATE},
}
_LARGEURS = {
    Nature.ENTIER: 11,
    Nature.NOMBRE: 12,
    Nature.MONTANT: 15,
    Nature.TAUX: 10,
    Nature.FRACTION: 11,
    Nature.DATE: 12,
}


def aspect(nature: Nature) -> dict[str, object]:
    """The format of a kind of column. Texts are « @ »: edited in a spreadsheet, a text stays a text."""
    return _ALIGNEES.get(nature) or {**_NOMBRE, "num_format": styles.FORMATS_IMPRIMES[nature]}


def largeur(colonne: Colonne) -> float:
    """The width of a column, in characters."""
    return colonne.largeur or _LARGEURS.get(colonne.nature, 20)


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
