"""Which chart each table of the bilan deserves."""

from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Tableau
from aap_xl.records import record
from aap_xl.workbook.graphiques import Genre


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
    followed = appel.operation.suivi_mois is not None
    classes = len(appel.sorties.classes) + 1 if appel.sorties else 0
    rates = (3, 6, 7) if followed else (3, 4)
    return {
        "mds": Vue(Genre.BARRES, appel.dit("Personnes entrées par {mds}"), (1,)),
        "age": Vue(Genre.COLONNES, "Personnes entrées par tranche d'âge", (1, 4)),
        "sorties_taux": Vue(Genre.COLONNES, "Taux de sortie et repère national", rates, pourcentages=True),
        "sorties_classes": Vue(Genre.COLONNES, "Sorties par classe", (1, 4) if followed else (1,), classes),
        "heures": Vue(Genre.COLONNES, "Heures reçues et données", (1, 2)),
        "budget_postes": Vue(Genre.BARRES, "Prévu, dépensé et retenu par poste (€)", (1, 2, 3)),
        "ressources": Vue(Genre.BARRES, "Ressources prévues et réalisées (€)", (1, 2)),
    }.get(tableau.cle)
