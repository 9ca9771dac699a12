"""Lines of one table drawn from a few values each: what several of them say together."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import cas as cases
from cas import Cas

from aap_xl.appels.model import Appel

_DRAWS, _LINES = 40, 5


def _days(month: int, *days: int) -> tuple[date, ...]:
    return tuple(date(2025, month, day) for day in days)


def _numbers(*texts: str) -> tuple[Decimal | str, ...]:
    return tuple(Decimal(text) if text else "" for text in texts)


_STAY = _days(4, 1, 7, 18, 30)
POOLS: dict[str, dict[str, tuple[Any, ...]]] = {
    "actions": {
        "code": ("A1", "a1", "A3", ""),
        "mds": ("artois", "ternois", "calaisis", ""),
        "date_debut": _days(4, 1, 7),
        "date_fin": _days(5, 2, 30),
    },
    "personnel": {
        "code": ("P1", "p1", "P7", "P8", ""),
        "salarie": ("MODELE-TEST Ana", "modele test ANA", "AUTRE-TEST Luc", ""),
        "role": ("Formateur",),
        "debut": ("", *_days(3, 1, 31), *_days(6, 1)),
        "fin": ("", *_days(5, 31), *_days(6, 1), date(2026, 2, 28)),
        "brut": _numbers("30000", "30000", ""),
        "quotite": _numbers("0.5", "0.501", "1", ""),
        "taux_horaire": _numbers("", "", "30"),
        "heures": _numbers("", "", "400", "900", "1607"),
        "aides": _numbers("", "0", "1000"),
    },
    "ressources": {
        "type": ("departement", "fonds_propres", "etat", "prive", ""),
        "prevu": _numbers("1000", "25000", "0", ""),
        "realise": _numbers("1000", "0", "", ""),
    },
    "participants": {
        "code": ("K01", "k01", "Q01", "K98", "K99", ""),
        "nom": ("DURAND-TEST",),
        "prenom": ("Zoé", "Zoé", "ZOE", "Ana"),
        "date_naissance": (date(1990, 5, 12), date(1990, 5, 12), date(1990, 12, 5), date(1990, 1, 1), ""),
        "date_entree": (*_STAY, *_days(5, 2, 3, 20), ""),
        "date_sortie": (*_STAY, *_days(5, 2, 3, 30), "", ""),
        "action": ("A1", "a1", "A2", "A9", ""),
        "brsa": (True, False, ""),
        "demi_journees_prevues": (10, 0, ""),
        "demi_journees_emargees": (10, 9, 0, ""),
        "situation": ("cdi", "sans_solution", "formation", ""),
    },
    "immersions": {
        "participant": ("K01", "k01", "K05", "Q01", "Q02", "X9", ""),
        "moment": ("avant", "pendant", ""),
        "hote": ("Hôte Test", "hote test", "Autre-Test", ""),
        "date_debut": (*_days(3, 1, 3), *_days(4, 1, 14), *_days(6, 2), ""),
        "date_fin": (*_days(3, 31), *_days(4, 2, 30), *_days(5, 1, 31), *_days(7, 3), ""),
        "renouvellement": (True, False, ""),
    },
    "heures": {
        "participant": ("Q01", "q01", "Q02", "Q03", "X9", ""),
        "semaine": (*_days(3, 3, 10, 17, 24, 31), *_days(4, 1), ""),
        "travail": _numbers("0", "3.75", "4", "8", "20", "20.25", "35", "35.5", "48", "48.5", ""),
        "accompagnement": _numbers("0", "2", "-1", "4", ""),
        "encadrement": _numbers("0", "4", "9", ""),
        "accompagnement_equipe": _numbers("0", "2", "3", ""),
        "encadrement_equipe": _numbers("0", "4", ""),
    },
    "comites": {
        "date_reunion": (*_days(2, 28), *_days(5, 31), *_days(6, 1), *_days(8, 31), *_days(10, 1, 2), ""),
        "slai": (True, False, ""),
        "composition": ("SLAI", ""),
        "tableau_envoye": (*_days(5, 31), *_days(6, 1, 2), ""),
    },
    "partenaires": {
        "date_lien": (*_days(2, 28), *_days(6, 1), ""),
        "nature": ("job_dating", "visite", ""),
        "partenaire": ("Hôte Test", ""),
        "personnes": (0, 3, ""),
    },
    "depenses": {
        "document": ("F-1", "f 1", "F-2", ""),
        "date_piece": (*_days(4, 10, 11), ""),
        "date_paiement": (*_days(5, 5), ""),
        "ligne_budget": ("F1", "f1", "X1", "P1", ""),
        "fournisseur": ("Alfa-Test", "ALFA TEST", "Beta-Test", ""),
        "montant": _numbers("100", "100", "50.005", "-50", "-100", "-150", ""),
        "facture_liee": ("", "", "F-1", "f 1", "F-9"),
        "prestation_du": ("", "", *_days(4, 1)),
        "prestation_au": ("", *_days(4, 30)),
        "justificatif": (True, True, False, ""),
        "decision": ("", "", "retenue", "refusee", "a_justifier"),
        "motif_decision": ("", "Motif"),
        "montant_retenu": _numbers("", "", "0", "50", "100.01"),
    },
    "salaires": {
        "ligne_budget": ("P1", "p1", "P9", "F1", ""),
        "mois": (*_days(4, 1, 30), *_days(5, 1), ""),
        "brut": _numbers("2000", ""),
        "quotite": _numbers("0.5", "0.6", "1", ""),
        "date_paiement": (*_days(4, 30), ""),
        "justificatif": (True, False),
    },
}
"""Table → field → what it may hold."""


def drawn(appel: Appel) -> Iterator[tuple[str, Cas]]:
    """The clean dossier with some more lines of one table, on its day or after the operation."""
    fin = cases.base_texte(appel.identite.code)["operation"]["date_fin"]
    for table, pool in POOLS.items():
        columns = appel.classeur.tables[table].colonnes if table in appel.classeur.tables else ()
        asked = {nom: values for nom, values in pool.items() if nom in columns}
        for draw in range(_DRAWS if asked else 0):
            rng = Random(f"{table} {draw}")  # noqa: S311
            lines = [{nom: rng.choice(values) for nom, values in asked.items()} for _ in range(rng.randint(1, _LINES))]
            over = {} if draw % 4 else {"aujourdhui": fin.replace(month=fin.month + 3)}
            ajouter = [{"table": table, **line} for line in lines]
            yield f"{table}, tirage {draw}", Cas("", appel.identite.code, "", [], ajouter=ajouter, **over)
