"""The computed columns of the budget and of « Dépenses »: costs, what is spent, what is retained and why not."""

from collections.abc import Callable

from aap_xl.appels.model import Decision
from aap_xl.domain import budget, calculs
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


def _somme(r: Refs, table: str, champ: str) -> str:
    if not r.a("depenses", "ligne_budget", champ):
        return "0"
    montants, lignes = r.col("depenses", champ), r.col("depenses", "ligne_budget")
    return f"ROUND(SUMIFS({montants},{lignes},{r.ici(table, 'code')}),2)"


def depense(table: str) -> Callable[[Refs], str]:
    """What was spent on a line of the budget."""
    return lambda r: f'IF({r.ici(table, "code")}="","",IF({_premiere(r, table)},{_somme(r, table, "montant")},0))'


def fongibilite(r: Refs) -> str:
    """The convention's rate if the form has one, else the call's."""
    field = r.op("fongibilite")
    return f"IF(ISNUMBER({field}),{field},p_fongibilite)"


def retenu(table: str) -> Callable[[Refs], str]:
    """What is retained of a line of the budget."""

    def build(r: Refs) -> str:
        code, total = r.ici(table, "code"), _somme(r, table, "admissible")
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


def _d(r: Refs, champ: str) -> str:
    return r.ici("depenses", champ) if r.a("depenses", champ) else '""'


def _vide(r: Refs) -> str:
    return "&".join(_d(r, champ) for champ in calculs.AMORCES_DEPENSE if r.a("depenses", champ)) + '=""'


def motif(r: Refs) -> str:
    """Why nothing can be retained of an expense, ``""`` when it can."""
    ligne, decision = _d(r, "ligne_budget"), _d(r, "decision")
    planned = "+".join(
        f"COUNTIF({r.col(table, 'code')},{ligne})" for table in ("personnel", "charges") if r.a(table, "code")
    )
    outside = []
    for champ in ("date_piece", "date_paiement"):
        if r.a("depenses", champ):
            for borne, sign in (("date_debut", "<"), ("date_fin", ">")):
                day, limit = _d(r, champ), r.op(borne)
                outside.append(f"IF(ISNUMBER({day}),IF(ISNUMBER({limit}),{day}{sign}{limit},FALSE),FALSE)")
    lifted = f"{decision}={r.libelle('decisions', 'retenue')}"
    late = f"IF(OR({','.join(outside) or 'FALSE'}),{texte(budget.HORS_PERIODE)},"
    proof = f'IF({_d(r, "justificatif")}<>"Oui",{texte(budget.SANS_JUSTIFICATIF)},"")'
    why = f'IF({lifted},"",{late}{proof}))'
    for code, mot in ((Decision.A_JUSTIFIER, budget.A_JUSTIFIER), (Decision.REFUSEE, budget.REFUSEE)):
        why = f"IF({decision}={r.libelle('decisions', code)},{texte(mot)},{why})"
    unplanned = f'OR({ligne}="",{planned or 0}=0)'
    return f'IF({_vide(r)},"",IF({unplanned},{texte(budget.NON_PREVUE)},{why}))'


def admissible(r: Refs) -> str:
    """What can be retained of an expense."""
    why = r.ici("depenses", "motif") if r.a("depenses", "motif") else f"({motif(r)})"
    montant = _d(r, "montant")
    return f'IF({_vide(r)},"",IF({why}="",ROUND(N({montant}),2),0))'
