"""B: what is planned — amounts, shares of time, flat rate, funding plan."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain

from aap_xl.anomalies import Constat, rule
from aap_xl.domain.budget import LigneSource, cout_personnel, total_prevu
from aap_xl.domain.donnees import Donnees, Fait
from aap_xl.domain.public import normaliser
from aap_xl.domain.regles.outils import (
    bornes,
    cite,
    constat,
    doublons,
    enumere,
    feuille,
    feuille_lue,
    groupes,
    hors,
    jour,
    nombre,
    periode,
    pourcent,
    rempli,
    utilise,
    vide,
)
from aap_xl.euros import ZERO, format_euros
from aap_xl.rows import TABLES, Charge, Nature, Operation, Personnel, Row

_NOMBRES = (Nature.MONTANT, Nature.NOMBRE, Nature.ENTIER)


@cache
def _champs(table: str, natures: tuple[Nature, ...]) -> tuple[str, ...]:
    """The fields of some natures that people type."""
    row = TABLES.get(table, Operation)
    return tuple(nom for nom, champ in row.champs.items() if champ.nature in natures and not champ.calcule)


def _lignes(d: Donnees, natures: tuple[Nature, ...]) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Every row that has such fields; weekly hours have their own rules (H)."""
    for table, rows in chain([("operation", [d.operation])], d.tables.items()):
        noms = () if table == "heures" else _champs(table, natures)
        if noms:
            yield from ((row, noms) for row in rows)


@rule("B01", on=Donnees)
def montant_negatif(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """No amount or quantity is negative."""
    for row, noms in _lignes(d, _NOMBRES):
        for nom in noms:
            valeur = getattr(row, nom)
            if valeur is not None and valeur < 0:
                montant = row.champs[nom].nature is Nature.MONTANT
                texte = format_euros(valeur) if montant else nombre(valeur)
                remede = "saisissez un nombre positif, un avoir vient en déduction de sa facture"
                yield constat(row, nom, f"{texte} est négatif ; {remede if montant else 'corrigez ce nombre'}", d)


@rule("B02", on=Donnees)
def taux_hors_bornes(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A share lies between 0 and 100 %."""
    for row, noms in _lignes(d, (Nature.TAUX,)):
        for nom in noms:
            taux = getattr(row, nom)
            if taux is not None and not 0 <= taux <= 1:
                texte = f"{pourcent(taux)} n'est pas entre 0 et 100 % ; saisissez par exemple 50 % pour la moitié"
                yield constat(row, nom, texte, d)


def _quotite_max(lignes: Sequence[Personnel], d: Donnees) -> tuple[Decimal, list[Personnel]]:
    """The highest sum of shares on one day, and the lines that make it. Unknown dates: the operation's."""
    du, au = d.operation.date_debut or date.min, d.operation.date_fin or date.max
    spans = [(p.debut or du, p.fin or au, p.quotite or ZERO, p) for p in lignes]
    best, members = ZERO, list[Personnel]()
    for start in {span[0] for span in spans}:
        present = [span for span in spans if span[0] <= start <= span[1]]
        total = sum((span[2] for span in present), ZERO)
        if total > best:
            best, members = total, [span[3] for span in present]
    return best, members


@rule("B03", on=Donnees)
def quotites_au_dela_du_plein_temps(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """On any day the shares of one person do not exceed 100 % in all."""
    for lignes in groupes(d.personnel, lambda p: normaliser(p.salarie) if p.salarie and p.quotite else None).values():
        total, ensemble = _quotite_max(lignes, d)
        if len(ensemble) > 1 and total > 1:
            codes = enumere(cite(p.code or f"ligne {p.ligne}") for p in ensemble)
            texte = f"les quotités d'une même personne font {pourcent(total)} sur la même période (lignes {codes})"
            yield constat(ensemble[-1], "quotite", f"{texte} ; ramenez leur somme à 100 % au plus", d)


@rule("B04", on=Personnel)
def affectation_hors_operation(p: Personnel, d: Donnees) -> Iterator[Constat]:
    """Staff are assigned inside the operation, in the right order."""
    du, au = bornes(d)
    for nom in ("debut", "fin"):
        le = getattr(p, nom)
        if hors(le, du, au):
            texte = f"le {jour(le)} est hors de l'opération ({periode(du, au)}) ; limitez l'affectation à l'opération"
            yield constat(p, nom, texte, d)
    if p.debut and p.fin and p.fin < p.debut:
        texte = f"la fin ({jour(p.fin)}) précède le début ({jour(p.debut)}) ; corrigez l'une des deux dates"
        yield constat(p, "fin", texte, d)


@rule("B05", on=Fait)
def role_inconnu(f: Fait, _: Donnees) -> Iterator[Constat]:
    """The role of a member of staff is one the call names."""
    texte = f"la fonction {cite(f.valeur)} n'est pas de celles de l'appel ; choisissez par exemple {f.attendu}"
    yield f.cell, texte, f.valeur


@rule("B06", on=Fait)
def forfait_saisi(f: Fait, d: Donnees) -> Iterator[Constat]:
    """The flat rate is computed, never typed."""
    taux = pourcent(d.appel.budget.charges_indirectes.taux)
    texte = f"les charges indirectes ont été saisies à la main ({cite(f.valeur)})"
    remede = f"rétablissez la formule : c'est un forfait de {taux}"
    yield f.cell, f"{texte} ; {remede}", f.valeur


def _chiffrable(d: Donnees) -> bool:
    """Whether every planned expense has its amount; a missing one has its own anomaly (F14, B12…)."""
    if not (feuille_lue(d, "personnel") or feuille_lue(d, "charges")):
        return False
    couts = all(cout_personnel(p) is not None for p in d.personnel)
    return couts and all(c.prevu is not None for c in d.charges)


@rule("B07", on=Donnees)
def plan_desequilibre(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Planned expenses equal planned resources."""
    chiffre = _chiffrable(d) and feuille_lue(d, "ressources") and all(r.prevu is not None for r in d.ressources)
    if not chiffre:
        return
    depenses, ressources = total_prevu(d), sum((r.prevu or ZERO for r in d.ressources), ZERO)
    ecart = depenses - ressources
    if abs(ecart) > d.appel.budget.tolerance:
        texte = f"dépenses prévues {format_euros(depenses)}, ressources prévues {format_euros(ressources)}"
        reste = f"il manque {format_euros(ecart)}" if ecart > 0 else f"il y a {format_euros(-ecart)} de trop"
        yield feuille(d, "ressources"), f"{texte} : {reste} ; équilibrez le plan de financement"


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
            yield constat(d.operation, nom, f"{texte} ; corrigez la subvention ou le budget", d)


@rule("B09", on=Charge)
def outil_pedagogique(c: Charge, d: Donnees) -> Iterator[Constat]:
    """Making teaching tools is inside the flat rate: it is not a direct cost too."""
    forfait = d.appel.budget.charges_indirectes
    if forfait.outils_pedagogiques_inclus and c.outil_pedagogique:
        texte = f"la réalisation d'outils pédagogiques est déjà comprise dans le forfait de {pourcent(forfait.taux)}"
        yield constat(c, "outil_pedagogique", f"{texte} ; retirez cette ligne des charges directes", d)


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
            yield constat(r, "type", f"{texte} ; gardez-les d'un seul côté", d)


@rule("B11", on=Donnees)
def ligne_de_budget_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The code of a budget line is unique over Personnel and Charges."""
    lignes: list[LigneSource] = [*d.personnel, *d.charges]
    for ligne, premiere in doublons(lignes, lambda ligne: ligne.code and ligne.code.casefold()):
        autre = f"{premiere.feuille}, ligne {premiere.ligne}"
        texte = f"le code {cite(ligne.code or '')} est déjà pris ({autre}) ; donnez un code à chaque ligne"
        yield constat(ligne, "code", texte, d)


@rule("B12", on=Personnel)
def cout_incalculable(p: Personnel, d: Donnees) -> Iterator[Constat]:
    """A salary cost comes from a salary and a share of time, or from an hourly rate and hours, not both."""
    if cout_personnel(p) is not None or p.illisibles & {"brut", "quotite", "taux_horaire", "heures"}:
        return
    salaire = rempli(p, "brut") or rempli(p, "quotite")
    horaire = rempli(p, "taux_horaire") or rempli(p, "heures")
    if not salaire and not horaire:
        texte = "le coût ne peut pas être calculé ; saisissez salaire brut et quotité, ou taux horaire et heures"
        yield from _sur(p, ("quotite", "heures"), texte, d)
    elif p.quotite is not None and p.brut is not None and horaire:
        texte = "quotité et heures signées sont toutes deux saisies ; gardez une seule façon de calculer le coût"
        yield from _sur(p, ("heures", "taux_horaire"), texte, d)
    else:
        for nom in ("brut", "quotite") if salaire else ("taux_horaire", "heures"):
            if vide(p, nom, d):
                texte = f"le coût ne peut pas être calculé ; complétez {cite(p.champs[nom].entete)}"
                yield constat(p, nom, texte, d)


def _sur(row: Row, noms: Sequence[str], texte: str, d: Donnees) -> Iterator[Constat]:
    """The finding on the first of some fields that the sheet has."""
    nom = next((nom for nom in noms if utilise(row, nom, d)), None)
    if nom:
        yield constat(row, nom, texte, d)


@rule("B13", on=Donnees)
def subvention_et_ressource(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The grant asked is the Département's line of the funding plan."""
    demandee, departement = d.operation.subvention_demandee, d.appel.budget.ressource_departement
    if demandee is None or not d.ressources or any(r.prevu is None or r.type is None for r in d.ressources):
        return
    inscrite = sum((r.prevu or ZERO for r in d.ressources if r.type == departement), ZERO)
    if abs(demandee - inscrite) > d.appel.budget.tolerance:
        texte = f"{format_euros(demandee)} demandés, mais {format_euros(inscrite)} inscrits à la feuille Ressources"
        ressource = cite(d.appel.libelle("ressources", departement))
        yield constat(d.operation, "subvention_demandee", f"{texte} pour {ressource} ; accordez les deux", d)


@rule("B14", on=Donnees)
def ressource_sans_realise(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Once the operation is over, each resource but the Département's has its actual amount."""
    if not d.terminee:
        return
    for r in d.ressources:
        if r.type != d.appel.budget.ressource_departement and vide(r, "realise", d):
            texte = "l'opération est terminée ; saisissez le montant réellement obtenu (0 si rien n'a été versé)"
            yield constat(r, "realise", texte, d)


@rule("B15", on=Donnees)
def base_horaire(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Where hours are used, the yearly base is named, known, and not exceeded by one person."""
    o, bases = d.operation, d.appel.budget.bases_heures
    avec_heures = [p for p in d.personnel if p.heures]
    if not avec_heures:
        return
    connues = enumere((f"{nombre(base)} h" for base in bases), "ou") if bases else ""
    if vide(o, "base_heures", d):
        exemple = f", par exemple {connues}" if bases else ""
        yield constat(o, "base_heures", f"des heures sont comptées sans base horaire ; indiquez-la{exemple}", d)
    if o.base_heures is None:
        return
    if bases and o.base_heures not in bases:
        texte = f"{nombre(o.base_heures)} h n'est pas une base connue ; retenez {connues}"
        yield constat(o, "base_heures", texte, d)
    for lignes in groupes(avec_heures, lambda p: normaliser(p.salarie) if p.salarie else p.ligne).values():
        total = sum((p.heures or ZERO for p in lignes), ZERO)
        if total > o.base_heures:
            texte = f"{nombre(total)} h pour une seule personne dépassent la base de {nombre(o.base_heures)} h"
            yield constat(lignes[-1], "heures", f"{texte} ; vérifiez les heures signées", d)
