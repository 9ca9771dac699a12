"""What is done to each file, wherever it is done: here, in a worker process, or on a cluster.

Bytes in; out, what identifies the operation and the lines it adds to each table, small and without anything
nominative. A file that can't be used gives its reason, whatever happens.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path

from aap_xl.appels.loader import Catalogue
from aap_xl.consolidation import lines, personnes, versions
from aap_xl.consolidation.cells import pack
from aap_xl.consolidation.failures import lieu
from aap_xl.consolidation.inputs import Source
from aap_xl.consolidation.pseudonymes import Cle
from aap_xl.domain.data import no_collection
from aap_xl.dossier import Dossier
from aap_xl.records import field, record
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, Refusal

_LONGUEUR_MAX = 200


@record
class Context:
    """What every file is treated with. Nothing of it is shown by its ``repr``, the key least of all."""

    catalogue: Catalogue
    jour: date
    cle: Cle | None
    regles: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Context({self.jour})"


@record
class Task:
    """One file to treat: where to read it, or its bytes. Its ``repr`` says neither."""

    entree: int
    source: Source | None = None
    octets: bytes | None = None

    def __repr__(self) -> str:
        return f"Task({self.entree})"


@record
class Identite:
    """What a file says it is about, ``""`` or ``None`` where it does not; intitule: what tells it from another."""

    appel: str = ""
    millesime: int = 0
    porteur: str | None = None
    qui: str = ""
    siret: str = ""
    mds: str | None = None
    convention: str = ""
    debut: str = ""
    intitule: str = ""
    a_jour_au: str = ""
    severites: tuple[int, int, int] = (0, 0, 0)


@record
class Outcome:
    """What became of one file.

    Attributes: empreinte: SHA-256 of its content, ``""`` if it could not be read; refusal: why it is refused, without
                anything that it says nor its name, for the same bytes may come under several; lots: table → its lines,
                packed.
    """

    entree: int
    empreinte: str
    taille: int = 0
    refusal: Refusal | None = None
    identite: Identite = Identite()
    lots: dict[str, bytes] = field(default_factory=dict)


def treat_batch(tasks: Sequence[Task], context: Context) -> list[Outcome]:
    """Treat several files one after the other."""
    with without_collection():
        return [treat(task, context) for task in tasks]


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection meanwhile, which would cost a lot; one at the end."""
    try:
        with no_collection():
            yield
    finally:
        gc.collect()


def treat(task: Task, context: Context) -> Outcome:
    """Treat one file: read, check, compute. Never raises but for an interruption."""
    empreinte, size = "", 0
    try:
        octets = task.octets
        if octets is None:
            assert task.source is not None  # noqa: S101 - a task has one or the other
            octets = task.source.lire()
        empreinte, size = sha256(octets).hexdigest(), len(octets)
        dossier = Dossier.lire(Path(), context.catalogue, context.jour, octets)
        packed = {nom: pack(lot) for nom, lot in lines.lots(dossier, context.cle, context.regles).items()}
        return Outcome(task.entree, empreinte, size, None, _identite(dossier, empreinte), packed)
    except (KeyboardInterrupt, SystemExit):
        raise
    except FichierRefuse as refused:
        return Outcome(task.entree, empreinte, size, refused.refusal.discreet())
    except BaseException as error:  # noqa: BLE001 - one file never stops the others; a panic is a BaseException
        return Outcome(task.entree, empreinte, size, Refusal(Cause.FAULT, {"lieu": lieu(error)}))


def _identite(dossier: Dossier, empreinte: str) -> Identite:
    o, appel = dossier.donnees.operation, dossier.appel
    porteur = (o.porteur or "")[:_LONGUEUR_MAX] or None
    siret = versions.siret(o.siret)
    return Identite(
        appel=appel.identite.code,
        millesime=appel.identite.millesime,
        porteur=porteur,
        qui=versions.porteur_sans_siret(porteur) or f"x{empreinte[:10]}",
        siret=siret,
        mds=appel.libelles["mds"].get(o.mds or ""),
        convention=versions.convention(personnes.convention(dossier.donnees)),
        debut=o.date_debut.isoformat() if o.date_debut else "",
        intitule=versions.marque(o.intitule),
        a_jour_au=o.a_jour_au.isoformat() if o.a_jour_au else "",
        severites=lines.severites(dossier),
    )
