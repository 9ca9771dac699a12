"""Refusals: each cause has its words, says what to do, and keeps quiet about what the file says where it must."""

import pickle
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.appels.loader import Catalogue
from aap_xl.workbook.reading import reader
from aap_xl.workbook.reading.files.refusals import WORDS, Cause, FichierRefuse, Refusal, named, unpacked
from aap_xl.workbook.reading.identity import Identite
from aap_xl.workbook.reading.sheets import sheet_too_large

_SANS_REMEDE = {Cause.ENTITIES, Cause.SYSTEM}


def _details(cause: Cause) -> set[str]:
    return {name for part in WORDS[cause] for _, name, _, _ in string.Formatter().parse(part) if name}


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_names_the_file_and_says_what_to_do(cause: Cause) -> None:
    phrase = Refusal(cause, dict.fromkeys(_details(cause) - {"nom"}, "détail")).phrase("suivi.xlsx")
    assert phrase.startswith("« détail »" if cause is Cause.MISSING else "« suivi.xlsx »")
    assert phrase.endswith(".")
    assert (" ; " in phrase) is (cause not in _SANS_REMEDE)


@given(
    st.sampled_from(Cause),
    st.dictionaries(st.text(), st.integers() | st.text()),
    st.dictionaries(st.text(), st.text()),
)
def test_a_refusal_is_kept_and_carried_as_it_is(
    cause: Cause, details: dict[str, int | str], cited: dict[str, str]
) -> None:
    refusal = Refusal(cause, details, cited)
    assert unpacked(refusal.packed()) == refusal
    assert pickle.loads(pickle.dumps(refusal)) == refusal  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("Mme Exemple", "indiqué"),
        ("EXEMPLE", "indiqué"),
        ("{nom}-2031", "indiqué"),
        ("9.9", "9.9 de 2031"),
    ],
)
def test_a_call_is_quoted_discreetly_if_it_looks_like_one(catalogue: Catalogue, code: str, shown: str) -> None:
    with pytest.raises(FichierRefuse) as refused, named("a.xlsx"):
        reader._call(Identite(code, 2031, 1), catalogue)
    assert f"« a.xlsx » : l'appel à projets {code} de 2031 est inconnu ; appels" in str(refused.value)
    discreet = refused.value.refusal.discreet()
    assert f"l'appel à projets {shown} est inconnu ; appels disponibles : 3.3" in discreet.phrase("a.xlsx")


def test_a_sheet_is_not_named_discreetly() -> None:
    refusal = sheet_too_large("Mme {Exemple}", 9, 2).refusal
    assert "la feuille « Mme {Exemple} » est remplie jusqu'à la ligne 9" in refusal.phrase("a.xlsx")
    assert "« a.xlsx » : la feuille « … » est remplie jusqu'à la ligne 9" in refusal.discreet().phrase("a.xlsx")
