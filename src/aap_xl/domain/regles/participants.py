"""P: the people — who they are, whether they belong to the public, when they came and left.

A message names a person by code, never by name or birth date.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.doublons import Raison, ressemblances
from aap_xl.domain.faits import HorsListe
from aap_xl.domain.personnes import derniers, entre, entres, identite, par_personne, sorti
from aap_xl.domain.public import age_entree, eligible, entres_de_l_action, majoritaire, suivent
from aap_xl.domain.regles.outils import (
    au_choix,
    bornes,
    cite,
    codes_lus,
    constat,
    enumere,
    feuille,
    groupes,
    hors,
    jour,
    pas_un_territoire,
    periode,
    pourcent,
    utilise,
    vide,
)
from aap_xl.domain.sorties import Taux
from aap_xl.rows import Action, Participant

_LIGNES_CITEES = 8
_CONDITIONS = ("hebergement", "logement_dabord", "brsa", "date_naissance")


@rule("P01", on=Donnees)
def code_d_une_autre_personne(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A code names one person: it comes back for a new stay of the same one, never for another identity."""
    premiers: dict[str, Participant] = {}
    for p in d.participants:
        qui = identite(p)
        if p.code and qui:
            premier = premiers.setdefault(p.code.casefold(), p)
            if identite(premier) != qui:
                texte = f"le code {cite(p.code)} est déjà celui d'une autre personne (ligne {premier.ligne})"
                remede = "donnez un code à chaque personne ; si c'est la même, écrivez-la de la même façon"
                yield constat(p, "code", Dit(texte, remede), d)


def _a_l_envers(p: Participant) -> bool:
    """Whether the exit precedes the entry: said once, by P03."""
    return p.date_entree is not None and p.date_sortie is not None and p.date_sortie < p.date_entree


@rule("P02", on=Donnees)
def parcours_qui_se_chevauchent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The stays of one person follow each other: a new one begins after the exit of the one before."""
    for stays in par_personne(d).values():
        if len(stays) > 1:
            for rows in groupes(stays, lambda p: p.code and p.code.casefold()).values():
                yield from _chevauchements(rows, d)


def _chevauchements(rows: Sequence[Participant], d: Donnees) -> Iterator[Constat]:
    """Args: rows: the stays under one code, in the order of their entries."""
    avant: Participant | None = None
    for p in rows:
        if p.date_entree is None or not (p.date_sortie or vide(p, "date_sortie", d)) or _a_l_envers(p):
            continue
        if avant is None or avant.date_entree is None or _autre_personne(avant, p):
            avant = p
            continue
        if avant.date_sortie is None:
            texte = f"{p.code} entre de nouveau le {jour(p.date_entree)} (ligne {p.ligne}) et ce parcours-ci, "
            texte += f"commencé le {jour(avant.date_entree)}, n'a pas de sortie"
            yield constat(avant, "date_sortie", Dit(texte, "saisissez sa date de sortie, avant cette entrée"), d)
        elif (p.date_entree - avant.date_sortie).days < d.appel.parcours.jours_entre:
            dates = periode(avant.date_entree, avant.date_sortie)
            texte = f"l'entrée de {p.code} ({jour(p.date_entree)}) tombe dans son parcours de la ligne {avant.ligne}"
            remede = "corrigez l'une des dates, ou gardez une seule ligne pour ce parcours"
            yield constat(p, "date_entree", Dit(f"{texte} ({dates})", remede), d)
        if avant.date_sortie is None or p.date_sortie is None or p.date_sortie > avant.date_sortie:
            avant = p


def _autre_personne(p: Participant, q: Participant) -> bool:
    """Whether two lines under one code are of two identities, which P01 says."""
    premiere, seconde = identite(p), identite(q)
    return premiere is not None and seconde is not None and premiere != seconde


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
    for action in d.actions_par_code.values():
        texte = _minorite(d, entres_de_l_action(d, action.code))
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
        if p.date_sortie and hors(p.date_sortie, du, au) and not _a_l_envers(p):
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
    elif hors(p.date_point, p.date_entree, p.date_sortie) and p.date_point and not _a_l_envers(p):
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
    for action in d.actions_par_code.values():
        du, au = action.date_debut, action.date_fin
        if not (du and au and au < du):
            for p in suivent(d, action.code):
                if hors(p.date_entree, du, au) or hors(p.date_sortie, du, au):
                    yield from _hors_action(p, action, d)


def _hors_action(p: Participant, action: Action, d: Donnees) -> Iterator[Constat]:
    for nom, mot in (("date_entree", "l'entrée"), ("date_sortie", "la sortie")):
        le: date | None = getattr(p, nom)
        if not (le and hors(le, action.date_debut, action.date_fin)) or hors(le, *bornes(d)):
            continue
        if nom == "date_entree" or not _a_l_envers(p):
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


@rule("P16", on=Donnees)
def double_probable(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Two codes may hide one person, written the same way or almost: somebody looks."""
    for p, autre, raison in ressemblances(d):
        meme = f"{cite(autre.code) if autre.code else 'une autre'} (ligne {autre.ligne})"
        if raison is Raison.IDENTITE:
            fois = "une seule fois" if d.appel.parcours.identites_reunies else "deux fois"
            texte = f"cette personne a le nom, le prénom et la naissance de {meme} : elle est comptée {fois}"
            remede = "si elle revient, reprenez le même code ; si c'est une autre, laissez ainsi"
        else:
            texte = f"cette personne ressemble à {meme} : {raison}"
            remede = "si c'est la même, reprenez son code et la même écriture ; sinon, laissez ainsi"
        yield constat(p, "date_naissance" if raison is Raison.JOUR_MOIS else "nom", Dit(texte, remede), d)


@rule("P17", on=Donnees)
def nes_un_premier_janvier(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Several persons born on the first of January: a date written for want of the true one."""
    nes = [p for p in derniers(d) if p.date_naissance and (p.date_naissance.day, p.date_naissance.month) == (1, 1)]
    minimum = d.appel.parcours.premiers_janvier
    if minimum is not None and len(nes) >= minimum:
        lignes = enumere([str(p.ligne) for p in nes[:_LIGNES_CITEES]] + (["d'autres"] if nes[_LIGNES_CITEES:] else []))
        texte = f"{len(nes)} personnes sont nées un 1er janvier (lignes {lignes})"
        remede = "vérifiez que ce n'est pas une date écrite faute de connaître la vraie"
        yield nes[0].cell("date_naissance"), Dit(texte, remede)
