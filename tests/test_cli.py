"""The command line, run on real files: what it says, what it writes, how it ends."""

import ctypes
import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from attente import attendre, vivant
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from terminal import au_terminal, sans_couleurs

from aap_xl import __version__
from aap_xl.dossier import Dossier, catalogue, today
from aap_xl.faces import display, grammar
from aap_xl.faces.cli import main
from aap_xl.faces.commands.pdf import LibreOfficeAbsent, _seules, soffice
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.faces.parser import explain
from aap_xl.faces.plain import INSECABLE, fiche, largeurs, plier, tableau
from aap_xl.records import names

JOUR = "20/01/2026"
APPELS = Path(__file__).parent / "appels"
Aap = Callable[..., tuple[int, str, str]]


@pytest.fixture
def aap(capsys: pytest.CaptureFixture[str]) -> Aap:
    """Run a command in this process: its exit code, what it printed, what it warned of."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    return run


@pytest.fixture(scope="module")
def modeles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both calls' samples, without and with their planted mistakes."""
    folder = tmp_path_factory.mktemp("modeles")
    appels = catalogue()
    found = {}
    for erreurs in (False, True):
        for exemple in exemples(erreurs=erreurs):
            path = folder / f"{exemple.appel} {'faux' if erreurs else 'juste'}.xlsx"
            remplir_classeur(path, exemple, appels.get(exemple.appel, exemple.millesime), appels)
            found[path.stem] = path
    return found


@pytest.fixture
def juste(modeles: dict[str, Path], tmp_path: Path) -> Path:
    return _copy(modeles["3.3 juste"], tmp_path)


@pytest.fixture
def faux(modeles: dict[str, Path], tmp_path: Path) -> Path:
    return _copy(modeles["3.3 faux"], tmp_path)


def _copy(source: Path, folder: Path) -> Path:
    target = folder / "suivi.xlsx"
    target.write_bytes(source.read_bytes())
    return target


def dans_un_tube(*words: str | Path, colonnes: int, **options: Any) -> tuple[int, str]:
    command = [sys.executable, "-m", "aap_xl", *map(str, words)]
    environment = {**os.environ, "COLUMNS": str(colonnes), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False, **options)
    return done.returncode, done.stdout + done.stderr


def sans_passe_droit() -> None:
    """Before a program starts: even root then respects the rights of files."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
    ctypes.CDLL(None).prctl(24, 2, 0, 0, 0)  # CAP_DAC_READ_SEARCH


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- words of the command line ---------------------------------------------------------------------------------------


def test_without_a_command_the_help_is_french(aap: Aap) -> None:
    code, out, _ = aap()
    assert code == 0
    assert "Utilisation :" in out
    assert [line.split()[0] for line in out.splitlines() if re.match("    [a-z]", line)] == COMMANDES


ANGLAIS = ("usage", "options:", "positional", "show this", "default")
COMMANDES = [
    *("appels", "nouveau", "controler", "bilan", "regle", "consolider", "renvoyer"),
    *("comparer", "solde", "cle", "addin", "traces", "page", "demo", "exemples"),
]


@pytest.mark.parametrize("command", COMMANDES)
def test_every_command_explains_itself(aap: Aap, command: str) -> None:
    code, out, _ = aap(command, "--aide")
    assert code == 0
    assert out.startswith(f"Utilisation : aap-xl {command}")
    assert not [word for word in ANGLAIS if word in out]


def test_version(aap: Aap) -> None:
    assert aap("--version")[1] == f"aap-xl {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("controller",), "« controller » est inconnu ; au choix : appels, nouveau"),
        (("controler",), "il manque : FICHIER."),
        (("controler", "a", "--jsn"), "non reconnu : --jsn."),
        (("bilan", "a", "--sortie"), "l'option -o/--sortie attend une valeur."),
        (("bilan", "a", "--sortie", "b", "--sur-place"), "ne vont pas ensemble"),
        (("nouveau", "3.3", "a", "--debut", "31/02/2025"), "« 31/02/2025 » n'est pas une date"),
        (("nouveau", "3.3", "a", "--fin", "31/12/9999"), "« 31/12/9999 » n'est pas une date de 1900 à 2199"),
        (("controler", "a", "--date", ""), "n'est pas une date ; écrivez par exemple"),
        (("controler", "~personne-de-ce-nom/suivi.xlsx"), "« ~personne-de-ce-nom/suivi.xlsx » est introuvable"),
        (("nouveau", "3.3", "a", "--siret", "123"), "il en faut les 14 chiffres"),
        (("nouveau", "3.3", "a", "--siret", "douze chiffres"), "il en faut les 14 chiffres"),
        (("nouveau", "3.3", "a", "--siret", "12345678200003"), "clé de contrôle fausse"),
        (("nouveau", "3.3", "a", "--siret", "285057800608441"), "« [NIR masqué] » n'est pas un SIRET"),
        (("nouveau", "3.3", "a", "--mds", "2 85 05 78 006 084 41"), "« [NIR masqué] » n'est pas une MDS"),
        (("controler", "a", "--json=oui"), "l'option --json n'attend pas de valeur ; lu : « oui »."),
        (("controler", "a", "b"), "aap-xl controler : non reconnu : b.\nPour l'aide : aap-xl controler --aide"),
        (("solde", "a", "-o", "."), "« . » est un dossier"),
        (("nouveau", "3.3", f"{__file__}/a.xlsx"), "est un fichier ; indiquez un dossier où écrire « a.xlsx »"),
        (("appels", "9.9"), "l'appel à projets 9.9 est inconnu ; appels disponibles : 3.3 (2025), 3.7 (2025)."),
        (("appels", "--appels", "nulle/part"), "ce dossier d'appels à projets n'existe pas"),
        (("controler", "absent.xlsx"), "« absent.xlsx » est introuvable"),
        (("bilan", "absent.xlsx"), "« absent.xlsx » est introuvable"),
        (("appels", "3.3", "--millesime", "cette année"), "attend un nombre entier ; lu : « cette année »"),
        (("consolider", "", "-o", "nulle/part"), "le chemin est vide"),
        (("consolider", "a", "-o", "b", "--seuil", "-1"), "--seuil attend un nombre positif"),
        (("consolider", "a", "-o", "b", "--processus", "0"), "--processus attend un nombre d'au moins 1"),
        (("consolider", "a", "-o", "b", "--processus", "2", "--planificateur", "tcp://c:1"), "ne vont pas ensemble"),
        (("nouveau", "9.1", "a", "--convention", "X", "--appels", APPELS), "ne demande pas : N° de convention."),
        (("demo", Path(__file__)), "un fichier porte déjà le nom"),
        (("demo", Path(__file__) / "dessous"), "un fichier porte déjà le nom"),
    ],
)
def test_bad_words_get_a_french_sentence_and_code_2(aap: Aap, words: tuple[str, ...], said: str) -> None:
    code, out, err = aap(*words)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.skipif(os.name != "posix", reason="closes a stream as a shell does")
@pytest.mark.parametrize(
    ("words", "closed", "code"), [(("appels",), 1, 0), (("controler", "absent.xlsx"), 2, 2), (("appels", "9.9"), 1, 2)]
)
@pytest.mark.slow
def test_a_closed_stream_does_not_change_the_exit_code(words: tuple[str, ...], closed: int, code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "aap_xl", *words], preexec_fn=lambda: os.close(closed), check=False)
    assert done.returncode == code


FERME = [
    ("nouveau", "3.3", "fermé/a.xlsx"),
    ("controler", "fermé/dedans.xlsx"),
    ("bilan", "suivi.xlsx", "--sortie", "fermé/a.xlsx"),
    ("solde", "suivi.xlsx", "--sortie", "fermé/a.xlsx"),
    ("bilan", "lisible/dedans.xlsx"),
    ("bilan", "lisible/dedans.xlsx", "--sur-place"),
    ("consolider", "suivi.xlsx", "-o", "fermé/a"),
    ("consolider", "fermé/dedans.xlsx", "-o", "a"),
    ("consolider", "suivi.xlsx", "-o", "a", "--cle", "fermé/dedans.xlsx"),
    ("renvoyer", "suivi.xlsx", "-o", "fermé/a", "--commentaire", "EXEMPLE"),
    ("cle", "creer", "fermé/cle.txt"),
    ("demo", "fermé/a"),
    ("exemples", "fermé"),
    ("appels", "--appels", "fermé"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="gives up root's rights over files as Linux does")
@pytest.mark.parametrize("words", FERME, ids=" ".join)
@pytest.mark.slow
def test_a_folder_without_rights_is_told_as_a_folder(juste: Path, words: tuple[str, ...]) -> None:
    for name, rights in (("fermé", 0o000), ("lisible", 0o555)):
        folder = juste.with_name(name)
        folder.mkdir()
        (folder / "dedans.xlsx").write_bytes(juste.read_bytes())
        folder.chmod(rights)
    code, said = dans_un_tube(*words, colonnes=300, cwd=juste.parent, preexec_fn=sans_passe_droit)
    juste.with_name("fermé").chmod(0o700)
    assert code == 2
    assert "vous n'avez pas les droits nécessaires sur le dossier" in said or "le droit de lire ce dossier" in said
    assert "Traceback" not in said
    assert "fermez-le" not in said


def test_an_unexpected_bug_leaves_a_log_without_personal_data(
    aap: Aap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def bug(*_: object) -> None:
        raise ValueError("EXEMPLE-DUPONT Alix")

    monkeypatch.setattr("aap_xl.faces.commands.appels.run", bug)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, _, err = aap("appels")
    assert code == 2
    assert "une erreur du programme a interrompu la commande" in err
    (log,) = tmp_path.iterdir()
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "DUPONT" not in text + err


def test_a_bug_where_no_log_can_be_written_says_its_place(
    aap: Aap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("aap_xl.faces.commands.appels.run", lambda _: dict[str, str]()["EXEMPLE-DUPONT"])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    code, _, err = aap("appels")
    assert code == 2
    assert "KeyError, test_cli.py:" in err
    assert "DUPONT" not in err


def test_an_interruption_is_not_a_failure_of_the_program(aap: Aap, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aap_xl.faces.commands.appels.run", interrupt)
    assert aap("appels") == (130, "", "Interrompu.\n")


# --- appels ----------------------------------------------------------------------------------------------------------


def test_the_calls_are_listed(aap: Aap) -> None:
    code, out, _ = aap("appels")
    assert code == 0
    assert "Préparatoires à l'emploi" in out
    assert "50 000,00 €" in out
    assert aap("appels", "3,7") == aap("appels", "3.7")


@pytest.mark.parametrize("call", ["3.3", "3.7"])
def test_an_officer_can_proof_read_everything(aap: Aap, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Each text and each article that the call's file holds is printed (compared without spaces)."""
    monkeypatch.setenv("COLUMNS", "500")
    code, out, _ = aap("appels", call)
    appel = catalogue().get(call)
    assert code == 0
    assert appel.sorties
    printed = "".join(out.split())
    for rule in appel.regles:
        assert f"\n{rule} " in out
    wanted = [
        *(m.telephone for m in appel.mds),
        *(f"{d.depot_du:%d/%m/%Y}" for d in appel.depots),
        *appel.phases,
        *(part.article for part in (appel.operation, appel.budget, appel.sorties)),
    ]
    assert not [text for text in wanted if "".join(text.split()) not in printed]
    assert "Taux : 20 %" in out
    assert "Plafond de la subvention : " + ("non fixé par l'appel" if call == "3.3" else "50 000,00 €") in out
    assert "Contrat de mission (intérim), moins de 6 mois" in out
    assert "Dépense hors opération" in out
    assert "Quotités au-delà du plein temps" in out
    assert not [word for word in ("operation ", "sorties_dynamiques", "logement_dabord", " duree ") if word in out]


def test_a_folder_of_calls_is_added_by_option_or_variable(aap: Aap, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "9.1" in aap("appels", "--appels", APPELS)[1]
    assert "9.1" in aap("--appels", APPELS, "appels")[1]
    assert "9.1" not in aap("appels")[1]
    monkeypatch.setenv("AAP_XL_APPELS", str(APPELS))
    assert "9.1" in aap("appels")[1]


# --- nouveau ---------------------------------------------------------------------------------------------------------

IDENTITE = ("--porteur", "EXEMPLE Tremplin", "--siret", "123 456 782 00002", "--debut", "03/03/2025")


@pytest.mark.slow
def test_a_new_workbook_carries_its_identity(aap: Aap, tmp_path: Path) -> None:
    target = tmp_path / "suivi.xlsx"
    words = (*IDENTITE, "--fin", "2025-12-31", "--depot", "10/02/2025", "--mds", "calaisis", "--date", JOUR)
    code, out, _ = aap("nouveau", "3.3", target, *words)
    assert (code, "Créé :" in out) == (0, True)
    operation = Dossier.lire(target).donnees.operation
    assert operation.porteur == "EXEMPLE Tremplin"
    assert operation.siret == "12345678200002"
    assert (operation.date_debut, operation.date_fin) == (date(2025, 3, 3), date(2025, 12, 31))
    assert operation.mds == "calaisis"


def test_what_the_identity_has_wrong_is_said_at_once(aap: Aap, tmp_path: Path) -> None:
    words = (*IDENTITE, "--fin", "31/03/2026", "--depot", "10/02/2025", "--date", JOUR)
    code, out, _ = aap("nouveau", "3.3", tmp_path / "suivi.xlsx", *words)
    assert code == 1
    assert "O07" in out


def test_a_workbook_is_never_overwritten_unless_asked(aap: Aap, tmp_path: Path) -> None:
    target = tmp_path / "suivi.xlsx"
    target.write_text("le travail de quelqu'un")
    code, _, err = aap("nouveau", "3.7", target)
    assert (code, target.read_text()) == (2, "le travail de quelqu'un")
    assert "--forcer" in err
    assert aap("nouveau", "3.7", target, "--forcer")[0] == 0
    assert target.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nouveau", "3.3", ".xlsx"), "il manque un nom devant .xlsx"),
        (("nouveau", "3.3", "suivi.ods"), "se termine par .xlsx"),
        (("nouveau", "3.3", "nulle/part/suivi.xlsx"), "n'existe pas ; créez-le"),
        (("nouveau", "3.3", "suivi.xlsx", "--mds", "Béthunois"), "« Béthunois » n'est pas une MDS"),
        (("nouveau", "3.3", "."), "« . » est un dossier"),
        (("nouveau", "3.3", ""), "le chemin est vide"),
    ],
)
def test_a_new_workbook_is_refused_with_a_reason(
    aap: Aap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = aap(*words)
    assert (code, files(tmp_path)) == (2, set())
    assert said in err


@pytest.mark.parametrize("written", ["03/03/2025", "2025-03-03", "3 mars 2025", "3/3/25"])
@pytest.mark.slow
def test_a_date_is_read_as_the_sheets_read_it(aap: Aap, tmp_path: Path, written: str) -> None:
    assert aap("nouveau", "3.3", tmp_path / "a.xlsx", "--debut", written)[0] == 0
    assert Dossier.lire(tmp_path / "a.xlsx").donnees.operation.date_debut == date(2025, 3, 3)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("=1+1", "=1+1"), ("http://exemple.fr", "http://exemple.fr"), ("Un\x01 nom\nlong", "Un nom long")],
)
@pytest.mark.slow
def test_a_name_is_written_as_text_whatever_it_looks_like(aap: Aap, tmp_path: Path, name: str, kept: str) -> None:
    assert aap("nouveau", "3.3", tmp_path / "a.xlsx", "--porteur", name)[0] == 0
    cell = load_workbook(tmp_path / "a.xlsx")["Opération"]["C5"]
    assert (cell.value, cell.hyperlink) == (kept, None)
    assert Dossier.lire(tmp_path / "a.xlsx").donnees.operation.porteur == kept


# --- controler -------------------------------------------------------------------------------------------------------


def test_nothing_to_correct_gives_0(aap: Aap, juste: Path) -> None:
    code, out, _ = aap("controler", juste, "--date", JOUR)
    assert code == 0
    assert "Rien à corriger." in out


def test_information_alone_asks_for_nothing(aap: Aap, modeles: dict[str, Path]) -> None:
    code, out, _ = aap("controler", modeles["3.7 juste"], "--date", JOUR)
    assert "information" in out
    assert (code, "Rien à corriger." in out) == (0, True)


def test_something_to_correct_gives_1_and_names_cells(aap: Aap, faux: Path) -> None:
    code, out, _ = aap("controler", faux, "--date", JOUR)
    assert code == 1
    assert "Participants (" in out
    assert "P03" in out
    assert "la sortie (10/09/2025) précède l'entrée (15/09/2025)" in out
    assert "« provisoire »" in out


@pytest.mark.parametrize("columns", [60, 120, 300])
@pytest.mark.slow
def test_no_message_is_cut_when_piped(faux: Path, columns: int) -> None:
    words = "".join(Dossier.lire(faux, None, date(2026, 1, 20)).anomalies[-1].message.split())
    code, text = dans_un_tube("controler", faux, "--date", JOUR, colonnes=columns)
    assert code == 1
    assert all(len(line) <= columns for line in text.splitlines())
    assert "…" not in text
    if columns == 300:
        assert words in "".join(text.split())


def test_json_is_stable(aap: Aap, faux: Path) -> None:
    code, out, _ = aap("controler", faux, "--json", "--date", "2026-01-20")
    told = json.loads(out)
    assert code == 1
    assert list(told) == [
        "schema", "fichier", "appel", "millesime", "date", "a_corriger", "totaux", "lignes", "anomalies",
    ]  # fmt: skip
    assert (told["schema"], told["fichier"], told["appel"], told["date"]) == (1, "suivi.xlsx", "3.3", "2026-01-20")
    assert set(told["totaux"]) == {"bloquante", "à vérifier", "information"}
    assert sum(told["totaux"].values()) == len(told["anomalies"])
    assert list(told["anomalies"][0]) == [
        "code", "gravite", "feuille", "cellule", "entete", "message", "valeur", "article",
    ]  # fmt: skip
    assert told["lignes"]["participants"] == {"gardees": 22, "ecartees": 0}


BROKEN = {
    "vide.xlsx": b"",
    "texte.xlsx": b"Ceci n'est pas un classeur.",
    "tronque.xlsx": b"PK\3\4" + b"\0" * 200,
    "image.xls": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
}


@pytest.mark.parametrize("command", ["controler", "bilan"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_one_sentence_and_code_2(aap: Aap, tmp_path: Path, name: str, command: str) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    code, out, err = aap(command, path)
    assert (code, out) == (2, "")
    assert err.startswith("aap-xl : ")
    assert err.count("\n") == 1
    assert "journal" not in err
    assert files(tmp_path) == {name}


def test_a_folder_is_not_a_workbook(aap: Aap, tmp_path: Path) -> None:
    assert "est un dossier" in aap("controler", tmp_path)[2]


# --- bilan -----------------------------------------------------------------------------------------------------------


def test_bilan_writes_a_copy_beside_the_workbook(aap: Aap, faux: Path) -> None:
    before = faux.read_bytes()
    code, out, _ = aap("bilan", faux, "--date", JOUR)
    assert code == 1
    assert files(faux.parent) == {"suivi.xlsx", "suivi - bilan.xlsx"}
    assert faux.read_bytes() == before
    assert "suivi - bilan.xlsx" in out


def test_bilan_never_overwrites_a_copy_unless_asked(aap: Aap, juste: Path) -> None:
    copy = juste.with_name("copie.xlsx")
    assert aap("bilan", juste, "--sortie", copy, "--date", JOUR)[0] == 0
    first = copy.read_bytes()
    code, _, err = aap("bilan", juste, "--sortie", copy, "--date", JOUR)
    assert code == 2
    assert "existe déjà ; ajoutez --forcer" in err
    assert aap("bilan", juste, "-o", copy, "--date", JOUR, "--forcer")[0] == 0
    assert copy.read_bytes() == first


def test_bilan_in_place_keeps_a_backup_and_is_idempotent(aap: Aap, juste: Path) -> None:
    before = juste.read_bytes()
    assert aap("bilan", juste, "--sur-place", "--date", JOUR)[0] == 0
    (backup,) = [path for path in juste.parent.iterdir() if "sauvegarde" in path.name]
    assert backup.read_bytes() == before
    after = juste.read_bytes()
    assert after != before
    code, out, _ = aap("bilan", juste, "--sur-place", "--date", JOUR)
    assert (code, juste.read_bytes()) == (0, after)
    assert "déjà à jour" in out
    assert len(files(juste.parent)) == 2


def test_backups_are_numbered(aap: Aap, juste: Path) -> None:
    versions = []
    for jour in ("20/01/2026", "21/01/2026", "22/01/2026"):
        versions.append(juste.read_bytes())
        assert aap("bilan", juste, "--sur-place", "--date", jour)[0] == 0
    names = [f"suivi.sauvegarde-{today():%Y-%m-%d}-{number}.xlsx" for number in (1, 2, 3)]
    assert [juste.with_name(name).read_bytes() for name in names] == versions
    assert files(juste.parent) == {juste.name, *names}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sortie", "suivi.xlsx"), "utilisez --sur-place"),
        (("--sortie", "copie.ods"), "doit garder la terminaison .xlsx"),
        (("--sortie", "nulle/part.xlsx"), "n'existe pas ; créez-le"),
        (("--sortie", "."), "est un dossier"),
    ],
)
def test_bilan_refuses_a_wrong_target(
    aap: Aap, juste: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(juste.parent)
    code, _, err = aap("bilan", "suivi.xlsx", *words)
    assert (code, files(juste.parent)) == (2, {"suivi.xlsx"})
    assert said in err


def test_the_bilan_of_another_format_says_what_to_do(aap: Aap, juste: Path) -> None:
    other = juste.rename(juste.with_suffix(".ods"))
    code, _, err = aap("bilan", other)
    assert (code, files(juste.parent)) == (2, {"suivi.ods"})
    assert "le bilan s'écrit dans un classeur .xlsx ; enregistrez-le d'abord sous ce format" in err


def test_an_open_workbook_is_not_replaced(aap: Aap, juste: Path) -> None:
    before = juste.read_bytes()
    juste.with_name("~$suivi.xlsx").touch()
    code, _, err = aap("bilan", juste, "--sur-place", "--date", JOUR)
    assert (code, juste.read_bytes()) == (2, before)
    assert "ouvert dans un tableur" in err
    assert files(juste.parent) == {"suivi.xlsx", "~$suivi.xlsx"}


def test_without_libreoffice_the_bilan_is_written_and_the_pdf_explained(
    aap: Aap, juste: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("aap_xl.faces.commands.pdf._AILLEURS", ())
    code, _, err = aap("bilan", juste, "--pdf", "--date", JOUR)
    assert code == 0
    assert "LibreOffice n'est pas installé ici" in err
    assert files(juste.parent) == {"suivi.xlsx", "suivi - bilan.xlsx"}


def test_a_libreoffice_that_prints_nothing_is_told(aap: Aap, juste: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aap_xl.faces.commands.pdf.soffice", lambda: sys.executable)  # refuses those options
    code, _, err = aap("bilan", juste, "--pdf", "--date", JOUR)
    assert code == 2
    assert "LibreOffice n'a pas pu produire le PDF" in err
    assert files(juste.parent) == {"suivi.xlsx", "suivi - bilan.xlsx"}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for a process as Linux does")
def test_a_libreoffice_that_never_answers_is_ended_with_what_it_launched(
    aap: Aap, juste: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher, number = tmp_path / "soffice", tmp_path / "numéro"
    launcher.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > '{number}'\nwait\n")
    launcher.chmod(0o755)
    monkeypatch.setattr("aap_xl.faces.commands.pdf.soffice", lambda: str(launcher))
    monkeypatch.setattr("aap_xl.faces.commands.pdf._DELAI", 1)
    code, _, err = aap("bilan", juste, "--pdf", "--date", JOUR)
    assert code == 2
    assert "LibreOffice n'a pas répondu en 1 secondes" in err
    assert attendre(lambda: not vivant(int(number.read_text())))
    assert files(juste.parent) >= {"suivi.xlsx", "suivi - bilan.xlsx"}
    assert not list(juste.parent.glob("*.pdf"))


@pytest.mark.slow
def test_only_the_sheets_to_print_are_left_to_libreoffice(juste: Path) -> None:
    whole = Dossier.lire(juste).octets_bilan()
    before, book = load_workbook(BytesIO(whole)), load_workbook(BytesIO(_seules(whole)))
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["Bilan", "Contrôle"]
    assert book.sheetnames[:2] == ["Bilan", "Contrôle"]
    assert book.active is book["Bilan"]
    shown, printed = {"Bilan", "Contrôle"}, {sheet.title for sheet in before if _has_print_settings(sheet)}
    assert printed - shown
    assert {sheet.title for sheet in book if _has_print_settings(sheet)} == printed & shown


def _has_print_settings(sheet: Any) -> bool:
    return bool(sheet.print_area or sheet.print_title_rows)


@pytest.mark.libreoffice
@pytest.mark.slow
def test_the_pdf_prints_bilan_and_controle_only(aap: Aap, faux: Path) -> None:
    try:
        soffice()
    except LibreOfficeAbsent as error:
        if os.environ.get("AAP_XL_LIBREOFFICE") == "required":
            raise
        pytest.skip(str(error))
    assert aap("bilan", faux, "--pdf", "--date", JOUR)[0] == 1
    pdf = faux.with_name("suivi - bilan.pdf")
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    pages = done.stdout.split("\f")[:-1]
    assert pages[0].lstrip().startswith("Bilan provisoire")
    assert all("Page" in page for page in pages)
    assert "Mode d'emploi" not in done.stdout
    dossier = Dossier.lire(faux)
    people = {person.nom for person in dossier.donnees.rows("participants")}
    assert people & {item.valeur for item in dossier.anomalies}, "« Contrôle » quotes a name in the workbook"
    assert not [name for name in people if name in done.stdout]
    assert [item.code for item in dossier.anomalies if item.code not in done.stdout] == []
    assert "80 %" in done.stdout, "percentages are printed in French"


# --- the words of a command ------------------------------------------------------------------------------------------

LIGNES_SIMPLES = [
    "controler suivi.xlsx",
    "controler --json --date 15/03/2025 suivi.xlsx",
    "controler suivi.xlsx --appels un --appels deux",
    "nouveau 3.3 suivi.xlsx --porteur X --debut 2025-03-03 --forcer",
    "consolider reçus autres.zip -o synthèse --seuil 3 --silencieux",
    "renvoyer a.xlsx b.xlsx --commentaire X -o renvois",
    "bilan suivi.xlsx --sur-place --pdf",
    "cle creer cle.txt",
    "appels",
    "appels 3.3 --millesime 2025",
    "demo",
]
_MOTS = ["a.xlsx", "b", "", "3", "-1", "--", "-", "-h", "--json", "--json=1", "-o", "-ox", "--sur-place", "--date"]
_MOTS += ["15/03/2025", "demain", "--seuil", "--appels", "--forcer", "--sortie", "--sort", "creer", "--commentaire"]


def _argparse(line: list[str]) -> dict[str, Any] | None:
    commands = {name: tell() for name, tell in grammar.COMMANDES.items()}
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            found = explain(commands, line)
            return found and found[1]
    except SystemExit:
        return None


@pytest.mark.parametrize("line", LIGNES_SIMPLES)
def test_a_plain_line_is_read_as_argparse_reads_it(line: str) -> None:
    command, *words = line.split()
    found = grammar.COMMANDES[command]().read(words)
    assert found is not None
    assert found == _argparse([command, *words])


@pytest.mark.parametrize("command", grammar.COMMANDES)
def test_a_command_takes_what_its_words_give(command: str) -> None:
    module = import_module(f"aap_xl.faces.commands.{command}")
    assert {item.dest for item in grammar.COMMANDES[command]().items} == {*names(module.Request)}


@given(st.sampled_from(sorted(grammar.COMMANDES)), st.lists(st.sampled_from(_MOTS), max_size=6))
def test_any_line_is_read_as_argparse_reads_it(command: str, words: list[str]) -> None:
    found = grammar.COMMANDES[command]().read(words)
    assert found is None or found == _argparse([command, *words])


# --- start-up --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_checking_a_workbook_imports_nothing_heavy(juste: Path) -> None:
    """On the path of `controler`, once the call's file has been validated and kept."""
    script = (
        "import sys; from aap_xl.faces.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'pydantic', 'pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'xlwings', 'lxml', 'pyarrow', 'rich',"
        " 'dataclasses', 'xml.etree.ElementTree', 'zipfile', 'json', 'argparse', 'calendar', 'textwrap', 'tempfile',"
        " 'pickle', 'hashlib', 'signal', 'subprocess', 'gettext'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", script, "controler", str(juste), "--date", JOUR]
    subprocess.run(command, capture_output=True, check=True)  # fills the cache
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


# --- shapes of what is printed ---------------------------------------------------------------------------------------


def test_a_screen_gets_colours_and_the_same_words(faux: Path) -> None:
    code, text = au_terminal("controler", faux, "--date", JOUR, colonnes=100)
    assert code == 1
    assert "\x1b[" in text
    assert "« provisoire »" in text
    assert "\N{BRAILLE PATTERN BLANK}" not in text
    assert max(map(len, sans_couleurs(text).splitlines())) <= 100


@pytest.mark.parametrize("printed", [au_terminal, dans_un_tube])
@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize(
    ("command", "whole"),
    [
        (("solde",), ("18 120,00 €", "42 467,51 €", "BP-P2-12", "19/03/2025", "socioprofessionnel")),
        (("appels", "3.3"), ("professionnalisation", "15/01/2025", "attestation_employeur", "03 21 15 56 39")),
        (("appels",), ("15/01–14/02/2025", "50 000,00 €", "Préparatoires")),
    ],
    ids=["solde", "appels 3.3", "appels"],
)
@pytest.mark.slow
def test_a_narrow_page_cuts_no_word_and_no_amount(
    juste: Path, printed: Callable[..., tuple[int, str]], columns: int, command: tuple[str, ...], whole: tuple[str, ...]
) -> None:
    words = (*command, juste, "--date", JOUR) if command == ("solde",) else command
    code, text = printed(*words, colonnes=columns)
    lines = sans_couleurs(text).splitlines()
    assert (code, max(map(len, lines)) <= columns) == (0, True)
    assert [word for word in whole if not any(word in line for line in lines)] == []


def test_amounts_are_aligned_and_a_column_without_anything_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    display.tableau(("Code", "Motif", "Montant"), [("P1", "", "5,00 €"), ("P2", "", "12 000,00 €")], droites={2})
    lines = ["Code       Montant", "─" * 18, "P1          5,00 €", "P2     12 000,00 €"]
    assert capsys.readouterr().out.splitlines() == lines


COLONNES, LIGNES = ("Code", "Texte", "Montant"), [("P03", "un texte assez long pour être plié", "1 234,50 €")]


def test_the_widest_column_gives_way_and_nothing_is_lost() -> None:
    widths = largeurs([COLONNES, *LIGNES], 40, 1)
    assert widths == [4, 20, 10]
    lines = tableau(COLONNES, LIGNES, widths).split("\n")
    assert lines[0] == "Code   Texte                  Montant"
    assert all(len(line) <= 40 for line in lines)
    assert " ".join(line[7:27].rstrip() for line in lines[2:]) == LIGNES[0][1]


@given(st.text("abcdé-  \n\t").map(str.strip), st.integers(1, 30))
def test_lines_are_those_of_textwrap(texte: str, largeur: int) -> None:
    expected = textwrap.wrap(texte, largeur, break_on_hyphens=False) or [""]
    assert plier(texte, largeur) == [line.rstrip() for line in expected]


@pytest.mark.parametrize(("page", "fits"), [(4 + 3 + 5 + 3 + 7, True), (4 + 3 + 5 + 3 + 6, False)])
def test_columns_are_given_up_when_words_would_be_cut(page: int, fits: bool) -> None:
    assert (largeurs([COLONNES, *LIGNES], page, 1) is not None) == fits
    assert fiche(COLONNES, ("P03", "", "1 234,50 €")).replace(INSECABLE, " ") == "• P03 · Montant : 1 234,50 €"
