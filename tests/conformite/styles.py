"""The styles: each look names a font, a fill, a border and a format that exist."""

from collections.abc import Iterator

from lxml import etree

from conformite.paquet import Paquet, local

_PROPRES = 164
"""First number of a format that a workbook declares itself."""
_MAX = 65_490
_COLLECTIONS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "numFmts")


def collections(paquet: Paquet) -> dict[str, list[etree._Element]]:
    """The styles by collection."""
    part = paquet.de_genre(paquet.principal, "styles")
    return {local(item): list(item) for item in paquet.lire(part[0])} if part else {}


def fautes(paquet: Paquet) -> Iterator[str]:
    """What is wrong in the styles."""
    part = next(iter(paquet.de_genre(paquet.principal, "styles")), "")
    if not part:
        return
    for item in paquet.lire(part):
        if local(item) in _COLLECTIONS and item.get("count", str(len(item))) != str(len(item)):
            yield f"{part} : <{local(item)}> counts {item.get('count')} and holds {len(item)}"
    known = collections(paquet)
    formats = {item.get("numFmtId"): item.get("formatCode", "") for item in known.get("numFmts", [])}
    yield from (f"{part} : format {code!r} is over 255 characters" for code in formats.values() if len(code) > 255)
    if len(known.get("cellXfs", [])) > _MAX:
        yield f"{part} : more than {_MAX} looks"
    pointers = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for rank, look in enumerate(known.get("cellXfs", [])):
        for attribute, collection in pointers.items():
            if int(look.get(attribute, "0")) >= len(known.get(collection, [])):
                yield f"{part} : look {rank} has no {attribute} {look.get(attribute)}"
        number = look.get("numFmtId", "0")
        if int(number) >= _PROPRES and number not in formats:
            yield f"{part} : look {rank} has the undeclared format {number}"
