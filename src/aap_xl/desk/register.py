"""The register of returns: what was prepared for whom, and when; no data about participants.

One line of JSON per operator and per preparation, in the output folder.
"""

import json
from pathlib import Path

from aap_xl.domain.nir import masquer
from aap_xl.texte import json_visible
from aap_xl.workbook.ooxml.atomic import EcritureImpossible, raison, write_atomically

FICHIER = "renvois.jsonl"
Ligne = dict[str, object]


def ajouter(dossier: Path, ligne: Ligne) -> None:
    """Add one line; the others stay, even if the writing is cut short.

    Raises: EcritureImpossible.
    """
    target = dossier / FICHIER
    try:
        former = target.read_bytes() if target.exists() else b""
    except OSError as error:
        raise EcritureImpossible(f"« {FICHIER} » ne peut pas être lu : {raison(error)}") from error
    line = json_visible(masquer(json.dumps(ligne, ensure_ascii=False))) + "\n"
    write_atomically(target, former + line.encode())
