"""The output folder: what it may be, and how its three products are replaced together or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aap_xl.consolidation import schema
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.inputs import PRODUITS
from aap_xl.consolidation.interrupt import deferred

SYNTHESE, JOURNAL, TABLES, ETAT = PRODUITS
_PRODUITS = (TABLES, JOURNAL, SYNTHESE)
STATE = "etat.sqlite"
_NEUF, _ANCIEN = "neuf", "ancien"


class Output:
    """The folder a consolidation writes: three products, and a hidden folder for its state."""

    def __init__(self, dossier: Path) -> None:
        """Make it ready, and mend what a killed run may have left.

        Raises: ConsolidationImpossible if it is not a folder of ours; OSError if it can't be written.
        """
        self.dossier = dossier
        self._cache = dossier / ETAT
        self._verifier()
        dossier.mkdir(exist_ok=True)
        self._cache.mkdir(mode=0o700, exist_ok=True)

    @property
    def etat(self) -> Path:
        """The state's file."""
        return self._cache / STATE

    def _verifier(self) -> None:
        if self.dossier.exists() and not self.dossier.is_dir():
            raise ConsolidationImpossible(f"« {self.dossier} » est un fichier ; indiquez un dossier où écrire.")
        if not self.dossier.absolute().parent.is_dir():
            raise ConsolidationImpossible(f"le dossier « {self.dossier.parent} » n'existe pas ; créez-le d'abord.")
        for nom in _PRODUITS:
            if (self.dossier / nom).exists() and not self._cache.is_dir():
                self._refuser(nom)
        ours = {f"{table}.parquet" for table in schema.TABLES}
        if any(item.name not in ours for item in self._contenu(TABLES)):
            self._refuser(TABLES)

    def _contenu(self, nom: str) -> list[Path]:
        folder = self.dossier / nom
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _refuser(self, nom: str) -> None:
        raise ConsolidationImpossible(
            f"« {self.dossier} » contient déjà « {nom} », qui ne vient pas d'une consolidation et serait remplacé ; "
            "choisissez un autre dossier."
        )

    def reparer(self) -> None:
        """Put back what a run killed in the middle of the exchange had set aside."""
        aside = self._cache / _ANCIEN
        if any((aside / nom).exists() and not (self.dossier / nom).exists() for nom in _PRODUITS):
            fresh = self._cache / _NEUF
            fresh.mkdir(exist_ok=True)
            self._revenir(fresh, aside)
        self._oublier()

    @contextmanager
    def remplacer(self) -> Iterator[Path]:
        """A folder in which the new products are written; they replace the old ones when all went well.

        Raises: OSError, ConsolidationImpossible; and then everything is as it was.
        """
        self._oublier()
        fresh = self._cache / _NEUF
        fresh.mkdir()
        try:
            yield fresh
            _fixer(fresh)
            with deferred():
                self._echanger(fresh)
        finally:
            self._oublier()

    def _echanger(self, fresh: Path) -> None:
        aside = self._cache / _ANCIEN
        aside.mkdir()
        try:
            for nom in _PRODUITS:
                if (self.dossier / nom).exists():
                    (self.dossier / nom).rename(aside / nom)
                (fresh / nom).rename(self.dossier / nom)
        except OSError as error:
            self._revenir(fresh, aside)
            if isinstance(error, PermissionError):
                raise ConsolidationImpossible(
                    f"« {self.dossier / nom} » ne peut pas être remplacé : il est ouvert dans un autre programme, ou "
                    "protégé ; fermez-le, puis relancez la même commande. Ce qui s'y trouvait est intact."
                ) from error
            raise

    def _revenir(self, fresh: Path, aside: Path) -> None:
        """Take back what was exchanged."""
        for nom in _PRODUITS:
            if not (fresh / nom).exists() and (self.dossier / nom).exists():
                (self.dossier / nom).rename(fresh / nom)
            if (aside / nom).exists():
                (aside / nom).rename(self.dossier / nom)

    def _oublier(self) -> None:
        for nom in (_NEUF, _ANCIEN):
            shutil.rmtree(self._cache / nom, ignore_errors=True)


def _fixer(dossier: Path) -> None:
    """Make what was written last through a power cut before it takes the place of the old."""
    for item in sorted(dossier.rglob("*")):
        if item.is_file():
            with suppress(PermissionError), item.open("rb+") as file:
                os.fsync(file.fileno())
