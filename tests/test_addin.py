"""The add-in's file and the workbooks with buttons, as built and as committed: what must and must not be in them."""

import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import vba_lu
from complement import (
    ADDIN,
    COMPLEMENT,
    ECHANTILLONS,
    PROCEDURE,
    RACINE,
    XLWINGS,
    construire,
    echantillons,
    flux,
    modules_lus,
    parties,
    places,
    vba,
)
from pyopenvba.cfb import CFB
from pyopenvba.exceptions import VBACompileError
from pyopenvba.vba import decompress

from aap_xl.anomalies import Gravite
from aap_xl.dossier import Dossier
from aap_xl.faces.exemples import exemples
from aap_xl.workbook.ooxml.tree import parse
from aap_xl.workbook.template.base import PROTECTION
from aap_xl.workbook.template.buttons import BOUTONS
from aap_xl.workbook.writing.controle_sheet import COLONNES, COULEURS, ENTETES

CUSTOM_UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
ATTRIBUTS = {
    "customUI": {"onLoad", "loadImage"},
    "ribbon": {"startFromScratch"},
    "tabs": set(),
    "tab": {"id", "label", "insertAfterMso", "keytip", "visible", "tag"},
    "group": {"id", "label", "imageMso", "screentip", "supertip", "keytip", "visible", "tag", "autoScale"},
    "button": {"id", "label", "size", "imageMso", "onAction", "screentip", "supertip", "keytip", "description", "tag"},
}
"""What the schema of 2009/07 allows, for the elements used here."""
ENFANTS = {"customUI": {"ribbon"}, "ribbon": {"tabs"}, "tabs": {"tab"}, "tab": {"group"}, "group": {"button"}}
MACROS = (
    "Verifier",
    "ClasserLesSorties",
    "ProduireLeBilan",
    "PreparerLeComite",
    "ConsoliderUnDossier",
    "PreparerLeRenvoi",
)
AUTOMATIQUES = re.compile(r"(?i)\b(auto_?(open|close|exec|exit|new)|workbook_\w+|document_\w+|worksheet_\w+)\b")
FILES = [COMPLEMENT, *ECHANTILLONS]
DECALAGE = re.compile(rb"\x1a\0....(\w+)\x32\0.*?\x31\0\x04\0\0\0(....)", re.DOTALL)
"""In the stream ``dir``: a module's MODULESTREAMNAME, then its MODULEOFFSET, where its source begins."""


@pytest.fixture(scope="module")
def lus() -> dict[Path, dict[str, str]]:
    """Every committed file's modules, read back once."""
    return {chemin: modules_lus(chemin) for chemin in FILES}


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    made: dict[str, str] = construire.sources()
    return made


def procedures(texte: str) -> dict[str, str]:
    """Name → text of each procedure, without its scope."""
    return {nom: corps for corps, nom in PROCEDURE.findall(texte.replace("\r\n", "\n"))}


# The build


@pytest.fixture(scope="module")
def construits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the documented command writes, in a process of its own, from another folder."""
    folder = tmp_path_factory.mktemp("construits")
    script = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import construire\n"
        "here = pathlib.Path(sys.argv[2])\n"
        "construire.COMPLEMENT, construire.CLASSEURS = here / 'complement' / 'aap_xl.xlam', here\n"
        "construire.main()\n"
    )
    command: list[Any] = [sys.executable, "-P", "-c", script, ADDIN, folder]
    subprocess.run(command, check=True, cwd=folder)
    return folder


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(construits: Path) -> None:
    assert (construits / "complement" / "aap_xl.xlam").read_bytes() == construire.complement()


def test_what_is_committed_is_up_to_date(construits: Path) -> None:
    """To refresh it: ``python addin/construire.py``."""
    assert parties(construits / "complement" / "aap_xl.xlam") == parties(COMPLEMENT)
    assert [path.name for path in sorted(construits.glob("*.xlsm"))] == [path.name for path in ECHANTILLONS]
    for kept in ECHANTILLONS:
        assert parties(construits / kept.name) == parties(kept)
        assert [*parties(construits / kept.name)] == [*parties(kept)]


def test_the_package_ships_the_add_in() -> None:
    assert files("aap_xl.faces.install").joinpath("complement/aap_xl.xlam").read_bytes() == COMPLEMENT.read_bytes()
    assert COMPLEMENT.is_relative_to(RACINE / "src" / "aap_xl")


def test_dates_and_people_leave_no_trace(lus: dict[Path, dict[str, str]]) -> None:
    with zipfile.ZipFile(COMPLEMENT) as file:
        assert {info.date_time for info in file.infolist()} == {(2025, 1, 1, 0, 0, 0)}
    core = parties(COMPLEMENT)["docProps/core.xml"].decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    for content in parties(COMPLEMENT).values():
        assert str(RACINE).encode() not in content
        assert b"/tmp/" not in content
    for texte in lus[COMPLEMENT].values():  # packed in a part of the file
        assert str(RACINE) not in texte


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Option Explicit\nSub A()\nEnd Sub\n", "première ligne"),
        ('Attribute VB_Name = "A"\nSub A()\nEnd Sub\n', "Option Explicit"),
        ('Attribute VB_Name = "A"\nOption Explicit\n\' é\n', "ligne 3"),
        ('Attribute VB_Name = "A"\nOption Explicit\nConst A = "é"\n', "constante"),
        (f'Attribute VB_Name = "A"\nOption Explicit\nx = "{"a" * 1020}"\n', "1023"),
    ],
)
def test_a_source_that_excel_would_misread_is_refused(source: str, words: str) -> None:
    with pytest.raises(vba.SourceInvalide, match=words):
        vba.built(source, "essai")


@pytest.mark.parametrize(
    ("literal", "built"),
    [
        ('"à vérifier"', 'ChrW(224) & " v" & ChrW(233) & "rifier"'),
        ("\"« 'x' »\"", "ChrW(171) & \" 'x' \" & ChrW(187)"),
        ('"dit ""été"""', '"dit """ & ChrW(233) & "t" & ChrW(233) & """"'),
        ('"simple"', '"simple"'),
    ],
)
def test_accents_become_code_points_whatever_the_code_page(literal: str, built: str) -> None:
    source = f'Attribute VB_Name = "A"\nOption Explicit\nSub A()\n    Dire {literal}\nEnd Sub\n'
    assert vba.built(source, "essai")[1].splitlines()[3] == f"    Dire {built}"


# What is read back


@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_every_module_reads_back_as_its_source(
    chemin: Path, lus: dict[Path, dict[str, str]], sources: dict[str, str]
) -> None:
    expected = sources if chemin == COMPLEMENT else vba.modules(vba.VBA_CLASSEUR)
    read = {nom: texte for nom, texte in lus[chemin].items() if nom in expected}
    assert {nom: texte.replace("\r\n", "\n").rstrip() for nom, texte in read.items()} == {
        nom: texte.replace("\r\n", "\n").rstrip() for nom, texte in expected.items()
    }
    documents = {nom: texte for nom, texte in lus[chemin].items() if nom not in expected}
    assert all(re.fullmatch(r"ThisWorkbook|Complement|Sheet\d+", nom) for nom in documents)
    assert not any(PROCEDURE.search(texte) for texte in documents.values())


def _project(chemin: Path) -> dict[str, bytes]:
    """What the stream PROJECT of a file says of its project."""
    with zipfile.ZipFile(chemin) as archive:
        lines = CFB.from_bytes(archive.read(vba.PROJET)).get_stream("PROJECT")
    return {key.decode(): value for key, value in re.findall(rb'(?m)^(\w+)="([^"\r]*)"\r$', lines)}


def test_each_file_has_a_project_of_its_own() -> None:
    found = [_project(chemin)["ID"] for chemin in FILES]
    assert len({*found}) == len(FILES) == 3
    assert all(
        re.fullmatch(rb"\{[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}\}", item)
        for item in found
    )


def _decrypted(text: bytes, project: bytes) -> bytes:
    """The data of CMG, DPB or GC, as [MS-OVBA] 2.4.3.3 reads them; their key is the sum of the identifier."""
    seed, version, key, *rest = bytes.fromhex(text.decode())
    assert (seed ^ version, seed ^ key) == (2, sum(project) % 256)
    clear, last, before = sum(project) % 256, key, version
    read = bytearray()
    for byte in rest:
        clear, last, before = byte ^ ((before + clear) % 256), byte, last
        read.append(clear)
    ignored = (seed & 6) // 2
    size, data = read[ignored : ignored + 4], read[ignored + 4 :]
    assert int.from_bytes(size, "little") == len(data)
    return bytes(data)


@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_a_project_is_neither_locked_nor_hidden_nor_given_a_password(chemin: Path) -> None:
    project = _project(chemin)
    told = [_decrypted(project[nom], project["ID"]) for nom in ("CMG", "DPB", "GC")]
    assert told == [bytes(4), bytes(1), b"\xff"]


def test_nothing_is_left_of_the_template_s_sheet() -> None:
    with zipfile.ZipFile(COMPLEMENT) as archive:
        assert not [nom for nom in archive.namelist() if b"Sheet1" in archive.read(nom)]


@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_everything_is_ascii_explicit_and_starts_nothing_by_itself(
    chemin: Path, lus: dict[Path, dict[str, str]]
) -> None:
    for nom, texte in lus[chemin].items():
        assert texte.isascii(), nom
        assert "\nOption Explicit\r\n" in texte, nom
        assert not AUTOMATIQUES.search(re.sub(r"(?m)'.*$", "", texte)), nom


@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_a_scanner_finds_no_automatic_macro(chemin: Path, lus: dict[Path, dict[str, str]]) -> None:
    from oletools.mraptor import MacroRaptor  # noqa: PLC0415 (slow to import)

    scan = MacroRaptor("\n".join(lus[chemin].values()))
    scan.scan()
    assert not scan.autoexec
    assert not scan.suspicious


@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_nothing_compiled_is_left_for_an_office_to_believe(chemin: Path) -> None:
    """[MS-OVBA] 2.3.4.1: seven bytes and no cache; 2.3.4.2.3.2.5: a module's stream is then its source alone."""
    assert flux(chemin, "VBA", "_VBA_PROJECT") == bytes.fromhex("CC61FFFF000000")
    streams = {nom for stockage, nom in (place for place in places(chemin) if place[0] == "VBA")}
    assert not any(nom.startswith("__SRP_") for nom in streams)
    entries = decompress(flux(chemin, "VBA", "dir"))
    modules = dict(DECALAGE.findall(entries))
    assert entries.count(b"\x2c\0\x02\0\0\0\xff\xff") == len(modules)
    assert entries.count(b"\x13\0\x02\0\0\0\xff\xff") == 1
    assert {nom.decode() for nom in modules} == streams - {"dir", "_VBA_PROJECT"}
    assert set(modules.values()) == {bytes(4)}
    for nom in modules:
        assert decompress(flux(chemin, "VBA", nom.decode())).startswith(b'Attribute VB_Name = "%b"\r\n' % nom)


@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_project_dir_and_code_names_agree(chemin: Path, lus: dict[Path, dict[str, str]]) -> None:
    name = "aap_xl" if chemin == COMPLEMENT else "aap_xl_classeur"
    project = flux(chemin, "PROJECT").decode("ascii")
    assert re.findall(r'(?m)^Name="(.*)"\r$', project) == [name]
    entries = decompress(flux(chemin, "VBA", "dir"))
    assert entries.count(b"\x04\x00" + len(name).to_bytes(4, "little") + name.encode() + b"\x05\x00") == 1
    assert b"VBAProject" not in entries
    declared = re.findall(r"(?m)^(?:Module|Document)=(\w+)", project)
    assert declared == list(lus[chemin])
    parts = parties(chemin)
    (book,) = re.findall(rb'<workbookPr[^>]*codeName="(\w+)"', parts["xl/workbook.xml"])
    sheets = [
        code.decode()
        for part, content in parts.items()
        if part.startswith("xl/worksheets/sheet")
        for code in re.findall(rb'<sheetPr codeName="(\w+)"', content)
    ]
    documents = re.findall(r"(?m)^Document=(\w+)", project)
    assert sorted(documents) == sorted([book.decode(), *sheets])
    assert len(sheets) == parts["xl/workbook.xml"].count(b"<sheet ")


@pytest.mark.parametrize("mac", [False, True], ids=["windows", "macos"])
@pytest.mark.parametrize("chemin", FILES, ids=lambda chemin: chemin.name)
def test_all_the_vba_compiles_and_declares_what_it_names(
    chemin: Path, mac: bool, lus: dict[Path, dict[str, str]]
) -> None:
    parsed = {nom: vba_lu.lire(texte, nom, mac=mac) for nom, texte in lus[chemin].items()}
    assert vba_lu.inconnus(parsed) == []


def test_the_compiler_would_see_a_mistake(sources: dict[str, str]) -> None:
    boutons = sources["AapBoutons"]
    parsed = {nom: vba_lu.lire(texte, nom) for nom, texte in sources.items()}
    parsed["AapBoutons"] = vba_lu.lire(boutons.replace("Dim journal As String", ""), "AapBoutons")
    assert set(vba_lu.inconnus(parsed)) == {"AapBoutons.CleanUp : journal"}
    with pytest.raises(VBACompileError):
        vba_lu.lire(boutons.replace("    End If\r\n", "", 1), "AapBoutons")


# The ribbon and the buttons


@pytest.fixture(scope="module")
def ruban() -> Any:
    return parse(parties(COMPLEMENT)[construire.RUBAN]).root


def test_the_ribbon_is_part_of_the_file(ruban: Any) -> None:
    assert parties(COMPLEMENT)[construire.RUBAN] == (ADDIN / "ruban.xml").read_bytes()
    rels = parse(parties(COMPLEMENT)["_rels/.rels"]).root
    found = [item for item in rels if item.get("Target") == construire.RUBAN]
    assert [item.get("Type") for item in found] == [
        "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    ]
    assert len({item.get("Id") for item in rels}) == len(rels)


def test_the_ribbon_follows_its_schema(ruban: Any) -> None:
    """Also validated once, by hand, against Microsoft's customui14.xsd."""
    identifiers = [item.get("id") for item in ruban.iter() if item.get("id")]
    assert len(set(identifiers)) == len(identifiers)
    for item in ruban.iter():
        tag = item.tag.removeprefix(CUSTOM_UI)
        assert set(item.attrib) <= ATTRIBUTS[tag], tag
        assert {child.tag.removeprefix(CUSTOM_UI) for child in item} <= ENFANTS.get(tag, set())
        for nom, value in item.attrib.items():
            assert 1 <= len(value) <= 1024, nom


def test_every_ribbon_button_has_its_words_and_its_callback(ruban: Any, sources: dict[str, str]) -> None:
    callbacks = {
        item.name: [(param.name, param.declared) for param in item.params]
        for item in vba_lu.lire(sources["AapRuban"], "AapRuban").procedures
        if item.kind == "sub" and item.scope == "public"
    }
    buttons = [*ruban.iter(f"{CUSTOM_UI}button")]
    assert {item.get("onAction") for item in buttons} == callbacks.keys()
    assert {tuple(params) for params in callbacks.values()} == {(("control", "IRibbonControl"),)}
    assert all(item.get("label") and item.get("screentip") and item.get("supertip") for item in buttons)
    assert [item.get("label") for item in ruban.iter(f"{CUSTOM_UI}tab")] == ["AAP"]
    labels = [item.get("label") for item in buttons]
    assert labels[:4] == ["Vérifier", "Classer les sorties", "Produire le bilan", "Préparer le comité"]
    assert labels[4:6] == ["Consolider un dossier", "Préparer le renvoi"]


def test_each_callback_does_one_thing_that_exists(sources: dict[str, str]) -> None:
    called = re.findall(r"Public Sub Ruban(\w+)\(.*\)\r\n    (\w+)\r\nEnd Sub", sources["AapRuban"])
    public = {
        item.name
        for item in vba_lu.lire(sources["AapBoutons"], "AapBoutons").procedures
        if item.kind == "sub" and item.scope == "public" and not item.params
    }
    assert {macro for _, macro in called} <= public
    assert public >= set(MACROS)


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.name)
def test_every_in_sheet_button_has_its_macro_and_the_add_in_too(chemin: Path, lus: dict[Path, dict[str, str]]) -> None:
    drawings = b"".join(content for part, content in parties(chemin).items() if part.endswith(".vml")).decode()
    called = re.findall(r"<x:FmlaMacro>\[0\]!(\w+)\.(\w+)</x:FmlaMacro>", drawings)
    assert called
    assert sorted(macro for _, macro in called) == sorted(bouton.macro for bouton in BOUTONS)
    assert {module for module, _ in called} == {echantillons.MODULE}
    available = procedures(lus[chemin][echantillons.MODULE])
    distant = procedures(lus[COMPLEMENT]["AapBoutons"])
    for _, macro in called:
        assert f'Lancer "{macro}"' in available[macro]
        assert macro in distant
    assert all(bouton.libelle in drawings for bouton in BOUTONS)


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.name)
def test_a_workbook_with_buttons_names_no_interpreter(chemin: Path, lus: dict[Path, dict[str, str]]) -> None:
    code = lus[chemin][echantillons.MODULE]
    assert not re.search(r"(?i)RunPython|interpreter|python|Shell|CreateObject|\.conf", code)
    assert "aap_xl.xlam" in code


# Security


def test_a_cell_can_call_nothing_but_the_worksheet_functions(sources: dict[str, str]) -> None:
    functions = {
        item.name
        for nom, texte in sources.items()
        for mac in (False, True)
        for item in vba_lu.lire(texte, nom, mac=mac).procedures
        if item.kind == "function" and item.scope != "private"
    }
    assert {nom for nom in functions if not nom.startswith("AAP_")} == {"XLPy"}
    assert "Private Module" in vba_lu.lire(sources["xlwings"], "xlwings").options
    assert not re.search(r"(?m)^\s*(Public )?Declare ", sources["xlwings"])


def test_no_workbook_chooses_what_runs(lus: dict[Path, dict[str, str]]) -> None:
    code = re.sub(r"(?m)'.*$", "", lus[COMPLEMENT]["xlwings"])
    assert code.count(".conf") == 2
    assert set(re.findall(r'.*"\.conf"', code)) == {
        '        GetConfigFilePath = GetMacDir("$HOME", False) & "/" & PROJECT_NAME & ".conf"',
        '        GetConfigFilePath = Environ("USERPROFILE") & "\\." & PROJECT_NAME & "\\" & PROJECT_NAME & ".conf"',
    }
    assert not re.search(r"GetConfigFromSheet|GetDirectoryConfigFilePath|\.Sheets|\.FullName|Workbook\.Path", code)
    assert set(re.findall(r"(?:Active|This)Workbook\.?\w*", code)) == {"ActiveWorkbook", "ActiveWorkbook.Name"}
    assert not re.search(r"(?i)xlwings\.pro|LICENSE_KEY|RunFrozen|ImportPythonUDFs|VBProject|conda", code)
    assert 'SearchPath = "false" & SearchPath' in code
    assert code.count('" -B -P -c ""') == 2


def test_the_copy_of_xlwings_is_the_pinned_one(sources: dict[str, str]) -> None:
    """The procedures after the mark are xlwings' own, word for word but for their scope."""
    theirs = procedures(XLWINGS.read_text(encoding="ascii"))
    copy = (ADDIN / "vba" / "xlwings.bas").read_text(encoding="utf-8")
    changed, kept = copy.split("' ---- As in xlwings")
    assert {nom: texte for nom, texte in procedures(kept).items() if texte != theirs[nom]} == {}
    assert len(procedures(kept)) > 10
    assert set(re.findall(r"\d+\.\d+\.\d+", changed)) == {version("xlwings")}
    assert "xlwings is distributed under a BSD 3-clause license" in changed
    licence = XLWINGS.read_text(encoding="ascii").replace("\r\n", "\n")
    licence = licence[licence.index("'xlwings is distributed") : licence.index("SUCH DAMAGE.")]
    assert licence in changed
    assert licence.replace("\n'", "\n").lstrip("'") in (ADDIN / "THIRD_PARTY.md").read_text(encoding="utf-8")


# What the VBA knows of the workbook


def test_the_marks_know_the_sheet_of_anomalies(sources: dict[str, str]) -> None:
    marks = (ADDIN / "vba" / "AapMarques.bas").read_text(encoding="utf-8")
    assert f"LIGNE_ENTETES As Long = {ENTETES}\n" in marks
    assert f'Split("{"|".join(colonne.titre for colonne in COLONNES[:3])}", "|")' in marks
    assert f'Split("{"|".join(Gravite)}", "|")' in marks


def test_the_marks_have_the_colours_of_the_sheet_of_anomalies() -> None:
    code = (ADDIN / "vba" / "AapExcel.bas").read_text(encoding="utf-8")
    found = [tuple(map(int, rgb)) for rgb in re.findall(r"RGB\((\d+), (\d+), (\d+)\)", code)]
    wanted = [Gravite.INFORMATION, Gravite.BLOQUANTE, Gravite.A_VERIFIER]
    assert found == [tuple(bytes.fromhex(couleur[1:])) for gravite in wanted for couleur in COULEURS[gravite]]


def test_sheets_are_protected_again_as_the_template_does() -> None:
    code = (ADDIN / "vba" / "AapExcel.bas").read_text(encoding="utf-8")
    allowed = {
        f"Allow{''.join(word.capitalize() for word in nom.replace('format', 'formatting').split('_'))}"
        for nom, value in PROTECTION.items()
        if value and nom.startswith("format")
    }
    assert set(re.findall(r"(Allow\w+):=True", code)) == allowed


# A workbook with buttons is an ordinary workbook


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.name)
@pytest.mark.slow
def test_the_bilan_of_a_workbook_with_buttons_keeps_them(chemin: Path, tmp_path: Path) -> None:
    copy, cible = tmp_path / chemin.name, tmp_path / "bilan.xlsm"
    copy.write_bytes(chemin.read_bytes())
    (exemple,) = [item for item in exemples(erreurs=False) if chemin.name.startswith(item.nom)]
    dossier = Dossier.lire(copy, aujourdhui=exemple.aujourdhui)
    dossier.ecrire_bilan(cible)
    before, after = parties(chemin), parties(cible)
    kept = [part for part in before if part.endswith((".vml", ".bin", ".vml.rels"))]
    assert len(kept) == 3
    assert {part: after[part] for part in kept} == {part: before[part] for part in kept}
    assert modules_lus(cible) == modules_lus(chemin)
    assert all(b"legacyDrawing" in after[part] for part in before if b"legacyDrawing" in before[part])
    assert not [str(item) for item in Dossier.lire(cible, aujourdhui=exemple.aujourdhui).a_corriger]


def test_the_bilan_takes_away_the_marks_that_the_add_in_put(tmp_path: Path) -> None:
    """A mark as Excel writes it for `AapExcel`: the command line knows it as its own."""
    chemin, cible = tmp_path / "suivi.xlsm", tmp_path / "bilan.xlsm"
    mark = (
        b'<conditionalFormatting sqref="B5"><cfRule type="expression" dxfId="0" priority="1">'
        b'<formula>"aap_xl:bloquante"&lt;&gt;""</formula></cfRule></conditionalFormatting>'
    )
    with zipfile.ZipFile(chemin, "w") as file:
        for part, content in parties(ECHANTILLONS[0]).items():
            marked = part == "xl/worksheets/sheet8.xml"
            file.writestr(part, content.replace(b"<conditionalF", mark + b"<conditionalF", 1) if marked else content)
    assert mark in parties(chemin)["xl/worksheets/sheet8.xml"]
    Dossier.lire(chemin, aujourdhui=next(exemples(erreurs=False)).aujourdhui).ecrire_bilan(cible)
    assert b"aap_xl:" not in parties(cible)["xl/worksheets/sheet8.xml"]
