"""The anomalies of two versions: solved, new, still there. The same one is known by its rule, row and column."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aap_xl.anomalies import Anomalie

Lieu = Hashable
"""The rule, the row (whatever its position) and the column of an anomaly."""


class Sort(StrEnum):
    """What became of an anomaly."""

    RESOLUE = "résolue"
    NOUVELLE = "nouvelle"
    DEMEURE = "demeure"


@dataclass(frozen=True, slots=True)
class AnomalieComparee:
    """One anomaly, as the last version that has it tells it; ``adresse_avant``: where it was, if it still stands."""

    sort: Sort
    anomalie: Anomalie
    adresse_avant: str = ""

    def fields(self) -> dict[str, str]:
        """As one flat record: the anomaly's, what became of it, its former place on the same sheet."""
        return self.anomalie.fields() | {"sort": str(self.sort), "cellule_avant": self.adresse_avant.rpartition("!")[2]}

    @property
    def demeure(self) -> bool:
        """Whether both versions have it."""
        return self.sort is Sort.DEMEURE


def comparer_anomalies(
    avant: Sequence[tuple[Lieu, Anomalie]], apres: Sequence[tuple[Lieu, Anomalie]]
) -> tuple[AnomalieComparee, ...]:
    """Solved ones first, then new ones, then those that stand, each in the sheets' order.

    Several anomalies of one rule on one cell are matched by their words first.
    """
    waiting: dict[Lieu, list[Anomalie]] = defaultdict(list)
    for lieu, item in avant:
        waiting[lieu].append(item)
    standing: dict[int, Anomalie] = {}
    for exact in (True, False):
        for rank, (lieu, item) in enumerate(apres):
            group = waiting[lieu] if rank not in standing else []
            former = next((old for old in group if not exact or old.message == item.message), None)
            if former is not None:
                standing[rank] = former
                group.remove(former)
    solved = {id(item) for group in waiting.values() for item in group}
    return (
        *(AnomalieComparee(Sort.RESOLUE, item) for _, item in avant if id(item) in solved),
        *(AnomalieComparee(Sort.NOUVELLE, item) for rank, (_, item) in enumerate(apres) if rank not in standing),
        *(
            AnomalieComparee(Sort.DEMEURE, item, str(standing[rank].cell))
            for rank, (_, item) in enumerate(apres)
            if rank in standing
        ),
    )
