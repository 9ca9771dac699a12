"""Addresses: which sheet, row and column a value came from."""

from collections.abc import Mapping
from functools import cache

from aap_xl.records import record


@cache
def column_letter(index: int) -> str:
    """1 → ``A``, 27 → ``AA``."""
    letters = ""
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def column_index(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index


def a1(row: int, column: int) -> str:
    """Row and column, both from 1, as an ``A1`` address."""
    return f"{column_letter(column)}{row}"


Zone = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 1."""


def zone_a1(zone: Zone) -> str:
    """``(4, 1, 64, 8)`` → ``A4:H64``."""
    top, left, bottom, right = zone
    return f"{a1(top, left)}:{a1(bottom, right)}"


@record
class Cell:
    """One place an operator can go to; an empty ``adresse`` means the sheet, an empty ``feuille`` the file."""

    feuille: str = ""
    adresse: str = ""
    entete: str = ""

    def __str__(self) -> str:
        return "!".join(part for part in (self.feuille, self.adresse) if part)


class Origin:
    """Where a table's columns sit; a row adds its row number.

    Attributes: feuille: the sheet's name as found in the file; colonnes: field name → column, from 1;
                lignes: for a form, field name → row (a table has one row number per row instead).
    """

    __slots__ = ("colonnes", "feuille", "lignes")

    def __init__(
        self, feuille: str = "", colonnes: Mapping[str, int] | None = None, lignes: Mapping[str, int] | None = None
    ) -> None:
        self.feuille = feuille
        self.colonnes = colonnes or {}
        self.lignes = lignes or {}

    def adresse(self, champ: str, ligne: int) -> str:
        """The address of one field, ``""`` when the file has no such column."""
        colonne = self.colonnes.get(champ)
        ligne = self.lignes.get(champ, ligne)
        return a1(ligne, colonne) if colonne and ligne else ""


NOWHERE = Origin()
