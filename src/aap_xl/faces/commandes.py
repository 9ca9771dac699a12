"""The words of each command: the operator's here, the officer's and the add-in's beside.

argparse rather than typer: French help and errors, and 20 ms less of start-up, a third of what checking a workbook
takes.
"""

from collections.abc import Sequence
from typing import Any

from aap_xl.faces.bureau import BUREAU
from aap_xl.faces.mots import Mots, un_chemin, un_siret, un_texte, une_date

_OPERATION, _OU = "L'opération", "où"


def comprendre(line: Sequence[str]) -> Any:
    """What a command line asks for, by name; nothing when all that it asked was told.

    Args: line: the words after ``aap-xl``.
    """
    command, *words = line or [""]
    found = COMMANDES[command]().lire(words) if command in COMMANDES else None
    if found is None:
        from aap_xl.faces.francais import expliquer  # noqa: PLC0415 - help, an error, a line that is no plain one

        found = expliquer({name: tell() for name, tell in COMMANDES.items()}, line)
    return found


def _cmd_appels() -> Mots:
    mots = Mots(
        "fiche:appels",
        "liste les appels à projets connus, ou en montre un pour relecture",
        "Sans code : la liste. Avec un code : toutes les valeurs de l'appel, chacune avec la rubrique du texte.",
    )
    mots.argument("code", nargs="?", metavar="CODE", help="par exemple 3.3")
    mots.option("--millesime", metavar="ANNÉE", type=int, help="par défaut : le plus récent")
    return mots


def _cmd_nouveau() -> Mots:
    mots = Mots(
        "nouveau:nouveau",
        "crée un classeur vierge pour une opération",
        "Crée un classeur vierge. Ce qui n'est pas donné ici se remplit dans la feuille Opération.",
    )
    mots.argument("code", metavar="CODE", help="l'appel à projets, par exemple 3.3")
    mots.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur à créer (.xlsx)")
    mots.option("--porteur", type=un_texte, metavar="NOM", help="nom de la structure", groupe=_OPERATION)
    mots.option("--siret", type=un_siret, metavar="N°", help="14 chiffres", groupe=_OPERATION)
    mots.option("--debut", type=une_date, metavar="DATE", help="début de l'opération (15/03/2025)", groupe=_OPERATION)
    mots.option("--fin", type=une_date, metavar="DATE", help="fin de l'opération", groupe=_OPERATION)
    mots.option("--depot", type=une_date, metavar="DATE", help="dépôt du dossier", groupe=_OPERATION)
    mots.option(
        "--mds", type=un_texte, metavar="MDS", help="MDS de rattachement, par exemple Boulonnais", groupe=_OPERATION
    )
    mots.option("--intitule", type=un_texte, metavar="TEXTE", help="intitulé de l'opération", groupe=_OPERATION)
    mots.option("--convention", type=un_texte, metavar="N°", help="numéro de convention", groupe=_OPERATION)
    mots.option("--millesime", metavar="ANNÉE", type=int, help="par défaut : le plus récent")
    mots.option("--forcer", action="store_true", help="remplace le fichier s'il existe")
    mots.la_date()
    return mots


def _cmd_controler() -> Mots:
    mots = Mots("controle:controler", "contrôle un classeur et dit ce qu'il faut corriger")
    mots.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    mots.option("--json", action="store_true", help="pour une machine : un objet JSON")
    mots.la_date()
    return mots


def _cmd_bilan() -> Mots:
    mots = Mots(
        "bilan:bilan",
        "remplit les feuilles Contrôle et Bilan d'un classeur",
        "Écrit une copie « <nom> - bilan.xlsx » dont les feuilles Contrôle et Bilan sont remplies ; "
        "tout le reste du classeur est gardé tel quel.",
    )
    mots.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    mots.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="la copie à écrire", parmi=_OU)
    mots.option(
        "--sur-place", action="store_true", help="écrit dans le classeur lui-même, avec une sauvegarde", parmi=_OU
    )
    mots.option("--forcer", action="store_true", help="remplace la copie si elle existe")
    mots.option(
        "--pdf", action="store_true", help="produit aussi le PDF à déposer (Bilan et Contrôle) ; demande LibreOffice"
    )
    mots.la_date()
    return mots


def _cmd_demo() -> Mots:
    mots = Mots(
        "demo:demo",
        "montre tout le travail sur deux opérations inventées",
        "Crée les classeurs des deux appels, y place une opération inventée et des erreurs, les contrôle, écrit les "
        "bilans, puis consolide vingt classeurs reçus, dont certains inutilisables.",
    )
    mots.argument(
        "dossier",
        nargs="?",
        metavar="DOSSIER",
        type=un_chemin,
        help="où écrire (par défaut : demo-aap-xl)",
    )
    return mots


def _cmd_exemples() -> Mots:
    mots = Mots(
        "demo:exemples",
        "écrit les classeurs vierges et les exemples remplis",
        "Écrit un classeur vierge et un exemple rempli par appel (le dossier workbooks/ du projet).",
    )
    mots.argument("dossier", metavar="DOSSIER", type=un_chemin, help="où écrire")
    return mots


COMMANDES = {
    "appels": _cmd_appels,
    "nouveau": _cmd_nouveau,
    "controler": _cmd_controler,
    "bilan": _cmd_bilan,
    **BUREAU,
    "demo": _cmd_demo,
    "exemples": _cmd_exemples,
}
