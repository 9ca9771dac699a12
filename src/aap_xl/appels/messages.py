"""Pydantic's problems, worded in French for whoever edits a call's file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "clé absente.",
    "unexpected_keyword_argument": "clé inconnue.",
    "extra_forbidden": "clé inconnue.",
    "enum": "valeur inconnue : {input!r} (attendu : {expected}).",
    "date_type": "date attendue, par exemple 2025-01-15 ; lu : {input!r}.",
    "date_from_datetime_parsing": "date attendue, par exemple 2025-01-15 ; lu : {input!r}.",
    "decimal_type": "nombre attendu ; lu : {input!r}.",
    "decimal_parsing": "nombre attendu ; lu : {input!r}.",
    "int_type": "nombre entier attendu ; lu : {input!r}.",
    "int_parsing": "nombre entier attendu ; lu : {input!r}.",
    "int_from_float": "nombre entier attendu ; lu : {input!r}.",
    "string_type": "texte attendu ; lu : {input!r}.",
    "bool_type": "true ou false attendu ; lu : {input!r}.",
    "bool_parsing": "true ou false attendu ; lu : {input!r}.",
    "tuple_type": "liste attendue ; lu : {input!r}.",
    "mapping_type": "table attendue ; lu : {input!r}.",
    "dataclass_type": "table attendue ; lu : {input!r}.",
}


def en_francais(problem: "ErrorDetails") -> str:
    """``depots.0.depot_du : date attendue…``."""
    key = ".".join(str(part) for part in problem["loc"])
    words = _WORDS.get(problem["type"], f"{problem['msg']} ; lu : {{input!r}}.")
    expected = problem.get("ctx", {}).get("expected", "")
    return f"{key} : {words.format(input=problem['input'], expected=str(expected).replace(' or ', ' ou '))}"
