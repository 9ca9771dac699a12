"""Which of the workbooks to return are versions of one operation."""

from collections.abc import Sequence

from aap_xl.desk.dispatch import Partie
from aap_xl.desk.returned import Piece
from aap_xl.domain.conventions import mots


def operations(pieces: Sequence[Piece]) -> list[tuple[str, ...]]:
    """What identifies the operation of each workbook.

    Its call, its porteur and its convention number; without one, the number of the only convention that starts on the
    same day, else that day.
    """
    known = [
        (item.partie.appel, item.siret or item.operateur[1], f"{item.partie.debut or ''}", _convention(item.partie))
        for item in pieces
    ]
    conventions: dict[tuple[str, ...], set[str]] = {}
    for *start, convention in known:
        if convention:
            conventions.setdefault(tuple(start), set()).add(convention)
    found: list[tuple[str, ...]] = []
    for appel, porteur, debut, convention in known:
        same_day = conventions.get((appel, porteur, debut), set()) if debut else set()
        number = convention or (min(same_day) if len(same_day) == 1 else debut)
        found.append((appel, porteur, number) if number else ())
    return found


def _convention(partie: Partie) -> str:
    """``"N° 2025-012 b"`` → ``"2025012b"``; ``""`` for words without a digit, which name no convention."""
    found = "".join(mots(partie.convention))
    return found if any(char.isdigit() for char in found) else ""
