"""H: weekly hours. A workbook holds thousands of weeks: each rule walks the table once."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.calendrier import lundi
from aap_xl.domain.data import Donnees
from aap_xl.domain.parcours import baisses, heures_de_l_equipe, semaines
from aap_xl.domain.personnes import dates, du_code, nomme, sorti
from aap_xl.domain.regles.tools import colonnes, constat, des_parcours, doublons, feuille_lue, personnes_inconnues
from aap_xl.francais import compte, jour, nombre
from aap_xl.rows import Heure

_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_AUTRES_HEURES = ("accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe")
_HEURES = ("travail", *_AUTRES_HEURES)
_DIMANCHE = timedelta(days=6)


@rule("H01", on=Donnees)
def personne_inconnue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Hours belong to a participant of the sheet « Participants »."""
    yield from personnes_inconnues(d.heures, d)


@rule("H02", on=Donnees)
def pas_unlundi(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week is named by its Monday."""
    for h in d.heures:
        if h.semaine and h.semaine.weekday():
            texte = f"le {jour(h.semaine)} est un {_JOURS[h.semaine.weekday()]}"
            yield constat(h, "semaine", Dit(texte, f"saisissez le lundi, {jour(lundi(h.semaine))}"), d)


@rule("H03", on=Donnees)
def semaine_hors_sejour(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week has at least one day inside a stay of the person."""
    connus = {code: dates(du_code(code, d)) for code in d.participants_par_code}
    for h in d.heures:
        stays = connus.get(h.participant.casefold()) if h.participant and h.semaine else None
        if not stays or h.semaine is None:
            continue
        premier = lundi(h.semaine)
        if all(premier + _DIMANCHE < entree or (sortie and premier > sortie) for entree, sortie in stays):
            texte = f"la semaine du {jour(premier)} est hors {des_parcours(h.participant or '', stays)}"
            yield constat(h, "semaine", Dit(texte, "corrigez la semaine, ou les dates de la personne"), d)


@rule("H04", on=Donnees)
def sous_le_minimum(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week reaches the call's minimum; no kind of hours is negative."""
    if d.appel.heures is None:
        return
    limits = d.appel.heures
    for h in d.heures:
        if h.travail is not None and limits.sous(h.travail):
            texte = f"{nombre(h.travail)} h est sous le minimum de {nombre(limits.minimum)} h par semaine"
            if limits.minimum_strict:
                texte = f"{nombre(h.travail)} h par semaine, il en faut plus de {nombre(limits.minimum)}"
            yield constat(h, "travail", Dit(texte, "vérifiez, ou expliquez-le au comité"), d)
    for nom in colonnes(d.appel, "heures").intersection(_AUTRES_HEURES):
        for h in d.heures:
            heures = getattr(h, nom)
            if heures is not None and heures < 0:
                yield constat(h, nom, Dit(f"{nombre(heures)} h est négatif", "corrigez ce nombre"), d)


@rule("H05", on=Donnees)
def au_dela_du_maximum(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Above the call's maximum a person is ready for a CDDI: a success, said as information."""
    if d.appel.heures is None:
        return
    limits, beyond = d.appel.heures, d.appel.heures.au_dela
    above = "atteignent ou dépassent" if limits.maximum_strict else "dépassent"
    for h in d.heures:
        if h.travail is not None and limits.dela(h.travail):
            texte = f"{nombre(h.travail)} h {above} {nombre(limits.maximum)} h : {beyond[:1].lower()}{beyond[1:]}"
            yield constat(h, "travail", Dit(texte, "rien à corriger si le contrat est signé"), d)


def _personne_semaine(h: Heure, d: Donnees) -> tuple[str, date] | None:
    if not h.participant or h.semaine is None:
        return None
    return nomme(h.participant, d), lundi(h.semaine)


@rule("H06", on=Donnees)
def semaine_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A person has one line per week."""
    for h, premiere in doublons(d.heures, lambda h: _personne_semaine(h, d)):
        texte = f"la semaine de {h.participant} est déjà saisie à la ligne {premiere.ligne}"
        yield constat(h, "semaine", Dit(texte, "réunissez les deux lignes"), d)


@rule("H07", on=Donnees)
def heures_en_baisse(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Weekly hours rise; a week below the one before is told, once a person, on the last such week."""
    tolerance = d.appel.heures.baisse_max if d.appel.heures else None
    if tolerance is None:
        return
    for weeks in semaines(d).values():
        found = baisses(weeks, tolerance)
        if not found:
            continue
        (avant, plus, _ligne), (apres, moins, h) = found[-1]
        en_tout = f" ({compte(len(found), 'baisse')} en tout)" if len(found) > 1 else ""
        texte = (
            f"les heures de {h.participant} baissent : {nombre(plus)} h la semaine du {jour(avant)}, "
            f"puis {nombre(moins)} h celle du {jour(apres)}{en_tout}"
        )
        yield constat(h, "travail", Dit(texte, "vérifiez ces nombres, ou dites pourquoi au comité"), d)


@rule("H08", on=Donnees)
def semaine_a_venir(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Hours are written for weeks that have begun; a line prepared without hours says nothing yet."""
    for h in d.heures:
        if h.semaine and lundi(h.semaine) > d.aujourdhui and any(getattr(h, nom) for nom in _HEURES):
            texte = f"la semaine du {jour(h.semaine)} n'a pas commencé"
            yield constat(h, "semaine", Dit(texte, "corrigez la date, ou effacez ces heures"), d)


def _au_dela(d: Donnees, seuil: Decimal, quoi: str, remede: str, jusqu_a: Decimal | None = None) -> Iterator[Constat]:
    """The weeks above a number of hours, up to another."""
    for h in d.heures:
        if h.travail is not None and h.travail > seuil and (jusqu_a is None or h.travail <= jusqu_a):
            texte = f"{nombre(h.travail)} h dépassent la durée {quoi} de {nombre(seuil)} h par semaine"
            yield constat(h, "travail", Dit(texte, remede), d)


@rule("H09", on=Donnees)
def au_dela_de_la_duree_legale(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week above the legal length is told, up to the law's maximum."""
    limites = d.appel.heures
    if limites and limites.duree_legale is not None:
        yield from _au_dela(d, limites.duree_legale, "légale", "vérifiez ce nombre", limites.duree_maximale)


@rule("H10", on=Donnees)
def au_dela_de_la_duree_maximale(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """No week is above the law's maximum."""
    limites = d.appel.heures
    if limites and limites.duree_maximale is not None:
        yield from _au_dela(d, limites.duree_maximale, "maximale", "corrigez ce nombre")


@rule("H11", on=Donnees)
def personne_sans_heure(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A person who entered some time ago, or left, has hours."""
    delai = d.appel.heures.premiere_semaine if d.appel.heures else None
    if delai is None or not feuille_lue(d, "heures"):
        return
    avec = {nomme(h.participant, d) for h in d.heures if h.participant and any(getattr(h, nom) for nom in _HEURES)}
    for code, p in d.participants_par_code.items():
        entree = p.date_entree
        if entree is None or entree > d.aujourdhui or nomme(code, d) in avec:
            continue
        if sorti(p) or entree + timedelta(days=delai) <= d.aujourdhui:
            texte = f"{p.code}, personne entrée le {jour(entree)}, n'a aucune heure à la feuille Heures"
            yield constat(p, "code", Dit(texte, "inscrivez ses semaines"), d)


@rule("H12", on=Donnees)
def plus_encadre_que_present(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Technical supervision is received at work: never for longer than the person worked that week."""
    for h in d.heures:
        if h.travail is not None and h.encadrement is not None and h.encadrement > h.travail:
            texte = f"{nombre(h.encadrement)} h d'encadrement reçues pour {nombre(h.travail)} h travaillées"
            yield constat(h, "encadrement", Dit(texte, "corrigez l'un des deux nombres"), d)


@rule("H13", on=Donnees)
def plus_recu_que_donne(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Nobody receives more hours in a week than the team gave in all, where the team's are written."""
    presentes = colonnes(d.appel, "heures")
    for nom in ("accompagnement", "encadrement"):
        donnees = heures_de_l_equipe(d, f"{nom}_equipe") if f"{nom}_equipe" in presentes else {}
        for h in d.heures:
            recues = getattr(h, nom)
            possible = donnees.get(lundi(h.semaine)) if h.semaine else None
            if recues is not None and possible is not None and 0 <= possible < recues:
                texte = f"{nombre(recues)} h reçues, {nombre(possible)} h données par l'équipe cette semaine-là"
                yield constat(h, nom, Dit(texte, "corrigez l'un des deux nombres"), d)
