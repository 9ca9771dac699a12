"""Dates as the calls count them: months date to date, completed years, deposit sessions, deadlines.

Every end is a last day, included. N months after the 31st is the last day of a shorter month, as EDATE does.
"""

from datetime import date, timedelta
from functools import lru_cache

from aap_xl.appels.model import Appel, Fenetre
from aap_xl.domain.data import Donnees
from aap_xl.rows import Operation

FIN_OPERATION = "fin de l'opération"
FIN_CONVENTION = "fin effective de la convention"
_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def add_months(debut: date, mois: int) -> date:
    """The same day ``mois`` months later (earlier if negative), the month's last day if it is shorter."""
    year, month = divmod(debut.year * 12 + debut.month - 1 + mois, 12)
    return date(year, month + 1, min(debut.day, _length(year, month + 1)))


def _length(year: int, month: int) -> int:
    """The days of a month; `calendar` would import all that says how dates are written in every country."""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=_length(day.year, day.month))


def last_day(debut: date, mois: int) -> date:
    """The last day of a period of ``mois`` months that starts on ``debut``."""
    return add_months(debut, mois) - _DAY


def latest_end(debut: date, mois: int, *, strict: bool = False) -> date:
    """The latest day on which a period of ``mois`` months at most may end (``strict``: of less)."""
    return last_day(debut, mois) - _DAY * strict


def lasts(debut: date, fin: date, mois: int, *, strict: bool = False) -> bool:
    """Whether a period, both bounds included, reaches ``mois`` months date to date (``strict``: exceeds them)."""
    last = last_day(debut, mois)
    return fin > last if strict else fin >= last


def mois_complets(debut: date, fin: date) -> int:
    """The whole months, date to date, of a period, bounds included; 0 when it ends before it starts."""
    estimate = max(0, (fin.year - debut.year) * 12 + fin.month - debut.month)
    if lasts(debut, fin, estimate + 1):
        return estimate + 1
    return estimate if estimate == 0 or lasts(debut, fin, estimate) else estimate - 1


def mois_entames(debut: date, fin: date) -> int:
    """The months begun in a period, bounds included: whole months, and one more for any rest."""
    complets = mois_complets(debut, fin)
    return complets + (fin > last_day(debut, complets))


def lundi(le: date) -> date:
    """The Monday of a day's week."""
    return le - timedelta(days=le.weekday())


def age(naissance: date, le: date) -> int:
    """Completed years on a day; someone born on 29 February completes a year on 1 March in common years."""
    return le.year - naissance.year - ((le.month, le.day) < (naissance.month, naissance.day))


def fenetres(appel: Appel, depot: date | None, debut: date | None) -> Fenetre | None:
    """The deposit session of a file: the one open on the deposit date that covers the start.

    Args:    depot: the day the file was deposited; debut: the first day of the operation.
    Returns: the session, ``None`` if there is none or a date is unknown. A start covered by two sessions
             belongs to the one in which the file was deposited.
    Source:  3.3 and 3.7, « Durée et financement », 1.
    """
    if depot is None or debut is None:
        return None
    for fenetre in appel.depots:
        deposited = fenetre.depot_du <= depot <= fenetre.depot_au
        if deposited and fenetre.debut_du <= debut and (fenetre.debut_au is None or debut <= fenetre.debut_au):
            return fenetre
    return None


def echeances_bilan(operation: Operation, appel: Appel) -> dict[str, date]:
    """When the final bilan is due, for each end that is known; alerts use the earlier.

    Source: 3.3, « Évaluation », 2 (fin effective de la convention) and « Durée et financement », 4 (fin d'exécution).
    """
    ends = {FIN_OPERATION: operation.date_fin, FIN_CONVENTION: operation.date_fin_convention}
    delai = appel.operation.bilan_delai_mois
    return {libelle: add_months(fin, delai) for libelle, fin in ends.items() if fin is not None}


def echeance_bilan(operation: Operation, appel: Appel) -> date | None:
    """The earliest date on which the final bilan may be due."""
    return min(echeances_bilan(operation, appel).values(), default=None)


def trimestre(debut: date, le: date, intervalle: int) -> int:
    """In which period of ``intervalle`` months of the operation a day falls, from 1; 0 before the operation."""
    if le < debut:
        return 0
    return mois_complets(debut, le - _DAY) // intervalle + 1


def periodes(debut: date, fin: date, intervalle: int) -> list[tuple[date, date]]:
    """The operation cut into periods of ``intervalle`` months, first and last days; the last may be shorter."""
    found = []
    start, number = debut, 0
    while start <= fin:
        number += 1
        following = add_months(debut, number * intervalle)
        found.append((start, min(fin, following - _DAY)))
        start = following
    return found


def comites_attendus(donnees: Donnees) -> int:
    """How many committees should have met: one per period elapsed today, or the call's minimum, prorated.

    Returns: 0 while the operation's dates are unknown, and for a call without committees. Without a stated
             interval, the minimum is prorated to the months elapsed, rounded down, and whole on the last day.
    """
    comites, debut, fin = donnees.appel.comites, donnees.operation.date_debut, donnees.operation.date_fin
    if comites is None or debut is None or fin is None or fin < debut:
        return 0
    le = min(donnees.aujourdhui, fin)
    if comites.intervalle_mois:
        return mois_complets(debut, le) // comites.intervalle_mois
    if le == fin:
        return comites.minimum
    return comites.minimum * mois_complets(debut, le) // mois_entames(debut, fin)


def prorata_capacite(appel: Appel, debut: date | None, fin: date | None) -> int | None:
    """The yearly capacity brought to the operation's length.

    Returns: people, counting the months begun and rounding up; ``None`` if the call states no capacity or the
             dates are unknown.
    Source:  3.7, « Contenu du projet »: 15 participants a year; the proration is our reading.
    """
    par_an = appel.operation.personnes_par_an
    if par_an is None or debut is None or fin is None or fin < debut:
        return None
    return -(-par_an * mois_entames(debut, fin) // 12)
