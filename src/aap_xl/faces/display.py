"""What is printed: sentences and aligned tables that lose no word, French spaces that never break.

On a screen by rich, in colours; in a pipe or a file as plain text of the same shape.
"""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.faces import plain as brut
from aap_xl.faces.grouping import regrouper
from aap_xl.faces.plain import INSECABLE, plier
from aap_xl.faces.terminal import behind
from aap_xl.texte import visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

_LARGEUR_SANS_ECRAN = 120
_ENTETES = ("Cellule", "Gravité", "Règle", "Ce qu'il faut savoir ou corriger")
_STYLES = {Gravite.BLOQUANTE: "bold red", Gravite.A_VERIFIER: "yellow", Gravite.INFORMATION: "cyan"}
_PLURIELS = {
    Gravite.BLOQUANTE: ("bloquante", "bloquantes"),
    Gravite.A_VERIFIER: ("à vérifier", "à vérifier"),
    Gravite.INFORMATION: ("information", "informations"),
}


@cache
def _console() -> "Console":
    from rich.console import Console  # noqa: PLC0415 - a fifth of the start-up, only for a screen

    return Console(highlight=False, markup=False, emoji=False)


def _ecran() -> bool:
    return sys.stdout.isatty()


def _largeur() -> int:
    """Columns of the screen, of a pipe or a file."""
    if _ecran():
        return _console().width
    wanted = os.environ.get("COLUMNS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) else _LARGEUR_SANS_ECRAN


def _rich(item: object, style: str = "") -> None:
    with _console().capture() as captured:
        _console().print(item, style=style)
    behind(sys.stdout).write(captured.get().replace(INSECABLE, " "))


def _brut(texte: str) -> None:
    sys.stdout.write(texte.replace(INSECABLE, " ") + "\n")


def _joint(texte: str) -> str:
    """The text, all of it visible, its « », its double signs and its thousands tied to their words."""
    texte = visible(texte)
    return re.sub(r"(?<=«) | (?=[»:;?!€%](?:\W|$))|(?<=\d) (?=\d{3}(?!\d))", INSECABLE, texte)


def titre(texte: str) -> None:
    """A heading."""
    phrase(f"\n{texte}", "bold")


def phrase(texte: str, style: str = "") -> None:
    """A sentence, wrapped; line ends are kept."""
    if _ecran():
        _rich(_joint(texte), style)
    else:
        _brut("\n".join(line for part in _joint(texte).split("\n") for line in plier(part, _largeur())))


def chemin(texte: str) -> None:
    """A line that is never wrapped: a path that someone may copy."""
    _brut(texte)


def tableau(
    entetes: Sequence[str],
    lignes: Iterable[Sequence[str]],
    *,
    etroites: int = 0,
    droites: Collection[int] = (),
    peindre: Callable[[int, Sequence[str]], Sequence["RenderableType"]] = lambda _, ligne: ligne,
) -> None:
    """An aligned table, without the columns that no line fills; one sentence a line where the page is too narrow.

    Args: etroites: how many of the first columns are kept on one line; droites: the columns of amounts, from 0;
          peindre: a line's cells in colours, from its rank and its cells.
    """
    rows = [[_joint(cell) for cell in ligne] for ligne in lignes]
    kept = [rank for rank in range(len(entetes)) if not rows or any(row[rank] for row in rows)]
    entetes, rows = [visible(entetes[rank]) for rank in kept], [[row[rank] for rank in kept] for row in rows]
    droites = {place for place, rank in enumerate(kept) if rank in droites}
    widths = brut.largeurs([entetes, *rows], _largeur(), sum(rank < etroites for rank in kept))
    if widths is None:
        for row in rows:
            phrase(brut.fiche(entetes, row))
    elif _ecran():
        table = _table(entetes, widths, droites)
        for rank, row in enumerate(rows):
            table.add_row(*peindre(rank, row))
        _rich(table)
    else:
        _brut(brut.tableau(entetes, rows, widths, droites))


def _table(entetes: Sequence[str], largeurs: Sequence[int], droites: Collection[int] = ()) -> "Table":
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    for rank, (entete, width) in enumerate(zip(entetes, largeurs, strict=True)):
        aligned: Literal["left", "right"] = "right" if rank in droites else "left"
        table.add_column(entete, width=width, overflow="fold", justify=aligned)
    return table


def anomalies(items: Sequence[Anomalie]) -> bool:
    """The anomalies grouped by sheet, in the order given, each group under its sheet's name.

    Returns: whether some of those alike were counted rather than shown.
    """
    groups: dict[str, list[Anomalie]] = {}
    for item in items:
        groups.setdefault(item.cell.feuille, []).append(item)
    shown = 0
    for feuille, found in groups.items():
        titre(f"{feuille or 'Le classeur'} ({len(found)})")
        group = regrouper(found)
        shown += len(group)
        rows = [(*_debut(item), f"{item.message}{_article(item)}") for item in group]
        tableau(_ENTETES, rows, etroites=3, peindre=partial(_peindre, group))
    return shown < len(items)


def _debut(item: Anomalie) -> tuple[str, str, str]:
    return item.cell.adresse or "–", str(item.gravite), item.code


def _article(item: Anomalie) -> str:
    """What follows its message."""
    return f"  [{item.article}]"


def _peindre(group: Sequence[Anomalie], rank: int, ligne: Sequence[str]) -> Sequence["RenderableType"]:
    """The severity in its colour, the article dimmed."""
    from rich.text import Text  # noqa: PLC0415

    item = group[rank]
    cellule, gravite, code, _ = ligne
    message = Text.assemble(_joint(item.message), (_joint(_article(item)), "dim"))
    return cellule, Text(gravite, style=_STYLES[item.gravite]), code, message


def totaux(items: Iterable[Anomalie]) -> str:
    """``3 bloquantes, 1 à vérifier, 2 informations``; only what there is."""
    counts = dict.fromkeys(Gravite, 0)
    for item in items:
        counts[item.gravite] += 1
    parts = [f"{count} {_PLURIELS[gravite][count > 1]}" for gravite, count in counts.items() if count]
    return ", ".join(parts) or "aucune anomalie"
