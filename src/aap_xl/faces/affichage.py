"""What is printed: sentences and aligned tables that lose no word, French spaces that never break.

On a screen by rich, in colours; in a pipe or a file as plain text of the same shape.
"""

import os
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.faces import texte as brut
from aap_xl.faces.texte import plier

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LARGEUR_SANS_ECRAN = 120
_ENTETES = ("Cellule", "Gravité", "Règle", "Ce qu'il faut savoir ou corriger")
_STYLES = {Gravite.BLOQUANTE: "bold red", Gravite.A_VERIFIER: "yellow", Gravite.INFORMATION: "cyan"}
_PLURIELS = {
    Gravite.BLOQUANTE: ("bloquante", "bloquantes"),
    Gravite.A_VERIFIER: ("à vérifier", "à vérifier"),
    Gravite.INFORMATION: ("information", "informations"),
}
_INSECABLE = "\N{BRAILLE PATTERN BLANK}"
"""Stands for a space where a line may not break; printed as a space. Rich breaks at no-break spaces too."""


@cache
def _console() -> "Console":
    from rich.console import Console  # noqa: PLC0415 - a fifth of the start-up, only for a screen

    return Console(highlight=False, markup=False, emoji=False)


def _ecran() -> bool:
    return sys.stdout.isatty()


def _largeur() -> int:
    """Columns of a pipe or a file."""
    wanted = os.environ.get("COLUMNS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) else _LARGEUR_SANS_ECRAN


def _rich(item: Any, style: str = "") -> None:
    with _console().capture() as captured:
        _console().print(item, style=style)
    sys.stdout.write(captured.get().replace(_INSECABLE, " "))


def _brut(texte: str) -> None:
    sys.stdout.write(texte.replace(_INSECABLE, " ") + "\n")


def _joint(texte: str) -> str:
    """The text, its « », its double signs and its thousands tied to their words."""
    return re.sub(r"(?<=«) | (?=[»:;?!€%](?:\W|$))|(?<=\d) (?=\d{3}(?!\d))", _INSECABLE, texte)


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
    entetes: Sequence[str], lignes: Iterable[Sequence[str]], *, etroites: int = 0, droites: Collection[int] = ()
) -> None:
    """An aligned table.

    Args: etroites: how many of the first columns are kept on one line; droites: the columns of amounts, from 0.
    """
    rows = [[_joint(cell) for cell in ligne] for ligne in lignes]
    if not _ecran():
        _brut(brut.tableau(entetes, rows, _largeur(), etroites, droites))
        return
    table = _table(entetes, etroites, droites)
    for row in rows:
        table.add_row(*row)
    _rich(table)


def _table(entetes: Sequence[str], etroites: int, droites: Collection[int] = ()) -> "Table":
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    for index, entete in enumerate(entetes):
        aligned: Literal["left", "right"] = "right" if index in droites else "left"
        table.add_column(entete, no_wrap=index < etroites, overflow="fold", justify=aligned)
    return table


def anomalies(items: Sequence[Anomalie]) -> None:
    """The anomalies grouped by sheet, in the order given, each group under its sheet's name."""
    groups: dict[str, list[Anomalie]] = {}
    for item in items:
        groups.setdefault(item.cell.feuille, []).append(item)
    for feuille, group in groups.items():
        titre(f"{feuille or 'Le classeur'} ({len(group)})")
        if _ecran():
            _rich(_colore(group))
        else:
            rows = [(*_debut(item), f"{item.message}  [{item.article}]") for item in group]
            tableau(_ENTETES, rows, etroites=3)


def _debut(item: Anomalie) -> tuple[str, str, str]:
    return item.cell.adresse or "–", str(item.gravite), item.code


def _colore(group: Iterable[Anomalie]) -> "Table":
    from rich.text import Text  # noqa: PLC0415

    table = _table(_ENTETES, 3)
    for item in group:
        cellule, gravite, code = _debut(item)
        message = Text.assemble(_joint(item.message), (f"  [{item.article}]", "dim"))
        table.add_row(cellule, Text(gravite, style=_STYLES[item.gravite]), code, message)
    return table


def totaux(items: Iterable[Anomalie]) -> str:
    """``3 bloquantes, 1 à vérifier, 2 informations``; only what there is."""
    counts = dict.fromkeys(Gravite, 0)
    for item in items:
        counts[item.gravite] += 1
    parts = [f"{count} {_PLURIELS[gravite][count > 1]}" for gravite, count in counts.items() if count]
    return ", ".join(parts) or "aucune anomalie"
