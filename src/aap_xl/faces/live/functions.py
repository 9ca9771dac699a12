"""The worksheet functions: each reads its columns, asks the domain, answers in one block.

Their names, arguments and docstrings are French: the spreadsheet shows them. One call takes a whole column and gives
one back. Those of amounts stand in `montants`, those that count people in `effectifs`.
"""
# ruff: noqa: N802, PLR0917

from collections.abc import Callable, Sequence
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.domain import calendrier, public, sorties
from aap_xl.domain.computed import A_COMPLETER
from aap_xl.dossier import today
from aap_xl.faces.live import selection
from aap_xl.faces.live.arguments import (
    UNE_CELLULE,
    Cellules,
    appels,
    bloc,
    des_textes,
    lire,
    n_importe_quel_appel,
    repondre,
    un_appel,
    un_texte,
)
from aap_xl.faces.live.declaration import fonction
from aap_xl.faces.live.effectifs import AAP_PARCOURS, AAP_PERSONNES
from aap_xl.faces.live.montants import (
    AAP_CHARGES_INDIRECTES,
    AAP_COUT_PERSONNEL,
    AAP_DEPENSE_RETENUE,
    AAP_SOLDE,
    AAP_SUBVENTION,
)
from aap_xl.rows import Operation, Participant

__all__ = [
    "AAP_AGE",
    "AAP_ANOMALIES",
    "AAP_BILAN",
    "AAP_CHARGES_INDIRECTES",
    "AAP_CLASSE_SORTIE",
    "AAP_COUT_PERSONNEL",
    "AAP_DATE_BILAN",
    "AAP_DEPENSE_RETENUE",
    "AAP_ELIGIBLE",
    "AAP_PARCOURS",
    "AAP_PERSONNES",
    "AAP_SESSION",
    "AAP_SOLDE",
    "AAP_SORTIE_DYNAMIQUE",
    "AAP_SUBVENTION",
]

AUCUNE_SESSION = "Aucune session"
SANS_PUBLIC = "Cet appel à projets ne définit pas de public"
NE_APRES = "Date de naissance : après la date d'entrée"


@fonction(Participant)
def AAP_CLASSE_SORTIE(
    appel: Cellules,
    situation: Cellules,
    debut_contrat: Cellules = None,
    fin_contrat: Cellules = None,
    mois_contrat: Cellules = None,
    precision: Cellules = None,
    valide_par: Cellules = None,
    date_sortie: Cellules = None,
    rupture_contrat: Cellules = None,
) -> Cellules:
    """Classe de chaque sortie ; « À qualifier » si les données manquent ou, date de sortie donnée, ne prouvent rien."""
    columns = situation, debut_contrat, fin_contrat, mois_contrat, precision, valide_par, date_sortie, rupture_contrat
    return _exits(un_appel(appel), columns, sorties.libelle_classe)


@fonction(Participant)
def AAP_SORTIE_DYNAMIQUE(
    appel: Cellules,
    situation: Cellules,
    debut_contrat: Cellules = None,
    fin_contrat: Cellules = None,
    mois_contrat: Cellules = None,
    precision: Cellules = None,
    valide_par: Cellules = None,
    date_sortie: Cellules = None,
    rupture_contrat: Cellules = None,
) -> Cellules:
    """Chaque sortie est-elle dynamique : Oui, Non, ou « À qualifier », comme AAP_CLASSE_SORTIE."""
    columns = situation, debut_contrat, fin_contrat, mois_contrat, precision, valide_par, date_sortie, rupture_contrat
    return _exits(un_appel(appel), columns, _dynamic)


def _dynamic(call: Appel, classe: str | None) -> str | bool:
    return sorties.A_QUALIFIER if classe is None else sorties.dynamique(call, classe)


_SORTIE = (
    *("situation", "debut_contrat", "fin_contrat", "mois_contrat", "precision", "valide_par"),
    *("date_sortie", "rupture_contrat"),
)


def _exits(call: Appel, columns: Sequence[Cellules], shown: Callable[[Appel, str | None], object]) -> Cellules:
    """What is shown of the class of each exit; nothing of a line that a column of exit dates leaves blank."""
    given = dict(zip(_SORTIE, columns, strict=True))
    leaving = bloc(given["date_sortie"])
    dated = leaving.forme != UNE_CELLULE or leaving.cells != [""]

    def answer(p: Participant) -> object:
        return None if dated and p.date_sortie is None else shown(call, sorties.classe_calculee(p, call).classe)

    return repondre(lire(call, Participant, **given), answer)


@fonction(Participant)
def AAP_AGE(date_naissance: Cellules, date_entree: Cellules) -> Cellules:
    """Âge de chaque personne à la date d'entrée, en années révolues."""

    def answer(p: Participant) -> object:
        years = public.age_entree(p)
        return A_COMPLETER if years is None else NE_APRES if years < 0 else years

    people = lire(n_importe_quel_appel(), Participant, date_naissance=date_naissance, date_entree=date_entree)
    return repondre(people, answer)


@fonction(Participant)
def AAP_ELIGIBLE(
    appel: Cellules,
    brsa: Cellules,
    date_naissance: Cellules = None,
    date_entree: Cellules = None,
    hebergement: Cellules = None,
    logement_dabord: Cellules = None,
) -> Cellules:
    """Chaque personne est-elle du public de l'appel à projets : Oui, Non, ou « À compléter »."""
    call = un_appel(appel)
    if call.public is None:
        return SANS_PUBLIC

    def answer(p: Participant) -> object:
        held = public.eligible(p, call)
        return A_COMPLETER if held is None else held

    people = lire(
        call,
        Participant,
        brsa=brsa,
        date_naissance=date_naissance,
        date_entree=date_entree,
        hebergement=hebergement,
        logement_dabord=logement_dabord,
    )
    return repondre(people, answer)


@fonction(Operation)
def AAP_SESSION(appel: Cellules, date_depot: Cellules, date_debut: Cellules) -> Cellules:
    """Session de dépôt dont relève un dossier, d'après sa date de dépôt et le début de l'opération."""
    call = un_appel(appel)

    def answer(o: Operation) -> object:
        fenetre = calendrier.fenetres(call, o.date_depot, o.date_debut)
        return fenetre.libelle if fenetre else AUCUNE_SESSION

    required = ("date_depot", "date_debut")
    return repondre(lire(call, Operation, required, date_depot=date_depot, date_debut=date_debut), answer)


@fonction(Operation)
def AAP_DATE_BILAN(appel: Cellules, date_fin: Cellules, date_fin_convention: Cellules = None) -> Cellules:
    """Date limite du bilan final : la plus proche, d'après la fin de l'opération et celle de la convention."""
    call = un_appel(appel)
    ends = lire(call, Operation, date_fin=date_fin, date_fin_convention=date_fin_convention)
    return repondre(ends, lambda o: calendrier.echeance_bilan(o, call))


@fonction(
    tableau="Nom de la feuille dont vient le tableau : Participants, Dépenses…",
    plage="Le tableau, avec la ligne de ses titres de colonnes.",
)
def AAP_ANOMALIES(appel: Cellules, tableau: Cellules, plage: Cellules) -> Cellules:
    """Anomalies d'un tableau pris seul : ligne (1 : la première de la plage), colonne, gravité, message, article."""
    return selection.anomalies(un_appel(appel), appels(), un_texte(tableau, "Tableau"), bloc(plage), today())


@fonction(
    nom="Nom ou titre d'un tableau du bilan, ou plusieurs noms (une plage) ; vide : la liste des tableaux.",
    recalcul="Facultatif : une plage ; le tableau est recalculé quand elle change (sinon : Ctrl+Alt+F9).",
)
def AAP_BILAN(nom: Cellules = None, recalcul: Cellules = None, caller: Any = None) -> Cellules:
    """Un tableau du bilan de ce classeur, par son nom ou son titre, ou plusieurs l'un sous l'autre."""
    del recalcul  # xlwings converts an argument by its annotation: `object` is none that it knows, `Any` is
    return selection.bilans(selection.dossier(caller).tableaux, des_textes(nom))
