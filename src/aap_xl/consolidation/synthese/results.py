"""Blocks of results: exits by class beside the national references, indicators of each call."""

from collections.abc import Iterator
from decimal import Decimal

from aap_xl.appels.model import Reference
from aap_xl.consolidation.aggregates import Somme, nom_appel, somme_par
from aap_xl.consolidation.synthese.classes import Classes
from aap_xl.consolidation.synthese.context import Contexte
from aap_xl.consolidation.synthese.effectifs import A_CE_MOMENT, MOMENTS, Nombre, fraction, taux
from aap_xl.domain.tableau import Colonne, Ligne, Tableau, Valeur
from aap_xl.rows import Nature

DYNAMIQUES = "Sorties dynamiques"
_PREMIERES = ("Appel", "Classe de sortie")
_A_CHAQUE_MOMENT = {"Effectif": Nature.ENTIER, "Fraction": Nature.FRACTION, "Taux": Nature.TAUX}


def colonne_taux(ctx: Contexte, moment: str) -> int:
    """The rank of the column that the chart shows of a moment."""
    return len(_PREMIERES) + len(_A_CHAQUE_MOMENT) * (ctx.moments.index(moment) + 1) - 1


def tableau_classes(ctx: Contexte) -> Tableau:
    """Exits by class, call after call; the dynamic ones together first."""
    return Tableau(
        "classes",
        "Sorties par classe, et repères nationaux",
        (
            *map(Colonne, _PREMIERES),
            *(
                Colonne(f"{quoi} {A_CE_MOMENT[moment]}", nature)
                for moment in ctx.moments
                for quoi, nature in _A_CHAQUE_MOMENT.items()
            ),
            Colonne("Repère national", Nature.TAUX),
        ),
        [row for call in appels_a_sorties(ctx) for row in lignes_classes(ctx, call)],
        note="Source : feuilles « Sorties » et « Sorties par opération ». "
        "Repère national : indicatif, jamais une règle.",
    )


def appels_a_sorties(ctx: Contexte) -> list[str]:
    """The calls that have exits."""
    return sorted({call for call, _ in ctx.classes})


def lignes_classes(ctx: Contexte, call: str) -> Iterator[Ligne]:
    """The lines of one call."""
    by_moment = {moment: ctx.classes.get((call, moment)) for moment in ctx.moments}
    names = dict.fromkeys(nom for classes in by_moment.values() if classes for nom in classes.noms)
    group = ctx.effectifs.rang(call)
    for nom in (DYNAMIQUES, *names):
        cells: list[Valeur] = []
        for moment in ctx.moments:
            whole, part = (ctx.effectifs.mesures[key][group] for key in MOMENTS[moment])
            cells += _cellules(by_moment[moment], nom, whole, part)
        yield call, nom, *cells, _repere(ctx, call, nom)


def _cellules(classes: Classes | None, nom: str, whole: Nombre, dynamic: Nombre) -> Ligne:
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


def tableau_indicateurs(ctx: Contexte) -> Tableau:
    """The indicators of each call, over its operations."""
    sums = somme_par(
        ctx.tables, "indicateurs", ["appel", "millesime", "indicateur"], ["nombre", "numerateur", "denominateur"]
    )
    return Tableau(
        "indicateurs",
        "Indicateurs des appels à projets",
        (
            *(Colonne("Appel"), Colonne("Indicateur")),
            *(Colonne("Nombre", Nature.NOMBRE), Colonne("Fraction", Nature.FRACTION), Colonne("Taux", Nature.TAUX)),
        ),
        sorted((_indicateur(ctx, row) for row in sums), key=lambda row: str(row[0])),
        note=f"Sommes de la feuille « Indicateurs » : filtrez-y la colonne Indicateur, puis {ctx.mds} ou Porteur.",
    )


def _indicateur(ctx: Contexte, row: Somme) -> Ligne:
    call, nom = nom_appel(row["appel"], row["millesime"]), row["indicateur"]
    number, part, total = row["nombre"], row["numerateur"], row["denominateur"]
    if measures := ctx.indicateurs.get(nom):
        group = ctx.effectifs.rang(call)
        number = measures[-1][group]
        if len(measures) > 1:
            total, part = measures[0][group], number
    return call, nom, number, fraction(part, total), taux(part, total)
