"""What every result about one workbook begins with."""

from typing import Any

from aap_xl.dossier import Dossier


def head(dossier: Dossier) -> dict[str, Any]:
    """The call, and the day that stands for today."""
    identite = dossier.appel.identite
    return {"appel": identite.code, "millesime": identite.millesime, "date": dossier.donnees.aujourdhui}
