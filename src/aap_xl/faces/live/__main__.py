"""What a spreadsheet's component starts: ``python -P -m aap_xl.faces.live`` (the protocol: `aap_xl.hosts.server`)."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path

from aap_xl.faces.failures import Refus
from aap_xl.faces.live import functions, selection
from aap_xl.faces.live.declaration import APPELANT, DECLARED, Declared
from aap_xl.faces.live.verbs import VERBES, Demande, echec, repondre
from aap_xl.hosts.gestures import Gesture, Say
from aap_xl.hosts.received import Malformed
from aap_xl.hosts.server import Progress, Served, serve
from aap_xl.hosts.snapshot import Snapshot

_WITH_SELECTION = 3
"""Arguments of `AAP_ANOMALIES`, the selection last."""


def main() -> None:
    """Answer on the standard output, to which nothing else can write; there may be no other place to write to."""
    with os.fdopen(os.dup(1), "wb") as answered, Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        serve(sys.stdin.buffer, answered, SERVED)


def _press(verbe: str, classeur: Snapshot, progress: Progress, comment: str) -> Sequence[Gesture]:
    return repondre(verbe, Demande(classeur, progress, commentaire=comment))


def _compute(declared: Declared, arguments: Sequence[object], caller: Callable[[], Snapshot] | None) -> object:
    """One call. Raises: Malformed if it has too many arguments."""
    names = [nom for nom in declared.aides if nom != APPELANT]
    if len(arguments) > len(names):
        raise Malformed("calls")
    given = {
        nom: _without_zeros(value) if nom in declared.dates else value for nom, value in zip_longest(names, arguments)
    }
    if APPELANT in declared.aides:
        if caller is None:
            raise Malformed("workbook")
        given[APPELANT] = caller
    return declared.function(**given)


def _anomalies(arguments: Sequence[object], caller: Callable[[], Snapshot] | None) -> object:
    """`AAP_ANOMALIES`, whose selection holds dates as bare numbers."""
    if len(arguments) == _WITH_SELECTION:
        arguments = [*arguments[:-1], selection.dated(*arguments)]
    return _compute(DECLARED["AAP_ANOMALIES"], arguments, caller)


def _without_zeros(value: object) -> object:
    """Dates of which 0 is none: so is a blank cell given."""
    if isinstance(value, list):
        return [_without_zeros(item) for item in value]
    return None if type(value) in (int, float) and value == 0 else value


def _failure(error: Exception) -> Say:
    if isinstance(error, Malformed):
        error = Refus(
            f"le tableur et aap-xl ne se comprennent pas ({error}) : réinstallez le complément avec « aap-xl addin "
            "installer », puis redémarrez le tableur."
        )
    return echec(error)


SERVED = Served(
    {verbe: partial(_press, verbe) for verbe in VERBES},
    {nom: partial(_compute, DECLARED[nom]) for nom in functions.__all__} | {"AAP_ANOMALIES": _anomalies},
    _failure,
)


if __name__ == "__main__":
    main()
