"""Workbooks of version 1, as they were handed out before the calls asked for more: read without a fault for that."""

import datetime as dt
from pathlib import Path

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier

SAMPLES = sorted((Path(__file__).parent / "workbooks" / "version-1").glob("*.xlsx"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_workbook_of_version_1_lacks_nothing_that_it_could_have(sample: Path, catalogue: Catalogue) -> None:
    found = [item.code for item in Dossier.lire(sample, catalogue, dt.date(2026, 1, 15)).anomalies]
    assert found.count("F22") == 1
    assert not {"F01", "F02", "F16"} & set(found)
