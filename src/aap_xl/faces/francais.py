"""argparse in French: help, usage and error messages."""

import re
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, cast

from aap_xl.faces.untranslated import argparse

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
        groups: Iterable[Any],
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
        self.arguments = self.add_argument_group("À indiquer")
        self.choix = self.add_argument_group("Options")
        self.choix.add_argument("-h", "--aide", "--help", action="help", help="affiche cette aide")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
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
        raise argparse.ArgumentTypeError(
            f"« {texte} » n'est pas {wanted} ; écrivez par exemple 15/03/2025 ou 2025-03-15."
        )
    return day


def un_chemin(texte: str) -> Path:
    """A path, with ``~`` expanded; an empty one is a slip, which must not stand for the current folder."""
    if not texte.strip():
        raise argparse.ArgumentTypeError("le chemin est vide ; indiquez un fichier ou un dossier.")
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
        raise argparse.ArgumentTypeError(f"« {texte} » n'est pas un SIRET : il en faut les 14 chiffres.") from None
    except ValidationError:
        raise argparse.ArgumentTypeError(
            f"« {texte} » n'est pas un SIRET valide (clé de contrôle fausse) ; vérifiez les chiffres."
        ) from None


def les_appels(parser: Analyseur, default: Any) -> None:
    """The option that adds folders of calls."""
    parser.choix.add_argument(
        "--appels",
        metavar="DOSSIER",
        type=un_chemin,
        action="append",
        default=default,
        dest="dossiers",
        help="ajoute un dossier d'appels à projets (.toml) ; aussi par la variable AAP_XL_APPELS",
    )


def commande(commands: Any, name: str, function: str, summary: str, description: str = "") -> Analyseur:
    """Declare one command. ``function``: ``module:function`` of the faces."""
    parser = cast(
        "Analyseur",
        commands.add_parser(name, help=summary, description=description or f"{summary[0].upper()}{summary[1:]}."),
    )
    parser.set_defaults(fonction=function)
    les_appels(parser, argparse.SUPPRESS)
    return parser


def la_date(parser: Analyseur) -> None:
    """The option that says what day it is."""
    parser.choix.add_argument(
        "--date", metavar="DATE", type=une_date, help="le jour à considérer comme aujourd'hui (par défaut : ce jour)"
    )
