"""Someone who has all the published figures, and looks for the masked ones: whole numbers that satisfy every sum."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Forme = frozenset[int]
"""A sum of unknowns, by number."""


@dataclass
class Attaquant:
    """Unknowns are whole numbers from 0 to ``borne``; each published figure is a sum of some of them.

    Attributes: positives: sums known not to be 0, since a 0 would have been shown.
    """

    inconnues: int
    borne: int
    egalites: list[tuple[Forme, int]] = field(default_factory=list)
    positives: list[Forme] = field(default_factory=list)

    def sait(self, forme: Iterable[int], valeur: int) -> None:
        self.egalites.append((frozenset(forme), valeur))

    def possibles(self, forme: Iterable[int], candidats: Iterable[int], assez: int = 10**6) -> list[int]:
        """Which of these values the sum of some unknowns may have; no more than enough of them."""
        wanted = frozenset(forme)
        found: list[int] = []
        for value in candidats:
            if len(found) < assez and self._possible([*self.egalites, (wanted, value)]):
                found.append(value)
        return found

    def _possible(self, egalites: list[tuple[Forme, int]]) -> bool:
        sums = [(tuple(form), value, value) for form, value in dict.fromkeys(egalites)]
        sums += [(tuple(form), 1, self.borne * len(form)) for form in self.positives]
        uses: list[list[int]] = [[] for _ in range(self.inconnues)]
        for rank, (form, _, _) in enumerate(sums):
            for unknown in form:
                uses[unknown].append(rank)
        low, high = [0] * self.inconnues, [self.borne] * self.inconnues
        return _search(sums, uses, low, high, set(range(len(sums))))


def _search(
    sums: list[tuple[tuple[int, ...], int, int]], uses: list[list[int]], low: list[int], high: list[int], todo: set[int]
) -> bool:
    """Narrow the intervals as far as sums allow, then try the values of the narrowest one left."""
    if not _narrow(sums, uses, low, high, todo):
        return False
    free = [unknown for unknown in range(len(low)) if low[unknown] < high[unknown]]
    if not free:
        return True
    chosen = min(free, key=lambda unknown: (high[unknown] - low[unknown], -len(uses[unknown])))
    middle = (low[chosen] + high[chosen]) // 2
    for value in sorted(range(low[chosen], high[chosen] + 1), key=lambda v: abs(v - middle)):
        lower, upper = low.copy(), high.copy()
        lower[chosen] = upper[chosen] = value
        if _search(sums, uses, lower, upper, set(uses[chosen])):
            return True
    return False


def _narrow(
    sums: list[tuple[tuple[int, ...], int, int]], uses: list[list[int]], low: list[int], high: list[int], todo: set[int]
) -> bool:
    while todo:
        form, least, most = sums[todo.pop()]
        smallest, largest = sum(low[u] for u in form), sum(high[u] for u in form)
        if smallest > most or largest < least:
            return False
        for u in form:
            lower, upper = max(low[u], least - (largest - high[u])), min(high[u], most - (smallest - low[u]))
            if lower > upper:
                return False
            if (lower, upper) != (low[u], high[u]):
                smallest += lower - low[u]
                largest -= high[u] - upper
                low[u], high[u] = lower, upper
                todo |= set(uses[u])
    return True
