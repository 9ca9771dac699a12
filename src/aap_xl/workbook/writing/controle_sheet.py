"""The sheet « Contrôle »: what is wrong, where, and what to do, one line per anomaly."""

from collections import Counter
from collections.abc import Collection, Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.domain.donnees import Donnees
from aap_xl.francais import jour
from aap_xl.workbook.layout import nom_feuille
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.paper.grid import Grid, plain, style
from aap_xl.workbook.paper.measure import row_height
from aap_xl.workbook.paper.styles import (
    ACCENT,
    ACCENT_PALE,
    ALERTE_ENCRE,
    ALERTE_FOND,
    BLANC,
    ERREUR_ENCRE,
    ERREUR_FOND,
    FILET,
    GRIS,
    SUCCES_ENCRE,
    SUCCES_FOND,
)

COLONNES = (
    ("Gravité", 12),
    ("Feuille", 16),
    ("Cellule", 9),
    ("Rubrique", 20),
    ("Valeur", 18),
    ("Ce qui ne va pas, et que faire", 62),
    ("Article", 30),
    ("Code", 7),
)
"""Headers and widths, from column A."""
ENTETES = 7
"""Row of the headers, repeated on each printed page."""
COULEURS = {
    Gravite.BLOQUANTE: (ERREUR_FOND, ERREUR_ENCRE),
    Gravite.A_VERIFIER: (ALERTE_FOND, ALERTE_ENCRE),
    Gravite.INFORMATION: (ACCENT_PALE, ACCENT),
}
"""Background and ink of each severity."""
_LIBELLES = {Gravite.BLOQUANTE: "Bloquante", Gravite.A_VERIFIER: "À vérifier", Gravite.INFORMATION: "Information"}
_TITLE = style(bold=True, size=16, color=plain(ACCENT))
_SUBTITLE = style(color=plain(GRIS))
_HEADER = style(bold=True, color=plain(BLANC), fill=plain(ACCENT), border=plain(FILET), wrap=True, horizontal="center")
_TEXT = style(border=plain(FILET), wrap=True, vertical="top")
_LINK = style(border=plain(FILET), vertical="top", underline=True, color=plain(ACCENT), horizontal="center")
_CENTER = style(border=plain(FILET), vertical="top", horizontal="center", color=plain(GRIS))
_SMALL = style(border=plain(FILET), wrap=True, vertical="top", size=9, color=plain(GRIS))
_CODES = "Le code de chaque règle, en dernière colonne, en donne l'explication : aap-xl regle CODE, ou docs/regles.md."
_LONGEST_VALUE = 120
_BADGES = ((1, 2), (3, 4), (5, 5))


def controle(donnees: Donnees, anomalies: Sequence[Anomalie], feuilles: Collection[str]) -> Grid:
    """The whole sheet.

    Args: feuilles: the workbook's sheets, those a link may lead to.
    """
    grid = Grid([width for _, width in COLONNES])
    last = len(COLONNES)
    counts = Counter(anomalie.gravite for anomalie in anomalies)
    grid.put(1, 1, "Contrôle du classeur", _TITLE)
    grid.heights[1] = 28
    grid.put(2, 1, _subtitle(donnees), _SUBTITLE)
    grid.put(3, 1, *_verdict(counts), until=last)
    grid.heights[3] = 24
    for gravite, (column, until) in zip(Gravite, _BADGES, strict=True):
        grid.put(5, column, f"{_LIBELLES[gravite]} : {counts[gravite]}", _badge(gravite), until=until)
    grid.heights[5] = 20
    for column, (title, _) in enumerate(COLONNES, 1):
        grid.put(ENTETES, column, title, _HEADER)
    grid.heights[ENTETES] = 22
    for row, anomalie in enumerate(anomalies, ENTETES + 1):
        _line(grid, row, anomalie, feuilles)
    if anomalies:
        grid.put(6, 1, _CODES, _SUBTITLE)
    else:
        grid.put(ENTETES + 1, 1, "Aucune anomalie.", _TEXT, until=last)
        grid.heights[ENTETES + 1] = 20
    return grid


def _subtitle(donnees: Donnees) -> str:
    operation = donnees.operation
    parts = (donnees.appel.nom, operation.porteur, operation.intitule, f"contrôlé le {jour(donnees.aujourdhui)}")
    return " · ".join(part for part in parts if part)


def _verdict(counts: Counter[Gravite]) -> tuple[str, Style]:
    """The sentence that says where the file stands, and its look."""
    blocking, to_check = counts[Gravite.BLOQUANTE], counts[Gravite.A_VERIFIER]
    if blocking:
        text = f"Bilan provisoire : {_some(blocking, 'anomalie bloquante')} à corriger."
        return text, _banner(ERREUR_FOND, ERREUR_ENCRE)
    if to_check:
        text = f"Aucune anomalie bloquante ; {_some(to_check, 'point')} à vérifier."
        return text, _banner(ALERTE_FOND, ALERTE_ENCRE)
    if counts[Gravite.INFORMATION]:
        return "Rien à corriger ; des informations sont données ci-dessous.", _banner(SUCCES_FOND, SUCCES_ENCRE)
    return "Aucune anomalie.", _banner(SUCCES_FOND, SUCCES_ENCRE)


def _some(count: int, words: str) -> str:
    """``3 anomalies bloquantes``."""
    return f"{count} {words}" if count == 1 else f"{count} " + " ".join(f"{word}s" for word in words.split())


def _sentence(text: str) -> str:
    """A message as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", "…", "»")) else ".")


def _banner(background: str, ink: str) -> Style:
    return style(bold=True, size=12, fill=plain(background), color=plain(ink), indent=1)


def _badge(gravite: Gravite) -> Style:
    background, ink = COULEURS[gravite]
    return style(bold=True, fill=plain(background), color=plain(ink), horizontal="center", border=plain(FILET))


def _line(grid: Grid, row: int, anomalie: Anomalie, feuilles: Collection[str]) -> None:
    """One anomaly; its address leads to the cell."""
    cell, background_ink = anomalie.cell, COULEURS[anomalie.gravite]
    background, ink = map(plain, background_ink)
    look = style(
        bold=True, fill=background, color=ink, border=plain(FILET), vertical="top", horizontal="center", size=9
    )
    value = anomalie.valeur if len(anomalie.valeur) <= _LONGEST_VALUE else anomalie.valeur[: _LONGEST_VALUE - 1] + "…"
    reachable = cell.feuille in feuilles
    texts = {
        2: (cell.feuille or "Classeur", _TEXT),
        3: (cell.adresse or ("→" if reachable else ""), _LINK if reachable else _CENTER),
        4: (cell.entete, _TEXT),
        5: (value, _TEXT),
        6: (_sentence(anomalie.message), _TEXT),
        7: (anomalie.article, _SMALL),
        8: (anomalie.code, _CENTER),
    }
    grid.put(row, 1, _LIBELLES[anomalie.gravite], look)
    for column, (text, text_look) in texts.items():
        grid.put(row, column, text, text_look)
    if reachable:
        grid.link(row, 3, f"{nom_feuille(cell.feuille)}!{cell.adresse or 'A1'}")
    grid.heights[row] = row_height([(text, grid.width(column)) for column, (text, _) in texts.items()])
