"""Libraries that only some uses need, and the extra of the package that brings each."""

from collections.abc import Iterator
from contextlib import contextmanager
from sys import executable

LIBRARIES = {
    "pyarrow": ("departement", "la consolidation"),
    "pandas": ("departement", "une table pandas"),
    "distributed": ("cluster", "une grappe Dask (--planificateur)"),
}
"""By the name that is imported: its extra, and what asks for it."""


class LibraryMissing(ImportError):
    """A library of an extra is missing, or can't be loaded; the message says in French which line installs it."""


def line(extra: str) -> str:
    """What to type to install an extra where this Python looks for it."""
    python = f'"{executable}"' if " " in executable else executable
    return f'{python} -m pip install "aap-xl[{extra}]"'


@contextmanager
def extras() -> Iterator[None]:
    """The one door of these libraries: an import that fails behind it is said in a sentence.

    Raises: LibraryMissing.
    """
    try:
        yield
    except ImportError as error:
        library = (error.name or "").partition(".")[0]
        if library not in LIBRARIES:
            raise
        extra, use = LIBRARIES[library]
        raise LibraryMissing(
            f"{use} demande la bibliothèque {library}, qui n'est pas installée ici ; tapez : {line(extra)}",
            name=library,
        ) from error
