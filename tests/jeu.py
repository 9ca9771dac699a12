"""A seeded maker of consolidated datasets of any size, following the schema; everyone and everything is invented."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from aap_xl.consolidation.schema import TABLES

LE = dt.date(2026, 3, 2)
CLASSES = ("Emploi durable", "Emploi de transition", "Sortie positive", "Autre sortie positive", "Sortie non dynamique")
POIDS = dict(zip((*CLASSES, "Retrait", "À qualifier"), (25, 22, 14, 2, 30, 3, 4), strict=True))
NON_DYNAMIQUES = {"Sortie non dynamique", "Retrait", "À qualifier"}
MDS = ("Arrageois", "Artois", "Audomarois", "Boulonnais", "Calaisis", "Hénin-Carvin", "Lens-Liévin", "Ternois")
AGES = ("Moins de 18 ans", "18 à 25 ans", "26 à 34 ans", "35 à 44 ans", "45 à 54 ans", "55 ans et plus")
HEBERGEMENTS = ("Rue", "Hébergement d'urgence", "Logement accompagné", "Logement autonome")
ORIENTEURS = ("SLAI", "France Travail", "Mission locale", "CCAS")
POSTES = (
    "Frais de personnel",
    "Dépenses directes de fonctionnement",
    "Prestations externes",
    "Charges indirectes (20 %)",
)
REGLES = (
    ("P03", "bloquante", "Participants", "L", "Date de sortie", "Sortie avant entrée"),
    ("S05", "à vérifier", "Participants", "P", "Pièce justificative", "Pièce manquante"),
    ("D02", "bloquante", "Dépenses", "F", "Montant", "Dépense hors opération"),
    ("B11", "information", "Budget", "C", "Quotité", "Quotité inhabituelle"),
)

Ligne = dict[str, Any]


@dataclass
class Jeu:
    """Rows by table, in memory; missing columns are null."""

    tables: dict[str, list[Ligne]] = field(default_factory=lambda: {nom: [] for nom in TABLES})
    classes: tuple[str, ...] = ()
    territoires: tuple[str, ...] = ()

    def ecrire(self, dossier: Path) -> Path:
        return ecrire(self.tables, dossier)


def ecrire(tables: Mapping[str, Sequence[Ligne]], dossier: Path) -> Path:
    """One Parquet file per table of the schema."""
    dossier.mkdir(parents=True, exist_ok=True)
    for nom, schema in TABLES.items():
        pq.write_table(pa.Table.from_pylist(list(tables.get(nom, ())), schema=schema), dossier / f"{nom}.parquet")
    return dossier


def jeu(
    operations: int,
    graine: int = 1,
    *,
    personnes: tuple[int, int] = (6, 30),
    classes: tuple[str, ...] = (*CLASSES, "Retrait", "À qualifier"),
    territoires: tuple[str, ...] = MDS,
) -> Jeu:
    """A dataset of both calls, with files refused, superseded and received twice."""
    rng = random.Random(graine)  # noqa: S311 - a repeatable dataset
    made = Jeu(classes=classes, territoires=territoires)
    for rank in range(operations):
        _operation(made, rng, rank, max(operations // 2, 1), personnes)
    for rank in range(3):
        nom = f"depot/abime-{rank}.xlsx"
        made.tables["fichiers"].append(
            _fichier(f"f{10**6 + rank}", nom, "refusé", motif="« abime.xlsx » est incomplet.")
        )
    made.tables["fichiers"].append(_fichier("f2000000", "depot/notes.txt", "ignoré", motif="Ce n'est pas un classeur."))
    made.tables["fichiers"].sort(key=lambda row: str(row["nom"]))
    return made


def _fichier(fichier: str, nom: str, etat: str, **plus: object) -> Ligne:
    return {"fichier": fichier, "nom": nom, "etat": etat, "empreinte": f"{fichier}e", "taille": 41_000, **plus}


def _operation(made: Jeu, rng: random.Random, rank: int, porteurs: int, personnes: tuple[int, int]) -> None:
    first = rng.random() < 0.6
    fichier, operation = f"f{rank:06d}", f"op{rank:06d}"
    ligne = {"operation": operation, "fichier": fichier, "appel": "3.3" if first else "3.7", "millesime": 2025}
    place = {"porteur": f"Association inventée n° {rng.randrange(porteurs) + 1}", "mds": rng.choice(made.territoires)}
    people = [_participant(rng, made, {**ligne, **place}, rank, n) for n in range(rng.randint(*personnes))]
    made.tables["personnes"] += [{**ligne, **p} for p in people]
    counts = compter(people)
    money = _argent(made, rng, {**ligne, **place})
    severities = _anomalies(made, rng, ligne)
    end = dt.date(2025, 12, 31) - dt.timedelta(days=rng.randrange(90))
    due = end + dt.timedelta(days=31)
    late = rng.choice([None, 0, 0, 12, 45])
    made.tables["operations"].append(
        {**ligne, **place, "siret": "73282932000074", "convention": f"2025-{rank:05d}"}
        | {"date_debut": dt.date(2025, 1, 6), "date_fin": end, "a_jour_au": end, "echeance_bilan": due}
        | {"date_bilan": due if late == 0 else None, "jours_de_retard": late, "provisoire": bool(severities[0])}
        | {"prevues": rng.choice([12, 15, 20]), **counts, **money}
        | dict(zip(("bloquantes", "a_verifier", "informations"), severities, strict=True))
    )
    if not first:
        made.tables["operations"][-1] |= {"suivis": None, "dynamiques_suivi": None}
    _sorties(made, {**ligne, **place}, people, suivi=first)
    _indicateurs(made, rng, {**ligne, **place}, counts, suivi=first)
    _fichiers(made, rng, rank, {**ligne, **place}, severities)


def _participant(rng: random.Random, made: Jeu, place: Ligne, rank: int, n: int) -> Ligne:
    first, mds = place["appel"] == "3.3", place["mds"]
    out = rng.random() < 0.7
    classe = rng.choices(made.classes, [POIDS.get(nom, 10) for nom in made.classes])[0] if out else None
    due = out and first and rng.random() < 0.6
    later = rng.choices(made.classes, [POIDS.get(nom, 10) for nom in made.classes])[0] if due else None
    return {
        "pseudonyme": f"{rank:06x}{n:04x}",
        "parcours": 2 if n % 7 == 6 else 1,
        "mds": mds if rng.random() < 0.9 else rng.choice(made.territoires),
        "sexe": rng.choices(["Femme", "Homme", None], [48, 49, 3])[0],
        "tranche_age": rng.choices(AGES, [1, 30, 25, 20, 14, 4])[0],
        "brsa": rng.random() < (0.72 if first else 0.5),
        "logement_dabord": None if first else rng.random() < 0.3,
        "hebergement": None if first else rng.choice(HEBERGEMENTS),
        "orienteur": rng.choice(ORIENTEURS),
        "mois_entree": f"2025-{rng.randint(1, 6):02d}",
        "mois_sortie": f"2025-{rng.randint(7, 12):02d}" if out else None,
        "situation": "CDI" if classe == "Emploi durable" else None,
        "classe": classe,
        "dynamique": None if classe is None else classe not in NON_DYNAMIQUES,
        "etat_suivi": "Fait" if due else None,
        "classe_suivi": later,
        "dynamique_suivi": None if later is None else later not in NON_DYNAMIQUES,
        "piece": rng.random() < 0.8 if out else None,
    }


def compter(people: Sequence[Ligne]) -> dict[str, int]:
    """An operation's counts, from its people."""
    return {
        "entrees": len(people),
        "parcours": sum(p["parcours"] for p in people),
        "brsa": sum(p["brsa"] is True for p in people),
        "sorties": sum(p["classe"] is not None for p in people),
        "dynamiques": sum(p["dynamique"] is True for p in people),
        "suivis": sum(p["classe_suivi"] is not None for p in people),
        "dynamiques_suivi": sum(p["dynamique_suivi"] is True for p in people),
    }


def _argent(made: Jeu, rng: random.Random, ligne: Ligne) -> dict[str, Decimal | None]:
    totals = [Decimal(0)] * 3
    for poste in POSTES:
        prevu = Decimal(rng.randrange(100_000, 3_000_000)) / 100
        realise = (prevu * Decimal(rng.randrange(60, 110)) / 100).quantize(Decimal("0.01"))
        amounts = prevu, realise, min(prevu, realise)
        made.tables["budget"].append(
            {**ligne, "poste": poste, **dict(zip(("prevu", "realise", "retenu"), amounts, strict=True))}
        )
        totals = [a + b for a, b in zip(totals, amounts, strict=True)]
    asked = (totals[0] * Decimal("0.8")).quantize(Decimal("0.01"))
    voted = asked if rng.random() < 0.9 else None
    due = None if voted is None else min(voted, totals[2])
    adjustment = None if due is None or int(due) % 3 else Decimal("-12.50")
    if due is not None and adjustment is not None:
        due = max(due + adjustment, Decimal(0))
    advance = None if voted is None else (voted * Decimal("0.7")).quantize(Decimal("0.01"))
    balance = None if due is None or advance is None else due - advance
    return {
        **dict(zip(("prevu", "realise", "retenu"), totals, strict=True)),
        "demandee": asked,
        "votee": voted,
        "ajustement": adjustment,
        "du": due,
        "avance": advance,
        "solde": None if balance is None else max(balance, Decimal(0)),
        "a_reverser": None if balance is None else max(-balance, Decimal(0)),
    }


def _anomalies(made: Jeu, rng: random.Random, ligne: Ligne) -> list[int]:
    found = [rng.choice(REGLES) for _ in range(rng.choice([0, 0, 1, 2, 5, 9]))]
    for code, gravite, feuille, colonne, rubrique, regle in found:
        made.tables["anomalies"].append(
            {**ligne, "code": code, "gravite": gravite, "feuille": feuille, "cellule": f"{colonne}{rng.randint(6, 40)}"}
            | {"rubrique": rubrique, "regle": regle, "article": "Évaluation, 2. Bilan final"}
        )
    return [sum(item[1] == gravite for item in found) for gravite in ("bloquante", "à vérifier", "information")]


def _sorties(made: Jeu, ligne: Ligne, people: Sequence[Ligne], *, suivi: bool) -> None:
    moments = {"sortie": "classe", "suivi": "classe_suivi"} if suivi else {"sortie": "classe"}
    for moment, column in moments.items():
        found = [p[column] for p in people if p[column] is not None]
        made.tables["sorties"] += [
            {**ligne, "moment": moment, "classe": classe, "effectif": found.count(classe), "total": len(found)}
            for classe in made.classes
        ]


def _indicateurs(made: Jeu, rng: random.Random, ligne: Ligne, c: Mapping[str, int], *, suivi: bool) -> None:
    rows: list[tuple[str, object, int | None, int | None]] = [
        ("Personnes accompagnées", c["entrees"], None, None),
        ("dont bénéficiaires du RSA", c["brsa"], c["brsa"], c["entrees"]),
        ("Sorties dynamiques, à la sortie", c["dynamiques"], c["dynamiques"], c["sorties"]),
    ]
    if suivi:
        rows.append(("Sorties dynamiques, 6 mois après", c["dynamiques_suivi"], c["dynamiques_suivi"], c["suivis"]))
    else:
        rows.append(
            ("Heures d'accompagnement socioprofessionnel reçues", Decimal(rng.randrange(90_000)) / 100, None, None)
        )
        rows.append(("Réunions du comité de pilotage, sur les réunions attendues", 2, 2, 3))
    made.tables["indicateurs"] += [
        {**ligne, "indicateur": name, "nombre": Decimal(str(number)), "numerateur": a, "denominateur": b}
        for name, number, a, b in rows
    ]


def _fichiers(made: Jeu, rng: random.Random, rank: int, ligne: Ligne, severities: Sequence[int]) -> None:
    own = {nom: ligne[nom] for nom in ("operation", "appel", "millesime", "porteur")}
    own |= dict(zip(("bloquantes", "a_verifier", "informations"), severities, strict=True))
    nom = f"retours/lot-{rank % 4}.zip/suivi-{rank:06d}.xlsx" if rank % 5 == 0 else f"retours/suivi-{rank:06d}.xlsx"
    made.tables["fichiers"].append(_fichier(ligne["fichier"], nom, "retenu", **own, date_fichier=dt.date(2026, 1, 12)))
    if rng.random() < 0.1:
        old = _fichier(f"f{3 * 10**6 + rank}", f"retours/ancien-{rank:06d}.xlsx", "remplacé", **own)
        changes = (("entrees", 12, 14), ("dynamiques", 3, 4), ("realise", 41_200, 43_000))
        gap = [{"mesure": nom, "avant": Decimal(old), "apres": Decimal(new)} for nom, old, new in changes]
        made.tables["fichiers"].append(old | {"remplace_par": ligne["fichier"], "ecarts": gap})
    if rng.random() < 0.05:
        made.tables["fichiers"].append(_fichier(f"f{4 * 10**6 + rank}", f"retours/copie-{rank:06d}.xlsx", "doublon"))
