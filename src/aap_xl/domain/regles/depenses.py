"""D: actual expenses against what was planned: line, dates, payment, evidence, amounts, the officer's decision.

An expense is a row of « Dépenses » or a month of « Salaires ».
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Decision, Niveau, ReglePaiement
from aap_xl.domain.budget import depense_par_poste, directes, fongibilite, lignes, perdue_par_poste
from aap_xl.domain.data import Donnees
from aap_xl.domain.eligibilite import (
    A_CHEVAL,
    HORS_PERIODE,
    NON_PREVUE,
    Engagee,
    avoir,
    dans_salaires,
    engagees,
    fins,
    levee,
    montant,
    payee,
    place,
    prestation,
)
from aap_xl.domain.regles.tools import bornes, codes_lus, constat, feuille, hors, vide
from aap_xl.euros import ZERO, arrondi, format_euros
from aap_xl.francais import cite, compte, jour, periode, pourcent
from aap_xl.rows import Depense, Salaire


def _lignes_lues(d: Donnees) -> bool:
    """Whether every table of planned lines that the call has could be read."""
    return all(codes_lus(d, table) for table in ("personnel", "charges") if table in d.appel.classeur.tables)


def _mois(le: date) -> str:
    return f"{le:%m/%Y}"


@rule("D01", on=Donnees)
def ligne_non_prevue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An expense is booked on a line planned in the application, a salary on one of « Personnel »."""
    if not _lignes_lues(d):
        return
    for x, jugee in engagees(d):
        if x.ligne_budget and jugee.ligne is None:
            effet, ou = "cette dépense n'est pas retenue", "feuilles Personnel et Charges"
            if isinstance(x, Salaire):
                effet, ou = "ce salaire n'est pas retenu", "feuille Personnel"
            nul = f"n'est pas prévue au dossier : {effet}"
            yield constat(
                x, "ligne_budget", Dit(f"la ligne {cite(x.ligne_budget)} {nul}", f"corrigez le code ({ou})"), d
            )


def _a_juger(d: Donnees) -> Iterator[Engagee]:
    """The expenses whose dates and payment matter: planned, counted here, not settled by the officer, positive."""
    for x, jugee in engagees(d):
        settled = levee(x) or x.decision == Decision.REFUSEE or avoir(x) or dans_salaires(x, d)
        if jugee.motif != NON_PREVUE and not settled:
            yield x


def _date(x: Engagee, days: tuple[date, date], d: Donnees, *, fin: bool = False) -> tuple[str, str]:
    """The field that places an expense in time, and how it is told. ``days``: its first and last."""
    du, au = days
    if isinstance(x, Salaire):
        return "mois", f"salaire de {_mois(du)}"
    noms = [nom for nom in ("prestation_au", "prestation_du")[:: 1 if fin else -1] if getattr(x, nom)]
    if noms and d.appel.budget.eligibilite.date == "prestation":
        return noms[0], f"prestation {periode(du, au)}" if du != au else f"prestation du {jour(du)}"
    return "date_piece", f"dépense datée du {jour(du)}"


@rule("D02", on=Donnees)
def depense_hors_operation(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An expense was incurred during the operation, unless an officer retained it."""
    du, _fin = bornes(d)
    au = fins(d)[0]
    if (du, _fin) == (None, None):
        return
    for x in _a_juger(d):
        if place(x, d) == HORS_PERIODE and (days := prestation(x, d.appel.budget.eligibilite)):
            nom, quoi = _date(x, days, d)
            retenu = "il n'est pas retenu" if isinstance(x, Salaire) else "elle n'est pas retenue"
            texte = f"{quoi}, hors de l'opération ({periode(du, au)}) : {retenu}"
            yield constat(x, nom, Dit(texte, "vérifiez la date, ou retirez la ligne"), d)


@rule("D08", on=Donnees)
def paiement_a_verifier(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Once the operation is over, an expense is paid as the call wants: by default before the bilan is filed."""
    regle, depot, (du, au) = d.appel.budget.eligibilite, d.operation.date_bilan, bornes(d)
    suite = "" if regle.a_verifier_retenu else " : elle n'est pas retenue"
    for x in _a_juger(d):
        le = x.date_paiement
        if payee(x, d) or place(x, d) == HORS_PERIODE or (le and le > d.aujourdhui):
            continue
        texte = ""
        if le and depot and le > depot:
            texte = f"payée le {jour(le)}, après le dépôt du bilan ({jour(depot)}){suite}"
        elif le and regle.paiement == ReglePaiement.DANS_OPERATION and hors(le, du, au):
            texte = f"payée le {jour(le)}, hors de l'opération ({periode(du, au)}){suite}"
        elif (d.terminee or depot) and vide(x, "date_paiement", d):
            texte = f"rien ne dit quand elle a été payée, et l'opération est terminée{suite}"
        if texte:
            remede = "complétez ou corrigez la date de paiement, preuve à l'appui"
            yield constat(x, "date_paiement", Dit(f"{_sujet(x)} {texte}", remede), d)


def _sujet(x: Engagee) -> str:
    return "la paie :" if isinstance(x, Salaire) else "dépense :"


@rule("D09", on=Donnees)
def date_a_venir(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Nothing is dated or paid in the future."""
    for x, _jugee in engagees(d):
        for nom, mot in (("date_piece", "pièce datée du"), ("date_paiement", "payée le")):
            le = getattr(x, nom, None)
            if le and le > d.aujourdhui:
                texte = Dit(f"{mot} {jour(le)}, qui est à venir", "corrigez la date, ou attendez ce jour")
                yield constat(x, nom, texte, d)
        if isinstance(x, Salaire) and x.mois and x.mois.replace(day=1) > d.aujourdhui:
            texte = Dit(f"le mois {_mois(x.mois)} est à venir", "n'inscrivez que les mois réellement payés")
            yield constat(x, "mois", texte, d)


@rule("D20", on=Donnees)
def apres_la_mise_a_jour(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """No expense is later than the day the workbook is said to be up to date."""
    arret = d.operation.a_jour_au
    if arret is None:
        return
    dates = [[x.date_paiement, getattr(x, "date_piece", None)] for x, _jugee in engagees(d)]
    tard = [max(later) for days in dates if (later := [le for le in days if le and arret < le <= d.aujourdhui])]
    if tard:
        texte = f"{compte(len(tard), 'dépense')} d'après le {jour(arret)} (jusqu'au {jour(max(tard))})"
        remede = "mettez à jour « Classeur à jour au », ou corrigez leurs dates"
        yield constat(d.operation, "a_jour_au", Dit(texte, remede), d)


@rule("D10", on=Donnees)
def prestation_a_cheval(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A service lies within the operation, and before an early end of the convention."""
    du, au = bornes(d)
    if (du, au) == (None, None):
        return
    regle, doute = d.appel.budget.eligibilite, fins(d)[1]
    suite = "" if regle.a_verifier_retenu else ", et n'est pas retenue"
    for x in _a_juger(d):
        if place(x, d) == A_CHEVAL and (days := prestation(x, regle)):
            early, late = du is not None and days[0] < du, au is not None and days[1] > au
            nom, quoi = _date(x, days, d, fin=not early)
            outside = f"en partie hors de l'opération ({periode(du, au)})"
            if doute and not (early or late):
                outside = f"après la fin effective de la convention ({jour(doute)})"
            remede = "ne comptez que la part de l'opération, ou l'instructeur inscrit le montant retenu"
            yield constat(x, nom, Dit(f"{quoi}, {outside}{suite}", remede), d)


@rule("D11", on=Depense)
def prestation_a_l_envers(x: Depense, d: Donnees) -> Iterator[Constat]:
    """A service ends after its start."""
    du, au = x.prestation_du, x.prestation_au
    if du and au and au < du:
        texte = Dit(f"la fin ({jour(au)}) précède le début ({jour(du)})", "corrigez l'une des deux dates")
        yield constat(x, "prestation_au", texte, d)


@rule("D03", on=Donnees)
def sans_justificatif(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An expense has its evidence, unless an officer settled it."""
    for x, _jugee in engagees(d):
        if levee(x) or x.decision == Decision.REFUSEE or avoir(x):
            continue
        if x.justificatif is False or vide(x, "justificatif", d):
            manque = "n'est pas joint" if x.justificatif is False else "n'est pas indiqué comme joint"
            piece, reste = "le justificatif", "la dépense reste"
            if isinstance(x, Salaire):
                piece, reste = "le bulletin de paie", "le salaire reste"
            texte = Dit(f"{piece} {manque} : {reste} à justifier", "joignez-le, puis répondez Oui")
            yield constat(x, "justificatif", texte, d)


@rule("D04", on=Donnees)
def ligne_depassee(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Spending that can be retained stays within what was planned, by line or by category as the call says."""
    taux = fongibilite(d)
    if d.appel.budget.fongibilite.niveau is Niveau.LIGNE:
        for ligne in lignes(d):
            if ligne.prevu is not None:
                texte = _depassement(ligne.depense, ligne.perdue, ligne.prevu, taux)
                if texte:
                    yield ligne.cell, f"ligne {ligne.code} : {texte}"
        return
    prevus, perdues, noms = directes(d), perdue_par_poste(d), {p.code: p for p in d.appel.budget.postes}
    for code, depense in depense_par_poste(d).items():
        texte = _depassement(depense, perdues[code], prevus[code], taux)
        if texte:
            yield feuille(d, noms[code].table), f"{cite(noms[code].libelle)} : {texte}"


def _depassement(depense: Decimal, perdue: Decimal, prevu: Decimal, taux: Decimal) -> str:
    plafond, reste = arrondi(prevu * (1 + taux)), depense - perdue
    if reste <= max(plafond, ZERO):
        return ""
    sans = f" (sans {format_euros(perdue)} refusés ou hors de l'opération)" if perdue else ""
    marge = f", {format_euros(plafond)} avec {pourcent(taux)} de fongibilité" if taux else ""
    texte = f"{format_euros(reste)} dépensés{sans} pour {format_euros(prevu)} prévus{marge}"
    return Dit(texte, f"dépassement non retenu : {format_euros(reste - plafond)}, sauf avenant")


@rule("D07", on=Donnees)
def decision_sans_motif(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A decision gives its reason; retaining an expense that nothing was against needs none."""
    for x, _jugee in engagees(d):
        texte = ""
        if not x.decision and x.montant_retenu is not None:
            texte = f"{format_euros(x.montant_retenu)} retenus sans motif"
        elif x.decision and (x.decision != Decision.RETENUE or x.montant_retenu is not None or _contestable(x, d)):
            texte = f"décision {cite(d.appel.libelle('decisions', x.decision))} sans motif"
        if texte and vide(x, "motif_decision", d):
            yield constat(x, "motif_decision", Dit(texte, "écrivez-en la raison"), d)


def _contestable(x: Engagee, d: Donnees) -> bool:
    """Whether something was against an expense."""
    outside = bornes(d) != (None, None) and place(x, d) != ""
    return x.justificatif is not True or outside or (x.date_paiement is not None and not payee(x, d))


@rule("D16", on=Donnees)
def montant_retenu_incoherent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The part that an officer retains is a part of the expense, and is not contradicted by the decision."""
    for x, _jugee in engagees(d):
        if x.montant_retenu is None:
            continue
        part, entier = format_euros(x.montant_retenu), montant(x)
        if x.decision in (Decision.REFUSEE, Decision.A_JUSTIFIER):
            decision = cite(d.appel.libelle("decisions", x.decision))
            texte = Dit(f"{part} retenus, mais la décision est {decision} : rien n'est retenu", "videz l'un des deux")
        elif avoir(x):
            texte = Dit(f"{part} retenus d'un avoir : il est déduit en entier", "videz ce montant, ou refusez l'avoir")
        elif entier is not None and x.montant_retenu > entier:
            texte = Dit(f"{part} retenus pour une dépense de {format_euros(entier)}", "ramenez-les à ce montant")
        else:
            continue
        yield constat(x, "montant_retenu", texte, d)
