"""What is said about an operator's data: anomalies, their severity, and the registry of rules.

A rule is a small generator: it yields a place and French words. The runner stamps code, severity and
article, which belong to the call's file.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from types import UnionType
from typing import TypeVar

from aap_xl.cells import Cell
from aap_xl.records import record


class Gravite(StrEnum):
    """How serious an anomaly is; the call's file decides for each rule."""

    BLOQUANTE = "bloquante"
    A_VERIFIER = "à vérifier"
    INFORMATION = "information"


FIELDS = ("code", "gravite", "feuille", "cellule", "entete", "message", "valeur", "article")


@record
class Anomalie:
    """One thing to correct or to know, ready to be shown. ``remede``: the end of the message, what to do."""

    code: str
    gravite: Gravite
    cell: Cell
    message: str
    article: str
    valeur: str = ""
    remede: str = ""

    def fields(self) -> dict[str, str]:
        """The anomaly as one flat record, for tables and machines; `FIELDS` are its keys, which never change."""
        cell = self.cell
        place = (cell.feuille, cell.adresse, cell.entete)
        said = (self.code, str(self.gravite), *place, self.message, self.valeur, self.article)
        return dict(zip(FIELDS, said, strict=True))

    def __str__(self) -> str:
        return f"{self.cell} · {self.code} ({self.gravite}) : {self.message} [{self.article}]"


class Dit(str):
    """What a rule says: what is wrong, then what to do, known apart too."""

    __slots__ = ("remede",)
    remede: str

    def __new__(cls, probleme: str, remede: str) -> "Dit":
        """Both, as one sentence."""
        said = super().__new__(cls, f"{probleme} ; {remede}")
        said.remede = remede
        return said

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Both again, for a copy sent to another process."""
        return self.removesuffix(f" ; {self.remede}"), self.remede


Constat = tuple[Cell, str] | tuple[Cell, str, object]
"""Place, words and, where one cell's value is at fault, that value."""


@record
class Regle:
    """A registered rule: its stable code, what it looks at (rows, facts of reading, the whole dossier), its check."""

    code: str
    on: type | UnionType
    check: Callable[[object, object], Iterator[Constat]]


RULES: dict[str, Regle] = {}
_Check = TypeVar("_Check", bound=Callable[..., Iterator[Constat]])


def rule(code: str, on: type | UnionType) -> Callable[[_Check], _Check]:
    """Register a check under a code that never changes its meaning.

    Args:   code: a letter and two digits; on: the class, or classes, whose instances the check receives.
    Raises: ValueError if the code is taken.
    """

    def register(check: _Check) -> _Check:
        if code in RULES:
            raise ValueError(f"rule {code} is declared twice: {RULES[code].check.__name__}, {check.__name__}")
        RULES[code] = Regle(code, on, check)
        return check

    return register
