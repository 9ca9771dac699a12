"""A JSON schema (draft 7) applied to a value: as much of it as the schema of a call uses."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_TYPES: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, Decimal),
    "string": (str, date),
}


def faults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], key: str = "") -> Iterator[str]:
    """Where a value is not what a schema says."""
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, key)
    for part in schema.get("allOf", ()):
        yield from faults(value, part, root, key)
    yield from _among(value, schema, root, key)
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{key}: not {kind}"
        return
    yield from _plain(value, schema, key)
    if isinstance(value, dict):
        yield from _object(value, schema, root, key)
    if isinstance(value, list):
        for rank, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), root, f"{key}.{rank}")


def _among(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], key: str) -> Iterator[str]:
    if "anyOf" in schema and all(list(faults(value, part, root, key)) for part in schema["anyOf"]):
        yield f"{key}: none of the kinds"
    if "not" in schema and not list(faults(value, schema["not"], root, key)):
        yield f"{key}: should not be"
    if "if" in schema and not list(faults(value, schema["if"], root, key)):
        yield from faults(value, schema["then"], root, key)


def _plain(value: Any, schema: Mapping[str, Any], key: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{key}: {value!r} not listed"
    if "const" in schema and value != schema["const"]:
        yield f"{key}: {value!r} not {schema['const']!r}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{key}: {value!r} does not look right"
    if isinstance(value, int | Decimal) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{key}: out of bounds"


def _object(value: Mapping[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], key: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    yield from (f"{key}.{nom}: missing" for nom in schema.get("required", ()) if nom not in value)
    for nom, item in value.items():
        part = known.get(nom, others)
        if part is False:
            yield f"{key}.{nom}: unknown"
        else:
            yield from faults(item, part, root, f"{key}.{nom}")
