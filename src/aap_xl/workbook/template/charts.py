"""The charts of the synthesis sheets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.domain.tableau import Formule
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.chart import Genre, Graphique, Serie
from aap_xl.workbook.paper.table import Bloc

LARGEURS = (10,) * 8
"""Widths of the columns under the charts, in characters."""
LARGEUR, HAUTEUR = 580, 264
_ROWS = 12


def graphiques(appel: Appel) -> list[Graphique]:
    """The charts of « Budget » and « Tableau de bord », stacked beside the blocks they show."""
    found: list[Graphique] = []
    for feuille in (layout.BUDGET, layout.TABLEAU_DE_BORD):
        places = {bloc.tableau.cle: bloc for bloc in synthese.blocs(appel) if bloc.feuille == feuille}
        free = synthese.PREMIERE_LIGNE
        for near, chart in _charts(appel, feuille, places):
            row = max(free, places[near].ligne)
            ancre = a1(row, synthese.derniere_valeur(appel) + 2)
            found.append(Graphique(feuille=feuille, ancre=ancre, largeur=LARGEUR, hauteur=HAUTEUR, **chart))
            free = row + _ROWS
    return found


def rangs(appel: Appel, feuille: str) -> list[tuple[int, int]]:
    """First row of each chart of a sheet, and the first one after it."""
    rows = (int("".join(c for c in item.ancre if c.isdigit())) for item in graphiques(appel) if item.feuille == feuille)
    return [(row, row + _ROWS - 1) for row in rows]


def _charts(appel: Appel, feuille: str, places: Mapping[str, Bloc]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each chart with the block it stands beside."""
    if feuille == layout.BUDGET:
        yield "couts", _costs(appel, places["couts"])
        return
    if "personnes" in places:
        people = places["personnes"]
        count = _until(people, "bord.sorties")
        yield "operation", _columns(people, Genre.BARRES, people.tableau.titre, {"Nombre": 1}, count=count)
    if {"age", "sexe"} <= places.keys():
        yield "sexe", _columns(places["age"], Genre.COLONNES, "Âge à l'entrée", {"Entrées": 1})
    if "mds" in places:
        yield "mds", _columns(places["mds"], Genre.BARRES, appel.dit("Entrées par {mds}"), {"Entrées": 1})
    if "classes" in places:
        names = {titre: rank for titre, rank in _titres(places["classes"]).items() if rank % 2}
        yield "classes", _columns(places["classes"], Genre.COLONNES, "Sorties par classe", names, but_last=1)
    if "reperes" in places:
        yield "taux", _rates(places["reperes"])
    if "suivi" in places:
        states = places["suivi"]
        yield "suivi", _columns(states, Genre.BARRES, states.tableau.titre, _titres(states))
    if "heures" in places:
        yield "heures", _columns(places["heures"], Genre.BARRES, "Heures", {"Total": 1})
    if "liens" in places and len(places["liens"].tableau.lignes) > 1:
        links = places["liens"]
        yield "liens", _columns(links, Genre.BARRES, links.tableau.titre, {"Nombre": 1})
    costs = next(b for b in synthese.blocs(appel) if b.feuille == layout.BUDGET and b.tableau.cle == "couts")
    yield "finances", _costs(appel, costs)


def _columns(
    bloc: Bloc, genre: Genre, titre: str, series: Mapping[str, int], *, count: int = 0, but_last: int = 0
) -> dict[str, Any]:
    """A chart of some columns of a table, by name and rank."""
    lines = count or len(bloc.tableau.lignes) - but_last
    return {
        "cle": f"{bloc.tableau.cle}_{genre.name.lower()}",
        "genre": genre,
        "titre": titre,
        "categories": bloc.plage(0, fin=lines),
        "series": tuple(
            Serie(nom, bloc.plage(rank, fin=lines), styles.PALETTE[index])
            for index, (nom, rank) in enumerate(series.items())
        ),
    }


def _titres(bloc: Bloc) -> dict[str, int]:
    """The titles of a table's values, and their ranks."""
    return {colonne.titre: rank for rank, colonne in enumerate(bloc.tableau.colonnes) if colonne.titre}


def _until(bloc: Bloc, cle: str) -> int:
    """How many lines of a table there are up to the one that holds a key."""
    keys = [ligne[1].cle if isinstance(ligne[1], Formule) else "" for ligne in bloc.tableau.lignes]
    return keys.index(cle) + 1


def _costs(appel: Appel, bloc: Bloc) -> dict[str, object]:
    series = dict(islice(_titres(bloc).items(), 3))
    count = len(appel.budget.postes)
    return _columns(bloc, Genre.COLONNES, "Prévu, dépensé, retenu par poste (€)", series, count=count)


def _rates(bloc: Bloc) -> dict[str, object]:
    """Rates beside the national references, drawn as marks."""
    chart = _columns(bloc, Genre.COLONNES, "Taux de sortie et repères nationaux", _titres(bloc))
    *rates, mark = chart["series"]
    return chart | {"series": (*rates, replace(mark, repere=True)), "pourcentages": True}
