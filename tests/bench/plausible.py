"""A plausible dossier of any size: invented people, a few blanks, almost nothing to correct."""

import datetime as dt
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

from aap_xl.appels.model import Appel

DEBUT, FIN = dt.date(2025, 3, 3), dt.date(2026, 2, 28)
LE = dt.date(2025, 12, 15)
Ligne = dict[str, Any]

OPERATION: Ligne = {
    "porteur": "Association Exemple",
    "siret": "73282932000074",
    "intitule": "Opération d'essai",
    "mds": "artois",
    "date_depot": dt.date(2025, 2, 10),
    "date_debut": DEBUT,
    "date_fin": FIN,
    "secteur": "Bâtiment",
    "validation_employeurs": True,
    "subvention_demandee": Decimal(50000),
    "subvention_votee": Decimal(50000),
    "avance": Decimal(25000),
    "agrement_aci": True,
    "avis_convergence": "favorable",
    "date_avis_convergence": dt.date(2025, 1, 20),
    "besoin_recrutement": "Trente postes",
    "personnes_prevues": 300,
}
SORTIE: Ligne = {
    "date_sortie": dt.date(2025, 5, 30),
    "metier_vise": True,
    "objectif": "Entrer en formation",
    "resultat": "atteint",
    "demi_journees_prevues": 36,
    "demi_journees_emargees": 33,
    "phase": "poursuite_de_parcours",
    "date_phase": dt.date(2025, 5, 19),
    "hebergement_sortie": "logement",
    "freins_sortie": "Aucun",
    "employabilite_sortie": "n3",
}
SITUATIONS: tuple[Ligne, ...] = (
    {
        "situation": "cdd",
        "debut_contrat": dt.date(2025, 6, 2),
        "fin_contrat": dt.date(2025, 12, 31),
        "piece": "contrat",
    },
    {"situation": "cdi", "debut_contrat": dt.date(2025, 6, 2), "piece": "contrat"},
    {"situation": "formation", "piece": "attestation_formation"},
    {"situation": "sans_solution"},
    {
        "situation": "mission",
        "debut_contrat": dt.date(2025, 6, 2),
        "fin_contrat": dt.date(2025, 7, 31),
        "piece": "contrat",
    },
)


def operation(appel: Appel) -> Ligne:
    """The form, with the carrier's form that this call accepts."""
    fields = OPERATION | {"forme": appel.operation.formes_eligibles[0]}
    return {champ: valeur for champ, valeur in fields.items() if champ in appel.classeur.operation}


def tables(appel: Appel, participants: int) -> dict[str, list[Ligne]]:
    """Every table of the call, its size following the number of people."""
    codes = [f"P{n:04}" for n in range(1, participants + 1)]
    rows = {
        "actions": _actions(participants // 12 + 1),
        "personnel": _personnel(appel),
        "charges": [
            {"code": f"F{n}", "poste": "fonctionnement", "libelle": f"Achat {n}", "prevu": Decimal(100 * n)}
            for n in range(1, 11)
        ],
        "ressources": [
            {"type": "departement", "prevu": Decimal(50000)},
            {"type": "fonds_propres", "prevu": Decimal(1)},
        ],
        "participants": [_participant(n, code) for n, code in enumerate(codes)],
        "immersions": [row for n, code in enumerate(codes) for row in _immersions(n, code)],
        "heures": [row for code in codes for row in _heures(code)],
        "comites": _comites(),
        "partenaires": [
            {"date_lien": dt.date(2025, 4, 1), "nature": "visite", "partenaire": f"Entreprise Exemple {n}"}
            for n in range(20)
        ],
        "depenses": [_depense(n) for n in range(1, 201)],
        "salaires": _salaires(),
        "redactions": [{"rubrique": r.libelle, "texte": "Texte d'essai. " * 20} for r in appel.rubriques],
    }
    return {
        nom: [{c: v for c, v in row.items() if c in feuille.colonnes} for row in rows[nom]]
        for nom, feuille in appel.classeur.tables.items()
    }


def _actions(number: int) -> list[Ligne]:
    dates = {"date_debut": dt.date(2025, 5, 5), "date_fin": dt.date(2025, 5, 30)}
    return [{"code": f"A{n}", "metier": "Maçon", "mds": "artois", "places": 12, **dates} for n in range(1, number + 1)]


def _personnel(appel: Appel) -> list[Ligne]:
    roles = [role.code for role in appel.budget.roles] or ["Formateur"]
    return [
        {
            "code": f"S{n}",
            "salarie": f"EXEMPLE-{n}",
            "role": role,
            "debut": DEBUT,
            "fin": FIN,
            "brut": Decimal(20000),
            "cotisations": Decimal(8000),
            "quotite": Decimal("0.25"),
        }
        for n, role in enumerate(islice(cycle(roles), 6), 1)
    ]


def _participant(n: int, code: str) -> Ligne:
    person: Ligne = {
        "code": code,
        "nom": f"EXEMPLE-{code}",
        "prenom": ("Alix", "Camille", "Sacha")[n % 3],
        "sexe": "fh"[n % 2],
        "date_naissance": dt.date(1970 + n % 30, 1 + n % 12, 1 + n % 28),
        "mds": "artois",
        "orienteur": "slai",
        "brsa": n % 3 != 0 or n % 30 < 25,
        "hebergement": "centre_hebergement",
        "logement_dabord": n % 2 == 0,
        "action": f"A{n // 12 + 1}",
        "selection_slai": True,
        "date_entree": dt.date(2025, 5, 5),
        "freins_entree": "Mobilité",
        "employabilite_entree": "n1",
        "date_point": dt.date(2025, 5, 19),
        "constat_point": "Assidu, à l'aise dans le geste",
    }
    if n % 6 == 5:
        return person
    return person | SORTIE | SITUATIONS[n % 5] | _suivi(n)


def _suivi(n: int) -> Ligne:
    later = {champ + "_suivi": valeur for champ, valeur in SITUATIONS[(n + 1) % 5].items()}
    return {"contact_suivi": "fait", "date_suivi": dt.date(2025, 12, 1), "metier_vise_suivi": True, **later}


def _immersions(n: int, code: str) -> list[Ligne]:
    return [
        {"participant": code, "moment": moment, "hote": f"Hôte Exemple {n}", "date_debut": debut, "date_fin": fin}
        for moment, debut, fin in (
            ("avant", dt.date(2025, 4, 14), dt.date(2025, 4, 18)),
            ("pendant", dt.date(2025, 5, 12), dt.date(2025, 5, 16)),
        )
    ]


def _heures(code: str) -> list[Ligne]:
    weeks = (dt.date(2025, 5, 5) + dt.timedelta(weeks=n) for n in range(3))
    hours = {"travail": Decimal(12), "accompagnement": Decimal("1.5"), "encadrement": Decimal(6)}
    return [{"participant": code, "semaine": week, **hours} for week in weeks]


def _comites() -> list[Ligne]:
    return [
        {
            "date_reunion": day,
            "slai": True,
            "composition": "SLAI, porteur, entreprises",
            "tableau_envoye": day - dt.timedelta(days=7),
        }
        for day in (dt.date(2025, 5, 20), dt.date(2025, 8, 25), dt.date(2025, 11, 25))
    ]


def _depense(n: int) -> Ligne:
    return {
        "document": f"FA-{n:04}",
        "date_piece": dt.date(2025, 4, 1),
        "date_paiement": dt.date(2025, 4, 20),
        "ligne_budget": f"F{n % 10 + 1}",
        "fournisseur": "Fournisseur Exemple",
        "objet": "Achat",
        "montant": Decimal("9.99"),
        "justificatif": True,
    }


def _salaires() -> list[Ligne]:
    """The first staff line, paid month by month within what it foresees."""
    months = [dt.date(2025, month, 1) for month in range(4, 12)]
    paid = {"brut": Decimal(1600), "cotisations": Decimal(640), "quotite": Decimal("0.25"), "justificatif": True}
    return [{"ligne_budget": "S1", "mois": month, "date_paiement": month.replace(day=28), **paid} for month in months]
