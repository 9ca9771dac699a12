"""The JSON schema of a call's file, for editors (Taplo, VS Code's « Even Better TOML »): made from the model itself.

A file that starts from another says only what differs: nothing is required of it, and `retire` may stand in any table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aap_xl.appels.model import Appel, Worded, declarer
from aap_xl.rows import TABLES, Operation

Schema = dict[str, Any]
"""A part of a JSON schema."""
_RETIRE = {
    "type": "array",
    "items": {"type": "string"},
    "title": "Retiré",
    "description": "Ce que cet appel ne reprend pas du fichier dont il part, par exemple « P04 » ou « mds.ternois ».",
}
_MARQUES: dict[str, object] = {
    "base": {
        "type": "string",
        "title": "Part de",
        "description": "Le nom, sans « .toml », du fichier dont cet appel reprend tout ce qu'il ne dit pas lui-même.",
    },
    "commun": {
        "const": True,
        "title": "Fichier commun",
        "description": "Ce fichier n'est pas un appel : d'autres en partent.",
    },
}


def schema(regles: Mapping[str, str]) -> dict[str, object]:
    """The schema. ``regles``: the code of each rule → what it is called."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - some hundred ms, only for a schema

    declarer()
    found = TypeAdapter(Appel).json_schema()
    parts = found.pop("$defs")
    required = found["required"]
    for part in (found, *parts.values()):
        _partial(part)
    words = {kind.__name__: kind for kind in Worded.__subclasses__()}
    for name, part in parts.items():
        if name in words:
            part["x-taplo"] = {"docs": {"enumValues": [member.libelle for member in words[name]]}}
    for node in _nodes([found, parts]):
        _plain(node)
    found["properties"] = _MARQUES | found["properties"]
    found["properties"]["regles"]["properties"] |= {
        code: {"allOf": [{"$ref": "#/$defs/ReglageRegle"}], "title": f"{code} : {titre}"}
        for code, titre in regles.items()
    }
    parts["Classeur"]["properties"]["operation"]["items"] = _columns(Operation)
    parts["Classeur"]["properties"]["tables"]["properties"] |= {
        nom: _sheet(parts["Feuille"], row) for nom, row in TABLES.items()
    }
    return {
        **found,
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Un appel à projets d'aap-xl",
        "if": {"not": {"anyOf": [{"required": ["base"]}, {"required": ["commun"]}]}},
        "then": {"required": required},
        "$defs": parts,
    }


def _partial(part: Schema) -> None:
    """A table that may be said in part; pydantic takes its description from a docstring, which is not for operators."""
    part.pop("required", None)
    part.pop("description", None)
    if "properties" in part:
        part["properties"]["retire"] = _RETIRE


def _nodes(node: object) -> Iterator[dict[str, object]]:
    """Every object inside."""
    if isinstance(node, dict):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(item)


def _plain(node: Schema) -> None:
    """A decimal is a number only, an absent value is left out (TOML has no null), a default is not shown as one."""
    kinds = node.get("anyOf")
    if isinstance(kinds, list):
        number = any(kind.get("type") == "number" for kind in kinds)
        left = [k for k in kinds if k.get("type") != "null" and not (number and k.get("type") == "string")]
        if len(left) == 1:
            node.update({key: value for key, value in left[0].items() if key not in node})
            del node["anyOf"]
        else:
            node["anyOf"] = left
    if node.get("default", 0) is None:
        del node["default"]
    if "$ref" in node and len(node) > 1:  # beside a reference, an older editor reads nothing
        node["allOf"] = [{"$ref": node.pop("$ref")}]
    if isinstance(node.get("additionalProperties"), dict):
        node.setdefault("properties", {})["retire"] = _RETIRE


def _columns(row: Any) -> Schema:
    """The columns of a sheet, and any other: a call may have its own."""
    titles = [champ.entete for champ in row.champs.values()]
    known = {"enum": list(row.champs), "x-taplo": {"docs": {"enumValues": titles}}}
    return {"anyOf": [known, {"type": "string", "pattern": "^[a-z0-9_]+$"}]}


def _sheet(part: Schema, row: Any) -> dict[str, object]:
    own = {"items": _columns(row), "type": "array", "title": "Colonnes"}
    return {**part, "title": f"Feuille {row.feuille}", "properties": {**part["properties"], "colonnes": own}}
