"""Ctrl-C at every line: what must be done wholly is, and the interruption is heard afterwards."""

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from envois import LE

from aap_xl import children
from aap_xl.appels.loader import Catalogue
from aap_xl.consolidation import interrupt, output, pool
from aap_xl.consolidation import worker as workers
from aap_xl.consolidation.interrupt import deferred
from aap_xl.consolidation.one_file import Context, Task
from aap_xl.consolidation.output import JOURNAL, SYNTHESE, TABLES, Output
from aap_xl.consolidation.worker import Worker

pytestmark = pytest.mark.slow


class _Lignes:
    """Counts the lines run in some modules, and interrupts at one of them."""

    def __init__(self, modules: tuple[Any, ...], rang: int) -> None:
        self._fichiers = {module.__file__ for module in modules}
        self._rang = rang
        self.passees = 0

    def __enter__(self) -> "_Lignes":
        self._former = sys.gettrace()
        sys.settrace(self._entrer)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._former)

    def _entrer(self, frame: FrameType, _event: str, _arg: object) -> Any:
        return self._passer if frame.f_code.co_filename in self._fichiers else None

    def _passer(self, _frame: FrameType, event: str, _arg: object) -> Any:
        if event == "line":
            self.passees += 1
            if self.passees == self._rang:
                signal.raise_signal(signal.SIGINT)
        return self._passer


def _interrompre(action: Callable[[], object], modules: tuple[Any, ...], rang: int) -> bool:
    """Returns: whether there was such a line, at which it was interrupted."""
    with _Lignes(modules, rang) as lignes, contextlib.suppress(KeyboardInterrupt):
        action()
        assert lignes.passees < rang, "nobody heard the interruption"
    return lignes.passees >= rang


@pytest.fixture
def context() -> Context:
    return Context(Catalogue(()), LE, None, {})


# --- a worker is ended, or can be ended again


def test_a_worker_is_ended_whenever_it_is_interrupted(context: Context) -> None:
    modules = (workers, interrupt)
    for rang in range(1, 500):
        worker = Worker(context, [Task(1, octets=b"")], 60)
        found = _interrompre(worker.arreter, modules, rang)
        worker.arreter()
        assert worker.bout.closed
        assert worker._processus.returncode is not None
        if not found:
            break
    assert 10 < rang < 499


def test_a_team_is_ended_whenever_it_is_interrupted(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers, two files that can't be read: every line of the parent's side, while they work and at their end."""
    started: list[subprocess.Popen[bytes]] = []
    start = children.start

    def noted(*args: Any) -> "subprocess.Popen[bytes]":
        started.append(start(*args))
        return started[-1]

    monkeypatch.setattr(children, "start", noted)
    lots = [[Task(1, octets=b"")], [Task(2, octets=b"")]]
    for rang in (*range(1, 60, 5), *range(60, 110)):
        team = pool.Pool(context, 2)
        started.clear()
        found = _interrompre(lambda team=team: list(team.execute(iter(lots))), (pool,), rang)  # type: ignore[misc]
        assert all(child.returncode is not None for child in started)
        if not found:
            break


# --- the products are exchanged together, or not at all


def _deposer(dossier: Path, mot: str) -> None:
    (dossier / TABLES).mkdir()
    for nom in (f"{TABLES}/operations.parquet", JOURNAL, SYNTHESE):
        (dossier / nom).write_text(mot)


def _produits(dossier: Path) -> list[str]:
    return [(dossier / nom).read_text() for nom in (f"{TABLES}/operations.parquet", JOURNAL, SYNTHESE)]


def _remplacer(sortie_: Output) -> None:
    with sortie_.remplacer() as fresh:
        _deposer(fresh, "neuf")


def test_the_products_are_the_old_ones_or_the_new_ones_whenever_it_is_interrupted(tmp_path: Path) -> None:
    seen = []
    for rang in range(1, 500):
        dossier = tmp_path / str(rang)
        _remplacer(Output(dossier))
        _deposer_anciens(dossier)
        found = _interrompre(lambda dossier=dossier: _remplacer(Output(dossier)), (output,), rang)  # type: ignore[misc]
        seen.append(_produits(dossier))
        Output(dossier).reparer()
        assert _produits(dossier) == seen[-1]
        assert [item.name for item in (dossier / ".aap-xl").iterdir()] == []
        if not found:
            break
    assert {tuple(produits) for produits in seen} == {("ancien",) * 3, ("neuf",) * 3}


def _deposer_anciens(dossier: Path) -> None:
    for nom in (f"{TABLES}/operations.parquet", JOURNAL, SYNTHESE):
        (dossier / nom).write_text("ancien")


# --- the block itself


@contextlib.contextmanager
def _entendre(handler: Any) -> Iterator[None]:
    former = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


@pytest.mark.parametrize("heritee", [True, False])
def test_the_interruption_comes_once_the_outer_block_is_done(heritee: bool) -> None:
    done = []

    def work() -> None:
        with deferred(heritee=heritee):
            with deferred():
                signal.raise_signal(signal.SIGINT)
            done.append("inner")
        done.append("outer")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    with _entendre(signal.SIG_IGN), deferred():
        signal.raise_signal(signal.SIGINT)


def test_the_failure_of_the_block_is_what_is_told() -> None:
    def work() -> None:
        with deferred():
            signal.raise_signal(signal.SIGINT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()


def test_another_thread_may_enter_it() -> None:
    done: list[int] = []

    def work() -> None:
        with deferred():
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]
