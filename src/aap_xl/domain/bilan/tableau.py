"""The shape of a bilan table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aap_xl.domain.sorties import Taux
from aap_xl.rows import Nature

Valeur = str | int | Decimal | date | Taux | None
"""One cell: a ``Taux`` is a rate with its fraction; ``None`` is an empty cell (open, or a zero denominator)."""


@dataclass(frozen=True, slots=True)
class Colonne:
    """One column and what its cells hold."""

    titre: str
    nature: Nature = Nature.TEXTE


@dataclass(frozen=True, slots=True)
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
