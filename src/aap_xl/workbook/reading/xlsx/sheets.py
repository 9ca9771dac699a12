"""The sheets of an .xlsx or .xlsm, as the reading wants them."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from aap_xl.domain.facts import Fait
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.ooxml.usual import Odd
from aap_xl.workbook.reading.files.containers import Contenu
from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse, beyond
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.personal import in_notes, suspect, suspect_values
from aap_xl.workbook.reading.sheets import Rows, check_extent
from aap_xl.workbook.reading.xlsx.book import Book


class _Readable:
    """Whatever shows that a part can't be read is a refusal."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        if isinstance(error, Excess):
            raise beyond(error) from None
        if isinstance(error, (ValueError, KeyError, Odd)):
            raise FichierRefuse(Cause.DAMAGED) from None


_READABLE = _Readable()


class FeuillesXlsx:
    """The sheets of an .xlsx or .xlsm; its macros are never even inflated."""

    def __init__(self, contenu: Contenu) -> None:
        """List them.

        Raises: FichierRefuse if that can't be read.
        """
        with _READABLE:
            self._book = Book(contenu.parties, check_extent)
        self.noms = self._book.noms
        self.cellules = self._book.cellules
        self.depuis_1904 = self._book.depuis_1904

    @cached_property
    def nir(self) -> bool:
        """Whether a NIR may stand in the cells of the sheets already read, or anywhere in the others."""
        return suspect_values(self._book.values.values()) or any(map(suspect, self._book.unread()))

    @cached_property
    def noms_definis(self) -> Mapping[str, str]:
        """Defined names and what they name; none when it is sure that every computed cell of the synthesis is there."""
        with _READABLE:
            return {} if self._book.computed(layout.SYNTHESES) else self._book.noms_definis

    def rows(self, nom: str) -> Rows:
        """One sheet's values, from its first row and column.

        Raises: FichierRefuse if it can't be read, or is too large to be.
        """
        with _READABLE:
            return self._book.rows(nom)

    def first_row(self, nom: str) -> Sequence[object]:
        """One sheet's first row; the others are not read.

        Raises: FichierRefuse if it can't be read.
        """
        with _READABLE:
            return self._book.first_row(nom)

    def marks(self, nom: str) -> Marks:
        """What a sheet says beyond its values.

        Raises: FichierRefuse if it can't be read, or one of its tables can't.
        """
        with _READABLE:
            return self._book.marks(nom)

    def notes(self, nom: str) -> list[Fait]:
        """The notes of a sheet that hold a NIR.

        Raises: FichierRefuse if they are not well-formed.
        """
        with _READABLE:
            return list(in_notes(nom, self._book.notes(nom)))
