"""P: the people — who they are, whether they belong to the public, when they came and left.

A message names a person by code, never by name or birth date.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import HorsListe
from aap_xl.domain.personnes import a_l_envers, entre, entres, sorti
from aap_xl.domain.public import age_entree, eligible, entres_de_l_action, majoritaire, suivent
from aap_xl.domain.regles.tools import (
    au_choix,
    bornes,
    codes_lus,
    constat,
    feuille,
    hors,
    pas_un_territoire,
    utilise,
    vide,
)
from aap_xl.domain.sorties import Taux
from aap_xl.francais import cite, enumere, jour, periode, pourcent
from aap_xl.rows import Action, Participant

_CONDITIONS = ("hebergement", "logement_dabord", "brsa", "date_naissance")


@rule("P03", on=Donnees)
def sortie_avant_entree(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The exit cannot precede the entry."""
    for p in d.participants:
        if p.date_sortie and p.date_entree and p.date_sortie < p.date_entree:
            texte = f"la sortie ({jour(p.date_sortie)}) précède l'entrée ({jour(p.date_entree)})"
            yield constat(p, "date_sortie", Dit(texte, "corrigez l'une des deux dates"), d)


def _conditions(d: Donnees) -> list[str]:
    """The columns that the call's criteria read, the most telling first."""
    criteres = d.appel.public.criteres if d.appel.public else ()
    lues = {
        "hebergement": any(c.hebergement for c in criteres),
        "logement_dabord": any(c.logement_dabord is not None for c in criteres),
        "brsa": any(c.brsa is not None for c in criteres),
    }
    return [nom for nom in _CONDITIONS if lues.get(nom, True)]


@rule("P04", on=Participant)
def hors_public(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The person meets at least one criterion of the call's public, at the entry."""
    reponse = eligible(p, d.appel)
    if d.appel.public is None or reponse:
        return
    noms = [nom for nom in _conditions(d) if utilise(p, nom, d)]
    criteres = enumere((cite(c.libelle) for c in d.appel.public.criteres), "ou")
    if reponse is False and noms:
        annees = age_entree(p)
        precision = f" ({annees} ans à l'entrée)" if annees is not None else ""
        texte = f"cette personne{precision} n'est pas du public de l'appel : {criteres}"
        yield constat(p, noms[0], Dit(texte, d.appel.dit("vérifiez ces colonnes, puis voyez avec {le slai}")), d)
        return
    oubliees = [nom for nom in noms if vide(p, nom, d) and not p.champs[nom].obligatoire]
    if oubliees:
        colonnes = enumere(cite(p.champs[nom].entete) for nom in oubliees)
        texte = f"rien ne dit si cette personne est du public de l'appel : {criteres}"
        yield constat(p, oubliees[0], Dit(texte, f"complétez {colonnes}"), d)


def _minorite(d: Donnees, participants: Sequence[Participant]) -> str:
    """What to say when the share of BRSA is too low whatever the blank cells hide, ``""`` when it is not.

    Args: participants: the persons who entered, a line each.
    """
    majorite_brsa = d.appel.public.majorite_brsa if d.appel.public else None
    taux = Taux(sum(p.brsa is True for p in participants), len(participants))
    inconnus = sum(p.brsa is None for p in participants)
    au_mieux = Taux(taux.numerateur + inconnus, taux.denominateur)
    if majorite_brsa is None or majoritaire(au_mieux, d.appel) is not False:
        return ""
    seuil = f"{'plus de' if majorite_brsa.strict else 'au moins'} {pourcent(majorite_brsa.seuil)}"
    return f"{taux} bénéficiaires du RSA parmi les personnes entrées, il en faut {seuil}"


@rule("P05", on=Donnees)
def brsa_minoritaires_par_action(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """BRSA are the majority of the persons who entered each action."""
    regle = d.appel.public.majorite_brsa if d.appel.public else None
    if regle is None or not regle.par_action:
        return
    for code, action in d.actions_par_code.items():
        texte = _minorite(d, entres_de_l_action(d, code))
        if texte:
            remede = d.appel.dit("accueillez d'autres bénéficiaires du RSA ou voyez avec {le slai}")
            yield action.cell("code"), Dit(f"action {action.code} : {texte}", remede)


@rule("P06", on=Donnees)
def brsa_minoritaires_par_operation(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """BRSA are the majority of the persons who entered the operation."""
    regle = d.appel.public.majorite_brsa if d.appel.public else None
    if regle is None or not regle.par_operation:
        return
    actions = {p.action.casefold() if p.action else "" for p in d.participants if entre(p)}
    if regle.par_action and len(actions) == 1 and actions <= d.actions_par_code.keys():
        return  # the same people: said once, on the action
    texte = _minorite(d, entres(d))
    if texte:
        remede = d.appel.dit("équilibrez les prochaines entrées avec {le slai}")
        yield feuille(d, "participants"), Dit(f"sur toute l'opération : {texte}", remede)


@rule("P07", on=Donnees)
def entree_hors_operation(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """People enter during the operation."""
    du, au = bornes(d)
    for p in d.participants:
        if p.date_entree and hors(p.date_entree, du, au):
            texte = Dit(
                f"l'entrée ({jour(p.date_entree)}) est hors de l'opération ({periode(du, au)})", "corrigez la date"
            )
            yield constat(p, "date_entree", texte, d)


@rule("P08", on=Donnees)
def sortie_hors_operation(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """People leave during the operation."""
    du, au = bornes(d)
    for p in d.participants:
        if p.date_sortie and hors(p.date_sortie, du, au) and not a_l_envers(p):
            texte = Dit(
                f"la sortie ({jour(p.date_sortie)}) est hors de l'opération ({periode(du, au)})", "corrigez la date"
            )
            yield constat(p, "date_sortie", texte, d)


@rule("P09", on=Participant)
def point_intermediaire(p: Participant, d: Donnees) -> Iterator[Constat]:
    """An interim point takes place between entry and exit."""
    if sorti(p) and vide(p, "date_point", d):
        texte = Dit(
            "la personne est sortie sans point intermédiaire", "indiquez sa date, ou expliquez son absence au bilan"
        )
        yield constat(p, "date_point", texte, d)
    elif hors(p.date_point, p.date_entree, p.date_sortie) and p.date_point and not a_l_envers(p):
        dates = periode(p.date_entree, p.date_sortie)
        texte = Dit(f"le point intermédiaire ({jour(p.date_point)}) est hors du parcours ({dates})", "corrigez sa date")
        yield constat(p, "date_point", texte, d)


@rule("P10", on=Donnees)
def naissance_invraisemblable(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A birth date gives a likely age at the entry."""
    public = d.appel.public
    if public is None:
        return
    for p in d.participants:
        if p.date_naissance is None:
            continue
        annees = age_entree(p)
        if p.date_naissance > d.aujourdhui or (p.date_entree and p.date_naissance > p.date_entree):
            texte = "la date de naissance est dans le futur ou après l'entrée"
        elif annees is not None and not public.age_implausible_min <= annees <= public.age_implausible_max:
            texte = f"{annees} ans à l'entrée, c'est invraisemblable"
        else:
            continue
        yield constat(p, "date_naissance", Dit(texte, "vérifiez l'année de naissance"), d)


@rule("P11", on=Donnees)
def brsa_trop_jeune(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A BRSA is rarely younger than the legal age."""
    public = d.appel.public
    if public is None or public.brsa_age_min is None:
        return
    for p in d.participants:
        annees = age_entree(p) if p.brsa else None
        if annees is not None and public.age_implausible_min <= annees < public.brsa_age_min:
            comment = f" : possible {public.brsa_plus_jeune}" if public.brsa_plus_jeune else ""
            texte = f"BRSA à {annees} ans{comment}"
            yield constat(p, "brsa", Dit(texte, d.appel.dit("vérifiez auprès {du slai}")), d)


@rule("P12", on=Participant)
def action_inconnue(p: Participant, d: Donnees) -> Iterator[Constat]:
    """The person follows an action of the sheet « Actions »."""
    if "actions" not in d.appel.classeur.tables:
        return
    if vide(p, "action", d):
        yield constat(
            p, "action", Dit("l'action suivie n'est pas indiquée", "choisissez un code de la feuille Actions"), d
        )
    elif p.action and p.action.casefold() not in d.actions_par_code and codes_lus(d, "actions"):
        texte = Dit(f"l'action {cite(p.action)} n'existe pas", "corrigez le code, ou ajoutez-la à la feuille Actions")
        yield constat(p, "action", texte, d)


@rule("P13", on=Donnees)
def hors_des_dates_de_l_action(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Entry and exit fall within the dates of the action followed."""
    for code, action in d.actions_par_code.items():
        du, au = action.date_debut, action.date_fin
        if not (du and au and au < du):
            for p in suivent(d, code):
                if hors(p.date_entree, du, au) or hors(p.date_sortie, du, au):
                    yield from _hors_action(p, action, d)


def _hors_action(p: Participant, action: Action, d: Donnees) -> Iterator[Constat]:
    for nom, mot in (("date_entree", "l'entrée"), ("date_sortie", "la sortie")):
        le: date | None = getattr(p, nom)
        if not (le and hors(le, action.date_debut, action.date_fin)) or hors(le, *bornes(d)):
            continue
        if nom == "date_entree" or not a_l_envers(p):
            dates = periode(action.date_debut, action.date_fin)
            texte = Dit(
                f"{mot} ({jour(le)}) est hors de l'action {action.code} ({dates})", "corrigez la date ou l'action"
            )
            yield constat(p, nom, texte, d)


@rule("P14", on=HorsListe)
def mds_inconnue(f: HorsListe, d: Donnees) -> Iterator[Constat]:
    """The MDS of a participant is one of the Département's."""
    yield f.cell, Dit(pas_un_territoire(f.saisi, d), f"choisissez {au_choix(f.choix)}"), f.saisi


@rule("P15", on=Donnees)
def date_dans_l_avenir(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Entries and exits are written once they took place; those outside the operation are told elsewhere."""
    du, au = bornes(d)
    for p in d.participants:
        for nom, mot in (("date_entree", "l'entrée"), ("date_sortie", "la sortie")):
            le: date | None = getattr(p, nom)
            if le and le > d.aujourdhui and not hors(le, du, au):
                texte = f"{mot} est datée du {jour(le)}, dans l'avenir, et compte déjà"
                yield constat(p, nom, Dit(texte, "inscrivez-la quand elle a eu lieu, ou corrigez la date"), d)
