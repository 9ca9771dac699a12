"""What lets the reader trust the bilan: identity, deadlines, lines read, what is still missing."""

from collections.abc import Iterator
from datetime import date

from aap_xl.domain.calendrier import (
    FIN_CONVENTION,
    FIN_OPERATION,
    echeance_bilan,
    echeances_bilan,
    fenetres,
)
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import classe_sortie, classement, dynamique, echeance, sortants
from aap_xl.domain.tableau import Colonne, Tableau, Valeur, entiers
from aap_xl.euros import format_euros
from aap_xl.francais import jour
from aap_xl.rows import TABLES, Nature, Participant


def operation(donnees: Donnees) -> Tableau:
    """What identifies the operation; no person's name."""
    op, appel = donnees.operation, donnees.appel
    session = fenetres(appel, op.date_depot, op.date_debut)
    fields = (
        ("porteur", op.porteur),
        ("siret", op.siret),
        ("structure_associee", op.structure_associee),
        ("siret_associee", op.siret_associee),
        ("part_associee", None if op.part_associee is None else format_euros(op.part_associee)),
        ("intitule", op.intitule),
        ("convention", op.convention),
        ("mds", appel.libelle("mds", op.mds) or None),
        ("date_debut", _jour(op.date_debut)),
        ("date_fin", _jour(op.date_fin)),
        ("date_depot", _jour(op.date_depot)),
    )
    asked = [(op.champs[nom].entete, value) for nom, value in fields if nom in appel.classeur.operation]
    rows: list[tuple[Valeur, ...]] = [
        ("Appel à projets", appel.nom),
        *asked,
        ("Session de dépôt", session.libelle if session else None),
        ("Situation au", _jour(donnees.aujourdhui)),
    ]
    colonnes = (Colonne("Opération"), Colonne("Valeur"))
    return Tableau("operation", "Opération", colonnes, rows, article=appel.operation.article, fixe=True)


def _jour(le: date | None) -> str | None:
    return None if le is None else jour(le)


def echeances(donnees: Donnees) -> Tableau:
    """When the bilan is due, for both ends the text names; the alert is on the earlier."""
    op, appel = donnees.operation, donnees.appel
    due = echeances_bilan(op, appel)
    earliest = echeance_bilan(op, appel)
    ends = {FIN_OPERATION: op.date_fin, FIN_CONVENTION: op.date_fin_convention}
    rows: list[tuple[Valeur, ...]] = []
    for name, end in ends.items():
        day = due.get(name)
        retained = day is not None and day == earliest
        rows.append((f"Bilan final, d'après la {name}", end, day, _etat(donnees) if retained else None))
    for point in appel.points:
        falls = [(p.date_sortie, day) for p in sortants(donnees) if (day := echeance(p, point)) is not None]
        last = max(falls, key=lambda pair: pair[1], default=(None, None))
        late = last[1] is not None and earliest is not None and last[1] > earliest
        etat = "Après l'échéance du bilan : complément à prévoir" if late else None
        rows.append((f"Dernier point {point.a_mois}", *last, etat))
    colonnes = (
        Colonne("Échéance"),
        Colonne("À compter du", Nature.DATE),
        Colonne("Au plus tard le", Nature.DATE),
        Colonne("État"),
    )
    note = "L'alerte porte sur la plus proche des deux échéances."
    return Tableau("echeances", "Échéances", colonnes, rows, None, note, appel.operation.article, True)


def _etat(donnees: Donnees) -> str:
    """Where the final bilan stands against its earliest deadline."""
    due = echeance_bilan(donnees.operation, donnees.appel)
    filed = donnees.operation.date_bilan
    if due is None:
        return ""
    if filed is not None:
        return f"Déposé le {jour(filed)}" + (", en retard" if filed > due else "")
    return "En retard" if donnees.aujourdhui > due else "À venir"


def lignes_lues(donnees: Donnees) -> Tableau:
    """Lines read = kept + set aside, for every table of the workbook."""
    rows: list[tuple[Valeur, ...]] = []
    sums = [0, 0]
    for nom in donnees.appel.classeur.tables:
        kept, aside = len(donnees.rows(nom)), donnees.ecartees.get(nom, 0)
        rows.append((TABLES[nom].feuille, kept + aside, kept, aside))
        sums = [sums[0] + kept, sums[1] + aside]
    colonnes = (Colonne("Feuille"), *entiers("Lues", "Gardées", "Écartées"))
    return Tableau("lignes_lues", "Lignes lues", colonnes, rows, ("Total", sum(sums), *sums), fixe=True)


def _missing(p: Participant, donnees: Donnees) -> Iterator[tuple[Valeur, ...]]:
    """The documents one person's file lacks, at exit and at the follow-up point."""
    appel = donnees.appel
    for volet in appel.volets:
        if p.manque(volet.piece) and dynamique(appel, classement(p, volet, appel).classe):
            situation = getattr(p, volet.situation)
            wanted = appel.sorties.pieces_par_situation.get(situation, ()) if appel.sorties else ()
            documents = " ou ".join(appel.libelle("pieces", code) for code in wanted)
            moment = volet.libelle if len(appel.points) > 1 or not volet.mois else "Au suivi"
            yield p.code, moment, getattr(p, volet.date), appel.libelle("situations", situation), documents or None


def pieces_manquantes(donnees: Donnees) -> Tableau:
    """Dynamic exits without a document, by the person's code.

    Source: « Évaluation », 2: evidence is mandatory in the bilan.
    """
    rows = [row for p in sortants(donnees) for row in _missing(p, donnees)]
    colonnes = (
        Colonne("Code participant"),
        Colonne("Moment"),
        Colonne("Date", Nature.DATE),
        Colonne("Situation"),
        Colonne("Pièce attendue"),
    )
    article = donnees.appel.sorties.article if donnees.appel.sorties else ""
    return Tableau("pieces_manquantes", "Pièces justificatives manquantes", colonnes, rows, article=article)


def a_qualifier(donnees: Donnees) -> Tableau:
    """Exits whose class the workbook does not settle, and what is missing to settle it."""
    appel = donnees.appel
    rows: list[tuple[Valeur, ...]] = []
    for p in sortants(donnees):
        found = classe_sortie(p, appel)
        if found.classe is None:
            rows.append((p.code, p.date_sortie, appel.libelle("situations", p.situation) or None, found.raison))
    colonnes = (
        Colonne("Code participant"),
        Colonne("Sortie", Nature.DATE),
        Colonne("Situation"),
        Colonne("À compléter"),
    )
    article = appel.sorties.article if appel.sorties else ""
    return Tableau("a_qualifier", "Sorties à qualifier", colonnes, rows, article=article)
