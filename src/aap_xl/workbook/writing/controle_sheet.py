"""The sheet « Contrôle »: what is wrong, where, and what to do, one line per anomaly."""

from collections import Counter
from collections.abc import Collection, Sequence

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.domain.data import Donnees
from aap_xl.domain.tableau import Colonne, Ligne, Tableau
from aap_xl.francais import jour
from aap_xl.rows import Nature
from aap_xl.workbook.layout import nom_feuille
from aap_xl.workbook.ooxml.styles import Style
from aap_xl.workbook.paper.grid import TITLE, Grid, plain, style
from aap_xl.workbook.paper.styles import (
    ACCENT,
    ACCENT_PALE,
    ALERTE_ENCRE,
    ALERTE_FOND,
    ERREUR_ENCRE,
    ERREUR_FOND,
    FILET,
    GRIS,
    SUCCES_ENCRE,
    SUCCES_FOND,
)
from aap_xl.workbook.paper.table import Bloc, Sizes, draw, snap

COLONNES = (
    Colonne("Gravité", largeur=12),
    Colonne("Feuille", largeur=16),
    Colonne("Cellule", largeur=9),
    Colonne("Rubrique", largeur=20),
    Colonne("Valeur", largeur=18),
    Colonne("Ce qui ne va pas, et que faire", Nature.LONG, 62),
    Colonne("Article", largeur=30),
    Colonne("Code", largeur=7),
)
ENTETES = 7
"""Row of the headers, repeated on each printed page."""
COULEURS = {
    Gravite.BLOQUANTE: (ERREUR_FOND, ERREUR_ENCRE),
    Gravite.A_VERIFIER: (ALERTE_FOND, ALERTE_ENCRE),
    Gravite.INFORMATION: (ACCENT_PALE, ACCENT),
}
"""Background and ink of each severity."""
_LIBELLES = {Gravite.BLOQUANTE: "Bloquante", Gravite.A_VERIFIER: "À vérifier", Gravite.INFORMATION: "Information"}
_SUBTITLE = style(color=plain(GRIS))
_CODES = "Le code de chaque règle, en dernière colonne, en donne l'explication : aap-xl regle CODE, ou docs/regles.md."
_LONGEST_VALUE = 120
_BADGES = ((1, 2), (3, 4), (5, 5))


def listees(anomalies: Sequence[Anomalie], maximum: int) -> Sequence[Anomalie]:
    """As many anomalies, in their order: when some are left out, the gravest stay."""
    if len(anomalies) <= maximum:
        return anomalies
    rangs = {gravite: rang for rang, gravite in enumerate(Gravite)}
    kept = {*sorted(range(len(anomalies)), key=lambda rang: (rangs[anomalies[rang].gravite], rang))[:maximum]}
    return [anomalie for rang, anomalie in enumerate(anomalies) if rang in kept]


def controle(
    donnees: Donnees,
    anomalies: Sequence[Anomalie],
    feuilles: Collection[str],
    listed: Sequence[Anomalie] | None = None,
) -> Grid:
    """The whole sheet.

    Args: feuilles: the workbook's sheets, those a link may lead to; listed: the anomalies that have a line, if not all.
    """
    listed = anomalies if listed is None else listed
    grid = _grille([_ligne(anomalie, feuilles) for anomalie in listed] or [()])
    counts = Counter(anomalie.gravite for anomalie in anomalies)
    grid.put(1, 1, "Contrôle du classeur", TITLE)
    grid.put(2, 1, _subtitle(donnees), _SUBTITLE)
    grid.put(3, 1, *_verdict(counts), until=len(COLONNES))
    for gravite, (column, until) in zip(Gravite, _BADGES, strict=True):
        grid.put(5, column, f"{_LIBELLES[gravite]} : {counts[gravite]}", _badge(gravite), until=until)
    grid.heights |= {1: 28, 3: 24, 5: 20}
    if anomalies:
        grid.put(6, 1, f"{_left_out(len(anomalies), len(listed))}{_CODES}", _SUBTITLE)
    else:
        grid.put(ENTETES + 1, 1, "Aucune anomalie.", style(indent=1), until=len(COLONNES))
    for row, anomalie in enumerate(listed, ENTETES + 1):
        background, ink = map(plain, COULEURS[anomalie.gravite])
        grid.restyle(row, 1, bold=True, fill=background, color=ink)
        if anomalie.cell.feuille in feuilles:
            grid.restyle(row, 3, underline=True, color=plain(ACCENT), number_format="")
            grid.link(row, 3, f"{nom_feuille(anomalie.cell.feuille)}!{anomalie.cell.adresse or 'A1'}")
    return grid


def _left_out(count: int, listed: int) -> str:
    """What to say of the anomalies that have no line, if there are any."""
    if count == listed:
        return ""
    return f"{listed} anomalies sur {count} sont listées, les plus graves ; corrigez-les, puis recommencez. "


def gabarit() -> Grid:
    """The headers alone, for the blank workbook."""
    return _grille([()])


def _grille(lignes: Sequence[Ligne]) -> Grid:
    grid = Grid([colonne.largeur for colonne in COLONNES])
    spans = snap(COLONNES, grid.widths)
    draw(grid, Bloc(Tableau("controle", "", COLONNES, lignes), ENTETES - 1, spans, len(spans)), Sizes(header=22))
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


def _ligne(anomalie: Anomalie, feuilles: Collection[str]) -> Ligne:
    """One anomaly; its address, which leads to the cell, is an arrow when it is a whole sheet."""
    cell, value = anomalie.cell, anomalie.valeur
    return (
        _LIBELLES[anomalie.gravite],
        cell.feuille or "Classeur",
        cell.adresse or ("→" if cell.feuille in feuilles else ""),
        cell.entete,
        value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…",
        _sentence(anomalie.message),
        anomalie.article,
        anomalie.code,
    )
