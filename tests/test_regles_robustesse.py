"""Whatever is typed, the rules answer: contradictory, missing, unreadable and absurd cells in every table."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import cas as cases
import pytest

from aap_xl.anomalies import RULES
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.cells import Origin
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.rows import Champ, Nature, Operation, Row

FICTIFS = Path(__file__).parent / "appels"
_DATES = (date(1900, 1, 1), date(2025, 3, 1), date(2026, 2, 28), date(2199, 12, 31))
_NOMBRES = tuple(map(Decimal, ("-1", "0", "0.5", "5.5", "6", "999999999999999.99")))
_TEXTES = ("A1", "K01", "P1", "x", "é ;, y", "12345678200010", "   ")


def _value(rng: Random, appel: Appel, champ: Champ) -> Any:
    if champ.nature is Nature.DATE:
        return rng.choice((*_DATES, date(2025, 1, 1) + timedelta(days=rng.randrange(500))))
    if champ.nature is Nature.ENTIER:
        return rng.choice((-5, 0, 3, 10**14))
    if champ.nature in (Nature.NOMBRE, Nature.HEURES, Nature.MONTANT, Nature.TAUX):
        return rng.choice(_NOMBRES)
    if champ.nature is Nature.OUINON:
        return rng.random() < 0.5
    if champ.nature is Nature.CHOIX and appel.elements[champ.liste]:
        return rng.choice([item.code for item in appel.elements[champ.liste]])
    return rng.choice(_TEXTES)


def _row(rng: Random, appel: Appel, row: type[Row], noms: tuple[str, ...], numero: int) -> Row:
    origin = Origin(row.feuille, {nom: rank for rank, nom in enumerate(noms, 1) if rng.random() > 0.03})
    typed = [nom for nom in noms if not row.champs[nom].calcule]
    values = {nom: _value(rng, appel, row.champs[nom]) for nom in typed if rng.random() > 0.3}
    unread = frozenset(nom for nom in typed if nom not in values and rng.random() < 0.3)
    return cases.ligne(row, origin, numero, values, unread)


def _dossier(rng: Random, appel: Appel) -> Donnees:
    form = _row(rng, appel, modele(appel, Operation.table), appel.classeur.operation, 5)
    assert isinstance(form, Operation)
    tables = {
        nom: [_row(rng, appel, modele(appel, nom), feuille.colonnes, 5 + n) for n in range(rng.randrange(6))]
        for nom, feuille in appel.classeur.tables.items()
    }
    return Donnees(appel, form, tables, rng.choice((date(2025, 10, 1), date(2026, 6, 1))))


@pytest.mark.parametrize("graine", range(4))
def test_no_dossier_makes_a_rule_fail(graine: int) -> None:
    rng = Random(graine)  # noqa: S311 - a test's seed
    spoken = set()
    for appel in Catalogue([FICTIFS], RULES.keys()):
        for _ in range(40):
            for anomaly in controler(_dossier(rng, appel)):
                spoken.add(anomaly.code)
                assert "None" not in anomaly.message
                assert " ; " in anomaly.message or "?" in anomaly.message
    assert len(spoken) > 60
