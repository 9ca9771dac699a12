"""Finding a table's header row and matching its columns to fields: by wording, never by position."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from aap_xl.cells import Cell, a1
from aap_xl.domain.facts import (
    ColonneAbsente,
    ColonneInconnue,
    EnteteAutrementEcrit,
    EnteteEnDouble,
    EntetesAbsents,
    Fait,
)
from aap_xl.records import field, state
from aap_xl.rows import Champ
from aap_xl.texte import normaliser, renommages

SEARCHED = 30
"""The header row is looked for in that many first rows."""


@state
class Entetes:
    """The header row of one table. ``ligne``: from 1, 0 when there is none; ``colonnes``: field name → column."""

    ligne: int = 0
    colonnes: dict[str, int] = field(default_factory=dict)
    faits: list[Fait] = field(default_factory=list)


def find(table: str, feuille: str, rows: Sequence[Sequence[object]], champs: Sequence[Champ]) -> Entetes:
    """Find the header row and match it; everything that is not as expected is a fact.

    Args: rows: the sheet from its first row; champs: the columns expected.
    """
    rang = _header_row(rows, champs)
    if rang is None:
        titles = tuple(champ.entete for champ in champs[:3])
        return Entetes(faits=[EntetesAbsents(Cell(feuille), titles, table=table)])
    entetes = Entetes(rang + 1)
    written = {column: str(cell).strip() for column, cell in enumerate(rows[rang], 1) if str(cell).strip()}
    expected = {champ.entete: champ.nom for champ in champs}
    if len(written) == len(champs) and expected.keys() == {*written.values()}:
        return Entetes(rang + 1, {expected[title]: column for column, title in written.items()})
    unknown = _match(entetes, table, feuille, written, champs)
    missing = [champ for champ in champs if champ.nom not in entetes.colonnes and not champ.calcule]
    for champ in missing:
        cell = Cell(feuille, a1(entetes.ligne, 1), champ.entete)
        named = renommages(champ.entete, unknown.values())
        entetes.faits.append(ColonneAbsente(cell, champ.entete, table=table, champ=champ.nom, **named))
    for column, title in unknown.items():
        named = renommages(title, (champ.entete for champ in missing))
        cell = Cell(feuille, a1(entetes.ligne, column), title)
        entetes.faits.append(ColonneInconnue(cell, title, table=table, **named))
    return entetes


def _header_row(rows: Sequence[Sequence[object]], champs: Sequence[Champ]) -> int | None:
    exact = {champ.entete for champ in champs}
    for rang, row in enumerate(rows[:SEARCHED]):
        if len(exact.intersection(row)) == len(exact):
            return rang
    accepted = wordings(tuple(champs)).keys()
    best, score = None, min(2, len(champs) - 1) or 1
    for rang, row in enumerate(rows[:SEARCHED]):
        found = len({normaliser(cell) for cell in row if isinstance(cell, str)} & accepted)
        if found > score or (found == score and best is None):
            best, score = rang, found
    return best


@lru_cache(maxsize=64)
def wordings(champs: tuple[Champ, ...]) -> Mapping[str, Champ]:
    """Every accepted wording, normalised → field; a field's own header wins over another's second wording."""
    others = {normaliser(text): champ for champ in champs for text in champ.autres_entetes}
    return others | {normaliser(champ.entete): champ for champ in champs}


def _match(
    entetes: Entetes, table: str, feuille: str, titles: Mapping[int, str], champs: Sequence[Champ]
) -> dict[int, str]:
    """Match in order of likeness (own header, then same wording, then other wordings); the rest is returned."""
    exact = {champ.entete: champ for champ in champs}
    found = {column: exact[title] for column, title in titles.items() if title in exact}
    others = {column: title for column, title in titles.items() if column not in found}
    if others:
        same = {normaliser(champ.entete): champ for champ in champs}
        for known in (same, wordings(tuple(champs))):
            taken = {champ.nom for champ in found.values()}
            for column, title in others.items():
                champ = known.get(normaliser(title))
                if champ is not None and column not in found and (known is same or champ.nom not in taken):
                    found[column] = champ
    for column in sorted(found, key=lambda column: (column in others, column)):
        title, champ = titles[column], found[column]
        twice = entetes.colonnes.setdefault(champ.nom, column) != column
        if twice or (column in others and title.split() != champ.entete.split()):
            cell = Cell(feuille, a1(entetes.ligne, column), title)
            entetes.faits.append(
                EnteteEnDouble(cell, title, table=table, champ=champ.nom)
                if twice
                else EnteteAutrementEcrit(cell, title, champ.entete, table=table, champ=champ.nom)
            )
    entetes.faits.sort(key=lambda fait: fait.code)
    return {column: title for column, title in others.items() if column not in found}
