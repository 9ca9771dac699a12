"""``synthese.xlsx`` read back: its tables by sheet, the blocks of « Synthèse » by title."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from python_calamine import load_workbook

Lignes = list[dict[str, Any]]
_PREMIERES, _SOURCES = ("Appel", "État"), ("Source", "Somme", "Les ")


def lire(chemin: Path) -> dict[str, Lignes]:
    """The tables of a workbook by sheet; « Synthèse » by block title."""
    book = load_workbook(str(chemin))
    found: dict[str, Lignes] = {}
    for nom in book.sheet_names:
        rows = book.get_sheet_by_name(nom).to_python(skip_empty_area=False)
        if nom == "Synthèse":
            found |= _blocs(rows)
        else:
            found[nom] = [dict(zip(map(str, rows[3]), row, strict=True)) for row in rows[4:] if any(row)]
    return found


def _blocs(rows: Sequence[Sequence[Any]]) -> dict[str, Lignes]:
    """A block is a title, a header, then rows until its source."""
    heads = [r for r, row in enumerate(rows[:-1]) if row[0] and str(rows[r + 1][0]) in _PREMIERES]
    found = {}
    for start, end in pairwise([*heads, len(rows)]):
        body = list(rows[start + 2 : end])
        names = [str(name) or f"colonne {rank}" for rank, name in enumerate(rows[start + 1])]
        stop = next(rank for rank, row in enumerate(body) if str(row[0]).startswith(_SOURCES))
        found[str(rows[start][0])] = [dict(zip(names, row, strict=True)) for row in body[:stop]]
    return found
