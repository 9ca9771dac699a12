"""What the dates of a contract do not prove, as a formula says it: the mirror of `domain.preuve`."""

from collections.abc import Iterator

from aap_xl.appels.model import Volet
from aap_xl.domain import preuve
from aap_xl.workbook.formulas.listes import mois
from aap_xl.workbook.formulas.refs import Refs

_P = "participants"


def fautes(r: Refs, volet: Volet, rang: str) -> list[str]:
    """The conditions under which a contract proves nothing, at exit or at a follow-up point.

    Args: rang: the formula of the situation's rank.
    """
    checks = _suivi(r, volet) if volet.mois else _sortie(r, rang)
    return [found for code, found in checks if found and code in preuve.bloquantes(r.appel)]


def _ici(r: Refs, champ: str) -> str:
    return r.ici(_P, champ) if r.a(_P, champ) else ""


def _compare(a: str, condition: str, b: str) -> str:
    """A condition on two dates; false while one of them is not known, nothing without its column."""
    return f"IF(COUNT({a},{b})=2,{condition},FALSE)" if a and b else ""


def fin_reelle(r: Refs) -> str:
    """The last day of the contract held at exit."""
    fin, rupture = _ici(r, "fin_contrat"), _ici(r, "rupture_contrat")
    if not (fin and rupture):
        return fin or rupture or '""'
    return f'IF(COUNT({fin},{rupture})=0,"",MIN({fin},{rupture}))'


def _years(r: Refs, sortie: str, day: str) -> str:
    ecart = r.appel.sorties.preuve.ecart_annees if r.appel.sorties else None
    return _compare(sortie, f"ABS(YEAR({day})-YEAR({sortie}))>{ecart}", day) if ecart is not None else ""


def _sortie(r: Refs, rang: str) -> Iterator[tuple[str, str]]:
    assert r.appel.sorties  # noqa: S101 (a class is computed)
    sortie, debut, fin, rupture = (
        _ici(r, nom) for nom in ("date_sortie", "debut_contrat", "fin_contrat", "rupture_contrat")
    )
    if any(r.appel.sorties.debut_mois(item.code) is not None for item in r.appel.sorties.situations):
        yield preuve.TROP_TARD, _compare(sortie, f"{debut}>EDATE({sortie},INDEX(l_debuts,{rang}))", debut)
    for day in (fin, rupture):
        yield preuve.DEJA_FINI, _compare(sortie, f"{day}<{sortie}", day)
    for day in (debut, fin, rupture):
        yield preuve.ANNEE, _years(r, sortie, day)
    yield preuve.ROMPU_A_TORT, _compare(debut, f"{rupture}<{debut}", rupture)
    yield preuve.ROMPU_A_TORT, _compare(fin, f"{rupture}>{fin}", rupture)


def _suivi(r: Refs, point: Volet) -> Iterator[tuple[str, str]]:
    sortie, le, debut, fin = (_ici(r, nom) for nom in ("date_sortie", point.date, point.debut, point.fin))
    yield preuve.AVANT_L_HEURE, _compare(sortie, f"{le}<EDATE({sortie},{mois(point)}-{point.avance})", le)
    yield preuve.FINI_AU_SUIVI, _compare(le, f"{fin}<{le}", fin)
    held, rupture = _ici(r, "debut_contrat"), _ici(r, "rupture_contrat")
    if held and rupture and debut and le:
        broken = f"AND({debut}={held},{rupture}<{le})"
        yield preuve.FINI_AU_SUIVI, f"IF(COUNT({le},{debut},{held},{rupture})=4,{broken},FALSE)"
    yield preuve.PAS_COMMENCE, _compare(le, f"{debut}>{le}", debut)
    for day in (debut, fin):
        yield preuve.ANNEE, _years(r, sortie, day)
