"""One workbook read from Python."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aap_xl.anomalies import Gravite
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier, catalogue
from aap_xl.faces.exemples import exemples, remplir_classeur


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    exemple = next(item for item in exemples(erreurs=True) if item.appel == "3.3")
    appels = catalogue()
    path = tmp_path_factory.mktemp("dossier") / "suivi.xlsx"
    return remplir_classeur(path, exemple, appels.get("3.3"), appels)


def test_frames_hold_every_table_of_the_call(dossier: Dossier) -> None:
    frames = dossier.frames()
    assert frames.keys() == {*dossier.appel.classeur.tables, "operation", "anomalies"}
    people = frames["participants"]
    assert list(people.columns) == ["ligne", *dossier.appel.classeur.tables["participants"].colonnes]
    first = people.to_dict("records")[0]
    assert [first[nom] for nom in ("ligne", "code", "situation", "brsa")] == [5, "E01", "cdi", True]
    assert frames["charges"].loc[0, "prevu"] == Decimal(2400)
    assert frames["operation"].loc[0, "date_debut"] == date(2025, 3, 3)
    assert len(frames["anomalies"]) == len(dossier.anomalies)


def test_a_table_without_rows_keeps_its_columns(dossier: Dossier) -> None:
    donnees = Donnees(dossier.appel, dossier.donnees.operation, {}, date(2026, 1, 1))
    vide = Dossier(dossier.chemin, donnees)
    assert list(vide.frames()["depenses"].columns)[:2] == ["ligne", "document"]


def test_a_blocking_anomaly_makes_the_bilan_provisional(dossier: Dossier) -> None:
    assert dossier.provisoire
    assert all(item.gravite is not Gravite.INFORMATION for item in dossier.a_corriger)


def test_writing_gives_the_bytes_announced(dossier: Dossier, tmp_path: Path) -> None:
    target = tmp_path / "bilan.xlsx"
    dossier.ecrire_bilan(target)
    assert target.read_bytes() == dossier.octets_bilan()
