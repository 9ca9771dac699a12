"""Who belongs to the public, age bands, majority of BRSA."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from besoins import sans
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.model import Appel
from aap_xl.domain import personnes, public
from aap_xl.domain.computed import CALCULS
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.rows import Action, Operation, Participant
from aap_xl.workbook.formulas.columns import formule

ENTREE = date(2025, 6, 15)


def personne(**valeurs: Any) -> Participant:
    return rangee(Participant, **({"code": "P1", "date_entree": ENTREE} | valeurs))


def donnees(appel: Appel, *people: Participant) -> Donnees:
    return Donnees(appel, rangee(Operation), {"participants": list(people)}, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("naissance", "brsa", "attendu"),
    [
        pytest.param(date(1999, 6, 16), False, True, id="26 tomorrow"),
        pytest.param(date(1999, 6, 15), False, False, id="26th birthday on the entry day"),
        pytest.param(date(1999, 6, 15), True, True, id="26 and BRSA"),
        pytest.param(date(2003, 1, 1), True, True, id="22 and BRSA"),
        pytest.param(date(1980, 1, 1), False, False, id="45, not BRSA"),
        pytest.param(date(1980, 1, 1), None, None, id="45, BRSA blank"),
        pytest.param(date(2003, 1, 1), None, True, id="22, BRSA blank"),
        pytest.param(None, True, True, id="birth unknown, BRSA"),
        pytest.param(None, False, None, id="birth unknown, not BRSA"),
        pytest.param(None, None, None, id="nothing known"),
    ],
)
def test_public_of_33(appel33: Appel, naissance: date | None, brsa: bool | None, attendu: bool | None) -> None:
    assert public.eligible(personne(date_naissance=naissance, brsa=brsa), appel33) is attendu


@pytest.mark.parametrize(
    ("naissance", "hebergement", "logement", "attendu"),
    [
        pytest.param(date(1970, 1, 1), "rue", False, True, id="street"),
        pytest.param(date(1970, 1, 1), "centre_hebergement", False, True, id="shelter"),
        pytest.param(date(1970, 1, 1), "logement", True, True, id="logement d'abord"),
        pytest.param(date(2000, 6, 16), "parcours_complexe", False, True, id="25 tomorrow, complex path"),
        pytest.param(date(2000, 6, 15), "parcours_complexe", False, False, id="25th birthday on the entry day"),
        pytest.param(date(2000, 6, 15), "parcours_complexe", None, None, id="25, logement d'abord blank"),
        pytest.param(date(2005, 1, 1), "logement", False, False, id="20, housed"),
        pytest.param(date(2005, 1, 1), None, False, None, id="20, housing blank"),
        pytest.param(date(1970, 1, 1), None, False, None, id="55, housing blank"),
    ],
)
def test_public_of_37(
    appel37: Appel, naissance: date, hebergement: str | None, logement: bool | None, attendu: bool | None
) -> None:
    p = personne(date_naissance=naissance, hebergement=hebergement, logement_dabord=logement)
    assert public.eligible(p, appel37) is attendu


def test_every_criterion_that_holds_is_named(appel33: Appel) -> None:
    found = public.criteres(personne(date_naissance=date(2003, 1, 1), brsa=True), appel33)
    assert [critere.libelle for critere in found] == ["Bénéficiaire du RSA", "Jeune de moins de 26 ans"]
    assert public.criteres(personne(), appel33) == []


@pytest.mark.parametrize(("ans", "attendu"), [(29, False), (30, True), (50, True), (51, False)])
def test_age_bounds_of_a_criterion_are_included(appel33: Appel, ans: int, attendu: bool) -> None:
    assert appel33.public is not None
    critere = variante(appel33.public.criteres[0], brsa=None, age_min=30, age_max=50)
    appel = variante(appel33, public=variante(appel33.public, criteres=(critere,)))
    assert public.eligible(personne(date_naissance=date(2025 - ans, 6, 15)), appel) is attendu


def test_a_call_without_a_public_says_nothing(appel33: Appel) -> None:
    appel = variante(appel33, public=None)
    p = personne(date_naissance=date(2003, 1, 1), brsa=True)
    assert public.eligible(p, appel) is None
    assert public.criteres(p, appel) == []
    assert public.tranches(appel) == []
    assert public.tranche_age(22, appel) == "Âge inconnu"
    assert public.majoritaire(Taux(1, 1), appel) is None


@pytest.mark.parametrize(
    ("ans", "tranche"),
    [
        (17, "Moins de 18 ans"),
        (18, "18 à 25 ans"),
        (25, "18 à 25 ans"),
        (26, "26 à 34 ans"),
        (54, "45 à 54 ans"),
        (55, "55 ans et plus"),
        (None, "Âge inconnu"),
    ],
)
def test_age_bands(appel33: Appel, ans: int | None, tranche: str) -> None:
    assert public.tranche_age(ans, appel33) == tranche


def test_a_band_of_one_year_is_that_age(appel33: Appel) -> None:
    assert appel33.public is not None
    appel = variante(appel33, public=variante(appel33.public, tranches_age=(18, 19, 21)))
    assert public.tranches(appel) == ["Moins de 18 ans", "18 ans", "19 à 20 ans", "21 ans et plus"]


@given(ans=st.integers(0, 120))
def test_every_age_has_a_band(appel33: Appel, ans: int) -> None:
    assert public.tranche_age(ans, appel33) in public.tranches(appel33)


@pytest.mark.parametrize(
    ("taux", "strict", "attendu"),
    [
        (Taux(5, 10), True, False),
        (Taux(6, 10), True, True),
        (Taux(5, 10), False, True),
        (Taux(4, 10), False, False),
        (Taux(5, 9), True, True),
        (Taux(4, 9), True, False),
        (Taux(0, 0), True, None),
    ],
)
def test_majority_is_strict_or_not_as_the_call_says(
    appel33: Appel, taux: Taux, strict: bool, attendu: bool | None
) -> None:
    assert appel33.public is not None
    assert appel33.public.majorite_brsa is not None
    majority = variante(appel33.public.majorite_brsa, strict=strict)
    appel = variante(appel33, public=variante(appel33.public, majorite_brsa=majority))
    assert public.majoritaire(taux, appel) is attendu


def test_a_threshold_of_two_fifths_is_exact(appel33: Appel) -> None:
    assert appel33.public is not None
    assert appel33.public.majorite_brsa is not None
    majority = variante(appel33.public.majorite_brsa, strict=False, seuil=Decimal("0.4"))
    appel = variante(appel33, public=variante(appel33.public, majorite_brsa=majority))
    assert public.majoritaire(Taux(2, 5), appel) is True


def test_no_majority_is_asked_by_37(appel37: Appel) -> None:
    assert public.majoritaire(Taux(1, 1), appel37) is None


def test_majority_counts_distinct_persons_who_entered(appel33: Appel) -> None:
    ada = {"nom": "Lefèvre", "prenom": "Ada-Marie", "date_naissance": date(1990, 1, 1), "brsa": True}
    people = [
        personne(code="A", **ada),
        personne(code="B", **(ada | {"nom": "LEFEVRE", "prenom": "ada marie"})),
        personne(code="C", brsa=False),
        personne(code="c", brsa=False),
        personne(code="D", brsa=None),
        personne(code="E", brsa=True, date_entree=None),
    ]
    d = donnees(appel33, *people)
    assert public.majorite(d) == Taux(1, 3)
    assert public.majorite(d, "A9") == Taux(0, 0)


def test_people_are_told_apart_by_name_first_name_and_birth(appel33: Appel) -> None:
    ada = {"nom": "Lefèvre", "prenom": "Ada", "date_naissance": date(1990, 1, 1)}
    others: list[dict[str, Any]] = [
        ada,
        ada | {"nom": "Lefort"},
        ada | {"prenom": "Léa"},
        ada | {"date_naissance": date(1990, 1, 2)},
        ada | {"date_naissance": None},
        ada | {"prenom": None},
        ada | {"nom": None},
        {"date_naissance": date(1990, 1, 1)},
    ]
    people = [personne(code=f"P{rank}", **identity) for rank, identity in enumerate(others)]
    assert personnes.derniers(donnees(appel33, *people)) == people
    blank = [personne(code=None), personne(code=None)]
    assert personnes.derniers(donnees(appel33, *blank)) == blank


def test_people_of_an_action_are_found_without_case(appel33: Appel) -> None:
    d = donnees(appel33, personne(code="A", action="A1"), personne(code="B", action="a1"), personne(code="C"))
    assert [p.code for p in public.suivent(d, "A1")] == ["A", "B"]
    assert public.suivent(d, "") == []


def test_age_at_entry_needs_both_dates() -> None:
    assert public.age_entree(personne(date_naissance=date(2000, 6, 15))) == 25
    assert public.age_entree(personne()) is None
    assert public.age_entree(personne(date_naissance=date(2000, 6, 15), date_entree=None)) is None


@pytest.mark.parametrize(
    ("besoin", "silent"),
    [
        ("participants.action", {"entres", "brsa_entres", "majorite_brsa"}),
        ("participants.brsa", {"brsa_entres", "majorite_brsa"}),
        ("actions.brsa_entres", {"majorite_brsa"}),
        ("actions.entres", {"majorite_brsa"}),
        ("appel.public.majorite_brsa", {"majorite_brsa"}),
        ("participants.mds", set()),
    ],
)
def test_what_a_call_can_not_count_by_action_is_blank_in_python_and_natively(
    appel33: Appel, besoin: str, silent: set[str]
) -> None:
    less = sans(appel33, besoin)
    action = rangee(Action, code="A1")
    d = donnees(less, personne(action="A1", brsa=True))
    counted = ("entres", "brsa_entres", "majorite_brsa")
    assert {nom for nom in counted if CALCULS["actions", nom](action, d) is None} == silent
    assert {nom for nom in counted if formule(less, "actions", nom) == '=""'} == silent
