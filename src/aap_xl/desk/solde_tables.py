"""The state of a balance as blocks of lines, the same on screen and on paper."""

from collections.abc import Iterator
from decimal import Decimal

from aap_xl.desk.solde import EtatSolde, LigneVue, noms_de_l_assiette, regle_du_plafond
from aap_xl.domain.bilan.finances import taxes
from aap_xl.domain.regles.tools import vide
from aap_xl.domain.solde import BESOIN, INTERVENTION, PLAFOND, VOTEE, noms_non_deduits, reserve
from aap_xl.domain.tableau import Colonne, Forte, Ligne, Tableau, Valeur, pourcent
from aap_xl.euros import ZERO, format_euros
from aap_xl.francais import compte, jour
from aap_xl.rows import Nature

_CONVENTION = "Convention"
_MONTANT, _DATE = Nature.MONTANT, Nature.DATE
LARGEURS = (12.0, *[11.0] * 3, 13.0, 13.0, 14.0, 13.0, 13.0, 26.0)
"""The printed sheet's grid, in characters."""


def _montants(*titres: str) -> tuple[Colonne, ...]:
    return tuple(Colonne(titre, _MONTANT, 13) for titre in titres)


_ETAPES = (
    Colonne("Étape", largeur=34),
    Colonne("Montant", _MONTANT, 11),
    Colonne("Comment", largeur=53),
    Colonne("Article", largeur=39),
)
_LIGNES = (
    Colonne("Ligne", largeur=12),
    Colonne("Libellé", largeur=33),
    *_montants("Prévu", "Plafond", "Dépensé", "Admissible", "Retenu"),
    Colonne("Pourquoi", largeur=26),
)
_DEPENSES = (
    Colonne("N° de pièce", largeur=12),
    Colonne("Date", _DATE, 11),
    Colonne("Payée le", _DATE, 11),
    Colonne("Ligne", largeur=11),
    *_montants("Montant", "Admissible"),
    Colonne("Pourquoi", largeur=14),
    Colonne("Décision", largeur=13),
    Colonne("Motif de la décision", largeur=39),
)
_RESSOURCES = (
    Colonne("Ressource", largeur=45),
    *_montants("Prévu", "Réalisé", "Comptée"),
    Colonne("Financeur", largeur=13),
    Colonne("Pourquoi", largeur=39),
)


def blocs(etat: EtatSolde) -> tuple[Tableau, ...]:
    """The computation, the objectives beside it, then what it is made of: budget lines, resources, expenses."""
    return tuple(filter(None, (etapes(etat), objectifs(etat), *details(etat))))


def details(etat: EtatSolde) -> tuple[Tableau, ...]:
    """What the computation is made of."""
    return _lignes(etat), _ressources(etat), _depenses(etat)


def identite(etat: EtatSolde) -> tuple[tuple[str, str], ...]:
    """What identifies the operation; no person's name."""
    op = etat.donnees.operation
    fields = {
        "porteur": op.porteur,
        "siret": op.siret,
        "intitule": op.intitule,
        "convention": op.convention,
        "date_debut": None if op.date_debut is None else jour(op.date_debut),
        "date_fin": None if op.date_fin is None else jour(op.date_fin),
    }
    return tuple((op.champs[nom].entete, value or "non renseigné") for nom, value in fields.items())


def conclusion(etat: EtatSolde) -> str:
    """What is to be paid or given back, or what is missing to know it."""
    s = etat.solde
    if s.du is None:
        return "Solde inconnu : la subvention votée n'est pas saisie (feuille Opération)."
    if s.solde is None:
        return (
            f"Subvention due : {format_euros(s.du)} ; solde inconnu : l'avance versée n'est pas saisie (0 si aucune)."
        )
    if s.a_reverser:
        return f"Montant à reverser par le porteur : {format_euros(s.a_reverser)}"
    return f"Solde à verser : {format_euros(s.solde)}"


def avertissements(etat: EtatSolde) -> tuple[str, ...]:
    """Why the computation may still change."""
    found = []
    if etat.bloquantes:
        several = etat.bloquantes > 1
        words = "anomalies bloquantes demeurent" if several else "anomalie bloquante demeure"
        found.append(f"PROVISOIRE : {etat.bloquantes} {words} ; ce calcul ne peut pas être arrêté.")
    if not etat.donnees.terminee:
        found.append("L'opération n'est pas terminée : ce n'est qu'une situation à ce jour.")
    elif vide(etat.donnees.operation, "date_bilan", etat.donnees):
        bilan = etat.donnees.operation.champs["date_bilan"].entete
        found.append(f"« {bilan} » est vide : le solde se verse une fois le bilan déposé.")
    return tuple(found)


def etapes(etat: EtatSolde) -> Tableau:
    """The computation itself, from the expenses to the balance."""
    appel = etat.appel
    flat, article = appel.budget.charges_indirectes, appel.budget.article
    spent = sum((item.montant or ZERO for item in etat.depenses), ZERO)
    accepted = sum((item.admissible for item in etat.depenses), ZERO)
    fongibilite = appel.budget.fongibilite.article
    base = f"{pourcent(flat.taux)} × {format_euros(etat.assiette)} ({noms_de_l_assiette(appel)})"
    rows = [
        ("Dépenses saisies", spent, _saisies(etat), fongibilite),
        ("Dépenses admissibles", accepted, "Prévues, dans les dates, justifiées, ou par décision", fongibilite),
        ("Charges directes retenues", etat.directes, regle_du_plafond(etat.donnees), fongibilite),
        (f"Charges indirectes ({pourcent(flat.taux)})", etat.forfait, f"{base}, recalculé", flat.article),
        Forte(("Dépenses retenues", etat.solde.retenu, "Directes + indirectes", article)),
        (
            "Autres ressources",
            etat.solde.autres_ressources,
            f"Réalisé, à défaut prévu ; hors {noms_non_deduits(appel)}",
            appel.budget.article_ressources,
        ),
        *_limites(etat),
        *_reste(etat),
    ]
    return Tableau("etapes", "Le calcul", _ETAPES, rows, article=article)


def _limites(etat: EtatSolde) -> Iterator[Ligne]:
    """The four limits; the one that decides is told."""
    s = etat.solde
    how = {
        VOTEE: "" if s.votee is not None else "Non saisie",
        PLAFOND: "" if s.plafond is not None else "L'appel n'en fixe pas",
        INTERVENTION: "La convention n'en fixe pas" if s.taux is None else f"Taux de {pourcent(s.taux)}",
        BESOIN: "",
    }
    budget = etat.appel.budget
    articles = {
        VOTEE: _CONVENTION,
        PLAFOND: budget.article,
        INTERVENTION: _CONVENTION,
        BESOIN: budget.article_ressources,
    }
    for number, (name, amount) in enumerate(s.limites, 1):
        decides = name == s.raison
        text = "C'est la plus petite limite : elle décide" if decides else how[name]
        yield (Forte if decides else tuple)(
            (f"Limite {number} : {name[:1].lower()}{name[1:]}", amount, text, articles[name])
        )


def _reste(etat: EtatSolde) -> Iterator[Ligne]:
    s, article = etat.solde, etat.appel.budget.article
    if s.du is None:
        least = "Subvention votée non saisie"
    elif not s.du and s.besoin < 0:
        least = "La plus petite limite est négative : rien n'est dû"
    else:
        least = "La plus petite des limites connues, jamais négative"
    if s.ajustement is not None:
        yield ("Subvention calculée", s.calcule, least, article)
        reason = etat.donnees.operation.motif_ajustement or "Sans motif"
        yield ("Ajustement de l'instructeur", s.ajustement, reason, "Décision de l'instructeur")
        least = "Calculée, puis ajustée, dans la limite du vote"
    yield Forte(("Subvention due", s.du, least, article))
    yield ("Avance versée", s.avance, "" if s.avance is not None else "Non saisie (0 si aucune)", article)
    yield Forte(("Solde à verser", s.solde, "Due − avance, si elle est positive", article))
    yield (Forte if bool(s.a_reverser) else tuple)(
        ("Montant à reverser", s.a_reverser, "Avance − due, si elle est positive", article)
    )


def _saisies(etat: EtatSolde) -> str:
    """How many lines the expenses come from, and whether they hold the VAT."""
    lines = [f"{compte(len(etat.donnees.depenses), 'ligne')} de Dépenses"]
    if etat.donnees.salaires:
        lines.append(f"{len(etat.donnees.salaires)} de Salaires")
    return f"{' et '.join(lines)}, {taxes(etat.donnees)}"


def objectifs(etat: EtatSolde) -> Tableau | None:
    """Planned and reached, for the officer to judge; nothing here changes the balance by itself."""
    if not etat.objectifs:
        return None
    rows = [(item.libelle, _nombre(item.prevu, "Non fixé"), _nombre(item.realise, "")) for item in etat.objectifs]
    note = "L'instructeur en tient compte par la ligne « Ajustement de la subvention » de la feuille Opération."
    found, article = etat.appel.budget.reserve_solde, etat.appel.budget.fongibilite.article
    return Tableau(
        "objectifs",
        "Objectifs, en regard du solde",
        (Colonne("Objectif", largeur=45), Colonne("Prévu", largeur=13), Colonne("Réalisé", largeur=13)),
        rows,
        article=found.article if found else article,
        note=f"{reserve(etat.appel)} {note}".strip(),
    )


def _nombre(valeur: Valeur, sinon: str) -> str:
    return sinon if valeur is None else str(valeur)


def _lignes(etat: EtatSolde) -> Tableau:
    """Every planned line under its category, which adds them up; the lines of no category come last."""
    rows: list[Ligne] = []
    for poste in etat.postes:
        rows += [_ligne(item) for item in etat.lignes if item.poste == poste.libelle]
        admissible = sum((item.admissible for item in etat.lignes if item.poste == poste.libelle), ZERO)
        amounts = poste.prevu, poste.plafond, poste.depense, admissible, poste.retenu
        rows.append(Forte(("", f"Total {poste.libelle.lower()}", *amounts, poste.raison)))
    rows += [_ligne(item) for item in etat.lignes if not item.poste]
    if etat.hors_budget:
        rows.append(("", "Dépenses hors budget prévu", None, None, etat.hors_budget, ZERO, ZERO, "Non prévues"))
    rows.append(Forte(("", "Total", *_totaux(etat), "")))
    fongibilite = etat.appel.budget.fongibilite
    note = regle_du_plafond(etat.donnees)
    return Tableau("lignes", "Lignes de budget", _LIGNES, rows, note=note, article=fongibilite.article)


def _ligne(item: LigneVue) -> Ligne:
    amounts = item.prevu, item.plafond, item.depense, item.admissible, item.retenu
    return (item.code, item.libelle, *amounts, item.raison)


def _totaux(etat: EtatSolde) -> tuple[Decimal | None, ...]:
    """Planned, no cap, spent, admissible, retained: spent equals the sum of the expenses, retained the direct costs."""
    planned = sum((item.prevu or ZERO for item in etat.lignes), ZERO)
    spent = sum((item.depense for item in etat.lignes), ZERO) + etat.hors_budget
    admissible = sum((item.admissible for item in etat.lignes), ZERO)
    return planned, None, spent, admissible, etat.directes


def _depenses(etat: EtatSolde) -> Tableau:
    rows: list[Ligne] = [
        (
            item.document,
            item.date,
            item.payee_le,
            item.ligne,
            item.montant,
            item.admissible,
            item.raison,
            item.decision,
            item.motif_decision,
        )
        for item in etat.depenses
    ]
    spent = sum((item.montant or ZERO for item in etat.depenses), ZERO)
    accepted = sum((item.admissible for item in etat.depenses), ZERO)
    rows.append(Forte(("Total", None, None, "", spent, accepted, "", "", "")))
    article = etat.appel.budget.fongibilite.article
    note = "Admissible : avant le plafond de la ligne ou du poste. Une décision « Retenue » lève les dates et le "
    note += "justificatif, jamais une ligne non prévue."
    return Tableau("depenses", "Dépenses, une à une", _DEPENSES, rows, note=note, article=article)


def _ressources(etat: EtatSolde) -> Tableau:
    rows: list[Ligne] = [
        (item.libelle, item.prevu, item.realise, item.comptee, item.financeur, item.raison) for item in etat.ressources
    ]
    planned = sum((item.prevu or ZERO for item in etat.ressources), ZERO)
    obtained = [item.realise for item in etat.ressources if item.realise is not None]
    total = sum(obtained, ZERO) if obtained else None
    rows.append(Forte(("Total", planned, total, etat.solde.autres_ressources, "", "")))
    return Tableau("ressources", "Ressources", _RESSOURCES, rows, article=etat.appel.budget.article)
