"""The records of an .xls or .xlsb read in a process of its own, within bounds of memory and time.

There, `main`: the file comes in, what it says goes out, pickled.
"""

import pickle
import sys
from collections.abc import Mapping
from typing import Any

from aap_xl import children
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, beyond
from aap_xl.workbook.reading.others.records import Protege, RecordsBook

MEMORY_MAX = 768 * 2**20
"""Bytes."""
SECONDS_MAX = 20
_READ, _PROTECTED, _DAMAGED, _EXCESS, _FULL = 0, 3, 4, 5, 6


def read(given: bytes | Mapping[str, bytes]) -> RecordsBook:
    """Every sheet of an .xls or .xlsb. In the tab of a browser, which is a process of its own, it is read at once.

    Args:   given: the file, or its parts by name.
    Raises: FichierRefuse if the file can't be read within the limits.
    """
    code, found = _attempt(given) if sys.platform == "emscripten" else _apart(given)
    if code == _PROTECTED:
        raise FichierRefuse(Cause.ENCRYPTED)
    if code == _EXCESS:
        raise beyond(Excess(*found), Cause.EXCESS_ELSEWHERE)
    if code == _FULL or code < 0:
        raise FichierRefuse(Cause.KILLED)
    if code:
        raise FichierRefuse(Cause.DAMAGED)
    book: RecordsBook = found
    return book


def _apart(given: bytes | Mapping[str, bytes]) -> tuple[int, Any]:
    """`_attempt` in a child; a negative code is the signal that ended it. Raises: FichierRefuse if it is too long."""
    limits = children.Limits(MEMORY_MAX, SECONDS_MAX)
    try:
        done = children.run(__name__, limits=limits, patience=SECONDS_MAX, content=pickle.dumps(given))
    except TimeoutError:
        raise FichierRefuse(Cause.KILLED) from None
    told = done.returncode in {_READ, _EXCESS}
    return done.returncode, pickle.loads(done.stdout) if told else None  # noqa: S301 - written by ourselves, below


def _attempt(given: bytes | Mapping[str, bytes]) -> tuple[int, Any]:
    """What came of reading a file, and what was found: its sheets, or by how much they are too many."""
    try:
        return _READ, _records(given)
    except Protege:
        return _PROTECTED, None
    except Excess as error:
        return _EXCESS, error.args
    except MemoryError:
        return _FULL, None
    except Exception:  # noqa: BLE001 - whatever a damaged file does
        return _DAMAGED, None


def _records(given: bytes | Mapping[str, bytes]) -> RecordsBook:
    """Raises: Protege; Excess; ValueError, LookupError, struct.error or OSError if the file is damaged."""
    if isinstance(given, bytes):
        from aap_xl.workbook.reading.others import xls  # noqa: PLC0415 - one format at a time

        return xls.read(given)
    from aap_xl.workbook.reading.others import xlsb  # noqa: PLC0415

    return xlsb.read(given)


def main() -> None:
    """Read the file on standard input."""
    code, found = _attempt(pickle.load(sys.stdin.buffer))  # noqa: S301 - written by `_apart`
    try:
        said = pickle.dumps(found, protocol=5)
    except MemoryError:
        sys.exit(_FULL)
    sys.stdout.buffer.write(said)
    sys.exit(code)
