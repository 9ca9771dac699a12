"""argparse in French: help, usage and error messages of the words of the commands."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, NoReturn, Unpack

from aap_xl import __version__
from aap_xl.faces.words import APPELS, INDIQUER, OPTIONS, Told, Word, WordRefused, Words

_MESSAGES = [
    (r"the following arguments are required: (.+)", r"il manque : \1."),
    (r"unrecognized arguments: (.+)", r"non reconnu : \1."),
    (r"argument (.+?): expected one argument", r"l'option \1 attend une valeur."),
    (r"argument (.+?): expected at least one argument", r"l'option \1 attend au moins une valeur."),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 et \2 ne vont pas ensemble."),
    (r"argument (.+?): ignored explicit argument '(.*)'", r"l'option \1 n'attend pas de valeur ; lu : « \2 »."),
    (
        r"argument (?:.+?): invalid choice: (.*?) \(choose from (.+)\)",
        r"« \1 » est inconnu ; au choix : \2.",
    ),
    (r"argument (.+?): invalid int value: '(.*)'", r"l'option \1 attend un nombre entier ; lu : « \2 »."),
    (r"argument (.+?): (.+)", r"\1 : \2"),
]


class _Aide(argparse.HelpFormatter):
    """Usage line in French, a little more room for the options' names."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Print « Utilisation : » before the usage line."""
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """A title, with the space that French puts before a colon."""
        super().start_section(f"{heading} " if heading else heading)


class Analyseur(argparse.ArgumentParser):
    """A parser whose every word is French; a wrong command line ends with exit code 2."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Aide)
        super().__init__(**options, add_help=False, allow_abbrev=False)
        titles = (INDIQUER, OPTIONS)
        self._titres = {titre: self.add_argument_group(titre) for titre in titles}
        self.declare(Word(("-h", "--aide", "--help"), told={"action": "help", "help": "affiche cette aide"}))

    def declare(self, item: Word, **told: Unpack[Told]) -> None:
        """Declare one word to argparse, under its heading."""
        if item.group not in self._titres:
            self._titres[item.group] = self.add_argument_group(item.group)
        if item.among and item.among not in self._titres:
            self._titres[item.among] = self._titres[item.group].add_mutually_exclusive_group()
        given: Told = {**item.told, **told}
        if "type" in given:
            given["type"] = _typed(given["type"])
        self._titres[item.among or item.group].add_argument(*item.names, **given)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuse what is not known here, rather than leave it to the parser above, whose help is not the right one."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in French, without the digits of a NIR, and where to find the help."""
        from aap_xl.domain.nir import masquer  # noqa: PLC0415 - only for a message

        if "invalid choice" in message:
            message = message.replace("'", "")
        for english, french in _MESSAGES:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
                break
        sys.stderr.write(f"{self.prog} : {masquer(message)}\nPour l'aide : {self.prog} --aide\n")
        raise SystemExit(2)


def _typed(make: Callable[[str], object]) -> Callable[[str], object]:
    """The same type of a word; argparse prints what is said of a word refused."""

    @wraps(make)
    def typed(texte: str) -> object:
        try:
            return make(texte)
        except WordRefused as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return typed


def explain(commandes: Mapping[str, Words], line: Sequence[str]) -> tuple[str, dict[str, object]] | None:
    """The command and the values that a line asks for, when it can be understood; help or an error ends the command.

    Returns: nothing for a line without a command, which is given the help.
    """
    parser = Analyseur(
        prog="aap-xl",
        description="Classeurs de suivi des appels à projets insertion du Département du Pas-de-Calais : "
        "les créer, les contrôler, en produire le bilan, les consolider.",
        epilog="Codes de retour : 0 rien à corriger ; 1 quelque chose à corriger ; 2 échec.",
    )
    version: Told = {"action": "version", "version": f"aap-xl {__version__}", "help": "affiche la version"}
    parser.declare(Word(("--version",), told=version))
    parser.declare(APPELS)
    commands = parser.add_subparsers(title="Commandes", dest="commande", metavar="COMMANDE", prog="aap-xl")
    for name, words in commandes.items():
        command = commands.add_parser(name, help=words.summary, description=words.description)
        for item in words.items:
            if item is APPELS:
                command.declare(item, default=argparse.SUPPRESS)
            else:
                command.declare(item)
    values = vars(parser.parse_args(line))
    command = values.pop("commande")
    if command:
        return command, values
    parser.print_help()
    return None
