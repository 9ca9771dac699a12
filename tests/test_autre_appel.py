"""A new call is a new file: fictional calls go through workbook, reading, checks and bilan, with no change in src/."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import tableaux
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.solde import solde
from aap_xl.dossier import Dossier, catalogue
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing import filling

FICTIFS = Path(__file__).parent / "appels"
LE = dt.date(2032, 3, 1)
OPERATION: dict[str, Any] = {
    "porteur": "SCOP Exemple",
    "siret": "73282932000074",
    "forme": "scop",
    "intitule": "Traversée d'essai",
    "mds": "sud",
    "date_depot": dt.date(2031, 3, 31),
    "date_debut": dt.date(2031, 3, 1),
    "date_fin": dt.date(2032, 8, 31),
    "personnes_prevues": 60,
    "subvention_demandee": Decimal("12345.67"),
    "subvention_votee": Decimal("12345.67"),
    "avance": Decimal(5000),
}
BUDGET: dict[str, list[dict[str, Any]]] = {
    "personnel": [
        {
            "code": "E1", "salarie": "EXEMPLE Ada", "role": "capitaine", "brut": Decimal(8000),
            "cotisations": Decimal(2000), "quotite": Decimal("0.5"),
        }
    ],
    "charges": [
        {"code": "V1", "poste": "vivres", "libelle": "Vivres", "prevu": Decimal(1000)},
        {"code": "X1", "poste": "escales", "libelle": "Escale", "prevu": Decimal(2000)},
    ],
    "ressources": [{"type": "collectivite", "prevu": Decimal(9000)}],
    "depenses": [
        {
            "document": "D1", "date_piece": dt.date(2031, 4, 1), "date_paiement": dt.date(2031, 4, 2),
            "ligne_budget": "V1", "montant": Decimal(1200), "justificatif": True,
        },
        {
            "document": "D2", "date_piece": dt.date(2031, 5, 1), "date_paiement": dt.date(2031, 5, 2),
            "ligne_budget": "X1", "montant": Decimal(1900), "justificatif": True,
        },
    ],
    "redactions": [{"rubrique": "Journal de bord", "texte": "Mer calme."}],
}  # fmt: skip


def _person(code: str, naissance: dt.date, brsa: bool, **sortie: Any) -> dict[str, Any]:
    return {
        "code": code, "nom": f"EXEMPLE-{code}", "prenom": "Essai", "sexe": "f", "date_naissance": naissance,
        "mds": "sud", "orienteur": "vigie", "brsa": brsa, "action": "A1", "date_entree": dt.date(2031, 3, 10), **sortie,
    }  # fmt: skip


def _sortie(situation: str, debut: dt.date | None = None, fin: dt.date | None = None) -> dict[str, Any]:
    contrat = {"debut_contrat": debut, "fin_contrat": fin}
    return {
        "date_sortie": dt.date(2031, 6, 1), "situation": situation, "piece": "papier",
        **{champ: jour for champ, jour in contrat.items() if jour},
    }  # fmt: skip


TRENTE_ANS_LE_JOUR = dt.date(2001, 3, 10)
TRENTE_ET_UN_ANS = dt.date(2000, 3, 10)
PARTICIPANTS = [
    _person("N1", TRENTE_ANS_LE_JOUR, True, **_sortie("long", dt.date(2031, 6, 1), dt.date(2032, 5, 31))),  # 12 mois
    _person("N2", dt.date(1981, 3, 10), True, **_sortie("long", dt.date(2031, 6, 1), dt.date(2032, 5, 30))),
    _person("N3", dt.date(1970, 1, 1), False, **_sortie("long", dt.date(2031, 6, 1), dt.date(2031, 8, 30))),
    _person("N4", TRENTE_ET_UN_ANS, False, **_sortie("parti")),
    _person("N5", TRENTE_ANS_LE_JOUR, False),
]
ACTIVITE: dict[str, list[dict[str, Any]]] = {
    "actions": [
        {
            "code": "A1", "metier": "Charpente", "mds": "sud", "date_debut": dt.date(2031, 3, 1),
            "date_fin": dt.date(2031, 4, 30),
        }
    ],
    "participants": PARTICIPANTS,
    "heures": [
        {"participant": "N1", "semaine": dt.date(2031, 3, 10), "travail": Decimal(35)},
        {"participant": "N1", "semaine": dt.date(2031, 3, 17), "travail": Decimal("35.5")},
        {"participant": "N2", "semaine": dt.date(2031, 3, 10), "travail": Decimal("1.5")},
    ],
    "comites": [{"date_reunion": dt.date(2031, 4, 1), "composition": "Équipage"}],
    "partenaires": [{"date_lien": dt.date(2031, 4, 1), "nature": "escale", "partenaire": "Port Exemple"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def fictifs() -> dict[str, Appel]:
    return {appel.identite.code: appel for appel in catalogue([FICTIFS])}


def _through_a_file(appel: Appel, tables: dict[str, Any], tmp_path: Path) -> Donnees:
    wanted = appel.classeur
    operation = {champ: v for champ, v in OPERATION.items() if champ in wanted.operation}
    blank = build(appel, {}, aujourdhui=LE)
    kept = {nom: rows for nom, rows in tables.items() if nom in wanted.tables}
    source = tmp_path / "fictif.xlsx"
    source.write_bytes(filling.remplir(blank, operation, kept, appel))
    dossier = Dossier.lire(source, catalogue([FICTIFS]), LE)
    dossier.ecrire_bilan(tmp_path / "bilan.xlsx")
    return Dossier.lire(tmp_path / "bilan.xlsx", catalogue([FICTIFS]), LE).donnees


def _table(donnees: Donnees, cle: str) -> dict[Any, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in next(t for t in tableaux(donnees) if t.cle == cle).lignes}


@pytest.fixture
def donnees(fictifs: dict[str, Appel], tmp_path: Path) -> Donnees:
    return _through_a_file(fictifs["9.1"], BUDGET | ACTIVITE, tmp_path)


def test_its_own_exit_list_gives_the_classes(donnees: Donnees) -> None:
    classes = {nom: values[0] for nom, values in _table(donnees, "sorties_classes").items()}
    assert classes["Cap atteint"] == 1
    assert classes["Mi-course"] == 1
    assert classes["Dérive"] == 1
    assert classes["Hors champ"] == 1


def test_leavers_out_of_the_denominator_are_shown_beside(donnees: Donnees) -> None:
    rates = {nom: str(values[1]) for nom, values in _table(donnees, "sorties_taux").items()}
    assert rates["Sorties dynamiques"] == "2/4"
    assert rates["Sorties dynamiques, retraits exclus"] == "2/3"


def test_its_own_public_and_majority(donnees: Donnees) -> None:
    found = {(a.code, str(a.cell)) for a in controler(donnees) if a.code in {"P04", "P06"}}
    assert found == {("P04", "Participants!E8")}  # 30 included and 50 included; 2 BRSA in 5 is « at least 40 % »


def test_its_own_hours(donnees: Donnees) -> None:
    found = {(a.code, str(a.cell)) for a in controler(donnees) if a.code.startswith("H")}
    assert found == {("H05", "Heures!C6"), ("H04", "Heures!C7")}


def test_its_own_base_rate_and_cap_by_category(donnees: Donnees) -> None:
    balance = solde(donnees)
    assert balance.retenu == Decimal("3375.00")  # vivres min(1200; 1000 × 1,10) + escales 1900 = 3000, + 12,5 %
    assert balance.du == Decimal("3375.00")
    assert balance.a_reverser == Decimal("1625.00")


def test_its_own_windows_have_no_end(fictifs: dict[str, Appel], donnees: Donnees) -> None:
    assert not [a for a in controler(donnees) if a.code == "O05"]
    donnees.operation.date_depot = dt.date(2031, 4, 1)
    assert [a.code for a in controler(donnees) if a.code == "O05"] == ["O05"]


def test_only_its_rules_speak_with_its_articles(donnees: Donnees) -> None:
    anomalies = controler(donnees)
    assert {a.code for a in anomalies} <= donnees.appel.regles.keys()
    assert {a.article for a in anomalies} <= {f"Art. {n}" for n in range(1, 10)}


def test_a_call_without_participants(fictifs: dict[str, Appel], tmp_path: Path) -> None:
    donnees = _through_a_file(fictifs["9.2"], BUDGET | {"comites": ACTIVITE["comites"]}, tmp_path)
    assert "participants" not in donnees.tables
    assert solde(donnees).retenu == Decimal("3375.00")
    keys = {t.cle for t in tableaux(donnees)}
    assert "budget_postes" in keys
    assert not keys & {"personnes", "sorties_classes", "heures", "suivi"}
    assert {a.code for a in controler(donnees)} <= donnees.appel.regles.keys()


def test_every_sheet_of_the_call_is_there_and_no_other(fictifs: dict[str, Appel], tmp_path: Path) -> None:

    path = tmp_path / "vierge.xlsx"
    path.write_bytes(build(fictifs["9.2"], {}, aujourdhui=LE))
    sheets = openpyxl.load_workbook(path).sheetnames
    assert "Participants" not in sheets
    assert "Heures" not in sheets
    assert {"Opération", "Personnel", "Charges", "Budget", "Comités", "Contrôle", "Bilan"} <= set(sheets)
