"""Reading a call again: what it takes from another file without saying it itself, and what is there for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aap_xl.appels import inheritance
from aap_xl.appels.inheritance import Part
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, operation
from aap_xl.appels.needs import has, unmet
from aap_xl.appels.words import COURANTS, cites
from aap_xl.records import record

_HORS = ("classeur", "schema_version", "colonnes")
"""How the workbook is laid out: the call's text says nothing of it."""
Place = tuple[int | str, ...]


@record
class Herite:
    """A number, a date or an article that a call takes from another file.

    Attributes: cle: its key, or an article's words; fichier: the one that says it; fois: how many values cite it.
    """

    cle: str
    valeur: object
    fichier: str
    fois: int = 1


@record
class Revue:
    """What to read again in a call.

    Attributes: herites: taken from another file, not confirmed by the call's own; listes: those no column uses;
                muettes: inherited rules that can say nothing here, and what each lacks; exigences: what the call asks
                for and no rule checks; mots: words that nothing cites.
    """

    herites: tuple[Herite, ...]
    listes: tuple[str, ...]
    muettes: Mapping[str, tuple[str, ...]]
    exigences: tuple[str, ...]
    mots: tuple[str, ...]


def relire(appel: Appel, parties: Mapping[str, Part], besoins: Mapping[str, Iterable[str]]) -> Revue:
    """Read a call again.

    Args: parties: what its file says, then those it starts from (`loader.parties`); besoins: see `needs.unmet`.
    """
    merged = inheritance.fusionner(list(parties.values()))
    return Revue(
        herites=(*_numbers(parties, merged), *_articles(parties, merged)),
        listes=tuple(nom for nom in appel.listes or {} if nom not in _listes(appel)),
        muettes=unmet(appel, [code for code in merged.get("regles", {}) if code not in appel.regles], besoins),
        exigences=tuple(_exigences(appel, besoins)),
        mots=tuple(_inutiles(next(iter(parties.values())).get("mots", {}), merged)),
    )


def _leaves(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Every value that is no table and no list, with its place."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield place, value
    for step, item in items or ():
        yield from _leaves(item, (*place, step))


def _numbers(parties: Mapping[str, dict[str, object]], merged: dict[str, object]) -> Iterator[Herite]:
    own = next(iter(parties))
    for place, value in _leaves({nom: item for nom, item in merged.items() if nom not in _HORS}):
        if isinstance(value, int | Decimal | date) and not isinstance(value, bool):
            fichier = inheritance.origine(parties, merged, place)
            if fichier != own:
                yield Herite(_key(merged, place), value, fichier)


def _key(merged: Any, place: Place) -> str:
    """``sorties.classement.4.si.mois_min``, ``mds.artois.telephone``: a coded item by its code."""
    steps = []
    for step in place:
        merged = merged[step]
        steps.append(str(merged.get("code", step) if isinstance(merged, dict) and isinstance(step, int) else step))
    return ".".join(steps)


def _articles(parties: Mapping[str, dict[str, object]], merged: Part) -> Iterator[Herite]:
    """The articles taken from another file, once each: by their word of the call, or by what they say."""
    own = next(iter(parties))
    found: Counter[tuple[str, str, str]] = Counter()
    for place, value in _leaves(merged):
        if not str(place[-1]).startswith("article") or not isinstance(value, str) or place[0] == "mots":
            continue
        for mot in cites(value):
            fichier = inheritance.origine(parties, merged, ("mots", mot))
            if fichier != own:
                found[f"mots.{mot}", str(merged.get("mots", {}).get(mot, "")), fichier] += 1
        fichier = inheritance.origine(parties, merged, place)
        if fichier != own and "{" not in value:
            found["article", value, fichier] += 1
    yield from (Herite(cle, valeur, fichier, fois) for (cle, valeur, fichier), fois in found.items())


def _listes(appel: Appel) -> set[str]:
    """The lists that a column of the call draws from."""
    asked = [(operation(appel), appel.classeur.operation)]
    asked += [(modele(appel, table), feuille.colonnes) for table, feuille in appel.classeur.tables.items()]  # type: ignore[misc]
    return {row.champs[nom].liste for row, colonnes in asked for nom in colonnes}


def _exigences(appel: Appel, besoins: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Parts of the call that some rule is made to check, when none of those is on."""
    parts: dict[str, set[str]] = {}
    for code, needs in besoins.items():
        for need in needs:
            if need.startswith("appel."):
                parts.setdefault(need.removeprefix("appel."), set()).add(code)
    for part, codes in parts.items():
        if has(appel, f"appel.{part}") and not codes & appel.regles.keys():
            yield part


def _inutiles(mots: Mapping[str, str], merged: Part) -> Iterator[str]:
    """The words of the call's own file that none of its texts, headers and sentences cites."""
    cited = {mot for _, value in _leaves(merged) if isinstance(value, str) for mot in cites(value)}
    yield from (mot for mot in mots if mot not in cited and mot not in COURANTS)
