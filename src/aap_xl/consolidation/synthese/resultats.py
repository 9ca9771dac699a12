"""Blocks of results: exits by class beside the national references, indicators of each call."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from aap_xl.appels.model import Reference
from aap_xl.consolidation.aggregates import nom_appel, somme_par
from aap_xl.consolidation.synthese.blocs import Bloc, fixe
from aap_xl.consolidation.synthese.classes import Classes
from aap_xl.consolidation.synthese.contexte import Contexte
from aap_xl.consolidation.synthese.effectifs import A_CE_MOMENT, MOMENTS, Nombre, fraction, taux

DYNAMIQUES = "Sorties dynamiques"
_PREMIERES = ("Appel", "Classe de sortie")
_A_CHAQUE_MOMENT = ("Effectif", "Fraction", "Taux")


def colonne_taux(ctx: Contexte, moment: str) -> int:
    """The column of the block, from 1, that the chart shows of a moment."""
    return len(_PREMIERES) + len(_A_CHAQUE_MOMENT) * (ctx.moments.index(moment) + 1)


def bloc_classes(ctx: Contexte) -> Bloc:
    """Exits by class, call after call; the dynamic ones together first."""
    rows = [row for call in appels_a_sorties(ctx) for row in lignes_classes(ctx, call)]
    natures = (*("entier", "fraction", "taux") * len(ctx.moments), "taux")
    heads = [f"{quoi} {A_CE_MOMENT[moment]}" for moment in ctx.moments for quoi in _A_CHAQUE_MOMENT]
    source = (
        "Source : feuilles « Sorties » et « Sorties par opération ». Repère national : indicatif, jamais une règle."
    )
    return Bloc(
        "classes",
        "Sorties par classe, et repères nationaux",
        source,
        (*_PREMIERES, *heads, "Repère national"),
        natures,
        [fixe(row) for row in rows],
    )


def appels_a_sorties(ctx: Contexte) -> list[str]:
    """The calls that have exits."""
    return sorted({call for call, _ in ctx.classes})


def lignes_classes(ctx: Contexte, call: str) -> Iterator[Sequence[Any]]:
    """The lines of one call."""
    by_moment = {moment: ctx.classes.get((call, moment)) for moment in ctx.moments}
    names = dict.fromkeys(nom for classes in by_moment.values() if classes for nom in classes.noms)
    group = ctx.effectifs.rang(call)
    for nom in (DYNAMIQUES, *names):
        cells: list[Any] = []
        for moment in ctx.moments:
            whole, part = (ctx.effectifs.mesures[key][group] for key in MOMENTS[moment])
            cells += _cellules(by_moment[moment], nom, whole, part)
        yield call, nom, *cells, _repere(ctx, call, nom)


def _cellules(classes: Classes | None, nom: str, whole: Nombre, dynamic: Nombre) -> tuple[Any, ...]:
    if classes is None:
        return None, None, None
    count = dynamic if nom == DYNAMIQUES else classes.globale(nom)
    return count, fraction(count, whole), taux(count, whole)


def references(ctx: Contexte, call: str) -> tuple[Reference, ...]:
    """The national references of a call at hand; none for another."""
    known = ctx.appels.get(call)
    return known.sorties.references if known and known.sorties else ()


def _repere(ctx: Contexte, call: str, nom: str) -> Decimal | None:
    for reference in references(ctx, call):
        label = ctx.appels[call].libelle("classes", reference.classe) if reference.classe else DYNAMIQUES
        if label == nom:
            return reference.taux
    return None


def bloc_indicateurs(ctx: Contexte) -> Bloc:
    """The indicators of each call, over its operations."""
    sums = somme_par(
        ctx.tables, "indicateurs", ["appel", "millesime", "indicateur"], ["nombre", "numerateur", "denominateur"]
    )
    rows = [_indicateur(ctx, row) for row in sums]
    rows.sort(key=lambda row: row[0])
    return Bloc(
        "indicateurs",
        "Indicateurs des appels à projets",
        f"Sommes de la feuille « Indicateurs » : filtrez-y la colonne Indicateur, puis {ctx.mds} ou Porteur.",
        ("Appel", "Indicateur", "Nombre", "Fraction", "Taux"),
        ("nombre", "fraction", "taux"),
        [fixe(row) for row in rows],
    )


def _indicateur(ctx: Contexte, row: dict[str, Any]) -> Sequence[Any]:
    call, nom = nom_appel(row["appel"], row["millesime"]), row["indicateur"]
    number, part, total = row["nombre"], row["numerateur"], row["denominateur"]
    if measures := ctx.indicateurs.get(nom):
        group = ctx.effectifs.rang(call)
        number = measures[-1][group]
        if len(measures) > 1:
            total, part = measures[0][group], number
    return call, nom, number, fraction(part, total), taux(part, total)
