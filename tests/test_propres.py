"""What only one call has: its columns and its indicators, from its file to the workbook, the checks, the dataset."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee

from aap_xl.appels.loader import AppelInvalide, Catalogue, charger
from aap_xl.appels.model import Appel, IndicateurCalcule, Sens
from aap_xl.cells import column_letter
from aap_xl.consolidation.lines import lots
from aap_xl.domain.activite import repere
from aap_xl.dossier import Dossier
from aap_xl.faces.live.arguments import lire
from aap_xl.rows import Heure, Operation
from aap_xl.workbook import layout
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing import filling

FICTIFS = Path(__file__).parent / "appels"
TEXTE = (FICTIFS / "fictif-2031-9.3.toml").read_text(encoding="utf-8")
LE = dt.date(2032, 3, 1)
OPERATION: dict[str, Any] = {
    "porteur": "SCOP Exemple", "siret": "73282932000074", "forme": "scop", "intitule": "Traversée", "mds": "sud",
    "date_depot": dt.date(2031, 3, 31), "date_debut": dt.date(2031, 3, 1), "date_fin": dt.date(2032, 8, 31),
    "personnes_prevues": 6, "subvention_demandee": Decimal(9000), "escales_prevues": 20,
}  # fmt: skip
TABLES: dict[str, list[dict[str, Any]]] = {
    "participants": [
        {"code": "N1", "date_entree": dt.date(2031, 3, 10), "cer": True, "dispositif": "atelier",
         "aide": Decimal("12.5"), "souhait": "Naviguer avec Zoé"},
        {"code": "N2", "date_entree": dt.date(2031, 3, 10), "cer": False, "dispositif": "mixte", "aide": Decimal(-3)},
        {"code": "N3", "date_entree": dt.date(2031, 3, 10), "dispositif": "aucun", "date_sortie": dt.date(2031, 9, 1),
         "situation": "rien"},
        {"code": "N4", "cer": True},
    ],
    "partenaires": [
        {"date_lien": dt.date(2031, 4, 1), "nature": "escale", "partenaire": "Port", "embarques": 9,
         "compte_rendu": dt.date(2031, 5, 2)},
        {"date_lien": dt.date(2031, 6, 1), "nature": "escale", "partenaire": "Autre port", "embarques": 3},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue((FICTIFS,))


@pytest.fixture(scope="module")
def appel(catalogue: Catalogue) -> Appel:
    return catalogue.get("9.3")


@pytest.fixture(scope="module")
def rempli(appel: Appel) -> bytes:
    return filling.remplir(build(appel, {}, aujourdhui=LE), OPERATION, TABLES, appel)


@pytest.fixture(scope="module")
def dossier(rempli: bytes, catalogue: Catalogue) -> Dossier:
    return Dossier.lire(Path("suivi.xlsx"), catalogue, LE, rempli)


def test_columns_stand_where_the_call_puts_them(appel: Appel) -> None:
    participants = [champ.nom for champ in layout.tables(appel)["participants"].champs]
    assert participants[participants.index("brsa") + 1] == "cer"
    last = participants.index("metier_vise_suivi")  # of the porteur's
    assert participants[last + 1 : last + 5] == ["dispositif", "aide", "souhait", "classe_forcee"]
    form = layout.formulaire(appel)
    assert form.lignes["escales_prevues"] == form.lignes["personnes_prevues"] + 1


def test_the_workbook_shows_their_headers_lists_and_helps(rempli: bytes, appel: Appel) -> None:
    book = openpyxl.load_workbook(BytesIO(rempli))
    sheet = book["Participants"]
    columns = layout.tables(appel)["participants"].colonnes
    assert sheet.cell(layout.ENTETES, columns["dispositif"]).value == "Dispositif [A-B]"
    letter = column_letter(columns["dispositif"])
    rules = [rule for rule in sheet.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}5:")]
    assert [rule.formula1 for rule in rules] == ["l_dispositifs"]
    letter = column_letter(columns["cer"])
    [told] = [
        rule.prompt for rule in sheet.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}5:")
    ]
    assert told == "Avec la capitainerie."


def test_they_are_read_and_checked(dossier: Dossier) -> None:
    people = dossier.donnees.participants
    assert [getattr(p, "cer") for p in people] == [True, False, None, True]  # noqa: B009 - no such field is declared
    assert [getattr(p, "dispositif") for p in people] == ["atelier", "mixte", "aucun", None]  # noqa: B009
    blank = [item for item in dossier.anomalies if item.code == "F14" and item.cell.entete == "Contrat signé"]
    assert [str(item.cell) for item in blank] == ["Participants!I7"]
    assert blank[0].message == "« Contrat signé » est obligatoire ; complétez cette cellule"


def test_what_is_typed_beside_the_list_is_told(appel: Appel, catalogue: Catalogue) -> None:
    rows = [{"code": "N1", "dispositif": "Croisière", "aide": "beaucoup"}]
    content = filling.remplir(build(appel, {}, aujourdhui=LE), {}, {"participants": rows}, appel)
    found = Dossier.lire(Path("suivi.xlsx"), catalogue, LE, content).anomalies
    told = {item.cell.entete: item.message for item in found if item.code in {"F05", "F06"}}
    assert told["Dispositif [A-B]"].startswith("« Croisière » n'est pas dans la liste")
    assert told["Aide reçue"].startswith("« beaucoup » ne se lit pas comme un nombre")


def test_the_bilan_tells_each_indicator_with_its_fraction_and_verdict(dossier: Dossier) -> None:
    table = next(t for t in dossier.tableaux if t.cle == "indicateurs")
    own = {str(row[0]): tuple(map(str, row[1:])) for row in table.lignes[-8:]}
    assert own == {
        "Contrats d'engagement signés (au moins 50 %)": ("1", "1/3", str(Decimal(1) / 3), "Non atteint."),
        "Suivis en atelier (plus de 50 %)": ("2", "2/4", "0.5", "Non atteint."),
        "Sorties sans emploi (au plus 25 %)": ("1", "1/1", "1", "Non atteint."),
        "Personnes embarquées (au moins 12)": ("12", "None", "None", "Atteint."),
        "Embarquées sur prévues": ("12", "12/20", "0.6", "None"),
        "Aides sur subvention (au plus 0,1 %)": ("9.5", "None", str(Decimal("9.5") / 9000), "Non atteint."),
        "Escales avec un compte rendu": ("1", "1/2", "0.5", "None"),
        "Maintien à 3 mois (moins de 50 %)": ("0", "0/1", "0", "Atteint."),
    }


def test_the_dataset_publishes_no_text(dossier: Dossier) -> None:
    found = lots(dossier, None, {})
    lines = list(zip(*found["colonnes"].values(), strict=True))
    assert ("Participants", 5, "P001", "Contrat signé", "Oui", None) in lines
    assert ("Participants", 6, "P002", "Dispositif [A-B]", "Mixte", None) in lines
    assert ("Participants", 5, "P001", "Aide reçue", None, 1250) in lines
    assert ("Opération", 0, None, "Personnes à embarquer", None, 2000) in lines
    assert ("Partenaires", 5, None, "Compte rendu du", "2031-05", None) in lines
    assert "Zoé" not in str(found)
    assert "Contrats d'engagement signés (au moins 50 %)" in found["indicateurs"]["indicateur"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('table = "participants", code = "cer"', 'table = "personnes", code = "cer"', "0.table : « personnes »"),
        ('code = "cer", entete', 'code = "Cer !", entete', "colonnes.0.code : texte attendu"),
        ('code = "cer", entete', 'code = "nom", entete', "colonnes.0.code : « nom » est déjà une colonne"),
        ('"Contrat signé"', '"Nom"', "entetes : « participants."),
        ('"Contrat signé"', '"Contrat\\nsigné"', "colonnes.0.entete : un en-tête tient sur une ligne"),
        ('"Contrat signé"', '"Contrat {voile}"', "{voile} n'est pas un mot de la table « mots »"),
        ('apres = "brsa"', 'apres = "rsa"', "colonnes.0.apres : « rsa » est inconnu"),
        ('liste = "dispositifs" }', 'liste = "ailleurs" }', "colonnes.1.liste : « ailleurs » est inconnu"),
        (', liste = "dispositifs" }', " }", "colonnes.1.liste : une liste va avec le type « liste »"),
        ('type = "montant"', 'type = "argent"', "colonnes.2.type : valeur inconnue"),
        ('"cer / entrees"', '"cert / entrees"', "indicateurs_calcules.0.taux : « cert » n'est ni une colonne"),
        ('"cer / entrees"', '"cer / entrees / sorties"', "indicateurs_calcules.0.taux : « cer / entrees / sorties »"),
        ('"cer / entrees"', '"cer"', "indicateurs_calcules.0.taux : « cer » ; un taux s'écrit « compte / compte »"),
        ('"cer / entrees"', '"cer=oui / entrees"', "« cer » n'a pas de liste : écrivez « cer » seul"),
        ('"cer / entrees"', '"cer + 1 / entrees"', "« cer + 1 » : un nom de colonne ou de feuille est attendu"),
        ('"cer / entrees"', '"aide / entrees"', "un taux rapporte deux comptes de même nature"),
        ('"cer / entrees"', '"souhait / entrees"', "« souhait » ne se compte pas"),
        ('"cer / entrees"', '"travaux / entrees"', "« travaux » n'est ni une colonne"),
        ('"cer / entrees"', '"date_debut / entrees"', "« date_debut » est dans plusieurs feuilles"),
        ('"cer / entrees"', '"operation.date_debut / entrees"', "« date_debut » est une seule réponse"),
        ("dispositif=atelier|mixte", "dispositif=atelier|mix", "« mix » n'est pas dans la liste « dispositifs »"),
        ("dispositif=atelier|mixte", "dispositif", "indiquez une valeur, comme « dispositif=atelier »"),
        ('nombre = "partenaires.embarques"', 'nombre = "embarques", taux = "cer / entrees"', "donnez « taux »"),
        ('nombre = "partenaires.embarques"', 'nombre = "comites.embarques"', "« comites.embarques » n'est pas"),
        ("seuil = 0.25", "seuil = 25", "indicateurs_calcules.2.seuil : 25 n'est pas compris entre 0 et 1"),
        ('sens = "au_plus" }', 'sens = "dessous" }', "indicateurs_calcules.2.sens : valeur inconnue"),
        ('"operation.mds" = ', '"operation.secteurs" = ', "entetes : « operation.secteurs » n'est pas une colonne"),
    ],
)  # fmt: skip
def test_what_can_t_be_is_refused_with_its_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TEXTE
    base = FICTIFS / "fictif-2031-9.1.toml"
    (tmp_path / base.name).write_bytes(base.read_bytes())
    chemin = tmp_path / "essai.toml"
    chemin.write_text(TEXTE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AppelInvalide) as refused:
        charger(chemin)
    assert words in str(refused.value)


def test_a_header_of_months_needs_them(tmp_path: Path) -> None:
    texte = (FICTIFS / "fictif-2031-9.1.toml").read_text(encoding="utf-8").replace("suivi_mois = 3\n", "")
    chemin = tmp_path / "essai.toml"
    chemin.write_text(texte, encoding="utf-8")
    with pytest.raises(AppelInvalide, match="« contact_suivi » a besoin de « suivi_mois »"):
        charger(chemin)


@pytest.mark.parametrize(
    ("heures", "strict", "large"),
    [
        ("1.99", "Sous le minimum", "Sous le minimum"), ("2", "Sous le minimum", "Dans la fourchette"),
        ("2.01", "Dans la fourchette", "Dans la fourchette"), ("34.99", "Dans la fourchette", "Dans la fourchette"),
        ("35", "Au-delà du maximum", "Dans la fourchette"), ("35.01", "Au-delà du maximum", "Au-delà du maximum"),
    ],
)  # fmt: skip
def test_limits_of_hours_have_their_sense(catalogue: Catalogue, heures: str, strict: str, large: str) -> None:
    row = rangee(Heure, travail=Decimal(heures))
    assert (repere(row, catalogue.get("9.3")), repere(row, catalogue.get("9.1"))) == (strict, large)


@given(st.decimals(0, 1, places=4), st.sampled_from(Sens), st.booleans())
def test_a_threshold_is_reached_from_one_side_and_by_itself_unless_strict(
    seuil: Decimal, sens: Sens, strict: bool
) -> None:
    item = IndicateurCalcule(code="x", libelle="X", taux="a / b", seuil=seuil, sens=sens, strict=strict)
    step = Decimal("0.00001")
    assert item.atteint(seuil) is not strict
    assert item.atteint(seuil + step) is (sens is Sens.AU_MOINS)
    assert item.atteint(seuil - step) is (sens is Sens.AU_PLUS)
    assert item.atteint(None) is None


def test_functions_speak_of_columns_as_the_call_does(catalogue: Catalogue) -> None:
    appel = catalogue.get("9.3")
    [told] = lire(appel, Operation, mds=[["Lille"]]).rows
    assert str(told).startswith("Secteur d'attache : « Lille » n'est pas dans la liste")
