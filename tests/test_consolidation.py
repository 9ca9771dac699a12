"""Many returned workbooks, one dataset: the domain's figures, one line per file, nothing nominative, nothing lost."""

import datetime as dt
import io
import json
import random
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import envois
import fabrique
import generator
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from envois import CLE, JOUR, SIRETS, classeur, contenu, deposer, lancer, personne, table

from aap_xl.appels import loader
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import POINTS, Appel
from aap_xl.consolidation import cells, dataset, lines, output, run, schema, synthese
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.pseudonymes import Cle
from aap_xl.domain import budget, eligibilite, parcours, personnes, sorties
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.solde import solde
from aap_xl.dossier import Dossier


@pytest.fixture
def vraie_synthese() -> None:
    """Asked for by the tests that look into the synthesis."""


@pytest.fixture(autouse=True)
def _synthese(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere the synthesis, which has its own tests, is one line that follows from the tables."""
    if "vraie_synthese" not in request.fixturenames:
        monkeypatch.setattr(
            synthese, "ecrire", lambda tables, cible, **_: cible.write_text(str(sorted(tables.iterdir())[0].name))
        )


def _etats(sortie: Path) -> dict[str, str]:
    return {row["nom"]: row["etat"] for row in table(sortie, "fichiers")}


def _lignes(table: str, lot: cells.Colonnes) -> list[dict[str, Any]]:
    """What a file gives of a table, sent, kept and written."""
    known = cells.unpack(cells.pack(lot))
    columns = {nom: dataset.colonne(values, schema.LOCALES[table].field(nom).type) for nom, values in known.items()}
    return pa.table(columns).to_pylist()  # type: ignore[no-any-return]


# --- figures are the domain's


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_the_tables_hold_the_figures_of_the_single_dossier(catalogue: Catalogue, code: str, seed: int) -> None:
    d = generator.dossier(catalogue.get(code), seed).donnees
    lots = {nom: _lignes(nom, lot) for nom, lot in lines.lots(Dossier(Path("x.xlsx"), d), CLE, {}).items()}
    assert {nom: set(rows[0]) for nom, rows in lots.items()} == {nom: set(schema.LOCALES[nom].names) for nom in lots}
    (operation,) = lots["operations"]
    s = solde(d)
    for nom, value in {
        "entrees": len(personnes.entres(d)),
        "sorties": sorties.taux_dynamique(d).denominateur,
        "dynamiques": sorties.taux_dynamique(d).numerateur,
        "prevu": budget.total_prevu(d),
        "retenu": budget.total_retenu(d),
        "du": s.du,
        "solde": s.solde,
        "a_reverser": s.a_reverser,
        "bloquantes": sum(a.gravite == "bloquante" for a in controler(d)),
    }.items():
        assert operation[nom] == value, nom
    volets = {volet.nom: volet for volet in d.appel.volets}
    for nom in POINTS:
        rate = sorties.taux_dynamique(d, volets[nom]) if nom in volets else None
        assert operation[f"{nom}s"] == (rate and rate.denominateur)
        assert operation[f"dynamiques_{nom}"] == (rate and rate.numerateur)
    assert sum(row["prevu"] for row in lots["budget"]) == operation["prevu"]
    assert sum(row["retenu"] for row in lots["budget"]) == operation["retenu"]
    assert len(lots["parcours"]) == len(d.participants)
    assert len(lots["personnes"]) == len(personnes.derniers(d)) < len(d.participants)
    assert sum(row["parcours"] for row in lots["personnes"]) == len(d.participants)
    assert sum(bool(row["dynamique"]) for row in lots["personnes"]) == operation["dynamiques"]
    assert sum(bool(row["dynamique"] and row["compte"]) for row in lots["parcours"]) == operation["dynamiques"]
    known = [row for row in lots["parcours"] if (row["demi_journees_prevues"] or 0) > 0]
    signed = [row["demi_journees_emargees"] for row in known if (row["demi_journees_emargees"] or -1) >= 0]
    assert sum(signed) == parcours.presences(d.participants).numerateur
    for row, p in zip(lots["parcours"], d.participants, strict=True):
        assert row["phase"] == (d.appel.libelle("phases", p.phase) or None)
        named = None if p.freins_entree is None else len(parcours.freins(p.freins_entree, d.appel))
        assert row["freins_entree"] == named
        assert not {"objectif", "constat_point"} & row.keys()
    for row in lots["sorties"]:
        code_classe = next((c.code for c in d.appel.sorties.classes if c.libelle == row["classe"]), None)  # type: ignore[union-attr]
        rate = sorties.taux_classe(d, code_classe, volets[row["moment"]])
        assert (row["effectif"], row["total"]) == (rate.numerateur, rate.denominateur)
    assert [(r["code"], r["gravite"]) for r in lots["anomalies"]] == [(a.code, a.gravite) for a in controler(d)]
    assert [(r["admissible"], r["motif"]) for r in lots["depenses"]] == [
        (item.admissible.quantize(Decimal("0.01")), item.motif or None) for _, item in eligibilite.engagees(d)
    ]
    assert [r["feuille"] for r in lots["depenses"]] == (["Dépenses"] * len(d.depenses) + ["Salaires"] * len(d.salaires))
    _expenses_are_the_bilans(d, lots)


def _expenses_are_the_bilans(d: Donnees, lots: dict[str, list[dict[str, Any]]]) -> None:
    """Sums of « depenses », by category, are those that the bilan prints before the flat rate."""
    spent: Counter[str | None] = Counter()
    for row in lots["depenses"]:
        spent[row["poste"]] += row["montant"] or 0
    by_code = budget.depense_par_poste(d)
    expected = {item.libelle: by_code[item.code] for item in d.appel.budget.postes}
    planned = {row["poste"]: row["realise"] for row in lots["budget"]}
    assert {poste: spent[poste] for poste in expected} == expected == {poste: planned[poste] for poste in expected}
    assert spent.total() == budget.total_depense(d)
    kept = [row["admissible"] for row in lots["depenses"]]
    assert sum(kept) == sum(ligne.admissible for ligne in budget.lignes(d))


def test_salaries_and_the_officers_adjustment_are_in_the_dataset(
    appel37: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    paid = {"quotite": Decimal("0.5"), "cotisations": Decimal("400.01"), "date_paiement": dt.date(2025, 9, 28)}
    tables: dict[str, list[dict[str, Any]]] = {
        "personnel": [
            {
                "code": code,
                "salarie": f"EXEMPLE {code}",
                "role": "encadrant",
                "brut": Decimal(9000),
                "quotite": Decimal(1),
            }
            for code in ("P1", "P2")
        ],
        "salaires": [
            paid | {"ligne_budget": code, "mois": dt.date(2025, month, 30), "brut": Decimal(1000), "justificatif": True}
            for code, month in (("p1", 4), ("P1", 5), ("Z9", 6))
        ],
        "depenses": [envois.depense("70.00", ligne_budget=code) for code in ("P1", "P2")],
    }
    own: dict[str, Any] = {
        "subvention_votee": Decimal(900),
        "avance": Decimal(0),
        "ajustement": Decimal("-100.5"),
        "motif_ajustement": "Zoé",
    }
    sources = deposer(tmp_path / "in", {"a.xlsx": classeur(appel37, tables=tables, **own)})
    lancer(catalogue, [sources], tmp_path / "out")
    found = [
        (r["feuille"], r["ligne"], r["ligne_budget"], r["fonction"], r["mois"], r["montant"], r["motif"])
        for r in table(tmp_path / "out", "depenses")
    ]
    role, half = "Encadrant technique", Decimal("700.01")
    assert found == [
        ("Dépenses", 5, "P1", role, "2025-05", None, eligibilite.DANS_SALAIRES),
        ("Dépenses", 6, "P2", role, "2025-05", Decimal("70.00"), None),
        ("Salaires", 5, "P1", role, "2025-04", half, None),
        ("Salaires", 6, "P1", role, "2025-05", half, None),
        ("Salaires", 7, None, None, "2025-06", half, eligibilite.NON_PREVUE),
    ]
    [operation] = table(tmp_path / "out", "operations")
    assert (operation["votee"], operation["ajustement"], operation["solde"]) == (
        900,
        Decimal("-100.50"),
        Decimal("799.50"),
    )


def test_hours_are_summed_by_person_and_month(appel37: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    rows = [
        {"participant": nom, "semaine": day, "travail": Decimal(hours), "accompagnement": Decimal("1.5")}
        for nom, day, hours in (
            ("C1", dt.date(2025, 5, 5), "10"),
            ("c1", dt.date(2025, 5, 12), "12.25"),
            ("C1", dt.date(2025, 6, 2), "8"),
            ("Z9", dt.date(2025, 5, 5), "4"),
        )
    ]
    source = deposer(tmp_path / "in", {"a.xlsx": classeur(appel37, tables={"heures": rows})})
    lancer(catalogue, [source], tmp_path / "out", cle=None)
    found = [(r["pseudonyme"], r["mois"], r["travail"], r["accompagnement"]) for r in table(tmp_path / "out", "heures")]
    assert found == [
        ("P001", "2025-05", Decimal("22.25"), Decimal("3.00")),
        ("P001", "2025-06", Decimal("8.00"), Decimal("1.50")),
        (None, "2025-05", Decimal("4.00"), Decimal("1.50")),
    ]


def test_every_table_is_there_with_its_columns_even_empty(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    compte, _ = lancer(catalogue, [tmp_path / "in"], tmp_path / "out")
    assert compte.etats == {}
    for nom, champs in schema.TABLES.items():
        assert pq.read_schema(tmp_path / "out" / "tables" / f"{nom}.parquet").equals(champs), nom
    assert (tmp_path / "out" / "journal.jsonl").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (Decimal("1.005"), Decimal("1.01")),
        (Decimal("-0.005"), Decimal("-0.01")),
        (Decimal(10) ** 14 - 1, Decimal(10) ** 14 - 1),
        (Decimal(10) ** 14, None),
        (Decimal(-(10**30)), None),
    ],
)
def test_an_amount_that_nobody_can_mean_stops_nothing(value: Any, kept: Any) -> None:
    assert cells.euros(cells.centimes(value)) == kept


@pytest.mark.parametrize("cents", [[], [0], [None], [7, None, -7], [10**16 - 1, -(10**16) + 1], [2**53 + 1, -(2**53)]])
def test_an_amount_is_written_to_the_cent(cents: list[int | None]) -> None:
    assert dataset.colonne(cents, schema.EUROS).to_pylist() == [cells.euros(value) for value in cents]


def test_absurd_numbers_are_left_out_of_the_tables(appel33: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    octets = classeur(appel33, personnes_prevues=10**12, subvention_demandee=Decimal(10) ** 20)
    lancer(catalogue, [deposer(tmp_path / "in", {"a.xlsx": octets})], tmp_path / "out")
    (operation,) = table(tmp_path / "out", "operations")
    assert (operation["prevues"], operation["demandee"], operation["entrees"]) == (None, None, 1)


# --- one line per file


@pytest.fixture
def lot(appel33: Appel, appel37: Appel, tmp_path: Path) -> Path:
    """Versions, copies, another call, refused and ignored files."""
    durand = personne("C1")
    v1 = classeur(appel33, [durand], siret=SIRETS[0], a_jour_au=dt.date(2025, 5, 1))
    v2 = classeur(appel33, [durand, personne("C2", "EXEMPLE-MARTIN")], siret=SIRETS[0], a_jour_au=dt.date(2025, 6, 1))
    autre = classeur(appel37, [durand], siret=SIRETS[1])
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("interne.xlsx", (2025, 6, 1, 0, 0, 0)), classeur(appel33, siret=SIRETS[2]))
        archive.writestr(zipfile.ZipInfo("../dehors.xlsx", (2025, 6, 1, 0, 0, 0)), v1)
    return deposer(
        tmp_path / "in",
        {
            "a/v1.xlsx": v1,
            "a/v2.xlsx": v2,
            "copie de v2.xlsx": v2,
            "autre.xlsx": autre,
            "lot.zip": (tmp_path / "x.zip").read_bytes(),
            "abime.xlsx": v1[: len(v1) // 2],
            "vide.ods": b"",
            "pas a nous.xlsx": _etranger(),
            "~$v1.xlsx": b"verrou",
            "lisez-moi.txt": b"bonjour",
        },
    )


def _etranger() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("EXEMPLE-DURAND").write(0, 0, "EXEMPLE-DURAND")
    return buffer.getvalue()


def test_every_file_is_one_line_with_its_reason(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    compte, _ = lancer(catalogue, [lot], tmp_path / "out")
    assert _etats(tmp_path / "out") == {
        "a/v1.xlsx": "remplacé",
        "a/v2.xlsx": "retenu",
        "abime.xlsx": "refusé",
        "autre.xlsx": "retenu",
        "copie de v2.xlsx": "doublon",
        "lisez-moi.txt": "ignoré",
        "lot.zip/../dehors.xlsx": "refusé",
        "lot.zip/interne.xlsx": "retenu",
        "pas a nous.xlsx": "refusé",
        "vide.ods": "refusé",
        "~$v1.xlsx": "ignoré",
    }
    assert compte.etats == {"retenu": 3, "remplacé": 1, "doublon": 1, "refusé": 4, "ignoré": 2}
    rows = {row["nom"]: row for row in table(tmp_path / "out", "fichiers")}
    assert list(rows) == sorted(rows)
    assert rows["a/v1.xlsx"]["remplace_par"] == rows["copie de v2.xlsx"]["remplace_par"] == "a/v2.xlsx"
    assert {"mesure": "entrees", "avant": 1, "apres": 2} in rows["a/v1.xlsx"]["ecarts"]
    assert rows["abime.xlsx"]["motif"].startswith("« abime.xlsx » est abîmé")
    assert rows["vide.ods"]["motif"].startswith("« vide.ods » est vide")
    assert rows["a/v2.xlsx"]["operation"] == f"3.3-2025-{SIRETS[0]}-2025-03-01"
    assert rows["a/v2.xlsx"]["a_jour_au"] == dt.date(2025, 6, 1)
    assert rows["a/v2.xlsx"]["date_fichier"] == JOUR.date()
    assert all(row["fichier"] is None or row["empreinte"].startswith(row["fichier"]) for row in rows.values())


def test_only_the_versions_that_count_are_in_the_other_tables(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "out"
    compte, _ = lancer(catalogue, [lot], out)
    kept = {row["operation"]: row["fichier"] for row in table(out, "fichiers") if row["etat"] == "retenu"}
    assert [row["operation"] for row in table(out, "operations")] == sorted(kept)
    for nom in schema.LOCALES:
        rows = table(out, nom)
        assert {(row["operation"], row["fichier"]) for row in rows} <= set(kept.items()), nom
        assert [row["operation"] for row in rows] == sorted(row["operation"] for row in rows), nom
    assert len(table(out, "personnes")) == 4
    assert compte.bloquantes == sum(row["gravite"] == "bloquante" for row in table(out, "anomalies"))


@pytest.mark.slow
def test_with_a_key_people_in_two_operations_are_listed(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    lancer(catalogue, [lot], tmp_path / "out")
    (found,) = table(tmp_path / "out", "personnes_communes")
    assert found["pseudonyme"] == CLE.pseudonyme("EXEMPLE-DURAND", "Prénom-Inventé", dt.date(1990, 5, 17))
    assert found["operations"] == [row["operation"] for row in table(tmp_path / "out", "operations")]
    lancer(catalogue, [lot], tmp_path / "sans", cle=None)
    assert table(tmp_path / "sans", "personnes_communes") == []
    assert {row["pseudonyme"] for row in table(tmp_path / "sans", "personnes")} == {"P001", "P002"}
    assert json.loads((tmp_path / "sans" / "journal.jsonl").open(encoding="utf-8").readline())["cle"] is False


def test_a_failure_of_the_program_is_one_refused_file(
    lot: Path, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(dossier: Dossier, *_: Any) -> Any:
        if dossier.appel.identite.code == "3.7":
            raise KeyError("EXEMPLE-DURAND")
        return real(dossier, *_)

    real = lines.lots
    monkeypatch.setattr(lines, "lots", fail)
    lancer(catalogue, [lot], tmp_path / "out")
    rows = {row["nom"]: row for row in table(tmp_path / "out", "fichiers")}
    assert rows["autre.xlsx"]["etat"] == "refusé"
    assert "« autre.xlsx » n'a pas pu être traité : erreur du programme (KeyError, " in rows["autre.xlsx"]["motif"]
    assert "EXEMPLE-DURAND" not in rows["autre.xlsx"]["motif"]
    assert rows["a/v2.xlsx"]["etat"] == "retenu"


def test_a_porteur_without_a_siret_is_the_one_of_the_same_name(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = {
        "a.xlsx": classeur(appel33, siret=None, porteur="Les Exemples", a_jour_au=dt.date(2025, 4, 1)),
        "b.xlsx": classeur(appel33, siret=SIRETS[0], porteur="LES EXEMPLES", a_jour_au=dt.date(2025, 5, 1)),
        "c.xlsx": classeur(appel33, siret=None, porteur="Autres Exemples"),
    }
    lancer(catalogue, [deposer(tmp_path / "in", files)], tmp_path / "out")
    assert _etats(tmp_path / "out") == {"a.xlsx": "remplacé", "b.xlsx": "retenu", "c.xlsx": "retenu"}
    assert "exemples" not in json.dumps([row["operation"] for row in table(tmp_path / "out", "operations")]).lower()


# --- counted apart, and perhaps the same


_NUMERO, _DEBUT, _TITRE = "même numéro de convention", "même porteur, même date de début", "même porteur, même intitulé"
_SIREN, _VOISIN = "12345678200002", "12345678200010"
_MARS = dt.date(2025, 3, 10)
_PAIRES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("another establishment", {"siret": _SIREN}, {"siret": _VOISIN}, _DEBUT),
    (
        "the same with a convention",
        {"siret": _SIREN, "convention": "1"},
        {"siret": _VOISIN, "convention": "1"},
        _NUMERO,
    ),
    ("typed otherwise", {"siret": _SIREN, "convention": "E-1"}, {"siret": _VOISIN, "convention": "E01"}, ""),
    ("typed without dash", {"siret": _SIREN, "convention": "E-1"}, {"siret": _VOISIN, "convention": "e1"}, _NUMERO),
    ("one convention", {"siret": _SIREN, "convention": "1"}, {"siret": _VOISIN}, _DEBUT),
    ("two conventions", {"siret": _SIREN, "convention": "1"}, {"siret": _VOISIN, "convention": "2"}, ""),
    ("two of one establishment", {"convention": "1"}, {"convention": "2"}, ""),
    ("a corrected start", {}, {"date_debut": _MARS}, _TITRE),
    ("a corrected start, a convention", {"convention": "1"}, {"date_debut": _MARS}, _TITRE),
    ("another start, two conventions", {"convention": "1"}, {"date_debut": _MARS, "convention": "2"}, ""),
    ("another start, another title", {}, {"date_debut": _MARS, "intitule": "Autre"}, ""),
    ("another start, no title", {"intitule": None}, {"date_debut": _MARS, "intitule": None}, ""),
    ("a title typed otherwise", {}, {"date_debut": _MARS, "intitule": "VERS  L’EMPLOI"}, _TITRE),
    ("another SIREN, one name", {"siret": SIRETS[0]}, {"siret": SIRETS[1]}, _DEBUT),
    ("another SIREN, another name", {"siret": SIRETS[0]}, {"siret": SIRETS[1], "porteur": "Autre"}, ""),
    ("one SIREN, another name", {"siret": _SIREN}, {"siret": _VOISIN, "porteur": "Autre"}, _DEBUT),
    (
        "one convention of two porteurs",
        {"convention": "1"},
        {"convention": "1", "siret": SIRETS[1], "porteur": "B"},
        _NUMERO,
    ),
]


@pytest.mark.parametrize(("cas", "une", "autre", "trait"), _PAIRES, ids=[row[0] for row in _PAIRES])
def test_operations_that_look_alike_count_and_name_each_other(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path, *, cas: str, une: Any, autre: Any, trait: str
) -> None:
    files = {"a.xlsx": classeur(appel33, **une), "b.xlsx": classeur(appel33, **autre)}
    compte, _ = lancer(catalogue, [deposer(tmp_path / "in", files)], tmp_path / "out")
    rows = table(tmp_path / "out", "fichiers")
    assert [row["etat"] for row in rows] == ["retenu", "retenu"], cas
    assert compte.ressemblances == bool(trait)
    for row, other in (rows, rows[::-1]):
        if trait:
            said = f"Peut-être la même opération que {other['operation']}, de « {other['nom']} » ({trait})"
            assert row["motif"].startswith(said)
        else:
            assert row["motif"] is None


def test_operations_of_two_calls_are_not_alike(
    appel33: Appel, appel37: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = {"a.xlsx": classeur(appel33, convention="1"), "b.xlsx": classeur(appel37, convention="1")}
    assert lancer(catalogue, [deposer(tmp_path / "in", files)], tmp_path / "out")[0].ressemblances == 0


def test_a_version_that_does_not_count_is_alike_to_nothing_but_gives_its_convention(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = {
        "a1.xlsx": classeur(appel33, siret=_SIREN, convention="1", a_jour_au=dt.date(2025, 4, 1)),
        "a2.xlsx": classeur(appel33, siret=_SIREN, a_jour_au=dt.date(2025, 5, 1)),
        "b.xlsx": classeur(appel33, siret=_VOISIN, convention="2"),
    }
    compte, _ = lancer(catalogue, [deposer(tmp_path / "in", files)], tmp_path / "out")
    assert _etats(tmp_path / "out") == {"a1.xlsx": "remplacé", "a2.xlsx": "retenu", "b.xlsx": "retenu"}
    assert compte.ressemblances == 0


def test_what_is_already_said_of_an_operation_stays(appel33: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    files = {f"n{numero}.xlsx": classeur(appel33, convention=numero) for numero in ("1", "2", None)}
    compte, _ = lancer(catalogue, [deposer(tmp_path / "in", files)], tmp_path / "out")
    motifs = {row["nom"]: row["motif"] for row in table(tmp_path / "out", "fichiers")}
    assert compte.ressemblances == 2
    assert motifs["nNone.xlsx"].startswith("Pas de numéro de convention, et plusieurs conventions du porteur")
    assert f"est compté à part. Peut-être la même opération que 3.3-2025-{SIRETS[0]}-1, de" in motifs["nNone.xlsx"]
    assert all("de « nNone.xlsx »" in motifs[nom] for nom in ("n1.xlsx", "n2.xlsx"))


@pytest.mark.slow
@pytest.mark.usefixtures("vraie_synthese")
def test_what_looks_alike_does_not_depend_on_the_order_nor_on_what_was_known(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    alike: list[dict[str, Any]] = [{"siret": siret} for siret in (_SIREN, _VOISIN)] + [
        {"convention": n, "siret": SIRETS[3]} for n in "12"
    ]
    files = {f"{n}.xlsx": classeur(appel33, **fields) for n, fields in enumerate(alike)}
    source = deposer(tmp_path / "in", files)
    arguments = sorted(source.iterdir())
    compte, _ = lancer(catalogue, arguments, tmp_path / "un")
    assert compte.ressemblances == 3
    assert lancer(catalogue, arguments[::-1], tmp_path / "deux", envers=True)[0] == compte
    lancer(catalogue, arguments[:2], tmp_path / "trois")
    assert lancer(catalogue, arguments, tmp_path / "trois")[0] == compte
    assert contenu(tmp_path / "un") == contenu(tmp_path / "deux") == contenu(tmp_path / "trois")


# --- same inputs, same output


@pytest.mark.slow
@pytest.mark.usefixtures("vraie_synthese")
def test_the_output_depends_on_neither_the_order_nor_the_names_of_the_arguments(
    lot: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    arguments = sorted(lot.iterdir())
    lancer(catalogue, arguments, tmp_path / "un")
    random.Random(3).shuffle(arguments)  # noqa: S311
    lancer(catalogue, arguments, tmp_path / "deux", envers=True)
    assert contenu(tmp_path / "un") == contenu(tmp_path / "deux")


# --- nothing twice


@pytest.mark.slow
def test_what_is_known_is_not_treated_again(lot: Path, catalogue: Catalogue, appel33: Appel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert lancer(catalogue, [lot], out)[1] == 8
    first = contenu(out)
    assert lancer(catalogue, [lot], out)[1] == 0
    assert contenu(out) == first
    (lot / "autre.xlsx").rename(lot / "renomme.xlsx")
    assert lancer(catalogue, [lot], out)[1] == 0
    assert _etats(out)["renomme.xlsx"] == "retenu"
    deposer(lot, {"nouveau.xlsx": classeur(appel33, siret=SIRETS[3])})
    assert lancer(catalogue, [lot], out)[1] == 1
    assert _etats(out)["nouveau.xlsx"] == "retenu"


def test_an_unchanged_file_is_not_even_opened(
    lot: Path, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lancer(catalogue, [lot], tmp_path / "out")

    def opened(self: Any, nom: str) -> bytes:
        raise AssertionError(self)

    monkeypatch.setattr("aap_xl.consolidation.inputs.Source.lire", opened)
    assert lancer(catalogue, [lot], tmp_path / "out")[1] == 0


@pytest.mark.slow
def test_a_file_changed_under_the_same_name_size_and_date_is_seen(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    source = deposer(tmp_path / "in", {"a.xlsx": classeur(appel33, siret=SIRETS[0])})
    lancer(catalogue, [source], tmp_path / "out")
    other = classeur(appel33, siret=SIRETS[1])
    size = (source / "a.xlsx").stat().st_size
    deposer(source, {"a.xlsx": other.ljust(size, b"\0") if len(other) < size else other})
    lancer(catalogue, [source], tmp_path / "out")
    assert [row["siret"] for row in table(tmp_path / "out", "operations")] == [SIRETS[1]]


def test_a_file_written_just_before_it_was_read_is_read_again(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    source = deposer(tmp_path / "in", {"vieux.xlsx": classeur(appel33, siret=SIRETS[0])})
    deposer(source, {"neuf.xlsx": classeur(appel33, siret=SIRETS[1])}, dt.datetime.now().astimezone())
    lancer(catalogue, [source], tmp_path / "out")
    with sqlite3.connect(tmp_path / "out" / ".aap-xl" / "etat.sqlite") as base:
        known = base.execute("SELECT nom FROM lieux JOIN entrees USING (lieu)").fetchall()
    assert known == [("vieux.xlsx",)]


@pytest.mark.slow
def test_a_removed_file_leaves_the_result_and_the_state(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "out"
    lancer(catalogue, [lot], out)
    (lot / "a" / "v2.xlsx").unlink()
    (lot / "copie de v2.xlsx").unlink()
    lancer(catalogue, [lot], out)
    assert _etats(out)["a/v1.xlsx"] == "retenu"
    assert len(table(out, "personnes")) == 3
    lancer(catalogue, [lot], tmp_path / "neuf")
    assert contenu(out) == contenu(tmp_path / "neuf")
    with sqlite3.connect(out / ".aap-xl" / "etat.sqlite") as base:
        assert base.execute("SELECT count(*) FROM resultats").fetchone() == (6,)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        {"cle": Cle(bytes(32))},
        {"cle": None},
        {"jour": dt.date(2025, 12, 16)},
    ],
)
def test_what_changes_the_result_makes_everything_again(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path, changed: dict[str, Any]
) -> None:
    source = deposer(tmp_path / "in", {"a.xlsx": classeur(appel33)})
    lancer(catalogue, [source], tmp_path / "out")
    with_what = envois.context(catalogue, **({"cle": CLE} | changed))
    executor = envois.EnSerie(with_what)
    run.consolider(run.Job([source], tmp_path / "out", with_what, 5), executor, envois.Muet())
    assert executor.traites == 1


@pytest.mark.slow
def test_another_version_of_a_call_makes_everything_again(appel33: Appel, tmp_path: Path) -> None:
    source = deposer(tmp_path / "in", {"a.xlsx": classeur(appel33)})
    calls = tmp_path / "appels"
    calls.mkdir()
    chemin = calls / "autre.toml"
    shutil.copy(next(loader.FOURNIS.glob("*3.3.toml")), chemin)
    chemin.write_text(
        chemin.read_text(encoding="utf-8").replace('code = "3.3"', 'code = "3.3"\nmillesime = 2026'), "utf-8"
    )
    assert lancer(Catalogue([calls]), [source], tmp_path / "out")[1] == 1
    assert lancer(Catalogue([calls]), [source], tmp_path / "out")[1] == 0
    chemin.write_text(chemin.read_text(encoding="utf-8") + "# relu\n", "utf-8")
    assert lancer(Catalogue([calls]), [source], tmp_path / "out")[1] == 1


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"ce n'est pas une base", b"", None])
def test_a_damaged_state_is_made_again(lot: Path, catalogue: Catalogue, tmp_path: Path, damage: bytes | None) -> None:
    lancer(catalogue, [lot], tmp_path / "out")
    first = contenu(tmp_path / "out")
    etat = tmp_path / "out" / ".aap-xl" / "etat.sqlite"
    if damage is None:
        content = bytearray(etat.read_bytes())
        content[2000 : len(content) // 2] = bytes(len(content) // 2 - 2000)
        etat.write_bytes(content)
    else:
        etat.write_bytes(damage * 99)
    lancer(catalogue, [lot], tmp_path / "out")
    assert contenu(tmp_path / "out") == first


# --- the output folder


@pytest.mark.parametrize("nom", ["synthese.xlsx", "journal.jsonl", "tables/notes.txt"])
def test_files_that_are_not_ours_are_never_replaced(lot: Path, catalogue: Catalogue, tmp_path: Path, nom: str) -> None:
    cible = tmp_path / "out" / nom
    cible.parent.mkdir(parents=True)
    cible.write_text("à garder")
    with pytest.raises(ConsolidationImpossible, match="ne vient pas d'une consolidation"):
        lancer(catalogue, [lot], tmp_path / "out")
    assert cible.read_text() == "à garder"
    assert sorted(item.name for item in (tmp_path / "out").iterdir()) == [nom.split("/", maxsplit=1)[0]]


def test_a_file_added_among_our_tables_is_never_lost(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    lancer(catalogue, [lot], tmp_path / "out")
    (tmp_path / "out" / "tables" / "notes.txt").write_text("à garder")
    with pytest.raises(ConsolidationImpossible, match="ne vient pas d'une consolidation"):
        lancer(catalogue, [lot], tmp_path / "out")
    assert (tmp_path / "out" / "tables" / "notes.txt").read_text() == "à garder"


def test_the_output_must_be_a_folder_whose_parent_exists(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(ConsolidationImpossible, match="est un fichier"):
        lancer(catalogue, [lot], lot / "autre.xlsx")
    with pytest.raises(ConsolidationImpossible, match="n'existe pas"):
        lancer(catalogue, [lot], tmp_path / "absent" / "out")


@pytest.mark.parametrize("fails", range(6))
def test_an_exchange_that_fails_leaves_the_former_output(
    lot: Path, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    out = tmp_path / "out"
    lancer(catalogue, [lot], out)
    first = contenu(out)
    (lot / "autre.xlsx").unlink()
    real, calls = Path.rename, iter(range(99))

    def rename(self: Path, target: Path) -> Path:
        if next(calls) == fails:
            raise PermissionError(13, "ouvert dans un tableur", str(target))
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(ConsolidationImpossible, match=r"fermez-le.*est intact") as refusal:
            lancer(catalogue, [lot], out)
    nom = ("tables", "journal.jsonl", "synthese.xlsx")[fails // 2]
    assert str(refusal.value).startswith(f"« {out / nom} » ne peut pas être remplacé")
    assert contenu(out) == first
    lancer(catalogue, [lot], out)
    assert "autre.xlsx" not in _etats(out)


@pytest.mark.parametrize("stops", range(6))
def test_an_exchange_killed_in_the_middle_is_mended(
    lot: Path, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops: int
) -> None:
    out = tmp_path / "out"
    lancer(catalogue, [lot], out)
    first = contenu(out)
    real, calls = Path.rename, iter(range(99))

    class Tue(BaseException):
        pass

    def rename(self: Path, target: Path) -> Path:
        if next(calls) == stops:
            raise Tue
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        patch.setattr(output.Output, "_oublier", lambda _: None)
        with pytest.raises((Tue, FileExistsError)):
            lancer(catalogue, [lot], out)
    output.Output(out).reparer()
    assert contenu(out) == first


@pytest.mark.slow
def test_two_runs_do_not_write_the_same_output(lot: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "out"
    lancer(catalogue, [lot], out)
    first = contenu(out)
    base = sqlite3.connect(out / ".aap-xl" / "etat.sqlite")
    base.execute("PRAGMA locking_mode=EXCLUSIVE")
    base.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ConsolidationImpossible, match="une autre consolidation"):
        lancer(catalogue, [lot], out)
    base.close()
    assert contenu(out) == first


# --- nothing nominative, nothing executed


@pytest.mark.usefixtures("vraie_synthese")
def test_nothing_typed_in_free_text_is_found_in_any_output(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    secrets = [f"SECRET-{n}" for n in range(20)]
    take: Callable[[], str] = iter(secrets).__next__
    person = personne(
        take(), nom=take(), naissance=dt.date(1971, 3, 9), prenom=take(), action=take(), precision=take(),
        motif_classe=take(), valide_par=take(),
    )  # fmt: skip
    tables = {
        "charges": [{"code": "SECRET-planned", "poste": "fonctionnement", "libelle": take(), "prevu": Decimal(10)}],
        "personnel": [{"code": take(), "salarie": take(), "brut": Decimal(10), "quotite": Decimal(1)}],
        "depenses": [
            envois.depense("5.00", document=take(), fournisseur=take(), objet=take(), motif_decision=take()),
            envois.depense("6.00", ligne_budget=take()),
            envois.depense("7.00", ligne_budget="SECRET-planned"),
        ],
    }
    octets = classeur(
        appel33, [person], tables, intitule=take(), convention=f"pour {take()} !", referent=take(), siret="SECRET"
    )
    lancer(catalogue, [deposer(tmp_path / "in", {"a.xlsx": octets})], tmp_path / "out")
    written = str(contenu(tmp_path / "out"))
    for chemin in (tmp_path / "out").rglob("*"):
        written += chemin.read_bytes().decode("latin-1") if chemin.is_file() else ""
    with zipfile.ZipFile(tmp_path / "out" / "synthese.xlsx") as archive:
        written += "".join(archive.read(nom).decode("latin-1") for nom in archive.namelist())
    assert "SECRET" not in written
    for day in ("1971-03-09", "09/03/1971", "datetime.date(1971, 3, 9)"):
        assert day not in written
    assert [row["ligne_budget"] for row in table(tmp_path / "out", "depenses")] == [None, None, "Charges, ligne 5"]


@pytest.mark.parametrize(
    ("numero", "garde"),
    [("2025-Exemple", None), ("EXEMPLE 2025/12", None), ("2025 Zoé3", None), ("CONV 2025-12", "CONV 2025-12")],
)
def test_a_convention_number_that_names_someone_is_none(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path, numero: str, garde: str | None
) -> None:
    octets = classeur(appel33, [personne("A1", nom="D'Exemple", prenom="Zoé")], convention=numero)
    lancer(catalogue, [deposer(tmp_path / "in", {"a.xlsx": octets})], tmp_path / "out")
    (row,) = table(tmp_path / "out", "operations")
    assert row["convention"] == garde
    assert not any(nom in str(contenu(tmp_path / "out")).casefold() for nom in ("exemple", "zoé", "zoe"))


def test_a_call_that_the_file_invents_is_not_quoted(appel33: Appel, catalogue: Catalogue, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fabrique.classeur(appel33, proprietes=False)))
    book["Listes"]["B1"] = "EXEMPLE DURAND, née en 1990"
    buffer = io.BytesIO()
    book.save(buffer)
    lancer(catalogue, [deposer(tmp_path / "in", {"a.xlsx": buffer.getvalue()})], tmp_path / "out")
    (row,) = table(tmp_path / "out", "fichiers")
    assert row["etat"] == "refusé"
    assert row["motif"].startswith("« a.xlsx » : l'appel à projets indiqué est inconnu"), row["motif"]
    assert "DURAND" not in str(contenu(tmp_path / "out"))
    for chemin in (tmp_path / "out").rglob("*"):
        assert chemin.is_dir() or b"DURAND" not in chemin.read_bytes(), chemin


def test_the_sheet_of_an_anomaly_is_named_only_if_it_is_ours(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(classeur(appel33)))
    book.create_sheet("EXEMPLE-DURAND")
    book["Participants"].cell(4, 60).value = "EXEMPLE-DURAND"
    buffer = io.BytesIO()
    book.save(buffer)
    lancer(catalogue, [deposer(tmp_path / "in", {"a.xlsx": buffer.getvalue()})], tmp_path / "out")
    rows = table(tmp_path / "out", "anomalies")
    assert {"F03", "F04"} <= {row["code"] for row in rows}
    assert "EXEMPLE-DURAND" not in str(rows)
    assert {row["feuille"] for row in rows if row["code"] == "F03"} == {None}


@pytest.mark.usefixtures("vraie_synthese")
@pytest.mark.parametrize("texte", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_a_text_that_looks_like_a_formula_stays_a_text(
    appel33: Appel, catalogue: Catalogue, tmp_path: Path, texte: str
) -> None:
    octets = fabrique.classeur(
        appel33,
        fabrique.operation_type(appel33) | {"porteur": fabrique.Brut(texte)},
        {"participants": [personne("C1")]},
        options={"strings_to_formulas": False},
    )
    lancer(catalogue, [deposer(tmp_path / "in", {"a.xlsx": octets})], tmp_path / "out")
    (operation,) = table(tmp_path / "out", "operations")
    assert operation["porteur"] == texte.strip()
    with zipfile.ZipFile(tmp_path / "out" / "synthese.xlsx") as archive:
        sheets = "".join(archive.read(nom).decode() for nom in archive.namelist() if "worksheets/sheet" in nom)
    assert f"<f>{texte.strip()[1:]}" not in sheets
