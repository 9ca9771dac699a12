"""Exits: rates, classes and situations, at exit and at the follow-up point."""

from aap_xl.appels.model import Contact, Indicateur, Reference
from aap_xl.domain.bilan.tableau import (
    NON_RENSEIGNE,
    Colonne,
    Tableau,
    Valeur,
    cellules,
    colonnes_taux,
    entiers,
)
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.sorties import (
    A_FAIRE,
    A_QUALIFIER,
    FAIT,
    INJOIGNABLE,
    NON_ECHU,
    VISEES,
    Taux,
    classe_suivi,
    etat_suivi,
    sortants,
    suivis,
    taux_classe,
    taux_dynamique,
    taux_suivi,
    taux_visees,
)
from aap_xl.rows import Nature

_DENOMINATEUR = "Dénominateur : toutes les sorties ; à l'échéance du suivi, les sorties dont le point est échu."


def _article(donnees: Donnees) -> str:
    return donnees.appel.sorties.article if donnees.appel.sorties else ""


def _suffixe(donnees: Donnees) -> str:
    return f" à {donnees.appel.operation.suivi_mois} mois"


def _colonnes(donnees: Donnees, premiere: str) -> tuple[Colonne, ...]:
    """The number, fraction and rate at exit; the same at the follow-up point if the call has one."""
    followed = donnees.appel.operation.suivi_mois is not None
    suffixe = _suffixe(donnees)
    later = (*entiers(f"Nombre{suffixe}"), *colonnes_taux(suffixe)) if followed else ()
    return (Colonne(premiere), *entiers("Nombre à la sortie"), *colonnes_taux(" à la sortie"), *later)


def _cells(donnees: Donnees, sortie: Taux | None, suivi: Taux | None) -> tuple[Valeur, ...]:
    cells: tuple[Valeur, ...] = (sortie and sortie.numerateur, *cellules(sortie))
    if donnees.appel.operation.suivi_mois is None:
        return cells
    return (*cells, suivi and suivi.numerateur, *cellules(suivi))


def _references(donnees: Donnees) -> tuple[Reference, ...]:
    return donnees.appel.sorties.references if donnees.appel.sorties else ()


def _repere(donnees: Donnees, classe: str) -> Valeur:
    return next((item.taux for item in _references(donnees) if item.classe == classe), None)


def taux(donnees: Donnees) -> Tableau:
    """The counters, each with its fraction; the national reference beside, which is not a rule."""
    appel = donnees.appel
    rates = [("Sorties dynamiques", taux_dynamique(donnees), taux_suivi(donnees), _repere(donnees, ""))]
    if appel.sorties and appel.sorties.retraits_hors_denominateur:
        without = taux_dynamique(donnees, hors_retraits=True), taux_suivi(donnees, hors_retraits=True)
        rates.append(("Sorties dynamiques, retraits exclus", *without, None))
    for reference in _references(donnees):
        if reference.classe:
            classe = reference.classe
            at_exit, later = taux_classe(donnees, classe), taux_classe(donnees, classe, suivi=True)
            rates.append((f"dont {appel.libelle('classes', classe).lower()}", at_exit, later, reference.taux))
    if Indicateur.SORTIES_VISEES in appel.indicateurs:
        rates.append((VISEES, taux_visees(donnees), taux_visees(donnees, suivi=True), None))
    lignes = [(name, *_cells(donnees, at_exit, later), repere) for name, at_exit, later, repere in rates]
    colonnes = (*_colonnes(donnees, "Compteur"), Colonne("Repère national", Nature.TAUX))
    sources = " ; ".join(sorted({reference.source for reference in _references(donnees)}))
    note = _DENOMINATEUR + (f" Repère indicatif : {sources}." if sources else "")
    return Tableau("sorties_taux", "Sorties : compteurs", colonnes, lignes, None, note, _article(donnees), True)


def classes(donnees: Donnees) -> Tableau:
    """Exits by class; at the follow-up point, those not reached or not yet contacted are lines of their own."""
    appel = donnees.appel
    lignes: list[tuple[Valeur, ...]] = []
    for item in appel.sorties.classes if appel.sorties else ():
        pair = taux_classe(donnees, item.code), taux_classe(donnees, item.code, suivi=True)
        lignes.append((item.libelle, *_cells(donnees, *pair)))
    due = suivis(donnees)
    states = [etat_suivi(p, donnees) for p in due]
    open_at_follow_up = sum(
        state == FAIT and classe_suivi(p, appel).classe is None for p, state in zip(due, states, strict=True)
    )
    lignes.append((A_QUALIFIER, *_cells(donnees, taux_classe(donnees, None), Taux(open_at_follow_up, len(due)))))
    if appel.operation.suivi_mois is not None:
        lignes += [
            (f"Suivi : {state.lower()}", *_cells(donnees, None, Taux(states.count(state), len(due))))
            for state in (INJOIGNABLE, A_FAIRE)
        ]
    out = len(sortants(donnees))
    total = ("Total", *_cells(donnees, Taux(out, out), Taux(len(due), len(due))))
    colonnes = _colonnes(donnees, "Classe de sortie")
    return Tableau(
        "sorties_classes", "Sorties par classe", colonnes, lignes, total, _DENOMINATEUR, _article(donnees), True
    )


def situations(donnees: Donnees) -> Tableau:
    """Exits by situation, as written on the sheet."""
    out, due = sortants(donnees), suivis(donnees)
    at_exit = [p.situation for p in out]
    later = [p.situation_suivi if p.contact_suivi == Contact.FAIT else None for p in due]
    items = donnees.appel.sorties.situations if donnees.appel.sorties else ()
    lignes: list[tuple[Valeur, ...]] = []
    for code, libelle in (*((item.code, item.libelle) for item in items), (None, NON_RENSEIGNE)):
        pair = Taux(at_exit.count(code), len(out)), Taux(later.count(code), len(due))
        lignes.append((libelle, *_cells(donnees, *pair)))
    total = ("Total", *_cells(donnees, Taux(len(out), len(out)), Taux(len(due), len(due))))
    colonnes = _colonnes(donnees, "Situation")
    return Tableau("sorties_situations", "Sorties par situation", colonnes, lignes, total, "", _article(donnees), True)


def suivi(donnees: Donnees) -> Tableau:
    """Where the follow-up stands."""
    states = [etat_suivi(p, donnees) for p in sortants(donnees)]
    lignes: list[tuple[Valeur, ...]] = [
        (state, states.count(state)) for state in (NON_ECHU, A_FAIRE, FAIT, INJOIGNABLE)
    ]
    lignes.append((NON_RENSEIGNE, states.count("")))
    colonnes = (Colonne("État du suivi"), *entiers("Sorties"))
    titre = f"Suivi{_suffixe(donnees)} après la sortie"
    return Tableau("suivi", titre, colonnes, lignes, ("Total", len(states)), "", _article(donnees), True)
