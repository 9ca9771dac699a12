"""What a call's file must not say: references to nothing, absurd windows, exit lines that can't be reached."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from aap_xl.anomalies import Gravite
from aap_xl.appels.coherence import own
from aap_xl.appels.coherence.contents import content, inside, unknown
from aap_xl.appels.coherence.exits import decision_table
from aap_xl.appels.model import CODES_DES_LISTES, Appel, Critere, Fenetre, Indicateur, Public
from aap_xl.appels.models import modele, operation, textes
from aap_xl.francais import jour
from aap_xl.rows import TABLES

_VERSIONS = (1, 2)
_TABLES_CHARGES = ("personnel", "charges")
_INDISPENSABLES = {"participants": ("date_entree",)}
"""Columns that a table can't do without, beside its first."""


def incoherences(appel: Appel) -> Iterator[str]:
    """Every contradiction of a call, as « clé : ce qui ne va pas »."""
    if appel.schema_version not in _VERSIONS:
        yield f"schema_version : {appel.schema_version} est inconnu (connus : {', '.join(map(str, _VERSIONS))})."
    for key, part in inside(appel, ""):
        yield from content(key, part)
    yield from _windows(appel.depots, appel.identite.millesime)
    yield from _lists(appel)
    yield from _budget(appel)
    yield from _indicateurs(appel)
    yield from _gravites(appel)
    if appel.public:
        yield from _public(appel.public)
    yield from _classeur(appel)
    yield from _parts(appel)
    if appel.sorties:
        yield from decision_table(appel.sorties)
    yield from own.words(appel)
    yield from own.columns(appel)
    yield from own.indicators(appel)


def _windows(fenetres: tuple[Fenetre, ...], millesime: int) -> Iterator[str]:
    for index, f in enumerate(fenetres):
        key = f"depots.{index}"
        for nom, after in (("depot_du", 1), ("depot_au", 2), ("debut_du", 2), ("debut_au", 4)):
            day = getattr(f, nom)
            if day and not millesime - 1 <= day.year <= millesime + after:
                yield f"{key}.{nom} : le {jour(day)} est loin de l'année de l'appel ({millesime})."
        if f.depot_au < f.depot_du:
            yield f"{key}.depot_au : la fin du dépôt précède son début."
        if f.debut_au and f.debut_au < f.debut_du:
            yield f"{key}.debut_au : la fin des démarrages précède leur début."
        if f.debut_au and f.debut_au < f.depot_du:
            yield f"{key}.debut_au : tous les démarrages précèdent l'ouverture du dépôt."
    for (i, a), (j, b) in combinations(enumerate(fenetres), 2):
        if _overlap(a.depot_du, a.depot_au, b.depot_du, b.depot_au) and _overlap(
            a.debut_du, a.debut_au, b.debut_du, b.debut_au
        ):
            yield f"depots.{j} : se superpose à depots.{i} (mêmes dates de dépôt et de démarrage)."


def _overlap(a_from: object, a_to: object, b_from: object, b_to: object) -> bool:
    starts_before_end = b_to is None or a_from <= b_to  # type: ignore[operator]
    return starts_before_end and (a_to is None or b_from <= a_to)  # type: ignore[operator]


def _lists(appel: Appel) -> Iterator[str]:
    for nom, codes in CODES_DES_LISTES.items():
        if nom in appel.libelles:
            missing = (code for code in codes if code not in appel.libelles[nom])
            yield from (f"listes.{nom} : le code « {code} » est indispensable." for code in missing)
    yield from unknown("operation.formes_eligibles", appel.operation.formes_eligibles, appel.libelles.get("formes", ()))
    yield from unknown("operation.liens_requis", appel.operation.liens_requis, appel.libelles.get("liens", ()))
    for index, critere in enumerate(appel.public.criteres if appel.public else ()):
        known = appel.libelles.get("hebergements", ())
        yield from unknown(f"public.criteres.{index}.hebergement", critere.hebergement, known)


def _budget(appel: Appel) -> Iterator[str]:
    budget = appel.budget
    postes = [poste.code for poste in budget.postes]
    yield from unknown("budget.charges_indirectes.assiette", budget.charges_indirectes.assiette, postes)
    yield from unknown("budget.postes.table", (p.table for p in budget.postes), _TABLES_CHARGES)
    ressources = appel.libelles["ressources"]
    yield from unknown("budget.ressource_departement", (budget.ressource_departement,), ressources)
    if budget.ressource_aides_emploi:
        yield from unknown("budget.ressource_aides_emploi", (budget.ressource_aides_emploi,), ressources)
    yield from unknown("budget.roles_requis", budget.roles_requis, appel.libelles["roles"])
    if budget.charges_indirectes.taux and not budget.charges_indirectes.assiette:
        yield "budget.charges_indirectes.assiette : rien n'y est donné, et le taux n'est pas nul."
    if appel.public and appel.public.majorite_brsa and not appel.public.majorite_brsa.seuil:
        yield "public.majorite_brsa.seuil : 0 n'est pas une part ; retirez majorite_brsa si l'appel n'en demande pas."
    if appel.heures and appel.heures.minimum > appel.heures.maximum:
        yield "heures.maximum : inférieur au minimum."
    if appel.heures and (appel.heures.duree_maximale or 168) < (appel.heures.duree_legale or 0):
        yield "heures.duree_maximale : inférieure à la durée légale."


_INDICATEURS = {
    Indicateur.PERSONNES: "participants",
    Indicateur.SORTIES_DYNAMIQUES: "sorties",
    Indicateur.SORTIES_VISEES: "participants.metier_vise",
    Indicateur.HEURES: "heures",
    Indicateur.PHASAGE: "phases",
    Indicateur.LIENS: "partenaires",
    Indicateur.COMITES: "comites",
    Indicateur.LOGEMENT_DABORD: "participants.logement_dabord",
}
"""What each indicator is made from: a part of the call, a table, a column."""


def _indicateurs(appel: Appel) -> Iterator[str]:
    for index, indicateur in enumerate(appel.indicateurs):
        table, _, colonne = _INDICATEURS[indicateur].partition(".")
        feuille = appel.classeur.tables.get(table)
        if not getattr(appel, table, None) and (feuille is None or (colonne and colonne not in feuille.colonnes)):
            needed = f"la colonne « {colonne} » du tableau « {table} »" if colonne else f"« {table} »"
            yield f"indicateurs.{index} : « {indicateur} » a besoin de {needed}, que cet appel n'a pas."


def _gravites(appel: Appel) -> Iterator[str]:
    order = list(Gravite)
    for code, regle in appel.regles.items():
        if regle.gravite_finale and order.index(regle.gravite_finale) > order.index(regle.gravite):
            yield f"regles.{code}.gravite_finale : « {regle.gravite_finale} » est moins grave que « {regle.gravite} »."


def _public(public: Public) -> Iterator[str]:
    if public.age_implausible_min >= public.age_implausible_max:
        yield "public.age_implausible_max : doit dépasser age_implausible_min."
    if any(after <= before for before, after in pairwise(public.tranches_age)):
        yield "public.tranches_age : les âges doivent aller en croissant."
    for index, critere in enumerate(public.criteres):
        yield from (f"public.criteres.{index}.{problem}" for problem in _critere(critere))


def _critere(critere: Critere) -> Iterator[str]:
    tops = [age for age in (critere.age_max, critere.age_max_exclu and critere.age_max_exclu - 1) if age is not None]
    if len(tops) > 1:
        yield "age_max : age_max_exclu est donné aussi ; gardez l'un des deux."
    if critere.age_min is not None and tops and critere.age_min > min(tops):
        yield "age_min : personne n'a au moins cet âge et moins que le maximum."
    if critere.age_max_exclu == 0:
        yield "age_max_exclu : personne n'a moins de 0 an."


def _classeur(appel: Appel) -> Iterator[str]:
    classeur = appel.classeur
    yield from _columns(appel, "classeur.operation", classeur.operation, operation(appel))
    for table, feuille in classeur.tables.items():
        key = f"classeur.tables.{table}"
        if table not in TABLES:
            yield f"{key} : tableau inconnu (connus : {', '.join(TABLES)})."
            continue
        first = next(iter(TABLES[table].champs))
        for nom in (first, *_INDISPENSABLES.get(table, ())):
            if nom not in feuille.colonnes:
                yield f"{key}.colonnes : la colonne « {nom} » est indispensable."
        yield from _columns(appel, f"{key}.colonnes", feuille.colonnes, modele(appel, table))


def _columns(appel: Appel, key: str, colonnes: tuple[str, ...], row: type) -> Iterator[str]:
    yield from unknown(key, colonnes, row.champs)  # type: ignore[attr-defined]
    for nom in colonnes:
        item = row.champs.get(nom)  # type: ignore[attr-defined]
        if item and item.liste and item.liste not in appel.elements:
            yield f"{key} : la colonne « {nom} » a besoin de la liste « {item.liste} » (vide : texte libre)."
        for mot in appel.mots_inconnus(textes(item)) if item else ():
            yield f"{key} : la colonne « {nom} » a besoin de « {mot} » : dites-le (operation.{mot}), ou retirez-la."


def _parts(appel: Appel) -> Iterator[str]:
    for poste in appel.budget.postes:
        if poste.table in _TABLES_CHARGES and poste.table not in appel.classeur.tables:
            yield f"budget.postes.{poste.code} : a besoin du tableau classeur.tables.{poste.table}."
    redactions = appel.classeur.tables.get("redactions")
    if bool(redactions) != bool(appel.rubriques):
        yield "rubriques : elles vont avec le tableau classeur.tables.redactions, l'un a besoin de l'autre."
    if redactions and redactions.lignes < len(appel.rubriques):
        yield f"classeur.tables.redactions.lignes : {redactions.lignes} pour {len(appel.rubriques)} rubriques."
    needs = {
        "public": (appel.public, "participants"),
        "sorties": (appel.sorties, "participants"),
        "heures": (appel.heures, "heures"),
        "immersions": (appel.immersions, "immersions"),
        "comites": (appel.comites, "comites"),
    }
    for key, (part, table) in needs.items():
        if part and table not in appel.classeur.tables:
            yield f"{key} : a besoin du tableau classeur.tables.{table}."
    yield from _points(appel)


def _points(appel: Appel) -> Iterator[str]:
    """The follow-up points come one after the other, and have where to be written."""
    last, between = appel.operation.suivi_mois, appel.operation.suivi_intermediaire_mois
    if last and not appel.sorties:
        yield "operation.suivi_mois : a besoin de la table de décision sorties.classement."
    if between and not last:
        yield "operation.suivi_intermediaire_mois : a besoin de suivi_mois, le point qui vient après."
    elif between and last and between >= last:
        yield f"operation.suivi_intermediaire_mois : {between} n'est pas avant suivi_mois ({last} mois)."
    participants = appel.classeur.tables.get("participants")
    for point in appel.points if participants else ():
        if participants and point.situation not in participants.colonnes:
            key = "suivi_mois" if point.nom == "suivi" else f"suivi_{point.nom}_mois"
            yield f"operation.{key} : a besoin de la colonne « {point.situation} » dans classeur.tables.participants."
