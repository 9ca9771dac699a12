"""What surrounds every button: the calling workbook, Excel's state given back, a message whatever happens."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from aap_xl.extras import extras
from aap_xl.faces.failures import Refus, en_une_phrase

if TYPE_CHECKING:
    from xlwings import App, Book

_P = ParamSpec("_P")
Avancer = Callable[[str], None]
"""Tells the status bar what is being done."""
TITRE = "AAP"
_PRO = "xlwings.pro"


def appelant() -> "Book":
    """The workbook whose button was pressed: the one that is active.

    xlwings' PRO part has another licence and is not ours to use: where xlwings was not imported yet, it is kept out.
    """
    if "xlwings" not in sys.modules:
        sys.modules.setdefault(_PRO, None)  # type: ignore[arg-type]  # documented: such an import then fails
    from xlwings import Book, books  # noqa: PLC0415 - half a second, only behind a button

    if any(word.startswith("--wb=") and word.count("=") > 1 for word in sys.argv):
        return books.active  # xlwings cuts the name of the workbook at « = »
    return Book.caller()


@contextmanager
def seance(app: "App") -> Iterator[Avancer]:
    """The screen and the events off, progress in the status bar; all given back even if the work fails."""
    with ExitStack() as stack:
        stack.callback(_set, app, "status_bar", False)
        for name in ("screen_updating", "enable_events"):
            stack.callback(_set, app, name, getattr(app, name))
            setattr(app, name, False)

        def avancer(text: str) -> None:
            app.status_bar = f"AAP : {text}…"

        yield avancer


def _set(app: "App", name: str, value: object) -> None:
    """Give one thing back; the others must be too, even if Excel refuses this one."""
    with suppress(Exception):
        setattr(app, name, value)


def bouton(action: Callable[Concatenate["Book", Avancer, _P], str]) -> Callable[_P, None]:
    """An entry point made of what a button does, which returns what to tell at the end."""

    @wraps(action)
    def lancer(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            book = appelant()
        except Exception as error:  # noqa: BLE001 - as below; without a workbook only VBA can show the sentence
            raise SystemExit(en_une_phrase(error)) from None
        mode = "info"
        try:
            with seance(book.app) as avancer, extras():
                message = action(book, avancer, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the last resort of a face: nobody should see a traceback
            phrase, mode = en_une_phrase(error), "critical"
            message = phrase[:1].upper() + phrase[1:]
        book.app.alert(message, TITRE, mode=mode)

    return lancer


def montrer(book: "Book", feuille: str) -> None:
    """Bring a sheet to the front; one that someone hid stays hidden."""
    with suppress(Exception):
        book.sheets[feuille].activate()


def sur_disque(book: "Book") -> Path:
    """Where the workbook is saved.

    Raises: Refus if it is not, or only on a server.
    """
    name = ""
    with suppress(Exception):
        name = book.fullname
    if "://" in name or not name:
        raise Refus(
            "ce classeur est ouvert depuis OneDrive ou SharePoint : enregistrez-en une copie dans un dossier de votre "
            "ordinateur, ouvrez cette copie, puis recommencez."
        )
    chemin = Path(name)
    if not chemin.is_absolute() or not chemin.is_file():
        raise Refus(
            f"« {book.name} » n'est pas encore enregistré : enregistrez-le dans un dossier de votre ordinateur "
            "(Fichier, Enregistrer sous), puis recommencez."
        )
    return chemin
