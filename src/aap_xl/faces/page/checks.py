"""What is wrong, sheet by sheet, the gravest first, alike anomalies together; and whether the bilan can be written."""

from collections.abc import Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.domain.regles.explications import dites
from aap_xl.dossier import Dossier
from aap_xl.faces.common import nom_du_bilan, refuser_le_format
from aap_xl.faces.failures import Refus
from aap_xl.faces.grouping import semblables

_RANGS = {gravite: rang for rang, gravite in enumerate(Gravite)}
_PART = "F21"
"""The rule about what, in the file, keeps the bilan from being written."""


def feuilles(dossier: Dossier) -> list[dict[str, object]]:
    """The groups of each sheet, in the workbook's order; an empty name is the whole file."""
    said = dites([dossier.appel])
    by_sheet: dict[str, list[list[int]]] = {}
    for group in semblables(dossier.anomalies):
        by_sheet.setdefault(dossier.anomalies[group[0]].cell.feuille, []).append(group)
    found: list[dict[str, object]] = []
    for nom, groups in by_sheet.items():
        groups.sort(key=lambda group: _RANGS[dossier.anomalies[group[0]].gravite])
        parts = [_groupe(group, dossier.anomalies, said[dossier.anomalies[group[0]].code].titre) for group in groups]
        found.append({"feuille": nom, "groupes": parts})
    return found


def _groupe(rangs: Sequence[int], anomalies: Sequence[Anomalie], titre: str) -> dict[str, object]:
    first = anomalies[rangs[0]]
    return {
        "code": first.code,
        "gravite": first.gravite,
        "titre": titre,
        "article": first.article,
        "nombre": len(rangs),
        "message": first.message,
        "remede": first.remede,
        "cellules": [anomalies[rang].cell.adresse for rang in rangs if anomalies[rang].cell.adresse],
        "anomalies": list(rangs),
    }


def ecriture(dossier: Dossier) -> str | None:
    """Why the bilan can't be written in the workbook, ``None`` if it can."""
    from aap_xl.workbook.writing.workbooks import EcritureImpossible  # noqa: PLC0415 - the writer is heavier

    try:
        refuser_le_format(dossier.chemin)
        dossier.open_to_write(nom_du_bilan(dossier.chemin))
    except (Refus, EcritureImpossible) as error:
        return str(error)
    return next((item.message for item in dossier.anomalies if item.code == _PART), None)
