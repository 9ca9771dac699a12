"""Sheets with one line, or a few, per operation: Opérations, Sorties par opération, Indicateurs, Budget."""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from aap_xl.consolidation import aggregates
from aap_xl.consolidation.aggregates import lots, nom_appel
from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese import effectifs
from aap_xl.consolidation.synthese.context import INTERMEDIAIRES, Contexte
from aap_xl.consolidation.synthese.effectifs import Mesure, Nombre, fraction, taux
from aap_xl.consolidation.synthese.model import Feuille
from aap_xl.consolidation.synthese.stream import Lot
from aap_xl.domain.tableau import Colonne
from aap_xl.rows import Nature

ARGENT = {
    "prevu": "Prévu",
    "realise": "Réalisé",
    "retenu": "Retenu",
    "demandee": "Demandée",
    "votee": "Votée",
    "ajustement": "Ajustement",
    "du": "Due",
    "avance": "Avance",
    "solde": "Solde",
    "a_reverser": "À reverser",
}
GRAVITES = {"bloquantes": "Bloquantes", "a_verifier": "À vérifier", "informations": "Informations"}
PROVISOIRE, COMPLET = "Provisoire", "Sans blocage"
_LIEU = (Colonne("Appel", largeur=13), Colonne("Porteur", largeur=34))
PERSONNES = (
    Colonne("Prévues", Nature.ENTIER, 10),
    Colonne("Parcours", Nature.ENTIER, 10),
    Colonne("Entrées", Nature.ENTIER, 10),
    Colonne("BRSA", Nature.ENTIER, 9),
    Colonne("BRSA sur entrées", Nature.FRACTION),
    Colonne("Part BRSA", Nature.TAUX),
    Colonne("Sorties", Nature.ENTIER, 10),
    Colonne("Dynamiques", Nature.ENTIER, 12),
    Colonne("Dynamiques sur sorties", Nature.FRACTION, 12),
    Colonne("Taux dynamique", Nature.TAUX, 12),
    Colonne("Suivis échus", Nature.ENTIER, 10),
    Colonne("Dynamiques au suivi", Nature.ENTIER, 12),
    Colonne("Dynamiques sur suivis", Nature.FRACTION, 12),
    Colonne("Taux au suivi", Nature.TAUX),
    *INTERMEDIAIRES,
)
_PAGES = tuple(12 + more for more in (0, len(PERSONNES), len(PERSONNES) + len(ARGENT)))
"""Columns that begin a page: people, money, anomalies."""


def _territoire(ctx: Contexte) -> Colonne:
    return Colonne(ctx.mds, largeur=16)


def operations(ctx: Contexte) -> Feuille:
    """One line per operation."""
    whole = (
        *_LIEU,
        Colonne("Convention", largeur=15),
        _territoire(ctx),
        Colonne("SIRET", largeur=18),
        *(Colonne(titre, Nature.DATE) for titre in ("Début", "Fin", "À jour au", "Bilan dû le", "Bilan remis le")),
        Colonne("Jours de retard", Nature.ENTIER, 10),
        Colonne("État du bilan", largeur=15),
        *PERSONNES,
        *(Colonne(titre, Nature.MONTANT) for titre in ARGENT.values()),
        *(Colonne(titre, Nature.ENTIER, 12) for titre in GRAVITES.values()),
        Colonne("Fichier", Nature.LIEN, 44),
        Colonne("Opération", largeur=34),
    )
    kept = ctx.gardees(whole, PERSONNES)
    columns = [whole[rank] for rank in kept]
    return Feuille(
        "Opérations",
        "t_operations",
        "Une ligne par opération. "
        + ("Entrées, sorties : personnes. " if ctx.suit else "")
        + "De « Demandée » à « À reverser » : la subvention."
        + (" n.c. : non communiqué." if ctx.masque else ""),
        columns,
        ctx.lignes("operations"),
        lambda: ([lot[rank] for rank in kept] for lot in _operations(ctx)),
        "Aucune opération : aucun classeur n'a pu être retenu. La feuille « Fichiers » dit pourquoi.",
        "operations.parquet",
        repetees=3,
        coupures=tuple(sum(rank < place for rank in kept) for place in _PAGES),
        liens=lambda: ctx.liens_vers_fichiers("operations", len(columns) - 2),
        externes=ctx.externes,
    )


def _operations(ctx: Contexte) -> Iterator[Lot]:
    rank = 0
    for lot in lots(ctx.tables, "operations"):
        units = range(rank, rank + lot.num_rows)
        rank += lot.num_rows
        yield [
            *_lieu(lot),
            *(lot[nom] for nom in ("siret", "date_debut", "date_fin", "a_jour_au", "echeance_bilan", "date_bilan")),
            lot["jours_de_retard"],
            [PROVISOIRE if state else COMPLET for state in lot["provisoire"].to_pylist()],
            lot["prevues"],
            _comptes(ctx.effectifs.mesures["parcours"], lot["parcours"], units),
            *_personnes(ctx, lot, units),
            *(lot[nom] for nom in ARGENT),
            *(lot[nom] for nom in GRAVITES),
            ctx.noms_de_fichiers(lot),
            lot["operation"],
        ]


def _lieu(lot: pa.RecordBatch) -> list[object]:
    convention = lot["convention"] if "convention" in lot.schema.names else None
    places = [_rempli(lot["porteur"]), *([] if convention is None else [convention]), _rempli(lot["mds"])]
    return [appels(lot), *places]


def _rempli(column: pa.Array) -> list[str]:
    return [aggregates.SANS if value is None else value for value in column.to_pylist()]


def appels(lot: pa.RecordBatch) -> list[str]:
    """The call of each row, as the workbook names it."""
    known: dict[tuple[str | None, int | None], str] = {}
    pairs = zip(lot["appel"].to_pylist(), lot["millesime"].to_pylist(), strict=True)
    return [known.get(pair) or known.setdefault(pair, nom_appel(*pair)) for pair in pairs]


def _personnes(ctx: Contexte, lot: pa.RecordBatch, units: range) -> Iterator[Sequence[float | str | None]]:
    """Total, part, fraction and rate of each pair; nothing where the operation's call has no such count."""
    for part, total in effectifs.TAUX.items():
        wholes, parts = (_comptes(ctx.effectifs.mesures[nom], lot[nom], units) for nom in (total, part))
        yield wholes
        yield parts
        yield [fraction(b, a) for a, b in zip(wholes, parts, strict=True)]
        yield [taux(b, a) for a, b in zip(wholes, parts, strict=True)]


def _comptes(mesure: Mesure, column: pa.Array, units: range) -> list[Nombre]:
    known = column.to_pylist()
    return [None if value is None else mesure[unit] for unit, value in zip(units, known, strict=True)]


def sorties_par_operation(ctx: Contexte) -> Feuille:
    """One line per operation, moment and class."""
    columns = (
        *_LIEU,
        _territoire(ctx),
        Colonne("Opération", largeur=34),
        Colonne("Moment", largeur=14),
        Colonne("Classe", largeur=26),
        Colonne("Effectif", Nature.ENTIER),
        Colonne("Total", Nature.ENTIER),
        Colonne("Fraction", Nature.FRACTION),
        Colonne("Taux", Nature.TAUX),
    )
    aide = "Une ligne par opération, moment et classe. Total : les sorties de l'opération à ce moment."
    return Feuille(
        "Sorties par opération",
        "t_sorties_operations",
        aide
        + (" Peu d'opérations ont assez de sorties pour que leurs classes soient communiquées." if ctx.masque else ""),
        columns,
        ctx.lignes("sorties"),
        lambda: _sorties(ctx),
        "Aucune sortie.",
        "sorties.parquet",
    )


def _sorties(ctx: Contexte) -> Iterator[Lot]:
    for lot in lots(ctx.tables, "sorties"):
        names = appels(lot)
        moments, classes = lot["moment"].to_pylist(), lot["classe"].to_pylist()
        units = [ctx.effectifs.unites.rangs[operation] for operation in lot["operation"].to_pylist()]
        counts, totals = [], []
        for call, moment, classe, unit, count, total in zip(
            names, moments, classes, units, lot["effectif"].to_pylist(), lot["total"].to_pylist(), strict=True
        ):
            shown = ctx.classes[call, moment].montre(unit, classe)
            counts.append(count if shown else MARQUE)
            whole = ctx.effectifs.mesures[effectifs.MOMENTS[moment][0]].montree[unit]
            totals.append(total if whole else MARQUE)
        labels = [ctx.moment(call, moment) for call, moment in zip(names, moments, strict=True)]
        yield [
            *_lieu(lot),
            lot["operation"],
            labels,
            lot["classe"],
            counts,
            totals,
            [fraction(a, b) for a, b in zip(counts, totals, strict=True)],
            [taux(a, b) for a, b in zip(counts, totals, strict=True)],
        ]


def budget(ctx: Contexte) -> Feuille:
    """One line per operation and cost category."""
    columns = (
        *_LIEU,
        _territoire(ctx),
        Colonne("Opération", largeur=34),
        Colonne("Poste", largeur=40),
        *(Colonne(titre, Nature.MONTANT) for titre in ("Prévu", "Réalisé", "Retenu")),
    )
    return Feuille(
        "Budget",
        "t_budget",
        "Une ligne par opération et poste de dépenses, charges indirectes comprises. Les montants ne sont pas masqués.",
        columns,
        ctx.lignes("budget"),
        lambda: (
            [*_lieu(lot), lot["operation"], lot["poste"], *(lot[nom] for nom in ("prevu", "realise", "retenu"))]
            for lot in lots(ctx.tables, "budget")
        ),
        "Aucun budget.",
        "budget.parquet",
    )


def indicateurs(ctx: Contexte) -> Feuille:
    """One line per operation and indicator of its call."""
    columns = (
        *_LIEU,
        _territoire(ctx),
        Colonne("Opération", largeur=34),
        Colonne("Indicateur", largeur=58),
        Colonne("Nombre", Nature.NOMBRE),
        Colonne("Fraction", Nature.FRACTION),
        Colonne("Taux", Nature.TAUX),
    )
    return Feuille(
        "Indicateurs",
        "t_indicateurs",
        "Une ligne par opération et indicateur de son appel à projets, comme dans son bilan.",
        columns,
        ctx.lignes("indicateurs"),
        lambda: _indicateurs(ctx),
        "Aucun indicateur.",
        "indicateurs.parquet",
    )


def _indicateurs(ctx: Contexte) -> Iterator[Lot]:
    for lot in lots(ctx.tables, "indicateurs"):
        numbers, fractions, rates = [], [], []
        keys = zip(lot["indicateur"].to_pylist(), lot["operation"].to_pylist(), strict=True)
        values = zip(*(lot[nom].to_pylist() for nom in ("nombre", "numerateur", "denominateur")), strict=True)
        for (name, operation), (number, part, total) in zip(keys, values, strict=True):
            shown = _montre(ctx.indicateurs, name, ctx.effectifs.unites.rangs[operation])
            numbers.append(number if shown else MARQUE)
            fractions.append(fraction(part, total) if shown else MARQUE)
            rates.append(taux(part, total) if shown else MARQUE)
        yield [*_lieu(lot), lot["operation"], lot["indicateur"], numbers, fractions, rates]


def _montre(mesures: Mapping[str, list[Mesure]], indicateur: str, unit: int) -> bool:
    """Whether an operation's indicator is shown: the finest of its counts is."""
    return indicateur not in mesures or bool(mesures[indicateur][-1].montree[unit])
