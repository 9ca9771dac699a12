"""The same files treated on an existing Dask cluster: same function, same results.

Files are read here and sent, since a worker may be another machine. Nothing that Dask may log shows a key, a file or
its path: what is sent has a ``repr`` that says nothing.
"""

import socket
from collections.abc import Generator, Iterable
from itertools import islice
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from aap_xl.consolidation import fingerprint
from aap_xl.consolidation.failures import ConsolidationImpossible, lieu
from aap_xl.consolidation.one_file import Context, Outcome, treat_batch
from aap_xl.consolidation.pool import KILLED, Lot

_PATIENCE = 5
"""Seconds to reach the scheduler, and for a worker to be there."""
_AVANCE = 2
"""Batches handed to each thread of the cluster beforehand."""


class Cluster:
    """A cluster, for one consolidation."""

    def __init__(self, adresse: str, context: Context) -> None:
        self._adresse = adresse
        self._contexte = context

    def __enter__(self) -> "Cluster":
        """Reach it.

        Raises: ConsolidationImpossible if it can't be reached, has no worker, or runs another version.
        """
        import distributed  # noqa: PLC0415 - an optional library

        self._dask: Any = distributed
        self._joindre()
        try:
            self._client = self._dask.Client(self._adresse, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise self._muet() from error
        try:
            self._verifier()
            self._envoye = self._client.scatter(_Parcel(self._contexte), broadcast=True, hash=False)
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def _joindre(self) -> None:
        """Find out in a few seconds that nobody is there: Dask itself takes its time."""
        parts = urlsplit(self._adresse)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_PATIENCE).close()
        except (OSError, ValueError):
            raise self._muet() from None

    def _muet(self) -> ConsolidationImpossible:
        return ConsolidationImpossible(
            f"le planificateur « {self._adresse} » ne répond pas ; vérifiez l'adresse (tcp://machine:8786), "
            "et que la grappe est démarrée."
        )

    def _verifier(self) -> None:
        """Every worker runs this very program, or results would differ."""
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise ConsolidationImpossible(f"la grappe « {self._adresse} » n'a aucun processus de travail.") from None
        try:
            found = self._client.run(fingerprint.code)
        except Exception as error:
            raise ConsolidationImpossible(
                f"les machines de la grappe ne peuvent pas lire les classeurs ({lieu(error)}) ; "
                "installez-y la même version d'aap-xl."
            ) from error
        if set(found.values()) != {fingerprint.code()}:
            raise ConsolidationImpossible(
                "une machine de la grappe n'a pas la même version d'aap-xl ; mettez-la à jour."
            )

    def execute(self, lots: Iterable[Lot]) -> Generator[list[Outcome], None, None]:
        """Treat batches of files; results come as they are ready, in any order.

        Dask does again what a lost worker was doing. A batch that loses several workers is done file by file, and
        the file that loses them again is refused.
        """
        remaining = iter(lots)
        running = {self._soumettre(lot): lot for lot in islice(remaining, self._avance())}
        done = self._dask.as_completed(list(running), loop=self._client.loop)
        for future in done if running else ():
            lot = running.pop(future)
            again: list[Lot] = []
            try:
                yield future.result()
            except self._dask.KilledWorker:
                if len(lot) == 1:
                    yield [Outcome(lot[0].entree, "", refusal=KILLED)]
                else:
                    again = [[task] for task in lot]
            except Exception as error:
                raise ConsolidationImpossible(
                    f"la grappe a cessé de répondre ({type(error).__name__}) ; ce qui est fait est gardé, "
                    "relancez la même commande."
                ) from error
            for following in (*again, *islice(remaining, max(0, self._avance() - len(running) - len(again)))):
                submitted = self._soumettre(following)
                running[submitted] = following
                done.add(submitted)

    def _avance(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, _AVANCE * sum(threads.values()))

    def _soumettre(self, lot: Lot) -> object:
        return self._client.submit(_treat_sent, _Parcel(lot), self._envoye, pure=False)


class _Parcel:
    """Something sent whose ``repr`` says nothing."""

    __slots__ = ("contenu",)

    def __init__(self, contenu: Any) -> None:
        self.contenu = contenu

    def __repr__(self) -> str:
        return "<colis>"

    def __reduce__(self) -> tuple[object, ...]:
        return _Parcel, (self.contenu,)


def _treat_sent(parcel: _Parcel, context: _Parcel) -> list[Outcome]:
    """What a worker of the cluster does."""
    return treat_batch(parcel.contenu, context.contenu)
