"""Who was followed: objectives, persons and stays, by sex, age, territory, origin and action.

A person counts once, as the last of their stays says.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from aap_xl.appels.models import modele
from aap_xl.domain.calendrier import prorata_capacite
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.personnes import derniers, derniers_par_action, entre, entres, sorti
from aap_xl.domain.public import (
    AGE_INCONNU,
    age_entree,
    majoritaire,
    majorite,
    tranche_age,
    tranches,
)
from aap_xl.domain.sorties import VISEES, Taux, taux_dynamique, taux_visees
from aap_xl.domain.tableau import (
    NON_RENSEIGNE,
    Colonne,
    Tableau,
    Valeur,
    cellules,
    colonnes_taux,
    entiers,
    has_column,
    seulement,
)
from aap_xl.francais import oui_non
from aap_xl.rows import Nature, Participant

Profil = tuple[bool, bool, bool]
"""Whether someone entered, is out, receives the RSA."""

_LISTES = (
    ("sexe", "sexes", "Par sexe"),
    ("mds", "mds", "Par {mds_long}"),
    ("orienteur", "orienteurs", "Par orienteur"),
    ("hebergement", "hebergements", "Par situation de logement à l'entrée"),
)


def _article(donnees: Donnees) -> str:
    return donnees.appel.public.article if donnees.appel.public else ""


@once
def _profils(donnees: Donnees) -> dict[int, Profil]:
    """Of each stay, by its ``id``."""
    return {id(p): (entre(p), sorti(p), p.brsa is True) for p in donnees.participants}


def _counts(profils: Iterable[Profil]) -> tuple[int, int, int, int]:
    """Entered, still there, out, and BRSA among the entered."""
    counted = Counter(profils)
    entered = {profil: number for profil, number in counted.items() if profil[0]}
    return (
        sum(entered.values()),
        sum(number for (_, out, _), number in entered.items() if not out),
        sum(number for (_, out, _), number in counted.items() if out),
        sum(number for (_, _, brsa), number in entered.items() if brsa),
    )


_COMPTES = entiers("Entrées", "Présentes", "Sorties", "dont BRSA (entrées)")


def objectifs(donnees: Donnees) -> Tableau:
    """What the application announced against what happened."""
    appel, operation = donnees.appel, donnees.operation
    entered = len(entres(donnees))
    lignes: list[tuple[Valeur, ...]] = []
    if "personnes_prevues" in appel.classeur.operation:
        lignes.append(_objectif("Personnes accompagnées", operation.personnes_prevues, entered))
    if "objectif_dynamiques" in appel.classeur.operation:
        dynamic = taux_dynamique(donnees).numerateur
        lignes.append(_objectif("Sorties dynamiques", operation.objectif_dynamiques, dynamic))
    if "objectif_visees" in appel.classeur.operation:
        lignes.append(_objectif(VISEES, operation.objectif_visees, taux_visees(donnees).numerateur))
    note = ""
    if appel.operation.personnes_par_an is not None:
        capacity = prorata_capacite(appel, operation.date_debut, operation.date_fin)
        lignes.append(_objectif("Capacité rapportée à la durée de l'opération", capacity, entered))
        note = f"Capacité de l'appel à projets : {appel.operation.personnes_par_an} personnes par an."
    colonnes = (Colonne("Objectif"), *entiers("Prévu", "Réalisé", "Écart réalisé − prévu"), *colonnes_taux())
    return Tableau(
        "objectifs", "Objectifs du dossier", colonnes, lignes, note=note, article=_article(donnees), fixe=True
    )


def _objectif(libelle: str, prevu: int | None, realise: int) -> tuple[Valeur, ...]:
    if prevu is None:
        return libelle, None, realise, None, None, None
    return libelle, prevu, realise, realise - prevu, *cellules(Taux(realise, prevu))


REGLE_PARCOURS = "Une personne qui revient compte une fois, d'après son dernier parcours."


def personnes(donnees: Donnees) -> Tableau:
    """Persons entered, present and out, then stays begun and over, with the share of BRSA."""
    people, stays = derniers(donnees), donnees.participants
    groups: tuple[tuple[str, list[Participant]], ...] = (
        ("Personnes entrées", [p for p in people if entre(p)]),
        ("dont présentes", [p for p in people if entre(p) and not sorti(p)]),
        ("Personnes sorties", [p for p in people if sorti(p)]),
        ("Parcours commencés", [p for p in stays if entre(p)]),
        ("Parcours terminés", [p for p in stays if sorti(p)]),
    )
    lignes: list[tuple[Valeur, ...]] = []
    for libelle, group in groups:
        brsa = Taux(sum(p.brsa is True for p in group), len(group))
        lignes.append((libelle, len(group), brsa.numerateur, *cellules(brsa)))
    colonnes = (Colonne("Personnes et parcours"), *entiers("Nombre", "dont BRSA"), *colonnes_taux())
    public = donnees.appel.public
    note = REGLE_PARCOURS
    if public and public.majorite_brsa:
        share = majorite(donnees)
        answer = {True: "majoritaires", False: "non majoritaires", None: "majorité non calculable"}
        answered = answer[majoritaire(share, donnees.appel)]
        note = f"BRSA parmi les personnes distinctes entrées : {share} ({answered}). {note}"
    return Tableau(
        "personnes", "Personnes accompagnées", colonnes, lignes, note=note, article=_article(donnees), fixe=True
    )


def _par(
    donnees: Donnees, cle: str, titres: tuple[str, str], groups: Mapping[str, str], keys: Iterable[str]
) -> Tableau:
    """One fixed table.

    Args: groups: key → what is printed, a line each, which together hold every person; keys: of each of them.
    """
    titre, entete = titres
    profils = [_profils(donnees)[id(p)] for p in derniers(donnees)]
    found: dict[str, list[Profil]] = {key: [] for key in groups}
    for key, profil in zip(keys, profils, strict=True):
        found[key].append(profil)
    lignes: list[tuple[Valeur, ...]] = [(libelle, *_counts(found[key])) for key, libelle in groups.items()]
    total = ("Total", *_counts(profils))
    return Tableau(cle, titre, (Colonne(entete), *_COMPTES), lignes, total, article=_article(donnees), fixe=True)


def par_liste(donnees: Donnees) -> Iterator[Tableau]:
    """One table by list of the call that describes people: sex, MDS, orienteur, housing."""
    appel = donnees.appel
    champs = modele(appel, Participant.table).champs
    for champ, liste, titre in _LISTES:
        items = appel.elements.get(liste, ())
        if items and has_column(appel, "participants", champ):
            groups = {item.code: item.libelle for item in items} | {"": NON_RENSEIGNE}
            codes = map(attrgetter(champ), derniers(donnees))
            keys = [code if code in groups else "" for code in codes]
            yield _par(donnees, champ, (appel.dit(titre), champs[champ].entete), groups, keys)


def par_age(donnees: Donnees) -> Tableau:
    """By age band at the entry."""
    names = [*tranches(donnees.appel), AGE_INCONNU]
    bands = [tranche_age(age_entree(p), donnees.appel) for p in derniers(donnees)]
    titres = ("Par tranche d'âge à l'entrée", "Âge à l'entrée")
    return _par(donnees, "age", titres, {name: name for name in names}, bands)


def logement_dabord(donnees: Donnees) -> Tableau:
    """Number and ages of the people followed under « logement d'abord ».

    Source: 3.7, « Évaluation », 3.
    """
    people = [p for p in entres(donnees) if p.logement_dabord is True]
    ages = [tranche_age(age_entree(p), donnees.appel) for p in people]
    lignes: list[tuple[Valeur, ...]] = [(name, ages.count(name)) for name in (*tranches(donnees.appel), AGE_INCONNU)]
    titre = "Personnes accompagnées au titre du logement d'abord"
    colonnes = (Colonne("Âge à l'entrée"), *entiers("Personnes"))
    return Tableau(
        "logement_dabord",
        titre,
        colonnes,
        lignes,
        ("Total", len(people)),
        etendue_ages(people),
        _article(donnees),
        True,
    )


def etendue_ages(people: Sequence[Participant]) -> str:
    """« De 19 à 54 ans », ``""`` when no age is known."""
    ages = [years for p in people if (years := age_entree(p)) is not None]
    if not ages:
        return ""
    return f"De {min(ages)} à {max(ages)} ans." if len(set(ages)) > 1 else f"{ages[0]} ans."


def actions(donnees: Donnees) -> Tableau:
    """Each action: dates, persons, exits, share of BRSA; a last line holds the stays of no known action."""
    appel, profils, followed = donnees.appel, _profils(donnees), derniers_par_action(donnees)
    lignes: list[tuple[Valeur, ...]] = []
    for code, action in donnees.actions_par_code.items():
        people, share = followed.get(code, ()), majorite(donnees, code)
        entered, _, out, _ = _counts(profils[id(p)] for p in people)
        place = (action.code, action.metier, appel.libelle("mds", action.mds), action.date_debut, action.date_fin)
        answer = oui_non(majoritaire(share, appel))
        lignes.append((*place, action.places, entered, out, *cellules(share), answer))
    known = donnees.actions_par_code
    lost = [p for code, people in followed.items() if code not in known for p in people]
    if lost:
        entered, _, out, brsa = _counts(profils[id(p)] for p in lost)
        lignes.append(("Sans action connue", *[None] * 5, entered, out, *cellules(Taux(brsa, entered)), None))
    metier = modele(appel, "actions").champs["metier"].entete
    colonnes = (
        *(Colonne(titre) for titre in ("Action", metier, appel.dit("{Mds}"))),
        Colonne("Début", Nature.DATE),
        Colonne("Fin", Nature.DATE),
        *entiers("Places", "Entrées", "Sorties"),
        *colonnes_taux(" BRSA"),
        Colonne("BRSA majoritaires"),
    )
    own = ("code", "metier", "mds", "date_debut", "date_fin", "places")
    shown = [has_column(appel, "actions", champ) for champ in own] + ["participants" in appel.classeur.tables] * 5
    colonnes, lignes = seulement(shown, colonnes, lignes)
    return Tableau("actions", "Par action", colonnes, lignes, article=_article(donnees))
