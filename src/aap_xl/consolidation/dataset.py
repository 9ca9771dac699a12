"""The dataset and the journal, written from the state as streams: memory does not grow with the number of files.

What files gave becomes Arrow here, once for many: no worker needs it, which takes as long to import as a file to read.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, groupby, islice, repeat
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from aap_xl.consolidation import aggregates, schema
from aap_xl.consolidation.cells import Colonnes, unpack
from aap_xl.consolidation.gaps import Ecart
from aap_xl.consolidation.pseudonymes import partage
from aap_xl.consolidation.schema import LOCALES, communes
from aap_xl.consolidation.state import Brute, State
from aap_xl.records import field, state
from aap_xl.texte import json_visible

_Ligne = TypeVar("_Ligne")

GROUPE = 16_384
"""Lines of a row group: what is held in memory at once."""
_LIGNES = 512
"""The same, for lines that come as Python values."""

_RETENUS = """
SELECT e.operation, substr(r.empreinte, 1, 12), r.appel, r.millesime, r.porteur, r.mds, l.octets
FROM entrees e JOIN resultats r USING (empreinte) JOIN lots l ON l.resultat = r.id AND l.tableau = ?
WHERE e.etat = 'retenu' ORDER BY e.operation
"""
_FICHIERS = """
SELECT substr(e.empreinte, 1, 12), e.nom, e.etat, e.motif, e.par, e.ecarts, e.empreinte,
  coalesce(r.taille, e.taille), e.date, e.operation, r.appel, r.millesime, r.porteur, r.siret, r.a_jour_au,
  r.bloquantes, r.a_verifier, r.informations
FROM entrees e LEFT JOIN resultats r ON r.empreinte = e.empreinte AND r.refusal = ''
ORDER BY e.nom, e.empreinte, e.date, e.taille, e.motif
"""


@state
class Tally:
    """What a consolidation found, for its last words.

    Attributes: etats: state → how many files; ressemblances: pairs of operations that may be one; soldes: how many
                operations have a known balance; en_cours: how many of these are not over; a_payer, a_reverser: euros,
                over these; personnes: lines of people.
    """

    etats: dict[str, int] = field(default_factory=dict)
    operations: int = 0
    bloquantes: int = 0
    a_verifier: int = 0
    informations: int = 0
    ressemblances: int = 0
    soldes: int = 0
    en_cours: int = 0
    a_payer: Decimal = Decimal(0)
    a_reverser: Decimal = Decimal(0)
    personnes: int = 0


def ecrire_tables(etat: State, dossier: Path, jour: date) -> Tally:
    """Write every table, sorted by operation.

    Args:   dossier: an empty folder; jour: the day the figures are of.
    Raises: OSError, sqlite3.Error if the disk refuses.
    """
    compte = Tally()
    for table in LOCALES:
        with _Table(dossier / f"{table}.parquet", schema.TABLES[table]) as parquet:
            for group in _groupes(etat.lignes(_RETENUS, table), table):
                if table == "operations":
                    _compter(compte, group)
                if table == "personnes":
                    compte.personnes += group.num_rows
                    _reconnaitre(etat, group)
                parquet.ecrire(group)
    with _Table(dossier / "fichiers.parquet", schema.FICHIERS) as parquet:
        for rows in _par_paquets(_fichiers(etat), _LIGNES):
            for row in rows:
                compte.etats[row["etat"]] = compte.etats.get(row["etat"], 0) + 1
            parquet.ecrire(_tableau(rows, schema.FICHIERS))
    with _Table(dossier / "personnes_communes.parquet", schema.PERSONNES_COMMUNES) as parquet:
        for rows in _par_paquets(_communes(etat), _LIGNES):
            parquet.ecrire(_tableau(rows, schema.PERSONNES_COMMUNES))
    compte.en_cours = aggregates.en_cours(dossier, jour)
    return compte


def ecrire_journal(etat: State, chemin: Path, entete: dict[str, object]) -> None:
    """Write one line on the run, then one per file, in the order of their names; no time nor duration."""
    with chemin.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json_visible(json.dumps(entete, ensure_ascii=False)) + "\n")
        for row in _fichiers(etat):
            line = {nom: value for nom, value in row.items() if value is not None}
            file.write(json_visible(json.dumps(line, ensure_ascii=False, default=str)) + "\n")


class _Table:
    """One Parquet file; one without a line is there too, with its columns."""

    def __init__(self, chemin: Path, champs: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(chemin, champs, compression="zstd")

    def __enter__(self) -> "_Table":
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def ecrire(self, lignes: pa.Table) -> None:
        """Add a row group."""
        self._writer.write_table(lignes, row_group_size=max(1, lignes.num_rows))


def _groupes(rows: Iterator[Brute], table: str) -> Iterator[pa.Table]:
    """The lines of a table, in groups of `GROUPE` or a little more, with the columns that a file's lines share."""
    held: list[tuple[object, ...]] = []
    total = 0
    for *shared, octets in rows:
        columns = unpack(octets)
        height = len(next(iter(columns.values())))
        held.append((columns, height, *shared))
        total += height
        if total >= GROUPE:
            yield _assembler(table, held)
            held, total = [], 0
    if held:
        yield _assembler(table, held)


def _assembler(table: str, held: Sequence[tuple[object, ...]]) -> pa.Table:
    """The lines of some files: the columns of each, how many lines they have, what these share."""
    files: tuple[Colonnes, ...]
    files, heights, *shared = zip(*held, strict=True)
    values = {nom: [*chain.from_iterable(columns[nom] for columns in files)] for nom in LOCALES[table].names}
    for nom, each in zip(communes(table), shared, strict=False):
        values[nom] = [*chain.from_iterable(map(repeat, each, heights))]
    champs = schema.TABLES[table]
    return pa.table([colonne(values[item.name], item.type) for item in champs], schema=champs)


def colonne(values: Sequence[int | None], nature: pa.DataType) -> pa.Array:
    """Values as `valeurs` makes them: days by their number, amounts in cents, which Arrow can't be told."""
    if not pa.types.is_decimal(nature):
        return pa.array(values, nature)
    known, _ = pa.array(values, pa.int64()).buffers()
    cents = array("q", [value or 0 for value in values])
    wide = array("q", bytes(16 * len(values)))  # an amount is 16 bytes, the lowest first
    wide[::2], wide[1::2] = cents, array("q", [value >> 63 for value in cents])
    return pa.Array.from_buffers(nature, len(values), [known, pa.py_buffer(wide)])


def _compter(compte: Tally, operations: pa.Table) -> None:
    def total(nom: str) -> Decimal | int:
        found: Decimal | int = sum(value for value in operations.column(nom).to_pylist() if value is not None)
        return found

    compte.operations += operations.num_rows
    for nom in ("bloquantes", "a_verifier", "informations", "a_reverser"):
        setattr(compte, nom, getattr(compte, nom) + total(nom))
    compte.soldes += operations.num_rows - operations.column("solde").null_count
    compte.a_payer += total("solde")


def _reconnaitre(etat: State, personnes: pa.Table) -> None:
    """Note who is in which operation, when a key tells it; the disk sorts."""
    names, operations = (personnes.column(nom).to_pylist() for nom in ("pseudonyme", "operation"))
    rows = ((name, operation) for name, operation in zip(names, operations, strict=True) if partage(name))
    with etat.base:
        etat.base.executemany("INSERT INTO personnes VALUES (?, ?)", rows)


def _communes(etat: State) -> Iterator[dict[str, object]]:
    rows = etat.lignes("SELECT DISTINCT pseudonyme, operation FROM personnes ORDER BY pseudonyme, operation")
    for pseudonyme, group in groupby(rows, key=lambda row: row[0]):
        operations = [operation for _, operation in group]
        if len(operations) > 1:
            yield {"pseudonyme": pseudonyme, "operations": operations}


def _fichiers(etat: State) -> Iterator[dict[str, Any]]:
    for row in etat.lignes(_FICHIERS):
        values: dict[str, Any] = {
            nom: None if value == "" else value for nom, value in zip(schema.FICHIERS.names, row, strict=True)
        }
        if values["ecarts"]:
            changes = [(nom, *map(_decimal, totals)) for nom, *totals in json.loads(values["ecarts"])]
            values["ecarts"] = [Ecart(*change)._asdict() for change in changes]
        for nom in ("date_fichier", "a_jour_au"):
            values[nom] = date.fromisoformat(values[nom][:10]) if values[nom] else None
        yield values


def _decimal(total: int | str | None) -> Decimal | None:
    return None if total is None else Decimal(total)


def _tableau(rows: list[dict[str, object]], champs: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, champs)


def _par_paquets(rows: Iterable[_Ligne], taille: int) -> Iterator[list[_Ligne]]:
    iterator = iter(rows)
    while packet := list(islice(iterator, taille)):
        yield packet
