"""Rows of a sheet as XML, written as they come: XlsxWriter makes the workbook, this fills its long tables.

XlsxWriter refuses tables when it streams (``constant_memory``), and keeps every cell in memory when it does not. So it
writes each sheet with its header and one blank model row, whose formats are those of the columns; that row is then
replaced by as many as there are, in the zip. A text is only ever an inline string: it can't become a formula.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa

from aap_xl.records import field, state
from aap_xl.workbook.paper.measure import row_height

_EPOQUE = dt.date(1899, 12, 30).toordinal()
_ILLICITES = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LONGUEUR_MAX = 32_767
PETIT = 9.0
"""Points of the text of a row."""

Cellules: TypeAlias = Any
"""A column of a batch: an Arrow array, or any sequence."""
Lot = Sequence[Cellules]
"""Some rows: one column after the other."""


class Lien(NamedTuple):
    """One link: the cell that bears it, the relation to a file (``""``: this workbook), the place to go to."""

    adresse: str
    relation: str
    lieu: str

    @property
    def xml(self) -> str:
        """Its element."""
        target = f' r:id="{self.relation}"' if self.relation else ""
        place = f" location={attribut(self.lieu)}" if self.lieu else ""
        return f'<hyperlink ref="{self.adresse}"{target}{place}/>'


@state
class Flux:
    """The rows of one sheet.

    Attributes: table: the name of the table they fill; lots: the batches; premiere: number of the first row; limite:
                how many rows at most; liens: called after the rows, gives the links; longues: rank → width of the
                columns whose texts are wrapped, for not every spreadsheet makes room for them.
    """

    table: str
    lots: Callable[[], Iterable[Lot]]
    premiere: int
    limite: int
    liens: Callable[[], Iterable[Lien]] = tuple
    longues: Mapping[int, float] = field(default_factory=dict)

    @property
    def derniere(self) -> int:
        """The table's last row; a table is never without one."""
        return self.premiere + max(self.limite, 1) - 1

    def rangees(self, styles: Sequence[tuple[str, str]]) -> Iterator[str]:
        """The rows' XML, batch by batch.

        Args: styles: each column's letters and the number of its format.
        """
        row, last = self.premiere, self.premiere + self.limite
        for lot in self.lots():
            columns = [_cellules(values, style) for values, (_, style) in zip(lot, styles, strict=True)]
            letters = [letter for letter, _ in styles]
            lines = []
            for cells, height in zip(zip(*columns, strict=True), self._hauteurs(lot), strict=False):
                if row == last:
                    break
                body = "".join([f'<c r="{a}{row}"{x}' for a, x in zip(letters, cells, strict=True)])
                lines.append(f'<row r="{row}"{height}>{body}</row>')
                row += 1
            yield "".join(lines)

    def _hauteurs(self, lot: Lot) -> Iterable[str]:
        """What each row says of its height: nothing where a line is enough."""
        if not self.longues:
            return repeat("")
        texts = [[(text or "", width) for text in _liste(lot[rank])] for rank, width in self.longues.items()]
        return [_hauteur(row) for row in zip(*texts, strict=True)]


def _hauteur(textes: Sequence[tuple[str, float]]) -> str:
    height = row_height(textes, 0, size=PETIT)
    return f' ht="{height:g}" customHeight="1"' if height else ""


def _liste(values: Cellules) -> Any:
    return values.to_pylist() if isinstance(values, pa.Array | pa.ChunkedArray) else values


def _cellules(values: Cellules, style: str) -> list[str]:
    """The end of each cell's element."""
    values = _liste(values)
    made = {value: _cellule(value, style) for value in set(values)}
    return [made[value] for value in values]


def _cellule(value: Any, style: str) -> str:
    if value is None or value == "":
        return f' s="{style}"/>'
    if isinstance(value, str):
        text = _ecrit(_ILLICITES.sub(_coder, value[:_LONGUEUR_MAX]))
        return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, dt.date):
        return f' s="{style}"><v>{value.toordinal() - _EPOQUE}</v></c>'
    return f' s="{style}"><v>{_nombre(value)}</v></c>'


def _nombre(value: float | Decimal) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _coder(found: re.Match[str]) -> str:
    """A character that XML has not, as Excel writes it."""
    return f"_x{ord(found[0]):04X}_"


def attribut(text: str) -> str:
    """A value between its quotes."""
    return '"' + _ecrit(_ILLICITES.sub("", text)).replace('"', "&quot;") + '"'


def _ecrit(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
