"""A command run in a terminal of a given width, as an operator sees it."""

import os
import re
import sys
from pathlib import Path
from subprocess import Popen

import pytest

_COULEURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def au_terminal(*mots: str | Path, colonnes: int) -> tuple[int, str]:
    """Run a command on a pseudo-terminal: its exit code and what the screen received, colours included."""
    pty = pytest.importorskip("pty", reason="a pseudo-terminal is needed")
    here, screen = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(colonnes), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "aap_xl", *map(str, mots)]
    with Popen(command, stdin=screen, stdout=screen, stderr=screen, env=environment) as process:
        os.close(screen)
        received = _tout(here)
    os.close(here)
    return process.returncode, received.decode().replace("\r\n", "\n")


def _tout(here: int) -> bytes:
    received = b""
    while True:
        try:
            part = os.read(here, 65536)
        except OSError:  # the other end is closed
            return received
        if not part:
            return received
        received += part


def sans_couleurs(texte: str) -> str:
    """The characters alone."""
    return _COULEURS.sub("", texte)
