"""An Office Open XML file as a zip of parts: the parts written are replaced, every other byte is left alone.

Parts that nobody writes keep their compressed bytes, their place in the zip, their date and their attributes.
"""

import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from lxml import etree

CONTENT_TYPES = "[Content_Types].xml"
_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_STREAMED, _UTF8, _DEFLATED, _ZIP64_EXTRA = 0x08, 0x800, 8, 1
_PROLOG = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""What the type of a relation begins with, in the flavour that spreadsheets write."""
_NO_RELATION = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_EPOCH = (1980, 1, 1, 0, 0, 0)


def parse(content: bytes) -> Any:
    """The root element of a part; entities are never resolved."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False))


def serialize(root: Any, original: bytes = b"") -> bytes:
    """A part's bytes, under the XML declaration it had."""
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    head, found, _ = original[:200].partition(b"?>")
    if not found or b"encoding" not in head or b"utf-8" not in head.lower():
        return _PROLOG + body
    rest = original[len(head) + 2 :]
    return head + b"?>" + rest[: len(rest) - len(rest.lstrip())] + body


def local(element: Any) -> str:
    """A tag without its namespace; ``""`` for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another; ``cible`` is the full name of the part (or an outside address)."""

    id: str
    type: str
    cible: str

    @property
    def genre(self) -> str:
        """The last word of the type: ``worksheet``, ``table``…"""
        return self.type.rpartition("/")[2]


class Package:
    """The parts of one file.

    Raises: zipfile.BadZipFile, KeyError for a file that is not a package or lacks a part.
    """

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._zip = zipfile.ZipFile(BytesIO(source))
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self._read: dict[str, bytes] = {}
        self._written: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._infos or name in self._written

    def names(self) -> list[str]:
        """Every part, in the zip's order, new ones last."""
        return [*self._infos, *(name for name in self._written if name not in self._infos)]

    def read(self, name: str) -> bytes:
        """A part's bytes, as last written."""
        if name not in self._written and name not in self._read:
            self._read[name] = self._zip.read(name)
        return self._written[name] if name in self._written else self._read[name]

    def write(self, name: str, content: bytes) -> None:
        """Replace or add a part; nothing happens when it already reads so."""
        if name not in self or self.read(name) != content:
            self._written[name] = content

    def relations(self, part: str) -> list[Relation]:
        """What a part (``""`` for the package) links to."""
        rels = rels_name(part)
        if rels not in self:
            return []
        folder = posixpath.dirname(part)
        return [
            Relation(
                item.get("Id"),
                item.get("Type"),
                item.get("Target") if item.get("TargetMode") == "External" else _resolve(folder, item.get("Target")),
            )
            for item in parse(self.read(rels))
            if local(item) == "Relationship"
        ]

    def relate(self, part: str, genre: str, target: str) -> str:
        """Add a relation from a part to another part and return its identifier."""
        rels = rels_name(part)
        original = self.read(rels) if rels in self else _NO_RELATION
        root = parse(original)
        taken = {item.get("Id") for item in root}
        number = next(n for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        base = next((item.get("Type") for item in root), f"{RELATIONS}/").rpartition("/")[0]
        etree.SubElement(
            root,
            f"{{{etree.QName(root).namespace}}}Relationship",
            {"Id": f"rId{number}", "Type": f"{base}/{genre}", "Target": f"/{target}"},
        )
        self.write(rels, serialize(root, original))
        return f"rId{number}"

    def declare(self, part: str, content_type: str) -> None:
        """State the content type of a new part."""
        original = self.read(CONTENT_TYPES)
        root = parse(original)
        tag = f"{{{etree.QName(root).namespace}}}Override"
        etree.SubElement(root, tag, {"PartName": f"/{part}", "ContentType": content_type})
        self.write(CONTENT_TYPES, serialize(root, original))

    @cached_property
    def main(self) -> str:
        """The name of the main part (``xl/workbook.xml``)."""
        return next((rel.cible for rel in self.relations("") if rel.genre == "officeDocument"), "")

    def to_bytes(self) -> bytes:
        """The whole file."""
        if not self._written:
            return self._source
        out, directory = BytesIO(), BytesIO()
        for info in self._zip.infolist():
            content = self._written.get(info.filename)
            data, entry = self._kept(info) if content is None else _packed(content, info)
            _append(out, directory, entry, data)
        for name, content in self._written.items():
            if name not in self._infos:
                data, entry = _packed(content, zipfile.ZipInfo(name, _EPOCH))
                _append(out, directory, entry, data)
        count = self._zip.infolist().__len__() + sum(name not in self._infos for name in self._written)
        start, size, comment = out.tell(), directory.tell(), self._zip.comment
        out.write(directory.getvalue())
        out.write(struct.pack("<4s4H2LH", _END, 0, 0, count, count, size, start, len(comment)) + comment)
        return out.getvalue()

    def _kept(self, info: zipfile.ZipInfo) -> tuple[bytes, "_Entry"]:
        """The compressed bytes of an untouched part, as they are."""
        names, extras = struct.unpack_from("<2H", self._source, info.header_offset + 26)
        start = info.header_offset + 30 + names
        extra = self._source[start : start + extras]
        data = self._source[start + extras : start + extras + info.compress_size]
        return data, _Entry(info, info.compress_type, info.CRC, len(data), info.file_size, extra)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the zip says of one part."""

    info: zipfile.ZipInfo
    method: int
    crc: int
    packed: int
    size: int
    extra: bytes


def _packed(content: bytes, info: zipfile.ZipInfo) -> tuple[bytes, _Entry]:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush()
    return data, _Entry(info, _DEFLATED, zlib.crc32(content), len(data), len(content), b"")


def _append(out: BytesIO, directory: BytesIO, entry: _Entry, data: bytes) -> None:
    """Write one part and its line of the directory; sizes stand in the header, whatever the source did."""
    info, offset = entry.info, out.tell()
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
    year, month, day, hour, minute, second = info.date_time
    when = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
    flags = info.flag_bits & ~_STREAMED
    common = (flags, entry.method, *when, entry.crc, entry.packed, entry.size, len(name))
    extra = _without_zip64(entry.extra)
    version = min(info.extract_version, 20) or 20
    out.write(struct.pack("<4s5H3L2H", _LOCAL, version, *common, len(extra)) + name + extra + data)
    extra = _without_zip64(info.extra)
    made_by = (info.create_version, info.create_system, version)
    rest = (len(extra), len(info.comment), 0, info.internal_attr, info.external_attr, offset)
    directory.write(struct.pack("<4s2B5H3L5H2L", _CENTRAL, *made_by, *common, *rest) + name + extra + info.comment)


def _without_zip64(extra: bytes) -> bytes:
    """A zip's extra field without the 64-bit sizes, which no longer apply."""
    kept, position = b"", 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind != _ZIP64_EXTRA:
            kept += extra[position : position + 4 + length]
        position += 4 + length
    return kept


def rels_name(part: str) -> str:
    """Where a part's relations are kept."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
