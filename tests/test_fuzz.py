"""Two hundred mutants of the campaign in `fuzz`: read, told or refused, never anything else."""

import os
import re
from collections import Counter
from itertools import count

import pytest
from fuzz.judge import Judge, Outcome
from fuzz.mutations import Mutant, mutant
from fuzz.seeds import ours
from zips import parts, rezip

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.reading.xlsx import cells

pytestmark = pytest.mark.slow
_SEED, _MUTANTS = 9, 200


@pytest.fixture(scope="module")
def seeds(catalogue: Catalogue) -> dict[str, bytes]:
    return ours(catalogue)


@pytest.fixture(scope="module")
def judge(seeds: dict[str, bytes], catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(catalogue, tmp_path_factory.mktemp("fuzz"), seeds)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_mutants_are_read_told_or_refused(judge: Judge, seeds: dict[str, bytes]) -> None:
    outcomes: Counter[Outcome] = Counter()
    faults = []
    for number in range(_MUTANTS):
        made = mutant(seeds, _SEED, number)
        verdict = judge.judge(made)
        outcomes[verdict.outcome] += 1
        if verdict.fault:
            faults.append((number, made.name, made.done, verdict))
    assert faults == []
    assert min(outcomes[Outcome.READ], outcomes[Outcome.REFUSED]) > _MUTANTS // 5, "too many of one kind prove little"


def _cut(dossier: Dossier) -> bytes:
    changed = parts(dossier.chemin.read_bytes())
    changed["xl/workbook.xml"] = changed["xl/workbook.xml"][:-9]
    return rezip(changed)


def _lost(dossier: Dossier) -> bytes:
    changed = parts(dossier.chemin.read_bytes())
    return rezip({name: re.sub(rb"<t>EXEMPLE[^<]*</t>", b"<t>AUTRE</t>", part) for name, part in changed.items()})


def _fail(_: Dossier) -> bytes:
    raise KeyError("xl/workbook.xml")


def _mumble(_: Dossier) -> bytes:
    raise EcritureImpossible("KeyError: 'xl/workbook.xml'")


def _turn(_: Dossier) -> bytes:
    for number in count():
        assert number < 10**9, "nobody stopped it"
    return b""


@pytest.mark.parametrize(
    ("product", "outcome"),
    [
        (_cut, Outcome.DAMAGED),
        (_lost, Outcome.DAMAGED),
        (_fail, Outcome.ERROR),
        (_mumble, Outcome.SENTENCE),
        pytest.param(_turn, Outcome.HANG, marks=pytest.mark.skipif(os.name != "posix", reason="counts as Unix does")),
    ],
)
def test_the_judge_sees_a_bad_product(
    product: object, outcome: Outcome, judge: Judge, seeds: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or finding nothing would prove nothing."""
    monkeypatch.setattr(Dossier, "octets_bilan", product)
    monkeypatch.setattr("fuzz.judge._SECONDS", 2)
    verdict = judge.judge(Mutant(0, "3.7.xlsx", (), seeds["3.7.xlsx"]))
    assert verdict.outcome == outcome, verdict


def test_the_judge_sees_a_misread_number(
    judge: Judge, seeds: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    vrai = cells._number
    monkeypatch.setattr(cells, "_number", lambda text, *, typed: vrai(text.replace("7", "1"), typed=typed))
    verdict = judge.judge(Mutant(0, "3.7.xlsx", (), seeds["3.7.xlsx"]))
    assert verdict.outcome == Outcome.MISREAD, verdict
