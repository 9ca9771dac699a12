"""The computed columns of the budget and of « Dépenses »: costs, what is spent, what is retained and why not."""

from collections.abc import Callable

from aap_xl.appels.model import DateRetenue, Decision, FinAnticipee, ReglePaiement
from aap_xl.domain import computed, eligibilite
from aap_xl.workbook.formulas.lists import AUJOURDHUI
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.layout import ENTETES


def cout(r: Refs) -> str:
    """The planned cost of an employee."""

    def ici(*noms: str) -> list[str]:
        return [r.ici("personnel", nom) for nom in noms if r.a("personnel", nom)]

    by_share, by_hours = ici("brut", "quotite"), ici("taux_horaire", "heures")
    share_count = f"COUNT({','.join(by_share)})=2" if by_share else "FALSE"
    hour_count = f"COUNT({','.join(by_hours)})=2" if by_hours else "FALSE"
    parts = ",".join(ici("brut", "cotisations", "taxes", "aides", "quotite"))
    minus = f"-SUM({','.join(ici('aides'))})" if ici("aides") else ""
    salary = f"(SUM({','.join(ici('brut', 'cotisations', 'taxes'))}){minus})*{by_share[1]}" if by_share else "0"
    share = f'IF(COUNTA({parts})>COUNT({parts}),"",ROUND({salary},2))' if parts else '""'
    hours = f"ROUND({'*'.join(by_hours)},2)" if by_hours else '""'
    return f'IF({share_count},IF({hour_count},"",{share}),IF({hour_count},{hours},""))'


def _premiere(r: Refs, table: str) -> str:
    """Whether this row is the first to bear its code: expenses go to that one."""
    code, codes = r.ici(table, "code"), r.col(table, "code")
    first = f"MATCH({code},{codes},0)=ROW({code})-{ENTETES}"
    if table == "charges" and r.a("personnel", "code"):
        return f"AND(COUNTIF({r.col('personnel', 'code')},{code})=0,{first})"
    return first


def _somme(r: Refs, feuille: str, champ: str, code: str) -> str:
    """The amounts of « Dépenses » or « Salaires » booked on a line."""
    if not r.a(feuille, "ligne_budget", champ):
        return "0"
    return f"SUMIFS({r.col(feuille, champ)},{r.col(feuille, 'ligne_budget')},{code})"


def _payee_en_salaires(r: Refs, code: str) -> str:
    """Whether « Salaires » pays a staff line: its expenses are then no longer counted in « Dépenses »."""
    return f"COUNTIF({r.col('salaires', 'ligne_budget')},{code})>0" if r.a("salaires", "ligne_budget") else ""


def depense(table: str) -> Callable[[Refs], str]:
    """What was spent on a line of the budget."""

    def build(r: Refs) -> str:
        code = r.ici(table, "code")
        spent = _somme(r, "depenses", "montant", code)
        paid = _payee_en_salaires(r, code) if table == "personnel" else ""
        if paid:
            spent = f"IF({paid},{_somme(r, 'salaires', 'impute', code)},{spent})"
        return f'IF({code}="","",IF({_premiere(r, table)},ROUND({spent},2),0))'

    return build


def fongibilite(r: Refs) -> str:
    """The convention's rate if the form has one, else the call's."""
    field = r.op("fongibilite")
    return f"IF(ISNUMBER({field}),{field},p_fongibilite)"


def retenu(table: str) -> Callable[[Refs], str]:
    """What is retained of a line of the budget."""

    def build(r: Refs) -> str:
        code = r.ici(table, "code")
        sheets = ("depenses", "salaires") if table == "personnel" else ("depenses",)
        total = f"MAX(0,ROUND({'+'.join(_somme(r, sheet, 'admissible', code) for sheet in sheets)},2))"
        if r.appel.budget.fongibilite.niveau == "ligne":
            total = f"MIN({total},ROUND(N({r.ici(table, 'prevu')})*(1+{fongibilite(r)}),2))"
        return f'IF({code}="","",IF({_premiere(r, table)},{total},0))'

    return build


def ecart(table: str) -> Callable[[Refs], str]:
    """Planned less spent."""

    def build(r: Refs) -> str:
        prevu, depense = r.ici(table, "prevu"), r.ici(table, "depense")
        return f'IF(COUNT({prevu},{depense})=2,ROUND({prevu}-{depense},2),"")'

    return build


def impute(r: Refs) -> str:
    """What a month of salary costs the operation."""

    def ici(*noms: str) -> list[str]:
        return [r.ici("salaires", nom) for nom in noms if r.a("salaires", nom)]

    if not r.a("salaires", "brut", "quotite"):
        return '""'
    parts, needed = ",".join(ici("brut", "cotisations", "aides", "quotite")), ",".join(ici("brut", "quotite"))
    minus = f"-SUM({ici('aides')[0]})" if ici("aides") else ""
    cost = f"ROUND((SUM({','.join(ici('brut', 'cotisations'))}){minus})*{ici('quotite')[0]},2)"
    return f'IF(OR(COUNTA({parts})>COUNT({parts}),COUNT({needed})<2),"",{cost})'


class _Engagee:
    """The cells of one row of « Dépenses » or « Salaires », as formulas name them."""

    def __init__(self, r: Refs, table: str) -> None:
        self.r, self.table = r, table
        self.regle = r.appel.budget.eligibilite

    def ici(self, champ: str) -> str:
        """A cell of the row; an empty text without the column."""
        return self.r.ici(self.table, champ) if self.r.a(self.table, champ) else '""'

    def presentes(self, *champs: str) -> list[str]:
        """Those of some cells that the sheet has."""
        return [self.ici(champ) for champ in champs if self.r.a(self.table, champ)]

    @property
    def vide(self) -> str:
        """Whether the line was not begun."""
        return "&".join(self.presentes(*computed.AMORCES_ENGAGEES[self.table])) + '=""'

    @property
    def montant(self) -> str:
        """The euros of the row."""
        return f"ROUND(N({self.ici('impute' if self.table == 'salaires' else 'montant')}),2)"

    @property
    def part(self) -> str:
        """The officer's part of it."""
        return f"MAX(0,MIN(ROUND(N({self.ici('montant_retenu')}),2),{self.montant}))"

    @property
    def prevue(self) -> str:
        """How many planned lines bear its code; a salary is one of « Personnel »."""
        tables = ("personnel",) if self.table == "salaires" else ("personnel", "charges")
        code = self.ici("ligne_budget")
        return "+".join(f"COUNTIF({self.r.col(nom, 'code')},{code})" for nom in tables if self.r.a(nom, "code")) or "0"

    @property
    def deja_payee(self) -> str:
        """Whether « Salaires » pays the staff line of an expense; nothing where it can't."""
        code = self.ici("ligne_budget")
        paid = _payee_en_salaires(self.r, code) if self.table == "depenses" and self.r.a("personnel", "code") else ""
        return paid and f"AND(COUNTIF({self.r.col('personnel', 'code')},{code})>0,{paid})"

    def jours(self) -> tuple[str, str, str]:
        """Whether a date is known, the first day and the last one of what was paid."""
        if self.table == "salaires":
            mois = self.ici("mois")
            return f"ISNUMBER({mois})", f"DATE(YEAR({mois}),MONTH({mois}),1)", f"EOMONTH({mois},0)"
        piece = self.ici("date_piece")
        service = self.presentes("prestation_du", "prestation_au") if self.regle.date == DateRetenue.PRESTATION else []
        if not service:
            return f"ISNUMBER({piece})", piece, piece
        days = ",".join(service)
        known = ",".join([*service, *self.presentes("date_piece")])
        first, last = (f"IF(COUNT({days})>0,{pick}({days}),{piece})" for pick in ("MIN", "MAX"))
        return f"COUNT({known})>0", first, last

    def hors(self) -> tuple[str, str]:
        """Whether the row is wholly outside the operation, and whether it is partly."""
        known, first, last = self.jours()
        early = self.regle.fin_anticipee
        lost = _limit(self.r, "date_fin", *(["date_fin_convention"] if early == FinAnticipee.BORNE else []))
        doubt = _limit(self.r, "date_fin", *(["date_fin_convention"] if early != FinAnticipee.IGNOREE else []))
        return (
            _within(known, self._before(last), self._after(first, lost)),
            _within(known, self._before(first), self._after(last, doubt)),
        )

    def _before(self, day: str) -> str:
        """Whether a day precedes the operation, beyond what the call tolerates."""
        return self._compare(day, "<", _limit(self.r, "date_debut"), "-")

    def _after(self, day: str, limits: list[str]) -> str:
        """Whether a day follows the first of some ends, beyond what the call tolerates."""
        return self._compare(day, ">", limits, "+")

    def _compare(self, day: str, sign: str, limits: list[str], way: str) -> str:
        if not limits:
            return ""
        found, days = ",".join(limits), self.regle.tolerance_jours
        return f"IF(COUNT({found})>0,{day}{sign}MIN({found}){f'{way}{days}' if days else ''},FALSE)"

    def impayee(self) -> str:
        """Whether no payment known to the call's rule was made."""
        if self.regle.paiement == ReglePaiement.LIBRE or not self.r.a(self.table, "date_paiement"):
            return "FALSE"
        paid, filed = self.ici("date_paiement"), self.r.op("date_bilan")
        late = f"{paid}>IF(ISNUMBER({filed}),{filed},{AUJOURDHUI.nom})"
        outside: list[str] = []
        if self.regle.paiement == ReglePaiement.DANS_OPERATION:
            outside = [self._before(paid), self._after(paid, _limit(self.r, "date_fin"))]
        return f"IF(ISNUMBER({paid}),OR({','.join([late, *filter(None, outside)])}),TRUE)"


def _limit(r: Refs, *champs: str) -> list[str]:
    """The days of the form that bound a period: those that the call's form has."""
    return [r.op(champ) for champ in champs if champ in r.appel.classeur.operation]


def _within(known: str, *conditions: str) -> str:
    found = ",".join(filter(None, conditions))
    return f"IF({known},OR({found}),FALSE)" if found else "FALSE"


def motif(table: str) -> Callable[[Refs], str]:
    """Why an expense is not retained, or only in part, or is to be verified; ``""`` when there is nothing to say."""

    def build(r: Refs) -> str:
        x = _Engagee(r, table)
        wholly, partly = x.hors()
        why = f'IF({partly},{texte(eligibilite.A_CHEVAL)},IF({x.impayee()},{texte(eligibilite.PAIEMENT)},""))'
        why = f'IF({x.ici("justificatif")}<>"Oui",{texte(eligibilite.SANS_JUSTIFICATIF)},{why})'
        why = f"IF({wholly},{texte(eligibilite.HORS_PERIODE)},{why})"
        why = _decided(x, why)
        if x.deja_payee:
            why = f"IF({x.deja_payee},{texte(eligibilite.DANS_SALAIRES)},{why})"
        unplanned = f'OR({x.ici("ligne_budget")}="",{x.prevue}=0)'
        return f'IF({x.vide},"",IF({unplanned},{texte(eligibilite.NON_PREVUE)},{why}))'

    return build


def _decided(x: _Engagee, why: str) -> str:
    """What the officer's decision makes of an expense, before anything else; a credit note minds a refusal only."""
    decision, part = x.ici("decision"), x.ici("montant_retenu")

    def taken(code: Decision) -> str:
        return f"{decision}={x.r.libelle('decisions', code)}"

    if x.r.a(x.table, "montant_retenu"):
        partly = f'IF({x.part}<>{x.montant},{texte(eligibilite.EN_PARTIE)},"")'
        why = f"IF(ISNUMBER({part}),{partly},{why})"
    lifted = f'IF(AND({taken(Decision.RETENUE)},NOT(ISNUMBER({part}))),"",{why})'
    why = f"IF({taken(Decision.A_JUSTIFIER)},{texte(eligibilite.A_JUSTIFIER)},{lifted})"
    if x.table == "depenses":
        why = f'IF({x.montant}<0,"",{why})'
    return f"IF({taken(Decision.REFUSEE)},{texte(eligibilite.REFUSEE)},{why})"


def admissible(table: str) -> Callable[[Refs], str]:
    """What can be retained of an expense."""

    def build(r: Refs) -> str:
        x = _Engagee(r, table)
        why = x.ici("motif") if r.a(table, "motif") else f"({motif(table)(r)})"
        words = eligibilite.A_VERIFIER if x.regle.a_verifier_retenu else ()
        whole = ",".join([f'{why}=""', *(f"{why}={texte(word)}" for word in words)])
        part = "0"
        if r.a(table, "montant_retenu"):
            part = f"IF({why}={texte(eligibilite.EN_PARTIE)},{x.part},0)"
        return f'IF({x.vide},"",IF(OR({whole}),{x.montant},{part}))'

    return build
