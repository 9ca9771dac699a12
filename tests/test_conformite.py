"""Whatever we write opens in Excel without a repair, as far as its schema and its known limits tell: no Excel here."""

from datetime import date
from pathlib import Path

import pytest
from conformite import fautes, hors_limites, hors_schema
from envois import classeur, deposer, personne
from fabrique import Brut
from libreoffice import XLSX, convertir
from pieges import pieges
from riche import enrichir

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.faces.cli import main
from aap_xl.faces.install import complement
from aap_xl.workbook.template.build import build

pytestmark = pytest.mark.slow

RACINE = Path(__file__).parents[1]
LIVRES = sorted((RACINE / "workbooks").glob("*.xls?"))
COMPLEMENT = Path(complement.__path__[0]) / "aap_xl.xlam"
EXEMPLE = RACINE / "workbooks" / "2025-3.3-exemple.xlsx"
JOUR = "15/12/2025"
MALICIEUX = ("=1+1", "]]>&<\"'", "\x0b_x000a_ 😀", "x" * 32_767, "-2+3", "@SUM(A1)", "'", " " * 40)
"""What people type, paste or plant where the control will quote it."""


def _commande(*words: str | Path) -> None:
    assert main([str(word) for word in (*words, "--date", JOUR)]) in (0, 1)


@pytest.mark.parametrize("chemin", [*LIVRES, COMPLEMENT], ids=lambda chemin: chemin.name)
def test_what_is_shipped(chemin: Path) -> None:
    assert fautes(chemin.read_bytes(), chemin.suffix) == []


@pytest.mark.parametrize("chemin", LIVRES, ids=lambda chemin: chemin.name)
def test_the_bilan_of_what_is_shipped_and_its_bilan_again(chemin: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / f"un{chemin.suffix}", tmp_path / f"deux{chemin.suffix}"
    _commande("bilan", chemin, "-o", once)
    assert fautes(once.read_bytes(), chemin.suffix) == []
    _commande("bilan", once, "-o", twice)
    assert hors_limites(twice.read_bytes()) == []


def test_the_workbook_of_another_call() -> None:
    for appel in Catalogue([RACINE / "tests" / "appels"]):
        assert fautes(build(appel, {}, aujourdhui=date(2025, 12, 15))) == []


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_what_an_officer_gets(code: str, tmp_path: Path) -> None:
    samples = [RACINE / "workbooks" / f"2025-{code}-{nom}.xlsx" for nom in ("vierge", "exemple")]
    _commande("renvoyer", samples[1], "-o", tmp_path / "renvoi", "--commentaire", "À revoir.")
    _commande("comparer", *samples, "-o", tmp_path / "comparaison.xlsx")
    _commande("solde", samples[1], "-o", tmp_path / "solde.xlsx")
    written = sorted(tmp_path.rglob("*.xlsx"))
    assert len(written) == 3
    assert {path.name: fautes(path.read_bytes()) for path in written} == {path.name: [] for path in written}


def test_the_synthesis_of_returns_with_awkward_names(catalogue: Catalogue, tmp_path: Path) -> None:
    appel = catalogue.get("3.3", 2025)
    names = ("a & b.xlsx", "100 % #1 [vu].xlsx", "l'été/à « lire ».xlsx")
    files = {nom: classeur(appel, [personne("C1")], intitule=nom) for nom in names}
    deposer(tmp_path / "reçus", files | {"abîmé.xlsx": b"PK\3\4"})
    _commande("consolider", tmp_path / "reçus", "-o", tmp_path / "out", "--processus", "1", "--silencieux")
    assert fautes((tmp_path / "out" / "synthese.xlsx").read_bytes()) == []


def _bilan(content: bytes, folder: Path, catalogue: Catalogue, suffixe: str = ".xlsx") -> bytes:
    (folder / f"suivi{suffixe}").write_bytes(content)
    dossier = Dossier.lire(folder / f"suivi{suffixe}", catalogue)
    assert dossier.a_corriger
    return dossier.octets_bilan()


def test_writing_adds_no_fault_to_a_rich_workbook(catalogue: Catalogue, tmp_path: Path) -> None:
    rich = enrichir(EXEMPLE.read_bytes())
    written = _bilan(rich, tmp_path, catalogue, ".xlsm")
    assert set(hors_limites(written)) <= set(hors_limites(rich))
    assert set(hors_schema(written, ".xlsm")) <= set(hors_schema(rich, ".xlsm"))


def test_writing_adds_no_fault_to_a_damaged_one(catalogue: Catalogue, tmp_path: Path) -> None:
    source = pieges(catalogue.get("3.7", 2025))
    written = _bilan(source, tmp_path, catalogue)
    assert set(fautes(written)) <= set(fautes(source))


def test_nothing_that_is_quoted_breaks_the_sheet(catalogue: Catalogue, tmp_path: Path) -> None:
    people = [personne(f"C{n}", date_entree=Brut(text)) for n, text in enumerate(MALICIEUX)]
    source = classeur(catalogue.get("3.3", 2025), people)
    assert set(fautes(_bilan(source, tmp_path, catalogue))) <= set(fautes(source))


@pytest.mark.libreoffice
def test_what_libreoffice_saves_and_the_bilan_written_in_it(catalogue: Catalogue, tmp_path: Path) -> None:
    """An operator works in LibreOffice, an officer opens the file in Excel."""
    sources = {chemin.name: chemin.read_bytes() for chemin in LIVRES if chemin.suffix == ".xlsx"}
    for nom, chemin in convertir(sources, tmp_path, XLSX).items():
        saved = chemin.read_bytes()
        assert fautes(saved) == [], nom
        folder = tmp_path / nom
        folder.mkdir()
        assert fautes(_bilan(saved, folder, catalogue)) == [], nom
