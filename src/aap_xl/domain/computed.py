"""The Python mirror of every native formula of the workbook: one line each, over the domain's functions.

A value is what the sheet shows: a class is its wording, an amount a Decimal, ``None`` an empty cell.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aap_xl.appels.model import POINTS, SORTIE, Appel, Contact, Volet
from aap_xl.domain import activite, budget, eligibilite, parcours, personnes, public, sorties
from aap_xl.domain.calendrier import trimestre
from aap_xl.domain.data import Donnees
from aap_xl.domain.syntheses import SYNTHESE, calculer
from aap_xl.domain.syntheses_budget import Calcul
from aap_xl.domain.tableau import has_column
from aap_xl.francais import oui_non
from aap_xl.rows import Action, Charge, Comite, Participant, Personnel

A_COMPLETER = "À compléter"
DATES_A_CORRIGER = "Dates à corriger"
SORTIE_A_QUALIFIER = "Sortie à qualifier"
SUIVI_A_FAIRE = "Suivi à faire"
SORTI = "Sorti"
REVENU = "Revenu ensuite"
PRESENT = "Présent"

AMORCES = ("code", "nom", "prenom", "date_entree")
"""Fields of a participant that make a line: all blank, its status is empty."""
AMORCES_PARCOURS = (*AMORCES, "date_sortie")
"""Those that make a stay: an exit without an entry is one."""
AMORCES_ENGAGEES = {"depenses": ("document", "ligne_budget", "montant"), "salaires": ("ligne_budget", "mois", "brut")}
"""Fields of an expense, or of a month of salary, that make a line."""

__all__ = ["CALCULS", "SYNTHESE", "Calcul", "calculer"]

_TRIMESTRE = 3


def intervalle(appel: Appel) -> int:
    """Months in a period of the operation: the call's interval between committees, else a quarter."""
    return (appel.comites.intervalle_mois if appel.comites else None) or _TRIMESTRE


def statut(p: Participant, donnees: Donnees) -> str | None:
    """Where a participant's line stands."""
    if all(p.manque(nom) for nom in AMORCES):
        return None
    colonnes = donnees.appel.classeur.tables[p.table].colonnes
    if any(p.manque(nom) for nom in colonnes if p.champs[nom].obligatoire):
        return A_COMPLETER
    if not personnes.sorti(p):
        return PRESENT
    if p.date_entree and p.date_sortie and p.date_sortie < p.date_entree:
        return DATES_A_CORRIGER
    return _statut_sortie(p, donnees) if personnes.compte_sortie(p, donnees) else REVENU


def _statut_sortie(p: Participant, donnees: Donnees) -> str:
    """Where the line of an exit that counts stands."""
    colonnes = donnees.appel.classeur.tables[p.table].colonnes
    if "classe" in colonnes and _classe(p, donnees) == sorties.A_QUALIFIER:
        return SORTIE_A_QUALIFIER
    points = [point for point in donnees.appel.points if point.etat in colonnes]
    late = any(sorties.etat_suivi(p, point, donnees) == sorties.A_FAIRE for point in points)
    return SUIVI_A_FAIRE if late else SORTI


def _age(p: Participant, _: Donnees) -> int | None:
    years = public.age_entree(p)
    return None if years is None or years < 0 else years


def _commence(p: Participant) -> bool:
    return any(not p.manque(nom) for nom in AMORCES_PARCOURS)


def _parcours(p: Participant, donnees: Donnees) -> str | None:
    return personnes.place(p, donnees) if _commence(p) else None


def _ordre(p: Participant, _: Donnees) -> int | None:
    return personnes.numero(p.date_entree) if _commence(p) else None


def _suivie(p: Participant, donnees: Donnees) -> str | None:
    return f"{personnes.personne(p, donnees)} | {p.action}" if p.action else None


def _classe(p: Participant, donnees: Donnees) -> str | None:
    if not personnes.compte_sortie(p, donnees):
        return None
    return sorties.libelle_classe(donnees.appel, sorties.classe_sortie(p, donnees.appel).classe)


def _classe_suivi(p: Participant, point: Volet, donnees: Donnees) -> str | None:
    if not (personnes.compte_sortie(p, donnees) and getattr(p, point.contact) == Contact.FAIT):
        return None
    return sorties.libelle_classe(donnees.appel, sorties.classe_suivi(p, point, donnees.appel).classe)


def _dynamique(p: Participant, volet: Volet, donnees: Donnees) -> str | None:
    if not personnes.compte_sortie(p, donnees):
        return None
    classe = sorties.classement(p, volet, donnees.appel).classe
    return None if classe is None else oui_non(sorties.dynamique(donnees.appel, classe))


def _echeance(p: Participant, point: Volet, donnees: Donnees) -> date | None:
    return sorties.echeance(p, point) if personnes.compte_sortie(p, donnees) else None


def _aux_points() -> Mapping[tuple[str, str], Callable[[object, Donnees], Calcul]]:
    """The columns of each follow-up point; empty in a call that does not have it."""
    columns: dict[str, Callable[[Participant, Volet, Donnees], Calcul]] = {
        "echeance": _echeance,
        "etat": lambda p, point, d: sorties.etat_suivi(p, point, d) or None,
        "classe": _classe_suivi,
        "dynamique": _dynamique,
    }

    def mirror(nom: str, column: Callable[[Participant, Volet, Donnees], Calcul]) -> Callable[[Any, Donnees], Calcul]:
        return lambda p, d: next((column(p, point, d) for point in d.appel.points if point.nom == nom), None)

    return {
        ("participants", f"{champ}_{nom}"): mirror(nom, column) for nom in POINTS for champ, column in columns.items()
    }


def _entrees(action: Action, donnees: Donnees, *colonnes: str) -> sorties.Taux | None:
    """BRSA among those who entered an action; ``None`` without its code, or in a call whose people lack a column."""
    told = all(has_column(donnees.appel, "participants", nom) for nom in ("action", *colonnes))
    return public.majorite(donnees, action.code) if action.code and told else None


def _entres(action: Action, donnees: Donnees) -> int | None:
    found = _entrees(action, donnees)
    return found.denominateur if found else None


def _brsa_entres(action: Action, donnees: Donnees) -> int | None:
    found = _entrees(action, donnees, "brsa")
    return found.numerateur if found else None


def _majorite(action: Action, donnees: Donnees) -> str | None:
    counted = all(has_column(donnees.appel, "actions", nom) for nom in ("entres", "brsa_entres"))
    found = _entrees(action, donnees, "brsa") if counted else None
    return oui_non(public.majoritaire(found, donnees.appel)) if found else None


def _budget(attribut: str) -> Callable[[Any, Donnees], Decimal | None]:
    """One amount of the budget line that a row plans."""

    def mirror(row: Personnel | Charge, donnees: Donnees) -> Decimal | None:
        rows = [*donnees.personnel, *donnees.charges]
        found = next((n for n, item in enumerate(rows) if item is row), None)
        if found is None or row.code is None:
            return None
        montant: Decimal | None = getattr(budget.lignes(donnees)[found], attribut)
        return montant

    return mirror


def _jugee(x: eligibilite.Engagee, donnees: Donnees) -> eligibilite.Jugee | None:
    """What becomes of an expense, ``None`` for a line that was not begun."""
    begun = any(not x.manque(nom) for nom in AMORCES_ENGAGEES[x.table])
    return eligibilite.juger(x, donnees) if begun else None


def _admissible(x: eligibilite.Engagee, donnees: Donnees) -> Decimal | None:
    found = _jugee(x, donnees)
    return None if found is None else found.admissible


def _motif(x: eligibilite.Engagee, donnees: Donnees) -> str | None:
    found = _jugee(x, donnees)
    return None if found is None else found.motif or None


def _trimestre(comite: Comite, donnees: Donnees) -> int | None:
    le, debut = comite.date_reunion, donnees.operation.date_debut
    return None if le is None or debut is None else trimestre(debut, le, intervalle(donnees.appel))


CALCULS: Mapping[tuple[str, str], Callable[[Any, Donnees], Calcul]] = {
    ("actions", "entres"): _entres,
    ("actions", "brsa_entres"): _brsa_entres,
    ("actions", "majorite_brsa"): _majorite,
    ("personnel", "prevu"): lambda p, _: budget.cout_personnel(p),
    ("personnel", "depense"): _budget("depense"),
    ("personnel", "retenu"): _budget("retenu"),
    ("personnel", "ecart"): _budget("ecart"),
    ("charges", "depense"): _budget("depense"),
    ("charges", "retenu"): _budget("retenu"),
    ("charges", "ecart"): _budget("ecart"),
    ("participants", "age"): _age,
    ("participants", "classe"): _classe,
    ("participants", "dynamique"): lambda p, d: _dynamique(p, SORTIE, d),
    **_aux_points(),
    ("participants", "statut"): statut,
    ("participants", "assiduite"): lambda p, _: taux.valeur if (taux := parcours.presence(p)) else None,
    ("participants", "evolution"): lambda p, d: parcours.employabilite(p, d.appel) or None,
    ("participants", "identite"): lambda p, _: personnes.identite_comparee(p) or None,
    ("participants", "personne"): lambda p, d: personnes.personne(p, d) or None,
    ("participants", "parcours"): _parcours,
    ("participants", "ordre"): _ordre,
    ("participants", "suivie"): _suivie,
    ("immersions", "jours"): lambda i, _: activite.jours(i),
    ("heures", "repere"): lambda h, d: activite.repere(h, d.appel) or None,
    ("comites", "trimestre"): _trimestre,
    ("depenses", "admissible"): _admissible,
    ("depenses", "motif"): _motif,
    ("salaires", "impute"): lambda s, _: eligibilite.cout_salaire(s),
    ("salaires", "admissible"): _admissible,
    ("salaires", "motif"): _motif,
}
"""(table, field) → the value its formula shows."""
