"""What LibreOffice can't run of the add-in, run by a VBA interpreter: the way to Python, settings, marks in Excel.

The interpreter models Excel but opens no file and starts no program: those few procedures, and only they, are replaced.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from complement import COMPLEMENT, ECHANTILLONS, PROCEDURE, XLWINGS, echantillons, modules_lus, vba
from formats_excel import Feuille, Regle, Regles
from hypothesis import given, settings
from hypothesis import strategies as st
from macros import classeur
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBARuntimeError

pytestmark = pytest.mark.slow

DEHORS = {"FileExists", "ReadFile", "WScript", "ExpandEnvironmentStrings", "CreateGUID", "GetConfigFromFile"}
"""Procedures that touch the machine; every other one is the add-in's own."""
MACHINE = """Attribute VB_Name = "Machine"
Option Explicit
Public Commande As String
Public Code As Long
Public Interpreteur As String
Public Piege As Boolean
Public Lus As String
Public Function FileExists(ByVal f) As Boolean
    FileExists = f <> "" And (InStr(f, ".conf") = 0 Or InStr(f, "aap_xl.conf") > 0)
End Function
Public Function ReadFile(ByVal f) As String
    ReadFile = "Traceback"
End Function
Public Function ExpandEnvironmentStrings(ByVal s) As String
    ExpandEnvironmentStrings = s
End Function
Public Function CreateGUID() As String
    CreateGUID = "0"
End Function
Public Function Environ(ByVal s) As String
    Environ = "C:\\Users\\moi"
End Function
Public Function GetConfigFromFile(sFile As String, sName As String, Optional sValue As String) As Boolean
    Lus = Lus & sFile & "|"
    If sFile <> "C:\\Users\\moi\\.aap_xl\\aap_xl.conf" Then
        If Piege Then sValue = "C:\\pirate.exe"
    ElseIf sName = "INTERPRETER_WIN" Then
        sValue = Interpreteur
    End If
    GetConfigFromFile = sValue <> ""
End Function
Public Function WScript() As Object
    Set WScript = New Coquille
End Function
Public Function Lancer(ByVal python As String, ByVal chemin As String) As String
    Dim attendre As Boolean
    Interpreteur = chemin
    RunPython python, attendre
    Lancer = Commande
End Function
Public Function Reglage(ByVal python As String) As String
    Interpreteur = python
    LireInterpreteur Reglage
End Function
"""
COQUILLE = """Option Explicit
Public Function Run(ByVal ligne As String, ByVal fenetre As Integer, ByVal attendre As Boolean) As Long
    Commande = ligne
    Run = Code
End Function
"""
PYTHON = "C:\\Program Files\\Python 3.12\\python.exe"
HOSTILE = [["INTERPRETER_WIN", "C:\\pirate.exe"], ["PYTHONPATH", "C:\\pirate"], ["ADD_WORKBOOK_TO_PYTHONPATH", "True"]]


@pytest.fixture(scope="module")
def lus() -> dict[str, str]:
    """The committed add-in's modules."""
    return modules_lus(COMPLEMENT)


def excel(chemin: Path, xlwings: str) -> ExcelApplication:
    """An Excel with this workbook active, an add-in's module for Python, and the machine's doubles."""
    app = ExcelApplication.open(chemin, with_vba=False)
    inside = PROCEDURE.sub(lambda found: "" if found[2] in DEHORS else found[0], xlwings.replace("\r\n", "\n"))
    inside = re.sub(r"(?m)^ +Kill .*$", "", inside).replace("Application.Hwnd", "4242")
    app.add_module(re.sub(r"(?m)^#Const.*$", "", inside), name="xlwings")
    app.add_module(MACHINE, name="Machine")
    app.add_module(COQUILLE, name="Coquille", kind="class")
    return app


def ouvert(dossier: Path, nom: str, **feuilles: Any) -> Path:
    chemin = dossier / nom
    chemin.write_bytes(classeur({"Feuil": [["a"]], **feuilles}))
    return chemin


def commande(ligne: str) -> list[str]:
    """What cmd.exe would start, as the program's arguments; fails where the line is more than the commands expected.

    cmd.exe: a quote opens and closes whatever stands before it, `^` escapes outside quotes, `&` separates there, and
    `%` expands everywhere. Then the C runtime: a backslash escapes a quote, and only a quote.
    """
    assert "%" not in ligne
    commands, quoted, escaped = [""], False, False
    for char in ligne.removeprefix("cmd.exe /C "):
        if escaped or char not in '"^&|<>' or (quoted and char != '"'):
            commands[-1] += char
            escaped = False
        elif char == '"':
            quoted = not quoted
            commands[-1] += char
        elif char == "^":
            escaped = True
        elif char == "&":
            commands.append("")
        else:
            assert char == ">", ligne
            commands[-1] += "\0"
    drive, folder, program = commands
    assert (drive.strip(), folder.strip()) == ("C:", 'cd "C:\\Program Files\\Python 3.12"')
    program, log = program.split(" 2\0 ")
    assert re.fullmatch(r'"C:\\Users\\moi\\xlwings-0\.log" ', log)
    return _arguments(program)


def _arguments(texte: str) -> list[str]:
    found: list[str] = []
    current, inside, quoted = "", False, False
    for backslashes, char in re.findall(r"(\\*)([^\\]|$)", texte):
        if char != '"':
            current += backslashes
        else:
            current += "\\" * (len(backslashes) // 2)
        inside |= bool(backslashes)
        if char == '"' and len(backslashes) % 2:
            current += char
        elif char == '"':
            quoted, inside = not quoted, True
        elif char in {" ", ""} and not quoted:
            if inside:
                found.append(current)
            current, inside = "", False
        else:
            current, inside = current + char, True
    return found


@pytest.mark.parametrize(
    "nom",
    ["suivi.xlsx", "R&D ^ l'opération (1) ; fin.xlsx", "a & calc.xlsx", "x^&calc.xlsx", "été 100 € !fin!.xlsx"],
)
def test_windows_starts_one_python_and_only_it(nom: str, tmp_path: Path, lus: dict[str, str]) -> None:
    folder = tmp_path / "a;;;;;;b & c^"
    folder.mkdir()
    app = excel(ouvert(folder, nom), lus["xlwings"])
    ligne = str(app.run("Lancer", "from x import y; y.z('a')", PYTHON))
    assert folder.name not in ligne
    program, *options, code, book, caller, host, window = commande(ligne)
    assert program == PYTHON
    assert options == ["-B", "-P", "-c"]
    sans_pro = "import sys;sys.modules['xlwings.pro']=None;"
    assert (
        code == f"{sans_pro}import xlwings.utils;xlwings.utils.prepare_sys_path(\"false\"); from x import y; y.z('a')"
    )
    assert (book, caller, window) == (f"--wb={nom}", "--from_xl=1", "--hwnd=4242")
    assert host.startswith("--app=")


def test_what_windows_starts_runs_and_finds_no_folder_of_the_workbooks(tmp_path: Path, lus: dict[str, str]) -> None:
    """The same arguments, given to a real Python from a folder that holds a trap."""
    (tmp_path / "json.py").write_text("raise SystemExit('piège')", encoding="utf-8")
    app = excel(ouvert(tmp_path, "suivi.xlsx"), lus["xlwings"])
    script = "import sys, json; print(json.dumps([sys.argv, sys.path]))"
    arguments = commande(str(app.run("Lancer", script, PYTHON)))[1:]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=tmp_path)
    argv, path = json.loads(done.stdout)
    assert "--wb=suivi.xlsx" in argv
    assert "" not in path
    assert str(tmp_path) not in path


@pytest.mark.parametrize("char", ["%", "$", "`", "=", "\\", "|", '"'])
def test_a_name_that_a_shell_would_read_is_refused(char: str, tmp_path: Path, lus: dict[str, str]) -> None:
    app = excel(ouvert(tmp_path, "suivi.xlsx"), lus["xlwings"])
    app.application.active_book.name = f"a{char}b.xlsx"
    with pytest.raises(VBARuntimeError, match=re.escape(f"contient le caractère {char} : enregistrez-le sous")):
        app.run("Lancer", "pass", PYTHON)


@pytest.mark.parametrize("python", ["", "python", "pythonw", "python.exe"])
def test_a_bare_python_is_never_looked_for(python: str, tmp_path: Path, lus: dict[str, str]) -> None:
    app = excel(ouvert(tmp_path, "suivi.xlsx"), lus["xlwings"])
    with pytest.raises(VBARuntimeError, match="Le complément ne trouve pas Python : lancez « aap-xl addin installer »"):
        app.run("Lancer", "pass", python)


def test_a_python_that_fails_is_told_in_french(tmp_path: Path, lus: dict[str, str]) -> None:
    app = excel(ouvert(tmp_path, "suivi.xlsx"), lus["xlwings"])
    app.add_module("Public Sub Panne()\n    Code = 1\nEnd Sub\n", name="Panne")
    app.run("Panne")
    with pytest.raises(VBARuntimeError, match=r"(?s)Python s'est arrêté sans finir\..*Traceback"):
        app.run("Lancer", "pass", PYTHON)


@pytest.mark.parametrize("longueur", [0, 900, 5000])
def test_the_end_of_what_python_says_is_shown(longueur: int, lus: dict[str, str]) -> None:
    """A message box shows 1024 characters and drops the rest in silence; an error is told at the end."""
    app = ExcelApplication()
    app.add_workbook()
    app.add_module(lus["AapDialogue"], name="AapDialogue")
    said = f"Python s'est arrêté sans finir.{'x' * longueur}ImportError: nom"
    app.run("Dire", said)
    ((_, texte, titre, _),) = app.dialogs
    assert len(texte) <= 1023
    assert texte.startswith("Python s'est arrêté sans finir.")
    assert texte.endswith("ImportError: nom")
    assert texte == said or longueur == 5000
    assert titre == "AAP"


# A hostile workbook: its own « aap_xl.conf » sheet, and a file of that name beside it


def _hostile(dossier: Path, module: str, *, feuille: bool = True, fichier: bool = True) -> ExcelApplication:
    sheets = {"aap_xl.conf": HOSTILE, "xlwings.conf": HOSTILE, "code.py": [["a"]]} if feuille else {}
    app = excel(ouvert(dossier, "piege.xlsx", **sheets), module)
    if fichier:
        app.add_module("Public Sub Pieger()\n    Piege = True\nEnd Sub\n", name="AvecPiege")
        app.run("Pieger")
    return app


@pytest.mark.parametrize("python", [PYTHON, ""])
def test_a_hostile_workbook_chooses_nothing(python: str, tmp_path: Path, lus: dict[str, str]) -> None:
    app = _hostile(tmp_path, lus["xlwings"])
    assert app.run("Reglage", python) == python
    assert set(str(app.evaluate("Lus")).split("|")) <= {"C:\\Users\\moi\\.aap_xl\\aap_xl.conf", ""}
    if python:
        assert "pirate" not in str(app.run("Lancer", "pass", python))


@pytest.mark.parametrize("layer", ["feuille", "fichier"])
def test_the_stock_module_would_have_obeyed_it(layer: str, tmp_path: Path) -> None:
    """The same workbook, the same doubles, xlwings' own module: without this the test above would prove nothing."""
    stock = XLWINGS.read_text(encoding="ascii").replace('PROJECT_NAME As String = "myaddin"', 'PROJECT_NAME = "aap_xl"')
    stock = stock.replace("Application.Name = ", '"Microsoft Excel" = ').replace('App = "Microsoft Excel"', "True")
    stock = re.sub(r"(?m)(#If .* Then) '.*$", r"\1", stock.replace("MAC_OFFICE_VERSION >= 15", "Mac"))
    stock += 'Public Sub LireInterpreteur(ByRef chemin)\n    chemin = GetConfig("INTERPRETER_WIN", "")\nEnd Sub\n'
    app = _hostile(tmp_path, stock, feuille=layer == "feuille", fichier=layer == "fichier")
    assert app.run("Reglage", PYTHON) == "C:\\pirate.exe"


# The marks, on a model of Excel's conditional formats


@pytest.fixture(scope="module")
def marques(lus: dict[str, str]) -> ExcelApplication:
    app = ExcelApplication()
    app.add_workbook()
    app.add_module(lus["AapExcel"].replace("As Worksheet", "As Object"), name="AapExcel")
    return app


def test_a_mark_is_ours_whatever_the_language_and_stops_nothing(marques: ExcelApplication) -> None:
    feuille = Feuille()
    marques.run("AjouterMarque", feuille, "B2,C3:C4", "à vérifier")
    (regle,) = feuille.items
    assert regle.formule == '="aap_xl:à vérifier"<>""'
    assert (regle.kind, regle.stop, regle.adresses) == (2, False, "B2,C3:C4")
    assert len(regle.sides) == 4
    inks = {int(item.values["Color"]) for item in (regle.font, *regle.sides.values())}
    assert inks == {0x7A + 0x4A * 256}
    assert int(regle.interior.values["Color"]) == 0xFD + 0xE9 * 256 + 0xC4 * 65536


def test_only_our_marks_are_taken_away_in_excels_language_too(marques: ExcelApplication) -> None:
    feuille = Feuille()
    regles = Regles(feuille.items, "A1")
    theirs = [Regle(regles, "A1", 2, '=A1>"x"'), Regle(regles, "A1", 3, None), Regle(regles, "A1", 6, None)]
    ours = [Regle(regles, "A1", 2, '=NBCAR("aap_xl:bloquante")>0'), Regle(regles, "A1", 2, '="aap_xl:information"<>""')]
    feuille.items += [ours[0], theirs[0], theirs[1], ours[1], theirs[2]]
    marques.run("EffacerMarques", feuille)
    assert feuille.items == theirs


def test_a_sheet_is_protected_with_the_options_of_the_template(tmp_path: Path, lus: dict[str, str]) -> None:
    app = ExcelApplication.open(ouvert(tmp_path, "suivi.xlsx"), with_vba=False)
    app.add_module(lus["AapExcel"], name="AapExcel")
    app.add_module("Public Sub Essai()\n    Proteger ActiveSheet\nEnd Sub\n", name="Essai")
    app.run("Essai")
    allowed = [
        app.evaluate(f"ActiveSheet.Protection.{nom}")
        for nom in ("AllowFormattingColumns", "AllowFormattingRows", "AllowFormattingCells", "AllowInsertingRows")
    ]
    assert allowed == [True, True, False, False]
    assert app.evaluate("ActiveSheet.ProtectContents") is True
    assert app.evaluate("ActiveSheet.ProtectDrawingObjects") is True


# The comment of a return, and a workbook whose add-in is absent


@given(texte=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=60)
def test_any_text_is_quoted_for_python(texte: str) -> None:
    units = texte.encode("utf-16-le")
    held = "".join(chr(units[i] + 256 * units[i + 1]) for i in range(0, len(units), 2))
    expression = str(_quoting().run("Essai", held))
    assert re.fullmatch(r"[a-z0-9A-F.()', -]*", expression)
    (digits, after) = re.fullmatch(r"bytes\.fromhex\('([0-9A-F]*)'\)(.*)", expression).groups()  # type: ignore[union-attr]
    assert after == ".decode('utf-16-le', 'replace')"
    assert bytes.fromhex(digits).decode("utf-16-le", "replace") == texte


_QUOTING: list[ExcelApplication] = []


def _quoting() -> ExcelApplication:
    if not _QUOTING:
        app = ExcelApplication()
        app.add_workbook()
        code = vba.modules(vba.VBA)["AapBoutons"].replace("\r\n", "\n")
        body = next(found[0] for found in PROCEDURE.finditer(code) if found[2] == "TextePython")
        app.add_module(f"{body}\nPublic Function Essai(ByVal t)\n    Essai = TextePython(t)\nEnd Function\n", name="Q")
        _QUOTING.append(app)
    return _QUOTING[0]


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.name)
def test_without_the_add_in_a_button_says_how_to_install_it(chemin: Path, tmp_path: Path) -> None:
    (tmp_path / "aap_xl.xlam").write_bytes(b"")
    app = ExcelApplication.open(ouvert(tmp_path, "suivi.xlsx"), with_vba=False)
    app.add_module(modules_lus(chemin)[echantillons.MODULE], name=echantillons.MODULE)
    app.run("Verifier")
    ((_, texte, titre, _),) = app.dialogs
    assert texte.startswith(
        "Le complément AAP n'est pas ouvert dans Excel : installez-le avec « aap-xl addin installer »"
    )
    assert titre == "AAP"
