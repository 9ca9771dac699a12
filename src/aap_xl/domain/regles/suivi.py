"""S, continued: the point made some months after the exit."""

from collections.abc import Iterator
from operator import attrgetter

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Contact
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.preuve import fin_reelle_suivi, premier_jour_suivi
from aap_xl.domain.regles.outils import cite, constat, jour, rempli, vide
from aap_xl.domain.regles.sorties import SUIVI, a_qualifier
from aap_xl.domain.sorties import A_FAIRE, echeance_suivi, etat_suivi, suivis
from aap_xl.rows import Participant

_REPONSES = ("date_suivi", "situation_suivi", "debut_contrat_suivi", "fin_contrat_suivi", "mois_contrat_suivi")
_CHAMPS = ("contact_suivi", *_REPONSES)


@rule("S08", on=Donnees)
def suivi_a_faire(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The follow-up point is made when it falls due."""
    mois = d.appel.operation.suivi_mois
    for p in suivis(d):
        echeance = echeance_suivi(p, d.appel) if vide(p, "contact_suivi", d) else None
        if echeance is None or etat_suivi(p, d) != A_FAIRE:
            continue
        if any(rempli(p, nom) for nom in _REPONSES):
            continue  # said by S09: an answer without its contact
        texte = Dit(f"le point à {mois} mois est échu depuis le {jour(echeance)}", "contactez la personne et complétez")
        yield constat(p, "contact_suivi", texte, d)


@rule("S09", on=Donnees)
def suivi_incoherent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A follow-up point has its contact, date and situation, comes after the exit, and can be classed."""
    if d.appel.operation.suivi_mois is None:
        return
    nothing = (None,) * len(_CHAMPS)
    for p, typed in zip(d.participants, map(attrgetter(*_CHAMPS), d.participants), strict=True):
        if typed != nothing or p.illisibles.intersection(_CHAMPS):
            yield from _incoherent(p, d)


def _incoherent(p: Participant, d: Donnees) -> Iterator[Constat]:
    premier = next(nom for nom in _CHAMPS if rempli(p, nom))
    if vide(p, "date_sortie", d):
        texte = f"{cite(p.champs[premier].entete)} est rempli sans date de sortie"
        yield constat(p, premier, Dit(texte, "saisissez la sortie, ou effacez le suivi"), d)
        return
    yield from _contact(p, d)
    yield from _date(p, d)
    situation = d.appel.sorties.situations_par_code.get(p.situation_suivi or "") if d.appel.sorties else None
    if situation and p.contact_suivi == Contact.FAIT:
        yield from a_qualifier(p, SUIVI, situation, d)


def _contact(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The contact and what came of it agree."""
    if p.contact_suivi == Contact.FAIT:
        for nom in ("date_suivi", "situation_suivi"):
            if vide(p, nom, d):
                texte = Dit("le contact est fait", f"complétez {cite(p.champs[nom].entete)}")
                yield constat(p, nom, texte, d)
    elif p.contact_suivi and rempli(p, "situation_suivi"):
        contact = cite(d.appel.libelle("contacts", p.contact_suivi))
        texte = Dit(f"une situation est donnée alors que le contact est {contact}", "corrigez l'un des deux")
        yield constat(p, "situation_suivi", texte, d)
    elif vide(p, "contact_suivi", d):
        texte = Dit("le point est rempli sans résultat du contact", f"choisissez {_choix(d)}")
        yield constat(p, "contact_suivi", texte, d)


def _choix(d: Donnees) -> str:
    return " ou ".join(cite(item.libelle) for item in d.appel.elements.get("contacts", ()))


def _date(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The contact comes after the exit, and not tomorrow."""
    le = p.date_suivi
    if le and p.date_sortie and le < p.date_sortie:
        texte = Dit(
            f"le contact ({jour(le)}) précède la sortie ({jour(p.date_sortie)})", "corrigez l'une des deux dates"
        )
        yield constat(p, "date_suivi", texte, d)
    elif le and le > d.aujourdhui:
        yield constat(p, "date_suivi", Dit(f"le contact est daté du {jour(le)}, dans l'avenir", "corrigez la date"), d)


@rule("S16", on=Donnees)
def suivi_avant_l_heure(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The follow-up point is made when it falls due, hardly before: it measures what became of the person by then."""
    for p in d.participants:
        le, echeance = p.date_suivi, echeance_suivi(p, d.appel)
        premier = premier_jour_suivi(p.date_sortie, d.appel) if p.date_sortie else None
        if le and echeance and premier and p.date_sortie and p.date_sortie <= le < premier and _fait(p):
            texte = f"le contact ({jour(le)}) précède le point à {d.appel.operation.suivi_mois} mois ({jour(echeance)})"
            remede = f"refaites-le à partir du {jour(premier)}, ou corrigez la date"
            yield constat(p, "date_suivi", Dit(texte, remede), d)


def _fait(p: Participant) -> bool:
    return p.contact_suivi == Contact.FAIT


@rule("S17", on=Donnees)
def contrat_fini_au_suivi(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract named at the follow-up point runs on the day of the contact."""
    for p in d.participants:
        le, fin = p.date_suivi, fin_reelle_suivi(p)
        if le and fin and fin < le and _fait(p):
            broken = fin != p.fin_contrat_suivi
            texte = f"le contrat est {'rompu' if broken else 'fini'} depuis le {jour(fin)}"
            said = Dit(f"{texte} quand la personne est contactée ({jour(le)})", "indiquez sa situation ce jour-là")
            yield constat(p, SUIVI.debut if broken else SUIVI.fin, said, d)
