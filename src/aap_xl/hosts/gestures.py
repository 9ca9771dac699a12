"""What to do to an open workbook, as data: a closed set of gestures that every host replays in its own language.

Rows and columns count from 1, widths are in characters, heights in points, colours RRGGBB. A list is as long for 300
rows as for 20: rows are in the values, and in the zones of a gesture, never in the number of gestures.

As JSON a gesture is an object, its class under ``gesture`` and its fields beside; a zone is a list of four numbers, a
date ``{"date": "2025-03-01"}``, a link ``{"link": "Participants!K7", "text": "K7"}``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, TypeVar, get_args

from aap_xl.cells import Zone

VERSION = 1
"""Of the set: a host of another one is not obeyed."""
Property = Literal[
    "font", "size", "color", "bold", "italic", "underline", "fill", "number_format", "wrap", "horizontal", "vertical",
    "indent",
]  # fmt: skip
"""What a look sets: ``horizontal`` is left, center or right, ``vertical`` top or center; an indent is in characters,
from the left where there is no ``horizontal``."""
Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that shows a text and leads to a place of the workbook. ``target``: as ``'Coût'!B2``."""

    target: str
    text: str


Value = Scalar | date | Link
"""A text is one, whatever it begins with; ``None`` leaves the cell blank."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing to do to a sheet, or to what the sentence says."""


@dataclass(frozen=True, slots=True)
class OnSheet(Gesture):
    """One thing to do to a sheet, which is named."""

    sheet: str


@dataclass(frozen=True, slots=True)
class Add(OnSheet):
    """Add a sheet at the end."""


@dataclass(frozen=True, slots=True)
class Clear(OnSheet):
    """Take everything out of the columns up to the ``last``: contents, looks, merged cells, conditional formats."""

    last: int


@dataclass(frozen=True, slots=True)
class Values(OnSheet):
    """Write a rectangle of values, which none of its texts may change: « 7/19 » is no date."""

    row: int
    column: int
    values: Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Formula(OnSheet):
    """Write one formula down a column. ``formula``: as in an .xlsx file, with its « = »."""

    row: int
    column: int
    count: int
    formula: str


@dataclass(frozen=True, slots=True)
class Look(OnSheet):
    """Set one property of how cells look."""

    zones: Sequence[Zone]
    name: Property
    value: Scalar


@dataclass(frozen=True, slots=True)
class Border(OnSheet):
    """Draw thin borders on some sides of each cell. ``sides``: left, right, top, bottom."""

    zones: Sequence[Zone]
    color: str
    sides: Sequence[str]


@dataclass(frozen=True, slots=True)
class Merge(OnSheet):
    """Merge the cells of each row of each zone."""

    zones: Sequence[Zone]


@dataclass(frozen=True, slots=True)
class Width(OnSheet):
    """Set how wide columns are. ``columns``: first and last of each run."""

    columns: Sequence[tuple[int, int]]
    width: float


@dataclass(frozen=True, slots=True)
class Height(OnSheet):
    """Set how tall rows are. ``rows``: first and last of each run."""

    rows: Sequence[tuple[int, int]]
    height: float


@dataclass(frozen=True, slots=True)
class Fit(OnSheet):
    """Make neighbouring rows as tall as their texts, wrapped, from ``row`` on, in the columns up to the ``last``.

    Attributes: heights: what each takes; a host that finds it in one call, by its own fonts, may.
    """

    row: int
    last: int
    heights: Sequence[float]


@dataclass(frozen=True, slots=True)
class ConditionalFormat(OnSheet):
    """Give a ground and an ink to the cells of a zone that hold a text."""

    zone: Zone
    text: str
    fill: str
    color: str


@dataclass(frozen=True, slots=True)
class Unmark(OnSheet):
    """Take away every mark that `Mark` put."""


@dataclass(frozen=True, slots=True)
class Mark(OnSheet):
    """Mark cells by a conditional format that is always true, whose formula, ``LEN("aap_xl:…")>0``, tells ours."""

    zones: Sequence[Zone]
    formula: str
    fill: str
    color: str


@dataclass(frozen=True, slots=True)
class Print(OnSheet):
    """Break printed pages after rows, at a scale in percents."""

    breaks: Sequence[int]
    scale: int


@dataclass(frozen=True, slots=True)
class Protect(OnSheet):
    """Lift a protection without password, or give it back as the template has it: widths and heights may change."""

    on: bool


@dataclass(frozen=True, slots=True)
class Calculate(Gesture):
    """Compute the formulas."""


@dataclass(frozen=True, slots=True)
class Show(OnSheet):
    """Bring a sheet to the front, unless somebody hid it."""


@dataclass(frozen=True, slots=True)
class Say(Gesture):
    """Show a message, in French. ``failed``: it says why nothing was done."""

    message: str
    failed: bool = False


_SET: Sequence[type[Gesture]] = (
    Add, Clear, Values, Formula, Look, Border, Merge, Width, Height, Fit, ConditionalFormat, Unmark, Mark, Print,
    Protect, Calculate, Show, Say,
)  # fmt: skip
KINDS = {kind.__name__: kind for kind in _SET}
"""Every gesture there is, by its name."""
_Item = TypeVar("_Item")


def to_json(gestures: Iterable[Gesture]) -> list[dict[str, object]]:
    """Gestures as JSON has them."""
    return [
        {"gesture": type(item).__name__} | {field.name: _out(getattr(item, field.name)) for field in fields(item)}
        for item in gestures
    ]


def _out(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_out(item) for item in value]
    if isinstance(value, date):
        return {"date": f"{value:%Y-%m-%d}"}
    return {"link": value.target, "text": value.text} if isinstance(value, Link) else value


def from_json(items: object) -> list[Gesture]:
    """The same, back.

    Raises: ValueError for anything that is not a list of gestures of this version.
    """
    return [_gesture(item) for item in _list(items)]


def _gesture(item: object) -> Gesture:
    if not isinstance(item, Mapping):
        raise ValueError(item)
    kind = KINDS.get(str(item.get("gesture")))
    if kind is None or item.keys() - {"gesture"} != {field.name for field in fields(kind)}:
        raise ValueError(item.get("gesture"))
    return kind(**{name: _READ[name](value) for name, value in item.items() if name != "gesture"})


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(type(value))
    return value


def _of(*kinds: type[_Item]) -> Callable[[object], _Item]:
    """A reader of one value of these very types."""

    def read(value: object) -> _Item:
        if type(value) not in kinds:
            raise ValueError(type(value))
        return value  # type: ignore[return-value]  # its type was just looked at

    return read


_whole, _text, _number = _of(int), _of(str), _of(int, float)


def _each(read: Callable[[object], _Item], count: int | None = None) -> Callable[[object], tuple[_Item, ...]]:
    """A reader of a list of values, of that many of them if it is given."""

    def all_of(value: object) -> tuple[_Item, ...]:
        found = tuple(read(item) for item in _list(value))
        if count not in (None, len(found)):
            raise ValueError(len(found))
        return found

    return all_of


def _value(value: object) -> Value:
    if isinstance(value, Mapping):
        if value.keys() == {"date"}:
            return date.fromisoformat(_text(value["date"]))
        if value.keys() == {"link", "text"}:
            return Link(_text(value["link"]), _text(value["text"]))
    return _of(str, int, float, bool, type(None))(value)


def _property(value: object) -> object:
    if value not in get_args(Property):
        raise ValueError(value)
    return value


_pairs, _zone = _each(_each(_whole, 2)), _each(_whole, 4)
_READ: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys(("sheet", "formula", "color", "text", "fill", "message"), _text),
    **dict.fromkeys(("row", "column", "count", "last", "scale"), _whole),
    **dict.fromkeys(("on", "failed"), _of(bool)),
    **dict.fromkeys(("width", "height"), _number),
    "rows": _pairs,
    "columns": _pairs,
    "heights": _each(_number),
    "breaks": _each(_whole),
    "sides": _each(_text),
    "zone": _zone,
    "zones": _each(_zone),
    "values": _each(_each(_value)),
    "name": _property,
    "value": _of(str, int, float, bool, type(None)),
}
"""How each field is read, one meaning to a name."""
