"""The bilan as tables, ready to be placed on a sheet: nothing here knows one."""

from collections.abc import Iterator

from aap_xl.appels.model import Indicateur
from aap_xl.domain.bilan import activite, controle, finances, indicateurs, parcours, personnes, sorties
from aap_xl.domain.data import Donnees
from aap_xl.domain.tableau import Colonne, Tableau, Valeur, has_column

__all__ = ["Colonne", "Tableau", "Valeur", "tableaux"]


def tableaux(donnees: Donnees) -> list[Tableau]:
    """Every table of the bilan, those of fixed size first.

    A call without participants, exits, hours or committees simply has fewer tables. No table holds a person's
    name: people appear by their code.
    """
    return [*_fixes(donnees), *_variables(donnees)]


def _fixes(donnees: Donnees) -> Iterator[Tableau]:
    yield controle.operation(donnees)
    if "participants" in donnees.appel.classeur.tables:
        objectifs = personnes.objectifs(donnees)
        if objectifs.lignes:
            yield objectifs
    if donnees.appel.indicateurs or donnees.appel.indicateurs_calcules:
        yield indicateurs.indicateurs(donnees)
    yield from _people(donnees)
    yield from _activity(donnees)
    yield finances.postes(donnees)
    yield finances.tableau_ressources(donnees)
    yield finances.tableau_solde(donnees)
    yield controle.echeances(donnees)
    yield controle.lignes_lues(donnees)


def _people(donnees: Donnees) -> Iterator[Tableau]:
    appel = donnees.appel
    if "participants" not in appel.classeur.tables:
        return
    yield personnes.personnes(donnees)
    if has_column(appel, "participants", "logement_dabord"):
        yield personnes.logement_dabord(donnees)
    yield from personnes.par_liste(donnees)
    if appel.public and appel.public.tranches_age:
        yield personnes.par_age(donnees)
    if appel.sorties:
        yield sorties.taux(donnees)
        yield sorties.classes(donnees)
    yield from parcours.fixes(donnees)
    if appel.sorties:
        yield sorties.situations(donnees)
        if appel.points:
            yield sorties.suivi(donnees)


def _activity(donnees: Donnees) -> Iterator[Tableau]:
    tables = donnees.appel.classeur.tables
    if "heures" in tables:
        yield activite.tableau_heures(donnees)
        if donnees.appel.heures:
            yield activite.semaines(donnees)
    if "immersions" in tables:
        yield activite.immersions(donnees)
    if "partenaires" in tables:
        yield activite.tableau_liens(donnees)
    if "comites" in tables:
        yield activite.comites_frequence(donnees)


def _variables(donnees: Donnees) -> Iterator[Tableau]:
    appel = donnees.appel
    if "actions" in appel.classeur.tables:
        yield personnes.actions(donnees)
    if "participants" in appel.classeur.tables:
        yield from parcours.variables(donnees)
    if "comites" in appel.classeur.tables:
        yield activite.comites(donnees)
    yield finances.budget_lignes(donnees)
    if "salaires" in appel.classeur.tables:
        yield finances.salaires(donnees)
    yield finances.depenses_ecartees(donnees)
    if appel.sorties and "participants" in appel.classeur.tables:
        yield controle.a_qualifier(donnees)
        yield controle.pieces_manquantes(donnees)
    if "redactions" in appel.classeur.tables or Indicateur.PHASAGE in appel.indicateurs:
        yield activite.redactions(donnees)
