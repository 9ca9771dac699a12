"""What the page alone says: what to do next, what is right, alike anomalies together, tables, charts."""

import gc
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fabrique import classeur, operation_type
from test_page_answers import JOUR, ask

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.domain.sorties import Taux
from aap_xl.domain.tableau import Formule, Valeur, texte
from aap_xl.dossier import Dossier
from aap_xl.faces.page import asked
from aap_xl.faces.page.next_step import suite
from aap_xl.rows import Nature

_OURS = Path(__file__).parents[1] / "workbooks"
SAMPLES = sorted(_OURS.glob("*exemple.xlsx"))
COPIE = "téléchargez votre classeur avec son bilan"


def told(gravite: Gravite, adresse: str = "K7", remede: str = "corrigez l'une des deux dates") -> Anomalie:
    cell = Cell("Participants", adresse, "Date de sortie") if adresse else Cell()
    return Anomalie("P03", gravite, cell, "la sortie précède l'entrée", "Public cible", remede=remede)


PLACE = "la cellule K7 de la feuille Participants (« Date de sortie »)"
BLOQUE, VERIFIE, INFORME = (told(gravite) for gravite in Gravite)


@pytest.mark.parametrize(
    ("anomalies", "le", "refused", "said"),
    [
        pytest.param(
            [BLOQUE],
            date(2025, 6, 1),
            None,
            f"Une seule anomalie bloque, dans {PLACE} : corrigez l'une des deux dates ; jusque-là, le bilan est "
            "provisoire.",
            id="one blocks",
        ),
        pytest.param(
            [VERIFIE, BLOQUE, BLOQUE],
            date(2025, 6, 1),
            None,
            f"2 anomalies bloquent ; commencez par {PLACE} : corrigez l'une des deux dates ; tant qu'il en reste une, "
            "le bilan est provisoire.",
            id="two block, whatever else there is",
        ),
        pytest.param(
            [told(Gravite.BLOQUANTE, "", "")],
            date(2025, 6, 1),
            None,
            "Une seule anomalie bloque, dans le classeur lui-même : la sortie précède l'entrée ; jusque-là, le bilan "
            "est provisoire.",
            id="no cell, no remedy",
        ),
        pytest.param(
            [VERIFIE, INFORME],
            date(2025, 12, 31),
            None,
            f"Rien ne bloque ; un seul point est à vérifier, dans {PLACE} : corrigez l'une des deux dates ; ensuite, "
            f"{COPIE}, ou continuez à le remplir et redonnez-le ici avant chaque envoi.",
            id="one to look at, on the last day",
        ),
        pytest.param(
            [VERIFIE, VERIFIE],
            date(2026, 1, 1),
            None,
            f"Rien ne bloque ; relisez les 2 points à vérifier, à commencer par {PLACE} : corrigez l'une des deux "
            f"dates ; ensuite, {COPIE} et déposez-le.",
            id="two to look at, the day after",
        ),
        pytest.param([INFORME], date(2026, 1, 1), None, f"Rien à corriger : {COPIE} et déposez-le.", id="nothing"),
        pytest.param(
            [],
            date(2026, 1, 1),
            "« suivi.ods » : le bilan s'écrit dans un classeur .xlsx.",
            "Rien à corriger : ouvrez-le dans un tableur et enregistrez-le au format .xlsx, où son bilan pourra être "
            "écrit.",
            id="nothing, in a format that is only read",
        ),
    ],
)
def test_what_to_do_next(anomalies: list[Anomalie], le: date, refused: str | None, said: str, appel33: Appel) -> None:
    form = operation_type(appel33) | {"date_debut": date(2025, 1, 1), "date_fin": date(2025, 12, 31)}
    dossier = Dossier.lire(Path("suivi.xlsx"), None, le, classeur(appel33, form))
    vars(dossier)["anomalies"] = anomalies
    assert suite(dossier, refused) == said


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_a_blank_workbook_is_told_where_to_begin(code: str) -> None:
    blank = _OURS / f"2025-{code}-vierge.xlsx"
    found, _ = ask("controler", (blank.name, blank.read_bytes()))
    assert found["suite"].startswith("Ce classeur est encore vierge : remplissez d'abord la feuille Opération")
    assert found["justes"] == []
    assert found["porteur"] == "porteur non renseigné"


def right(found: dict[str, Any], feuille: str) -> list[tuple[str, int]]:
    return [(item["phrase"], item["nombre"]) for item in found["justes"] if item["feuille"] == feuille]


def test_what_is_right_is_counted(appel33: Appel) -> None:
    """Three people in four lines, of which one has its exit before its entry."""
    common = {"nom": "EXEMPLE", "prenom": "Un", "date_naissance": date(1990, 1, 1)}
    fine = {"code": "P1", **common, "date_entree": date(2025, 2, 3)}
    people = [
        fine,
        fine | {"code": "P2", "prenom": "Deux"},
        fine | {"code": "P3", "prenom": "Trois", "date_sortie": date(2025, 1, 3)},
        {},
    ]
    content = classeur(appel33, operation_type(appel33), {"participants": people})
    found, _ = ask("controler", ("suivi.xlsx", content))
    wrong = {
        item["cellule"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for item in found["controle"]["anomalies"]
        if item["feuille"] == "Participants" and item["gravite"] != "information" and item["cellule"]
    }
    clean = 3 - len(wrong)
    assert "7" in wrong
    among = f"{clean} ligne{'s' if clean > 1 else ''} sur 3 sans rien à corriger"
    assert right(found, "Participants") == ([(f"3 personnes : {among}", clean)] if clean else [])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_counted_rows_are_the_rows_read_less_those_to_correct(sample: Path, catalogue: Catalogue) -> None:
    found, _ = ask("controler", (sample.name, sample.read_bytes()))
    dossier = Dossier.lire(sample, catalogue, date.fromisoformat(JOUR))
    for rows in dossier.donnees.tables.values():
        if rows and rows[0].table != "redactions":
            faults = {item.cell.adresse for item in dossier.a_corriger if item.cell.feuille == rows[0].feuille}
            lines = {int("".join(filter(str.isdigit, place))) for place in faults if place}
            number = len(rows) - len(lines & {row.ligne for row in rows})
            assert [count for phrase, count in right(found, rows[0].feuille) if "sans rien" in phrase] == [number]
    assert ("le plan de financement est équilibré" in right(found, "Ressources")[-1][0]) is True


def _with(change: dict[str, Any], appel: Appel, rows: int) -> bytes:
    people = [{"code": f"P{n}", "date_entree": date(2025, 2, 3), **change} for n in range(rows)]
    return classeur(appel, operation_type(appel), {"participants": people})


def test_alike_anomalies_are_together_and_none_is_lost(appel33: Appel) -> None:
    found, _ = ask("controler", ("suivi.xlsx", _with({"date_sortie": date(2025, 1, 3)}, appel33, 25)))
    groups = [group for sheet in found["feuilles"] for group in sheet["groupes"]]
    ranks = sorted(rank for group in groups for rank in group["anomalies"])
    assert ranks == list(range(len(found["controle"]["anomalies"])))
    assert any(group["code"] == "P03" and group["nombre"] == 25 == len(group["cellules"]) for group in groups)
    for sheet in found["feuilles"]:
        order = [["bloquante", "à vérifier", "information"].index(group["gravite"]) for group in sheet["groupes"]]
        assert order == sorted(order)
        for group in sheet["groupes"]:
            items = [found["controle"]["anomalies"][rank] for rank in group["anomalies"]]
            assert {(item["code"], item["feuille"], item["gravite"]) for item in items} == {
                (group["code"], sheet["feuille"], group["gravite"])
            }
            assert items[0]["message"] == group["message"]
            assert group["titre"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("suivi.xlsx", None),
        ("suivi.XLSX", None),
        ("suivi.xlsm", "n'a pas de macros : donnez à la copie l'extension .xlsx."),
        ("suivi.zip", "le bilan s'écrit dans un classeur .xlsx"),
        ("suivi", "le bilan s'écrit dans un classeur .xlsx"),
    ],
)
def test_why_a_bilan_is_not_written(name: str, said: str | None, appel33: Appel) -> None:
    content = _with({}, appel33, 1)
    found, _ = ask("controler", (name, content))
    assert found["ecriture"] is None if said is None else said in found["ecriture"]
    answered, _ = ask("bilan", (name, content))
    assert answered.get("refus") == found["ecriture"]


@pytest.mark.parametrize(
    ("valeur", "nature", "shown"),
    [
        (None, Nature.MONTANT, ""),
        (Decimal("1234.5"), Nature.MONTANT, "1 234,50 €"),
        (Decimal("0.005"), Nature.MONTANT, "0,01 €"),
        (Decimal(7) / 19, Nature.TAUX, "36,8 %"),
        (Decimal("0.0005"), Nature.TAUX, "0,1 %"),
        (Decimal("0.00049"), Nature.TAUX, "0,0 %"),
        (Decimal("0.12345"), Nature.PRECIS, "12,35 %"),
        (Taux(7, 19), Nature.FRACTION, "7/19"),
        (1234, Nature.ENTIER, "1 234"),
        (12.5, Nature.HEURES, "12,50"),
        (Decimal("12.0"), Nature.HEURES, "12"),
        (date(2025, 2, 1), Nature.DATE, "01/02/2025"),
        ("mot", Nature.MONTANT, "mot"),
        (Formule("c", "1+1", Nature.MONTANT, Decimal(2)), Nature.TEXTE, "2,00 €"),
        (Formule("c", "1+1"), Nature.TEXTE, ""),
    ],
)
def test_a_cell_is_shown_as_on_paper(valeur: Valeur, nature: Nature, shown: str) -> None:
    assert texte(valeur, nature) == shown


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_tables_are_whole_and_charts_show_their_columns(sample: Path, catalogue: Catalogue) -> None:
    found, _ = ask("bilan", (sample.name, sample.read_bytes()))
    dossier = Dossier.lire(sample, catalogue, date.fromisoformat(JOUR))
    assert [table["cle"] for table in found["tableaux"]] == [table.cle for table in dossier.tableaux]
    drawn = 0
    for shown, table in zip(found["tableaux"], dossier.tableaux, strict=True):
        assert [len(line["cellules"]) for line in shown["lignes"]] == [len(table.colonnes)] * len(table.lignes)
        chart = shown["graphique"]
        if chart:
            drawn += 1
            titles = [column["titre"] for column in shown["colonnes"]]
            for serie in chart["series"]:
                rank = titles.index(serie["titre"])
                column = [line["cellules"][rank]["valeur"] for line in shown["lignes"]]
                assert serie["valeurs"] == column[: len(serie["valeurs"])]
                assert len(serie["valeurs"]) == len(chart["categories"])
    assert drawn >= 3


def test_a_blank_workbook_holds_what_was_given() -> None:
    given = {"porteur": "EXEMPLE : a/b", "siret": "123 456 782 00010", "date_debut": "2025-03-15", "intitule": " "}
    found, [(name, _, content)] = ask("nouveau", appel="3,3", millesime=2025, identite=given)
    assert (name, found["fichier"]) == ("suivi 3.3 2025 - EXEMPLE a b.xlsx",) * 2
    operation = Dossier.lire(Path(name), None, date.fromisoformat(JOUR), content).donnees.operation
    assert (operation.porteur, operation.siret, operation.date_debut, operation.intitule) == (
        "EXEMPLE : a/b",
        "12345678200010",
        date(2025, 3, 15),
        None,
    )


def test_the_short_form_is_what_the_command_takes() -> None:
    found, _ = ask("appels")
    for appel in found["appels"]:
        fields = {item["champ"]: item for item in appel["identite"]}
        assert {"porteur", "siret", "mds", "date_debut", "date_fin"} <= fields.keys()
        assert fields["date_debut"]["nature"] == "date"
        assert all(item["choix"] == [] for nom, item in fields.items() if nom != "mds")
        for choice in fields["mds"]["choix"]:
            identite = {"mds": choice["valeur"]}
            assert "fichier" in ask("nouveau", appel=appel["code"], millesime=appel["millesime"], identite=identite)[0]


_SDRAWKCAB = "qvxyzz"


def _kept() -> list[object]:
    """What Python still holds of the name that, read backwards, is `_SDRAWKCAB`: the test itself must not hold it."""
    gc.collect()
    held = (item for holder in gc.get_objects() for item in gc.get_referents(holder))
    return [
        item
        for item in held
        if (isinstance(item, str) and _SDRAWKCAB in item[::-1].casefold())
        or (isinstance(item, bytes) and _SDRAWKCAB.encode() in item[::-1].lower())
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "count"), [("controler", 1), ("bilan", 1), ("solde", 1), ("comparer", 2)])
def test_nothing_that_names_someone_outlives_a_question(verb: str, count: int, appel33: Appel) -> None:
    def question() -> None:
        name = "".join(reversed(_SDRAWKCAB))
        content = _with({"nom": name, "prenom": "Un", "mds": name}, appel33, 2)
        assert "refus" not in ask(verb, *[("suivi.xlsx", content)] * count)[0]

    question()
    assert _kept() == []


@pytest.mark.parametrize("problem", [RuntimeError("no home"), PermissionError("closed")])
def test_a_cache_that_cannot_be_written_is_no_failure(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def folder() -> Path:
        raise problem

    monkeypatch.setattr("aap_xl.appels.cache.folder", folder)
    asked.appels.cache_clear()
    assert {item["code"] for item in ask("appels")[0]["appels"]} == {"3.3", "3.7"}
    assert "fichier" in ask("nouveau", appel="3.3")[0]
    asked.appels.cache_clear()
