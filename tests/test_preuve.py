"""What the dates of a contract prove at a follow-up point, and what an expense's date is: each side of each limit."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import cas as cases
import pytest
from cas import Cas
from modeles import rangee, variante

from aap_xl.appels.model import Appel
from aap_xl.domain import eligibilite, solde, syntheses_budget
from aap_xl.domain.bilan.controle import lignes_lues
from aap_xl.domain.bilan.personnes import personnes
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.personnes import place
from aap_xl.domain.preuve import fautes_suivi, premier_jour
from aap_xl.rows import Charge, Depense, Participant

_SORTIE = date(2025, 4, 30)
_JOUR = timedelta(days=1)


def _donnees(appel: Appel, *people: Participant, **changes: Any) -> Donnees:
    d = cases.donnees(appel, Cas("cas", appel.identite.code, "", [], **changes))
    d.tables = {**d.tables, "participants": list(people)}
    return d


def _point(appel: Appel) -> Any:
    return appel.volets[-1]


@pytest.mark.parametrize(("ecart", "dit"), [(-1, True), (0, False), (1, False)])
def test_a_point_made_before_its_first_day_proves_nothing(appel33: Appel, ecart: int, *, dit: bool) -> None:
    point = _point(appel33)
    first = premier_jour(_SORTIE, point)
    p = rangee(Participant, date_sortie=_SORTIE, **{point.date: first + ecart * _JOUR})
    assert ("S16" in [*fautes_suivi(p, point, appel33)]) is dit


@pytest.mark.parametrize(("ecart", "dit"), [(-1, True), (0, False), (1, False)])
def test_a_contract_that_ends_on_the_day_of_the_point_is_held_that_day(
    appel33: Appel, ecart: int, *, dit: bool
) -> None:
    point, le = _point(appel33), date(2025, 11, 5)
    own = {point.date: le, point.debut: date(2025, 5, 5), point.fin: le + ecart * _JOUR}
    p = rangee(Participant, date_sortie=_SORTIE, **own)
    assert ("S17" in [*fautes_suivi(p, point, appel33)]) is dit


def test_an_expense_without_any_date_has_no_period(appel37: Appel) -> None:
    undated = rangee(Depense, montant=Decimal(1))
    assert eligibilite.prestation(undated, appel37.budget.eligibilite) is None
    assert (eligibilite.A_CHEVAL, eligibilite.PAIEMENT) == ("Période à vérifier", "Paiement à vérifier")


def test_a_stay_that_names_no_action_is_the_last_of_none(appel33: Appel) -> None:
    days = [(date(2025, 3, 3), date(2025, 3, 28)), (date(2025, 5, 5), None)]
    stays = [
        rangee(Participant, code="P1", nom="EXEMPLE", prenom="Zoé", date_entree=a, date_sortie=b, action=action)
        for (a, b), action in zip(days, (None, "A1"), strict=True)
    ]
    d = _donnees(appel33, *stays)
    assert [place(p, d) for p in stays] == ["Antérieur", "Dernier"]


def test_the_limits_of_a_grant_are_named_in_their_order(appel37: Appel) -> None:
    found = solde.solder(
        appel37, retenu=Decimal(100), autres=Decimal(10), votee=Decimal("80.005"), taux=None, avance=None
    )
    assert found.limites == (
        ("Subvention votée", Decimal("80.01")),
        ("Plafond de l'appel à projets", Decimal(50000)),
        ("Dépenses retenues × taux d'intervention", None),
        ("Dépenses retenues − autres ressources", Decimal(90)),
    )


def test_lines_set_aside_add_up(appel33: Appel) -> None:
    d = _donnees(appel33)
    d.ecartees = {"participants": 2, "depenses": 3}
    table = lignes_lues(d)
    assert table.total is not None
    assert table.total[-1] == 5
    assert table.total[1] == sum(int(str(row[1])) for row in table.lignes)


def test_words_that_conclude(appel33: Appel, appel37: Appel) -> None:
    assert (syntheses_budget.RESPECTE, syntheses_budget.DEPASSE) == ("Plafond respecté", "Plafond dépassé")
    assert "(majorité non calculable)" in personnes(_donnees(appel33)).note


def _messages(d: Donnees, code: str) -> list[str]:
    return [item.message for item in controler(d) if item.code == code]


@pytest.mark.parametrize(("nombre", "lignes"), [(8, "11 et 12)"), (9, "12 et d'autres)")])
def test_eight_lines_are_cited_then_others(appel33: Appel, nombre: int, lignes: str) -> None:
    people = [
        rangee(
            Participant,
            code=f"P{n}",
            nom=f"EXEMPLE-{n}",
            prenom="Zoé",
            date_naissance=date(1980 + n, 1, 1),
            date_entree=date(2025, 5, 5),
            ligne=n,
        )
        for n in range(5, 5 + nombre)
    ]
    [message] = _messages(_donnees(appel33, *people), "P17")
    assert lignes in message


def test_a_payment_outside_the_operation_says_its_dates(appel37: Appel) -> None:
    rule = variante(appel37.budget.eligibilite, paiement="dans_operation")
    appel = variante(appel37, budget=variante(appel37.budget, eligibilite=rule))
    d = _donnees(appel, operation={"date_debut": date(2025, 3, 1), "date_fin": date(2025, 12, 31)})
    planned = [rangee(Charge, code="F1", poste="fonctionnement", libelle="Outils", prevu=Decimal(9))]
    own = {"date_piece": date(2025, 5, 5), "date_paiement": date(2025, 2, 28), "justificatif": True}
    spent = [rangee(Depense, document="D1", ligne_budget="F1", montant=Decimal(9), ligne=5, **own)]
    d.tables = {**d.tables, "charges": planned, "depenses": spent}
    [message] = _messages(d, "D08")
    assert "payée le 28/02/2025, hors de l'opération (01/03/2025" in message.replace("du ", "")
