"""Money: planned, actual and retained, resources, and the balance step by step."""

from aap_xl.domain.budget import (
    LigneBudget,
    charges_indirectes,
    depense_par_poste,
    directes,
    fongibilite,
    libelle,
    lignes,
    retenu_par_poste,
    total_depense,
    total_prevu,
)
from aap_xl.domain.data import Donnees
from aap_xl.domain.eligibilite import engagees, nom, prestation, salaires_juges
from aap_xl.domain.solde import noms_non_deduits, reserve, ressources, solde, total_ressources
from aap_xl.domain.tableau import Colonne, Tableau, Valeur, montants, pourcent
from aap_xl.euros import ZERO, arrondi, format_euros, somme
from aap_xl.rows import Nature

_SUIVI = montants("Prévu", "Dépensé", "Retenu", "Écart prévu − dépensé")
HORS_BUDGET = "Dépenses hors budget prévu"


def postes(donnees: Donnees) -> Tableau:
    """Planned, actual and retained by category, then the flat rate computed on each of the three bases."""
    appel = donnees.appel
    planned, spent, kept = directes(donnees), depense_par_poste(donnees), retenu_par_poste(donnees)
    unplanned = total_depense(donnees) - sum(spent.values(), ZERO)
    amounts = [(item.libelle, planned[item.code], spent[item.code], kept[item.code]) for item in appel.budget.postes]
    amounts.append((HORS_BUDGET, ZERO, unplanned, ZERO))
    name = f"Charges indirectes ({pourcent(appel.budget.charges_indirectes.taux)})"
    flat = charges_indirectes(planned, appel), charges_indirectes(spent, appel), charges_indirectes(kept, appel)
    amounts.append((name, *flat))
    rows: list[tuple[Valeur, ...]] = [(name, a, b, c, a - b) for name, a, b, c in amounts]
    a, b, c = (sum(column, ZERO) for column in list(zip(*amounts, strict=True))[1:])
    total = ("Total", a, b, c, a - b)
    return Tableau(
        "budget_postes",
        "Dépenses par poste",
        (Colonne("Poste"), *_SUIVI),
        rows,
        total,
        _note_forfait(donnees),
        appel.budget.article,
        True,
    )


def _note_forfait(donnees: Donnees) -> str:
    appel = donnees.appel
    names = {item.code: item.libelle.lower() for item in appel.budget.postes}
    base = " + ".join(names[code] for code in appel.budget.charges_indirectes.assiette)
    level = "ligne" if appel.budget.fongibilite.niveau == "ligne" else "poste"
    cap = f"Retenu plafonné au prévu par {level}, fongibilité {pourcent(fongibilite(donnees))}."
    return f"Forfait recalculé sur : {base}. {cap} Montants {taxes(donnees)}."


def taxes(donnees: Donnees) -> str:
    """Whether amounts hold the VAT: they do, unless the carrier recovers it."""
    return "hors taxes (TVA récupérée)" if donnees.operation.recupere_tva else "toutes taxes comprises"


def tableau_ressources(donnees: Donnees) -> Tableau:
    """Resources by type, planned and obtained; the note compares them with the planned costs."""
    found = ressources(donnees)
    rows: list[tuple[Valeur, ...]] = [
        (item.libelle, item.prevu, item.realise, None if item.realise is None else item.realise - item.prevu)
        for item in found
    ]
    planned = total_ressources(donnees)
    other = planned - sum((item.prevu for item in found), ZERO)
    codes = {item.code for item in found}
    unknown_rows = [r for r in donnees.ressources if r.type not in codes]
    unknown = [arrondi(r.realise) for r in unknown_rows if r.realise is not None]
    obtained = sum(unknown, ZERO) if unknown else None
    rows.append(("Type non renseigné", other, obtained, None if obtained is None else obtained - other))
    amounts = [item.realise for item in found if item.realise is not None] + unknown
    total_obtained = sum(amounts, ZERO) if amounts else None
    ecart = None if total_obtained is None else total_obtained - planned
    costs = total_prevu(donnees)
    note = f"Dépenses prévues : {format_euros(costs)} ; ressources − dépenses : {format_euros(planned - costs)}."
    colonnes = (Colonne("Ressource"), *montants("Prévu", "Réalisé", "Écart réalisé − prévu"))
    total = ("Total", planned, total_obtained, ecart)
    return Tableau("ressources", "Ressources", colonnes, rows, total, note, donnees.appel.budget.article, True)


def tableau_solde(donnees: Donnees) -> Tableau:
    """The balance step by step; what nobody stated stays empty."""
    s = solde(donnees)
    rate = "Aucun taux saisi." if s.taux is None else f"Taux d'intervention de {pourcent(s.taux)}."
    least = f"Le plus petit : {s.raison[:1].lower()}{s.raison[1:]}." if s.raison else "Subvention votée non saisie."
    rows: list[tuple[Valeur, ...]] = [
        ("Dépenses retenues", s.retenu, "Charges indirectes recalculées comprises."),
        (
            "Autres ressources",
            s.autres_ressources,
            f"Réalisé, à défaut prévu ; hors {noms_non_deduits(donnees.appel)}.",
        ),
        ("Dépenses retenues − autres ressources", s.besoin, None),
        ("Dépenses retenues × taux d'intervention", s.intervention, rate),
        ("Subvention votée", s.votee, None),
        ("Plafond de l'appel à projets", s.plafond, None if s.plafond is not None else "Aucun plafond."),
        ("Subvention calculée", s.calcule, least),
        ("Ajustement de l'instructeur", s.ajustement, donnees.operation.motif_ajustement),
        ("Subvention due", s.du, least if s.ajustement is None else None),
        ("Avance versée", s.avance, None if s.avance is not None else "Non saisie (0 s'il n'y en a pas eu)."),
        ("Solde à verser", s.solde, None),
        ("Montant à reverser", s.a_reverser, "Ordre de reversement." if s.a_reverser else None),
    ]
    colonnes = (Colonne("Étape"), *montants("Montant"), Colonne("Précision"))
    note = "Subvention calculée : le plus petit des montants connus, jamais négatif ; due : ajustée."
    if not donnees.terminee:
        note += " L'opération n'est pas terminée : ce n'est qu'une situation à ce jour."
    if donnees.appel.budget.reserve_solde:
        note += f" {reserve(donnees.appel)}"
    return Tableau("solde", "Subvention due et solde", colonnes, rows, None, note, donnees.appel.budget.article, True)


def budget_lignes(donnees: Donnees) -> Tableau:
    """Planned, actual and retained by budget line."""
    found = lignes(donnees)
    names = {item.code: item.libelle for item in donnees.appel.budget.postes}
    rows: list[tuple[Valeur, ...]] = [_ligne(item, names.get(item.poste)) for item in found]
    prevu = somme(item.prevu for item in found)
    depense = somme(item.depense for item in found)
    total = ("Total", None, None, prevu, depense, somme(item.retenu for item in found), prevu - depense)
    colonnes = (Colonne("Ligne"), Colonne("Poste"), Colonne("Libellé"), *_SUIVI)
    by_line = donnees.appel.budget.fongibilite.niveau == "ligne"
    note = "" if by_line else "Retenu avant le plafond, appliqué par poste."
    article = donnees.appel.budget.fongibilite.article
    return Tableau("budget_lignes", "Dépenses par ligne de budget", colonnes, rows, total, note, article)


def _ligne(item: LigneBudget, poste: str | None) -> tuple[Valeur, ...]:
    return item.code, poste, item.libelle, item.prevu, item.depense, item.retenu, item.ecart


def depenses_ecartees(donnees: Donnees) -> Tableau:
    """The expenses of which nothing or only a part is retained, each with its reason; no supplier, maybe a person."""
    rows: list[tuple[Valeur, ...]] = []
    total, lost = ZERO, ZERO
    for x, item in engagees(donnees):
        if item.montant != item.admissible:
            rest = item.montant - item.admissible
            days = prestation(x, donnees.appel.budget.eligibilite)
            rows.append((nom(x), days[0] if days else None, x.ligne_budget, item.montant, rest, item.motif))
            total, lost = total + item.montant, lost + rest
    colonnes = (
        Colonne("N° de pièce"),
        Colonne("Date", Nature.DATE),
        Colonne("Ligne de budget"),
        *montants("Montant", "Non retenu"),
        Colonne("Motif"),
    )
    article = donnees.appel.budget.fongibilite.article
    whole = ("Total", None, None, total, lost, None)
    return Tableau("depenses_ecartees", "Dépenses non retenues", colonnes, rows, whole, "", article)


def salaires(donnees: Donnees) -> Tableau:
    """The salaries really paid, month by month; people appear by their line of the budget and their role."""
    rows: list[tuple[Valeur, ...]] = []
    charged, kept = ZERO, ZERO
    for s, item in zip(donnees.salaires, salaires_juges(donnees), strict=True):
        role = None if item.ligne is None else libelle(item.ligne, donnees.appel)
        paid = s.brut, s.cotisations, s.aides, s.quotite
        rows.append((s.ligne_budget, role, s.mois, *paid, item.montant, item.admissible))
        charged, kept = charged + item.montant, kept + item.admissible
    colonnes = (
        Colonne("Ligne"),
        Colonne("Fonction"),
        Colonne("Mois", Nature.DATE),
        *montants("Salaire brut", "Cotisations et taxes", "Aides"),
        Colonne("Quotité", Nature.TAUX),
        *montants("Montant imputé", "Admissible"),
    )
    total = ("Total", *[None] * 6, charged, kept)
    note = "Montant imputé : (brut + cotisations et taxes − aides) × quotité ; c'est la dépense de la ligne."
    article = donnees.appel.budget.article
    return Tableau("salaires", "Salaires réellement payés", colonnes, rows, total, note, article)
