"""A call with two follow-up points, at three and at six months: columns, rules, counts, bilan, consolidation."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import envois
import openpyxl
import pytest
from modeles import variante

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.desk.comparaison import comparer
from aap_xl.domain import sorties
from aap_xl.domain.bilan import tableaux
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.dossier import Dossier
from aap_xl.rows import Operation, Participant
from aap_xl.workbook import layout
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing import filling

LE = dt.date(2032, 3, 1)
SORTIE = dt.date(2031, 6, 1)
OPERATION: dict[str, Any] = {
    "porteur": "SCOP Exemple", "siret": "73282932000074", "intitule": "Retour d'essai", "mds": "sud",
    "date_depot": dt.date(2031, 3, 31), "date_debut": dt.date(2031, 3, 1), "date_fin": dt.date(2032, 8, 30),
    "a_jour_au": LE, "personnes_prevues": 6, "objectif_dynamiques": 3, "subvention_demandee": Decimal(9000),
    "subvention_votee": Decimal(9000), "avance": Decimal(5000),
}  # fmt: skip
ARGENT: dict[str, list[dict[str, Any]]] = {
    "charges": [{"code": "F1", "poste": "fonctionnement", "libelle": "Locaux", "prevu": Decimal(9000)}],
    "ressources": [{"type": "departement", "prevu": Decimal(9000)}],
    "redactions": [{"rubrique": "Journal de bord", "texte": "Mer calme."}],
}


def _point(nom: str, le: dt.date | None, situation: str | None = None, **plus: Any) -> dict[str, Any]:
    """What is written of a point; an unreachable person without a situation."""
    contact = "fait" if situation else "injoignable"
    found = {"contact": contact, "date": le, "situation": situation, **plus}
    return {f"{champ}_{nom}": value for champ, value in found.items() if value is not None}


def _personne(code: str, **plus: Any) -> dict[str, Any]:
    return {
        "code": code, "nom": f"EXEMPLE-{code}", "prenom": "Essai", "sexe": "f", "mds": "sud", "brsa": True,
        "date_naissance": dt.date(1990, 1, 2), "date_entree": dt.date(2031, 3, 10), **plus,
    }  # fmt: skip


_CDI = {"debut_contrat": dt.date(2031, 8, 1), "metier_vise": True, "piece": "contrat"}
_SANS = {"date_sortie": SORTIE, "situation": "sans_solution"}
GENS = [
    _personne(
        "T1", **_SANS, **_point("intermediaire", dt.date(2031, 9, 1), "cdi", **_CDI),
        **_point("suivi", dt.date(2031, 12, 1), "cdi", **_CDI),
    ),
    _personne(
        "T2", **_SANS, **_point("intermediaire", dt.date(2031, 8, 20), "formation", piece="attestation_formation"),
        **_point("suivi", dt.date(2031, 12, 5)),
    ),
    _personne(
        "T3", **_SANS, **_point("intermediaire", dt.date(2031, 9, 4)),
        **_point("suivi", dt.date(2031, 12, 8), "sans_solution"),
    ),
    _personne(
        "T4", date_sortie=dt.date(2031, 11, 15), situation="formation", piece="attestation_formation",
        **_point("intermediaire", dt.date(2032, 2, 15), "abandon"),
    ),
    _personne("T5", date_sortie=dt.date(2032, 2, 1), situation="abandon"),
    _personne("T6"),
]  # fmt: skip
_APPELS = Path(__file__).parent / "appels"


@pytest.fixture(scope="module")
def connus() -> Catalogue:
    return Catalogue([_APPELS])


@pytest.fixture(scope="module")
def appel(connus: Catalogue) -> Appel:
    return connus.get("9.4")


def _ecrire(appel: Appel, chemin: Path, gens: list[dict[str, Any]] = GENS) -> Path:
    chemin.write_bytes(
        filling.remplir(build(appel, {}, aujourdhui=LE), OPERATION, ARGENT | {"participants": gens}, appel)
    )
    return chemin


@pytest.fixture(scope="module")
def dossier(appel: Appel, connus: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return Dossier.lire(_ecrire(appel, tmp_path_factory.mktemp("suivis") / "essai.xlsx"), connus, LE)


def _lue(appel: Appel, **valeurs: Any) -> Participant:
    return cast("Participant", modele(appel, "participants")(**valeurs))


def _donnees(appel: Appel, *people: Participant, le: dt.date = LE) -> Donnees:
    operation = Operation(**OPERATION | {"mds": "sud"})
    return Donnees(appel=appel, operation=operation, tables={"participants": people}, aujourdhui=le)


def _table(donnees: Donnees, cle: str) -> tuple[tuple[str, ...], dict[Any, tuple[str, ...]]]:
    found = next(t for t in tableaux(donnees) if t.cle == cle)
    heads = tuple(colonne.titre for colonne in found.colonnes)
    return heads, {row[0]: tuple("" if v is None else str(v) for v in row[1:]) for row in found.lignes}


def test_the_sheet_names_each_point_by_its_months(appel: Appel) -> None:
    heads = [champ.entete for champ in layout.tables(appel)["participants"].champs]
    assert [nom for nom in heads if "3 mois" in nom] == [
        *("Contact à 3 mois", "Date du contact à 3 mois", "Situation à 3 mois", "Début du contrat à 3 mois"),
        *("Fin du contrat à 3 mois", "Durée minimale à 3 mois (mois)", "Métier visé à 3 mois", "Précision à 3 mois"),
        *("Pièce à 3 mois", "Échéance des 3 mois", "État du suivi à 3 mois", "Classe à 3 mois", "Dynamique à 3 mois"),
    ]
    bands = [bande.titre for bande in layout.tables(appel)["participants"].bandes()]
    assert bands.index("3 mois après la sortie") + 1 == bands.index("6 mois après la sortie")


@pytest.mark.parametrize("code", ["3.3", "3.7", "9.1"])
def test_a_call_with_one_point_or_none_has_no_column_of_another(code: str, connus: Catalogue) -> None:
    champs = layout.tables(connus.get(code))["participants"].colonnes
    assert not [nom for nom in champs if "intermediaire" in nom]


def test_nothing_is_to_correct_in_a_right_workbook(dossier: Dossier) -> None:
    assert [str(a) for a in dossier.anomalies if a.gravite != "information"] == []


def test_each_point_has_its_counts(appel: Appel, dossier: Dossier) -> None:
    d = dossier.donnees
    exit_, three, six = appel.volets
    assert [sorties.taux_dynamique(d, v) for v in (exit_, three, six)] == [Taux(1, 5), Taux(2, 4), Taux(1, 3)]
    assert [sorties.taux_visees(d, v) for v in (exit_, three, six)] == [Taux(1, 5), Taux(2, 4), Taux(1, 3)]
    assert sorties.taux_classe(d, "emploi_durable", three) == Taux(1, 4)
    assert [sorties.etat_suivi(p, three, d) for p in d.participants] == [
        *("Fait", "Fait", "Injoignable", "Fait", "Non échu", ""),
    ]
    assert [sorties.etat_suivi(p, six, d) for p in d.participants] == [
        *("Fait", "Injoignable", "Fait", "Non échu", "Non échu", ""),
    ]


def test_the_bilan_shows_three_months_beside_six(dossier: Dossier, tmp_path: Path) -> None:
    heads, rows = _table(dossier.donnees, "sorties_taux")
    assert heads == (
        "Compteur",
        *("Fraction à la sortie", "Taux à la sortie", "Fraction à 3 mois", "Taux à 3 mois"),
        *("Fraction à 6 mois", "Taux à 6 mois", "Repère national"),
    )
    assert [rows["Sorties dynamiques"][rank] for rank in (0, 2, 4)] == ["1/5", "2/4", "1/3"]
    _, classes = _table(dossier.donnees, "sorties_classes")
    assert [classes["Emploi durable"][rank] for rank in (0, 2, 4)] == ["0/5", "1/4", "1/3"]
    assert [classes["Suivi : injoignable"][rank] for rank in (0, 2, 4)] == ["", "1/4", "1/3"]
    heads, states = _table(dossier.donnees, "suivi")
    assert heads == ("État du suivi", "À 3 mois", "À 6 mois")
    assert states["Fait"] == ("3", "2")
    _, indicators = _table(dossier.donnees, "indicateurs")
    assert [indicators[f"Sorties dynamiques, {mois} mois après"][1] for mois in (3, 6)] == ["2/4", "1/3"]
    dossier.ecrire_bilan(tmp_path / "bilan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "bilan.xlsx")[layout.BILAN]
    written = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {"Fraction à 3 mois", "Taux à 6 mois", "2/4"} <= written


@pytest.mark.parametrize(
    ("le", "dit"),
    [
        ("2031-07-31", {"S16"}),  # before the second month
        ("2031-08-01", set()),
        ("2031-10-01", set()),
        ("2031-10-02", {"S22"}),  # after the fourth
        ("2031-05-31", {"S09"}),  # before the exit
        ("2032-03-02", {"S09", "S22"}),  # tomorrow
    ],
)
def test_the_point_before_the_last_has_its_own_window(appel: Appel, le: str, dit: set[str]) -> None:
    p = _lue(appel, **_personne("W", **_SANS, **_point("intermediaire", dt.date.fromisoformat(le), "abandon")))
    found = [a for a in controler(_donnees(appel, p)) if a.code in {"S09", "S16", "S22"}]
    assert {a.code for a in found} == dit
    assert {a.cell.entete for a in found} <= {"Date du contact à 3 mois"}


@pytest.mark.parametrize(
    ("champs", "classe", "code", "entete"),
    [
        ({"debut_contrat": dt.date(2031, 9, 1)}, "emploi_durable", None, ""),
        ({"debut_contrat": dt.date(2031, 9, 2)}, None, "S20", "Début du contrat à 3 mois"),
        ({"debut_contrat": dt.date(2031, 6, 1), "fin_contrat": dt.date(2031, 8, 31)}, None, "S17",
         "Fin du contrat à 3 mois"),
        ({"debut_contrat": dt.date(2502, 6, 1)}, None, "S21", "Début du contrat à 3 mois"),
    ],
)  # fmt: skip
def test_its_contract_is_the_one_held_that_day(
    appel: Appel, champs: dict[str, Any], classe: str | None, code: str | None, entete: str
) -> None:
    held = _point("intermediaire", dt.date(2031, 9, 1), "cdi", **champs)
    p = _lue(appel, **_personne("W", **_SANS, **held))
    assert sorties.classe_suivi(p, appel.points[0], appel).classe == classe
    found = [(a.code, a.cell.entete) for a in controler(_donnees(appel, p)) if a.code in {"S17", "S20", "S21"}]
    assert found == ([(code, entete)] if code else [])


@pytest.mark.parametrize(("le", "said"), [("2031-08-31", []), ("2031-09-01", ["Contact à 3 mois"])])
def test_it_is_asked_from_the_day_it_falls_due(appel: Appel, le: str, said: list[str]) -> None:
    d = _donnees(appel, _lue(appel, **_personne("W", **_SANS)), le=dt.date.fromisoformat(le))
    assert [a.cell.entete for a in controler(d) if a.code == "S08"] == said


def test_a_call_that_has_one_point_fewer_reads_what_it_asks(appel: Appel) -> None:
    one = variante(appel, operation=variante(appel.operation, suivi_intermediaire_mois=None))
    assert [point.mois for point in one.points] == [6]
    assert [point.mois for point in appel.points] == [3, 6]


def test_two_versions_are_compared_at_each_point(appel: Appel, connus: Catalogue, tmp_path: Path) -> None:
    later = [*GENS[:3], GENS[3] | {"situation_intermediaire": "cdi", **_au_point(_CDI)}, *GENS[4:]]
    later[3]["debut_contrat_intermediaire"] = dt.date(2031, 12, 1)
    old = Dossier.lire(_ecrire(appel, tmp_path / "a.xlsx"), connus, LE)
    new = Dossier.lire(_ecrire(appel, tmp_path / "b.xlsx", later), connus, LE)
    (line,) = comparer(old, new).lignes
    assert [(cell.entete, cell.apres) for cell in line.cellules if cell.entete == "Situation à 3 mois"] == [
        ("Situation à 3 mois", "CDI")
    ]
    assert {"Classe à 3 mois"}.isdisjoint(cell.entete for cell in line.cellules)


def _au_point(champs: dict[str, Any]) -> dict[str, Any]:
    return {f"{nom}_intermediaire": value for nom, value in champs.items()}


def test_the_dataset_and_its_synthesis_have_both_points(appel: Appel, connus: Catalogue, tmp_path: Path) -> None:
    received = tmp_path / "reçus"
    received.mkdir()
    _ecrire(appel, received / "essai.xlsx")
    out = tmp_path / "synthèse"
    envois.lancer(connus, [received], out, jour=LE)
    (operation,) = envois.table(out, "operations")
    counted = ("sorties", "dynamiques", "intermediaires", "dynamiques_intermediaire", "suivis", "dynamiques_suivi")
    assert [operation[nom] for nom in counted] == [5, 1, 4, 2, 3, 1]
    people = envois.table(out, "personnes")
    assert [row["classe_intermediaire"] for row in people].count("Emploi durable") == 1
    assert {row["moment"] for row in envois.table(out, "sorties")} == {"sortie", "intermediaire", "suivi"}
    book = openpyxl.load_workbook(next(out.glob("*.xlsx")))
    written = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"Taux au point intermédiaire", "À 3 mois", "À 6 mois"} <= written
