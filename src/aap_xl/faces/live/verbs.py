"""The six buttons, whichever spreadsheet they stand in: a snapshot of the workbook comes in, gestures come out.

Nothing is changed elsewhere than in « Contrôle », « Bilan » and the computed columns; other results are files.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from aap_xl.dossier import Dossier, catalogue, today
from aap_xl.extras import extras
from aap_xl.faces.failures import Refus, en_une_phrase
from aap_xl.faces.live import messages
from aap_xl.hosts.computed import retablir
from aap_xl.hosts.gestures import Calculate, Gesture, Say, Show
from aap_xl.hosts.results import LISTED_MAX, deproteges, ecrire_bilan, ecrire_controle, marquer
from aap_xl.hosts.snapshot import Snapshot
from aap_xl.workbook.layout import BILAN, CONTROLE
from aap_xl.workbook.ooxml.atomic import write_new

SYNTHESE, RENVOIS = "synthese aap_xl", "renvois"
"""The folder made beside the active workbook, and the one inside: a consolidation never enters its own folder."""
_PARTICIPANTS = "participants"


@dataclass(frozen=True)
class Demande:
    """A click.

    Attributes: classeur: the workbook; avancer: tells what is being done; entier: whether the host replays everything
                (see `hosts.results`); commentaire: to the operator, for « Préparer le renvoi ».
    """

    classeur: Snapshot
    avancer: Callable[[str], None]
    entier: bool = True
    commentaire: str = ""


Verbe = Callable[[Demande], list[Gesture]]


def repondre(verbe: str, demande: Demande) -> list[Gesture]:
    """What a button does; why, when it does nothing.

    Raises: KeyError if there is no such button.
    """
    action = VERBES[verbe]
    try:
        with extras():
            return deproteges(demande.classeur, action(demande))
    except Exception as error:  # noqa: BLE001 - the last resort of a face: nobody should see a traceback
        return [echec(error)]


def echec(error: Exception) -> Say:
    """A failure in one sentence."""
    phrase = en_une_phrase(error)
    return Say(phrase[:1].upper() + phrase[1:], failed=True)


def verifier(demande: Demande) -> list[Gesture]:
    """« Vérifier »: every anomaly in « Contrôle »."""
    dossier = _lire(demande)
    return [*_controle(demande, dossier), Show(CONTROLE), Say(messages.verification(dossier, LISTED_MAX))]


def classer_les_sorties(demande: Demande) -> list[Gesture]:
    """« Classer les sorties »: the formulas that classify are put back where they lack, and computed."""
    dossier = _lire(demande)
    demande.avancer("classement des sorties")
    formules, retabli = retablir(demande.classeur, dossier.donnees, _PARTICIPANTS)
    return [*formules, Calculate(), Say(messages.classement(dossier.donnees, retabli))]


def produire_le_bilan(demande: Demande) -> list[Gesture]:
    """« Produire le bilan »: « Contrôle » and « Bilan »."""
    from aap_xl.workbook.writing.bilan_sheet import titre  # noqa: PLC0415 - only for this button

    dossier = _lire(demande)
    donnees, anomalies = dossier.donnees, dossier.anomalies
    bilan = ecrire_bilan(demande.classeur, donnees, anomalies, dossier.tableaux, entier=demande.entier)
    said = messages.bilan(dossier, titre(donnees, anomalies), LISTED_MAX)
    return [*_controle(demande, dossier), *bilan, Show(BILAN), Say(said)]


def preparer_le_comite(demande: Demande) -> list[Gesture]:
    """« Préparer le comité »: the dashboard of the day in a file of its own, beside the workbook."""
    from aap_xl.workbook.template.comite import releve  # noqa: PLC0415 - only for this button

    chemin = _sur_disque(demande.classeur)
    dossier = _lire(demande)
    demande.avancer("tableau de bord du jour")
    nom = f"{chemin.stem} - tableau de bord {dossier.donnees.aujourdhui:%Y-%m-%d}"
    return [Say(messages.comite(_nouveau_fichier(chemin.parent, nom, releve(dossier.donnees))))]


def consolider_un_dossier(demande: Demande) -> list[Gesture]:
    """« Consolider un dossier »: the workbooks of the active one's folder, as ``aap-xl consolider`` does."""
    from aap_xl.faces.commands import consolider  # noqa: PLC0415 - only for this button

    dossier = _sur_disque(demande.classeur).parent
    request = consolider.Request([dossier], dossier / SYNTHESE)
    demande.avancer(f"consolidation de {dossier.name}")
    compte = consolider.reunir(request, consolider.Silent())
    said = [*consolider.resume(compte), *consolider.avertissements(compte), *consolider.produits(request.sortie)]
    return [Say(messages.consolidation(dossier, said))]


def preparer_le_renvoi(demande: Demande) -> list[Gesture]:
    """« Préparer le renvoi »: annotated copy and message, of the workbook as it is saved."""
    if not demande.commentaire.strip():
        raise Refus("le commentaire au porteur est obligatoire ; le renvoi n'est pas préparé.")
    from aap_xl.desk.message import verdict  # noqa: PLC0415 - only for this button
    from aap_xl.desk.renvoi import RenvoiImpossible, preparer  # noqa: PLC0415

    chemin = _sur_disque(demande.classeur)
    demande.avancer("préparation du renvoi")
    sortie = _nouveau_dossier(chemin.parent / SYNTHESE / RENVOIS, f"{chemin.stem} {today():%Y-%m-%d}")
    try:
        done = preparer([chemin], sortie, demande.commentaire, catalogue(), today())
    except RenvoiImpossible as error:
        raise Refus(str(error)) from None
    refused = [item.refus for item in done if item.refus]
    if refused:
        raise Refus(refused[0])
    (classeur,) = done[0].classeurs
    return [Say(messages.renvoi(chemin, sortie, verdict(classeur.anomalies)))]


VERBES: dict[str, Verbe] = {
    verbe.__name__: verbe
    for verbe in (
        *(verifier, classer_les_sorties, produire_le_bilan),
        *(preparer_le_comite, consolider_un_dossier, preparer_le_renvoi),
    )
}
"""The buttons by their names, which nothing else can run."""


def _lire(demande: Demande) -> Dossier:
    demande.avancer("lecture du classeur")
    dossier = Dossier.ouvert(demande.classeur)
    demande.avancer("contrôle")
    return dossier


def _controle(demande: Demande, dossier: Dossier) -> list[Gesture]:
    """« Contrôle », and the marks where no macro puts them."""
    classeur, donnees, anomalies = demande.classeur, dossier.donnees, dossier.anomalies
    marks = marquer(classeur, donnees, anomalies) if demande.entier else ()
    return [*ecrire_controle(classeur, donnees, anomalies, entier=demande.entier), *marks]


def _sur_disque(classeur: Snapshot) -> Path:
    """Where the workbook is saved.

    Raises: Refus if it is not, or only on a server.
    """
    if "://" in classeur.chemin:
        raise Refus(
            "ce classeur est ouvert depuis OneDrive ou SharePoint : enregistrez-en une copie dans un dossier de votre "
            "ordinateur, ouvrez cette copie, puis recommencez."
        )
    chemin = Path(classeur.chemin)
    if not chemin.is_absolute() or not chemin.is_file():
        raise Refus(
            f"« {classeur.nom} » n'est pas encore enregistré : enregistrez-le dans un dossier de votre ordinateur "
            "(Fichier, Enregistrer sous), puis recommencez."
        )
    return chemin


def _nouveau_fichier(dossier: Path, nom: str, octets: bytes) -> Path:
    """Write a file under a name that nothing has yet. Raises: EcritureImpossible."""
    return write_new((dossier / f"{candidat}.xlsx" for candidat in _noms(nom)), octets)


def _nouveau_dossier(parent: Path, nom: str) -> Path:
    return next(chemin for chemin in (parent / candidat for candidat in _noms(nom)) if not chemin.exists())


def _noms(nom: str) -> Iterator[str]:
    return (nom if rang == 1 else f"{nom} ({rang})" for rang in count(1))
