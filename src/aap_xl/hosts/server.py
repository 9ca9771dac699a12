"""A spreadsheet asks, Python answers: one JSON object a line, in UTF-8, on the standard input and output of a process.

The host, a component in its spreadsheet's own language, knows no rule: it starts this process once, sends what it
reads of the open workbook with the name of a button, and replays the gestures that come back (see `hosts.gestures`)::

    → {"version": 1, "id": 1, "verb": "verifier", "workbook": {"name": "suivi.xlsx", "path": "/dossiers/suivi.xlsx",
       "properties": {"aap_xl_appel": "3.3"}, "names": {}, "sheets": [{"name": "Participants", "values": [["Code",
       "Date d'entrée"], ["P1", 45720]], "formulas": [["", ""], ["", ""]], "shown": [["date", [[2, 2, 500, 2]]]],
       "tables": [[[1, 1, 2, 2], false]], "locked": false}]}}
    ← {"version": 1, "id": 1, "progress": "lecture du classeur"}
    ← {"version": 1, "id": 1, "progress": "contrôle"}
    ← {"version": 1, "id": 1, "gestures": [{"gesture": "Clear", "sheet": "Contrôle", "last": 8}, …
       {"gesture": "Show", "sheet": "Contrôle"},
       {"gesture": "Say", "message": "Vérification terminée…", "failed": false}]}

Buttons: verifier, classer_les_sorties, produire_le_bilan, preparer_le_comite, consolider_un_dossier,
preparer_le_renvoi (with ``"comment": "…"``). A click always ends with a line of gestures, the last of which says in
French what was done, or why nothing was (``"failed": true``): nothing else is to be replayed then. Lines of progress
may come before.

Of each sheet the host sends ``values`` from ``row`` and ``column`` (1 and 1 unless it says otherwise): texts, numbers
as the cell keeps them, ``""`` or ``null`` for a blank one; ``shown``, where formats make of numbers a date (or a
time), a ``duration`` or a ``boolean``; ``errors``, ``[row, column, "#N/A"]``; ``formulas``, in the grammar of an .xlsx
file, ``""`` where there is none; ``merges``; ``hidden``, first and last of each run of rows; ``tables``, each range
and whether its last row is a total; ``notes``, ``[row, column, text]``; ``locked``, protected without a password. Of
the workbook: ``path``, where it is saved, ``""`` if nowhere; ``since1904``; ``names`` and what they name;
``properties``, left out where it can't tell.

Worksheet functions come by batch, a call being its arguments in order, each a cell or rows of cells, ``null`` left
out; a number is a date where one is expected, and 0 there is a blank cell; ``AAP_BILAN`` needs the ``workbook``::

    → {"version": 1, "id": 2, "function": "AAP_AGE", "calls": [[[["12/03/1990"], [32944]], 45728]]}
    ← {"version": 1, "id": 2, "values": [[[35], [35]]]}

Only names of a fixed list are run, with data as arguments: nothing that a workbook holds chooses a program, a module
or a path to run. The process ends with its standard input; a host may kill it at any time, since it writes to no
workbook.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from aap_xl.hosts.gestures import VERSION, Gesture, Say, to_json
from aap_xl.hosts.received import Malformed, received
from aap_xl.hosts.snapshot import Snapshot

LINE_MAX = 2**26
"""Bytes of a request: 5 000 people and 20 000 expenses take a third of it."""
CALLS_MAX = 10_000
Progress = Callable[[str], None]
Verb = Callable[[Snapshot, Progress, str], Sequence[Gesture]]
"""A button: the workbook, what tells the progress, a comment."""
Function = Callable[[Sequence[object], Callable[[], Snapshot] | None], object]
"""A worksheet function: its arguments, what reads the calling workbook."""


@dataclass(frozen=True)
class Served:
    """What may be asked, by name; ``failure``: an error in one sentence."""

    verbs: Mapping[str, Verb]
    functions: Mapping[str, Function]
    failure: Callable[[Exception], Say]


def serve(asked: BinaryIO, answered: BinaryIO, served: Served) -> None:
    """Answer each line until there are no more, or nobody to answer to."""

    def write(number: object, **answer: object) -> None:
        line = json.dumps({"version": VERSION, "id": number, **answer}, ensure_ascii=True, default=_dated)
        answered.write(f"{line}\n".encode("ascii"))
        answered.flush()

    while line := asked.readline(LINE_MAX + 1):
        number: object = None
        try:
            _skip(line, asked)
            request = _request(line)
            number = request.get("id")
            _answer(request, served, lambda number=number, **answer: write(number, **answer))
        except BrokenPipeError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the host waits for one sentence
            write(number, gestures=to_json([served.failure(error)]))


def _skip(line: bytes, asked: BinaryIO) -> None:
    """Read a line that is too long to its end.

    Raises: Malformed.
    """
    if len(line) <= LINE_MAX or line.endswith(b"\n"):
        return
    while (rest := asked.readline(LINE_MAX)) and not rest.endswith(b"\n"):
        pass
    raise Malformed(f"plus de {LINE_MAX >> 20} Mio")


def _request(line: bytes) -> dict[str, Any]:
    """Raises: Malformed."""
    try:
        found = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("JSON") from None
    if not isinstance(found, dict) or type(found.get("id")) not in (int, str, type(None)):
        raise Malformed("id")
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


def _answer(request: Mapping[str, Any], served: Served, write: Callable[..., None]) -> None:
    """Raises: Malformed; whatever the reading of a workbook raises."""
    if request.get("version") != VERSION:
        raise Malformed("version")
    if "function" in request:
        write(values=_computed(request, served))
        return
    verb, comment = served.verbs.get(str(request.get("verb"))), request.get("comment", "")
    if verb is None or not isinstance(comment, str):
        raise Malformed("verb")
    found = verb(received(request.get("workbook")), lambda text: write(progress=text), comment)
    write(gestures=to_json(found))


def _computed(request: Mapping[str, Any], served: Served) -> list[object]:
    """What each call of a batch shows."""
    function, calls = served.functions.get(str(request["function"])), request.get("calls")
    if function is None or not isinstance(calls, list) or len(calls) > CALLS_MAX:
        raise Malformed("function")
    if not all(isinstance(call, list) for call in calls):
        raise Malformed("calls")
    book = received(request["workbook"]) if "workbook" in request else None
    caller = None if book is None else lambda: book
    return [function(call, caller) for call in calls]


def _dated(value: object) -> object:
    """A date in what a function shows."""
    if isinstance(value, date):
        return {"date": f"{value:%Y-%m-%d}"}
    raise TypeError(type(value))
