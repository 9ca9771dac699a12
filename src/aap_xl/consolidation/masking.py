"""Which counts of persons a published workbook may show, so that none under the threshold can be worked out.

What is shown. Units (operations) are nested in groups: call, MDS, operator within the MDS, operation. For each count
a unit or a group is either shown or masked. Two kinds of figures are protected, from the coarsest to the finest, and
a figure is shown only where the coarser one is:

- totals (entered, exits, exits due for follow-up): 0 and counts from the threshold are shown (a zero speaks of
  nobody, and an operation without entries must be seen);
- parts of a total (BRSA or not; dynamic or not; classes of exit): all the parts of a unit are shown, or none, and
  they are shown when each is 0 or reaches the threshold. The complement is a part: 14 BRSA out of 15 tell that one
  person is not. The zeros of masked parts are masked too.

Why it holds. Groups are nested, so all that sums and differences of shown figures can give are the sums over the
« atoms »: a shown group less the largest shown ones inside it. `proteger` masks more units (secondary masking: the
smallest that help) until every atom is sure:

- totals: with ``n`` masked units in the atom, the sum is at least ``n + seuil - 1``: since a masked total is not 0,
  each may be anything from 1 to ``seuil`` at least;
- parts: each part of the atom is 0 or reaches the threshold. A unit of the atom with total T, part k of sum R(k) and
  all parts of sum R then lies between max(0, T - (R - R(k))) and min(T, R(k)), and every value between is possible
  (a table with given margins): that is a width of at least ``seuil``, since T, R(k), R - R(k) and R - T all reach it.

What is not nested is derived, or split first: figures of an operator spread over several MDS are shown when those of
each MDS are; rare classes are merged at the call's level (`masquer_rares`) before operations are looked at. Rates and
fractions are masked with either of their terms. One mark stands for both kinds of masking: « < 5 » beside another
mark would tell which cells reach the threshold, and give small counts back by subtraction.

Limits, to know before publishing: who knows a count from elsewhere (an operator knows its own) can subtract it; two
consolidations published a week apart can be subtracted from each other; differences between figures of other kinds
(entered less exits: who is still there) are not protected, nor what is not a count (the rows cited by anomalies, the
pseudonyms seen in two operations, an operation's planned number); nor a total that everyone in it shares (12 exits,
none dynamic).
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

from aap_xl.records import field, record, state

MARQUE = "n.c."
"""What stands for a masked figure: « non communiqué »."""

Vecteur = tuple[int, ...]


class Regle(Protocol):
    """What may be shown, and what may be worked out."""

    def montrable(self, vecteur: Vecteur) -> bool:
        """Whether the figures of one unit or group are not small in themselves."""
        ...

    def sure(self, reste: Vecteur, masques: int) -> bool:
        """Whether an atom of that sum, over that many masked units that are not 0, tells nothing of them."""
        ...


@record
class Totaux:
    """One count by unit; zeros are shown."""

    seuil: int

    def montrable(self, vecteur: Vecteur) -> bool:
        """0, or enough."""
        return not 0 < vecteur[0] < self.seuil

    def sure(self, reste: Vecteur, masques: int) -> bool:
        """Each masked unit, at least 1, can be anything up to the threshold."""
        return not masques or reste[0] - masques >= self.seuil - 1


@record
class Parts:
    """The parts of a total, shown together."""

    seuil: int

    def montrable(self, vecteur: Vecteur) -> bool:
        """Each is 0, or enough."""
        return not any(0 < count < self.seuil for count in vecteur)

    def sure(self, reste: Vecteur, masques: int) -> bool:  # noqa: ARG002 - whatever their number
        """The same for the sum of what is masked."""
        return self.montrable(reste)


@state
class Arbre:
    """Units nested in groups. Units are numbered from 0, groups after them, the whole last of all paths.

    Attributes: unites: how many; groupes: path → number, the empty path for the whole; enfants: by group's number.
    """

    unites: int
    groupes: dict[tuple[str, ...], int] = field(default_factory=dict)
    enfants: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def de(cls, chemins: Sequence[tuple[str, ...]]) -> "Arbre":
        """From each unit's path, outermost group first."""
        tree = cls(len(chemins))
        tree._group(())
        for unit, chemin in enumerate(chemins):
            tree.enfants[tree._group(chemin)].append(unit)
        return tree

    def _group(self, chemin: tuple[str, ...]) -> int:
        if chemin not in self.groupes:
            number = self.unites + len(self.groupes)
            self.groupes[chemin] = number
            self.enfants[number] = []
            if chemin:
                self.enfants[self._group(chemin[:-1])].append(number)
        return self.groupes[chemin]

    @cached_property
    def du_bas(self) -> list[int]:
        """The groups, the deepest first."""
        return [self.groupes[chemin] for chemin in sorted(self.groupes, key=len, reverse=True)]

    def sommes(self, valeurs: Sequence[Vecteur]) -> list[Vecteur]:
        """The vectors of units, then of groups, by number."""
        blank = (0,) * (len(valeurs[0]) if valeurs else 1)
        found: list[Vecteur] = [*valeurs, *(blank,) * len(self.groupes)]
        for group in self.du_bas:
            children = self.enfants[group]
            if len(children) == 1:
                found[group] = found[children[0]]
            elif children:
                found[group] = _plus(*(found[child] for child in children))
        return found


def proteger(arbre: Arbre, valeurs: Sequence[Vecteur], regle: Regle, permis: Sequence[int] | None = None) -> bytearray:
    """Whether each unit and each group shows its figures.

    Args:    valeurs: one vector by unit, all of one length; permis: where the coarser figure is shown (default:
             everywhere).
    Returns: 1 or 0 by number.
    """
    vectors = arbre.sommes(valeurs)
    shown = bytearray(
        (permis is None or bool(permis[rank])) and regle.montrable(vector) for rank, vector in enumerate(vectors)
    )
    for group in arbre.du_bas:
        if shown[group]:
            _cover(arbre, vectors, regle, shown, group)
    return shown


def _cover(arbre: Arbre, vectors: list[Vecteur], regle: Regle, shown: bytearray, group: int) -> None:
    """Mask more units inside a shown group until what is left of it is sure; the group itself if nothing helps."""
    largest, masked = _inside(arbre, vectors, shown, group)
    rest = _minus(vectors[group], [vectors[child] for child in largest])
    while not regle.sure(rest, masked):
        chosen = _choose(arbre, vectors, regle, largest, rest)
        if chosen is None:
            shown[group] = False
            return
        shown[chosen] = False
        largest.remove(chosen)
        if chosen < arbre.unites:
            masked += 1
            rest = _plus(rest, vectors[chosen])
            continue
        more, hidden = _inside(arbre, vectors, shown, chosen)
        own = _minus(vectors[chosen], [vectors[child] for child in more])
        rest = _plus(rest, own)
        largest += more
        masked += hidden


def _inside(arbre: Arbre, vectors: list[Vecteur], shown: bytearray, group: int) -> tuple[list[int], int]:
    """The largest shown units and groups inside a group, and how many masked units that are not 0 lie outside them."""
    largest, masked, left = [], 0, list(arbre.enfants[group])
    while left:
        child = left.pop()
        if shown[child]:
            largest.append(child)
        elif child < arbre.unites:
            masked += any(vectors[child])
        else:
            left += arbre.enfants[child]
    return largest, masked


def _choose(arbre: Arbre, vectors: list[Vecteur], regle: Regle, largest: Iterable[int], rest: Vecteur) -> int | None:
    """The cheapest to mask: a unit rather than a group, and the smallest, among those that add where it lacks."""
    lacking = [k for k, count in enumerate(rest) if not regle.montrable((count,))] or range(len(rest))
    useful = [child for child in largest if any(vectors[child][k] for k in lacking)]
    return min(useful, key=lambda child: (child >= arbre.unites, sum(vectors[child]), child), default=None)


def _plus(*parts: Vecteur) -> Vecteur:
    return tuple(map(sum, zip(*parts, strict=True)))


def _minus(whole: Vecteur, parts: Sequence[Vecteur]) -> Vecteur:
    return _plus(whole, *(tuple(-count for count in part) for part in parts))


def masquer_rares(effectifs: Sequence[int], seuil: int) -> list[bool]:
    """Whether each part of a known total is shown, when rare parts may be masked alone.

    The smallest others are masked with them until nothing can be worked out; where even all of them are not enough,
    all are masked, zeros included.
    """
    tree = Arbre.de([()] * len(effectifs))
    shown = proteger(tree, [(count,) for count in effectifs], Totaux(seuil))
    whole = bool(shown[tree.groupes[()]])
    return [whole and bool(shown[rank]) for rank in range(len(effectifs))]
