"""A failure told in one French sentence; an unexpected one also leaves a log without personal data."""

import sys

from aap_xl import __version__

LOGS = "aap-xl-", ".log"
"""How the name of a log begins and ends."""
ECHEC, INTERROMPU = 2, 130
"""Exit codes of a command that could not be carried out, or that someone stopped."""


class Refus(Exception):
    """A command can't be carried out; the message says why and what to do, in French."""


_PHRASES: list[tuple[tuple[type[OSError], ...], str]] = [
    ((FileNotFoundError,), "« {} » est introuvable ; vérifiez le chemin."),
    ((IsADirectoryError,), "« {} » est un dossier ; indiquez un fichier."),
    (
        (FileExistsError, NotADirectoryError),
        "« {} » : un fichier porte déjà le nom d'un de ces dossiers ; choisissez un autre nom.",
    ),
    ((PermissionError,), "« {} » ne peut pas être lu ou écrit ; s'il est ouvert dans un tableur, fermez-le."),
]


def annonce(error: Exception) -> bool:
    """Whether an exception comes with its sentence, or is one of the system's: no fault of the program."""
    return isinstance(error, (*_annoncees(), OSError))


def en_une_phrase(error: Exception) -> str:
    """What to print for an exception that reached the face."""
    from aap_xl.domain.nir import masquer  # noqa: PLC0415 - only on failure

    if isinstance(error, _annoncees()):
        return masquer(str(error))
    if isinstance(error, OSError):
        return masquer(_systeme(error))
    return (
        "une erreur du programme a interrompu la commande. "
        f"Transmettez ce journal, qui ne contient aucune donnée personnelle : {journal(error)}"
    )


def _systeme(error: OSError) -> str:
    from aap_xl.workbook.ooxml.atomic import dossier_ferme, raison  # noqa: PLC0415 - only on failure

    if dossier_ferme(error):
        return raison(error)
    for kinds, phrase in _PHRASES:
        if isinstance(error, kinds):
            return phrase.format(error.filename or "le fichier")
    return f"le fichier ne peut pas être lu ou écrit : {raison(error)}"


def _annoncees() -> tuple[type[Exception], ...]:
    """Failures that come with their sentence; their modules are heavy, and this is read on failure only."""
    from aap_xl.appels.loader import AppelInvalide  # noqa: PLC0415
    from aap_xl.extras import LibraryMissing  # noqa: PLC0415
    from aap_xl.workbook.ooxml.atomic import EcritureImpossible  # noqa: PLC0415
    from aap_xl.workbook.reading.reader import FichierRefuse  # noqa: PLC0415

    return Refus, AppelInvalide, FichierRefuse, EcritureImpossible, LibraryMissing


def journal(error: BaseException) -> str:
    """Write what a developer needs, without any value of the operator's file: types and line numbers only.

    Returns: the path of the log, or the place of the failure where no file can be written.
    """
    import platform  # noqa: PLC0415 - only on failure
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415
    from datetime import datetime  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    stack = traceback.extract_tb(error.__traceback__)
    frames = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in stack]
    lines = [
        f"aap-xl {__version__} · Python {platform.python_version()} · {platform.system()}",
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}",
        *frames,
        type(error).__name__,
    ]
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix=LOGS[0], suffix=LOGS[1], delete=False) as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return f"{type(error).__name__}, {frames[-1].strip() if frames else ''}"
    return file.name


def avertir(phrase: str) -> None:
    """One sentence on the error stream, which does not stop the command."""
    sys.stderr.write(f"Attention : {phrase}\n")
