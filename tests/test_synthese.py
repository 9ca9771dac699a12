"""``synthese.xlsx``: every figure against pandas, its shape, its links, its bytes, what LibreOffice makes of it."""

import datetime as dt
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import jeu
import openpyxl
import pandas as pd
import pytest
from classeur_lu import Lignes, lire
from libreoffice import XLSX, convertir
from python_calamine import load_workbook

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.consolidation import synthese
from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese import model
from aap_xl.workbook.ooxml.atomic import EcritureImpossible

OPERATIONS = 40
FEUILLES = (
    *("Synthèse", "Opérations", "Sorties", "Sorties par opération", "Publics", "Budget", "Indicateurs", "Porteurs"),
    *("Anomalies", "Fichiers", "Personnes communes"),
)
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
HOSTILES = (
    "=1+1",
    "+33 1",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://x","y")',
    "a\x07_x0041_&<b>",
)


def ouvrir(chemin: Path, **options: bool) -> Any:
    return openpyxl.load_workbook(chemin, **options)


def ecrire(made: jeu.Jeu, folder: Path, seuil: int = 0, **plus: Any) -> Path:
    target = folder / "synthese.xlsx"
    tables = made.ecrire(folder / "tables")
    synthese.ecrire(tables, target, **{"seuil": seuil, "avec_cle": True, "aujourdhui": jeu.LE, **plus})
    return target


@pytest.fixture(scope="module")
def donnees() -> jeu.Jeu:
    made = jeu.jeu(OPERATIONS, 3)
    operations = [str(o["operation"]) for o in made.tables["operations"][:3]]
    made.tables["personnes_communes"] = [{"pseudonyme": "c0ffee", "operations": operations}]
    return made


@pytest.fixture(scope="module")
def complet(donnees: jeu.Jeu, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing masked."""
    return ecrire(donnees, tmp_path_factory.mktemp("complet"))


@pytest.fixture(scope="module")
def feuilles(complet: Path) -> dict[str, Lignes]:
    return lire(complet)


@pytest.fixture(scope="module")
def cadres(donnees: jeu.Jeu) -> dict[str, Any]:
    """The same dataset in pandas, for independent sums."""
    frames = {nom: pd.DataFrame(rows) for nom, rows in donnees.tables.items()}
    for nom in ("operations", "personnes", "sorties", "indicateurs", "budget"):
        frames[nom]["Appel"] = frames[nom]["appel"] + " (2025)"
    return frames


def _rate(part: float, total: float) -> tuple[str, float | str]:
    return (f"{int(part)}/{int(total)}", part / total) if total else ("", "")


def test_people_and_money_by_call_mds_and_operator(feuilles: dict[str, Lignes], cadres: dict[str, Any]) -> None:
    operations = cadres["operations"]
    levels = {
        "{} par appel à projets": ["Appel"],
        "{} par MDS": ["Appel", "MDS"],
    }
    named = operations.rename(columns={"mds": "MDS", "porteur": "Porteur"})
    for title, keys in levels.items():
        rows = {tuple(row[key] for key in keys): row for row in feuilles[title.format("Personnes et sorties")]}
        money = {tuple(row[key] for key in keys): row for row in feuilles[title.format("Dépenses et subvention")]}
        sums = dict(iter(named.groupby(keys)))
        if keys == ["Appel"]:
            sums["Ensemble",] = named
        assert rows.keys() == money.keys() == sums.keys()
        for key, frame in sums.items():
            _check_people(rows[key], frame)
            for column, header in ARGENT.items():
                assert money[key][header] == pytest.approx(float(frame[column].dropna().sum()))
    porteurs = {(row["Appel"], row["Porteur"]): row for row in feuilles["Porteurs"]}
    for key, frame in named.groupby(["Appel", "Porteur"]):
        row = porteurs.pop(key)
        assert row["Opérations"] == len(frame)
        assert row["Dynamiques sur sorties"] == _rate(frame["dynamiques"].sum(), frame["sorties"].sum())[0]
        assert row["Retenu"] == pytest.approx(float(frame["retenu"].sum()))
    assert not porteurs


def _check_people(row: dict[str, Any], frame: pd.DataFrame) -> None:
    assert (row["Opérations"], row["Entrées"], row["Sorties"]) == (
        len(frame),
        frame["entrees"].sum(),
        frame["sorties"].sum(),
    )
    assert row["Personnes prévues"] == frame["prevues"].sum()
    pairs = {
        ("BRSA sur entrées", "Part BRSA"): ("brsa", "entrees"),
        ("Dynamiques sur sorties", "Taux dynamique"): ("dynamiques", "sorties"),
        ("Dynamiques sur suivis échus", "Taux au suivi"): ("dynamiques_suivi", "suivis"),
    }
    for (fraction, rate), (part, total) in pairs.items():
        expected = _rate(frame[part].fillna(0).sum(), frame[total].fillna(0).sum())
        assert row[fraction] == expected[0]
        assert row[rate] == (pytest.approx(expected[1]) if expected[1] != "" else "")


def test_files_and_their_states(feuilles: dict[str, Lignes], cadres: dict[str, Any]) -> None:
    states = {row["État"].lower(): row["Fichiers"] for row in feuilles["Fichiers par état"]}
    assert states == cadres["fichiers"]["etat"].value_counts().to_dict()
    operations = cadres["operations"]
    for row in feuilles["Dossiers par appel à projets"]:
        frame = operations if row["Appel"] == "Ensemble" else operations[operations["Appel"] == row["Appel"]]
        assert row["Bilans provisoires"] == frame["provisoire"].sum()
        assert row["Bilans en retard"] == (frame["jours_de_retard"] > 0).sum()
        assert row["Anomalies : bloquantes"] == frame["bloquantes"].sum()


def test_exits_by_class(feuilles: dict[str, Lignes], cadres: dict[str, Any], appel33: Appel) -> None:
    frame = cadres["sorties"]
    sheet = {(r["Appel"], r["MDS"], r["Moment"], r["Classe"]): r["Effectif"] for r in feuilles["Sorties"]}
    moments = {"sortie": "À la sortie", "suivi": "À 6 mois"}
    for (call, mds, moment, classe), count in (
        frame.groupby(["Appel", "mds", "moment", "classe"])["effectif"].sum().items()
    ):
        assert sheet.pop((call, mds, moments[moment], classe)) == count
    assert not sheet
    block = {(r["Appel"], r["Classe de sortie"]): r for r in feuilles["Sorties par classe, et repères nationaux"]}
    out = frame[(frame["Appel"] == "3.3 (2025)") & (frame["moment"] == "sortie")]
    durable = out[out["classe"] == "Emploi durable"]["effectif"].sum()
    row = block["3.3 (2025)", "Emploi durable"]
    assert row["Fraction à la sortie"] == f"{durable}/{out['effectif'].sum()}"
    assert appel33.sorties is not None
    references = {r.classe: float(r.taux) for r in appel33.sorties.references}
    assert row["Repère national"] == references["emploi_durable"]
    assert block["3.3 (2025)", "Sorties dynamiques"]["Repère national"] == references[""]


def test_public_by_category(feuilles: dict[str, Lignes], cadres: dict[str, Any]) -> None:
    rows = {(r["Appel"], r["Répartition"], r["Catégorie"]): r["Effectif"] for r in feuilles["Publics"]}
    columns = {"Sexe": "sexe", "Âge à l'entrée": "tranche_age", "MDS de la personne": "mds", "Orienteur": "orienteur"}
    for title, column in columns.items():
        counts = cadres["personnes"].fillna({column: "Non renseigné"}).groupby(["Appel", column]).size()
        shown = {(a, c): n for (a, title_, c), n in rows.items() if title_ == title and n}
        assert shown == counts.to_dict()
    brsa = cadres["personnes"].groupby("Appel")["brsa"].sum()
    for call, count in brsa.items():
        assert rows[call, "Bénéficiaires du RSA", "Bénéficiaires"] == count


def test_detail_sheets_have_every_line(feuilles: dict[str, Lignes], donnees: jeu.Jeu) -> None:
    for sheet, table in {
        "Opérations": "operations",
        "Sorties par opération": "sorties",
        "Budget": "budget",
        "Indicateurs": "indicateurs",
        "Anomalies": "anomalies",
        "Fichiers": "fichiers",
    }.items():
        assert len(feuilles[sheet]) == len(donnees.tables[table])
    for row, truth in zip(feuilles["Opérations"], donnees.tables["operations"], strict=True):
        assert row["Convention"] == truth["convention"]
        assert row["Bilan dû le"] == truth["echeance_bilan"]
        assert row["Dynamiques sur sorties"] == _rate(truth["dynamiques"], truth["sorties"])[0]
        assert row["Due"] == ("" if truth["du"] is None else float(truth["du"]))
        assert row["Suivis échus"] == ("" if truth["suivis"] is None else truth["suivis"])
    for row, truth in zip(feuilles["Indicateurs"], donnees.tables["indicateurs"], strict=True):
        assert row["Nombre"] == pytest.approx(float(truth["nombre"]))
    assert [row["Opération"] for row in feuilles["Personnes communes"]] == ["op000000", "op000001", "op000002"]


def test_without_a_key_the_sheet_says_so(donnees: jeu.Jeu, tmp_path: Path) -> None:
    book = ouvrir(ecrire(donnees, tmp_path, avec_cle=False))
    assert "Personnes communes" not in book.sheetnames
    words = " ".join(str(row[0].value) for row in book["Synthèse"].iter_rows(max_row=10))
    assert "sans clé" in words


def test_masked_figures_take_their_rates_along(donnees: jeu.Jeu, tmp_path: Path) -> None:
    found = lire(ecrire(donnees, tmp_path, seuil=5))
    pairs = {"BRSA sur entrées": ("BRSA", "Part BRSA"), "Dynamiques sur sorties": ("Dynamiques", "Taux dynamique")}
    masked = 0
    for row in found["Opérations"]:
        for fraction, others in pairs.items():
            assert {row[nom] == MARQUE for nom in (fraction, *others)} in ({True}, {False})
            masked += row[fraction] == MARQUE
        assert row["Retenu"] != MARQUE
    assert masked
    for row in (*found["Sorties"], *found["Publics"], *found["Sorties par opération"]):
        assert (row["Effectif"] == MARQUE) <= (row["Fraction"] == row["Taux"] == MARQUE)
        assert row["Effectif"] == MARQUE or not 0 < row["Effectif"] < 5
    changes = {row["Ce qui a changé"] for row in found["Fichiers"]} - {""}
    assert changes == {"personnes entrées n.c. ; sorties dynamiques n.c. ; dépenses 41 200,00 € → 43 000,00 €"}


def test_every_sheet_is_a_table_ready_to_filter_and_print(complet: Path) -> None:
    book = ouvrir(complet)
    assert tuple(book.sheetnames) == FEUILLES
    for sheet in book:
        assert not [zone for zone in sheet.merged_cells.ranges if zone.size["rows"] > 1 or sheet.title != "Synthèse"]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert "&P / &N" in str(sheet.oddFooter.right.text)
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        if sheet.title != "Synthèse":
            (table,) = sheet.tables.values()
            assert table.ref.endswith(str(sheet.max_row))
            assert table.autoFilter.ref == table.ref
            assert sheet.print_area.replace("$", "").endswith(f"!A1:{table.ref.partition(':')[2]}")
            assert [c.name for c in table.tableColumns] == [cell.value for cell in sheet[model.PREMIERE_LIGNE - 1]]
    assert len(book["Synthèse"]._charts) == 4


def test_an_amount_that_no_operation_states_is_blank_not_zero(tmp_path: Path) -> None:
    made = jeu.jeu(8, 5)
    operations = made.tables["operations"]
    for row in operations:
        stated = Decimal(7) if row["appel"] == "3.7" else None
        row.update(dict.fromkeys(("votee", "du", "solde", "a_reverser"), stated))
    known = sum(row["appel"] == "3.7" for row in operations)
    assert 0 < known < len(operations)
    found = lire(ecrire(made, tmp_path))
    for title in ("Dépenses et subvention par appel à projets", "Dépenses et subvention par MDS"):
        for row in found[title]:
            amounts = [row[header] for header in ("Votée", "Due", "Solde", "À reverser")]
            assert (amounts == [""] * 4) is (row["Appel"] == "3.3 (2025)")
            assert row["Prévu"] > 0
    facts = " ".join(str(row[0].value) for row in ouvrir(tmp_path / "synthese.xlsx")["Synthèse"].iter_rows(max_row=10))
    assert f"solde connu pour {known}" in facts


_RESERVE = "Solde et À reverser : dont {} en cours ; situation à ce jour, montants non définitifs."


@pytest.mark.parametrize(
    ("fins", "dit"),
    [
        ((jeu.LE - dt.timedelta(days=1),) * 3, ""),
        ((jeu.LE, jeu.LE - dt.timedelta(days=1), jeu.LE - dt.timedelta(days=1)), "1 opération"),
        ((jeu.LE, None, jeu.LE + dt.timedelta(days=1)), "3 opérations"),
    ],
)
@pytest.mark.slow
def test_sums_of_balances_say_what_is_still_running(tmp_path: Path, fins: tuple[dt.date | None, ...], dit: str) -> None:
    made = jeu.jeu(4, 5)
    *known, unknown = made.tables["operations"]
    unknown |= {"solde": None, "date_fin": None}
    for row, fin in zip(known, fins, strict=True):
        row |= {"solde": Decimal(7), "date_fin": fin}
    book = ouvrir(ecrire(made, tmp_path))
    lines = [str(row[0].value) for row in book["Synthèse"].iter_rows()]
    titles = {rank: line for rank, line in enumerate(lines[:-1]) if lines[rank + 1] == "Appel"}
    told = [rank for rank, line in enumerate(lines) if "situation à ce jour" in line]
    said = {titles[max(start for start in titles if start < rank)] for rank in told}
    blocks = {f"Dépenses et subvention par {par}" for par in ("appel à projets", "MDS")} | {"Principaux porteurs"}
    assert said == (blocks if dit else set())
    reserve = _RESERVE.format(dit)
    assert sum(line.endswith(reserve) for line in lines) == len(said)


def test_a_long_reason_has_the_lines_it_needs(tmp_path: Path) -> None:
    made = jeu.jeu(2, 5)
    refused = next(row for row in made.tables["fichiers"] if row["etat"] == "refusé")
    refused["motif"] = "Un motif de vingt mots. " * 12
    sheet = ouvrir(ecrire(made, tmp_path))["Fichiers"]
    rows = {sheet.cell(row, 1).value: row for row in range(model.PREMIERE_LIGNE, sheet.max_row + 1)}
    assert sheet.row_dimensions[rows[refused["nom"]]].height >= 5 * 12
    assert sheet.row_dimensions[rows["depot/notes.txt"]].height is None


def test_charts_show_the_reference_as_a_line(complet: Path) -> None:
    with zipfile.ZipFile(complet) as parts:
        charts = [parts.read(nom).decode() for nom in parts.namelist() if nom.startswith("xl/charts/chart")]
    classes = [chart for chart in charts if "sorties par classe" in chart]
    assert len(classes) == 2
    assert all("Repère national" in chart and "<c:lineChart>" in chart for chart in classes)


@pytest.mark.libreoffice
def test_formulas_recalculated_by_libreoffice_say_the_same(complet: Path, tmp_path: Path) -> None:
    again = convertir({"synthese.xlsx": complet.read_bytes()}, tmp_path, XLSX)["synthese.xlsx"]
    formulas = ouvrir(complet)["Synthèse"]
    cached = ouvrir(complet, data_only=True)["Synthèse"]
    computed = ouvrir(again, data_only=True)["Synthèse"]
    count = 0
    for row in formulas.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                count += 1
                value = cached[cell.coordinate].value
                assert computed[cell.coordinate].value == pytest.approx(value), (cell.coordinate, cell.value)
    assert count > 200


@pytest.fixture
def hostile() -> jeu.Jeu:
    made = jeu.jeu(len(HOSTILES), 4)
    for text, operation in zip(HOSTILES, made.tables["operations"], strict=True):
        operation |= {"porteur": text, "mds": text, "convention": text}
        for nom in ("sorties", "budget", "indicateurs"):
            for row in made.tables[nom]:
                if row["operation"] == operation["operation"]:
                    row |= {"porteur": text, "mds": text}
    for text, row in zip(HOSTILES, made.tables["fichiers"], strict=False):
        row |= {"nom": text, "motif": text, "porteur": text}
    for text, row in zip(HOSTILES, made.tables["anomalies"], strict=False):
        row |= {"regle": text, "feuille": text}
    return made


def _texts(chemin: Path) -> set[str]:
    book = load_workbook(str(chemin))
    return {str(v) for nom in book.sheet_names for row in book.get_sheet_by_name(nom).to_python() for v in row}


@pytest.mark.libreoffice
def test_no_text_becomes_a_formula(hostile: jeu.Jeu, tmp_path: Path) -> None:
    target = ecrire(hostile, tmp_path, adresse=lambda nom: f"../{nom}")
    opened = convertir({"synthese.xlsx": target.read_bytes()}, tmp_path / "lo", XLSX)["synthese.xlsx"]
    for chemin in (target, opened):
        with zipfile.ZipFile(chemin) as parts:
            assert not [nom for nom in parts.namelist() if "externalLink" in nom or "ddeLink" in nom]
            for nom in parts.namelist():
                if nom.startswith("xl/worksheets/sheet") and "sheet1.xml" not in nom:
                    assert b"<f" not in parts.read(nom).replace(b"<formula", b"").replace(b"<filter", b"")
                if nom.startswith("xl/worksheets/sheet1.xml"):
                    formulas = re.findall(rb"<f[^>]*>([^<]*)</f>", parts.read(nom))
                    assert all(re.match(rb"(of:=)?(SUM|COUNT)", f) for f in formulas)
        texts = _texts(chemin)
        assert set(HOSTILES[:4]) <= texts
    assert HOSTILES[-1].replace("\x07", "") in {text.replace("\x07", "") for text in _texts(target)}


@pytest.mark.slow
def test_links_lead_to_the_file_and_its_cell(donnees: jeu.Jeu, tmp_path: Path) -> None:
    target = ecrire(donnees, tmp_path, adresse=lambda nom: None if ".zip/" in nom else f"../reçus/{nom}")
    sheet = ouvrir(target)["Anomalies"]
    linked = 0
    for row in sheet.iter_rows(min_row=model.PREMIERE_LIGNE):
        link, nom = row[2].hyperlink, str(row[2].value)
        if ".zip/" in nom:
            assert link.target is None
            assert link.location.startswith("'Fichiers'!A")
        else:
            linked += 1
            assert link.target == f"../re%C3%A7us/{nom}"
            assert link.location == f"'{row[3].value}'!{row[4].value}"
    assert linked


def test_links_inside_the_workbook_lead_to_the_line_of_the_file(complet: Path) -> None:
    book = ouvrir(complet)
    for row in book["Anomalies"].iter_rows(min_row=model.PREMIERE_LIGNE):
        place = row[2].hyperlink.location.split("!")[1]
        assert book["Fichiers"][place].value == row[2].value


def test_the_same_dataset_gives_the_same_bytes(donnees: jeu.Jeu, complet: Path, tmp_path: Path) -> None:
    again = ecrire(donnees, tmp_path)
    assert again.read_bytes() == complet.read_bytes()
    with zipfile.ZipFile(again) as parts:
        core = parts.read("docProps/core.xml").decode()
        assert "2026-03-02" in core
        assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]+)", core) == []
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [nom for nom in parts.namelist() if str(tmp_path).encode() in parts.read(nom)]


def test_without_any_operation_the_workbook_says_so(tmp_path: Path) -> None:
    made = jeu.jeu(0)
    target = ecrire(made, tmp_path, seuil=5)
    book = ouvrir(target)
    words = " ".join(str(row[0].value) for row in book["Synthèse"].iter_rows(max_row=10))
    assert "Aucune opération" in words
    assert "3 refusés" in words
    assert "Aucune opération" in str(book["Opérations"]["A2"].value)
    assert len(lire(target)["Fichiers"]) == len(made.tables["fichiers"])


def test_a_call_never_heard_of(tmp_path: Path) -> None:
    """Its classes, MDS and indicators are the data's; it has no title, national reference, nor word for an MDS."""
    made = jeu.jeu(6, 8, classes=("Réussite", "Échec"), territoires=("Ailleurs",))
    for rows in made.tables.values():
        for row in rows:
            if row.get("appel"):
                row |= {"appel": "9.9", "millesime": 2031}
    found = lire(ecrire(made, tmp_path))
    classes = found["Sorties par classe, et repères nationaux"]
    assert {row["Classe de sortie"] for row in classes} == {"Sorties dynamiques", "Réussite", "Échec"}
    assert {row["Repère national"] for row in classes} == {""}
    assert {row["Territoire"] for row in found["Opérations"]} == {"Ailleurs"}


def test_too_many_rows_for_a_sheet_are_said(donnees: jeu.Jeu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "LIGNES_MAX", 50)
    book = ouvrir(ecrire(donnees, tmp_path))
    assert "tables/budget.parquet" in str(book["Budget"]["A2"].value)
    assert book["Budget"].max_row == model.PREMIERE_LIGNE + 49
    assert book["Budget"].tables["t_budget"].ref == "A4:H54"


def test_a_folder_that_is_not_there_is_one_sentence(donnees: jeu.Jeu, tmp_path: Path) -> None:
    tables = donnees.ecrire(tmp_path / "tables")
    with pytest.raises(EcritureImpossible, match="son dossier n'existe pas"):
        synthese.ecrire(
            tables, tmp_path / "absent" / "s.xlsx", seuil=5, avec_cle=False, aujourdhui=jeu.LE, appels=Catalogue()
        )
