"""The words of a command, told once: a plain line is read here, argparse explains any other (`francais`).

Reading a line takes argparse as long as the rules take to check a workbook.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

INDIQUER, OPTIONS = "À indiquer", "Options"


class MotRefuse(Exception):
    """A word can't be what is asked for; the message says why."""


class Mot:
    """One argument or option.

    Attributes: noms: those of an option, or the argument's; groupe: the heading that it stands under; parmi: the name
                of those of which one alone may be given; dit: the rest, as argparse takes it.
    """

    def __init__(self, noms: tuple[str, ...], dit: dict[str, Any], groupe: str = OPTIONS, parmi: str = "") -> None:
        self.noms, self.dit, self.groupe, self.parmi = noms, dit, groupe, parmi
        self.option = noms[0].startswith("-")
        self.dest: str = dit.get("dest") or noms[-1].lstrip("-").replace("-", "_")
        self.seul = dit.get("action") == "store_true"

    def valeur(self, texte: str) -> Any:
        """What a word is worth. Raises: MotRefuse, ValueError if it can't be."""
        value = self.dit.get("type", str)(texte)
        if value not in self.dit.get("choices", [value]):
            raise MotRefuse(texte)
        return value


class Mots:
    """What one command understands, in the order of its help.

    Attributes: fonction: ``module:function`` of the faces.
    """

    def __init__(self, fonction: str, resume: str, description: str = "") -> None:
        self.fonction, self.resume = fonction, resume
        self.description = description or f"{resume[0].upper()}{resume[1:]}."
        self.dits = [APPELS]

    def argument(self, nom: str, **dit: Any) -> None:
        """Declare what stands at a place of the line."""
        self.dits.append(Mot((nom,), dit, INDIQUER))

    def option(self, *noms: str, groupe: str = OPTIONS, parmi: str = "", **dit: Any) -> None:
        """Declare what is named."""
        self.dits.append(Mot(noms, dit, groupe, parmi))

    def la_date(self) -> None:
        """Declare the option that says what day it is."""
        self.option(
            "--date",
            metavar="DATE",
            type=une_date,
            help="le jour à considérer comme aujourd'hui (par défaut : ce jour)",
        )

    def lire(self, line: Sequence[str]) -> SimpleNamespace | None:
        """The values of a plain line, by name; ``None`` for any other: help, an error, another writing."""
        try:
            return SimpleNamespace(fonction=self.fonction, **_Ligne(self.dits, line).valeurs)
        except (_Autre, MotRefuse, ValueError):
            return None


class _Autre(Exception):
    """The line is not a plain one."""


class _Ligne:
    """The reading of one line: options, and between them runs of words, one of which an argument may take whole."""

    def __init__(self, dits: Sequence[Mot], line: Sequence[str]) -> None:
        self.valeurs: dict[str, Any] = {mot.dest: False if mot.seul else mot.dit.get("default") for mot in dits}
        options = {nom: mot for mot in dits if mot.option for nom in mot.noms}
        given: list[Mot] = []
        runs: list[list[str]] = [[]]
        words = iter(line)
        for word in words:
            if word in options:
                given.append(options[word])
                self._take(options[word], words)
                runs.append([])
            elif word.startswith("-"):
                raise _Autre
            else:
                runs[-1].append(word)
        self._place([mot for mot in dits if not mot.option], [run for run in runs if run])
        alone = [mot.parmi for mot in given if mot.parmi]
        if len(alone) > 1 or any(mot.dit.get("required") and mot not in given for mot in dits):
            raise _Autre

    def _take(self, mot: Mot, words: Any) -> None:
        if mot.seul:
            self.valeurs[mot.dest] = True
            return
        word = next(words, "-")
        if word.startswith("-"):
            raise _Autre
        value, known = mot.valeur(word), self.valeurs[mot.dest]
        self.valeurs[mot.dest] = [*(known or ()), value] if mot.dit.get("action") == "append" else value

    def _place(self, arguments: Sequence[Mot], runs: list[list[str]]) -> None:
        words = [word for run in runs for word in run]
        for mot in arguments:
            many = mot.dit.get("nargs")
            if many == "+" and len(runs) == 1:
                self.valeurs[mot.dest], words = [mot.valeur(word) for word in words], []
            elif many != "+" and words:
                self.valeurs[mot.dest] = mot.valeur(words.pop(0))
            elif many != "?":
                raise _Autre
        if words:
            raise _Autre


def une_date(texte: str) -> date:
    """A date as the sheets read it: ``15/03/2025``, ``2025-03-15``, ``15 mars 2025``; an argument's type."""
    from aap_xl.domain.faits import Attendu  # noqa: PLC0415 - only when a date is given
    from aap_xl.dossier import today  # noqa: PLC0415
    from aap_xl.workbook.reading.numbers import Illisible  # noqa: PLC0415
    from aap_xl.workbook.reading.values import jour  # noqa: PLC0415

    wanted = Attendu.DATE
    try:
        day: date | None = jour(texte, today())[0]
    except Illisible as error:
        day, wanted = None, error.attendu
    if day is None:
        raise MotRefuse(f"« {texte} » n'est pas {wanted} ; écrivez par exemple 15/03/2025 ou 2025-03-15.")
    return day


def un_chemin(texte: str) -> Path:
    """A path, with ``~`` expanded; an empty one is a slip, which must not stand for the current folder."""
    if not texte.strip():
        raise MotRefuse("le chemin est vide ; indiquez un fichier ou un dossier.")
    try:
        return Path(texte).expanduser()
    except RuntimeError:  # nobody of that name here: a file may well start with ~
        return Path(texte)


def un_texte(texte: str) -> str:
    """A text that a spreadsheet can hold: control characters and line ends become spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in texte).split())


def un_siret(texte: str) -> str:
    """A SIRET's 14 digits, spaces removed, its key checked."""
    from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError  # noqa: PLC0415 - when a SIRET is given
    from stdnum.fr import siret  # noqa: PLC0415

    try:
        return str(siret.validate(texte.replace("\N{NO-BREAK SPACE}", " ")))
    except (InvalidFormat, InvalidLength):
        raise MotRefuse(f"« {texte} » n'est pas un SIRET : il en faut les 14 chiffres.") from None
    except ValidationError:
        raise MotRefuse(
            f"« {texte} » n'est pas un SIRET valide (clé de contrôle fausse) ; vérifiez les chiffres."
        ) from None


APPELS = Mot(
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
