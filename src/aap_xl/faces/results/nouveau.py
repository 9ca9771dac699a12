"""A blank workbook: what may be given of the operation, and what is already wrong in it."""

from collections.abc import Mapping

from aap_xl.anomalies import Anomalie
from aap_xl.appels.model import Appel
from aap_xl.appels.models import operation
from aap_xl.dossier import Dossier
from aap_xl.faces.failures import Refus

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
"""Option of the command → field of the form."""


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
