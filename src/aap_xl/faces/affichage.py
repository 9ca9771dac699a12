"""What is printed: one console, aligned tables that never cut a sentence, French spaces that never break."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from aap_xl.anomalies import Anomalie, Gravite

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LARGEUR_SANS_ECRAN = 120
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
    """Where everything is printed; a pipe or a file gets 120 columns, or what COLUMNS says."""
    from rich.console import Console  # noqa: PLC0415 - a third of the start-up, only to print

    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _LARGEUR_SANS_ECRAN
    return Console(width=width, highlight=False, markup=False, emoji=False)


def _imprimer(item: Any, style: str = "") -> None:
    console = _console()
    with console.capture() as captured:
        console.print(item, style=style)
    text = captured.get().replace(_INSECABLE, " ")
    sys.stdout.write(text if console.is_terminal else re.sub(" +$", "", text, flags=re.MULTILINE))


def _joint(texte: str) -> str:
    """The text, its « » and its double signs tied to their words."""
    return re.sub(r"(?<=«) | (?=[»:;?!€%](?:\W|$))", _INSECABLE, texte)


def titre(texte: str) -> None:
    """A heading."""
    _imprimer(f"\n{_joint(texte)}", "bold")


def phrase(texte: str, style: str = "") -> None:
    """A sentence, wrapped."""
    _imprimer(_joint(texte), style)


def chemin(texte: str) -> None:
    """A line that is never wrapped: a path that someone may copy."""
    _console().print(texte, soft_wrap=True)


def tableau(entetes: Sequence[str], lignes: Iterable[Sequence[str]], *, etroites: int = 0) -> None:
    """An aligned table.

    Args: etroites: how many of the first columns are kept on one line.
    """
    table = _table(entetes, etroites)
    for ligne in lignes:
        table.add_row(*map(_joint, ligne))
    _imprimer(table)


def _table(entetes: Sequence[str], etroites: int) -> "Table":
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    for index, entete in enumerate(entetes):
        table.add_column(entete, no_wrap=index < etroites, overflow="fold")
    return table


def anomalies(items: Sequence[Anomalie]) -> None:
    """The anomalies grouped by sheet, in the order given, each group under its sheet's name."""
    from rich.text import Text  # noqa: PLC0415

    groups: dict[str, list[Anomalie]] = {}
    for item in items:
        groups.setdefault(item.cell.feuille, []).append(item)
    for feuille, group in groups.items():
        titre(f"{feuille or 'Le classeur'} ({len(group)})")
        table = _table(("Cellule", "Gravité", "Règle", "Ce qu'il faut savoir ou corriger"), 3)
        for item in group:
            message = Text.assemble(_joint(item.message), (f"  [{item.article}]", "dim"))
            gravite = Text(item.gravite, style=_STYLES[item.gravite])
            table.add_row(item.cell.adresse or "–", gravite, item.code, message)
        _imprimer(table)


def totaux(items: Iterable[Anomalie]) -> str:
    """``3 bloquantes, 1 à vérifier, 2 informations``; only what there is."""
    counts = dict.fromkeys(Gravite, 0)
    for item in items:
        counts[item.gravite] += 1
    parts = [f"{count} {_PLURIELS[gravite][count > 1]}" for gravite, count in counts.items() if count]
    return ", ".join(parts) or "aucune anomalie"
