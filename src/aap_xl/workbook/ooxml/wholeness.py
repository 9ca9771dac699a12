"""Whether a workbook can be written again: what may have to be edited is well-formed, everything else can be copied.

The reader asks before anything is computed, the writer before anything is changed.
"""

import pyexpat as expat
import struct
from collections.abc import Callable, Iterable, Mapping

from aap_xl.workbook.ooxml.directory import Entry
from aap_xl.workbook.ooxml.encodings import refuse_entities
from aap_xl.workbook.ooxml.limits import Excess, check_tags, check_tree
from aap_xl.workbook.ooxml.view import CONTENT_TYPES, Relation, View, rels_name

STYLES_TAGS_MAX = 2**16
"""Tags of the styles part; that of a filled workbook has some hundreds."""
_STYLES_MIB = 16
_LOCAL = b"PK\3\4"
_HEADER = 30


class Fault(Exception):
    """A part for which a workbook can't be written again.

    Attributes: part: its name; excess: what it has too much of, ``None`` if it is damaged.
    """

    def __init__(self, part: str, why: Exception | None = None) -> None:
        super().__init__(part)
        self.part = part
        self.excess = why if isinstance(why, Excess) else None


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
            raise Fault(name) from None

    def relations(self, part: str = "") -> list[Relation]:
        try:
            return super().relations(part)
        except ValueError as error:
            raise Fault(rels_name(part), error) from None


def check(parts: Mapping[str, bytes], entries: Iterable[Entry], source: bytes, damage: type[Exception]) -> None:
    """Make sure that a workbook can be written again.

    Args:   entries: what the zip's directory says of the parts; source: the file; damage: what asking for a part
            raises when it can't be read.
    Raises: Fault.
    """
    package = _Package(parts, damage)
    _check(package, package.main, check_tree, separator=" ")
    for entry in entries:
        if not copied(source, entry.offset, entry.packed):
            raise Fault(entry.name)
    _check_edited(package)


def _check_edited(package: View) -> None:
    links = package.relations(package.main)
    links += [more for link in links if link.kind == "worksheet" for more in package.relations(link.target)]
    edited = {link.target: _EDITED[link.kind] for link in links if link.kind in _EDITED}
    for part, weigh in {CONTENT_TYPES: check_tree, **edited}.items():
        if part in package:
            _check(package, part, weigh)


def _check(package: View, name: str, weigh: Callable[[bytes], object], separator: str | None = None) -> None:
    """Check that a part is well-formed, and no more than is edited: a tenth of what making a tree of it takes.

    Args:   separator: whether prefixes are looked at too.
    Raises: Fault.
    """
    part = package[name]
    try:
        refuse_entities(part)
        weigh(part)
        expat.ParserCreate(namespace_separator=separator).Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise Fault(name, error) from None


def check_styles(part: bytes) -> None:
    """Raise `Excess` for styles that would take seconds to edit."""
    check_tags(part, STYLES_TAGS_MAX)
    if len(part) > _STYLES_MIB * 2**20:
        raise Excess(_STYLES_MIB, "Mio")


def check_frame(part: bytes) -> None:
    """Raise `Excess` for a worksheet in which what stands around the rows would: these are edited as bytes."""
    start, end = part.find(b"<sheetData>"), part.rfind(b"</sheetData>")
    check_tree(part[:start] + part[end:] if 0 <= start < end else part)


_EDITED = {"worksheet": check_frame, "styles": check_styles, "table": check_tree, "calcChain": len}


def copied(source: bytes, offset: int, size: int) -> tuple[bytes, bytes] | None:
    """The extra field and the compressed bytes of a part, as they are; ``None`` if they are not where it is said."""
    head = source[offset : offset + _HEADER]
    if not head.startswith(_LOCAL) or len(head) < _HEADER:
        return None
    names, extras = struct.unpack_from("<2H", head, _HEADER - 4)
    start = offset + _HEADER + names
    data = source[start + extras : start + extras + size]
    return (source[start : start + extras], data) if len(data) == size else None
