"""What becomes of one mutant: read, told, refused in a sentence; anything else is a fault of ours."""

import datetime as dt
import re
import signal
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

import openpyxl

from aap_xl.appels.loader import Catalogue
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier
from aap_xl.rows import TABLES, Operation
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.opening import feuilles
from fuzz.mutations import Mutant

DAY = dt.date(2026, 1, 20)
_SECONDS = 10
"""Of processor time, for one mutant."""
_SHEETS = {table.feuille for table in TABLES.values()} | {Operation.feuille}
_BLANKS = re.compile(r"(?:_x000[DdAa]_|[\s\x00-\x1f])+")
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no time zone
Sheets = dict[str, dict[tuple[int, int], Any]]
Found = set[tuple[str, str, str]]


class Outcome(StrEnum):
    """What a mutant gave; those in capitals must not happen."""

    READ = "read"
    TOLD = "told"
    REFUSED = "refused"
    NOT_WRITTEN = "bilan refused"
    ERROR = "ERROR"
    HANG = "HANG"
    MISREAD = "MISREAD"
    DAMAGED = "DAMAGED PRODUCT"
    SENTENCE = "BAD SENTENCE"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and a few words on it."""

    outcome: Outcome
    detail: str = ""

    @property
    def fault(self) -> bool:
        """Whether it must not happen."""
        return self.outcome.isupper()


class _Hang(BaseException):
    pass


class Judge:
    """Reads mutants as `controler` does, writes them as `bilan` does, and compares with openpyxl.

    Args: folder: where a mutant stands while it is read; seeds: the workbooks as they were.
    """

    def __init__(self, catalogue: Catalogue, folder: Path, seeds: Mapping[str, bytes]) -> None:
        self._catalogue = catalogue
        self._folder = folder
        self._known = {name: self._differences(content) for name, content in seeds.items()}
        self._facts = {name: _facts(self._read(name, content).donnees) for name, content in seeds.items()}

    def judge(self, mutant: Mutant) -> Verdict:
        """What becomes of it."""
        try:
            with bounded():
                return self._judge(mutant)
        except _Hang:
            return Verdict(Outcome.HANG)
        except Exception as error:  # noqa: BLE001 - what is looked for
            stack = traceback.extract_tb(error.__traceback__)
            where = [frame for frame in stack if "aap_xl" in frame.filename or "fuzz" in frame.filename][-1]
            return Verdict(Outcome.ERROR, f"{type(error).__name__} {Path(where.filename).name}:{where.lineno}")

    def _judge(self, mutant: Mutant) -> Verdict:
        try:
            dossier = self._read(mutant.name, mutant.content)
        except FichierRefuse as error:
            return _sentence(Outcome.REFUSED, str(error))
        anomalies = [str(item) for item in dossier.anomalies]
        facts = _facts(dossier.donnees)
        told = facts - self._facts[mutant.name]
        misread = self._misread(mutant, told)
        if misread:
            return Verdict(Outcome.MISREAD, misread)
        if Path(mutant.name).suffix in {".xlsx", ".xlsm"}:
            try:
                product = dossier.octets_bilan()
            except EcritureImpossible as error:
                return _sentence(Outcome.NOT_WRITTEN, str(error))
            if wrong := self._wrong(mutant, dossier.donnees, product):
                return Verdict(Outcome.DAMAGED, wrong)
        return Verdict(Outcome.TOLD if told else Outcome.READ, f"{len(anomalies)} anomalies")

    def _read(self, name: str, content: bytes) -> Dossier:
        path = self._folder / name
        path.write_bytes(content)
        return Dossier.lire(path, self._catalogue, DAY)

    def _misread(self, mutant: Mutant, told: Found) -> str:
        """The first values that openpyxl reads otherwise, on a sheet of which nothing new is told."""
        sheets = {sheet for _, sheet, _ in told}
        if "" in sheets:
            return ""
        new = self._differences(mutant.content) - self._known[mutant.name]
        silent = sorted(item for item in new if item[0] not in sheets)
        return "; ".join(f"{sheet}!R{row}C{column}: {one} / {other}" for sheet, row, column, one, other in silent[:3])

    def _differences(self, content: bytes) -> set[tuple[str, int, int, str, str]]:
        """Sheet, row, column, what we read, what openpyxl reads; nothing where it can't be asked."""
        theirs = _by_openpyxl(content)
        if theirs is None:
            return set()
        ours = _ours(content)
        theirs = {sheet: cells for sheet, cells in theirs.items() if cells or not _strict(content)}
        return {
            (sheet, *place, str(cells.get(place)), str(theirs[sheet].get(place)))
            for sheet, cells in ours.items()
            if sheet in theirs
            for place in cells.keys() | theirs[sheet].keys()
            if not same(cells.get(place), theirs[sheet].get(place))
        }

    def _wrong(self, mutant: Mutant, before: Donnees, product: bytes) -> str:
        """What is wrong with the bilan of a mutant."""
        try:
            after = self._read(f"bilan-{mutant.name}", product).donnees
        except FichierRefuse as error:
            return f"refused afterwards: {error}"
        unread = mutant.number % 4 == 0 and _by_openpyxl(product) is None and _by_openpyxl(mutant.content) is not None
        return (
            _ill_formed(mutant.content, product)
            or _changed(before, after)
            or ("openpyxl opens the mutant and not its bilan" if unread else "")
        )


def _ill_formed(content: bytes, product: bytes) -> str:
    """The zip of a bilan: its names, and its XML where the mutant's was well-formed."""
    with zipfile.ZipFile(BytesIO(content)) as former, zipfile.ZipFile(BytesIO(product)) as archive:
        names = archive.namelist()
        if len({name.casefold() for name in names}) < len(names):
            return "two names that differ by their case"
        kept = {item.filename: item.CRC for item in former.infolist()}
        for item in archive.infolist():
            rewritten = kept.get(item.filename) != item.CRC and item.filename.endswith((".xml", ".rels"))
            if rewritten and not _parses(archive.read(item)):
                return f"{item.filename} does not parse"
    return ""


def _changed(before: Donnees, after: Donnees) -> str:
    """What the operator typed that reads otherwise."""
    if dict(before.operation.valeurs()) != dict(after.operation.valeurs()):
        return "the form reads otherwise"
    for table, rows in before.tables.items():
        typed = [champ.nom for champ in TABLES[table].champs.values() if not champ.calcule]
        one, other = ([[getattr(row, nom) for nom in typed] for row in found] for found in (rows, after.rows(table)))
        if one != other:
            return f"{table} reads otherwise"
    return ""


def _facts(donnees: Donnees) -> Found:
    return {(fait.code, fait.cell.feuille, fait.cell.adresse) for fait in donnees.faits}


def _sentence(outcome: Outcome, words: str) -> Verdict:
    """A refusal must be one French sentence, without a traceback or the name of an exception."""
    odd = re.search(r"[\x00-\x1f]|Error|Exception|Traceback|\{|\}", words)
    good = not odd and words[:1] in {"«", words[:1].upper()} and words.endswith(".")
    return Verdict(outcome if good else Outcome.SENTENCE, words.partition(" » ")[2] if good else words)


@contextmanager
def bounded() -> Iterator[None]:
    """Some seconds of processor time, where the system counts it."""
    if not hasattr(signal, "ITIMER_PROF"):
        yield
        return
    former = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def _too_long(*_: object) -> None:
    raise _Hang


def _parses(part: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(part, True)
    except expat.ExpatError:
        return False
    return True


def _ours(content: bytes) -> Sheets:
    book = feuilles(reconnaitre(content))
    return {
        sheet: {
            (row, column): value
            for row, cells in enumerate(book.rows(sheet), 1)
            for column, value in enumerate(cells, 1)
            if value not in ("", None)
        }
        for sheet in book.noms
        if sheet in _SHEETS and sheet in book.cellules
    }


def _by_openpyxl(content: bytes) -> Sheets | None:
    """What it reads, ``None`` where it fails, in whatever way it does."""
    if not content.startswith(b"PK"):
        return None
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        return {sheet: _cells(book[sheet]) for sheet in book.sheetnames if sheet in _SHEETS}
    except Exception:  # noqa: BLE001 - it has many ways to fail
        return None


def _strict(content: bytes) -> bool:
    """Whether some part is in the strict flavour, of which openpyxl reads nothing."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return any(b"purl.oclc.org/ooxml/spreadsheetml" in archive.read(name) for name in archive.namelist())


def _cells(sheet: Any) -> dict[tuple[int, int], Any]:
    sheet.reset_dimensions()
    return {(cell.row, cell.column): cell.value for row in sheet.rows for cell in row if cell.value is not None}


def same(one: Any, other: Any) -> bool:
    one, other = _plain(one), _plain(other)
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1)
    return bool(one == other)


def _plain(value: Any) -> Any:
    """Numbers and moments as numbers, texts without their blanks."""
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, dt.datetime):
        return round((value.replace(tzinfo=None) - _EPOCH).total_seconds() / 86400, 5)
    if isinstance(value, dt.date):
        return float((value - _EPOCH.date()).days)
    if isinstance(value, dt.timedelta):
        return round(value.total_seconds() / 86400, 5)
    if isinstance(value, dt.time):
        return round((value.hour * 3600 + value.minute * 60 + value.second) / 86400, 5)
    return _BLANKS.sub(" ", str(value)).strip() or None if value is not None else None
