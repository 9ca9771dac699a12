"""Exits: each person's class, the two counters, the follow-up points; who came back did not leave the operation.

A class is never guessed: what the sheet does not settle is ``None`` and prints « À qualifier ».
"""

from datetime import date
from decimal import Decimal

from aap_xl.appels.model import SORTIE, Appel, Contact, Volet
from aap_xl.domain.calendrier import add_months
from aap_xl.domain.classement import Classement, classer
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.personnes import compte_sortie, sorti
from aap_xl.domain.preuve import bloquantes, dates, fautes_sortie, fautes_suivi, fin_reelle
from aap_xl.records import record
from aap_xl.rows import Participant

A_QUALIFIER = "À qualifier"
NON_ECHU, A_FAIRE, FAIT, INJOIGNABLE = "Non échu", "À faire", "Fait", "Injoignable"
VISEES = "Formation qualifiante ou emploi dans le métier visé"
"""What the call's narrower indicator counts."""
_AUCUN = Classement()
_SANS_PREUVE = Classement(raison="les dates ne prouvent pas la situation de ce jour-là : corrigez-les")
_CONTACTS: dict[str, str] = {Contact.FAIT: FAIT, Contact.INJOIGNABLE: INJOIGNABLE}


@record
class Taux:
    """A rate that keeps its fraction; a zero denominator has no value."""

    numerateur: int
    denominateur: int

    @property
    def valeur(self) -> Decimal | None:
        """The quotient, ``None`` (an empty cell) when the denominator is zero."""
        return Decimal(self.numerateur) / self.denominateur if self.denominateur else None

    def __str__(self) -> str:
        return f"{self.numerateur}/{self.denominateur}"


def classe_sortie(p: Participant, appel: Appel) -> Classement:
    """The class at exit; none while the person is not out.

    The officer's class replaces the computed one only with a reason and a name.
    """
    if not sorti(p) or appel.sorties is None:
        return _AUCUN
    if p.classe_forcee and p.motif_classe and p.valide_par:
        return Classement(p.classe_forcee, forcee=True)
    return classe_calculee(p, appel)


def classe_calculee(p: Participant, appel: Appel) -> Classement:
    """The class that the decision table gives to the situation at exit, whatever the officer decided."""
    if not bloquantes(appel).isdisjoint(fautes_sortie(p, appel)):
        return _SANS_PREUVE
    validee = bool(p.precision and p.valide_par)
    fin = fin_reelle(p) if appel.sorties and appel.sorties.preuve.duree_reelle else p.fin_contrat
    return classer(appel, p.situation, p.debut_contrat, fin, p.mois_contrat, validee=validee)


def classe_suivi(p: Participant, point: Volet, appel: Appel) -> Classement:
    """The class at a follow-up point; none until the contact is made."""
    if not (sorti(p) and getattr(p, point.contact) == Contact.FAIT) or appel.sorties is None:
        return _AUCUN
    if not bloquantes(appel).isdisjoint(fautes_suivi(p, point, appel)):
        return _SANS_PREUVE
    validee = bool(getattr(p, point.precision) and p.valide_par)
    mois: Decimal | None = getattr(p, point.mois_contrat)
    return classer(appel, getattr(p, point.situation), *dates(p, point), mois, validee=validee)


def classement(p: Participant, volet: Volet, appel: Appel) -> Classement:
    """The class at one moment."""
    return classe_suivi(p, volet, appel) if volet.mois else classe_sortie(p, appel)


def dynamique(appel: Appel, classe: str | None) -> bool:
    """Whether a class counts as a « sortie dynamique »; one still to be settled does not."""
    return appel.sorties is not None and classe in appel.sorties.classes_dynamiques


def libelle_classe(appel: Appel, classe: str | None) -> str:
    """What is printed for a class, « À qualifier » when there is none."""
    return A_QUALIFIER if classe is None else appel.libelle("classes", classe)


def echeance(p: Participant, point: Volet) -> date | None:
    """When a follow-up point falls; ``None`` without an exit date."""
    return None if p.date_sortie is None else add_months(p.date_sortie, point.mois)


def echu(p: Participant, point: Volet, donnees: Donnees) -> bool:
    """Whether a follow-up point has come; from then on the exit is in the denominator."""
    falls = echeance(p, point)
    return falls is not None and falls <= donnees.aujourdhui


def etat_suivi(p: Participant, point: Volet, donnees: Donnees) -> str:
    """« Non échu », « À faire », « Fait » or « Injoignable »; ``""`` without an exit that counts."""
    contact: str | None = getattr(p, point.contact)
    if not compte_sortie(p, donnees):
        return ""
    if contact in _CONTACTS:
        return _CONTACTS[contact]
    if p.date_sortie is None:
        return ""
    return A_FAIRE if echu(p, point, donnees) else NON_ECHU


def sortie_visee(p: Participant, appel: Appel, volet: Volet = SORTIE) -> bool:
    """The call's narrower indicator: qualifying training, or a job in the targeted trade or sector.

    An exit that the officer holds not to be dynamic is none of them.

    Source: 3.3, « Évaluation », 3.
    """
    if appel.sorties is None or not sorti(p):
        return False
    if getattr(p, volet.contact) != Contact.FAIT if volet.mois else _refusee(p, appel):
        return False
    situation = appel.sorties.situations_par_code.get(getattr(p, volet.situation))
    metier: bool | None = getattr(p, volet.metier_vise)
    return situation is not None and (situation.formation or (situation.emploi and metier is True))


def _refusee(p: Participant, appel: Appel) -> bool:
    """Whether the officer's class says that an exit is not dynamic."""
    decided = classe_sortie(p, appel)
    return decided.forcee and not dynamique(appel, decided.classe)


def retrait(p: Participant, appel: Appel) -> bool:
    """Whether a person left for a reason that the call may keep out of the denominator."""
    classe = appel.sorties.classe_retrait if appel.sorties else ""
    return bool(classe) and classe_sortie(p, appel).classe == classe


@once
def sortants(donnees: Donnees) -> list[Participant]:
    """The exits that count, one per person (or one per stay, as the call has it)."""
    return [p for p in donnees.participants if compte_sortie(p, donnees)]


@once
def _observes(donnees: Donnees) -> dict[str, list[Participant]]:
    out = sortants(donnees)
    points = {point.nom: [p for p in out if echu(p, point, donnees)] for point in donnees.appel.points}
    return {SORTIE.nom: out} | points


def observes(donnees: Donnees, volet: Volet = SORTIE) -> list[Participant]:
    """The exits among which a moment is counted; at a follow-up point, those whose point has come."""
    return _observes(donnees)[volet.nom]


@once
def _classes(donnees: Donnees) -> dict[str, list[str | None]]:
    return {
        volet.nom: [classement(p, volet, donnees.appel).classe for p in observes(donnees, volet)]
        for volet in donnees.appel.volets
    }


def taux_dynamique(donnees: Donnees, volet: Volet = SORTIE, *, hors_retraits: bool = False) -> Taux:
    """Dynamic situations at one moment, « injoignables » counted among the others; without « retraits » if asked."""
    people, classes = observes(donnees, volet), _classes(donnees)[volet.nom]
    if hors_retraits:
        classes = [classe for p, classe in zip(people, classes, strict=True) if not retrait(p, donnees.appel)]
    dynamic = donnees.appel.sorties.classes_dynamiques if donnees.appel.sorties else ()
    return Taux(sum(map(classes.count, dynamic)), len(classes))


def taux_classe(donnees: Donnees, classe: str | None, volet: Volet = SORTIE) -> Taux:
    """Situations of one class (``None``: still to be settled) at one moment."""
    classes = _classes(donnees)[volet.nom]
    return Taux(classes.count(classe), len(classes))


def taux_visees(donnees: Donnees, volet: Volet = SORTIE) -> Taux:
    """The call's narrower indicator at one moment."""
    people = observes(donnees, volet)
    return Taux(sum(sortie_visee(p, donnees.appel, volet) for p in people), len(people))
