"""Installing the add-in on the folders of both systems, made in a temporary place: nothing of others' is touched."""

import errno
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from aap_xl import __version__
from aap_xl.faces.commands import addin
from aap_xl.faces.failures import Refus
from aap_xl.faces.install import installation, places, settings
from aap_xl.faces.install.places import Systeme, nom_script, xlwings_attendu
from aap_xl.workbook.ooxml import atomic

HOMES = ["Utilisateur Inventé", "Élodie d'Essai", "u"]
DLLS = [f"xlwings{bits}-{xlwings_attendu()}.dll" for bits in (64, 32)]


def windows(root: Path) -> Systeme:
    """An account of Windows, with Python in a virtual environment and Excel never opened."""
    home = root / "Users" / root.name
    scripts = home / "aap xl" / "Scripts"
    scripts.mkdir(parents=True)
    (scripts / "python.exe").touch()
    for name in DLLS:
        (scripts.parent / name).touch()
    return Systeme("win32", home, home / "AppData" / "Roaming", scripts / "python.exe", "cp1252")


def mac(root: Path) -> Systeme:
    """An account of macOS on which Excel was opened once."""
    home = root / "Users" / root.name
    python = home / "aap xl" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    found = Systeme("darwin", home, Path(), python, "mac_roman")
    found.conteneur.mkdir(parents=True)
    return found


@pytest.fixture(
    params=[(make, home) for make in (windows, mac) for home in HOMES], ids=lambda p: f"{p[0].__name__}-{p[1]}"
)
def systeme(request: pytest.FixtureRequest, tmp_path: Path) -> Systeme:
    make, home = request.param
    root = tmp_path / home
    root.mkdir()
    found: Systeme = make(root)
    return found


@pytest.fixture
def windows_seul(tmp_path: Path) -> Systeme:
    return windows(tmp_path)


@pytest.fixture
def mac_seul(tmp_path: Path) -> Systeme:
    return mac(tmp_path)


def files(systeme: Systeme) -> dict[str, bytes]:
    """Everything on the account but Python's own files."""
    home = systeme.maison
    paths = (path for path in home.rglob("*") if path.is_file() and "aap xl" not in path.parts)
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in paths}


def test_the_add_in_shipped_is_one_and_says_the_package_version() -> None:
    with zipfile.ZipFile(BytesIO(places.fourni())) as file:
        assert "xl/vbaProject.bin" in file.namelist()
    assert places.version(places.fourni()) == f"version {__version__}"
    assert places.version(b"autre chose") == "version inconnue"


def test_windows_layout(windows_seul: Systeme) -> None:
    installation.installer(windows_seul)
    found = files(windows_seul)
    assert sorted(found) == [".aap_xl/aap_xl.conf", "AppData/Roaming/Microsoft/Excel/XLSTART/aap_xl.xlam"]
    assert found["AppData/Roaming/Microsoft/Excel/XLSTART/aap_xl.xlam"] == places.fourni()
    assert found[".aap_xl/aap_xl.conf"].decode("cp1252") == f'"INTERPRETER_WIN","{windows_seul.python}"\r\n'


def test_macos_layout(mac_seul: Systeme) -> None:
    installation.installer(mac_seul)
    found = files(mac_seul)
    excel = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
    script = f"Library/Application Scripts/com.microsoft.Excel/{nom_script()}"
    conf = "Library/Containers/com.microsoft.Excel/Data/aap_xl.conf"
    assert sorted(found) == sorted([f"{excel}/aap_xl.xlam", conf, script])
    assert found[conf].decode("mac_roman") == f'"INTERPRETER_MAC","{mac_seul.python}"\r\n'
    assert b"VbaHandler" in found[script]


def test_installing_says_where_and_what_next_then_agrees(systeme: Systeme) -> None:
    told = installation.installer(systeme)
    assert told[0] == f"Complément installé : {systeme.complement}"
    assert str(systeme.reglages) in told[1]
    assert "rouvrez" in told[-1]
    assert not any("Attention" in line for line in told)
    state = installation.etat(systeme)
    assert state.concorde, state.problemes
    assert any(f"version {__version__}" in line for line in state.lignes)


def test_installing_twice_changes_nothing(systeme: Systeme) -> None:
    installation.installer(systeme)
    before = {path: path.stat().st_mtime_ns for path in systeme.maison.rglob("*")}
    told = installation.installer(systeme)
    assert all("déjà à jour" in line for line in told[:-1])
    assert {path: path.stat().st_mtime_ns for path in systeme.maison.rglob("*")} == before


def others(systeme: Systeme) -> dict[str, bytes]:
    """What other add-ins and other programs left on the account."""
    there = {
        systeme.complement.with_name("autre.xlam"): b"autre",
        systeme.maison / ".xlwings" / "xlwings.conf": b'"INTERPRETER_WIN","C:\\autre\\python.exe"\n',
    }
    if systeme.script:
        there[systeme.script.with_name("xlwings-0.1.applescript")] = b"ancien"
    for path, content in there.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files(systeme)


def test_removing_leaves_everything_else(systeme: Systeme) -> None:
    before = others(systeme)
    installation.installer(systeme)
    assert before.items() < files(systeme).items()
    told = installation.retirer(systeme)
    assert str(systeme.complement) in told[0]
    kept = {systeme.script.relative_to(systeme.maison).as_posix()} if systeme.script else set()
    assert files(systeme).keys() - before.keys() == kept
    assert before.items() <= files(systeme).items()
    if systeme.windows:
        assert not systeme.reglages.parent.exists()
    assert installation.retirer(systeme)[0].startswith(("Rien à retirer", "Script laissé"))


def test_removing_leaves_what_is_not_ours_beside_the_settings(windows_seul: Systeme) -> None:
    installation.installer(windows_seul)
    note = windows_seul.reglages.with_name("note.txt")
    note.touch()
    installation.retirer(windows_seul)
    assert note.exists()
    assert not windows_seul.reglages.exists()


def test_settings_without_ours_are_left_alone(windows_seul: Systeme) -> None:
    windows_seul.reglages.parent.mkdir()
    windows_seul.reglages.write_bytes(b'"SHOW CONSOLE","True"\n\n')
    assert installation.retirer(windows_seul) == ["Rien à retirer : le complément n'est pas installé."]
    assert windows_seul.reglages.read_bytes() == b'"SHOW CONSOLE","True"\n\n'


def test_other_settings_are_kept_byte_for_byte(windows_seul: Systeme) -> None:
    path = windows_seul.reglages
    path.parent.mkdir()
    kept = '"SHOW CONSOLE","True"\n\n"PYTHONPATH","C:\\Donn\xe9es"\r\n'.encode("cp1252")
    path.write_bytes(kept + b'"interpreter_win","C:\\ancien\\python.exe"\n')
    installation.installer(windows_seul)
    own = f'"INTERPRETER_WIN","{windows_seul.python}"\r\n'.encode("cp1252")
    others_ = b'"SHOW CONSOLE","True"\r\n"PYTHONPATH","C:\\Donn\xe9es"\r\n'
    assert path.read_bytes() == others_ + own
    installation.retirer(windows_seul)
    assert path.read_bytes() == others_


READ = [
    (b'"INTERPRETER_WIN","C:\\a b\\python.exe"\r\n', "C:\\a b\\python.exe"),
    (b'"interpreter_win","C:\\p.exe"', "C:\\p.exe"),
    (b"INTERPRETER_WIN,C:\\p.exe\n", "C:\\p.exe"),
    (b'"A","1"\n"INTERPRETER_WIN","first"\n"INTERPRETER_WIN","second"\n', "first"),
    (b'"INTERPRETER_WIN","C:\\\xe9l\xe8ve\\p.exe"', "C:\\élève\\p.exe"),
    (b'"INTERPRETER_MAC","/p"', ""),
    (b"\xff\x00 rubbish\n\n", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("content", "value"), READ)
def test_settings_are_read_as_vba_reads_them(content: bytes, value: str) -> None:
    assert settings.lire(content, "INTERPRETER_WIN", "cp1252") == value


@pytest.mark.parametrize("path", ['C:\\a"b\\python.exe', "C:\\%TEMP%\\python.exe", "C:\\日本\\python.exe", "C:\\a\nb"])
def test_a_path_that_vba_would_misread_is_refused(windows_seul: Systeme, path: str) -> None:
    with pytest.raises(Refus, match="dossier au nom simple"):
        installation._set_interpreter(replace(windows_seul, python=Path(path)))
    assert not windows_seul.reglages.exists()


def test_excel_holding_the_add_in_is_told(windows_seul: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.installer(windows_seul)
    windows_seul.complement.write_bytes(b"ancien")

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "Le processus ne peut pas accéder au fichier")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with pytest.raises(Refus, match="fermez toutes ses fenêtres"):
            installation.installer(windows_seul)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        with pytest.raises(Refus, match="fermez toutes ses fenêtres"):
            installation.retirer(windows_seul)
    assert windows_seul.complement.read_bytes() == b"ancien"
    assert [path.name for path in windows_seul.complement.parent.iterdir()] == ["aap_xl.xlam"]


def test_the_mark_of_an_open_add_in_is_told(windows_seul: Systeme) -> None:
    installation.installer(windows_seul)
    windows_seul.complement.write_bytes(b"ancien")
    windows_seul.complement.with_name("~$aap_xl.xlam").touch()
    with pytest.raises(Refus, match="fermez toutes ses fenêtres"):
        installation.installer(windows_seul)


def test_a_full_disk_is_not_said_to_be_excel(windows_seul: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "plein")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(atomic.EcritureImpossible, match="plus de place"):
        installation.installer(windows_seul)
    assert files(windows_seul) == {}


def test_a_folder_that_cannot_be_made_is_told(windows_seul: Systeme) -> None:
    windows_seul.appdata.parent.mkdir(parents=True)
    windows_seul.appdata.write_text("un fichier")
    with pytest.raises(Refus, match="ne peut pas être créé"):
        installation.installer(windows_seul)


def test_macos_where_excel_was_never_opened_is_told(mac_seul: Systeme) -> None:
    mac_seul.conteneur.rmdir()
    for action in (installation.installer, installation.retirer, installation.etat):
        with pytest.raises(Refus, match="jamais été ouvert"):
            action(mac_seul)
    assert files(mac_seul) == {}


def test_a_package_without_its_add_in_is_told(windows_seul: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "COMPLEMENT", "absent.xlam")
    with pytest.raises(Refus, match="réinstallez aap-xl"):
        installation.installer(windows_seul)


def _older(s: Systeme) -> None:
    s.complement.write_bytes(b"ancien")


def _no_addin(s: Systeme) -> None:
    s.complement.unlink()


def _no_settings(s: Systeme) -> None:
    s.reglages.unlink()


def _moved(s: Systeme) -> None:
    s.python.unlink()


def _another(s: Systeme) -> None:
    other = s.python.with_name("autre.exe")
    other.touch()
    s.reglages.write_bytes(settings.ecrire(b"", s.cle, str(other), s.codage))


def _no_library(s: Systeme) -> None:
    (s.python.parent.parent / DLLS[0]).unlink()


def _no_script(s: Systeme) -> None:
    assert s.script
    s.script.unlink()


BROKEN: list[tuple[Callable[[Path], Systeme], Callable[[Systeme], None], str]] = [
    (windows, _older, "n'est pas celui du paquet"),
    (windows, _no_addin, "n'est pas installé"),
    (windows, _no_settings, "ne sait pas quel Python"),
    (windows, _moved, "n'existe plus"),
    (windows, _another, "un autre Python"),
    (windows, _no_library, f"« {DLLS[0]} » manque"),
    (mac, _older, "n'est pas celui du paquet"),
    (mac, _moved, "n'existe plus"),
    (mac, _no_script, "n'a pas le script"),
]


@pytest.mark.parametrize(("make", "break_it", "sentence"), BROKEN)
def test_what_does_not_agree_is_told_with_its_remedy(
    make: Callable[[Path], Systeme], break_it: Callable[[Systeme], None], sentence: str, tmp_path: Path
) -> None:
    systeme = make(tmp_path)
    installation.installer(systeme)
    break_it(systeme)
    (problem,) = installation.etat(systeme).problemes
    assert sentence in problem
    assert "lancez «" in problem or "installer" in problem


def test_an_older_add_in_is_replaced(windows_seul: Systeme) -> None:
    installation.installer(windows_seul)
    _older(windows_seul)
    assert installation.installer(windows_seul)[0] == f"Complément remplacé : {windows_seul.complement}"
    assert installation.etat(windows_seul).concorde


def test_on_windows_the_case_of_a_path_does_not_matter(windows_seul: Systeme) -> None:
    installation.installer(windows_seul)
    spelt = windows_seul.python.with_name("Python.exe")
    spelt.touch()  # on Windows it is the same file
    windows_seul.reglages.write_bytes(settings.ecrire(b"", windows_seul.cle, str(spelt), windows_seul.codage))
    assert installation.etat(windows_seul).concorde


def test_an_upgraded_xlwings_is_told(windows_seul: Systeme, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.installer(windows_seul)
    monkeypatch.setattr(metadata, "requires", lambda _: ["xlwings==9.9.9", "lxml"])
    told = " ".join(installation.etat(windows_seul).problemes)
    assert "le complément demande xlwings 9.9.9" in told
    assert "xlwings64-9.9.9.dll" in told


def test_a_missing_library_is_told_when_installing(windows_seul: Systeme) -> None:
    _no_library(windows_seul)
    told = installation.installer(windows_seul)
    (warned,) = [line for line in told if "Attention" in line and DLLS[0] in line]
    assert "réinstallez Python depuis python.org pour vous seul" in warned


def test_pythonw_is_never_what_excel_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("python.exe", "pythonw.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "pythonw.exe"))
    assert Systeme.courant().python == tmp_path / "python.exe"
    (tmp_path / "python.exe").unlink()
    assert Systeme.courant().python == tmp_path / "pythonw.exe", "the only one there is"


@pytest.fixture
def place(windows_seul: Systeme, monkeypatch: pytest.MonkeyPatch) -> Systeme:
    """The command, on an account of Windows."""
    monkeypatch.setattr(Systeme, "courant", classmethod(lambda _: windows_seul))
    return windows_seul


def run(action: str) -> int:
    return addin.run(addin.Request(action))


def test_the_exit_code_says_whether_it_agrees(place: Systeme, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("etat") == 1
    assert "À faire : le complément n'est pas installé" in capsys.readouterr().out
    assert run("installer") == 0
    assert run("etat") == 0
    assert capsys.readouterr().out.endswith("Tout concorde.\n")
    assert run("retirer") == 0
    assert run("etat") == 1
    assert place.complement.parent.is_dir()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="refused elsewhere only")
@pytest.mark.parametrize("action", ["installer", "retirer", "etat"])
def test_linux_is_refused_in_one_sentence(action: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aap_xl", "addin", action], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 2
    assert done.stderr.startswith("aap-xl : le complément Excel ne s'installe que sous Windows et macOS")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("platform", "encoding", "key"), [("win32", "mbcs", "INTERPRETER_WIN"), ("darwin", "mac_roman", "INTERPRETER_MAC")]
)
def test_this_machine(platform: str, encoding: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("APPDATA", str(tmp_path / "Itinérant"))
    found = Systeme.courant()
    assert (found.codage, found.cle, found.python) == (encoding, key, Path(sys.executable))
    assert found.reglages.is_relative_to(tmp_path)
    assert found.complement.is_relative_to(tmp_path / "Itinérant") == (platform == "win32")
