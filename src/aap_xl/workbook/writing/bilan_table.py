"""How one table of the bilan looks on the sheet: its title, its headers, its lines, its total, its note."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from aap_xl.domain.bilan import Colonne, Valeur
from aap_xl.domain.sorties import Taux
from aap_xl.records import record, replace
from aap_xl.rows import Nature
from aap_xl.workbook.ooxml import values as ooxml_values
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.paper.grid import Grid, plain, style
from aap_xl.workbook.paper.measure import chunks, printed, row_height
from aap_xl.workbook.paper.styles import ACCENT, ACCENT_PALE, BLANC, DATE, EUROS, FILET, GRIS
from aap_xl.workbook.writing.bilan_layout import BANDEAU, ENTETE, ENTETE_SEUL, INTERLIGNE, MINIMUM, Bloc, largeur

_BAND = style(bold=True, size=11, color=plain(BLANC), fill=plain(ACCENT), indent=1)
_ARTICLE = style(italic=True, size=8, color=plain(ACCENT_PALE), fill=plain(ACCENT), horizontal="right", indent=1)
_NOTE = style(italic=True, size=9, color=plain(GRIS), wrap=True, vertical="top", indent=1)
_NOTHING = style(italic=True, color=plain(GRIS), indent=1)
_FORMATS = {Nature.MONTANT: EUROS, Nature.DATE: DATE, Nature.TAUX: "0.0\\ %"}
_LINE = ("bottom",)


@record
class Hauteurs:
    """Points that a table takes on paper: its title and headers, each of its lines, its total and its note."""

    tete: float
    lignes: tuple[float, ...]
    pied: float

    @property
    def tout(self) -> float:
        """The whole table."""
        return self.tete + sum(self.lignes) + self.pied


def deplier(bloc: Bloc) -> Bloc:
    """The same table with one line per sheet row: a long text goes on in a line of its own."""
    lines = zip(bloc.tableau.lignes, bloc.hauteurs, strict=True)
    lignes = [row for line, count in lines for row in _rows(bloc, line, count)]
    return replace(bloc, tableau=replace(bloc.tableau, lignes=lignes), hauteurs=(1,) * len(lignes))


def hauteurs(bloc: Bloc) -> Hauteurs:
    """The heights of a table of which each line is one sheet row."""
    tableau = bloc.tableau
    lines = tuple(printed(_line_height(bloc, line)) for line in tableau.lignes) or (printed(MINIMUM),)
    total = printed(_line_height(bloc, tableau.total)) if tableau.total is not None else 0.0
    note = printed(_note_height(bloc)) if tableau.note else 0.0
    return Hauteurs(printed(BANDEAU) + printed(_header_height(bloc)), lines, total + note)


def ecrire(grid: Grid, bloc: Bloc) -> None:
    """Write a table at its place."""
    tableau, ligne = bloc.tableau, bloc.ligne
    middle = bloc.debut + (bloc.fin - bloc.debut) // 2
    grid.put(ligne, bloc.debut, tableau.titre, _BAND, until=middle)
    fits = len(tableau.article) <= 1.2 * grid.width(middle + 1, bloc.fin)
    grid.put(ligne, middle + 1, tableau.article if fits else "", _ARTICLE, until=bloc.fin)
    grid.heights[ligne] = BANDEAU
    for rank, (colonne, span) in enumerate(zip(tableau.colonnes, bloc.colonnes, strict=True)):
        grid.put(ligne + 1, span[0], colonne.titre, _header(colonne, rank), until=span[1])
    _at_least(grid, ligne + 1, _header_height(bloc))
    row = bloc.premiere
    for line, count in zip(tableau.lignes, bloc.hauteurs, strict=True):
        for part in _rows(bloc, line, count):
            _line(grid, bloc, row, part)
            row += 1
    if not tableau.lignes:
        grid.put(row, bloc.debut, "Néant.", _NOTHING)
        row += 1
    if tableau.total is not None:
        _line(grid, bloc, row, tableau.total, total=True)
        row += 1
    if tableau.note:
        grid.put(row, bloc.debut, tableau.note, _NOTE, until=bloc.fin)
        _at_least(grid, row, _note_height(bloc))
        row += 1
    for blank in range(row, bloc.suivante):
        last = blank == bloc.suivante - 1
        _at_least(grid, blank, MINIMUM if last or bloc.illustre else INTERLIGNE)


def _rows(bloc: Bloc, line: Sequence[Valeur], count: int) -> Iterator[tuple[Valeur, ...]]:
    """One line as sheet rows; its long texts continue on the rows below."""
    pieces = [
        chunks(value, largeur(span)) if count > 1 and isinstance(value, str) and rank else [value]
        for rank, (value, span) in enumerate(zip(line, bloc.colonnes, strict=True))
    ]
    for number in range(count):
        yield tuple(items[number] if number < len(items) else None for items in pieces)


def _line(grid: Grid, bloc: Bloc, row: int, line: Sequence[Valeur], *, total: bool = False) -> None:
    top = any(colonne.nature is Nature.LONG for colonne in bloc.tableau.colonnes)
    for rank, (value, colonne, span) in enumerate(zip(line, bloc.tableau.colonnes, bloc.colonnes, strict=True)):
        grid.put(row, span[0], _shown(value), _look(colonne, value, rank, total=total, top=top), until=span[1])
    _at_least(grid, row, _line_height(bloc, line))


def _line_height(bloc: Bloc, line: Sequence[Valeur]) -> float:
    shown = ((_shown(value), span) for value, span in zip(line, bloc.colonnes, strict=True))
    return row_height([(text, largeur(span) - 1) for text, span in shown if isinstance(text, str)], MINIMUM)


def _header_height(bloc: Bloc) -> float:
    titles = zip(bloc.tableau.colonnes, bloc.colonnes, strict=True)
    texts = [(colonne.titre, largeur(span)) for colonne, span in titles]
    return row_height(texts, ENTETE if bloc.illustre else ENTETE_SEUL)


def _note_height(bloc: Bloc) -> float:
    return row_height([(bloc.tableau.note, largeur((bloc.debut, bloc.fin)))], MINIMUM)


def _at_least(grid: Grid, row: int, height: float) -> None:
    """Two tables side by side share their rows' heights."""
    grid.heights[row] = max(grid.heights.get(row, 0.0), height)


def _shown(value: Valeur) -> ooxml_values.Valeur:
    return str(value) if isinstance(value, Taux) else value


def _header(colonne: Colonne, rank: int) -> Style:
    side = {"horizontal": "left", "indent": 1} if _left(colonne, rank) else {"horizontal": "right"}
    return style(bold=True, size=9, fill=plain(ACCENT_PALE), border=plain(ACCENT), sides=_LINE, wrap=True, **side)


def _left(colonne: Colonne, rank: int) -> bool:
    """Whether a column reads from the left: text, but for fractions, which go with their rate."""
    return rank == 0 or (colonne.nature in {Nature.TEXTE, Nature.LONG} and not colonne.titre.startswith("Fraction"))


def _look(colonne: Colonne, value: Valeur, rank: int, *, total: bool, top: bool) -> Style:
    options: dict[str, object] = {"border": plain(FILET), "sides": _LINE, "vertical": "top" if top else "center"}
    if total:
        options |= {"bold": True, "fill": plain(ACCENT_PALE), "border": plain(ACCENT), "sides": ("top", "bottom")}
    if isinstance(value, Taux) or (not isinstance(value, str) and not _left(colonne, rank)):
        return style(number_format=_number_format(colonne, value), horizontal="right", **options)
    if isinstance(value, date | Decimal | int):
        return style(number_format=_number_format(colonne, value), horizontal="left", indent=1, **options)
    if _left(colonne, rank):
        return style(wrap=True, horizontal="left", indent=1, **options)
    return style(wrap=True, horizontal="right", **options)


def _number_format(colonne: Colonne, value: Valeur) -> str:
    if colonne.nature in _FORMATS and not isinstance(value, Taux):
        return _FORMATS[colonne.nature]
    if isinstance(value, date):
        return DATE
    whole = isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())
    return "#,##0" if whole else "#,##0.00" if isinstance(value, Decimal) else ""
