"""``aap-xl exemples``: the workbooks of the repository."""

from pathlib import Path

from aap_xl.faces import display
from aap_xl.faces.common import OnCalls
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.records import record
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import write_atomically


@record
class Request(OnCalls):
    """What ``exemples`` takes."""

    dossier: Path


def run(request: Request) -> int:
    """Write each call's blank workbook and its filled sample, which has nothing to correct and carries its bilan.

    Returns: 0.
    """
    folder = request.dossier
    folder.mkdir(parents=True, exist_ok=True)
    appels = request.appels
    for exemple in exemples(erreurs=False):
        appel = appels.get(exemple.appel, exemple.millesime)
        blank, filled = folder / f"{exemple.nom}-vierge.xlsx", folder / f"{exemple.nom}-exemple.xlsx"
        write_atomically(blank, build(appel, {}, aujourdhui=exemple.aujourdhui))
        dossier = remplir_classeur(filled, exemple, appel, appels)
        dossier.ecrire_bilan(filled)
        display.chemin(f"{blank}\n{filled} ({display.totaux(dossier.anomalies)})")
    return 0
