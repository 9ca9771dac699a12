"""Sums over the dataset's tables, batch by batch: what is kept grows with the groups, not with the rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

NOMBRE = "nombre_de_lignes"
_RANG = "premier_rang"
_LOT = 4_096
_PARTIELS = 64


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
        ends = lot.filter(pc.is_valid(lot["solde"]))["date_fin"].to_pylist()
        found += sum(end is None or jour <= end for end in ends)
    return found


def lots(
    tables: Path, nom: str, colonnes: Sequence[str] | None = None, ou: Mapping[str, Any] | None = None
) -> Iterator[pa.RecordBatch]:
    """A table by batches, in order; ``ou``: the values that kept rows have (``None``: null)."""
    with pq.ParquetFile(chemin(tables, nom)) as file:
        wanted = None if colonnes is None else [*dict.fromkeys([*colonnes, *(ou or {})])]
        for lot in file.iter_batches(batch_size=_LOT, columns=wanted, use_threads=False):
            yield _filter(lot, ou) if ou else lot


def _filter(lot: pa.RecordBatch, ou: Mapping[str, Any]) -> pa.RecordBatch:
    kept = None
    for name, value in ou.items():
        held = pc.is_null(lot[name]) if value is None else pc.fill_null(pc.equal(lot[name], value), False)
        kept = held if kept is None else pc.and_(kept, held)
    return lot.filter(kept)


def nom_appel(code: str | None, millesime: int | None) -> str:
    """``3.3 (2025)``: how the workbook names a call."""
    return f"{code or '?'} ({millesime})" if millesime else code or "?"


def somme_par(
    tables: Path, nom: str, cles: Sequence[str], mesures: Sequence[str] = (), presente: str = ""
) -> list[dict[str, Any]]:
    """Sums by group, in the order groups first appear; `NOMBRE` is the number of rows.

    Args: presente: a column whose nulls leave the row out.
    """
    columns = list(dict.fromkeys([*cles, *mesures, *([presente] if presente else [])]))
    partial: list[pa.Table] = []
    read = 0
    for lot in lots(tables, nom, columns):
        table = pa.Table.from_batches([lot])
        ranks = pa.array(range(read, read + lot.num_rows), pa.int64())
        ones = pa.repeat(pa.scalar(1, pa.int64()), lot.num_rows)
        read += lot.num_rows
        table = table.append_column(NOMBRE, ones).append_column(_RANG, ranks)
        if presente:
            table = table.filter(pc.is_valid(table[presente]))
        partial.append(_group(table, cles, mesures))
        if len(partial) >= _PARTIELS:
            partial = [_group(pa.concat_tables(partial), cles, mesures)]
    if not partial:
        return []
    found = _group(pa.concat_tables(partial), cles, mesures).sort_by(_RANG)
    rows: list[dict[str, Any]] = found.drop_columns([_RANG]).to_pylist()
    return rows


def _group(table: pa.Table, cles: Sequence[str], mesures: Sequence[str]) -> pa.Table:
    wanted = [*((name, "sum") for name in (*mesures, NOMBRE)), (_RANG, "min")]
    grouped = table.group_by(list(cles), use_threads=False).aggregate(wanted)
    grouped = grouped.rename_columns([*cles, *(name for name, _ in wanted)])
    for rank, column in enumerate(grouped.schema):
        if pa.types.is_decimal(column.type):  # the sum of sums must not widen for ever
            wide = grouped[column.name].cast(pa.decimal128(38, column.type.scale))
            grouped = grouped.set_column(rank, column.name, wide)
    return grouped


@dataclass(slots=True)
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
