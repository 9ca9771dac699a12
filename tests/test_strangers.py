"""Calls of other collectivités, which the code has never seen: written from public texts, in at most 60 lines each.

Each goes from the blank workbook to the consolidation, and nothing of the Pas-de-Calais comes along.
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import envois
import openpyxl
import pytest

from aap_xl.appels.loader import Catalogue, parties
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import tableaux
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles import BESOINS, RULES
from aap_xl.dossier import Dossier
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing import filling

DOSSIER = Path(__file__).parent / "appels"
LE = dt.date(2024, 6, 3)
FICHIERS = {
    "29-IAE": "finistere-2022-iae.toml",
    "83-RSA": "var-2023-rsa.toml",
    "13-AA": "bouches-du-rhone-2022-aide-alimentaire.toml",
}
MOTS_DU_TERRAIN = re.compile(r"Mots : [^·•]*")
"""What operators of any place may type of an exit: read, never shown to them."""

DAILLEURS = re.compile(
    r"\bMDS\b|\bSLAI\b|Pas-de-Calais|Convergence|E-partenaire|\bPRF\b|03 21|"
    r"Premières heures(?! en chantier)|Préparatoires|préparatoire|\b(?:6|six) mois après|à (?:6|six) mois",
    re.IGNORECASE,
)
PERSONNES = re.compile(
    r"participant|personnes? (?:accompagnée|suivie|entrée)|\bBRSA\b|\bsorties?\b(?! du)", re.IGNORECASE
)
LIGNES = 60


def _jour(mois: int, jour: int = 1, annee: int = 2023) -> dt.date:
    return dt.date(annee, mois, jour)


def _personne(code: str, **valeurs: Any) -> dict[str, Any]:
    identite = {"code": code, "nom": f"EXEMPLE-{code}", "prenom": "Essai", "sexe": "f", "brsa": True}
    return {**identite, "date_naissance": dt.date(1985, 1, 2), "date_entree": _jour(3, 6), **valeurs}


def _sortie(mois: int, situation: str) -> dict[str, Any]:
    piece = {"piece": "attestation_formation"} if situation == "formation" else {}
    return {"date_sortie": _jour(mois, 3), "situation": situation, **piece}


def _suivi(mois: int, situation: str) -> dict[str, Any]:
    when = {"ouverture_rsa": _jour(2), "date_suivi": _jour(mois, 4)}
    if not situation:
        return {**when, "contact_suivi": "injoignable"}
    piece = "contrat" if situation == "cdi" else "attestation_formation"
    return {**when, "contact_suivi": "fait", "situation_suivi": situation, "piece_suivi": piece}


def _depense(le: dt.date) -> dict[str, Any]:
    return {
        "document": "D1", "date_piece": le, "date_paiement": le + dt.timedelta(days=20), "ligne_budget": "F1",
        "fournisseur": "Bailleur Exemple", "montant": Decimal(2500), "justificatif": True,
    }  # fmt: skip


CDI = {"date_sortie": _jour(9), "situation": "cdi", "debut_contrat": _jour(9, 4), "piece": "contrat"}
ARGENT: dict[str, list[dict[str, Any]]] = {
    "personnel": [{
        "code": "P1", "salarie": "EXEMPLE Ada", "role": "Conseillère", "brut": Decimal(20000),
        "cotisations": Decimal(8000), "quotite": Decimal("0.5"),
    }],
    "charges": [{"code": "F1", "poste": "fonctionnement", "libelle": "Locaux", "prevu": Decimal(3000)}],
    "ressources": [{"type": "departement", "prevu": Decimal(17000)}],
    "depenses": [_depense(_jour(4))],
}  # fmt: skip
OPERATION: dict[str, Any] = {
    "porteur": "Association Exemple", "siret": "73282932000074", "intitule": "Opération d'essai",
    "date_debut": _jour(3), "date_fin": dt.date(2024, 2, 29), "a_jour_au": dt.date(2024, 5, 31),
    "personnes_prevues": 4, "subvention_demandee": Decimal(17000), "subvention_votee": Decimal(15000),
    "avance": Decimal(5000), "date_bilan": dt.date(2024, 5, 15),
}  # fmt: skip
JUIN, SEPTEMBRE = dt.date(2022, 6, 8), dt.date(2022, 9, 7)
REMPLIS: dict[str, tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]] = {
    "29-IAE": (
        {"forme": "aci", "agrement_aci": True, "date_depot": _jour(1, 16), "places_nouvelles": 12},
        {
            "participants": [
                _personne("K1", prioritaire="rsa", forme=True, **CDI),
                _personne("K2", brsa=False, prioritaire="deld", forme=False, **_sortie(10, "abandon")),
                _personne("K3", brsa=False, prioritaire="non", forme=True, **_sortie(11, "formation")),
            ],
            "comites": [{"date_reunion": _jour(6, 12), "composition": "Département, État, structure"}],
            "partenaires": [{"date_lien": _jour(5, 3), "nature": "visite", "partenaire": "Atelier Exemple"}],
        },
    ),
    "83-RSA": (
        {"date_depot": _jour(1, 10), "lot": "lot1"},
        {
            "participants": [
                _personne("K1", sorti_du_rsa=True, **CDI, **_suivi(12, "cdi"), debut_contrat_suivi=_jour(9, 4)),
                _personne("K2", sorti_du_rsa=False, **_sortie(7, "sans_solution"), **_suivi(10, "")),
                _personne("K3", sorti_du_rsa=False, **_sortie(7, "formation"), **_suivi(10, "formation")),
            ],
            "ressources": [
                {"type": "departement", "prevu": Decimal(17000)},
                {"type": "fonds_propres", "prevu": Decimal(2100), "realise": Decimal(2100)},
            ],
        },
    ),
    "13-AA": (
        {
            "forme": "association", "menages_prevus": 100, "date_depot": dt.date(2022, 5, 2),
            "date_debut": dt.date(2022, 6, 6), "date_fin": dt.date(2022, 12, 31), "date_bilan": dt.date(2023, 3, 1),
        },
        {
            "actions": [
                {
                    "code": "D1", "metier": "Salle des fêtes", "date_debut": JUIN, "date_fin": JUIN, "colis": 60,
                    "denrees": Decimal(800), "frais": Decimal(300), "circuit_court": Decimal(200), "menages": 55,
                },
                {
                    "code": "D2", "metier": "Gymnase", "date_debut": SEPTEMBRE, "date_fin": SEPTEMBRE, "colis": 50,
                    "denrees": Decimal("700.5"), "frais": Decimal(210), "circuit_court": Decimal(100), "menages": 48,
                },
            ],
            "partenaires": [{"date_lien": JUIN, "nature": "don", "partenaire": "Ferme Exemple"}],
            "depenses": [_depense(dt.date(2022, 7, 1))],
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def connus() -> Catalogue:
    return Catalogue([DOSSIER], RULES, BESOINS)


def _rempli(appel: Appel, dossier: Path) -> Path:
    own, tables = REMPLIS[appel.identite.code]
    operation = {nom: valeur for nom, valeur in (OPERATION | own).items() if nom in appel.classeur.operation}
    written = {"redactions": [{"rubrique": item.libelle, "texte": "Écrit."} for item in appel.rubriques]}
    chemin = dossier / f"{appel.identite.code}.xlsx"
    chemin.write_bytes(filling.remplir(build(appel, {}, aujourdhui=LE), operation, ARGENT | written | tables, appel))
    return chemin


def _textes(chemin: Path) -> Iterator[tuple[str, str]]:
    book = openpyxl.load_workbook(chemin)
    for sheet in book.worksheets:
        yield sheet.title, sheet.title
        for row in sheet.iter_rows():
            yield from ((f"{sheet.title}!{cell.coordinate}", cell.value) for cell in row if isinstance(cell.value, str))
        for rule in sheet.data_validations.dataValidation:
            yield f"{sheet.title}!{rule.sqref}", " ".join(filter(None, (rule.prompt, rule.error, rule.promptTitle)))


@pytest.mark.parametrize("code", FICHIERS)
def test_a_stranger_writes_few_lines_over_what_every_call_shares(code: str, connus: Catalogue) -> None:
    chemin = DOSSIER / FICHIERS[code]
    lines = chemin.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LIGNES
    assert "https://" in "".join(lines[:3])
    assert list(parties(chemin))[:2] == [chemin.name, "commun.toml"]
    assert connus.chemin(connus.get(code)) == chemin


@pytest.mark.parametrize("code", FICHIERS)
def test_nothing_of_another_collectivite_comes_along(code: str, connus: Catalogue, tmp_path: Path, aap: Any) -> None:
    blank = tmp_path / "vierge.xlsx"
    blank.write_bytes(build(connus.get(code), {}, aujourdhui=LE))
    assert [(place, text) for place, text in _textes(blank) if DAILLEURS.search(text)] == []
    filled = _rempli(connus.get(code), tmp_path)
    Dossier.lire(filled, connus, LE).ecrire_bilan(tmp_path / "bilan.xlsx")
    assert [(place, text) for place, text in _textes(tmp_path / "bilan.xlsx") if DAILLEURS.search(text)] == []
    out = " ".join(aap("appels", code, "--appels", DOSSIER)[1].split())
    assert DAILLEURS.findall(MOTS_DU_TERRAIN.sub("", out)) == []


def test_a_call_without_people_nowhere_speaks_of_them(connus: Catalogue, tmp_path: Path) -> None:
    filled = _rempli(connus.get("13-AA"), tmp_path)
    Dossier.lire(filled, connus, LE).ecrire_bilan(tmp_path / "bilan.xlsx")
    assert [(place, text) for place, text in _textes(tmp_path / "bilan.xlsx") if PERSONNES.search(text)] == []


@pytest.mark.parametrize("code", FICHIERS)
def test_nothing_is_to_correct_in_a_right_workbook(code: str, connus: Catalogue, tmp_path: Path) -> None:
    dossier = Dossier.lire(_rempli(connus.get(code), tmp_path), connus, LE)
    assert [str(a) for a in dossier.anomalies if a.gravite != "information"] == []


def _lignes(donnees: Donnees) -> dict[str, tuple[Any, ...]]:
    """The lines of the call's own indicators, by what they are."""
    return {str(row[0]): row[1:] for table in tableaux(donnees) for row in table.lignes}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("29-IAE", {"Publics prioritaires": "2/3", "Nouvelles places": "12"}),
        (
            "83-RSA",
            {
                "Taux de sortie en emploi (au moins 50 %)": "1/3",
                "Taux de sortie du RSA à 3 mois (au moins 30 %)": "1/3",
            },
        ),
        ("13-AA", {"Denrées distribuées (kg)": "1500.5", "Colis distribués": "110"}),
    ],
)  # fmt: skip
def test_its_own_indicators_are_counted(code: str, said: dict[str, str], connus: Catalogue, tmp_path: Path) -> None:
    donnees = Dossier.lire(_rempli(connus.get(code), tmp_path), connus, LE).donnees
    found = _lignes(donnees)
    for nom, value in said.items():
        assert value in [str(item) for item in found[nom]], found[nom]


def test_the_strangers_are_consolidated_together(connus: Catalogue, tmp_path: Path) -> None:
    received = tmp_path / "reçus"
    received.mkdir()
    for code in FICHIERS:
        _rempli(connus.get(code), received)
    compte, treated = envois.lancer(connus, [received], tmp_path / "synthèse")
    assert treated == len(FICHIERS)
    operations = envois.table(tmp_path / "synthèse", "operations")
    assert {row["appel"] for row in operations} == set(FICHIERS)
    assert compte.etats == {"retenu": 3}
