"""The blocks of « Budget »: costs by category, flat rate, funding plan, grant due and balance."""

from collections.abc import Callable, Iterator

from aap_xl.appels.model import Poste
from aap_xl.domain import solde
from aap_xl.domain.eligibilite import DANS_SALAIRES
from aap_xl.domain.syntheses_budget import DEPASSE, ECART, EQUILIBRE, RESPECTE
from aap_xl.domain.tableau import Formule, Forte, Ligne, Tableau
from aap_xl.rows import Nature, Personnel, Qui
from aap_xl.workbook.formulas.blocks import tableau
from aap_xl.workbook.formulas.columns_budget import fongibilite
from aap_xl.workbook.formulas.lists import plafond
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.layout import nom_defini as n

_ETAPES = ("prevu", "depense", "retenu")


def blocs(r: Refs) -> list[Tableau]:
    """The blocks of the sheet, top to bottom."""
    return [_costs(r), _resources(r), _balance(r)]


def _euros(cle: str, formule: str) -> Formule:
    return Formule(cle, formule, Nature.MONTANT)


def _sum(cles: list[str]) -> str:
    return "+".join(n(cle) for cle in cles) or "0"


def _each(formule: Callable[[str], str]) -> tuple[str, str, str]:
    """A formula for the planned, spent and retained columns."""
    return formule("prevu"), formule("depense"), formule("retenu")


def _line(libelle: str, nom: str, formules: tuple[str, str, str], *, total: bool = False) -> Ligne:
    """One line of costs: planned, spent, retained, and planned − spent."""
    prefixe, _, argument = nom.partition(":")
    cles = [f"budget.{prefixe}_{etape}" + (f":{argument}" if argument else "") for etape in (*_ETAPES, "ecart")]
    gap = f"ROUND({n(cles[0])}-{n(cles[1])},2)"
    pairs = zip(cles, (*formules, gap), strict=True)
    return (Forte if total else tuple)((libelle, *(_euros(cle, formule) for cle, formule in pairs)))


def _category(r: Refs, poste: Poste) -> Ligne:
    amounts = _amount(r, poste, "prevu"), _amount(r, poste, "depense"), _retained(r, poste)
    return _line(poste.libelle, f"poste:{poste.code}", amounts)


def _amount(r: Refs, poste: Poste, etape: str) -> str:
    if not r.a(poste.table, etape):
        return "0"
    column = r.col(poste.table, etape)
    if poste.table == Personnel.table:
        first = next(item for item in r.appel.budget.postes if item.table == Personnel.table)
        return f"ROUND(SUM({column}),2)" if poste is first else "0"
    return f"ROUND(SUMIFS({column},{r.col(poste.table, 'poste')},{texte(poste.libelle)}),2)"


def _retained(r: Refs, poste: Poste) -> str:
    amount = _amount(r, poste, "retenu")
    if r.appel.budget.fongibilite.niveau == "ligne":
        return amount
    return f"MIN({amount},ROUND({n(f'budget.poste_prevu:{poste.code}')}*(1+{fongibilite(r)}),2))"


def _costs(r: Refs) -> Tableau:
    budget = r.appel.budget
    flat = budget.charges_indirectes

    def total(codes: tuple[str, ...]) -> tuple[str, str, str]:
        return _each(lambda etape: _sum([f"budget.poste_{etape}:{code}" for code in codes]))

    every = tuple(poste.code for poste in budget.postes)
    base = ", ".join(poste.libelle.lower() for poste in budget.postes if poste.code in flat.assiette)
    indirect = _each(lambda etape: f"ROUND(p_taux_indirect*{n(f'budget.assiette_{etape}')},2)")
    whole = _each(lambda etape: f"{n(f'budget.directes_{etape}')}+{n(f'budget.indirectes_{etape}')}")
    lignes: list[Ligne] = [
        *(_category(r, poste) for poste in budget.postes),
        _line("Total des charges directes", "directes", total(every), total=True),
        _line("Assiette du forfait", "assiette", total(flat.assiette)),
        _line(
            f"Charges indirectes (forfait de {_percent(flat.taux)})",
            "indirectes",
            indirect,
        ),
        _line("Total des dépenses", "total", whole, total=True),
    ]
    if r.a("depenses", "montant"):
        planned = "".join(f"-SUM({r.col(nom, 'depense')})" for nom in ("personnel", "charges") if r.a(nom, "depense"))
        spent = f"ROUND({_spent(r)}{planned},2)"
        lignes.append(("Dépenses sans ligne prévue (non retenues)", None, _euros("budget.hors_budget", spent)))
    note = (
        f"Le forfait de {_percent(flat.taux)} est calculé sur : {base}. « Retenu » : dépenses admissibles, "
        f"dans la limite du prévu (et de la fongibilité) ; le forfait est recalculé sur les "
        f"dépenses retenues. [{flat.article}]"
    )
    return tableau(
        "couts", "Dépenses de l'opération", ("Prévu", "Dépensé", "Retenu", "Écart prévu − dépensé"), tuple(lignes), note
    )


def _spent(r: Refs) -> str:
    """Every expense of « Dépenses » and « Salaires », one told in both counted once."""
    montants = r.col("depenses", "montant")
    if not r.a("salaires", "impute"):
        return f"SUM({montants})"
    twice = f"SUMIFS({montants},{r.col('depenses', 'motif')},{texte(DANS_SALAIRES)})"
    return f"SUM({montants})-{twice}+SUM({r.col('salaires', 'impute')})"


def _percent(taux: object) -> str:
    return f"{float(str(taux)) * 100:g}".replace(".", ",") + " %"


def _resources(r: Refs) -> Tableau:
    if not r.a("ressources", "type", "prevu"):
        return tableau("ressources", "", (), ())
    types, prevus = r.col("ressources", "type"), r.col("ressources", "prevu")
    obtained = r.a("ressources", "realise")
    realises = r.col("ressources", "realise") if obtained else ""
    lignes: list[Ligne] = []
    for item in r.appel.budget.ressources:
        wording = texte(item.libelle)
        valeurs = [_euros(f"budget.ressource_prevu:{item.code}", f"ROUND(SUMIFS({prevus},{types},{wording}),2)")]
        if obtained:
            known = f'COUNTIFS({types},{wording},{realises},">=0")=0'
            total = f'IF({known},"",ROUND(SUMIFS({realises},{types},{wording}),2))'
            valeurs.append(_euros(f"budget.ressource_realise:{item.code}", total))
        lignes.append((item.libelle, *valeurs))
    totals = [_euros("budget.ressources_prevu", f"ROUND(SUM({prevus}),2)")]
    if obtained:
        totals.append(_euros("budget.ressources_realise", f'IF(COUNT({realises})=0,"",ROUND(SUM({realises}),2))'))
    gap = f"ROUND({n('budget.ressources_prevu')}-{n('budget.total_prevu')},2)"
    verdict = f"IF(ABS({n('budget.equilibre')})<=p_tolerance,{texte(EQUILIBRE)},{texte(ECART)})"
    nothing = f"AND({n('budget.ressources_prevu')}=0,{n('budget.total_prevu')}=0)"
    lignes += [
        Forte(("Total des ressources", *totals)),
        (
            "Équilibre : ressources − dépenses prévues",
            _euros("budget.equilibre", gap),
            Formule("budget.equilibre_constat", f'IF({nothing},"",{verdict})', Nature.TEXTE),
        ),
    ]
    return tableau("ressources", "Plan de financement", ("Prévu", "Réalisé")[: 1 + obtained], tuple(lignes))


def _others(r: Refs) -> str:
    """Every resource that is deducted: the amount obtained if it is known, else the planned one."""
    if not r.a("ressources", "type", "prevu"):
        return "0"
    types, prevus = r.col("ressources", "type"), r.col("ressources", "prevu")
    kinds = [f"{types},{r.libelle('ressources', code)}" for code in r.appel.budget.non_deduites]

    def others(amounts: str, *conditions: str) -> str:
        whole = f"SUMIFS({','.join((amounts, *conditions))})" if conditions else f"SUM({amounts})"
        return whole + "".join(f"-SUMIFS({','.join((amounts, kind, *conditions))})" for kind in kinds)

    if not r.a("ressources", "realise"):
        return f"ROUND({others(prevus)},2)"
    realises = r.col("ressources", "realise")
    unknown = f'{realises},"="'
    return f"ROUND({others(realises)}+{others(prevus, unknown)},2)"


def _number(r: Refs, champ: str) -> str:
    return f'IF(ISNUMBER({r.op(champ)}),{r.op(champ)},"")'


def _ceiling(r: Refs) -> Ligne:
    asked = n("budget.demandee")
    verdict = f"IF({asked}>{plafond(r.appel)},{texte(DEPASSE)},{texte(RESPECTE)})"
    known = f'IF(ISNUMBER({asked}),{verdict},"")'
    values = _euros("budget.plafond", "p_plafond"), Formule("budget.plafond_constat", known, Nature.TEXTE)
    return (solde.PLAFOND, *values)


def _limits(r: Refs) -> dict[str, str]:
    """What bounds the grant, in the order of the domain: wording → name of the cell."""
    found = {solde.VOTEE: n("budget.votee")}
    if r.appel.budget.plafond_subvention is not None:
        found[solde.PLAFOND] = plafond(r.appel)
    return found | {solde.INTERVENTION: n("budget.intervention"), solde.BESOIN: n("budget.besoin")}


def _least(r: Refs) -> Ligne:
    limits, least, voted = _limits(r), n("budget.minimum"), n("budget.votee")
    reason = '""'
    for wording, limit in reversed(limits.items()):
        reason = f"IF({limit}={least},{texte(wording)},{reason})"
    return (
        "Le plus petit de ces montants",
        _euros("budget.minimum", f'IF({voted}="","",MIN({",".join(limits.values())}))'),
        Formule("budget.raison", f'IF({voted}="","",{reason})', Nature.TEXTE),
    )


def _adjusted(r: Refs) -> Iterator[Ligne]:
    """The grant due: the least amount, then what the officer adds to it or takes away."""
    voted, least, adjustment = n("budget.votee"), n("budget.minimum"), n("budget.ajustement")
    computed = f'IF({voted}="","",MAX(0,ROUND({least},2)))'
    if "ajustement" not in r.appel.classeur.operation:
        yield Forte(("Subvention due", _euros("budget.du", computed)))
        return
    most = f"ROUND({voted},2)" + (f",{plafond(r.appel)}" if r.appel.budget.plafond_subvention is not None else "")
    before = n("budget.calcule")
    after = f"MAX(0,MIN({most},{before}+ROUND({adjustment},2)))"
    yield ("Subvention calculée", _euros("budget.calcule", computed))
    yield ("Ajustement de l'instructeur", _euros("budget.ajustement", _number(r, "ajustement")))
    due = f'IF({before}="","",IF({adjustment}="",{before},{after}))'
    yield Forte(("Subvention due", _euros("budget.du", due)))


def _balance(r: Refs) -> Tableau:
    retained, rate, due = n("budget.retenu"), n("budget.taux"), n("budget.du")
    left = f"{due}-ROUND({r.op('avance')},2)"

    def known(amount: str) -> str:
        return f'IF(OR({due}="",NOT(ISNUMBER({r.op("avance")}))),"",MAX(0,ROUND({amount},2)))'

    def line(libelle: str, nom: str, formule: str, *, total: bool = False) -> Ligne:
        return (Forte if total else tuple)((libelle, _euros(f"budget.{nom}", formule)))

    lignes = (
        line("Subvention demandée", "demandee", _number(r, "subvention_demandee")),
        *((_ceiling(r),) if r.appel.budget.plafond_subvention is not None else ()),
        line(solde.VOTEE, "votee", _number(r, "subvention_votee")),
        line("Dépenses retenues", "retenu", n("budget.total_retenu")),
        (
            "Taux d'intervention de la convention",
            Formule("budget.taux", _number(r, "taux_intervention"), Nature.PRECIS),
        ),
        line(solde.INTERVENTION, "intervention", f'IF(ISNUMBER({rate}),ROUND({retained}*{rate},2),"")'),
        line("Autres ressources (réalisées, à défaut prévues)", "autres_ressources", _others(r)),
        line(solde.BESOIN, "besoin", f"ROUND({retained}-{n('budget.autres_ressources')},2)"),
        _least(r),
        *_adjusted(r),
        line("Avance versée", "avance", _number(r, "avance")),
        line("Solde à verser", "solde", known(left), total=True),
        line("À reverser par le porteur", "a_reverser", known(f"-({left})")),
    )
    note = (
        "La subvention calculée est le plus petit de ces montants ; elle reste vide tant que la subvention votée n'est "
        "pas saisie, le solde tant que l'avance ne l'est pas (0 s'il n'y en a pas eu), dans la feuille Opération. "
        "Avant la fin de l'opération, ce n'est qu'une situation à ce jour."
    )
    if r.appel.budget.reserve_solde:
        note += f" {solde.reserve(r.appel)}"
    return tableau("solde", "Subvention et solde", (), lignes, note, qui=Qui.INSTRUCTEUR)
