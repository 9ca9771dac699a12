"""Tables that spill: the anomalies of a selected table, a table of the bilan."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from aap_xl.anomalies import Anomalie
from aap_xl.appels.loader import AppelInvalide, Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Tableau
from aap_xl.domain.controle import controler
from aap_xl.domain.facts import Fait
from aap_xl.dossier import Dossier
from aap_xl.faces.live.arguments import ArgumentRefuse, Bloc, Cellules, appels, cellule, un_appel, un_texte
from aap_xl.hosts.snapshot import Snapshot
from aap_xl.rows import Nature
from aap_xl.texte import normaliser, plus_proche
from aap_xl.workbook import layout
from aap_xl.workbook.reading.headers import find
from aap_xl.workbook.reading.identity import MARQUE
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.reader import lire_feuilles
from aap_xl.workbook.reading.sheets import AREA_MAX
from aap_xl.workbook.reading.xlsx.formats import Shown, as_shown

ENTETES_ANOMALIES = ("Ligne", "Colonne", "Gravité", "Message", "Article", "Règle")
ENTETES_LISTE = ("Nom", "Tableau")
AUCUNE_ANOMALIE = "Aucune anomalie"
_ABSENTE, _ECRASEE = "F02", "F09"
Rows = list[list[Any]]


class _Feuilles:
    """A workbook of one table, for the reader: the cells selected, and the mark of its call."""

    def __init__(self, appel: Appel, feuille: str, rows: Rows) -> None:
        identite = [MARQUE, appel.identite.code, str(appel.identite.millesime), str(appel.schema_version)]
        self._rows = {feuille: rows, layout.LISTES: [identite]}
        self.noms = list(self._rows)
        self.cellules = set(self._rows)
        self.nir = True
        self.depuis_1904 = False
        self.noms_definis: dict[str, str] = {}

    def rows(self, nom: str) -> Rows:
        """The cells of one sheet."""
        return [list(row) for row in self._rows[nom]]

    def first_row(self, nom: str) -> list[object]:
        """The first row of one sheet."""
        return next(iter(self.rows(nom)), [])

    def marks(self, nom: str) -> Marks:  # noqa: ARG002
        """Nothing beyond the values: a formula is given what cells show."""
        return Marks()

    def notes(self, nom: str) -> list[Fait]:  # noqa: ARG002
        """No note."""
        return []


def anomalies(appel: Appel, catalogue: Catalogue, nom: str, plage: Bloc, aujourdhui: date) -> Rows:
    """What is wrong in a table selected with its headers; a column left out of the selection is no fault.

    The rules keep quiet about what they would look for in another table.

    Args:   nom: the table's sheet; plage: its cells, headers included.
    Raises: ArgumentRefuse if the call has no such table, or if whole columns were selected.
    """
    table = _table(appel, nom)
    if len(plage.cells) > AREA_MAX:
        raise ArgumentRefuse("Plage : trop grande ; sélectionnez le tableau seul, pas des colonnes entières")
    width = plage.forme[1]
    rows = [plage.cells[start : start + width] for start in range(0, len(plage.cells), width)]
    donnees = lire_feuilles(_Feuilles(appel, table.feuille, rows), table.feuille, catalogue, aujourdhui, None)
    told = (item for item in controler(donnees) if item.cell.feuille == table.feuille)
    found = [_line(item) for item in told if not _left_out(item)]
    return [list(ENTETES_ANOMALIES), *found] if found else [[AUCUNE_ANOMALIE]]


def dated(appel: Cellules, nom: Cellules, plage: Cellules) -> Cellules:
    """A selection with numbers as dates under the headers of dates, for a spreadsheet that hands over bare numbers."""
    rows = [row if isinstance(row, list) else [row] for row in plage] if isinstance(plage, list) else []
    try:
        table = _table(un_appel(appel), un_texte(nom, "Tableau"))
    except (ArgumentRefuse, AppelInvalide):
        return plage  # the function itself says so
    plain = [["" if cell is None else cell for cell in row] for row in rows]
    entetes = find(table.nom, table.feuille, plain, table.champs)
    dates = {entetes.colonnes.get(champ.nom, 0) for champ in table.champs if champ.nature is Nature.DATE}
    return [
        [
            as_shown(cell, Shown.DATE, depuis_1904=False)
            if line > entetes.ligne > 0 and column in dates and type(cell) in (int, float)
            else cell
            for column, cell in enumerate(row, 1)
        ]
        for line, row in enumerate(rows, 1)
    ]


def _table(appel: Appel, nom: str) -> layout.Table:
    tables = layout.tables(appel)
    for table in tables.values():
        if normaliser(nom) in (normaliser(table.nom), normaliser(table.feuille), normaliser(table.excel)):
            return table
    known = [table.feuille for table in tables.values()]
    raise ArgumentRefuse(_unknown("Tableau", nom, known) if nom else f"Tableau : indiquez {', '.join(known)}")


def _left_out(item: Anomalie) -> bool:
    """Whether an anomaly only says that a column is not there, or a formula: a selection gives values alone.

    Without any header row, the first says something else.
    """
    return item.code == _ECRASEE or (item.code == _ABSENTE and bool(item.cell.adresse))


def _line(item: Anomalie) -> list[object]:
    """An anomaly's line counts from the first line selected."""
    digits = item.cell.adresse.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    ligne = int(digits) if digits else None
    return [ligne, item.cell.entete, str(item.gravite), item.message, item.article, item.code]


def dossier(caller: Callable[[], Snapshot]) -> Dossier:
    """The workbook of the cell that calls, as it stands open; checked once for all the calls of one snapshot.

    Raises: FichierRefuse if it is not one of ours.
    """
    return _opened(caller())


@lru_cache(maxsize=1)
def _opened(classeur: Snapshot) -> Dossier:
    return Dossier.ouvert(classeur, appels())


def bilan(tableaux: Sequence[Tableau], nom: str) -> Rows:
    """One table of the bilan with its headers and its total, by its name or title; without a name, their list.

    Raises: ArgumentRefuse if there is none of that name.
    """
    if not nom:
        return [list(ENTETES_LISTE), *([tableau.cle, tableau.titre] for tableau in tableaux)]
    wanted = normaliser(nom)
    found = next((t for t in tableaux if wanted in (normaliser(t.cle), normaliser(t.titre))), None)
    if found is None:
        raise ArgumentRefuse(_unknown("Tableau du bilan", nom, [t.cle for t in tableaux]))
    lines = [*found.lignes, *([found.total] if found.total else [])]
    return [[colonne.titre for colonne in found.colonnes], *([cellule(value) for value in line] for line in lines)]


def bilans(tableaux: Sequence[Tableau], noms: Sequence[str]) -> Rows:
    """Several tables one under the other, from one reading of the workbook, each under its name; one: as `bilan`.

    Raises: as `bilan`.
    """
    if len(noms) <= 1:
        return bilan(tableaux, "".join(noms))
    blocks = [[[nom], *bilan(tableaux, nom), []] for nom in noms]
    rows = [row for block in blocks for row in block][:-1]
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


def _unknown(what: str, nom: str, known: Sequence[str]) -> str:
    near = plus_proche(nom, known)
    remedy = f"; essayez « {near} »" if near else f": {', '.join(known)}"
    return f"{what} : « {nom} » est inconnu {remedy}"
