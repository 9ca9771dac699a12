"""Which chart each table of the bilan deserves."""

from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Tableau
from aap_xl.records import record
from aap_xl.workbook.paper.chart import Genre


@record
class Vue:
    """A chart of one table: which columns it shows (their ranks), for its first ``lignes`` lines (0: all)."""

    genre: Genre
    titre: str
    colonnes: tuple[int, ...]
    lignes: int = 0
    pourcentages: bool = False


def vue(tableau: Tableau, appel: Appel) -> Vue | None:
    """Which chart a table deserves, if any."""
    moments, brief = len(appel.volets), len(appel.points) > 1
    classes = len(appel.sorties.classes) + 1 if appel.sorties else 0
    width = 2 if brief else 3
    rates = tuple(range(width, width * moments + 1, width))
    counted = rates if brief else tuple(range(1, width * moments, width))
    return {
        "mds": Vue(Genre.BARRES, appel.dit("Personnes entrées par {mds}"), (1,)),
        "age": Vue(Genre.COLONNES, "Personnes entrées par tranche d'âge", (1, 4)),
        "sorties_taux": Vue(
            Genre.COLONNES, "Taux de sortie et repère national", (*rates, rates[-1] + 1), pourcentages=True
        ),
        "sorties_classes": Vue(Genre.COLONNES, "Sorties par classe", counted, classes, brief),
        "heures": Vue(Genre.COLONNES, "Heures reçues et données", (1, 2)),
        "budget_postes": Vue(Genre.BARRES, "Prévu, dépensé et retenu par poste (€)", (1, 2, 3)),
        "ressources": Vue(Genre.BARRES, "Ressources prévues et réalisées (€)", (1, 2)),
    }.get(tableau.cle)
