"""The charts of the synthesis sheets."""

from collections.abc import Iterator
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.formulas.synthese import Place, Valeur
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.chart import Genre, Graphique, Plage, Serie

LARGEURS = (10,) * 8
"""Widths of the columns under the charts, in characters."""
LARGEUR, HAUTEUR = 580, 264
_ROWS = 12


def graphiques(appel: Appel) -> list[Graphique]:
    """The charts of « Budget » and « Tableau de bord », stacked beside the blocks they show."""
    found: list[Graphique] = []
    for feuille in (layout.BUDGET, layout.TABLEAU_DE_BORD):
        places = {place.bloc.cle: place for place in synthese.places(appel) if place.feuille == feuille}
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


def _charts(appel: Appel, feuille: str, places: dict[str, Place]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each chart with the block it stands beside."""
    if feuille == layout.BUDGET:
        yield "couts", _costs(appel, places["couts"])
        return
    if "personnes" in places:
        people = places["personnes"]
        count = _until(people, "bord.sorties")
        yield "operation", _columns(people, Genre.BARRES, people.bloc.titre, {"Nombre": 0}, count=count)
    if {"age", "sexe"} <= places.keys():
        yield "sexe", _columns(places["age"], Genre.COLONNES, "Âge à l'entrée", {"Entrées": 0})
    if "mds" in places:
        yield "mds", _columns(places["mds"], Genre.BARRES, appel.dit("Entrées par {mds}"), {"Entrées": 0})
    if "classes" in places:
        names = {titre: 2 * rank for rank, titre in enumerate(places["classes"].bloc.colonnes[::2])}
        yield "classes", _columns(places["classes"], Genre.COLONNES, "Sorties par classe", names, but_last=1)
    if "reperes" in places:
        yield "taux", _rates(places["reperes"])
    if "suivi" in places:
        states = places["suivi"]
        names = {titre: rank for rank, titre in enumerate(states.bloc.colonnes)}
        yield "suivi", _columns(states, Genre.BARRES, states.bloc.titre, names)
    if "heures" in places:
        yield "heures", _columns(places["heures"], Genre.BARRES, "Heures", {"Total": 0})
    if "liens" in places and len(places["liens"].bloc.lignes) > 1:
        links = places["liens"]
        yield "liens", _columns(links, Genre.BARRES, links.bloc.titre, {"Nombre": 0})
    costs = next(p for p in synthese.places(appel) if p.feuille == layout.BUDGET and p.bloc.cle == "couts")
    yield "finances", _costs(appel, costs)


def _plage(place: Place, colonne: int, first: int = 0, count: int = 0) -> Plage:
    """Some lines of a block, in one sheet column."""
    start = place.premiere + first
    end = start + count - 1 if count else place.derniere
    return Plage(place.feuille, start, colonne, end, colonne)


def _columns(
    place: Place, genre: Genre, titre: str, series: dict[str, int], *, count: int = 0, but_last: int = 0
) -> dict[str, Any]:
    """A chart of some columns of a block, by name and rank."""
    lines = count or len(place.bloc.lignes) - but_last
    return {
        "cle": f"{place.bloc.cle}_{genre.name.lower()}",
        "genre": genre,
        "titre": titre,
        "categories": _plage(place, synthese.LIBELLE, 0, lines),
        "series": tuple(
            Serie(nom, _plage(place, synthese.PREMIERE_VALEUR + rank, 0, lines), styles.PALETTE[index])
            for index, (nom, rank) in enumerate(series.items())
        ),
    }


def _until(place: Place, cle: str) -> int:
    """How many lines of a block there are up to the one that holds a key."""
    keys = [line.valeurs[0].cle if isinstance(line.valeurs[0], Valeur) else "" for line in place.bloc.lignes]
    return keys.index(cle) + 1


def _costs(appel: Appel, place: Place) -> dict[str, Any]:
    series = dict(zip(place.bloc.colonnes[:3], range(3), strict=True))
    return _columns(
        place,
        Genre.COLONNES,
        "Prévu, dépensé, retenu par poste (€)",
        series,
        count=len(appel.budget.postes),
    )


def _rates(place: Place) -> dict[str, Any]:
    """Rates beside the national references, drawn as marks."""
    chart = _columns(place, Genre.COLONNES, "Taux de sortie et repères nationaux", {})
    last = len(place.bloc.colonnes) - 1
    series = tuple(
        Serie(nom, _plage(place, synthese.PREMIERE_VALEUR + rank), styles.PALETTE[rank], repere=rank == last)
        for rank, nom in enumerate(place.bloc.colonnes)
    )
    return chart | {"series": series, "pourcentages": True}
