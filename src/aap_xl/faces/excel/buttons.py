"""The buttons of the Excel add-in, on the active workbook: a snapshot of it, what the button does of it, replayed.

The add-in calls them as ``RunPython "from aap_xl.faces.excel import buttons; buttons.verifier()"``. Around the call its
macro lifts the protection of « Contrôle » and « Bilan », puts it back, then marks the cells that « Contrôle » names:
what xlwings can't do on both systems.
"""

from aap_xl.faces.failures import en_une_phrase
from aap_xl.faces.live.verbs import Demande, echec, repondre
from aap_xl.hosts.excel.reading import snapshot
from aap_xl.hosts.excel.replay import replay
from aap_xl.hosts.excel.session import calling, session
from aap_xl.hosts.gestures import Say

TITRE = "AAP"


def verifier() -> None:
    """« Vérifier »."""
    _press("verifier")


def classer_les_sorties() -> None:
    """« Classer les sorties »."""
    _press("classer_les_sorties")


def produire_le_bilan() -> None:
    """« Produire le bilan »."""
    _press("produire_le_bilan")


def preparer_le_comite() -> None:
    """« Préparer le comité »."""
    _press("preparer_le_comite")


def consolider_un_dossier() -> None:
    """« Consolider un dossier »."""
    _press("consolider_un_dossier")


def preparer_le_renvoi(commentaire: str) -> None:
    """« Préparer le renvoi ».

    Args: commentaire: asked by the macro, which passes it in hexadecimal so that nothing in it reaches the shell.
    """
    _press("preparer_le_renvoi", commentaire)


def _press(verbe: str, commentaire: str = "") -> None:
    """Do what a button does, and say what came of it, whatever happens."""
    try:
        book = calling()
    except Exception as error:  # noqa: BLE001 - as below; without a workbook only VBA can show the sentence
        raise SystemExit(en_une_phrase(error)) from None
    try:
        with session(book.app) as progress:
            demande = Demande(snapshot(book), progress, entier=False, commentaire=commentaire)
            gestures = repondre(verbe, demande)
            replay(book, gestures, progress)
        said = [gesture for gesture in gestures if isinstance(gesture, Say)]
    except Exception as error:  # noqa: BLE001 - the last resort of a face: nobody should see a traceback
        said = [echec(error)]
    for item in said:
        book.app.alert(item.message, TITRE, mode="critical" if item.failed else "info")
