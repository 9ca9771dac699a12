"""``aap-xl nouveau``: a blank workbook for one operation."""

from datetime import date
from pathlib import Path

from aap_xl.appels.model import Appel
from aap_xl.dossier import Dossier
from aap_xl.faces import display
from aap_xl.faces.common import (
    A_CORRIGER,
    RIEN_A_CORRIGER,
    OnADay,
    appel_demande,
    refuser_d_ecraser,
    refuser_un_dossier,
)
from aap_xl.faces.failures import Refus
from aap_xl.faces.results.nouveau import OPTIONS, deja_faux, identite
from aap_xl.records import record


@record
class Request(OnADay):
    """What ``nouveau`` takes; the identity may be given in part."""

    code: str
    fichier: Path
    porteur: str | None = None
    siret: str | None = None
    debut: date | None = None
    fin: date | None = None
    depot: date | None = None
    mds: str | None = None
    intitule: str | None = None
    convention: str | None = None
    millesime: int | None = None
    forcer: bool = False


def run(request: Request) -> int:
    """Create the workbook, then say what its identity already has wrong with regard to the call.

    Returns: 0, or 1 when what was given is to be corrected.
    Raises:  Refus if the file exists and --forcer is absent, or if a value can't be used.
    """
    cible: Path = request.fichier
    if cible.name.lower() == ".xlsx":
        raise Refus(f"« {cible.name} » : il manque un nom devant .xlsx.")
    if cible.name and not cible.suffix and not cible.is_dir():
        cible = cible.with_suffix(".xlsx")
    refuser_un_dossier(cible)
    if cible.suffix.lower() != ".xlsx":
        raise Refus(f"« {cible.name} » : un classeur vierge se termine par .xlsx.")
    refuser_d_ecraser(cible, forcer=request.forcer)
    appels = request.appels
    appel = appel_demande(request.code, request.millesime, appels)
    creer(cible, appel, _identite(request, appel), request.aujourdhui)
    display.chemin(f"Créé : {cible}")
    display.phrase(appel.nom)
    wrong = deja_faux(Dossier.lire(cible, appels, request.aujourdhui))
    display.anomalies(wrong)
    if not wrong:
        display.phrase("Remplissez d'abord la feuille Opération ; le mode d'emploi est dans la première feuille.")
    return A_CORRIGER if wrong else RIEN_A_CORRIGER


def creer(cible: Path, appel: Appel, identite: dict[str, object], aujourdhui: date) -> None:
    """Build a blank workbook and put it in place in one go."""
    from aap_xl.workbook.ooxml.atomic import write_atomically  # noqa: PLC0415 - only to create
    from aap_xl.workbook.template import prepared  # noqa: PLC0415

    write_atomically(cible, prepared.new(appel, identite, aujourdhui=aujourdhui))


def _identite(request: Request, appel: Appel) -> dict[str, object]:
    options = OPTIONS.items()
    return identite({champ: getattr(request, option) for option, champ in options if getattr(request, option)}, appel)
