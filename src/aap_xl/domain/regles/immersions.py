"""I: periods of work experience (PMSMP)."""

from collections import deque
from collections.abc import Hashable, Iterator
from datetime import date, timedelta

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Moment
from aap_xl.domain.activite import jours
from aap_xl.domain.calendrier import add_months, latest_end
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.personnes import dates, derniers, du_code, nomme
from aap_xl.domain.regles.tools import constat, des_parcours, feuille_lue, groupes, hors, personnes_inconnues
from aap_xl.francais import compte, jour
from aap_xl.rows import Immersion
from aap_xl.texte import normaliser

_MOIS_MIN = 28
"""Days of the shortest month."""


def _personne(i: Immersion, d: Donnees) -> str | None:
    return nomme(i.participant, d) if i.participant else None


def _chez_hote(i: Immersion, d: Donnees) -> tuple[str, str] | None:
    return (nomme(i.participant, d), normaliser(i.hote)) if i.participant and i.hote else None


def _debut(i: Immersion) -> date:
    return i.date_debut or date.min


@once
def _par_personne(d: Donnees) -> dict[Hashable, list[Immersion]]:
    """The immersions of each person, by their first day."""
    return groupes(sorted(d.immersions, key=_debut), lambda i: _personne(i, d))


@once
def _par_hote(d: Donnees) -> dict[Hashable, list[Immersion]]:
    """The immersions of each person at each host, by their first day."""
    return groupes(sorted(d.immersions, key=_debut), lambda i: _chez_hote(i, d))


@rule("I01", on=Donnees)
def personne_inconnue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An immersion belongs to a participant of the sheet « Participants »."""
    yield from personnes_inconnues(d.immersions, d)


@rule("I02", on=Donnees)
def immersion_manquante(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Each person who entered had an immersion before, and another during a stay (looked at once out)."""
    regle = d.appel.immersions
    if regle is None or not feuille_lue(d, "immersions"):
        return
    attendues = (
        (Moment.AVANT, regle.avant_min, "avant l'entrée"),
        (Moment.PENDANT, regle.pendant_min, "pendant le parcours"),
    )
    par_personne, terminee, le = _par_personne(d), d.terminee, d.aujourdhui
    for p in derniers(d):
        if not p.code or p.date_entree is None or p.date_entree > le:
            continue
        moments = [i.moment for i in par_personne.get(nomme(p.code, d), ())]
        if None in moments:
            continue
        finie = terminee or (p.date_sortie is not None and p.date_sortie <= le)
        for moment, minimum, mot in attendues if finie else attendues[:1]:
            manque = minimum - moments.count(moment)
            if manque > 0:
                texte = f"il manque {compte(manque, 'immersion')} {mot} pour {p.code}"
                yield p.cell("code"), Dit(texte, "inscrivez-la à la feuille Immersions, ou expliquez-le au bilan")


@rule("I03", on=Donnees)
def immersion_trop_longue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An immersion lasts the legal time at most, date to date, and is renewed no more than allowed."""
    regle = d.appel.immersions
    if regle is None:
        return
    strict, mois = regle.duree_max_strict, regle.duree_max_mois
    toujours_assez = timedelta(_MOIS_MIN * mois - strict)
    for i in d.immersions:
        if not (i.date_debut and i.date_fin) or i.date_fin - i.date_debut < toujours_assez:
            continue
        limite = latest_end(i.date_debut, mois, strict=strict)
        if i.date_fin > limite:
            reach = "atteint" if strict else "dépasse"
            texte = f"la fin ({jour(i.date_fin)}) {reach} {mois} mois, soit le {jour(limite)} au plus tard"
            yield constat(i, "date_fin", Dit(texte, "corrigez, ou inscrivez la suite comme renouvellement"), d)
    for rows in _par_hote(d).values():
        de_suite = 0
        for i in rows:
            de_suite = de_suite + 1 if i.renouvellement else 0
            if de_suite > regle.renouvellements_max:
                texte = f"{compte(de_suite, 'renouvellement')} de suite chez le même hôte"
                remede = Dit(f"{regle.renouvellements_max} au plus", "corrigez, ou prévoyez un autre hôte")
                yield constat(i, "renouvellement", f"{texte}, {remede}", d)


@rule("I04", on=Donnees)
def trop_chez_le_meme_hote(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A person goes to one host under a limited number of conventions in a sliding period; renewals are not new ones.

    Source: Code du travail, D. 5135-3.
    """
    regle = d.appel.immersions
    if regle is None:
        return
    for rows in _par_hote(d).values():
        nouvelles = [i for i in rows if i.date_debut and not i.renouvellement]
        for rang, i in enumerate(nouvelles[regle.par_hote_max :]):
            ancienne = nouvelles[rang]
            if _debut(i) < add_months(_debut(ancienne), regle.periode_mois):
                texte = f"plus de {regle.par_hote_max} immersions chez le même hôte en {regle.periode_mois} mois"
                yield constat(i, "hote", Dit(texte, "prévoyez un autre hôte, ou dites que c'est un renouvellement"), d)


@rule("I05", on=Donnees)
def trop_de_jours(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The days of a person at one host, begun in one sliding period, stay within the limit, renewals included.

    Several hosts are not added up. Source: Code du travail, D. 5135-3.
    """
    regle = d.appel.immersions
    if regle is None:
        return
    most = regle.jours_max - regle.jours_max_strict
    for rows in _par_hote(d).values():
        recentes: deque[Immersion] = deque()
        total = 0
        for i in rows:
            while recentes and add_months(_debut(recentes[0]), regle.periode_mois) <= _debut(i):
                total -= jours(recentes.popleft()) or 0
            avant, total = total, total + (jours(i) or 0)
            recentes.append(i)
            if avant <= most < total:
                duree = f"{total} jours d'immersion de {i.participant} chez le même hôte en {regle.periode_mois} mois"
                texte = f"{duree}, {most} au plus, renouvellements compris"
                yield constat(i, "date_fin", Dit(texte, "raccourcissez cette période, ou prévoyez un autre hôte"), d)


@rule("I06", on=Donnees)
def fin_avant_debut(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An immersion ends after its start."""
    for i in d.immersions:
        if i.date_debut and i.date_fin and i.date_fin < i.date_debut:
            texte = f"la fin ({jour(i.date_fin)}) précède le début ({jour(i.date_debut)})"
            yield constat(i, "date_fin", Dit(texte, "corrigez l'une des deux dates"), d)


@rule("I07", on=Donnees)
def moment_contredit(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An immersion « avant » ends before an entry of the person; one « pendant » is inside a stay."""
    for i in d.immersions:
        stays = dates(du_code(i.participant, d)) if i.participant and i.moment else []
        if not stays or (i.date_debut and i.date_fin and i.date_fin < i.date_debut):
            continue
        derniere = stays[-1][0]
        if i.moment == Moment.AVANT and i.date_fin and i.date_fin >= derniere:
            texte = f"l'immersion « avant » finit le {jour(i.date_fin)}, l'entrée de {i.participant} est le"
            yield constat(i, "date_fin", Dit(f"{texte} {jour(derniere)}", "corrigez la date, ou le moment"), d)
        if i.moment == Moment.PENDANT:
            yield from _hors_parcours(i, stays, d)


def _hors_parcours(i: Immersion, stays: list[tuple[date, date | None]], d: Donnees) -> Iterator[Constat]:
    """Its dates outside every stay."""
    for nom in ("date_debut", "date_fin"):
        le = getattr(i, nom)
        if all(hors(le, *stay) for stay in stays):
            texte = f"l'immersion « pendant » ({jour(le)}) est hors {des_parcours(i.participant or '', stays)}"
            yield constat(i, nom, Dit(texte, "corrigez la date, ou le moment"), d)
