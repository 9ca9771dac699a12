"""The words of each command: the operator's here, the officer's and the add-in's beside.

argparse rather than typer: French help and errors, and 20 ms less of start-up, a third of what checking a workbook
takes.
"""

from collections.abc import Sequence
from typing import Any

from aap_xl.faces.bureau import BUREAU
from aap_xl.faces.words import Words, un_chemin, un_siret, un_texte, une_date

_OPERATION, _OU = "L'opération", "où"


def comprendre(line: Sequence[str]) -> Any:
    """What a command line asks for, by name; nothing when all that it asked was told.

    Args: line: the words after ``aap-xl``.
    """
    command, *rest = line or [""]
    found = COMMANDES[command]().read(rest) if command in COMMANDES else None
    if found is None:
        from aap_xl.faces.francais import expliquer  # noqa: PLC0415 - help, an error, a line that is no plain one

        found = expliquer({name: tell() for name, tell in COMMANDES.items()}, line)
    return found


def _cmd_appels() -> Words:
    words = Words(
        "fiche:appels",
        "liste les appels à projets connus, ou en montre un pour relecture",
        "Sans code : la liste. Avec un code : toutes les valeurs de l'appel, chacune avec la rubrique du texte.",
    )
    words.argument("code", nargs="?", metavar="CODE", help="par exemple 3.3")
    words.option("--millesime", metavar="ANNÉE", type=int, help="par défaut : le plus récent")
    words.option(
        "--relire",
        action="store_true",
        help="dit ce qui est hérité et non confirmé, les listes inutiles, les règles qui ne s'appliquent pas",
        among="quoi",
    )
    words.option(
        "--schema", action="store_true", help="le schéma JSON d'un fichier d'appel, pour un éditeur", among="quoi"
    )
    words.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="avec --schema : où l'écrire")
    words.option("--forcer", action="store_true", help="remplace le schéma s'il existe")
    return words


def _cmd_regle() -> Words:
    words = Words(
        "regle:regle",
        "explique une règle de contrôle, par son code",
        "Sans code : la liste. Avec un code : ce que la règle vérifie, l'article qui le demande, un cas en défaut et "
        "un cas admis, comment corriger, qui peut lever l'anomalie.",
    )
    words.argument("code", nargs="?", metavar="CODE", help="celui de la feuille Contrôle, par exemple P04")
    words.json()
    return words


def _cmd_nouveau() -> Words:
    words = Words(
        "nouveau:nouveau",
        "crée un classeur vierge pour une opération",
        "Crée un classeur vierge. Ce qui n'est pas donné ici se remplit dans la feuille Opération.",
    )
    words.argument("code", metavar="CODE", help="l'appel à projets, par exemple 3.3")
    words.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur à créer (.xlsx)")
    words.option("--porteur", type=un_texte, metavar="NOM", help="nom de la structure", group=_OPERATION)
    words.option("--siret", type=un_siret, metavar="N°", help="14 chiffres", group=_OPERATION)
    words.option("--debut", type=une_date, metavar="DATE", help="début de l'opération (15/03/2025)", group=_OPERATION)
    words.option("--fin", type=une_date, metavar="DATE", help="fin de l'opération", group=_OPERATION)
    words.option("--depot", type=une_date, metavar="DATE", help="dépôt du dossier", group=_OPERATION)
    words.option(
        "--mds", type=un_texte, metavar="MDS", help="MDS de rattachement, par exemple Boulonnais", group=_OPERATION
    )
    words.option("--intitule", type=un_texte, metavar="TEXTE", help="intitulé de l'opération", group=_OPERATION)
    words.option("--convention", type=un_texte, metavar="N°", help="numéro de convention", group=_OPERATION)
    words.option("--millesime", metavar="ANNÉE", type=int, help="par défaut : le plus récent")
    words.option("--forcer", action="store_true", help="remplace le fichier s'il existe")
    words.day()
    return words


def _cmd_controler() -> Words:
    words = Words("controle:controler", "contrôle un classeur et dit ce qu'il faut corriger")
    words.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    words.json()
    words.day()
    return words


def _cmd_bilan() -> Words:
    words = Words(
        "bilan:bilan",
        "remplit les feuilles Contrôle et Bilan d'un classeur",
        "Écrit une copie « <nom> - bilan.xlsx » dont les feuilles Contrôle et Bilan sont remplies ; "
        "tout le reste du classeur est gardé tel quel.",
    )
    words.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    words.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="la copie à écrire", among=_OU)
    words.option(
        "--sur-place", action="store_true", help="écrit dans le classeur lui-même, avec une sauvegarde", among=_OU
    )
    words.option("--forcer", action="store_true", help="remplace la copie si elle existe")
    words.option(
        "--pdf", action="store_true", help="produit aussi le PDF à déposer (Bilan et Contrôle) ; demande LibreOffice"
    )
    words.day()
    return words


def _cmd_demo() -> Words:
    words = Words(
        "demo:demo",
        "montre tout le travail sur deux opérations inventées",
        "Crée les classeurs des deux appels, y place une opération inventée et des erreurs, les contrôle, écrit les "
        "bilans, puis consolide vingt classeurs reçus, dont certains inutilisables.",
    )
    words.argument(
        "dossier",
        nargs="?",
        metavar="DOSSIER",
        type=un_chemin,
        help="où écrire (par défaut : demo-aap-xl)",
    )
    return words


def _cmd_exemples() -> Words:
    words = Words(
        "demo:exemples",
        "écrit les classeurs vierges et les exemples remplis",
        "Écrit un classeur vierge et un exemple rempli par appel (le dossier workbooks/ du projet).",
    )
    words.argument("dossier", metavar="DOSSIER", type=un_chemin, help="où écrire")
    return words


COMMANDES = {
    "appels": _cmd_appels,
    "nouveau": _cmd_nouveau,
    "controler": _cmd_controler,
    "bilan": _cmd_bilan,
    "regle": _cmd_regle,
    **BUREAU,
    "demo": _cmd_demo,
    "exemples": _cmd_exemples,
}
