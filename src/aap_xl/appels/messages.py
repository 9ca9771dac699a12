"""Pydantic's problems, worded in French for whoever edits a call's file."""

from decimal import Decimal
from typing import TYPE_CHECKING

from aap_xl.patterns import pattern

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WORDS = {
    "missing": "clé absente.",
    "unexpected_keyword_argument": "clé inconnue.",
    "extra_forbidden": "clé inconnue.",
    "enum": "valeur inconnue : {lu} (attendu : {expected}).",
    "date_type": "date attendue, par exemple 2025-01-15 ; lu : {lu}.",
    "date_from_datetime_inexact": "date sans heure attendue, par exemple 2025-01-15 ; lu : {lu}.",
    "decimal_type": "nombre attendu ; lu : {lu}.",
    "finite_number": "nombre attendu ; lu : {lu}.",
    "int_type": "nombre entier attendu ; lu : {lu}.",
    "bounds": "{lu} n'est pas compris entre {de} et {a}.",
    "double": "« {lu} » est donné deux fois.",
    "string_type": "texte attendu, entre guillemets ; lu : {lu}.",
    "string_pattern_mismatch": "texte attendu, ni vide ni bordé d'espaces ; lu : {lu}.",
    "bool_type": "true ou false attendu ; lu : {lu}.",
    "tuple_type": "liste attendue ; lu : {lu}.",
    "dict_type": "table attendue ; lu : {lu}.",
    "mapping_type": "table attendue ; lu : {lu}.",
    "dataclass_type": "table attendue ; lu : {lu}.",
}

_SLIPS = (
    (r"=\s*(-?\d+),(\d+)", "« {0},{1} » : point, pas virgule ; écrivez {0}.{1}."),
    (r"=\s*(\d{1,2})/(\d{1,2})/(\d{4})", "« {0}/{1}/{2} » : une date s'écrit année-mois-jour, {2}-{1:0>2}-{0:0>2}."),
    (
        r"=\s*(-?\d+(?:\.\d+)?)\s*(%|€)",
        "« {0} {1} » : un nombre s'écrit seul, sans unité ; une part s'écrit sur 1 (0.2 pour 20 %).",
    ),
    (r"=\s*(oui|vrai|True)\b", "« {0} » : écrivez true."),
    (r"=\s*(non|faux|False)\b", "« {0} » : écrivez false."),
    (r"[=\[,]\s*([«“”‘’])", '« {0} » : un texte se met entre guillemets droits, "…".'),
    (r"=\s*([^\W\d]\w*)", '« {0} » : un texte se met entre guillemets droits, "…".'),
)
"""What people write in a TOML file as they would elsewhere, and what to write instead."""
_PLAIN = ("int_type", "decimal_type", "bool_type", "date_type")
"""What TOML writes without quotes."""
_LONGEST = 200


def en_francais(problem: "ErrorDetails") -> str:
    """``depots.0.depot_du : date attendue…``."""
    key = _short(".".join(str(part) for part in problem["loc"]))
    words = _WORDS.get(problem["type"], "cette valeur ne convient pas ; lu : {lu}.")
    context = {"lu": _lu(problem["input"]), "expected": "", **problem.get("ctx", {})}
    context["expected"] = str(context["expected"]).replace(" or ", " ou ")
    return f"{key} : {words.format(**context)}{_hint(problem)}"


def _hint(problem: "ErrorDetails") -> str:
    """What to write instead, where the slip is a usual one."""
    value, kind = problem["input"], problem["type"]
    if kind == "bounds" and problem["ctx"]["a"] == 1 and isinstance(value, Decimal | int) and 1 < value <= 100:
        return f" Une part s'écrit sur 1 : {(Decimal(value) / 100).normalize():f} pour {value} %."
    if kind == "string_pattern_mismatch" and value == value.strip() != "":
        return " Un code s'écrit en minuscules sans accent, chiffres et _."
    if not isinstance(value, str) or kind not in _PLAIN:
        return ""
    plain = value.strip().replace(",", ".")
    if kind != "bool_type" and pattern(r"-?\d+(\.\d+)?").fullmatch(plain):
        return f" Écrivez {plain}, sans guillemets{' et avec un point' if ',' in value else ''}."
    return " Retirez les guillemets." if value in ("true", "false") or kind == "date_type" else ""


def toml_en_francais(texte: str, erreur: ValueError) -> str:
    """What to correct in a file that is not TOML: the place of tomllib's English message, and the slip found there."""
    place = pattern(r"line (\d+), column (\d+)").search(str(erreur))
    if place is None:
        return "relisez la fin."
    line = texte.splitlines()[int(place[1]) - 1 :][:1] or [""]
    where = f"relisez la ligne {place[1]}, colonne {place[2]}"
    if "overwrite" in str(erreur) or "declare" in str(erreur):
        return f"{where} : cette clé est déjà donnée plus haut."
    for slip, words in _SLIPS:
        found = pattern(slip).search(line[0])
        if found:
            return f"{where} : {words.format(*found.groups())}"
    return f"{where}."


def _lu(valeur: object) -> str:
    """A value as the file writes it, near enough to be found there."""
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, (list, tuple, dict)):
        return "une table" if isinstance(valeur, dict) else "une liste"
    return _short(repr(valeur) if isinstance(valeur, str) else str(valeur))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
