"""The rows of the sheets as one call words them: its headers and helps, and the columns that only it has.

Each is a subclass of the row written once in `aap_xl.rows`, made once a call: what reads a header on a row, or on its
class, reads the call's.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache
from typing import cast

from aap_xl.appels.model import Appel, ColonnePropre, TypeColonne
from aap_xl.rows import TABLES, Champ, Nature, Operation, Row


@cache
def modeles(appel: Appel) -> Mapping[str, type[Row]]:
    """Table name → the class of its rows; that of the form under its own name."""
    return {nom: _modele(row, appel) for nom, row in ((Operation.table, Operation), *TABLES.items())}


def modele(appel: Appel, table: str) -> type[Row]:
    """The class of one table's rows."""
    return modeles(appel)[table]


def operation(appel: Appel) -> type[Operation]:
    """The class of the form."""
    return cast("type[Operation]", modeles(appel)[Operation.table])


def operation_vide(appel: Appel) -> Operation:
    """The form nobody has filled."""
    row = operation(appel)
    return row(**dict.fromkeys(row.champs))


def _modele(row: type[Row], appel: Appel) -> type[Row]:
    champs = dict(_champs(row, appel))
    return type(row.__name__, (row,), champs, feuille=row.feuille, table=row.table, depuis=row.depuis)


def _champs(row: type[Row], appel: Appel) -> Iterator[tuple[str, Champ]]:
    entetes, aides = appel.entetes or {}, appel.aides or {}
    for nom, champ in row.champs.items():
        key = f"{row.table}.{nom}"
        own = copy(champ)
        own.entete, own.aide = entetes.get(key, champ.entete), aides.get(key, champ.aide)
        if own.entete != champ.entete:
            own.autres_entetes = (*champ.autres_entetes, champ.entete)
        yield nom, _worded(own, appel)
    for colonne in appel.colonnes:
        if colonne.table == row.table:
            yield colonne.code, _worded(_propre(colonne, row), appel)


_NATURES = {
    TypeColonne.TEXTE: Nature.TEXTE,
    TypeColonne.TEXTE_LONG: Nature.LONG,
    TypeColonne.DATE: Nature.DATE,
    TypeColonne.ENTIER: Nature.ENTIER,
    TypeColonne.NOMBRE: Nature.NOMBRE,
    TypeColonne.HEURES: Nature.HEURES,
    TypeColonne.MONTANT: Nature.MONTANT,
    TypeColonne.TAUX: Nature.TAUX,
    TypeColonne.OUI_NON: Nature.OUINON,
    TypeColonne.LISTE: Nature.CHOIX,
}


def _propre(colonne: ColonnePropre, row: type[Row]) -> Champ:
    """A column that only the call has, in the group of the one it follows."""
    before = row.champs.get(colonne.apres)
    return Champ(
        colonne.entete,
        _NATURES[colonne.type],
        aide=colonne.aide,
        groupe=before.groupe if before else "",
        liste=colonne.liste,
        obligatoire=colonne.obligatoire,
        minimum=colonne.minimum,
        maximum=colonne.maximum,
        depuis=colonne.depuis,
    )


def _worded(champ: Champ, appel: Appel) -> Champ:
    """A column with the call's words; as it stands if they miss, which is refused where the call uses it."""
    if not list(appel.mots_inconnus(textes(champ))):
        champ.entete, champ.aide, champ.groupe = map(appel.dit, (champ.entete, champ.aide, champ.groupe))
        champ.autres_entetes = tuple(map(appel.dit, champ.autres_entetes))
    return champ


def textes(champ: Champ) -> str:
    """All that a column prints."""
    return " ".join((champ.entete, champ.aide, champ.groupe, *champ.autres_entetes))
