"""Pydantic's problems, worded in French for whoever edits a call's file."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "clé absente.",
    "unexpected_keyword_argument": "clé inconnue.",
    "extra_forbidden": "clé inconnue.",
    "enum": "valeur inconnue : {lu} (attendu : {expected}).",
    "date_type": "date attendue, par exemple 2025-01-15 ; lu : {lu}.",
    "date_from_datetime_inexact": "date sans heure attendue, par exemple 2025-01-15 ; lu : {lu}.",
    "date_from_datetime_parsing": "date attendue, par exemple 2025-01-15 ; lu : {lu}.",
    "decimal_type": "nombre attendu ; lu : {lu}.",
    "decimal_parsing": "nombre attendu ; lu : {lu}.",
    "finite_number": "nombre attendu ; lu : {lu}.",
    "int_type": "nombre entier attendu ; lu : {lu}.",
    "int_parsing": "nombre entier attendu ; lu : {lu}.",
    "int_from_float": "nombre entier attendu ; lu : {lu}.",
    "string_type": "texte attendu ; lu : {lu}.",
    "bool_type": "true ou false attendu ; lu : {lu}.",
    "bool_parsing": "true ou false attendu ; lu : {lu}.",
    "tuple_type": "liste attendue ; lu : {lu}.",
    "dict_type": "table attendue ; lu : {lu}.",
    "mapping_type": "table attendue ; lu : {lu}.",
    "dataclass_type": "table attendue ; lu : {lu}.",
}


_LONGEST = 200


def en_francais(problem: "ErrorDetails") -> str:
    """``depots.0.depot_du : date attendue…``."""
    key = _short(".".join(str(part) for part in problem["loc"]))
    words = _WORDS.get(problem["type"], "cette valeur ne convient pas ; lu : {lu}.")
    expected = str(problem.get("ctx", {}).get("expected", "")).replace(" or ", " ou ")
    return f"{key} : {words.format(lu=_lu(problem['input']), expected=expected)}"


def _lu(valeur: Any) -> str:
    """A value as the file writes it, near enough to be found there."""
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, (list, tuple, dict)):
        return "une table" if isinstance(valeur, dict) else "une liste"
    return _short(repr(valeur) if isinstance(valeur, str) else str(valeur))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
