"""What to do next, in one sentence: the first thing that an operator reads."""

from collections.abc import Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.dossier import Dossier
from aap_xl.francais import cite
from aap_xl.workbook.layout import OPERATION

_VIERGE = (
    f"Ce classeur est encore vierge : remplissez d'abord la feuille {OPERATION}, puis redonnez-le ici ; le mode "
    "d'emploi est dans sa première feuille."
)
_COPIE = "téléchargez votre classeur avec son bilan"


def suite(dossier: Dossier, refused: str | None) -> str:
    """The sentence.

    Args: refused: why the bilan can't be written in the workbook, ``None`` if it can.
    """
    donnees = dossier.donnees
    if not any(True for _ in donnees.operation.valeurs()) and not _entries(dossier):
        return _VIERGE
    blocking = [item for item in dossier.anomalies if item.gravite is Gravite.BLOQUANTE]
    doubtful = [item for item in dossier.anomalies if item.gravite is Gravite.A_VERIFIER]
    if blocking:
        return _bloquantes(blocking)
    if doubtful:
        return _a_verifier(doubtful, _fin(dossier, refused))
    end = _fin(dossier, refused)
    return f"Rien à corriger : {end}."


def _entries(dossier: Dossier) -> int:
    """Rows that someone filled; those of the written report stand there from the start."""
    return sum(len(rows) for table, rows in dossier.donnees.tables.items() if table != "redactions")


def _bloquantes(items: Sequence[Anomalie]) -> str:
    """The first one is told whole: where, and what to do."""
    where = _lieu(items[0])
    if len(items) == 1:
        return f"Corrigez {where}{_remede(items[0])}, seule anomalie bloquante : jusque-là, le bilan est provisoire."
    return (
        f"Corrigez d'abord les {len(items)} anomalies bloquantes, en commençant par {where}{_remede(items[0])} : tant "
        "qu'il en reste, le bilan est provisoire."
    )


def _a_verifier(items: Sequence[Anomalie], end: str) -> str:
    where = _lieu(items[0])
    if len(items) == 1:
        return f"Rien ne bloque : vérifiez {where}{_remede(items[0])}, puis {end}."
    return f"Rien ne bloque : relisez les {len(items)} points à vérifier, en commençant par {where}, puis {end}."


def _fin(dossier: Dossier, refused: str | None) -> str:
    if refused:
        return "enregistrez-le dans un classeur .xlsx sain, où son bilan pourra être écrit"
    if not dossier.donnees.terminee:
        return f"{_COPIE}, ou continuez à le remplir et redonnez-le ici avant chaque envoi"
    return f"{_COPIE} et déposez-le"


def _lieu(item: Anomalie) -> str:
    """``la cellule K7 de Participants (« Date de sortie »)``; the sheet, or the file, when there is no cell."""
    cell = item.cell
    if not cell.feuille:
        return "le classeur lui-même"
    if not cell.adresse:
        return f"la feuille {cell.feuille}"
    header = f" ({cite(cell.entete)})" if cell.entete else ""
    return f"la cellule {cell.adresse} de la feuille {cell.feuille}{header}"


def _remede(item: Anomalie) -> str:
    return f" ({item.remede})" if item.remede and not item.remede.endswith(".") else ""
