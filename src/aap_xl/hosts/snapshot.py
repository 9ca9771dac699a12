"""A workbook open in a spreadsheet, as the reader of files wants it: the same rows, at the same addresses, as its file.

A host reads each sheet in a few calls, whatever its number of rows. What an open workbook does not tell:

- a formula nobody computed (F08): the spreadsheet has computed them all;
- chart sheets (F03 says nothing of them);
- threaded comments (R01 looks into notes only).
"""

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from aap_xl.appels.loader import AppelInconnu
from aap_xl.cells import Zone, a1
from aap_xl.domain.facts import Fait
from aap_xl.texte import normaliser
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.layout import LISTES, SYNTHESES
from aap_xl.workbook.reading.identity import identify
from aap_xl.workbook.reading.marks import Marks, Place
from aap_xl.workbook.reading.personal import in_texts
from aap_xl.workbook.reading.sheets import Rows

if TYPE_CHECKING:
    from aap_xl.appels.loader import Catalogue
    from aap_xl.appels.model import Appel

ONLINE = "https://"
"""Where a workbook is that its host can't name as a file: on a server."""


class Sheet(Protocol):
    """What a host tells of one sheet; each part may be read when it is first asked for.

    Attributes: rows: its values from A1, ``""`` where there is none; errors: the texts of cells in error; formulas: as
                the spreadsheet writes them; merges: merged ranges; hidden: rows that do not show; tables: where its
                Excel tables are, and whether the last row is a total; notes: their texts by place; locked: whether it
                is protected, as far as the host can lift it.
    """

    @property
    def rows(self) -> Rows: ...  # noqa: D102 - said above
    @property
    def errors(self) -> Mapping[Place, str]: ...  # noqa: D102
    @property
    def formulas(self) -> Mapping[Place, str]: ...  # noqa: D102
    @property
    def merges(self) -> Sequence[Zone]: ...  # noqa: D102
    @property
    def hidden(self) -> Set[int]: ...  # noqa: D102
    @property
    def tables(self) -> Sequence[tuple[Zone, bool]]: ...  # noqa: D102
    @property
    def notes(self) -> Sequence[tuple[Place, str]]: ...  # noqa: D102
    @property
    def locked(self) -> bool: ...  # noqa: D102


class Snapshot:
    """The sheets of an open workbook; a NIR is looked for cell by cell.

    Attributes: nom: the workbook's name; chemin: where it is saved, ``""`` if nowhere, an address if on a server;
                sheets: by name; proprietes: its custom properties, ``None`` where the host can't tell; appels: the
                calls it may belong to: knowing it spares reading its names.
    """

    nir = True
    appels: "Catalogue | None" = None

    def __init__(
        self,
        nom: str,
        chemin: str,
        sheets: Mapping[str, Sheet],
        names: Callable[[], Mapping[str, str]],
        *,
        depuis_1904: bool = False,
        proprietes: Mapping[str, str] | None = None,
    ) -> None:
        """Args: names: reads the defined names and what they name."""
        self.nom, self.chemin, self.sheets, self._names = nom, chemin, sheets, names
        self.depuis_1904, self.proprietes = depuis_1904, proprietes
        self.noms = list(sheets)
        self.cellules = set(sheets)
        self._marks: dict[str, Marks] = {}

    @cached_property
    def noms_definis(self) -> Mapping[str, str]:
        """Defined names and what they name; none when no computed cell of the synthesis was typed over or moved."""
        appel = self._appel()
        formulas = {nom: self.sheets[nom].formulas for nom in SYNTHESES if nom in self.sheets}
        return {} if appel and _in_place(appel, formulas) else self._names()

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column; the caller may change them.

        Raises: FichierRefuse if the sheet is too large.
        """
        return [row.copy() for row in self.sheets[nom].rows]

    def first_row(self, nom: str) -> Sequence[object]:
        """One sheet's first row. Raises: as `rows`."""
        return next(iter(self.rows(nom)), ())

    def marks(self, nom: str) -> Marks:
        """What the sheet says beyond its values."""
        if nom not in self._marks:
            sheet = self.sheets[nom]
            marks = Marks(erreurs={**sheet.errors}, formules={a1(*place).encode() for place in sheet.formulas})
            if nom not in SYNTHESES:
                marks.fusions, marks.masquees = [*sheet.merges], {*sheet.hidden}
            for zone, total in sheet.tables:
                marks.plages.append(zone)
                if total:
                    marks.totaux.add(zone[2])
            self._marks[nom] = marks
        return self._marks[nom]

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR."""
        return list(in_texts(nom, self.sheets[nom].notes))

    def _appel(self) -> "Appel | None":
        """The call that « Listes » tells, if it tells one at hand."""
        listes = next((nom for nom in self.noms if normaliser(nom) == normaliser(LISTES)), None)
        marque = self.first_row(listes) if listes else ()
        found = identify({}, marque, with_properties=False) if marque else None
        try:
            return self.appels.get(found.code, found.millesime) if found and self.appels else None
        except AppelInconnu:
            return None


def _in_place(appel: "Appel", formulas: Mapping[str, Mapping[Place, str]]) -> bool:
    """Whether every computed cell of the synthesis is a formula where the template put it: nothing was typed over.

    Args: formulas: of each sheet of `layout.SYNTHESES` that the workbook has.
    """
    cells = [cell for cell in synthese.cellules(appel) if cell.feuille in formulas]
    return all((cell.ligne, cell.colonne) in formulas[cell.feuille] for cell in cells)
