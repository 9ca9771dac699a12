"""The sheet « Bilan »: its title, the state of the bilan, every table, in pages that print cleanly."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Colonne, Tableau, Valeur
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.rows import Nature
from aap_xl.workbook.ooxml import values as ooxml_values
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.styles import (
    ACCENT,
    ACCENT_PALE,
    ALERTE_ENCRE,
    ALERTE_FOND,
    BLANC,
    DATE,
    ERREUR_ENCRE,
    ERREUR_FOND,
    EUROS,
    FILET,
    GRIS,
    SUCCES_ENCRE,
    SUCCES_FOND,
)
from aap_xl.workbook.writing.bilan_layout import (
    BANDEAU,
    ENTETE,
    FIN,
    LARGEURS,
    MINIMUM,
    Bloc,
    graphiques,
    largeur,
    modele,
    placer,
)
from aap_xl.workbook.writing.grid import PAGE_HEIGHT, Grid, chunks, plain, row_height, style

__all__ = ["bilan", "gabarit", "graphiques"]

_TITLE = style(bold=True, size=18, color=plain(ACCENT))
_SUBTITLE = style(color=plain(GRIS))
_BAND = style(bold=True, size=11, color=plain(BLANC), fill=plain(ACCENT), indent=1)
_ARTICLE = style(italic=True, size=8, color=plain(ACCENT_PALE), fill=plain(ACCENT), horizontal="right", indent=1)
_NOTE = style(italic=True, size=9, color=plain(GRIS), wrap=True, vertical="top", indent=1)
_FORMATS = {Nature.MONTANT: EUROS, Nature.DATE: DATE, Nature.TAUX: "0.0\\ %"}
_LINE = ("bottom",)


def bilan(donnees: Donnees, anomalies: Sequence[Anomalie], tableaux: Sequence[Tableau]) -> Grid:
    """The whole sheet.

    Args: anomalies: those that stand; tableaux: those of fixed size first.
    """
    grid = Grid(LARGEURS)
    _heading(grid, donnees, anomalies)
    blocs = placer(tableaux, donnees.appel)
    for bloc in blocs:
        _table(grid, bloc)
    _paginate(grid, blocs)
    return grid


def gabarit(appel: Appel) -> Grid:
    """The sheet without data, for the blank workbook: its widths and heights, so that charts keep their shape."""
    grid = Grid(LARGEURS)
    for bloc in modele(appel):
        _table(grid, bloc)
    return grid


def titre(donnees: Donnees, anomalies: Sequence[Anomalie]) -> str:
    """« Bilan provisoire » while a blocking anomaly stands, then « final » once the operation is over."""
    if any(anomalie.gravite is Gravite.BLOQUANTE for anomalie in anomalies):
        return "Bilan provisoire"
    return "Bilan final" if donnees.terminee else "Bilan intermédiaire"


def _heading(grid: Grid, donnees: Donnees, anomalies: Sequence[Anomalie]) -> None:
    operation = donnees.operation
    parts = (donnees.appel.nom, operation.porteur, operation.intitule)
    grid.put(1, 1, titre(donnees, anomalies), _TITLE)
    grid.heights[1] = 30
    grid.put(2, 1, " · ".join(part for part in parts if part), _SUBTITLE)
    identity = donnees.appel.identite
    grid.put(3, 1, f"{identity.collectivite}, {identity.direction}", _SUBTITLE)
    text, background, ink = _state(donnees, anomalies)
    look = style(bold=True, fill=plain(background), color=plain(ink), indent=1)
    grid.put(4, 1, text, look, until=FIN)
    grid.heights[4] = 22
    grid.heights[5] = 9


def _state(donnees: Donnees, anomalies: Sequence[Anomalie]) -> tuple[str, str, str]:
    """The sentence under the title, and its colours."""
    situation = f"Situation au {donnees.aujourdhui:%d/%m/%Y}."
    count = sum(anomalie.gravite is Gravite.BLOQUANTE for anomalie in anomalies)
    if count:
        many = "anomalies bloquantes restent" if count > 1 else "anomalie bloquante reste"
        text = f"{situation} Bilan provisoire : {count} {many} à corriger (voir la feuille Contrôle)."
        return text, ERREUR_FOND, ERREUR_ENCRE
    if donnees.terminee:
        return f"{situation} L'opération est terminée ; aucune anomalie bloquante.", SUCCES_FOND, SUCCES_ENCRE
    return f"{situation} L'opération est en cours ; aucune anomalie bloquante.", ALERTE_FOND, ALERTE_ENCRE


def _table(grid: Grid, bloc: Bloc) -> None:
    tableau, ligne = bloc.tableau, bloc.ligne
    middle = bloc.debut + (bloc.fin - bloc.debut) // 2
    grid.put(ligne, bloc.debut, tableau.titre, _BAND, until=middle)
    fits = len(tableau.article) <= 1.2 * grid.width(middle + 1, bloc.fin)
    grid.put(ligne, middle + 1, tableau.article if fits else "", _ARTICLE, until=bloc.fin)
    grid.heights[ligne] = BANDEAU
    for rank, (colonne, span) in enumerate(zip(tableau.colonnes, bloc.colonnes, strict=True)):
        grid.put(ligne + 1, span[0], colonne.titre, _header(colonne, rank), until=span[1])
    titles = [(c.titre, largeur(s)) for c, s in zip(tableau.colonnes, bloc.colonnes, strict=True)]
    _at_least(grid, ligne + 1, row_height(titles, ENTETE))
    row = bloc.premiere
    for line, count in zip(tableau.lignes, bloc.hauteurs, strict=True):
        _long_line(grid, bloc, row, line, count)
        row += count
    if not tableau.lignes:
        grid.put(row, bloc.debut, "Néant.", style(italic=True, color=plain(GRIS), indent=1))
        row += 1
    if tableau.total is not None:
        _line(grid, bloc, row, tableau.total, total=True)
        row += 1
    if tableau.note:
        grid.put(row, bloc.debut, tableau.note, _NOTE, until=bloc.fin)
        _at_least(grid, row, row_height([(tableau.note, largeur((bloc.debut, bloc.fin)))], MINIMUM))
        row += 1
    for blank in range(row, bloc.suivante):
        _at_least(grid, blank, MINIMUM)


def _long_line(grid: Grid, bloc: Bloc, row: int, line: Sequence[Valeur], count: int) -> None:
    """One line; its long texts continue on the rows below."""
    pieces = [
        chunks(value, largeur(span)) if count > 1 and isinstance(value, str) and rank else [value]
        for rank, (value, span) in enumerate(zip(line, bloc.colonnes, strict=True))
    ]
    for number in range(count):
        part = [items[number] if number < len(items) else None for items in pieces]
        _line(grid, bloc, row + number, part)


def _line(grid: Grid, bloc: Bloc, row: int, line: Sequence[Valeur], *, total: bool = False) -> None:
    texts = []
    top = any(colonne.nature is Nature.LONG for colonne in bloc.tableau.colonnes)
    for rank, (value, colonne, span) in enumerate(zip(line, bloc.tableau.colonnes, bloc.colonnes, strict=True)):
        shown = _shown(value)
        grid.put(row, span[0], shown, _look(colonne, value, rank, total=total, top=top), until=span[1])
        if isinstance(shown, str):
            texts.append((shown, largeur(span) - 1))
    _at_least(grid, row, row_height(texts, MINIMUM))


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


def _paginate(grid: Grid, blocs: Sequence[Bloc]) -> None:
    """Start a new page before a table that would be cut in two."""
    room = PAGE_HEIGHT / grid.scale * 100
    used = sum(grid.heights.get(row, MINIMUM) for row in range(1, blocs[0].ligne)) if blocs else 0.0
    for bloc in (bloc for bloc in blocs if bloc.debut == 1):
        height = sum(grid.heights.get(row, MINIMUM) for row in range(bloc.ligne, bloc.suivante))
        if used + height > room and used:
            grid.break_after(bloc.ligne - 1)
            used = 0.0
        used = (used + height) % room if used + height > room else used + height
