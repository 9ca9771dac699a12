"""The files treated by processes of this machine. One that dies is replaced, and the file that killed it is told."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice

from aap_xl.consolidation.arrow import sans_pandas
from aap_xl.consolidation.traitement import NOM, Contexte, Resultat, Tache, traiter_lot

_AVANCE = 2
"""Batches handed to each process beforehand."""
_MAX = 61
"""Windows waits for no more processes at once."""
TUE = (
    f"« {NOM} » a interrompu le programme qui le lisait (mémoire épuisée, peut-être) ; "
    "ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau et redonnez-le."
)

_contexte: list[Contexte] = []

Lot = list[Tache]


def coeurs() -> int:
    """How many processes may work at once on this machine."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(allowed or 1, _MAX)


class Processus:
    """Worker processes, started afresh (« spawn »): nothing of this one is inherited, on any system."""

    def __init__(self, contexte: Contexte, nombre: int) -> None:
        self._contexte = contexte
        self._nombre = max(1, min(nombre, _MAX))

    def executer(self, lots: Iterable[Lot]) -> Generator[list[Resultat], None, None]:
        """Treat batches of files; results come as they are ready, in any order.

        A worker that dies takes with it the batches under way: they are done again one file at a time, and a file
        that kills again is refused.
        """
        remaining = iter(lots)
        while True:
            lost: list[Lot] = []
            yield from self._until_broken(remaining, lost)
            if not lost:
                return
            yield from self._un_par_un(tache for lot in lost for tache in lot)

    def _until_broken(self, lots: Iterator[Lot], lost: list[Lot]) -> Iterator[list[Resultat]]:
        pool = self._pool(self._nombre)
        running: dict[Future[list[Resultat]], Lot] = {}
        try:
            while True:
                if not lost:
                    for lot in islice(lots, _AVANCE * self._nombre - len(running)):
                        self._soumettre(pool, lot, running, lost)
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    lot = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        lost.append(lot)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _soumettre(
        self, pool: ProcessPoolExecutor, lot: Lot, running: dict[Future[list[Resultat]], Lot], lost: list[Lot]
    ) -> None:
        try:
            running[_confier(pool, lot)] = lot
        except BrokenProcessPool:
            lost.append(lot)

    def _un_par_un(self, taches: Iterable[Tache]) -> Iterator[list[Resultat]]:
        pool = self._pool(1)
        try:
            for tache in taches:
                try:
                    yield _confier(pool, [tache]).result()
                except BrokenProcessPool:
                    pool.shutdown(wait=True)
                    pool = self._pool(1)
                    yield [Resultat(tache.entree, "", motif=TUE)]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _pool(self, nombre: int) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(nombre, spawn, initializer=_preparer, initargs=(self._contexte,))


def _confier(pool: ProcessPoolExecutor, lot: Lot) -> "Future[list[Resultat]]":
    """Hand over a batch, which may start a worker."""
    with _sans_interruption():
        return pool.submit(_travailler, lot)


@contextmanager
def _sans_interruption() -> Iterator[None]:
    """Ctrl-C waits for the end; a process started meanwhile never hears it: it is meant for its parent.

    Blocking is inherited by that process; but another thread may still hear, hence the handler.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    heard: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, former)
    if heard and callable(former):
        former(signal.SIGINT, None)


def _preparer(contexte: Contexte) -> None:
    """Start a worker: it leaves Ctrl-C to its parent, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_finir_avec_le_parent, daemon=True).start()
    sans_pandas()
    _contexte[:] = [contexte]
    gc.collect()
    gc.freeze()


def _finir_avec_le_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _travailler(lot: Lot) -> list[Resultat]:
    return traiter_lot(lot, _contexte[0])
