"""What a zip's directory says of its parts.

The plain directory that spreadsheets write is read here; any other (a comment, sizes on 64 bits, something before the
zip…) by the standard library, which takes longer to import than a sheet to be read.
"""

import struct
from io import BytesIO

from aap_xl.records import Values

_CENTRAL, _END = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_VERSION_MAX = 63
_FOUR_BYTES = 2**32 - 1


class Entry(Values):
    """One part: its compressed size, and where it stands, among others."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def directory(data: bytes) -> list[Entry]:
    """The parts of a zip, in the order of its directory. Raises: ValueError if it has none that can be read."""
    try:
        return _plain(data)
    except (_NotPlain, struct.error):
        return _any(data)


class _NotPlain(Exception):
    """The directory is not written as spreadsheets do."""


def _plain(data: bytes) -> list[Entry]:
    end = len(data) - _END.size
    mark, _, _, _, _, length, place, comment = _END.unpack_from(data, max(end, 0))
    if mark != b"PK\5\6" or comment or place + length != end:
        raise _NotPlain
    found = []
    while place < end:
        mark, _, version, flags, method, _, _, crc, packed, size, name, extra, said, *_, offset = _CENTRAL.unpack_from(
            data, place
        )
        start = place + _CENTRAL.size
        raw = data[start : start + name]
        plain = raw.isascii() and b"\0" not in raw and b"\\" not in raw
        if mark != b"PK\1\2" or version > _VERSION_MAX or extra or not plain or _FOUR_BYTES in (packed, size, offset):
            raise _NotPlain
        found.append(Entry(raw.decode(), flags, method, crc, packed, size, offset))
        place = start + name + said
    if place != end:
        raise _NotPlain
    return found


def _any(data: bytes) -> list[Entry]:
    import zipfile  # noqa: PLC0415 - rare

    try:
        infos = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OverflowError, struct.error, EOFError, OSError) as error:
        raise ValueError(str(error)) from None
    return [
        Entry(i.filename, i.flag_bits, i.compress_type, i.CRC, i.compress_size, i.file_size, i.header_offset)
        for i in infos
    ]
