"""The cells a worksheet function is given → rows of the domain; what the domain answers → cells.

Values are read by the workbook reader's own columns, so that « 12,5 », a French date or a list's other wording mean the
same here and there. What can't be read becomes a short French text, for the cell that shows the answer.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar, cast

from aap_xl.appels.loader import AppelInconnu, Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modeles
from aap_xl.domain.data import no_collection
from aap_xl.domain.expected import Attendu
from aap_xl.domain.facts import (
    CelluleIllisible,
    HorsListe,
    NonLu,
)
from aap_xl.domain.nir import masquer
from aap_xl.domain.regles.tools import au_choix
from aap_xl.domain.sorties import Taux
from aap_xl.dossier import catalogue, today
from aap_xl.francais import oui_non
from aap_xl.hosts.values import ERREURS, simple
from aap_xl.rows import Champ, Row
from aap_xl.workbook.reading.columns import Colonne, Contexte
from aap_xl.workbook.reading.marks import Erreur
from aap_xl.workbook.reading.values import typed

_Model = TypeVar("_Model", bound=Row)
Cellules = Any
"""One cell's value, or rows of them: what a formula passes and what it shows. ``None`` is a blank cell."""
Forme = tuple[int, int]
"""Rows and columns of a block of cells."""

UNE_CELLULE: Forme = (1, 1)


class ArgumentRefuse(Exception):
    """An argument can't be used at all; the message is what the cell shows."""


@dataclass(frozen=True, slots=True)
class Bloc:
    """The cells of one argument, row by row."""

    forme: Forme
    cells: list[object]


def bloc(valeur: Cellules) -> Bloc:
    """An argument's cells, as the reader of files gives them: ``""`` for a blank one, a date without its midnight."""
    rows = valeur if isinstance(valeur, (list, tuple)) else [[valeur]]
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in rows]
    cells = [_cell(cell) for row in rows for cell in row]
    return Bloc((len(rows), len(rows[0]) if rows else 0), cells)


def _cell(cell: object) -> object:
    plain = simple(cell)
    return Erreur(plain) if isinstance(plain, str) and plain in ERREURS else plain


@cache
def appels() -> Catalogue:
    """The calls at hand, found once: the process that answers Excel lasts as long as it."""
    return catalogue()


def un_appel(valeur: Cellules) -> Appel:
    """The call a formula names: « 3.3 », « 3.3-2025 », or the number 3.3.

    Raises: ArgumentRefuse.
    """
    return _appel(un_texte(valeur, "Appel"))


@cache
def _appel(nom: str) -> Appel:
    found = re.fullmatch(r"(.*?)(?:\s*[-/(]\s*(\d{4})\s*\)?)?", nom.strip())
    code, millesime = found.groups() if found else (nom, None)
    if not code:
        raise ArgumentRefuse("Appel : indiquez l'appel à projets, par exemple 3.3")
    try:
        return appels().get(code.replace(",", "."), int(millesime) if millesime else None)
    except AppelInconnu as error:
        raise ArgumentRefuse(f"Appel : {error}") from None


def n_importe_quel_appel() -> Appel:
    """A call, for what is the same in all of them: how dates and amounts are read."""
    return next(iter(appels()))


def un_texte(valeur: Cellules, quoi: str) -> str:
    """An argument that is one text, ``""`` if it is blank.

    Raises: ArgumentRefuse if there are several cells, or one in error.
    """
    cells = bloc(valeur).cells
    if len(cells) != 1:
        raise ArgumentRefuse(f"{quoi} : indiquez un seul nom")
    if isinstance(cells[0], Erreur):
        raise ArgumentRefuse(f"{quoi} : {_en_erreur(cells[0])}")
    return typed(cells[0])


def des_textes(valeur: Cellules) -> list[str]:
    """An argument that is one text or several, blank cells left out."""
    return [typed(cell) for cell in bloc(valeur).cells if cell != ""]


@dataclass(frozen=True, slots=True)
class Lignes(Generic[_Model]):
    """The rows of some columns; ``None`` for a blank line, a text for one that can't be read."""

    forme: Forme
    rows: list[_Model | str | None]


@dataclass(frozen=True, slots=True)
class _Lue:
    """One column read: its values, what to say of those that can't be read, whether it has a cell for each line."""

    values: list[Any]
    faults: dict[int, str]
    whole: bool = True

    def repeated(self, count: int) -> "_Lue":
        """A single value, for every line."""
        faults = dict.fromkeys(range(count), self.faults[0]) if self.faults else {}
        return _Lue(self.values * count, faults, whole=False)


def lire(appel: Appel, modele: type[_Model], /, requis: Iterable[str] = (), **colonnes: Cellules) -> Lignes[_Model]:
    """Columns → one row of the domain per line.

    Args:    requis: fields that a line must have; colonnes: by field, a column or a single value, which then holds for
             every line.
    Raises:  ArgumentRefuse if the columns have different heights.
    """
    modele = cast("type[_Model]", modeles(appel).get(modele.table, modele))
    blocs = {nom: bloc(valeur) for nom, valeur in colonnes.items()}
    forme = _common_shape(modele, blocs)
    used = max(_used(item) for item in blocs.values() if item.forme == forme)
    contexte = Contexte(appel, today())
    lues = {}
    for nom, item in blocs.items():
        whole = item.forme == forme
        lue = _column(contexte, modele, modele.champs[nom], item.cells[:used] if whole else item.cells)
        lues[nom] = lue if whole else lue.repeated(used)
    with no_collection():
        rows = [_row(modele, lues, rang, requis) for rang in range(used)]
    return Lignes(forme, rows + [None] * (forme[0] * forme[1] - used))


def _used(item: Bloc) -> int:
    """How many cells there are down to the last filled one: a whole column of Excel is a million."""
    return next((rang for rang in range(len(item.cells), 0, -1) if item.cells[rang - 1] != ""), 0)


def _common_shape(modele: type[Row], blocs: Mapping[str, Bloc]) -> Forme:
    shapes = {nom: item.forme for nom, item in blocs.items() if item.forme != UNE_CELLULE}
    if len(set(shapes.values())) > 1:
        sizes = ", ".join(f"{modele.champs[nom].entete} : {_size(forme)}" for nom, forme in shapes.items())
        raise ArgumentRefuse(f"Les plages n'ont pas la même taille ({sizes})")
    return next(iter(shapes.values()), UNE_CELLULE)


def _size(forme: Forme) -> str:
    rows, columns = forme
    return f"{rows} lignes" if columns == 1 else f"{rows} × {columns}"


def _column(contexte: Contexte, modele: type[Row], champ: Champ, cells: list[object]) -> _Lue:
    own = contexte.part()
    colonne = Colonne(own, modele.table, "", champ, 1, range(1, len(cells) + 1))
    values = colonne.lire(cells)
    faits = (fait for fait in own.faits if isinstance(fait, NonLu))
    return _Lue(values, {rang: _sentence(champ, fait) for rang, fait in zip(colonne.illisibles, faits, strict=True)})


def _sentence(champ: Champ, fait: NonLu) -> str:
    if isinstance(fait, HorsListe) and fait.pourquoi:
        words = f"« {fait.saisi} » : {fait.pourquoi} ; {fait.remede}"
    elif isinstance(fait, HorsListe):
        words = f"« {fait.saisi} » n'est pas dans la liste ; choisissez {au_choix(fait.choix)}"
    elif isinstance(fait, CelluleIllisible):
        rather = "n'est ni Oui ni Non" if fait.attendu is Attendu.OUI_NON else f"n'est pas {fait.attendu}"
        words = f"« {fait.saisi} » {rather}"
    else:
        words = _en_erreur(fait.saisi)
    return masquer(f"{champ.entete} : {words}")


def _en_erreur(valeur: object) -> str:
    return f"cellule en erreur ({valeur})"


def _row(modele: type[_Model], lues: Mapping[str, _Lue], rang: int, requis: Iterable[str]) -> _Model | str | None:
    fault = next((lue.faults[rang] for lue in lues.values() if rang in lue.faults), None)
    if fault is not None:
        return fault
    if all(lue.values[rang] is None for lue in lues.values() if lue.whole):
        return None
    missing = next((nom for nom in requis if lues[nom].values[rang] is None), None)
    if missing is not None:
        return f"{modele.champs[missing].entete} : à remplir"
    return modele(**{nom: lue.values[rang] for nom, lue in lues.items()})


def lisibles(lignes: Lignes[_Model]) -> list[_Model]:
    """The lines that hold something.

    Raises: ArgumentRefuse with its place if one can't be read: a sum without it would be wrong.
    """
    for rang, row in enumerate(lignes.rows, 1):
        if isinstance(row, str):
            raise ArgumentRefuse(row if len(lignes.rows) == 1 else f"Ligne {rang} : {row}")
    return [row for row in lignes.rows if isinstance(row, Row)]


def repondre(lignes: Lignes[_Model], calcul: Callable[[_Model], object]) -> Cellules:
    """The answer for each line, in the shape of the columns: blank lines stay blank, texts are shown."""
    cells = [calcul(row) if isinstance(row, Row) else row for row in lignes.rows]
    return en_forme([cellule(cell) for cell in cells], lignes.forme)


def en_forme(cells: list[object], forme: Forme) -> Cellules:
    """Cells, row by row, as rows; a single one as its value."""
    if forme == UNE_CELLULE:
        return cells[0]
    width = forme[1]
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def cellule(valeur: object) -> object:
    """What Excel is given for a value of the domain."""
    if isinstance(valeur, bool):
        return oui_non(valeur)
    if isinstance(valeur, Decimal):
        return float(valeur)
    if isinstance(valeur, date):
        return datetime.combine(valeur, time.min)
    return str(valeur) if isinstance(valeur, Taux) else valeur
