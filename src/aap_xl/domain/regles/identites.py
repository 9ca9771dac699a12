"""P: one person or two — codes, stays that overlap, probable doubles.

A message names a person by code, never by name or birth date.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.data import Donnees
from aap_xl.domain.doublons import Raison, ressemblances
from aap_xl.domain.personnes import a_l_envers, derniers, identite, par_personne
from aap_xl.domain.regles.tools import constat, groupes, vide
from aap_xl.francais import cite, enumere, jour, periode
from aap_xl.rows import Participant

_LIGNES_CITEES = 8


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
        if p.date_entree is None or not (p.date_sortie or vide(p, "date_sortie", d)) or a_l_envers(p):
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


def _ensemble(rows: Sequence[Participant], d: Donnees) -> tuple[Participant, Participant] | None:
    """The first two stays of one identity, each under its own code, that have days in common.

    Only the two codes that last longest can hold a later entry: no pair is compared.
    """
    last: dict[str, tuple[date, Participant]] = {}
    known = [p for p in rows if p.code and p.date_entree and not ("date_sortie" in p.illisibles or a_l_envers(p))]
    for p in sorted(known, key=lambda p: p.date_entree or date.min):
        code, fin = (p.code or "").casefold(), p.date_sortie or date.max
        for other, (jusqu_au, avant) in last.items():
            jours = ((p.date_entree or fin) - jusqu_au).days
            if other != code and jours < d.appel.parcours.jours_entre:
                return avant, p
        if code not in last or fin > last[code][0]:
            last[code] = fin, p
        if len(last) > 2:
            del last[min(last, key=lambda code: last[code][0])]
    return None


def _autre_personne(p: Participant, q: Participant) -> bool:
    """Whether two lines under one code are of two identities, which P01 says."""
    premiere, seconde = identite(p), identite(q)
    return premiere is not None and seconde is not None and premiere != seconde


@rule("P16", on=Donnees)
def double_probable(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Two codes may hide one person, written the same way or almost: somebody looks."""
    lignes = groupes(d.participants, identite)
    for p, autre, raison in ressemblances(d):
        meme = f"{cite(autre.code) if autre.code else 'une autre'} (ligne {autre.ligne})"
        if raison is Raison.IDENTITE:
            fois = "une seule fois" if d.appel.parcours.identites_reunies else "deux fois"
            texte = f"cette personne a le nom, le prénom et la naissance de {meme} : elle est comptée {fois}"
            ensemble = _ensemble(lignes[identite(p)], d)
            if ensemble:
                texte += f", et ses parcours des lignes {enumere([str(q.ligne) for q in ensemble])} se chevauchent"
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
