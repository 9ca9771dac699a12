"""The sheets of a file that may be opened: values through calamine, the rest through the raw passes.

What can't be seen: in .xls and .xlsb calamine gives cells in error and formulas without a value as blank.
"""

import threading
from collections.abc import Sequence
from io import BytesIO
from queue import SimpleQueue
from typing import Any

from python_calamine import CalamineWorkbook

from aap_xl.workbook.containers import Contenu, FichierRefuse, damaged
from aap_xl.workbook.marks import Marks, Place
from aap_xl.workbook.raw import RawWorkbook

Rows = list[list[Any]]
SHEETS_MAX = 200
AREA_MAX = 2**20
"""Cells of a sheet, blank ones included: calamine keeps them all in memory."""


class Feuilles:
    """The sheets of one workbook, by name."""

    def __init__(self, contenu: Contenu) -> None:
        """Open it.

        Raises: FichierRefuse if calamine or the raw pass can't.
        """
        self._contenu = contenu
        try:
            self._book = CalamineWorkbook.from_object(BytesIO(contenu.octets))
            self.noms: list[str] = self._book.sheet_names
            self._raw = RawWorkbook(contenu.parties) if contenu.genre == "xlsx" else None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
            raise damaged(contenu.nom) from None
        if len(self.noms) > SHEETS_MAX:
            raise FichierRefuse(
                f"« {contenu.nom} » a {len(self.noms)} feuilles ; ce n'est pas un classeur de suivi d'une opération."
            )
        self.depuis_1904 = self._raw is not None and self._raw.depuis_1904

    def read(self, noms: Sequence[str]) -> "SimpleQueue[Rows | FichierRefuse]":
        """Start reading sheets, in order, beside whatever the caller does; each is then got from the queue.

        Raises: FichierRefuse if one of them is too large to be read.
        """
        for nom in noms:
            self._check_extent(nom)
        queue: SimpleQueue[Rows | FichierRefuse] = SimpleQueue()

        def work() -> None:
            for nom in noms:
                queue.put(self._rows(nom))

        threading.Thread(target=work, daemon=True).start()
        return queue

    def rows(self, nom: str) -> Rows:
        """One sheet from its first row and column. Raises: FichierRefuse."""
        return got(self.read([nom]))

    def marks(self, nom: str) -> Marks:
        """What the raw pass tells of a sheet. Raises: FichierRefuse."""
        return self._raw.sheet(nom).marks if self._raw else Marks()

    def without_value(self, nom: str, calculees: set[int]) -> set[Place]:
        """Formulas without a value, computed columns left aside."""
        return self._raw.sheet(nom).without_value(calculees) if self._raw else set()

    def _check_extent(self, nom: str) -> None:
        try:
            rows, columns = self._raw.sheet(nom).extent() if self._raw else (1, 1)
        except ValueError:
            raise damaged(self._contenu.nom) from None
        if rows * columns > AREA_MAX:
            raise FichierRefuse(
                f"« {self._contenu.nom} » : la feuille « {nom} » est remplie jusqu'à la ligne {rows} et la colonne "
                f"{columns} ; supprimez les lignes et les colonnes au-delà du tableau."
            )

    def _rows(self, nom: str) -> Rows | FichierRefuse:
        try:
            rows: Rows = self._book.get_sheet_by_name(nom).to_python(skip_empty_area=False)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - calamine's own errors, and a panic is a BaseException
            return damaged(self._contenu.nom)
        return rows


def got(queue: "SimpleQueue[Rows | FichierRefuse]") -> Rows:
    """The next sheet read. Raises: FichierRefuse if it could not be."""
    rows = queue.get()
    if isinstance(rows, FichierRefuse):
        raise rows
    return rows
