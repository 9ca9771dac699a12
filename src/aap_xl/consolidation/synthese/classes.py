"""The classes of exit: of each call, MDS and operation, where they can be shown."""

from collections.abc import Mapping
from pathlib import Path

from aap_xl.appels.model import POINTS
from aap_xl.consolidation.aggregates import SANS, lots, nom_appel, somme_par
from aap_xl.consolidation.masking import MARQUE, Arbre, Parts, masquer_rares, proteger
from aap_xl.consolidation.synthese.effectifs import MOMENTS, Effectifs, Nombre
from aap_xl.records import field, state


@state
class Classes:
    """The classes of exit of one call at one moment.

    Attributes: noms: in the dataset's order; effectifs: of the call as a whole; montrees: which of them are shown
                there; detaillees: which of them are shown for its MDS and operations too, others being rare there;
                lignes: for each operation of the call, whether these are shown; territoires: the same by MDS, with
                the counts.
    """

    noms: list[str] = field(default_factory=list)
    effectifs: list[int] = field(default_factory=list)
    montrees: list[bool] = field(default_factory=list)
    detaillees: list[bool] = field(default_factory=list)
    lignes: dict[int, bool] = field(default_factory=dict)
    territoires: dict[str, tuple[bool, dict[str, int]]] = field(default_factory=dict)

    def comptes(self) -> list[dict[str, int]]:
        """The counts of each MDS."""
        return [counts for _, counts in self.territoires.values()]

    def globale(self, nom: str) -> Nombre:
        """A class over the whole call."""
        rank = self.noms.index(nom)
        return self.effectifs[rank] if self.montrees[rank] else MARQUE

    def montre(self, unite: int, nom: str) -> bool:
        """Whether the line of an operation and a class is shown."""
        return self.lignes.get(unite, False) and self.detaillees[self.noms.index(nom)]

    def du_territoire(self, mds: str, nom: str) -> Nombre:
        """A class over the operations of an MDS."""
        shown, counts = self.territoires[mds]
        return counts.get(nom, 0) if shown and self.detaillees[self.noms.index(nom)] else MARQUE


def _dynamiques(tables: Path) -> dict[tuple[str, str], bool]:
    """(call, class) → whether it is dynamic, as the persons have it."""
    found: dict[tuple[str, str], bool] = {}
    for suffix in ("", *(f"_{nom}" for nom in POINTS)):
        classe, dynamic = f"classe{suffix}", f"dynamique{suffix}"
        for row in somme_par(tables, "personnes", ["appel", "millesime", classe, dynamic], presente=classe):
            found[nom_appel(row["appel"], row["millesime"]), row[classe]] = bool(row[dynamic])
    return found


def lire(tables: Path, effectifs: Effectifs) -> dict[tuple[str, str], Classes]:
    """The classes of each call and moment: rare ones merged for the whole call, then operations looked at."""
    dynamic = _dynamiques(tables)
    found: dict[tuple[str, str], Classes] = {}
    origins: dict[tuple[str, str], dict[str, object]] = {}
    for row in somme_par(tables, "sorties", ["appel", "millesime", "moment", "classe"], ["effectif"]):
        key = nom_appel(row["appel"], row["millesime"]), row["moment"]
        origins[key] = {nom: row[nom] for nom in ("appel", "millesime", "moment")}
        classes = found.setdefault(key, Classes())
        classes.noms.append(row["classe"])
        classes.effectifs.append(row["effectif"] or 0)
    for row in somme_par(tables, "sorties", ["appel", "millesime", "moment", "mds", "classe"], ["effectif"]):
        classes = found[nom_appel(row["appel"], row["millesime"]), row["moment"]]
        _, counts = classes.territoires.setdefault(row["mds"] or SANS, (False, {}))
        counts[row["classe"]] = counts.get(row["classe"], 0) + (row["effectif"] or 0)
    for (call, moment), classes in found.items():
        sides = [dynamic.get((call, nom), False) for nom in classes.noms]
        _rares(classes, sides, effectifs, call, moment)
        _detailler(classes, sides, effectifs.seuil)
        vectors = _par_operation(tables, effectifs, origins[call, moment], classes, sides)
        _lignes(classes, vectors, effectifs, moment)
    return found


def _rares(classes: Classes, sides: list[bool], effectifs: Effectifs, call: str, moment: str) -> None:
    """Which classes the call as a whole shows: among dynamic ones and among others, since both sums are known."""
    part = effectifs.mesures[MOMENTS[moment][1]]
    classes.montrees = [False] * len(sides)
    if not part.montree[effectifs.rang(call)]:
        return
    for side in (True, False):
        ranks = [rank for rank, dynamic in enumerate(sides) if dynamic is side]
        shown = masquer_rares([classes.effectifs[rank] for rank in ranks], effectifs.seuil)
        for rank, is_shown in zip(ranks, shown, strict=True):
            classes.montrees[rank] = is_shown


def _detailler(classes: Classes, sides: list[bool], seuil: int) -> None:
    """Which classes MDS and operations show: the most frequent on each side, as many as gives the most figures.

    The others are merged on each side, for a rare class alone would mask all those of its MDS.
    """
    ranks = [rank for rank, is_shown in enumerate(classes.montrees) if is_shown]
    ranks.sort(key=lambda rank: -classes.effectifs[rank])
    by_side = [[rank for rank in ranks if sides[rank] is side] for side in (True, False)]
    best: tuple[int, set[int]] = (-1, set())
    for first in range(len(by_side[0]), -1, -1):
        for second in range(len(by_side[1]), -1, -1):
            kept = {*by_side[0][:first], *by_side[1][:second]}
            figures = len(kept) * sum(
                _communicable(classes, sides, kept, counts, seuil) for counts in classes.comptes()
            )
            best = max(best, (figures, kept), key=lambda pair: pair[0])
    classes.detaillees = [rank in best[1] for rank in range(len(sides))]


def _communicable(classes: Classes, sides: list[bool], kept: set[int], counts: dict[str, int], seuil: int) -> bool:
    """Whether an MDS could show these classes, the others merged on each side."""
    alone = [counts.get(classes.noms[rank], 0) for rank in kept]
    merged = [
        sum(counts.get(nom, 0) for rank, nom in enumerate(classes.noms) if rank not in kept and sides[rank] is side)
        for side in (True, False)
    ]
    return Parts(seuil).montrable((*alone, *merged))


def _par_operation(
    tables: Path, effectifs: Effectifs, origine: Mapping[str, object], classes: Classes, sides: list[bool]
) -> dict[int, tuple[int, ...]]:
    """The parts of each operation: the classes shown, then the others, dynamic or not, merged."""
    shown = [rank for rank, is_shown in enumerate(classes.detaillees) if is_shown]
    place = {nom: len(shown) + side for nom, side in zip(classes.noms, sides, strict=True)}
    place |= {classes.noms[rank]: position for position, rank in enumerate(shown)}
    counts: dict[int, list[int]] = {}
    columns = ["operation", "classe", "effectif"]
    for lot in lots(tables, "sorties", columns, origine):
        for operation, classe, count in zip(*(lot[nom].to_pylist() for nom in columns), strict=True):
            vector = counts.setdefault(effectifs.unites.rangs[operation], [0] * (len(shown) + 2))
            vector[place[classe]] += count or 0
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    return {unit: known.setdefault(tuple(vector), tuple(vector)) for unit, vector in counts.items()}


def _lignes(classes: Classes, vectors: dict[int, tuple[int, ...]], effectifs: Effectifs, moment: str) -> None:
    """Which operations show their classes."""
    part = effectifs.mesures[MOMENTS[moment][1]]
    units = list(vectors)
    tree = Arbre.de([effectifs.unites.chemins[unit] for unit in units])
    permis = [bool(part.montree[unit]) for unit in units]
    permis += [bool(part.montree[effectifs.arbre.groupes[chemin]]) for chemin in tree.groupes]
    shown = proteger(tree, [vectors[unit] for unit in units], Parts(effectifs.seuil), permis)
    classes.lignes = {unit: bool(shown[rank]) for rank, unit in enumerate(units)}
    for chemin, group in tree.groupes.items():
        if len(chemin) == 2:
            classes.territoires[chemin[1]] = bool(shown[group]), classes.territoires[chemin[1]][1]
