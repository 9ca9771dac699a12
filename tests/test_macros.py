"""The add-in's macros run for real in a LibreOffice: what each button calls, and the state it leaves behind.

Python is replaced by a recorder, and so are message boxes. LibreOffice has neither Office's ribbon types nor
`FormatConditions`, nor the options of `Protect`: the ribbon's callbacks are read in `test_addin.py`; `AapExcel` is
recorded here, and run against a model of Excel's objects in `test_vba.py`. A macro that
does not compile is skipped in silence by LibreOffice, so everything is asserted on what the cells hold afterwards.
"""

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from complement import COMPLEMENT, ECHANTILLONS, PROCEDURE, echantillons, modules_lus, vba
from macros import Apres, Scenario, avec_modules, classeur, jouer

from aap_xl.workbook.template.buttons import BOUTONS, Bouton

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]

TRACE = """Attribute VB_Name = "Trace"
Option Explicit
Public Sub Noter(ByVal texte As String)
    Dim feuille As Worksheet
    Set feuille = ThisWorkbook.Worksheets("Trace")
    feuille.Range("A1").Value = feuille.Range("A1").Value + 1
    feuille.Cells(feuille.Range("A1").Value + 1, 1).Value = texte
End Sub
Public Sub VerifierPuisFinir()
    Verifier
    CleanUp
End Sub
Public Sub Etat()
    Noter "évènements " & Application.EnableEvents & ", écran " & Application.ScreenUpdating
End Sub
"""
PYTHON = """Attribute VB_Name = "xlwings"
Option Explicit
Public Sub RunPython(ByVal PythonCommand As String, ByRef Waits As Boolean)
    Waits = ThisWorkbook.Worksheets("Trace").Range("C1").Value = "attendre"
    Noter PythonCommand
    Noter "Contrôle protégée : " & ActiveWorkbook.Worksheets("Contrôle").ProtectContents
    Application.EnableEvents = False
    Application.ScreenUpdating = False
    If ThisWorkbook.Worksheets("Trace").Range("C1").Value = "panne" Then Err.Raise 1004, "AAP", "Python est en panne."
End Sub
Public Sub LireJournal(ByRef journal As String)
    journal = ThisWorkbook.Worksheets("Trace").Range("D1").Value
End Sub
Public Sub LireInterpreteur(ByRef chemin As String)
    chemin = "C:\\Python\\python.exe"
End Sub
"""
DIALOGUE = """Attribute VB_Name = "AapDialogue"
Option Explicit
Public Sub Dire(ByVal texte As String)
    Noter "Dire : " & texte
End Sub
Public Sub Demander(ByVal question As String, ByRef reponse As String)
    reponse = ThisWorkbook.Worksheets("Trace").Range("B1").Value
End Sub
"""
EXCEL = """Attribute VB_Name = "AapExcel"
Option Explicit
Public Sub Proteger(ByVal feuille As Worksheet)
    feuille.Protect
End Sub
Public Sub ChercherMarques(ByVal feuille As Worksheet, ByRef marquee As Boolean)
    marquee = feuille.Name = "Comités"
End Sub
Public Sub EffacerMarques(ByVal feuille As Worksheet)
    Noter "Effacer " & feuille.Name & " (protégée : " & feuille.ProtectContents & ")"
End Sub
Public Sub AjouterMarque(ByVal feuille As Worksheet, ByVal adresses As String, ByVal gravite As String)
    Noter "Marquer " & feuille.Name & " " & adresses & " " & gravite
    If ThisWorkbook.Worksheets("Trace").Range("C1").Value = "marque " & feuille.Name Then Err.Raise 1004, "Excel", "Non"
End Sub
"""
FONCTIONS = """Attribute VB_Name = "AapFonctions"
Option Explicit
Public Sub DecrireFonctions()
    Noter "DecrireFonctions"
End Sub
"""
REGLAGES = """Attribute VB_Name = "Reglages"
Option Explicit
Private Function GetConfigFilePath() As String
    GetConfigFilePath = ThisWorkbook.Worksheets("Trace").Range("B1").Value
End Function
Private Function FileExists(ByVal f As String) As Boolean
    FileExists = Dir(f) <> ""
End Function
Private Function ExpandEnvironmentStrings(ByVal s As String) As String
    ExpandEnvironmentStrings = s
End Function
Public Sub DireInterpreteur()
    Noter "interpréteur : " & GetConfig("INTERPRETER_WIN", "aucun")
    Noter "chemin : " & GetConfig("PYTHONPATH", "aucun")
End Sub
"""
DOUBLURES = (TRACE, PYTHON, DIALOGUE, EXCEL, FONCTIONS)
SANS_OFFICE = {"AapRuban"}

ENTETE = ["Gravité", "Feuille", "Cellule"]
SERRES = [f"Z{ligne}" for ligne in range(100, 200)]
CONTROLE = [
    *([""] for _ in range(6)),
    ENTETE,
    ["Bloquante", "Participants", "B2"],
    ["À vérifier", "Participants", "B2"],
    ["À vérifier", "Participants", "C3"],
    ["Bloquante", "Participants", "AB12"],
    ["Information", "Opération", "C4"],
    ["Information", "Opération", "→"],
    ["Bloquante", "Classeur", ""],
    *(["À vérifier", "Dépenses", adresse] for adresse in SERRES),
]
FEUILLES: dict[str, Sequence[Sequence[object]]] = {
    "Contrôle": CONTROLE,
    "Bilan": [["Bilan"]],
    "Participants": [[""]],
    "Opération": [[""]],
    "Dépenses": [[""]],
    "Comités": [[""]],
    "Listes": [["aap_xl", "3.3"]],
    "Trace": [[0]],
}
PROTEGEES = ("Contrôle", "Bilan", "Opération")
PIEGE = [["INTERPRETER_WIN", "/pirate"], ["PYTHONPATH", "/pirate"]]
APPELS = {
    "Verifier": "verifier()",
    "ClasserLesSorties": "classer_les_sorties()",
    "ProduireLeBilan": "produire_le_bilan()",
    "PreparerLeComite": "preparer_le_comite()",
    "ConsoliderUnDossier": "consolider_un_dossier()",
}
COMMENTAIRES = {
    "guillemets": "Il manque l'« attestation » \"signée\" ; voir aussi 'B12'",
    "barres": 'C:\\nouveau\\trajet\\") & calc & (\\"',
    "python": "'); import os; os.system('touch ici'); ('",
    "accents": "Merci d’être précis : œuvre, €, 100 % — à bientôt 🙂",
    "lignes": "Première ligne\nSeconde ligne\r\nTroisième",
}


def reglages() -> dict[str, str]:
    """How the committed add-in reads a setting, with the machine's own procedures replaced."""
    code = modules_lus(COMPLEMENT)["xlwings"].replace("\r\n", "\n")
    ours = [found[0] for found in PROCEDURE.finditer(code) if found[2] in {"GetConfig", "GetConfigFromFile"}]
    assert len(ours) == 2
    return dict(vba.built(texte, "réglages") for texte in (TRACE, REGLAGES + "\n".join(ours) + "\n"))


def modules() -> dict[str, str]:
    """The add-in's own modules, with the recorders in place of what LibreOffice or a test can't have."""
    doubles = dict(vba.built(texte, "doublure") for texte in DOUBLURES)
    return {nom: texte for nom, texte in vba.modules(vba.VBA).items() if nom not in SANS_OFFICE} | doubles


@pytest.fixture(scope="module")
def resultats(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Apres]:
    """Every scenario, run in one LibreOffice."""
    dossier = tmp_path_factory.mktemp("macros")
    chemin = dossier / "classeur.xlsm"
    chemin.write_bytes(avec_modules(classeur(FEUILLES, PROTEGEES), modules()))
    etranger = dossier / "etranger.xlsm"
    etranger.write_bytes(avec_modules(classeur({**FEUILLES, "Listes": [["autre"]]}, PROTEGEES), modules()))
    renomme = dossier / "renomme.xlsm"
    renomme.write_bytes(avec_modules(classeur({**FEUILLES, "Contrôle": [["Mon contrôle"]]}, PROTEGEES), modules()))
    scenarios = {
        nom: Scenario([chemin], [f"VBAProject.AapBoutons.{nom}", "VBAProject.Trace.Etat"])
        for nom in (*APPELS, "APropos", "AideDesFonctions")
    }
    renvoi = "VBAProject.AapBoutons.PreparerLeRenvoi"
    for nom, texte in {**COMMENTAIRES, "vide": "  "}.items():
        scenarios[f"renvoi {nom}"] = Scenario([chemin], [renvoi], {"Trace!B1": texte})
    verifier = ["VBAProject.AapBoutons.Verifier", "VBAProject.Trace.Etat"]
    scenarios["panne"] = Scenario([chemin], verifier, {"Trace!C1": "panne"})
    scenarios["attendre"] = Scenario([chemin], ["VBAProject.AapBoutons.Verifier"], {"Trace!C1": "attendre"})
    fin = ["VBAProject.Trace.VerifierPuisFinir", "VBAProject.Trace.Etat"]
    scenarios["fin"] = Scenario([chemin], fin, {"Trace!C1": "attendre", "Trace!D1": "Python a écrit ceci."})
    scenarios["marquer"] = Scenario([chemin], ["VBAProject.AapMarques.MarquerCellules"])
    refus = {"Trace!C1": "marque Opération"}
    scenarios["marque refusée"] = Scenario([chemin], ["VBAProject.AapBoutons.Verifier", "VBAProject.Trace.Etat"], refus)
    scenarios["étranger"] = Scenario([etranger], ["VBAProject.AapBoutons.Verifier"])
    scenarios["sans en-têtes"] = Scenario([renomme], ["VBAProject.AapBoutons.Verifier"])
    hostile = dossier / "hostile.xlsm"
    hostile.write_bytes(avec_modules(classeur({"aap_xl.conf": PIEGE, "Trace": [[0]]}), reglages()))
    (dossier / "aap_xl.conf").write_text('"INTERPRETER_WIN","/pirate"\n"PYTHONPATH","/pirate"\n', encoding="ascii")
    (dossier / "mien.conf").write_text(
        '"AUTRE","x"\n"interpreter_win","C:\\Mon Python\\python.exe"\n', encoding="ascii"
    )
    for nom in ("mien.conf", "absent.conf"):
        cellules = {"Trace!B1": str(dossier / nom)}
        scenarios[nom] = Scenario([hostile], ["VBAProject.Reglages.DireInterpreteur"], cellules)
    complement = dossier / "aap_xl.xlam"
    complement.write_bytes(chemin.read_bytes())
    for bouton in BOUTONS:
        for echantillon in ECHANTILLONS:
            macro = f"aap_xl_classeur.{echantillons.MODULE}.{bouton.macro}"
            scenarios[f"{echantillon.name} {bouton.macro}"] = Scenario([complement, echantillon], [macro])
    return dict(zip(scenarios, jouer([*scenarios.values()], dossier), strict=True))


def trace(apres: Apres, fichier: int = -1) -> list[str]:
    return [str(ligne[0]) for ligne in apres.feuilles[fichier]["Trace"][1:] if ligne[0]]


def appel(apres: Apres) -> str:
    (found,) = [ligne for ligne in trace(apres) if ligne.startswith("from aap_xl")]
    return found


@pytest.mark.parametrize("macro", APPELS)
def test_each_button_calls_its_entry_point_once_and_leaves_excel_as_it_was(
    macro: str, resultats: dict[str, Apres]
) -> None:
    apres = resultats[macro]
    lines = trace(apres)
    assert lines[0] == f"from aap_xl.faces.excel import buttons; buttons.{APPELS[macro]}"
    assert lines[1] == "Contrôle protégée : False"
    assert lines[-1] == "évènements True, écran True"
    assert not [line for line in lines[2:] if line.startswith(("from", "Dire"))]
    assert set(apres.protegees) == set(PROTEGEES)


@pytest.mark.parametrize("nom", COMMENTAIRES)
def test_the_officers_comment_reaches_python_whole_and_cannot_be_code(nom: str, resultats: dict[str, Apres]) -> None:
    command = appel(resultats[f"renvoi {nom}"])
    argument = re.fullmatch(r"from aap_xl\.faces\.excel import buttons; buttons\.preparer_le_renvoi\((.*)\)", command)
    assert argument
    assert re.fullmatch(r"bytes\.fromhex\('[0-9A-F]*'\)\.decode\('utf-16-le', 'replace'\)", argument[1])
    digits = ast.literal_eval(argument[1][len("bytes.fromhex(") :].split(")")[0])
    assert bytes.fromhex(digits).decode("utf-16-le").splitlines() == COMMENTAIRES[nom].splitlines()


def test_a_return_without_a_comment_is_refused(resultats: dict[str, Apres]) -> None:
    (line,) = trace(resultats["renvoi vide"])
    assert line.startswith("Dire : Renvoi non préparé : le commentaire est obligatoire.")


def test_a_failure_is_told_and_everything_is_put_back(resultats: dict[str, Apres]) -> None:
    apres = resultats["panne"]
    assert trace(apres)[-2:] == ["Dire : Python est en panne.", "évènements True, écran True"]
    assert set(apres.protegees) == set(PROTEGEES)


def test_on_macos_the_end_waits_for_python(resultats: dict[str, Apres]) -> None:
    assert set(resultats["attendre"].protegees) == {"Opération"}
    assert not [line for line in trace(resultats["attendre"]) if line.startswith("Marquer")]
    lines = trace(resultats["fin"])
    assert set(resultats["fin"].protegees) == set(PROTEGEES)
    assert [line for line in lines if line.startswith("Marquer")]
    assert lines[-2:] == ["Dire : Python a écrit ceci.", "évènements True, écran True"]


def test_marks_follow_the_sheet_of_anomalies(resultats: dict[str, Apres]) -> None:
    lines = trace(resultats["marquer"])
    assert [line for line in lines if "Dépenses" not in line] == [
        "Effacer Participants (protégée : False)",
        "Marquer Participants B2,AB12 bloquante",
        "Marquer Participants C3 à vérifier",
        "Effacer Opération (protégée : False)",
        "Marquer Opération C4 information",
        "Effacer Comités (protégée : False)",
    ]
    assert set(resultats["marquer"].protegees) == set(PROTEGEES)


def test_a_refused_mark_leaves_no_sheet_unprotected_and_the_others_marked(resultats: dict[str, Apres]) -> None:
    lines = trace(resultats["marque refusée"])
    assert "Marquer Opération C4 information" in lines
    assert [line for line in lines if line.startswith("Marquer Dépenses")]
    assert lines[-1] == "évènements True, écran True"
    assert set(resultats["marque refusée"].protegees) == set(PROTEGEES)


def test_addresses_are_cut_for_range(resultats: dict[str, Apres]) -> None:
    marks = [line.split(" ")[2] for line in trace(resultats["marquer"]) if line.startswith("Marquer Dépenses")]
    assert ",".join(marks) == ",".join(SERRES)
    assert len(marks) > 1
    assert max(map(len, marks)) <= 255


def test_a_workbook_of_someone_else_is_left_alone(resultats: dict[str, Apres]) -> None:
    """It has sheets of the same names: their protection and their cells are left; Python says its sentence."""
    apres = resultats["étranger"]
    assert trace(apres) == ["from aap_xl.faces.excel import buttons; buttons.verifier()", "Contrôle protégée : True"]
    assert set(apres.protegees) == set(PROTEGEES)


def test_a_sheet_of_anomalies_that_is_not_one_marks_nothing(resultats: dict[str, Apres]) -> None:
    apres = resultats["sans en-têtes"]
    assert not [line for line in trace(apres) if line.startswith(("Marquer", "Effacer"))]
    assert apres.feuilles[-1]["Contrôle"] == [["Mon contrôle"]]
    assert set(apres.protegees) == set(PROTEGEES)


def test_about_and_help_say_where_things_are(resultats: dict[str, Apres]) -> None:
    (about, _) = trace(resultats["APropos"])
    assert about.startswith("Dire : Complément AAP : ")
    assert about.endswith("Python : C:\\Python\\python.exe")
    assert trace(resultats["AideDesFonctions"])[0] == "DecrireFonctions"


def test_settings_come_from_the_users_file_whatever_the_active_workbook_holds(resultats: dict[str, Apres]) -> None:
    """The active workbook has an « aap_xl.conf » sheet, and a file of that name beside it: neither is read."""
    assert trace(resultats["mien.conf"]) == ["interpréteur : C:\\Mon Python\\python.exe", "chemin : aucun"]
    assert trace(resultats["absent.conf"]) == ["interpréteur : aucun", "chemin : aucun"]


@pytest.mark.parametrize("chemin", ECHANTILLONS, ids=lambda chemin: chemin.name)
@pytest.mark.parametrize("bouton", BOUTONS, ids=lambda bouton: bouton.macro)
def test_in_sheet_buttons_reach_the_add_in(bouton: Bouton, chemin: Path, resultats: dict[str, Apres]) -> None:
    """The sample as committed, beside an open add-in: its button works on the sample, through the add-in's macro."""
    apres = resultats[f"{chemin.name} {bouton.macro}"]
    assert trace(apres, 0)[:2] == [
        f"from aap_xl.faces.excel import buttons; buttons.{APPELS[bouton.macro]}",
        "Contrôle protégée : False",
    ]
    assert {"Contrôle", "Bilan"} <= set(apres.protegees)
