"""The words of the officer's commands and of the add-in's."""

from collections.abc import Callable, Mapping

from aap_xl.faces.words import Words, un_chemin


def _consolider() -> Words:
    words = Words(
        "consolider:consolider",
        "réunit des classeurs reçus en une synthèse, sans donnée nominative",
        "Lit des classeurs, des dossiers et des archives .zip, contrôle chaque classeur, et écrit dans SORTIE la "
        "synthèse (synthese.xlsx), les tables pour analystes (Parquet) et le journal. Interrompu, il se reprend avec "
        "la même commande ; un classeur qui n'a pas changé n'est pas relu.",
    )
    words.argument("entrees", nargs="+", metavar="ENTREE", type=un_chemin, help="fichier, dossier, .zip")
    words.option("-o", "--sortie", required=True, metavar="SORTIE", type=un_chemin, help="dossier à écrire")
    words.option(
        "--cle",
        metavar="FICHIER",
        type=un_chemin,
        help="clé des pseudonymes (aap-xl cle creer) ; sans clé, un compteur",
    )
    words.option(
        "--seuil", metavar="N", type=int, default=5, help="les effectifs publiés sous ce seuil sont masqués (5)"
    )
    words.option("--processus", metavar="N", type=int, help="nombre de processus (par défaut : les cœurs)")
    words.option(
        "--delai",
        metavar="SECONDES",
        type=int,
        help="un classeur qui demande plus de temps que cela est refusé, les autres continuent (120)",
    )
    words.option("--planificateur", metavar="ADRESSE", help="tcp://… d'une grappe Dask existante (extra « cluster »)")
    words.option("--silencieux", action="store_true", help="n'affiche ni progression ni compte rendu")
    words.day()
    return words


def _cle() -> Words:
    words = Words(
        "cle:cle",
        "crée la clé des pseudonymes, à garder au Département",
        "La clé relie une même personne d'une opération à l'autre sans la nommer. Qui l'a peut retrouver des noms : "
        "gardez-la hors des dossiers envoyés, et ne la changez pas en cours d'année.",
    )
    words.argument("action", choices=["creer"], metavar="creer", help="crée une clé nouvelle")
    words.argument("fichier", metavar="FICHIER", type=un_chemin, help="le fichier à créer")
    return words


def _renvoyer() -> Words:
    words = Words(
        "renvoyer:renvoyer",
        "prépare le renvoi de classeurs aux porteurs : copie annotée et message",
    )
    words.argument("fichiers", nargs="+", metavar="FICHIER", type=un_chemin, help="classeurs à renvoyer")
    words.option("-o", "--sortie", required=True, metavar="DOSSIER", type=un_chemin, help="où écrire")
    words.option(
        "--commentaire", required=True, metavar="TEXTE", help="ce que l'instructeur dit au porteur, ligne à ligne"
    )
    words.option("--forcer", action="store_true", help="remplace un renvoi déjà préparé")
    words.day()
    return words


def _comparer() -> Words:
    words = Words("comparer:comparer", "dit ce qui a changé entre deux versions d'un dossier")
    words.argument("ancien", metavar="ANCIEN", type=un_chemin, help="la version reçue d'abord")
    words.argument("nouveau", metavar="NOUVEAU", type=un_chemin, help="la version reçue ensuite")
    words.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="écrit aussi un classeur .xlsx")
    words.json()
    words.option("--forcer", action="store_true", help="remplace le classeur s'il existe")
    words.day()
    return words


def _solde() -> Words:
    words = Words("solde:solde", "montre le calcul du solde, ligne par ligne")
    words.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    words.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="écrit une feuille à imprimer (.xlsx)")
    words.json()
    words.option("--forcer", action="store_true", help="remplace le classeur s'il existe")
    words.day()
    return words


def _addin() -> Words:
    words = Words(
        "addin:addin",
        "installe, retire ou décrit le complément Excel",
        "Sous Windows et macOS : place le complément « AAP » dans le dossier de démarrage d'Excel et lui dit quel "
        "Python appeler. Aucun droit d'administrateur n'est nécessaire.",
    )
    words.argument(
        "action", choices=["installer", "retirer", "etat"], metavar="installer|retirer|etat", help="ce qu'il faut faire"
    )
    return words


BUREAU: Mapping[str, Callable[[], Words]] = {
    "consolider": _consolider,
    "renvoyer": _renvoyer,
    "comparer": _comparer,
    "solde": _solde,
    "cle": _cle,
    "addin": _addin,
}
"""What tells the words of each command."""
