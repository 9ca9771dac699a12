"""The decision table of the call: every line, the limits of a contract's length, what is not settled."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel, Condition, Ligne
from aap_xl.domain.calendrier import add_months, last_day
from aap_xl.domain.classement import classer

DEBUT = date(2025, 3, 1)
APPELS = [Catalogue().get(code, 2025) for code in ("3.3", "3.7")]
par_appel = pytest.mark.parametrize("appel", APPELS, ids=["3.3", "3.7"])


@par_appel
@pytest.mark.parametrize(
    ("situation", "fin", "classe", "a_verifier"),
    [
        pytest.param("siae", None, "sortie_positive", False, id="SIAE outranks duration, length unknown"),
        pytest.param("siae", date(2026, 2, 28), "sortie_positive", False, id="SIAE for a year"),
        pytest.param("cdi", None, "emploi_durable", False, id="CDI"),
        pytest.param("cdd_aide", date(2026, 2, 28), "emploi_transition", False, id="contrat aidé CDD of a year"),
        pytest.param("cdd_aide", None, "emploi_transition", False, id="contrat aidé CDD, any length"),
        pytest.param("cdi_aide", None, "emploi_durable", True, id="contrat aidé CDI is flagged"),
        pytest.param("cdd", date(2025, 8, 31), "emploi_durable", False, id="CDD of exactly six months"),
        pytest.param("cdd", date(2025, 8, 30), "emploi_transition", False, id="CDD one day short"),
        pytest.param("mission", date(2025, 8, 31), "emploi_durable", False, id="mission of exactly six months"),
        pytest.param("mission", date(2025, 8, 30), "emploi_transition", False, id="mission one day short"),
        pytest.param("cdd", DEBUT, "emploi_transition", False, id="CDD of one day"),
        pytest.param("creation", None, "emploi_durable", False, id="business created"),
        pytest.param("fonction_publique", None, "emploi_durable", False, id="civil service"),
        pytest.param("alternance", date(2025, 8, 31), "emploi_durable", True, id="apprenticeship of six months"),
        pytest.param("alternance", date(2025, 8, 30), "emploi_transition", True, id="apprenticeship one day short"),
        pytest.param("alternance", None, "emploi_durable", True, id="apprenticeship without an end"),
        pytest.param("formation", None, "sortie_positive", False, id="qualifying training"),
        pytest.param("autre_positive", None, "autre_positive", False, id="other positive exit, validated"),
        pytest.param("sans_solution", None, "non_dynamique", False, id="end without solution"),
        pytest.param("abandon", None, "non_dynamique", False, id="abandon"),
        pytest.param("exclusion", None, "non_dynamique", False, id="exclusion"),
        pytest.param("inconnue", None, "non_dynamique", False, id="unknown"),
        pytest.param("retrait", None, "retrait", False, id="retrait"),
    ],
)
def test_every_line_of_the_decision_table(
    appel: Appel, situation: str, fin: date | None, classe: str, a_verifier: bool
) -> None:
    found = classer(appel, situation, DEBUT, fin, None, validee=True)
    assert found.classe == classe
    assert found.ligne is not None
    assert situation in found.ligne.si.situation
    assert bool(found.ligne.a_verifier) is a_verifier
    assert bool(found.raison) is a_verifier


@par_appel
def test_every_line_is_reached(appel: Appel) -> None:
    assert appel.sorties is not None
    reached = {
        id(classer(appel, item.code, DEBUT, last_day(DEBUT, n), None, validee=True).ligne)
        for item in appel.sorties.situations
        for n in (3, 9)
    }
    assert reached == {id(ligne) for ligne in appel.sorties.classement}


@par_appel
def test_without_its_length_a_cdd_is_to_be_settled(appel: Appel) -> None:
    for debut, fin in ((None, None), (DEBUT, None), (None, DEBUT), (DEBUT, date(2025, 2, 1))):
        found = classer(appel, "cdd", debut, fin, None, validee=True)
        assert found.classe is None
        assert "durée" in found.raison


@par_appel
@pytest.mark.parametrize(
    ("debut", "fin", "mois", "classe"),
    [
        pytest.param(DEBUT, None, "6", "emploi_durable", id="start and minimum duration"),
        pytest.param(DEBUT, None, "5.99", "emploi_transition", id="minimum just short"),
        pytest.param(None, None, "12", "emploi_durable", id="minimum duration alone"),
        pytest.param(DEBUT, date(2025, 8, 30), "12", "emploi_transition", id="both dates win over the minimum"),
        pytest.param(DEBUT, date(2025, 8, 31), "1", "emploi_durable", id="both dates win, the other way"),
        pytest.param(DEBUT, date(2025, 2, 1), "12", None, id="contradictory dates settle nothing"),
        pytest.param(DEBUT, None, "-1", None, id="a negative duration settles nothing"),
        pytest.param(DEBUT, None, "0", None, id="no month settles nothing"),
        pytest.param(None, None, "0", None, id="no month alone"),
        pytest.param(None, date(2025, 8, 31), "-6", None, id="negative, with the end"),
        pytest.param(DEBUT, None, "0.5", "emploi_transition", id="half a month is a duration"),
        pytest.param(DEBUT, None, "1", "emploi_transition", id="one month"),
        pytest.param(DEBUT, None, "5", "emploi_transition", id="five months"),
        pytest.param(DEBUT, date(2025, 8, 31), "-1", "emploi_durable", id="both dates win over a negative one"),
    ],
)
def test_minimum_duration_serves_only_when_a_date_is_missing(
    appel: Appel, debut: date | None, fin: date | None, mois: str, classe: str | None
) -> None:
    assert classer(appel, "cdd", debut, fin, Decimal(mois), validee=True).classe == classe


def _with_table(appel: Appel, *lignes: Ligne) -> Appel:
    assert appel.sorties is not None
    return variante(appel, sorties=variante(appel.sorties, classement=lignes))


def _ligne(classe: str, situation: str = "cdd", **limits: Any) -> Ligne:
    return rangee(Ligne, si=rangee(Condition, situation=(situation,), **limits), classe=classe, article="")


def test_unknown_length_is_no_obstacle_when_every_length_agrees(appel33: Appel) -> None:
    appel = _with_table(appel33, _ligne("a", mois_min=6), _ligne("a", mois_max=6))
    assert classer(appel, "cdd", None, None, None, validee=True).classe == "a"
    appel = _with_table(appel33, _ligne("a", mois_min=6), _ligne("a"))
    assert classer(appel, "cdd", None, None, None, validee=True).classe == "a"


def test_unknown_length_is_an_obstacle_when_some_length_has_no_line(appel33: Appel) -> None:
    appel = _with_table(appel33, _ligne("a", mois_min=6))
    assert classer(appel, "cdd", None, None, None, validee=True).classe is None
    short = classer(appel, "cdd", DEBUT, DEBUT, None, validee=True)
    assert short.classe is None
    assert "aucune ligne" in short.raison


def test_a_contract_without_an_end_reaches_every_length(appel33: Appel) -> None:
    appel = _with_table(appel33, _ligne("a", "cdi", mois_min=120), _ligne("b", "cdi"))
    assert classer(appel, "cdi", DEBUT, None, None, validee=True).classe == "a"
    assert classer(appel, "cdi", DEBUT, date(2025, 12, 31), None, validee=True).classe == "b"
    assert classer(appel, "cdi", DEBUT, None, Decimal(0), validee=True).classe is None


def test_the_first_line_that_matches_wins(appel33: Appel) -> None:
    appel = _with_table(appel33, _ligne("a", mois_min=12), _ligne("b", mois_min=3), _ligne("c"))
    found = [classer(appel, "cdd", DEBUT, last_day(DEBUT, n), None, validee=True).classe for n in (12, 11, 3, 2)]
    assert found == ["a", "b", "b", "c"]


def test_a_length_that_reaches_a_threshold_reaches_the_lower_ones(appel33: Appel) -> None:
    """Of a contract of unknown length, no impossible one is thought of: 12 months reached, and not 6."""
    appel = _with_table(appel33, _ligne("jamais", mois_min=12, mois_max=6), _ligne("a"))
    assert classer(appel, "cdd", None, None, None, validee=True).classe == "a"


def test_a_call_without_exits_has_no_class(appel33: Appel) -> None:
    found = classer(variante(appel33, sorties=None), "cdi", None, None, None, validee=True)
    assert (found.classe, found.raison) == (None, "l'appel à projets ne suit pas les sorties")


@pytest.mark.parametrize("situation", [None, "absente de la liste"])
def test_unknown_situation_has_no_class(appel33: Appel, situation: str | None) -> None:
    assert classer(appel33, situation, DEBUT, None, None, validee=True).classe is None


situations = st.sampled_from([None, *(item.code for item in APPELS[0].elements["situations"])])
dates = st.none() | st.dates(date(2024, 1, 1), date(2026, 12, 31))
durees = st.none() | st.decimals(-2, 36, places=1)


@given(situations, dates, dates, durees)
def test_a_class_settled_without_dates_holds_whatever_the_dates(
    situation: str | None, debut: date | None, fin: date | None, mois: Decimal | None
) -> None:
    """What is said of an unknown length is never contradicted when the length is learnt."""
    unknown = classer(APPELS[0], situation, None, date(2025, 1, 1), None, validee=True).classe
    if unknown is not None:
        known = classer(APPELS[0], situation, debut, fin, mois, validee=True)
        assert known.classe == unknown


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 24))
def test_six_months_is_a_threshold_to_the_day(debut: date, n: int) -> None:
    classe = classer(APPELS[0], "cdd", debut, last_day(debut, n), None, validee=True).classe
    stated = classer(APPELS[0], "cdd", None, None, Decimal(n), validee=True).classe
    assert classe == stated
    assert classer(APPELS[0], "cdd", debut, add_months(debut, n), None, validee=True).classe in {
        "emploi_durable",
        stated,
    }
