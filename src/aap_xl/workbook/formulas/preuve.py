"""What the dates of a contract do not prove, as a formula says it: the mirror of `domain.preuve`.

``COUNT`` leaves out what is not a date; ``IF`` without its third part is false.
"""

from aap_xl.appels.model import Volet
from aap_xl.domain import preuve
from aap_xl.workbook.formulas.lists import mois
from aap_xl.workbook.formulas.refs import Refs

_P = "participants"


def fautes(r: Refs, volet: Volet, rang: str) -> list[str]:
    """The conditions under which a contract proves nothing, at exit or at a follow-up point.

    Args: rang: the formula of the situation's rank.
    """
    return list(filter(None, _suivi(r, volet) if volet.mois else _sortie(r, rang)))


def fins(r: Refs) -> list[str]:
    """The days that end the contract held at exit: the first of them is its last."""
    return _ici(r, "fin_contrat", "rupture_contrat")


def _ici(r: Refs, *champs: str) -> list[str]:
    return [r.ici(_P, champ) for champ in champs if r.a(_P, champ)]


def _known(days: list[str], *conditions: str) -> str:
    """Whether one of some conditions holds; false while none of the days is known, nothing without their columns."""
    found = ",".join(filter(None, conditions)) if days else ""
    return f"IF(COUNT({','.join(days)}),OR({found}))" if found else ""


class _Fautes:
    """The conditions of one call: those of the faults that it holds to be blocking."""

    def __init__(self, r: Refs) -> None:
        assert r.appel.sorties  # noqa: S101 (a class is computed)
        self.r, self.sorties, self.blocking = r, r.appel.sorties, preuve.bloquantes(r.appel)

    def dit(self, code: str, condition: str, *days: list[str]) -> str:
        """A condition of one fault on days that are all known."""
        if code not in self.blocking or not all(days):
            return ""
        counts = "*".join(f"COUNT({','.join(group)})" for group in days)
        return f"IF({counts},{condition})"

    def annee(self, sortie: str, days: list[str]) -> str:
        """Whether nobody can mean the year of a date: the latest of them tells, or the earliest."""
        ecart, written = self.sorties.preuve.ecart_annees, ",".join([sortie, *days])
        if ecart is None or preuve.ANNEE not in self.blocking or not days:
            return ""
        return f"MAX(YEAR(MAX({written}))-YEAR({sortie}),YEAR({sortie})-YEAR(MIN({written})))>{ecart}"


def _sortie(r: Refs, rang: str) -> list[str]:
    x = _Fautes(r)
    champs = ("date_sortie", "debut_contrat", "fin_contrat", "rupture_contrat")
    sortie, debut, fin, rupture = (_ici(r, champ) for champ in champs)
    out, start, end, broken = ("".join(day) for day in (sortie, debut, fin, rupture))
    late = ""
    if any(x.sorties.debut_mois(item.code) is not None for item in x.sorties.situations):
        late = x.dit(preuve.TROP_TARD, f"{start}>EDATE({out},INDEX(l_debuts,{rang}))", debut)
    ended = x.dit(preuve.DEJA_FINI, f"MIN({','.join(fins(r))})<{out}", fins(r))
    backwards = x.dit(preuve.ROMPU_A_TORT, f"{broken}<{start}", debut)
    beyond = x.dit(preuve.ROMPU_A_TORT, f"{broken}>{end}", fin)
    return [_known(sortie, late, ended, x.annee(out, debut + fins(r))), _known(rupture, backwards, beyond)]


def _suivi(r: Refs, point: Volet) -> list[str]:
    x = _Fautes(r)
    sortie, le, debut, fin = (_ici(r, champ) for champ in ("date_sortie", point.date, point.debut, point.fin))
    held, rupture = _ici(r, "debut_contrat"), _ici(r, "rupture_contrat")
    out, when, start, end = ("".join(day) for day in (sortie, le, debut, fin))
    early = f"{when}<EDATE({out},{mois(point)}-{point.avance})"
    broken = f"AND({start}={''.join(held)},{''.join(rupture)}<{when})"
    return [
        _known(sortie, x.dit(preuve.AVANT_L_HEURE, early, le), x.annee(out, debut + fin)),
        _known(
            le,
            x.dit(preuve.FINI_AU_SUIVI, f"{end}<{when}", fin),
            x.dit(preuve.FINI_AU_SUIVI, broken, debut, held, rupture),
            x.dit(preuve.PAS_COMMENCE, f"{start}>{when}", debut),
        ),
    ]
