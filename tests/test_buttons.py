"""The add-in's buttons, run by xlwings over a closed file: what they write, what they say, what they leave alone."""

import datetime as dt
import errno
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moteur
import openpyxl
import pytest
import xlwings
from moteur import com_error
from test_live import FICHIERS, engendre

from aap_xl.appels.loader import Catalogue
from aap_xl.cells import a1
from aap_xl.domain.computed import calculer
from aap_xl.dossier import Dossier
from aap_xl.faces.excel import buttons
from aap_xl.faces.live import messages, verbs
from aap_xl.hosts.computed import Retabli
from aap_xl.hosts.excel import session
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.values import cached

RACINE = Path(__file__).parent.parent
ECRITS = (layout.CONTROLE, layout.BILAN)
SUR_PLACE = {
    "Vérifier": buttons.verifier,
    "Classer les sorties": buttons.classer_les_sorties,
    "Produire le bilan": buttons.produire_le_bilan,
    "Préparer le comité": buttons.preparer_le_comite,
}


def ouvrir(source: Path | bytes, fullname: str | None = None) -> Any:
    """The active workbook, its two result sheets open as the macro leaves them."""
    book = moteur.ouvrir(source, fullname)
    book.impl.deproteger(*ECRITS)
    book.set_mock_caller()
    return book


@pytest.fixture
def suivi(tmp_path: Path) -> Path:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(FICHIERS[0].read_bytes())
    return path


def _rendu(book: Any) -> None:
    """Excel is as it was before the button."""
    assert book.impl.app.etat == {"screen_updating": True, "enable_events": True, "status_bar": False}


@pytest.mark.parametrize("bouton", SUR_PLACE.values(), ids=SUR_PLACE)
@pytest.mark.slow
def test_the_entries_are_unchanged_and_excel_is_given_back(bouton: Callable[[], None], suivi: Path) -> None:
    book = ouvrir(suivi)
    bouton()
    assert {nom for nom, *_ in book.impl.ecrits} <= {*ECRITS}
    _rendu(book)
    assert len(book.impl.app.alertes) == 1
    assert ("screen_updating", False) in book.impl.app.etats
    assert ("enable_events", False) in book.impl.app.etats
    assert any(nom == "status_bar" and str(value).startswith("AAP : lecture") for nom, value in book.impl.app.etats)


def test_verifier_says_how_many_and_where(suivi: Path) -> None:
    book = ouvrir(suivi)
    buttons.verifier()
    found = Dossier.lire(suivi)
    codes = [row[7] for row in book.impl.ecrit(layout.CONTROLE)[7:]]
    assert codes == [f"'{item.code}" for item in found.anomalies]
    assert book.impl.app.alertes[0].startswith("Vérification terminée. Anomalies : ")
    assert "La feuille « Contrôle » dit quoi corriger" in book.impl.app.alertes[0]
    assert book.impl.actif == layout.CONTROLE


def test_the_bilan_fills_both_sheets(suivi: Path) -> None:
    book = ouvrir(suivi)
    buttons.produire_le_bilan()
    found = Dossier.lire(suivi)
    shown = {cell for row in book.impl.ecrit(layout.BILAN) for cell in row}
    assert {f"'{tableau.titre}" for tableau in found.tableaux} <= shown
    assert book.impl.ecrit(layout.CONTROLE)[6][0] == "'Gravité"
    assert f"{len(found.tableaux)} tableaux dans la feuille « Bilan »" in book.impl.app.alertes[0]


def test_classer_counts_and_puts_formulas_back(suivi: Path) -> None:
    book = ouvrir(suivi)
    people = Dossier.lire(suivi).donnees.participants
    sheet, column = book.sheets["Participants"].impl, people[0].origin.colonnes["classe"]
    del sheet.formules[people[0].ligne, column], sheet.formules[people[1].ligne, column]
    del sheet.valeurs[people[0].ligne, column]
    sheet.valeurs[people[1].ligne, column] = "Emploi durable"
    buttons.classer_les_sorties()
    said = book.impl.app.alertes[0]
    assert "1 formule effacée a été remise." in said
    assert "1 cellule calculée remplacée à la main est laissée telle quelle" in said
    dated = [p.code for p in people if p.date_sortie]
    assert len(dated) == len(set(dated)) + 1, "who came back is one exit, that of the last stay"
    assert said.startswith(f"{len(set(dated))} sorties (18/20 dynamiques) :\n- ")
    ((nom, zone, quoi, value),) = book.impl.ecrits
    assert (nom, quoi) == ("Participants", "écrire formula")
    assert zone == f"{a1(people[0].ligne, column)}:{a1(people[0].ligne, column)}"
    assert str(value).startswith(("=", "[['=", "(('="))
    assert book.impl.journal["calculer"] == 1


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Retabli(0, 0), "« Participants »."),
        (Retabli(1, 0), "\n1 formule effacée a été remise."),
        (Retabli(2, 0), "\n2 formules effacées ont été remises."),
        (Retabli(0, 1), "\n1 cellule calculée remplacée à la main est laissée telle quelle"),
        (Retabli(0, 3), "\n3 cellules calculées remplacées à la main sont laissées telles quelles"),
    ],
)
def test_classer_counts_in_french(suivi: Path, done: Retabli, said: str) -> None:
    message = messages.classement(Dossier.lire(suivi).donnees, done)
    assert message.removesuffix(" ; « Vérifier » dit lesquelles.").endswith(said)


def test_a_file_that_cannot_be_finished_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(_: int) -> None:
        raise OSError(errno.ENOSPC, "plein")

    monkeypatch.setattr(os, "fsync", plein)
    with pytest.raises(EcritureImpossible, match=r"tableau de bord\.xlsx.*plus de place"):
        verbs._nouveau_fichier(tmp_path, "tableau de bord", b"PK")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("code", ["3.3", "3.7"])
@pytest.mark.slow
def test_as_many_calls_for_20_rows_as_for_300(catalogue: Catalogue, code: str) -> None:
    """Only the looks of « Bilan » may differ, by a few: its columns are as wide as their texts need.

    They follow the tables that the call has there: each has its title, its headers and its notes over merged cells.
    """
    appel = catalogue.get(code, 2025)
    files = [engendre(appel, 0, rows) for rows in (20, 300)]
    petit, grand = (ouvrir(content, "/nulle/part/suivi.xlsx") for content in files)
    tableaux = Dossier.lire(Path("suivi.xlsx"), octets=files[0]).tableaux
    for bouton in (buttons.verifier, buttons.classer_les_sorties, buttons.produire_le_bilan):
        counts = []
        for book in (petit, grand):
            book.set_mock_caller()
            book.impl.journal.clear()
            bouton()
            counts.append(book.impl.journal)
        looks = [sum(count.genre("former").values()) for count in counts]
        assert _sans_formes(counts[0]) == _sans_formes(counts[1])
        assert max(looks) <= 80 + 6 * len(tableaux)
        assert bouton is buttons.produire_le_bilan or looks[1] <= looks[0], "the gravest are listed, of one colour"
        assert counts[0]["lire value"] == len(list(petit.sheets))
        assert counts[0]["écrire value"] <= 2
    sizes = [len(grand.sheets["Participants"].impl.valeurs), len(petit.sheets["Participants"].impl.valeurs)]
    assert sizes[0] > 5 * sizes[1]


def _sans_formes(count: moteur.Journal) -> dict[str, int]:
    return {nom: n for nom, n in count.items() if not nom.startswith("former")}


class _Panne(Exception):
    """Stands for a bug of the program."""


@pytest.mark.parametrize("bouton", SUR_PLACE.values(), ids=SUR_PLACE)
@pytest.mark.slow
def test_a_bug_gives_excel_back_and_a_log_without_a_value_of_the_workbook(
    bouton: Callable[[], None], suivi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panne(*_: Any, **__: Any) -> Any:
        raise _Panne("EXEMPLE-DUPONT, né le 01/02/1990")

    for nom in ("ecrire_controle", "ecrire_bilan", "retablir", "_nouveau_fichier"):
        monkeypatch.setattr(verbs, nom, panne)
    book = ouvrir(suivi)
    bouton()
    _rendu(book)
    (said,) = book.impl.app.alertes
    assert said.startswith("Une erreur du programme a interrompu la commande. Transmettez ce journal")
    log = Path(said.rpartition(" : ")[2])
    text = log.read_text(encoding="utf-8")
    log.unlink()
    assert "_Panne" in text
    assert "verbs.py" in text
    assert "DUPONT" not in text + said


def test_without_its_workbook_a_button_leaves_a_sentence_for_the_macro(monkeypatch: pytest.MonkeyPatch) -> None:
    def panne() -> Any:
        raise _Panne("EXEMPLE-DUPONT")

    monkeypatch.setattr(buttons, "calling", panne)
    with pytest.raises(SystemExit, match=r"^une erreur du programme a interrompu la commande") as told:
        buttons.verifier()
    Path(str(told.value).rpartition(" : ")[2]).unlink()
    assert "DUPONT" not in str(told.value)


def test_everything_is_given_back_even_when_excel_refuses_one_thing() -> None:
    class App:
        """An application whose events can't be switched on again."""

        screen_updating, status_bar = True, "AAP"
        _events = True

        @property
        def enable_events(self) -> bool:
            return self._events

        @enable_events.setter
        def enable_events(self, value: bool) -> None:
            if value:
                raise com_error
            self._events = value

    app: Any = App()
    with pytest.raises(_Panne), session.session(app):
        raise _Panne
    assert (app.screen_updating, app.status_bar) == (True, False)


def test_a_foreign_workbook_gets_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "recettes.xlsx"
    openpyxl.Workbook().save(path)
    for bouton in SUR_PLACE.values():
        book = ouvrir(path)
        bouton()
        (said,) = book.impl.app.alertes
        assert said.startswith("« recettes.xlsx » n'est pas un classeur aap_xl")
        assert not book.impl.journal.genre("écrire")
        _rendu(book)


@pytest.mark.parametrize("bouton", [buttons.verifier, buttons.produire_le_bilan])
def test_a_protected_sheet_gets_one_sentence(bouton: Callable[[], None], suivi: Path) -> None:
    book = ouvrir(suivi)
    book.sheets[layout.CONTROLE].impl.protegee = True
    bouton()
    (said,) = book.impl.app.alertes
    assert said.startswith("Excel n'a pas laissé écrire dans la feuille « Contrôle » : si elle est protégée")
    _rendu(book)


DISQUE: dict[str, Callable[[], None]] = {
    "Préparer le comité": buttons.preparer_le_comite,
    "Consolider un dossier": buttons.consolider_un_dossier,
    "Préparer le renvoi": lambda: buttons.preparer_le_renvoi("À compléter."),
}


@pytest.mark.parametrize("bouton", DISQUE.values(), ids=DISQUE)
@pytest.mark.parametrize(
    ("fullname", "phrase"),
    [
        ("Classeur1", "« Classeur1 » n'est pas encore enregistré"),
        ("/nulle/part/suivi.xlsx", "« suivi.xlsx » n'est pas encore enregistré"),
        ("https://exemple.sharepoint.com/suivi.xlsx", "Ce classeur est ouvert depuis OneDrive ou SharePoint"),
        ("", "Ce classeur est ouvert depuis OneDrive ou SharePoint"),
    ],
)
@pytest.mark.slow
def test_a_workbook_that_is_not_on_the_disk_gets_one_sentence(
    bouton: Callable[[], None], fullname: str, phrase: str
) -> None:
    book = ouvrir(FICHIERS[0].read_bytes(), fullname or "x")
    book.impl.fullname = fullname
    bouton()
    (said,) = book.impl.app.alertes
    assert said.startswith(phrase)
    _rendu(book)


def test_an_unsaved_workbook_is_checked_all_the_same() -> None:
    book = ouvrir(FICHIERS[0].read_bytes(), "Classeur1")
    buttons.verifier()
    assert book.impl.app.alertes[0].startswith("Vérification terminée")


@pytest.mark.slow
def test_the_committee_gets_the_dashboard_of_the_day_and_nobody_s_name(
    suivi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aap_xl.dossier.today", lambda: dt.date(2025, 11, 22))
    for suffix in ("", " (2)", " (3)"):
        book = ouvrir(suivi)
        buttons.preparer_le_comite()
        made = suivi.with_name(f"suivi - tableau de bord 2025-11-22{suffix}.xlsx")
        assert f"« {made.name} »" in book.impl.app.alertes[0]
    donnees = Dossier.lire(suivi, aujourdhui=dt.date(2025, 11, 22)).donnees
    sheet = openpyxl.load_workbook(made)[layout.TABLEAU_DE_BORD]
    for cell in synthese.cellules(donnees.appel):
        if cell.feuille == layout.TABLEAU_DE_BORD:
            wanted, shown = cached(calculer(cell.cle, donnees)), sheet.cell(cell.ligne, cell.colonne).value
            shown = (shown - dt.datetime(1899, 12, 30)).days if isinstance(shown, dt.datetime) else shown  # noqa: DTZ001
            assert (shown or "") == (wanted or "") or shown == pytest.approx(wanted)
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    assert len([name for name in parts if "worksheets/sheet" in name]) == 1
    assert sum("charts/chart" in name for name in parts) >= 4
    assert "<f>" not in "".join(text for name, text in parts.items() if "worksheets/" in name)
    text = "".join(parts.values())
    people = donnees.participants
    assert not [p.nom for p in people if p.nom and p.nom in text]
    assert "Tableau de bord au 22/11/2025" in text
    assert "Tableau de bord'!$" in text
    assert "Budget!$" not in text, "a chart of what is not sent"


@pytest.mark.slow
def test_a_return_is_prepared_beside_the_workbook(suivi: Path) -> None:
    for count in (1, 2):
        book = ouvrir(suivi)
        buttons.preparer_le_renvoi("Merci de corriger les dates d'entrée.")
        assert re.search(r"est prêt : \d+ .*\. Rien n'est envoyé", book.impl.app.alertes[0])
        assert len(list((suivi.parent / verbs.SYNTHESE / verbs.RENVOIS).iterdir())) == count
    book = ouvrir(suivi)
    buttons.preparer_le_renvoi("  ")
    assert book.impl.app.alertes == ["Le commentaire au porteur est obligatoire ; le renvoi n'est pas préparé."]


@pytest.mark.slow
def test_a_folder_is_consolidated_without_what_the_buttons_made(suivi: Path) -> None:
    ouvrir(suivi)
    buttons.preparer_le_renvoi("Merci de corriger.")
    book = ouvrir(suivi)
    buttons.consolider_un_dossier()
    (said,) = book.impl.app.alertes
    assert said.startswith(f"Les classeurs de « {suivi.parent} » sont réunis")
    assert "Fichiers : 1 (1 retenu)." in said
    assert str(suivi.parent / verbs.SYNTHESE / "synthese.xlsx") in said
    assert "--" not in said
    made = suivi.parent / verbs.SYNTHESE
    assert (made / "synthese.xlsx").is_file()
    assert len([line for line in (made / "journal.jsonl").read_text().splitlines() if ".xlsx" in line]) == 1


_APPELANT = """
import atexit, json, os, sys
sys.path[:0] = [{tests!r}]
def preparer():
    import moteur
    from pathlib import Path
    from aap_xl.workbook import layout
    book = moteur.ouvrir(Path(os.environ["AAP_ESSAI_CLASSEUR"]))
    book.impl.deproteger(layout.CONTROLE, layout.BILAN)
    book.set_mock_caller()
    def dire():
        written = [value for _, _, what, value in book.impl.ecrits if what == "écrire value"]
        found = dict(alertes=book.impl.app.alertes, controle=written and written[0][0][0],
                     argv=sys.argv, chemin=sys.path, modules=[nom for nom, m in sys.modules.items() if m is not None])
        Path(os.environ["AAP_ESSAI_SORTIE"]).write_text(json.dumps(found), encoding="utf-8")
    atexit.register(dire)
"""


def _lancer(command: list[str], suivi: Path, tmp_path: Path) -> dict[str, Any]:
    """Run a command as Excel would, with the test engine behind `Book.caller()`."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "appelant_d_essai.py").write_text(_APPELANT.format(tests=str(RACINE / "tests")), encoding="utf-8")
    sortie = tmp_path / "sortie.json"
    paths = os.pathsep.join([str(folder), *(p for p in [os.environ.get("PYTHONPATH", "")] if p)])
    env = os.environ | {"PYTHONPATH": paths, "AAP_ESSAI_CLASSEUR": str(suivi), "AAP_ESSAI_SORTIE": str(sortie)}
    env.pop("XLWINGS_LICENSE_KEY", None)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(sortie.read_text(encoding="utf-8"))
    return found


_BOUTON = "import appelant_d_essai; appelant_d_essai.preparer(); from aap_xl.faces.excel import buttons; buttons.{}"
"""What RunPython is given; the mock caller stands where Excel would."""


_XLWINGS = Path(xlwings.__file__).parent
_COMPLEMENT = RACINE / "addin" / "vba" / "xlwings.bas"
_MORCEAU = re.compile(r'Chr\(34\)|"((?:[^"]|"")*)"|[A-Za-z_.]+')
_MORCEAU_MAC = re.compile(r'"((?:\\.|[^"\\])*)"|[A-Za-z_]+')


def _expression(text: str, variables: dict[str, str]) -> str:
    """A concatenation of VBA strings, worked out."""

    def part(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1].replace('""', '"')
        return '"' if found[0].startswith("Chr") else variables[found[0]]

    return "".join(map(part, _MORCEAU.finditer(text.replace("_\n", ""))))


def _windows(source: Path, path: str, command: str, classeur: str, log: Path) -> str:
    """What `ExecuteWindows` gives to cmd.exe, whose quoting is a shell's here; the change of drive is left out."""
    text = source.read_text(encoding="cp1252")
    variables = {
        "CondaCmd": "",
        "DriveCommand": "",
        "PythonInterpreter": f'"{sys.executable}"',
        "PYTHON_WIN": sys.executable,
        "PYTHONPATH": path,
        "PythonCommand": command,
        "LOG_FILE": str(log),
        "Application.Path": "C:/Office",
        "Application.Name": "Microsoft Excel",
        "Application.Hwnd": "0",
        "ThisWorkbook.Name": classeur,
        "ActiveWorkbook.Name": classeur,
    }
    run = re.search(r"RunCommand = (.*-c .*)", text)
    line = re.search(r'WScript\.Run\("cmd\.exe /C " & (.*?),\s+_\s+WindowStyle', text, re.DOTALL)
    assert run
    assert line
    variables["RunCommand"] = _expression(run[1], variables)
    return _expression(line[1], variables)


def _mac(_: Path, path: str, command: str, classeur: str, log: Path) -> str:
    """The shell command of xlwings' AppleScript, which runs it in the background: waited for here."""
    text = (_XLWINGS / f"xlwings-{xlwings.__version__}.applescript").read_text(encoding="utf-8")
    variables = {
        "PYTHONPATH": path,
        "PythonInterpreter": f'"{sys.executable}" -P',
        "PythonCommand": command,
        "WorkbookName": classeur,
        "ApplicationFullName": "/Applications/Microsoft Excel.app",
        "LOG_FILE": str(log),
    }
    line = re.search(r"set ShellCommand to (.*?)\n\ttry", text, re.DOTALL)
    assert line

    def part(found: re.Match[str]) -> str:
        return variables[found[0]] if found[1] is None else re.sub(r"\\(.)", r"\1", found[1])

    return "".join(map(part, _MORCEAU_MAC.finditer(line[1]))).removesuffix("& ")


Forme = Callable[[Path, str, str, str, Path], str]
FORMES: dict[str, tuple[Forme, Path]] = {
    "Windows, xlwings": (_windows, _XLWINGS / "xlwings_custom_addin.bas"),
    "Windows, aap_xl": (_windows, _COMPLEMENT),
    "macOS": (_mac, _COMPLEMENT),
}


def _ligne(forme: str, command: str, suivi: Path, log: Path) -> list[str]:
    write, source = FORMES[forme]
    return ["sh", "-c", write(source, "false", command, suivi.name, log)]


@pytest.mark.parametrize("forme", FORMES)
@pytest.mark.slow
def test_the_command_line_of_runpython(forme: str, suivi: Path, tmp_path: Path) -> None:
    log = tmp_path / "xlwings.log"
    found = _lancer(_ligne(forme, _BOUTON.format("verifier()"), suivi, log), suivi, tmp_path)
    assert found["alertes"][0].startswith("Vérification terminée. Anomalies : ")
    assert found["controle"] == "'Contrôle du classeur"
    assert {f"--wb={suivi.name}", "--from_xl=1"} <= set(found["argv"])
    assert str(suivi.parent) not in found["chemin"][1:]
    assert log.read_text(encoding="utf-8") == ""


@pytest.mark.slow
def test_a_comment_travels_in_hexadecimal_digits(suivi: Path, tmp_path: Path) -> None:
    comment = 'Corrigez « l\'entrée » & "la sortie" %PATH% ;\n$(rm -rf /) … 100 €'
    call = f"preparer_le_renvoi(bytes.fromhex('{comment.encode('utf-16-le').hex()}').decode('utf-16-le', 'replace'))"
    found = _lancer(_ligne("macOS", _BOUTON.format(call), suivi, tmp_path / "xlwings.log"), suivi, tmp_path)
    assert "est prêt" in found["alertes"][0]
    (message,) = (suivi.parent / verbs.SYNTHESE / verbs.RENVOIS).rglob("*.eml")
    assert message.stat().st_size > 500


def test_a_workbook_with_an_equals_sign_in_its_name_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ouvrir(FICHIERS[0].read_bytes(), "/dossiers/suivi a.xlsx")
    book = moteur.ouvrir(FICHIERS[0].read_bytes(), "/dossiers/suivi a=b.xlsx")
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=suivi a=b.xlsx", "--from_xl=1"])
    monkeypatch.setattr(xlwings.engines["fichier"], "impl", book.impl.app)
    assert session.calling() == book
    assert session.calling().name == "suivi a=b.xlsx"


@pytest.mark.slow
def test_no_button_ever_loads_the_pro_part_of_xlwings(suivi: Path, tmp_path: Path) -> None:
    """Started by our own import, nothing of xlwings.pro runs, licence key or not."""
    code = (
        "from aap_xl.faces.excel import buttons\nfrom aap_xl.hosts.excel import session\n"
        "try: session.calling()\n"
        "except Exception: pass\n"
        "import appelant_d_essai; appelant_d_essai.preparer()\n"
        "buttons.verifier(); buttons.classer_les_sorties(); buttons.produire_le_bilan(); buttons.preparer_le_comite()"
    )
    found = _lancer([sys.executable, "-B", "-c", code], suivi, tmp_path)
    assert len(found["alertes"]) == 4
    loaded = [nom for nom in found["modules"] if nom.startswith(("xlwings.pro", "xlwings.server", "xlwings.reports"))]
    assert loaded == []
    assert "xlwings.main" in found["modules"]


@pytest.mark.slow
def test_what_a_plain_import_of_xlwings_does_without_a_key(tmp_path: Path) -> None:
    """It tries its PRO part, whose licence check refuses: one helper module of it stays loaded, and no engine."""
    code = (
        "import sys, xlwings as xw; "
        "print(xw.__pro__, len(xw.engines), [m for m in sys.modules if m.startswith('xlwings.pro')])"
    )
    env = {nom: value for nom, value in os.environ.items() if nom != "XLWINGS_LICENSE_KEY"} | {"HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=2) == ["False", "0", "['xlwings.pro.utils']\n"]
