"""Returned workbooks: what is read, from where, and what is said about it."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from fabrique import Brut, classeur, operation_type
from openpyxl.comments import Comment

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.cells import column_letter
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import Fait
from aap_xl.domain.regles import code_fait
from aap_xl.records import names
from aap_xl.workbook import layout
from aap_xl.workbook.reading.personal import suspect_values
from aap_xl.workbook.reading.reader import FichierRefuse, lire
from aap_xl.workbook.template.build import build

LE = dt.date(2025, 10, 15)
ANNE = {
    "code": "A01",
    "nom": "Durand",
    "prenom": "Anne",
    "sexe": "f",
    "date_naissance": dt.date(2001, 5, 4),
    "mds": "artois",
    "brsa": True,
    "date_entree": dt.date(2025, 3, 3),
    "mois_contrat": Decimal("7.5"),
}
BRUNO = {**ANNE, "code": "A02", "nom": "Petit", "prenom": "Bruno", "sexe": "h", "brsa": False}
CHARGE = {"code": "F1", "poste": "fonctionnement", "libelle": "Location", "prevu": Decimal("1234.56")}

Lire = Callable[..., Donnees]


@pytest.fixture
def lu(tmp_path: Path, catalogue: Catalogue) -> Lire:
    """Read bytes as a file of that name."""

    def read(content: bytes, nom: str = "suivi.xlsx") -> Donnees:
        path = tmp_path / nom
        path.write_bytes(content)
        return lire(path, catalogue, LE)

    return read


def faits(donnees: Donnees, *codes: str) -> list[Fait]:
    return [fait for fait in donnees.faits if fait.code in codes]


def dits(donnees: Donnees) -> list[tuple[Any, ...]]:
    """Code and place of each fact, then what is its own."""
    return [(code_fait(fait, donnees.appel), str(fait.cell), *_details(fait)) for fait in donnees.faits]


def _details(fait: Fait) -> list[Any]:
    said = {nom: getattr(fait, nom) for nom in names(fait) if nom not in ("cell", "table", "champ")}
    optional = [said.pop(nom) for nom in ("proche", "autres", "pourquoi", "remede") if nom in said]
    return [*said.values(), *filter(None, optional)]


def messages(donnees: Donnees, code: str) -> list[str]:
    return [anomaly.message for anomaly in controler(donnees) if anomaly.code == code]


def edited(content: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Change a workbook through openpyxl (which also drops every cached value)."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def patched(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Change one part's XML."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                changed = change(text.decode())
                assert changed != text.decode(), part
                text = changed.encode()
            target.writestr(name, text)
    return buffer.getvalue()


def sheet_part(appel: Appel, feuille: str) -> str:
    return f"xl/worksheets/sheet{layout.feuilles(appel).index(feuille) + 1}.xml"


def place(appel: Appel, table: str, champ: str, rang: int = 0) -> tuple[int, int]:
    return layout.DONNEES + rang, layout.tables(appel)[table].colonnes[champ]


@pytest.fixture
def simple(appel33: Appel) -> bytes:
    return classeur(appel33, operation_type(appel33), {"participants": [ANNE, BRUNO], "charges": [CHARGE]})


# --- a clean workbook


def test_a_clean_workbook_is_read_whole_and_says_nothing(lu: Lire, appel33: Appel, simple: bytes) -> None:
    donnees = lu(simple)
    assert donnees.faits == []
    assert donnees.appel is appel33
    assert donnees.source == "suivi.xlsx"
    assert dict(donnees.operation.valeurs()) == operation_type(appel33)
    assert [dict(row.valeurs()) for row in donnees.participants] == [ANNE, BRUNO]
    assert [dict(row.valeurs()) for row in donnees.charges] == [CHARGE]
    assert donnees.tables.keys() == appel33.classeur.tables.keys()


def test_every_value_keeps_its_address(lu: Lire, simple: bytes) -> None:
    donnees = lu(simple)
    bruno = donnees.participants[1]
    assert (str(bruno.cell("nom")), bruno.cell("nom").entete) == ("Participants!B6", "Nom")
    assert str(donnees.operation.cell("siret")) == "Opération!C6"
    assert str(donnees.operation.cell("date_depot")).startswith("Opération!C")


def test_blank_is_none_and_not_unreadable(lu: Lire, simple: bytes) -> None:
    anne = lu(simple).participants[0]
    assert anne.date_sortie is None
    assert anne.manque("date_sortie")


@pytest.mark.parametrize("code", ["3.3", "3.7"])
@pytest.mark.slow
def test_the_blank_workbooks_say_nothing(lu: Lire, catalogue: Catalogue, code: str) -> None:
    appel = catalogue.get(code, 2025)
    donnees = lu(build(appel, {}, aujourdhui=LE))
    assert donnees.faits == []
    assert {table for table, rows in donnees.tables.items() if rows} == {"redactions"}
    assert [row.rubrique for row in donnees.redactions] == [rubrique.libelle for rubrique in appel.rubriques]
    assert dict(donnees.operation.valeurs()) == {}


def test_computed_columns_are_not_taken_from_the_file(lu: Lire, appel33: Appel) -> None:
    donnees = lu(classeur(appel33, {}, {"participants": [{**ANNE, "age": 23, "classe": "Emploi durable"}]}))
    anne = donnees.participants[0]
    assert (anne.age, anne.classe) == (None, None)


def test_days_counted_from_1904(lu: Lire, appel33: Appel) -> None:
    rows = [{**ANNE, "date_sortie": Brut(45717 - 1462)}]
    donnees = lu(classeur(appel33, {}, {"participants": rows}, options={"date_1904": True}))
    assert donnees.participants[0].date_naissance == ANNE["date_naissance"]
    assert donnees.participants[0].date_sortie == dt.date(2025, 3, 1)


# --- what the values become


def test_what_is_understood_otherwise_is_said_with_its_place(lu: Lire, appel33: Appel) -> None:
    row = {**ANNE, "date_entree": Brut("3/3/25"), "brsa": Brut("x"), "mds": Brut("Arras"), "mois_contrat": Brut("7,5")}
    donnees = lu(classeur(appel33, {}, {"participants": [row]}))
    anne = donnees.participants[0]
    assert (anne.date_entree, anne.brsa, anne.mds) == (dt.date(2025, 3, 3), True, "arrageois")
    assert anne.mois_contrat == Decimal("7.5")
    assert dits(donnees) == [
        ("F10", "Participants!F5", "Arras", "Arrageois", ""),
        ("F10", "Participants!H5", "x", "Oui", ""),
        ("F10", "Participants!J5", "3/3/25", "03/03/2025", ""),
        ("F10", "Participants!P5", "7,5", "7,5", ""),
    ]


def test_what_cannot_be_read_is_neither_blank_nor_guessed(lu: Lire, appel33: Appel) -> None:
    row = {**ANNE, "date_entree": Brut("mars"), "brsa": Brut("peut-être"), "sexe": Brut("Fame"), "mds": Brut("Artoi")}
    donnees = lu(classeur(appel33, {}, {"participants": [row]}))
    anne = donnees.participants[0]
    assert anne.illisibles == {"date_entree", "brsa", "sexe", "mds"}
    assert not anne.manque("brsa")
    assert (anne.date_entree, anne.brsa, anne.sexe, anne.mds) == (None, None, None, None)
    assert dits(donnees) == [
        ("F06", "Participants!D5", "Fame", ("Femme", "Homme", "Autre")),
        ("P14", "Participants!F5", "Artoi", ("Artois",)),
        ("F05", "Participants!H5", "peut-être", "oui ou non"),
        ("F05", "Participants!J5", "mars", "une date"),
    ]


def test_the_form_is_read_like_the_tables(lu: Lire, appel33: Appel) -> None:
    operation = {
        "siret": Brut(5580000100012),
        "forme": Brut("assoc"),
        "date_debut": Brut(45717),
        "subvention_demandee": Brut("42 000,50 €"),
        "fongibilite": Brut(10),
        "personnes_prevues": Brut("douze"),
    }
    donnees = lu(classeur(appel33, operation))
    form = donnees.operation
    assert (form.siret, form.date_debut) == ("05580000100012", dt.date(2025, 3, 1))
    assert (form.subvention_demandee, form.fongibilite) == (Decimal("42000.50"), Decimal("0.1"))
    assert form.illisibles == {"forme", "personnes_prevues"}
    assert [fait.code for fait in donnees.faits] == ["F10", "F06", "F10", "F05", "F10", "F10"]


def test_codes_turned_into_numbers(lu: Lire, appel33: Appel) -> None:
    donnees = lu(classeur(appel33, {}, {"participants": [{**ANNE, "code": Brut(12)}]}))
    assert donnees.participants[0].code == "12"
    assert donnees.faits == []


# --- errors and formulas


def _lettre(appel: Appel, champ: str) -> str:
    """The column of a computed field of « Participants »: new columns push it."""
    return column_letter(layout.tables(appel)["participants"].colonnes[champ])


def test_an_error_is_not_a_blank(lu: Lire, appel33: Appel) -> None:
    row = {**ANNE, "date_entree": Brut("#N/A", "=NA()"), "nom": Brut("#DIV/0!", "=1/0")}
    donnees = lu(classeur(appel33, {}, {"participants": [row]}))
    assert donnees.participants[0].illisibles == {"nom", "date_entree"}
    assert dits(donnees) == [
        ("F07", "Participants!B5", "#DIV/0!"),
        ("F07", "Participants!J5", "#N/A"),
    ]


def test_a_line_of_errors_only_is_a_line(lu: Lire, appel33: Appel) -> None:
    donnees = lu(classeur(appel33, {}, {"participants": [ANNE, {"nom": Brut("#REF!", "=#REF!")}]}))
    assert len(donnees.participants) == 2


def test_an_error_in_a_computed_column_is_said(lu: Lire, appel33: Appel) -> None:
    donnees = lu(classeur(appel33, {}, {"participants": [{**ANNE, "age": Brut("#VALUE!", "=1+A5")}]}))
    assert [(fait.champ, *d) for fait, d in zip(donnees.faits, dits(donnees), strict=True)] == [
        ("age", "F20", f"Participants!{_lettre(appel33, 'age')}5", "#VALUE!", 1)
    ]


def test_a_formula_with_its_value_is_a_value(lu: Lire, appel33: Appel) -> None:
    charge = {**CHARGE, "prevu": Brut(1200, "=12*100"), "libelle": Brut("Loyer", '="Lo"&"yer"')}
    donnees = lu(classeur(appel33, {}, {"charges": [charge]}))
    assert (donnees.charges[0].prevu, donnees.charges[0].libelle) == (Decimal(1200), "Loyer")
    assert donnees.faits == []


def test_a_formula_whose_value_is_an_empty_text_is_blank(lu: Lire, appel33: Appel) -> None:
    content = classeur(appel33, {}, {"charges": [{**CHARGE, "libelle": Brut("X", '=""')}]})
    part = sheet_part(appel33, "Charges")
    content = patched(content, part, lambda xml: xml.replace("<v>X</v>", "<v></v>"))
    donnees = lu(content)
    assert donnees.charges[0].manque("libelle")
    assert donnees.faits == []


@pytest.mark.parametrize("empty", ["", "<v></v>", "<v/>", "<v />"])
def test_a_formula_without_a_value_is_not_a_blank(lu: Lire, appel33: Appel, empty: str) -> None:
    content = classeur(appel33, {}, {"charges": [{**CHARGE, "prevu": Brut(7, "=3+4")}]})
    part = sheet_part(appel33, "Charges")
    donnees = lu(patched(content, part, lambda xml: xml.replace("<f>3+4</f><v>7</v>", f"<f>3+4</f>{empty}")))
    assert donnees.charges[0].illisibles == {"prevu"}
    assert dits(donnees) == [("F08", "Charges!E5", "")]


def test_shared_and_array_formulas_are_formulas(lu: Lire, appel33: Appel, simple: bytes) -> None:
    part = sheet_part(appel33, "Participants")
    letter = _lettre(appel33, "age")
    first, last = f"{letter}5", f"{letter}64"

    def share(xml: str) -> str:
        head, tail = xml.split(f'<c r="{first}"')
        tail = re.sub(r"<f>[^<]*</f>", f'<f t="array" ref="{first}:{last}">LEN(A5:A64)</f>', tail, count=1)
        others = rf'(<c r="{letter}\d+"[^>]*>)<f>[^<]*</f><v>[^<]*</v>'
        return head + f'<c r="{first}"' + re.sub(others, r"\1<v>3</v>", tail)

    assert lu(patched(simple, part, share)).faits == []


# --- computed cells typed over


def test_a_constant_among_formulas_is_noticed(lu: Lire, appel33: Appel) -> None:
    donnees = lu(classeur(appel33, {}, {"participants": [ANNE, {**BRUNO, "classe": Brut("Emploi durable")}]}))
    assert dits(donnees) == [("F09", f"Participants!{_lettre(appel33, 'classe')}6", "Emploi durable")]
    assert donnees.participants[1].classe is None


def test_values_pasted_over_every_formula_are_told_once(lu: Lire, appel33: Appel, simple: bytes) -> None:
    part = sheet_part(appel33, "Participants")
    donnees = lu(patched(simple, part, lambda xml: re.sub(r"<f>[^<]*</f><v>[^<]*</v>", "<v>7</v>", xml)))
    [(place, titres)] = [d[1:] for d in dits(donnees) if d[0] == "F09"]
    computed = [champ.entete for champ in modele(appel33, "participants").champs.values() if champ.calcule]
    assert place == f"Participants!{_lettre(appel33, 'age')}4"
    assert len(titres) > 1
    assert list(titres) == [entete for entete in computed if entete in titres]


def test_a_library_that_keeps_no_formula_is_told_nothing_of_blank_ones(lu: Lire, appel33: Appel, simple: bytes) -> None:
    part = sheet_part(appel33, "Participants")
    donnees = lu(patched(simple, part, lambda xml: re.sub(r"<f>[^<]*</f><v>[^<]*</v>", "", xml)))
    assert faits(donnees, "F09") == []


@pytest.mark.slow
def test_the_flat_rate_typed_over_has_its_own_code(lu: Lire, appel33: Appel) -> None:
    def change(book: openpyxl.Workbook) -> None:
        reference = book.defined_names["budget_indirectes_prevu"].attr_text
        book["Budget"][reference.split("!")[1].replace("$", "")] = 1500

    donnees = lu(edited(build(appel33, {}, aujourdhui=LE), change))
    assert [(d[0], d[1].partition("!")[0], d[2]) for d in dits(donnees)] == [("B06", "Budget", "1500")]


# --- headers and sheets


def test_columns_are_found_by_header_whatever_their_order(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for line in (4, 5):
            values: list[Any] = [book["Charges"].cell(line, column).value for column in range(1, 6)]
            for column, value in enumerate(reversed(values), 1):
                book["Charges"].cell(line, column, value)

    donnees = lu(edited(simple, change))
    assert [dict(row.valeurs()) for row in donnees.charges] == [CHARGE]
    assert str(donnees.charges[0].cell("prevu")) == "Charges!A5"
    assert faits(donnees, "F02", "F04", "F18") == []


@pytest.mark.slow
def test_an_inserted_column_is_unknown_and_the_rest_is_read(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"].insert_cols(2)
        book["Charges"]["B4"] = "Remarque interne"

    donnees = lu(edited(simple, change))
    assert [dict(row.valeurs()) for row in donnees.charges] == [CHARGE]
    assert [d for d in dits(donnees) if d[1].startswith("Charges")] == [("F04", "Charges!B4", "Remarque interne")]


def test_headers_written_otherwise_are_recognised_and_said(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"]["C4"] = " LIBELLE"
        book["Charges"]["E4"] = "Montant\nprévu"

    donnees = lu(edited(simple, change))
    assert [dict(row.valeurs()) for row in donnees.charges] == [CHARGE]
    assert [d for d in dits(donnees) if d[0] == "F18"] == [
        ("F18", "Charges!C4", "LIBELLE", "Libellé"),
    ]


def test_a_missing_column_is_said_once_with_what_it_may_be_and_the_rest_is_read(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"]["E4"] = "Montants prévus (TTC)"

    donnees = lu(edited(simple, change))
    assert donnees.charges[0].code == "F1"
    assert donnees.charges[0].prevu is None
    assert [d for d in dits(donnees) if d[1].startswith("Charges")] == [
        ("F02", "Charges!A4", "Montant prévu", ("Montants prévus (TTC)",)),
        ("F04", "Charges!E4", "Montants prévus (TTC)", ("Montant prévu",)),
    ]


def test_a_missing_computed_column_does_not_matter(lu: Lire, simple: bytes) -> None:
    donnees = lu(edited(simple, lambda book: book["Charges"].delete_cols(6, 3)))
    assert [d for d in dits(donnees) if d[1].startswith("Charges")] == []


def test_a_header_twice(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"]["J4"] = "Montant prévu"
        book["Charges"]["J5"] = 99

    donnees = lu(edited(simple, change))
    assert donnees.charges[0].prevu == CHARGE["prevu"]
    assert [d for d in dits(donnees) if d[0] == "F15"] == [("F15", "Charges!J4", "Montant prévu")]


def test_rows_above_and_headers_lower(lu: Lire, simple: bytes) -> None:
    donnees = lu(edited(simple, lambda book: book["Charges"].insert_rows(1, 6)))
    assert [dict(row.valeurs()) for row in donnees.charges] == [CHARGE]
    assert str(donnees.charges[0].cell("code")) == "Charges!A11"


def test_no_header_row_at_all(lu: Lire, simple: bytes) -> None:
    donnees = lu(edited(simple, lambda book: book["Charges"].delete_rows(4)))
    assert donnees.charges == []
    assert [d[:2] for d in dits(donnees) if d[0] == "F02"] == [("F02", "Charges")]


def test_sheets_are_found_by_name_missing_and_unknown_are_said(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Participants"].title = "PARTICIPANTS "
        book["Dépenses"].title = "Dépenses 2025"
        book.create_sheet("Brouillon")

    donnees = lu(edited(simple, change))
    assert len(donnees.participants) == 2
    assert str(donnees.participants[0].cell("nom")) == "PARTICIPANTS !B5"
    assert [d for d in dits(donnees) if d[0] in ("F01", "F03")] == [
        ("F01", "Dépenses", ("Dépenses 2025", "Brouillon")),
        ("F03", "Dépenses 2025", ("Dépenses",)),
        ("F03", "Brouillon", ("Dépenses",)),
    ]
    assert donnees.depenses == []


def test_a_workbook_without_its_form(lu: Lire, simple: bytes) -> None:
    donnees = lu(edited(simple, lambda book: book.remove(book["Opération"])))
    assert donnees.operation.porteur is None
    assert [fait.code for fait in donnees.faits] == ["F01"]


def test_the_partners_siret_stands_under_its_name_and_is_read_where_it_stood(lu: Lire, appel37: Appel) -> None:
    """It was after the contact's e-mail: workbooks filled then are read alike."""
    names = ["structure_associee", "siret_associee", "referent", "courriel"]
    rows = [layout.formulaire(appel37).lignes[nom] for nom in names]
    assert rows == [*range(rows[0], rows[0] + 4)]
    form = dict(zip(names, ["EXEMPLE Toit", "73282932000074", "EXEMPLE Zoé", "zoe@exemple.invalid"], strict=True))

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Opération"]
        lines = [[sheet.cell(row, column).value for column in (2, 3, 4)] for row in rows]
        for row, line in zip(rows, [lines[0], lines[2], lines[3], lines[1]], strict=True):
            for column, value in zip((2, 3, 4), line, strict=True):
                sheet.cell(row, column).value = value

    content = classeur(appel37, form)
    for donnees in (lu(content), lu(edited(content, change))):
        assert donnees.faits == []
        assert {nom: getattr(donnees.operation, nom) for nom in names} == form


def test_the_form_moved_relabelled_and_completed(lu: Lire, appel33: Appel, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Opération"]
        for row in range(1, 20):
            if sheet.cell(row, 2).value == "SIRET":
                sheet.cell(row, 2).value = "N° de siret"
                sheet.cell(row, 4).value = None
            if sheet.cell(row, 2).value == "Nom du porteur":
                sheet.cell(row, 2).value = "NOM DU PORTEUR"
        sheet.insert_cols(1)
        sheet["C50"], sheet["D50"] = "Téléphone", "03 21 00 00 00"

    donnees = lu(edited(simple, change))
    assert donnees.operation.porteur == operation_type(appel33)["porteur"]
    assert str(donnees.operation.cell("porteur")) == "Opération!D5"
    assert {(d[0], d[2]) for d in dits(donnees)} == {
        ("F18", "NOM DU PORTEUR"),
        ("F02", "SIRET"),
        ("F04", "N° de siret"),
        ("F04", "Téléphone"),
    }


# --- rows


def test_rows_below_the_table_are_read_and_said(lu: Lire, appel33: Appel, simple: bytes) -> None:
    last = layout.tables(appel33)["charges"].derniere
    ligne: tuple[Any, ...] = ("F9", "Prestations externes", "Traduction", "Non", 50)

    def change(book: openpyxl.Workbook) -> None:
        for column, value in enumerate(ligne, 1):
            book["Charges"].cell(last + 3, column, value)

    donnees = lu(edited(simple, change))
    assert [row.code for row in donnees.charges] == ["F1", "F9"]
    assert donnees.charges[1].ligne == last + 3
    assert [d for d in dits(donnees) if d[0] == "F11"] == [("F11", f"Charges!A{last + 3}", 1, (4, 1, last, 8))]


def test_hidden_rows_are_read_and_said(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Participants"].row_dimensions[6].hidden = True
        book["Participants"].row_dimensions[30].hidden = True

    donnees = lu(edited(simple, change))
    assert len(donnees.participants) == 2
    assert [d for d in dits(donnees) if d[0] == "F13"] == [("F13", "Participants", 1)]


def test_a_merged_value_belongs_to_the_first_cell(lu: Lire, simple: bytes) -> None:
    donnees = lu(edited(simple, lambda book: book["Participants"].merge_cells("F5:F6")))
    assert [row.mds for row in donnees.participants] == ["artois", None]
    assert [d for d in dits(donnees) if d[0] == "F12"] == [("F12", "Participants!F5", (5, 6, 6, 6))]


def test_a_total_in_error_is_said(lu: Lire, appel33: Appel) -> None:
    def change(xml: str) -> str:
        return re.sub(
            r'<c r="C7"([^>]*?)(?: t="\w+")?>(<f>[^<]*</f>)<v>[^<]*</v>', r'<c r="C7"\1 t="e">\2<v>#REF!</v>', xml
        )

    donnees = lu(patched(build(appel33, {}, aujourdhui=LE), sheet_part(appel33, "Budget"), change))
    assert dits(donnees) == [("F20", "Budget!C7", "#REF!", 1)]


def test_a_code_with_spaces_around_is_read_and_said(lu: Lire, appel33: Appel) -> None:
    rows = [{**ANNE, "code": Brut(" A1\N{NO-BREAK SPACE}")}, {**BRUNO, "code": Brut("  ")}]
    donnees = lu(classeur(appel33, {}, {"participants": rows}))
    assert [row.code for row in donnees.participants] == ["A1", None]
    assert dits(donnees) == [("F10", "Participants!A5", " A1\N{NO-BREAK SPACE}", "A1", "")]


def test_a_total_row_is_set_aside(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"]["A9"], book["Charges"]["E9"] = "TOTAL", 1234.56

    donnees = lu(edited(simple, change))
    assert [row.code for row in donnees.charges] == ["F1"]
    assert donnees.ecartees == {"charges": 1}
    assert [d for d in dits(donnees) if d[0] == "F19"] == [("F19", "Charges!A9", "TOTAL")]


def test_the_totals_row_of_a_table_shows_its_number_as_the_sheet_does(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        table = next(iter(book["Charges"].tables.values()))
        last = int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + 1
        table.ref = f"{table.ref[: -len(str(last - 1))]}{last}"
        table.totalsRowCount = 1
        book["Charges"].cell(last, 5).value = 1234.5

    donnees = lu(edited(simple, change))
    assert donnees.ecartees == {"charges": 1}
    assert [d[2] for d in dits(donnees) if d[0] == "F19"] == ["1234,5"]


def test_blank_lines_and_lines_of_spaces_are_no_rows(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"]["A8"] = book["Charges"]["A99"] = "   "
        book["Charges"]["A12"] = "F7"

    donnees = lu(edited(simple, change))
    assert [(row.code, row.ligne) for row in donnees.charges] == [("F1", 5), ("F7", 12)]
    assert faits(donnees, "F11") == []


# --- identity


def test_properties_alone_or_the_hidden_sheet_alone_are_enough_and_said(lu: Lire, appel33: Appel) -> None:
    for content in (classeur(appel33, proprietes=False), classeur(appel33, listes=False)):
        donnees = lu(content)
        assert donnees.appel is appel33
        assert [fait.code for fait in donnees.faits] == ["F16"]


def test_neither_is_refused(lu: Lire, appel33: Appel) -> None:
    with pytest.raises(FichierRefuse, match="n'est pas un classeur aap_xl"):
        lu(classeur(appel33, proprietes=False, listes=False))


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [("B1", "3.7", "« 3.3 », la feuille « Listes » « 3.7 »"), ("C1", 2024, "2024"), ("D1", None, "a disparu")],
)
def test_contradictions_are_said(lu: Lire, simple: bytes, cell: str, value: Any, words: str) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Listes"][cell] = value

    [message] = messages(lu(edited(simple, change)), "F16")
    assert words in message


def test_an_unknown_call_is_refused_with_those_at_hand(lu: Lire, appel33: Appel, simple: bytes) -> None:
    content = patched(simple, "docProps/custom.xml", lambda xml: xml.replace("3.3", "9.9"))
    with pytest.raises(FichierRefuse, match=r"9\.9 de 2025 est inconnu ; appels disponibles : 3\.3 \(2025\)"):
        lu(content)


def test_another_schema_is_said(lu: Lire, simple: bytes) -> None:
    content = patched(simple, "docProps/custom.xml", lambda xml: xml.replace(">2<", ">7<"))
    content = edited(content, lambda book: book["Listes"].__setitem__("D1", 7))
    [message] = messages(lu(content), "F16")
    assert "le classeur est de la version 7, l'appel à projets de la version 2" in message


# --- the NIR

NIR = "1 85 05 78 006 084 91"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], False),
        (["une lettre nulle\0 dans un texte", "un texte sans rien"], False),
        (["une lettre nulle\0 dans un texte", NIR], True),
        ([NIR, "une lettre nulle\0 dans un texte"], True),
        (["court", 185057800608491.0], True),
    ],
)
def test_a_nir_is_looked_for_in_many_values_at_once(values: list[Any], *, found: bool) -> None:
    assert suspect_values(values) is found


def test_a_nir_is_found_in_any_cell_and_never_quoted(lu: Lire, appel33: Appel, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Participants"]["B5"] = f"Durand {NIR}"
        book["Participants"]["J5"] = 185057800608491
        book["Participants"]["BC7"] = "185057800608491"
        book["Opération"]["C5"] = NIR
        book["Budget"]["H30"] = f"voir {NIR}"
        book.create_sheet("Brouillon")["C3"] = "1850578006084"

    donnees = lu(edited(simple, change))
    assert [(str(f.cell), f.champ) for f in faits(donnees, "R01")] == [
        ("Opération!C5", "porteur"),
        ("Participants!B5", "nom"),
        ("Participants!J5", "date_entree"),
        ("Participants!BC7", ""),
        ("Budget!H30", ""),
        ("Brouillon!C3", ""),
    ]
    assert donnees.participants[0].nom is not None
    assert donnees.participants[0].nom.startswith("Durand ")
    assert donnees.participants[0].illisibles == {"date_entree"}
    everything = repr((donnees.faits, donnees.tables, donnees.operation))
    assert not re.search(r"8\s?5\s?0\s?5\s?7\s?8", everything)


def test_a_nir_in_the_name_of_a_sheet(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("185057800608491")["A1"] = "essai"

    donnees = lu(edited(simple, change))
    [fait] = faits(donnees, "R01")
    assert str(fait.cell) == ""
    said = " ".join(f"{a} {a.valeur}" for a in controler(donnees))
    assert "dans son nom ; renommez-la" in said
    assert not re.search(r"8\s?5\s?0\s?5\s?7\s?8", said)


def test_a_nir_in_a_note(lu: Lire, simple: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Charges"]["B6"].comment = Comment(f"c'est {NIR}", "Autrice Inventée")

    [(_, place, masque)] = dits(lu(edited(simple, change)))
    assert place == "Charges!B6"
    assert masque.startswith("c'est [")
    assert "85" not in masque


def test_long_numbers_that_are_no_nir_are_left_alone(lu: Lire, appel33: Appel) -> None:
    row = {**ANNE, "precision": Brut("78467169500103"), "mois_contrat": Brut(7.123456789012345)}
    assert lu(classeur(appel33, operation_type(appel33), {"participants": [row]})).faits == []


# --- other writings of the same sheet


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)(?![?!])", r"<\1x:", xml)
    return xml.replace(
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
        'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
    )


WRITINGS: dict[str, Callable[[str], str]] = {
    "prefixes": prefixed,
    "single quotes": lambda xml: re.sub(r"<(c|row)([^<>]*)>", lambda m: m[0].replace('"', "'"), xml),
    "address last": lambda xml: re.sub(r'<c (r="[A-Z]+\d+")([^<>/]*)(/?)>', r"<c\2 \1\3>", xml),
    "line breaks": lambda xml: xml.replace("<c r=", "<c\n  r=").replace("<row r=", "<row\tr="),
    "no address": lambda xml: re.sub(r'<c r="([A-Z]+)(\d+)"', lambda m: m[0] if m[2] != "4" else "<c", xml),
}


def without_value(xml: str) -> str:
    return re.sub(r'<c r="C6"[^>]*><f>A1</f><v></v>', '<c r="C6"><f>A1</f>', xml)


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.slow
def test_unusual_but_legal_xml_is_read_alike(lu: Lire, appel33: Appel, writing: str) -> None:
    rows = [{**ANNE, "nom": Brut("#N/A", "=NA()"), "classe": Brut("à la main")}, {**BRUNO, "prenom": Brut("", "=A1")}]
    content = classeur(appel33, {}, {"participants": rows})
    part = sheet_part(appel33, "Participants")
    content = patched(content, part, without_value)
    expected = lu(content)
    assert [fait.code for fait in expected.faits] == ["F07", "F08", "F09"]
    donnees = lu(patched(content, part, WRITINGS[writing]))
    assert donnees.faits == expected.faits
    assert repr(donnees.tables) == repr(expected.tables)


def test_the_text_that_a_formula_gives_may_stand_in_the_cell(lu: Lire, appel33: Appel) -> None:
    """As programs that write in one go do, shared strings being for later."""
    given = " EXEMPLE & _x0041_ "
    content = classeur(appel33, {}, {"participants": [{**ANNE, "nom": Brut(given, "=A1")}]})

    def inline(xml: str) -> str:
        return re.sub(r't="str"><f>A1</f><v>([^<]+)</v>', r't="inlineStr"><f>A1</f><is><t>\1</t></is>', xml)

    donnees = lu(patched(content, sheet_part(appel33, "Participants"), inline))
    expected = lu(content)
    assert donnees.participants[0].nom == expected.participants[0].nom
    assert [fait.code for fait in donnees.faits] == [fait.code for fait in expected.faits]


def test_macros_are_not_looked_at(lu: Lire, simple: bytes) -> None:
    buffer = BytesIO(simple)
    with ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not really")
    assert lu(buffer.getvalue(), "suivi.xlsm").faits == []
