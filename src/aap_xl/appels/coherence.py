"""What a call's file must not say: references to nothing, absurd windows, exit lines that can't be reached."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from aap_xl.appels.formules import FormuleInvalide, termes
from aap_xl.appels.lignes import modele, modeles, operation, textes
from aap_xl.appels.model import CODES_DES_LISTES, Appel, Contrat, Fenetre, Ligne, Situation, Sorties, TypeColonne
from aap_xl.patterns import pattern
from aap_xl.rows import TABLES, Operation
from aap_xl.texte import normaliser

_TABLES_CHARGES = ("personnel", "charges")
_CODE = pattern(r"[a-z][a-z0-9_]*")


def incoherences(appel: Appel) -> Iterator[str]:
    """Every contradiction of a call, as « clé : ce qui ne va pas »."""
    yield from _windows(appel.depots)
    yield from _lists(appel)
    yield from _budget(appel)
    yield from _classeur(appel)
    yield from _parts(appel)
    if appel.sorties:
        yield from _sorties(appel.sorties)
    yield from _words(appel)
    yield from _own_columns(appel)
    yield from _own_indicators(appel)


def _windows(fenetres: tuple[Fenetre, ...]) -> Iterator[str]:
    for index, f in enumerate(fenetres):
        key = f"depots.{index}"
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
    for nom, items in appel.elements.items():
        yield from _twice(f"listes.{nom}", (item.code for item in items))
        yield from _twice(f"listes.{nom}", (item.libelle for item in items))
    for nom, codes in CODES_DES_LISTES.items():
        if nom in appel.libelles:
            missing = (code for code in codes if code not in appel.libelles[nom])
            yield from (f"listes.{nom} : le code « {code} » est indispensable." for code in missing)
    yield from _unknown(
        "operation.formes_eligibles", appel.operation.formes_eligibles, appel.libelles.get("formes", ())
    )
    yield from _unknown("operation.liens_requis", appel.operation.liens_requis, appel.libelles.get("liens", ()))
    for index, critere in enumerate(appel.public.criteres if appel.public else ()):
        known = appel.libelles.get("hebergements", ())
        yield from _unknown(f"public.criteres.{index}.hebergement", critere.hebergement, known)


def _budget(appel: Appel) -> Iterator[str]:
    budget = appel.budget
    postes = [poste.code for poste in budget.postes]
    yield from _twice("budget.postes", postes)
    yield from _unknown("budget.charges_indirectes.assiette", budget.charges_indirectes.assiette, postes)
    yield from _unknown("budget.postes.table", (p.table for p in budget.postes), _TABLES_CHARGES)
    ressources = appel.libelles["ressources"]
    yield from _unknown("budget.ressource_departement", (budget.ressource_departement,), ressources)
    if budget.ressource_aides_emploi:
        yield from _unknown("budget.ressource_aides_emploi", (budget.ressource_aides_emploi,), ressources)
    for key, rate in (("charges_indirectes", budget.charges_indirectes.taux), ("fongibilite", budget.fongibilite.taux)):
        if not 0 <= rate <= 1:
            yield f"budget.{key}.taux : {rate} n'est pas compris entre 0 et 1."
    if budget.tolerance < 0:
        yield f"budget.tolerance : {budget.tolerance} est négatif."
    if appel.public and appel.public.majorite_brsa and not 0 < appel.public.majorite_brsa.seuil <= 1:
        yield f"public.majorite_brsa.seuil : {appel.public.majorite_brsa.seuil} n'est pas compris entre 0 et 1."
    if appel.heures and appel.heures.minimum > appel.heures.maximum:
        yield "heures.maximum : inférieur au minimum."


def _classeur(appel: Appel) -> Iterator[str]:
    classeur = appel.classeur
    yield from _columns(appel, "classeur.operation", classeur.operation, operation(appel))
    for table, feuille in classeur.tables.items():
        key = f"classeur.tables.{table}"
        if table not in TABLES:
            yield f"{key} : tableau inconnu (connus : {', '.join(TABLES)})."
            continue
        if feuille.lignes < 1:
            yield f"{key}.lignes : au moins une ligne vierge."
        first = next(iter(TABLES[table].champs))
        if first not in feuille.colonnes:
            yield f"{key}.colonnes : la colonne « {first} » est indispensable."
        yield from _columns(appel, f"{key}.colonnes", feuille.colonnes, modele(appel, table))


def _columns(appel: Appel, key: str, colonnes: tuple[str, ...], row: type) -> Iterator[str]:
    yield from _twice(key, colonnes)
    yield from _unknown(key, colonnes, row.champs)  # type: ignore[attr-defined]
    for nom in colonnes:
        item = row.champs.get(nom)  # type: ignore[attr-defined]
        if item and item.liste and item.liste not in appel.elements:
            yield f"{key} : la colonne « {nom} » a besoin de la liste « {item.liste} » (vide : texte libre)."
        for mot in appel.mots_inconnus(textes(item)) if item else ():
            yield f"{key} : la colonne « {nom} » a besoin de « {mot} » : dites-le (operation.{mot}), ou retirez-la."


def _parts(appel: Appel) -> Iterator[str]:
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
    if appel.operation.suivi_mois and not appel.sorties:
        yield "operation.suivi_mois : a besoin de la table de décision sorties.classement."


def _sorties(sorties: Sorties) -> Iterator[str]:
    situations = {s.code: s for s in sorties.situations}
    classes = [c.code for c in sorties.classes]
    for index, ligne in enumerate(sorties.classement):
        key = f"sorties.classement.{index}"
        yield from _unknown(f"{key}.si.situation", ligne.si.situation, situations)
        yield from _unknown(f"{key}.classe", (ligne.classe,), classes)
        yield from _months(key, ligne, situations)
    for code, pieces in sorties.pieces_par_situation.items():
        yield from _unknown("sorties.pieces_par_situation", (code,), situations)
        yield from _unknown(f"sorties.pieces_par_situation.{code}", pieces, [p.code for p in sorties.pieces])
    cited = [r.classe for r in sorties.references if r.classe]
    cited += [sorties.classe_retrait] if sorties.classe_retrait else []
    yield from _unknown("sorties.classe_retrait, sorties.references.classe", cited, classes)
    yield from _reach(sorties)


def _months(key: str, ligne: Ligne, situations: dict[str, Situation]) -> Iterator[str]:
    si = ligne.si
    if si.mois_min is None and si.mois_max is None:
        return
    if si.mois_min is not None and si.mois_max is not None and si.mois_min >= si.mois_max:
        yield f"{key}.si.mois_max : doit dépasser mois_min."
    for code in si.situation:
        if code in situations and situations[code].contrat not in (Contrat.DUREE, Contrat.TERME_POSSIBLE):
            yield f"{key}.si : la durée de « {code} » n'est pas connue (contrat : « duree » ou « terme_possible »)."


def _reach(sorties: Sorties) -> Iterator[str]:
    """Try each situation at each critical duration: a line nobody reaches, or a case without a line."""
    reached: set[int] = set()
    uncovered: set[str] = set()
    limits = {m for ligne in sorties.classement for m in (ligne.si.mois_min, ligne.si.mois_max) if m is not None}
    durations = sorted({Decimal(0), *(Decimal(m) + d for m in limits for d in (Decimal(-1), Decimal(0), Decimal(1)))})
    for situation in sorties.situations:
        for mois in durations:
            index = next((i for i, li in enumerate(sorties.classement) if _matches(li, situation.code, mois)), None)
            if index is None:
                uncovered.add(situation.code)
            else:
                reached.add(index)
    for index in sorted(set(range(len(sorties.classement))) - reached):
        yield f"sorties.classement.{index} : cette ligne n'est jamais atteinte (une ligne précédente l'emporte)."
    for code in sorted(uncovered):
        yield f"sorties.situations.{code} : la table de décision ne prévoit pas toutes les durées de cette situation."


def _matches(ligne: Ligne, situation: str, mois: Decimal) -> bool:
    si = ligne.si
    above = si.mois_min is None or mois >= si.mois_min
    return situation in si.situation and above and (si.mois_max is None or mois < si.mois_max)


def _words(appel: Appel) -> Iterator[str]:
    """Headers and helps are worded for columns that exist."""
    known = {f"{table}.{nom}" for table, row in modeles(appel).items() for nom in row.champs}
    for key, texts in (("entetes", appel.entetes), ("aides", appel.aides)):
        yield from (
            f"{key} : « {nom} » n'est pas une colonne (table.colonne)." for nom in texts or {} if nom not in known
        )
    for table, row in modeles(appel).items():
        asked = appel.classeur.operation if table == Operation.table else _asked(appel, table)
        seen: dict[str, str] = {}
        for nom in asked:
            if nom in row.champs and (first := seen.setdefault(normaliser(row.champs[nom].entete), nom)) != nom:
                yield f"entetes : « {table}.{nom} » et « {table}.{first} » portent le même en-tête."


def _asked(appel: Appel, table: str) -> tuple[str, ...]:
    return appel.classeur.tables[table].colonnes if table in appel.classeur.tables else ()


def _own_columns(appel: Appel) -> Iterator[str]:
    tables = {Operation.table: Operation} | {nom: TABLES[nom] for nom in TABLES if nom in appel.classeur.tables}
    for rank, item in enumerate(appel.colonnes):
        key = f"colonnes.{rank}"
        yield from _unknown(f"{key}.table", (item.table,), tables)
        if not _CODE.fullmatch(item.code):
            yield f"{key}.code : « {item.code} » ; écrivez-le en minuscules sans accents, avec des « _ »."
        if item.table in tables and item.code in tables[item.table].champs:
            yield f"{key}.code : « {item.code} » est déjà une colonne de cette feuille."
        if not item.entete.isprintable() or not item.entete.strip():
            yield f"{key}.entete : un en-tête tient sur une ligne, et n'est pas vide."
        if item.apres:
            yield from _unknown(
                f"{key}.apres", (item.apres,), set(_asked(appel, item.table)) | _form(appel, item.table)
            )
        if (item.type is TypeColonne.LISTE) != bool(item.liste):
            yield f"{key}.liste : une liste va avec le type « liste », et lui seul."
        elif item.liste:
            yield from _unknown(f"{key}.liste", (item.liste,), appel.elements)
    yield from _twice("colonnes.code", (f"{item.table}.{item.code}" for item in appel.colonnes))


def _form(appel: Appel, table: str) -> set[str]:
    return set(appel.classeur.operation) if table == Operation.table else set()


def _own_indicators(appel: Appel) -> Iterator[str]:
    yield from _twice("indicateurs_calcules.code", (item.code for item in appel.indicateurs_calcules))
    for rank, item in enumerate(appel.indicateurs_calcules):
        key = f"indicateurs_calcules.{rank}"
        if not _CODE.fullmatch(item.code):
            yield f"{key}.code : « {item.code} » ; écrivez-le en minuscules sans accents, avec des « _ »."
        if bool(item.taux) == bool(item.nombre):
            yield f"{key} : donnez « taux » (un compte sur un autre) ou « nombre » (un seul compte)."
            continue
        nom, terms = ("taux", 2) if item.taux else ("nombre", 1)
        try:
            if len(termes(item.formule, appel)) != terms:
                yield f"{key}.{nom} : « {item.formule} » ; un taux s'écrit « compte / compte », un nombre « compte »."
        except FormuleInvalide as error:
            yield f"{key}.{nom} : {error}"
        if item.taux and item.seuil is not None and not 0 <= item.seuil <= 1:
            yield f"{key}.seuil : {item.seuil} n'est pas compris entre 0 et 1."


def _twice(key: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"{key} : « {value} » est donné deux fois." for value, n in Counter(values).items() if n > 1)


def _unknown(key: str, values: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    known = list(known)
    yield from (f"{key} : « {v} » est inconnu (connus : {', '.join(known)})." for v in values if v not in known)
