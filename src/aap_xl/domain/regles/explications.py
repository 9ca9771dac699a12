"""What each rule checks, how to correct and who can lift it, in French: data beside the rules.

``explications.toml`` is written by hand; ``exemples.json`` is made of the cases of the tests by
``python tests/explications.py``, so that an installed package, which has no tests, shows them too.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aap_xl.anomalies import RULES
from aap_xl.appels.model import Appel
from aap_xl.appels.words import dire, vocabulaire
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
    """A rule in words. ``leve``: who can lift it, a code of the file's ``[leve]`` and, once said, its words;
    ``corriger``: "" where messages say it.
    """

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


def dites(appels: Iterable[Appel] = ()) -> Mapping[str, Explication]:
    """Every rule's explanation, in the words of the first of these calls that has the rule, else in the usual ones."""
    appels = list(appels)
    usual = vocabulaire()
    found = {}
    for code, item in explications().items():
        speaker = next((appel.dit for appel in appels if code in appel.regles), lambda texte: dire(texte, usual))
        found[code] = Explication(
            speaker(item.titre), speaker(item.quoi), speaker(mots("leve")[item.leve]), speaker(item.corriger)
        )
    return found


@cache
def explications() -> Mapping[str, Explication]:
    """Every rule's explanation as written, by code, family by family."""
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
