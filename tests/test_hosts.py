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
from aap_xl.hosts.excel.replay import replay
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


class Muet:
    """A stand-in for any object of xlwings: every call made and every attribute set is written down."""

    calls: list[str]
    path: str

    def __init__(self, calls: list[str], path: str) -> None:
        self.__dict__.update(calls=calls, path=path)

    def __repr__(self) -> str:
        return self.path

    def __getattr__(self, nom: str) -> "Muet":
        return Muet(self.calls, f"{self.path}.{nom}".removeprefix("."))

    def __getitem__(self, key: object) -> "Muet":
        return Muet(self.calls, f"{self.path}[{key!r}]")

    def __setattr__(self, nom: str, value: object) -> None:
        self.calls.append(f"{self.path}.{nom} = {value!r}")

    def __call__(self, *args: object, **options: object) -> "Muet":
        given = [*map(repr, args), *(f"{nom}={value!r}" for nom, value in options.items())]
        call = f"{self.path}({', '.join(given)})"
        if not self.path.endswith((".range", ".options")):
            self.calls.append(call)
        return Muet(self.calls, call)


_F = "sheets['F']"
APPELS: dict[str, tuple[Gesture, list[str]]] = {
    "Add": (gestures.Add("F"), ["sheets.add('F', after=sheets[-1])"]),
    "Clear": (gestures.Clear("F", 8), [f"{_F}.range('A:H').clear()"]),
    "Values": (
        Values("F", 1, 2, [["7/19", 1.5], [None, gestures.Link("'É'!A1", 'dit "x"')]]),
        [
            f"{_F}.range((1, 2)).options(chunksize=None).value = "
            + repr([["'7/19", 1.5], [None, '=HYPERLINK("#\'É\'!A1","dit ""x""")']])
        ],
    ),
    "Formula": (
        gestures.Formula("F", 4, 2, 2, "=A4"),
        [f"{_F}.range((4, 2), (5, 2)).formula = [['=A4'], ['=A4']]"],
    ),
    "Look, fond": (gestures.Look("F", [(1, 1, 2, 2)], "fill", "DCE8F0"), [f"{_F}.range('A1:B2').color = '#DCE8F0'"]),
    "Look, encre": (
        gestures.Look("F", [(1, 1, 1, 1)], "color", "8B1A14"),
        [f"{_F}.range('A1:A1').font.color = '#8B1A14'"],
    ),
    "Look, par douze rectangles": (
        gestures.Look("F", [(row, 1, row, 1) for row in range(1, 27, 2)], "bold", True),
        [
            f"{_F}.range('{','.join(f'A{row}:A{row}' for row in range(1, 25, 2))}').font.bold = True",
            f"{_F}.range('A25:A25').font.bold = True",
        ],
    ),
    "Look, alignement": (
        gestures.Look("F", [(1, 1, 1, 1)], "horizontal", "left"),
        [f"{_F}.range('A1:A1').horizontal_alignment = 'left'"],
    ),
    "Look, retrait": (gestures.Look("F", [(1, 1, 1, 1)], "indent", 1), [f"{_F}.range('A1:A1').adjust_indent(1)"]),
    "Look, souligné": (gestures.Look("F", [(1, 1, 1, 1)], "underline", True), []),
    "Border, d'une ligne": (
        gestures.Border("F", [(1, 1, 1, 3)], "C7D3DC", ["bottom"]),
        [f"{_F}.range('A1:C1').borders.set(['edge_bottom'], color='#C7D3DC', weight='thin', line_style='continuous')"],
    ),
    "Border, d'un tableau": (
        gestures.Border("F", [(1, 1, 3, 3)], "C7D3DC", ["left", "right", "top", "bottom"]),
        [
            f"{_F}.range('A1:C3').borders.set(['edge_left', 'edge_right', 'edge_top', 'edge_bottom', "
            "'inside_horizontal', 'inside_vertical'], color='#C7D3DC', weight='thin', line_style='continuous')"
        ],
    ),
    "Merge": (gestures.Merge("F", [(1, 1, 3, 2)]), [f"{_F}.range((1, 1), (3, 2)).merge(across=True)"]),
    "Width": (gestures.Width("F", [(2, 8)], 12.0), [f"{_F}.range('B1:H1').column_width = 12.0"]),
    "Height": (gestures.Height("F", [(1, 3), (5, 5)], 17.0), [f"{_F}.range('A1:A3,A5:A5').row_height = 17.0"]),
    "Fit": (gestures.Fit("F", 8, 8, [17.0, 30.0]), [f"{_F}.range((8, 1), (9, 8)).rows.autofit()"]),
    "ConditionalFormat": (
        gestures.ConditionalFormat("F", (8, 1, 9, 1), "Bloquante", "F8D5D2", "8B1A14"),
        [
            f"{_F}.range('A8:A9').conditional_formats.add_cell_value('equal_to', '=\"Bloquante\"', "
            "fill_color='#F8D5D2', font_color='#8B1A14')"
        ],
    ),
    "Unmark": (gestures.Unmark("F"), []),
    "Mark": (gestures.Mark("F", [(1, 1, 1, 1)], 'LEN("aap_xl:x")>0', "F8D5D2", "8B1A14"), []),
    "Print": (gestures.Print("F", [40], 60), []),
    "Protect": (gestures.Protect("F", True), []),
    "Calculate": (gestures.Calculate(), ["app.calculate()"]),
    "Show": (gestures.Show("F"), [f"{_F}.activate()"]),
    "Say": (Say("Terminé."), []),
}


@pytest.mark.parametrize(("geste", "calls"), APPELS.values(), ids=APPELS)
def test_what_excel_is_asked_for_each_gesture(geste: Gesture, calls: list[str]) -> None:
    asked: list[str] = []
    book: Any = Muet(asked, "")
    replay(book, [geste], lambda _: None)
    assert asked == calls


def test_every_gesture_has_its_calls() -> None:
    assert {nom.partition(",")[0] for nom in APPELS} == {*gestures.KINDS}
