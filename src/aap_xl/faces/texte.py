"""Aligned plain text, for a pipe or a file: the same tables as on a screen, without rich's start-up."""

import textwrap
from collections.abc import Collection, Sequence

_ENTRE = 3
_MINIMUM = 8


def plier(texte: str, largeur: int) -> list[str]:
    """The lines of a text; only a word longer than a line is cut, and nothing is lost."""
    wrapped = textwrap.wrap(texte, largeur, break_on_hyphens=False, drop_whitespace=True)
    return wrapped or [""]


def tableau(
    entetes: Sequence[str],
    lignes: Sequence[Sequence[str]],
    largeur: int,
    etroites: int,
    droites: Collection[int] = (),
) -> str:
    """An aligned table.

    Args: largeur: of the whole table; etroites: how many of the first columns are never wrapped; droites: the columns
          aligned on the right, from 0.
    """
    widths = _largeurs([entetes, *lignes], largeur, etroites)
    rows = [_ligne(entetes, widths, droites), "─" * (sum(widths) + _ENTRE * (len(widths) - 1))]
    return "\n".join([*rows, *(_ligne(ligne, widths, droites) for ligne in lignes)])


def _ligne(cells: Sequence[str], widths: Sequence[int], droites: Collection[int]) -> str:
    columns = [plier(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, columns))
    padded = [[*column, *[""] * (height - len(column))] for column in columns]
    gap = " " * _ENTRE
    return "\n".join(
        gap.join(
            part.rjust(width) if rank in droites else part.ljust(width)
            for rank, (part, width) in enumerate(zip(parts, widths, strict=True))
        ).rstrip()
        for parts in zip(*padded, strict=True)
    )


def _largeurs(rows: Sequence[Sequence[str]], largeur: int, etroites: int) -> list[int]:
    """Natural widths; when they exceed the page, the widest columns give way first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    available = largeur - _ENTRE * (len(widths) - 1)
    wide = range(etroites, len(widths))
    while sum(widths) > available:
        widest = max(wide, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= _MINIMUM:
            break
        widths[widest] -= 1
    return widths
