"""Gestures: the same for every host, as many for 300 rows as for 20, and the same back from JSON."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import moteur
import pytest
from test_live import FICHIERS, engendre

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.cells import Cell
from aap_xl.dossier import Dossier
from aap_xl.faces.live.verbs import Demande, repondre
from aap_xl.hosts import gestures
from aap_xl.hosts.excel.reading import snapshot
from aap_xl.hosts.gestures import Gesture, Say, Values, from_json, to_json
from aap_xl.hosts.results import LISTED_MAX
from aap_xl.workbook.writing.controle_sheet import controle, listees

SUR_PLACE = ("verifier", "classer_les_sorties", "produire_le_bilan")


def gestes(octets: bytes, verbe: str, *, entier: bool) -> list[Gesture]:
    classeur = snapshot(moteur.ouvrir(octets, "/nulle/part/suivi.xlsx"))
    return repondre(verbe, Demande(classeur, lambda _: None, entier=entier))


@pytest.mark.parametrize("entier", [True, False], ids=["entier", "Excel"])
@pytest.mark.parametrize("code", ["3.3", "3.7"])
@pytest.mark.slow
def test_as_many_gestures_for_20_rows_as_for_300(catalogue: Catalogue, code: str, entier: bool) -> None:
    """Fewer, even, where only the gravest anomalies are listed: they know fewer colours."""
    files = [engendre(catalogue.get(code, 2025), 0, rows) for rows in (20, 300)]
    for verbe in SUR_PLACE:
        petit, grand = (gestes(content, verbe, entier=entier) for content in files)
        few, many = (Counter(type(item).__name__ for item in found) for found in (petit, grand))
        assert {nom: many[nom] - few[nom] for nom in many if many[nom] > few[nom]} == {}


@pytest.mark.parametrize("fichier", FICHIERS[:2], ids=lambda path: path.stem)
def test_gestures_come_back_from_json(fichier: Path) -> None:
    seen = set()
    for verbe in SUR_PLACE:
        for entier in (True, False):
            found = gestes(fichier.read_bytes(), verbe, entier=entier)
            text = json.dumps(to_json(found), allow_nan=False)
            again = from_json(json.loads(text))
            assert json.dumps(to_json(again), allow_nan=False) == text
            assert [type(item) for item in again] == [type(item) for item in found]
            seen |= {type(item).__name__ for item in found}
    assert gestures.KINDS.keys() - seen == {"Add", "Formula", "Protect"}


ALTERES = {
    "un autre geste": {"gesture": "Run", "sheet": "F"},
    "un champ de trop": {"gesture": "Show", "sheet": "F", "command": "calc"},
    "un champ de moins": {"gesture": "Clear", "sheet": "F"},
    "un nombre pour un texte": {"gesture": "Show", "sheet": 1},
    "un texte pour un nombre": {"gesture": "Clear", "sheet": "F", "last": "8"},
    "un oui pour un nombre": {"gesture": "Clear", "sheet": "F", "last": True},
    "une zone de trois bornes": {"gesture": "Merge", "sheet": "F", "zones": [[1, 1, 2]]},
    "une propriété inconnue": {"gesture": "Look", "sheet": "F", "zones": [[1, 1, 1, 1]], "name": "macro", "value": 1},
    "une date fausse": {"gesture": "Values", "sheet": "F", "row": 1, "column": 1, "values": [[{"date": "2025-02-30"}]]},
    "une valeur inconnue": {"gesture": "Values", "sheet": "F", "row": 1, "column": 1, "values": [[{"run": "calc"}]]},
    "une liste": [],
    "rien": None,
}


@pytest.mark.parametrize("item", ALTERES.values(), ids=ALTERES)
def test_what_is_no_gesture_is_refused(item: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any kind
        from_json([item])


def _anomalie(gravite: Gravite, ligne: int) -> Anomalie:
    return Anomalie("P01", gravite, Cell("Participants", f"A{ligne}"), "message", "article")


def test_when_too_many_the_gravest_are_listed_in_their_order() -> None:
    all_ = [_anomalie(gravite, ligne) for ligne in range(2, 5) for gravite in reversed(Gravite)]
    assert listees(all_, 9) == all_
    kept = listees(all_, 5)
    assert [(item.gravite, item.cell.adresse) for item in kept] == [
        (Gravite.A_VERIFIER, "A2"),
        (Gravite.BLOQUANTE, "A2"),
        (Gravite.A_VERIFIER, "A3"),
        (Gravite.BLOQUANTE, "A3"),
        (Gravite.BLOQUANTE, "A4"),
    ]


def test_what_is_left_out_is_said_in_the_sheet() -> None:
    donnees = Dossier.lire(FICHIERS[0]).donnees
    all_ = [_anomalie(Gravite.BLOQUANTE, ligne) for ligne in range(2, 12)]
    grid = controle(donnees, all_, {"Participants"}, all_[:3])
    shown = {(row, column): value for row, column, value, _ in grid.cells()}
    assert str(shown[6, 1]).startswith("3 anomalies sur 10 sont listées, les plus graves ; corrigez-les")
    assert shown[3, 1] == "Bilan provisoire : 10 anomalies bloquantes à corriger."
    assert max(row for row, _ in shown) == 10
    whole = {(row, column): value for row, column, value, _ in controle(donnees, all_, set()).cells()}
    assert str(whole[6, 1]).startswith("Le code de chaque règle")


@pytest.mark.slow
def test_a_great_many_anomalies_are_bounded_and_it_is_said(catalogue: Catalogue) -> None:
    octets = engendre(catalogue.get("3.3", 2025), 0, 300)
    found = gestes(octets, "verifier", entier=True)
    (said,) = (item.message for item in found if isinstance(item, Say))
    assert f"Elle liste les {LISTED_MAX} plus graves" in said
    values = next(item.values for item in found if isinstance(item, Values))
    assert len(values) == 7 + LISTED_MAX
    marked = sum(z[2] - z[0] + 1 for item in found if isinstance(item, gestures.Mark) for z in item.zones)
    assert 0 < marked <= LISTED_MAX
