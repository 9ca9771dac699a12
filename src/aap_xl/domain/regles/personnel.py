"""B, continued: staff — shares of time, assignments, hours."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from operator import itemgetter

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.domain.budget import cout_personnel
from aap_xl.domain.calendrier import add_months
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import HorsListe
from aap_xl.domain.regles.tools import au_choix, bornes, constat, groupes, hors, rempli, utilise, vide
from aap_xl.euros import somme
from aap_xl.francais import cite, enumere, jour, nombre, periode, pourcent
from aap_xl.rows import Personnel, Row
from aap_xl.texte import normaliser


def _periode(p: Personnel, d: Donnees) -> tuple[date, date]:
    """When someone is assigned; unknown dates are the operation's."""
    return p.debut or d.operation.date_debut or date.min, p.fin or d.operation.date_fin or date.max


def _part_max(parts: Sequence[tuple[Personnel, Fraction]], d: Donnees) -> tuple[Fraction, list[Personnel]]:
    """The highest sum of shares on one day, and the lines that make it."""
    spans = [(*_periode(p, d), part, p) for p, part in parts]
    starts = sorted({span[0] for span in spans})
    days = ([(part, p) for first, last, part, p in spans if first <= start <= last] for start in starts)
    sums = ((sum((part for part, _ in day), Fraction()), [p for _, p in day]) for day in days)
    return max(sums, key=itemgetter(0))


def _quotites(lignes: Sequence[Personnel]) -> list[tuple[Personnel, Fraction]]:
    return [(p, Fraction(p.quotite)) for p in lignes if p.quotite]


def _part_des_heures(p: Personnel, base: Decimal, d: Donnees) -> Fraction | None:
    """Signed hours as a share of a full time over their period, from the yearly base; ``None`` if it can't be known."""
    du, au = _periode(p, d)
    if not p.heures or date.min in (du, au) or au.year >= date.max.year or au < du:
        return None
    year = (add_months(du, 12) - du).days
    return Fraction(p.heures) * year / (Fraction(base) * ((au - du).days + 1))


@rule("B03", on=Donnees)
def quotites_au_dela_du_plein_temps(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """On any day the shares of one person do not exceed 100 % in all."""
    for lignes in groupes(d.personnel, lambda p: normaliser(p.salarie) if p.salarie and p.quotite else None).values():
        total, ensemble = _part_max(_quotites(lignes), d)
        if len(ensemble) > 1 and total > 1:
            texte = f"les quotités d'un même salarié font {_pourcent(total)} sur la même période ({_codes(ensemble)})"
            yield constat(ensemble[-1], "quotite", Dit(texte, "ramenez leur somme à 100 % au plus"), d)


def _codes(lignes: Sequence[Personnel]) -> str:
    return f"lignes {enumere(cite(p.code or f'ligne {p.ligne}') for p in lignes)}"


def _pourcent(part: Fraction) -> str:
    """A share in words, to the tenth of a percent above, so that what exceeds 100 % is never told as 100 %."""
    return pourcent(Decimal(ceil(part * 1000)) / 1000)


@rule("B17", on=Donnees)
def quotites_et_heures(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """On any day the shares of one person and the signed hours, brought to the yearly base, stay within 100 %."""
    base = d.operation.base_heures
    if not base or base < 0:
        return
    for lignes in groupes(d.personnel, lambda p: normaliser(p.salarie) if p.salarie else None).values():
        quotites = _quotites(lignes)
        heures = [(p, part) for p in lignes if not p.quotite and (part := _part_des_heures(p, base, d))]
        if not quotites or not heures or _part_max(quotites, d)[0] > 1:
            continue
        total, ensemble = _part_max([*quotites, *heures], d)
        if total > 1:
            texte = f"quotités et heures d'un même salarié font {_pourcent(total)} d'un plein temps "
            texte += f"({_codes(ensemble)} ; base de {nombre(base)} h par an)"
            yield constat(ensemble[-1], "heures", Dit(texte, "ramenez leur somme à 100 % au plus"), d)


@rule("B04", on=Personnel)
def affectation_hors_operation(p: Personnel, d: Donnees) -> Iterator[Constat]:
    """Staff are assigned inside the operation, in the right order."""
    du, au = bornes(d)
    for nom in ("debut", "fin"):
        le = getattr(p, nom)
        if hors(le, du, au):
            texte = Dit(
                f"le {jour(le)} est hors de l'opération ({periode(du, au)})", "limitez l'affectation à l'opération"
            )
            yield constat(p, nom, texte, d)
    if p.debut and p.fin and p.fin < p.debut:
        texte = Dit(f"la fin ({jour(p.fin)}) précède le début ({jour(p.debut)})", "corrigez l'une des deux dates")
        yield constat(p, "fin", texte, d)


@rule("B05", on=HorsListe)
def role_inconnu(f: HorsListe, _: Donnees) -> Iterator[Constat]:
    """The role of a member of staff is one the call names."""
    texte = Dit(f"la fonction {cite(f.saisi)} n'est pas de celles de l'appel", f"choisissez {au_choix(f.choix)}")
    yield f.cell, texte, f.saisi


@rule("B12", on=Personnel)
def cout_incalculable(p: Personnel, d: Donnees) -> Iterator[Constat]:
    """A salary cost comes from a salary and a share of time, or from an hourly rate and hours, not both."""
    if cout_personnel(p) is not None or p.illisibles & {"brut", "quotite", "taux_horaire", "heures"}:
        return
    salaire = rempli(p, "brut") or rempli(p, "quotite")
    horaire = rempli(p, "taux_horaire") or rempli(p, "heures")
    if not salaire and not horaire:
        texte = Dit("le coût ne peut pas être calculé", "saisissez salaire brut et quotité, ou taux horaire et heures")
        yield from _sur(p, ("quotite", "heures"), texte, d)
    elif p.quotite is not None and p.brut is not None and horaire:
        texte = Dit("quotité et heures signées sont toutes deux saisies", "gardez une seule façon de calculer le coût")
        yield from _sur(p, ("heures", "taux_horaire"), texte, d)
    else:
        for nom in ("brut", "quotite") if salaire else ("taux_horaire", "heures"):
            if vide(p, nom, d):
                texte = Dit("le coût ne peut pas être calculé", f"complétez {cite(p.champs[nom].entete)}")
                yield constat(p, nom, texte, d)


def _sur(row: Row, noms: Sequence[str], texte: str, d: Donnees) -> Iterator[Constat]:
    """The finding on the first of some fields that the sheet has."""
    nom = next((nom for nom in noms if utilise(row, nom, d)), None)
    if nom:
        yield constat(row, nom, texte, d)


@rule("B15", on=Donnees)
def base_horaire(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Where hours are used, the yearly base is named, known, and not exceeded by one person."""
    o, bases = d.operation, d.appel.budget.bases_heures
    avec_heures = [p for p in d.personnel if p.heures]
    if not avec_heures:
        return
    connues = [f"{nombre(base)} h" for base in bases]
    if vide(o, "base_heures", d):
        exemple = f", par exemple {enumere(connues, 'ou')}" if bases else ""
        yield constat(o, "base_heures", Dit("des heures sont comptées sans base horaire", f"indiquez-la{exemple}"), d)
    if o.base_heures is None:
        return
    if bases and o.base_heures not in bases:
        texte: str = Dit(f"{nombre(o.base_heures)} h n'est pas une base connue", f"retenez {enumere(connues, 'ou')}")
        yield constat(o, "base_heures", texte, d)
    for lignes in groupes(avec_heures, lambda p: normaliser(p.salarie) if p.salarie else p.ligne).values():
        total = somme(p.heures for p in lignes)
        if total > o.base_heures:
            texte = f"{nombre(total)} h pour un seul salarié dépassent la base de {nombre(o.base_heures)} h"
            yield constat(lignes[-1], "heures", Dit(texte, "vérifiez les heures signées"), d)
