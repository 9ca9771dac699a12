"""The same thing to correct on hundreds of rows: the first ones in full, then one line that counts and places the rest.

For someone who reads a terminal; machines and the sheet « Contrôle » are given every anomaly.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from aap_xl.anomalies import Anomalie
from aap_xl.patterns import pattern
from aap_xl.records import replace

TOLEREES, MONTREES = 10, 3
"""Alike anomalies beyond which they are counted; how many of them are then shown in full."""
_PLAGES = 6
_PROPRE_A_LA_LIGNE = pattern(r"« [^»]* »|\S*\d\S*")


def regrouper(items: Sequence[Anomalie]) -> list[Anomalie]:
    """Anomalies in their order; the last of those alike in a column stands for all that are not shown.

    What is said of a sheet as a whole is always shown.
    """
    alike: dict[tuple[str, ...], list[Anomalie]] = {}
    shown: dict[int, Anomalie] = {}
    for item in items:
        if item.cell.adresse:
            alike.setdefault(_cle(item), []).append(item)
        else:
            shown[id(item)] = item
    for group in alike.values():
        kept = group if len(group) <= TOLEREES else [*group[:MONTREES], _reste(group[MONTREES:])]
        shown.update(zip(map(id, group), kept, strict=False))
    return [shown[id(item)] for item in items if id(item) in shown]


def semblables(items: Sequence[Anomalie]) -> list[list[int]]:
    """The ranks of anomalies, those that are alike in a column together, in the order of the first of each group."""
    groups: dict[object, list[int]] = {}
    for rank, item in enumerate(items):
        groups.setdefault(_cle(item) if item.cell.adresse else rank, []).append(rank)
    return list(groups.values())


def _cle(item: Anomalie) -> tuple[str, ...]:
    """Same rule, same column, same remedy but for what belongs to the row."""
    remede = _PROPRE_A_LA_LIGNE.sub("…", item.remede or item.message)
    return item.code, item.gravite, item.cell.feuille, item.cell.entete, _lieu(item)[0], item.article, remede


def _reste(group: Sequence[Anomalie]) -> Anomalie:
    first = group[0]
    places = _plages(dict.fromkeys(map(_lieu, group)))
    message = f"… et {len(group)} autres fois, de même : {places}"
    return replace(first, cell=replace(first.cell, adresse=f"{first.cell.adresse}…"), message=message, valeur="")


def _lieu(item: Anomalie) -> tuple[str, int]:
    """Column and row of a cell."""
    letters = item.cell.adresse.rstrip("0123456789")
    return letters, int(item.cell.adresse[len(letters) :])


def _plages(lieux: Iterable[tuple[str, int]]) -> str:
    """``K8 à K20, K25``: the first runs of rows of one column."""
    runs = list(_suites(lieux))
    shown = [first if first == last else f"{first} à {last}" for first, last in runs[:_PLAGES]]
    return ", ".join(shown) + ("…" if len(runs) > _PLAGES else "")


def _suites(lieux: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    for _, run in groupby(enumerate(lieux), key=lambda pair: pair[1][1] - pair[0]):
        cells = [f"{letters}{row}" for _, (letters, row) in run]
        yield cells[0], cells[-1]
