"""What surrounds a click or a formula in Excel: the calling workbook, Excel's state given back, a function declared."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial, wraps
from typing import TYPE_CHECKING

from aap_xl.hosts.excel.reading import snapshot

if TYPE_CHECKING:
    from xlwings import App, Book

_PRO = "xlwings.pro"
Progress = Callable[[str], None]
"""Tells the status bar what is being done."""


def calling() -> "Book":
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
def session(app: "App") -> Iterator[Progress]:
    """The screen and the events off, progress in the status bar; all given back even if the work fails."""
    with ExitStack() as stack:
        stack.callback(_set, app, "status_bar", False)
        for name in ("screen_updating", "enable_events"):
            stack.callback(_set, app, name, getattr(app, name))
            setattr(app, name, False)

        def progress(text: str) -> None:
            app.status_bar = f"AAP : {text}…"

        yield progress


def _set(app: "App", name: str, value: object) -> None:
    """Give one thing back; the others must be too, even if Excel refuses this one."""
    with suppress(Exception):
        setattr(app, name, value)


def declare(
    function: Callable[..., object], helps: Mapping[str, str], category: str, caller: str
) -> Callable[..., object]:
    """Make a worksheet function of a Python function.

    Args: helps: by argument; caller: the argument that xlwings fills with the calling cell, and that is given what
          reads its workbook.
    """
    from xlwings import Range, arg, func  # noqa: PLC0415 - half a second, only for Excel

    @wraps(function)
    def called(*args: object, **options: object) -> object:
        given = [partial(snapshot, item.sheet.book) if isinstance(item, Range) else item for item in args]
        return function(*given, **options)

    declared: Callable[..., object] = called
    for name, words in helps.items():
        if name != caller:
            declared = arg(name, ndim=2, err_to_str=True, doc=words)(declared)
    return func(category=category, call_in_wizard=False)(declared)
