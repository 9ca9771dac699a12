"""What can be retained of an expense before any cap, and why not: its line, dates, payment, evidence, decision.

An expense is a row of « Dépenses » or a month of « Salaires ». What the call says of dates and payments is in its
``budget.eligibilite``.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aap_xl.appels.model import DateRetenue, Decision, Eligibilite, FinAnticipee, ReglePaiement
from aap_xl.domain.calendrier import month_end
from aap_xl.domain.data import Donnees, once
from aap_xl.euros import ZERO, arrondi
from aap_xl.records import Values
from aap_xl.rows import Charge, Depense, Personnel, Salaire

NON_PREVUE = "Ligne non prévue"
DANS_SALAIRES = "Déjà dans Salaires"
REFUSEE = "Refusée"
A_JUSTIFIER = "À justifier"
EN_PARTIE = "Retenue en partie"
HORS_PERIODE = "Hors période"
SANS_JUSTIFICATIF = "Sans justificatif"
A_CHEVAL = "Période à vérifier"
PAIEMENT = "Paiement à vérifier"

A_VERIFIER = (A_CHEVAL, PAIEMENT)
"""Reasons to verify an expense, which the call retains meanwhile or not."""

Engagee = Depense | Salaire
"""One expense as read."""
LigneSource = Personnel | Charge
"""A planned budget line as read: a row of « Personnel » or of « Charges »."""


class Jugee(Values):
    """An expense: the planned line it is booked on, its euros, those that can be retained of it, and why not all."""

    ligne: LigneSource | None
    montant: Decimal
    admissible: Decimal
    motif: str

    @property
    def comptee(self) -> bool:
        """Whether it counts as spent: a salary told in both sheets counts once."""
        return self.motif != DANS_SALAIRES


def cout_salaire(s: Salaire) -> Decimal | None:
    """What one month costs the operation: (gross + contributions − aids) × share, half-up; ``None`` if unknown."""
    if s.brut is None or s.quotite is None or s.illisibles & {"cotisations", "aides"}:
        return None
    return arrondi((s.brut + (s.cotisations or ZERO) - (s.aides or ZERO)) * s.quotite)


def montant(x: Engagee) -> Decimal | None:
    """The euros of an expense, half-up; ``None`` when they can't be known."""
    if isinstance(x, Salaire):
        return cout_salaire(x)
    return None if x.montant is None else arrondi(x.montant)


def avoir(x: Engagee) -> bool:
    """Whether it is a credit note."""
    return isinstance(x, Depense) and x.montant is not None and x.montant < 0


def nom(x: Engagee) -> str:
    """What an expense is called: its document, or its month; nobody's name."""
    if isinstance(x, Depense):
        return x.document or ""
    return "Salaire" if x.mois is None else f"Salaire {x.mois:%m/%Y}"


def ligne_prevue(x: Engagee, donnees: Donnees) -> LigneSource | None:
    """The planned line an expense is booked on, ``None`` if it was not planned; a salary is one of « Personnel »."""
    found = donnees.budget_par_code.get(x.ligne_budget.casefold()) if x.ligne_budget else None
    return None if isinstance(x, Salaire) and not isinstance(found, Personnel) else found


@once
def lignes_de_salaires(donnees: Donnees) -> frozenset[str]:
    """The codes of the staff lines that « Salaires » pays, without case."""
    return frozenset(s.ligne_budget.casefold() for s in donnees.salaires if s.ligne_budget)


@once
def jugees(donnees: Donnees) -> list[Jugee]:
    """Every row of « Dépenses », in the sheet's order."""
    return _judge(donnees, donnees.depenses)


@once
def salaires_juges(donnees: Donnees) -> list[Jugee]:
    """Every row of « Salaires », in the sheet's order."""
    return _judge(donnees, donnees.salaires)


def engagees(donnees: Donnees) -> list[tuple[Engagee, Jugee]]:
    """Every expense of both sheets with what becomes of it."""
    rows: list[Engagee] = [*donnees.depenses, *donnees.salaires]
    return list(zip(rows, [*jugees(donnees), *salaires_juges(donnees)], strict=True))


def _judge(donnees: Donnees, rows: Sequence[Engagee]) -> list[Jugee]:
    return [juger(x, donnees) for x in rows]


def juger(x: Engagee, donnees: Donnees) -> Jugee:
    """What becomes of one expense.

    The officer's « retenue », or the amount retained, lifts dates and evidence, never an unplanned line. A credit
    note is deducted unless the officer refuses it: whatever else it lacks would pay.

    Source: 3.3, « Évaluation », 2: planned in the application and really incurred.
    """
    ligne, euros = ligne_prevue(x, donnees), montant(x) or ZERO
    motif = _motif(x, ligne, donnees)
    kept = ZERO
    if not motif or (motif in A_VERIFIER and donnees.appel.budget.eligibilite.a_verifier_retenu):
        kept = euros
    elif motif == EN_PARTIE:
        kept = _retenu(x, euros)
    return Jugee(ligne, euros, kept, motif)


def _retenu(x: Engagee, euros: Decimal) -> Decimal:
    """What the officer retains of an expense: all of it, or a part that is never below zero nor above the expense."""
    return euros if x.montant_retenu is None else max(ZERO, min(arrondi(x.montant_retenu), euros))


def _motif(x: Engagee, ligne: LigneSource | None, donnees: Donnees) -> str:
    """Why not all of it can be retained without more: its line first, then the officer, then dates and evidence."""
    if ligne is None:
        return NON_PREVUE
    if dans_salaires(x, donnees):
        return DANS_SALAIRES
    decided = _decided(x)
    if decided is not None:
        return decided
    when = place(x, donnees)
    if when != HORS_PERIODE and x.justificatif is not True:
        return SANS_JUSTIFICATIF
    return when or ("" if payee(x, donnees) else PAIEMENT)


def dans_salaires(x: Engagee, donnees: Donnees) -> bool:
    """Whether an expense is booked on a staff line that « Salaires » pays."""
    if not isinstance(x, Depense) or not isinstance(ligne_prevue(x, donnees), Personnel):
        return False
    return (x.ligne_budget or "").casefold() in lignes_de_salaires(donnees)


def _decided(x: Engagee) -> str | None:
    """What the officer's decision says of it; ``None`` when it is for the rest to say."""
    if x.decision == Decision.REFUSEE:
        return REFUSEE
    if avoir(x):
        return ""
    if x.decision == Decision.A_JUSTIFIER:
        return A_JUSTIFIER
    if not levee(x):
        return None
    euros = montant(x) or ZERO
    return EN_PARTIE if _retenu(x, euros) != euros else ""


def levee(x: Engagee) -> bool:
    """Whether the officer settled the expense, wholly or in part: its dates and evidence matter no more."""
    return x.decision == Decision.RETENUE or x.montant_retenu is not None


def prestation(x: Engagee, regle: Eligibilite) -> tuple[date, date] | None:
    """The first and last day of what was paid, ``None`` when no date is known; one known day is both."""
    if isinstance(x, Salaire):
        return None if x.mois is None else (x.mois.replace(day=1), month_end(x.mois))
    days = [day for day in (x.prestation_du, x.prestation_au) if day] if regle.date == DateRetenue.PRESTATION else []
    if not days and x.date_piece:
        days = [x.date_piece]
    return (min(days), max(days)) if days else None


def fins(donnees: Donnees) -> tuple[date | None, date | None]:
    """The last day beyond which a cost is lost, and that beyond which it is to be verified."""
    o, effect = donnees.operation, donnees.appel.budget.eligibilite.fin_anticipee
    early = min((day for day in (o.date_fin, o.date_fin_convention) if day), default=None)
    return (
        early if effect == FinAnticipee.BORNE else o.date_fin,
        o.date_fin if effect == FinAnticipee.IGNOREE else early,
    )


def place(x: Engagee, donnees: Donnees) -> str:
    """``HORS_PERIODE``, ``A_CHEVAL`` for what is partly outside, or ``""``; an unknown date is not outside."""
    found = prestation(x, donnees.appel.budget.eligibilite)
    if found is None:
        return ""
    (du, au), debut, (perdu, doute) = found, donnees.operation.date_debut, fins(donnees)
    if _before(au, debut, donnees) or _before(perdu, du, donnees):
        return HORS_PERIODE
    return A_CHEVAL if _before(du, debut, donnees) or _before(doute, au, donnees) else ""


def _before(day: date | None, limit: date | None, donnees: Donnees) -> bool:
    """Whether a day precedes another by more than the call tolerates."""
    tolerance = donnees.appel.budget.eligibilite.tolerance_jours
    return day is not None and limit is not None and (limit - day).days > tolerance


def payee(x: Engagee, donnees: Donnees) -> bool:
    """Whether the call's rule of payment is met; no date is never better than one."""
    regle, le = donnees.appel.budget.eligibilite.paiement, x.date_paiement
    feuille = donnees.appel.classeur.tables.get(x.table)
    if regle == ReglePaiement.LIBRE or (feuille and "date_paiement" not in feuille.colonnes):
        return True
    if le is None or le > dernier_paiement(donnees):
        return False
    o = donnees.operation
    inside = not (_before(le, o.date_debut, donnees) or _before(o.date_fin, le, donnees))
    return inside or regle == ReglePaiement.AVANT_DEPOT


def dernier_paiement(donnees: Donnees) -> date:
    """The last day a payment counts: that of the final bilan's deposit, today before it."""
    return donnees.operation.date_bilan or donnees.aujourdhui
