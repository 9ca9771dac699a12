"""Workbooks of version 1, handed out before the calls asked for more: through every command, without a fault for that.

What they lack is told once (F22); what they say counts as it did, to the cent: their own cached cells are the proof.
"""

import datetime as dt
import json
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
from libreoffice import convertir, exige
from openpyxl.utils import range_boundaries
from oracle import pareil, trouve, voulu

from aap_xl.anomalies import Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.models import modeles
from aap_xl.domain.syntheses import SYNTHESE, calculer
from aap_xl.dossier import Dossier
from aap_xl.rows import Qui
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.workbook import Workbook

Aap = Callable[..., tuple[int, str, str]]
SAMPLES = sorted((Path(__file__).parent / "workbooks" / "version-1").glob("*.xlsx"))
FILLED = [path for path in SAMPLES if "exemple" in path.stem]
TODAY = {path.stem: Path(__file__).parents[1] / "workbooks" / path.name for path in FILLED}
LE = dt.date(2026, 1, 15)
every = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
filled = pytest.mark.parametrize("sample", FILLED, ids=lambda path: path.stem)


def _lu(sample: Path, catalogue: Catalogue, jour: dt.date = LE) -> Dossier:
    return Dossier.lire(sample, catalogue, jour)


@every
def test_it_lacks_nothing_that_it_could_have(sample: Path, catalogue: Catalogue) -> None:
    found = [item.code for item in _lu(sample, catalogue).anomalies]
    assert found.count("F22") == 1
    assert not {"F01", "F02", "F16"} & set(found)


@every
def test_no_anomaly_asks_for_what_it_has_no_place_for(sample: Path, catalogue: Catalogue) -> None:
    """Every cell named is one of the file's; no rule speaks of a column or a sheet that came later."""
    dossier = _lu(sample, catalogue)
    later = {
        champ.entete
        for row in modeles(dossier.appel).values()
        for champ in row.champs.values()
        if champ.depuis > 1 or row.depuis > 1
    }
    sheets = openpyxl.load_workbook(sample, read_only=True).sheetnames
    for item in dossier.anomalies:
        assert item.cell.feuille in {"", *sheets}, item
        assert item.cell.entete not in later or item.gravite is Gravite.INFORMATION, item


@every
def test_what_the_porteur_fills_has_not_moved(sample: Path, catalogue: Catalogue) -> None:
    """An operator who opens the next blank workbook finds each column under its letter."""
    appel = _lu(sample, catalogue).appel
    book = openpyxl.load_workbook(sample)
    for table in layout.tables(appel).values():
        now = {c.entete: table.colonnes[c.nom] for c in table.champs if c.qui is Qui.PORTEUR and c.depuis == 1}
        if table.feuille in book.sheetnames:
            then = {cell.value: cell.column for cell in book[table.feuille][layout.ENTETES]}
            assert now == {entete: then[entete] for entete in now}, table.feuille


@filled
def test_nothing_is_to_be_corrected(sample: Path, catalogue: Catalogue) -> None:
    dossier = _lu(sample, catalogue)
    assert dossier.a_corriger == []
    assert not dossier.provisoire


@filled
def test_its_figures_are_those_that_it_showed(sample: Path, catalogue: Catalogue) -> None:
    """The synthesis cells that its own formulas had computed, on the day they were."""
    book = openpyxl.load_workbook(sample, data_only=True)
    cell = next(book[sheet][place] for sheet, place in book.defined_names["aujourdhui"].destinations)
    dossier = _lu(sample, catalogue, cell.value.date())
    keys = {layout.nom_defini(item.cle): item.cle for item in synthese.cellules(dossier.appel)}
    compared = 0
    for name, defined in book.defined_names.items():
        if name.startswith(("bord_", "budget_")) and keys.get(name, "").partition(":")[0] in SYNTHESE:
            [(sheet, place)] = defined.destinations
            shown, found = trouve(book[sheet][place].value), voulu(calculer(keys[name], dossier.donnees))
            assert pareil(shown, found), name
            compared += 1
    assert compared > 100


@every
def test_the_bilan_is_written_in_it(sample: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    dossier = _lu(sample, catalogue)
    dossier.ecrire_bilan(tmp_path / "bilan.xlsx")
    again = _lu(tmp_path / "bilan.xlsx", catalogue)
    assert list(map(str, again.anomalies)) == list(map(str, dossier.anomalies))
    book = openpyxl.load_workbook(tmp_path / "bilan.xlsx", read_only=True)
    assert book.sheetnames == openpyxl.load_workbook(sample, read_only=True).sheetnames
    shown = [cell for row in book["Bilan"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
    assert {tableau.titre for tableau in dossier.tableaux} <= {text.partition("  [")[0] for text in shown}


@pytest.mark.libreoffice
@pytest.mark.parametrize("parsed", [False, True], ids=["in its bytes", "parsed"])
@filled
def test_a_table_goes_on_with_its_own_formulas(
    sample: Path, parsed: bool, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines below the table, one of somebody who comes back: no formula that names a column of a later version."""
    exige()
    book = openpyxl.load_workbook(sample)
    sheet = book["Participants"]
    last = range_boundaries(sheet.tables["t_participants"].ref)[3] or 0
    computed_here = [rank for rank, cell in enumerate(sheet[last], 1) if cell.data_type == "f"]
    for offset in (1, 2, 3):
        for column, value in enumerate([cell.value for cell in sheet[layout.DONNEES + offset]], 1):
            if column not in computed_here:
                sheet.cell(last + offset, column).value = value
    sheet.cell(last + 1, 1).value, sheet.cell(last + 1, 2).value = "ZZ1", "EXEMPLE-Ajoutée"
    book.save(source := tmp_path / "source.xlsx")
    if parsed:
        monkeypatch.setattr(Workbook, "raw", lambda *_: None)
    _lu(source, catalogue).ecrire_bilan(cible := tmp_path / "bilan.xlsx")
    written, shown = openpyxl.load_workbook(cible)["Participants"], openpyxl.load_workbook(cible, data_only=True)
    again = openpyxl.load_workbook(convertir({"v1.xlsx": cible.read_bytes()}, tmp_path)["v1.xlsx"], data_only=True)
    assert len(computed_here) >= 4
    for column in computed_here:
        for row in range(last + 1, last + 4):
            assert written.cell(row, column).value == written.cell(last, column).value
            found = trouve(again["Participants"].cell(row, column).value)
            assert not str(found).startswith("#")
            if row == last + 1:
                assert pareil(found, trouve(shown["Participants"].cell(row, column).value))


@filled
def test_what_is_wrong_in_it_is_told_where_it_is(sample: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sample)
    sheet = book["Participants"]
    headers = {cell.value: rank for rank, cell in enumerate(sheet[layout.ENTETES], 1)}
    line = next(n for n in range(5, 40) if isinstance(sheet.cell(n, headers["Date de sortie"]).value, dt.datetime))
    sheet.cell(line, headers["Date de sortie"]).value = dt.datetime(2024, 12, 31)  # noqa: DTZ001 - as a sheet has it
    sheet.cell(line, headers["MDS"]).value = "Lille"
    book.save(tmp_path / "faux.xlsx")
    found = {
        (item.code, item.cell.entete, item.cell.adresse) for item in _lu(tmp_path / "faux.xlsx", catalogue).anomalies
    }
    assert ("P03", "Date de sortie", sheet.cell(line, headers["Date de sortie"]).coordinate) in found
    assert ("P14", "MDS", sheet.cell(line, headers["MDS"]).coordinate) in found


@filled
def test_commands_take_it_as_it_is(sample: Path, aap: Aap, tmp_path: Path) -> None:
    suivi = tmp_path / "suivi.xlsx"
    suivi.write_bytes(sample.read_bytes())
    day = ("--date", "15/01/2026")
    assert aap("controler", suivi, *day)[0] == 0
    assert aap("bilan", suivi, "-o", tmp_path / "bilan.xlsx", *day)[0] == 0
    code, told, _ = aap("solde", suivi, "--json", *day)
    assert code == 0
    assert json.loads(told)["anomalies_bloquantes"] == 0
    code, told, _ = aap("renvoyer", suivi, "-o", tmp_path / "renvois", "--commentaire", "Merci.", *day)
    assert code == 0
    [letter] = (tmp_path / "renvois").glob("**/*.eml")
    body = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body()
    assert body is not None
    assert "Rien n'est à corriger dans ce classeur." in body.get_content()
    code, told, _ = aap("consolider", suivi, "-o", tmp_path / "synthese", *day)
    assert code == 0
    assert "Fichiers : 1 (1 retenu)." in told


@filled
def test_it_is_compared_with_the_workbook_that_follows_it(sample: Path, aap: Aap, tmp_path: Path) -> None:
    """The same operation carried over: what came later is all that a comparison may add."""
    code, told, _ = aap("comparer", sample, TODAY[sample.stem], "--json", "--date", "15/01/2026")
    assert code in {0, 1}
    found = json.loads(told)
    assert found["avertissements"] == []
