"""S: exits — dates, contracts, class, evidence. The same checks read the exit and, six months later, the follow-up."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from aap_xl.anomalies import Constat, rule
from aap_xl.appels.model import Appel, Contrat, Situation
from aap_xl.domain.calendrier import mois_complets
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.regles.outils import cite, constat, jour, libelles, nombre, rempli, vide
from aap_xl.domain.sorties import A_QUALIFIER, Classement, classe_sortie, classe_suivi, dynamique, entre
from aap_xl.rows import Participant


@dataclass(frozen=True, slots=True)
class Volet:
    """The fields that describe a situation, at exit or at the follow-up."""

    suffixe: str

    def champ(self, nom: str) -> str:
        """``debut_contrat`` → ``debut_contrat_suivi`` at the follow-up."""
        return nom + self.suffixe

    def situation(self, p: Participant, d: Donnees) -> Situation | None:
        """The situation of the call's list; none where it is blank or not yet due to be read."""
        if d.appel.sorties is None:
            return None
        code = p.situation_suivi if self.suffixe else p.situation
        return d.appel.sorties.situations_par_code.get(code or "")

    def classement(self, p: Participant, d: Donnees) -> Classement:
        """The class of this situation."""
        return (classe_suivi if self.suffixe else classe_sortie)(p, d.appel)


SORTIE, SUIVI = Volet(""), Volet("_suivi")
_VOLETS = (SORTIE, SUIVI)
_CONTRAT = ("debut_contrat", "fin_contrat", "mois_contrat")


def _volets(p: Participant, d: Donnees) -> list[tuple[Volet, Situation]]:
    """The exit and the follow-up, each with its situation, where there is one."""
    if p.situation is None and p.situation_suivi is None:
        return []
    return [(volet, situation) for volet in _VOLETS if (situation := volet.situation(p, d))]


@cache
def _marquees(appel: Appel, marque: str) -> frozenset[str]:
    """The situations that may reach a line of the decision table marked ``validation`` or ``a_verifier``."""
    table = appel.sorties.classement if appel.sorties else ()
    return frozenset(code for ligne in table if getattr(ligne, marque) for code in ligne.si.situation)


@rule("S01", on=Participant)
def date_et_situation_ensemble(p: Participant, d: Donnees) -> Iterator[Constat]:
    """An exit has a date and a situation."""
    date, situation = rempli(p, "date_sortie"), rempli(p, "situation")
    if date and vide(p, "situation", d):
        yield constat(p, "situation", "la sortie est datée sans situation ; choisissez la situation à la sortie", d)
    elif situation and vide(p, "date_sortie", d):
        yield constat(p, "date_sortie", "une situation à la sortie est donnée sans date ; saisissez la date", d)
    elif not date and not situation and vide(p, "date_sortie", d):
        autres = [nom for nom in (*_CONTRAT, "piece") if rempli(p, nom)]
        if autres:
            colonne = cite(p.champs[autres[0]].entete)
            texte = f"{colonne} est rempli alors que ni date ni situation de sortie ne l'est ; complétez-les ou effacez"
            yield constat(p, "date_sortie", texte, d)


@rule("S02", on=Participant)
def debut_de_contrat_absent(p: Participant, d: Donnees) -> Iterator[Constat]:
    """A contract has its start date (its end, or minimum duration, is asked by S05 when the class depends on it)."""
    for volet, situation in _volets(p, d):
        debut = volet.champ("debut_contrat")
        if situation.contrat is not Contrat.SANS and vide(p, debut, d) and not volet.classement(p, d).forcee:
            texte = f"{cite(situation.libelle)} demande la date de début du contrat ; saisissez-la"
            yield constat(p, debut, texte, d)


@rule("S03", on=Participant)
def contrat_fini_avant_debut(p: Participant, d: Donnees) -> Iterator[Constat]:
    """A contract ends after its start."""
    for volet in _VOLETS:
        debut, fin = getattr(p, volet.champ("debut_contrat")), getattr(p, volet.champ("fin_contrat"))
        if debut and fin and fin < debut:
            texte = f"la fin du contrat ({jour(fin)}) précède son début ({jour(debut)}) ; corrigez l'une des deux dates"
            yield constat(p, volet.champ("fin_contrat"), texte, d)


@rule("S04", on=Participant)
def contradictions(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The contract's columns do not contradict the situation, nor each other."""
    for volet, situation in _volets(p, d):
        debut, fin, mois = (volet.champ(nom) for nom in _CONTRAT)
        interdits: tuple[str, ...] = ()
        pourquoi = "n'a pas de terme"
        if situation.contrat is Contrat.DEBUT:
            interdits = (fin, mois)
        elif situation.contrat is Contrat.SANS and not situation.emploi:
            interdits, pourquoi = (debut, fin, mois), "n'est pas un contrat de travail"
        for nom in interdits:
            if rempli(p, nom):
                texte = f"{cite(situation.libelle)} {pourquoi} ; effacez {cite(p.champs[nom].entete)}"
                yield constat(p, nom, f"{texte} ou changez la situation", d)
        if not interdits:
            yield from _duree_contredite(p, volet, d)


def _duree_contredite(p: Participant, volet: Volet, d: Donnees) -> Iterator[Constat]:
    debut, fin, mois = (getattr(p, volet.champ(nom)) for nom in _CONTRAT)
    if not (debut and fin and mois) or fin < debut or mois < 0:
        return
    if mois_complets(debut, fin) != int(mois):
        texte = f"la durée minimale ({nombre(mois)} mois) ne correspond pas aux dates du contrat"
        yield constat(p, volet.champ("mois_contrat"), f"{texte} ; effacez-la : les dates suffisent", d)


@rule("S05", on=Participant)
def classe_a_qualifier(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Every exit has a class; what the sheet does not settle is never guessed (follow-up: S09)."""
    situation = SORTIE.situation(p, d)
    if situation is None or p.manque("date_sortie"):
        return
    yield from a_qualifier(p, SORTIE, situation, d)


def a_qualifier(p: Participant, volet: Volet, situation: Situation, d: Donnees) -> Iterator[Constat]:
    """The class depends on a length that is not known, for a reason no other rule gives (start, S02; order, S03)."""
    debut, fin, mois = (volet.champ(nom) for nom in _CONTRAT)
    if situation.contrat is not Contrat.DUREE or not vide(p, fin, d) or p.illisibles & {debut, mois}:
        return
    if volet.classement(p, d).classe is None and situation.code not in _marquees(d.appel, "validation"):
        texte = f"sans durée, {cite(situation.libelle)} reste « {A_QUALIFIER} »"
        yield constat(p, fin, f"{texte} ; complétez la fin du contrat, ou sa durée minimale", d)


@rule("S06", on=Participant)
def piece_absente(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Each dynamic exit names its evidence; blocking in the final bilan."""
    for volet, situation in _volets(p, d):
        piece = volet.champ("piece")
        if not vide(p, piece, d):
            continue
        classe = volet.classement(p, d).classe
        if dynamique(d.appel, classe):
            texte = f"{cite(d.appel.libelle('classes', classe))} sans pièce justificative"
            pieces = d.appel.sorties.pieces_par_situation.get(situation.code, ()) if d.appel.sorties else ()
            exemple = f" ({libelles(d, 'pieces', pieces)})" if pieces else ""
            yield constat(p, piece, f"{texte} ; choisissez la pièce fournie{exemple}", d)


@rule("S07", on=Participant)
def sortie_a_valider(p: Participant, d: Donnees) -> Iterator[Constat]:
    """An « autre sortie positive » needs a written reason and an officer's validation."""
    nommee = False
    for volet, situation in _volets(p, d):
        if situation.code not in _marquees(d.appel, "validation") or volet.classement(p, d).forcee:
            continue
        raison, nom = volet.champ("precision"), cite(situation.libelle)
        if vide(p, raison, d):
            yield constat(p, raison, f"{nom} demande une raison écrite ; précisez-la", d)
        if vide(p, "valide_par", d) and not nommee:
            nommee = True
            texte = f"{nom} ne compte qu'une fois validée ; l'instructeur inscrit ici son service ou ses initiales"
            yield constat(p, "valide_par", texte, d)


@rule("S10", on=Participant)
def metier_vise_non_dit(p: Participant, d: Donnees) -> Iterator[Constat]:
    """A job says whether it is in the targeted trade."""
    for volet, situation in _volets(p, d):
        nom = volet.champ("metier_vise")
        if situation.emploi and vide(p, nom, d):
            texte = "l'emploi est-il dans le métier ou le secteur visé par l'action ? répondez Oui ou Non"
            yield constat(p, nom, texte, d)


@rule("S11", on=Participant)
def lecture_a_verifier(p: Participant, d: Donnees) -> Iterator[Constat]:
    """An exit that the call does not name plainly is looked at by an officer."""
    for volet, situation in _volets(p, d):
        if situation.code not in _marquees(d.appel, "a_verifier"):
            continue
        classement = volet.classement(p, d)
        if classement.ligne and classement.classe and classement.ligne.a_verifier:
            classe = cite(d.appel.libelle("classes", classement.classe))
            texte = f"{cite(situation.libelle)} compté en {classe} : {classement.ligne.a_verifier}"
            remede = "l'instructeur vérifie et peut retenir une autre classe"
            yield constat(p, volet.champ("situation"), f"{texte} ; {remede}", d)


@rule("S12", on=Participant)
def classe_forcee_sans_motif(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The officer's own class comes with a reason and a name."""
    if p.classe_forcee is None:
        return
    for nom, quoi in (("motif_classe", "son motif"), ("valide_par", "qui l'a validée")):
        if vide(p, nom, d):
            texte = f"une classe est retenue par l'instructeur sans dire {quoi} ; complétez, sinon elle n'est pas prise"
            yield constat(p, nom, f"{texte} en compte", d)


@rule("S13", on=Participant)
def contrat_avant_entree(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The contract found at exit does not start before the entry."""
    if p.debut_contrat and p.date_entree and p.debut_contrat < p.date_entree:
        texte = f"le contrat commence le {jour(p.debut_contrat)}, avant l'entrée ({jour(p.date_entree)})"
        yield constat(p, "debut_contrat", f"{texte} ; vérifiez les deux dates", d)


@rule("S14", on=Participant)
def piece_inadaptee(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The evidence is of a kind that proves the situation."""
    for volet, situation in _volets(p, d):
        nom = volet.champ("piece")
        piece = getattr(p, nom)
        attendues = d.appel.sorties.pieces_par_situation.get(situation.code, ()) if d.appel.sorties else ()
        if piece and attendues and piece not in attendues:
            fournie = cite(d.appel.libelle("pieces", piece))
            texte = f"{fournie} ne prouve pas {cite(situation.libelle)} ; fournissez {libelles(d, 'pieces', attendues)}"
            yield constat(p, nom, texte, d)


@rule("S15", on=Participant)
def present_apres_la_fin(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Once the operation is over, everyone is out."""
    if d.terminee and entre(p) and vide(p, "date_sortie", d) and p.manque("situation"):
        texte = "l'opération est terminée et cette personne n'a pas de date de sortie ; complétez sa sortie"
        yield constat(p, "date_sortie", texte, d)
