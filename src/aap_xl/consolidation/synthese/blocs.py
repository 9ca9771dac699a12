"""The blocks of the sheet « Synthèse »: titles, headers, rows; how they are laid out and where each ended up."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from aap_xl.consolidation.masking import MARQUE
from aap_xl.consolidation.synthese.classeur import Classeur
from aap_xl.records import record, state
from aap_xl.workbook.paper import page, styles
from aap_xl.workbook.paper.chart import Plage
from aap_xl.workbook.paper.measure import row_height

NOM = "Synthèse"
LARGEURS = (16, 38, *(14.5,) * 10)
COLONNES = len(LARGEURS)
_NATURES = {**styles.NATURES_SYNTHESE, "euros": '#,##0\\ "€"', "nombre": "#,##0.##"}
ECHELLE = 64
"""Percent at which the width fits A4: a fixed scale, since page breaks are ignored when a sheet is fitted."""
_BANDEAU, _ENTETE, _LIGNE = 20.0, 30.0, 15.0
"""Points of a block's title, of its headers, of a row."""
PAGE = page.room(ECHELLE) - sum(page.TITLES.values()) - _LIGNE
"""Points that a printed page leaves to blocks, under the rows that it repeats."""


@record
class Formule:
    """A native formula and the value it shows without being recalculated."""

    texte: str
    valeur: Any


Ligne = Callable[[int], Sequence[Any]]
"""A row's cells, given its number: its formulas name its own labels."""


def fixe(row: Sequence[Any]) -> Ligne:
    """A row that holds no formula."""
    return lambda _: row


@state
class Bloc:
    """One block.

    Attributes: cle: stable name; source: what its figures come from, said under the title; natures: of the columns
                after the two labels; total: whether the first row is the whole.
    """

    cle: str
    titre: str
    source: str
    entetes: Sequence[str]
    natures: Sequence[str]
    lignes: Sequence[Ligne]
    total: bool = False
    premiere: int = 0

    def plage(self, colonne: int, debut: int = 0, fin: int | None = None) -> Plage:
        """Some rows of a column (from 1), for a chart."""
        stop = len(self.lignes) if fin is None else fin
        return Plage(NOM, self.premiere + debut, colonne, self.premiere + stop - 1, colonne)


class Redacteur:
    """Writes blocks one under the other."""

    def __init__(self, classeur: Classeur, sheet: Any, ligne: int) -> None:
        """Args: ligne: the first free row, from 1."""
        self.classeur, self.sheet, self.ligne = classeur, sheet, ligne
        self.sauts: list[int] = []
        self._prises = 0.0
        for column, width in enumerate(LARGEURS):
            sheet.set_column(column, column, width)

    def bloc(self, bloc: Bloc) -> None:
        """Write one block and note where its rows begin; on the next page if it would be cut on this one."""
        fmt, sheet = self.classeur.fmt, self.sheet
        bloc.premiere = self.ligne + 3
        rows = [make(row) for row, make in enumerate(bloc.lignes, bloc.premiere)]
        height = _BANDEAU + _LIGNE + _ENTETE + sum(map(_hauteur, rows))
        if self._prises + height > PAGE >= height:
            self.saut()
        self._prises = (self._prises + height) % PAGE + _LIGNE
        sheet.set_row(self.ligne - 1, _BANDEAU)
        section = fmt(styles.SECTION)
        for column in range(COLONNES):
            sheet.write_blank(self.ligne - 1, column, None, section)
        sheet.write_string(self.ligne - 1, 0, bloc.titre, section)
        sheet.write_string(self.ligne, 0, bloc.source, fmt(styles.AIDE))
        sheet.set_row(self.ligne + 1, _ENTETE)
        for column, entete in enumerate(bloc.entetes):
            look = styles.COLONNE_GAUCHE if column < 2 else {**styles.COLONNE, "indent": 0}
            sheet.write_string(self.ligne + 1, column, entete, fmt(look))
        for number, row in enumerate(rows, bloc.premiere):
            self._rangee(bloc, number, row, total=bloc.total and number == bloc.premiere)
        self.ligne = bloc.premiere + len(bloc.lignes) + 1

    def _rangee(self, bloc: Bloc, ligne: int, row: Sequence[Any], *, total: bool) -> None:
        base = styles.LIGNE_TOTAL if total else styles.LIGNE
        natures = ("texte", "texte", *bloc.natures)
        self.sheet.set_row(ligne - 1, _hauteur(row))
        for column, (value, nature) in enumerate(zip(row, natures, strict=True)):
            look = {**base, "num_format": "@", "align": "left"}
            if column >= 2:
                look |= {"num_format": _NATURES[nature], "align": "right", "indent": 0}
            if value == MARQUE:
                look |= {"font_color": styles.GRIS, "italic": True}
            self._cellule(ligne - 1, column, value, self.classeur.fmt(look))

    def _cellule(self, row: int, column: int, value: Any, fmt: Any) -> None:
        if isinstance(value, Formule):
            self.sheet.write_formula(row, column, value.texte, fmt, _nombre(value.valeur))
        elif value is None or value == "":
            self.sheet.write_blank(row, column, None, fmt)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, fmt)
        else:
            self.sheet.write_number(row, column, _nombre(value), fmt)

    def saut(self) -> None:
        """What comes next begins a printed page."""
        self.sauts.append(self.ligne - 1)
        self._prises = 0.0

    def phrase(self, texte: str, *, forte: bool = False) -> None:
        """A line of text by itself."""
        look = {**styles.POLICE, "bold": forte}
        self.sheet.write_string(self.ligne - 1, 0, texte, self.classeur.fmt(look))
        self.passer()

    def passer(self) -> None:
        """Leave a row."""
        self.ligne += 1
        self._prises += _LIGNE


def _hauteur(row: Sequence[Any]) -> float:
    return row_height([(str(label or ""), width) for label, width in zip(row, LARGEURS[:2], strict=False)], _LIGNE)


def _nombre(value: Decimal | float | str | None) -> Any:
    return float(value) if isinstance(value, Decimal) else value
