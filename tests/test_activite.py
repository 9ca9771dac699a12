"""Hours against the range, days of immersion, committees held, links."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from modeles import rangee, variante

from aap_xl.appels.model import Appel
from aap_xl.domain import activite
from aap_xl.domain.data import Donnees
from aap_xl.rows import Comite, Heure, Immersion, Operation, Partenaire


def donnees(appel: Appel, **tables: Any) -> Donnees:
    return Donnees(appel, rangee(Operation), tables, date(2025, 6, 1))


@pytest.mark.parametrize(
    ("travail", "repere"),
    [
        (None, ""),
        ("0", "Sous le minimum"),
        ("3.99", "Sous le minimum"),
        ("4", "Dans la fourchette"),
        ("20", "Dans la fourchette"),
        ("20.01", "Passage en CDDI"),
    ],
)
def test_four_to_twenty_hours_bounds_included(appel37: Appel, travail: str | None, repere: str) -> None:
    heure = rangee(Heure, travail=None if travail is None else Decimal(travail))
    assert activite.repere(heure, appel37) == repere
    assert activite.repere(heure, variante(appel37, heures=None)) == ""


@pytest.mark.parametrize(
    ("debut", "fin", "jours"),
    [
        (date(2025, 3, 3), date(2025, 3, 3), 1),
        (date(2025, 3, 3), date(2025, 3, 7), 5),
        (date(2025, 3, 3), date(2025, 3, 2), None),
        (None, date(2025, 3, 2), None),
        (date(2025, 3, 3), None, None),
    ],
)
def test_days_of_an_immersion_include_both_bounds(debut: date | None, fin: date | None, jours: int | None) -> None:
    assert activite.jours(rangee(Immersion, date_debut=debut, date_fin=fin)) == jours


def test_committees_held_are_those_of_today_and_before(appel33: Appel) -> None:
    days = [date(2025, 6, 2), date(2025, 6, 1), None, date(2025, 3, 1)]
    found = activite.comites_tenus(donnees(appel33, comites=[rangee(Comite, date_reunion=le) for le in days]))
    assert [row.date_reunion for row in found] == [date(2025, 3, 1), date(2025, 6, 1)]


@pytest.mark.parametrize(
    ("debut", "fin", "held"),
    [
        pytest.param(date(2025, 4, 1), date(2025, 5, 31), 2, id="bounds included"),
        pytest.param(date(2025, 4, 1), date(2025, 12, 31), 3, id="none of those to come"),
        pytest.param(date(2025, 4, 1), None, 4, id="an end not known excludes none"),
        pytest.param(date(2025, 5, 31), date(2025, 4, 1), 4, id="nor do dates that contradict each other"),
    ],
)
def test_committees_of_the_operation(appel33: Appel, debut: date, fin: date | None, held: int) -> None:
    days = [date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 31), date(2025, 6, 1), date(2025, 6, 2)]
    d = donnees(appel33, comites=[rangee(Comite, date_reunion=le) for le in days])
    dated = Donnees(appel33, rangee(Operation, date_debut=debut, date_fin=fin), d.tables, d.aujourdhui)
    assert len(activite.comites_de_l_operation(dated)) == held


def test_hours_of_people_and_of_staff_are_never_added(appel37: Appel) -> None:
    rows = [
        rangee(Heure, travail=Decimal(8), accompagnement=Decimal("1.5"), accompagnement_equipe=Decimal(3)),
        rangee(Heure, travail=Decimal("7.5"), encadrement=Decimal(2), encadrement_equipe=Decimal(4)),
    ]
    assert activite.heures(donnees(appel37, heures=rows)) == activite.TotalHeures(
        travail=Decimal("15.5"),
        accompagnement=Decimal("1.5"),
        encadrement=Decimal(2),
        accompagnement_equipe=Decimal(3),
        encadrement_equipe=Decimal(4),
    )


def test_links_by_nature_with_those_of_none_last(appel33: Appel) -> None:
    rows = [rangee(Partenaire, nature="visite", personnes=3), rangee(Partenaire, personnes=1)]
    found = activite.liens(donnees(appel33, partenaires=rows))
    assert ("visite", 1, 3) in found
    assert found[-1] == (None, 1, 1)
    assert sum(number for _, number, _ in found) == 2
