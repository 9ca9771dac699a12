"""A zip whose parts are copied without inflating them."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One member of a zip, ready to be written again."""

    nom: str
    methode: int
    crc: int
    taille: int
    octets: bytes


def brut(archive: bytes, info: zipfile.ZipInfo) -> Part:
    """One member as the archive holds it, still packed."""
    name, extra = struct.unpack_from("<HH", archive, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    octets = archive[start : start + info.compress_size]
    return Part(info.filename, info.compress_type, info.CRC, info.file_size, octets)


def _deflated(nom: str, content: bytes) -> Part:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return Part(nom, 8, zlib.crc32(content), len(content), packer.compress(content) + packer.flush())


def assembler(parts: Mapping[str, Part], changed: Mapping[str, str]) -> bytes:
    """The zip of some parts changed, the others copied without inflating them."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for nom in [*parts, *(nom for nom in changed if nom not in parts)]:
        part = _deflated(nom, changed[nom].encode()) if nom in changed else parts[nom]
        name = nom.encode()
        sizes = (part.methode, 0, 33, part.crc, len(part.octets), part.taille, len(name), 0)
        fields = struct.pack("<HHHHHIIIHH", 20, 0x800, *sizes)
        chunks += (b"PK\3\4", fields, name, part.octets)
        directory += (b"PK\1\2\x14\0", fields, b"\0" * 10, struct.pack("<I", offset), name)
        offset += 30 + len(name) + len(part.octets)
    central = b"".join(directory)
    count = len(directory) // 5
    return b"".join((*chunks, central, b"PK\5\6", struct.pack("<HHHHIIH", 0, 0, count, count, len(central), offset, 0)))
