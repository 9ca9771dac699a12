"""One consolidation from end to end: find, treat what is new, choose the versions, write, replace."""

import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from aap_xl import __version__
from aap_xl.consolidation import programme, ressemblances, selection
from aap_xl.consolidation.entrees import Entree, Entrees
from aap_xl.consolidation.erreurs import impossible
from aap_xl.consolidation.etat import Etat
from aap_xl.consolidation.natures import REFUSE
from aap_xl.consolidation.sortie import JOURNAL, SYNTHESE, TABLES, Sortie
from aap_xl.consolidation.traitement import Contexte, Resultat, Tache
from aap_xl.records import record, replace
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.reading.files.refusals import FichierRefuse

if TYPE_CHECKING:
    from aap_xl.consolidation.jeu import Compte

_LOT = 20
"""Files of a batch: enough to pay for a worker's start, few enough to share the end of the work."""


class Executant(Protocol):
    """Who treats the files: processes here, or a cluster."""

    def executer(self, lots: Iterable[list[Tache]]) -> Generator[list[Resultat], None, None]:
        """Treat batches; results come in any order."""


class Suivi(Protocol):
    """Who watches the work go on."""

    def avance(self, faits: int, refuses: int) -> None:
        """So many files are done so far, of which so many are refused."""

    def ecrit(self) -> None:
        """All files are done; the products are being written."""


@record
class Demande:
    """What is asked for.

    Attributes: seuil: published numbers of people under it are masked; lire_ici: whether files are read by this
                process and sent, rather than read by who treats them.
    """

    entrees: Sequence[Path]
    sortie: Path
    contexte: Contexte
    seuil: int
    lire_ici: bool = False


def consolider(demande: Demande, executant: Executant, suivi: Suivi) -> "Compte":
    """Do it.

    Returns: what was found.
    Raises:  ConsolidationImpossible, in one sentence: the former products are then intact, and what was treated is
             kept for the next run; KeyboardInterrupt likewise.
    """
    found = Entrees(demande.entrees, demande.sortie)
    try:
        sortie = Sortie(demande.sortie)
        with closing(_ouvrir(demande, sortie)) as etat:
            sortie.reparer()
            _Travail(demande, etat, suivi).traiter(found, executant)
            suivi.ecrit()
            etat.oublier_les_absents()
            selection.choisir(etat, demande.contexte.jour)
            paires = ressemblances.signaler(etat)
            compte = _ecrire(demande, found, etat, sortie)
            return replace(compte, ressemblances=paires)
    except (OSError, sqlite3.Error, EcritureImpossible) as error:
        raise impossible(demande.sortie, error) from error


def _ouvrir(demande: Demande, sortie: Sortie) -> Etat:
    contexte = demande.contexte
    cle = contexte.cle.empreinte() if contexte.cle else ""
    made_with = programme.empreinte(contexte.catalogue.chemins, contexte.jour, cle, contexte.regles)
    return Etat(sortie.etat, made_with)


class _Travail:
    """The files of one run, as they are handed over and come back."""

    def __init__(self, demande: Demande, etat: Etat, suivi: Suivi) -> None:
        self._demande, self._etat, self._suivi = demande, etat, suivi
        self._debut = time.time()
        self._faits = self._refuses = 0

    def traiter(self, entrees: Iterable[Entree], executant: Executant) -> None:
        """Treat every entry that is not known yet."""
        taches = self._taches(entrees)
        batches = iter(lambda: list(islice(taches, _LOT)), [])
        with closing(executant.executer(batches)) as found:
            for resultats in found:
                refused = self._etat.garder(resultats, self._debut)
                self._compter(len(resultats), refused)
        self._etat.base.commit()

    def _compter(self, faits: int, refuses: int = 0) -> None:
        self._faits += faits
        self._refuses += refuses
        self._suivi.avance(self._faits, self._refuses)

    def _taches(self, entrees: Iterable[Entree]) -> Iterator[Tache]:
        for entree in entrees:
            number = self._etat.inscrire(entree)
            if number is None:
                self._compter(1, entree.etat == REFUSE)
            elif not self._demande.lire_ici and self._etat.vierge:
                yield Tache(number, source=entree.source)
            else:
                yield from self._lire(number, entree)

    def _lire(self, number: int, entree: Entree) -> Iterator[Tache]:
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
            yield Tache(number, source=entree.source, octets=octets if self._demande.lire_ici else None)


def _ecrire(demande: Demande, entrees: Entrees, etat: Etat, sortie: Sortie) -> "Compte":
    from aap_xl.consolidation import jeu, synthese  # noqa: PLC0415 - Arrow and a spreadsheet writer, only at the end

    contexte = demande.contexte
    with sortie.remplacer() as fresh:
        tables = fresh / TABLES
        tables.mkdir()
        compte = jeu.ecrire_tables(etat, tables, contexte.jour)
        jeu.ecrire_journal(etat, fresh / JOURNAL, _entete(demande))
        synthese.ecrire(
            tables,
            fresh / SYNTHESE,
            seuil=demande.seuil,
            avec_cle=contexte.cle is not None,
            aujourdhui=contexte.jour,
            appels=contexte.catalogue,
            adresse=entrees.adresse,
        )
    return compte


def _entete(demande: Demande) -> dict[str, Any]:
    contexte = demande.contexte
    return {
        "programme": "aap-xl",
        "version": __version__,
        "jour": contexte.jour.isoformat(),
        "appels": [appel.nom for appel in contexte.catalogue],
        "cle": contexte.cle is not None,
        "seuil": demande.seuil,
    }
