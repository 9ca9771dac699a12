"""What the rules of a call can't do without, and the call does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aap_xl.appels.model import Appel

_CALL, _FORM = "appel", "operation"


def unmet(appel: Appel, codes: Iterable[str], needs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The rules, among some, that can say nothing in a call, each with what it lacks.

    Args:   codes: the rules; needs: a rule's code → tables (``actions``), columns (``actions.code``), lines of the form
            (``operation.siret``) and parts of the call (``appel.heures``).
    """
    found = {code: tuple(dict.fromkeys(_lacks(appel, needs.get(code, ())))) for code in codes}
    return {code: missing for code, missing in found.items() if missing}


def _lacks(appel: Appel, needs: Iterable[str]) -> Iterator[str]:
    """What is not there: a table that the call does not have, rather than each of its columns."""
    for need in needs:
        table = need.partition(".")[0]
        if not has(appel, need):
            yield need if table in (_CALL, _FORM, *appel.classeur.tables) else table


def worded(missing: Iterable[str]) -> str:
    """What a rule lacks, for whoever writes the call."""
    return ", ".join(_words(missing))


def has(appel: Appel, need: str) -> bool:
    """Whether a call has a table, a column, a line of the form or a part of its own."""
    table, _, nom = need.partition(".")
    if table == _CALL:
        part: object = appel
        for step in nom.split("."):
            part = getattr(part, step, None)
        return part not in (None, (), "", False)
    if table == _FORM:
        return nom in appel.classeur.operation
    feuille = appel.classeur.tables.get(table)
    return feuille is not None and (not nom or nom in feuille.colonnes)


def _words(missing: Iterable[str]) -> Iterator[str]:
    for need in missing:
        table, _, nom = need.partition(".")
        if table == _CALL:
            yield f"« {nom} »"
        elif table == _FORM:
            yield f"« {nom} » dans classeur.operation"
        else:
            yield f"« {nom} » dans classeur.tables.{table}.colonnes" if nom else f"classeur.tables.{table}"
