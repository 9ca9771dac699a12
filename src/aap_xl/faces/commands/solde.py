"""``aap-xl solde``: how the balance is computed, on screen, as one printable sheet, or for a machine."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from aap_xl.desk.solde import DepenseVue, EtatSolde, LigneVue, PosteVu, RessourceVue, etat
from aap_xl.domain.solde import reserve
from aap_xl.dossier import Dossier
from aap_xl.euros import format_euros
from aap_xl.faces import display
from aap_xl.faces.as_json import imprimer
from aap_xl.faces.common import OnADay, code_retour, ecrire_la_sortie, verifier_la_sortie
from aap_xl.francais import jour
from aap_xl.records import record
from aap_xl.rows import Nature

_SCHEMA = 1


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
        imprimer(en_json(found, dossier))
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
        rows = [[_texte(valeur) for valeur in ligne] for ligne in bloc.lignes]
        amounts = {rank for rank, colonne in enumerate(bloc.colonnes) if colonne.nature is Nature.MONTANT}
        display.tableau(titles, rows, droites=amounts)
        if bloc.note:
            display.phrase(bloc.note, "dim")
    display.phrase(f"\n{conclusion(found)}", "bold")
    for text in avertissements(found):
        display.phrase(text, "yellow")


def _texte(valeur: object) -> str:
    if isinstance(valeur, Decimal):
        return format_euros(valeur)
    if isinstance(valeur, date):
        return jour(valeur)
    return "" if valeur is None else str(valeur)


def en_json(found: EtatSolde, dossier: Dossier) -> dict[str, object]:
    """The computation for machines: ``null`` for what nobody stated.

    The keys are stable; ``schema`` changes if they ever do.
    """
    s, identite, op = found.solde, found.appel.identite, found.donnees.operation
    return {
        "schema": _SCHEMA,
        "fichier": dossier.chemin.name,
        "appel": identite.code,
        "millesime": identite.millesime,
        "date": found.donnees.aujourdhui,
        "porteur": op.porteur,
        "siret": op.siret,
        "convention": op.convention,
        "provisoire": bool(found.bloquantes),
        "anomalies_bloquantes": found.bloquantes,
        "terminee": found.donnees.terminee,
        "depenses": [_depense(item) for item in found.depenses],
        "lignes": [_ligne(item) for item in found.lignes],
        "postes": [_poste(item) for item in found.postes],
        "depenses_hors_budget": found.hors_budget,
        "charges_directes_retenues": found.directes,
        "charges_indirectes": _forfait(found),
        "depenses_retenues": s.retenu,
        "ressources": [_ressource(item) for item in found.ressources],
        "autres_ressources": s.autres_ressources,
        "taux_intervention": None if s.taux is None else _taux(s.taux),
        "limites": [{"libelle": nom, "montant": amount, "decide": nom == s.raison} for nom, amount in s.limites],
        "subvention_calculee": s.calcule,
        "ajustement": s.ajustement,
        "motif_ajustement": op.motif_ajustement,
        "subvention_due": s.du,
        "avance": s.avance,
        "solde": s.solde,
        "a_reverser": s.a_reverser,
        "objectifs": [
            {"libelle": item.libelle, "prevu": item.prevu, "realise": item.realise} for item in found.objectifs
        ],
        "reserve": reserve(found.appel) or None,
        "article": found.appel.budget.article,
    }


def _depense(item: DepenseVue) -> dict[str, object]:
    return {
        "cellule": item.cell,
        "document": item.document,
        "date": item.date_piece,
        "payee_le": item.date_paiement,
        "ligne": item.ligne,
        "montant": item.montant,
        "admissible": item.admissible,
        "raison": item.raison,
        "article": item.article,
        "decision": item.decision,
        "motif_decision": item.motif_decision,
    }


def _ligne(item: LigneVue) -> dict[str, object]:
    return {
        "cellule": item.cell,
        "code": item.code,
        "libelle": item.libelle,
        "poste": item.poste,
        "prevu": item.prevu,
        "plafond": item.plafond,
        "depense": item.depense,
        "admissible": item.admissible,
        "retenu": item.retenu,
        "raison": item.raison,
    }


def _poste(item: PosteVu) -> dict[str, object]:
    return {
        "code": item.code,
        "libelle": item.libelle,
        "prevu": item.prevu,
        "plafond": item.plafond,
        "depense": item.depense,
        "retenu": item.retenu,
    }


def _forfait(found: EtatSolde) -> dict[str, object]:
    flat = found.appel.budget.charges_indirectes
    return {
        "taux": _taux(flat.taux),
        "assiette": list(flat.assiette),
        "base": found.assiette,
        "montant": found.forfait,
        "article": flat.article,
    }


def _ressource(item: RessourceVue) -> dict[str, object]:
    return {
        "cellule": item.cell,
        "libelle": item.libelle,
        "financeur": item.financeur,
        "prevu": item.prevu,
        "realise": item.realise,
        "comptee": item.comptee,
        "raison": item.raison,
    }


def _taux(taux: Decimal) -> str:
    return f"{taux.normalize():f}"
