"""The words of the officer's commands and of the add-in's."""

from collections.abc import Callable, Mapping

from aap_xl.faces.mots import Mots, un_chemin


def _consolider() -> Mots:
    mots = Mots(
        "consolider:consolider",
        "réunit des classeurs reçus en une synthèse, sans donnée nominative",
        "Lit des classeurs, des dossiers et des archives .zip, contrôle chaque classeur, et écrit dans SORTIE la "
        "synthèse (synthese.xlsx), les tables pour analystes (Parquet) et le journal. Interrompu, il se reprend avec "
        "la même commande ; un classeur qui n'a pas changé n'est pas relu.",
    )
    mots.argument("entrees", nargs="+", metavar="ENTREE", type=un_chemin, help="fichier, dossier, .zip")
    mots.option("-o", "--sortie", required=True, metavar="SORTIE", type=un_chemin, help="dossier à écrire")
    mots.option(
        "--cle",
        metavar="FICHIER",
        type=un_chemin,
        help="clé des pseudonymes (aap-xl cle creer) ; sans clé, un compteur",
    )
    mots.option(
        "--seuil", metavar="N", type=int, default=5, help="les effectifs publiés sous ce seuil sont masqués (5)"
    )
    mots.option("--processus", metavar="N", type=int, help="nombre de processus (par défaut : les cœurs)")
    mots.option(
        "--delai",
        metavar="SECONDES",
        type=int,
        help="un classeur qui demande plus de temps que cela est refusé, les autres continuent (120)",
    )
    mots.option("--planificateur", metavar="ADRESSE", help="tcp://… d'une grappe Dask existante (extra « cluster »)")
    mots.option("--silencieux", action="store_true", help="n'affiche ni progression ni compte rendu")
    mots.la_date()
    return mots


def _cle() -> Mots:
    mots = Mots(
        "cle:cle",
        "crée la clé des pseudonymes, à garder au Département",
        "La clé relie une même personne d'une opération à l'autre sans la nommer. Qui l'a peut retrouver des noms : "
        "gardez-la hors des dossiers envoyés, et ne la changez pas en cours d'année.",
    )
    mots.argument("action", choices=["creer"], metavar="creer", help="crée une clé nouvelle")
    mots.argument("fichier", metavar="FICHIER", type=un_chemin, help="le fichier à créer")
    return mots


def _renvoyer() -> Mots:
    mots = Mots(
        "renvoyer:renvoyer",
        "prépare le renvoi de classeurs aux porteurs : copie annotée et message",
    )
    mots.argument("fichiers", nargs="+", metavar="FICHIER", type=un_chemin, help="classeurs à renvoyer")
    mots.option("-o", "--sortie", required=True, metavar="DOSSIER", type=un_chemin, help="où écrire")
    mots.option(
        "--commentaire", required=True, metavar="TEXTE", help="ce que l'instructeur dit au porteur, ligne à ligne"
    )
    mots.option("--forcer", action="store_true", help="remplace un renvoi déjà préparé")
    mots.la_date()
    return mots


def _comparer() -> Mots:
    mots = Mots("comparer:comparer", "dit ce qui a changé entre deux versions d'un dossier")
    mots.argument("ancien", metavar="ANCIEN", type=un_chemin, help="la version reçue d'abord")
    mots.argument("nouveau", metavar="NOUVEAU", type=un_chemin, help="la version reçue ensuite")
    mots.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="écrit aussi un classeur .xlsx")
    mots.option("--json", action="store_true", help="pour une machine : un objet JSON")
    mots.option("--forcer", action="store_true", help="remplace le classeur s'il existe")
    mots.la_date()
    return mots


def _solde() -> Mots:
    mots = Mots("solde:solde", "montre le calcul du solde, ligne par ligne")
    mots.argument("fichier", metavar="FICHIER", type=un_chemin, help="le classeur rempli")
    mots.option("-o", "--sortie", metavar="FICHIER", type=un_chemin, help="écrit une feuille à imprimer (.xlsx)")
    mots.option("--json", action="store_true", help="pour une machine : un objet JSON")
    mots.option("--forcer", action="store_true", help="remplace le classeur s'il existe")
    mots.la_date()
    return mots


def _addin() -> Mots:
    mots = Mots(
        "addin:addin",
        "installe, retire ou décrit le complément Excel",
        "Sous Windows et macOS : place le complément « AAP » dans le dossier de démarrage d'Excel et lui dit quel "
        "Python appeler. Aucun droit d'administrateur n'est nécessaire.",
    )
    mots.argument(
        "action", choices=["installer", "retirer", "etat"], metavar="installer|retirer|etat", help="ce qu'il faut faire"
    )
    return mots


BUREAU: Mapping[str, Callable[[], Mots]] = {
    "consolider": _consolider,
    "renvoyer": _renvoyer,
    "comparer": _comparer,
    "solde": _solde,
    "cle": _cle,
    "addin": _addin,
}
"""What tells the words of each command."""
