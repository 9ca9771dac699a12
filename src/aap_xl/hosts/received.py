"""A snapshot as JSON has it: what a host sends of an open workbook, checked and bounded first."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeVar

from aap_xl.cells import Zone
from aap_xl.hosts.snapshot import Snapshot
from aap_xl.hosts.values import ERREUR, ERREURS, simple
from aap_xl.workbook.reading.files.refusals import named
from aap_xl.workbook.reading.identity import of_ours
from aap_xl.workbook.reading.marks import Place
from aap_xl.workbook.reading.sheets import (
    AREAS_MAX,
    COVERED_MAX,
    MERGES_MAX,
    NOTES_MAX,
    Rows,
    check_extent,
    sheet_too_large,
    too_many,
)
from aap_xl.workbook.reading.xlsx.formats import Shown, as_shown

_Item = TypeVar("_Item")
_SCALARS = (str, float, int, bool, type(None))


class Malformed(Exception):
    """What a host sent is not what was agreed; the message says where."""


@dataclass(frozen=True)
class _Sheet:
    """One sheet, as plain data."""

    rows: Rows
    errors: Mapping[Place, str]
    formulas: Mapping[Place, str]
    merges: Sequence[Zone]
    hidden: Set[int]
    tables: Sequence[tuple[Zone, bool]]
    notes: Sequence[tuple[Place, str]]
    locked: bool


def received(data: object) -> Snapshot:
    """A workbook (its shape stands at the head of `hosts.server`).

    Raises: Malformed; FichierRefuse if it is too large to be read.
    """
    book = _object(data, "workbook")
    nom = _text(book, "name")
    since_1904 = _get(book, "since1904", bool, False)
    sheets: dict[str, _Sheet] = {}
    area = 0
    with named(nom):
        for item in _list(book, "sheets"):
            sheet = _object(item, "sheets")
            feuille = _text(sheet, "name")
            sheets[feuille] = _sheet(feuille, sheet, since_1904)
            area += _area(sheets[feuille].rows)
            if area > AREAS_MAX:
                raise sheet_too_large(feuille, *_extent(sheets[feuille].rows))
    names = _texts(book, "names")
    properties = of_ours(_texts(book, "properties")) if "properties" in book else None
    path = _get(book, "path", str, "")
    return Snapshot(nom, path, sheets, lambda: names, depuis_1904=since_1904, proprietes=properties)


def _sheet(nom: str, data: Mapping[str, Any], since_1904: bool) -> _Sheet:
    first, left = _get(data, "row", int, 1), _get(data, "column", int, 1)
    values = [_cells(row) for row in _list(data, "values")]
    width = max(map(len, values), default=0)
    if first < 1 or left < 1:
        raise Malformed("row, column")
    check_extent(nom, first - 1 + len(values), left - 1 + width)
    blank = [""] * (left - 1)
    rows: Rows = [[""] * (left - 1 + width) for _ in range(first - 1)]
    rows += [[*blank, *map(simple, row), *[""] * (width - len(row))] for row in values]
    _show(nom, rows, _list(data, "shown", ()), since_1904)
    errors = {}
    for row, column, text in _tuples(data, "errors", int, int, str):
        if 0 < row <= len(rows) and 0 < column <= len(rows[0]):
            errors[row, column] = text if text in ERREURS else ERREUR
            rows[row - 1][column - 1] = ""
    return _Sheet(
        rows,
        errors,
        _formulas(data, first, left),
        _bounded(nom, [_zone(item) for item in _list(data, "merges", ())], MERGES_MAX, "plages fusionnées"),
        {
            row
            for first, last in _tuples(data, "hidden", int, int)
            for row in range(max(first, 1), min(last, len(rows)) + 1)
        },
        [(_zone(zone), total) for zone, total in _tuples(data, "tables", list, bool)],
        _bounded(
            nom,
            [((max(row, 1), max(column, 1)), text) for row, column, text in _tuples(data, "notes", int, int, str)],
            NOTES_MAX,
            "commentaires",
        ),
        _get(data, "locked", bool, False),
    )


def _formulas(data: Mapping[str, Any], first: int, left: int) -> dict[Place, str]:
    return {
        (line, column): text
        for line, row in enumerate(_list(data, "formulas", ()), first)
        for column, text in enumerate(_cells(row), left)
        if isinstance(text, str) and text.startswith("=")
    }


def _show(nom: str, rows: Rows, shown: Sequence[object], since_1904: bool) -> None:
    """Numbers → the dates, durations or truths that their formats show."""
    covered = 0
    for item in shown:
        kind, zones = _pair(item, str, list)
        make = _KINDS.get(kind)
        if make is None:
            raise Malformed(f"shown : {kind}")
        for top, left, bottom, right in map(_zone, zones):
            lines = rows[top - 1 : bottom]
            covered += len(lines) * (min(right, len(lines[0])) - left + 1) if lines else 0
            if covered > COVERED_MAX:
                raise too_many(nom, COVERED_MAX, "cellules d'un format de date")
            for line in lines:
                for rank in range(left - 1, min(right, len(line))):
                    value = line[rank]
                    if type(value) is float:
                        line[rank] = make(value, since_1904)


_KINDS: Mapping[str, Callable[[float, bool], object]] = {
    "date": lambda value, since: as_shown(value, Shown.DATE, depuis_1904=since),
    "duration": lambda value, since: as_shown(value, Shown.DURATION, depuis_1904=since),
    "boolean": lambda value, _: bool(value),
}
"""What a format shows, and what a number becomes: a date, a moment or a time of day; a duration; true or false."""


def _area(rows: Rows) -> int:
    lines, width = _extent(rows)
    return lines * width


def _extent(rows: Rows) -> tuple[int, int]:
    return len(rows), len(rows[0]) if rows else 0


def _bounded(nom: str, found: list[_Item], maximum: int, what: str) -> list[_Item]:
    if len(found) > maximum:
        raise too_many(nom, maximum, what)
    return found


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(what)
    return value


def _get(data: Mapping[str, Any], key: str, kind: type[_Item], default: _Item) -> _Item:
    value = data.get(key, default)
    if type(value) is not kind:
        raise Malformed(key)
    return value


def _text(data: Mapping[str, Any], key: str) -> str:
    if key not in data:
        raise Malformed(key)
    return _get(data, key, str, "")


def _texts(data: Mapping[str, Any], key: str) -> dict[str, str]:
    found = _object(data.get(key, {}), key)
    if not all(isinstance(text, str) for text in found.values()):
        raise Malformed(key)
    return dict(found)


def _list(data: Mapping[str, Any], key: str, default: Sequence[object] | None = None) -> Sequence[object]:
    value = data.get(key, default)
    if not isinstance(value, (list, tuple)):
        raise Malformed(key)
    return value


def _cells(row: object) -> list[object]:
    if not isinstance(row, list) or not all(type(cell) in _SCALARS for cell in row):
        raise Malformed("values")
    return row


def _tuples(data: Mapping[str, Any], key: str, *kinds: type) -> Iterator[tuple[Any, ...]]:
    for item in _list(data, key, ()):
        if not isinstance(item, list) or tuple(map(type, item)) != kinds:
            raise Malformed(key)
        yield tuple(item)


def _pair(item: object, *kinds: type) -> tuple[Any, ...]:
    return next(_tuples({"shown": [item]}, "shown", *kinds))


def _zone(value: object) -> Zone:
    if not isinstance(value, list) or [type(bound) for bound in value] != [int] * 4:
        raise Malformed("zone")
    top, left, bottom, right = value
    if not (0 < top <= bottom and 0 < left <= right):
        raise Malformed("zone")
    return top, left, bottom, right
