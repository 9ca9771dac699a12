"""``aap-xl controler``: what is to be corrected, for a person or for a machine."""

from pathlib import Path

from aap_xl.dossier import Dossier
from aap_xl.faces.common import OnADay, code_retour
from aap_xl.francais import jour
from aap_xl.records import record


@record
class Request(OnADay):
    """What ``controler`` takes."""

    fichier: Path
    json: bool = False


def run(request: Request) -> int:
    """Check one workbook and print what was found.

    Returns: 0 nothing to correct, 1 something to correct.
    """
    dossier = request.lire(request.fichier, ecriture=True)
    if request.json:
        from aap_xl.faces.as_json import imprimer  # noqa: PLC0415 - only when asked for
        from aap_xl.faces.results.controle import controle  # noqa: PLC0415

        imprimer(controle(dossier))
    else:
        afficher(dossier)
    return code_retour(dossier)


def afficher(dossier: Dossier) -> None:
    """The same for a person: by sheet, then the totals by severity."""
    from aap_xl.faces import display  # noqa: PLC0415 - nothing to print for a machine

    donnees = dossier.donnees
    porteur = donnees.operation.porteur or "porteur non renseigné"
    display.phrase(f"{dossier.chemin.name} · {dossier.appel.nom}", "bold")
    display.phrase(f"{porteur} · contrôle au {jour(donnees.aujourdhui)}")
    counted = display.anomalies(dossier.anomalies)
    display.phrase(f"\nEn tout : {display.totaux(dossier.anomalies)}.", "bold")
    if counted:
        display.phrase(
            "Celles qui se répètent ne sont pas toutes citées ici ; --json et la feuille « Contrôle » (aap-xl bilan) "
            "les donnent une à une."
        )
    if dossier.anomalies:
        display.phrase("Pour comprendre une règle : aap-xl regle CODE")
    if not dossier.a_corriger:
        display.phrase("Rien à corriger.", "green")
    elif dossier.provisoire:
        display.phrase("Tant qu'une anomalie bloquante demeure, le bilan est « provisoire ».")
