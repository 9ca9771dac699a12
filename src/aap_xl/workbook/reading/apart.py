"""calamine run in a process of its own, for the formats whose counts we don't verify (.xls, .xlsb, .ods).

A few bytes of such a file can ask for terabytes, and a failed allocation ends the process: better that one.
Run as ``python -m aap_xl.workbook.reading.apart``: the file comes in, its sheets go out, pickled.
"""

import io
import pickle
import subprocess
import sys
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

from aap_xl.workbook.reading.containers import damaged, protected

MEMORY_MAX = 768 * 2**20
"""Address space of the process, where the system can limit it."""
SECONDS_MAX = 20
_PROTECTED, _DAMAGED = 3, 4


Zone = tuple[tuple[int, int], tuple[int, int]]
Lue = tuple[list[list[Any]], list[Zone]]
"""One sheet with cells: its values, its merged ranges (rows and columns from 0; none if the format does not tell)."""


def read(nom: str, octets: bytes) -> dict[str, Lue | None]:
    """Every sheet by name, in order; ``None`` for one without cells.

    Raises: FichierRefuse if calamine can't read it within the limits.
    """
    command = [sys.executable, "-m", "aap_xl.workbook.reading.apart"]
    try:
        done = subprocess.run(command, input=octets, capture_output=True, timeout=SECONDS_MAX, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise damaged(nom) from None
    if done.returncode == _PROTECTED:
        raise protected(nom)
    if done.returncode:
        raise damaged(nom)
    sheets: dict[str, Lue | None] = pickle.loads(done.stdout)  # noqa: S301 - written by ourselves, below
    return sheets


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - absent from Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))


def _sheets(octets: bytes) -> dict[str, Lue | None]:
    book = CalamineWorkbook.from_object(io.BytesIO(octets))
    found: dict[str, Lue | None] = {}
    for item in book.sheets_metadata:
        if item.typ != SheetTypeEnum.WorkSheet:
            found[item.name] = None
            continue
        sheet = book.get_sheet_by_name(item.name)
        found[item.name] = (sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [])
    return found


def main() -> None:
    """Read the file on standard input."""
    _limit_memory()
    try:
        sheets = _sheets(sys.stdin.buffer.read())
    except PasswordError:
        sys.exit(_PROTECTED)
    except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
        sys.exit(_DAMAGED)
    sys.stdout.buffer.write(pickle.dumps(sheets, protocol=5))


if __name__ == "__main__":
    main()
