"""Computed cells outside the tables that someone typed over: they have a name, and no formula any more."""

import re
from collections.abc import Iterator, Mapping

from aap_xl.appels.model import Appel
from aap_xl.cells import Cell, column_index
from aap_xl.domain.donnees import Fait
from aap_xl.domain.regles.fichier import code_fait
from aap_xl.workbook import layout
from aap_xl.workbook.reading.sheets import Feuilles
from aap_xl.workbook.reading.values import typed

_TABLES = {layout.BUDGET: "budget", layout.TABLEAU_DE_BORD: ""}
_REFERENCE = re.compile(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)")
_LAST_WORD = re.compile(r"budget_(.+)_\w+")


def faits(feuilles: Feuilles, appel: Appel) -> Iterator[Fait]:
    """A fact for each named cell of the synthesis that holds a constant. Raises: FichierRefuse."""
    named = list(_named(feuilles.noms_definis))
    formules = {nom: feuilles.marks(nom).formules for nom in _TABLES if named and nom in feuilles.cellules}
    for nom, feuille, letters, line in named:
        if not formules.get(feuille) or f"{letters}{line}".encode() in formules[feuille]:
            continue
        rows = feuilles.rows(feuille)
        row = rows[line - 1] if line <= len(rows) else []
        value = row[column_index(letters) - 1] if column_index(letters) <= len(row) else ""
        if value != "":
            found = _LAST_WORD.fullmatch(nom)
            table, champ = _TABLES[feuille], found[1] if found else ""
            code = code_fait("F09", table, champ, appel)
            yield Fait(code, Cell(feuille, f"{letters}{line}"), typed(value), table=table, champ=champ)


def _named(noms: Mapping[str, str]) -> Iterator[tuple[str, str, str, int]]:
    """Name, sheet, column letters and row of the names of one cell of the synthesis."""
    for nom, reference in noms.items():
        found = _REFERENCE.fullmatch(reference)
        if found and found[1] in _TABLES:
            yield nom, found[1], found[2], int(found[3])
