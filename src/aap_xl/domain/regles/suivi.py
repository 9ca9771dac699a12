"""S, continued: the points made some months after the exit."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Contact, Volet
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.preuve import fin_reelle, premier_jour
from aap_xl.domain.regles.sorties import a_qualifier
from aap_xl.domain.regles.tools import constat, rempli, vide
from aap_xl.domain.sorties import A_FAIRE, echeance, etat_suivi, observes
from aap_xl.francais import cite, jour
from aap_xl.rows import Participant


def _reponses(point: Volet) -> tuple[str, ...]:
    return point.date, point.situation, point.debut, point.fin, point.mois_contrat


@once
def faits(d: Donnees) -> list[tuple[Participant, Volet, date]]:
    """The contacts that were made and dated."""
    return [
        (p, point, le)
        for point in d.appel.points
        for p in d.participants
        if getattr(p, point.contact) == Contact.FAIT and (le := getattr(p, point.date))
    ]


@rule("S08", on=Donnees)
def suivi_a_faire(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A follow-up point is made when it falls due."""
    for point in d.appel.points:
        for p in observes(d, point):
            falls = echeance(p, point) if vide(p, point.contact, d) else None
            if falls is None or etat_suivi(p, point, d) != A_FAIRE:
                continue
            if any(rempli(p, nom) for nom in _reponses(point)):
                continue  # said by S09: an answer without its contact
            texte = f"le point {point.a_mois} est échu depuis le {jour(falls)}"
            yield constat(p, point.contact, Dit(texte, "contactez la personne et complétez"), d)


@rule("S09", on=Donnees)
def suivi_incoherent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A follow-up point has its contact, date and situation, comes after the exit, and can be classed."""
    for point in d.appel.points:
        names = (point.contact, *_reponses(point))
        nothing = (None,) * len(names)
        typed = attrgetter(*names)
        for p in d.participants:
            if typed(p) != nothing or p.illisibles.intersection(names):
                yield from _incoherent(p, point, d)


def _incoherent(p: Participant, point: Volet, d: Donnees) -> Iterator[Constat]:
    premier = next(nom for nom in (point.contact, *_reponses(point)) if rempli(p, nom))
    if vide(p, "date_sortie", d):
        texte = f"{cite(p.champs[premier].entete)} est rempli sans date de sortie"
        yield constat(p, premier, Dit(texte, "saisissez la sortie, ou effacez le suivi"), d)
        return
    yield from _contact(p, point, d)
    yield from _date(p, point, d)
    known = d.appel.sorties.situations_par_code if d.appel.sorties else {}
    situation = known.get(getattr(p, point.situation))
    if situation and getattr(p, point.contact) == Contact.FAIT:
        yield from a_qualifier(p, point, situation, d)


def _contact(p: Participant, point: Volet, d: Donnees) -> Iterator[Constat]:
    """The contact and what came of it agree."""
    contact: str | None = getattr(p, point.contact)
    if contact == Contact.FAIT:
        for nom in (point.date, point.situation):
            if vide(p, nom, d):
                texte = Dit("le contact est fait", f"complétez {cite(p.champs[nom].entete)}")
                yield constat(p, nom, texte, d)
    elif contact and rempli(p, point.situation):
        said = cite(d.appel.libelle("contacts", contact))
        texte = Dit(f"une situation est donnée alors que le contact est {said}", "corrigez l'un des deux")
        yield constat(p, point.situation, texte, d)
    elif vide(p, point.contact, d):
        texte = Dit("le point est rempli sans résultat du contact", f"choisissez {_choix(d)}")
        yield constat(p, point.contact, texte, d)


def _choix(d: Donnees) -> str:
    return " ou ".join(cite(item.libelle) for item in d.appel.elements.get("contacts", ()))


def _date(p: Participant, point: Volet, d: Donnees) -> Iterator[Constat]:
    """The contact comes after the exit, and not tomorrow."""
    le: date | None = getattr(p, point.date)
    if le and p.date_sortie and le < p.date_sortie:
        texte = Dit(
            f"le contact ({jour(le)}) précède la sortie ({jour(p.date_sortie)})", "corrigez l'une des deux dates"
        )
        yield constat(p, point.date, texte, d)
    elif le and le > d.aujourdhui:
        yield constat(p, point.date, Dit(f"le contact est daté du {jour(le)}, dans l'avenir", "corrigez la date"), d)


@rule("S16", on=Donnees)
def suivi_avant_l_heure(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A follow-up point is made when it falls due, hardly before: it measures what became of the person by then."""
    for p, point, le in faits(d):
        falls, premier = echeance(p, point), premier_jour(p.date_sortie, point) if p.date_sortie else None
        if falls and premier and p.date_sortie and p.date_sortie <= le < premier:
            texte = f"le contact ({jour(le)}) précède le point {point.a_mois} ({jour(falls)})"
            remede = f"refaites-le à partir du {jour(premier)}, ou corrigez la date"
            yield constat(p, point.date, Dit(texte, remede), d)


@rule("S17", on=Donnees)
def contrat_fini_au_suivi(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract named at a follow-up point runs on the day of the contact."""
    for p, point, le in faits(d):
        fin = fin_reelle(p, point)
        if fin and fin < le:
            broken = fin != getattr(p, point.fin)
            texte = f"le contrat est {'rompu' if broken else 'fini'} depuis le {jour(fin)}"
            said = Dit(f"{texte} quand la personne est contactée ({jour(le)})", "indiquez sa situation ce jour-là")
            yield constat(p, point.debut if broken else point.fin, said, d)
