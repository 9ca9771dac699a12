"""What is changed, and the tests that must see it, the quickest and closest first."""

from collections.abc import Iterator
from fnmatch import fnmatch

_DOMAIN = ("test_regles", "test_bilan", "test_budget", "test_sorties", "test_classement", "test_golden")
_DATES = ("test_calendrier", "test_public", "test_activite", "test_regles_robustesse", "test_autre_appel")
_WORDS = ("test_parcours", "test_preuve", "test_outils", "test_mots_du_terrain", "test_propres")
_VALUES = ("test_values", "test_reading", "test_golden")
_CELLS = ("test_cached_cells", "test_growing", "test_writing", "test_roundtrip", "test_computed")

TARGETS: dict[str, tuple[str, ...]] = {
    "domain/siret.py": ("test_siret", "test_regles"),
    "domain/nir.py": ("test_nir", "test_values", "test_regles", "test_renvoi", "test_golden"),
    "domain/nominatif.py": ("test_nominatif", "test_reading"),
    "domain/conventions.py": ("test_versions", "test_nir", "test_consolidation", "test_golden"),
    "domain/facts.py": (*_DOMAIN, "test_values", "test_reading", "test_refusals"),
    "domain/data.py": (*_DOMAIN, *_DATES, "test_synthese"),
    "domain/controle.py": (*_DOMAIN, "test_nir"),
    "domain/solde.py": (*_DOMAIN, "test_preuve", "test_etat_solde", "test_cli"),
    "domain/computed.py": (*_DOMAIN, "test_computed", "test_functions", "test_writing"),
    "domain/syntheses*.py": (*_DOMAIN, *_DATES, "test_preuve", "test_computed", "test_writing"),
    "domain/indicateurs.py": ("test_propres", *_DOMAIN),
    "domain/regles/explications.py": ("test_explications",),
    "domain/regles/fichier.py": ("test_regles", *_VALUES),
    "domain/regles/tools.py": ("test_outils", *_DOMAIN, *_DATES, "test_reading"),
    "domain/*parcours.py": ("test_parcours", *_DOMAIN, *_DATES, "test_preuve", "test_propres"),
    "domain/*": (*_DOMAIN, *_DATES, *_WORDS),
    "euros.py": ("test_budget", "test_values", "test_regles"),
    "workbook/reading/dates.py": _VALUES,
    "workbook/reading/values.py": _VALUES,
    "workbook/reading/numbers.py": _VALUES,
    "workbook/writing/computed.py": _CELLS,
    "workbook/writing/cached_cells.py": _CELLS,
    "workbook/writing/growing.py": _CELLS,
    "consolidation/masking.py": ("test_masquage", "test_synthese", "test_golden"),
    "consolidation/versions.py": ("test_versions", "test_consolidation", "test_golden"),
}
"""Modules of ``src/aap_xl``; the first pattern that fits counts."""
SLOW = {"test_computed", "test_roundtrip"}
"""Tests whose slow ones are run too, but those of LibreOffice."""


def tests_of(module: str) -> tuple[str, ...]:
    """The tests of a module, ``()`` if it is not one of those that are changed."""
    return next((tests for pattern, tests in TARGETS.items() if fnmatch(module, pattern)), ())


def ordered(modules: list[str]) -> Iterator[str]:
    """Those that are changed."""
    return (module for module in sorted(modules) if tests_of(module))
