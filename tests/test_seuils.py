"""The sense of a call's limits: « douze mois au plus » or « moins de douze mois », and so for money and days."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from modeles import variante

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, operation
from aap_xl.domain.computed import calculer
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.solde import solder
from aap_xl.domain.syntheses_budget import DEPASSE, RESPECTE

DEBUT = dt.date(2025, 3, 1)


def _messages(appel: Appel, code: str, *, immersions: Any = (), **champs: Any) -> list[str]:
    form: Any = operation(appel)(**champs)
    rows: Any = [modele(appel, "immersions")(participant="A1", hote="Garage", **row) for row in immersions]
    d = Donnees(appel=appel, operation=form, tables={"immersions": rows}, aujourdhui=dt.date(2025, 6, 1))
    return [a.message for a in controler(d) if a.code == code]


@pytest.mark.parametrize(
    ("strict", "fin", "dit"),
    [
        (False, "2026-02-28", ""),
        (False, "2026-03-01", "dépasse 12 mois ; ramenez-la au 28/02/2026"),
        (True, "2026-02-27", ""),
        (True, "2026-02-28", "atteint 12 mois ; ramenez-la au 27/02/2026"),
    ],
)
def test_the_length_of_an_operation(appel33: Appel, strict: bool, fin: str, dit: str) -> None:
    appel = variante(appel33, operation=variante(appel33.operation, duree_max_strict=strict))
    found = _messages(appel, "O07", date_debut=DEBUT, date_fin=dt.date.fromisoformat(fin))
    assert [dit in message for message in found] == ([True] if dit else [])


@pytest.mark.parametrize(
    ("strict", "montant", "dit"),
    [
        (False, "50000", ""),
        (False, "50000.01", "dépassent le plafond de 50 000,00 € par projet ; ramenez la subvention à ce plafond"),
        (True, "49999.99", ""),
        (
            True,
            "50000",
            "atteignent ou dépassent le plafond de 50 000,00 € par projet ; ramenez la subvention à 49 999,99 €",
        ),
    ],
)
def test_the_ceiling_of_a_grant(appel37: Appel, strict: bool, montant: str, dit: str) -> None:
    appel = variante(appel37, budget=variante(appel37.budget, plafond_strict=strict))
    found = _messages(appel, "O11", subvention_demandee=Decimal(montant))
    assert [
        dit in message.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") for message in found
    ] == ([True] if dit else [])
    asked: dict[str, Any] = {"subvention_demandee": Decimal(montant)}
    form = operation(appel)(**asked)
    d = Donnees(appel=appel, operation=form, tables={}, aujourdhui=dt.date(2025, 6, 1))
    assert calculer("budget.plafond_constat", d) == (DEPASSE if dit else RESPECTE)


@pytest.mark.parametrize(("strict", "due"), [(False, "50000"), (True, "49999.99")])
def test_the_grant_due_stays_under_the_ceiling(appel37: Appel, strict: bool, due: str) -> None:
    appel = variante(appel37, budget=variante(appel37.budget, plafond_strict=strict))
    amounts: dict[str, Any] = {
        "retenu": Decimal(90000),
        "autres": Decimal(0),
        "votee": Decimal(60000),
        "avance": Decimal(0),
    }
    assert solder(appel, taux=None, **amounts).du == Decimal(due)


@pytest.mark.parametrize(
    ("strict", "fin", "dit"),
    [
        (False, "2025-03-31", ""),
        (False, "2025-04-01", "dépasse 1 mois, soit le 31/03/2025"),
        (True, "2025-03-30", ""),
        (True, "2025-03-31", "atteint 1 mois, soit le 30/03/2025"),
    ],
)
def test_the_length_of_an_immersion(appel33: Appel, strict: bool, fin: str, dit: str) -> None:
    appel = variante(appel33, immersions=variante(appel33.immersions, duree_max_strict=strict))
    found = _messages(appel, "I03", immersions=[{"date_debut": DEBUT, "date_fin": dt.date.fromisoformat(fin)}])
    assert [dit in message for message in found] == ([True] if dit else [])


@pytest.mark.parametrize(("fin", "dits"), [("2025-02-27", 0), ("2025-02-28", 1)])
def test_an_immersion_of_less_than_a_month_in_february(appel33: Appel, fin: str, dits: int) -> None:
    appel = variante(appel33, immersions=variante(appel33.immersions, duree_max_strict=True))
    row: dict[str, Any] = {"date_debut": dt.date(2025, 2, 1), "date_fin": dt.date.fromisoformat(fin)}
    assert len(_messages(appel, "I03", immersions=[row])) == dits


@pytest.mark.parametrize(
    ("strict", "jours", "dit"), [(False, 60, ""), (False, 61, "60 au plus"), (True, 59, ""), (True, 60, "59 au plus")]
)
def test_the_days_of_immersion_at_one_host(appel33: Appel, strict: bool, jours: int, dit: str) -> None:
    appel = variante(appel33, immersions=variante(appel33.immersions, jours_max_strict=strict))
    row = {"date_debut": DEBUT, "date_fin": DEBUT + dt.timedelta(days=jours - 1)}
    found = _messages(appel, "I05", immersions=[row])
    assert [dit in message for message in found] == ([True] if dit else [])
