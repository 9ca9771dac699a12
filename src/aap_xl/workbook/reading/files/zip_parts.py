"""The text parts of a zip.

A part is inflated within bounds and checked when it is asked for, once: what is read is those very bytes. One that
nobody asks for is never inflated.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from aap_xl.workbook.reading.files.refusals import Cause, FichierRefuse

_NO_DTD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<[A-Za-z_]")
"""A part whose root element follows its declaration: a DTD can only come before the root."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DEFLATED = 8
_STEP = 72 * 1024
"""Compressed bytes inflated at once, to 72 MiB at worst."""


class Parts(Mapping[str, bytes]):
    """Parts by name; asking for one raises FichierRefuse if it is damaged or dangerous."""

    def __init__(self, data: bytes, entries: list[zipfile.ZipInfo]) -> None:
        self._data = data
        self._entries = {entry.filename: entry for entry in entries}
        self._inflated: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._inflated:
            part = _inflate(self._data, self._entries[name])
            if name.endswith((".xml", ".rels")):
                _check_xml(part)
            self._inflated[name] = part
        return self._inflated[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, never more bytes than its directory entry says."""
    try:
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        start = entry.header_offset + 30 + name + extra
        raw = memoryview(data)[start : start + entry.compress_size]
        if entry.compress_type == _DEFLATED:
            part = _deflated(raw, entry.file_size)
        elif entry.compress_type == zipfile.ZIP_STORED:
            part = bytes(raw)
        else:
            raise FichierRefuse(Cause.DAMAGED)
    except (struct.error, zlib.error, ValueError, OverflowError):
        raise FichierRefuse(Cause.DAMAGED) from None
    if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
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


def _check_xml(part: bytes) -> None:
    if part.startswith(_UTF16) or b"\0" in part[:64]:
        raise FichierRefuse(Cause.DAMAGED)
    if not _NO_DTD.match(part) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
        raise FichierRefuse(Cause.ENTITIES)
