"""Looking for what must not be there in every byte of some files, whatever wraps it."""

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from aap_xl.consolidation.cells import Colonnes, unpack
from aap_xl.texte import normaliser

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}[/-]\d{2}[/-]\d{4}|\b\d{8}\b|<v>\d{5}</v>")
_RACINE = 4


def textes(dossier: Path) -> Iterator[tuple[str, str]]:
    """Everything that can be read in a folder: files, zip members, Parquet values, SQLite values."""
    for path in sorted(dossier.rglob("*")):
        if path.is_file():
            yield from texte(str(path.relative_to(dossier)), path.read_bytes())
        yield "names of files", path.name


def texte(nom: str, octets: bytes) -> Iterator[tuple[str, str]]:
    """Everything that can be read in one file."""
    yield nom, octets.decode("utf-8", "ignore")
    yield nom, octets.decode("utf-16-le", "ignore")
    if octets.startswith(b"PK\3\4"):
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            for membre in archive.namelist():
                yield from texte(f"{nom}/{membre}", archive.read(membre))
    elif octets.startswith(b"PAR1"):
        yield nom, _mots(pq.read_table(pa.BufferReader(octets)).to_pydict())
        yield nom, str(pq.read_metadata(pa.BufferReader(octets)))
    elif octets.startswith(b"SQLite format 3"):
        yield from _base(nom, octets)


def _mots(colonnes: Colonnes) -> str:
    return "\n".join(str(value) for column in colonnes.values() for value in column)


def _base(nom: str, octets: bytes) -> Iterator[tuple[str, str]]:
    base = sqlite3.connect(":memory:")
    base.deserialize(octets[:18] + b"\1\1" + octets[20:])  # without its write-ahead log, closed with it
    tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in base.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own tables
            yield f"{nom}:{table}", "\n".join(str(value) for value in row if not isinstance(value, bytes))
            if table == "lots":
                yield f"{nom}:{table}", _mots(unpack(row[2]))
    base.close()


def fuites(sources: Iterator[tuple[str, str]], secrets: set[str]) -> set[tuple[str, str]]:
    """The secrets found, with where: words as typed or without accents, dates as any output may write them."""
    dates = {text for text in secrets if _DATE.fullmatch(text)}
    by_stem: dict[str, set[str]] = {}
    for text in secrets - dates:
        for form in {text.casefold(), normaliser(text)}:
            by_stem.setdefault(form[:_RACINE], set()).add(form)
    found = set()
    for where, source in sources:
        text = source.casefold()
        near = [form for stem, forms in by_stem.items() if stem in text for form in forms]
        found |= {(where, form) for form in near if form in text}
        found |= {(where, day) for day in _DATE.findall(text) if day in dates}
    return found
