"""``aap-xl solde``: how the balance is computed, on screen, as one printable sheet, or for a machine."""

from pathlib import Path

from aap_xl.desk.solde import EtatSolde, etat
from aap_xl.domain.tableau import textes
from aap_xl.dossier import Dossier
from aap_xl.faces import display
from aap_xl.faces.as_json import imprimer
from aap_xl.faces.common import OnADay, code_retour, ecrire_la_sortie, verifier_la_sortie
from aap_xl.faces.results.solde import resultat
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.rows import Nature


@record
class Request(OnADay):
    """What ``solde`` takes."""

    fichier: Path
    sortie: Path | None = None
    json: bool = False
    forcer: bool = False


def run(request: Request) -> int:
    """Show the computation of one dossier's balance.

    Returns: 0 nothing to correct, 1 something to correct.
    Raises:  Refus if the sheet can't or must not be written.
    """
    if request.sortie:
        verifier_la_sortie(request.sortie, [request.fichier], forcer=request.forcer)
    dossier = request.lire(request.fichier)
    found = etat(dossier)
    if request.json:
        imprimer(resultat(found, dossier))
    else:
        _afficher(found, dossier)
    if request.sortie:
        from aap_xl.desk.solde_sheet import octets  # noqa: PLC0415 - XlsxWriter, only when writing

        ecrire_la_sortie(request.sortie, octets(found), "Feuille à imprimer", like=request.fichier, muet=request.json)
    return code_retour(dossier)


def _afficher(found: EtatSolde, dossier: Dossier) -> None:
    from aap_xl.desk.solde_tables import avertissements, blocs, conclusion  # noqa: PLC0415

    op = found.donnees.operation
    display.phrase(f"{dossier.chemin.name} · {found.appel.nom}", "bold")
    display.phrase(f"{op.porteur or 'porteur non renseigné'} · situation au {jour(found.donnees.aujourdhui)}")
    for bloc in blocs(found):
        display.titre(f"{bloc.titre}  [{bloc.article}]")
        titles = [colonne.titre for colonne in bloc.colonnes]
        rows = [textes(ligne, bloc) for ligne in bloc.lignes]
        amounts = {rank for rank, colonne in enumerate(bloc.colonnes) if colonne.nature is Nature.MONTANT}
        display.tableau(titles, rows, droites=amounts)
        if bloc.note:
            display.phrase(bloc.note, "dim")
    display.phrase(f"\n{conclusion(found)}", "bold")
    for text in avertissements(found):
        display.phrase(text, "yellow")
