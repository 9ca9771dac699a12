"""H: weekly hours. A workbook holds thousands of weeks: each rule walks the table once."""

from collections.abc import Iterator
from datetime import date, timedelta

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.regles.outils import cite, codes_lus, colonnes, constat, doublons, jour, nombre, periode
from aap_xl.rows import Heure

_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_AUTRES_HEURES = ("accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe")
_DIMANCHE = timedelta(days=6)


def _lundi(le: date) -> date:
    return le - timedelta(days=le.weekday())


@rule("H01", on=Donnees)
def personne_inconnue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Hours belong to a participant of the sheet « Participants »."""
    connus = d.participants_par_code
    if not codes_lus(d, "participants"):
        return
    for h in d.heures:
        if h.participant and h.participant.casefold() not in connus:
            texte = f"le code {cite(h.participant)} n'est pas à la feuille Participants"
            yield constat(h, "participant", Dit(texte, "corrigez-le, ou inscrivez la personne"), d)


@rule("H02", on=Donnees)
def pas_un_lundi(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week is named by its Monday."""
    for h in d.heures:
        if h.semaine and h.semaine.weekday():
            texte = f"le {jour(h.semaine)} est un {_JOURS[h.semaine.weekday()]}"
            yield constat(h, "semaine", Dit(texte, f"saisissez le lundi, {jour(_lundi(h.semaine))}"), d)


@rule("H03", on=Donnees)
def semaine_hors_sejour(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week has at least one day inside the person's stay."""
    connus = d.participants_par_code
    for h in d.heures:
        p = connus.get(h.participant.casefold()) if h.participant else None
        if p is None or h.semaine is None or p.date_entree is None:
            continue
        if p.date_sortie and p.date_sortie < p.date_entree:
            continue
        lundi = h.semaine if not h.semaine.weekday() else _lundi(h.semaine)
        if lundi + _DIMANCHE < p.date_entree or (p.date_sortie and lundi > p.date_sortie):
            sejour = periode(p.date_entree, p.date_sortie)
            texte = f"la semaine du {jour(lundi)} est hors du séjour de {p.code} ({sejour})"
            yield constat(h, "semaine", Dit(texte, "corrigez la semaine, ou les dates de la personne"), d)


@rule("H04", on=Donnees)
def sous_le_minimum(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A week reaches the call's minimum; no kind of hours is negative."""
    if d.appel.heures is None:
        return
    minimum = d.appel.heures.minimum
    for h in d.heures:
        if h.travail is not None and h.travail < minimum:
            texte = f"{nombre(h.travail)} h est sous le minimum de {nombre(minimum)} h par semaine"
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
    maximum, beyond = d.appel.heures.maximum, d.appel.heures.au_dela
    for h in d.heures:
        if h.travail is not None and h.travail > maximum:
            texte = f"{nombre(h.travail)} h dépassent {nombre(maximum)} h : {beyond[:1].lower()}{beyond[1:]}"
            yield constat(h, "travail", Dit(texte, "rien à corriger si le contrat est signé"), d)


def _personne_semaine(h: Heure) -> tuple[str, date] | None:
    if not h.participant or h.semaine is None:
        return None
    return h.participant.casefold(), h.semaine if not h.semaine.weekday() else _lundi(h.semaine)


@rule("H06", on=Donnees)
def semaine_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A person has one line per week."""
    for h, premiere in doublons(d.heures, _personne_semaine):
        texte = f"la semaine de {h.participant} est déjà saisie à la ligne {premiere.ligne}"
        yield constat(h, "semaine", Dit(texte, "réunissez les deux lignes"), d)
