"""Months date to date, ages, deposit sessions, deadlines, committees."""

from calendar import isleap
from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.model import Appel
from aap_xl.domain import calendrier
from aap_xl.domain.data import Donnees
from aap_xl.rows import Operation

jours = st.dates(date(1950, 1, 1), date(2050, 12, 31))
mois = st.integers(-60, 60)


def jour(texte: str) -> date:
    return date.fromisoformat(texte)


@pytest.mark.parametrize(
    ("debut", "fin", "six_mois"),
    [
        ("2025-03-01", "2025-08-31", True),
        ("2025-03-01", "2025-08-30", False),
        ("2025-08-31", "2026-02-27", True),
        ("2025-08-31", "2026-02-26", False),
        ("2023-08-31", "2024-02-28", True),
        ("2023-08-31", "2024-02-27", False),
        ("2025-08-30", "2026-02-27", True),
        ("2025-08-28", "2026-02-27", True),
        ("2025-08-28", "2026-02-26", False),
        ("2024-02-29", "2024-08-28", True),
        ("2024-02-29", "2024-08-27", False),
        ("2025-01-01", "2025-06-30", True),
        ("2025-01-01", "2025-06-29", False),
        ("2025-07-01", "2025-12-31", True),
        ("2025-10-15", "2026-04-14", True),
        ("2025-10-15", "2026-04-13", False),
    ],
)
def test_six_months_is_counted_date_to_date(debut: str, fin: str, six_mois: bool) -> None:
    assert calendrier.lasts(jour(debut), jour(fin), 6) is six_mois


@pytest.mark.parametrize(
    ("debut", "n", "attendu"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-01-15", 0, "2025-01-15"),
        ("2025-01-15", -13, "2023-12-15"),
    ],
)
def test_add_months_keeps_the_day_or_the_last_of_the_month(debut: str, n: int, attendu: str) -> None:
    assert calendrier.add_months(jour(debut), n) == jour(attendu)


@pytest.mark.parametrize(
    ("debut", "fin", "complets", "entames"),
    [
        ("2025-01-01", "2025-12-31", 12, 12),
        ("2025-01-01", "2025-12-30", 11, 12),
        ("2025-01-01", "2026-01-01", 12, 13),
        ("2025-01-01", "2025-01-01", 0, 1),
        ("2025-01-31", "2025-02-27", 1, 1),
        ("2025-01-31", "2025-02-26", 0, 1),
        ("2025-05-02", "2025-05-01", 0, 0),
        ("2025-03-01", "2025-01-01", 0, 0),
        ("2025-03-01", "2024-12-31", 0, 0),
    ],
)
def test_months_completed_and_months_begun(debut: str, fin: str, complets: int, entames: int) -> None:
    assert calendrier.mois_complets(jour(debut), jour(fin)) == complets
    assert calendrier.mois_entames(jour(debut), jour(fin)) == entames


@pytest.mark.parametrize(
    ("naissance", "le", "ans"),
    [
        ("1999-06-15", "2025-06-14", 25),
        ("1999-06-15", "2025-06-15", 26),
        ("2000-02-29", "2026-02-28", 25),
        ("2000-02-29", "2026-03-01", 26),
        ("2000-02-29", "2024-02-28", 23),
        ("2000-02-29", "2024-02-29", 24),
        ("2025-05-05", "2025-05-05", 0),
    ],
)
def test_age_is_in_completed_years(naissance: str, le: str, ans: int) -> None:
    assert calendrier.age(jour(naissance), jour(le)) == ans


@given(jours, mois)
def test_add_months_is_dateutils(debut: date, n: int) -> None:
    assert calendrier.add_months(debut, n) == debut + relativedelta(months=n)


@given(jours, jours, mois)
def test_add_months_is_monotone(one: date, other: date, n: int) -> None:
    first, second = sorted((one, other))
    assert calendrier.add_months(first, n) <= calendrier.add_months(second, n)


@given(jours, st.integers(0, 900))
def test_months_completed_are_the_most_that_last(debut: date, days: int) -> None:
    fin = debut + timedelta(days=days)
    n = calendrier.mois_complets(debut, fin)
    assert n == 0 or calendrier.lasts(debut, fin, n)
    assert not calendrier.lasts(debut, fin, n + 1)


@given(jours, st.integers(0, 40000))
def test_age_grows_by_one_on_each_birthday(naissance: date, days: int) -> None:
    le = naissance + timedelta(days=days)
    gained = calendrier.age(naissance, le + timedelta(days=1)) - calendrier.age(naissance, le)
    tomorrow = le + timedelta(days=1)
    leap_birth = (naissance.month, naissance.day) == (2, 29) and not isleap(tomorrow.year)
    birthday = (3, 1) if leap_birth else (naissance.month, naissance.day)
    assert gained == ((tomorrow.month, tomorrow.day) == birthday)


@pytest.mark.parametrize(
    ("depot", "debut", "session"),
    [
        ("2025-01-15", "2025-01-01", "Session 1"),
        ("2025-02-14", "2025-08-01", "Session 1"),
        ("2025-02-14", "2025-08-02", None),
        ("2025-02-15", "2025-03-01", None),
        ("2025-01-14", "2025-03-01", None),
        ("2025-04-01", "2025-08-31", None),
        ("2025-04-01", "2025-09-01", "Session 2"),
        ("2025-05-09", "2025-12-01", "Session 2"),
        ("2025-05-10", "2025-12-01", None),
        ("2025-07-01", "2025-12-01", "Session 3"),
        ("2025-09-30", "2025-12-01", "Session 3"),
        ("2025-09-30", "2025-12-02", None),
        ("2025-09-30", "2025-11-30", None),
        ("2025-02-01", "2025-12-01", None),
    ],
)
def test_session_is_decided_by_deposit_and_start(appel33: Appel, depot: str, debut: str, session: str | None) -> None:
    found = calendrier.fenetres(appel33, jour(depot), jour(debut))
    assert (found and found.libelle) == session


def test_session_without_an_end_stays_open(appel33: Appel) -> None:
    appel = variante(appel33, depots=(*appel33.depots[:2], variante(appel33.depots[2], debut_au=None)))
    found = calendrier.fenetres(appel, jour("2025-09-30"), jour("2026-02-01"))
    assert found is not None
    assert found.libelle == "Session 3"


def test_session_of_unknown_dates_is_unknown(appel33: Appel) -> None:
    assert calendrier.fenetres(appel33, None, jour("2025-03-01")) is None
    assert calendrier.fenetres(appel33, jour("2025-02-01"), None) is None


def test_bilan_is_due_a_month_after_both_ends(appel33: Appel) -> None:
    operation = rangee(Operation, date_fin=jour("2026-01-31"), date_fin_convention=jour("2025-12-31"))
    assert calendrier.echeances_bilan(operation, appel33) == {
        "fin de l'opération": jour("2026-02-28"),
        "fin effective de la convention": jour("2026-01-31"),
    }
    assert calendrier.echeance_bilan(operation, appel33) == jour("2026-01-31")


def test_deadlines_of_unknown_ends_are_unknown(appel33: Appel) -> None:
    assert calendrier.echeances_bilan(rangee(Operation), appel33) == {}
    assert calendrier.echeance_bilan(rangee(Operation), appel33) is None


@pytest.mark.parametrize(
    ("le", "numero"),
    [
        ("2024-12-31", 0),
        ("2025-01-01", 1),
        ("2025-03-31", 1),
        ("2025-04-01", 2),
        ("2025-12-31", 4),
        ("2026-01-01", 5),
    ],
)
def test_quarters_are_the_operations_own(le: str, numero: int) -> None:
    assert calendrier.trimestre(jour("2025-01-01"), jour(le), 3) == numero


@given(jours, st.integers(0, 700), st.integers(1, 6))
def test_periods_cover_the_operation_without_a_gap(debut: date, days: int, intervalle: int) -> None:
    fin = debut + timedelta(days=days)
    found = calendrier.periodes(debut, fin, intervalle)
    assert found[0][0] == debut
    assert found[-1][1] == fin
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(found))
    for number, (first, last) in enumerate(found, 1):
        assert calendrier.trimestre(debut, first, intervalle) == number
        assert calendrier.trimestre(debut, last, intervalle) == number


@pytest.mark.parametrize(
    ("aujourdhui", "trimestriels", "annuels"),
    [
        ("2024-12-31", 0, 0),
        ("2025-03-30", 0, 0),
        ("2025-03-31", 1, 0),
        ("2025-06-29", 1, 0),
        ("2025-06-30", 2, 1),
        ("2025-12-30", 3, 1),
        ("2025-12-31", 4, 2),
        ("2026-06-01", 4, 2),
    ],
)
def test_committees_are_expected_as_periods_elapse(
    appel33: Appel, appel37: Appel, aujourdhui: str, trimestriels: int, annuels: int
) -> None:
    operation = rangee(Operation, date_debut=jour("2025-01-01"), date_fin=jour("2025-12-31"))
    for appel, attendus in ((appel33, trimestriels), (appel37, annuels)):
        assert calendrier.comites_attendus(Donnees(appel, operation, {}, jour(aujourdhui))) == attendus


def test_an_operation_of_one_day_owes_its_minimum_on_that_day(appel37: Appel) -> None:
    operation = rangee(Operation, date_debut=jour("2025-01-01"), date_fin=jour("2025-01-01"))
    assert calendrier.comites_attendus(Donnees(appel37, operation, {}, jour("2025-01-01"))) == 2


def test_no_committee_is_expected_of_unknown_dates_or_a_call_without_any(appel33: Appel) -> None:
    unknown = rangee(Operation, date_debut=jour("2025-01-01"))
    known = rangee(Operation, date_debut=jour("2025-01-01"), date_fin=jour("2025-12-31"))
    assert calendrier.comites_attendus(Donnees(appel33, unknown, {}, jour("2026-01-01"))) == 0
    without = variante(appel33, comites=None)
    assert calendrier.comites_attendus(Donnees(without, known, {}, jour("2026-01-01"))) == 0


@pytest.mark.parametrize(
    ("fin", "personnes"),
    [
        ("2025-12-31", 15),
        ("2025-06-30", 8),
        ("2025-07-01", 9),
        ("2025-01-31", 2),
        ("2025-01-01", 2),
        ("2024-12-31", None),
    ],
)
def test_capacity_follows_the_operations_length(appel37: Appel, fin: str, personnes: int | None) -> None:
    assert calendrier.prorata_capacite(appel37, jour("2025-01-01"), jour(fin)) == personnes


def test_no_capacity_where_the_call_states_none(appel33: Appel) -> None:
    assert calendrier.prorata_capacite(appel33, jour("2025-01-01"), jour("2025-12-31")) is None
