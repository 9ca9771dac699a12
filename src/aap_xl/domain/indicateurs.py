"""The indicators that a call makes of its own counts (`appels.formules`): their numbers, rates and verdicts."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from aap_xl.appels.formulas import ECHUES, Terme, a_un_point, nature, termes
from aap_xl.appels.model import Appel, IndicateurCalcule
from aap_xl.appels.models import modele
from aap_xl.domain.data import Donnees
from aap_xl.domain.personnes import entre, entres
from aap_xl.domain.sorties import Taux, observes, sortants, taux_dynamique
from aap_xl.euros import ZERO
from aap_xl.rows import Nature, Operation, Participant, Row

_FIGURES: Mapping[str, Callable[[Donnees], int]] = {
    "entrees": lambda d: len(entres(d)),
    "parcours": lambda d: sum(map(entre, d.participants)),
    "sorties": lambda d: len(sortants(d)),
    "dynamiques": lambda d: taux_dynamique(d).numerateur,
    "prevues": lambda d: d.operation.personnes_prevues or 0,
}


_COMPTEES = (Nature.OUINON, Nature.CHOIX, Nature.DATE)
"""What is counted in a column; the rest is added up."""


@cache
def parties(item: IndicateurCalcule, appel: Appel) -> tuple[Terme, ...]:
    """The counts that an indicator is made of."""
    return termes(item.formule, appel)


def compter(terme: Terme, d: Donnees) -> int | Decimal:
    """One count; of « Participants », the persons who entered, by their last stay, but sums are of every stay."""
    if terme.figure:
        return _figure(terme.figure, d)
    if terme.table == Operation.table:
        found: int | Decimal | None = getattr(d.operation, terme.champ)
        return found or 0
    rows: Sequence[Row] = d.rows(terme.table)
    if not terme.champ:
        return sum(not row.manque(next(iter(row.champs))) for row in rows)
    if terme.table == Participant.table:
        summed = modele(d.appel, terme.table).champs[terme.champ].nature not in _COMPTEES
        rows = [row for row in d.participants if entre(row)] if summed else entres(d)
    return _of_column([getattr(row, terme.champ) for row in rows], terme, d.appel)


def _figure(nom: str, d: Donnees) -> int:
    point = a_un_point(nom, d.appel)
    if point is None:
        return _FIGURES[nom](d)
    return len(observes(d, point)) if nom.startswith(ECHUES) else taux_dynamique(d, point).numerateur


def _of_column(values: Sequence[Any], terme: Terme, appel: Appel) -> int | Decimal:
    kind = modele(appel, terme.table).champs[terme.champ].nature
    if kind is Nature.OUINON:
        return values.count(True)
    if terme.codes:
        return sum(value in terme.codes for value in values)
    if kind is Nature.DATE:
        return sum(value is not None for value in values)
    return sum((value for value in values if value is not None), ZERO)


def calculer(item: IndicateurCalcule, d: Donnees) -> tuple[int | Decimal, ...]:
    """Its counts: one, or a numerator and a denominator."""
    return tuple(compter(terme, d) for terme in parties(item, d.appel))


def taux(item: IndicateurCalcule, d: Donnees) -> Decimal | None:
    """Its rate; ``None`` where it has none, or nothing to divide by."""
    number, *whole = calculer(item, d)
    return Decimal(number) / whole[0] if whole and whole[0] else None


def fraction(item: IndicateurCalcule, d: Donnees) -> Taux | None:
    """The same as a fraction, where both counts are whole numbers."""
    number, *whole = calculer(item, d)
    if (
        not whole
        or not whole[0]
        or any(nature(terme, d.appel) is not Nature.ENTIER for terme in parties(item, d.appel))
    ):
        return None
    return Taux(int(number), int(whole[0]))


def atteint(item: IndicateurCalcule, d: Donnees) -> bool | None:
    """Whether its threshold is reached; ``None`` without one, or without a rate."""
    return item.atteint(taux(item, d) if item.taux else Decimal(calculer(item, d)[0]))


def par_code(d: Donnees, code: str) -> IndicateurCalcule:
    """One of the call's indicators."""
    return next(item for item in d.appel.indicateurs_calcules if item.code == code)
