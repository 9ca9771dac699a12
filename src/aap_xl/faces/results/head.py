"""What every result about one workbook begins with."""

import datetime as dt
from typing import TypedDict

from aap_xl.dossier import Dossier


class Head(TypedDict):
    """The call, and the day that stands for today."""

    appel: str
    millesime: int
    date: dt.date


def head(dossier: Dossier) -> Head:
    """The head of one workbook's result."""
    identite = dossier.appel.identite
    return {"appel": identite.code, "millesime": identite.millesime, "date": dossier.donnees.aujourdhui}
