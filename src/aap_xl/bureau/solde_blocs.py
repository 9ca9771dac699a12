"""The state of a balance as blocks of lines, the same on screen and on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aap_xl.bureau.etat_solde import EtatSolde, LigneVue, noms_de_l_assiette, regle_du_plafond
from aap_xl.domain.bilan.finances import taxes
from aap_xl.domain.regles.outils import vide
from aap_xl.domain.solde import BESOIN, INTERVENTION, PLAFOND, VOTEE, noms_non_deduits, reserve
from aap_xl.domain.tableau import Valeur, pourcent
from aap_xl.euros import ZERO, format_euros
from aap_xl.francais import compte, jour
from aap_xl.rows import Nature


@dataclass(frozen=True, slots=True)
class Colonne:
    """One column: ``places``: how many columns of the printed sheet's grid it takes."""

    titre: str
    places: int
    nature: Nature = Nature.TEXTE


@dataclass(frozen=True, slots=True)
class Rangee:
    """One line; ``forte``: a total, or the line that decides."""

    valeurs: tuple[Valeur, ...]
    forte: bool = False


@dataclass(frozen=True, slots=True)
class Bloc:
    """One table under its title, with the article it applies."""

    titre: str
    article: str
    colonnes: tuple[Colonne, ...]
    rangees: tuple[Rangee, ...]
    note: str = ""


_CONVENTION = "Convention"
_MONTANT, _DATE = Nature.MONTANT, Nature.DATE
_ETAPES = (Colonne("Étape", 3), Colonne("Montant", 1, _MONTANT), Colonne("Comment", 4), Colonne("Article", 2))
_LIGNES = (
    Colonne("Ligne", 1),
    Colonne("Libellé", 3),
    *(Colonne(titre, 1, _MONTANT) for titre in ("Prévu", "Plafond", "Dépensé", "Admissible", "Retenu")),
    Colonne("Pourquoi", 1),
)
_DEPENSES = (
    Colonne("N° de pièce", 1),
    Colonne("Date", 1, _DATE),
    Colonne("Payée le", 1, _DATE),
    Colonne("Ligne", 1),
    Colonne("Montant", 1, _MONTANT),
    Colonne("Admissible", 1, _MONTANT),
    Colonne("Pourquoi", 1),
    Colonne("Décision", 1),
    Colonne("Motif de la décision", 2),
)
_RESSOURCES = (
    Colonne("Ressource", 4),
    *(Colonne(titre, 1, _MONTANT) for titre in ("Prévu", "Réalisé", "Comptée")),
    Colonne("Financeur", 1),
    Colonne("Pourquoi", 2),
)
PLACES = 10
"""Columns of the printed sheet's grid."""


def blocs(etat: EtatSolde) -> tuple[Bloc, ...]:
    """The computation, the objectives beside it, then what it is made of: budget lines, resources, expenses."""
    return tuple(filter(None, (etapes(etat), objectifs(etat), *details(etat))))


def details(etat: EtatSolde) -> tuple[Bloc, ...]:
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


def etapes(etat: EtatSolde) -> Bloc:
    """The computation itself, from the expenses to the balance."""
    appel = etat.appel
    flat, article = appel.budget.charges_indirectes, appel.budget.article
    spent = sum((item.montant or ZERO for item in etat.depenses), ZERO)
    accepted = sum((item.admissible for item in etat.depenses), ZERO)
    fongibilite = appel.budget.fongibilite.article
    base = f"{pourcent(flat.taux)} × {format_euros(etat.assiette)} ({noms_de_l_assiette(appel)})"
    rows = [
        Rangee(("Dépenses saisies", spent, _saisies(etat), fongibilite)),
        Rangee(("Dépenses admissibles", accepted, "Prévues, dans les dates, justifiées, ou par décision", fongibilite)),
        Rangee(("Charges directes retenues", etat.directes, regle_du_plafond(etat.donnees), fongibilite)),
        Rangee((f"Charges indirectes ({pourcent(flat.taux)})", etat.forfait, f"{base}, recalculé", flat.article)),
        Rangee(("Dépenses retenues", etat.solde.retenu, "Directes + indirectes", article), forte=True),
        Rangee(
            (
                "Autres ressources",
                etat.solde.autres_ressources,
                f"Réalisé, à défaut prévu ; hors {noms_non_deduits(appel)}",
                appel.budget.article_ressources,
            )
        ),
        *_limites(etat),
        *_reste(etat),
    ]
    return Bloc("Le calcul", article, _ETAPES, tuple(rows))


def _limites(etat: EtatSolde) -> Iterator[Rangee]:
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
        yield Rangee((f"Limite {number} : {name[:1].lower()}{name[1:]}", amount, text, articles[name]), decides)


def _reste(etat: EtatSolde) -> Iterator[Rangee]:
    s, article = etat.solde, etat.appel.budget.article
    if s.du is None:
        least = "Subvention votée non saisie"
    elif not s.du and s.besoin < 0:
        least = "La plus petite limite est négative : rien n'est dû"
    else:
        least = "La plus petite des limites connues, jamais négative"
    if s.ajustement is not None:
        yield Rangee(("Subvention calculée", s.calcule, least, article))
        reason = etat.donnees.operation.motif_ajustement or "Sans motif"
        yield Rangee(("Ajustement de l'instructeur", s.ajustement, reason, "Décision de l'instructeur"))
        least = "Calculée, puis ajustée, dans la limite du vote"
    yield Rangee(("Subvention due", s.du, least, article), forte=True)
    yield Rangee(("Avance versée", s.avance, "" if s.avance is not None else "Non saisie (0 si aucune)", article))
    yield Rangee(("Solde à verser", s.solde, "Due − avance, si elle est positive", article), forte=True)
    yield Rangee(
        ("Montant à reverser", s.a_reverser, "Avance − due, si elle est positive", article), forte=bool(s.a_reverser)
    )


def _saisies(etat: EtatSolde) -> str:
    """How many lines the expenses come from, and whether they hold the VAT."""
    lines = [f"{compte(len(etat.donnees.depenses), 'ligne')} de Dépenses"]
    if etat.donnees.salaires:
        lines.append(f"{len(etat.donnees.salaires)} de Salaires")
    return f"{' et '.join(lines)}, {taxes(etat.donnees)}"


def objectifs(etat: EtatSolde) -> Bloc | None:
    """Planned and reached, for the officer to judge; nothing here changes the balance by itself."""
    if not etat.objectifs:
        return None
    rows = [
        Rangee((item.libelle, _nombre(item.prevu, "Non fixé"), _nombre(item.realise, ""))) for item in etat.objectifs
    ]
    note = "L'instructeur en tient compte par la ligne « Ajustement de la subvention » de la feuille Opération."
    found, article = etat.appel.budget.reserve_solde, etat.appel.budget.fongibilite.article
    return Bloc(
        "Objectifs, en regard du solde",
        found.article if found else article,
        (Colonne("Objectif", 4), Colonne("Prévu", 1), Colonne("Réalisé", 1)),
        tuple(rows),
        f"{reserve(etat.appel)} {note}" if found else f"{note} [{article}]",
    )


def _nombre(valeur: Valeur, sinon: str) -> str:
    return sinon if valeur is None else str(valeur)


def _lignes(etat: EtatSolde) -> Bloc:
    """Every planned line under its category, which adds them up; the lines of no category come last."""
    rows: list[Rangee] = []
    for poste in etat.postes:
        rows += [_ligne(item) for item in etat.lignes if item.poste == poste.libelle]
        admissible = sum((item.admissible for item in etat.lignes if item.poste == poste.libelle), ZERO)
        amounts = poste.prevu, poste.plafond, poste.depense, admissible, poste.retenu
        rows.append(Rangee(("", f"Total {poste.libelle.lower()}", *amounts, poste.raison), forte=True))
    rows += [_ligne(item) for item in etat.lignes if not item.poste]
    if etat.hors_budget:
        rows.append(Rangee(("", "Dépenses hors budget prévu", None, None, etat.hors_budget, ZERO, ZERO, "Non prévues")))
    rows.append(Rangee(("", "Total", *_totaux(etat), ""), forte=True))
    fongibilite = etat.appel.budget.fongibilite
    return Bloc("Lignes de budget", fongibilite.article, _LIGNES, tuple(rows), regle_du_plafond(etat.donnees))


def _ligne(item: LigneVue) -> Rangee:
    amounts = item.prevu, item.plafond, item.depense, item.admissible, item.retenu
    return Rangee((item.code, item.libelle, *amounts, item.raison))


def _totaux(etat: EtatSolde) -> tuple[Decimal | None, ...]:
    """Planned, no cap, spent, admissible, retained: spent equals the sum of the expenses, retained the direct costs."""
    planned = sum((item.prevu or ZERO for item in etat.lignes), ZERO)
    spent = sum((item.depense for item in etat.lignes), ZERO) + etat.hors_budget
    admissible = sum((item.admissible for item in etat.lignes), ZERO)
    return planned, None, spent, admissible, etat.directes


def _depenses(etat: EtatSolde) -> Bloc:
    rows = [
        Rangee(
            (
                item.document,
                item.date_piece,
                item.date_paiement,
                item.ligne,
                item.montant,
                item.admissible,
                item.raison,
                item.decision,
                item.motif_decision,
            )
        )
        for item in etat.depenses
    ]
    spent = sum((item.montant or ZERO for item in etat.depenses), ZERO)
    accepted = sum((item.admissible for item in etat.depenses), ZERO)
    rows.append(Rangee(("Total", None, None, "", spent, accepted, "", "", ""), forte=True))
    article = etat.appel.budget.fongibilite.article
    note = "Admissible : avant le plafond de la ligne ou du poste. Une décision « Retenue » lève les dates et le "
    note += "justificatif, jamais une ligne non prévue."
    return Bloc("Dépenses, une à une", article, _DEPENSES, tuple(rows), note)


def _ressources(etat: EtatSolde) -> Bloc:
    rows = [
        Rangee((item.libelle, item.prevu, item.realise, item.comptee, item.financeur, item.raison))
        for item in etat.ressources
    ]
    planned = sum((item.prevu or ZERO for item in etat.ressources), ZERO)
    obtained = [item.realise for item in etat.ressources if item.realise is not None]
    total = sum(obtained, ZERO) if obtained else None
    rows.append(Rangee(("Total", planned, total, etat.solde.autres_ressources, "", ""), forte=True))
    return Bloc("Ressources", etat.appel.budget.article, _RESSOURCES, tuple(rows))
