"""``aap-xl consolider``: many returned workbooks, one synthesis."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from aap_xl.consolidation import pseudonymes
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.inputs import Entries
from aap_xl.consolidation.one_file import Context
from aap_xl.consolidation.output import JOURNAL, SYNTHESE, TABLES
from aap_xl.consolidation.pool import DELAI, Pool, coeurs
from aap_xl.consolidation.run import Executor, Job, Progress, consolider
from aap_xl.euros import format_euros
from aap_xl.faces import display
from aap_xl.faces.common import A_CORRIGER, RIEN_A_CORRIGER, OnADay
from aap_xl.faces.failures import INTERROMPU, Refus, avertir
from aap_xl.faces.terminal import behind
from aap_xl.francais import compte as nombre
from aap_xl.records import record

if TYPE_CHECKING:
    from aap_xl.consolidation.dataset import Tally

_RIEN_TROUVE = "aucun fichier n'a été trouvé ; vérifiez ce que vous avez donné à lire."
_RIEN_RETENU = "aucun classeur n'a pu être retenu ; la feuille « Fichiers » de la synthèse dit pourquoi."
_SITUATION = "situation à ce jour, montants non définitifs"
_ETATS = ("retenu", "remplacé", "doublon", "refusé", "ignoré")


@record
class Request(OnADay):
    """What ``consolider`` takes.

    Attributes: seuil: published numbers of people under it are masked; delai: seconds; planificateur: the address of a
                Dask cluster.
    """

    entrees: Sequence[Path]
    sortie: Path
    cle: Path | None = None
    seuil: int = 5
    processus: int | None = None
    delai: int | None = None
    planificateur: str | None = None
    silencieux: bool = False


def run(request: Request) -> int:
    """Consolidate what was received, and say what came of it.

    Returns: 0 nothing to correct; 1 files refused, something to correct, or not a single operation; 130 interrupted.
    """
    try:
        with shown(request) as suivi:
            compte = reunir(request, suivi)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrompu. Ce qui est fait est gardé : relancez la même commande pour continuer.\n")
        return INTERROMPU
    if not request.silencieux:
        _rendre_compte(compte, request)
    for phrase in avertissements(compte):
        avertir(phrase)
    return A_CORRIGER if _a_corriger(compte) else RIEN_A_CORRIGER


def reunir(request: Request, suivi: Progress) -> "Tally":
    """Consolidate what was received, without a word.

    Args:    suivi: who watches the work go on.
    Returns: what was found, counted.
    Raises:  Refus.
    """
    _verifier(request)
    try:
        context = _contexte(request)
        lire_ici = bool(request.planificateur)
        job = Job(request.entrees, request.sortie, context, request.seuil, lire_ici=lire_ici)
        with _executant(request, context) as executor:
            return consolider(job, executor, suivi)
    except ConsolidationImpossible as error:
        raise Refus(str(error)) from None


def resume(compte: "Tally") -> list[str]:
    """What was found, one sentence a line: files, operations, balances."""
    total = sum(compte.etats.values())
    states = ", ".join(nombre(compte.etats[etat], etat) for etat in _ETATS if compte.etats.get(etat))
    lines = [f"Fichiers : {total}{f' ({states})' if states else ''}."]
    if compte.operations:
        found = f"{nombre(compte.bloquantes, 'bloquante')}, {compte.a_verifier} à vérifier."
        lines += [f"Opérations : {compte.operations}. Anomalies : {found}", _soldes(compte)]
    return lines


def produits(sortie: Path) -> list[str]:
    """What was written, one path a line, after what to read before it goes out."""
    paths = (f"  {sortie / nom}" for nom in (SYNTHESE, TABLES, JOURNAL))
    return ["Ces fichiers donnent les noms des fichiers reçus ; relisez-les avant de diffuser :", *paths]


def avertissements(compte: "Tally") -> Iterator[str]:
    """What asks for a look: nothing kept, operations that may be one."""
    if not compte.operations:
        yield f"aucune opération : {_RIEN_RETENU if compte.etats else _RIEN_TROUVE}"
    if compte.ressemblances:
        yield _ressemblances(compte.ressemblances)


def _a_corriger(compte: "Tally") -> bool:
    found = compte.etats.get("refusé", 0), compte.bloquantes, compte.a_verifier, compte.ressemblances
    return not compte.operations or any(found)


def _ressemblances(paires: int) -> str:
    return (
        f"{nombre(paires, 'paire')} d'opérations qui se ressemblent : une même opération est peut-être comptée deux "
        "fois ; la feuille « Fichiers » de la synthèse dit lesquelles, et quoi corriger."
    )


def _verifier(request: Request) -> None:
    if request.processus is not None and request.processus < 1:
        raise Refus("--processus attend un nombre d'au moins 1.")
    if request.delai is not None and request.delai < 1:
        raise Refus("--delai attend un nombre de secondes, d'au moins 1.")
    if request.seuil < 0:
        raise Refus("--seuil attend un nombre positif, ou 0 pour ne rien masquer.")
    if request.planificateur and request.processus:
        raise Refus("--processus et --planificateur ne vont pas ensemble : la grappe a ses propres processus.")
    if request.planificateur and request.delai:
        raise Refus("--delai et --planificateur ne vont pas ensemble : aap-xl n'arrête pas les processus d'une grappe.")


def _contexte(request: Request) -> Context:
    from aap_xl.domain.regles.explications import explications  # noqa: PLC0415 - registering the rules takes a while

    appels = request.appels
    list(appels)  # a wrong call is refused before anything is read
    cle = pseudonymes.charger(request.cle, request.sortie) if request.cle else None
    return Context(appels, request.aujourdhui, cle, {code: item.titre for code, item in explications().items()})


def _executant(request: Request, context: Context) -> AbstractContextManager[Executor]:
    from contextlib import nullcontext  # noqa: PLC0415

    if not request.planificateur:
        return nullcontext(Pool(context, request.processus or coeurs(), request.delai or DELAI))
    from aap_xl.consolidation.cluster import Cluster  # noqa: PLC0415 - an optional library

    return Cluster(request.planificateur, context)


def shown(request: Request) -> "Silent":
    """How the work is watched: a bar on a screen, lines for who wants no colour, nothing where nobody looks."""
    if request.silencieux or not sys.stderr.isatty():
        return Silent()
    return Lines(request) if os.environ.get("NO_COLOR") else Bar(request)


class Silent:
    """Nothing is shown: not asked for, or no screen to show it on."""

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def avance(self, faits: int, refuses: int) -> None:
        """So many files are done so far."""

    def ecrit(self) -> None:
        """The products are being written."""


class Lines(Silent):
    """One line a tenth of the work, for who asked for no colour: nothing is drawn twice."""

    def __init__(self, request: Request) -> None:
        self._total = sum(1 for _ in Entries(request.entrees, request.sortie))
        self._told = 0

    def avance(self, faits: int, refuses: int) -> None:
        """A line at each new tenth."""
        tenth = faits * 10 // self._total if self._total else 10
        if tenth > self._told:
            self._told = tenth
            refused = f" ({nombre(refuses, 'refusé')})" if refuses else ""
            sys.stderr.write(f"Lecture : {faits} sur {self._total}{refused}\n")

    def ecrit(self) -> None:
        """Say that only the products remain to be written."""
        sys.stderr.write("Écriture\n")


class Bar(Silent):
    """A progress bar on the error stream."""

    def __init__(self, request: Request) -> None:
        from rich.console import Console  # noqa: PLC0415 - only for a screen
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        self._progress: Progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rythme]}"),
            TextColumn("reste"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[refuses]}"),
            console=Console(file=behind(sys.stderr)),
            redirect_stdout=False,
            redirect_stderr=False,
        )
        total = sum(1 for _ in Entries(request.entrees, request.sortie))
        self._task = self._progress.add_task("Lecture", total=total, rythme="", refuses="")

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def avance(self, faits: int, refuses: int) -> None:
        """Move the bar, and say how fast it goes and what was refused."""
        speed = self._progress.tasks[0].finished_speed or self._progress.tasks[0].speed
        rate = f"{speed:.0f} classeurs/s" if speed else ""
        refused = nombre(refuses, "refusé") if refuses else ""
        self._progress.update(self._task, completed=faits, rythme=rate, refuses=refused)

    def ecrit(self) -> None:
        """Say that only the products remain to be written."""
        self._progress.update(self._task, description="Écriture")


def _rendre_compte(compte: "Tally", request: Request) -> None:
    first, *others = resume(compte)
    display.phrase(first, "bold")
    for line in others:
        display.phrase(line)
    if compte.personnes and not request.cle:
        display.phrase("Sans clé (--cle), une même personne n'est pas reconnue d'une opération à l'autre.")
    advice, *paths = produits(request.sortie)
    display.phrase(advice)
    for path in paths:
        display.chemin(path)


def _soldes(compte: "Tally") -> str:
    """What is to be paid, and over how many operations: elsewhere nobody stated the grant or the advance."""
    if not compte.soldes:
        return "Solde : inconnu, aucun classeur ne donne à la fois la subvention votée et l'avance."
    back = f" ; à reverser : {format_euros(compte.a_reverser)}" if compte.a_reverser else ""
    known = "" if compte.soldes == compte.operations else f" (solde connu pour {compte.soldes} sur {compte.operations})"
    running = ""
    if compte.en_cours:
        running = f" ; dont {nombre(compte.en_cours, 'opération')} en cours : {_SITUATION}"
    return f"Solde à verser : {format_euros(compte.a_payer)}{back}{known}{running}."
