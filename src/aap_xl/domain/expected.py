"""What a cell should hold, and what a workbook should say of itself, in the words of a message."""

from enum import StrEnum

ANNEES = range(1900, 2200)
"""The years of a date. Another one is a typing error (0025, 9999), which calendar computations could not bear."""


class Attendu(StrEnum):
    """What a cell should hold, in the words of a message."""

    DATE = "une date"
    DATE_POSSIBLE = f"une date de {ANNEES[0]} à {ANNEES[-1]}"
    NOMBRE = "un nombre"
    NOMBRE_AU_FORMAT_DATE = "un nombre, la cellule étant au format d'une date"
    HEURES = "un nombre d'heures"
    HEURES_AU_FORMAT_DATE = "un nombre d'heures, la cellule étant au format d'une date ou d'une heure"
    NOMBRE_SANS_AMBIGUITE = "un nombre sans ambiguïté"
    ENTIER = "un nombre entier"
    POURCENTAGE = "un pourcentage"
    OUI_NON = "oui ou non"


class Doute(StrEnum):
    """What does not fit in what a workbook says of itself, in the words of a message."""

    SANS_PROPRIETES = "les propriétés qui disent l'appel du classeur ont disparu, la feuille « Listes » a été crue"
    SANS_LISTES = "la feuille cachée « Listes » a disparu ou a été vidée, les propriétés du fichier ont été crues"
    INCOMPLETE = "une partie de l'identité du classeur (appel, millésime, version) a disparu"
