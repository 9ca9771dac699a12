"""One question of the page: its arguments and the workbooks that come with it, read as they are wanted."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier, catalogue, today
from aap_xl.faces.failures import Refus

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
_Kind = TypeVar("_Kind")
_ILLISIBLE = "la page a envoyé une demande illisible ; rechargez la page."
_DEMANDES, _DONNES = ("", "un classeur", "deux classeurs"), ("aucun n'est donné", "un seul est donné")


@cache
def appels() -> Catalogue:
    """The calls, read once: the tab outlives the question."""
    return catalogue()


class Asked:
    """What the page asks with a verb."""

    def __init__(self, args: Mapping[str, object], files: Sequence[tuple[str, bytes]]) -> None:
        self._args, self._files = args, files

    @cached_property
    def jour(self) -> date:
        """The day that stands for today: ``{"jour": "2026-01-20"}``, else the day of the browser."""
        try:
            return date.fromisoformat(self.texte("jour")) if self._args.get("jour") else today()
        except ValueError:
            raise Refus(_ILLISIBLE) from None

    def texte(self, nom: str) -> str:
        """An argument that is a text. Raises: Refus."""
        return _expected(self._args.get(nom), str)

    def textes(self, nom: str) -> dict[str, str]:
        """An argument that is an object of texts, those that are not empty; none by default. Raises: Refus."""
        given = _expected(self._args.get(nom, {}), dict)
        return {_expected(cle, str): texte for cle, item in given.items() if (texte := _expected(item, str).strip())}

    def entier(self, nom: str) -> int | None:
        """An argument that is a whole number, if it is given. Raises: Refus."""
        return None if self._args.get(nom) is None else _expected(self._args[nom], int)

    def classeurs(self, combien: int) -> list[tuple[Path, bytes]]:
        """The workbooks, named without a folder. Raises: Refus if they are not as many."""
        if len(self._files) != combien:
            given = len(self._files)
            told = _DONNES[given] if given < len(_DONNES) else f"{given} sont donnés"
            raise Refus(f"il faut {_DEMANDES[combien]}, et {told} ; recommencez avec {_DEMANDES[combien]}.")
        return [(Path(name.replace("\0", "").rpartition("/")[2] or "classeur"), octets) for name, octets in self._files]

    def dossiers(self, combien: int, *, ecriture: bool = False) -> list[Dossier]:
        """The same, read. Raises: Refus, FichierRefuse."""
        given = self.classeurs(combien)
        return [Dossier.lire(nom, appels(), self.jour, octets, ecriture=ecriture) for nom, octets in given]

    def lu(self, nom: str, octets: bytes) -> Dossier:
        """A workbook just made."""
        return Dossier.lire(Path(nom), appels(), self.jour, octets)


def _expected(value: object, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Refus(_ILLISIBLE)
    return value
