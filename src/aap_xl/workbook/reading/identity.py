"""Which call a workbook was made for: its custom document properties, and its hidden sheet « Listes »."""

from collections.abc import Mapping, Sequence
from typing import Any

from aap_xl.cells import Cell
from aap_xl.domain.faits import Doute, Fait, IdentiteDouteuse, IdentitesContraires
from aap_xl.records import record
from aap_xl.workbook.ooxml.view import View
from aap_xl.workbook.reading.values import texte
from aap_xl.workbook.reading.xlsx.xmlparts import elements

MARQUE = "aap_xl"
_PROPERTIES = "custom-properties"
_KEYS = ("appel", "millesime", "schema")


@record
class Identite:
    """What a workbook says of itself; ``doute``: what does not fit."""

    code: str
    millesime: int | None
    schema: int | None
    doute: Fait | None = None


def properties(parties: View) -> dict[str, str]:
    """The custom document properties of ours, without their prefix, in an Office Open XML file or an .ods."""
    name = next((link.target for link in parties.relations() if link.kind == _PROPERTIES), "meta.xml")
    part = parties.get(name, b"")
    if MARQUE.encode() not in part:
        return {}
    found: dict[str, str] = {}
    waiting = ""
    for name, attributes, text in elements(part):
        if name == "user-defined":
            found[attributes.get("name", "")] = text
        elif name == "property":
            found[attributes.get("name", "")] = waiting
        elif text.strip():
            waiting = text
    prefix = f"{MARQUE}_"
    return {key.removeprefix(prefix): text.strip() for key, text in found.items() if key.startswith(prefix)}


def identify(props: Mapping[str, str], first_row: Sequence[Any], *, with_properties: bool = True) -> Identite | None:
    """Compare both marks; ``None`` when the workbook has neither.

    Args: first_row: the first row of « Listes » (empty when there is no such sheet); with_properties: whether the
          format lets us read its properties (.xls does not).
    """
    cells = [texte(cell)[0] or "" for cell in first_row[:4]]
    listes = dict(zip(_KEYS, cells[1:], strict=False)) if cells and cells[0] == MARQUE else {}
    if not props.get("appel") and not listes.get("appel"):
        return None
    used = {key: props.get(key) or listes.get(key) or "" for key in _KEYS}
    doubt = _doubt(props, listes) if with_properties else None
    return Identite(used["appel"], _whole(used["millesime"]), _whole(used["schema"]), doubt)


def _whole(text: str) -> int | None:
    head, _, tail = text.partition(".")
    return int(head) if head.isdecimal() and len(head) < 10 and not tail.strip("0") else None


def _doubt(props: Mapping[str, str], listes: Mapping[str, str]) -> Fait | None:
    if not props:
        return IdentiteDouteuse(Cell(), Doute.SANS_PROPRIETES)
    if not listes:
        return IdentiteDouteuse(Cell(), Doute.SANS_LISTES)
    for key in _KEYS:
        ours, theirs = props.get(key, ""), listes.get(key, "")
        if not ours or not theirs:
            return IdentiteDouteuse(Cell(), Doute.INCOMPLETE)
        if ours != theirs and (key == "appel" or _whole(ours) != _whole(theirs)):
            return IdentitesContraires(Cell(), ours, theirs)
    return None
