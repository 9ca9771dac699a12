"""P and A: what the call asks of each stay — selection, objective, attendance, phase, before and after."""

from collections.abc import Iterator
from datetime import date

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Frein
from aap_xl.domain.data import Donnees
from aap_xl.domain.parcours import cites
from aap_xl.domain.personnes import a_l_envers, entre, sorti
from aap_xl.domain.regles.tools import au_choix, constat, hors, rempli, vide
from aap_xl.francais import cite, compte, enumere, jour, periode
from aap_xl.rows import Participant

_DEMI_JOURNEES_PAR_JOUR = 2
_A_L_ENTREE = ("freins_entree", "employabilite_entree")
_A_LA_SORTIE = ("hebergement_sortie", "freins_sortie", "employabilite_sortie")


@rule("P26", on=Participant)
def selection_par_le_slai(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The SLAI selected the person."""
    if p.selection_slai is False:
        dit = d.appel.dit("cette personne n'a pas été sélectionnée par {le slai}")
        texte = Dit(dit, d.appel.dit("voyez avec {le slai}, ou corrigez la réponse"))
        yield constat(p, "selection_slai", texte, d)
    elif entre(p) and vide(p, "selection_slai", d):
        texte = Dit(d.appel.dit("rien ne dit si {le slai} a sélectionné cette personne"), "répondez Oui ou Non")
        yield constat(p, "selection_slai", texte, d)


@rule("P27", on=Participant)
def objectif_sans_suite(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Someone who left had an objective, and it is said whether it was reached."""
    if vide(p, "objectif", d):
        if sorti(p) or rempli(p, "resultat"):
            quand = "la personne est sortie" if sorti(p) else "un résultat est donné"
            texte = Dit(f"{quand} sans objectif individuel", "écrivez ce qu'elle visait")
            yield constat(p, "objectif", texte, d)
    elif sorti(p) and rempli(p, "objectif") and vide(p, "resultat", d):
        choix = au_choix([item.libelle for item in d.appel.elements.get("resultats", ())])
        texte = Dit("rien ne dit si l'objectif individuel est atteint", f"choisissez {choix}")
        yield constat(p, "resultat", texte, d)


@rule("P28", on=Participant)
def point_sans_constat(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The interim point says what it observed; an observation has its date."""
    if p.date_point and p.date_point <= d.aujourdhui and vide(p, "constat_point", d):
        texte = f"le point intermédiaire du {jour(p.date_point)} ne dit pas ce qu'il a constaté"
        yield constat(p, "constat_point", Dit(texte, "écrivez-le en quelques mots"), d)
    elif rempli(p, "constat_point") and vide(p, "date_point", d) and not sorti(p):
        texte = Dit("un constat est écrit sans la date du point intermédiaire", "indiquez-la")
        yield constat(p, "date_point", texte, d)


@rule("P30", on=Participant)
def freins_hors_liste(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Obstacles are named by the call's words; « Aucun » stands alone."""
    items = d.appel.elements.get("freins", ())
    for nom in ("freins_entree", "freins_sortie"):
        found = cites(getattr(p, nom), items)
        if found.inconnus and items:
            mots = enumere(map(cite, found.inconnus))
            texte = Dit(f"{mots} : hors de la liste des freins", f"écrivez {au_choix([i.libelle for i in items])}")
            yield constat(p, nom, texte, d)
        elif Frein.AUCUN in found.codes and len(found.codes) > 1:
            aucun = cite(d.appel.libelle("freins", Frein.AUCUN))
            yield constat(p, nom, Dit(f"{aucun} est écrit avec d'autres freins", "gardez l'un ou les autres"), d)


@rule("P31", on=Participant)
def avant_apres_incomplet(p: Participant, d: Donnees) -> Iterator[Constat]:
    """What is compared between entry and exit is written at each."""
    for moment, venu, noms in (("l'entrée", entre(p), _A_L_ENTREE), ("la sortie", sorti(p), _A_LA_SORTIE)):
        manquants = [nom for nom in noms if venu and vide(p, nom, d)]
        if manquants:
            colonnes = enumere(cite(p.champs[nom].entete) for nom in manquants)
            texte = Dit(f"la situation à {moment} est incomplète", f"complétez {colonnes}")
            yield constat(p, manquants[0], texte, d)


@rule("P32", on=Participant)
def phase_sans_date(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The phase that a person reached is dated, within the stay; someone who left has one."""
    if rempli(p, "phase") and vide(p, "date_phase", d):
        yield constat(p, "date_phase", Dit("la phase atteinte n'est pas datée", "indiquez sa date"), d)
    elif vide(p, "phase", d):
        if rempli(p, "date_phase") or sorti(p):
            quoi = "une phase est datée sans être nommée" if rempli(p, "date_phase") else "la personne est sortie"
            texte = Dit(quoi, "choisissez la phase qu'elle a atteinte")
            yield constat(p, "phase", texte, d)
    elif p.date_phase and p.date_phase > d.aujourdhui:
        texte = Dit(f"la phase est datée du {jour(p.date_phase)}, dans l'avenir", "corrigez la date")
        yield constat(p, "date_phase", texte, d)
    elif p.date_phase and hors(p.date_phase, p.date_entree, p.date_sortie) and not a_l_envers(p):
        sejour = periode(p.date_entree, p.date_sortie)
        texte = Dit(f"la phase ({jour(p.date_phase)}) est datée hors du parcours ({sejour})", "corrigez la date")
        yield constat(p, "date_phase", texte, d)


@rule("A01", on=Participant)
def plus_emarge_que_prevu(p: Participant, d: Donnees) -> Iterator[Constat]:
    """No more half-days are signed than were planned."""
    prevues, emargees = p.demi_journees_prevues, p.demi_journees_emargees
    if prevues is not None and emargees is not None and emargees > prevues:
        texte = f"{compte(emargees, 'demi-journée', 'émargée')} pour {compte(prevues, 'prévue')}"
        yield constat(p, "demi_journees_emargees", Dit(texte, "corrigez l'un des deux nombres"), d)


@rule("A02", on=Participant)
def emargement_incomplet(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Half-days planned and signed are both known of someone who left; signed ones are never alone."""
    for nom in ("demi_journees_prevues", "demi_journees_emargees"):
        attendue = sorti(p) or (nom == "demi_journees_prevues" and rempli(p, "demi_journees_emargees"))
        if attendue and vide(p, nom, d):
            texte = Dit(f"{cite(p.champs[nom].entete)} n'est pas rempli", "reprenez les feuilles d'émargement")
            yield constat(p, nom, texte, d)


def _fin_du_sejour(p: Participant, d: Donnees) -> date | None:
    """The last day the stay can have: its exit, else the end of its action or of the operation."""
    action = d.actions_par_code.get(p.action.casefold()) if p.action else None
    return p.date_sortie or (action and action.date_fin) or d.operation.date_fin


@rule("A03", on=Participant)
def plus_de_demi_journees_que_le_sejour(p: Participant, d: Donnees) -> Iterator[Constat]:
    """A stay holds at most two half-days a day."""
    du, au, prevues = p.date_entree, _fin_du_sejour(p, d), p.demi_journees_prevues
    if du is None or au is None or prevues is None or au < du:
        return
    possibles = ((au - du).days + 1) * _DEMI_JOURNEES_PAR_JOUR
    if prevues > possibles:
        texte = f"{compte(prevues, 'demi-journée', 'prévue')} {periode(du, au)}, qui en compte {possibles} au plus"
        yield constat(p, "demi_journees_prevues", Dit(texte, "corrigez ce nombre, ou les dates"), d)


@rule("A04", on=Participant)
def rien_d_emarge(p: Participant, d: Donnees) -> Iterator[Constat]:
    """Someone who left signed at least one half-day."""
    if sorti(p) and p.demi_journees_emargees == 0:
        texte = "la personne est sortie sans avoir émargé une seule demi-journée, et compte comme accompagnée"
        yield constat(p, "demi_journees_emargees", Dit(texte, "vérifiez les feuilles d'émargement"), d)
