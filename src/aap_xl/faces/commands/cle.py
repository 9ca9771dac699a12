"""``aap-xl cle creer``: the key of the pseudonyms, never shown."""

import os
from pathlib import Path

from aap_xl.consolidation import pseudonymes
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.faces import display
from aap_xl.faces.common import RIEN_A_CORRIGER, OnCalls
from aap_xl.faces.failures import Refus
from aap_xl.records import record


@record
class Request(OnCalls):
    """What ``cle creer`` takes."""

    action: str
    fichier: Path


def run(request: Request) -> int:
    """Create a key where asked.

    Returns: 0.
    """
    try:
        pseudonymes.creer(request.fichier)
    except ConsolidationImpossible as error:
        raise Refus(str(error)) from None
    display.phrase("La clé des pseudonymes est créée :", "green")
    display.chemin(str(request.fichier))
    droits = "Vous seul pouvez la lire. " if os.name == "posix" else "Limitez qui peut lire son dossier. "
    display.phrase(
        f"{droits}Gardez-en une copie en lieu sûr : perdue, une personne ne serait plus reconnue d'une consolidation à "
        "l'autre. Ne la joignez à aucun envoi."
    )
    return RIEN_A_CORRIGER
