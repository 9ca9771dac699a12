"""The commands that the documents quote, and what they print: run, compared, or written again.

``python tests/docs.py`` writes again what is printed; what changes is read before it is committed.
"""

import contextlib
import os
import re
import shlex
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from aap_xl.appels.loader import Catalogue
from aap_xl.faces.cli import main
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.faces.exemples.retours import ecrire_retours

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DAY = date(2026, 1, 20)
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MORE = "…"
"""A line that stands for any others."""


def quoted(document: Path) -> Iterator[tuple[str, str]]:
    """The commands of a document, each with what it is said to print."""
    for block in _BLOCK.findall(document.read_text(encoding="utf-8")):
        for item in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = item.partition("\n")
            yield command, printed


def agree(said: str, printed: str) -> bool:
    """Whether what is said is what is printed; spaces that end a line do not count."""
    lines = [re.escape(line.rstrip()) for line in said.splitlines()]
    wanted = "".join(r"(?:.*\n)*" if line == re.escape(MORE) else rf"{line}\n" for line in lines)
    return re.fullmatch(wanted, "".join(f"{line.rstrip()}\n" for line in printed.splitlines())) is not None


def again(document: Path, run: Callable[[str], str]) -> str:
    """The document, its blocks written again: as many lines as they had where the rest is left out."""

    def block(found: re.Match[str]) -> str:
        parts = re.split(r"^\$ ", found[1], flags=re.MULTILINE)
        return "```console\n" + "".join(map(item, parts[1:])) + "```"

    def item(part: str) -> str:
        command, _, said = part.partition("\n")
        printed = [line.rstrip() for line in run(command).splitlines()]
        head, more, tail = said.partition(f"{MORE}\n")
        if more:
            ends = len(tail.splitlines())
            printed = [*printed[: len(head.splitlines())], MORE, *(printed[-ends:] if ends else ())]
        return "\n".join([f"$ {command}", *printed]) + "\n"

    return _BLOCK.sub(block, document.read_text(encoding="utf-8"))


def prepare(folder: Path, catalogue: Catalogue) -> None:
    """What the commands find: ``suivi.xlsx``, a workbook with mistakes, and twenty returns in ``reçus``."""
    exemple = next(item for item in exemples(erreurs=True) if item.appel == "3.3")
    remplir_classeur(folder / "suivi.xlsx", exemple, catalogue.get("3.3"), catalogue)
    ecrire_retours(folder / "reçus", catalogue)


def run(command: str, folder: Path) -> str:
    """What a command prints in a folder, on a day of its own and a page of 90 letters."""
    program, *words = shlex.split(command)
    assert program == "aap-xl"
    with (
        patch.dict(os.environ, {"COLUMNS": "90"}),
        patch("aap_xl.faces.common.today", lambda: DAY),
        contextlib.chdir(folder),
        redirect_stdout(StringIO()) as printed,
        redirect_stderr(StringIO()) as told,
    ):
        assert main(words) < 2, told.getvalue()
    return printed.getvalue()


def write_again() -> None:
    """Every document, with what its commands print now."""
    with tempfile.TemporaryDirectory() as name:
        for rank, document in enumerate(DOCUMENTS):
            if any(quoted(document)):
                folder = Path(name) / str(rank)
                folder.mkdir()
                prepare(folder, Catalogue())
                document.write_text(again(document, partial(run, folder=folder)), encoding="utf-8")


if __name__ == "__main__":
    write_again()
