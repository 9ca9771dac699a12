"""The buttons of the Excel add-in, on the active workbook: each reads it once, computes, writes each result once.

The add-in calls them as ``RunPython "from aap_xl.faces.excel import buttons; buttons.verifier()"``. Around the call its
macro lifts the protection of « Contrôle » and « Bilan », puts it back, then marks the cells that « Contrôle » names:
what xlwings can't do on both systems. Nothing is written elsewhere than there and in the computed columns.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from aap_xl.dossier import Dossier, catalogue, today
from aap_xl.faces.excel import messages
from aap_xl.faces.excel.session import Avancer, bouton, montrer, sur_disque
from aap_xl.faces.failures import Refus
from aap_xl.workbook.layout import BILAN, CONTROLE
from aap_xl.workbook.live.computed import retablir
from aap_xl.workbook.live.results import ecrire_bilan, ecrire_controle
from aap_xl.workbook.live.sheets import FeuillesLive
from aap_xl.workbook.ooxml.atomic import write_new

if TYPE_CHECKING:
    from xlwings import Book

SYNTHESE, RENVOIS = "synthese aap_xl", "renvois"
"""The folder made beside the active workbook, and the one inside: a consolidation never enters its own folder."""
_PARTICIPANTS = "participants"


@bouton
def verifier(book: "Book", avancer: Avancer) -> str:
    """« Vérifier »: every anomaly in « Contrôle »."""
    _, dossier = _lire(book, avancer)
    avancer("écriture de la feuille Contrôle")
    ecrire_controle(book, dossier.donnees, dossier.anomalies)
    montrer(book, CONTROLE)
    return messages.verification(dossier)


@bouton
def classer_les_sorties(book: "Book", avancer: Avancer) -> str:
    """« Classer les sorties »: the formulas that classify are put back where they lack, and computed."""
    feuilles, dossier = _lire(book, avancer)
    avancer("classement des sorties")
    retabli = retablir(book, feuilles, dossier.donnees, _PARTICIPANTS)
    book.app.calculate()
    return messages.classement(dossier.donnees, retabli)


@bouton
def produire_le_bilan(book: "Book", avancer: Avancer) -> str:
    """« Produire le bilan »: « Contrôle » and « Bilan »."""
    from aap_xl.workbook.writing.bilan_sheet import titre  # noqa: PLC0415 - only for this button

    _, dossier = _lire(book, avancer)
    avancer("écriture de la feuille Contrôle")
    ecrire_controle(book, dossier.donnees, dossier.anomalies)
    avancer("écriture de la feuille Bilan")
    ecrire_bilan(book, dossier.donnees, dossier.anomalies, dossier.tableaux)
    montrer(book, BILAN)
    return messages.bilan(dossier, titre(dossier.donnees, dossier.anomalies))


@bouton
def preparer_le_comite(book: "Book", avancer: Avancer) -> str:
    """« Préparer le comité »: the dashboard of the day in a file of its own, beside the workbook."""
    from aap_xl.workbook.template.comite import releve  # noqa: PLC0415 - only for this button

    chemin = sur_disque(book)
    _, dossier = _lire(book, avancer)
    avancer("tableau de bord du jour")
    nom = f"{chemin.stem} - tableau de bord {dossier.donnees.aujourdhui:%Y-%m-%d}"
    return messages.comite(_nouveau_fichier(chemin.parent, nom, releve(dossier.donnees)))


@bouton
def consolider_un_dossier(book: "Book", avancer: Avancer) -> str:
    """« Consolider un dossier »: the workbooks of the active one's folder, as ``aap-xl consolider`` does."""
    from aap_xl.faces.commands import consolider  # noqa: PLC0415 - only for this button

    dossier = sur_disque(book).parent
    request = consolider.Request([dossier], dossier / SYNTHESE)
    avancer(f"consolidation de {dossier.name}")
    compte = consolider.reunir(request, consolider.Silent())
    said = [*consolider.resume(compte), *consolider.avertissements(compte), *consolider.produits(request.sortie)]
    return messages.consolidation(dossier, said)


@bouton
def preparer_le_renvoi(book: "Book", avancer: Avancer, commentaire: str) -> str:
    """« Préparer le renvoi »: annotated copy and message, of the workbook as it is saved.

    Args: commentaire: asked by the macro, which passes it in hexadecimal so that nothing in it reaches the shell.
    """
    if not commentaire.strip():
        raise Refus("le commentaire au porteur est obligatoire ; le renvoi n'est pas préparé.")
    from aap_xl.desk.message import verdict  # noqa: PLC0415 - only for this button
    from aap_xl.desk.renvoi import RenvoiImpossible, preparer  # noqa: PLC0415

    chemin = sur_disque(book)
    avancer("préparation du renvoi")
    sortie = _nouveau_dossier(chemin.parent / SYNTHESE / RENVOIS, f"{chemin.stem} {today():%Y-%m-%d}")
    try:
        done = preparer([chemin], sortie, commentaire, catalogue(), today())
    except RenvoiImpossible as error:
        raise Refus(str(error)) from None
    refused = [item.refus for item in done if item.refus]
    if refused:
        raise Refus(refused[0])
    (classeur,) = done[0].classeurs
    return messages.renvoi(chemin, sortie, verdict(classeur.anomalies))


def _lire(book: "Book", avancer: Avancer) -> tuple[FeuillesLive, Dossier]:
    avancer("lecture du classeur")
    feuilles = FeuillesLive(book)
    dossier = Dossier.ouvert(feuilles, book.name)
    avancer("contrôle")
    return feuilles, dossier


def _nouveau_fichier(dossier: Path, nom: str, octets: bytes) -> Path:
    """Write a file under a name that nothing has yet. Raises: EcritureImpossible."""
    return write_new((dossier / f"{candidat}.xlsx" for candidat in _noms(nom)), octets)


def _nouveau_dossier(parent: Path, nom: str) -> Path:
    return next(chemin for chemin in (parent / candidat for candidat in _noms(nom)) if not chemin.exists())


def _noms(nom: str) -> Iterator[str]:
    return (nom if rang == 1 else f"{nom} ({rang})" for rang in count(1))
