"""What the checks of a workbook found."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.dossier import Dossier
from aap_xl.faces.results.head import head
from aap_xl.records import record


@record
class Lignes:
    """Rows of one sheet: those kept, those read and set aside."""

    gardees: int
    ecartees: int


@record
class Controle:
    """The checks; ``schema`` changes if the keys ever do.

    Attributes: totaux: how many anomalies of each severity; lignes: by table.
    """

    schema: int
    fichier: str
    appel: str
    millesime: int
    date: dt.date
    a_corriger: bool
    totaux: Mapping[str, int]
    lignes: Mapping[str, Lignes]
    anomalies: Sequence[Anomalie]


def controle(dossier: Dossier) -> Controle:
    """The checks of one workbook."""
    donnees = dossier.donnees
    return Controle(
        schema=1,
        fichier=dossier.chemin.name,
        **head(dossier),
        a_corriger=bool(dossier.a_corriger),
        totaux={str(g): sum(a.gravite is g for a in dossier.anomalies) for g in Gravite},
        lignes={table: Lignes(len(rows), donnees.ecartees.get(table, 0)) for table, rows in donnees.tables.items()},
        anomalies=dossier.anomalies,
    )
