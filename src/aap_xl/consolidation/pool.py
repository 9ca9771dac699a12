"""The files treated by processes of this machine.

A worker that dies, or that one file keeps for too long, costs that file at most: another worker takes its place, and
the file is tried again alone, so that neither the memory nor the time that others take decides of it.
"""

import os
from collections.abc import Generator, Iterable, Iterator
from multiprocessing.connection import wait

from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.interrupt import deferred
from aap_xl.consolidation.one_file import Context, Outcome, Task
from aap_xl.consolidation.worker import Stopped, Worker
from aap_xl.records import record
from aap_xl.workbook.reading.files.refusals import Cause, Refusal

DELAI = 120
"""Seconds that one file may take; the largest .xlsx takes one or two, reading another format is stopped after 20."""
_ECOUTE = 60.0
"""Seconds between two looks at the workers when none of them says anything."""
_MAX = 61
"""Windows waits for no more processes at once."""
KILLED = Refusal(Cause.KILLED)
_SANS_PROCESSUS = (
    "aucun processus de travail ne peut démarrer (mémoire épuisée, peut-être) ; fermez d'autres programmes, "
    "puis relancez la même commande avec --processus 1. Ce qui est fait est gardé."
)

Lot = list[Task]


def coeurs() -> int:
    """How many processes may work at once on this machine."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(allowed or 1, _MAX)


class Pool:
    """Worker processes, for one consolidation."""

    def __init__(self, context: Context, nombre: int, delai: int = DELAI) -> None:
        """Nothing is started yet.

        Args: delai: seconds that a file may take.
        """
        self._contexte = context
        self._nombre = max(1, min(nombre, _MAX))
        self._delai = delai

    def execute(self, lots: Iterable[Lot]) -> Generator[list[Outcome], None, None]:
        """Treat batches of files; results come as they are ready, in any order.

        Raises: ConsolidationImpossible if no worker can be started.
        """
        together = _Equipe(self._contexte, self._nombre, self._delai, lots)
        yield from together.outcomes()
        alone = _Equipe(self._contexte, 1, self._delai, ([arret.task] for arret in together.arrets))
        yield from alone.outcomes()
        if alone.arrets:
            yield [Outcome(arret.task.entree, "", refusal=self._refusal(arret)) for arret in alone.arrets]

    def _refusal(self, arret: "_Arret") -> Refusal:
        too_slow = Refusal(Cause.TOO_SLOW, {"delai": self._delai, "plus": 5 * self._delai})
        return too_slow if arret.trop_long else KILLED


@record
class _Arret:
    """A file whose worker was stopped, by itself or because it took too long."""

    task: Task
    trop_long: bool


class _Equipe:
    """Workers side by side, each on a batch of its own. ``arrets``: the files that stopped one of them."""

    def __init__(self, context: Context, nombre: int, delai: float, lots: Iterable[Lot]) -> None:
        self.arrets: list[_Arret] = []
        self._contexte, self._nombre, self._delai = context, nombre, delai
        self._lots = iter(lots)
        self._rendus: list[Lot] = []
        self._ouvriers: list[Worker] = []

    def outcomes(self) -> Iterator[list[Outcome]]:
        """Every result but those of `arrets`."""
        try:
            while self._engager():
                for ouvrier in self._qui_parle():
                    done = self._ecouter(ouvrier)
                    if done:
                        yield done
        finally:
            with deferred():
                for ouvrier in self._ouvriers:
                    ouvrier.arreter()

    def _suivant(self) -> Lot | None:
        return self._rendus.pop() if self._rendus else next(self._lots, None)

    def _engager(self) -> bool:
        """Start the workers that are missing.

        Returns: whether anyone is at work.
        """
        while len(self._ouvriers) < self._nombre and (lot := self._suivant()):
            try:
                self._ouvriers.append(Worker(self._contexte, lot, self._delai))
            except OSError:
                self._nombre -= 1
                self._rendus.append(lot)
        if not self._nombre:
            raise ConsolidationImpossible(_SANS_PROCESSUS)
        return bool(self._ouvriers)

    def _qui_parle(self) -> list[Worker]:
        """Those that answered, died, or are late; waits for one."""
        patience = max(0.0, min(_ECOUTE, *(ouvrier.reste() for ouvrier in self._ouvriers)))
        heard = wait([ouvrier.bout for ouvrier in self._ouvriers], patience)
        return [ouvrier for ouvrier in self._ouvriers if ouvrier.bout in heard or ouvrier.reste() <= 0]

    def _ecouter(self, ouvrier: Worker) -> list[Outcome]:
        """Its answers once its batch is done; it is handed the next one before they are used, not to stay idle."""
        late = ouvrier.reste() <= 0
        try:
            ouvrier.listen()
        except Stopped:
            self._perdre(ouvrier, trop_long=late)
            return ouvrier.faits
        if ouvrier.a_faire:
            return []
        done = ouvrier.faits
        lot = self._suivant()
        if lot:
            ouvrier.assign(lot)
        else:
            self._congedier(ouvrier)
        return done

    def _perdre(self, ouvrier: Worker, *, trop_long: bool) -> None:
        """Its file is set aside, the rest of its batch goes to another; one that never began is not replaced."""
        self._congedier(ouvrier)
        rest = list(ouvrier.a_faire)
        if ouvrier.pret:
            self.arrets.append(_Arret(rest.pop(0), trop_long))
        else:
            self._nombre -= 1
        if rest:
            self._rendus.append(rest)

    def _congedier(self, ouvrier: Worker) -> None:
        ouvrier.arreter()
        self._ouvriers.remove(ouvrier)
