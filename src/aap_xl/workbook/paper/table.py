"""The one printed table: drawn on a grid, which XlsxWriter or the lossless writer then puts on a sheet."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aap_xl.domain.sorties import Taux
from aap_xl.domain.tableau import DONT, Colonne, Formule, Forte, Tableau, Valeur
from aap_xl.records import record
from aap_xl.rows import Nature, Qui
from aap_xl.workbook.paper.chart import Plage
from aap_xl.workbook.paper.grid import Cell, Grid, plain, style
from aap_xl.workbook.paper.measure import printed, row_height
from aap_xl.workbook.paper.styles import (
    ACCENT,
    ACCENT_PALE,
    BANDE_INSTRUCTEUR,
    BLANC,
    DATE,
    EUROS,
    FILET,
    FORMATS_IMPRIMES,
    GRIS,
    UNITES,
)

_SMALL = 9.0
"""Points of headers and notes, at most."""
_ARTICLE = 8.0
_TEXTS = {Nature.TEXTE, Nature.LONG, Nature.OUINON, Nature.CHOIX}
_LINE = ("bottom",)
_TEXT, _TEXT_MAX = "@", 255
"""The format of a text, which stays one when it is edited; some spreadsheets show no longer one in it."""


@record
class Sizes:
    """Points: of the text; of the title's row, of the headers' and of a line's, at least. ``cents``: of the amounts."""

    text: float = 10.0
    band: float = 19.0
    header: float = 20.0
    line: float = 17.0
    cents: bool = True

    @property
    def small(self) -> float:
        """Points of headers and notes."""
        return min(self.text, _SMALL)


@record
class Bloc:
    """A table and its place.

    Attributes: ligne: row of its title; colonnes: first and last sheet column of each of its columns; fin: last sheet
                column of its title, and of its lines; feuille: the sheet's name, where a chart points at it.
    """

    tableau: Tableau
    ligne: int
    colonnes: tuple[tuple[int, int], ...]
    fin: int
    feuille: str = ""

    @property
    def debut(self) -> int:
        """Its first sheet column."""
        return self.colonnes[0][0]

    @property
    def premiere(self) -> int:
        """Row of the first line."""
        return self.ligne + 1 + self.tableau.entetes

    @property
    def derniere(self) -> int:
        """Row of the last line, the total apart."""
        return self.premiere + len(self.tableau.lignes) - 1

    @property
    def apres(self) -> int:
        """Row after the last one written."""
        tableau = self.tableau
        return self.premiere + max(len(tableau.lignes), 1) + (tableau.total is not None) + bool(tableau.note)

    def plage(self, rang: int, debut: int = 0, fin: int | None = None) -> Plage:
        """Some lines (all of them by default) of a column, by rank, for a chart."""
        stop = len(self.tableau.lignes) if fin is None else fin
        column = self.colonnes[rang][0]
        return Plage(self.feuille, self.premiere + debut, column, self.premiere + stop - 1, column)


@record
class Heights:
    """Points that a table takes on paper: its title and headers, each of its lines, its total and its note."""

    head: float
    lines: tuple[float, ...]
    foot: float

    @property
    def whole(self) -> float:
        """The whole table."""
        return self.head + sum(self.lines) + self.foot


def snap(colonnes: Sequence[Colonne], widths: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """The columns of a grid that each column of a table takes, nearest to the widths wanted."""
    spans, first, wanted = [], 1, 0.0
    for colonne in colonnes:
        wanted += colonne.largeur
        last = min(range(first, len(widths) + 1), key=lambda n: abs(sum(widths[:n]) - wanted))
        spans.append((first, last))
        first = last + 1
    return tuple(spans)


def heights(grid: Grid, bloc: Bloc, sizes: Sizes) -> Heights:
    """What a table takes, wherever it is."""
    tableau = bloc.tableau
    head = printed(sizes.band) if tableau.titre else 0.0
    head += printed(_header_height(grid, bloc, sizes)) if tableau.entetes else 0.0
    lines = tuple(printed(_line_height(grid, bloc, line, sizes)) for line in tableau.lignes) or (printed(sizes.line),)
    total = printed(_line_height(grid, bloc, tableau.total, sizes)) if tableau.total is not None else 0.0
    note = printed(_note_height(grid, bloc, sizes)) if tableau.note else 0.0
    return Heights(head, lines, total + note)


def draw(grid: Grid, bloc: Bloc, sizes: Sizes) -> int:
    """Draw a table at its place.

    Returns: the row that follows it.
    """
    tableau, row = bloc.tableau, bloc.premiere
    if tableau.titre:
        _title(grid, bloc, sizes)
    if tableau.entetes:
        _headers(grid, bloc, sizes)
    for line in tableau.lignes:
        _line(grid, bloc, row, line, sizes, strong=isinstance(line, Forte))
        row += 1
    if not tableau.lignes:
        grid.put(row, bloc.debut, "Néant.", style(italic=True, size=sizes.text, color=plain(GRIS), indent=1))
        row += 1
    if tableau.total is not None:
        _line(grid, bloc, row, tableau.total, sizes, strong=True)
        row += 1
    if tableau.note:
        look = style(italic=True, size=sizes.small, color=plain(GRIS), wrap=True, vertical="top", indent=1)
        grid.put(row, bloc.debut, tableau.note, look, until=bloc.fin)
        grid.at_least(row, _note_height(grid, bloc, sizes))
        row += 1
    return row


def _title(grid: Grid, bloc: Bloc, sizes: Sizes) -> None:
    """The band: the title on the left, the article on the right if there is room for it."""
    tableau, row = bloc.tableau, bloc.ligne
    fill = plain(BANDE_INSTRUCTEUR if tableau.qui is Qui.INSTRUCTEUR else ACCENT)
    band = style(bold=True, size=sizes.text + 1, color=plain(BLANC), fill=fill, indent=1)
    grid.heights[row] = sizes.band
    middle = bloc.debut + (bloc.fin - bloc.debut) // 2
    if middle == bloc.fin or not tableau.article:
        grid.put(row, bloc.debut, tableau.titre, band, until=bloc.fin)
        return
    article = style(italic=True, size=_ARTICLE, color=plain(ACCENT_PALE), fill=fill, horizontal="right", indent=1)
    grid.put(row, bloc.debut, tableau.titre, band, until=middle)
    fits = len(tableau.article) <= 1.2 * grid.width(middle + 1, bloc.fin)
    grid.put(row, middle + 1, tableau.article if fits else "", article, until=bloc.fin)


def _headers(grid: Grid, bloc: Bloc, sizes: Sizes) -> None:
    row = bloc.ligne + 1
    common = {"bold": True, "size": sizes.small, "fill": plain(ACCENT_PALE), "border": plain(ACCENT), "sides": _LINE}
    for rank, (colonne, span) in enumerate(zip(bloc.tableau.colonnes, bloc.colonnes, strict=True)):
        side = {"horizontal": "left", "indent": 1} if _left(colonne, rank) else {"horizontal": "right"}
        grid.put(row, span[0], colonne.titre, style(**common, wrap=True, **side), until=span[1])
    for column in range(bloc.colonnes[-1][1] + 1, bloc.fin + 1):
        grid.put(row, column, None, style(**common))
    grid.at_least(row, _header_height(grid, bloc, sizes))


def _line(grid: Grid, bloc: Bloc, row: int, line: Sequence[Valeur], sizes: Sizes, *, strong: bool) -> None:
    top = any(colonne.nature is Nature.LONG for colonne in bloc.tableau.colonnes)
    common: dict[str, object] = {"size": sizes.text, "border": plain(FILET), "sides": _LINE}
    common["vertical"] = "top" if top else "center"
    if strong:
        common |= {"bold": True, "fill": plain(ACCENT_PALE), "border": plain(ACCENT), "sides": ("top", "bottom")}
    last = 0
    for rank, (value, (first, until)) in enumerate(zip(line, bloc.colonnes, strict=False)):
        last = bloc.fin if _alone(line) and rank else until
        look = style(**common, **_look(bloc.tableau.colonnes[rank], value, rank, cents=sizes.cents))
        grid.put(row, first, _shown(value), look, until=last)
    for column in range(last + 1, bloc.fin + 1):
        grid.put(row, column, None, style(**common))
    grid.at_least(row, _line_height(grid, bloc, line, sizes))


def _alone(line: Sequence[Valeur]) -> bool:
    """Whether a text to be computed is all that a line says: it then runs across the table."""
    return len(line) == 2 and isinstance(line[1], Formule) and line[1].nature is Nature.TEXTE


def _line_height(grid: Grid, bloc: Bloc, line: Sequence[Valeur], sizes: Sizes) -> float:
    shown = zip(map(_shown, line), bloc.colonnes, strict=False)
    texts = [(text, grid.width(*span) - 1) for text, span in shown if isinstance(text, str)]
    return row_height(texts, sizes.line, size=sizes.text)


def _header_height(grid: Grid, bloc: Bloc, sizes: Sizes) -> float:
    titles = zip(bloc.tableau.colonnes, bloc.colonnes, strict=True)
    texts = [(item.titre, grid.width(*span)) for item, span in titles]
    return row_height(texts, sizes.header, size=sizes.text)


def _note_height(grid: Grid, bloc: Bloc, sizes: Sizes) -> float:
    return row_height([(bloc.tableau.note, grid.width(bloc.debut, bloc.fin))], sizes.line, size=sizes.text)


def _shown(value: Valeur) -> Cell:
    return str(value) if isinstance(value, Taux) else value


def _left(colonne: Colonne, rank: int) -> bool:
    """Whether a column reads from the left: labels and texts."""
    return rank == 0 or colonne.nature in _TEXTS


def _look(colonne: Colonne, value: Valeur, rank: int, *, cents: bool) -> dict[str, object]:
    """Number format and alignment of a cell; a word in place of a figure steps back."""
    if isinstance(value, Formule):
        nature = value.nature or colonne.nature
        if nature in _TEXTS:
            return {"horizontal": "left", "indent": 1}
        return {"horizontal": "right", "number_format": _number_format(nature, cents=cents)}
    if isinstance(value, Taux):
        return {"horizontal": "right", "number_format": _TEXT}
    if isinstance(value, str):
        text = {"wrap": True, "number_format": _TEXT if len(value) <= _TEXT_MAX else ""}
        if _left(colonne, rank):
            indent = 3 if rank == 0 and value.startswith(DONT) else 1
            return {**text, "horizontal": "left", "indent": indent}
        words = {} if colonne.nature is Nature.FRACTION and "/" in value else {"italic": True, "color": plain(GRIS)}
        return {**text, "horizontal": "right", **words}
    side = {"horizontal": "left", "indent": 1} if _left(colonne, rank) else {"horizontal": "right"}
    return {"number_format": _own_format(colonne.nature, value, cents=cents), **side}


def _number_format(nature: Nature, *, cents: bool) -> str:
    found = FORMATS_IMPRIMES.get(nature, "")
    return UNITES if found == EUROS and not cents else found


def _own_format(nature: Nature, value: float | Decimal | date | None, *, cents: bool) -> str:
    """A value that was counted shows the decimals it has."""
    if nature in {Nature.MONTANT, Nature.DATE, Nature.TAUX, Nature.PRECIS}:
        return _number_format(nature, cents=cents)
    if isinstance(value, date):
        return DATE
    if value is None:
        return ""
    return "#,##0" if value == int(value) else "#,##0.00"
