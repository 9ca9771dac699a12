"""The parts of a zip.

A part is inflated within bounds, brought to UTF-8 and checked when it is asked for, once unless it is large: what is
read is those very bytes. One that nobody asks for is never inflated.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.directory import Entry
from aap_xl.workbook.ooxml.encodings import Entities, refuse_entities, to_utf8
from aap_xl.workbook.ooxml.limits import LARGE
from aap_xl.workbook.reading.files.refusals import MIB, Cause, FichierRefuse

INFLATED_MAX = 128 * MIB
"""All parts that are read together. A workbook of 300 people is under 6 MiB; one that we made of 5 000 people and
20 000 expenses, under 104."""
_NO_XML = (".bin", "mimetype")
_STORED, _DEFLATED = 0, 8
_USUAL = pattern(
    rb"""<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="yes")?\?>\s*+<[A-Za-z_][^<>\0]{32,}+"""
)
"""The start of a part that declares to be in UTF-8 and has no DTD: its root is of some length."""
_STEP = 72 * 1024
"""Compressed bytes inflated at once, to 72 MiB at worst."""


class Parts(Mapping[str, bytes]):
    """Parts by name, XML in UTF-8; asking for one raises FichierRefuse if it is damaged, dangerous or too much."""

    def __init__(self, data: bytes, entries: list[Entry]) -> None:
        self._data = data
        self._entries = {entry.name: entry for entry in entries}
        self._inflated, self._asked = dict[str, bytes](), set[str]()
        self._left = INFLATED_MAX

    def __getitem__(self, name: str) -> bytes:
        if name in self._inflated:
            return self._inflated[name]
        entry = self._entries[name]
        if name not in self._asked:
            self._asked.add(name)
            self._left -= entry.size
        if self._left < 0:
            raise FichierRefuse(Cause.INFLATED)
        part = _inflate(self._data, entry)
        part = part if name.casefold().endswith(_NO_XML) else _checked(part)
        if len(part) <= LARGE:
            self._inflated[name] = part
        return part

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _inflate(data: bytes, entry: Entry) -> bytes:
    """One part, never more bytes than its directory entry says."""
    try:
        name, extra = struct.unpack_from("<HH", data, entry.offset + 26)
        start = entry.offset + 30 + name + extra
        raw = memoryview(data)[start : start + entry.packed]
        if entry.method == _DEFLATED:
            part = _deflated(raw, entry.size)
        elif entry.method == _STORED:
            part = bytes(raw)
        else:
            raise FichierRefuse(Cause.DAMAGED)
    except (struct.error, zlib.error, ValueError, OverflowError):
        raise FichierRefuse(Cause.DAMAGED) from None
    if len(part) != entry.size or zlib.crc32(part) != entry.crc:
        raise FichierRefuse(Cause.DAMAGED)
    return part


def _deflated(raw: memoryview, size: int) -> bytes:
    """Inflate by steps, since a step can't give more than a thousand times what it takes."""
    if len(raw) <= _STEP:
        return zlib.decompress(raw, -15, max(size, 1))
    inflater = zlib.decompressobj(-15)
    chunks: list[bytes] = []
    left = size
    for start in range(0, len(raw), _STEP):
        chunks.append(inflater.decompress(raw[start : start + _STEP]))
        left -= len(chunks[-1])
        if left < 0:
            break
    return b"".join(chunks)


def _checked(part: bytes) -> bytes:
    """XML in UTF-8, without a DTD."""
    if _USUAL.match(part):
        return part
    try:
        part = to_utf8(part)
        refuse_entities(part)
    except Entities:
        raise FichierRefuse(Cause.ENTITIES) from None
    except ValueError:
        raise FichierRefuse(Cause.DAMAGED) from None
    if part.find(b"\0", 0, 64) >= 0:
        raise FichierRefuse(Cause.DAMAGED)
    return part
