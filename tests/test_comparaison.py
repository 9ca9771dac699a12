"""Two versions of a dossier: what changed is found by the rows' codes, whatever their order, and nothing else is."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import generator
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from versions import JOUR, avec, en_memoire, fichier, lu

from aap_xl.anomalies import Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.desk.anomalies import Sort
from aap_xl.desk.comparaison import Comparaison, DossiersIncomparables, Etat, comparer
from aap_xl.desk.comparaison_sheet import ANOMALIES, CELLULES, LIGNES, MONTANTS, RESUME, octets
from aap_xl.faces.commands.comparer import _extrait
from aap_xl.workbook import layout

D = Decimal
APPELS = Catalogue()
PEU = settings(max_examples=25)


def source(seed: int, code: str = "3.3") -> generator.Dossier:
    return generator.dossier(APPELS.get(code), seed, taille=8)


def edite(dossier: generator.Dossier, seed: int) -> generator.Dossier:
    """Another version: a few rows dropped, added, changed; a few lines of the form too."""
    rng = Random(seed)  # noqa: S311
    tables = deepcopy(dossier.tables)
    for rows in tables.values():
        for _ in range(rng.randrange(3)):
            if rows:
                change = rng.choice(("drop", "copy", "blank", "shuffle"))
                index = rng.randrange(len(rows))
                if change == "drop":
                    del rows[index]
                elif change == "copy":
                    rows.insert(rng.randrange(len(rows)), dict(rows[index]))
                elif change == "shuffle":
                    rng.shuffle(rows)
                else:
                    rows[index][rng.choice(list(rows[index]))] = None
    operation = dossier.operation | {"subvention_votee": rng.choice((None, D("1000"), D("45000")))}
    return replace(dossier, tables=tables, operation=operation)


def changes(found: Comparaison) -> list[Any]:
    """Every change of cells, without the rows' numbers."""
    shown = [(c.champ, c.avant, c.apres) for c in found.operation]
    return [
        *shown,
        *((i.table, i.cle, i.etat, [(c.champ, c.avant, c.apres) for c in i.cellules]) for i in found.lignes),
    ]


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["3.3", "3.7"])
@PEU
@given(seed=st.integers(0, 10**6))
@pytest.mark.slow
def test_a_dossier_compared_with_itself_has_not_changed(code: str, seed: int) -> None:
    found = comparer(en_memoire(source(seed, code)), en_memoire(source(seed, code)))
    assert found.identiques
    assert (found.operation, found.lignes, found.avertissements) == ((), (), ())
    assert all(item.difference in (None, 0) for item in found.montants)
    assert all(item.demeure for item in found.anomalies)


@PEU
@given(seed=st.integers(0, 10**6), edit=st.integers(0, 10**6))
@pytest.mark.slow
def test_the_other_way_round_added_is_removed_and_before_is_after(seed: int, edit: int) -> None:
    first, second = source(seed), edite(source(seed), edit)
    there, back = comparer(en_memoire(first), en_memoire(second)), comparer(en_memoire(second), en_memoire(first))
    swapped = {Etat.AJOUTEE: Etat.RETIREE, Etat.RETIREE: Etat.AJOUTEE, Etat.MODIFIEE: Etat.MODIFIEE}
    for etat, other in swapped.items():
        mine = [i for i in there.lignes if i.etat is etat]
        theirs = [i for i in back.lignes if i.etat is other]
        assert sorted((i.table, len(i.cellules)) for i in mine) == sorted((i.table, len(i.cellules)) for i in theirs)
    cells = {(c.champ, c.avant, c.apres) for i in there.lignes for c in i.cellules}
    assert cells == {(c.champ, c.apres, c.avant) for i in back.lignes for c in i.cellules}
    assert [i.difference and -i.difference for i in there.montants] == [i.difference for i in back.montants]
    sorts = {Sort.RESOLUE: Sort.NOUVELLE, Sort.NOUVELLE: Sort.RESOLUE, Sort.DEMEURE: Sort.DEMEURE}
    for sort, contrary in sorts.items():
        mine_codes = sorted(i.anomalie.code for i in there.anomalies if i.sort is sort)
        assert mine_codes == sorted(i.anomalie.code for i in back.anomalies if i.sort is contrary)


@PEU
@given(seed=st.integers(0, 10**6), order=st.integers(0, 10**6))
@pytest.mark.slow
def test_the_order_of_rows_changes_no_cell(seed: int, order: int) -> None:
    first = source(seed)
    rng = Random(order)  # noqa: S311
    tables = {nom: rng.sample(rows, len(rows)) for nom, rows in first.tables.items()}
    found = comparer(en_memoire(first), en_memoire(replace(first, tables=tables)))
    assert changes(found) == []


@PEU
@given(seed=st.integers(0, 10**6), edit=st.integers(0, 10**6))
@pytest.mark.slow
def test_rows_kept_added_and_removed_make_both_versions(seed: int, edit: int) -> None:
    first, second = source(seed), edite(source(seed), edit)
    found = comparer(en_memoire(first), en_memoire(second))
    for table, rows in first.tables.items():
        added = sum(i.table == table and i.etat is Etat.AJOUTEE for i in found.lignes)
        removed = sum(i.table == table and i.etat is Etat.RETIREE for i in found.lignes)
        assert len(rows) - removed == len(second.tables[table]) - added


# --- named cases -----------------------------------------------------------------------------------------------------

GENS = [{"code": f"E{n:02}", "nom": "EXEMPLE", "prenom": f"Inventé {n}", "mds": "boulonnais"} for n in (1, 2, 3)]
FRAIS = [
    {"document": "FA-1", "ligne_budget": "F1", "montant": D(100), "fournisseur": "EXEMPLE Papeterie"},
    {"document": "FA-1", "ligne_budget": "F2", "montant": D(50), "fournisseur": "EXEMPLE Papeterie"},
    {"document": "FA-2", "ligne_budget": "F1", "montant": D(30)},
]
SEMAINES = [
    {"participant": "E01", "semaine": date(2025, 9, 1), "travail": D(8)},
    {"participant": "E01", "semaine": date(2025, 9, 8), "travail": D(9)},
    {"participant": "E02", "semaine": date(2025, 9, 1), "travail": D(10)},
]


def voir(table: str, avant: list[dict[str, Any]], apres: list[dict[str, Any]], code: str = "3.7") -> list[Any]:
    base = generator.Dossier(APPELS.get(code), {}, {}, JOUR)
    found = comparer(en_memoire(avec(base, table, avant)), en_memoire(avec(base, table, apres)))
    return [(i.cle, str(i.etat), [(c.champ, c.avant, c.apres) for c in i.cellules]) for i in found.lignes]


def modifie(rows: list[dict[str, Any]], index: int, **valeurs: Any) -> list[dict[str, Any]]:
    return [row | valeurs if rank == index else row for rank, row in enumerate(rows)]


CAS: dict[str, tuple[str, list[Any], list[Any], list[Any]]] = {
    "a row inserted above moves nobody": (
        "participants",
        GENS[1:],
        GENS,
        [("E01", "ajoutée", ["code", "nom", "prenom", "mds"])],
    ),
    "the code's case is a change of that cell, not another person": (
        "participants",
        GENS,
        modifie(GENS, 1, code="e02"),
        [("e02", "modifiée", [("code", "E02", "e02")])],
    ),
    "another code is another person": (
        "participants",
        GENS[:1],
        modifie(GENS[:1], 0, code="E09"),
        [
            ("E09", "ajoutée", ["code", "nom", "prenom", "mds"]),
            ("E01", "retirée", ["code", "nom", "prenom", "mds"]),
        ],
    ),
    "a yes, a date and a choice are shown as on the sheet": (
        "participants",
        GENS[:1],
        modifie(GENS[:1], 0, brsa=True, date_entree=date(2025, 4, 1), mds="calaisis"),
        [
            (
                "E01 · 01/04/2025",
                "modifiée",
                [("mds", "Boulonnais", "Calaisis"), ("brsa", "", "Oui"), ("date_entree", "", "01/04/2025")],
            )
        ],
    ),
    "of two rows of one code, the one that changed": (
        "participants",
        [GENS[0], GENS[0] | {"prenom": "Autre"}],
        [GENS[0] | {"prenom": "Autre", "nom": "EXEMPLE-X"}, GENS[0]],
        [("E01", "modifiée", [("nom", "EXEMPLE", "EXEMPLE-X")])],
    ),
    "rows without a code go by what they hold, then by position": (
        "participants",
        [{"nom": "EXEMPLE A"}, {"nom": "EXEMPLE B"}, {"nom": "EXEMPLE C"}],
        [{"nom": "EXEMPLE C"}, {"nom": "EXEMPLE A"}, {"nom": "EXEMPLE D"}],
        [("sans code", "modifiée", [("nom", "EXEMPLE B", "EXEMPLE D")])],
    ),
    "one document on two budget lines is two rows": (
        "depenses",
        FRAIS,
        modifie(FRAIS, 1, montant=D(51)),
        [("FA-1 · F2", "modifiée", [("montant", "50,00 €", "51,00 €")])],
    ),
    "an expense whose budget line was corrected is the same expense": (
        "depenses",
        FRAIS,
        modifie(FRAIS, 2, ligne_budget="F2"),
        [("FA-2 · F2", "modifiée", [("ligne_budget", "F1", "F2")])],
    ),
    "a supplier, who may be a person, names no row": (
        "depenses",
        FRAIS[:1],
        modifie(FRAIS[:1], 0, fournisseur="EXEMPLE Durand"),
        [("FA-1 · F1", "modifiée", [("fournisseur", "EXEMPLE Papeterie", "EXEMPLE Durand")])],
    ),
    "a week is that of a person": (
        "heures",
        SEMAINES,
        [SEMAINES[2], SEMAINES[1] | {"travail": D("9.5")}, SEMAINES[0]],
        [("E01 · 08/09/2025", "modifiée", [("travail", "9", "9,5")])],
    ),
    "a planned line removed": (
        "charges",
        [{"code": "F1", "prevu": D(10)}],
        [],
        [("F1", "retirée", ["code", "prevu"])],
    ),
    "the same amount, typed with more zeros": (
        "charges",
        [{"code": "F1", "prevu": D("10")}],
        [{"code": "F1", "prevu": D("10.00")}],
        [],
    ),
}


@pytest.mark.parametrize("nom", CAS)
def test_which_row_is_which(nom: str) -> None:
    table, avant, apres, attendu = CAS[nom]
    found = [
        (cle, etat, cells if etat == "modifiée" else [champ for champ, _, _ in cells])
        for cle, etat, cells in voir(table, avant, apres)
    ]
    assert found == attendu


def test_an_anomaly_that_moved_still_stands() -> None:
    """A row inserted above: the same anomaly at another address; corrected: solved; a new fault: new."""
    base = generator.Dossier(APPELS.get("3.7"), {}, {}, JOUR)
    wrong = {"date_entree": date(2025, 5, 1), "date_sortie": date(2025, 4, 1)}
    before = avec(base, "participants", [GENS[0] | wrong, GENS[1] | wrong])
    after = avec(base, "participants", [GENS[2] | wrong, GENS[0] | wrong, GENS[1]])
    found = comparer(en_memoire(before), en_memoire(after))
    seen = [(str(i.sort), str(i.anomalie.cell), i.adresse_avant) for i in found.anomalies if i.anomalie.code == "P03"]
    column = seen[0][1].split("!")[1].rstrip("0123456789")
    assert seen == [
        ("résolue", f"Participants!{column}6", ""),
        ("nouvelle", f"Participants!{column}5", ""),
        ("demeure", f"Participants!{column}6", f"Participants!{column}5"),
    ]


def test_amounts_by_category_and_what_is_due() -> None:
    base = generator.Dossier(
        APPELS.get("3.7"),
        {"date_debut": date(2025, 3, 1), "date_fin": date(2026, 2, 28), "subvention_votee": D(5000), "avance": D(100)},
        {"charges": [{"code": "F1", "poste": "fonctionnement", "prevu": D(1000)}]},
        JOUR,
    )
    spent = {"document": "A", "ligne_budget": "F1", "justificatif": True, "date_piece": date(2025, 5, 5)}
    before, after = (avec(base, "depenses", [spent | {"montant": D(n)}]) for n in (300, 1200))
    amounts = {
        i.cle: (i.avant, i.apres, i.difference) for i in comparer(en_memoire(before), en_memoire(after)).montants
    }
    assert amounts["prevu.total"] == (D(1200), D(1200), D(0))
    assert amounts["depense.fonctionnement"] == (D(300), D(1200), D(900))
    assert amounts["retenu.fonctionnement"] == (D(300), D(1000), D(700))
    assert amounts["retenu.indirectes"] == (D(60), D(200), D(140))
    assert amounts["due"] == (D(360), D(1200), D(840))
    assert amounts["solde"] == (D(260), D(1100), D(840))


# --- real files ------------------------------------------------------------------------------------------------------


Aap = Callable[..., tuple[int, str, str]]
EXEMPLE = Path(__file__).parents[1] / "workbooks" / "2025-3.3-exemple.xlsx"


def retouche(cible: Path, change: Callable[[Any], None]) -> Path:
    """The sample, edited and saved by another program."""
    book = openpyxl.load_workbook(EXEMPLE)
    change(book)
    book.save(cible)
    return cible


def en_majuscules(book: Any) -> None:
    for feuille in ("Participants", "Dépenses", "Charges"):
        for cell in book[feuille][layout.ENTETES]:
            cell.value = cell.value and cell.value.upper()


def dates_en_texte(book: Any) -> None:
    for row in book["Dépenses"].iter_rows(min_row=layout.DONNEES):
        for cell in row:
            if hasattr(cell.value, "strftime"):
                cell.value = f"{cell.value:%d/%m/%Y}"


@pytest.mark.parametrize("change", [en_majuscules, dates_en_texte])
@pytest.mark.slow
def test_headers_in_capitals_and_dates_as_text_change_nothing(tmp_path: Path, change: Callable[[Any], None]) -> None:
    same = retouche(tmp_path / "meme.xlsx", lambda _: None)
    other = retouche(tmp_path / "autre.xlsx", change)
    found = comparer(lu(same), lu(other))
    assert changes(found) == []
    assert all(item.difference in (None, 0) for item in found.montants)
    new = [item.anomalie for item in found.anomalies if not item.demeure]
    assert all(item.gravite is Gravite.INFORMATION or item.code == "F10" for item in new)


@pytest.mark.slow
def test_what_could_not_be_read_is_shown_as_typed(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Dépenses"]["B5"] = "hier matin"

    found = comparer(lu(EXEMPLE), lu(retouche(tmp_path / "a.xlsx", change)))
    [ligne] = found.lignes
    [cell] = ligne.cellules
    assert (cell.apres, cell.cellule_apres) == ("hier matin (illisible)", "Dépenses!B5")
    assert [item.anomalie.code for item in found.anomalies if item.sort is Sort.NOUVELLE] == ["F05"]
    again = comparer(lu(tmp_path / "a.xlsx"), lu(tmp_path / "a.xlsx"))
    assert again.identiques


PIEGES = ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"]


@pytest.fixture
def versions(tmp_path: Path, appel37: Appel) -> tuple[Path, Path]:
    """Two versions of one dossier; the second holds texts that look like formulas."""
    old = fichier(tmp_path / "ancien.xlsx", appel37, {"subvention_votee": D(1000)}, {"participants": GENS})
    rows = [{"code": f"Z{n}", "nom": text, "prenom": "EXEMPLE"} for n, text in enumerate(PIEGES)]
    form = {"subvention_votee": D(2000), "referent": PIEGES[0]}
    return old, fichier(tmp_path / "nouveau.xlsx", appel37, form, {"participants": [*GENS[1:], *rows]})


def test_on_screen(aap: Aap, versions: tuple[Path, Path]) -> None:
    code, out, err = aap("comparer", *versions, "--date", "20/03/2026")
    assert (code, err) == (1, "")
    for words in ("Opération : 2 champs modifiés", "1 000,00 €", "Participants : 7 lignes", "ligne retirée", "Z0"):
        assert words in out
    assert "Subvention votée" in out
    assert "+1 000,00 €" in out
    assert "anomalies nouvelles" in out


@pytest.mark.parametrize(
    ("texte", "debut", "extrait"),
    [
        ("", 0, "(vide)"),
        ("a" * 160, 100, "a" * 160),
        ("a" * 161, 0, f"{'a' * 160}…"),
        ("a" * 100 + "b" * 400, 100, f"…{'a' * 20}{'b' * 140}…"),
        ("a" * 1000, 1000, f"…{'a' * 160}"),
    ],
)
def test_a_long_text_is_shown_from_what_changes(texte: str, debut: int, extrait: str) -> None:
    assert _extrait(texte, debut) == extrait


def test_nothing_changed_is_one_sentence(aap: Aap) -> None:
    code, out, _ = aap("comparer", EXEMPLE, EXEMPLE, "--date", "20/01/2026")
    assert code == 0
    assert "Aucun changement" in out


def test_json(aap: Aap, versions: tuple[Path, Path]) -> None:
    _, out, err = aap("comparer", *versions, "--json", "--date", "20/03/2026")
    found = json.loads(out)
    assert err == ""
    assert (found["schema"], found["identiques"], found["ancien"]) == (1, False, "ancien.xlsx")
    assert {item["champ"]: (item["avant"], item["apres"]) for item in found["operation"]} == {
        "subvention_votee": ("1 000,00 €", "2 000,00 €"),
        "referent": ("", PIEGES[0]),
    }
    assert [item["cle"] for item in found["lignes"] if item["etat"] == "retirée"] == ["E01"]
    votee = next(item for item in found["montants"] if item["cle"] == "votee")
    assert (votee["avant"], votee["apres"], votee["difference"]) == ("1000.00", "2000.00", "1000.00")
    assert {item["sort"] for item in found["anomalies"]} <= {"résolue", "nouvelle", "demeure"}


def test_the_workbook_is_flat_and_holds_no_formula(aap: Aap, versions: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "comparaison.xlsx"
    code, out, _ = aap("comparer", *versions, "--sortie", target, "--date", "20/03/2026")
    assert code == 1
    assert str(target) in out
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [RESUME, LIGNES, CELLULES, MONTANTS, ANOMALIES]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = {cell.value: cell for cell in cells if isinstance(cell.value, str)}
    assert all(texts[text.strip()].quotePrefix for text in PIEGES if text.strip() != "x")
    for sheet in book.worksheets[1:]:
        [table] = sheet.tables.values()
        assert table.ref.startswith("A4:")
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A5", "$4:$4")
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert not sheet.merged_cells.ranges
    assert octets(comparer(*map(lu, versions))) == octets(comparer(*map(lu, versions)))


def test_two_calls_are_not_compared(aap: Aap, versions: tuple[Path, Path]) -> None:
    code, out, err = aap("comparer", versions[0], EXEMPLE)
    assert (code, out) == (2, "")
    assert "ils ne se comparent pas" in err
    with pytest.raises(DossiersIncomparables):
        comparer(lu(versions[0]), lu(EXEMPLE))


def test_another_siret_is_a_warning(aap: Aap, versions: tuple[Path, Path], tmp_path: Path, appel37: Appel) -> None:
    other = fichier(tmp_path / "autre.xlsx", appel37, {"siret": "12345678200002"})
    code, out, err = aap("comparer", versions[0], other, "--date", "20/03/2026")
    assert code == 1
    assert "« SIRET » diffère (78467169500103 / 12345678200002)" in err
    assert "champ" in out


@pytest.mark.parametrize("rang", [0, 1])
def test_neither_version_is_replaced(aap: Aap, versions: tuple[Path, Path], rang: int) -> None:
    before = versions[rang].read_bytes()
    code, _, err = aap("comparer", *versions, "--sortie", versions[rang], "--forcer")
    assert code == 2
    assert "est un classeur à lire" in err
    assert versions[rang].read_bytes() == before


def test_a_missing_version_is_one_sentence(aap: Aap, tmp_path: Path) -> None:
    code, _, err = aap("comparer", EXEMPLE, tmp_path / "absent.xlsx")
    assert code == 2
    assert "est introuvable" in err
