"""What the buttons say at the end: counts, and where to look."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aap_xl.domain import sorties
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier
from aap_xl.faces.display import totaux
from aap_xl.francais import compte
from aap_xl.hosts.computed import Retabli
from aap_xl.workbook.layout import BILAN, CONTROLE


def verification(dossier: Dossier, maximum: int) -> str:
    """After « Vérifier ». Args: maximum: how many anomalies the sheet lists."""
    if not dossier.anomalies:
        return "Vérification terminée : aucune anomalie."
    return (
        f"Vérification terminée. Anomalies : {totaux(dossier.anomalies)}.\n\n"
        f"La feuille « {CONTROLE} » dit quoi corriger ; chaque adresse y mène à sa cellule."
        f"{_left_out(dossier, maximum)}"
    )


def classement(donnees: Donnees, retabli: Retabli) -> str:
    """After « Classer les sorties »."""
    sortants = sorties.sortants(donnees)
    if not sortants:
        return "Aucune sortie à classer."
    appel = donnees.appel
    classes = Counter(sorties.libelle_classe(appel, sorties.classe_sortie(p, appel).classe) for p in sortants)
    dynamiques = sorties.taux_dynamique(donnees)
    lines = [
        f"{compte(len(sortants), 'sortie')}{f' ({dynamiques} dynamiques)' if dynamiques.denominateur else ''} :",
        *(f"- {libelle} : {n}" for libelle, n in classes.most_common()),
        "",
        f"Les classes sont calculées dans la feuille « {sortants[0].origin.feuille} ».",
    ]
    if retabli.retablies:
        done = "a été remise" if retabli.retablies == 1 else "ont été remises"
        lines.append(f"{compte(retabli.retablies, 'formule', 'effacée')} {done}.")
    if retabli.laissees:
        kept = "est laissée telle quelle" if retabli.laissees == 1 else "sont laissées telles quelles"
        count = compte(retabli.laissees, "cellule", "calculée", "remplacée")
        lines.append(f"{count} à la main {kept} ; « Vérifier » dit lesquelles.")
    return "\n".join(lines)


def bilan(dossier: Dossier, titre: str, maximum: int) -> str:
    """After « Produire le bilan ». Args: as in `verification`."""
    found = totaux(dossier.anomalies)
    return (
        f"{titre} : {len(dossier.tableaux)} tableaux dans la feuille « {BILAN} ».\n\n"
        f"Feuille « {CONTROLE} » : {found}.{_left_out(dossier, maximum)}"
    )


def _left_out(dossier: Dossier, maximum: int) -> str:
    """What to say of the anomalies that have no line, if there are any."""
    if len(dossier.anomalies) <= maximum:
        return ""
    return f"\n\nElle liste les {maximum} plus graves : corrigez-les, puis recommencez."


def comite(fichier: Path) -> str:
    """After « Préparer le comité »."""
    return (
        f"Le tableau de bord du jour est prêt à envoyer : « {fichier.name} »\n\n"
        f"Dossier : {fichier.parent}\nIl ne contient que des chiffres, sans nom ni formule."
    )


def consolidation(dossier: Path, found: Sequence[str]) -> str:
    """After « Consolider un dossier ».

    Args: found: what came of it, one sentence or path a line.
    """
    lines = [line.strip() for line in found]
    return "\n".join([f"Les classeurs de « {dossier} » sont réunis, tels qu'ils sont enregistrés.", "", *lines])


def renvoi(classeur: Path, sortie: Path, anomalies: str) -> str:
    """After « Préparer le renvoi »."""
    return (
        f"Le renvoi de « {classeur.name} », tel qu'il est enregistré, est prêt : {anomalies}. Rien n'est envoyé.\n\n"
        f"Relisez le message et la copie annotée :\n{sortie}"
    )
