"""``aap-xl demo``: the whole job on invented operations."""

import time
from pathlib import Path

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.dossier import Dossier
from aap_xl.extras import LibraryMissing, extras
from aap_xl.faces import display
from aap_xl.faces.common import OnCalls
from aap_xl.faces.exemples import Erreur, Exemple, remplir_classeur
from aap_xl.faces.exemples import exemples as charger
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import write_atomically

DOSSIER = "demo-aap-xl"
LISTE = "erreurs-plantees.txt"


@record
class Request(OnCalls):
    """What ``demo`` takes."""

    dossier: Path | None = None


def run(request: Request) -> int:
    """Make, fill, check, and write the bilan of both calls' workbooks; then consolidate about twenty returns.

    Returns: 0 when every planted mistake was found, 1 otherwise.
    """
    start = time.perf_counter()
    folder = request.dossier or Path(DOSSIER)
    folder.mkdir(parents=True, exist_ok=True)
    appels = request.appels
    display.titre("aap-xl : des opérations inventées, du classeur vierge à la synthèse")
    lists, missed = [], 0
    for exemple in charger(erreurs=True):
        appel = appels.get(exemple.appel, exemple.millesime)
        dossier, unseen = _jouer(exemple, appel, appels, folder)
        lists.append(_liste(exemple, dossier))
        missed += len(unseen)
    write_atomically(folder / LISTE, ("\n\n".join(lists) + "\n").encode())
    synthese = _reunir(folder, request)
    display.titre("À ouvrir maintenant")
    display.chemin(f"  Les classeurs et leurs bilans : {folder.resolve()}")
    display.chemin(f"  Les erreurs plantées, une à une : {folder / LISTE}")
    if synthese:
        display.chemin(f"  La synthèse de l'instructeur : {synthese}")
    seconds = f"{time.perf_counter() - start:.1f}".replace(".", ",")
    display.phrase(f"\nFait en {seconds} s.", "dim")
    return 1 if missed else 0


def _jouer(exemple: Exemple, appel: Appel, appels: Catalogue, folder: Path) -> tuple[Dossier, list[Erreur]]:
    """One operation, from blank to bilan, told as it goes; with the planted mistakes that were not found."""
    blank, filled, bilan = (folder / f"{exemple.nom} {mot}.xlsx" for mot in ("vierge", "rempli", "rempli - bilan"))
    write_atomically(blank, build(appel, {}, aujourdhui=exemple.aujourdhui))
    dossier = remplir_classeur(filled, exemple, appel, appels)
    dossier.ecrire_bilan(bilan)
    missed = exemple.manquees(dossier.donnees, dossier.anomalies)
    found = len(exemple.erreurs) - len(missed)
    display.titre(appel.nom)
    display.phrase(f"  Opération : {dossier.donnees.operation.porteur}, vue le {jour(exemple.aujourdhui)}")
    display.phrase(f"  Contrôle : {display.totaux(dossier.anomalies)}")
    display.phrase(f"  Erreurs plantées : {len(exemple.erreurs)} ; retrouvées : {found}", "red" if missed else "green")
    for erreur in missed:
        display.phrase(f"    non retrouvée : {erreur.texte}", "red")
    for mot, chemin in (("vierge", blank), ("rempli", filled), ("bilan", bilan)):
        display.chemin(f"  {mot:<7} {chemin}")
    return dossier, missed


def _reunir(folder: Path, request: Request) -> Path | None:
    """The officer's half; a sentence in its place where the extra that it needs is not installed."""
    try:
        with extras():
            from aap_xl.faces.commands.demo_synthese import reunir  # noqa: PLC0415 - the libraries of an extra
    except LibraryMissing as missing:
        display.chemin(f"\nLa suite, la synthèse de vingt classeurs reçus, n'est pas jouée : {missing}")
        return None
    return reunir(folder, request.dossiers, max(exemple.aujourdhui for exemple in charger(erreurs=False)))


def _liste(exemple: Exemple, dossier: Dossier) -> str:
    """Each planted mistake, then the cells where it is found and the rules that find it."""
    lines = [dossier.appel.nom, ""]
    for number, erreur in enumerate(exemple.erreurs, 1):
        places = dict.fromkeys(item.place(dossier.donnees) for item in erreur.attendues)
        where = ", ".join(f"{Cell(feuille, adresse)} ({code})" for code, feuille, adresse in places)
        lines += [f"{number:>2}. {erreur.texte}", f"    {where}"]
    return "\n".join(lines)
