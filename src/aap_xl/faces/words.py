"""The words of a command, told once: a plain line is read here, argparse explains any other (`parser`).

Reading a line takes argparse as long as the rules take to check a workbook.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypedDict, Unpack

INDIQUER, OPTIONS = "À indiquer", "Options"


class WordRefused(Exception):
    """A word can't be what is asked for; the message says why."""


class Told(TypedDict, total=False):
    """What argparse takes of a word."""

    action: str
    choices: Sequence[object]
    default: object
    dest: str
    help: str
    metavar: str
    nargs: str
    required: bool
    type: Callable[[str], object]
    version: str


class Word:
    """One argument or option.

    Attributes: names: those of an option, or the argument's; group: the heading that it stands under; among: the name
                of those of which one alone may be given; told: the rest, as argparse takes it.
    """

    def __init__(self, names: tuple[str, ...], told: Told, group: str = OPTIONS, among: str = "") -> None:
        self.names, self.told, self.group, self.among = names, told, group, among
        self.option = names[0].startswith("-")
        self.dest: str = told.get("dest") or names[-1].lstrip("-").replace("-", "_")
        self.flag = told.get("action") == "store_true"

    def value(self, texte: str) -> object:
        """What a word is worth. Raises: WordRefused, ValueError if it can't be."""
        value = self.told.get("type", str)(texte)
        if value not in self.told.get("choices", [value]):
            raise WordRefused(texte)
        return value


class Words:
    """What one command understands, in the order of its help: the fields of the command's `Request`."""

    def __init__(self, summary: str, description: str = "") -> None:
        self.summary = summary
        self.description = description or f"{summary[0].upper()}{summary[1:]}."
        self.items = [APPELS]

    def argument(self, name: str, **told: Unpack[Told]) -> None:
        """Declare what stands at a place of the line."""
        self.items.append(Word((name,), told, INDIQUER))

    def option(self, *names: str, group: str = OPTIONS, among: str = "", **told: Unpack[Told]) -> None:
        """Declare what is named."""
        self.items.append(Word(names, told, group, among))

    def day(self) -> None:
        """Declare the option that says what day it is."""
        self.option(
            "--date",
            dest="jour",
            metavar="DATE",
            type=une_date,
            help="le jour à considérer comme aujourd'hui (par défaut : ce jour)",
        )

    def json(self) -> None:
        """Declare the option that answers a machine."""
        self.option("--json", action="store_true", help="pour une machine : un objet JSON")

    def read(self, line: Sequence[str]) -> dict[str, object] | None:
        """The values of a plain line, by name; ``None`` for any other: help, an error, another writing."""
        try:
            return _Line(self.items, line).values
        except (_Other, WordRefused, ValueError):
            return None


class _Other(Exception):
    """The line is not a plain one."""


class _Line:
    """The reading of one line: options, and between them runs of words, one of which an argument may take whole."""

    def __init__(self, items: Sequence[Word], line: Sequence[str]) -> None:
        self.values: dict[str, Any] = {item.dest: False if item.flag else item.told.get("default") for item in items}
        options = {name: item for item in items if item.option for name in item.names}
        given: list[Word] = []
        runs: list[list[str]] = [[]]
        words = iter(line)
        for word in words:
            if word in options:
                given.append(options[word])
                self._take(options[word], words)
                runs.append([])
            elif word.startswith("-"):
                raise _Other
            else:
                runs[-1].append(word)
        self._place([item for item in items if not item.option], [run for run in runs if run])
        alone = [item.among for item in given if item.among]
        if len(alone) > 1 or any(item.told.get("required") and item not in given for item in items):
            raise _Other

    def _take(self, item: Word, words: Iterator[str]) -> None:
        if item.flag:
            self.values[item.dest] = True
            return
        word = next(words, "-")
        if word.startswith("-"):
            raise _Other
        value, known = item.value(word), self.values[item.dest]
        self.values[item.dest] = [*(known or ()), value] if item.told.get("action") == "append" else value

    def _place(self, arguments: Sequence[Word], runs: list[list[str]]) -> None:
        words = [word for run in runs for word in run]
        for item in arguments:
            many = item.told.get("nargs")
            if many in {"+", "*"} and len(runs) <= 1 and (words or many == "*"):
                self.values[item.dest], words = [item.value(word) for word in words], []
            elif many not in {"+", "*"} and words:
                self.values[item.dest] = item.value(words.pop(0))
            elif many != "?":
                raise _Other
        if words:
            raise _Other


def une_date(texte: str) -> date:
    """A date as the sheets read it: ``15/03/2025``, ``2025-03-15``, ``15 mars 2025``; an argument's type."""
    from aap_xl.domain.expected import Attendu  # noqa: PLC0415 - only when a date is given
    from aap_xl.dossier import today  # noqa: PLC0415
    from aap_xl.workbook.reading.numbers import Illisible  # noqa: PLC0415
    from aap_xl.workbook.reading.values import jour  # noqa: PLC0415

    wanted = Attendu.DATE
    try:
        day: date | None = jour(texte, today())[0]
    except Illisible as error:
        day, wanted = None, error.attendu
    if day is None:
        raise WordRefused(f"« {texte} » n'est pas {wanted} ; écrivez par exemple 15/03/2025 ou 2025-03-15.")
    return day


def un_chemin(texte: str) -> Path:
    """A path, with ``~`` expanded; an empty one is a slip, which must not stand for the current folder."""
    if not texte.strip():
        raise WordRefused("le chemin est vide ; indiquez un fichier ou un dossier.")
    try:
        return Path(texte).expanduser()
    except RuntimeError:  # nobody of that name here: a file may well start with ~
        return Path(texte)


def un_texte(texte: str) -> str:
    """A text that a spreadsheet can hold: control characters and line ends become spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in texte).split())


def un_siret(texte: str) -> str:
    """A SIRET's 14 digits, spaces removed, its key checked."""
    from aap_xl.domain import siret  # noqa: PLC0415 - when a SIRET is given

    numero = siret.chiffres(texte)
    if not siret.complet(numero):
        raise WordRefused(f"« {texte} » n'est pas un SIRET : il en faut les 14 chiffres.")
    if not siret.juste(numero):
        raise WordRefused(f"« {texte} » n'est pas un SIRET valide (clé de contrôle fausse) ; vérifiez les chiffres.")
    return numero


APPELS = Word(
    ("--appels",),
    {
        "metavar": "DOSSIER",
        "type": un_chemin,
        "action": "append",
        "dest": "dossiers",
        "help": "ajoute un dossier d'appels à projets (.toml) ; aussi par la variable AAP_XL_APPELS",
    },
)
"""The option of every command that adds folders of calls; it may come before the command too."""
