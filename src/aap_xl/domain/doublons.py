"""Who may be one person written twice: likeness told, never decided. Five thousand lines take a moment.

Two persons are alike for a reason when they share one of the keys that it makes; no pair is ever compared.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from enum import StrEnum

from aap_xl.domain.data import Donnees
from aap_xl.domain.personnes import Identite, identite
from aap_xl.rows import Participant
from aap_xl.texte import normaliser

_LETTRES_MAX = 120
"""Longer than a name and a first name: not looked at letter by letter."""
_MOIS = 12


class Raison(StrEnum):
    """Why two persons may be one, the most telling first."""

    IDENTITE = "même nom, même prénom, même naissance"
    INVERSES = "nom et prénom inversés"
    AUTRE_NOM = "même prénom, même naissance, et l'un des noms est celui de l'autre"
    JOUR_MOIS = "mêmes noms, jour et mois de naissance inversés"
    LETTRE = "même naissance, une lettre d'écart dans le nom ou le prénom"


def ressemblances(d: Donnees) -> Iterator[tuple[Participant, Participant, Raison]]:
    """Each person who is like one written above under another code: the line, the other's, and why.

    Another identity under the same code is not one of them: that is said otherwise.
    """
    people: dict[Identite, Participant] = {}
    codes: dict[Identite, set[str]] = {}
    for p in d.participants:
        who = identite(p)
        if who is None:
            continue
        first, known, code = people.setdefault(who, p), codes.setdefault(who, set()), (p.code or "").casefold()
        if first is not p and code and code not in known:
            yield p, first, Raison.IDENTITE
        known.add(code)
    births = Counter(who[2] for who in people)
    seen: dict[Hashable, Participant] = {}
    for who, p in people.items():
        kept, asked = _cles(who, p, alone=births[who[2]] == 1)
        other = next(((seen[key], raison) for raison, key in asked if key in seen), None)
        if other and not (p.code and other[0].code and p.code.casefold() == other[0].code.casefold()):
            yield p, *other
        for key in kept:
            seen.setdefault(key, p)


def _cles(who: Identite, p: Participant, *, alone: bool) -> tuple[list[Hashable], list[tuple[Raison, Hashable]]]:
    """The keys by which a person is found, and those by which they look for another.

    Args: alone: nobody else is born that day.
    """
    nom, prenom, ne = who
    kept: list[Hashable] = []
    asked: list[tuple[Raison, Hashable]] = []

    def both(raison: Raison, *key: Hashable) -> None:
        kept.append((raison, *key))
        asked.append((raison, (raison, *key)))

    if not alone:
        both(Raison.INVERSES, ne, *sorted((nom, prenom)))
        for alias in {nom, normaliser(p.autre_nom) or nom}:
            both(Raison.AUTRE_NOM, ne, prenom, alias)
    if ne.day <= _MOIS:
        both(Raison.JOUR_MOIS, nom, prenom, ne.year, *sorted((ne.day, ne.month)))
    written = f"{nom}|{prenom}"
    if not alone and len(written) <= _LETTRES_MAX:
        kept.append((Raison.LETTRE, ne, "entier", written))
        asked.append((Raison.LETTRE, (Raison.LETTRE, ne, "sans une lettre", written)))
        for rank, letter in enumerate(written):
            if letter.isalpha():
                shorter = written[:rank] + written[rank + 1 :]
                both(Raison.LETTRE, ne, rank, shorter)
                kept.append((Raison.LETTRE, ne, "sans une lettre", shorter))
                asked.append((Raison.LETTRE, (Raison.LETTRE, ne, "entier", shorter)))
    return kept, asked
