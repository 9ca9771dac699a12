"""What the page can ask: each verb takes a question and returns an object and the files made.

A verb that is added to `VERBS` is all that a new question needs.
"""

from collections.abc import Callable, Mapping

import aap_xl
from aap_xl.appels.model import Appel
from aap_xl.appels.models import operation
from aap_xl.desk.comparaison import DossiersIncomparables, comparer
from aap_xl.desk.filenames import nouveau as nom_du_nouveau
from aap_xl.desk.solde import etat
from aap_xl.desk.solde_tables import avertissements, blocs, conclusion
from aap_xl.dossier import Dossier
from aap_xl.faces.common import appel_demande, nom_du_bilan, refuser_le_format
from aap_xl.faces.failures import Refus
from aap_xl.faces.page.asked import XLSM, XLSX, Asked, appels
from aap_xl.faces.page.checks import ecriture, feuilles
from aap_xl.faces.page.next_step import suite
from aap_xl.faces.page.right import justes
from aap_xl.faces.page.tables import imprime
from aap_xl.faces.results import comparaison, nouveau, regle, solde
from aap_xl.faces.results.controle import controle
from aap_xl.faces.words import WordRefused, un_siret, un_texte, une_date
from aap_xl.rows import Champ, Nature

Answer = tuple[object, list[tuple[str, str, bytes]]]


def _appels(_: Asked) -> Answer:
    """The calls, each with the short form of an operation."""
    found = [
        {
            "code": appel.identite.code,
            "millesime": appel.identite.millesime,
            "nom": appel.nom,
            "identite": [_champ(champ, appel) for champ in _identite(appel)],
        }
        for appel in appels()
    ]
    return {"appels": found, "version": aap_xl.__version__}, []


def _identite(appel: Appel) -> list[Champ]:
    """The fields of the form that a blank workbook may be given, in the form's order."""
    asked = set(nouveau.OPTIONS.values())
    return [champ for nom, champ in operation(appel).champs.items() if nom in asked & {*appel.classeur.operation}]


def _champ(champ: Champ, appel: Appel) -> dict[str, object]:
    return {
        "champ": champ.nom,
        "entete": champ.entete,
        "aide": champ.aide,
        "nature": str(champ.nature),
        "obligatoire": champ.obligatoire,
        "choix": [{"valeur": i.code, "libelle": i.libelle} for i in appel.elements.get(champ.liste, ())],
    }


def _nouveau(asked: Asked) -> Answer:
    """A blank workbook, and what is already wrong in what was given."""
    from aap_xl.workbook.template import prepared  # noqa: PLC0415 - only to create

    asked.classeurs(0)
    appel = appel_demande(asked.texte("appel"), asked.entier("millesime"), appels())
    typed = {champ: _lu(champ, texte, appel) for champ, texte in asked.textes("identite").items()}
    identite = nouveau.identite(typed, appel)
    octets = prepared.new(appel, identite, aujourdhui=asked.jour)
    nom = nom_du_nouveau(appel.identite.code, appel.identite.millesime, str(identite.get("porteur", "")))
    wrong = nouveau.deja_faux(asked.lu(nom, octets))
    return {"fichier": nom, "anomalies": [item.fields() for item in wrong]}, [(nom, XLSX, octets)]


def _lu(nom: str, texte: str, appel: Appel) -> object:
    """What was typed in a field, as the command's option of that field reads it. Raises: Refus."""
    champ = next((champ for champ in _identite(appel) if champ.nom == nom), None)
    if champ is None:
        raise Refus(f"l'appel {appel.identite.code} ne demande pas « {nom} » ; rechargez la page.")
    read: Callable[[str], object] = un_texte
    if champ.nature is Nature.DATE:
        read = une_date
    elif nom == "siret":
        read = un_siret
    try:
        return read(texte)
    except WordRefused as error:
        raise Refus(f"{champ.entete} : {error}") from None


def _controler(asked: Asked) -> Answer:
    """The checks: what is wrong, what is right, what to do next."""
    [dossier] = asked.dossiers(1, ecriture=True)
    refused = ecriture(dossier)
    return {
        "controle": controle(dossier),
        "suite": suite(dossier, refused),
        "porteur": dossier.donnees.operation.porteur or "porteur non renseigné",
        "appel_nom": dossier.appel.nom,
        "justes": justes(dossier),
        "feuilles": feuilles(dossier),
        "ecriture": refused,
    }, []


def _bilan(asked: Asked) -> Answer:
    """The same workbook with its bilan, and the bilan's tables."""
    [(nom, _)] = asked.classeurs(1)
    refuser_le_format(nom)
    [dossier] = asked.dossiers(1)
    cible = nom_du_bilan(nom)
    octets = dossier.copie_bilan(cible)
    tableaux = [imprime(tableau, dossier.appel) for tableau in dossier.tableaux]
    kind = XLSM if nom.suffix.lower() == ".xlsm" else XLSX
    return {"fichier": cible, "tableaux": tableaux, "provisoire": dossier.provisoire}, [(cible, kind, octets)]


def _comparer(asked: Asked) -> Answer:
    """What changed from the first workbook to the second, and the same as a workbook."""
    from aap_xl.desk.comparaison_sheet import octets  # noqa: PLC0415 - XlsxWriter

    ancien, recent = asked.dossiers(2)
    try:
        found = comparer(ancien, recent)
    except DossiersIncomparables as error:
        raise Refus(str(error)) from None
    return comparaison.resultat(found), [(_avec(recent, "comparaison"), XLSX, octets(found))]


def _solde(asked: Asked) -> Answer:
    """The balance, step by step, and the sheet to sign."""
    from aap_xl.desk.solde_sheet import octets  # noqa: PLC0415 - XlsxWriter

    [dossier] = asked.dossiers(1)
    found = etat(dossier)
    return {
        "solde": solde.resultat(found, dossier),
        "blocs": [imprime(bloc, dossier.appel) for bloc in blocs(found)],
        "conclusion": conclusion(found),
        "avertissements": list(avertissements(found)),
    }, [(_avec(dossier, "solde"), XLSX, octets(found))]


def _avec(dossier: Dossier, mot: str) -> str:
    return f"{dossier.chemin.stem} - {mot}.xlsx"


def _regle(asked: Asked) -> Answer:
    """One rule explained."""
    return regle.resultat(regle.code_demande(asked.texte("code")), list(appels())), []


VERBS: Mapping[str, Callable[[Asked], Answer]] = {
    "appels": _appels,
    "nouveau": _nouveau,
    "controler": _controler,
    "bilan": _bilan,
    "comparer": _comparer,
    "solde": _solde,
    "regle": _regle,
}
