"""Putting the columns that only one call has among those of its sheets."""

from __future__ import annotations

from aap_xl.appels.model import Appel, Classeur, Feuille
from aap_xl.rows import TABLES, Operation, Qui


def placer(appel: Appel) -> None:
    """Put each column of the call's own in its place: a call just validated is changed once."""
    if not appel.colonnes:
        return
    own = appel.classeur
    classeur = Classeur(
        **vars(own)
        | {
            "operation": _with(appel, Operation.table, own.operation),
            "tables": {
                nom: Feuille(colonnes=_with(appel, nom, feuille.colonnes), lignes=feuille.lignes)
                for nom, feuille in own.tables.items()
            },
        }
    )
    vars(appel)["classeur"] = classeur


def _with(appel: Appel, table: str, colonnes: tuple[str, ...]) -> tuple[str, ...]:
    found = list(colonnes)
    for colonne in appel.colonnes:
        if colonne.table == table and colonne.code not in found:
            found.insert(_rank(table, found, colonne.apres), colonne.code)
    return tuple(found)


def _rank(table: str, colonnes: list[str], apres: str) -> int:
    """After the column named, else before the first that the porteur does not fill."""
    if apres in colonnes:
        return colonnes.index(apres) + 1
    champs = (Operation if table == Operation.table else TABLES[table]).champs if table != "" else {}
    theirs = (rank for rank, nom in enumerate(colonnes) if nom in champs and champs[nom].qui is not Qui.PORTEUR)
    return next(theirs, len(colonnes))
