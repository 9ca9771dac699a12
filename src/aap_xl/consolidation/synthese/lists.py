"""Sheets that are not per operation: Sorties, Publics, Porteurs, Anomalies, Fichiers, Personnes communes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from aap_xl.consolidation import aggregates
from aap_xl.consolidation.aggregates import Somme, lots, nom_appel, somme_par
from aap_xl.consolidation.gaps import Ecart, phrase
from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese import effectifs
from aap_xl.consolidation.synthese import publics as entrees
from aap_xl.consolidation.synthese.context import COLONNE_NOM, FICHIERS, INTERMEDIAIRES, Contexte
from aap_xl.consolidation.synthese.effectifs import Nombre, fraction, taux
from aap_xl.consolidation.synthese.model import Feuille
from aap_xl.consolidation.synthese.operations import ARGENT, GRAVITES, PERSONNES, appels
from aap_xl.consolidation.synthese.stream import Lot
from aap_xl.domain.tableau import Colonne
from aap_xl.rows import Nature

_EFFECTIFS = (
    Colonne("Effectif", Nature.ENTIER),
    Colonne("Total", Nature.ENTIER),
    Colonne("Fraction", Nature.FRACTION),
    Colonne("Taux", Nature.TAUX),
)
_APPEL = Colonne("Appel", largeur=13)


def _en_colonnes(rows: Sequence[Sequence[object]]) -> Iterable[Lot]:
    return [list(zip(*rows, strict=True))] if rows else []


def _memoire(
    nom: str, table: str, aide: str, columns: Sequence[Colonne], rows: Sequence[Sequence[object]], **mise_en_page: Any
) -> Feuille:
    """A sheet of which the rows are few enough to be held."""
    return Feuille(nom, table, aide, columns, len(rows), lambda: _en_colonnes(rows), "Rien à montrer.", **mise_en_page)


def sorties(ctx: Contexte) -> Feuille:
    """Exits by call, MDS, moment and class."""
    rows = []
    for (call, moment), classes in ctx.classes.items():
        total = ctx.effectifs.mesures[effectifs.MOMENTS[moment][0]]
        for mds in sorted(classes.territoires, key=ctx.rang_mds(call)):
            whole = total[ctx.effectifs.rang(call, mds)]
            for nom in classes.noms:
                count = classes.du_territoire(mds, nom)
                pair = fraction(count, whole), taux(count, whole)
                rows.append((call, mds, ctx.moment(call, moment), nom, count, whole, *pair))
    columns = (_APPEL, Colonne(ctx.mds, largeur=18), Colonne("Moment", largeur=14), Colonne("Classe", largeur=28))
    aide = ctx.dit("Sorties des opérations par {mds} et par classe. Total : les sorties de ces opérations à ce moment.")
    return _memoire("Sorties", "t_sorties", aide, (*columns, *_EFFECTIFS), rows)


def publics(ctx: Contexte) -> Feuille:
    """Who entered, by call and by what is known of people."""
    found = entrees.publics(ctx.tables, ctx.effectifs, ctx.ordres, ctx.dit)
    rows = [
        (
            c.appel,
            c.dimension,
            c.categorie,
            c.effectif,
            c.total,
            fraction(c.effectif, c.total),
            taux(c.effectif, c.total),
        )
        for c in found
    ]
    columns = (_APPEL, Colonne("Répartition", largeur=24), Colonne("Catégorie", largeur=44), *_EFFECTIFS)
    aide = "Personnes entrées dont le mois d'entrée est connu, pour chaque appel ; BRSA : toutes les personnes entrées."
    return _memoire("Publics", "t_publics", aide, columns, rows)


def porteurs(ctx: Contexte) -> Feuille:
    """The key figures of each operator in each call."""
    columns = (
        _APPEL,
        Colonne("Porteur", largeur=34),
        Colonne("Opérations", Nature.ENTIER, 12),
        Colonne("Entrées", Nature.ENTIER),
        Colonne("BRSA sur entrées", Nature.FRACTION),
        Colonne("Part BRSA", Nature.TAUX),
        Colonne("Dynamiques sur sorties", Nature.FRACTION, 12),
        Colonne("Taux dynamique", Nature.TAUX, 12),
        Colonne("Dynamiques sur suivis", Nature.FRACTION, 12),
        Colonne("Taux au suivi", Nature.TAUX),
        *INTERMEDIAIRES[2:],
        *(Colonne(titre, Nature.MONTANT, 14) for titre in ARGENT.values()),
        *(Colonne(titre, Nature.ENTIER, 12) for titre in GRAVITES.values()),
    )
    aide = "Une ligne par porteur et appel : la somme de ses opérations, que montre la feuille « Opérations »."
    kept = ctx.gardees(columns, PERSONNES)
    shown = [columns[rank] for rank in kept]
    rows = [[line[rank] for rank in kept] for _, line in lignes_porteurs(ctx)]
    breaks = tuple(sum(rank < place for rank in kept) for place in (12,))
    return _memoire("Porteurs", "t_porteurs", aide, shown, rows, repetees=2, coupures=breaks)


def lignes_porteurs(ctx: Contexte) -> Iterator[tuple[Somme, tuple[object, ...]]]:
    """Each operator's sums, and its line of « Porteurs »; in the order of names."""
    sums = somme_par(ctx.tables, "operations", ["appel", "millesime", "porteur"], [*ARGENT, *GRAVITES])
    for row in sorted(sums, key=lambda r: (nom_appel(r["appel"], r["millesime"]), (r["porteur"] or "").casefold())):
        call, porteur = nom_appel(row["appel"], row["millesime"]), row["porteur"] or aggregates.SANS
        counts = ctx.effectifs.du_porteur(call, porteur)
        rates = [x for part, total in effectifs.TAUX.items() for x in couple(counts, part, total)]
        others = [row[nom] for nom in (*ARGENT, *GRAVITES)]
        yield row, (call, porteur, row[aggregates.NOMBRE], counts["entrees"], *rates, *others)


def couple(counts: dict[str, Nombre], part: str, total: str) -> tuple[str | None, float | str | None]:
    """A rate as its fraction and its value."""
    return fraction(counts[part], counts[total]), taux(counts[part], counts[total])


def anomalies(ctx: Contexte) -> Feuille:
    """One line per anomaly, with a link to the file."""
    columns = (
        _APPEL,
        Colonne("Porteur", largeur=30),
        Colonne("Fichier", Nature.LIEN, 36),
        Colonne("Feuille", largeur=16),
        Colonne("Cellule", largeur=9),
        Colonne("Gravité", largeur=12),
        Colonne("Code", largeur=8),
        Colonne("Règle", largeur=46),
        Colonne("Rubrique", largeur=24),
        Colonne("Article de l'appel", largeur=40),
    )
    return Feuille(
        "Anomalies",
        "t_anomalies",
        "Une ligne par anomalie des classeurs retenus, avec un lien vers le fichier ; aucune valeur n'est recopiée.",
        columns,
        ctx.lignes("anomalies"),
        lambda: _anomalies(ctx),
        "Aucune anomalie.",
        "anomalies.parquet",
        liens=lambda: ctx.liens_vers_fichiers("anomalies", 2, lieux=True),
        externes=ctx.externes,
    )


def _anomalies(ctx: Contexte) -> Iterator[Lot]:
    names = ctx.effectifs.unites
    for lot in lots(ctx.tables, "anomalies"):
        ranks = [names.rangs.get(operation) for operation in lot["operation"].to_pylist()]
        porteurs = ["" if rank is None else names.chemins[rank][2] for rank in ranks]
        columns = [lot[nom] for nom in ("feuille", "cellule", "gravite", "code", "regle", "rubrique", "article")]
        yield [appels(lot), porteurs, ctx.noms_de_fichiers(lot), *columns]


def fichiers(ctx: Contexte) -> Feuille:
    """One line per file found."""
    columns = (
        Colonne("Fichier", Nature.LIEN if ctx.externes else Nature.TEXTE, 44),
        Colonne("État", largeur=12),
        Colonne("Motif", Nature.LONG, 50),
        Colonne("Remplacé par", largeur=40),
        Colonne("Ce qui a changé", Nature.LONG, 50),
        _APPEL,
        Colonne("Porteur", largeur=34),
        Colonne("SIRET", largeur=18),
        Colonne("À jour au", Nature.DATE),
        Colonne("Date du fichier", Nature.DATE),
        *(Colonne(titre, Nature.ENTIER, 12) for titre in GRAVITES.values()),
        Colonne("Taille (octets)", Nature.ENTIER, 14),
        Colonne("Empreinte", largeur=24),
    )
    return Feuille(
        FICHIERS,
        "t_fichiers",
        "Tout ce qui a été trouvé : retenu, remplacé par une version plus récente, doublon, refusé, ignoré.",
        columns,
        ctx.lignes("fichiers"),
        lambda: _fichiers(ctx),
        "Aucun fichier.",
        "fichiers.parquet",
        repetees=1,
        coupures=(5,),
        liens=lambda: ctx.liens_vers_fichiers("fichiers", COLONNE_NOM - 1) if ctx.externes else (),
        externes=ctx.externes,
    )


def _fichiers(ctx: Contexte) -> Iterator[Lot]:
    for lot in lots(ctx.tables, "fichiers"):
        calls = [call if code else None for call, code in zip(appels(lot), lot["appel"].to_pylist(), strict=True)]
        gaps = [_ecarts(changes, ctx) for changes in lot["ecarts"].to_pylist()]
        yield [
            *(lot[nom] for nom in ("nom", "etat", "motif", "remplace_par")),
            gaps,
            calls,
            *(lot[nom] for nom in ("porteur", "siret", "a_jour_au", "date_fichier")),
            *(lot[nom] for nom in GRAVITES),
            lot["taille"],
            lot["empreinte"],
        ]


def _ecarts(changes: Sequence[Mapping[str, Any]] | None, ctx: Contexte) -> str | None:
    """What changed between two versions; counts of persons are masked: they would tell those of « Opérations »."""
    if changes is None:
        return None
    return phrase((Ecart(**item) for item in changes), MARQUE if ctx.masque else "")


def personnes_communes(ctx: Contexte) -> Feuille:
    """People seen in several operations, by pseudonym: one line per person and operation."""
    columns = (
        Colonne("Pseudonyme", largeur=40),
        Colonne("Opérations de la personne", Nature.ENTIER, 14),
        _APPEL,
        Colonne("Porteur", largeur=40),
        Colonne(ctx.mds, largeur=18),
        Colonne("Opération", largeur=36),
    )
    count = sum(len(o or ()) for lot in _communes(ctx) for o in lot["operations"].to_pylist())
    return Feuille(
        "Personnes communes",
        "t_personnes_communes",
        "Une ligne par personne et opération. Pour le service seulement : ne diffusez pas cette feuille.",
        columns,
        count,
        lambda: _personnes(ctx),
        "Aucune personne n'est présente dans plusieurs opérations.",
        "personnes_communes.parquet",
    )


def _communes(ctx: Contexte) -> Iterator[pa.RecordBatch]:
    return lots(ctx.tables, "personnes_communes")


def _personnes(ctx: Contexte) -> Iterator[Lot]:
    units = ctx.effectifs.unites
    for lot in _communes(ctx):
        rows = []
        for pseudonyme, operations in zip(*(column.to_pylist() for column in lot.columns), strict=True):
            for operation in operations or ():
                rank = units.rangs.get(operation)
                call, mds, porteur = ("", "", "") if rank is None else units.chemins[rank]
                rows.append((pseudonyme, len(operations), call, porteur, mds, operation))
        yield from _en_colonnes(rows)
