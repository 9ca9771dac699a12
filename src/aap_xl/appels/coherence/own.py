"""What is wrong in what only one call has: its headers, its columns, its indicators."""

from collections.abc import Iterator

from aap_xl.appels.coherence.contents import unknown
from aap_xl.appels.formulas import FormuleInvalide, termes
from aap_xl.appels.model import Appel, TypeColonne
from aap_xl.appels.models import modeles
from aap_xl.rows import TABLES, Operation
from aap_xl.texte import normaliser


def words(appel: Appel) -> Iterator[str]:
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


def columns(appel: Appel) -> Iterator[str]:
    """A column of the call's own stands in one of its sheets, under a code and a header that nothing else has."""
    tables = {Operation.table: Operation} | {nom: TABLES[nom] for nom in TABLES if nom in appel.classeur.tables}
    for rank, item in enumerate(appel.colonnes):
        key = f"colonnes.{rank}"
        yield from unknown(f"{key}.table", (item.table,), tables)
        if item.table in tables and item.code in tables[item.table].champs:
            yield f"{key}.code : « {item.code} » est déjà une colonne de cette feuille."
        if not item.entete.isprintable():
            yield f"{key}.entete : un en-tête tient sur une ligne."
        if item.apres:
            yield from unknown(f"{key}.apres", (item.apres,), set(_asked(appel, item.table)) | _form(appel, item.table))
        if (item.type is TypeColonne.LISTE) != bool(item.liste):
            yield f"{key}.liste : une liste va avec le type « liste », et lui seul."
        elif item.liste:
            yield from unknown(f"{key}.liste", (item.liste,), appel.elements)


def _form(appel: Appel, table: str) -> set[str]:
    return set(appel.classeur.operation) if table == Operation.table else set()


def indicators(appel: Appel) -> Iterator[str]:
    """An indicator of the call's own counts what the call has."""
    for rank, item in enumerate(appel.indicateurs_calcules):
        key = f"indicateurs_calcules.{rank}"
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
