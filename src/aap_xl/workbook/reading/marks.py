"""What a sheet says beyond its values, whatever the format: one shape for all readers."""

from collections.abc import Callable
from functools import cached_property

from aap_xl.cells import Zone, column_index
from aap_xl.records import field, state

Place = tuple[int, int]
"""Row and column, both from 1."""


class Erreur(str):
    """A cell in error; the text is the error's (``#N/A``), empty when the file does not say which."""

    __slots__ = ()


class SansValeur:
    """A formula that the file gives no value of."""

    __slots__ = ()


SANS_VALEUR = SansValeur()


@state
class Marks:
    """One sheet, as its own XML (or records) tell.

    Attributes: erreurs: cells in error; formules: addresses of the formulas (``b"AF12"``; none when the format does
                not tell); vides: formulas without a value; fusions: merged ranges; masquees: hidden rows; plages:
                ranges of the Excel tables; totaux: last rows of tables that have a totals row.
    """

    erreurs: dict[Place, str] = field(default_factory=dict)
    formules: set[bytes] = field(default_factory=set)
    vides: Callable[[], set[Place]] = set
    fusions: list[Zone] = field(default_factory=list)
    masquees: set[int] = field(default_factory=set)
    plages: list[Zone] = field(default_factory=list)
    totaux: set[int] = field(default_factory=set)

    @cached_property
    def colonnes(self) -> set[int]:
        """The columns that hold at least one formula."""
        letters = b" ".join(self.formules).translate(None, b"0123456789").decode()
        return {column_index(column) for column in set(letters.split())}

    def sans_valeur(self, calculees: set[int]) -> set[Place]:
        """The formulas without a value, computed columns left aside: those lose it whenever a library saves."""
        if self.colonnes <= calculees:
            return set()
        return {place for place in self.vides() if place[1] not in calculees}
