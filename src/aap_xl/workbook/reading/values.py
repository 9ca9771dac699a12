"""One cell → one typed value, with what was understood when that is not what was typed. Nothing is guessed.

Each function takes what the readers of sheets give (``float``, ``int``, ``str``, ``bool``, ``date``, ``datetime``,
``time``, ``timedelta``) and returns the value and, where the cell was not plain, its French wording; it raises
`Illisible`, or `NotListed`.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from aap_xl import francais
from aap_xl.appels.model import Terme
from aap_xl.domain.expected import ANNEES, Attendu
from aap_xl.francais import oui_non
from aap_xl.rows import Nature
from aap_xl.texte import normaliser, proches, stripped, visible
from aap_xl.workbook.reading import dates, numbers
from aap_xl.workbook.reading.numbers import Compris, Illisible

DATE_MIN, DATE_MAX = dt.date(ANNEES[0], 1, 1), dt.date(ANNEES[-1], 12, 31)
_OUI = frozenset({"oui", "o", "x", "1", "true", "vrai"})
_NON = frozenset({"non", "n", "0", "false", "faux"})


class NotListed(Exception):
    """The cell holds no item of its list.

    ``choix``: the wording of the item it is a slip of, else all; ``refus``: what is said of a word of the field.
    """

    def __init__(self, choix: tuple[str, ...], refus: Terme | None = None) -> None:
        self.choix, self.refus = choix, refus


def typed(value: object) -> str:
    """What a person typed, as the sheet shows it."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, (int, float)):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return francais.jour(value)
    if isinstance(value, (dt.time, dt.timedelta)):
        return numbers.clock(value)
    text = visible(str(value).strip())
    return text if len(text) <= 80 else text[:79] + "…"


def texte(value: object) -> Compris:
    """A text; a number is its digits, since codes and telephone numbers become numbers in a sheet."""
    if isinstance(value, str):
        return value.strip() or None, ""
    if isinstance(value, (bool, dt.date, dt.time, dt.timedelta)):
        return typed(value), typed(value)
    return f"{value:.15g}", ""


def code(value: object) -> Compris:
    """A code that formulas look for; spaces and invisible characters are told, since they then don't find it."""
    if not isinstance(value, str):
        return texte(value)
    found = stripped(value) or None
    return found, typed(found) if found and found != value else ""


def siret(value: object) -> Compris:
    """A SIRET: spaces left out, a leading zero eaten by the sheet put back."""
    text = texte(value)[0]
    if text is None:
        return None, ""
    digits = "".join(stripped(text).split()).replace(".", "").replace("-", "")
    if not isinstance(value, str) and digits.isdecimal() and len(digits) in (12, 13):
        return digits.zfill(14), digits.zfill(14)
    return (digits, "") if digits.isdecimal() else (text, "")


def jour(value: object, aujourdhui: dt.date, *, depuis_1904: bool = False) -> Compris:
    """A date; day before month; a year of two digits is at most ten years ahead of today.

    Raises: Illisible, also for a year that no operation can meet.
    """
    found, compris = _jour(value, aujourdhui, depuis_1904)
    if found is not None and not DATE_MIN <= found <= DATE_MAX:
        raise Illisible(Attendu.DATE_POSSIBLE)
    return found, compris


def _jour(value: object, aujourdhui: dt.date, depuis_1904: bool) -> Compris:
    if isinstance(value, dt.datetime):
        return value.date(), francais.jour(value) if value.time() != dt.time() else ""
    if isinstance(value, dt.date):
        return value, ""
    if isinstance(value, str):
        text = stripped(value)
        found = dates.of_text(text, aujourdhui) if text else None
        if found is None and text:
            raise Illisible(Attendu.DATE)
        return found, francais.jour(found) if found else ""
    if isinstance(value, (int, float)):  # VRAI and FAUX are 1 and 0, too small for a day
        found = dates.of_serial(value + (dates.DAYS_1904 if depuis_1904 else 0))
        if found is not None:
            return found, francais.jour(found)
    raise Illisible(Attendu.DATE)


def ouinon(value: object) -> Compris:
    """Oui or Non."""
    if isinstance(value, bool):
        return value, ""
    if isinstance(value, (int, float)):
        if value in (0, 1):
            return bool(value), oui_non(bool(value))
        raise Illisible(Attendu.OUI_NON)
    if isinstance(value, str):
        form = normaliser(value)
        if not stripped(value):
            return None, ""
        if form in _OUI | _NON:
            answer = oui_non(form in _OUI)
            return form in _OUI, "" if _same(value, answer) else answer
    raise Illisible(Attendu.OUI_NON)


def _same(typed: object, wording: str) -> bool:
    """Whether a spreadsheet finds two texts equal: it forgets capitals, neither spaces nor accents."""
    return isinstance(typed, str) and typed.casefold() == wording.casefold()


class Liste:
    """One list of the call: what may be typed for each item. ``termes``: wordings that belong to no item's alias."""

    def __init__(self, elements: tuple[Any, ...], termes: tuple[Terme, ...] = ()) -> None:
        self.libelles: Mapping[str, str] = {item.code: item.libelle for item in elements}
        self.exacts: dict[object, str | None] = {item.libelle: item.code for item in elements} | {"": None}
        self._choix = tuple(self.libelles.values())
        self._proches = lru_cache(maxsize=512)(self._proche)
        self._formes = {normaliser(item.libelle): item.code for item in elements}
        self._autres = {normaliser(text): item.code for item in reversed(elements) for text in (item.code, *item.alias)}
        self._termes = {normaliser(terme.mot): terme for terme in reversed(termes)}
        self._spelt = {text.casefold() for item in elements for text in (item.libelle, *item.alias)}
        self._spelt |= {terme.mot.casefold() for terme in termes if terme.situation}

    def lire(self, value: object) -> Compris:
        """The code of an item, by its wording, its code or another wording. Raises: NotListed."""
        form = normaliser(texte(value)[0])
        if not form and isinstance(value, str) and not stripped(value):
            return None, ""
        terme = self._termes.get(form)
        code = self._formes.get(form) or self._autres.get(form) or (terme and terme.situation)
        if code:
            return code, "" if _same(value, self.libelles[code]) else self.libelles[code]
        if terme:
            raise NotListed((), terme)
        raise NotListed(*self._proches(form))

    def terme(self, value: object) -> Terme | None:
        """What a text says beyond an item's own wording; ``None`` for what formulas do not find in « Listes »."""
        if not isinstance(value, str) or value.casefold() not in self._spelt:
            return None
        form = normaliser(value)
        if form in self._formes:
            return None
        return self._termes.get(form) or Terme(value, self._autres[form])

    def _proche(self, form: str) -> tuple[tuple[str, ...], Terme | None]:
        """The wording of the item, or the word of the field, that a text is a slip of; else all wordings."""
        codes = self._autres | self._formes
        meant: dict[str, Terme | None] = {}
        for near in proches(form, [*codes, *self._termes]):
            terme = self._termes.get(near)
            refused = terme if terme and terme.refus else None
            meant[codes.get(near) or (refused.refus if refused else self._termes[near].situation)] = refused
        if len(meant) != 1:
            return self._choix, None
        ((code, refused),) = meant.items()
        return () if refused else (self.libelles[code],), refused


@lru_cache(maxsize=64)
def liste(elements: tuple[object, ...], termes: tuple[Terme, ...] = ()) -> Liste:
    """A list of a call, made ready once for all its files."""
    return Liste(elements, termes)


LECTURES = {
    Nature.TEXTE: texte,
    Nature.LONG: texte,
    Nature.NOMBRE: numbers.nombre,
    Nature.HEURES: numbers.heures,
    Nature.MONTANT: numbers.montant,
    Nature.ENTIER: numbers.entier,
    Nature.TAUX: numbers.taux,
    Nature.OUINON: ouinon,
}
