"""What each rule checks, how to correct and who can lift it, in French: data beside the rules.

``explications.toml`` is written by hand; ``exemples.json`` is made of the cases of the tests by
``python tests/explications.py``, so that an installed package, which has no tests, shows them too.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aap_xl.anomalies import RULES
from aap_xl.records import record

DOSSIER = Path(__file__).parent
EXEMPLES = "exemples.json"


@record
class Exemple:
    """A case: the call, its name, what was typed, what is said of it (nothing when it is let through)."""

    appel: str
    nom: str
    saisies: tuple[str, ...] = ()
    dit: tuple[str, ...] = ()


@record
class Explication:
    """A rule in words. ``leve``: who can lift it, a code of the file's ``[leve]``; ``corriger``: "" if messages do."""

    titre: str
    quoi: str
    leve: str
    corriger: str = ""


@record
class Exemples:
    """A failing case, a passing one, and the remedies that the messages of all the failing cases name."""

    defaut: Exemple
    admis: Exemple
    remedes: tuple[str, ...]


@cache
def _fichier() -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - only to explain

    return tomllib.loads((DOSSIER / "explications.toml").read_text(encoding="utf-8"))


def mots(table: str) -> Mapping[str, str]:
    """One of the file's small tables: ``familles`` (by first letter), ``gravites``, ``leve``."""
    words: Mapping[str, str] = _fichier()[table]
    return words


@cache
def explications() -> Mapping[str, Explication]:
    """Every rule's explanation, by code, family by family."""
    found = {code: Explication(**_fichier()[code]) for code in _fichier() if code in RULES}
    rangs = {lettre: rang for rang, lettre in enumerate(mots("familles"))}
    return {code: found[code] for code in sorted(found, key=lambda code: (rangs[code[0]], code))}


@cache
def exemples() -> Mapping[str, Exemples]:
    """Every rule's cases, by code."""
    import json  # noqa: PLC0415 - only to explain

    kept = json.loads((DOSSIER / EXEMPLES).read_text(encoding="utf-8"))
    return {
        code: Exemples(_exemple(item["defaut"]), _exemple(item["admis"]), tuple(item["remedes"]))
        for code, item in kept.items()
    }


def _exemple(item: Mapping[str, Any]) -> Exemple:
    return Exemple(item["appel"], item["nom"], tuple(item["saisies"]), tuple(item["dit"]))
