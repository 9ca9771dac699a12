"""What a return amounts to, computed from what was typed and from the calls' texts: nothing of the package is used."""

import datetime as dt
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from retours.argent import cout, demi
from retours.cadre import LE, Faits, mois_apres
from retours.saisies import Ligne, lu

_ZERO = Decimal(0)
_JOUR = dt.timedelta(days=1)
_DURABLE, _TRANSITION, _POSITIVE = "Emploi durable", "Emploi de transition", "Sortie positive"
_CLASSES: dict[Any, str] = {
    **dict.fromkeys(("cdi", "cdi_aide", "creation", "fonction_publique"), _DURABLE),
    "cdd_aide": _TRANSITION,
    **dict.fromkeys(("siae", "formation"), _POSITIVE),
    **dict.fromkeys(("sans_solution", "abandon", "exclusion", "inconnue"), "Sortie non dynamique"),
    "retrait": "Retrait",
}
DYNAMIQUES = {_DURABLE, _TRANSITION, _POSITIVE, "Autre sortie positive"}
A_QUALIFIER = "À qualifier"


@dataclass
class Compte:
    """The totals of one operation. ``poste``: category → planned, actual, retained direct costs."""

    prevues: int | None = None
    entrees: int = 0
    parcours: int = 0
    brsa: int = 0
    sorties: int = 0
    dynamiques: int = 0
    suivis: int | None = None
    dynamiques_suivi: int | None = None
    classes: Counter[str] = field(default_factory=Counter)
    classes_suivi: Counter[str] = field(default_factory=Counter)
    prevu: Decimal = _ZERO
    realise: Decimal = _ZERO
    retenu: Decimal = _ZERO
    demandee: Decimal | None = None
    votee: Decimal | None = None
    ajustement: Decimal | None = None
    avance: Decimal | None = None
    du: Decimal | None = None
    solde: Decimal | None = None
    a_reverser: Decimal | None = None
    depenses: int = 0
    montant: Decimal = _ZERO
    heures: Decimal = _ZERO


def compter(f: Faits) -> Compte:
    """The totals of a dossier, as what is to be read in it makes them."""
    o = {nom: lu(valeur) for nom, valeur in f.operation.items()}
    tables = {
        nom: [{c: lu(v) for c, v in row.items()} for row in [*rows, *f.retouches.dessous.get(nom, [])]]
        for nom, rows in f.tables.items()
    }
    found = Compte(prevues=o.get("personnes_prevues"))
    _personnes(found, tables["participants"], six_mois="actions" in tables)
    _argent(found, f, o, tables)
    found.heures = sum((row.get("travail") or _ZERO for row in tables.get("heures", [])), _ZERO)
    return found


def classe(situation: Any, debut: Any, fin: Any, mois: Any, *, validee: bool) -> str:
    """The class of a situation, from the seeds' list of « sorties dynamiques »."""
    if situation in ("cdd", "mission"):
        long = _six_mois(debut, fin, mois)
        return A_QUALIFIER if long is None else _DURABLE if long else _TRANSITION
    if situation == "autre_positive":
        return "Autre sortie positive" if validee else A_QUALIFIER
    return _CLASSES.get(situation, A_QUALIFIER)


def _six_mois(debut: Any, fin: Any, mois: Any) -> bool | None:
    """Whether a contract reaches six months, date to date: its last day is the eve of the same day, or later."""
    if debut and fin:
        return None if fin < debut else bool(fin + _JOUR >= mois_apres(debut, 6))
    return None if mois is None or mois <= 0 else bool(mois >= 6)


def _plat(texte: Any) -> str:
    """A name as it is compared: its letters and digits alone."""
    letters = unicodedata.normalize("NFD", str(texte).casefold())
    return " ".join("".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in letters).split())


def par_personne(stays: list[Ligne]) -> list[list[Ligne]]:
    """The stays of each person, joined by a code or an identity in common, whatever the order of the lines."""
    groups: list[tuple[set[Any], list[tuple[int, Ligne]]]] = []
    for rang, p in enumerate(stays):
        marks: set[Any] = {str(p["code"]).casefold()} if p.get("code") else {rang}
        if p.get("nom") and p.get("prenom") and p.get("date_naissance"):
            marks.add((_plat(p["nom"]), _plat(p["prenom"]), p["date_naissance"]))
        rows = [(rang, p)]
        for group in [group for group in groups if group[0] & marks]:
            groups.remove(group)
            marks |= group[0]
            rows += group[1]
        groups.append((marks, rows))
    return [[p for _, p in sorted(rows, key=_venue)] for _, rows in groups]


def _venue(place: tuple[int, Ligne]) -> tuple[dt.date, int]:
    return place[1].get("date_entree") or dt.date.min, place[0]


def _personnes(found: Compte, stays: list[Ligne], *, six_mois: bool) -> None:
    found.parcours = sum(bool(p.get("date_entree")) for p in stays)
    for p in (rows[-1] for rows in par_personne(stays)):
        if p.get("date_entree"):
            found.entrees += 1
            found.brsa += p.get("brsa") is True
        if not p.get("date_sortie"):
            continue
        ends = [day for day in (p.get("fin_contrat"), p.get("rupture_contrat")) if day]
        dates = p.get("debut_contrat"), min(ends, default=None), p.get("mois_contrat")
        validee = bool(p.get("precision") and p.get("valide_par"))
        found.classes[classe(p.get("situation"), *dates, validee=validee) if _prouvee(p) else A_QUALIFIER] += 1
        if six_mois and mois_apres(p["date_sortie"], 6) <= LE:
            found.classes_suivi[_classe_suivi(p)] += 1
    found.sorties, found.dynamiques = found.classes.total(), sum(found.classes[c] for c in DYNAMIQUES)
    if six_mois:
        found.suivis = found.classes_suivi.total()
        found.dynamiques_suivi = sum(found.classes_suivi[c] for c in DYNAMIQUES)


def _prouvee(p: Ligne) -> bool:
    """Whether the contract is the one held on the day of the exit."""
    sortie, debut, fin, rupture = (
        p["date_sortie"],
        p.get("debut_contrat"),
        p.get("fin_contrat"),
        p.get("rupture_contrat"),
    )
    dates = [day for day in (debut, fin, rupture) if day]
    if any(abs(day.year - sortie.year) > 10 for day in dates) or any(day < sortie for day in (fin, rupture) if day):
        return False
    if debut and debut > mois_apres(sortie, 6 if p.get("situation") == "alternance" else 3):
        return False
    return not rupture or ((not debut or debut <= rupture) and (not fin or rupture <= fin))


def _prouvee_au_suivi(p: Ligne) -> bool:
    """Whether the point is made about six months after the exit, on a contract held that day."""
    le, debut, fin = p.get("date_suivi"), p.get("debut_contrat_suivi"), p.get("fin_contrat_suivi")
    same = debut and debut == p.get("debut_contrat")
    ends = [day for day in (fin, p.get("rupture_contrat") if same else None) if day]
    if any(abs(day.year - p["date_sortie"].year) > 10 for day in (debut, fin) if day):
        return False
    if le is None:
        return True
    return not (le < mois_apres(p["date_sortie"], 5) or (debut and debut > le) or any(day < le for day in ends))


def _classe_suivi(p: Ligne) -> str:
    if p.get("contact_suivi") != "fait" or not _prouvee_au_suivi(p):
        return A_QUALIFIER
    dates = p.get("debut_contrat_suivi"), p.get("fin_contrat_suivi"), p.get("mois_contrat_suivi")
    return classe(p.get("situation_suivi"), *dates, validee=bool(p.get("precision_suivi") and p.get("valide_par")))


def _argent(found: Compte, f: Faits, o: Ligne, tables: dict[str, list[Ligne]]) -> None:
    lines: dict[str, tuple[str, Decimal]] = {}
    planned: Counter[str] = Counter()
    alone = _ZERO
    for row in [*tables["personnel"], *tables["charges"]]:
        staff = "poste" not in row
        poste = "personnel" if staff else row["poste"]
        montant = cout(row) if staff else demi(row.get("prevu") or _ZERO)
        planned[poste] += montant  # type: ignore[assignment]
        if str(row["code"]).casefold() in lines:
            alone += min(_ZERO, montant)
        else:
            lines[str(row["code"]).casefold()] = poste, montant
    spent: dict[str, Decimal] = dict.fromkeys(lines, _ZERO)
    kept: dict[str, Decimal] = dict.fromkeys(lines, _ZERO)
    outside = _ZERO
    paid = {str(row.get("ligne_budget")).casefold() for row in tables["salaires"]} & {
        str(row["code"]).casefold() for row in tables["personnel"]
    }
    engaged = [(row, demi(row.get("montant") or _ZERO), False) for row in tables["depenses"]]
    engaged += [(row, _paie(row), True) for row in tables["salaires"]]
    found.depenses = len(engaged)
    for row, montant, salary in engaged:
        code = str(row.get("ligne_budget")).casefold()
        if code not in lines or (salary and code not in paid):
            outside += montant
        elif salary or code not in paid:
            spent[code] += montant
            kept[code] += _admis(row, montant, o)
    found.montant = outside + sum(spent.values(), _ZERO)
    margin = 1 + (o.get("fongibilite") or _ZERO)
    actual: Counter[str] = Counter()
    retained: Counter[str] = Counter()
    for code, (poste, prevu) in lines.items():
        actual[poste] += spent[code]  # type: ignore[assignment]
        retained[poste] += min(max(_ZERO, kept[code]), demi(prevu * margin))  # type: ignore[assignment]
    found.prevu, found.retenu = _avec_forfait(planned), _avec_forfait(retained) + alone
    found.realise = _avec_forfait(actual) + outside
    _solde(found, f, o, tables)


def _avec_forfait(postes: Counter[str]) -> Decimal:
    base = Decimal(postes["personnel"] + postes["fonctionnement"])
    return Decimal(sum(postes.values())) + demi(base * Decimal("0.2"))


def _paie(row: Ligne) -> Decimal:
    """A month of salary: gross and contributions less aids, for the share of time."""
    if row.get("brut") is None or row.get("quotite") is None:
        return _ZERO
    return demi((row["brut"] + (row.get("cotisations") or _ZERO) - (row.get("aides") or _ZERO)) * row["quotite"])


def _admis(row: Ligne, montant: Decimal, o: Ligne) -> Decimal:
    """What can be kept of an expense: a credit note always counts, unless refused; a late payment is kept."""
    if row.get("decision") == "refusee":
        return _ZERO
    if montant < 0:
        return montant
    if row.get("decision") == "a_justifier":
        return _ZERO
    if row.get("montant_retenu") is not None:
        return max(_ZERO, min(demi(row["montant_retenu"]), montant))
    if row.get("decision") == "retenue":
        return montant
    first, last = _service(row)
    during = first is None or (last >= o["date_debut"] and first <= o["date_fin"])
    return montant if during and row.get("justificatif") is True else _ZERO


def _service(row: Ligne) -> tuple[Any, Any]:
    """The first and last day of what was paid."""
    if "mois" in row:
        first = row["mois"].replace(day=1)
        return first, mois_apres(first, 1) - _JOUR
    days = [row[nom] for nom in ("prestation_du", "prestation_au") if row.get(nom)] or [row.get("date_piece")]
    return (None, None) if days == [None] else (min(days), max(days))


def _solde(found: Compte, f: Faits, o: Ligne, tables: dict[str, list[Ligne]]) -> None:
    found.demandee, found.votee, found.avance, found.ajustement = (
        o.get(nom) for nom in ("subvention_demandee", "subvention_votee", "avance", "ajustement")
    )
    if found.votee is None:
        return
    others = sum(
        demi(r["prevu"] if r.get("realise") is None else r["realise"])
        for r in tables["ressources"]
        if r["type"] not in ("departement", "fonds_propres")
    )
    limits = [demi(found.votee), found.retenu - others]
    if f.appel.identite.code == "3.7":
        limits.append(Decimal(50_000))
    if o.get("taux_intervention") is not None:
        limits.append(demi(found.retenu * o["taux_intervention"]))
    found.du = max(_ZERO, *[min(limits)])
    if o.get("ajustement") is not None:
        most = min([demi(found.votee), *([Decimal(50_000)] if f.appel.identite.code == "3.7" else [])])
        found.du = max(_ZERO, min(most, found.du + demi(o["ajustement"])))
    if found.avance is not None:
        rest = found.du - demi(found.avance)
        found.solde, found.a_reverser = max(_ZERO, rest), max(_ZERO, -rest)
