"""Two engines, one rule: LibreOffice recalculates every native formula, and each must agree with Python."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from generator import Dossier, dossier
from libreoffice import convertir, exige

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.domain.calculs import CALCULS, calculer
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.sorties import A_QUALIFIER, classe_sortie
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.template.base import en_cache
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.ecriture import remplir

pytestmark = pytest.mark.libreoffice
_SEEDS = range(6)


def _fixed_day(content: bytes, jour: date) -> bytes:
    """The workbook with its « today » frozen, so that the oracle does not depend on the clock."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            out.writestr(item, source.read(item).replace(b"TODAY()", f"{en_cache(jour)}".encode()))
    return target.getvalue()


def _filled(case: Dossier) -> bytes:
    empty = build(case.appel, {}, aujourdhui=case.aujourdhui)
    return _fixed_day(remplir(empty, case.operation, case.tables, case.appel), case.aujourdhui)


def _expected(donnees: Donnees) -> Iterator[tuple[str, str, str, Any]]:
    """Sheet, address, name and value of every computed cell."""
    for nom, table in layout.tables(donnees.appel).items():
        for champ in table.champs:
            if champ.calcule:
                for rang, row in enumerate(donnees.rows(nom)):
                    place = a1(layout.DONNEES + rang, table.colonnes[champ.nom])
                    yield table.feuille, place, f"{nom}.{champ.nom}", CALCULS[nom, champ.nom](row, donnees)
    for cell in synthese.cellules(donnees.appel):
        yield cell.feuille, a1(cell.ligne, cell.colonne), cell.cle, calculer(cell.cle, donnees)


def _found(value: Any) -> Any:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return float(en_cache(value.date()))
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _wanted(value: Any) -> Any:
    if value is None or value == "":
        return None
    return float(en_cache(value)) if isinstance(value, int | Decimal | date) else value


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, float) and isinstance(wanted, float):
        return abs(found - wanted) < 1e-7
    return bool(found == wanted)


def compare(chemin: Path, donnees: Donnees) -> list[str]:
    """What LibreOffice and Python do not agree upon."""
    book = openpyxl.load_workbook(chemin, data_only=True)
    wrong = []
    for feuille, place, nom, value in _expected(donnees):
        found, wanted = _found(book[feuille][place].value), _wanted(value)
        if not _same(found, wanted):
            wrong.append(f"{feuille}!{place} {nom}: LibreOffice {found!r}, Python {wanted!r}")
    return wrong


_FICTIFS = Path(__file__).parent / "appels"
_APPELS = ["3.3", "3.7", "9.1", "9.2"]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped calls and the fictional ones."""
    return Catalogue((_FICTIFS,))


@pytest.mark.parametrize("code", _APPELS)
def test_every_native_formula_agrees_with_python(code: str, catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    appel = catalogue.get(code)
    cases = {f"{seed}.xlsx": dossier(appel, seed) for seed in _SEEDS}
    found = convertir({nom: _filled(case) for nom, case in cases.items()}, tmp_path)
    wrong = {nom: compare(found[nom], case.donnees) for nom, case in cases.items()}
    assert not any(wrong.values()), "\n".join(line for lines in wrong.values() for line in lines[:40])


@pytest.mark.parametrize("code", _APPELS)
def test_a_blank_workbook_shows_its_cached_values(code: str, catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    appel = catalogue.get(code)
    jour = date(2025, 10, 15)
    identite = {"porteur": "Association", "date_debut": date(2025, 3, 1), "date_fin": date(2026, 2, 28)}
    content = _fixed_day(build(appel, identite, aujourdhui=jour), jour)
    recalculated = openpyxl.load_workbook(convertir({"v.xlsx": content}, tmp_path)["v.xlsx"], data_only=True)
    cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    wrong = [
        f"{sheet.title}!{cell.coordinate}: {before!r} → {after!r}"
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
        for before in [_found(cached[sheet.title][cell.coordinate].value)]
        for after in [_found(recalculated[sheet.title][cell.coordinate].value)]
        if not _same(before, after)
    ]
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_the_generated_dossiers_reach_everything(code: str, catalogue: Catalogue) -> None:
    appel: Appel = catalogue.get(code)
    assert appel.sorties
    everything = [dossier(appel, seed).donnees for seed in _SEEDS]
    lines = {id(classe_sortie(p, appel).ligne) for d in everything for p in d.participants}
    assert {id(ligne) for ligne in appel.sorties.classement} <= lines
    for nom, champ, words in (
        ("participants", "statut", 6 if "etat_suivi" in appel.classeur.tables["participants"].colonnes else 5),
        ("depenses", "motif", 6),
    ):
        found = {CALCULS[nom, champ](row, d) for d in everything for row in d.rows(nom)}
        assert len(found - {None}) + (nom == "depenses") >= words, found
    assert A_QUALIFIER in {CALCULS["participants", "classe"](p, d) for d in everything for p in d.participants}
