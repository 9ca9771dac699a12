"""What goes to an operator: what is said of each of its workbooks, and its annotated copy."""

from dataclasses import dataclass
from datetime import date


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
