"""What a workbook nobody has filled yet says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, operation
from aap_xl.domain.data import Donnees
from aap_xl.rows import Redaction, Row
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.atomic import EcritureImpossible

_TEXT_MAX = 32767
"""Characters of a cell."""


def blank(appel: Appel, identite: Mapping[str, Any], aujourdhui: dt.date) -> Donnees:
    """The dossier of a workbook nobody has filled yet: its identity and the headings of the written report.

    Raises: EcritureImpossible for a text that no cell can hold.
    """
    for nom, value in identite.items():
        if isinstance(value, str) and len(value) > _TEXT_MAX:
            raise EcritureImpossible(
                f"« {operation(appel).champs[nom].entete} » a {len(value)} caractères, plus que les {_TEXT_MAX} d'une "
                "cellule ; raccourcissez-le."
            )
    tables: dict[str, Sequence[Row]] = dict.fromkeys(layout.tables(appel), ())
    if "redactions" in tables:
        heading = modele(appel, Redaction.table)
        tables["redactions"] = [heading(rubrique=item.libelle, texte=None) for item in appel.rubriques]
    return Donnees(appel, operation(appel)(**identite), tables, aujourdhui)
