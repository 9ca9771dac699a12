"""Files of other projects read by us and by other readers, sheet by sheet, cell by cell; nothing of them is kept here.

By hand: ``python tests/fuzz/differential.py FOLDER…`` (xlrd and pyxlsb are asked where they are installed). It reads
below the check « is it our workbook », and prints, for each folder, how many files agree with every reader that opens
them, which differ, which are refused and why, and whether anything failed.
"""

import argparse
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import openpyxl
import python_calamine

from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.opening import feuilles
from fuzz.judge import bounded, same

_KINDS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods")
_SHOWN = 3
_IN_ERROR = "#"
"""A cell in error, whatever the error; calamine shows nothing there."""
_ERROR = re.compile(r"#[A-Z0/]{2,}[!?]?|0x[0-9a-f]{1,2}")
Cells = dict[tuple[int, int], Any]
Sheets = dict[str, Cells]


def ours(content: bytes) -> Sheets:
    """Every sheet as we read it."""
    book = feuilles(reconnaitre(content))
    return {
        sheet: _filled(enumerate(book.rows(sheet), 1)) | dict.fromkeys(book.marks(sheet).erreurs, _IN_ERROR)
        for sheet in book.noms
        if sheet in book.cellules
    }


def _filled(rows: Any) -> Cells:
    return {
        (row, column): _IN_ERROR if _ERROR.fullmatch(str(value)) else value
        for row, cells in rows
        for column, value in enumerate(cells, 1)
        if value is not None and str(value).strip()
    }


def by_openpyxl(content: bytes) -> Sheets:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    found = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        found[sheet.title] = {
            (cell.row, cell.column): _IN_ERROR if _ERROR.fullmatch(str(cell.value)) else cell.value
            for row in sheet.rows
            for cell in row
            if cell.value is not None and str(cell.value).strip()
        }
    return found


def by_calamine(content: bytes) -> Sheets:
    book = python_calamine.CalamineWorkbook.from_object(BytesIO(content))
    return {
        name: _filled(enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1))
        for name in book.sheet_names
    }


def by_xlrd(content: bytes) -> Sheets:
    xlrd = import_module("xlrd")
    book = xlrd.open_workbook(file_contents=content, logfile=StringIO())

    def value(cell: Any) -> Any:
        if cell.ctype == xlrd.XL_CELL_DATE:
            with suppress(ValueError, OverflowError):
                return xlrd.xldate_as_datetime(cell.value, book.datemode)
        return xlrd.error_text_from_code.get(cell.value) if cell.ctype == xlrd.XL_CELL_ERROR else cell.value

    return {
        sheet.name: _filled((row + 1, map(value, sheet.row(row))) for row in range(sheet.nrows))
        for sheet in book.sheets()
    }


def by_pyxlsb(content: bytes) -> Sheets:
    book = import_module("pyxlsb").open_workbook(BytesIO(content))
    return {
        name: {
            (cell.r + 1, cell.c + 1): cell.v
            for row in book.get_sheet(name).rows(sparse=True)
            for cell in row
            if cell.v is not None and str(cell.v).strip()
        }
        for name in book.sheets
    }


READERS: dict[str, tuple[Callable[[bytes], Sheets], ...]] = {
    ".xls": (by_xlrd, by_calamine),
    ".xlsb": (by_pyxlsb, by_calamine),
    ".ods": (by_calamine,),
}
"""Of .xlsx and its sisters, the other readers are openpyxl and calamine."""


def compare(path: Path) -> Iterator[tuple[str, str]]:
    """What one file gives: an outcome, and a few words on it."""
    content = path.read_bytes()
    try:
        with bounded():
            found = ours(content)
    except FichierRefuse as error:
        yield "refused", error.refusal.cause
        return
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        yield "FAILED", f"{type(error).__name__}: {error}"
        return
    for reader in READERS.get(path.suffix.lower(), (by_openpyxl, by_calamine)):
        try:
            with bounded():
                theirs = reader(content)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            yield f"not read by {reader.__name__[3:]}", type(error).__name__
            continue
        wrong = list(_differences(found, theirs))
        yield (f"differs from {reader.__name__[3:]}" if wrong else "same"), "; ".join(wrong[:_SHOWN])


def _differences(found: Sheets, theirs: Sheets) -> Iterator[str]:
    for sheet in theirs.keys() & found.keys():
        here, there = found[sheet], theirs[sheet]
        for place in sorted(here.keys() | there.keys()):
            blank = place not in there and here.get(place) == _IN_ERROR
            if not blank and not same(here.get(place), there.get(place)):
                yield f"{sheet}!R{place[0]}C{place[1]}: {here.get(place)!r:.60} / {there.get(place)!r:.60}"


def main() -> None:
    """Compare every file of some folders."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    for folder in parser.parse_args().folders:
        counts: Counter[str] = Counter()
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in _KINDS and path.is_file():
                for outcome, words in compare(path):
                    counts[outcome] += 1
                    if outcome != "same":
                        with suppress(UnicodeEncodeError):
                            print(f"{outcome}\t{path.relative_to(folder)}\t{words}", flush=True)
        print(folder.name, dict(counts), flush=True)


if __name__ == "__main__":
    main()
