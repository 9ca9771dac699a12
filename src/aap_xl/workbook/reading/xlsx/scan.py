"""One sheet's XML → its values and formulas, in one pass over the bytes.

A regular expression cuts whole rows into cells, hundreds at a time: each different writing of a cell is worked out
once, and what stands between two cells is nothing, or the end of a row and the start of the next. Anything else means
that the sheet is written in an unusual way (prefixes, other quotes or order, comments…): it has to be rewritten first.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, compress, count, pairwise
from operator import add

from aap_xl.cells import column_index
from aap_xl.patterns import pattern
from aap_xl.records import field, state
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.ooxml.usual import Odd, check_child, root_end
from aap_xl.workbook.reading.sheets import AREA_MAX, LINES_MAX
from aap_xl.workbook.reading.xlsx.cells import Cells

_HELD = rb"([^>]*+>(?:<(?:v>[^<]*+</v></c>|is><t[^>]*+>[^<]*+</t></is></c>)|(?<=/>)|(?=<f)|<(?:v ?/><)?/c>))"
_FORMULA = rb"(?:<(f[^>]*+)>(?:[^<]*+</f>|)(?:(<v>[^<]++</v></c>)|(?:<v ?/>|<v></v>|)</c>)|)"
_CELL = pattern(rb'<c r="([A-Z]{1,3}+\d++)"%b%b' % (_HELD, _FORMULA))
"""Its address, what it holds, its formula's start and result.

``<c r="B5" s="3"><f>1+1</f><v>2</v></c>`` gives ``B5``, `` s="3">``, ``f`` and ``<v>2</v></c>``;
``<c r="B6" t="s"><v>7</v></c>``, ``B6``, `` t="s"><v>7</v></c>`` and nothing more.
"""
_NO_CELL = rb"(?:<row (?:[^>]*+(?<=/)>|[^>]*+(?<!/)></row>))*"
_ROWS = pattern(rb'</row>%b<row r="(\d{1,7}+)"([^>]*+)(?<!/)><' % _NO_CELL)
"""The end of a row, the start of the next that has cells: its number and attributes; and that of a cell."""
_LAST = pattern(rb"</row>%b" % _NO_CELL)
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_START, _END, _NONE = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_END_OF_SHEET = b"</worksheet>"
_GIVEN = pattern(rb'(?: (?!xml)[\w:.-]++="[^"<>&]*+"){0,64} ?')
_HIDDEN = pattern(rb' hidden="(?:1|true)"')
_FORMULA_GIVEN = pattern(rb'f(?: (?:t|aca|ref|dt2D|dtr|del1|del2|r1|r2|ca|si|bx)="[^"<>&]*+"){0,12} ?/?')
_FOREIGN = pattern(rb"<(?:[!?]|extLst|[\w.-]++:)")
_STRAY = pattern(rb"<(?:row|c)[\s/>]")
"""A row or a cell out of its place."""
_STEP = 2**18
"""Bytes of a sheet scanned at once: what finding its cells takes in memory is far more than what they leave."""
ROW_MAX = 2**22
"""Bytes of one row."""
_SIGNS = (b"<v", b"<f", b"<is", b"xmlns")
"""What a cell that holds something has; the last one is for those whose namespace is given a prefix there."""
_FORMULAS_MAX = 2**17


@state
class Scan:
    """What one sheet holds.

    Attributes: lignes: the rows with a value, by number, in order; largeur: their last column; masquees: those that
                are hidden; formules: the addresses of the formulas; cellules, resultats: the start of the cell and the
                value of each; etendues: starts of the formulas that cover several cells; cadre: the part without
                its rows.
    """

    lignes: dict[int, list[object]] = field(default_factory=dict)
    largeur: int = 0
    masquees: set[int] = field(default_factory=set)
    formules: list[bytes] = field(default_factory=list)
    etendues: set[bytes] = field(default_factory=set)
    cadre: bytes = b""
    cellules: list[bytes] = field(default_factory=list)
    resultats: list[bytes | None] = field(default_factory=list)

    @property
    def hauteur(self) -> int:
        """The last row that holds something."""
        return next(reversed(self.lignes), 0)

    def sans_valeur(self) -> Iterator[bytes]:
        """The addresses of the formulas that nobody computed."""
        given = zip(self.formules, self.cellules, self.resultats, strict=True)
        return (at for at, cell, result in given if result is None and b' t="str"' not in cell)

    def rows(self) -> list[list[object]]:
        """All rows from the first one, as long as each other; new ones at each call."""
        rows: list[list[object]] = []
        last, width = 0, self.largeur
        blank = [""] * width
        for number, values in self.lignes.items():
            if number > last + 1:
                rows += ([""] * width for _ in range(number - 1 - last))
            rows.append(values + blank[len(values) :] if len(values) < width else values[:width])
            last = number
        return rows


class Twice(ValueError):
    """A cell has two contents, and which one is meant can't be known."""

    def __init__(self, adresse: str) -> None:
        super().__init__(adresse)
        self.adresse = adresse


def scan(xml: bytes, cells: Cells, room: Callable[[int, int], None]) -> Scan:
    """Scan a worksheet's part.

    Args:   cells: what each writing is worth, for the whole workbook; room: told the last row and column if they may
            be too far, may raise to stop.
    Raises: Odd if it is not written as usual; ValueError if it can't be read.
    """
    start, end = _rows_range(xml)
    scanner = _Scanner(cells, room)
    for block in _blocks(xml, start, end):
        scanner.read(block)
    scanner.found.cadre = xml[:start] + xml[end:]
    if _STRAY.search(scanner.found.cadre):
        raise Odd
    return scanner.found


def _rows_range(xml: bytes) -> tuple[int, int]:
    """Where the rows of a worksheet's part start and end. Raises: Odd if what comes before is not written as usual."""
    start = xml.find(_START[:-1])
    check_child(xml, root_end(xml, b"worksheet"), start)
    if xml.startswith(_NONE, start):
        return len(xml), len(xml)
    end = xml.rfind(_END, start)
    if not xml.startswith(_START, start) or end < 0 or not xml[end:].rstrip().endswith(_END_OF_SHEET):
        raise Odd
    return start + len(_START), end


def usual_rows(xml: bytes) -> bytes:
    """The rows of a worksheet's part, without scanning them. Raises: Odd if something foreign may be among them."""
    start, end = _rows_range(xml)
    rows = xml[start:end]
    if _FOREIGN.search(rows) or b"xmlns" in rows:
        raise Odd
    return rows


def unreadable(xml: bytes, cells: Cells) -> str:
    """The address of the first cell of a worksheet's part that means nothing, if there is one."""
    for found in _CELL.finditer(xml):
        address, held, _, result = found.groups()
        try:
            _ = cells[held], cells[held + result if result else held]
        except (ValueError, KeyError, Odd):
            return address.decode()
    return ""


def _blocks(xml: bytes, start: int, end: int) -> Iterator[memoryview]:
    """Whole rows, some at a time; those that hold nothing are left out."""
    whole = memoryview(xml)
    while start < end:
        stop = xml.find(b"<row ", min(start + _STEP, end), end)
        stop = end if stop < 0 else stop
        if stop - start > ROW_MAX:
            raise Odd
        if any(xml.find(sign, start, stop) >= 0 for sign in _SIGNS):
            yield whole[start:stop]
        start = stop


class _Scanner:
    """The scan of one sheet, block after block."""

    def __init__(self, cells: Cells, room: Callable[[int, int], None]) -> None:
        self.found = Scan()
        self._cells = cells
        self._room = room

    def read(self, block: memoryview) -> None:
        """Take whole rows."""
        flat = _CELL.split(block)
        between, addresses, held, starts, results = (flat[group :: _CELL.groups + 1] for group in range(5))
        values = list(map(self._cells.__getitem__, held))
        if any(starts):
            computed = map(add, compress(held, results), compress(results, results))
            for rank, value in zip(compress(count(), results), map(self._cells.__getitem__, computed), strict=True):
                values[rank] = value
            self._formulas(list(compress(addresses, starts)), held, starts, list(compress(results, starts)))
        between[0] = b"</row>" + between[0]
        if not _LAST.fullmatch(between.pop()):
            raise Odd
        firsts = [*compress(count(), between), len(values)]
        heads = _ROWS.split(b"<".join([*filter(None, between), b""]))
        if len(heads) != 3 * len(firsts) - 2 or any(heads[::3]):
            raise Odd
        rows = (values[start:stop] for start, stop in pairwise(firsts))
        places = (addresses[start:stop] for start, stop in pairwise(firsts))
        filled = [
            row
            for row in zip(heads[1::3], heads[2::3], places, rows, strict=True)
            if any(row[-1]) or row[-1].count("") != len(row[-1])
        ]
        if filled:
            self._rows(*zip(*filled, strict=True))

    def _formulas(
        self, addresses: list[bytes], held: list[bytes], starts: list[bytes | None], results: list[bytes | None]
    ) -> None:
        found = self.found
        found.formules += addresses
        if len(found.formules) > _FORMULAS_MAX:
            raise Excess(_FORMULAS_MAX, "formules dans une de ses feuilles")
        for start in filter(None, set(starts)):
            if not _FORMULA_GIVEN.fullmatch(start):
                raise Odd
            if b" ref=" in start:
                found.etendues.add(start)
        found.cellules += compress(held, starts)
        found.resultats += results

    def _rows(
        self,
        numbers: Sequence[bytes],
        given: Sequence[bytes],
        addresses: Sequence[list[bytes]],
        rows: Sequence[list[object]],
    ) -> None:
        """Keep the rows that hold something: their numbers, their attributes, the addresses of their cells, values."""
        found = self.found
        joined = b" ".join([*chain.from_iterable(addresses), b""])
        expected = [(number + b" ") * len(row) for number, row in zip(numbers, rows, strict=True)]
        if joined.translate(None, _LETTERS) != b"".join(expected):
            raise Odd
        letters, place = joined.translate(None, _DIGITS), 0
        columns, width = b"", 0
        places: tuple[int, ...] = ()
        last = found.hauteur
        for line, cells, values in zip(map(int, numbers), addresses, rows, strict=True):
            if width != len(values) or not letters.startswith(columns, place):
                columns, width = b" ".join([*cells, b""]).translate(None, _DIGITS), len(values)
                places = _places(columns)
            place += len(columns)
            if line <= last:
                raise Odd
            last = line
            row = values
            if places:
                self._room(line, max(found.largeur, places[-1]))
                row = _spread(values, places)
            if len(row) > found.largeur:
                beyond = row[found.largeur :]
                if beyond.count("") != len(beyond):
                    found.largeur = max(rank for rank, value in enumerate(row, 1) if value != "")
            if line * found.largeur > AREA_MAX or line > LINES_MAX:
                self._room(line, found.largeur)
            found.lignes[line] = row
        hidden = {attributes for attributes in {*given} if _is_hidden(attributes)}
        if hidden:
            found.masquees.update(int(n) for n, attributes in zip(numbers, given, strict=True) if attributes in hidden)


def _is_hidden(given: bytes) -> bool:
    """Whether a row is, from its attributes. Raises: Odd if they are not in the usual writing."""
    if not _GIVEN.fullmatch(given):
        raise Odd
    return _HIDDEN.search(given) is not None


@lru_cache(maxsize=256)
def _places(letters: bytes) -> tuple[int, ...]:
    """The columns of a row's cells, from ``b"A B D "``; none when they follow each other from the first.

    Raises: Odd if they are not in order.
    """
    places = tuple(map(column_index, letters.decode().split()))
    if any(one >= other for one, other in pairwise(places)):
        raise Odd
    return () if places[-1] == len(places) else places


def _spread(values: list[object], places: tuple[int, ...]) -> list[object]:
    """A row's values, each at its place."""
    row: list[object] = [""] * places[-1]
    for place, value in zip(places, values, strict=True):
        row[place - 1] = value
    return row
