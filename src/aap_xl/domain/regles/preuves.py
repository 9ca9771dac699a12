"""S, continued: what the dates of a contract prove. A class that the officer decided needs no proof."""

from collections.abc import Iterator
from datetime import date

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain import preuve
from aap_xl.domain.data import Donnees
from aap_xl.domain.preuve import dernier_jour, fautes_sortie, fautes_suivi
from aap_xl.domain.regles.suivi import faits
from aap_xl.domain.regles.tools import constat, rempli
from aap_xl.domain.sorties import classe_sortie, echeance
from aap_xl.francais import cite, compte, jour
from aap_xl.rows import Participant


def _fautifs(d: Donnees, code: str) -> Iterator[Participant]:
    """The people whose contract at exit has one fault; that what is no job has no contract is said by S04."""
    jobs = {s.code for s in d.appel.sorties.situations if s.emploi} if d.appel.sorties else set()
    for p in d.participants:
        if p.situation in jobs and code in fautes_sortie(p, d.appel) and not classe_sortie(p, d.appel).forcee:
            yield p


@rule("S18", on=Donnees)
def contrat_trop_longtemps_apres(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract found at exit starts soon after it: another one is another situation."""
    for p in _fautifs(d, preuve.TROP_TARD):
        debut, sortie = p.debut_contrat, p.date_sortie
        if debut and sortie and d.appel.sorties and not preuve.annee_impossible(debut, sortie, d.appel):
            mois = d.appel.sorties.debut_mois(p.situation)
            texte = f"le contrat commence le {jour(debut)}, plus de {mois} mois après la sortie ({jour(sortie)})"
            remede = "donnez la situation le jour de la sortie, ou corrigez l'une des deux dates"
            yield constat(p, "debut_contrat", Dit(texte, remede), d)


@rule("S19", on=Donnees)
def contrat_fini_avant_la_sortie(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract found at exit is held that day: it neither ended nor was broken before."""
    remede = "donnez la situation le jour de la sortie, ou corrigez l'une des deux dates"
    for p in _fautifs(d, preuve.DEJA_FINI):
        for nom, verbe in (("fin_contrat", "finit"), ("rupture_contrat", "est rompu")):
            fin: date | None = getattr(p, nom)
            sortie = p.date_sortie
            if fin and sortie and fin < sortie and not preuve.annee_impossible(fin, sortie, d.appel):
                texte = f"le contrat {verbe} le {jour(fin)}, avant la sortie ({jour(sortie)})"
                yield constat(p, nom, Dit(texte, remede), d)


@rule("S20", on=Donnees)
def contrat_commence_apres_le_contact(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract named at the follow-up point is held on the day of the contact."""
    for p, point, le in faits(d):
        debut: date | None = getattr(p, point.debut)
        if not debut or preuve.PAS_COMMENCE not in fautes_suivi(p, point, d.appel):
            continue
        if not (p.date_sortie and preuve.annee_impossible(debut, p.date_sortie, d.appel)):
            texte = f"le contrat commence le {jour(debut)}, après le contact ({jour(le)})"
            yield constat(p, point.debut, Dit(texte, "donnez la situation le jour du contact"), d)


@rule("S21", on=Donnees)
def annee_impossible(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """No date of a contract is decades away from the exit: it is a slip of the keyboard."""
    later = [nom for point in d.appel.points for nom in (point.debut, point.fin)]
    for p in d.participants:
        for nom in ("debut_contrat", "fin_contrat", "rupture_contrat", *later):
            le: date | None = getattr(p, nom)
            if le and p.date_sortie and preuve.annee_impossible(le, p.date_sortie, d.appel):
                ecart = le.year - p.date_sortie.year
                cote = "après la sortie" if ecart > 0 else "avant la sortie"
                texte = (
                    f"{cite(p.champs[nom].entete)} est en {le.year}, {abs(ecart)} ans {cote} ({jour(p.date_sortie)})"
                )
                yield constat(p, nom, Dit(texte, "corrigez l'année"), d)


@rule("S22", on=Donnees)
def suivi_trop_tard(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The follow-up point is made near the day it falls due: later, it says something else."""
    for p, point, le in faits(d):
        falls = echeance(p, point)
        last = dernier_jour(p.date_sortie, point) if p.date_sortie else None
        if last and falls and le > last:
            texte = f"le contact ({jour(le)}) est fait plus de {point.retard} mois après le point {point.a_mois}"
            remede = "corrigez la date, ou dites dans la précision ce qu'était la situation à l'échéance"
            yield constat(p, point.date, Dit(f"{texte} ({jour(falls)})", remede), d)


@rule("S23", on=Donnees)
def contrat_rompu(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A contract that was broken is told, and how it counts."""
    for p in d.participants:
        rupture, sortie = p.rupture_contrat, p.date_sortie
        if (
            not (rupture and sortie and p.debut_contrat)
            or set(fautes_sortie(p, d.appel))
            or classe_sortie(p, d.appel).forcee
        ):
            continue
        reste = "corrigez la date si ce n'est pas cela, l'instructeur peut retenir une autre classe"
        if p.fin_contrat and d.appel.sorties and d.appel.sorties.preuve.duree_reelle:
            texte = f"le contrat, prévu jusqu'au {jour(p.fin_contrat)}, est rompu le {jour(rupture)}"
            texte += ", il compte pour sa durée réelle"
        else:
            days = (rupture - p.debut_contrat).days + 1
            texte = f"le contrat est rompu le {jour(rupture)}, après {compte(days, 'jour')}"
        yield constat(p, "rupture_contrat", Dit(texte, reste), d)


@rule("S24", on=Donnees)
def rupture_incoherente(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A contract is broken between its first and last days, and only if there is one."""
    for p in d.participants:
        rupture, debut, fin = p.rupture_contrat, p.debut_contrat, p.fin_contrat
        if rupture is None:
            continue
        if debut and rupture < debut:
            texte = Dit(f"le contrat est rompu le {jour(rupture)}, avant son début ({jour(debut)})", _CORRIGER)
        elif fin and rupture > fin:
            texte = Dit(f"le contrat est rompu le {jour(rupture)}, après sa fin ({jour(fin)})", _CORRIGER)
        elif not rempli(p, "debut_contrat"):
            texte = Dit("une rupture est datée sans début de contrat", "complétez le contrat, ou effacez-la")
        else:
            continue
        yield constat(p, "rupture_contrat", texte, d)


_CORRIGER = "corrigez l'une des deux dates"
