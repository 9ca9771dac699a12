"""A workbook open in Excel gives what its file gives, and what is written in it stays what was meant."""

import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moteur
import openpyxl
import pytest
from generator import dossier
from hote import Hote
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import a1, column_letter, zone_a1
from aap_xl.domain.sorties import classe_sortie
from aap_xl.dossier import Dossier
from aap_xl.faces.live import verbs
from aap_xl.hosts import results
from aap_xl.hosts.computed import Retabli, as_in_a_file, retablir
from aap_xl.hosts.drawing import Bande, dessiner
from aap_xl.hosts.excel.reading import merged, snapshot
from aap_xl.hosts.excel.replay import replay, writing
from aap_xl.hosts.gestures import Add, Clear, Fit, Height, Look, Merge
from aap_xl.hosts.received import received
from aap_xl.hosts.rectangles import rectangles
from aap_xl.hosts.snapshot import Snapshot
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.values import Valeur
from aap_xl.workbook.paper.grid import Grid, style
from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.opening import feuilles
from aap_xl.workbook.reading.xlsx import book as xlsx_book
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.controle_sheet import ENTETES
from aap_xl.workbook.writing.workbooks import actualiser, remplir

RACINE = Path(__file__).parent.parent
JOUR = dt.date(2025, 11, 22)
FICHIERS = [
    RACINE / "workbooks" / "2025-3.3-exemple.xlsx",
    RACINE / "workbooks" / "2025-3.7-exemple.xlsx",
    RACINE / "workbooks" / "2025-3.3-vierge.xlsx",
    RACINE / "tests" / "workbooks" / "pieges-libreoffice.xlsx",
]


def engendre(appel: Appel, seed: int, taille: int = 40) -> bytes:
    """A generated dossier as a file whose computed cells hold their values."""
    case = dossier(appel, seed, taille)
    octets = remplir(build(appel, {}, aujourdhui=case.aujourdhui), case.operation, case.tables, appel)
    return actualiser(octets, Dossier.lire(Path("engendré.xlsx"), octets=octets, aujourdhui=case.aujourdhui).donnees)


def vivant(octets: bytes, le: dt.date = JOUR) -> tuple[Any, Snapshot, Dossier]:
    """The workbook open in the test engine, its sheets, and what is read of them."""
    book = moteur.ouvrir(octets, "/dossiers/suivi.xlsx")
    book.impl.deproteger(layout.CONTROLE, layout.BILAN)
    lues = snapshot(book)
    return book, lues, Dossier.ouvert(lues, aujourdhui=le)


def change(octets: bytes, edit: Callable[[openpyxl.Workbook], Any]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(octets))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def classeur(edit: Callable[[Any], None]) -> bytes:
    """A workbook of one sheet « F »."""

    def first(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.title = "F"
        edit(sheet)

    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return change(stream.getvalue(), first)


def _lignes(found: Dossier) -> list[tuple[Any, ...]]:
    """Every row: where it stands, what it says, what its computed columns show."""
    rows = [found.donnees.operation, *(row for rows in found.donnees.tables.values() for row in rows)]
    return [
        (row.origin.feuille, row.ligne, row.origin.lignes, row.origin.colonnes, row.illisibles, dict(row.valeurs()))
        for row in rows
    ]


def _classes(found: Dossier) -> list[Any]:
    classes = (classe_sortie(person, found.appel) for person in found.donnees.participants)
    return [(item.classe, item.forcee, item.raison) for item in classes]


def _meme_dossier(octets: bytes, le: dt.date) -> Dossier:
    ferme = Dossier.lire(Path("suivi.xlsx"), octets=octets, aujourdhui=le)
    ouvert = vivant(octets, le)[2]
    assert Counter(map(repr, ouvert.anomalies)) == Counter(map(repr, ferme.anomalies))
    assert ouvert.tableaux == ferme.tableaux
    assert _lignes(ouvert) == _lignes(ferme)
    assert _classes(ouvert) == _classes(ferme)
    assert ouvert.donnees.ecartees == ferme.donnees.ecartees
    return ouvert


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda path: path.stem)
@pytest.mark.slow
def test_an_open_workbook_and_its_file_tell_the_same(fichier: Path) -> None:
    ouvert = _meme_dossier(fichier.read_bytes(), JOUR)
    assert ouvert.anomalies or "vierge" in fichier.stem


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("code", ["3.3", "3.7"])
@pytest.mark.slow
def test_a_generated_dossier_too(catalogue: Catalogue, code: str, seed: int) -> None:
    appel = catalogue.get(code, 2025)
    case = dossier(appel, seed, 40)
    ouvert = _meme_dossier(engendre(appel, seed), case.aujourdhui)
    assert len(ouvert.donnees.participants) > 30


@pytest.mark.slow
def test_names_are_read_only_when_a_computed_cell_was_typed_over() -> None:
    octets = FICHIERS[0].read_bytes()
    book, lues, _ = vivant(octets)
    assert lues.noms_definis == {}
    assert not book.impl.journal["lire refers_to"]
    ferme = xlsx_book.Book(reconnaitre(octets).parties, lambda *_: None).noms_definis
    assert snapshot(book).noms_definis == {k: v for k, v in ferme.items() if not k.startswith("_xlnm.")}

    cell = synthese.cellules(Dossier.lire(FICHIERS[0]).appel)[3]
    typed = change(octets, lambda edited: edited[cell.feuille].cell(cell.ligne, cell.colonne, 12))
    found = _meme_dossier(typed, JOUR)
    assert ("F09", f"{cell.feuille}!{a1(cell.ligne, cell.colonne)}") in [(a.code, str(a.cell)) for a in found.anomalies]


@pytest.mark.slow
def test_a_formula_that_nobody_computed_is_the_only_difference() -> None:
    octets = (RACINE / "tests" / "workbooks" / "pieges-openpyxl.xlsx").read_bytes()
    ferme = Dossier.lire(Path("suivi.xlsx"), octets=octets, aujourdhui=JOUR)
    gone = Counter(map(repr, ferme.anomalies)) - Counter(map(repr, vivant(octets)[2].anomalies))
    assert {item.code for item in ferme.anomalies if repr(item) in gone} == {"F08"}


VALEURS = {
    "texte": "Dupont-Exemple",
    "nombre": 12.5,
    "entier": 3,
    "date": dt.date(2025, 3, 1),
    "moment": dt.datetime(2025, 3, 1, 14, 30),  # noqa: DTZ001
    "heure": dt.time(7, 30),
    "durée": dt.timedelta(hours=36, minutes=15),
    "vrai": True,
    "faux": False,
    "comme une formule": "'=1+1",
}


@pytest.mark.parametrize("valeur", VALEURS.values(), ids=VALEURS)
@pytest.mark.parametrize("place", ["A1", "C4"])
def test_every_kind_of_value_is_read_as_in_the_file_at_the_same_address(valeur: Any, place: str) -> None:
    def edit(sheet: Any) -> None:
        sheet[place] = valeur
        sheet[place].data_type = "s" if isinstance(valeur, str) else sheet[place].data_type
        sheet["D6"] = "fin"

    octets = classeur(edit)
    assert snapshot(moteur.ouvrir(octets)).rows("F") == feuilles(reconnaitre(octets)).rows("F")


@pytest.mark.parametrize("mac", [False, True])
@pytest.mark.parametrize("erreur", ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_is_an_error_on_both_systems(erreur: str, mac: bool) -> None:
    def edit(sheet: Any) -> None:
        sheet["B2"] = erreur
        sheet["B3"] = "fin"

    book = moteur.ouvrir(classeur(edit))
    book.impl.app.mac = mac
    lues = snapshot(book)
    assert lues.marks("F").erreurs == {(2, 2): erreur}
    assert lues.rows("F")[1] == ["", ""]


def test_an_error_that_xlwings_does_not_know_is_one_too() -> None:
    book = moteur.ouvrir(classeur(lambda sheet: sheet.append(["x", "y"])))
    book.impl.feuilles[0].valeurs[1, 2] = -2146826243
    assert snapshot(book).marks("F").erreurs == {(1, 2): "#ERREUR"}


def test_an_amount_in_euros_is_a_number() -> None:
    def edit(sheet: Any) -> None:
        sheet["A1"] = 1234.56
        sheet["A1"].number_format = '#,##0.00 "€"'

    assert snapshot(moteur.ouvrir(classeur(edit))).rows("F") == [[1234.56]]


def test_hidden_sheets_are_read_and_chart_sheets_are_not() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for nom, state in (("cachée", "hidden"), ("très cachée", "veryHidden")):
            sheet = book.create_sheet(nom)
            sheet["A1"], sheet.sheet_state = nom, state
        book.create_chartsheet("graphique").add_chart(BarChart())

    lues = snapshot(moteur.ouvrir(change(classeur(lambda sheet: None), edit)))
    assert lues.noms == ["F", "cachée", "très cachée"]
    assert lues.rows("très cachée") == [["très cachée"]]


def test_tables_totals_hidden_rows_formulas_and_notes_are_those_of_the_file() -> None:
    nir = "1 85 05 78 006 084 91"

    def edit(sheet: Any) -> None:
        for row in (["a", "b"], [1, "=A2*2"], [2, None], [3, "x"]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.add_table(Table(displayName="t", ref="A1:B3"))
        sheet.tables["t"].totalsRowCount = 1
        sheet["A2"].comment = Comment(f"voir {nir}", "x")
        sheet["A3"].comment = Comment("rien", "x")

    octets = classeur(edit)
    ouvertes, fermees = snapshot(moteur.ouvrir(octets)), feuilles(reconnaitre(octets))
    for nom in ("formules", "fusions", "masquees", "plages", "totaux", "erreurs"):
        assert getattr(ouvertes.marks("F"), nom) == getattr(fermees.marks("F"), nom)
    assert [(f.code, f.cell) for f in ouvertes.notes("F")] == [(f.code, f.cell) for f in fermees.notes("F")]
    assert [str(f.cell) for f in ouvertes.notes("F")] == ["F!A2"]
    assert nir not in repr(ouvertes.notes("F"))


def test_a_far_cell_that_only_has_a_format_is_left_out_and_a_far_value_refused() -> None:
    book = moteur.ouvrir(classeur(lambda sheet: sheet.append(["x", "y"])))
    book.impl.feuilles[0].etendue = (1, 1, 2**20, 2**14)
    assert snapshot(book).rows("F") == [["x", "y"]]
    book.impl.feuilles[0].valeurs[2**20, 3] = "loin"
    with pytest.raises(FichierRefuse, match="remplie jusqu'à la ligne 1048576"):
        snapshot(book).rows("F")


def test_a_text_that_begins_like_a_formula_is_no_formula() -> None:
    def edit(sheet: Any) -> None:
        sheet.append(["=1+1", "=1+1"])
        sheet["A1"].data_type = "s"

    lues = snapshot(moteur.ouvrir(classeur(edit)))
    assert lues.marks("F").formules == {b"B1"}
    assert lues.rows("F")[0][0] == "=1+1"


_ZONES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(1, 4), st.integers(1, 4)).filter(
        lambda z: (z[2], z[3]) != (1, 1)
    ),
    max_size=4,
    unique_by=lambda z: z[:2],
)


@settings(max_examples=60)
@given(_ZONES)
@pytest.mark.slow
def test_merged_cells_are_all_found(zones: list[tuple[int, int, int, int]]) -> None:
    book = moteur.ouvrir(classeur(lambda sheet: sheet.append(["x"])))
    wanted = [(4 * r + 1, 4 * c + 1, 4 * r + h, 4 * c + w) for r, c, h, w in zones]
    book.impl.feuilles[0].fusions = wanted
    book.impl.feuilles[0].etendue = (1, 1, 20, 16)
    assert sorted(merged(book.sheets[0].used_range)) == sorted(wanted)
    if not wanted:
        assert book.impl.journal["lire merge_cells"] == 1


@given(st.sets(st.tuples(st.integers(1, 12), st.integers(1, 6))))
def test_rectangles_cover_the_cells_once_each(cells: set[tuple[int, int]]) -> None:
    zones = rectangles(cells)
    covered = [(r, c) for t, left, b, right in zones for r in range(t, b + 1) for c in range(left, right + 1)]
    assert sorted(covered) == sorted(cells)


def _hote(grid: Grid, octets: bytes | None = None, *bandes: Bande) -> Any:
    """A sheet « F » on which a grid was put."""
    hote = Hote(octets or classeur(lambda sheet: None))
    hote.rejouer(dessiner("F", grid, {sheet.title for sheet in hote.livre.worksheets}, bandes))
    return hote.livre["F"]


def test_a_text_stays_a_text_a_number_a_number_and_a_link_leads_to_its_cell() -> None:
    grid = Grid([10.0] * 6)
    values: list[Valeur] = ["7/19", "=2+2", "01/02/2025", 12.5, dt.date(2025, 3, 1), "K7"]
    for column, value in enumerate(values, 1):
        grid.put(1, column, value, style())
    grid.link(1, 6, "'Feuille \"d'essai\"'!K7")
    sheet = _hote(grid)
    assert [cell.value for cell in sheet[1]] == values
    assert [cell.data_type for cell in sheet[1]] == ["s", "s", "s", "n", "d", "s"]
    assert sheet["F1"].hyperlink.location == "'Feuille \"d'essai\"'!K7"
    book = moteur.ouvrir(classeur(lambda sheet: None))
    replay(book, dessiner("F", grid, {"F"}), lambda _: None)
    assert book.impl.ecrit("F") == [
        [
            "'7/19",
            "'=2+2",
            "'01/02/2025",
            12.5,
            dt.datetime(2025, 3, 1),  # noqa: DTZ001
            '=HYPERLINK("#\'Feuille ""d\'essai""\'!K7","K7")',
        ]
    ]
    assert book.impl.journal["écrire value"] == 1


def test_only_the_columns_of_the_sheet_are_replaced() -> None:
    def notes(sheet: Any) -> None:
        sheet["A9"], sheet["B1"], sheet["C1"], sheet["D40"] = "ancien", "ancien", "vu", "=1+1"
        sheet.merge_cells("A9:B9")
        sheet.merge_cells("C9:D9")

    grid = Grid([10.0] * 2)
    grid.put(1, 1, "Titre", style())
    sheet = _hote(grid, classeur(notes))
    left = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert left == {"A1": "Titre", "C1": "vu", "D40": "=1+1"}
    assert [str(zone) for zone in sheet.merged_cells.ranges] == ["C9:D9"]


def test_a_band_has_one_look_per_column_and_enough_decimals() -> None:
    grid = Grid([10.0])
    grid.put(1, 1, "Titre", style(bold=True))
    for row in range(2, 42):
        grid.put(row, 1, row / 2, style(number_format="#,##0" if row % 2 == 0 else "#,##0.00"))
        grid.heights[row] = 17.0 + row % 3
    gestes = list(dessiner("F", grid, {"F"}, [Bande(2, 41)]))
    assert Look("F", ((2, 1, 41, 1),), "number_format", "#,##0.00") in gestes
    assert Look("F", ((1, 1, 1, 1),), "bold", True) in gestes
    assert Height("F", ((2, 41),), 19.0) in gestes
    own = list(dessiner("F", grid, {"F"}, [Bande(2, 41, ajuster=True)]))
    assert Fit("F", 2, 1, tuple(17.0 + row % 3 for row in range(2, 42))) in own
    assert Height("F", ((2, 41),), 19.0) not in own


def test_neighbouring_rows_merged_alike_are_one_zone_merged_row_by_row() -> None:
    grid = Grid([10.0] * 5)
    for row in (1, 2, 3, 5):
        grid.put(row, 1, f"ligne {row}", style(), until=3)
        grid.put(row, 4, "", style(), until=5)
    (merge,) = (item for item in dessiner("F", grid, {"F"}) if isinstance(item, Merge))
    assert {zone_a1(zone) for zone in merge.zones} == {"A1:C3", "A5:C5", "D1:E3", "D5:E5"}
    merged_there = sorted(str(zone) for zone in _hote(grid).merged_cells.ranges)
    assert merged_there == sorted(f"{left}{row}:{right}{row}" for row in (1, 2, 3, 5) for left, right in ("AC", "DE"))


def test_the_former_anomalies_are_gone() -> None:
    hote = Hote(FICHIERS[3].read_bytes(), "suivi.xlsx")
    found = Dossier.lire(FICHIERS[3], aujourdhui=JOUR)
    for listed in (found.anomalies, found.anomalies[:1], []):
        lues = received(hote.classeur())
        hote.rejouer(results.ecrire_controle(lues, found.donnees, listed, entier=len(listed) != 1))
        sheet = hote.livre[layout.CONTROLE]
        assert sheet.max_row == ENTETES + max(len(listed), 1)
        assert sheet.cell(ENTETES, 1).value == "Gravité"
    assert sheet.cell(ENTETES + 1, 1).value == "Aucune anomalie."


def test_a_sheet_that_was_deleted_is_made_again() -> None:
    hote = Hote(FICHIERS[0].read_bytes(), "suivi.xlsx")
    del hote.livre[layout.CONTROLE]
    lues = received(hote.classeur())
    gestes = list(verbs.repondre("verifier", verbs.Demande(lues, lambda _: None)))
    hote.rejouer(gestes)
    assert hote.livre.worksheets[-1].title == layout.CONTROLE
    assert hote.livre[layout.CONTROLE]["A1"].value == "Contrôle du classeur"
    book = moteur.ouvrir(FICHIERS[0].read_bytes())
    replay(book, [Add("Nouvelle")], lambda _: None)
    assert book.sheets[-1].name == "Nouvelle"


def test_a_protected_sheet_gives_a_sentence_and_a_bug_goes_through() -> None:
    book = moteur.ouvrir(FICHIERS[0].read_bytes())
    with pytest.raises(EcritureImpossible, match="« Bilan » : si elle est protégée"):
        replay(book, [Clear(layout.BILAN, 8)], lambda _: None)
    with pytest.raises(ZeroDivisionError), writing("Bilan"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "formule",
    [
        '=IF([@[Date de sortie]]="","",[@Sexe])',
        '=IF(t_participants[@[Date de sortie]]="","",t_participants[@Sexe])',
        '=IF(t_participants[[#This Row],[Date de sortie]]="","",t_participants[[#This Row],[Sexe]])',
        '=IF( [@[Date de sortie]] = "","", [@Sexe] )'.replace(" ]", "]"),
    ],
)
def test_the_spellings_of_this_row_are_one(formule: str) -> None:
    wanted = '=IF(t_participants[[#This Row],[Date de sortie]]="","",t_participants[[#This Row],[Sexe]])'
    assert as_in_a_file(formule, "participants").replace(" ", "") == wanted.replace(" ", "")


def test_a_header_with_brackets_or_quotes_is_spelt_back_as_it_was() -> None:
    written = "t_participants[[#This Row],[Durée '[mois'] d''un contrat]]"
    assert as_in_a_file("=[@[Durée '[mois'] d''un contrat]]", "participants") == f"={written}"


def _ouvert(hote: Hote) -> tuple[Snapshot, Dossier]:
    lues = received(hote.classeur())
    return lues, Dossier.ouvert(lues, aujourdhui=JOUR)


def _vider(hote: Hote, ligne: int | None, colonne: int, value: object = None) -> None:
    hote.livre["Participants"].cell(ligne, colonne).value = value


def test_erased_formulas_come_back_in_one_gesture_and_what_was_typed_over_stays() -> None:
    hote = Hote(FICHIERS[0].read_bytes(), "suivi.xlsx")
    row = _ouvert(hote)[1].donnees.participants[0]
    column, sheet = row.origin.colonnes["classe"], hote.livre["Participants"]
    before = [cell.value for cell in sheet[column_letter(column)]]
    for line in (row.ligne, row.ligne + 2, row.ligne + 3):
        _vider(hote, line, column)
    lues, found = _ouvert(hote)
    gestes, fait = retablir(lues, found.donnees, "participants")
    assert (len(gestes), fait) == (1, Retabli(3, 0))
    hote.rejouer(gestes)
    assert [cell.value for cell in sheet[column_letter(column)]] == before

    _vider(hote, row.ligne, column)
    _vider(hote, row.ligne + 1, column, "Emploi durable")
    lues, found = _ouvert(hote)
    gestes, fait = retablir(lues, found.donnees, "participants")
    assert fait == Retabli(1, 1)
    hote.rejouer(gestes)
    assert sheet.cell(row.ligne + 1, column).value == "Emploi durable"
    assert sheet.cell(row.ligne, column).value == before[row.ligne - 1]
    lues, found = _ouvert(hote)
    assert retablir(lues, found.donnees, "participants") == ([], Retabli(0, 1))


@pytest.mark.slow
def test_a_line_below_the_excel_table_gets_no_formula() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Participants"]
        table = sheet.tables["t_participants"]
        table.ref = table.ref.replace(table.ref.rpartition(":")[2], sheet.cell(6, sheet.max_column).coordinate)

    hote = Hote(change(FICHIERS[0].read_bytes(), edit), "suivi.xlsx")
    row = _ouvert(hote)[1].donnees.participants[-1]
    assert row.ligne > 6
    _vider(hote, row.ligne, row.origin.colonnes["classe"])
    lues, found = _ouvert(hote)
    assert retablir(lues, found.donnees, "participants")[0] == []


@pytest.mark.slow
def test_marks_put_by_the_add_in_are_taken_away_by_the_command_line(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        make: Any = FormulaRule
        rule = make(formula=['"aap_xl:bloquante"<>""'], fill=PatternFill("solid", bgColor="FDE2E2"))
        book["Participants"].conditional_formatting.add("B5:B6", rule)

    marked = change(FICHIERS[0].read_bytes(), edit)
    assert b"aap_xl:bloquante" in _sheets(marked)
    written = Dossier.lire(Path("suivi.xlsx"), octets=marked, aujourdhui=JOUR)
    written.chemin = tmp_path / "suivi.xlsx"
    written.chemin.write_bytes(marked)
    assert b'aap_xl:bloquante"&lt;&gt;""' not in _sheets(written.octets_bilan())


def _sheets(octets: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)
