"""Each person's exit class, the two counters, the six-month point."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain import personnes, sorties
from aap_xl.domain.classement import Classement
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.rows import Operation, Participant

DEBUT = date(2025, 3, 1)
APPELS = [Catalogue().get(code, 2025) for code in ("3.3", "3.7")]


def personne(**valeurs: Any) -> Participant:
    base: dict[str, Any] = {"code": "P1", "date_entree": date(2025, 2, 1), "date_sortie": date(2025, 2, 28)}
    return rangee(Participant, **(base | valeurs))


def donnees(appel: Appel, *people: Participant, le: date = date(2026, 6, 1)) -> Donnees:
    for rank, p in enumerate(people):
        p.code = f"P{rank}"
    return Donnees(appel, rangee(Operation), {"participants": list(people)}, le)


@pytest.mark.parametrize(
    ("precision", "valide_par", "classe"),
    [
        ("Service civique", "A. Martin", "autre_positive"),
        (None, "A. Martin", None),
        ("Service civique", None, None),
    ],
)
def test_other_positive_exit_needs_a_reason_and_a_name(
    appel33: Appel, precision: str | None, valide_par: str | None, classe: str | None
) -> None:
    p = personne(situation="autre_positive", precision=precision, valide_par=valide_par)
    assert sorties.classe_sortie(p, appel33).classe == classe


@pytest.mark.parametrize(
    ("motif", "nom", "classe", "forcee"),
    [
        ("Contrat vu", "A. Martin", "emploi_durable", True),
        (None, "A. Martin", "non_dynamique", False),
        ("Contrat vu", None, "non_dynamique", False),
    ],
)
def test_the_officers_class_needs_a_reason_and_a_name(
    appel33: Appel, motif: str | None, nom: str | None, classe: str, forcee: bool
) -> None:
    p = personne(situation="abandon", classe_forcee="emploi_durable", motif_classe=motif, valide_par=nom)
    found = sorties.classe_sortie(p, appel33)
    assert (found.classe, found.forcee) == (classe, forcee)


def test_nobody_has_a_class_before_going_out(appel33: Appel) -> None:
    assert sorties.classe_sortie(personne(date_sortie=None, situation="cdi"), appel33) == Classement()


def test_an_exit_date_that_cannot_be_read_is_an_exit(appel33: Appel) -> None:
    p = personne(date_sortie=None, illisibles=frozenset({"date_sortie"}), situation="cdi")
    assert personnes.sorti(p)
    assert sorties.classe_sortie(p, appel33).classe == "emploi_durable"
    assert sorties.etat_suivi(p, appel33.points[0], donnees(appel33, p)) == ""


def test_a_call_without_exits_classes_nobody(appel33: Appel) -> None:
    appel = variante(appel33, sorties=None)
    p = personne(situation="cdi", contact_suivi="fait", situation_suivi="cdi")
    assert sorties.classe_sortie(p, appel) == sorties.classe_suivi(p, appel.points[0], appel) == Classement()
    assert not sorties.sortie_visee(p, appel)
    assert not sorties.retrait(p, appel)
    assert str(sorties.taux_dynamique(donnees(appel, p))) == "0/1"


def test_classes_print_their_wording(appel33: Appel) -> None:
    assert sorties.libelle_classe(appel33, None) == "À qualifier"
    assert sorties.libelle_classe(appel33, "emploi_durable") == "Emploi durable"


def test_dynamic_is_durable_transition_and_positive(appel33: Appel) -> None:
    dynamic = {
        classe
        for classe in ("emploi_durable", "emploi_transition", "sortie_positive", "autre_positive", "retrait", None)
        if sorties.dynamique(appel33, classe)
    }
    assert dynamic == {"emploi_durable", "emploi_transition", "sortie_positive", "autre_positive"}


@pytest.mark.parametrize(
    ("contact", "aujourdhui", "etat"),
    [
        (None, "2025-08-27", "Non échu"),
        (None, "2025-08-28", "À faire"),
        ("fait", "2025-08-01", "Fait"),
        ("fait", "2025-09-01", "Fait"),
        ("injoignable", "2025-09-01", "Injoignable"),
    ],
)
def test_state_of_the_six_month_point(appel33: Appel, contact: str | None, aujourdhui: str, etat: str) -> None:
    (point,), p = appel33.points, personne(contact_suivi=contact)
    assert sorties.echeance(p, point) == date(2025, 8, 28)
    assert sorties.etat_suivi(p, point, donnees(appel33, p, le=date.fromisoformat(aujourdhui))) == etat


def test_no_state_without_an_exit_nor_point_that_the_call_does_not_ask(appel33: Appel, appel37: Appel) -> None:
    (point,), present = appel33.points, personne(date_sortie=None)
    assert sorties.etat_suivi(present, point, donnees(appel33, present)) == ""
    assert sorties.echeance(present, point) is None
    assert appel37.points == ()


@pytest.mark.parametrize(
    ("classe", "motif", "nom", "visee"),
    [
        ("non_dynamique", "Attestation non probante", "A. Martin", False),
        ("retrait", "Décès", "A. Martin", False),
        ("emploi_transition", "Contrat vu", "A. Martin", True),
        ("non_dynamique", None, "A. Martin", True),
        ("non_dynamique", "Attestation non probante", None, True),
        (None, None, None, True),
    ],
)
def test_an_exit_that_the_officer_refused_is_not_targeted(
    appel33: Appel, classe: str | None, motif: str | None, nom: str | None, visee: bool
) -> None:
    later = {"contact_suivi": "fait", "situation_suivi": "formation"}
    p = personne(situation="formation", classe_forcee=classe, motif_classe=motif, valide_par=nom, **later)
    assert sorties.sortie_visee(p, appel33) is visee
    assert sorties.sortie_visee(p, appel33, appel33.points[0])


@pytest.mark.parametrize(
    ("situation", "metier", "visee"),
    [
        ("formation", None, True),
        ("formation", False, True),
        ("cdi", True, True),
        ("cdi", False, False),
        ("cdi", None, False),
        ("siae", True, True),
        ("autre_positive", True, False),
        ("abandon", True, False),
        (None, True, False),
    ],
)
def test_targeted_exits_are_training_or_a_job_in_the_trade(
    appel33: Appel, situation: str | None, metier: bool | None, visee: bool
) -> None:
    assert sorties.sortie_visee(personne(situation=situation, metier_vise=metier), appel33) is visee
    later = {"situation_suivi": situation, "metier_vise_suivi": metier}
    assert sorties.sortie_visee(personne(contact_suivi="fait", **later), appel33, appel33.points[0]) is visee
    assert not sorties.sortie_visee(personne(contact_suivi="injoignable", **later), appel33, appel33.points[0])
    assert not sorties.sortie_visee(personne(situation=situation, metier_vise=metier, date_sortie=None), appel33)


def test_the_two_counters_are_counted_at_exit_and_six_months_after(appel33: Appel) -> None:
    people = [
        personne(code="A", situation="cdi", metier_vise=False, contact_suivi="fait", situation_suivi="cdi"),
        personne(code="B", situation="abandon", contact_suivi="fait", situation_suivi="formation"),
        personne(code="C", situation="formation", contact_suivi="injoignable"),
        personne(code="D", situation="cdd"),
        personne(code="E", situation="cdi", metier_vise=True, date_sortie=date(2026, 3, 1)),
        personne(code="F", date_sortie=None),
    ]
    d = donnees(appel33, *people)
    assert sorties.taux_dynamique(d) == Taux(3, 5)
    assert sorties.taux_visees(d) == Taux(2, 5)
    assert sorties.taux_dynamique(d, appel33.points[0]) == Taux(2, 4)
    assert sorties.taux_visees(d, appel33.points[0]) == Taux(1, 4)
    assert sorties.taux_classe(d, None) == Taux(1, 5)
    assert sorties.taux_classe(d, "emploi_durable", appel33.points[0]) == Taux(1, 4)


def test_follow_up_classes_need_the_contact_made(appel33: Appel) -> None:
    (point,) = appel33.points
    assert sorties.classe_suivi(personne(situation_suivi="cdi"), point, appel33).classe is None
    p = personne(contact_suivi="fait", situation_suivi="cdd", debut_contrat_suivi=DEBUT, mois_contrat_suivi=Decimal(6))
    assert sorties.classe_suivi(p, point, appel33).classe == "emploi_durable"
    other = personne(contact_suivi="fait", situation_suivi="autre_positive", precision_suivi="Bénévolat")
    assert sorties.classe_suivi(other, point, appel33).classe is None


def test_retraits_leave_the_denominator_only_when_asked(appel33: Appel) -> None:
    d = donnees(appel33, personne(situation="cdi"), personne(situation="retrait"), personne(situation="abandon"))
    assert sorties.taux_dynamique(d) == Taux(1, 3)
    assert sorties.taux_dynamique(d, hors_retraits=True) == Taux(1, 2)
    assert sorties.taux_dynamique(d, appel33.points[0], hors_retraits=True) == Taux(0, 2)


def test_a_rate_keeps_its_fraction_and_nothing_over_nothing_is_empty() -> None:
    assert str(Taux(7, 19)) == "7/19"
    assert Taux(1, 4).valeur == Decimal("0.25")
    assert Taux(0, 0).valeur is None
    assert Taux(0, 3).valeur == 0


situations = st.sampled_from([None, *(item.code for item in APPELS[0].elements["situations"])])
dates = st.none() | st.dates(date(2024, 1, 1), date(2026, 12, 31))
durees = st.none() | st.decimals(-2, 36, places=1)
participants = st.lists(
    st.builds(
        personne,
        date_sortie=dates,
        situation=situations,
        debut_contrat=dates,
        fin_contrat=dates,
        mois_contrat=durees,
        precision=st.sampled_from([None, "x"]),
        valide_par=st.sampled_from([None, "y"]),
        contact_suivi=st.sampled_from([None, "fait", "injoignable"]),
        situation_suivi=situations,
    ),
    max_size=12,
)


@given(participants)
def test_classes_add_up_to_the_exits(people: list[Participant]) -> None:
    d = donnees(APPELS[0], *people)
    codes = [None, *(item.code for item in APPELS[0].elements["classes"])]
    out = sum(p.date_sortie is not None for p in people)
    assert sum(sorties.taux_classe(d, code).numerateur for code in codes) == out
    assert sorties.taux_dynamique(d).denominateur == out
    dynamic = sum(sorties.taux_classe(d, c).numerateur for c in codes if sorties.dynamique(APPELS[0], c))
    assert sorties.taux_dynamique(d).numerateur == dynamic


@given(participants, st.randoms())
def test_rates_do_not_depend_on_the_order_of_rows(people: list[Participant], shuffle: Any) -> None:
    mixed = list(people)
    shuffle.shuffle(mixed)
    for rate in (sorties.taux_dynamique, sorties.taux_visees):
        for volet in APPELS[0].volets:
            assert rate(donnees(APPELS[0], *people), volet) == rate(donnees(APPELS[0], *mixed), volet)


@pytest.mark.parametrize("champ", ["debut_contrat", "fin_contrat", "rupture_contrat"])
def test_a_date_that_could_not_be_read_proves_nothing(appel33: Appel, champ: str) -> None:
    dates = {"debut_contrat": date(2025, 3, 12)}
    dates.pop(champ, None)
    read, unread = (personne(situation="cdi", **dates, illisibles=frozenset(names)) for names in ((), (champ,)))
    assert sorties.classe_sortie(read, appel33).classe == "emploi_durable"
    assert sorties.classe_sortie(unread, appel33).classe is None
