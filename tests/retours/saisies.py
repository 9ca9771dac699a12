"""What is typed in a workbook beside plain values, and how any value is written in its XML."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.rows import Nature

EPOQUE = dt.date(1899, 12, 30)
Ligne = dict[str, Any]


@dataclass(frozen=True)
class Saisi:
    """A cell typed otherwise than plainly: what the file holds, and what is to be read."""

    brut: Any
    lu: Any = None


class ErreurTableur(str):
    """A cell in error, as ``#N/A``."""

    __slots__ = ()


class Formule(str):
    """A formula saved without its value."""

    __slots__ = ()


def lu(valeur: Any) -> Any:
    """What is to be read in a cell."""
    return valeur.lu if isinstance(valeur, Saisi) else valeur


@dataclass
class Retouches:
    """What was done to a workbook beside filling its cells.

    Attributes: entetes: (table, field) → header typed; ordre: table → fields in order, a text between brackets being
                a column added; valeurs_ajoutees: a value for every row of added columns; calculees: (table, row,
                field) → constant over a formula; dessous: rows typed below a table; fusions: (table, first cell's
                row, field); masquees: (table, row); feuilles: our sheet's name → its new name; ajoutees: other
                sheets; budget: constants of « Budget » by address; sans_identite: properties lost.
    """

    entetes: dict[tuple[str, str], str] = field(default_factory=dict)
    ordre: dict[str, list[str]] = field(default_factory=dict)
    calculees: list[tuple[str, Ligne, str, Any]] = field(default_factory=list)
    dessous: dict[str, list[Ligne]] = field(default_factory=dict)
    fusions: list[tuple[str, Ligne, str]] = field(default_factory=list)
    masquees: list[tuple[str, Ligne]] = field(default_factory=list)
    feuilles: dict[str, str] = field(default_factory=dict)
    ajoutees: list[str] = field(default_factory=list)
    budget: dict[str, Decimal] = field(default_factory=dict)
    sans_identite: bool = False


class Encre:
    """How a value is written, shared strings included."""

    def __init__(self, nombre: int, connus: dict[str, int], appel: Appel) -> None:
        self.connus = connus
        self.ajouts: list[str] = []
        self.appel = appel
        self.nombre = nombre

    def texte(self, texte: str) -> int:
        """The rank of a shared string."""
        rang = self.connus.get(texte)
        if rang is None:
            rang = self.connus[texte] = self.nombre + len(self.ajouts)
            contenu = escape(texte, quote=False).replace("\r", "&#13;")
            self.ajouts.append(f'<si><t xml:space="preserve">{contenu}</t></si>')
        return rang

    def cell(self, place: str, style: str, champ: Any, valeur: Any) -> str:
        """One cell."""
        if isinstance(valeur, Saisi):
            valeur = valeur.brut
        elif isinstance(valeur, bool):
            valeur = "Oui" if valeur else "Non"
        elif champ is not None and champ.nature is Nature.CHOIX and self.appel.elements.get(champ.liste):
            valeur = self.appel.libelle(champ.liste, valeur)
        if isinstance(valeur, ErreurTableur):
            return f'<c r="{place}" s="{style}" t="e"><v>{valeur}</v></c>'
        if isinstance(valeur, Formule):
            return f'<c r="{place}" s="{style}"><f>{escape(valeur)}</f></c>'
        if isinstance(valeur, str):
            return f'<c r="{place}" s="{style}" t="s"><v>{self.texte(valeur)}</v></c>'
        if isinstance(valeur, dt.date):
            valeur = (valeur - EPOQUE).days
        return f'<c r="{place}" s="{style}"><v>{valeur}</v></c>'
