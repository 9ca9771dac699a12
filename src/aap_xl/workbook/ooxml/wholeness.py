"""Whether a workbook can be written again: what may have to be edited is well-formed, everything else can be copied.

The reader asks before anything is computed, the writer before anything is changed.
"""

import struct
from collections.abc import Iterable, Mapping
from xml.parsers import expat

from aap_xl.workbook.ooxml.directory import Entry
from aap_xl.workbook.ooxml.encodings import refuse_entities
from aap_xl.workbook.ooxml.view import CONTENT_TYPES, Relation, View, rels_name

STYLES_TAGS_MAX = 2**16
"""Tags of the styles part; that of a filled workbook has some hundreds."""
_EDITED = {"worksheet", "styles", "calcChain", "table"}
_LOCAL = b"PK\3\4"
_HEADER = 30


class _Faulty(Exception):
    """The part of this name is."""


class _Package(View):
    """The parts, none of whose relations may be unknown."""

    whole = True

    def __init__(self, parts: Mapping[str, bytes], damage: type[Exception]) -> None:
        super().__init__(parts)
        self._damage = damage

    def __getitem__(self, name: str) -> bytes:
        try:
            return super().__getitem__(name)
        except self._damage:
            raise _Faulty(name) from None

    def relations(self, part: str = "") -> list[Relation]:
        try:
            return super().relations(part)
        except ValueError:
            raise _Faulty(rels_name(part)) from None


def faulty_part(parts: Mapping[str, bytes], entries: Iterable[Entry], source: bytes, damage: type[Exception]) -> str:
    """The name of a part for which a workbook can't be written again; ``""`` if there is none.

    Args: entries: what the zip's directory says of the parts; source: the file; damage: what asking for a part raises
          when it can't be read.
    """
    try:
        package = _Package(parts, damage)
        _check(package, package.main, separator=" ")
        for entry in entries:
            if not copied(source, entry.offset, entry.packed):
                return entry.name
        _check_edited(package)
    except _Faulty as faulty:
        return str(faulty)
    return ""


def _check_edited(package: View) -> None:
    links = package.relations(package.main)
    for link in links:
        if link.kind == "styles" and link.target in package and too_many_styles(package[link.target]):
            raise _Faulty(link.target)
    links += [more for link in links if link.kind == "worksheet" for more in package.relations(link.target)]
    for part in (CONTENT_TYPES, *dict.fromkeys(link.target for link in links if link.kind in _EDITED)):
        if part in package:
            _check(package, part)


def _check(package: View, name: str, separator: str | None = None) -> None:
    """Check that a part is well-formed: a tenth of what making a tree of it takes.

    Args:   separator: whether prefixes are looked at too.
    Raises: _Faulty.
    """
    part = package[name]
    try:
        refuse_entities(part)
        expat.ParserCreate(namespace_separator=separator).Parse(part, True)
    except (expat.ExpatError, ValueError):
        raise _Faulty(name) from None


def too_many_styles(part: bytes) -> bool:
    """Whether styles would take seconds to edit."""
    return part.count(b"<") > STYLES_TAGS_MAX


def copied(source: bytes, offset: int, size: int) -> tuple[bytes, bytes] | None:
    """The extra field and the compressed bytes of a part, as they are; ``None`` if they are not where it is said."""
    head = source[offset : offset + _HEADER]
    if not head.startswith(_LOCAL) or len(head) < _HEADER:
        return None
    names, extras = struct.unpack_from("<2H", head, _HEADER - 4)
    start = offset + _HEADER + names
    data = source[start + extras : start + extras + size]
    return (source[start : start + extras], data) if len(data) == size else None
