"""The sheets: their cells, what is laid over them, how they print."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from lxml import etree

from conformite import styles
from conformite.classeur import absentes
from conformite.paquet import Paquet, Rectangle, local, place, rectangle, se_coupent

_TEXTE, _FORMULE, _LITTERAL, _EN_TETE, _LIENS, _SAUTS = 32_767, 8_192, 255, 255, 65_530, 1_026
_HAUTEUR, _LARGEUR = 409.5, 255
_BULLES = {"errorTitle": 32, "promptTitle": 32, "error": 255, "prompt": 255}
_TYPES = {"b", "d", "e", "inlineStr", "n", "s", "str"}


def fautes(paquet: Paquet) -> Iterator[str]:
    """What is wrong in the sheets."""
    known = styles.collections(paquet)
    limits = {"s": len(known.get("cellXfs", [1])), "dxfId": len(known.get("dxfs", []))}
    shown = 0
    for nom, part in paquet.feuilles.items():
        root = paquet.lire(part)
        if local(root) != "worksheet":
            continue
        shown += any(view.get("tabSelected") in ("1", "true") for view in root.iter() if local(view) == "sheetView")
        checks = (_cells, _lines, _merges, _choices, _looks, _links, _print, _formulas)
        for check in checks:
            yield from (f"{nom} : {fault}" for fault in check(paquet, root, limits))
    if shown > 1:
        yield f"{shown} sheets are selected together: what is typed in one goes into all"


def _named(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (item for item in root.iter(etree.Element) if local(item) in names)


def _cells(paquet: Paquet, root: etree._Element, limits: dict[str, int]) -> Iterator[str]:
    for cell in _named(root, "c"):
        address, kind = cell.get("r", ""), cell.get("t", "n")
        if int(cell.get("s", "0")) >= limits["s"]:
            yield f"{address} has the look {cell.get('s')}, of {limits['s']}"
        if kind not in _TYPES:
            yield f"{address} is of the kind {kind}"
        text = "".join(item.text or "" for item in _named(cell, "v", "t"))
        if kind == "s":
            if not text.isdigit() or int(text) >= len(paquet.textes):
                yield f"{address} has the text {text}, of {len(paquet.textes)}"
                continue
            text = paquet.textes[int(text)]
        if len(text) > _TEXTE:
            yield f"{address} holds {len(text)} characters"
        if kind == "n" and text and not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text):
            yield f"{address} holds {text!r} as a number"


def _lines(_: Paquet, root: etree._Element, __: dict[str, int]) -> Iterator[str]:
    rows = list(_named(root, "row"))
    numbers = [int(row.get("r", "0")) for row in rows]
    yield from (f"row {b} follows row {a}" for a, b in pairwise(numbers) if b <= a)
    for row in rows:
        if float(row.get("ht", "0")) > _HAUTEUR:
            yield f"row {row.get('r')} is {row.get('ht')} high"
        places = [(cell.get("r", ""), place(cell.get("r", ""))) for cell in row]
        yield from (
            f"{address} is no cell of row {row.get('r')}"
            for address, at in places
            if not at or str(at[0]) != row.get("r")
        )
        yield from (f"{b[0]} follows {a[0]}" for a, b in pairwise(places) if a[1] and b[1] and b[1] <= a[1])
    end = 0
    for item in _named(root, "col"):
        first, last = int(item.get("min", "0")), int(item.get("max", "0"))
        if not end < first <= last or float(item.get("width", "0")) > _LARGEUR:
            yield f"columns {first} to {last} come after {end}, or are {item.get('width')} wide"
        end = last


def _merges(_: Paquet, root: etree._Element, __: dict[str, int]) -> Iterator[str]:
    areas: list[Rectangle] = []
    for item in _named(root, "mergeCell"):
        area = rectangle(item.get("ref", ""))
        if not area:
            yield f"{item.get('ref')} can't be merged"
        else:
            areas.append(area)
    yield from (f"the merged cells {a} and {b} overlap" for a, b in combinations(areas, 2) if se_coupent(a, b))


def _choices(_: Paquet, root: etree._Element, __: dict[str, int]) -> Iterator[str]:
    for group in _named(root, "dataValidations"):
        if group.get("count", str(len(group))) != str(len(group)):
            yield f"{group.get('count')} validations announced, {len(group)} found"
    for item in _named(root, "dataValidation"):
        where = item.get("sqref", "")
        for attribute, most in _BULLES.items():
            if len(item.get(attribute, "")) > most:
                yield f"{where}: {attribute} is over {most} characters"
        for formula in _named(item, "formula1", "formula2"):
            text = formula.text or ""
            if text.startswith('"') and len(text) - 2 > _LITTERAL:
                yield f"{where}: a list of {len(text) - 2} characters"


def _looks(_: Paquet, root: etree._Element, limits: dict[str, int]) -> Iterator[str]:
    for item in _named(root, "cfRule"):
        if int(item.get("dxfId", "0")) >= max(limits["dxfId"], 1):
            yield f"a conditional format has the look {item.get('dxfId')}, of {limits['dxfId']}"
        if int(item.get("priority", "0")) < 1:
            yield f"a conditional format has the priority {item.get('priority')}"
    for item in _named(root, "conditionalFormatting", "dataValidation", "selection", "protectedRange"):
        areas = item.get("sqref", "A1").split()
        yield from (f"<{local(item)}> covers {area}" for area in areas if not rectangle(area))


def _links(paquet: Paquet, root: etree._Element, _: dict[str, int]) -> Iterator[str]:
    links = list(_named(root, "hyperlink"))
    if len(links) > _LIENS:
        yield f"{len(links)} links"
    for item in links:
        if not rectangle(item.get("ref", "")):
            yield f"a link on {item.get('ref')}"
        inside = "" if any(str(name).endswith("}id") for name in item.attrib) else item.get("location", "")
        yield from (f"{item.get('ref')} leads to {sheet}, which is absent" for sheet in absentes(paquet, inside))


def _print(_: Paquet, root: etree._Element, __: dict[str, int]) -> Iterator[str]:
    for group in _named(root, "headerFooter"):
        yield from (f"{local(item)} is over {_EN_TETE} characters" for item in group if len(item.text or "") > _EN_TETE)
    for group in _named(root, "rowBreaks", "colBreaks"):
        ids = [int(item.get("id", "0")) for item in group]
        manual = sum(item.get("man") in ("1", "true") for item in group)
        counts = (group.get("count", str(len(ids))), group.get("manualBreakCount", str(manual)))
        if counts != (str(len(ids)), str(manual)) or len(ids) > _SAUTS or ids != sorted(set(ids)):
            yield f"page breaks {ids} announced as {counts}"


def _formulas(paquet: Paquet, root: etree._Element, _: dict[str, int]) -> Iterator[str]:
    for item in _named(root, "f", "formula", "formula1", "formula2"):
        text = item.text or ""
        if text.startswith("=") or len(text) > _FORMULE:
            yield f"the formula {text[:40]!r} has {len(text)} characters"
        yield from (f"the formula {text[:40]!r} leads to {sheet}, which is absent" for sheet in absentes(paquet, text))
