"""What the errors about people ask of those they are planted in."""

from retours.cadre import JOUR, LE, mois_apres
from retours.plantes import Jardin
from retours.saisies import Ligne

SORTIE = [
    "date_sortie",
    "situation",
    "debut_contrat",
    "fin_contrat",
    "mois_contrat",
    "metier_vise",
    "precision",
    "piece",
    "rupture_contrat",
    "valide_par",
    "contact_suivi",
    "date_suivi",
    "situation_suivi",
    "debut_contrat_suivi",
    "fin_contrat_suivi",
    "mois_contrat_suivi",
    "metier_vise_suivi",
    "precision_suivi",
    "piece_suivi",
]
SUIVI = [nom for nom in SORTIE if nom.endswith("_suivi")]


def sorti(p: Ligne) -> bool:
    """Whether someone has left."""
    return p.get("date_sortie") is not None


def appel_33(j: Jardin) -> bool:
    """Whether the dossier is of call 3.3."""
    return j.f.appel.identite.code == "3.3"


def immersions_de(j: Jardin, p: Ligne) -> list[Ligne]:
    """Someone's immersions."""
    return [i for i in j.f.tables["immersions"] if i["participant"] == p["code"]]


def semaines_de(j: Jardin, h: Ligne) -> list[Ligne]:
    """The weeks of the same person, in order; none for someone nobody knows."""
    mine = [row for row in j.f.tables["heures"] if row["participant"] == h["participant"] != "Z99"]
    return sorted(mine, key=lambda row: row["semaine"])


def efface(row: Ligne, champs: list[str]) -> None:
    """Blank some cells of a row."""
    for nom in champs:
        row.pop(nom, None)


def sans_contrat(p: Ligne) -> None:
    """Nothing at exit that the dates would have to prove."""
    efface(p, ["debut_contrat", "fin_contrat", "mois_contrat", "metier_vise", "piece", "precision", "rupture_contrat"])
    p["situation"] = "sans_solution"


def suivi_stable(p: Ligne, jours: int) -> bool:
    """Whether moving the exit changes nothing of what its follow-up asks."""
    if "contact_suivi" in p:
        return True
    return mois_apres(p["date_sortie"] + jours * JOUR, 6) > LE
