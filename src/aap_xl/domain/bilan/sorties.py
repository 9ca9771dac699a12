"""Exits: rates, classes and situations, at exit and at each follow-up point."""

from collections.abc import Callable, Mapping
from functools import partial

from aap_xl.appels.model import Contact, Indicateur, Reference, Volet
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import (
    A_FAIRE,
    A_QUALIFIER,
    FAIT,
    INJOIGNABLE,
    NON_ECHU,
    VISEES,
    Taux,
    classement,
    etat_suivi,
    observes,
    sortants,
    taux_classe,
    taux_dynamique,
    taux_visees,
)
from aap_xl.domain.tableau import (
    NON_RENSEIGNE,
    Colonne,
    Tableau,
    Valeur,
    cellules,
    colonnes_taux,
    entiers,
)
from aap_xl.rows import Nature, Participant

_DENOMINATEUR = "Dénominateur : toutes les sorties ; à l'échéance du suivi, les sorties dont le point est échu."


def _article(donnees: Donnees) -> str:
    return donnees.appel.sorties.article if donnees.appel.sorties else ""


_Taux = Callable[[Volet], Taux | None]


def _brief(donnees: Donnees) -> bool:
    """Whether a line has no room for numbers that its fractions say already."""
    return len(donnees.appel.points) > 1


def _colonnes(donnees: Donnees, premiere: str) -> tuple[Colonne, ...]:
    """The number, fraction and rate at exit; the same at each follow-up point of the call."""
    found = [Colonne(premiere)]
    for volet in donnees.appel.volets:
        numbers = () if _brief(donnees) else entiers(f"Nombre {volet.a_mois}")
        found += [*numbers, *colonnes_taux(f" {volet.a_mois}")]
    return tuple(found)


def _cells(donnees: Donnees, taux: _Taux) -> tuple[Valeur, ...]:
    found: list[Valeur] = []
    for rate in map(taux, donnees.appel.volets):
        found += [*(() if _brief(donnees) else (rate and rate.numerateur,)), *cellules(rate)]
    return tuple(found)


def _references(donnees: Donnees) -> tuple[Reference, ...]:
    return donnees.appel.sorties.references if donnees.appel.sorties else ()


def _repere(donnees: Donnees, classe: str) -> Valeur:
    return next((item.taux for item in _references(donnees) if item.classe == classe), None)


def taux(donnees: Donnees) -> Tableau:
    """The counters, each with its fraction; the national reference beside, which is not a rule."""
    appel = donnees.appel
    rates: list[tuple[str, _Taux, Valeur]] = [
        ("Sorties dynamiques", partial(taux_dynamique, donnees), _repere(donnees, ""))
    ]
    if appel.sorties and appel.sorties.retraits_hors_denominateur:
        without = partial(taux_dynamique, donnees, hors_retraits=True)
        rates.append(("Sorties dynamiques, retraits exclus", without, None))
    for reference in _references(donnees):
        if reference.classe:
            nom = f"dont {appel.libelle('classes', reference.classe).lower()}"
            rates.append((nom, partial(taux_classe, donnees, reference.classe), reference.taux))
    if Indicateur.SORTIES_VISEES in appel.indicateurs:
        rates.append((VISEES, partial(taux_visees, donnees), None))
    lignes = [(name, *_cells(donnees, rate), repere) for name, rate, repere in rates]
    colonnes = (*_colonnes(donnees, "Compteur"), Colonne("Repère national", Nature.TAUX))
    sources = " ; ".join(sorted({reference.source for reference in _references(donnees)}))
    note = _DENOMINATEUR + (f" Repère indicatif : {sources}." if sources else "")
    return Tableau("sorties_taux", "Sorties : compteurs", colonnes, lignes, None, note, _article(donnees), True)


def classes(donnees: Donnees) -> Tableau:
    """Exits by class; at a follow-up point, those not reached or not yet contacted are lines of their own."""
    appel = donnees.appel
    assert appel.sorties  # noqa: S101 (a call without exits has no such table)
    counts: list[tuple[str, _Taux]] = [
        *((item.libelle, partial(taux_classe, donnees, item.code)) for item in appel.sorties.classes),
        (A_QUALIFIER, partial(_ouvertes, donnees)),
    ]
    if appel.points:
        counts += [(f"Suivi : {state.lower()}", partial(_etat, donnees, state)) for state in (INJOIGNABLE, A_FAIRE)]
    lignes = [(name, *_cells(donnees, count)) for name, count in counts]
    total = ("Total", *_cells(donnees, partial(_tous, donnees)))
    colonnes = _colonnes(donnees, "Classe de sortie")
    return Tableau(
        "sorties_classes", "Sorties par classe", colonnes, lignes, total, _DENOMINATEUR, _article(donnees), True
    )


def _tous(donnees: Donnees, volet: Volet) -> Taux:
    whole = len(observes(donnees, volet))
    return Taux(whole, whole)


def _etat(donnees: Donnees, etat: str, volet: Volet) -> Taux | None:
    """The exits whose follow-up point is in one state; at exit there is none."""
    if not volet.mois:
        return None
    due = observes(donnees, volet)
    return Taux(sum(etat_suivi(p, volet, donnees) == etat for p in due), len(due))


def _ouvertes(donnees: Donnees, volet: Volet) -> Taux:
    """Those without a class; at a follow-up point, among the people who were reached."""
    people = observes(donnees, volet)
    reached = [p for p in people if not volet.mois or etat_suivi(p, volet, donnees) == FAIT]
    return Taux(sum(classement(p, volet, donnees.appel).classe is None for p in reached), len(people))


def situations(donnees: Donnees) -> Tableau:
    """Exits by situation, as written on the sheet."""
    items = donnees.appel.sorties.situations if donnees.appel.sorties else ()
    written = {volet.nom: [_situation(p, volet) for p in observes(donnees, volet)] for volet in donnees.appel.volets}
    asked = (*((item.code, item.libelle) for item in items), (None, NON_RENSEIGNE))
    lignes = [(libelle, *_cells(donnees, partial(_part, written, code))) for code, libelle in asked]
    total = ("Total", *_cells(donnees, partial(_tous, donnees)))
    colonnes = _colonnes(donnees, "Situation")
    return Tableau("sorties_situations", "Sorties par situation", colonnes, lignes, total, "", _article(donnees), True)


def _part(codes: Mapping[str, list[str | None]], code: str | None, volet: Volet) -> Taux:
    return Taux(codes[volet.nom].count(code), len(codes[volet.nom]))


def _situation(p: Participant, volet: Volet) -> str | None:
    """The situation written of a moment; at a follow-up point, if the person was reached."""
    reached = not volet.mois or getattr(p, volet.contact) == Contact.FAIT
    found: str | None = getattr(p, volet.situation) if reached else None
    return found


def suivi(donnees: Donnees) -> Tableau:
    """Where each follow-up point stands."""
    out, points = sortants(donnees), donnees.appel.points
    states = [[etat_suivi(p, point, donnees) for p in out] for point in points]
    lignes: list[tuple[Valeur, ...]] = [
        (state or NON_RENSEIGNE, *(column.count(state) for column in states))
        for state in (NON_ECHU, A_FAIRE, FAIT, INJOIGNABLE, "")
    ]
    heads = [point.libelle for point in points] if len(points) > 1 else ["Sorties"]
    colonnes = (Colonne("État du suivi"), *entiers(*heads))
    titre = f"Suivi {' et '.join(point.a_mois for point in points)} après la sortie"
    total: tuple[Valeur, ...] = ("Total", *[len(out)] * len(points))
    return Tableau("suivi", titre, colonnes, lignes, total, "", _article(donnees), True)
