"""A workbook of ours as Excel saves one: read the same, and its bilan written without a fault."""

import io
from pathlib import Path

import openpyxl
import pytest
from comme_excel import enregistrer
from conformite import fautes
from zips import parts

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier

pytestmark = pytest.mark.slow

_CLASSEURS = Path(__file__).parents[1] / "workbooks"
NOTES = {
    "Bilan": {"P3": "vu avec la MDS", "Q9": "=1+1", "P700": "fin", "B900": "=2+2"},
    "Contrôle": {"K2": "=3+3", "C950": "=4+4"},
}
"""What an operator types right of our columns, and far below them."""


@pytest.fixture(scope="module", params=["3.3", "3.7"])
def source_et_excel(request: pytest.FixtureRequest) -> tuple[bytes, bytes]:
    source = (_CLASSEURS / f"2025-{request.param}-exemple.xlsx").read_bytes()
    return source, enregistrer(source, NOTES)


def test_the_dress_of_excel_is_in_order(source_et_excel: tuple[bytes, bytes]) -> None:
    assert fautes(source_et_excel[1]) == []


def test_what_excel_saves_reads_the_same(source_et_excel: tuple[bytes, bytes], catalogue: Catalogue) -> None:
    plain, dressed = (Dossier.lire(Path("suivi.xlsx"), catalogue, octets=content) for content in source_et_excel)
    assert plain.anomalies == dressed.anomalies
    for nom, frame in plain.frames().items():
        assert frame.equals(dressed.frames()[nom]), nom


def test_the_bilan_of_what_excel_saved_keeps_the_notes_beside_it(
    source_et_excel: tuple[bytes, bytes], catalogue: Catalogue, tmp_path: Path
) -> None:
    """What stood below, in our own columns, is written anew: Excel's chain of calculation must not look for it."""
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(source_et_excel[1])
    written = Dossier.lire(path, catalogue).octets_bilan()
    assert fautes(written) == []
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert [book["Bilan"][place].value for place in ("P3", "Q9", "P700")] == ["vu avec la MDS", "=1+1", "fin"]
    assert book["Contrôle"]["K2"].value == "=3+3"
    assert book["Bilan"]["B900"].value is None
    before, chain = (parts(content)["xl/calcChain.xml"].decode() for content in (source_et_excel[1], written))
    assert [f'r="{place}"' in chain for place in ("B900", "C950", "P700")] == [False, False, False]
    assert chain.count("<c ") == before.count("<c ") - 2
