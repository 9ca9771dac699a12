"""The words of the officer's commands and of the add-in's."""

from collections.abc import Callable, Mapping
from typing import Any

from aap_xl.faces.francais import commande, la_date, un_chemin


def _consolider(commands: Any, name: str) -> None:
    parser = commande(
        commands,
        name,
        "consolider:consolider",
        "réunit des classeurs reçus en une synthèse, sans donnée nominative",
        "Lit des classeurs, des dossiers et des archives .zip, contrôle chaque classeur, et écrit dans SORTIE la "
        "synthèse (synthese.xlsx), les tables pour analystes (Parquet) et le journal. Interrompu, il se reprend avec "
        "la même commande ; un classeur qui n'a pas changé n'est pas relu.",
    )
    parser.arguments.add_argument("entrees", nargs="+", metavar="ENTREE", type=un_chemin, help="fichier, dossier, .zip")
    parser.choix.add_argument(
        "-o", "--sortie", required=True, metavar="SORTIE", type=un_chemin, help="dossier à écrire"
    )
    parser.choix.add_argument(
        "--cle",
        metavar="FICHIER",
        type=un_chemin,
        help="clé des pseudonymes (aap-xl cle creer) ; sans clé, un compteur",
    )
    parser.choix.add_argument(
        "--seuil", metavar="N", type=int, default=5, help="les effectifs publiés sous ce seuil sont masqués (5)"
    )
    parser.choix.add_argument("--processus", metavar="N", type=int, help="nombre de processus (par défaut : les cœurs)")
    parser.choix.add_argument(
        "--delai",
        metavar="SECONDES",
        type=int,
        help="un classeur qui demande plus de temps que cela est refusé, les autres continuent (120)",
    )
    parser.choix.add_argument(
        "--planificateur", metavar="ADRESSE", help="tcp://… d'une grappe Dask existante (extra « cluster »)"
    )
    parser.choix.add_argument("--silencieux", action="store_true", help="n'affiche ni progression ni compte rendu")
    la_date(parser)


def _cle(commands: Any, name: str) -> None:
    parser = commande(
        commands,
        name,
        "cle:cle",
        "crée la clé des pseudonymes, à garder au Département",
        "La clé relie une même personne d'une opération à l'autre sans la nommer. Qui l'a peut retrouver des noms : "
        "gardez-la hors des dossiers envoyés, et ne la changez pas en cours d'année.",
    )
    parser.arguments.add_argument("action", choices=["creer"], metavar="creer", help="crée une clé nouvelle")
    parser.arguments.add_argument("fichier", metavar="FICHIER", type=un_chemin, help="le fichier à créer")


def _renvoyer(commands: Any, name: str) -> None:
    parser = commande(
        commands,
        name,
        "renvoyer:renvoyer",
        "prépare le renvoi de classeurs aux porteurs : copie annotée et message",
    )
    parser.arguments.add_argument("fichiers", nargs="+", metavar="FICHIER", type=un_chemin, help="classeurs à renvoyer")
    parser.choix.add_argument("-o", "--sortie", required=True, metavar="DOSSIER", type=un_chemin, help="où écrire")
    parser.choix.add_argument(
        "--commentaire", required=True, metavar="TEXTE", help="ce que l'instructeur dit au porteur, ligne à ligne"
    )
    parser.choix.add_argument("--forcer", action="store_true", help="remplace un renvoi déjà préparé")
    la_date(parser)


def _comparer(commands: Any, name: str) -> None:
    parser = commande(commands, name, "comparer:comparer", "dit ce qui a changé entre deux versions d'un dossier")
    parser.arguments.add_argument("ancien", metavar="ANCIEN", type=un_chemin, help="la version reçue d'abord")
    parser.arguments.add_argument("nouveau", metavar="NOUVEAU", type=un_chemin, help="la version reçue ensuite")
    parser.choix.add_argument("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="écrit aussi un classeur .xlsx")
    parser.choix.add_argument("--json", action="store_true", help="pour une machine : un objet JSON")
    parser.choix.add_argument("--forcer", action="store_true", help="remplace le classeur s'il existe")
    la_date(parser)


def _solde(commands: Any, name: str) -> None:
    parser = commande(commands, name, "solde:solde", "montre le calcul du solde, ligne par ligne")
    parser.arguments.add_argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    parser.choix.add_argument(
        "-o", "--sortie", metavar="FICHIER", type=un_chemin, help="écrit une feuille à imprimer (.xlsx)"
    )
    parser.choix.add_argument("--json", action="store_true", help="pour une machine : un objet JSON")
    parser.choix.add_argument("--forcer", action="store_true", help="remplace le classeur s'il existe")
    la_date(parser)


def _addin(commands: Any, name: str) -> None:
    parser = commande(
        commands,
        name,
        "addin:addin",
        "installe, retire ou décrit le complément Excel",
        "Sous Windows et macOS : place le complément « AAP » dans le dossier de démarrage d'Excel et lui dit quel "
        "Python appeler. Aucun droit d'administrateur n'est nécessaire.",
    )
    parser.arguments.add_argument(
        "action", choices=["installer", "retirer", "etat"], metavar="installer|retirer|etat", help="ce qu'il faut faire"
    )


BUREAU: Mapping[str, Callable[[Any, str], None]] = {
    "consolider": _consolider,
    "renvoyer": _renvoyer,
    "comparer": _comparer,
    "solde": _solde,
    "cle": _cle,
    "addin": _addin,
}
"""What declares each command."""
