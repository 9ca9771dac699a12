"""One worker process of this machine: it is handed a batch of files, and answers after each of them."""

import gc
import math
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe, connection

from aap_xl import children
from aap_xl.consolidation.interrupt import deferred
from aap_xl.consolidation.one_file import Context, Outcome, Task, treat, without_collection

_PRET = "prêt"
_LIMITES = children.Limits(memory=8 * 2**30)
"""The time is each file's, kept by the parent."""


class Stopped(Exception):
    """The worker is dead, or has been at one file for too long."""


class Worker:
    """A worker, started afresh: nothing of this process is inherited, on any system.

    Attributes: bout: its end of the pipe, which `multiprocessing.connection.wait` listens to; a_faire: what it was
                handed and has not answered yet, the file under way first; faits: what it answered of its batch;
                pret: whether it ever began.
    """

    def __init__(self, context: Context, lot: Sequence[Task], delai: float) -> None:
        """Start it on a first batch.

        Args:   delai: seconds that a file may take.
        Raises: OSError if the system starts no process any more.
        """
        self.a_faire = deque(lot)
        self.faits: list[Outcome] = []
        self.pret = False
        self._delai = delai
        self._debut = math.inf
        self.bout, theirs = Pipe()
        with theirs, deferred(heritee=False):
            self._processus = children.start(__name__, theirs, pickle.dumps(context), _LIMITES)

    def assign(self, lot: Sequence[Task]) -> None:
        """Hand over another batch; the former one is done, so that neither end ever waits for the other to read."""
        self.a_faire.extend(lot)
        self.faits = []
        self._envoyer()

    def _envoyer(self) -> None:
        self._debut = time.monotonic()
        with suppress(OSError):  # it is dead, which listening to it will tell
            self.bout.send(list(self.a_faire))

    def reste(self) -> float:
        """Seconds left for the file under way; starting is not counted."""
        return self._debut + self._delai - time.monotonic()

    def listen(self) -> None:
        """Take what it has to say, waiting for nothing.

        Raises: Stopped.
        """
        try:
            if not self.bout.poll():
                raise Stopped
            said = self.bout.recv()
        except (EOFError, OSError):
            raise Stopped from None
        if said == _PRET:
            self.pret = True
            self._envoyer()
            return
        self.a_faire.popleft()
        self.faits.append(said)
        self._debut = time.monotonic()

    def arreter(self) -> None:
        """End it at once, if it was not: it holds nothing that could be lost."""
        with deferred():
            if self.bout.closed:
                return
            self._processus.kill()
            self._processus.communicate()
            self.bout.close()


def main() -> None:
    """A worker's whole life: it leaves Ctrl-C to its parent, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    context = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our parent
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    ours = getattr(connection, "PipeConnection", connection.Connection)  # Windows has its own
    with suppress(EOFError, OSError), ours(int(sys.argv[1])) as bout:
        bout.send(_PRET)
        while True:
            lot = bout.recv()
            with without_collection():
                for task in lot:
                    bout.send(treat(task, context))


def _end_with_parent() -> None:
    """Its input ends with its parent."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
