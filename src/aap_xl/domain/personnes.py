"""Who is who: a line of « Participants » is a stay (« parcours »); a person counts by the last of theirs.

The code names the person. The same name, first name and birth date under two codes are one person too, as the call
reads it (`Parcours.identites_reunies`): the code that came first then names them.
"""

from collections.abc import Sequence
from datetime import date

from aap_xl.domain.data import Donnees, once
from aap_xl.rows import Participant
from aap_xl.texte import normaliser

DERNIER, DERNIER_ACTION, ANTERIEUR = "Dernier", "Dernier de l'action", "Antérieur"
"""The place of a stay among those of its person: the last one, the last one of its action only, neither."""

Identite = tuple[str, str, date]
_EPOQUE = date(1899, 12, 30)


def identite(p: Participant) -> Identite | None:
    """Name, first name and birth date, compared without case, accents or punctuation; ``None`` if one is missing."""
    if not (p.nom and p.prenom and p.date_naissance):
        return None
    return normaliser(p.nom), normaliser(p.prenom), p.date_naissance


def identite_comparee(p: Participant) -> str:
    """The same as the sheet's formula writes it, ``""`` if it is not complete: ``durand test | zoe | 33005``."""
    who = identite(p)
    return f"{who[0]} | {who[1]} | {numero(who[2])}" if who else ""


def numero(le: date | None) -> int:
    """A day as a sheet counts it, 0 when it is not known."""
    return (le - _EPOQUE).days if le else 0


@once
def _codes(d: Donnees) -> dict[int, str]:
    """Of each line, by its ``id``: what names its person."""
    joined = d.appel.parcours.identites_reunies
    first: dict[Identite, str] = {}
    found: dict[int, str] = {}
    for p in d.participants:
        who = identite(p) if joined else None
        found[id(p)] = first.setdefault(who, p.code or identite_comparee(p)) if who else p.code or ""
    return found


def personne(p: Participant, d: Donnees) -> str:
    """What names the person of a line: the first code they had; ``""`` with neither code nor identity."""
    return _codes(d).get(id(p), "")


@once
def par_personne(d: Donnees) -> dict[str | int, list[Participant]]:
    """The stays of each person, in the order of their entries; those of a same day, in the sheet's order."""
    found: dict[str | int, list[Participant]] = {}
    for p in d.participants:
        found.setdefault(personne(p, d).casefold() or id(p), []).append(p)
    for stays in found.values():
        stays.sort(key=lambda p: p.date_entree or date.min)
    return found


def du_code(code: str | None, d: Donnees) -> Sequence[Participant]:
    """The stays of the person that a code names, whatever code each bears; none if nobody has it."""
    first = d.participants_par_code.get(code.casefold()) if code else None
    return par_personne(d)[personne(first, d).casefold()] if first else ()


def nomme(code: str, d: Donnees) -> str:
    """What names the person that a code designates, without case; the code itself if nobody has it."""
    stays = du_code(code, d)
    return personne(stays[0], d).casefold() if stays else code.casefold()


def dates(stays: Sequence[Participant]) -> list[tuple[date, date | None]]:
    """Entry and exit of each stay; none if those of one are not known, or contradict each other."""
    known = [(p.date_entree, p.date_sortie) for p in stays]
    sound = [(entree, sortie) for entree, sortie in known if entree and not (sortie and sortie < entree)]
    return sound if len(sound) == len(known) else []


@once
def _places(d: Donnees) -> dict[int, str]:
    found: dict[int, str] = {}
    for stays in par_personne(d).values():
        followed = {""}
        for p in reversed(stays):
            action = (p.action or "").casefold()
            found[id(p)] = DERNIER_ACTION if action not in followed else ANTERIEUR
            followed.add(action)
        found[id(stays[-1])] = DERNIER
    return found


def place(p: Participant, d: Donnees) -> str:
    """The place of a stay among those of its person; ``""`` of a line that is not the dossier's."""
    return _places(d).get(id(p), "")


@once
def derniers(d: Donnees) -> list[Participant]:
    """The last stay of each person, in the sheet's order: one line per person."""
    places = _places(d)
    return [p for p in d.participants if places[id(p)] == DERNIER]


@once
def derniers_par_action(d: Donnees) -> dict[str, list[Participant]]:
    """Action (its code without case, ``""`` if none is written) → the last stay there of each person."""
    places = _places(d)
    found: dict[str, list[Participant]] = {}
    for p in d.participants:
        if places[id(p)] != ANTERIEUR:
            found.setdefault((p.action or "").casefold(), []).append(p)
    return found


@once
def entres(d: Donnees) -> list[Participant]:
    """The persons who entered, each by the last stay."""
    return [p for p in derniers(d) if entre(p)]


def entre(p: Participant) -> bool:
    """Whether the person entered: an entry date is written, even one that could not be read."""
    return not p.manque("date_entree")


def sorti(p: Participant) -> bool:
    """Whether the person is out: an exit date is written, even one that could not be read."""
    return not p.manque("date_sortie")


def compte_sortie(p: Participant, d: Donnees) -> bool:
    """Whether an exit is one of the operation: the person did not enter again, unless the call counts every exit."""
    return sorti(p) and (not d.appel.parcours.derniere_sortie or place(p, d) in ("", DERNIER))


def a_l_envers(p: Participant) -> bool:
    """Whether the exit of a stay precedes its entry."""
    return p.date_entree is not None and p.date_sortie is not None and p.date_sortie < p.date_entree
