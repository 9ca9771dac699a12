"""D: actual expenses against what was planned, their dates, documents and the officer's decision."""

from collections.abc import Iterator
from decimal import Decimal

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Decision, Niveau
from aap_xl.domain.budget import (
    depense_par_poste,
    directes,
    fongibilite,
    hors_periode,
    jugees,
    lignes,
    perdue_par_poste,
)
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.regles.outils import (
    bornes,
    cite,
    codes_lus,
    constat,
    doublons,
    feuille,
    hors,
    jour,
    periode,
    pourcent,
    vide,
)
from aap_xl.euros import ZERO, arrondi, format_euros
from aap_xl.rows import Depense
from aap_xl.texte import normaliser


def _lignes_lues(d: Donnees) -> bool:
    """Whether every table of planned lines that the call has could be read."""
    return all(codes_lus(d, table) for table in ("personnel", "charges") if table in d.appel.classeur.tables)


@rule("D01", on=Donnees)
def ligne_non_prevue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An expense is booked on a line planned in the application."""
    if not _lignes_lues(d):
        return
    for x, jugee in zip(d.depenses, jugees(d), strict=True):
        if x.ligne_budget and jugee.ligne is None:
            texte = f"la ligne {cite(x.ligne_budget)} n'est pas prévue au dossier : cette dépense n'est pas retenue"
            yield constat(x, "ligne_budget", Dit(texte, "corrigez le code (feuilles Personnel et Charges)"), d)


@rule("D02", on=Donnees)
def depense_hors_operation(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An expense is dated and paid during the operation, unless an officer retained it."""
    du, au = bornes(d)
    for x in d.depenses:
        if x.decision == Decision.RETENUE:
            continue
        for nom, mot in (("date_piece", "datée du"), ("date_paiement", "payée le")):
            le = getattr(x, nom)
            if hors(le, du, au):
                texte = f"dépense {mot} {jour(le)}, hors de l'opération ({periode(du, au)}) : elle n'est pas retenue"
                yield constat(x, nom, Dit(texte, "vérifiez la date, ou retirez la ligne"), d)


@rule("D03", on=Donnees)
def sans_justificatif(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An expense has its evidence, unless an officer settled it."""
    for x in d.depenses:
        if x.decision in (Decision.RETENUE, Decision.REFUSEE):
            continue
        if x.justificatif is False or vide(x, "justificatif", d):
            manque = "n'est pas joint" if x.justificatif is False else "n'est pas indiqué comme joint"
            texte = Dit(f"le justificatif {manque} : la dépense reste à justifier", "joignez-le, puis répondez Oui")
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
    plafond, compte = arrondi(prevu * (1 + taux)), depense - perdue
    if compte <= max(plafond, ZERO):
        return ""
    sans = f" (sans {format_euros(perdue)} refusés ou hors de l'opération)" if perdue else ""
    marge = f", {format_euros(plafond)} avec {pourcent(taux)} de fongibilité" if taux else ""
    texte = f"{format_euros(compte)} dépensés{sans} pour {format_euros(prevu)} prévus{marge}"
    return Dit(texte, f"dépassement non retenu : {format_euros(compte - plafond)}, sauf avenant")


def _piece(x: Depense) -> tuple[object, ...] | None:
    if not x.document or x.montant is None:
        return None
    return normaliser(x.document), normaliser(x.fournisseur or ""), x.montant


@rule("D05", on=Donnees)
def piece_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A document is counted once: same reference, supplier and amount."""
    for x, premiere in doublons(d.depenses, _piece):
        texte = f"la pièce {cite(x.document or '')} est déjà comptée à la ligne {premiere.ligne} pour le même montant"
        yield constat(x, "document", Dit(texte, "retirez l'une des deux"), d)


@rule("D07", on=Depense)
def decision_sans_motif(x: Depense, d: Donnees) -> Iterator[Constat]:
    """A decision gives its reason; retaining an expense that nothing was against needs none."""
    if not x.decision or not vide(x, "motif_decision", d):
        return
    outside = bornes(d) != (None, None) and hors_periode(x, d)
    if x.decision != Decision.RETENUE or x.justificatif is not True or outside:
        decision = cite(d.appel.libelle("decisions", x.decision))
        yield constat(x, "motif_decision", Dit(f"décision {decision} sans motif", "écrivez-en la raison"), d)
