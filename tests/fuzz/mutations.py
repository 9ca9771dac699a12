"""One mutant: a workbook, and one to three changes to its XML, its zip, its records or its bytes."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from random import Random
from typing import Any

from fuzz import xml_mutations

Parts = dict[str, bytes]
_WEIGHTS = (("sheet", 6), ("content", 8), ("shared", 3), ("styles", 3), ("workbook", 3), ("table", 2), ("rels", 1))
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, OSError, EOFError, ValueError, KeyError)
_LOCAL, _CENTRAL = b"PK\3\4", b"PK\1\2"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file: its number in the campaign, its name, what was done to it, and its bytes."""

    number: int
    name: str
    done: tuple[str, ...]
    content: bytes


def mutant(seeds: dict[str, bytes], seed: int, number: int) -> Mutant:
    """The same seeds and numbers give the same mutant."""
    rng = Random(f"{seed}-{number}")  # noqa: S311 - repeatable on purpose
    name = rng.choice(sorted(seeds))
    content, done = seeds[name], []
    for _ in range(rng.choice((1, 1, 2, 3))):
        what, content = _changed(content, PurePath(name).suffix, rng)
        done.append(what)
    return Mutant(number, name, tuple(done), content)


def _changed(content: bytes, suffix: str, rng: Random) -> tuple[str, bytes]:
    luck = rng.random()
    if content.startswith(_LOCAL) and luck < 0.93:
        try:
            parts = _parts(content)
        except _UNREADABLE:
            return _of_bytes(content, rng)  # an earlier change made it unreadable
        if luck < 0.75 and parts:
            return _of_a_part(parts, suffix, rng)
        change = rng.choice(_ZIPS)
        return change.__name__, change(parts, rng)
    if content.startswith(b"\xd0\xcf") and luck < 0.7:
        return _of_a_stream(content, rng)
    return _of_bytes(content, rng)


def _parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), part, method, 1)
    return buffer.getvalue()


def _of_a_part(parts: Parts, suffix: str, rng: Random) -> tuple[str, bytes]:
    names = [name for name in parts if parts[name]]
    weights = [next((weight for word, weight in _WEIGHTS if word in name.lower()), 1) for name in names]
    [name] = rng.choices(names, weights)
    if name.endswith((".xml", ".rels")) and rng.random() < 0.93:
        what, part = xml_mutations.mutate(parts[name], rng)
    elif suffix == ".xlsb" and name.endswith(".bin"):
        what, part = _records(parts[name], rng, _binary_records)
    else:
        what, part = _of_bytes(parts[name], rng)
    return f"{what} {name}", _zipped(parts | {name: part})


# --- zips


def reorder(parts: Parts, rng: Random) -> bytes:
    return _zipped(dict(rng.sample(sorted(parts.items()), len(parts))))


def _renamed(parts: Parts, rng: Random, rename: Callable[[str], str]) -> bytes:
    chosen = rng.choice(sorted(parts))
    return _zipped({rename(name) if name == chosen else name: part for name, part in parts.items()})


def change_case(parts: Parts, rng: Random) -> bytes:
    return _renamed(parts, rng, str.swapcase)


def lower_all(parts: Parts, _: Random) -> bytes:
    return _zipped({name.lower(): part for name, part in parts.items()})


def backslashes(parts: Parts, _: Random) -> bytes:
    """As some programs for Windows write the names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo("x", (2025, 1, 1, 0, 0, 0))
            info.filename = name.replace("/", "\\")
            archive.writestr(info, part, zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()


def lead_with_slash(parts: Parts, rng: Random) -> bytes:
    return _renamed(parts, rng, lambda name: f"/{name}")


def drop_part(parts: Parts, rng: Random) -> bytes:
    dropped = rng.choice(sorted(parts))
    return _zipped({name: part for name, part in parts.items() if name != dropped})


def empty_part(parts: Parts, rng: Random) -> bytes:
    return _zipped(parts | {rng.choice(sorted(parts)): b""})


def swap_parts(parts: Parts, rng: Random) -> bytes:
    one, other = rng.choices(sorted(parts), k=2)
    return _zipped(parts | {one: parts[other], other: parts[one]})


def add_part(parts: Parts, rng: Random) -> bytes:
    name = rng.choice(
        ("xl/notes/", "dossier/", "xl/worksheets/sheet999.xml", "C:\\x.txt", "../x.xml", "é.xml", ".DS_Store")
    )
    return _zipped(parts | {name: b"" if name.endswith("/") else b"<x/>"})


def repeat_name(parts: Parts, rng: Random) -> bytes:
    """Two entries of one name, or of two that differ by their case."""
    chosen = rng.choice(sorted(parts))
    other = rng.choice((chosen.lower(), chosen.upper(), chosen[:-1] + "\1"))
    content = _zipped(parts | {other: parts[chosen]})
    return content.replace(other.encode(), chosen.encode()) if other.endswith("\1") else content


def store_all(parts: Parts, _: Random) -> bytes:
    return _zipped(parts, zipfile.ZIP_STORED)


def other_method(parts: Parts, rng: Random) -> bytes:
    return _zipped(parts, rng.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))


def streamed(parts: Parts, _: Random) -> bytes:
    """Sizes after the content, as a program that can't go back writes them."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.written += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED, 1)
    return bytes(pipe.written)


def surround(parts: Parts, rng: Random) -> bytes:
    before, after = rng.choice(((b"", b"\0" * 40), (b"MZ", b""), (b"\r\n", b"\r\n"), (b"", b"\x1a")))
    return before + _zipped(parts) + after


def lie_in_a_header(parts: Parts, rng: Random) -> bytes:
    """A field of one entry's header says something else: flags, method, CRC, sizes, lengths of names."""
    content = bytearray(_zipped(parts))
    mark, offsets = rng.choice(((_LOCAL, range(4, 30, 2)), (_CENTRAL, range(4, 46, 2))))
    places = [place for place in range(len(content) - 46) if content[place : place + 4] == mark]
    place = rng.choice(places) + rng.choice(offsets)
    struct.pack_into("<H", content, place, rng.choice((0, 1, 8, 9, 0x800, 0xFFFF, rng.randrange(0x10000))))
    return bytes(content)


_ZIPS = (
    *(reorder, change_case, lower_all, backslashes, lead_with_slash, drop_part, empty_part, swap_parts, add_part),
    *(repeat_name, store_all, other_method, streamed, surround, lie_in_a_header, lie_in_a_header),
)

# --- records of .xls and .xlsb


def _of_a_stream(content: bytes, rng: Random) -> tuple[str, bytes]:
    """The « Workbook » stream of an .xls changed in place; what no longer fits is cut."""
    import olefile  # noqa: PLC0415 - only here

    buffer = io.BytesIO(content)
    try:
        with olefile.OleFileIO(buffer, write_mode=True) as ole:
            stream = ole.openstream("Workbook").read()
            what, changed = _records(stream, rng, _stream_records)
            ole.write_stream("Workbook", changed[: len(stream)].ljust(len(stream), b"\0"))
    except (OSError, ValueError, IndexError):  # an earlier change made it unreadable
        return _of_bytes(content, rng)
    return what, buffer.getvalue()


def _stream_records(stream: bytes) -> list[bytes]:
    found, place = [], 0
    while place + 4 <= len(stream):
        size = 4 + struct.unpack_from("<H", stream, place + 2)[0]
        found.append(stream[place : place + size])
        place += size
    return found


def _binary_records(part: bytes) -> list[bytes]:
    found, place = [], 0
    while place < len(part):
        start = place
        place += 2 if part[place] & 0x80 else 1
        size = shift = 0
        while place < len(part) and shift < 28:
            byte = part[place]
            size |= (byte & 0x7F) << shift
            place, shift = place + 1, shift + 7
            if not byte & 0x80:
                break
        place += size
        found.append(part[start:place])
    return found


def _records(stream: bytes, rng: Random, cut: Callable[[bytes], list[bytes]]) -> tuple[str, bytes]:
    """One record dropped, repeated, moved, or its bytes changed."""
    records = cut(stream)
    rank = rng.randrange(len(records))
    change = rng.choice(("drop", "repeat", "move", "bytes", "bytes", "bytes"))
    if change == "drop":
        del records[rank]
    elif change == "repeat":
        records.insert(rank, records[rank])
    elif change == "move":
        records.insert(rng.randrange(len(records)), records.pop(rank))
    else:
        record = bytearray(records[rank])
        for _ in range(rng.choice((1, 1, 4))):
            record[rng.randrange(len(record))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
        records[rank] = bytes(record)
    return f"{change} of a record", b"".join(records)


# --- bytes


def _of_bytes(content: bytes, rng: Random) -> tuple[str, bytes]:
    """A truncation, an insertion, zeros, or a few bytes changed."""
    if not content:
        return "nothing", content
    change = rng.choice(("flip", "flip", "truncate", "insert", "zeros"))
    place = rng.randrange(len(content))
    data = bytearray(content)
    if change == "flip":
        for _ in range(rng.choice((1, 1, 3, 20))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif change == "truncate":
        del data[place:]
    elif change == "insert":
        data[place:place] = rng.randbytes(rng.choice((1, 4, 500)))
    else:
        data[place : place + rng.choice((1, 16, 512))] = bytes(len(data[place : place + 16]))
    return change, bytes(data)
