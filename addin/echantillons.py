"""The filled samples with in-sheet buttons: the same operations as `aap-xl exemples` writes, as .xlsm."""

from pathlib import Path

import vba

from aap_xl.dossier import catalogue
from aap_xl.faces.exemples import Exemple, exemples, remplir_classeur
from aap_xl.workbook.template.build import build
from aap_xl.workbook.template.buttons import Macros

MODULE = "AapAppels"
"""The one module of the workbooks: it calls the add-in."""
_PROJET = "aap_xl_classeur"


def macros(exemple: Exemple) -> Macros:
    """The VBA project of a call's workbook: it has one module per sheet, so it depends on the call."""
    call = catalogue().get(exemple.appel, exemple.millesime)
    blank = build(call, {}, aujourdhui=exemple.aujourdhui)
    return Macros(vba.projet(blank, vba.modules(vba.VBA_CLASSEUR), _PROJET, f"{_PROJET} {exemple.nom}"), MODULE)


def ecrire(dossier: Path) -> list[Path]:
    """Write every sample into a folder and return their paths."""
    appels, written = catalogue(), []
    for exemple in exemples(erreurs=False):
        path = dossier / f"{exemple.nom}-exemple.xlsm"
        call = appels.get(exemple.appel, exemple.millesime)
        remplir_classeur(path, exemple, call, appels, macros(exemple)).ecrire_bilan(path)
        written.append(path)
    return written
