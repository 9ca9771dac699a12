"""The call's own evaluation indicators, in its order: one short table."""

from collections.abc import Callable

from aap_xl.appels.model import SORTIE, Indicateur, IndicateurCalcule, Volet
from aap_xl.domain import indicateurs as calcules
from aap_xl.domain.activite import comites_de_l_operation, heures, liens
from aap_xl.domain.bilan.personnes import etendue_ages
from aap_xl.domain.calendrier import comites_attendus
from aap_xl.domain.data import Donnees
from aap_xl.domain.personnes import entre, entres
from aap_xl.domain.public import majorite
from aap_xl.domain.sorties import VISEES, Taux, taux_dynamique, taux_visees
from aap_xl.domain.tableau import Colonne, Tableau, Valeur, cellules, colonnes_taux
from aap_xl.rows import Nature

_Ligne = tuple[Valeur, ...]


def _ligne(libelle: str, nombre: Valeur, taux: Taux | None = None, precision: str = "") -> _Ligne:
    return libelle, nombre, *cellules(taux), precision or None


def _rate(libelle: str, taux: Taux, precision: str = "") -> _Ligne:
    return _ligne(libelle, taux.numerateur, taux, precision)


def _personnes(donnees: Donnees) -> list[_Ligne]:
    entered, stays = len(entres(donnees)), sum(map(entre, donnees.participants))
    told = f"En {stays} parcours." if stays > entered else ""
    people = _ligne("Personnes accompagnées", entered, None, told)
    return [people, _rate("dont bénéficiaires du RSA", majorite(donnees))]


def _aux_volets(donnees: Donnees, libelle: str, taux: Callable[[Donnees, Volet], Taux]) -> list[_Ligne]:
    rows = [_rate(f"{libelle}, à la sortie", taux(donnees, SORTIE))]
    for point in donnees.appel.points:
        when = f"{libelle}, {point.mois} mois après"
        rows.append(_rate(when, taux(donnees, point), "Sorties dont le point est échu."))
    return rows


def _sorties_dynamiques(donnees: Donnees) -> list[_Ligne]:
    return _aux_volets(donnees, "Sorties dynamiques", taux_dynamique)


def _sorties_visees(donnees: Donnees) -> list[_Ligne]:
    return _aux_volets(donnees, VISEES, taux_visees)


def _heures(donnees: Donnees) -> list[_Ligne]:
    total = heures(donnees)
    return [
        _ligne("Heures d'accompagnement socioprofessionnel reçues", total.accompagnement),
        _ligne("Heures d'accompagnement socioprofessionnel données par l'équipe", total.accompagnement_equipe),
        _ligne("Heures d'encadrement technique reçues", total.encadrement),
        _ligne("Heures d'encadrement technique données par l'équipe", total.encadrement_equipe),
    ]


def _phasage(donnees: Donnees) -> list[_Ligne]:
    wanted = {item.libelle for item in donnees.appel.rubriques}
    written = {row.rubrique for row in donnees.redactions if row.texte} & wanted
    return [_rate("Rubriques rédigées (phasage, méthodes et outils)", Taux(len(written), len(wanted)))]


def _liens(donnees: Donnees) -> list[_Ligne]:
    rows = [_ligne(donnees.appel.dit("Liens avec {le economie}"), sum(number for _, number, _ in liens(donnees)))]
    if "immersions" in donnees.appel.classeur.tables:
        rows.append(_ligne("Périodes d'immersion", len(donnees.immersions)))
    return rows


def _comites(donnees: Donnees) -> list[_Ligne]:
    name = donnees.appel.comites.nom if donnees.appel.comites else "comité"
    held = Taux(len(comites_de_l_operation(donnees)), comites_attendus(donnees))
    precision = "Tenues pendant l'opération ; plus de 100 % : davantage de réunions qu'attendu à ce jour."
    return [_rate(f"Réunions du {name}, sur les réunions attendues", held, precision)]


def _logement_dabord(donnees: Donnees) -> list[_Ligne]:
    people = [p for p in entres(donnees) if p.logement_dabord is True]
    return [_ligne("Personnes accompagnées au titre du logement d'abord", len(people), None, etendue_ages(people))]


_LIGNES: dict[Indicateur, Callable[[Donnees], list[_Ligne]]] = {
    Indicateur.PERSONNES: _personnes,
    Indicateur.SORTIES_DYNAMIQUES: _sorties_dynamiques,
    Indicateur.SORTIES_VISEES: _sorties_visees,
    Indicateur.HEURES: _heures,
    Indicateur.PHASAGE: _phasage,
    Indicateur.LIENS: _liens,
    Indicateur.COMITES: _comites,
    Indicateur.LOGEMENT_DABORD: _logement_dabord,
}


def _calcule(donnees: Donnees, item: IndicateurCalcule) -> _Ligne:
    """An indicator of the call's own; a rate of amounts has no fraction."""
    reached = {True: "Atteint.", False: "Non atteint.", None: None}[calcules.atteint(item, donnees)]
    rate = calcules.fraction(item, donnees), calcules.taux(item, donnees)
    return item.titre, calcules.calculer(item, donnees)[0], *rate, reached


def indicateurs(donnees: Donnees) -> Tableau:
    """The indicators the call asks for, in its order.

    Source: 3.3 and 3.7, « Évaluation », 3.
    """
    rows = [row for item in donnees.appel.indicateurs for row in _LIGNES[item](donnees)]
    rows += [_calcule(donnees, item) for item in donnees.appel.indicateurs_calcules]
    colonnes = (
        Colonne("Indicateur"),
        Colonne("Nombre", Nature.NOMBRE),
        *colonnes_taux(),
        Colonne("Précision"),
    )
    return Tableau("indicateurs", "Indicateurs d'évaluation de l'appel à projets", colonnes, rows, fixe=True)
