"""Real worker processes: what one file costs when it kills the one that reads it, or keeps it for ever."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import envois
import pytest
from envois import classeur, contenu, deposer, nombreux, table

from aap_xl import children
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.consolidation import pool
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.pool import DELAI, Pool
from aap_xl.consolidation.run import Job, consolider
from aap_xl.consolidation.worker import Worker
from aap_xl.domain.regles import RULES
from aap_xl.faces.commands import consolider as face
from aap_xl.faces.failures import Refus

pytestmark = pytest.mark.slow

_NOMBRE = 22
_PATIENCE = 2
"""Seconds that a file may take here: the others take some hundredths of one."""
_LINUX = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="lists the children as Linux does")


def _enfants(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return {int(word) for word in found.read_text().split()} if found.exists() else set()


def _ouvriers(pid: int) -> list[int]:
    """The workers among the children of a run."""
    lines = {child: Path(f"/proc/{child}/cmdline") for child in sorted(_enfants(pid))}
    return [child for child, line in lines.items() if line.exists() and b"consolidation.worker" in line.read_bytes()]


class _Tueur(Catalogue):
    """Reading a workbook of one call ends the process at once, as the system does when memory runs out."""

    fatal = "3.7"

    def get(self, code: str, millesime: int | None = None) -> Appel:
        if code == self.fatal:
            self.nuire()
        return super().get(code, millesime)

    def nuire(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class _TueurUneFois(_Tueur):
    """Only the first time; each time, how many workers there are is noted."""

    temoin: Path

    def nuire(self) -> None:
        first = not self.temoin.exists()
        with self.temoin.open("a") as file:
            file.write(f"{len(_ouvriers(os.getppid()))}\n")
        if first:
            super().nuire()


class _Sourd(_Tueur):
    """Never answers, nor lets any other thread of its process do so: an expression that explodes holds everything."""

    def nuire(self) -> None:
        re.match("(a+)+$", "a" * 60 + "b")


class _MortNe(Catalogue):
    """What it is sent kills a worker before it begins."""

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (137,)


@pytest.fixture(autouse=True)
def _workers_know_these_catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker imports nothing from here by itself."""
    here = Path(__file__).parent
    monkeypatch.setattr(children, "_folders", lambda: [str(here), str(here.parent)])


def _catalogue(kind: type[Catalogue]) -> Catalogue:
    return kind((), RULES.keys())


@pytest.fixture(scope="module")
def recus(appel33: Appel, appel37: Appel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some workbooks, two of them of the call that does harm."""
    fatal = {f"fatal {n}.xlsx": classeur(appel37, intitule=f"Fatal {n}") for n in range(2)}
    return deposer(nombreux(appel33, tmp_path_factory.mktemp("recus"), _NOMBRE), fatal)


@pytest.fixture(scope="module")
def attendu(recus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What is written when nothing does harm."""
    sortie = tmp_path_factory.mktemp("attendu") / "out"
    _consolider(recus, sortie, _catalogue(Catalogue))
    return contenu(sortie)


def _consolider(recus: Path, sortie: Path, catalogue: Catalogue, nombre: int = 2, delai: int = DELAI) -> None:
    context = envois.context(catalogue)
    consolider(Job([recus], sortie, context, 5), Pool(context, nombre, delai), envois.Muet())


def _refus(sortie: Path) -> dict[str, str]:
    return {row["nom"]: row["motif"] for row in table(sortie, "fichiers") if row["etat"] == "refusé"}


@pytest.mark.skipif(os.name != "posix", reason="sends a signal that only Unix has")
def test_a_file_that_kills_whoever_reads_it_is_refused_and_the_others_are_not(recus: Path, tmp_path: Path) -> None:
    for nombre in (1, 3):
        sortie = tmp_path / str(nombre)
        for _ in range(2):
            _consolider(recus, sortie, _catalogue(_Tueur), nombre)
            refused = _refus(sortie)
            assert sorted(refused) == ["fatal 0.xlsx", "fatal 1.xlsx"]
            assert refused["fatal 0.xlsx"].startswith("« fatal 0.xlsx » a interrompu le programme qui le lisait")
            assert len(table(sortie, "operations")) == _NOMBRE
    assert contenu(tmp_path / "1") == contenu(tmp_path / "3")


@_LINUX
def test_a_file_whose_worker_died_is_tried_again_alone(recus: Path, attendu: dict[str, object], tmp_path: Path) -> None:
    catalogue = _catalogue(_TueurUneFois)
    assert isinstance(catalogue, _TueurUneFois)
    catalogue.temoin = tmp_path / "temoin.txt"
    (tmp_path / "in").mkdir()
    for chemin in recus.rglob("*.xlsx"):
        if chemin.name != "fatal 1.xlsx":
            (tmp_path / "in" / chemin.name).hardlink_to(chemin)
    _consolider(tmp_path / "in", tmp_path / "out", catalogue)
    assert [*map(int, catalogue.temoin.read_text().split())][1:] == [1]
    assert _refus(tmp_path / "out") == {}
    assert len(table(tmp_path / "out", "operations")) == _NOMBRE + 1


def test_a_file_that_takes_too_long_is_refused_and_the_others_are_not(recus: Path, tmp_path: Path) -> None:
    _consolider(recus, tmp_path / "out", _catalogue(_Sourd), 2, _PATIENCE)
    refused = _refus(tmp_path / "out")
    assert sorted(refused) == ["fatal 0.xlsx", "fatal 1.xlsx"]
    assert refused["fatal 1.xlsx"].startswith(f"« fatal 1.xlsx » n'a pas pu être traité en {_PATIENCE} s")
    assert refused["fatal 1.xlsx"].endswith(f"--delai {5 * _PATIENCE}.")
    assert len(table(tmp_path / "out", "operations")) == _NOMBRE


def test_a_refusal_for_the_time_or_a_death_is_tried_again_by_the_next_run(
    recus: Path, attendu: dict[str, object], tmp_path: Path
) -> None:
    if os.name == "posix":
        _consolider(recus, tmp_path / "out", _catalogue(_Tueur))
        assert len(_refus(tmp_path / "out")) == 2
    _consolider(recus, tmp_path / "out", _catalogue(Catalogue))
    assert contenu(tmp_path / "out") == attendu


def test_when_no_worker_can_begin_it_is_one_sentence_and_nothing_is_written(recus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConsolidationImpossible, match=r"aucun processus .* --processus 1"):
        _consolider(recus, tmp_path / "out", _catalogue(_MortNe))
    assert not (tmp_path / "out" / "synthese.xlsx").exists()


def test_when_the_system_starts_fewer_workers_those_do_it_all(
    recus: Path, attendu: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Worker] = []

    class Avare(Worker):
        def __init__(self, *args: object) -> None:
            if started:
                raise BlockingIOError
            super().__init__(*args)  # type: ignore[arg-type]
            started.append(self)

    monkeypatch.setattr(pool, "Worker", Avare)
    _consolider(recus, tmp_path / "out", _catalogue(Catalogue), 3)
    assert contenu(tmp_path / "out") == attendu


@_LINUX
def test_workers_killed_during_a_real_run_change_nothing(appel33: Appel, tmp_path: Path) -> None:
    source = nombreux(appel33, tmp_path / "in", 50, 20)
    words = ["consolider", str(source), "--date", "15/12/2025", "--silencieux", "--processus", "2", "-o"]
    command = [sys.executable, "-m", "aap_xl", *words]
    calm = subprocess.run([*command, str(tmp_path / "calme")], check=False, timeout=120)
    running = subprocess.Popen([*command, str(tmp_path / "out")], stderr=subprocess.PIPE, text=True)
    killed = 0
    for _ in _avancees(running, tmp_path / "out" / ".aap-xl" / "etat.sqlite-wal", 3):
        for pid in _ouvriers(running.pid)[:1]:
            os.kill(pid, signal.SIGKILL)
            killed += 1
    _, said = running.communicate(timeout=120)
    assert killed >= 2
    assert (running.returncode, said) == (calm.returncode, "")
    assert contenu(tmp_path / "out") == contenu(tmp_path / "calme")


def _avancees(running: "subprocess.Popen[str]", etat: Path, fois: int) -> Iterator[None]:
    """Each time that results were kept since the last time."""
    kept, limit = 0, time.monotonic() + 120
    while fois and running.poll() is None and time.monotonic() < limit:
        size = etat.stat().st_size if etat.exists() else 0
        if size > kept + 60_000:
            kept, fois = size, fois - 1
            yield
        time.sleep(0.01)


@pytest.mark.parametrize(("donne", "recu"), [(None, DELAI), (7, 7)])
def test_the_commands_time_limit_is_the_workers(
    recus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, donne: int | None, recu: int
) -> None:
    received: list[int] = []

    def noter(context: object, nombre: int, delai: int) -> Pool:
        received.append(delai)
        raise ConsolidationImpossible("assez.")

    monkeypatch.setattr(face, "Pool", noter)
    with pytest.raises(Refus, match="assez"):
        face.run(face.Request([recus], tmp_path / "out", processus=1, delai=donne, silencieux=True, jour=envois.LE))
    assert received == [recu]
