"""One workbook to return: read, checked, annotated; and what the message will say of it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aap_xl.anomalies import Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.desk.dispatch import Partie
from aap_xl.desk.message import adresse, comptes, partie, une_ligne
from aap_xl.domain import siret as sirets
from aap_xl.dossier import Dossier
from aap_xl.texte import normaliser
from aap_xl.workbook.ooxml.atomic import EcritureImpossible

_NIR = "R01"
_WRITTEN = (".xlsx", ".xlsm")
FORMAT = (
    "ce format de fichier ne permet pas d'y marquer les cellules. Enregistrez le classeur au format .xlsx (Fichier, "
    "Enregistrer sous, Classeur Excel) avant de nous le renvoyer."
)
REECRITURE = (
    "ce fichier ne peut pas être réécrit. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le de nouveau avant de "
    "nous le renvoyer."
)
NUMERO = (
    "la copie annotée n'est pas jointe, car ce classeur contient un numéro de sécurité sociale, qui ne doit pas "
    "circuler par courriel. Effacez-le de votre classeur avant tout autre envoi, et supprimez ses anciennes copies."
)
"""Why an annotated copy does not go with the message."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is kept of a workbook: little, for there may be hundreds.

    Attributes: siret: only if it is a valid one; courriel: only if it is one valid address; annote: the annotated
                copy, ``None`` if the format does not allow one; absence: why it does not go with the message.
    """

    source: Path
    porteur: str
    siret: str
    courriel: str
    annote: bytes | None
    absence: str
    sha256: str
    anomalies: dict[Gravite, int]
    partie: Partie

    @property
    def operateur(self) -> tuple[str, str]:
        """What makes two workbooks the same operator's; a file that names nobody stays alone."""
        name = normaliser(self.porteur)
        return self.siret, name if name or self.siret else str(self.source.resolve())


def lire(chemin: Path, catalogue: Catalogue, aujourdhui: date) -> Piece:
    """Read one workbook to return.

    Raises: FichierRefuse, OSError, AppelInvalide.
    """
    found = Dossier.lire(chemin, catalogue, aujourdhui, ecriture=True)
    annote, absence = _annoter(found)
    op = found.donnees.operation
    digits = "".join(char for char in op.siret or "" if char.isdigit())
    return Piece(
        source=chemin,
        porteur=une_ligne(op.porteur or ""),
        siret=digits if sirets.juste(digits) else "",
        courriel=adresse(op.courriel),
        annote=annote,
        absence=absence,
        sha256=hashlib.sha256(chemin.read_bytes()).hexdigest(),
        anomalies=comptes(found.anomalies),
        partie=partie(found.donnees, found.anomalies, absence=absence),
    )


def _annoter(found: Dossier) -> tuple[bytes | None, str]:
    """The annotated copy, and why it can't go with the message."""
    try:
        content = found.octets_bilan()
    except EcritureImpossible:
        return None, REECRITURE if found.chemin.suffix.casefold() in _WRITTEN else FORMAT
    return content, NUMERO if any(item.code == _NIR for item in found.anomalies) else ""
