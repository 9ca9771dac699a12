"""One consolidation from end to end: find, treat what is new, choose the versions, write, replace."""

import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aap_xl import __version__
from aap_xl.consolidation import fingerprint, lookalikes, selection
from aap_xl.consolidation.failures import impossible
from aap_xl.consolidation.filetypes import REFUSE
from aap_xl.consolidation.inputs import Entries, Entry
from aap_xl.consolidation.one_file import Context, Outcome, Task
from aap_xl.consolidation.output import JOURNAL, SYNTHESE, TABLES, Output
from aap_xl.consolidation.state import State
from aap_xl.records import record, replace
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.reading.files.refusals import FichierRefuse

if TYPE_CHECKING:
    from aap_xl.consolidation.dataset import Tally

_LOT = 20
"""Files of a batch: enough to pay for a worker's start, few enough to share the end of the work."""


class Executor(Protocol):
    """Who treats the files: processes here, or a cluster."""

    def execute(self, lots: Iterable[list[Task]]) -> Generator[list[Outcome], None, None]:
        """Treat batches; results come in any order."""


class Progress(Protocol):
    """Who watches the work go on."""

    def avance(self, faits: int, refuses: int) -> None:
        """So many files are done so far, of which so many are refused."""

    def ecrit(self) -> None:
        """All files are done; the products are being written."""


@record
class Job:
    """What is asked for.

    Attributes: seuil: published numbers of people under it are masked; lire_ici: whether files are read by this
                process and sent, rather than read by who treats them.
    """

    entrees: Sequence[Path]
    sortie: Path
    context: Context
    seuil: int
    lire_ici: bool = False


def consolider(job: Job, executor: Executor, suivi: Progress) -> "Tally":
    """Do it.

    Returns: what was found.
    Raises:  ConsolidationImpossible, in one sentence: the former products are then intact, and what was treated is
             kept for the next run; KeyboardInterrupt likewise.
    """
    found = Entries(job.entrees, job.sortie)
    try:
        sortie = Output(job.sortie)
        with closing(_ouvrir(job, sortie)) as etat:
            sortie.reparer()
            _Work(job, etat, suivi).treat(found, executor)
            suivi.ecrit()
            etat.oublier_les_absents()
            selection.choisir(etat, job.context.jour)
            paires = lookalikes.signaler(etat)
            compte = _ecrire(job, found, etat, sortie)
            return replace(compte, ressemblances=paires)
    except (OSError, sqlite3.Error, EcritureImpossible) as error:
        raise impossible(job.sortie, error) from error


def _ouvrir(job: Job, sortie: Output) -> State:
    context = job.context
    cle = context.cle.empreinte() if context.cle else ""
    made_with = fingerprint.empreinte(context.catalogue.chemins, context.jour, cle, context.regles)
    return State(sortie.etat, made_with)


class _Work:
    """The files of one run, as they are handed over and come back."""

    def __init__(self, job: Job, etat: State, suivi: Progress) -> None:
        self._demande, self._etat, self._suivi = job, etat, suivi
        self._debut = time.time()
        self._faits = self._refuses = 0

    def treat(self, entrees: Iterable[Entry], executor: Executor) -> None:
        """Treat every entry that is not known yet."""
        tasks = self._taches(entrees)
        batches = iter(lambda: list(islice(tasks, _LOT)), [])
        with closing(executor.execute(batches)) as found:
            for outcomes in found:
                refused = self._etat.garder(outcomes, self._debut)
                self._compter(len(outcomes), refused)
        self._etat.base.commit()

    def _compter(self, faits: int, refuses: int = 0) -> None:
        self._faits += faits
        self._refuses += refuses
        self._suivi.avance(self._faits, self._refuses)

    def _taches(self, entrees: Iterable[Entry]) -> Iterator[Task]:
        for entree in entrees:
            number = self._etat.inscrire(entree)
            if number is None:
                self._compter(1, entree.etat == REFUSE)
            elif not self._demande.lire_ici and self._etat.vierge:
                yield Task(number, source=entree.source)
            else:
                yield from self._lire(number, entree)

    def _lire(self, number: int, entree: Entry) -> Iterator[Task]:
        """Read it here: perhaps its content is known under another name."""
        assert entree.source is not None  # noqa: S101 - an entry without a source has no number
        try:
            octets = entree.source.lire()
        except FichierRefuse as refused:
            self._etat.refuser(number, refused.refusal.discreet())
            self._compter(1, 1)
            return
        empreinte = sha256(octets).hexdigest()
        if self._etat.connu(empreinte):
            self._etat.reconnaitre(number, empreinte, self._debut)
            self._compter(1)
        else:
            yield Task(number, source=entree.source, octets=octets if self._demande.lire_ici else None)


def _ecrire(job: Job, entrees: Entries, etat: State, sortie: Output) -> "Tally":
    from aap_xl.consolidation import dataset, synthese  # noqa: PLC0415 - Arrow and XlsxWriter, only when writing

    context = job.context
    with sortie.remplacer() as fresh:
        tables = fresh / TABLES
        tables.mkdir()
        compte = dataset.ecrire_tables(etat, tables, context.jour)
        dataset.ecrire_journal(etat, fresh / JOURNAL, _entete(job))
        synthese.ecrire(
            tables,
            fresh / SYNTHESE,
            seuil=job.seuil,
            avec_cle=context.cle is not None,
            aujourdhui=context.jour,
            appels=context.catalogue,
            adresse=entrees.adresse,
        )
    return compte


def _entete(job: Job) -> dict[str, object]:
    context = job.context
    return {
        "programme": "aap-xl",
        "version": __version__,
        "jour": context.jour.isoformat(),
        "appels": [appel.nom for appel in context.catalogue],
        "cle": context.cle is not None,
        "seuil": job.seuil,
    }
