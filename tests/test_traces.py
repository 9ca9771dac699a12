"""What the program keeps: shown, removed, and closed to whom the workbook was closed to."""

import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.consolidation.output import ETAT, STATE
from aap_xl.consolidation.state import State
from aap_xl.faces.commands import consolider
from aap_xl.faces.exemples import exemples, remplir_classeur

Aap = Callable[..., tuple[int, str, str]]
LE = ("--date", "20/01/2026")
posix = pytest.mark.skipif(os.name != "posix", reason="permissions of another kind")


@pytest.fixture
def suivi(tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filled workbook in a folder of its own, on a machine where nothing was kept."""
    for name in ("cache", "temp", "classeurs"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    exemple = next(item for item in exemples(erreurs=False) if item.appel == "3.3")
    chemin = tmp_path / "classeurs" / "suivi.xlsx"
    remplir_classeur(chemin, exemple, catalogue.get("3.3"), catalogue)
    return chemin


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_machine_where_nothing_was_done_keeps_nothing(aap: Aap, suivi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AAP_XL_CACHE", str(suivi.parent / "ailleurs"))
    assert aap("traces", suivi.parent) == (0, "Aucune trace.\n", "")


def test_what_is_kept_is_shown_then_removed(aap: Aap, suivi: Path, tmp_path: Path) -> None:
    folder = suivi.parent
    (tmp_path / "temp" / "aap-xl-essai.log").write_text("x")
    aap("bilan", suivi, "--sur-place", "--date", "19/01/2026")
    aap("consolider", suivi, "-o", folder / "synthèse", "--silencieux", *LE)
    aap("renvoyer", suivi, "-o", folder / "renvois", "--commentaire", "Merci.", *LE)
    code, said, _ = aap("traces", folder)
    assert code == 0
    for words in ("Cache des appels", "Journal d'une erreur", "Sauvegarde d'un", "État d'une", "Renvois préparés"):
        assert words in said
    kept = {path.relative_to(folder) for path in folder.rglob("*")}
    code, said, _ = aap("traces", folder, "--effacer")
    assert (code, said.splitlines()[-1]) == (0, "Effacé : 4 sur 4.")
    left = {path.relative_to(folder) for path in folder.rglob("*")}
    gone = {str(path) for path in kept - left}
    assert {f"synthèse/{ETAT}", f"synthèse/{ETAT}/{STATE}"} <= gone
    assert {name for name in gone if ETAT not in name} == {
        path for path in map(str, kept) if ".sauvegarde-" in path and path.startswith("suivi.")
    }
    assert not [*(tmp_path / "temp").iterdir(), *(tmp_path / "cache").iterdir()]
    assert "Renvois préparés" in aap("traces", folder)[1]


def test_a_folder_that_is_not_a_state_is_left(aap: Aap, suivi: Path) -> None:
    other = suivi.parent / ETAT
    other.mkdir()
    (other / "notes.txt").write_text("à garder")
    aap("traces", suivi.parent, "--effacer")
    assert (other / "notes.txt").exists()


def test_a_file_is_no_place_to_look_in(aap: Aap, suivi: Path) -> None:
    code, _, said = aap("traces", suivi)
    assert code == 2
    assert "n'est pas un dossier" in said


@posix
def test_what_cannot_be_removed_is_told(aap: Aap, suivi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (suivi.parent / "suivi.sauvegarde-2026-01-19-1.xlsx").write_bytes(b"x")

    def fail(self: Path) -> None:
        raise PermissionError(13, "refusé", str(self))

    monkeypatch.setattr(Path, "unlink", fail)
    code, said, told = aap("traces", suivi.parent, "--effacer")
    assert code == 1
    assert "suivi.sauvegarde-2026-01-19-1.xlsx » n'a pas pu être effacé" in told
    assert "0 sur 1" in said or "1 sur 2" in said


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_copy_has_the_permissions_of_its_workbook(aap: Aap, suivi: Path, mode: int) -> None:
    folder = suivi.parent
    suivi.chmod(mode)
    aap("bilan", suivi, *LE)
    aap("bilan", suivi, "--sur-place", "--date", "19/01/2026")
    aap("solde", suivi, "-o", folder / "solde.xlsx", *LE)
    aap("comparer", suivi, folder / "suivi - bilan.xlsx", "-o", folder / "comparaison.xlsx", *LE)
    aap("renvoyer", suivi, "-o", folder / "renvois", "--commentaire", "Merci.", *LE)
    made = [path for path in folder.rglob("*") if path.is_file() and path.name != "renvois.jsonl"]
    assert len(made) == 7
    assert {_mode(path) for path in made} == {mode}


@posix
def test_a_copy_of_a_closed_workbook_can_be_written_again(aap: Aap, suivi: Path) -> None:
    suivi.chmod(0o400)
    assert aap("bilan", suivi, *LE)[0] in {0, 1}
    assert aap("bilan", suivi, "--forcer", *LE)[0] in {0, 1}


def test_a_state_wipes_what_it_forgets(tmp_path: Path) -> None:
    with closing(State(tmp_path / "etat.sqlite", "essai")) as state:
        assert state.base.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_without_colours_nothing_is_drawn_twice(suivi: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = consolider.Lines(consolider.Request([suivi.parent], suivi.parent / "synthèse"))
    for done in (0, 1, 1):
        lines.avance(done, 0)
    lines.ecrit()
    assert capsys.readouterr().err == "Lecture : 1 sur 1\nÉcriture\n"


@pytest.mark.parametrize(("no_color", "kind"), [("1", "Lines"), ("", "Bar")])
def test_the_bar_is_for_who_wants_colours(
    suivi: Path, monkeypatch: pytest.MonkeyPatch, no_color: str, kind: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    request = consolider.Request([suivi.parent], suivi.parent / "synthèse")
    assert type(consolider.shown(request)).__name__ == kind
