"""The lines about people: each person and each stay under a pseudonym, exits by class, hours by month."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from aap_xl.appels.model import POINTS, Appel
from aap_xl.consolidation import versions
from aap_xl.consolidation.cells import Colonnes, centimes, entier, libelles, mois
from aap_xl.domain import nominatif, public, sorties
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.parcours import freins
from aap_xl.domain.personnes import compte_sortie, derniers, par_personne, sorti
from aap_xl.rows import Participant


@once
def _a_la_sortie(d: Donnees) -> list[str | None]:
    """The class at exit of each stay."""
    return [sorties.classe_sortie(p, d.appel).classe for p in d.participants]


@once
def _apres(d: Donnees) -> dict[str, list[str | None]]:
    """The class of each stay at each follow-up point of the call."""
    return {
        point.nom: [sorties.classe_suivi(p, point, d.appel).classe for p in d.participants] for point in d.appel.points
    }


def convention(d: Donnees) -> str:
    """The convention number as typed, ``""`` if it does not look like one, or repeats the name of someone in the file.

    Short words are taken for initials of the service.
    """
    found = versions.numero(d.operation.convention)
    return "" if nominatif.cite_quelqu_un(found, d) else found


def personnes(d: Donnees, names: list[str]) -> Colonnes:
    """One line per person, by the last stay.

    Args: names: the pseudonyms of the stays.
    """
    people, appel = derniers(d), d.appel
    places = {id(p): place for place, p in enumerate(d.participants)}
    ranks = [places[id(p)] for p in people]
    at_exit = [_a_la_sortie(d)[rank] for rank in ranks]
    out = [sorti(p) for p in people]
    stays = {id(rows[-1]): rows for rows in par_personne(d).values()}
    return {
        "pseudonyme": [names[rank] for rank in ranks],
        "parcours": [len(stays[id(p)]) for p in people],
        **_description(people, appel),
        "sexe": libelles(appel, "sexes", [p.sexe for p in people]),
        "logement_dabord": [p.logement_dabord for p in people],
        "hebergement": libelles(appel, "hebergements", [p.hebergement for p in people]),
        "orienteur": libelles(appel, "orienteurs", [p.orienteur for p in people]),
        "mois_premiere_entree": [mois(stays[id(p)][0].date_entree) for p in people],
        "classe": _classes(appel, at_exit, out),
        "dynamique": _dynamiques(appel, at_exit, out),
        **_suivis(people, ranks, d),
        "piece": [p.piece is not None for p in people],
    }


def _suivis(people: Sequence[Participant], ranks: Sequence[int], d: Donnees) -> Colonnes:
    """What became of people at each follow-up point; nothing at those that the call does not have."""
    found: Colonnes = {}
    points = {point.nom: point for point in d.appel.points}
    for nom in POINTS:
        point = points.get(nom)
        states = [(sorties.etat_suivi(p, point, d) or None) if point else None for p in people]
        later = [_apres(d)[nom][rank] if point else None for rank in ranks]
        done = [state == sorties.FAIT for state in states]
        found[f"etat_{nom}"] = states
        found[f"classe_{nom}"] = _classes(d.appel, later, done)
        found[f"dynamique_{nom}"] = _dynamiques(d.appel, later, done)
    return found


def parcours(d: Donnees, names: list[str]) -> Colonnes:
    """One line per stay.

    Args: names: their pseudonyms.
    """
    people, appel = d.participants, d.appel
    out = [sorti(p) for p in people]
    ranks = {id(p): rank for rows in par_personne(d).values() for rank, p in enumerate(rows, 1)}
    actions = {code: rank for rank, code in enumerate(d.actions_par_code, 1)}
    return {
        "pseudonyme": names,
        "rang": [ranks[id(p)] for p in people],
        "action": [actions.get(p.action.casefold()) if p.action else None for p in people],
        **_description(people, appel),
        "classe": _classes(appel, _a_la_sortie(d), out),
        "dynamique": _dynamiques(appel, _a_la_sortie(d), out),
        "compte": [compte_sortie(p, d) for p in people],
        **_evolution(d),
    }


def _description(people: Sequence[Participant], appel: Appel) -> Colonnes:
    """What a person and a stay both have."""
    bands: dict[int | None, str] = {}
    ages = [public.age_entree(p) for p in people]
    for age in set(ages):
        bands[age] = public.tranche_age(age, appel)
    return {
        "mds": libelles(appel, "mds", [p.mds for p in people]),
        "tranche_age": [bands[age] for age in ages],
        "brsa": [p.brsa for p in people],
        "mois_entree": [mois(p.date_entree) for p in people],
        "mois_sortie": [mois(p.date_sortie) for p in people],
        "situation": libelles(appel, "situations", [p.situation for p in people]),
    }


def _evolution(d: Donnees) -> Colonnes:
    """What changed between entry and exit: levels and counts, no text that was typed."""
    people, appel = d.participants, d.appel
    found: Colonnes = {
        nom: [entier(getattr(p, nom)) for p in people] for nom in ("demi_journees_prevues", "demi_journees_emargees")
    }
    for nom, liste in _CHOIX.items():
        found[nom] = libelles(appel, liste, [getattr(p, nom) for p in people])
    for nom in ("freins_entree", "freins_sortie"):
        typed = [getattr(p, nom) for p in people]
        found[nom] = [None if text is None else len(freins(text, appel)) for text in typed]
    return found | {"selection_slai": [p.selection_slai for p in people]}


_CHOIX = {
    "resultat": "resultats",
    "phase": "phases",
    "hebergement_sortie": "hebergements",
    "employabilite_entree": "employabilites",
    "employabilite_sortie": "employabilites",
}
"""Field → its list."""


def _classes(appel: Appel, classes: Sequence[str | None], counted: Sequence[bool]) -> list[str | None]:
    if appel.sorties is None:
        return [None] * len(classes)
    names = {classe: sorties.libelle_classe(appel, classe) for classe in set(classes)}
    return [names[classe] if is_counted else None for classe, is_counted in zip(classes, counted, strict=True)]


def _dynamiques(appel: Appel, classes: Sequence[str | None], counted: Sequence[bool]) -> list[bool | None]:
    if appel.sorties is None:
        return [None] * len(classes)
    known = {classe: sorties.dynamique(appel, classe) for classe in set(classes)}
    return [known[classe] if is_counted else None for classe, is_counted in zip(classes, counted, strict=True)]


def par_classe(d: Donnees) -> Colonnes:
    """One line per class of the call, and one for those still to be settled, at each moment; zeros included."""
    if d.appel.sorties is None or "participants" not in d.appel.classeur.tables:
        return {}
    classes_of = {"sortie": _a_la_sortie(d), **_apres(d)}
    moments = [(volet.nom, sorties.observes(d, volet), classes_of[volet.nom]) for volet in d.appel.volets]
    codes = (*(classe.code for classe in d.appel.sorties.classes), None)
    found: Colonnes = {"moment": [], "classe": [], "effectif": [], "total": []}
    for moment, people, classes in moments:
        counted = set(map(id, people))
        counts = Counter(classe for p, classe in zip(d.participants, classes, strict=True) if id(p) in counted)
        found["moment"] += [moment] * len(codes)
        found["classe"] += [sorties.libelle_classe(d.appel, code) for code in codes]
        found["effectif"] += [counts[code] for code in codes]
        found["total"] += [len(people)] * len(codes)
    return found


def heures(d: Donnees, names: list[str]) -> Colonnes:
    """The hours of each person and month, in the sheet's order.

    Args: names: the participants' pseudonyms.
    """
    by_code: dict[str, str] = {}
    for p, nom in zip(d.participants, names, strict=True):
        if p.code:
            by_code.setdefault(p.code.casefold(), nom)
    sums: dict[tuple[str | None, str | None], list[Decimal | None]] = {}
    for row in d.heures:
        key = by_code.get(row.participant.casefold()) if row.participant else None, mois(row.semaine)
        kept = sums.get(key)
        if kept is None:
            sums[key] = list(_HEURES(row))
        else:
            for rank, hours in enumerate(_HEURES(row)):
                if hours is not None:
                    kept[rank] = hours + (kept[rank] or 0)
    columns: Colonnes = {"pseudonyme": [key[0] for key in sums], "mois": [key[1] for key in sums]}
    return columns | {nom: [centimes(kept[rank]) for kept in sums.values()] for rank, nom in enumerate(_CHAMPS_HEURES)}


_CHAMPS_HEURES = ("travail", "accompagnement", "encadrement", "accompagnement_equipe", "encadrement_equipe")
_HEURES = attrgetter(*_CHAMPS_HEURES)
