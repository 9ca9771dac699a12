"""``aap-xl solde``: how the balance is computed, on screen, as one printable sheet, or for a machine."""

from datetime import date
from decimal import Decimal
from typing import Any

from aap_xl.bureau.etat_solde import EtatSolde, etat
from aap_xl.dossier import Dossier
from aap_xl.euros import arrondi, format_euros
from aap_xl.faces.commun import code_retour, lire, verifier_la_sortie
from aap_xl.rows import Nature

_SCHEMA = 1


def solde(args: Any) -> int:
    """Show the computation of one dossier's balance.

    Returns: 0 nothing to correct, 1 something to correct.
    Raises:  Refus if the sheet can't or must not be written.
    """
    if args.sortie:
        verifier_la_sortie(args.sortie, [args.fichier], forcer=args.forcer)
    dossier = lire(args)
    found = etat(dossier)
    if args.json:
        import json  # noqa: PLC0415

        print(json.dumps(en_json(found, dossier), ensure_ascii=False, indent=2))
    else:
        _afficher(found, dossier)
    if args.sortie:
        _ecrire(found, args.sortie, silencieux=args.json)
    return code_retour(dossier)


def _ecrire(found: EtatSolde, cible: Any, *, silencieux: bool) -> None:
    from aap_xl.bureau.solde_feuille import octets  # noqa: PLC0415 - XlsxWriter, only when writing
    from aap_xl.workbook.ooxml.atomic import write_atomically  # noqa: PLC0415

    write_atomically(cible, octets(found))
    if not silencieux:
        from aap_xl.faces import affichage  # noqa: PLC0415

        affichage.chemin(f"\nFeuille à imprimer : {cible}")


def _afficher(found: EtatSolde, dossier: Dossier) -> None:
    from aap_xl.bureau.solde_blocs import avertissements, blocs, conclusion  # noqa: PLC0415
    from aap_xl.faces import affichage  # noqa: PLC0415 - nothing to print for a machine

    op = found.donnees.operation
    affichage.phrase(f"{dossier.chemin.name} · {found.appel.nom}", "bold")
    affichage.phrase(f"{op.porteur or 'porteur non renseigné'} · situation au {found.donnees.aujourdhui:%d/%m/%Y}")
    for bloc in blocs(found):
        affichage.titre(f"{bloc.titre}  [{bloc.article}]")
        titles = [colonne.titre for colonne in bloc.colonnes]
        rows = [[_texte(valeur) for valeur in rangee.valeurs] for rangee in bloc.rangees]
        amounts = {rank for rank, colonne in enumerate(bloc.colonnes) if colonne.nature is Nature.MONTANT}
        affichage.tableau(titles, rows, droites=amounts)
        if bloc.note:
            affichage.phrase(bloc.note, "dim")
    affichage.phrase(f"\n{conclusion(found)}", "bold")
    for text in avertissements(found):
        affichage.phrase(text, "yellow")


def _texte(valeur: Any) -> str:
    if isinstance(valeur, Decimal):
        return format_euros(valeur)
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    return "" if valeur is None else str(valeur)


def _euros(montant: Decimal | None) -> str | None:
    return None if montant is None else f"{arrondi(montant):f}"


def _jour(le: date | None) -> str | None:
    return None if le is None else le.isoformat()


def en_json(found: EtatSolde, dossier: Dossier) -> dict[str, Any]:
    """The computation for machines: amounts as texts with two decimals, ``null`` for what nobody stated.

    The keys are stable; ``schema`` changes if they ever do.
    """
    s, identite, op = found.solde, found.appel.identite, found.donnees.operation
    flat = found.appel.budget.charges_indirectes
    return {
        "schema": _SCHEMA,
        "fichier": dossier.chemin.name,
        "appel": identite.code,
        "millesime": identite.millesime,
        "date": found.donnees.aujourdhui.isoformat(),
        "porteur": op.porteur,
        "siret": op.siret,
        "convention": op.convention,
        "provisoire": bool(found.bloquantes),
        "anomalies_bloquantes": found.bloquantes,
        "terminee": found.donnees.terminee,
        "depenses": [
            {
                "cellule": str(item.cell),
                "document": item.document,
                "date": _jour(item.date_piece),
                "payee_le": _jour(item.date_paiement),
                "ligne": item.ligne,
                "montant": _euros(item.montant),
                "admissible": _euros(item.admissible),
                "raison": item.raison,
                "article": item.article,
                "decision": item.decision,
                "motif_decision": item.motif_decision,
            }
            for item in found.depenses
        ],
        "lignes": [
            {
                "cellule": str(item.cell),
                "code": item.code,
                "libelle": item.libelle,
                "poste": item.poste,
                "prevu": _euros(item.prevu),
                "plafond": _euros(item.plafond),
                "depense": _euros(item.depense),
                "admissible": _euros(item.admissible),
                "retenu": _euros(item.retenu),
                "raison": item.raison,
            }
            for item in found.lignes
        ],
        "postes": [
            {
                "code": item.code,
                "libelle": item.libelle,
                "prevu": _euros(item.prevu),
                "plafond": _euros(item.plafond),
                "depense": _euros(item.depense),
                "retenu": _euros(item.retenu),
            }
            for item in found.postes
        ],
        "depenses_hors_budget": _euros(found.hors_budget),
        "charges_directes_retenues": _euros(found.directes),
        "charges_indirectes": {
            "taux": f"{flat.taux.normalize():f}",
            "assiette": list(flat.assiette),
            "base": _euros(found.assiette),
            "montant": _euros(found.forfait),
            "article": flat.article,
        },
        "depenses_retenues": _euros(s.retenu),
        "ressources": [
            {
                "cellule": str(item.cell),
                "libelle": item.libelle,
                "financeur": item.financeur,
                "prevu": _euros(item.prevu),
                "realise": _euros(item.realise),
                "comptee": _euros(item.comptee),
                "raison": item.raison,
            }
            for item in found.ressources
        ],
        "autres_ressources": _euros(s.autres_ressources),
        "taux_intervention": None if s.taux is None else f"{s.taux.normalize():f}",
        "limites": [
            {"libelle": name, "montant": _euros(amount), "decide": name == s.raison} for name, amount in s.limites
        ],
        "subvention_due": _euros(s.du),
        "avance": _euros(s.avance),
        "solde": _euros(s.solde),
        "a_reverser": _euros(s.a_reverser),
        "article": found.appel.budget.article,
    }
