"""The computation of the balance, line by line: its lines add up, its reasons are right, its sheet prints."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import generator
import libreoffice
import pytest
from modeles import variante
from openpyxl import load_workbook
from versions import JOUR, en_memoire, fichier, lu

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel, Decision, Niveau
from aap_xl.desk import solde, solde_sheet, solde_tables
from aap_xl.desk.solde import EtatSolde, etat
from aap_xl.domain import eligibilite
from aap_xl.domain.solde import BESOIN, PLAFOND, VOTEE
from aap_xl.domain.tableau import Forte
from aap_xl.dossier import catalogue
from aap_xl.euros import arrondi
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.rows import Nature
from aap_xl.workbook.paper.table import snap

pytestmark = pytest.mark.slow

D = Decimal
ZERO = D(0)
_DATE = "20/03/2026"


def par_poste(appel: Appel) -> Appel:
    fongibilite = variante(appel.budget.fongibilite, niveau=Niveau.POSTE)
    return variante(appel, budget=variante(appel.budget, fongibilite=fongibilite))


def genere(catalogue: Catalogue, code: str, seed: int, niveau: Niveau) -> EtatSolde:
    appel = catalogue.get(code)
    return etat(en_memoire(generator.dossier(par_poste(appel) if niveau is Niveau.POSTE else appel, seed, taille=5)))


SEEDS = [(code, seed, niveau) for code in ("3.3", "3.7") for seed in range(12) for niveau in Niveau]


@pytest.mark.parametrize(("code", "seed", "niveau"), SEEDS)
def test_the_lines_add_up_to_the_balance(catalogue: Catalogue, code: str, seed: int, niveau: Niveau) -> None:
    found = genere(catalogue, code, seed, niveau)
    s = found.solde
    spent = sum((item.montant or ZERO for item in found.depenses), ZERO)
    assert spent == sum((item.depense for item in found.lignes), ZERO) + found.hors_budget
    assert sum((item.admissible for item in found.depenses), ZERO) == sum((i.admissible for i in found.lignes), ZERO)
    assert sum((item.retenu for item in found.postes), ZERO) == found.directes
    if niveau is Niveau.LIGNE:
        assert sum((item.retenu for item in found.lignes), ZERO) == found.directes
    assert found.forfait == arrondi(found.appel.budget.charges_indirectes.taux * found.assiette)
    assert found.directes + found.forfait == s.retenu
    assert sum((item.comptee for item in found.ressources), ZERO) == s.autres_ressources
    known = [amount for _, amount in s.limites if amount is not None]
    if s.du is not None:
        assert s.calcule == max(ZERO, min(known))
        assert s.du == max(ZERO, s.calcule + (s.ajustement or 0)) or s.du in {s.votee, s.plafond}
        assert next(name for name, amount in s.limites if amount == min(known)) == s.raison
    if s.solde is not None and s.a_reverser is not None and s.du is not None and s.avance is not None:
        assert s.solde - s.a_reverser == s.du - s.avance


@pytest.mark.parametrize(("code", "seed", "niveau"), SEEDS[::5])
def test_each_line_is_capped_and_each_reason_is_true(
    catalogue: Catalogue, code: str, seed: int, niveau: Niveau
) -> None:
    found = genere(catalogue, code, seed, niveau)
    for item in found.lignes:
        if item.raison == solde.ENTIERE:
            assert item.retenu == item.admissible == item.depense
        elif item.raison in (solde.POSTE_INCONNU, solde.PREVU_INCONNU, solde.AVOIRS):
            assert item.retenu == 0
        elif item.raison == solde.SANS_DEPENSE:
            assert item.depense == 0
        else:
            assert item.retenu != item.depense or item.plafond is None
        assert item.plafond is None or item.retenu <= item.plafond
    for d in found.depenses:
        assert d.article
        partly = *eligibilite.A_VERIFIER, eligibilite.EN_PARTIE
        assert bool(d.admissible) <= (d.raison in ("", solde.RETENUE, *partly))
        assert (d.montant is None) <= bool(d.raison)


@pytest.mark.parametrize(("code", "seed", "niveau"), SEEDS[::7])
def test_every_printed_total_is_the_sum_of_what_is_above(
    catalogue: Catalogue, code: str, seed: int, niveau: Niveau
) -> None:
    found = genere(catalogue, code, seed, niveau)
    _, _, lignes, ressources, depenses = solde_tables.blocs(found)
    for bloc, column in ((depenses, 4), (depenses, 5), (ressources, 1), (ressources, 3)):
        *rows, total = bloc.lignes
        amounts = [rangee[column] for rangee in rows]
        assert sum((a for a in amounts if isinstance(a, Decimal)), ZERO) == total[column]
    for column in (2, 4, 5):
        plain = [rangee[column] for rangee in lignes.lignes if not isinstance(rangee, Forte)]
        assert sum((a for a in plain if isinstance(a, Decimal)), ZERO) == lignes.lignes[-1][column]
    for bloc in (lignes, ressources, depenses):
        assert all(len(rangee) == len(bloc.colonnes) for rangee in bloc.lignes)
        assert snap(bloc.colonnes, solde_tables.LARGEURS)[-1][1] == len(solde_tables.LARGEURS)


# --- cases to check by hand ------------------------------------------------------------------------------------------

PREVU = [
    {"code": "F1", "poste": "fonctionnement", "libelle": "Loyer", "prevu": D("1000.00")},
    {"code": "X1", "poste": "prestations", "libelle": "Atelier", "prevu": D("500.00")},
]


def depense(document: str, ligne: str, montant: str, **valeurs: Any) -> dict[str, Any]:
    le = date(2025, 5, 5)
    base = {"document": document, "date_piece": le, "date_paiement": le, "justificatif": True}
    return base | {"ligne_budget": ligne, "montant": D(montant)} | valeurs


def cas(appel: Appel, depenses: list[dict[str, Any]], ressources: Any = (), **operation: Any) -> EtatSolde:
    debut, fin = date(2025, 3, 1), date(2026, 2, 28)
    tables = {"charges": PREVU, "depenses": depenses, "ressources": list(ressources), "personnel": []}
    source = generator.Dossier(appel, {"date_debut": debut, "date_fin": fin} | operation, tables, JOUR)
    return etat(en_memoire(source))


HORS = {"date_piece": date(2026, 3, 1)}


UNE_DEPENSE = {
    "spent within the plan": (depense("A", "F1", "900"), "900", "900", "", "180.00"),
    "a cent too much": (depense("A", "F1", "1000.01"), "1000.01", "1000", "", "200.00"),
    "the day after the end": (depense("A", "F1", "100", **HORS), "0", "0", eligibilite.HORS_PERIODE, "0"),
    "the day after the end, retained by the officer": (
        depense("A", "F1", "100", **HORS, decision=Decision.RETENUE),
        *("100", "100", solde.RETENUE, "20.00"),
    ),
    "without evidence": (depense("A", "F1", "100", justificatif=False), "0", "0", eligibilite.SANS_JUSTIFICATIF, "0"),
    "refused": (depense("A", "F1", "100", decision=Decision.REFUSEE), "0", "0", eligibilite.REFUSEE, "0"),
    "unplanned, even retained by the officer": (
        depense("A", "Z9", "100", decision=Decision.RETENUE),
        *("0", "0", eligibilite.NON_PREVUE, "0"),
    ),
    "external services: no flat rate": (depense("A", "X1", "500"), "500", "500", "", "0"),
    "20 % of 13 cents: 2.6 cents are 3": (depense("A", "F1", "0.13"), "0.13", "0.13", "", "0.03"),
}


@pytest.mark.parametrize("nom", UNE_DEPENSE)
def test_an_expense_from_its_amount_to_the_flat_rate(appel37: Appel, nom: str) -> None:
    expense, admissible, directes, raison, forfait = UNE_DEPENSE[nom]
    found = cas(appel37, [expense])
    [seen] = found.depenses
    assert (seen.admissible, seen.raison) == (D(admissible), raison)
    assert solde_tables.blocs(found)[0].lignes[0][2] == "1 ligne de Dépenses, toutes taxes comprises"
    assert (found.directes, found.forfait, found.solde.retenu) == (D(directes), D(forfait), D(directes) + D(forfait))


LE_RESTE: dict[str, tuple[dict[str, Any], list[dict[str, Any]], str, tuple[str, str, str], str]] = {
    "the voted grant": (
        {"subvention_votee": D(1000), "avance": D(400)},
        [],
        VOTEE,
        ("1000", "600", "0"),
        "Solde à verser : 600,00 €",
    ),
    "what other resources leave": (
        {"subvention_votee": D(60000), "avance": D(0)},
        [{"type": "prive", "prevu": D(200)}],
        BESOIN,
        ("1000", "1000", "0"),
        "Solde à verser : 1 000,00 €",
    ),
    "more advanced than due": (
        {"subvention_votee": D(1000), "avance": D(1500)},
        [],
        VOTEE,
        ("1000", "0", "500"),
        "Montant à reverser par le porteur : 500,00 €",
    ),
}


@pytest.mark.parametrize("nom", LE_RESTE)
def test_the_limit_that_decides_and_what_is_left(appel37: Appel, nom: str) -> None:
    """1 000 € spent as planned and 20 % of it: 1 200 € retained."""
    operation, ressources, decide, amounts, phrase = LE_RESTE[nom]
    found = cas(appel37, [depense("A", "F1", "1000")], ressources, **operation)
    s = found.solde
    assert s.retenu == D(1200)
    assert (s.raison, s.du, s.solde, s.a_reverser) == (decide, *map(D, amounts))
    assert solde_tables.conclusion(found) == phrase
    steps = {rangee[0]: rangee for rangee in solde_tables.blocs(found)[0].lignes}
    decisive = [name for name, step in steps.items() if "décide" in str(step[2])]
    number = [VOTEE, PLAFOND, "", BESOIN].index(decide) + 1
    assert [str(name).split(" :")[0] for name in decisive] == [f"Limite {number}"]


def test_what_is_unknown_is_said(appel37: Appel) -> None:
    nothing = cas(appel37, [])
    assert "subvention votée n'est pas saisie" in solde_tables.conclusion(nothing)
    voted = cas(appel37, [depense("A", "F1", "1000")], subvention_votee=D(100))
    assert "l'avance versée n'est pas saisie" in solde_tables.conclusion(voted)


# --- the command ----------------------------------------------------------------------------------------------------


Aap = Callable[..., tuple[int, str, str]]
EXEMPLE = Path(__file__).parents[1] / "workbooks" / "2025-3.3-exemple.xlsx"
PIEGES = ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"]


def test_a_balance_waits_for_the_final_bilan(tmp_path: Path, appel37: Appel) -> None:
    fin, after, bilan = date(2025, 9, 30), date(2025, 10, 1), "le solde se verse une fois le bilan déposé"
    for today, deposited, said in [(fin, None, False), (after, None, True), (after, after, False)]:
        operation = {"date_debut": date(2025, 1, 1), "date_fin": fin, "date_bilan": deposited}
        found = etat(lu(fichier(tmp_path / "s.xlsx", appel37, operation, {}), today))
        texts = solde_tables.avertissements(found)
        assert any(text.endswith(f"{bilan}.") for text in texts) is said
        assert any("n'est pas terminée" in text for text in texts) is (today == fin)


def test_each_limit_cites_where_it_comes_from(appel37: Appel) -> None:
    calcul = solde_tables.blocs(etat(lu(EXEMPLE, date(2026, 1, 20))))[0]
    limits = [rangee for rangee in calcul.lignes if str(rangee[0]).startswith("Limite ")]
    assert [valeurs[-1] for valeurs in limits] == [
        "Convention",
        appel37.budget.article,
        "Convention",
        appel37.budget.article_ressources,
    ]


@pytest.fixture
def piege(tmp_path: Path, appel37: Appel) -> Path:
    """A workbook whose texts look like formulas, with a blocking anomaly at least."""
    rows = [depense(text, "F1", "10") for text in PIEGES]
    charges = [{**PREVU[0], "libelle": PIEGES[0]}, PREVU[1]]
    voted = {"subvention_votee": D(1000), "avance": D(0), "porteur": PIEGES[1]}
    return fichier(tmp_path / "piege.xlsx", appel37, voted, {"charges": charges, "depenses": rows})


def test_the_sample_on_screen_names_each_step_and_its_article(aap: Aap) -> None:
    code, out, err = aap("solde", EXEMPLE, "--date", "20/01/2026")
    assert (code, err) == (0, "")
    for words in ("Le calcul", "Limite 4", "elle décide", "Évaluation, 2. Bilan final", "FA-004", "Solde à verser :"):
        assert words in out
    assert "PROVISOIRE" not in out


def test_json_amounts_are_texts_with_two_decimals(aap: Aap) -> None:
    code, out, _ = aap("solde", EXEMPLE, "--json", "--date", "20/01/2026")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == 1
    assert sum(D(item["admissible"]) for item in found["depenses"]) == sum(D(i["admissible"]) for i in found["lignes"])
    assert D(found["charges_directes_retenues"]) == sum(D(item["retenu"]) for item in found["postes"])
    assert D(found["depenses_retenues"]) == D(found["charges_directes_retenues"]) + D(
        found["charges_indirectes"]["montant"]
    )
    assert [item["decide"] for item in found["limites"]].count(True) == 1
    amounts = [found["solde"], found["avance"], *(item["montant"] for item in found["depenses"])]
    assert all(text is None or (text.split(".")[1].isdecimal() and len(text.split(".")[1]) == 2) for text in amounts)


def test_the_sheet_prints_and_no_text_becomes_a_formula(aap: Aap, piege: Path, tmp_path: Path) -> None:
    target = tmp_path / "solde.xlsx"
    code, out, _ = aap("solde", piege, "--sortie", target, "--date", _DATE)
    assert code == 1
    assert str(target) in out
    sheet: Any = load_workbook(target)[solde_sheet.FEUILLE]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = {cell.value: cell for cell in cells if isinstance(cell.value, str)}
    assert all(texts[text].quotePrefix for text in PIEGES)
    assert any(text.startswith("PROVISOIRE") for text in texts)
    assert any(text.startswith(solde_sheet.SIGNATURE) for text in texts)
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert "&P / &N" in sheet.oddFooter.right.text
    assert "PROVISOIRE" in sheet.oddHeader.center.text
    assert load_workbook(target).properties.creator in (None, "")


def test_a_clean_dossier_is_not_provisional(tmp_path: Path) -> None:
    found = etat(lu(EXEMPLE, date(2026, 1, 20)))
    target = tmp_path / "s.xlsx"
    target.write_bytes(solde_sheet.octets(found))
    sheet: Any = load_workbook(target)[solde_sheet.FEUILLE]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [text for text in texts if "PROVISOIRE" in text]
    assert target.read_bytes() == solde_sheet.octets(found)
    amounts = [colonne for bloc in solde_tables.blocs(found) for colonne in bloc.colonnes]
    assert any(colonne.nature is Nature.MONTANT for colonne in amounts)


@pytest.mark.parametrize(
    ("sortie", "said"),
    [
        ("solde.pdf", "l'extension .xlsx"),
        ("nulle/part.xlsx", "n'existe pas"),
        ("pris.xlsx", "existe déjà ; ajoutez --forcer"),
    ],
)
def test_what_can_t_be_written_is_refused_before_reading(aap: Aap, tmp_path: Path, sortie: str, said: str) -> None:
    (tmp_path / "pris.xlsx").write_bytes(b"precious")
    code, out, err = aap("solde", EXEMPLE, "--sortie", tmp_path / sortie)
    assert (code, out) == (2, "")
    assert said in err
    assert (tmp_path / "pris.xlsx").read_bytes() == b"precious"


def test_the_workbook_itself_is_never_replaced(aap: Aap, tmp_path: Path) -> None:
    copy = tmp_path / "suivi.xlsx"
    copy.write_bytes(EXEMPLE.read_bytes())
    code, _, err = aap("solde", copy, "--sortie", copy, "--forcer")
    assert code == 2
    assert "est un classeur à lire" in err
    assert copy.read_bytes() == EXEMPLE.read_bytes()


@pytest.mark.libreoffice
def test_the_first_page_holds_the_result_the_objectives_and_the_signature(tmp_path: Path) -> None:
    """Both calls' samples: one clean, one with every warning and the longest articles, one adjusted at length."""
    faux = next(item for item in exemples(erreurs=True) if item.appel == "3.7")
    wrong = remplir_classeur(tmp_path / "faux.xlsx", faux, catalogue().get("3.7"), catalogue())
    adjusted = lu(EXEMPLE, date(2026, 1, 20))
    operation = adjusted.donnees.operation
    operation.ajustement, operation.motif_ajustement = D(-1500), "Objectifs atteints à moitié. " * 12
    states = {
        "juste.xlsx": etat(lu(EXEMPLE, date(2026, 1, 20))),
        "faux.xlsx": etat(wrong),
        "ajusté.xlsx": etat(adjusted),
    }
    contents = {nom: solde_sheet.octets(found) for nom, found in states.items()}
    for nom, pdf in libreoffice.convertir(contents, tmp_path / "lo", libreoffice.PDF).items():
        first = _page(pdf, 1)
        objectives = [text for item in states[nom].objectifs for text in (item.libelle, str(item.realise))]
        assert len(objectives) >= 6
        expected = ["Calcul du solde", solde_tables.conclusion(states[nom]), solde_sheet.SIGNATURE, "Page 1 /"]
        expected += ["Objectifs, en regard du solde", *objectives]
        assert all(words in first for words in [*expected, *solde_tables.avertissements(states[nom])])
        assert "Lignes de budget" in _page(pdf, 2)
        assert solde_sheet.SIGNATURE not in _page(pdf, 2)
    assert len(solde_tables.avertissements(states["faux.xlsx"])) == 2


def _page(pdf: Path, number: int) -> str:
    command = ["pdftotext", "-f", str(number), "-l", str(number), "-layout", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
