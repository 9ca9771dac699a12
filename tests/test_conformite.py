"""Whatever we write opens in Excel without a repair, as far as its schema and its known limits tell: no Excel here."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from comme_excel import enregistrer
from conformite import hors_limites, hors_schema
from envois import classeur, deposer, personne
from fabrique import Brut
from libreoffice import XLSX, convertir
from pieges import pieges
from riche import enrichir

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.faces import complement
from aap_xl.faces.cli import main
from aap_xl.workbook.template.build import build

RACINE = Path(__file__).parents[1]
LIVRES = sorted((RACINE / "workbooks").glob("*.xls?"))
COMPLEMENT = Path(complement.__path__[0]) / "aap_xl.xlam"
EXEMPLE = RACINE / "workbooks" / "2025-3.3-exemple.xlsx"
JOUR = "15/12/2025"
MALICIEUX = ("=1+1", "]]>&<\"'", "\x0b_x000a_ 😀", "x" * 32_767, "-2+3", "@SUM(A1)", "'", " " * 40)
"""What people type, paste or plant where the control will quote it."""


def _fautes(content: bytes, suffixe: str = ".xlsx") -> list[str]:
    return hors_limites(content) + hors_schema(content, suffixe)


def _commande(*words: str | Path) -> None:
    assert main([str(word) for word in (*words, "--date", JOUR)]) in (0, 1)


@pytest.mark.parametrize("chemin", [*LIVRES, COMPLEMENT], ids=lambda chemin: chemin.name)
def test_what_is_shipped(chemin: Path) -> None:
    assert _fautes(chemin.read_bytes(), chemin.suffix) == []


@pytest.mark.parametrize("chemin", LIVRES, ids=lambda chemin: chemin.name)
def test_the_bilan_of_what_is_shipped_and_its_bilan_again(chemin: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / f"un{chemin.suffix}", tmp_path / f"deux{chemin.suffix}"
    _commande("bilan", chemin, "-o", once)
    assert _fautes(once.read_bytes(), chemin.suffix) == []
    _commande("bilan", once, "-o", twice)
    assert hors_limites(twice.read_bytes()) == []


def test_the_workbook_of_another_call() -> None:
    for appel in Catalogue([RACINE / "tests" / "appels"]):
        assert _fautes(build(appel, {}, aujourdhui=date(2025, 12, 15))) == []


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_what_an_officer_gets(code: str, tmp_path: Path) -> None:
    samples = [RACINE / "workbooks" / f"2025-{code}-{nom}.xlsx" for nom in ("vierge", "exemple")]
    _commande("renvoyer", samples[1], "-o", tmp_path / "renvoi", "--commentaire", "À revoir.")
    _commande("comparer", *samples, "-o", tmp_path / "comparaison.xlsx")
    _commande("solde", samples[1], "-o", tmp_path / "solde.xlsx")
    written = sorted(tmp_path.rglob("*.xlsx"))
    assert len(written) == 3
    assert {path.name: _fautes(path.read_bytes()) for path in written} == {path.name: [] for path in written}


def test_the_synthesis_of_returns_with_awkward_names(catalogue: Catalogue, tmp_path: Path) -> None:
    appel = catalogue.get("3.3", 2025)
    names = ("a & b.xlsx", "100 % #1 [vu].xlsx", "l'été/à « lire ».xlsx")
    files = {nom: classeur(appel, [personne("C1")], intitule=nom) for nom in names}
    deposer(tmp_path / "reçus", files | {"abîmé.xlsx": b"PK\3\4"})
    _commande("consolider", tmp_path / "reçus", "-o", tmp_path / "out", "--processus", "1", "--silencieux")
    assert _fautes((tmp_path / "out" / "synthese.xlsx").read_bytes()) == []


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
    assert set(_fautes(written)) <= set(_fautes(source))


def test_nothing_that_is_quoted_breaks_the_sheet(catalogue: Catalogue, tmp_path: Path) -> None:
    people = [personne(f"C{n}", date_entree=Brut(text)) for n, text in enumerate(MALICIEUX)]
    source = classeur(catalogue.get("3.3", 2025), people)
    assert set(_fautes(_bilan(source, tmp_path, catalogue))) <= set(_fautes(source))


@pytest.mark.libreoffice
def test_what_libreoffice_saves_and_the_bilan_written_in_it(catalogue: Catalogue, tmp_path: Path) -> None:
    """An operator works in LibreOffice, an officer opens the file in Excel."""
    sources = {chemin.name: chemin.read_bytes() for chemin in LIVRES if chemin.suffix == ".xlsx"}
    for nom, chemin in convertir(sources, tmp_path, XLSX).items():
        saved = chemin.read_bytes()
        assert _fautes(saved) == [], nom
        folder = tmp_path / nom
        folder.mkdir()
        assert _fautes(_bilan(saved, folder, catalogue)) == [], nom


# --- the checks see what they are there for


def _remplacer(partie: str, motif: str, par: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = next(
            name for name in parts if re.fullmatch(partie, name) and re.search(motif, parts[name].decode(), re.S)
        )
        parts[name] = re.sub(motif, par, parts[name].decode(), count=1, flags=re.S).encode()

    return change


def _retirer(partie: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        del parts[next(name for name in parts if re.fullmatch(partie, name))]

    return change


_FEUILLE, _TABLE, _CLASSEUR = r"xl/worksheets/sheet\d+\.xml", r"xl/tables/table\d+\.xml", r"xl/workbook\.xml"
LIMITES = {
    "a part that is gone": (_retirer(_TABLE), "which is absent"),
    "a relation that is gone": (_remplacer(_FEUILLE, r'<tablePart r:id="[^"]*"', '<tablePart r:id="rId99"'), "rId99"),
    "a part without type": (
        _remplacer(r"\[Content_Types\]\.xml", r'<Override PartName="/xl/tables/table1.xml"[^>]*>', ""),
        "no content type of its own",
    ),
    "an address with a space": (
        _remplacer(r".*sheet\d+\.xml\.rels", r'Target="\.\./tables', 'Target=".. /tables'),
        "no address",
    ),
    "a look that does not exist": (_remplacer(_FEUILLE, r' s="\d+"', ' s="9999"'), "has the look 9999"),
    "a conditional look that does not exist": (_remplacer(_FEUILLE, r'dxfId="\d+"', 'dxfId="999"'), "look 999"),
    "a format that is not declared": (
        _remplacer(r"xl/styles\.xml", r'<cellXfs(.*?)numFmtId="\d+"', r'<cellXfs\1numFmtId="199"'),
        "undeclared format 199",
    ),
    "styles counted wrong": (_remplacer(r"xl/styles\.xml", r'<cellXfs count="\d+"', '<cellXfs count="1"'), "counts 1"),
    "a text that does not exist": (
        _remplacer(_FEUILLE, r't="s"([^>]*)><v>\d+', r't="s"\1><v>999999'),
        "has the text 999999",
    ),
    "a number that is a word": (
        _remplacer(_FEUILLE, r'(<c r="[A-Z]+\d+"(?: s="\d+")?>)<v>[^<]*', r"\1<v>nan"),
        "as a number",
    ),
    "rows in disorder": (_remplacer(_FEUILLE, r'<row r="5"', '<row r="1"'), "follows row"),
    "cells in disorder": (_remplacer(_FEUILLE, r'<c r="A5"', '<c r="XFD5"'), "follows XFD5"),
    "a cell beyond the sheet": (_remplacer(_FEUILLE, r'<c r="A5"', '<c r="XFE5"'), "no cell of row"),
    "a row too high": (
        _remplacer(_FEUILLE, r'<row r="(\d+)"([^>]*) ht="[^"]*"', r'<row r="\1"\2 ht="410"'),
        "is 410 high",
    ),
    "merged cells that overlap": (
        _remplacer(_FEUILLE, r'<mergeCell ref="([^"]*)"/>', r'<mergeCell ref="\1"/><mergeCell ref="\1"/>'),
        "overlap",
    ),
    "a help too long": (_remplacer(_FEUILLE, r' promptTitle="[^"]*"', f' promptTitle="{"x" * 33}"'), "over 32"),
    "a list too long": (_remplacer(_FEUILLE, r"<formula1>[^<]*", f'<formula1>"{"x," * 140}"'), "a list of 280"),
    "a format over nothing": (
        _remplacer(_FEUILLE, r'<conditionalFormatting sqref="[^"]*"', '<conditionalFormatting sqref="A0"'),
        "covers A0",
    ),
    "a link to nowhere": (
        _remplacer(_FEUILLE, r' location="[^"]*"', " location=\"'Ailleurs'!A1\""),
        "leads to Ailleurs",
    ),
    "a footer too long": (_remplacer(_FEUILLE, r"<oddFooter>[^<]*", f"<oddFooter>{'x' * 256}"), "oddFooter is over"),
    "page breaks counted wrong": (
        _remplacer(_FEUILLE, r'manualBreakCount="\d+"', 'manualBreakCount="99"'),
        "announced as",
    ),
    "a formula to nowhere": (_remplacer(_FEUILLE, r"<f>[^<]*", "<f>Ailleurs!A1"), "leads to Ailleurs"),
    "a formula with its sign": (_remplacer(_FEUILLE, r"<f>", "<f>="), "the formula '="),
    "two sheets selected": (
        _remplacer(r"xl/worksheets/sheet3\.xml", r"<sheetView ", '<sheetView tabSelected="1" '),
        "selected together",
    ),
    "a long name of sheet": (_remplacer(_CLASSEUR, r'(<sheet name=")Actions', rf"\1{'x' * 32}"), "no name for a sheet"),
    "a sheet called as Excel's": (
        _remplacer(_CLASSEUR, r'(<sheet name=")Actions', r"\1Historique"),
        "sheet of changes",
    ),
    "two sheets of one name": (
        _remplacer(_CLASSEUR, r'(<sheet name=")Actions', r"\1PARTICIPANTS"),
        "two sheets are called",
    ),
    "a hidden sheet to show": (
        _remplacer(_CLASSEUR, r"<workbookView ", '<workbookView activeTab="16" '),
        "the sheet to show",
    ),
    "a name that is a cell": (
        _remplacer(_CLASSEUR, r'<definedName name="aujourdhui"', '<definedName name="AAP33"'),
        "no name for cells",
    ),
    "a name defined twice": (
        _remplacer(_CLASSEUR, r'<definedName name="aujourdhui"', '<definedName name="bord_du"'),
        "defined twice",
    ),
    "a table over nothing": (_remplacer(_TABLE, r' ref="A4:', ' ref="A0:'), "covers A0"),
    "a table over another width": (_remplacer(_TABLE, r' ref="A4:[A-Z]+', ' ref="A4:ZZ'), "covered"),
    "a header that says something else": (
        _remplacer(_TABLE, r'(<tableColumn id="2" name=")', r"\1Autre "),
        "is headed",
    ),
    "two columns of one name": (
        _remplacer(_TABLE, r'(<tableColumn id="1" name="([^"]*)".*?<tableColumn id="2" name=")[^"]*', r"\1\2"),
        "two columns are called",
    ),
    "two tables of one name": (
        _remplacer(r"xl/tables/table2\.xml", r'displayName="[^"]*"', 'displayName="t_actions"'),
        "tables or names are called",
    ),
    "a table that is called as a cell": (
        _remplacer(_TABLE, r'displayName="[^"]*"', 'displayName="TAB25"'),
        "no name for a table",
    ),
    "a filter beside its table": (_remplacer(_TABLE, r'<autoFilter ref="A4', '<autoFilter ref="B4'), "filters"),
    "a chart of nothing": (
        _remplacer(r"xl/charts/chart\d+\.xml", r"<c:f>[^<]*", "<c:f>Ailleurs!$A$1"),
        "shows Ailleurs",
    ),
    "properties of one number": (_remplacer(r"docProps/custom\.xml", r'pid="3"', 'pid="2"'), "numbered"),
}
"""A fault planted in the sample, and words of what is said of it."""


@pytest.fixture(scope="module")
def parties() -> dict[str, bytes]:
    with zipfile.ZipFile(EXEMPLE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _refaire(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("cas", LIMITES)
def test_a_planted_fault_is_seen(parties: dict[str, bytes], cas: str) -> None:
    plant, words = LIMITES[cas]
    parts = dict(parties)
    plant(parts)
    assert words in "\n".join(hors_limites(_refaire(parts)))


SCHEMA = {
    "elements in disorder": _remplacer(
        _FEUILLE, r"(<dataValidations.*?</dataValidations>)(.*?)(</worksheet>)", r"\2\1\3"
    ),
    "an unknown kind of cell": _remplacer(_FEUILLE, r' t="s"', ' t="zz"'),
    "a table without its name": _remplacer(_TABLE, r' displayName="[^"]*"', ""),
    "an unknown element": _remplacer(_FEUILLE, r"<sheetData>", "<inconnu/><sheetData>"),
}


@pytest.mark.parametrize("cas", SCHEMA)
def test_a_fault_against_the_schema_is_seen(parties: dict[str, bytes], cas: str) -> None:
    parts = dict(parties)
    SCHEMA[cas](parts)
    assert hors_schema(_refaire(parts)) != []


def test_a_chain_of_calculation_that_names_an_empty_cell_is_seen(parties: dict[str, bytes]) -> None:
    parts = dict(parties)
    main_ns, kind = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml",
    )
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    parts["xl/calcChain.xml"] = f'<calcChain xmlns="{main_ns}"><c r="A1" i="1"/></calcChain>'.encode()
    _remplacer(
        r"\[Content_Types\]\.xml", "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
    )(parts)
    _remplacer(
        r"xl/_rels/workbook\.xml\.rels",
        "</Relationships>",
        f'<Relationship Id="rIdC" Type="{rel}" Target="calcChain.xml"/></Relationships>',
    )(parts)
    assert "has no formula in A1" in "\n".join(hors_limites(_refaire(parts)))


# --- as Excel saves it


NOTES = {
    "Bilan": {"P3": "vu avec la MDS", "Q9": "=1+1", "P700": "fin", "B900": "=2+2"},
    "Contrôle": {"K2": "=3+3", "C950": "=4+4"},
}
"""What an operator types right of our columns, and far below them."""


@pytest.fixture(scope="module", params=["3.3", "3.7"])
def source_et_excel(request: pytest.FixtureRequest) -> tuple[bytes, bytes]:
    source = (RACINE / "workbooks" / f"2025-{request.param}-exemple.xlsx").read_bytes()
    return source, enregistrer(source, NOTES)


def test_the_dress_of_excel_is_in_order(source_et_excel: tuple[bytes, bytes]) -> None:
    assert _fautes(source_et_excel[1]) == []


def test_what_excel_saves_reads_the_same(source_et_excel: tuple[bytes, bytes], catalogue: Catalogue) -> None:
    plain, dressed = (Dossier.lire(Path("suivi.xlsx"), catalogue, octets=content) for content in source_et_excel)
    assert plain.anomalies == dressed.anomalies
    for nom, frame in plain.frames().items():
        assert frame.equals(dressed.frames()[nom]), nom


def test_the_bilan_of_what_excel_saved_keeps_the_notes_beside_it(
    source_et_excel: tuple[bytes, bytes], catalogue: Catalogue, tmp_path: Path
) -> None:
    """What stood below, in our own columns, is written anew: Excel's chain of calculation must not look for it."""
    written = _bilan(source_et_excel[1], tmp_path, catalogue)
    assert _fautes(written) == []
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert [book["Bilan"][place].value for place in ("P3", "Q9", "P700")] == ["vu avec la MDS", "=1+1", "fin"]
    assert book["Contrôle"]["K2"].value == "=3+3"
    assert book["Bilan"]["B900"].value is None
    chain = zipfile.ZipFile(io.BytesIO(written)).read("xl/calcChain.xml").decode()
    assert [f'r="{place}"' in chain for place in ("B900", "C950", "P700")] == [False, False, False]
    assert (
        chain.count("<c ") == zipfile.ZipFile(io.BytesIO(source_et_excel[1])).read("xl/calcChain.xml").count(b"<c ") - 2
    )
