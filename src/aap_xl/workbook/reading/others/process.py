"""calamine run in a process of its own, for the formats whose counts we don't verify (.xls, .xlsb, .ods).

A few bytes of such a file can ask for terabytes, and a failed allocation ends the process: better that one. The raw
pass over records runs there too, first: it tells the sheets that calamine should not be given.
There, `main`: the file comes in, what it says goes out, pickled.
"""

import io
import pickle
import sys
import zipfile
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

from aap_xl import children
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse
from aap_xl.workbook.reading.others.records import RecordsBook
from aap_xl.workbook.reading.xlsx.formats import as_shown

MEMORY_MAX = 768 * 2**20
"""Bytes."""
SECONDS_MAX = 20
_PROTECTED, _DAMAGED = 3, 4

Valeurs = dict[str, list[list[Any]] | None]
"""Every sheet's values by its name, in order; ``None`` for one without cells."""
Lu = tuple[Valeurs, RecordsBook | None]


def read(octets: bytes, aire: int) -> Lu:
    """Every sheet's values, and what the records of an .xls or .xlsb tell beyond.

    Args:   octets: the file; aire: cells of a sheet beyond which calamine is not run, and no value given.
    Raises: FichierRefuse if the file can't be read within the limits.
    """
    limits = children.Limits(MEMORY_MAX, SECONDS_MAX)
    try:
        done = children.run(__name__, str(aire), limits=limits, patience=SECONDS_MAX, content=octets)
    except TimeoutError:
        raise FichierRefuse(Cause.DAMAGED) from None
    if done.returncode == _PROTECTED:
        raise FichierRefuse(Cause.ENCRYPTED)
    if done.returncode:
        raise FichierRefuse(Cause.DAMAGED)
    found: Lu = pickle.loads(done.stdout)  # noqa: S301 - written by ourselves, below
    return found


def _records(octets: bytes) -> RecordsBook | None:
    """The raw pass. Raises: PasswordError; ValueError, LookupError, struct.error or OSError if the file is damaged."""
    if not octets.startswith(b"PK"):
        from aap_xl.workbook.reading.others import xls  # noqa: PLC0415 - one format at a time

        try:
            return xls.read(octets)
        except xls.Protege:
            raise PasswordError from None
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        names = archive.namelist()
        if "xl/workbook.bin" not in names:
            return None
        from aap_xl.workbook.reading.others import xlsb  # noqa: PLC0415

        return xlsb.read({name: archive.read(name) for name in names})


def _values(octets: bytes) -> Valeurs:
    book = CalamineWorkbook.from_object(io.BytesIO(octets))
    return {
        item.name: book.get_sheet_by_name(item.name).to_python(skip_empty_area=False)
        if item.typ == SheetTypeEnum.WorkSheet
        else None
        for item in book.sheets_metadata
    }


def _read(octets: bytes, aire: int) -> Lu:
    records = _records(octets)
    if records and any(rows * columns > aire for rows, columns in (s.extent for s in records.sheets.values())):
        return {}, records
    values = _values(octets)
    if records:
        _restore_dates(values, records)
    return values, records


def _restore_dates(values: Valeurs, records: RecordsBook) -> None:
    for nom, sheet in records.sheets.items():
        rows = values.get(nom) or []
        for (row, column), kind in sheet.dates.items():
            cells = rows[row - 1] if row <= len(rows) else []
            if column <= len(cells) and isinstance(cells[column - 1], int):
                cells[column - 1] = as_shown(cells[column - 1], kind, depuis_1904=records.depuis_1904)


def main() -> None:
    """Read the file on standard input."""
    try:
        found = _read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except PasswordError:
        sys.exit(_PROTECTED)
    except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
        sys.exit(_DAMAGED)
    sys.stdout.buffer.write(pickle.dumps(found, protocol=5))
