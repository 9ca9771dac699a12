"""Exits: each person's class, the two counters, the six-month point; who came back did not leave the operation.

A class is never guessed: what the sheet does not settle is ``None`` and prints « À qualifier ».
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aap_xl.appels.model import Appel, Contact
from aap_xl.domain.calendrier import add_months
from aap_xl.domain.classement import Classement, classer
from aap_xl.domain.donnees import Donnees, once
from aap_xl.domain.personnes import compte_sortie, sorti
from aap_xl.domain.preuve import bloquantes, fautes_sortie, fautes_suivi, fin_reelle
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


def classe_suivi(p: Participant, appel: Appel) -> Classement:
    """The class six months later; none until the contact is made."""
    if not (sorti(p) and p.contact_suivi == Contact.FAIT) or appel.sorties is None:
        return _AUCUN
    if not bloquantes(appel).isdisjoint(fautes_suivi(p, appel)):
        return _SANS_PREUVE
    validee = bool(p.precision_suivi and p.valide_par)
    dates = p.debut_contrat_suivi, p.fin_contrat_suivi, p.mois_contrat_suivi
    return classer(appel, p.situation_suivi, *dates, validee=validee)


def dynamique(appel: Appel, classe: str | None) -> bool:
    """Whether a class counts as a « sortie dynamique »; one still to be settled does not."""
    return appel.sorties is not None and classe in appel.sorties.classes_dynamiques


def libelle_classe(appel: Appel, classe: str | None) -> str:
    """What is printed for a class, « À qualifier » when there is none."""
    return A_QUALIFIER if classe is None else appel.libelle("classes", classe)


def echeance_suivi(p: Participant, appel: Appel) -> date | None:
    """When the follow-up point falls; ``None`` without an exit date, or if the call has no follow-up."""
    if appel.operation.suivi_mois is None or p.date_sortie is None:
        return None
    return add_months(p.date_sortie, appel.operation.suivi_mois)


def suivi_echu(p: Participant, donnees: Donnees) -> bool:
    """Whether the follow-up point has come; from then on the exit is in the denominator."""
    echeance = echeance_suivi(p, donnees.appel)
    return echeance is not None and echeance <= donnees.aujourdhui


def etat_suivi(p: Participant, donnees: Donnees) -> str:
    """« Non échu », « À faire », « Fait » or « Injoignable »; ``""`` without an exit that counts or a follow-up."""
    if donnees.appel.operation.suivi_mois is None or not compte_sortie(p, donnees):
        return ""
    if p.contact_suivi in _CONTACTS:
        return _CONTACTS[p.contact_suivi]
    if p.date_sortie is None:
        return ""
    return A_FAIRE if suivi_echu(p, donnees) else NON_ECHU


def sortie_visee(p: Participant, appel: Appel, suivi: bool = False) -> bool:
    """The call's narrower indicator: qualifying training, or a job in the targeted trade or sector.

    An exit that the officer holds not to be dynamic is none of them.

    Source: 3.3, « Évaluation », 3.
    """
    if appel.sorties is None or not sorti(p) or (suivi and p.contact_suivi != Contact.FAIT):
        return False
    if not suivi and _refusee(p, appel):
        return False
    code, metier = (p.situation_suivi, p.metier_vise_suivi) if suivi else (p.situation, p.metier_vise)
    situation = appel.sorties.situations_par_code.get(code or "")
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
def suivis(donnees: Donnees) -> list[Participant]:
    """Those whose follow-up point has come."""
    return [p for p in sortants(donnees) if suivi_echu(p, donnees)]


def _dynamiques(appel: Appel, classes: Sequence[str | None]) -> Taux:
    dynamic = appel.sorties.classes_dynamiques if appel.sorties else ()
    return Taux(sum(map(classes.count, dynamic)), len(classes))


def taux_dynamique(donnees: Donnees, *, hors_retraits: bool = False) -> Taux:
    """Dynamic exits among exits; without the « retraits » if asked."""
    out, classes = sortants(donnees), _classes_sortie(donnees)
    if hors_retraits:
        classes = [classe for p, classe in zip(out, classes, strict=True) if not retrait(p, donnees.appel)]
    return _dynamiques(donnees.appel, classes)


def taux_suivi(donnees: Donnees, *, hors_retraits: bool = False) -> Taux:
    """Dynamic situations six months later among the exits whose point has come, « injoignables » included."""
    due, classes = suivis(donnees), _classes_suivi(donnees)
    if hors_retraits:
        classes = [classe for p, classe in zip(due, classes, strict=True) if not retrait(p, donnees.appel)]
    return _dynamiques(donnees.appel, classes)


def taux_classe(donnees: Donnees, classe: str | None, *, suivi: bool = False) -> Taux:
    """Exits of one class (``None``: still to be settled) among exits, at exit or six months later."""
    classes = _classes_suivi(donnees) if suivi else _classes_sortie(donnees)
    return Taux(classes.count(classe), len(classes))


@once
def _classes_sortie(donnees: Donnees) -> list[str | None]:
    return [classe_sortie(p, donnees.appel).classe for p in sortants(donnees)]


@once
def _classes_suivi(donnees: Donnees) -> list[str | None]:
    return [classe_suivi(p, donnees.appel).classe for p in suivis(donnees)]


def taux_visees(donnees: Donnees, *, suivi: bool = False) -> Taux:
    """The call's narrower indicator among exits, at exit or six months later."""
    people = suivis(donnees) if suivi else sortants(donnees)
    return Taux(sum(sortie_visee(p, donnees.appel, suivi) for p in people), len(people))
