"""Costs, flat rate, retained expenses, grant due and balance."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel, Niveau
from aap_xl.domain import budget, eligibilite, solde
from aap_xl.domain.data import Donnees
from aap_xl.euros import somme
from aap_xl.rows import Charge, Depense, Operation, Personnel, Ressource, Salaire

D = Decimal
DEBUT, FIN, DEPOT = date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 20)
JOUR = timedelta(days=1)
APPEL = Catalogue().get("3.7", 2025)


def depense(montant: str, ligne: str | None = "F1", **valeurs: Any) -> Depense:
    base: dict[str, Any] = {"document": "X", "date_piece": date(2025, 5, 5), "justificatif": True}
    return rangee(Depense, montant=D(montant), ligne_budget=ligne, **(base | valeurs))


def charge(code: str, prevu: str | None, poste: str | None = "fonctionnement", **valeurs: Any) -> Charge:
    return rangee(Charge, code=code, poste=poste, libelle=code, prevu=None if prevu is None else D(prevu), **valeurs)


def dossier(
    appel: Appel,
    *,
    personnel: Any = (),
    charges: Any = (),
    depenses: Any = (),
    ressources: Any = (),
    **operation: Any,
) -> Donnees:
    op = rangee(Operation, date_debut=DEBUT, date_fin=FIN, **operation)
    tables = {"personnel": personnel, "charges": charges, "depenses": depenses, "ressources": ressources}
    return Donnees(appel, op, tables, date(2026, 2, 1))


def fongible(appel: Appel, taux: str, niveau: Niveau = Niveau.LIGNE) -> Appel:
    fongibilite = variante(appel.budget.fongibilite, taux=D(taux), niveau=niveau)
    return variante(appel, budget=variante(appel.budget, fongibilite=fongibilite))


@pytest.mark.parametrize(
    ("brut", "quotite", "attendu", "banquier"),
    [
        ("1.01", "0.5", "0.51", "0.50"),
        ("0.01", "0.5", "0.01", "0.00"),
        ("2.01", "0.5", "1.01", "1.00"),
        ("1234.25", "0.1", "123.43", "123.42"),
        ("8.50", "0.05", "0.43", "0.42"),
        ("1.03", "0.5", "0.52", "0.52"),
    ],
)
def test_half_a_cent_goes_up_where_a_banker_goes_to_even(brut: str, quotite: str, attendu: str, banquier: str) -> None:
    found = budget.cout_personnel(rangee(Personnel, brut=D(brut), quotite=D(quotite)))
    assert found == D(attendu)
    assert round(D(brut) * D(quotite), 2) == D(banquier)


@pytest.mark.parametrize(
    ("valeurs", "attendu"),
    [
        pytest.param({"brut": "2000", "quotite": "1"}, "2000.00", id="gross alone"),
        pytest.param(
            {"brut": "2000", "cotisations": "840.50", "taxes": "12.25", "aides": "500", "quotite": "0.5"},
            "1176.38",
            id="(gross + contributions + taxes - aids) x share",
        ),
        pytest.param({"taux_horaire": "28.333", "heures": "100.5"}, "2847.47", id="rate x hours"),
        pytest.param({"brut": "2000", "quotite": "0.5", "heures": "10"}, "1000.00", id="hours without a rate"),
        pytest.param({"brut": "2000", "quotite": "0"}, "0.00", id="share of zero"),
        pytest.param({"brut": "2000"}, None, id="no share"),
        pytest.param({"quotite": "1"}, None, id="no gross"),
        pytest.param({"taux_horaire": "20"}, None, id="no hours"),
        pytest.param({}, None, id="nothing"),
        pytest.param({"brut": "2000", "quotite": "1", "taux_horaire": "20", "heures": "1"}, None, id="both ways"),
    ],
)
def test_staff_cost(valeurs: dict[str, str], attendu: str | None) -> None:
    found = budget.cout_personnel(rangee(Personnel, **{nom: D(valeur) for nom, valeur in valeurs.items()}))
    assert found == (None if attendu is None else D(attendu))


def test_staff_cost_is_unknown_when_an_amount_cannot_be_read() -> None:
    share: dict[str, Any] = {"brut": D(2000), "quotite": D(1)}
    assert budget.cout_personnel(rangee(Personnel, **share, illisibles=frozenset({"aides"}))) is None
    assert budget.cout_personnel(rangee(Personnel, **share, illisibles=frozenset({"debut"}))) == 2000


@pytest.mark.parametrize(
    ("assiette", "attendu"),
    [
        pytest.param(("personnel", "fonctionnement"), "2400.01", id="external services left out"),
        pytest.param(("personnel", "fonctionnement", "prestations"), "3400.01", id="all direct costs"),
    ],
)
def test_flat_rate_is_on_the_calls_base(appel37: Appel, assiette: tuple[str, ...], attendu: str) -> None:
    flat = variante(appel37.budget.charges_indirectes, assiette=assiette)
    appel = variante(appel37, budget=variante(appel37.budget, charges_indirectes=flat))
    amounts = {"personnel": D("10000"), "fonctionnement": D("2000.03"), "prestations": D("5000")}
    assert budget.charges_indirectes(amounts, appel) == D(attendu)


def test_flat_rate_is_rounded_once_not_by_category(appel37: Appel) -> None:
    amounts = {"personnel": D("0.02"), "fonctionnement": D("0.01"), "prestations": D(0)}
    assert budget.charges_indirectes(amounts, appel37) == D("0.01")


def test_flat_rate_of_half_a_cent_goes_up(appel37: Appel) -> None:
    amounts = {"personnel": D("0.125") * 5, "fonctionnement": D(0), "prestations": D(0)}
    assert budget.charges_indirectes(amounts, appel37) == D("0.13")


def test_planned_costs_by_category(appel37: Appel) -> None:
    d = dossier(
        appel37,
        personnel=[rangee(Personnel, code="P1", brut=D("100"), quotite=D("0.335")), rangee(Personnel, code="P2")],
        charges=[
            charge("F1", "10.005"),
            charge("X1", "20", "prestations"),
            charge("Z", "99", None),
            charge("F2", None),
        ],
    )
    assert budget.directes(d) == {"personnel": D("33.50"), "fonctionnement": D("10.01"), "prestations": D("20.00")}
    assert budget.total_prevu(d) == D("63.51") + D("8.70")


@pytest.mark.parametrize(
    ("valeurs", "montant", "motif"),
    [
        pytest.param({}, "100", "", id="planned, dated inside, with evidence"),
        pytest.param({"montant": D("0.125")}, "0.13", "", id="half a cent goes up"),
        pytest.param({"ligne_budget": "f1"}, "100", "", id="codes are compared without case"),
        pytest.param({"ligne_budget": "F9"}, "0", eligibilite.NON_PREVUE, id="line not planned"),
        pytest.param({"ligne_budget": None}, "0", eligibilite.NON_PREVUE, id="no line"),
        pytest.param(
            {"ligne_budget": "F9", "decision": "retenue"}, "0", eligibilite.NON_PREVUE, id="officer cannot lift it"
        ),
        pytest.param({"date_piece": DEBUT}, "100", "", id="first day"),
        pytest.param({"date_piece": date(2024, 12, 31)}, "0", eligibilite.HORS_PERIODE, id="the day before"),
        pytest.param({"date_piece": FIN, "date_paiement": FIN}, "100", "", id="last day"),
        pytest.param({"date_paiement": date(2026, 1, 1)}, "100", "", id="paid the day after the end"),
        pytest.param({"date_paiement": DEPOT}, "100", "", id="paid the day the bilan is filed"),
        pytest.param({"date_paiement": DEPOT + JOUR}, "100", eligibilite.PAIEMENT, id="paid the day after that"),
        pytest.param({"date_paiement": None}, "100", eligibilite.PAIEMENT, id="no day of payment"),
        pytest.param({"date_paiement": None, "decision": "retenue"}, "100", "", id="officer lifts the payment"),
        pytest.param(
            {"date_piece": FIN + JOUR, "prestation_au": FIN}, "100", "", id="billed after, served on the last day"
        ),
        pytest.param({"prestation_du": FIN + JOUR}, "0", eligibilite.HORS_PERIODE, id="billed before, served after"),
        pytest.param(
            {"prestation_du": FIN, "prestation_au": FIN + JOUR}, "100", eligibilite.A_CHEVAL, id="served partly after"
        ),
        pytest.param(
            {"prestation_du": DEBUT - JOUR, "prestation_au": DEBUT}, "100", eligibilite.A_CHEVAL, id="partly before"
        ),
        pytest.param({"prestation_du": FIN, "prestation_au": DEBUT}, "100", "", id="a service told backwards"),
        pytest.param({"montant_retenu": D(100)}, "100", "", id="the officer's part is the whole"),
        pytest.param({"montant_retenu": D("99.99")}, "99.99", eligibilite.EN_PARTIE, id="a cent less"),
        pytest.param({"montant_retenu": D("100.01")}, "100", "", id="never more than the expense"),
        pytest.param({"montant_retenu": D(0)}, "0", eligibilite.EN_PARTIE, id="a part of nothing"),
        pytest.param(
            {"montant_retenu": D(40), "justificatif": None}, "40", eligibilite.EN_PARTIE, id="a part lifts too"
        ),
        pytest.param(
            {"montant_retenu": D(40), "decision": "refusee"}, "0", eligibilite.REFUSEE, id="refused all the same"
        ),
        pytest.param(
            {"montant_retenu": D(40), "ligne_budget": "F9"}, "0", eligibilite.NON_PREVUE, id="a part of nothing planned"
        ),
        pytest.param({"montant": D(-30), "justificatif": None, "date_piece": FIN + JOUR}, "-30", "", id="credit note"),
        pytest.param({"montant": D(-30), "decision": "a_justifier"}, "-30", "", id="credit note to justify"),
        pytest.param({"montant": D(-30), "decision": "refusee"}, "0", eligibilite.REFUSEE, id="credit note refused"),
        pytest.param({"date_piece": date(2026, 1, 1), "decision": "retenue"}, "100", "", id="officer lifts the dates"),
        pytest.param({"justificatif": False}, "0", eligibilite.SANS_JUSTIFICATIF, id="no evidence"),
        pytest.param({"justificatif": None}, "0", eligibilite.SANS_JUSTIFICATIF, id="evidence blank"),
        pytest.param({"justificatif": None, "decision": "retenue"}, "100", "", id="officer lifts the evidence"),
        pytest.param({"decision": "refusee"}, "0", eligibilite.REFUSEE, id="officer refuses"),
        pytest.param({"decision": "a_justifier"}, "0", eligibilite.A_JUSTIFIER, id="officer asks for evidence"),
        pytest.param({"date_piece": None}, "100", "", id="an unknown date is not outside"),
        pytest.param({"montant": None}, "0", "", id="no amount"),
    ],
)
def test_what_can_be_retained_of_an_expense(appel37: Appel, valeurs: dict[str, Any], montant: str, motif: str) -> None:
    base: dict[str, Any] = {
        "ligne_budget": "F1",
        "montant": D(100),
        "date_piece": date(2025, 5, 5),
        "date_paiement": date(2025, 5, 6),
        "justificatif": True,
    }
    d = dossier(appel37, charges=[charge("F1", "1000")], date_bilan=DEPOT)
    found = eligibilite.juger(rangee(Depense, **(base | valeurs)), d)
    assert (found.admissible, found.motif) == (D(montant), motif)


@pytest.mark.parametrize(
    ("taux", "convention", "reel", "retenu"),
    [
        pytest.param("0", None, "99.99", "99.99", id="under the plan"),
        pytest.param("0", None, "100.01", "100.00", id="over the plan"),
        pytest.param("0.10", None, "120", "110.00", id="the call's tolerance"),
        pytest.param("0.10", "0", "120", "100.00", id="the convention replaces the call"),
        pytest.param("0", "0.05", "120", "105.00", id="the convention alone"),
    ],
)
def test_a_line_is_capped_at_what_was_planned(
    appel37: Appel, taux: str, convention: str | None, reel: str, retenu: str
) -> None:
    d = dossier(
        fongible(appel37, taux),
        charges=[charge("F1", "100")],
        depenses=[depense(reel)],
        fongibilite=None if convention is None else D(convention),
    )
    [ligne] = budget.lignes(d)
    assert (ligne.depense, ligne.retenu, ligne.ecart) == (D(reel), D(retenu), D(100) - D(reel))


def test_half_a_cent_of_the_cap_goes_up(appel37: Appel) -> None:
    d = dossier(fongible(appel37, "0.05"), charges=[charge("F1", "0.10")], depenses=[depense("5")])
    assert budget.lignes(d)[0].retenu == D("0.11")


def test_a_category_can_be_capped_instead_of_its_lines(appel37: Appel) -> None:
    lines = [charge("F1", "100"), charge("F2", "100"), charge("X1", "50", "prestations")]
    spent = [depense("150"), depense("80", "F2"), depense("70", "X1")]
    by_line = dossier(fongible(appel37, "0"), charges=lines, depenses=spent)
    by_poste = dossier(fongible(appel37, "0", Niveau.POSTE), charges=lines, depenses=spent)
    assert budget.retenu_par_poste(by_line) == {"personnel": 0, "fonctionnement": D(180), "prestations": D(50)}
    assert budget.retenu_par_poste(by_poste) == {"personnel": 0, "fonctionnement": D(200), "prestations": D(50)}
    assert [ligne.retenu for ligne in budget.lignes(by_poste)] == [D(150), D(80), D(70)]


def test_flat_rate_is_recomputed_on_what_is_retained(appel37: Appel) -> None:
    d = dossier(
        appel37,
        charges=[charge("F1", "1000"), charge("X1", "1000", "prestations")],
        depenses=[depense("600"), depense("300", "X1"), depense("5000", "F9")],
    )
    assert budget.total_retenu(d) == D("600") + D("300") + D("120")


def test_expenses_of_a_repeated_code_are_counted_once(appel37: Appel) -> None:
    d = dossier(appel37, charges=[charge("F1", "100"), charge("f1", "100")], depenses=[depense("150")])
    assert [(ligne.depense, ligne.retenu) for ligne in budget.lignes(d)] == [(D(150), D(100)), (D(0), D(0))]


def test_a_line_of_unknown_cost_retains_nothing(appel37: Appel) -> None:
    d = dossier(
        appel37,
        personnel=[rangee(Personnel, code="P1", salarie="Durand", role="encadrant")],
        depenses=[depense("9", "P1")],
    )
    [ligne] = budget.lignes(d)
    assert (ligne.prevu, ligne.depense, ligne.retenu, ligne.ecart) == (None, D(9), D(0), None)
    assert (ligne.libelle, ligne.poste) == ("Encadrant technique", "personnel")


def _balance(**valeurs: Any) -> solde.Solde:
    """1 200 € retained (1 000 + 20 %) unless told otherwise; 50 000 € ceiling."""
    reel = valeurs.pop("reel", "1000")
    ressources = valeurs.pop("ressources", ())
    lines, spent = [charge("F1", "90000")], [depense(reel)]
    return solde.solde(dossier(APPEL, charges=lines, depenses=spent, ressources=ressources, **valeurs))


@pytest.mark.parametrize(
    ("valeurs", "du", "raison"),
    [
        pytest.param({"subvention_votee": D(1000)}, "1000", solde.VOTEE, id="voted grant"),
        pytest.param({"subvention_votee": D(60000), "reel": "80000"}, "50000", solde.PLAFOND, id="ceiling"),
        pytest.param(
            {"subvention_votee": D(5000), "taux_intervention": D("0.8")}, "960", solde.INTERVENTION, id="rate"
        ),
        pytest.param({"subvention_votee": D(5000)}, "1200", solde.BESOIN, id="retained less other resources"),
        pytest.param(
            {"subvention_votee": D(5000), "ressources": [rangee(Ressource, type="prive", prevu=D(1500))]},
            "0",
            solde.BESOIN,
            id="never below zero",
        ),
        pytest.param({"subvention_votee": D(1200)}, "1200", solde.VOTEE, id="a tie is the voted grant"),
    ],
)
def test_the_grant_due_is_the_least_and_says_which(valeurs: dict[str, Any], du: str, raison: str) -> None:
    found = _balance(avance=D(0), **valeurs)
    assert (found.du, found.raison) == (D(du), raison)
    assert (found.solde, found.a_reverser) == (D(du), D(0))


@pytest.mark.parametrize(
    ("avance", "reste", "a_reverser"),
    [("400", "600", "0"), ("1000", "0", "0"), ("1000.01", "0", "0.01"), ("0", "1000", "0")],
)
def test_balance_and_amount_to_give_back(avance: str, reste: str, a_reverser: str) -> None:
    found = _balance(subvention_votee=D(1000), avance=D(avance))
    assert (found.solde, found.a_reverser) == (D(reste), D(a_reverser))


def test_every_step_of_the_balance_is_rounded_half_up() -> None:
    found = _balance(reel="1000.125", subvention_votee=D("900.005"), avance=D("100.005"), taux_intervention=D("0.8"))
    assert (found.retenu, found.intervention) == (D("1200.16"), D("960.13"))
    assert (found.du, found.solde) == (D("900.01"), D("800.00"))
    spent = dossier(APPEL, charges=[charge("F1", "1")], depenses=[depense("0.125"), depense("0.125", "F9")])
    assert (budget.lignes(spent)[0].depense, budget.hors_budget(spent)) == (D("0.13"), D("0.13"))


def test_nothing_is_invented_until_it_is_filled_in() -> None:
    found = _balance(avance=D(100))
    assert (found.du, found.raison, found.solde, found.a_reverser) == (None, "", None, None)
    found = _balance(subvention_votee=D(1000))
    assert (found.du, found.solde, found.a_reverser) == (D(1000), None, None)
    assert (found.intervention, found.taux, found.avance) == (None, None, None)


def test_a_call_without_a_ceiling_has_none(appel33: Appel) -> None:
    d = dossier(
        appel33,
        charges=[charge("F1", "90000")],
        depenses=[depense("80000")],
        subvention_votee=D(70000),
    )
    found = solde.solde(d)
    assert (found.plafond, found.du, found.raison) == (None, D(70000), solde.VOTEE)


def test_other_resources_count_what_was_obtained_else_what_was_planned() -> None:
    rows = [
        rangee(Ressource, type="departement", prevu=D(1000), realise=D(900)),
        rangee(Ressource, type="prive", prevu=D(100), realise=D(0)),
        rangee(Ressource, type="prive", prevu=D("20.005")),
        rangee(Ressource, type=None, prevu=D(5)),
    ]
    d = dossier(APPEL, ressources=rows)
    assert solde.autres_ressources(d) == D("25.01")
    assert solde.total_ressources(d) == D("1125.01")
    half_cent = dossier(APPEL, ressources=[rangee(Ressource, type="ue", realise=D("0.125"))])
    found = {item.code: (item.prevu, item.realise) for item in solde.ressources(d)}
    assert found["prive"] == (D("120.01"), D(0))
    [item] = [item for item in solde.ressources(half_cent) if item.code == "ue"]
    assert item.realise == D("0.13")
    assert found["ue"] == (D(0), None)


@pytest.mark.parametrize("realise", [None, D(0), D(4600)], ids=["not said", "none", "said"])
def test_the_carriers_own_funds_never_move_the_balance(realise: Decimal | None) -> None:
    """What remains to be paid is theirs: 29 600 € retained, no other resource, a grant of 25 000 €."""
    own = rangee(Ressource, type="fonds_propres", prevu=D(4600), realise=realise)
    d = dossier(
        APPEL,
        charges=[charge("F1", "24666.67")],
        depenses=[depense("24666.67")],
        ressources=[own],
        subvention_votee=D(25000),
        avance=D(12500),
    )
    found = solde.solde(d)
    assert (found.retenu, found.autres_ressources, found.du, found.solde) == (D("29600.00"), D(0), D(25000), D(12500))


def eligible(**valeurs: Any) -> Appel:
    eligibilite_ = variante(APPEL.budget.eligibilite, **valeurs)
    return variante(APPEL, budget=variante(APPEL.budget, eligibilite=eligibilite_))


_CONVENTION = date(2025, 11, 30)
HORS, A_CHEVAL, PAIEMENT = eligibilite.HORS_PERIODE, eligibilite.A_CHEVAL, eligibilite.PAIEMENT


@pytest.mark.parametrize(
    ("regle", "valeurs", "montant", "motif"),
    [
        pytest.param({"date": "piece"}, {"prestation_du": FIN + JOUR}, "100", "", id="the document's day"),
        pytest.param(
            {"date": "piece"},
            {"date_piece": FIN + JOUR, "prestation_du": FIN},
            "0",
            HORS,
            id="late",
        ),
        pytest.param({"tolerance_jours": 3}, {"date_piece": FIN + 3 * JOUR}, "100", "", id="three days are tolerated"),
        pytest.param({"tolerance_jours": 3}, {"date_piece": FIN + 4 * JOUR}, "0", HORS, id="not four"),
        pytest.param({"tolerance_jours": 3}, {"date_piece": DEBUT - 3 * JOUR}, "100", "", id="three days before too"),
        pytest.param(
            {"tolerance_jours": 3},
            {"date_piece": DEBUT - 4 * JOUR},
            "0",
            HORS,
            id="not four before",
        ),
        pytest.param({"fin_anticipee": "borne"}, {"date_piece": _CONVENTION}, "100", "", id="last day of it"),
        pytest.param(
            {"fin_anticipee": "borne"},
            {"date_piece": _CONVENTION + JOUR},
            "0",
            HORS,
            id="day after",
        ),
        pytest.param(
            {"fin_anticipee": "a_verifier"},
            {"date_piece": _CONVENTION + JOUR},
            "100",
            A_CHEVAL,
            id="told and kept by default",
        ),
        pytest.param({"fin_anticipee": "ignoree"}, {"date_piece": _CONVENTION + JOUR}, "100", "", id="or ignored"),
        pytest.param({"paiement": "libre"}, {"date_paiement": None}, "100", "", id="no rule of payment"),
        pytest.param({"paiement": "dans_operation"}, {"date_paiement": FIN}, "100", "", id="paid the last day"),
        pytest.param(
            {"paiement": "dans_operation"},
            {"date_paiement": FIN + JOUR},
            "100",
            PAIEMENT,
            id="paid after it",
        ),
        pytest.param(
            {"a_verifier_retenu": False},
            {"date_paiement": DEPOT + JOUR},
            "0",
            PAIEMENT,
            id="not retained late",
        ),
        pytest.param({"a_verifier_retenu": False}, {"date_paiement": DEPOT}, "100", "", id="retained in time"),
        pytest.param({"a_verifier_retenu": False}, {"date_paiement": None}, "0", PAIEMENT, id="nor without a day"),
    ],
)
def test_a_call_says_which_dates_and_payments_count(
    regle: dict[str, Any], valeurs: dict[str, Any], montant: str, motif: str
) -> None:
    base: dict[str, Any] = {"date_paiement": date(2025, 5, 6)}
    d = dossier(
        eligible(**({"fin_anticipee": "ignoree"} | regle)),
        charges=[charge("F1", "1000")],
        date_bilan=DEPOT,
        date_fin_convention=_CONVENTION,
    )
    found = eligibilite.juger(depense("100", **(base | valeurs)), d)
    assert (found.admissible, found.motif) == (D(montant), motif)


def salaire(ligne: str, mois: date, brut: str = "1000", **valeurs: Any) -> Salaire:
    base: dict[str, Any] = {"quotite": D("0.5"), "date_paiement": mois, "justificatif": True}
    return rangee(Salaire, ligne_budget=ligne, mois=mois, brut=D(brut), **(base | valeurs))


def test_salaries_really_paid_are_the_expense_of_their_line_counted_once() -> None:
    staff = [rangee(Personnel, code=code, brut=D(9000), quotite=D(1)) for code in ("P1", "P2")]
    months = [date(2025, month, 28) for month in (1, 2)]
    paid = [salaire("p1", le, cotisations=D("400.01"), aides=D(100)) for le in months]
    paid.append(salaire("P1", date(2024, 12, 31)))
    spent = [depense("700", "P1"), depense("300", "P2"), depense("7", "F1")]
    d = dossier(APPEL, personnel=staff, charges=[charge("F1", "50")], depenses=spent)
    d.tables = {**d.tables, "salaires": [*paid, salaire("F1", months[0]), salaire("P9", months[0])]}
    by_line = {ligne.code: (ligne.depense, ligne.retenu) for ligne in budget.lignes(d)}
    assert by_line == {"P1": (D("1800.02"), D("1300.02")), "P2": (D(300), D(300)), "F1": (D(7), D(7))}
    assert eligibilite.jugees(d)[0].motif == eligibilite.DANS_SALAIRES
    assert budget.hors_budget(d) == D(1000)
    assert budget.total_depense(d) == D("1800.02") + D(300) + D(7) + D(1000)


@pytest.mark.parametrize(
    ("valeurs", "attendu"),
    [
        ({"cotisations": D("0.01")}, "500.01"),
        ({"aides": D("0.01")}, "500.00"),
        ({"quotite": None}, None),
        ({"brut": None}, None),
        ({"illisibles": frozenset({"cotisations"})}, None),
        ({"illisibles": frozenset({"mois"})}, "500.00"),
    ],
)
def test_cost_of_a_month(valeurs: dict[str, Any], attendu: str | None) -> None:
    row = rangee(Salaire, **({"brut": D(1000), "quotite": D("0.5")} | valeurs))
    assert eligibilite.cout_salaire(row) == (None if attendu is None else D(attendu))


@pytest.mark.parametrize(
    ("ajustement", "du"), [(None, "600"), ("0", "600"), ("-100.005", "499.99"), ("-600.01", "0"), ("1000", "1000")]
)
def test_the_grant_is_adjusted_between_nothing_and_what_was_voted(ajustement: str | None, du: str) -> None:
    own = {"taux_intervention": D("0.5"), "ajustement": None if ajustement is None else D(ajustement)}
    found = _balance(subvention_votee=D(1000), avance=D(0), **own)
    assert (found.calcule, found.du, found.raison) == (D(600), D(du), solde.INTERVENTION)


def test_a_credit_note_never_makes_a_line_negative() -> None:
    d = dossier(APPEL, charges=[charge("F1", "100")], depenses=[depense("20"), depense("-50")])
    [ligne] = budget.lignes(d)
    assert (ligne.depense, ligne.admissible, ligne.retenu) == (D(-30), D(-30), D(0))


days = st.dates(date(2024, 12, 1), date(2026, 4, 30))
maybe = st.none() | days
_CLES = ("date", "paiement", "tolerance_jours", "fin_anticipee", "a_verifier_retenu")
regles = st.builds(
    lambda *values: eligible(**dict(zip(_CLES, values, strict=True))),
    st.sampled_from(["prestation", "piece"]),
    st.sampled_from(["libre", "avant_depot", "dans_operation"]),
    st.integers(0, 40),
    st.sampled_from(["ignoree", "a_verifier", "borne"]),
    st.booleans(),
)
costs = st.fixed_dictionaries(
    {
        "montant": st.decimals(-1000, 1000, places=2),
        "date_piece": maybe,
        "prestation_du": maybe,
        "prestation_au": maybe,
        "justificatif": st.sampled_from([True, True, False, None]),
        "decision": st.sampled_from([None, None, "retenue", "refusee", "a_justifier"]),
        "montant_retenu": st.none() | st.decimals(0, 1000, places=2),
    }
)


@given(regles, costs, days, maybe, maybe)
def test_leaving_the_payment_blank_is_never_better_than_a_date(
    appel: Appel, cost: dict[str, Any], paid: date, depot: date | None, convention: date | None
) -> None:
    d = dossier(appel, charges=[charge("F1", "1000")], date_bilan=depot, date_fin_convention=convention)
    blank, dated = (
        eligibilite.juger(rangee(Depense, ligne_budget="F1", date_paiement=le, **cost), d) for le in (None, paid)
    )
    assert blank.admissible <= dated.admissible
    assert bool(dated.motif) <= bool(blank.motif)
    assert min(D(0), dated.montant) <= dated.admissible <= max(D(0), dated.montant)


amounts = st.decimals(0, 100000, places=2)
rates = st.decimals(0, 1, places=2)
codes = st.sampled_from(["F1", "F2", "X1", "Z9"])
expenses = st.lists(
    st.builds(
        lambda montant, ligne, jour, piece, decision: depense(
            str(montant), ligne, date_piece=jour, justificatif=piece, decision=decision
        ),
        amounts,
        codes,
        st.dates(date(2024, 12, 1), date(2026, 1, 31)),
        st.sampled_from([True, True, False, None]),
        st.sampled_from([None, None, "retenue", "refusee", "a_justifier"]),
    ),
    max_size=10,
)


def _generated(spent: list[Depense], planned: list[Decimal], taux: Decimal, niveau: Niveau) -> Donnees:
    lines = [
        charge(code, str(prevu), poste)
        for code, prevu, poste in zip(
            ("F1", "F2", "X1"), planned, ("fonctionnement", "fonctionnement", "prestations"), strict=True
        )
    ]
    return dossier(fongible(APPEL, str(taux), niveau), charges=lines, depenses=spent)


three = st.lists(amounts, min_size=3, max_size=3)


@given(expenses, three, rates, st.sampled_from(list(Niveau)))
@pytest.mark.slow
def test_retained_never_exceeds_the_plan_nor_the_spending(
    spent: list[Depense], planned: list[Decimal], taux: Decimal, niveau: Niveau
) -> None:
    d = _generated(spent, planned, taux, niveau)
    prevu, retenu, depenses = budget.directes(d), budget.retenu_par_poste(d), budget.depense_par_poste(d)
    for poste in retenu:
        assert 0 <= retenu[poste] <= depenses[poste]
        assert retenu[poste] <= prevu[poste] * (1 + taux) + D("0.01") * 3
    assert budget.total_retenu(d) >= sum(retenu.values())


@given(expenses, three, rates, st.sampled_from(list(Niveau)), st.randoms())
@pytest.mark.slow
def test_retained_does_not_depend_on_the_order_of_rows(
    spent: list[Depense], planned: list[Decimal], taux: Decimal, niveau: Niveau, shuffle: Any
) -> None:
    mixed = list(spent)
    shuffle.shuffle(mixed)
    one, other = _generated(spent, planned, taux, niveau), _generated(mixed, planned, taux, niveau)
    assert budget.total_retenu(one) == budget.total_retenu(other)


@given(expenses, three, rates)
def test_every_expense_is_on_a_line_or_outside_the_plan(
    spent: list[Depense], planned: list[Decimal], taux: Decimal
) -> None:
    d = _generated(spent, planned, taux, Niveau.LIGNE)
    booked = sum((ligne.depense for ligne in budget.lignes(d)), D(0))
    assert booked + budget.hors_budget(d) == sum((e.montant or D(0) for e in spent), D(0))


@given(st.none() | amounts, st.none() | amounts, st.none() | rates, amounts, amounts)
def test_the_balance_is_coherent(
    votee: Decimal | None, avance: Decimal | None, taux: Decimal | None, reel: Decimal, autres: Decimal
) -> None:
    found = _balance(
        subvention_votee=votee,
        avance=avance,
        taux_intervention=taux,
        reel=str(reel),
        ressources=[rangee(Ressource, type="prive", prevu=autres)],
    )
    if votee is None:
        assert found.du is None
    else:
        assert found.du is not None
        assert 0 <= found.du <= min(votee, D(50000))
    if found.du is None or avance is None:
        assert found.solde is found.a_reverser is None
    else:
        assert found.solde is not None
        assert found.a_reverser is not None
        assert found.solde - found.a_reverser == found.du - avance
        assert 0 in {found.solde, found.a_reverser}


@pytest.mark.parametrize(
    ("montants", "attendue"), [((), "0"), (("1.10", None, "2.20"), "3.30"), ((None,), "0"), (("-1", "1"), "0")]
)
def test_amounts_that_are_known_are_added(montants: tuple[str | None, ...], attendue: str) -> None:
    assert somme(None if montant is None else D(montant) for montant in montants) == D(attendue)
