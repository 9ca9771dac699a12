"""What changes for people between entry and exit: its words, its scales, the bilan's tables, the week to prepare."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import cas as cases
import pytest
from cas import Cas
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.appels.model import Appel, Element
from aap_xl.cells import NOWHERE
from aap_xl.domain.bilan import Tableau, tableaux
from aap_xl.domain.data import Donnees
from aap_xl.domain.parcours import (
    EN_PROGRES,
    EN_RECUL,
    STABLE,
    Cites,
    baisses,
    cites,
    evolution,
    freins,
    mds_du_dossier,
    presence,
    presences,
    semaines,
)
from aap_xl.domain.semaine import presents, suivante
from aap_xl.domain.sorties import Taux
from aap_xl.rows import Participant

_ECHELLE = [Element(code=f"n{rank}", libelle=f"{rank}.") for rank in range(1, 5)]


def _tables(donnees: Donnees) -> dict[str, Tableau]:
    return {tableau.cle: tableau for tableau in tableaux(donnees)}


def _changed(appel: Appel, **change: Any) -> Donnees:
    return cases.donnees(appel, Cas("cas", appel.identite.code, "", [], **change))


# words and scales


@pytest.mark.parametrize(
    ("texte", "codes", "inconnus"),
    [
        (None, (), ()),
        ("", (), ()),
        (" ; , \n", (), ()),
        ("Mobilité ; santé", ("mobilite", "sante"), ()),
        ("SANTE, accès aux soins\nBudget", ("sante", "budget"), ()),
        ("Aucun ; garde d'enfants", ("aucun",), ("garde d'enfants",)),
    ],
)
def test_the_items_named_in_one_cell(
    texte: str | None, codes: tuple[str, ...], inconnus: tuple[str, ...], appel37: Appel
) -> None:
    assert cites(texte, appel37.elements["freins"]) == Cites(codes, inconnus)


def test_none_left_is_no_obstacle(appel37: Appel) -> None:
    assert freins("Aucun", appel37) == frozenset()
    assert freins("Aucun ; Logement", appel37) == {"logement"}


@given(st.sampled_from(_ECHELLE), st.sampled_from(_ECHELLE))
def test_a_scale_read_backwards_says_the_contrary(avant: Element, apres: Element) -> None:
    contrary = {EN_PROGRES: EN_RECUL, EN_RECUL: EN_PROGRES, STABLE: STABLE}
    assert evolution(apres.code, avant.code, _ECHELLE) == contrary[evolution(avant.code, apres.code, _ECHELLE)]
    assert (evolution(avant.code, apres.code, _ECHELLE) == STABLE) == (avant.code == apres.code)


def test_half_an_evolution_is_none() -> None:
    assert evolution(None, "n1", _ECHELLE) == evolution("n1", None, _ECHELLE) == evolution("n1", "x", _ECHELLE) == ""


_COUNT = st.none() | st.integers(-5, 60)


@given(st.lists(st.tuples(_COUNT, _COUNT)))
def test_attendance_adds_up_what_is_known(counts: list[tuple[int | None, int | None]]) -> None:
    people: list[Any] = [
        cases.ligne(Participant, NOWHERE, 0, {"demi_journees_prevues": p, "demi_journees_emargees": e})
        for p, e in counts
    ]
    known = [(e, p) for p, e in counts if p is not None and e is not None and p > 0 and e >= 0]
    assert [presence(p) for p in people if presence(p)] == [Taux(e, p) for e, p in known]
    assert presences(people) == Taux(sum(e for e, _ in known), sum(p for _, p in known))


@given(st.lists(st.tuples(st.integers(0, 30), st.decimals(0, 40, places=2)), unique_by=lambda week: week[0]))
def test_falls_are_the_weeks_below_the_one_before(weeks: list[tuple[int, Decimal]]) -> None:
    monday = date(2025, 3, 3)
    ordered = sorted(weeks)
    rows: Any = [(monday + timedelta(weeks=n), hours, None) for n, hours in ordered]
    falls = [after for before, after in pairwise(ordered) if after[1] < before[1]]
    assert [after[1] for _, after in baisses(rows)] == [hours for _, hours in falls]
    assert baisses(rows, Decimal(40)) == []


def test_the_weeks_of_a_person_are_in_order_whatever_the_lines(appel37: Appel) -> None:
    later = {"table": "heures", "participant": "q02", "semaine": date(2025, 3, 26), "travail": 6}
    found = semaines(_changed(appel37, ajouter=[later]))
    assert [(day, hours) for day, hours, _ in found["q02"]] == [
        (date(2025, 3, 24), Decimal(6)),
        (date(2025, 3, 31), Decimal(20)),
    ]


def test_the_territories_that_a_form_declares(appel33: Appel, appel37: Appel) -> None:
    assert mds_du_dossier(cases.base(appel33)) == {"artois", "lens_lievin", "ternois"}
    assert mds_du_dossier(_changed(appel33, operation={"autres_mds": "Ternois ; Lille"})) == frozenset()
    assert mds_du_dossier(_changed(appel33, operation={"autres_mds": ""})) == {"artois"}
    assert mds_du_dossier(cases.base(appel37)) == frozenset()


# the tables of the bilan


def test_objectives_one_by_one(appel33: Appel) -> None:
    tables = _tables(cases.base(appel33))
    visees = "Formation qualifiante ou emploi dans le métier visé"
    assert tables["objectifs"].lignes[1:] == [
        ("Sorties dynamiques", 6, 2, -4, Taux(2, 6), Taux(2, 6).valeur),
        (visees, 4, 2, -2, Taux(2, 4), Decimal("0.5")),
    ]
    assert tables["objectifs_individuels"].lignes == [
        ("Atteint", 2, Taux(2, 3), Taux(2, 3).valeur),
        ("Atteint en partie", 1, Taux(1, 3), Taux(1, 3).valeur),
        ("Non atteint", 0, Taux(0, 3), Decimal(0)),
        ("Non renseigné", 0, Taux(0, 3), Decimal(0)),
    ]
    assert tables["objectifs_individuels"].note == "Personnes sorties avec un objectif individuel : 3/3."
    assert tables["objectifs_par_personne"].lignes[2] == (
        *("K03", "Confirmer le métier", "Absences", "Atteint en partie", Taux(1, 2)),
    )
    assert tables["selection"].lignes == [
        ("Oui", 5, Taux(5, 5), Decimal(1)),
        ("Non", 0, Taux(0, 5), Decimal(0)),
        ("Non renseigné", 0, Taux(0, 5), Decimal(0)),
    ]


def test_attendance_by_action(appel33: Appel) -> None:
    lost = {"table": "participants", "ligne": 5, "action": "Z9", "demi_journees_emargees": ""}
    table = _tables(_changed(appel33, modifier=[lost]))["assiduite"]
    assert table.lignes == [
        ("A1", 3, 82, 77, Taux(77, 82), Taux(77, 82).valeur),
        ("A2", 1, 2, 2, Taux(2, 2), Decimal(1)),
        ("Sans action connue", 0, 0, 0, Taux(0, 0), None),
    ]
    assert table.total == ("Total", 4, 84, 79, Taux(79, 84), Taux(79, 84).valeur)


def _out(ligne: int, **values: Any) -> dict[str, Any]:
    return {"table": "participants", "ligne": ligne, "date_sortie": date(2025, 9, 1), "situation": "cdi", **values}


def test_before_and_after(appel37: Appel) -> None:
    second = _out(2, hebergement_sortie="centre_hebergement", freins_sortie="Santé ; Budget", employabilite_sortie="n1")
    third = _out(3, hebergement_sortie="logement", freins_sortie="", employabilite_sortie="")
    tables = _tables(_changed(appel37, modifier=[second, third]))
    housing = {row[0]: row[1:] for row in tables["avant_apres_logement"].lignes}
    assert housing == {
        "À la rue": (1, 0, -1),
        "Ancien parcours de rue": (0, 0, 0),
        "Centre d'hébergement": (1, 1, 0),
        "Parcours logement complexe": (1, 0, -1),
        "Logement autonome": (0, 2, 2),
    }
    assert tables["avant_apres_employabilite"].lignes[0] == ("1. À construire", 1, 1, 0)
    assert tables["avant_apres_employabilite"].note.endswith("connues : 2/3.")
    assert tables["progres"].lignes == [
        ("En progrès", 1, Taux(1, 2), Decimal("0.5")),
        ("Stable", 0, Taux(0, 2), Decimal(0)),
        ("En recul", 1, Taux(1, 2), Decimal("0.5")),
        ("Non renseigné", 1, None, None),
    ]
    assert {row[0]: row[1:4] for row in tables["freins"].lignes if row[1] or row[2]} == {
        "Mobilité": (1, 1, 0),
        "Logement": (1, 0, 1),
        "Santé": (1, 1, 0),
        "Budget": (0, 1, 0),
    }
    assert tables["freins"].total == ("Total", 3, 3, 1, Taux(1, 3), Taux(1, 3).valeur)
    assert tables["parcours_par_personne"].lignes[0] == (
        *("Q01", "Poursuite de parcours", date(2025, 7, 15), "À la rue → Logement autonome", "2 → 1", "En progrès"),
    )


def test_phases_reached(appel37: Appel) -> None:
    lignes = _tables(cases.base(appel37))["phases"].lignes
    assert [row[1:4] for row in lignes] == [
        (0, 2, Taux(2, 3)),
        (0, 2, Taux(2, 3)),
        (1, 2, Taux(2, 3)),
        (0, 1, Taux(1, 3)),
        (1, 1, Taux(1, 3)),
        (1, None, None),
    ]


def test_hours_rise(appel37: Appel) -> None:
    weeks = [
        {"table": "heures", "participant": "Q02", "semaine": date(2025, 4, 7) + timedelta(weeks=n), "travail": hours}
        for n, hours in enumerate((18, 19, 12))
    ]
    lignes = _tables(_changed(appel37, ajouter=weeks))["progression_heures"].lignes
    assert lignes[2] == ("Q02", 4, 20, 12, -8, 2)


def test_a_joint_file_names_its_partner(appel37: Appel) -> None:
    form = {"structure_associee": "Toit Test", "siret_associee": "12345678200010", "part_associee": 4000}
    shown = {row[0]: row[1] for row in _tables(_changed(appel37, operation=form))["operation"].lignes}
    assert shown["Part du budget de la structure associée"] == "4 000,00 €"
    assert shown["SIRET de la structure associée"] == "12345678200010"


# the week to prepare


def test_the_week_after_the_last_one(appel37: Appel) -> None:
    assert suivante(cases.base(appel37)) == date(2025, 6, 16)
    midweek = {"table": "heures", "participant": "Q02", "semaine": date(2025, 9, 10), "travail": 20}
    assert suivante(_changed(appel37, ajouter=[midweek])) == date(2025, 9, 15)
    assert suivante(_changed(appel37, vider=["heures"])) == date(2025, 2, 24)
    assert suivante(_changed(appel37, vider=["heures"], operation={"date_debut": ""})) is None


@pytest.mark.parametrize(
    ("entree", "sortie", "la"),
    [
        (date(2025, 6, 22), "", True),
        (date(2025, 6, 23), "", False),
        (date(2025, 6, 2), date(2025, 6, 16), True),
        (date(2025, 6, 2), date(2025, 6, 15), False),
    ],
)
def test_who_is_there_a_day_of_the_week(appel37: Appel, entree: date, sortie: Any, *, la: bool) -> None:
    change = {"table": "participants", "ligne": 3, "date_entree": entree, "date_sortie": sortie}
    assert ("Q03" in presents(_changed(appel37, modifier=[change]))) is la


def test_who_comes_back_is_listed_once(appel37: Appel) -> None:
    again = {"table": "participants", "code": "q01", "date_entree": date(2025, 6, 18)}
    assert presents(_changed(appel37, ajouter=[again])) == ["Q01", "Q02", "Q03"]


def test_nobody_is_listed_after_the_operation(appel37: Appel) -> None:
    assert presents(_changed(appel37, operation={"date_fin": date(2025, 6, 15)})) == []
    assert presents(_changed(appel37, operation={"date_fin": date(2025, 6, 16)})) == ["Q01", "Q02", "Q03"]
