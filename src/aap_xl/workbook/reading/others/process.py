"""The records of an .xls or .xlsb read in a process of its own, within bounds of memory and time.

There, `main`: the file comes in, what it says goes out, pickled.
"""

import json
import pickle
import sys
from collections.abc import Mapping

from aap_xl import children
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, beyond
from aap_xl.workbook.reading.others.records import Protege, RecordsBook

MEMORY_MAX = 768 * 2**20
"""Bytes."""
SECONDS_MAX = 20
_PROTECTED, _DAMAGED, _EXCESS, _FULL = 3, 4, 5, 6


def read(given: bytes | Mapping[str, bytes]) -> RecordsBook:
    """Every sheet of an .xls or .xlsb.

    Args:   given: the file, or its parts by name.
    Raises: FichierRefuse if the file can't be read within the limits.
    """
    limits = children.Limits(MEMORY_MAX, SECONDS_MAX)
    try:
        done = children.run(__name__, limits=limits, patience=SECONDS_MAX, content=pickle.dumps(given))
    except TimeoutError:
        raise FichierRefuse(Cause.KILLED) from None
    if done.returncode == _PROTECTED:
        raise FichierRefuse(Cause.ENCRYPTED)
    if done.returncode == _EXCESS:
        raise beyond(Excess(*json.loads(done.stdout)), Cause.EXCESS_ELSEWHERE)
    if done.returncode == _FULL or done.returncode < 0:
        raise FichierRefuse(Cause.KILLED)
    if done.returncode:
        raise FichierRefuse(Cause.DAMAGED)
    found: RecordsBook = pickle.loads(done.stdout)  # noqa: S301 - written by ourselves, below
    return found


def _records(given: bytes | Mapping[str, bytes]) -> RecordsBook:
    """Raises: Protege; Excess; ValueError, LookupError, struct.error or OSError if the file is damaged."""
    if isinstance(given, bytes):
        from aap_xl.workbook.reading.others import xls  # noqa: PLC0415 - one format at a time

        return xls.read(given)
    from aap_xl.workbook.reading.others import xlsb  # noqa: PLC0415

    return xlsb.read(given)


def main() -> None:
    """Read the file on standard input."""
    try:
        found = pickle.dumps(_records(pickle.load(sys.stdin.buffer)), protocol=5)  # noqa: S301 - written by `read`
    except Protege:
        sys.exit(_PROTECTED)
    except Excess as error:
        sys.stdout.buffer.write(json.dumps(error.args).encode())
        sys.exit(_EXCESS)
    except MemoryError:
        sys.exit(_FULL)
    except Exception:  # noqa: BLE001 - whatever a damaged file does
        sys.exit(_DAMAGED)
    sys.stdout.buffer.write(found)
