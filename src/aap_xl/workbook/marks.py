"""What calamine does not say about a sheet, whatever the format: one shape for all raw passes."""

from dataclasses import dataclass, field

Place = tuple[int, int]
"""Row and column, both from 1."""
Zone = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 1."""


class Erreur(str):
    """A cell in error; the text is the error's (``#N/A``), empty when the file does not say which."""

    __slots__ = ()


class SansValeur:
    """A formula that the file gives no value of."""

    __slots__ = ()


SANS_VALEUR = SansValeur()


@dataclass(slots=True)
class Marks:
    """One sheet, as its own XML (or records) tell.

    Attributes: erreurs: cells in error; sans_valeur: formulas without a value; formules: column → rows that hold a
                formula (``None`` when the format does not tell); fusions: merged ranges; masquees: hidden rows;
                plages: ranges of the Excel tables; totaux: last rows of tables that have a totals row.
    """

    erreurs: dict[Place, str] = field(default_factory=dict)
    sans_valeur: set[Place] = field(default_factory=set)
    formules: dict[int, set[int]] | None = None
    fusions: list[Zone] = field(default_factory=list)
    masquees: set[int] = field(default_factory=set)
    plages: list[Zone] = field(default_factory=list)
    totaux: set[int] = field(default_factory=set)
