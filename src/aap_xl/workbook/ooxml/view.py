"""One view of a spreadsheet package, whatever its writing: the reader's and the writer's.

Parts are found whatever the case, the slashes and the percent-encoding of their names; the main one, and what goes
with each, by relations; what these are, by their full type, in both flavours of the standard.
"""

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from aap_xl.records import Values
from aap_xl.workbook.ooxml import namespaces
from aap_xl.workbook.ooxml.encodings import refuse_entities
from aap_xl.workbook.ooxml.limits import Excess, excess
from aap_xl.workbook.ooxml.walk import Vocabulary, stream

CONTENT_TYPES = "[Content_Types].xml"
_LINKS_MAX, _LINK = 2**20, 2**7
"""Bytes of a part that links others, or that says their types, and of one link. A rich workbook has some hundreds."""
_KEPT_MAX = 2**15
_LINKS, _TYPES = Vocabulary({namespaces.PACKAGE_RELATIONS: ""}), Vocabulary({namespaces.CONTENT_TYPES: ""})
_SPREADSHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MACROS = "application/vnd.ms-excel."
_XLSX = {
    *(f"{_SPREADSHEETML}{name}.main+xml" for name in ("sheet", "template")),
    *(f"{_MACROS}{name}.macroenabled.main+xml" for name in ("sheet", "template", "addin")),
}
_XLSB = f"{_MACROS}sheet.binary.macroenabled.main"
_MAIN = {*_XLSX, _XLSB}
_ANY_XML = ("", "application/xml", "text/xml")
_WORKBOOKS = (f"{{{namespaces.SPREADSHEET}}}workbook", f"{{{namespaces.STRICT_SPREADSHEET}}}workbook")


class Relation(Values):
    """A link from one part to another.

    Attributes: type: what it is, in full; target: the part's name (an address, if it is ``external``).
    """

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The type in one word if it is one of the standard (``worksheet``, ``table``…), else in full."""
        return namespaces.transitional(self.type).removeprefix(f"{namespaces.RELATIONS}/")


class View(Mapping[str, bytes]):
    """Parts by name, in any of its writings.

    Attributes: whole: whether a part whose relations can't be known is refused, be it the main one or not.
    """

    whole = False

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """Args: parts: by their names in the zip, XML in UTF-8."""
        self._parts = parts
        self._names = {canonical(name): name for name in parts}

    def __getitem__(self, name: str) -> bytes:
        return self._parts[self._names[canonical(name)]]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and canonical(name) in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def relations(self, part: str = "") -> list[Relation]:
        """What a part (``""`` for the package) links to; nothing if that can't be known.

        Raises: ValueError if that can't be known of the package or of its main part; Excess if it is too much.
        """
        rels = self._names.get(canonical(rels_name(part)))
        if rels is None:
            return []
        try:
            links = _links(self._parts[rels], part)
        except ValueError as error:
            if not part or part == self.main or self.whole or isinstance(error, Excess):
                raise
            return []
        return [
            link if link.external else link._replace(target=self._names.get(known, link.target))
            for link, known in links
        ]

    @cached_property
    def main(self) -> str:
        """The name of the main part (``xl/workbook.xml`` as a rule), ``""`` if it is not there."""
        found = (rel.target for rel in self.relations() if rel.kind == "officeDocument" and not rel.external)
        return next((target for target in found if target in self), "")

    def called(self) -> dict[str, str]:
        """The names by which relations call the parts, themselves included, by canonical name."""
        found = {canonical(CONTENT_TYPES): CONTENT_TYPES}
        waiting = [""]
        while waiting:
            part = waiting.pop()
            rels = rels_name(part)
            try:
                links = _links(self[rels], part)
            except (KeyError, ValueError):
                continue
            found[canonical(rels)] = rels
            for link, known in links:
                if not link.external and known not in found and known in self._names:
                    found[known] = link.target
                    waiting.append(link.target)
        return found

    def content_type(self, part: str) -> str:
        """What the package says a part is, in lower case. Raises: ValueError if that is not well-formed."""
        if CONTENT_TYPES not in self:
            return ""
        parts, extensions = _types(self[CONTENT_TYPES])
        name = canonical(part)
        return parts.get(name) or extensions.get(name.rpartition(".")[2], "")

    @property
    def announced(self) -> bool:
        """Whether the package says that it has a workbook, be it there or not. Raises: ValueError."""
        return CONTENT_TYPES in self and not _MAIN.isdisjoint(_types(self[CONTENT_TYPES])[0].values())

    @property
    def genre(self) -> str:
        """``xlsx`` or ``xlsb``; ``""`` for what is no workbook. Raises: ValueError if a part is not well-formed."""
        if not self.main:
            return ""
        declared = self.content_type(self.main)
        if declared in _XLSX or (declared in _ANY_XML and _is_workbook(self[self.main])):
            return "xlsx"
        return "xlsb" if declared == _XLSB else ""


def _is_workbook(part: bytes) -> bool:
    """Whether a part is of the main kind, by its root. Raises: ValueError if it is not well-formed."""
    from aap_xl.workbook.ooxml.tree import parse  # noqa: PLC0415 - the package says it, as a rule

    return parse(part).root.tag in _WORKBOOKS


def canonical(name: str) -> str:
    """The name by which a part is known, whatever its writing."""
    if "%" in name:
        from urllib.parse import unquote  # noqa: PLC0415 - rare

        name = unquote(name)
    return name.replace("\\", "/").lstrip("/").casefold()


@lru_cache(maxsize=512)
def rels_name(part: str) -> str:
    """Where a part's relations are kept."""
    folder, name = posixpath.split(part.replace("\\", "/"))
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(folder: str, target: str) -> str:
    """A relation's target as a part's name."""
    path = target.replace("\\", "/")
    return posixpath.normpath(path if path.startswith("/") else f"/{folder}/{path}").lstrip("/")


def _links(content: bytes, part: str) -> tuple[tuple[Relation, str], ...]:
    folder = posixpath.dirname(part.replace("\\", "/"))
    return (_kept_links if len(content) <= _KEPT_MAX else _kept_links.__wrapped__)(content, folder)


@lru_cache(maxsize=128)
def _kept_links(content: bytes, folder: str) -> tuple[tuple[Relation, str], ...]:
    """Each relation of the parts of a folder, its target as a part's name (if it is one), and that one's canonical."""
    return tuple(_link(given, folder) for _, given in _children(content, _LINKS, "Relationships", "Relationship"))


def _link(given: dict[str, str], folder: str) -> tuple[Relation, str]:
    target, external = given.get("Target", ""), given.get("TargetMode") == "External"
    if not external:
        target = _resolve(folder, target)
    return Relation(given.get("Id", ""), given.get("Type", ""), target, external), canonical(target)


def _types(content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    return (_kept_types if len(content) <= _KEPT_MAX else _kept_types.__wrapped__)(content)


@lru_cache(maxsize=16)
def _kept_types(content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Content types by part, and by extension."""
    parts, extensions = {}, {}
    for name, item in _children(content, _TYPES, "Types", "Override", "Default"):
        said = item.get("ContentType", "").lower()
        if name == "Override":
            parts[canonical(item.get("PartName", ""))] = said
        else:
            extensions[item.get("Extension", "").casefold()] = said
    return parts, extensions


def _children(content: bytes, words: Vocabulary, parent: str, *names: str) -> list[tuple[str, dict[str, str]]]:
    """The children of those names of a root element of that name, with their attributes. Raises: ValueError."""
    if len(content) > _LINKS_MAX:
        raise excess(content, _LINKS_MAX // _LINK)
    refuse_entities(content)
    found: list[tuple[str, dict[str, str]]] = []
    within: list[str] = []

    def start(name: str, given: dict[str, str]) -> None:
        if within == [parent] and name in names:
            found.append((name, given))
        within.append(name)

    stream(content, words, start, lambda _: within.pop(), len)
    return found
