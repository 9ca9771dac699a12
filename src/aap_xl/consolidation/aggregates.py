"""Sums over the dataset's tables, batch by batch: what is kept grows with the groups, not with the rows.

In plain Python: importing Arrow's compute functions takes as long as consolidating some twenty files.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import compress, repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from aap_xl.records import field, state

Somme = dict[str, Any]
"""One line of sums: its keys, and each measure."""
NOMBRE = "nombre_de_lignes"
_LOT = 4_096


def chemin(tables: Path, nom: str) -> Path:
    """Where a table of the dataset is."""
    return tables / f"{nom}.parquet"


def lignes(tables: Path, nom: str) -> int:
    """How many rows a table has, without reading them."""
    with pq.ParquetFile(chemin(tables, nom)) as file:
        return int(file.metadata.num_rows)


def connues(tables: Path, nom: str, colonne: str) -> int:
    """How many rows of a table state a value."""
    return sum(len(lot[colonne]) - lot[colonne].null_count for lot in lots(tables, nom, [colonne]))


def en_cours(tables: Path, jour: date) -> int:
    """How many operations whose balance is known are not over: it may still change."""
    found = 0
    for lot in lots(tables, "operations", ["solde", "date_fin"]):
        rows = zip(lot["solde"].to_pylist(), lot["date_fin"].to_pylist(), strict=True)
        found += sum(solde is not None and (end is None or jour <= end) for solde, end in rows)
    return found


def lots(
    tables: Path, nom: str, colonnes: Sequence[str] | None = None, ou: Mapping[str, object] | None = None
) -> Iterator[pa.RecordBatch]:
    """A table by batches, in order; ``ou``: the values that kept rows have (``None``: null)."""
    with pq.ParquetFile(chemin(tables, nom)) as file:
        wanted = None if colonnes is None else [*dict.fromkeys([*colonnes, *(ou or {})])]
        for lot in file.iter_batches(batch_size=_LOT, columns=wanted, use_threads=False):
            yield _filter(lot, ou) if ou else lot


def _filter(lot: pa.RecordBatch, ou: Mapping[str, object]) -> pa.RecordBatch:
    read = lot.to_pydict()
    wanted = tuple(ou.values())
    kept = [found == wanted for found in zip(*(read[name] for name in ou), strict=True)]
    columns = {name: list(compress(values, kept)) for name, values in read.items()}
    return pa.RecordBatch.from_pydict(columns, schema=lot.schema)


def nom_appel(code: str | None, millesime: int | None) -> str:
    """``3.3 (2025)``: how the workbook names a call."""
    return f"{code or '?'} ({millesime})" if millesime else code or "?"


def somme_par(
    tables: Path, nom: str, cles: Sequence[str], mesures: Sequence[str] = (), presente: str = ""
) -> list[Somme]:
    """Sums by group, in the order groups first appear; `NOMBRE` is the number of rows.

    Args: presente: a column whose nulls leave the row out.
    """
    columns = list(dict.fromkeys([*cles, *mesures, *([presente] if presente else [])]))
    counts: Counter[tuple[object, ...]] = Counter()
    sums: dict[tuple[object, ...], list[object]] = {}
    for lot in lots(tables, nom, columns):
        read = lot.to_pydict()
        kept = [value is not None for value in read[presente]] if presente else [True] * lot.num_rows
        groups = zip(*(read[nom] for nom in cles), strict=True) if cles else repeat(())
        keys = [*compress(groups, kept)]
        counts.update(keys)
        if mesures:
            rows = compress(zip(*(read[nom] for nom in mesures), strict=True), kept)
            for key, row in zip(keys, rows, strict=True):
                _add(sums.setdefault(key, [None] * len(mesures)), row)
    return [
        dict(zip((*cles, NOMBRE, *mesures), (*key, count, *sums.get(key, ())), strict=True))  # a measure is never a key
        for key, count in counts.items()
    ]


def _add(sums: list[object], row: tuple[Any, ...]) -> None:
    for rank, value in enumerate(row):
        if value is not None:
            sums[rank] = value + (sums[rank] or 0)


@state
class Unites:
    """What is kept of each operation, by rank: who it is and its counts of persons.

    Attributes: rangs: identifier → rank; chemins: (call, MDS, operator); comptes: by name, one integer each.
    """

    rangs: dict[str, int] = field(default_factory=dict)
    chemins: list[tuple[str, str, str]] = field(default_factory=list)
    comptes: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def lues(cls, tables: Path, comptes: Sequence[str]) -> "Unites":
        """From « operations »."""
        units = cls(comptes={nom: [] for nom in comptes})
        known: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        for lot in lots(tables, "operations", ["operation", "appel", "millesime", "mds", "porteur", *comptes]):
            columns = lot.to_pydict()
            for code, year, mds, porteur, operation in zip(
                *(columns[nom] for nom in ("appel", "millesime", "mds", "porteur", "operation")), strict=True
            ):
                path = nom_appel(code, year), mds or SANS, porteur or SANS
                units.rangs[operation] = len(units.chemins)
                units.chemins.append(known.setdefault(path, path))
            for nom in comptes:
                units.comptes[nom] += [count or 0 for count in columns[nom]]
        return units


SANS = "Non renseigné"
"""The name of what was left blank, in groups."""
