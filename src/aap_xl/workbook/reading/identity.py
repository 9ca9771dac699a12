"""Which call a workbook was made for: its custom document properties, and its hidden sheet « Listes »."""

from collections.abc import Mapping, Sequence

from aap_xl.cells import Cell
from aap_xl.domain.expected import Doute
from aap_xl.domain.facts import (
    Fait,
    IdentiteDouteuse,
    IdentitesContraires,
)
from aap_xl.records import record
from aap_xl.workbook.ooxml.namespaces import CUSTOM_PROPERTIES, PROPERTY_TYPES
from aap_xl.workbook.ooxml.view import View
from aap_xl.workbook.ooxml.walk import Vocabulary, elements
from aap_xl.workbook.reading.values import texte

MARQUE = "aap_xl"
_PROPERTIES = Vocabulary({CUSTOM_PROPERTIES: "", PROPERTY_TYPES: "vt:"})
_PROPERTY = "Properties/property"
_VALUES = tuple(f"{_PROPERTY}/vt:{name}" for name in ("lpwstr", "lpstr", "bstr", "i1", "i2", "i4", "i8", "int", "r8"))
_META = Vocabulary({f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": f"{name}:" for name in ("office", "meta")})
_USER_DEFINED = "office:document-meta/office:meta/meta:user-defined"
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
    found: dict[str, str] = {}
    name = next((link.target for link in parties.relations() if link.kind == "custom-properties"), "")
    if part := parties.get(name):
        for path, given, text in elements(part, _PROPERTIES, _PROPERTY, *_VALUES):
            if path == _PROPERTY:
                name = given.get("name", "")
            else:
                found[name] = text
    elif part := parties.get("meta.xml"):
        for _, given, text in elements(part, _META, _USER_DEFINED):
            found[given.get("meta:name", "")] = text
    return of_ours(found)


def of_ours(found: Mapping[str, str]) -> dict[str, str]:
    """Among custom properties, ours, without their prefix."""
    prefix = f"{MARQUE}_"
    return {key.removeprefix(prefix): text.strip() for key, text in found.items() if key.startswith(prefix)}


def identify(props: Mapping[str, str], first_row: Sequence[object], *, with_properties: bool = True) -> Identite | None:
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
