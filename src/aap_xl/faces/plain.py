"""Aligned plain text, for a pipe or a file: the same tables as on a screen, without rich's start-up."""

from collections.abc import Collection, Sequence

from aap_xl.patterns import pattern

_ENTRE = 3
INSECABLE = "\N{BRAILLE PATTERN BLANK}"
"""Stands for a space where a line may not break; printed as a space. Rich breaks at no-break spaces too."""
_MOTS = pattern(r"([ \n\r\v\f]*)([^ \n\r\v\f]*)")
"""Blanks, then a word."""
_MOT = 20
"""Words are never cut in a column, up to that length."""


def plier(texte: str, largeur: int) -> list[str]:
    """The lines of a text; only a word longer than a line is cut, and nothing is lost."""
    lines: list[str] = []
    line = ""
    for blanks, word in _MOTS.findall(texte.expandtabs()):
        line += " " * len(blanks) if line or not lines else ""
        rest = word
        while len(line) + len(rest) > largeur:
            room = max(largeur - len(line), 0) if len(rest) > largeur else 0
            lines += filter(None, [(line + rest[:room]).rstrip(" ")])
            line, rest = "", rest[room:]
        line += rest
    lines += filter(None, [line.rstrip(" ")])
    return lines or [""]


def tableau(
    entetes: Sequence[str], lignes: Sequence[Sequence[str]], largeurs: Sequence[int], droites: Collection[int] = ()
) -> str:
    """An aligned table.

    Args: largeurs: as `largeurs` gives them; droites: the columns aligned on the right, from 0.
    """
    rows = [_ligne(entetes, largeurs, droites), "─" * (sum(largeurs) + _ENTRE * (len(largeurs) - 1))]
    return "\n".join([*rows, *(_ligne(ligne, largeurs, droites) for ligne in lignes)])


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


def largeurs(rows: Sequence[Sequence[str]], page: int, etroites: int) -> list[int] | None:
    """How wide each column is: as its cells are, or the widest gives way first, down to its longest word.

    Args:    rows: the headers, then the lines; etroites: how many of the first columns are never wrapped.
    Returns: ``None`` where the page is too narrow for that.
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    floors = widths[:etroites] + [min(_MOT, _plus_long_mot(column)) for column in columns[etroites:]]
    for _ in range(sum(widths) + _ENTRE * (len(widths) - 1) - page):
        yielding = [rank for rank, width in enumerate(widths) if width > floors[rank]]
        if not yielding:
            return None
        widths[max(yielding, key=widths.__getitem__)] -= 1
    return widths


def _plus_long_mot(cells: Sequence[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split(" ")), default=0)


def fiche(entetes: Sequence[str], ligne: Sequence[str]) -> str:
    """One line of a table as a sentence, for a page too narrow for its columns: what is filled, by name."""
    filled = [(entete, cell) for entete, cell in zip(entetes, ligne, strict=True) if cell]
    said = [f"{_d_un_bloc(entete)} :{INSECABLE}{_d_un_bloc(cell)}" for entete, cell in filled[1:]]
    return f"{INSECABLE}· ".join([f"• {filled[0][1] if filled else ''}", *said])


def _d_un_bloc(cell: str) -> str:
    return cell.replace(" ", INSECABLE) if len(cell) <= _MOT else cell
