"""A sheet's XML, cut where it is filled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aap_xl.cells import column_letter


@dataclass(frozen=True)
class Feuille:
    """One table's sheet of the blank workbook, cut where it is filled."""

    chemin: str
    table: str
    avant: str
    apres: str
    entetes: dict[str, str]
    ligne_entetes: str
    ligne: str
    styles: dict[str, str]
    formules: dict[str, str]
    propres: list[dict[str, str]]
    lignes: int


FORMULE = re.compile(r"<f>.*?</f><v>[^<]*</v>|<f>.*?</f>")
VALEUR = re.compile(r"<v>\d+</v>(?=</c>)")


def lettres(champs: Iterable[str]) -> list[tuple[str, str]]:
    """The column letter of each field, in order."""
    return [(champ, column_letter(rang)) for rang, champ in enumerate(champs, 1)]


def liste(row: str) -> list[str]:
    """The cells of a row."""
    return re.findall(r"<c [^>]*/>|<c [^>]*>.*?</c>", row)


def cellules(row: str) -> dict[str, str]:
    """The cells of a row by column letter."""
    found = {}
    for cell in liste(row):
        letter = re.match(r'<c r="([A-Z]+)', cell)
        assert letter
        found[letter[1]] = cell
    return found


def style_de(cell: str) -> str:
    """The style of a cell."""
    found = re.search(r' s="(\d+)"', cell)
    return found[1] if found else "0"


def ouverture(row: str) -> str:
    """The opening tag of a row."""
    return row[: row.index(">") + 1].replace("/>", ">")


def texte_de(text: str) -> str:
    """A text without the entities of XML."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def inserer(changed: dict[str, str], part: str, before: str, text: str) -> None:
    """Put a text before a tag of a part."""
    changed[part] = changed[part].replace(before, text + before, 1)
