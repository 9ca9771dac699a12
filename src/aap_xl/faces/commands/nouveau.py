"""``aap-xl nouveau``: a blank workbook for one operation."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from aap_xl.anomalies import Anomalie
from aap_xl.appels.model import Appel
from aap_xl.appels.models import operation
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
from aap_xl.records import record

OPTIONS = {
    "porteur": "porteur",
    "siret": "siret",
    "debut": "date_debut",
    "fin": "date_fin",
    "depot": "date_depot",
    "mds": "mds",
    "intitule": "intitule",
    "convention": "convention",
}


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


def identite(given: Mapping[str, object], appel: Appel) -> dict[str, object]:
    """What is known of an operation, as its form holds it.

    Args:   given: what was given, by field.
    Raises: Refus for a field that the call does not have, or an item that is not in its list.
    """
    known = operation(appel).champs
    unknown = [known[champ].entete for champ in given if champ not in appel.classeur.operation]
    if unknown:
        raise Refus(f"l'appel {appel.identite.code} ne demande pas : {', '.join(unknown)}.")
    if "mds" in given:
        return {**given, "mds": _mds(str(given["mds"]), appel)}
    return dict(given)


def _mds(texte: str, appel: Appel) -> str:
    wanted = texte.strip().casefold()
    for item in appel.mds:
        if wanted in {name.casefold() for name in (item.code, item.libelle, *item.alias)}:
            return item.code
    raise Refus(f"« {texte} » n'est pas une MDS de l'appel ; au choix : {', '.join(m.libelle for m in appel.mds)}.")


def deja_faux(dossier: Dossier) -> list[Anomalie]:
    """What the rules already say about the values given; what is still blank is normal in a new workbook."""
    operation = dossier.donnees.operation
    filled = {operation.cell(nom) for nom, _ in operation.valeurs()}
    return [item for item in dossier.a_corriger if item.cell in filled]
