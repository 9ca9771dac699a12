"""B: what is planned — amounts, shares of time, flat rate, funding plan."""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.domain.budget import cout_personnel, total_prevu
from aap_xl.domain.data import Donnees
from aap_xl.domain.eligibilite import LigneSource
from aap_xl.domain.facts import CalculEcrase
from aap_xl.domain.regles.tools import constat, doublons, feuille, feuille_lue, perdue, vide
from aap_xl.domain.solde import solde
from aap_xl.euros import arrondi, format_euros, somme
from aap_xl.francais import cite, enumere, nombre, pourcent
from aap_xl.rows import Charge, Nature, Operation, Personnel, Row

_NOMBRES = (Nature.MONTANT, Nature.NOMBRE, Nature.HEURES, Nature.ENTIER)


@cache
def _champs(appel: Appel, table: str, natures: tuple[Nature, ...]) -> tuple[str, ...]:
    """The fields of some natures that people type."""
    champs = modele(appel, table).champs
    return tuple(nom for nom, champ in champs.items() if champ.nature in natures and not champ.calcule)


def _lignes(d: Donnees, natures: tuple[Nature, ...]) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Every row that has such fields; weekly hours have their own rules (H)."""
    for table, rows in chain([("operation", [d.operation])], d.tables.items()):
        noms = () if table == "heures" else _champs(d.appel, table, natures)
        if noms:
            yield from ((row, noms) for row in rows)


@rule("B01", on=Donnees)
def montant_negatif(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """No amount or quantity is negative, but a credit note and an adjustment."""
    for row, noms in _lignes(d, _NOMBRES):
        for nom in noms:
            valeur = getattr(row, nom)
            if valeur is not None and valeur < 0 and row.champs[nom].minimum is not None:
                montant = row.champs[nom].nature is Nature.MONTANT
                texte = format_euros(valeur) if montant else nombre(valeur)
                remede = "saisissez un montant positif" if montant else "corrigez ce nombre"
                yield constat(row, nom, Dit(f"{texte} est négatif", remede), d)


@rule("B02", on=Donnees)
def taux_hors_bornes(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A share lies between 0 and 100 %."""
    for row, noms in _lignes(d, (Nature.TAUX,)):
        for nom in noms:
            taux = getattr(row, nom)
            if taux is not None and not 0 <= taux <= 1:
                texte = Dit(f"{pourcent(taux)} n'est pas entre 0 et 100 %", "saisissez par exemple 50 % pour la moitié")
                yield constat(row, nom, texte, d)


@rule("B06", on=CalculEcrase)
def forfait_saisi(f: CalculEcrase, d: Donnees) -> Iterator[Constat]:
    """The flat rate is computed, never typed."""
    taux = pourcent(d.appel.budget.charges_indirectes.taux)
    texte = f"les charges indirectes ont été saisies à la main ({cite(f.saisi)})"
    remede = f"rétablissez la formule : c'est un forfait de {taux}"
    yield f.cell, Dit(texte, remede), f.saisi


def _chiffrable(d: Donnees) -> bool:
    """Whether every planned expense has its amount; a missing one has its own anomaly (F14, B12…)."""
    if perdue(d, "personnel") or perdue(d, "charges"):
        return False
    couts = all(cout_personnel(p) is not None for p in d.personnel)
    return couts and all(c.prevu is not None for c in d.charges)


@rule("B07", on=Donnees)
def plan_desequilibre(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Planned expenses equal planned resources."""
    chiffre = _chiffrable(d) and feuille_lue(d, "ressources") and all(r.prevu is not None for r in d.ressources)
    if not chiffre:
        return
    depenses, ressources = total_prevu(d), somme(r.prevu for r in d.ressources)
    ecart = depenses - ressources
    if abs(ecart) > d.appel.budget.tolerance:
        texte = f"dépenses prévues {format_euros(depenses)}, ressources prévues {format_euros(ressources)}"
        reste = f"il manque {format_euros(ecart)}" if ecart > 0 else f"il y a {format_euros(-ecart)} de trop"
        yield feuille(d, "ressources"), Dit(f"{texte} : {reste}", "équilibrez le plan de financement")


@rule("B08", on=Donnees)
def subvention_superieure_au_total(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The grant, asked or voted, does not exceed the planned total."""
    if not _chiffrable(d) or not (d.personnel or d.charges):
        return
    total = total_prevu(d)
    for nom in ("subvention_demandee", "subvention_votee"):
        montant = getattr(d.operation, nom)
        if montant is not None and montant > total:
            texte = f"{format_euros(montant)} dépassent le total des dépenses prévues ({format_euros(total)})"
            yield constat(d.operation, nom, Dit(texte, "corrigez la subvention ou le budget"), d)


@rule("B09", on=Charge)
def outil_pedagogique(c: Charge, d: Donnees) -> Iterator[Constat]:
    """Making teaching tools is inside the flat rate: it is not a direct cost too."""
    forfait = d.appel.budget.charges_indirectes
    if forfait.outils_pedagogiques_inclus and c.outil_pedagogique:
        texte = f"la réalisation d'outils pédagogiques est déjà comprise dans le forfait de {pourcent(forfait.taux)}"
        yield constat(c, "outil_pedagogique", Dit(texte, "retirez cette ligne des charges directes"), d)


@rule("B10", on=Donnees)
def salaire_aide_deux_fois(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Job aids are deducted from salaries or counted as a resource, not both."""
    deduites = [p.code or f"ligne {p.ligne}" for p in d.personnel if p.aides and p.aides > 0]
    type_aides = d.appel.budget.ressource_aides_emploi
    if not deduites or not type_aides:
        return
    for r in d.ressources:
        if r.type == type_aides and (r.prevu or r.realise):
            texte = f"les aides à l'emploi sont déjà déduites des salaires (Personnel, {enumere(deduites)})"
            yield constat(r, "type", Dit(texte, "gardez-les d'un seul côté"), d)


@rule("B11", on=Donnees)
def ligne_de_budget_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The code of a budget line is unique over Personnel and Charges."""
    lignes: list[LigneSource] = [*d.personnel, *d.charges]
    for ligne, premiere in doublons(lignes, lambda ligne: ligne.code and ligne.code.casefold()):
        autre = f"{premiere.feuille}, ligne {premiere.ligne}"
        texte = Dit(f"le code {cite(ligne.code or '')} est déjà pris ({autre})", "donnez un code à chaque ligne")
        yield constat(ligne, "code", texte, d)


@rule("B13", on=Donnees)
def subvention_et_ressource(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The grant asked is the Département's line of the funding plan."""
    demandee, departement = d.operation.subvention_demandee, d.appel.budget.ressource_departement
    if demandee is None or not d.ressources or any(r.prevu is None or r.type is None for r in d.ressources):
        return
    inscrite = somme(r.prevu for r in d.ressources if r.type == departement)
    if abs(demandee - inscrite) > d.appel.budget.tolerance:
        texte = f"{format_euros(demandee)} demandés, mais {format_euros(inscrite)} inscrits à la feuille Ressources"
        ressource = cite(d.appel.libelle("ressources", departement))
        yield constat(d.operation, "subvention_demandee", Dit(f"{texte} pour {ressource}", "accordez les deux"), d)


@rule("B14", on=Donnees)
def ressource_sans_realise(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Once the operation is over, each resource but the Département's has its actual amount."""
    if not d.terminee:
        return
    for r in d.ressources:
        if r.type != d.appel.budget.ressource_departement and vide(r, "realise", d):
            texte = Dit("l'opération est terminée", "saisissez le montant réellement obtenu (0 si rien n'a été versé)")
            yield constat(r, "realise", texte, d)


@rule("B16", on=Donnees)
def au_dela_du_centime(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An amount stops at the cent: the workbook's formulas add it as it stands, the bilan rounds it first.

    Staff costs are left out: a product is rounded once, in both.
    """
    for row, noms in _lignes(d, (Nature.MONTANT,)):
        for nom in noms if row.table != Personnel.table else ():
            valeur = getattr(row, nom)
            if valeur is not None and valeur != arrondi(valeur):
                texte = f"{nombre(valeur)} a plus de deux décimales et compte ici pour {format_euros(valeur)}"
                yield constat(row, nom, Dit(texte, "arrondissez-le au centime dans la cellule"), d)


@rule("B18", on=Operation)
def ajustement_sans_motif(o: Operation, d: Donnees) -> Iterator[Constat]:
    """An adjustment of the grant gives its reason, and a reason comes with its amount."""
    if o.ajustement and vide(o, "motif_ajustement", d):
        texte = f"la subvention est ajustée de {format_euros(o.ajustement)} sans motif"
        yield constat(o, "motif_ajustement", Dit(texte, "écrivez-en la raison"), d)
    elif o.motif_ajustement and vide(o, "ajustement", d):
        texte = Dit("un motif d'ajustement est écrit, sans montant", "saisissez le montant, négatif pour réduire")
        yield constat(o, "ajustement", texte, d)


@rule("B19", on=Donnees)
def ajustement_sans_effet(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """An adjustment leads neither above the voted grant or the ceiling, nor below zero."""
    s = solde(d)
    if s.ajustement is None or s.calcule is None or s.du is None:
        return
    voulue = s.calcule + arrondi(s.ajustement)
    if voulue != s.du:
        texte = f"la subvention calculée ({format_euros(s.calcule)}) ajustée de {format_euros(s.ajustement)} ferait "
        texte += f"{format_euros(voulue)}, elle est arrêtée à {format_euros(s.du)}"
        yield constat(d.operation, "ajustement", Dit(texte, "vérifiez le montant de l'ajustement"), d)
