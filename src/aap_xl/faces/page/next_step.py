"""What to do next, in one sentence: the first thing that an operator reads."""

from collections.abc import Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.dossier import Dossier
from aap_xl.francais import cite
from aap_xl.rows import Redaction
from aap_xl.workbook.layout import OPERATION

_VIERGE = (
    f"Ce classeur est encore vierge : remplissez d'abord la feuille {OPERATION}, puis redonnez-le ici ; le mode "
    "d'emploi est dans sa première feuille."
)
_COPIE = "téléchargez votre classeur avec son bilan"
_ENREGISTRER = "ouvrez-le dans un tableur et enregistrez-le au format .xlsx, où son bilan pourra être écrit"


def suite(dossier: Dossier, refused: str | None) -> str:
    """The sentence.

    Args: refused: why the bilan can't be written in the workbook, ``None`` if it can.
    """
    if not any(dossier.donnees.operation.valeurs()) and not _entries(dossier):
        return _VIERGE
    by_severity = {gravite: [item for item in dossier.anomalies if item.gravite is gravite] for gravite in Gravite}
    if blocking := by_severity[Gravite.BLOQUANTE]:
        return _bloquantes(blocking)
    end = _fin(dossier, refused)
    if doubtful := by_severity[Gravite.A_VERIFIER]:
        return _a_verifier(doubtful, end)
    return f"Rien à corriger : {end}."


def _entries(dossier: Dossier) -> int:
    """Rows that someone filled; those of the written report stand there from the start."""
    return sum(len(rows) for table, rows in dossier.donnees.tables.items() if table != Redaction.table)


def _bloquantes(items: Sequence[Anomalie]) -> str:
    """The first one is told whole: where, and what to do."""
    first = f"{_lieu(items[0])} : {_que_faire(items[0])}"
    if len(items) == 1:
        return f"Une seule anomalie bloque, dans {first} ; jusque-là, le bilan est provisoire."
    return (
        f"{len(items)} anomalies bloquent ; commencez par {first} ; tant qu'il en reste une, le bilan est provisoire."
    )


def _a_verifier(items: Sequence[Anomalie], end: str) -> str:
    first = f"{_lieu(items[0])} : {_que_faire(items[0])}"
    if len(items) == 1:
        return f"Rien ne bloque ; un seul point est à vérifier, dans {first} ; ensuite, {end}."
    return f"Rien ne bloque ; relisez les {len(items)} points à vérifier, à commencer par {first} ; ensuite, {end}."


def _fin(dossier: Dossier, refused: str | None) -> str:
    if refused:
        return _ENREGISTRER
    if dossier.donnees.terminee:
        return f"{_COPIE} et déposez-le"
    return f"{_COPIE}, ou continuez à le remplir et redonnez-le ici avant chaque envoi"


def _lieu(item: Anomalie) -> str:
    """``la cellule K7 de Participants (« Date de sortie »)``; the sheet, or the file, when there is no cell."""
    cell = item.cell
    if not cell.feuille:
        return "le classeur lui-même"
    if not cell.adresse:
        return f"la feuille {cell.feuille}"
    header = f" ({cite(cell.entete)})" if cell.entete else ""
    return f"la cellule {cell.adresse} de la feuille {cell.feuille}{header}"


def _que_faire(item: Anomalie) -> str:
    """What corrects it; for a message that names no remedy, the message."""
    return (item.remede or item.message).rstrip(" .")
