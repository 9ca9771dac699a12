"""The one printed table: a title, typed columns, lines, a total, a note; and the few words all tables share."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import compress
from typing import ClassVar

from aap_xl.appels.model import Appel
from aap_xl.domain.sorties import Taux
from aap_xl.euros import format_euros
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.rows import Nature, Qui

NON_RENSEIGNE = "Non renseigné"
DONT = "dont "
"""How the label of a part of the line above begins."""


@record
class Formule:
    """What the spreadsheet computes in a cell.

    Attributes: cle: names its mirror in Python, for a cell that has one; texte: the native formula, without ``=``,
                where `LIGNE` stands for the number of its own row; nature: what it shows, when its column does not
                say; valeur: what it shows as long as nothing computes it again.
    """

    LIGNE: ClassVar[str] = "\0"

    cle: str
    texte: str
    nature: Nature | None = None
    valeur: "str | float | Decimal | date | None" = None

    def en(self, ligne: int) -> str:
        """The formula on a row."""
        return "=" + self.texte.replace(self.LIGNE, str(ligne))


Valeur = str | float | Decimal | date | Taux | Formule | None
"""One cell: a ``Taux`` prints as its fraction (« 7/19 »); ``None`` is an empty cell (open, or a zero denominator)."""
Ligne = tuple[Valeur, ...]
"""One line: its label, then its values; those it lacks at its end are empty."""


class Forte(tuple[Valeur, ...]):
    """A line that concludes: a total, what decides."""

    __slots__ = ()


@record
class Colonne:
    """One column and what its cells hold; ``largeur``: characters wanted, 0 when the page decides."""

    titre: str
    nature: Nature = Nature.TEXTE
    largeur: float = 0


@record
class Tableau:
    """One table to print.

    Attributes: cle: stable name; colonnes: without titles, there is no line of headers; total: a last line, or none;
                note: a sentence under the table; article: the call's section it answers; fixe: its number of rows
                depends on the call only, never on the data; qui: whose it is.
    """

    cle: str
    titre: str
    colonnes: tuple[Colonne, ...]
    lignes: Sequence[Ligne]
    total: Ligne | None = None
    note: str = ""
    article: str = ""
    fixe: bool = False
    qui: Qui = Qui.PORTEUR

    @property
    def entetes(self) -> bool:
        """Whether its columns have titles."""
        return any(colonne.titre for colonne in self.colonnes)


def entiers(*titres: str) -> tuple[Colonne, ...]:
    """Columns of whole numbers."""
    return tuple(Colonne(titre, Nature.ENTIER) for titre in titres)


def montants(*titres: str) -> tuple[Colonne, ...]:
    """Columns of euros."""
    return tuple(Colonne(titre, Nature.MONTANT) for titre in titres)


def colonnes_taux(suffixe: str = "") -> tuple[Colonne, Colonne]:
    """The two columns of a rate: its fraction, then its value."""
    return Colonne(f"Fraction{suffixe}", Nature.FRACTION), Colonne(f"Taux{suffixe}", Nature.TAUX)


def cellules(taux: Taux | None) -> tuple[Taux | None, Decimal | None]:
    """The two cells of a rate, for `colonnes_taux`; both empty for something counted out of nothing."""
    if taux is None or (taux.numerateur and not taux.denominateur):
        return None, None
    return taux, taux.valeur


def has_column(appel: Appel, table: str, champ: str) -> bool:
    """Whether the call's workbook asks for a column."""
    feuille = appel.classeur.tables.get(table)
    return feuille is not None and champ in feuille.colonnes


def seulement(
    shown: Sequence[bool], colonnes: tuple[Colonne, ...], lignes: Sequence[tuple[Valeur, ...]]
) -> tuple[tuple[Colonne, ...], list[tuple[Valeur, ...]]]:
    """The columns that a call has, and what its lines say there."""
    return tuple(compress(colonnes, shown)), [tuple(compress(ligne, shown)) for ligne in lignes]


def texte(valeur: Valeur, nature: Nature) -> str:
    """A cell of a printed table as a sheet shows it: ``1 234,50 €``, ``36,8 %``, ``7/19``, ``01/02/2025``, ``12``."""
    if isinstance(valeur, Formule):
        return texte(valeur.valeur, valeur.nature or nature)
    if valeur is None or isinstance(valeur, str | Taux):
        return "" if valeur is None else str(valeur)
    if isinstance(valeur, date):
        return jour(valeur)
    number = Decimal(str(valeur))
    if nature is Nature.MONTANT:
        return format_euros(number)
    if nature in _DECIMALES:
        return f"{_francais(number * 100, _DECIMALES[nature])} %"
    return _francais(number, 0 if number == number.to_integral_value() else 2)


def textes(ligne: Ligne, tableau: Tableau) -> list[str]:
    """The cells of a line, those that it lacks at its end too."""
    full = (*ligne, *[None] * (len(tableau.colonnes) - len(ligne)))
    return [texte(valeur, colonne.nature) for valeur, colonne in zip(full, tableau.colonnes, strict=True)]


_DECIMALES = {Nature.TAUX: 1, Nature.PRECIS: 2}


def _francais(nombre: Decimal, decimales: int) -> str:
    """``1 234,5``, rounded half-up."""
    rounded = nombre.quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
    return f"{rounded:,f}".replace(",", " ").replace(".", ",")


def pourcent(taux: Decimal) -> str:
    """``Decimal("0.2")`` → ``"20 %"``, ``Decimal("0.125")`` → ``"12,5 %"``."""
    digits = f"{(taux * 100).normalize():f}"
    return f"{digits.replace('.', ',')} %"
