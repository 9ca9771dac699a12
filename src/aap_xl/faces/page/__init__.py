"""What the page asks of Python, in the tab of a browser: no process, no network, nothing kept of a file.

The page is a face like the command line: it calls the same functions, says the same words, gives the same objects.
"""

import json

from aap_xl.faces.as_json import ecrire
from aap_xl.faces.failures import Refus, annonce, en_une_phrase
from aap_xl.faces.page.asked import Asked
from aap_xl.faces.page.memory import forget
from aap_xl.faces.page.verbs import VERBS

__all__ = ["Breakdown", "answer"]

Made = tuple[str, str, bytes]
"""A file for the operator: its name, its MIME type, its content."""


class Breakdown(Exception):
    """A fault of the program; the message says where, and nothing of what the operator gave."""


def answer(verb: str, args: str, files: list[tuple[str, bytes]]) -> tuple[str, list[Made]]:
    """Answer one question of the page.

    Args:    verb: a key of `VERBS`; args: its arguments, a JSON object; files: the workbooks given, name and content.
    Returns: a JSON object, ``{"refus": "…"}`` with one French sentence if the question can't be answered; files made.
    Raises:  Breakdown, MemoryError: the page then starts Python again.
    """
    try:
        result, made = _answer(verb, args, files)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the page tells it in one sentence
        if not annonce(error):
            raise Breakdown(_place(error)) from None
        result, made = {"refus": en_une_phrase(error)}, []
    finally:
        forget()
    return ecrire(result), made


def _answer(verb: str, args: str, files: list[tuple[str, bytes]]) -> tuple[object, list[Made]]:
    known = VERBS.get(verb)
    if known is None:
        raise Refus(f"la page demande « {verb} », que ce programme ne connaît pas ; rechargez la page.")
    try:
        given = json.loads(args or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refus("la page a envoyé une demande illisible ; rechargez la page.")
    return known(Asked(given, files))


def _place(error: Exception) -> str:
    """``KeyError, verbs.py:12``: where it happened, for whoever repairs the program."""
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    where = f", {last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}" if last else ""
    return f"{type(error).__name__}{where}"
