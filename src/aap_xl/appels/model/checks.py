"""What a value of a call's file must be, beyond its type: pydantic's schemas made as strict as a person expects.

Pydantic reads ``"3"`` as 3 and ``1`` as true; a call's file does not, since whoever wrote it meant something else.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema

_BOUNDS: dict[str, tuple[int, int]] = {
    "mois": (1, 120),
    "semaines": (1, 520),
    "jours": (1, 3650),
    "ans": (0, 120),
    "places par an": (1, 100_000),
    "h": (0, 168),
    "%": (0, 1),
    "€": (0, 10**9),
}
"""The least and the most that a value of each unit may be; a label narrows them."""
_TEXT = r"^\S([\s\S]*\S)?$"


def checked(schema: Any, bounds: tuple[int, int] | None, unit: str, pattern: str) -> object:
    """A field's schema, strict: no text for a number, nothing blank, doubled or out of measure.

    Args: bounds, unit, pattern: what its label says of the value (`Label.bornes`, `unite`, `motif`).
    """
    kind = schema["type"]
    inner = {"nullable": "schema", "dict": "values_schema"}.get(kind)
    if inner:
        return {**schema, inner: checked(schema[inner], bounds, unit, pattern)}
    if kind == "tuple":
        items = [checked(item, bounds, unit, pattern) for item in schema["items_schema"]]
        return core_schema.no_info_after_validator_function(_no_double, {**schema, "items_schema": items})
    if kind in ("int", "decimal"):
        return _number(schema, *(bounds or _BOUNDS.get(unit, (0, 10**9))))
    if kind == "date":
        return core_schema.no_info_before_validator_function(_day, schema)
    stricter: dict[str, dict[str, object]] = {"str": {"pattern": pattern or _TEXT}, "bool": {"strict": True}}
    return {**schema, **stricter.get(kind, {})}


def _number(schema: Any, least: int, most: int) -> Any:
    """A number as TOML writes it, within its bounds; these are in the schema too, for editors."""
    whole = schema["type"] == "int"

    def read(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | Decimal):
            raise PydanticKnownError("int_type" if whole else "decimal_type")
        if Decimal(value).is_finite() and not least <= value <= most:
            raise PydanticCustomError("bounds", "out of bounds", {"de": least, "a": most})
        return value

    return core_schema.no_info_before_validator_function(read, {**schema, "ge": least, "le": most})


def _day(value: object) -> object:
    if isinstance(value, str | int | Decimal):
        raise PydanticKnownError("date_type")
    return value


def _no_double(values: tuple[object, ...]) -> tuple[object, ...]:
    for value, count in Counter(item for item in values if isinstance(item, str | int)).items():
        if count > 1:
            raise PydanticCustomError("double", "given twice", {"lu": value})
    return values
