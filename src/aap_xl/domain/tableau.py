"""The shape of a bilan table, and the few words all tables share."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import compress

from aap_xl.appels.model import Appel
from aap_xl.domain.sorties import Taux
from aap_xl.records import record
from aap_xl.rows import Nature

Valeur = str | int | Decimal | date | Taux | None
"""One cell: a ``Taux`` prints as its fraction (« 7/19 »); ``None`` is an empty cell (open, or a zero denominator)."""

NON_RENSEIGNE = "Non renseigné"


@record
class Colonne:
    """One column and what its cells hold."""

    titre: str
    nature: Nature = Nature.TEXTE


@record
class Tableau:
    """One table of the bilan.

    Attributes: cle: stable name; lignes: rows as long as ``colonnes``; total: a last row, or none; note: a
                sentence under the table; article: the call's section it answers; fixe: its number of rows
                depends on the call only, never on the data.
    """

    cle: str
    titre: str
    colonnes: tuple[Colonne, ...]
    lignes: list[tuple[Valeur, ...]]
    total: tuple[Valeur, ...] | None = None
    note: str = ""
    article: str = ""
    fixe: bool = False


def entiers(*titres: str) -> tuple[Colonne, ...]:
    """Columns of whole numbers."""
    return tuple(Colonne(titre, Nature.ENTIER) for titre in titres)


def montants(*titres: str) -> tuple[Colonne, ...]:
    """Columns of euros."""
    return tuple(Colonne(titre, Nature.MONTANT) for titre in titres)


def colonnes_taux(suffixe: str = "") -> tuple[Colonne, Colonne]:
    """The two columns of a rate: its fraction, then its value."""
    return Colonne(f"Fraction{suffixe}"), Colonne(f"Taux{suffixe}", Nature.TAUX)


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


def pourcent(taux: Decimal) -> str:
    """``Decimal("0.2")`` → ``"20 %"``, ``Decimal("0.125")`` → ``"12,5 %"``."""
    digits = f"{(taux * 100).normalize():f}"
    return f"{digits.replace('.', ',')} %"
