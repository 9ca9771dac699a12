"""The native formula of each computed column, for Excel 2016 and LibreOffice 7.4 alike.

Each has its Python mirror in `domain.calculs.CALCULS`; a test recalculates workbooks and compares every cell.
"""

from collections.abc import Callable

from aap_xl.appels.model import Appel, Contact, Decision
from aap_xl.domain import activite, budget, calculs, sorties
from aap_xl.workbook.formulas.listes import seuils
from aap_xl.workbook.formulas.refs import Refs, mois_complets, texte
from aap_xl.workbook.layout import ENTETES

_P = "participants"


def formule(appel: Appel, table: str, champ: str) -> str:
    """The formula of a computed column, the same on every row.

    Raises: KeyError if the column is not a computed one.
    """
    return "=" + FORMULES[table, champ](Refs(appel))


def _age(r: Refs) -> str:
    naissance, entree = r.ici(_P, "date_naissance"), r.ici(_P, "date_entree")
    return f'IF(COUNT({naissance},{entree})<2,"",IF({naissance}>{entree},"",DATEDIF({naissance},{entree},"y")))'


def _interval(r: Refs, debut: str, fin: str, mois: str) -> str:
    """Column of the decision table: 1 open-ended, 2 length unknown, 3 and more by threshold reached."""
    dates = "".join(f"+({fin}+1>=EDATE({debut},{seuil}))" for seuil in seuils(r.appel))
    stated = "".join(f"+({mois}>={seuil})" for seuil in seuils(r.appel))
    by_dates, by_months = f"IF({fin}<{debut},2,3{dates})", f"IF({mois}>0,3{stated},2)"
    return f"IF(COUNT({debut},{fin})=2,{by_dates},IF(ISNUMBER({mois}),{by_months},IF(ISNUMBER({fin}),2,1)))"


def _classer(r: Refs, suffixe: str) -> str:
    """The class of a situation in the decision table of « Listes »."""

    def ici(nom: str) -> str:
        return r.ici(_P, nom + suffixe) if r.a(_P, nom + suffixe) else '""'

    interval = _interval(r, ici("debut_contrat"), ici("fin_contrat"), ici("mois_contrat"))
    valide = r.ici(_P, "valide_par") if r.a(_P, "valide_par") else '""'
    validated = f'IF(OR({ici("precision")}="",{valide}=""),0,{3 + len(seuils(r.appel))})'
    row = f"MATCH({ici('situation')},l_situations,0)"
    return f"IFERROR(INDEX(m_sorties,{row},{interval}+{validated}),{texte(sorties.A_QUALIFIER)})"


def _classe(r: Refs) -> str:
    computed = _classer(r, "")
    if r.a(_P, "classe_forcee", "motif_classe", "valide_par"):
        forcee, motif, nom = (r.ici(_P, c) for c in ("classe_forcee", "motif_classe", "valide_par"))
        computed = f'IF(AND({forcee}<>"",{motif}<>"",{nom}<>""),{forcee},{computed})'
    return f'IF({r.ici(_P, "date_sortie")}="","",{computed})'


def _fait(r: Refs) -> str:
    return f"{r.ici(_P, 'contact_suivi')}={r.libelle('contacts', 'fait')}"


def _classe_suivi(r: Refs) -> str:
    return f'IF(AND({r.ici(_P, "date_sortie")}<>"",{_fait(r)}),{_classer(r, "_suivi")},"")'


def _dynamique(champ: str) -> Callable[[Refs], str]:
    return lambda r: f'IFERROR(INDEX(l_dynamiques,MATCH({r.ici(_P, champ)},l_classes,0)),"")'


def _echeance_suivi(r: Refs) -> str:
    if r.appel.operation.suivi_mois is None:
        return '""'
    sortie = r.ici(_P, "date_sortie")
    return f'IF(ISNUMBER({sortie}),EDATE({sortie},p_suivi_mois),"")'


def _etat_suivi(r: Refs) -> str:
    if r.appel.operation.suivi_mois is None:
        return '""'
    sortie, contact = r.ici(_P, "date_sortie"), r.ici(_P, "contact_suivi")
    echue = f"EDATE({sortie},p_suivi_mois)<=aujourdhui"
    etat = f'IF(ISNUMBER({sortie}),IF({echue},{texte(sorties.A_FAIRE)},{texte(sorties.NON_ECHU)}),"")'
    for code, mot in ((Contact.INJOIGNABLE, sorties.INJOIGNABLE), (Contact.FAIT, sorties.FAIT)):
        etat = f"IF({contact}={r.libelle('contacts', code)},{texte(mot)},{etat})"
    return f'IF({sortie}="","",{etat})'


def _statut(r: Refs) -> str:
    def ici(nom: str) -> str:
        return r.ici(_P, nom)

    champs = r.tables[_P].champs
    started = "&".join(ici(c.nom) for c in champs if c.nom in calculs.AMORCES)
    missing = ",".join(f'{ici(c.nom)}=""' for c in champs if c.obligatoire)
    statut = texte(calculs.PRESENT)
    if r.a(_P, "date_sortie"):
        out = texte(calculs.SORTI)
        if r.a(_P, "etat_suivi"):
            out = f"IF({ici('etat_suivi')}={texte(sorties.A_FAIRE)},{texte(calculs.SUIVI_A_FAIRE)},{out})"
        if r.a(_P, "classe"):
            out = f"IF({ici('classe')}={texte(sorties.A_QUALIFIER)},{texte(calculs.SORTIE_A_QUALIFIER)},{out})"
        entree, sortie = ici("date_entree"), ici("date_sortie")
        backwards = f"AND(COUNT({entree},{sortie})=2,{sortie}<{entree})"
        statut = f'IF({sortie}="",{statut},IF({backwards},{texte(calculs.DATES_A_CORRIGER)},{out}))'
    return f'IF({started}="","",IF(OR({missing}),{texte(calculs.A_COMPLETER)},{statut}))'


def _entres(r: Refs, brsa: bool = False) -> str:
    code = r.ici("actions", "code")
    if not r.a(_P, "action", "date_entree"):
        return '""'
    oui = f',{r.col(_P, "brsa")},"Oui"' if brsa and r.a(_P, "brsa") else ""
    count = f'COUNTIFS({r.col(_P, "action")},{code},{r.col(_P, "date_entree")},"<>"{oui})'
    return f'IF({code}="","",{count})'


def _majorite(r: Refs) -> str:
    public = r.appel.public
    if public is None or public.majorite_brsa is None or not r.a("actions", "entres", "brsa_entres"):
        return '""'
    entres, brsa = r.ici("actions", "entres"), r.ici("actions", "brsa_entres")
    sign = ">" if public.majorite_brsa.strict else ">="
    return f'IF(N({entres})=0,"",IF({brsa}{sign}p_seuil_brsa*{entres},"Oui","Non"))'


def _cout(r: Refs) -> str:
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
    return f'IF(({share_count})=({hour_count}),"",IF({share_count},{share},{hours}))'


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


def _depense(table: str) -> Callable[[Refs], str]:
    return lambda r: f'IF({r.ici(table, "code")}="","",IF({_premiere(r, table)},{_somme(r, table, "montant")},0))'


def fongibilite(r: Refs) -> str:
    """The convention's rate if the form has one, else the call's."""
    field = r.op("fongibilite")
    return f"IF(ISNUMBER({field}),{field},p_fongibilite)"


def _retenu(table: str) -> Callable[[Refs], str]:
    def build(r: Refs) -> str:
        code, total = r.ici(table, "code"), _somme(r, table, "admissible")
        if r.appel.budget.fongibilite.niveau == "ligne":
            total = f"MIN({total},ROUND(N({r.ici(table, 'prevu')})*(1+{fongibilite(r)}),2))"
        return f'IF({code}="","",IF({_premiere(r, table)},{total},0))'

    return build


def _ecart(table: str) -> Callable[[Refs], str]:
    def build(r: Refs) -> str:
        prevu, depense = r.ici(table, "prevu"), r.ici(table, "depense")
        return f'IF(COUNT({prevu},{depense})=2,ROUND({prevu}-{depense},2),"")'

    return build


def _d(r: Refs, champ: str) -> str:
    return r.ici("depenses", champ) if r.a("depenses", champ) else '""'


def _vide(r: Refs) -> str:
    return "&".join(_d(r, champ) for champ in calculs.AMORCES_DEPENSE if r.a("depenses", champ)) + '=""'


def _motif(r: Refs) -> str:
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
    motif = f'IF({lifted},"",{late}{proof}))'
    for code, mot in ((Decision.A_JUSTIFIER, budget.A_JUSTIFIER), (Decision.REFUSEE, budget.REFUSEE)):
        motif = f"IF({decision}={r.libelle('decisions', code)},{texte(mot)},{motif})"
    unplanned = f'OR({ligne}="",{planned or 0}=0)'
    return f'IF({_vide(r)},"",IF({unplanned},{texte(budget.NON_PREVUE)},{motif}))'


def _admissible(r: Refs) -> str:
    motif = r.ici("depenses", "motif") if r.a("depenses", "motif") else f"({_motif(r)})"
    montant = _d(r, "montant")
    return f'IF({_vide(r)},"",IF({motif}="",ROUND(N({montant}),2),0))'


def _jours(r: Refs) -> str:
    debut, fin = r.ici("immersions", "date_debut"), r.ici("immersions", "date_fin")
    return f'IF(COUNT({debut},{fin})<2,"",IF({fin}<{debut},"",{fin}-{debut}+1))'


def _repere(r: Refs) -> str:
    if r.appel.heures is None:
        return '""'
    travail = r.ici("heures", "travail")
    words = (activite.SOUS_MINIMUM, activite.PASSAGE_CDDI, activite.DANS_FOURCHETTE)
    under, over, inside = (texte(word) for word in words)
    return f'IF(ISNUMBER({travail}),IF({travail}<p_heures_min,{under},IF({travail}>p_heures_max,{over},{inside})),"")'


def _trimestre(r: Refs) -> str:
    le, debut = r.ici("comites", "date_reunion"), r.op("date_debut")
    intervalle = calculs.intervalle(r.appel)
    number = f"IF({le}<{debut},0,INT({mois_complets(debut, le)}/{intervalle})+1)"
    return f'IF(AND(ISNUMBER({le}),ISNUMBER({debut})),{number},"")'


FORMULES: dict[tuple[str, str], Callable[[Refs], str]] = {
    ("actions", "entres"): _entres,
    ("actions", "brsa_entres"): lambda r: _entres(r, brsa=True),
    ("actions", "majorite_brsa"): _majorite,
    ("personnel", "prevu"): _cout,
    ("personnel", "depense"): _depense("personnel"),
    ("personnel", "retenu"): _retenu("personnel"),
    ("personnel", "ecart"): _ecart("personnel"),
    ("charges", "depense"): _depense("charges"),
    ("charges", "retenu"): _retenu("charges"),
    ("charges", "ecart"): _ecart("charges"),
    (_P, "age"): _age,
    (_P, "classe"): _classe,
    (_P, "dynamique"): _dynamique("classe"),
    (_P, "echeance_suivi"): _echeance_suivi,
    (_P, "etat_suivi"): _etat_suivi,
    (_P, "classe_suivi"): _classe_suivi,
    (_P, "dynamique_suivi"): _dynamique("classe_suivi"),
    (_P, "statut"): _statut,
    ("immersions", "jours"): _jours,
    ("heures", "repere"): _repere,
    ("comites", "trimestre"): _trimestre,
    ("depenses", "admissible"): _admissible,
    ("depenses", "motif"): _motif,
}
