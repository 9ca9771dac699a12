"""S: exits — dates, contracts, class. The same checks read the exit and, months later, each follow-up point.

What depends on a situation walks the list of the situations, made once: hundreds of people, a dozen rules.
"""

from collections.abc import Iterator
from functools import cache
from operator import attrgetter

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import SORTIE, Appel, Condition, Contrat, Situation, Volet
from aap_xl.domain.calendrier import mois_complets
from aap_xl.domain.classement import atteint
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.facts import DureeAnnoncee, MotCompris
from aap_xl.domain.personnes import DERNIER, compte_sortie, entre, place
from aap_xl.domain.preuve import annee_impossible
from aap_xl.domain.regles.tools import constat, rempli, vide
from aap_xl.domain.sorties import A_QUALIFIER, classement
from aap_xl.francais import cite, jour, nombre, periode
from aap_xl.rows import Participant


@once
def situations(d: Donnees) -> list[tuple[Participant, Volet, Situation]]:
    """The situations of the call's list, at exit and at each follow-up point, of everyone who has one.

    What was written of an exit that does not count, since the person came back, is asked nothing.
    """
    connues = d.appel.sorties.situations_par_code if d.appel.sorties else {}
    written = [(volet, attrgetter(volet.situation)) for volet in d.appel.volets]
    return [
        (p, volet, connues[code])
        for p in d.participants
        for volet, situation in written
        if (code := situation(p)) in connues and (compte_sortie(p, d) or p.manque("date_sortie"))
    ]


@cache
def _marquees(appel: Appel, marque: str) -> frozenset[str]:
    """The situations that may reach a line of the decision table marked ``validation`` or ``a_verifier``."""
    table = appel.sorties.classement if appel.sorties else ()
    return frozenset(code for ligne in table if getattr(ligne, marque) for code in ligne.si.situation)


@rule("S01", on=Donnees)
def date_et_situation_ensemble(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An exit has a date and a situation."""
    for p in d.participants:
        date, situation = rempli(p, "date_sortie"), rempli(p, "situation")
        if date and not situation and vide(p, "situation", d) and compte_sortie(p, d):
            yield constat(
                p, "situation", Dit("la sortie est datée sans situation", "choisissez la situation à la sortie"), d
            )
        elif situation and not date and vide(p, "date_sortie", d):
            yield constat(
                p, "date_sortie", Dit("une situation à la sortie est donnée sans date", "saisissez la date"), d
            )
        elif not situation:
            yield from _ni_date_ni_situation(p, d)


def _ni_date_ni_situation(p: Participant, d: Donnees) -> Iterator[Constat]:
    autre = next((nom for nom in (SORTIE.debut, SORTIE.fin, SORTIE.mois_contrat, SORTIE.piece) if rempli(p, nom)), None)
    if autre and vide(p, "date_sortie", d):
        colonne = cite(p.champs[autre].entete)
        texte = Dit(
            f"{colonne} est rempli alors que ni date ni situation de sortie ne l'est", "complétez-les ou effacez"
        )
        yield constat(p, "date_sortie", texte, d)


@rule("S02", on=Donnees)
def debut_de_contrat_absent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A contract has its start date (its end, or minimum duration, is asked by S05 when the class depends on it)."""
    for p, volet, situation in situations(d):
        if (
            situation.contrat is not Contrat.SANS
            and vide(p, volet.debut, d)
            and not classement(p, volet, d.appel).forcee
        ):
            texte = Dit(f"{cite(situation.libelle)} demande la date de début du contrat", "saisissez-la")
            yield constat(p, volet.debut, texte, d)


@rule("S03", on=Donnees)
def contrat_fini_avant_debut(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A contract ends after its start."""
    for volet in d.appel.volets:
        dates = attrgetter(volet.debut, volet.fin)
        for p in d.participants:
            debut, fin = dates(p)
            if debut and fin and fin < debut:
                texte = f"la fin du contrat ({jour(fin)}) précède son début ({jour(debut)})"
                yield constat(p, volet.fin, Dit(texte, "corrigez l'une des deux dates"), d)


@rule("S04", on=Donnees)
def contradictions(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract's columns do not contradict the situation, nor each other."""
    for p, volet, situation in situations(d):
        interdits: tuple[str, ...] = ()
        pourquoi = "n'a pas de terme"
        if situation.contrat is Contrat.DEBUT:
            interdits = (volet.fin, volet.mois_contrat)
        elif situation.contrat is Contrat.SANS and not situation.emploi:
            interdits, pourquoi = (volet.debut, volet.fin, volet.mois_contrat), "n'est pas un contrat de travail"
            interdits += () if volet.mois else ("rupture_contrat",)
        for nom in interdits:
            if rempli(p, nom):
                texte = Dit(f"{cite(situation.libelle)} {pourquoi}", f"effacez {cite(p.champs[nom].entete)}")
                yield constat(p, nom, f"{texte} ou changez la situation", d)
        if not interdits and getattr(p, volet.mois_contrat):
            yield from _duree_contredite(p, volet, d)


def _duree_contredite(p: Participant, volet: Volet, d: Donnees) -> Iterator[Constat]:
    debut, fin, mois = (getattr(p, nom) for nom in (volet.debut, volet.fin, volet.mois_contrat))
    if not (debut and fin and mois) or fin < debut or mois < 0:
        return
    if mois_complets(debut, fin) != int(mois):
        texte = f"la durée minimale ({nombre(mois)} mois) ne correspond pas aux dates du contrat"
        yield constat(p, volet.mois_contrat, Dit(texte, "effacez-la : les dates suffisent"), d)


@rule("S05", on=Donnees)
def classe_a_qualifier(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Every exit has a class; what the sheet does not settle is never guessed (follow-up: S09)."""
    for p, volet, situation in situations(d):
        if not volet.mois and situation.contrat is Contrat.DUREE and rempli(p, "date_sortie"):
            yield from a_qualifier(p, SORTIE, situation, d)


def a_qualifier(p: Participant, volet: Volet, situation: Situation, d: Donnees) -> Iterator[Constat]:
    """The class depends on a length that is not known, for a reason no other rule gives.

    The others: start, S02; order, S03; negative duration, B01.
    """
    fin, mois = volet.fin, getattr(p, volet.mois_contrat)
    if (
        situation.contrat is not Contrat.DUREE
        or not vide(p, fin, d)
        or p.illisibles & {volet.debut, volet.mois_contrat}
    ):
        return
    if mois is not None and mois < 0:
        return
    if classement(p, volet, d.appel).classe is None and situation.code not in _marquees(d.appel, "validation"):
        reste = f"{cite(situation.libelle)} reste « {A_QUALIFIER} »"
        if mois is None:
            texte = Dit(f"sans durée, {reste}", "complétez la fin du contrat, ou sa durée minimale")
            yield constat(p, fin, texte, d)
        else:
            texte = Dit(
                f"avec une durée minimale de {nombre(mois)} mois, {reste}",
                "corrigez-la, ou complétez la fin du contrat",
            )
            yield constat(p, volet.mois_contrat, texte, d)


@rule("S07", on=Donnees)
def sortie_a_valider(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An « autre sortie positive » needs a written reason and an officer's validation."""
    marquees, nommee = _marquees(d.appel, "validation"), None
    for p, volet, situation in situations(d):
        if situation.code not in marquees or classement(p, volet, d.appel).forcee:
            continue
        nom = cite(situation.libelle)
        if vide(p, volet.precision, d):
            yield constat(p, volet.precision, Dit(f"{nom} demande une raison écrite", "précisez-la"), d)
        if vide(p, "valide_par", d) and nommee is not p:
            nommee = p
            texte = Dit(
                f"{nom} ne compte qu'une fois validée", "l'instructeur inscrit ici son service ou ses initiales"
            )
            yield constat(p, "valide_par", texte, d)


@rule("S10", on=Donnees)
def metier_vise_non_dit(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A job says whether it is in the targeted trade."""
    for p, volet, situation in situations(d):
        if situation.emploi and vide(p, volet.metier_vise, d):
            texte = "l'emploi est-il dans le métier ou le secteur visé par l'action ? répondez Oui ou Non"
            yield constat(p, volet.metier_vise, texte, d)


@rule("S11", on=Donnees)
def lecture_a_verifier(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An exit that the call does not name plainly is looked at by an officer."""
    marquees = _marquees(d.appel, "a_verifier")
    for p, volet, situation in situations(d):
        if situation.code not in marquees:
            continue
        found = classement(p, volet, d.appel)
        if found.ligne and found.classe and found.ligne.a_verifier:
            classe = cite(d.appel.libelle("classes", found.classe))
            texte = f"{cite(situation.libelle)} compté en {classe} : {found.ligne.a_verifier}"
            remede = "l'instructeur vérifie et peut retenir une autre classe"
            yield constat(p, volet.situation, Dit(texte, remede), d)


@rule("S12", on=Donnees)
def classe_forcee_sans_motif(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The officer's own class comes with a reason and a name."""
    for p in d.participants:
        if p.classe_forcee is None:
            continue
        for nom, quoi in (("motif_classe", "son motif"), ("valide_par", "qui l'a validée")):
            if vide(p, nom, d):
                texte = f"une classe est retenue par l'instructeur sans dire {quoi}"
                yield constat(p, nom, Dit(texte, "complétez, sinon elle n'est pas prise en compte"), d)


@rule("S13", on=Donnees)
def contrat_avant_entree(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The contract found at exit does not start before the entry."""
    for p in d.participants:
        absurd = p.debut_contrat and p.date_sortie and annee_impossible(p.debut_contrat, p.date_sortie, d.appel)
        if p.debut_contrat and p.date_entree and p.debut_contrat < p.date_entree and not absurd:
            texte = f"le contrat commence le {jour(p.debut_contrat)}, avant l'entrée ({jour(p.date_entree)})"
            yield constat(p, "debut_contrat", Dit(texte, "vérifiez les deux dates"), d)


@rule("S15", on=Donnees)
def present_apres_la_fin(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Once the operation is over, everyone is out."""
    for p in d.participants if d.terminee else ():
        if place(p, d) == DERNIER and entre(p) and vide(p, "date_sortie", d) and p.manque("situation"):
            texte = Dit("l'opération est terminée et cette personne n'a pas de date de sortie", "complétez sa sortie")
            yield constat(p, "date_sortie", texte, d)


@once
def _par_adresse(d: Donnees) -> dict[str, tuple[Participant, Volet]]:
    """Where each situation was read."""
    return {p.cell(volet.situation).adresse: (p, volet) for p in d.participants for volet in d.appel.volets}


@rule("S27", on=DureeAnnoncee)
def duree_annoncee(f: DureeAnnoncee, d: Donnees) -> Iterator[Constat]:
    """The length that a wording of the call says is the contract's; the dates decide of the class."""
    if f.cell.adresse not in _par_adresse(d):
        return
    p, volet = _par_adresse(d)[f.cell.adresse]
    debut, fin, mois = (getattr(p, nom) for nom in (volet.debut, volet.fin, volet.mois_contrat))
    si = Condition(situation=(), mois_min=f.mois_min, mois_max=f.mois_max, strict=f.strict)
    reached = {seuil: atteint(seuil, debut, fin, mois) for seuil in si.seuils}
    if None in reached.values() or si.retient(lambda seuil: bool(reached[seuil])):
        return
    length = periode(debut, fin) if debut and fin else f"{nombre(mois)} mois au moins"
    texte = f"{cite(f.saisi)} ne dit pas la durée du contrat ({length}), qui décide de la classe"
    yield f.cell, Dit(texte, "corrigez la situation, ou les dates"), f.saisi


@rule("S28", on=MotCompris)
def mot_compris(f: MotCompris, _: Donnees) -> Iterator[Constat]:
    """A word of the field is told as it was understood; formulas understand it too."""
    remede = f.sauf or "rien à corriger si c'est bien cela"
    yield f.cell, Dit(f"{cite(f.saisi)} est compris {cite(f.compris)}", remede), f.saisi
