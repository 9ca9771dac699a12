"""Hundreds of rows with the same mistake: a terminal is told how many and where, the rest of the world each one."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.faces.cli import main
from aap_xl.faces.grouping import MONTREES, TOLEREES, regrouper
from aap_xl.workbook import layout
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import remplir

LE = date(2025, 6, 1)


def anomalie(
    adresse: str,
    message: str = "la date manque ; saisissez-la",
    *,
    code: str = "S02",
    gravite: Gravite = Gravite.BLOQUANTE,
    feuille: str = "Participants",
    entete: str = "",
) -> Anomalie:
    remede = message.rpartition(" ; ")[2]
    return Anomalie(code, gravite, Cell(feuille, adresse, entete), message, "Article", remede=remede)


def colonne(lignes: list[int]) -> list[Anomalie]:
    return [anomalie(f"K{ligne}") for ligne in lignes]


def test_up_to_ten_alike_are_shown() -> None:
    items = colonne(list(range(5, 5 + TOLEREES)))
    assert regrouper(items) == items


def test_from_eleven_on_they_are_counted_and_placed() -> None:
    items = colonne(list(range(5, 5 + TOLEREES + 1)))
    *first, rest = regrouper(items)
    assert first == items[:MONTREES]
    assert (rest.cell.adresse, rest.message) == ("K8…", "… et 8 autres fois, de même : K8 à K15")
    assert (rest.code, rest.gravite, rest.article) == ("S02", Gravite.BLOQUANTE, "Article")


@pytest.mark.parametrize(
    ("lignes", "places"),
    [
        ([8, 9, 10, 11, 12, 13, 14, 15], "K8 à K15"),
        ([8, 10, 11, 20, 21, 22, 30, 40], "K8, K10 à K11, K20 à K22, K30, K40"),
        ([8, 10, 12, 14, 16, 18, 20, 22], "K8, K10, K12, K14, K16, K18…"),
        ([8, 8, 9, 9, 10, 10, 11, 11], "K8 à K11"),
    ],
)
def test_the_places_are_runs_of_rows(lignes: list[int], places: str) -> None:
    rest = regrouper(colonne([5, 6, 7, *lignes]))[-1]
    assert rest.message.endswith(f"de même : {places}")


@pytest.mark.parametrize(
    "autre",
    [
        pytest.param({"code": "S03"}, id="another rule"),
        pytest.param({"feuille": "Dépenses"}, id="another sheet"),
        pytest.param({"entete": "Fin du contrat"}, id="another field"),
        pytest.param({"gravite": Gravite.INFORMATION}, id="another severity"),
        pytest.param({"message": "la date manque ; effacez la ligne"}, id="another remedy"),
        pytest.param({"adresse": "L7"}, id="another column"),
    ],
)
def test_what_is_not_alike_is_shown(autre: dict[str, Any]) -> None:
    odd = anomalie(**({"adresse": "K7"} | autre))
    assert odd in regrouper([*colonne([5, 6]), odd, *colonne(list(range(8, 30)))])


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("le {n}/03/2025 est hors de l'opération ; vérifiez la date", id="a value before the remedy"),
        pytest.param("valeur hors liste ; choisissez par exemple « Choix {n} »", id="a quoted item in the remedy"),
        pytest.param("il manque une immersion ; inscrivez celle de P{n:03}", id="a code in the remedy"),
        pytest.param("l'emploi est-il visé ? répondez Oui ou Non", id="no remedy apart"),
    ],
)
def test_values_of_the_row_do_not_make_a_difference(message: str) -> None:
    items = [anomalie(f"K{n}", message.format(n=n)) for n in range(5, 30)]
    assert len(regrouper(items)) == MONTREES + 1


def test_what_is_said_of_a_sheet_is_not_counted() -> None:
    items = [anomalie("", f"aucun comité pendant la période {n} ; inscrivez-le") for n in range(20)]
    assert regrouper(items) == items


def test_the_order_is_that_of_the_sheet() -> None:
    items = [anomalie(f"{column}{n}") for n in range(5, 25) for column in "KL"]
    assert [item.cell.adresse for item in regrouper(items)] == ["K5", "L5", "K6", "L6", "K7", "L7", "K8…", "L8…"]


places = st.builds(
    anomalie, st.from_regex(r"[A-C][1-9][0-9]?", fullmatch=True), code=st.sampled_from(["F05", "P03"])
) | st.just(anomalie(""))


@given(st.lists(places, max_size=80))
def test_every_anomaly_is_shown_or_counted(items: list[Anomalie]) -> None:
    found = regrouper(items)
    counted = [re.match(r"… et (\d+) autres fois", item.message) for item in found]
    assert sum(int(rest[1]) if rest else 1 for rest in counted) == len(items)


@pytest.fixture
def long(appel33: Appel, tmp_path: Path) -> Path:
    """A workbook of 300 people whose exit has a date and no situation."""
    people = [
        {
            "code": f"P{n:03}",
            "nom": "Zorglub",
            "prenom": "Aristide",
            "mds": "artois",
            "brsa": True,
            "date_entree": date(2025, 3, 3),
            "date_sortie": date(2025, 4, 1),
        }
        for n in range(1, 301)
    ]
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(remplir(build(appel33, {}, aujourdhui=LE), {}, {"participants": people}, appel33))
    return path


@pytest.mark.slow
def test_a_terminal_is_readable_and_nothing_is_lost(long: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = ("--date", f"{LE:%d/%m/%Y}")
    assert main(["controler", str(long), *day]) == 1
    shown = capsys.readouterr().out
    assert "… et 297 autres fois, de même : M8 à M304" in shown
    assert "les donnent une à une" in " ".join(shown.split())
    assert len(shown.splitlines()) < 150
    main(["controler", str(long), "--json", *day])
    told = json.loads(capsys.readouterr().out)["anomalies"]
    assert sum(item["code"] == "S01" for item in told) == 300
    main(["bilan", str(long), "--sur-place", *day])
    sheet = load_workbook(long)[layout.CONTROLE]
    assert sum(row[7] == "S01" for row in sheet.iter_rows(values_only=True)) == 300
