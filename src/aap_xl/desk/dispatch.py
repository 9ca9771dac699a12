"""What goes to an operator: what is said of each of its workbooks, its annotated copy, and what to do with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aap_xl.desk import filenames


@dataclass(frozen=True, slots=True)
class Partie:
    """What the message says of one workbook, and what tells its operation from others of the same porteur.

    Attributes: appel: its call, with the year; convention: its number as typed; debut: first day of the operation;
                fichier: its name; a_corriger: whether it asks for anything; texte: what is wrong with it and when it is
                due, without what was typed.
    """

    appel: str
    convention: str
    debut: date | None
    fichier: str
    a_corriger: bool
    texte: str
    service: str = "service instructeur"


@dataclass(frozen=True, slots=True)
class Envoi:
    """One workbook of a message.

    Attributes: jointe: name of the annotated copy that goes with it, ``""`` when none does; octets: that copy.
    """

    partie: Partie
    jointe: str
    octets: bytes


def next_steps(envois: Sequence[Envoi]) -> Iterator[str]:
    """The lines that say what to do, and close the message."""
    yield "Que faire maintenant ?"
    wanted = [item for item in envois if item.partie.a_corriger]
    clean = [item for item in envois if not item.partie.a_corriger]
    steps = _corriger(wanted, clean) if wanted else _garder(clean)
    yield from (f"{rank}. {step}" for rank, step in enumerate(steps, 1))
    yield ""
    if any("…" in item.partie.texte for item in envois):
        yield "Par prudence, ce message ne cite pas les textes saisis : « … » se lit dans le classeur."
    yield "Le classeur contient des données personnelles : ne le transmettez qu'aux personnes qui en ont besoin."
    yield ""
    yield "Le service instructeur"


def _corriger(a_reprendre: Sequence[Envoi], propres: Sequence[Envoi]) -> Iterator[str]:
    """The steps when something is to be corrected, beside workbooks that need nothing."""
    copies, clean_copies = _copies(a_reprendre), _copies(propres)
    one = len(a_reprendre) == 1
    if copies:
        yield (
            f"{_jointes(copies + clean_copies)}. La feuille Contrôle liste toutes les anomalies, avec un lien vers\n"
            "   chaque cellule ; les cellules à revoir y sont colorées."
        )
        here = "cette copie" if copies == 1 else "ces copies"
        if clean_copies:
            here = f"{'la copie' if copies == 1 else 'les copies'} dont le nom finit par « {filenames.A_CORRIGER} »"
        yield f"Corrigez dans {here}, sans renommer les feuilles ni les colonnes, et sans changer les codes."
        if copies < len(a_reprendre):
            yield "Là où rien n'est joint, rouvrez votre classeur et corrigez de même les cellules indiquées ci-dessus."
    else:
        yield f"Rouvrez {'votre classeur' if one else 'vos classeurs'} et corrigez les cellules indiquées ci-dessus."
        yield "Ne renommez ni les feuilles ni les colonnes, et ne changez pas les codes."
    if propres:
        rest = "l'autre classeur" if len(propres) == 1 else f"les {len(propres)} autres classeurs"
        yield f"Rien n'est à corriger dans {rest}."
    back = "le classeur corrigé" if one else "les classeurs corrigés"
    yield f"Renvoyez {back} au service instructeur, par le moyen habituel."


def _garder(propres: Sequence[Envoi]) -> Iterator[str]:
    """The steps when nothing is to be corrected."""
    yield "Vous n'avez rien à corriger."
    copies = _copies(propres)
    if copies:
        here = "cette copie" if copies == 1 else "ces copies"
        yield (
            f"{_jointes(copies)} ; la feuille Contrôle y garde le résultat du contrôle.\n"
            f"   S'il vous reste des données à saisir, continuez dans {here}."
        )
    yield "Si ce qui précède vous fait tout de même changer quelque chose, renvoyez ensuite le classeur."


def _copies(envois: Iterable[Envoi]) -> int:
    return sum(bool(item.jointe) for item in envois)


def _jointes(copies: int) -> str:
    which = "La copie jointe est votre classeur" if copies == 1 else "Les copies jointes sont vos classeurs"
    return f"{which}, rien n'y a été retiré"
