"""Tables and charts: what they say of the cells must be what the cells say."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from lxml import etree

from conformite.classeur import absentes
from conformite.paquet import Paquet, Rectangle, en_texte, local, place, rectangle, se_coupent


def fautes(paquet: Paquet) -> Iterator[str]:
    """What is wrong in tables and charts."""
    names = [item.get("name", "") for item in paquet.lire(paquet.principal).iter() if local(item) == "definedName"]
    numbers: list[str] = []
    for nom, part in paquet.feuilles.items():
        root = paquet.lire(part)
        areas: list[Rectangle] = []
        merged = [rectangle(item.get("ref", "")) for item in root.iter(etree.Element) if local(item) == "mergeCell"]
        for path in paquet.de_genre(part, "table"):
            table = paquet.lire(path)
            names.append(table.get("displayName", ""))
            numbers.append(table.get("id", ""))
            area = rectangle(table.get("ref", ""))
            if not area:
                yield f"{path} : covers {table.get('ref')}"
                continue
            areas.append(area)
            if any(other and se_coupent(area, other) for other in merged):
                yield f"{path} : lies over merged cells"
            yield from (f"{path} : {fault}" for fault in _table(paquet, root, table, area))
        held = sum(local(item) == "tablePart" for item in root.iter(etree.Element))
        if held != len(paquet.de_genre(part, "table")):
            yield f"{nom} : {held} tables announced"
        yield from (f"{nom} : the tables {a} and {b} overlap" for a, b in combinations(areas, 2) if se_coupent(a, b))
    yield from (f"two tables or names are called {name}" for name in _twice(names))
    yield from (f"two tables have the number {number}" for number in _twice(numbers))
    yield from _charts(paquet)


def _twice(words: list[str]) -> list[str]:
    builtin = "_xlnm."
    counted = Counter(word.casefold() for word in words if not word.startswith(builtin))
    return [word for word, count in counted.items() if count > 1]


def _table(paquet: Paquet, root: etree._Element, table: etree._Element, area: Rectangle) -> Iterator[str]:
    top, left, bottom, right = area
    name = table.get("displayName", "")
    if place(name.upper()) or " " in name or not name:
        yield f"{name!r} is no name for a table"
    columns = next(item for item in table if local(item) == "tableColumns")
    if not len(columns) == right - left + 1 == int(columns.get("count", "0")):
        yield f"{columns.get('count')} columns announced, {len(columns)} found, {right - left + 1} covered"
    if bottom == top:
        yield "has no row under its headers"
    yield from (f"two columns are called {word}" for word in _twice([item.get("name", "") for item in columns]))
    yield from (f"two columns have the number {word}" for word in _twice([item.get("id", "") for item in columns]))
    for item in table:
        if local(item) == "autoFilter":
            inside = rectangle(item.get("ref", ""))
            if not inside or inside[:2] != (top, left) or inside[3] != right or inside[2] > bottom:
                yield f"filters {item.get('ref')}, but covers {table.get('ref')}"
    shown = _headers(paquet, root, area)
    for rank, item in enumerate(columns):
        said = en_texte(item.get("name", ""))
        if shown.get(left + rank) != said:
            yield f"the column {said!r} is headed {shown.get(left + rank)!r}"
    for item in table.iter(etree.Element):
        if local(item) in ("calculatedColumnFormula", "totalsRowFormula"):
            text = item.text or ""
            if text.startswith("=") or absentes(paquet, text):
                yield f"a column is computed by {text[:40]!r}"


def _headers(paquet: Paquet, root: etree._Element, area: Rectangle) -> dict[int, str]:
    """The texts of a table's first row by column; a number is no header."""
    found = {}
    row = next(
        (item for item in root.iter(etree.Element) if local(item) == "row" and item.get("r") == str(area[0])), ()
    )
    for cell in row:
        at, kind = place(cell.get("r", "")), cell.get("t")
        value = "".join(item.text or "" for item in cell.iter(etree.Element) if local(item) in ("v", "t"))
        if at and kind == "s":
            found[at[1]] = paquet.textes[int(value)]
        elif at and kind in ("str", "inlineStr"):
            found[at[1]] = value
    return found


def _charts(paquet: Paquet) -> Iterator[str]:
    for part in paquet.parties:
        if part.startswith("xl/charts/chart") and part.endswith(".xml"):
            for item in paquet.lire(part).iter(etree.Element):
                if local(item) == "f":
                    yield from (f"{part} : shows {name}, which is absent" for name in absentes(paquet, item.text or ""))
