"""The ``aap-xl`` command: its words, its exit codes, and how a failure is told.

Exit codes: 0 nothing to correct, 1 something to correct, 2 the program or a file failed. Commands live in
``commands``, imported only when asked for.
"""

import atexit
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Protocol, cast

from aap_xl.extras import extras
from aap_xl.faces.failures import ECHEC, INTERROMPU, en_une_phrase
from aap_xl.faces.grammar import understand
from aap_xl.faces.terminal import guard


class _Command(Protocol):
    """What a module of ``commands`` has."""

    def Request(self, **values: object) -> object:  # noqa: N802 - a class
        """What the command takes."""

    def run(self, request: object) -> int:
        """Do it; the exit code."""


def programme() -> None:
    """Run one command as a process of its own; once it is done, Ctrl-C ends what remains without a word.

    Everything is written by then, so the process ends at once: Python would first give back, one by one, all the
    objects that it has, which takes longer than the rules do.
    """
    code = INTERROMPU
    with suppress(KeyboardInterrupt):
        code = main()
        atexit._run_exitfuncs()  # noqa: SLF001 - what libraries asked for is still done
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, KeyboardInterrupt):
            stream.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:    argv: the words after ``aap-xl``; those of the command line when absent.
    Returns: the exit code.
    """
    guard()
    try:
        return _run(argv)
    except KeyboardInterrupt:
        sys.stderr.write("Interrompu.\n")
        return INTERROMPU
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ECHEC
    except Exception as error:  # noqa: BLE001 - the last resort of a face: nobody should see a traceback
        sys.stderr.write(f"aap-xl : {en_une_phrase(error)}\n")
        return ECHEC


def _run(argv: Sequence[str] | None) -> int:
    asked = understand(sys.argv[1:] if argv is None else argv)
    if asked is None:
        return 0
    name, values = asked
    with extras():
        command = cast("_Command", import_module(f"aap_xl.faces.commands.{name}"))
        code = command.run(command.Request(**values))
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    programme()
