"""What changed between two versions of a workbook: values as the sheets show them."""

import datetime as dt
from collections.abc import Sequence

from aap_xl.desk.anomalies import AnomalieComparee
from aap_xl.desk.comparaison import CelluleComparee, Comparaison, LigneComparee
from aap_xl.desk.montants import Montant
from aap_xl.faces.results.head import head
from aap_xl.records import record


@record
class Resultat:
    """The comparison; ``schema`` changes if the keys ever do."""

    schema: int
    ancien: str
    nouveau: str
    appel: str
    millesime: int
    date: dt.date
    identiques: bool
    avertissements: Sequence[str]
    operation: Sequence[CelluleComparee]
    lignes: Sequence[LigneComparee]
    montants: Sequence[Montant]
    anomalies: Sequence[AnomalieComparee]


def resultat(found: Comparaison) -> Resultat:
    """A comparison, its workbooks by their names."""
    return Resultat(
        schema=1,
        ancien=found.ancien.chemin.name,
        nouveau=found.nouveau.chemin.name,
        **head(found.nouveau),
        identiques=found.identiques,
        avertissements=found.avertissements,
        operation=found.operation,
        lignes=found.lignes,
        montants=found.montants,
        anomalies=found.anomalies,
    )
