"""Whole dossiers, cell by cell: nothing that an operator or an officer sees changes without being looked at."""

import difflib

import pytest
from golden_files import FILES, FOLDER, text


def test_there_is_no_other_file() -> None:
    assert {path.name for path in FOLDER.iterdir()} == FILES.keys()


@pytest.mark.parametrize("nom", FILES)
def test_what_is_seen_of_whole_dossiers(nom: str) -> None:
    kept, found = (FOLDER / nom).read_text(encoding="utf-8"), text(nom)
    changed = difflib.unified_diff(kept.splitlines(), found.splitlines(), "kept", "found", lineterm="", n=0)
    assert kept == found, "\n".join([*changed, "if this is wanted: python tests/golden_files.py"])
