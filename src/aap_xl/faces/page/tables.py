"""A printed table and its chart, for a page."""

from aap_xl.appels.model import Appel
from aap_xl.domain.sorties import Taux
from aap_xl.domain.tableau import Formule, Forte, Ligne, Tableau, Valeur, texte, textes
from aap_xl.rows import Nature
from aap_xl.workbook.writing.bilan_charts import REPERE
from aap_xl.workbook.writing.bilan_layout import vue


def imprime(tableau: Tableau, appel: Appel) -> dict[str, object]:
    """One table: each cell as a sheet shows it, and its value (a number, a text, a day in ISO 8601, or none)."""
    return {
        "cle": tableau.cle,
        "titre": tableau.titre,
        "article": tableau.article,
        "note": tableau.note,
        "colonnes": [{"titre": colonne.titre, "nature": colonne.nature} for colonne in tableau.colonnes],
        "lignes": [
            {"forte": isinstance(ligne, Forte), "cellules": _cellules(ligne, tableau)} for ligne in tableau.lignes
        ],
        "totaux": None if tableau.total is None else _cellules(tableau.total, tableau),
        "graphique": _graphique(tableau, appel),
    }


def _cellules(ligne: Ligne, tableau: Tableau) -> list[dict[str, object]]:
    """The cells of a line, those that it lacks at its end too."""
    full = (*ligne, *[None] * (len(tableau.colonnes) - len(ligne)))
    return [
        {"texte": said, "valeur": _valeur(valeur)} for said, valeur in zip(textes(ligne, tableau), full, strict=True)
    ]


def _valeur(valeur: Valeur) -> object:
    if isinstance(valeur, Formule):
        return _valeur(valeur.valeur)
    if valeur is None or isinstance(valeur, str):
        return valeur
    if isinstance(valeur, Taux):
        return str(valeur)
    return valeur.isoformat() if hasattr(valeur, "isoformat") else float(valeur)


def _graphique(tableau: Tableau, appel: Appel) -> dict[str, object] | None:
    """The chart that the sheet « Bilan » has beside the table."""
    found = vue(tableau, appel)
    if found is None:
        return None
    lignes = tableau.lignes[: found.lignes or None]
    return {
        "genre": found.genre,
        "titre": found.titre,
        "pourcentages": found.pourcentages,
        "categories": [texte(ligne[0], Nature.TEXTE) for ligne in lignes],
        "series": [
            {
                "titre": tableau.colonnes[rang].titre,
                "valeurs": [_nombre(ligne[rang] if rang < len(ligne) else None) for ligne in lignes],
                "repere": tableau.colonnes[rang].titre == REPERE,
            }
            for rang in found.colonnes
        ],
    }


def _nombre(valeur: Valeur) -> float | None:
    found = _valeur(valeur)
    return found if isinstance(found, float) else None
