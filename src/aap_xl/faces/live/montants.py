"""The worksheet functions about amounts: staff, flat rate, retained expenses, grant, balance."""
# ruff: noqa: N802, PLR0917

from aap_xl.appels.model import Appel
from aap_xl.domain import budget
from aap_xl.faces.live import versements
from aap_xl.faces.live.arguments import (
    Cellules,
    Lignes,
    cellule,
    en_forme,
    lire,
    n_importe_quel_appel,
    repondre,
    un_appel,
)
from aap_xl.faces.live.declaration import fonction
from aap_xl.faces.live.versements import Prevision, Versement
from aap_xl.rows import Charge, Depense, Operation, Personnel

COUT_A_COMPLETER = "À revoir : salaire brut et quotité, ou bien taux horaire et heures, pas les deux"


@fonction(Personnel)
def AAP_COUT_PERSONNEL(
    brut: Cellules,
    cotisations: Cellules = None,
    taxes: Cellules = None,
    aides: Cellules = None,
    quotite: Cellules = None,
    taux_horaire: Cellules = None,
    heures: Cellules = None,
) -> Cellules:
    """Coût de chaque salarié : (brut + cotisations + taxes - aides) x quotité, ou taux horaire x heures."""

    def answer(p: Personnel) -> object:
        cost = budget.cout_personnel(p)
        return COUT_A_COMPLETER if cost is None else cost

    staff = lire(
        n_importe_quel_appel(),
        Personnel,
        brut=brut,
        cotisations=cotisations,
        taxes=taxes,
        aides=aides,
        quotite=quotite,
        taux_horaire=taux_horaire,
        heures=heures,
    )
    return repondre(staff, answer)


@fonction(Prevision)
def AAP_CHARGES_INDIRECTES(appel: Cellules, poste: Cellules, montant: Cellules) -> Cellules:
    """Charges indirectes au forfait : le taux de l'appel à projets, sur les postes de dépenses qu'il retient."""
    return cellule(versements.indirectes(un_appel(appel), poste, montant))


@fonction(Versement)
def AAP_SUBVENTION(
    appel: Cellules,
    retenu: Cellules,
    subvention_votee: Cellules,
    taux_intervention: Cellules = None,
    autres_ressources: Cellules = None,
    ajustement: Cellules = None,
) -> Cellules:
    """Subvention due : la subvention votée, limitée au plafond, au taux et au besoin (vide si rien n'est voté)."""
    call = un_appel(appel)
    amounts = _amounts(call, retenu, subvention_votee, taux_intervention, autres_ressources, ajustement)
    return repondre(amounts, lambda v: versements.solde(v, call).du)


def _amounts(
    call: Appel,
    retenu: Cellules,
    votee: Cellules,
    taux: Cellules,
    autres: Cellules,
    ajustement: Cellules,
    avance: Cellules = None,
) -> Lignes[Versement]:
    return lire(
        call,
        Versement,
        requis=("retenu",),
        retenu=retenu,
        subvention_votee=votee,
        avance=avance,
        taux_intervention=taux,
        autres_ressources=autres,
        ajustement=ajustement,
    )


@fonction(Charge, Depense, Operation)
def AAP_DEPENSE_RETENUE(
    appel: Cellules,
    code: Cellules,
    prevu: Cellules,
    ligne_budget: Cellules,
    montant: Cellules,
    justificatif: Cellules,
    date_piece: Cellules = None,
    date_paiement: Cellules = None,
    decision: Cellules = None,
    date_debut: Cellules = None,
    date_fin: Cellules = None,
    fongibilite: Cellules = None,
    prestation_du: Cellules = None,
    prestation_au: Cellules = None,
    montant_retenu: Cellules = None,
    date_bilan: Cellules = None,
    date_fin_convention: Cellules = None,
) -> Cellules:
    """Dépenses retenues sur chaque ligne de budget prévue : justifiées, dans les dates, dans la limite du prévu."""
    call = un_appel(appel)
    planned = lire(call, Charge, ("code",), code=code, prevu=prevu)
    proofs = {"justificatif": justificatif, "date_piece": date_piece, "date_paiement": date_paiement}
    rest = {"prestation_du": prestation_du, "prestation_au": prestation_au, "montant_retenu": montant_retenu}
    spent = lire(call, Depense, ligne_budget=ligne_budget, montant=montant, **proofs, decision=decision, **rest)
    ends = {"date_bilan": date_bilan, "date_fin_convention": date_fin_convention}
    terms = lire(call, Operation, date_debut=date_debut, date_fin=date_fin, fongibilite=fongibilite, **ends)
    retained = versements.retenues(call, planned, spent, terms)
    return en_forme([cellule(amount) for amount in retained], planned.forme)


@fonction(Versement)
def AAP_SOLDE(
    appel: Cellules,
    retenu: Cellules,
    subvention_votee: Cellules,
    avance: Cellules,
    taux_intervention: Cellules = None,
    autres_ressources: Cellules = None,
    ajustement: Cellules = None,
) -> Cellules:
    """Solde à verser ; négatif : somme à reverser au Département. Vide tant que le vote ou l'avance manque."""
    call = un_appel(appel)
    amounts = _amounts(call, retenu, subvention_votee, taux_intervention, autres_ressources, ajustement, avance)
    return repondre(amounts, lambda v: versements.net(v, call))
