"""``aap-xl consolider``: many returned workbooks, one synthesis."""

import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from aap_xl.consolidation import pseudonymes
from aap_xl.consolidation.conduite import Demande, Executant
from aap_xl.consolidation.conduite import consolider as conduire
from aap_xl.consolidation.entrees import Entrees
from aap_xl.consolidation.erreurs import ConsolidationImpossible
from aap_xl.consolidation.processus import DELAI, Processus, coeurs
from aap_xl.consolidation.sortie import JOURNAL, SYNTHESE, TABLES
from aap_xl.consolidation.traitement import Contexte
from aap_xl.domain.regles.outils import compte as nombre
from aap_xl.dossier import catalogue
from aap_xl.euros import format_euros
from aap_xl.faces import affichage
from aap_xl.faces.commun import A_CORRIGER, RIEN_A_CORRIGER, jour
from aap_xl.faces.echecs import INTERROMPU, Refus, avertir
from aap_xl.faces.terminal import behind

if TYPE_CHECKING:
    from aap_xl.consolidation.jeu import Compte

_RIEN_TROUVE = "aucun fichier n'a été trouvé ; vérifiez ce que vous avez donné à lire."
_RIEN_RETENU = "aucun classeur n'a pu être retenu ; la feuille « Fichiers » de la synthèse dit pourquoi."
_SITUATION = "situation à ce jour, montants non définitifs"
_ETATS = ("retenu", "remplacé", "doublon", "refusé", "ignoré")


def consolider(args: Any) -> int:
    """Consolidate what was received.

    Returns: 0 nothing to correct; 1 files refused, something to correct, or not a single operation; 130 interrupted.
    """
    _verifier(args)
    try:
        contexte = _contexte(args)
        demande = Demande(args.entrees, args.sortie, contexte, args.seuil, lire_ici=bool(args.planificateur))
        with _suivi(args) as suivi, _executant(args, contexte) as executant:
            compte = conduire(demande, executant, suivi)
    except ConsolidationImpossible as error:
        raise Refus(str(error)) from None
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrompu. Ce qui est fait est gardé : relancez la même commande pour continuer.\n")
        return INTERROMPU
    if not args.silencieux:
        _rendre_compte(compte, args)
    if not compte.operations:
        avertir(f"aucune opération : {_RIEN_RETENU if compte.etats else _RIEN_TROUVE}")
    if compte.ressemblances:
        avertir(_ressemblances(compte.ressemblances))
    return A_CORRIGER if _a_corriger(compte) else RIEN_A_CORRIGER


def _a_corriger(compte: "Compte") -> bool:
    found = compte.etats.get("refusé", 0), compte.bloquantes, compte.a_verifier, compte.ressemblances
    return not compte.operations or any(found)


def _ressemblances(paires: int) -> str:
    return (
        f"{nombre(paires, 'paire')} d'opérations qui se ressemblent : une même opération est peut-être comptée deux "
        "fois ; la feuille « Fichiers » de la synthèse dit lesquelles, et quoi corriger."
    )


def _verifier(args: Any) -> None:
    if args.processus is not None and args.processus < 1:
        raise Refus("--processus attend un nombre d'au moins 1.")
    if args.delai is not None and args.delai < 1:
        raise Refus("--delai attend un nombre de secondes, d'au moins 1.")
    if args.seuil < 0:
        raise Refus("--seuil attend un nombre positif, ou 0 pour ne rien masquer.")
    if args.planificateur and args.processus:
        raise Refus("--processus et --planificateur ne vont pas ensemble : la grappe a ses propres processus.")
    if args.planificateur and args.delai:
        raise Refus("--delai et --planificateur ne vont pas ensemble : aap-xl n'arrête pas les processus d'une grappe.")


def _contexte(args: Any) -> Contexte:
    from aap_xl.domain.regles.explications import explications  # noqa: PLC0415 - registering the rules takes a while

    appels = catalogue(args.dossiers or ())
    list(appels)  # a wrong call is refused before anything is read
    cle = pseudonymes.charger(args.cle, args.sortie) if args.cle else None
    return Contexte(appels, jour(args), cle, {code: item.titre for code, item in explications().items()})


def _executant(args: Any, contexte: Contexte) -> AbstractContextManager[Executant]:
    from contextlib import nullcontext  # noqa: PLC0415

    if not args.planificateur:
        return nullcontext(Processus(contexte, args.processus or coeurs(), args.delai or DELAI))
    from aap_xl.consolidation.grappe import Grappe  # noqa: PLC0415 - an optional library

    return Grappe(args.planificateur, contexte)


def _suivi(args: Any) -> "_Muet":
    return _Barre(args) if not args.silencieux and sys.stderr.isatty() else _Muet()


class _Muet:
    """Nothing is shown: not asked for, or no screen to show it on."""

    def __enter__(self) -> "_Muet":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def avance(self, faits: int, refuses: int) -> None:
        """So many files are done so far."""

    def ecrit(self) -> None:
        """The products are being written."""


class _Barre(_Muet):
    """A progress bar on the error stream."""

    def __init__(self, args: Any) -> None:
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
        total = sum(1 for _ in Entrees(args.entrees, args.sortie))
        self._task = self._progress.add_task("Lecture", total=total, rythme="", refuses="")

    def __enter__(self) -> "_Barre":
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


def _rendre_compte(compte: "Compte", args: Any) -> None:
    total = sum(compte.etats.values())
    states = ", ".join(nombre(compte.etats[etat], etat) for etat in _ETATS if compte.etats.get(etat))
    affichage.phrase(f"Fichiers : {total}{f' ({states})' if states else ''}.", "bold")
    if compte.operations:
        affichage.phrase(
            f"Opérations : {compte.operations}. "
            f"Anomalies : {nombre(compte.bloquantes, 'bloquante')}, {compte.a_verifier} à vérifier."
        )
        affichage.phrase(_soldes(compte))
    if compte.personnes and not args.cle:
        affichage.phrase("Sans clé (--cle), une même personne n'est pas reconnue d'une opération à l'autre.")
    affichage.phrase("Ces fichiers donnent les noms des fichiers reçus ; relisez-les avant de diffuser :")
    for nom in (SYNTHESE, TABLES, JOURNAL):
        affichage.chemin(f"  {args.sortie / nom}")


def _soldes(compte: "Compte") -> str:
    """What is to be paid, and over how many operations: elsewhere nobody stated the grant or the advance."""
    if not compte.soldes:
        return "Solde : inconnu, aucun classeur ne donne à la fois la subvention votée et l'avance."
    back = f" ; à reverser : {format_euros(compte.a_reverser)}" if compte.a_reverser else ""
    known = "" if compte.soldes == compte.operations else f" (solde connu pour {compte.soldes} sur {compte.operations})"
    running = ""
    if compte.en_cours:
        running = f" ; dont {nombre(compte.en_cours, 'opération')} en cours : {_SITUATION}"
    return f"Solde à verser : {format_euros(compte.a_payer)}{back}{known}{running}."
