"""The parts of a workbook and what links them."""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from lxml import etree

_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COLONNES, _LIGNES = 16_384, 1_048_576
_CELLULE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)")
_ADRESSE = re.compile(r"(?:[\w.!~*'();/?:@&=+$,#-]|%[0-9A-Fa-f]{2}){1,2079}", re.ASCII)

Place = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


def local(item: etree._Element) -> str:
    """The name of an element, without its namespace."""
    return etree.QName(item).localname


class Paquet:
    """A workbook's parts, parsed when they are asked for."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parties = {name: archive.read(name) for name in archive.namelist()}
        self._lus: dict[str, etree._Element] = {}

    def lire(self, nom: str) -> etree._Element:
        """One part's root."""
        if nom not in self._lus:
            self._lus[nom] = etree.fromstring(self.parties[nom])
        return self._lus[nom]

    def relations(self, nom: str) -> dict[str, tuple[str, str]]:
        """By identifier: the kind of a relation of this part, and the part it leads to (``""`` outside)."""
        folder, name = posixpath.split(nom)
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self.parties:
            return {}
        found = {}
        for item in self.lire(rels):
            target = item.get("Target", "")
            inside = item.get("TargetMode") != "External"
            path = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/") if inside else ""
            found[item.get("Id", "")] = (item.get("Type", "").rpartition("/")[2], path)
        return found

    @cached_property
    def principal(self) -> str:
        """The workbook part."""
        return next(path for kind, path in self.relations("").values() if kind == "officeDocument")

    @cached_property
    def feuilles(self) -> dict[str, str]:
        """The part of each sheet, by its name."""
        rels = self.relations(self.principal)
        sheets = [item for item in self.lire(self.principal).iter() if local(item) == "sheet"]
        return {item.get("name", ""): rels[item.get(f"{_RELATIONS}id", "")][1] for item in sheets}

    @cached_property
    def textes(self) -> list[str]:
        """The shared strings."""
        part = next((path for kind, path in self.relations(self.principal).values() if kind == "sharedStrings"), "")
        items = self.lire(part) if part else []
        return ["".join(t.text or "" for t in item.iter() if local(t) == "t" and not _phonetic(t)) for item in items]

    def de_genre(self, nom: str, genre: str) -> list[str]:
        """The parts that one leads to by relations of a kind."""
        return [path for kind, path in self.relations(nom).values() if kind == genre]


def _phonetic(item: etree._Element) -> bool:
    parent = item.getparent()
    return parent is not None and local(parent) == "rPh"


def fautes_du_paquet(content: bytes) -> list[str]:
    """Parts named twice, unreadable, without a type, or that a relation or an identifier looks for in vain."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    found = [f"{name} : named twice" for name, count in Counter(map(str.casefold, names)).items() if count > 1]
    paquet = Paquet(content)
    for name in names:
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                paquet.lire(name)
            except etree.XMLSyntaxError as error:
                found.append(f"{name} : {error}")
    return found or [*_untyped(paquet), *_unlinked(paquet)]


def _untyped(paquet: Paquet) -> Iterator[str]:
    types = paquet.lire("[Content_Types].xml")
    known = {item.get("PartName", "").lstrip("/") for item in types if local(item) == "Override"}
    endings = {item.get("Extension", "").lower() for item in types if local(item) == "Default"}
    yield from (f"{name} : declared, but absent" for name in sorted(known - set(paquet.parties)))
    for name in paquet.parties:
        ending = name.rpartition(".")[2].lower()
        if not name.endswith("/") and name != "[Content_Types].xml" and name not in known and ending not in endings:
            yield f"{name} : no content type"
    for name in paquet.parties:
        if re.fullmatch(r"xl/(worksheets|tables|charts|drawings)/[^/]+\.xml", name) and name not in known:
            yield f"{name} : no content type of its own"


def _unlinked(paquet: Paquet) -> Iterator[str]:
    for name in ["", *paquet.parties]:
        if name.endswith(".rels"):
            targets = [str(item.get("Target", "")) for item in paquet.lire(name)]
            yield from (f"{name} : {word!r} is no address" for word in targets if not _ADRESSE.fullmatch(word))
            continue
        relations = paquet.relations(name)
        for key, (_, path) in relations.items():
            if path and path not in paquet.parties:
                yield f"{name} : {key} leads to {path}, which is absent"
        if not name.endswith(".xml"):
            continue
        for item in paquet.lire(name).iter(etree.Element):
            for attribute, value in ((str(key), str(value)) for key, value in item.attrib.items()):
                if attribute.startswith(_RELATIONS) and value and value not in relations:
                    yield f"{name} : <{local(item)}> looks for the relation {value}"


def place(adresse: str) -> Place | None:
    """Row and column of a cell from 1; nothing if Excel has no such cell."""
    found = _CELLULE.fullmatch(adresse)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column) if column <= _COLONNES and row <= _LIGNES else None


def rectangle(reference: str) -> Rectangle | None:
    """The corners of ``A1:B2`` or ``A1``; nothing if it is no rectangle of a sheet, from top left to bottom right."""
    first, _, last = reference.partition(":")
    start, end = place(first), place(last or first)
    if not start or not end or start[0] > end[0] or start[1] > end[1]:
        return None
    return (*start, *end)


def se_coupent(a: Rectangle, b: Rectangle) -> bool:
    """Whether two rectangles share a cell."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def en_texte(reference: str) -> str:
    """The text that a file writes as ``_x000a_`` where XML has no room for it."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), reference)
