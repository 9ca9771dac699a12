"""`bilan` and `consolider` killed for good, again and again, as their campaign by hand does a hundred times."""

import os
from pathlib import Path
from random import Random

import pytest
from fuzz import kills

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kills as Unix does")]


@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "a copy"])
def test_a_killed_bilan_leaves_the_old_file_or_the_new_one(tmp_path: Path, in_place: bool) -> None:
    assert kills.bilans(tmp_path / "dossier", 5, Random(3), in_place=in_place)  # noqa: S311


def test_a_killed_consolidation_goes_on(tmp_path: Path) -> None:
    assert kills.consolidations(tmp_path / "dossier", 5, Random(3))  # noqa: S311
