"""The workbook part: the names of sheets and cells, the properties, the chain of calculation."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree

from conformite.paquet import Paquet, local, place

_INTERDITS = re.compile(r"[\[\]:*?/\\]")
_RESERVES = {"history", "historique"}
_NOM = re.compile(r"[^\W\d][\w.]*|\\[\w.]*|_xlnm\.\w+")
_R1C1 = re.compile(r"[RCL]\d*(?:[CL]\d*)?", re.IGNORECASE)
FEUILLE_CITEE = re.compile(r"(?:'((?:[^']|'')+)'|(?<![\w\].'!])([^\W\d][\w.]*))!(?!\s*\])")
"""The sheet of a reference, quoted or not."""


def fautes(paquet: Paquet) -> Iterator[str]:
    """What is wrong in the workbook part and beside it."""
    root = paquet.lire(paquet.principal)
    yield from _sheets(paquet, root)
    yield from _names(paquet, root)
    yield from _properties(paquet)
    yield from _chain(paquet, root)


def _twice(words: Iterable[str | None]) -> list[str]:
    return [word for word, count in Counter(str(word).casefold() for word in words).items() if count > 1]


def _sheets(paquet: Paquet, root: etree._Element) -> Iterator[str]:
    part = paquet.principal
    sheets = [item for item in root.iter() if local(item) == "sheet"]
    yield from (f"{part} : two sheets are called {name}" for name in _twice(item.get("name") for item in sheets))
    yield from (f"{part} : two sheets have the number {key}" for key in _twice(item.get("sheetId") for item in sheets))
    for name in paquet.feuilles:
        if not 0 < len(name) <= 31 or _INTERDITS.search(name) or name[0] == "'" or name[-1] == "'":
            yield f"{part} : « {name} » is no name for a sheet"
        if name.casefold() in _RESERVES:
            yield f"{part} : « {name} » is Excel's own sheet of changes"
    for view in (item for item in root.iter() if local(item) == "workbookView"):
        rank = int(view.get("activeTab", "0"))
        if rank >= len(sheets) or sheets[rank].get("state", "visible") != "visible":
            yield f"{part} : the sheet to show, {rank}, is hidden or absent"


def _names(paquet: Paquet, root: etree._Element) -> Iterator[str]:
    part = paquet.principal
    names = [item for item in root.iter() if local(item) == "definedName"]
    yield from (
        f"{part} : {key} is defined twice" for key in _twice(f"{i.get('name')}|{i.get('localSheetId')}" for i in names)
    )
    for item in names:
        name, text = item.get("name", ""), item.text or ""
        if not _NOM.fullmatch(name) or len(name) > 255 or place(name.upper()) or _R1C1.fullmatch(name):
            yield f"{part} : « {name} » is no name for cells"
        if not text or text.startswith("="):
            yield f"{part} : {name} is defined as {text!r}"
        if int(item.get("localSheetId", "0")) >= len(paquet.feuilles):
            yield f"{part} : {name} belongs to a sheet that is absent"
        yield from (f"{part} : {name} leads to {sheet}, which is absent" for sheet in absentes(paquet, text))


def absentes(paquet: Paquet, formule: str) -> set[str]:
    """The sheets that a formula leads to and that the workbook does not have."""
    bare = re.sub(r'"[^"]*"', '""', formule)
    cited = {(one or two).replace("''", "'") for one, two in FEUILLE_CITEE.findall(bare)}
    return {name for name in cited if "[" not in name} - set(paquet.feuilles)


def _properties(paquet: Paquet) -> Iterator[str]:
    for part in paquet.de_genre("", "custom-properties"):
        items = list(paquet.lire(part))
        yield from (f"{part} : two properties are called {name}" for name in _twice(item.get("name") for item in items))
        numbers = [int(item.get("pid", "0")) for item in items]
        if len(set(numbers)) < len(numbers) or any(number < 2 for number in numbers):
            yield f"{part} : properties are numbered {numbers}"


def _chain(paquet: Paquet, root: etree._Element) -> Iterator[str]:
    """A chain that names a cell without formula makes Excel repair the file."""
    by_id = {
        item.get("sheetId"): paquet.feuilles[item.get("name", "")] for item in root.iter() if local(item) == "sheet"
    }
    formulas: dict[str, set[str]] = {}
    for part in paquet.de_genre(paquet.principal, "calcChain"):
        sheet = "0"
        for item in paquet.lire(part):
            sheet = item.get("i", sheet)
            held = by_id[sheet]
            if held not in formulas:
                cells = (cell for cell in paquet.lire(held).iter() if local(cell) == "c")
                formulas[held] = {cell.get("r", "") for cell in cells if any(local(child) == "f" for child in cell)}
            if item.get("r") not in formulas[held]:
                yield f"{part} : {held} has no formula in {item.get('r')}"
