"""The charts of « Synthèse », two by two."""

from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from aap_xl.cells import a1
from aap_xl.consolidation.synthese.context import Contexte
from aap_xl.consolidation.synthese.results import appels_a_sorties, colonne_taux, lignes_classes
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.chart import Genre, Graphique, Serie
from aap_xl.workbook.paper.draw import draw
from aap_xl.workbook.paper.table import Bloc

_LARGEUR, _HAUTEUR, _RANGS, _DROITE = 620, 270, 14, 6
_LIBELLE, _PREMIERE = 1, 2
Trace = dict[str, Any]


def tracer(book: Workbook, sheet: Worksheet, ctx: Contexte, blocs: Mapping[str, Bloc], ligne: int) -> int:
    """Draw the charts below a row; returns the first free one."""
    charts = list(_graphiques(ctx, blocs))
    for rank, chart in enumerate(charts):
        row, column = ligne + _RANGS * (rank // 2), _DROITE if rank % 2 else 1
        draw(
            book,
            sheet,
            Graphique(feuille=sheet.name, ancre=a1(row, column), largeur=_LARGEUR, hauteur=_HAUTEUR, **chart),
        )
    return ligne + _RANGS * ((len(charts) + 1) // 2)


def _graphiques(ctx: Contexte, blocs: Mapping[str, Bloc]) -> Iterator[Trace]:
    if "classes" in blocs:
        yield from _classes(ctx, blocs["classes"])
    if "argent" in blocs:
        yield _argent(blocs["argent"])
    if "fichiers" in blocs:
        yield _fichiers(blocs["fichiers"])


def _classes(ctx: Contexte, bloc: Bloc) -> Iterator[Trace]:
    """Rates by class at exit and later, the national references across."""
    start = 0
    for call in appels_a_sorties(ctx):
        rows = list(lignes_classes(ctx, call))
        stop = start + len(rows)
        observed = [moment for moment in ctx.moments if (call, moment) in ctx.classes]
        series = [
            Serie(ctx.moment(call, moment), bloc.plage(colonne_taux(ctx, moment), start, stop), styles.PALETTE[rank])
            for rank, moment in enumerate(observed)
        ]
        if any(row[-1] is not None for row in rows):
            series.append(Serie("Repère national", bloc.plage(len(bloc.colonnes) - 1, start, stop), repere=True))
        yield {
            "cle": f"classes_{call}",
            "genre": Genre.COLONNES,
            "titre": f"{call} : sorties par classe",
            "categories": bloc.plage(_LIBELLE, start, stop),
            "series": tuple(series),
            "pourcentages": True,
        }
        start = stop


def _argent(bloc: Bloc) -> Trace:
    return {
        "cle": "argent",
        "genre": Genre.COLONNES,
        "titre": "Dépenses prévues, réalisées, retenues par appel (€)",
        "categories": bloc.plage(0, 1),
        "series": tuple(
            Serie(nom, bloc.plage(_PREMIERE + rank, 1), styles.PALETTE[rank])
            for rank, nom in enumerate(("Prévu", "Réalisé", "Retenu"))
        ),
    }


def _fichiers(bloc: Bloc) -> Trace:
    return {
        "cle": "fichiers",
        "genre": Genre.BARRES,
        "titre": "Fichiers par état",
        "categories": bloc.plage(0),
        "series": (Serie("Fichiers", bloc.plage(_PREMIERE), styles.PALETTE[0]),),
    }
