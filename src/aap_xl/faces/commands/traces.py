"""``aap-xl traces``: what the program keeps on this machine and beside the workbooks; removed if asked."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from aap_xl.appels import cache
from aap_xl.consolidation.output import ETAT, STATE
from aap_xl.desk.register import FICHIER
from aap_xl.faces import display
from aap_xl.faces.common import A_CORRIGER, RIEN_A_CORRIGER, OnCalls
from aap_xl.faces.failures import LOGS, Refus, avertir
from aap_xl.faces.install.page import parts
from aap_xl.faces.install.places import Systeme
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.workbook.ooxml.atomic import raison

_BACKUP = re.compile(r".+\.sauvegarde-\d{4}-\d{2}-\d{2}-\d+\.xls[xm]")
_REMAIN = (
    "Les renvois sont des envois préparés : effacez vous-même leurs dossiers. Le complément : aap-xl addin retirer."
)


@record
class Request(OnCalls):
    """What ``traces`` takes.

    Attributes: lieux: folders to look in, with those that they hold.
    """

    lieux: Sequence[Path] = ()
    effacer: bool = False


@record
class Trace:
    """One thing that the program keeps.

    Attributes: removable: whether nothing but the program needs it.
    """

    what: str
    path: Path
    removable: bool = True


def run(request: Request) -> int:
    """Show what is kept; remove it if asked.

    Returns: 0; 1 if something could not be removed.
    Raises:  Refus for a place that is no folder.
    """
    for folder in request.lieux:
        if not folder.is_dir():
            raise Refus(f"« {folder} » n'est pas un dossier ; indiquez le dossier des classeurs.")
    found = [*_of_this_machine(), *(trace for folder in request.lieux for trace in _beside_workbooks(folder))]
    if not found:
        display.phrase("Aucune trace.", "green")
        return RIEN_A_CORRIGER
    rows = [(trace.what, *_stamp(trace.path), str(trace.path)) for trace in found]
    display.tableau(("Trace", "À qui", "Depuis", "Lieu"), rows)
    removable = [trace for trace in found if trace.removable]
    if request.effacer:
        return _remove(removable)
    if removable:
        display.phrase("Pour effacer caches, journaux, sauvegardes et états : la même commande avec --effacer.")
    if len(removable) < len(found):
        display.phrase(_REMAIN)
    return RIEN_A_CORRIGER


def _of_this_machine() -> Iterator[Trace]:
    if cache.folder().is_dir():
        yield Trace("Cache des appels à projets, sans donnée", cache.folder())
    if parts.kept().is_dir():
        yield Trace("Fichiers publics pris pour fabriquer la page", parts.kept())
    for log in sorted(Path(tempfile.gettempdir()).glob(f"{LOGS[0]}*{LOGS[1]}")):
        yield Trace("Journal d'une erreur, sans donnée", log)
    system = Systeme.courant()
    for what, path in (("Complément Excel", system.complement), ("Réglages du complément", system.reglages)):
        if path.is_file():
            yield Trace(what, path, removable=False)


def _beside_workbooks(folder: Path) -> Iterator[Trace]:
    """What is kept in a folder and those that it holds; links are not followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        if ETAT in folders and Path(place, ETAT, STATE).is_file():
            folders.remove(ETAT)
            yield Trace("État d'une consolidation, pseudonymisé", Path(place, ETAT))
        for name in sorted(files):
            if _BACKUP.fullmatch(name):
                yield Trace("Sauvegarde d'un classeur, nominative", Path(place, name))
            elif name == FICHIER:
                yield Trace("Renvois préparés, nominatifs", Path(place), removable=False)


def _stamp(path: Path) -> tuple[str, str]:
    """Whose it is and since when, as far as the system says."""
    try:
        owner = path.owner()
    except (KeyError, OSError, NotImplementedError):
        owner = ""
    try:
        since = jour(datetime.fromtimestamp(path.stat().st_mtime).astimezone())
    except OSError:
        since = ""
    return owner, since


def _remove(traces: Sequence[Trace]) -> int:
    left = 0
    for trace in traces:
        try:
            if trace.path.is_dir() and not trace.path.is_symlink():
                shutil.rmtree(trace.path)
            else:
                trace.path.unlink()
        except OSError as error:
            left += 1
            avertir(f"« {trace.path} » n'a pas pu être effacé : {raison(error)}")
    display.phrase(f"Effacé : {len(traces) - left} sur {len(traces)}.", "bold")
    return A_CORRIGER if left else RIEN_A_CORRIGER
