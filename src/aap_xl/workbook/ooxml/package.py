"""An Office Open XML file as a zip of parts: the parts written are replaced, every other byte is left alone.

Parts that nobody writes keep their compressed bytes, their place in the zip, their date and their attributes. A name
written otherwise than the relations have it (another case, backslashes…) is put right on the way.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from aap_xl.workbook.ooxml import namespaces
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.encodings import to_utf8
from aap_xl.workbook.ooxml.limits import LARGE, Excess, check_tree
from aap_xl.workbook.ooxml.tree import Document, SubElement, parse
from aap_xl.workbook.ooxml.view import CONTENT_TYPES, Relation, View, canonical, rels_name
from aap_xl.workbook.ooxml.wholeness import copied

_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_STREAMED, _UTF8, _DEFLATED, _ZIP64_EXTRA = 0x08, 0x800, 8, 1
_NO_RELATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError, ValueError)


_DAMAGED = (
    "est abîmée, ou écrite comme aucun tableur ne l'écrit ; ouvrez-le dans Excel ou LibreOffice, enregistrez-le à "
    "nouveau, puis recommencez."
)
_EXCESS = (
    "compte plus de {maximum} {quoi} ; {first}supprimez ce qui ne sert pas, ou recopiez les valeurs de ses feuilles "
    "dans un classeur vierge (aap-xl nouveau), puis recommencez."
)
_UNUSUAL = "enregistrez-le à nouveau dans Excel ou LibreOffice ; si cela ne suffit pas, "


class Unwritable(EcritureImpossible):
    """A part that can't be written again, or copied.

    Args: part: its name; why: the excess for which it can't, if it is not damaged; unusual: whether it would not be
          too much in the writing of a spreadsheet.
    """

    def __init__(self, part: str, why: ValueError | None = None, *, unusual: bool = False) -> None:
        what = _DAMAGED
        if isinstance(why, Excess):
            what = _EXCESS.format(maximum=why.maximum, quoi=why.quoi, first=_UNUSUAL if unusual else "")
        super().__init__(f"Ce classeur ne peut pas être réécrit : sa partie « {part} » {what}")


class _Parts(Mapping[str, bytes]):
    """The parts of a zip as they stand, those written since included."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self.infos = {info.filename: info for info in archive.infolist()}
        self.written: dict[str, bytes | _Deflated] = {}
        self._read: dict[str, bytes] = {}
        self._large = ""

    def __getitem__(self, name: str) -> bytes:
        if name in self.written:
            found = self.written[name]
            return found if isinstance(found, bytes) else found.content()
        if name in self._read:
            return self._read[name]
        try:
            part = to_utf8(self._zip.read(name))
        except _UNREADABLE:
            raise Unwritable(name) from None
        if len(part) <= LARGE:
            self._read[name] = part
        return part

    def put(self, name: str, content: bytes) -> None:
        """Replace or add a part; of those that are large, all but the last are kept deflated."""
        self._read.pop(name, None)
        if len(content) > LARGE:
            if self._large and self._large != name:
                self._deflate(self._large)
            self._large = name
        self.written[name] = content

    def deflate(self) -> dict[str, "_Deflated"]:
        """What was written, all of it deflated; nothing else is kept in memory."""
        self._read.clear()
        return {name: self._deflate(name) for name in self.written}

    def _deflate(self, name: str) -> "_Deflated":
        content = self.written[name]
        found = self.written[name] = _deflated(content) if isinstance(content, bytes) else content
        return found

    def __contains__(self, name: object) -> bool:
        return name in self.infos or name in self.written

    def __iter__(self) -> Iterator[str]:
        yield from self.infos
        yield from (name for name in self.written if name not in self.infos)

    def __len__(self) -> int:
        return len(self.infos.keys() | self.written.keys())


class Package(View):
    """The parts of one file, to be edited.

    Attributes: source: the file.
    Raises: zipfile.BadZipFile for a file that is no zip; Unwritable for a part that is damaged or ill-formed.
    """

    whole = True

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._zip = zipfile.ZipFile(BytesIO(source))
        self._stored = _Parts(self._zip)
        super().__init__(self._stored)

    def relations(self, part: str = "") -> list[Relation]:
        """What a part links to. Raises: Unwritable if that can't be known."""
        try:
            return super().relations(part)
        except ValueError as error:
            raise Unwritable(rels_name(part), error) from None

    def tree(self, name: str, weigh: Callable[[bytes], None] = check_tree) -> Document:
        """A part as a tree.

        Args:   weigh: raises Excess if that would take too long.
        Raises: Unwritable if it can't be made one; KeyError if it is not there.
        """
        part = self[name]
        try:
            weigh(part)
            return parse(part)
        except ValueError as error:
            raise Unwritable(name, error) from None

    def write(self, name: str, content: bytes) -> None:
        """Replace or add a part; nothing happens when it already reads so."""
        if name not in self:
            self._names[canonical(name)] = name
        elif self[name] == content:
            return
        self._stored.put(self._names[canonical(name)], content)

    def free(self, pattern: str) -> str:
        """The first of the names that a pattern makes with a number, which no part and no leftover of one bears."""
        names = (pattern.format(number) for number in range(1, len(self) + 2))
        return next(name for name in names if name not in self and rels_name(name) not in self)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation from a part to another part and return its identifier."""
        rels = rels_name(part)
        document = self.tree(rels) if rels in self else parse(_NO_RELATION)
        taken = {item.get("Id") for item in document.root}
        number = next(n for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        given = {"Id": f"rId{number}", "Type": self.flavoured(f"{namespaces.RELATIONS}/{kind}"), "Target": f"/{target}"}
        SubElement(document.root, f"{{{namespaces.PACKAGE_RELATIONS}}}Relationship", given)
        self.write(rels, document.to_bytes())
        return f"rId{number}"

    def declare(self, part: str, content_type: str) -> None:
        """State the content type of a new part."""
        document = self.tree(CONTENT_TYPES)
        tag = f"{{{namespaces.CONTENT_TYPES}}}Override"
        for item in document.root.findall(tag):
            if canonical(item.get("PartName", "")) == canonical(part):
                document.root.remove(item)
        SubElement(document.root, tag, {"PartName": f"/{part}", "ContentType": content_type})
        self.write(CONTENT_TYPES, document.to_bytes())

    def flavoured(self, uri: str) -> str:
        """A namespace, or the type of a relation, in the flavour of this package."""
        usual = all(link.type == namespaces.transitional(link.type) for link in self.relations(self.main))
        return uri if usual else namespaces.strict(uri)

    def to_bytes(self) -> bytes:
        """The whole file. Raises: Unwritable if a part can't even be copied."""
        if not self._stored.written:
            return self.source
        self._straighten()
        written = self._stored.deflate()
        out, directory, called = BytesIO(), BytesIO(), self.called()
        for info in self._zip.infolist():
            content = written.get(info.filename)
            data, entry = self._kept(info) if content is None else _packed(content, info)
            _append(out, directory, entry, data, called)
        added = [name for name in written if name not in self._stored.infos]
        for name in added:
            data, entry = _packed(written[name], zipfile.ZipInfo(name, _EPOCH))
            _append(out, directory, entry, data, called)
        count = len(self._zip.infolist()) + len(added)
        start, size, comment = out.tell(), directory.tell(), self._zip.comment
        out.write(directory.getvalue())
        out.write(struct.pack("<4s4H2LH", _END, 0, 0, count, count, size, start, len(comment)) + comment)
        return out.getvalue()

    def _straighten(self) -> None:
        """Write relations' targets with slashes."""
        for name in [name for name in self if name.casefold().endswith(".rels") and b"\\" in self[name]]:
            document = self.tree(name)
            for item in document.root:
                if item.get("TargetMode") != "External":
                    item.set("Target", item.get("Target", "").replace("\\", "/"))
            self.write(name, document.to_bytes())

    def _kept(self, info: zipfile.ZipInfo) -> tuple[bytes, "_Entry"]:
        """The compressed bytes of an untouched part, as they are."""
        found = copied(self.source, info.header_offset, info.compress_size)
        if found is None:
            raise Unwritable(info.filename)
        extra, data = found
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


@dataclass(frozen=True, slots=True)
class _Deflated:
    """A part as a zip holds it."""

    data: bytes
    crc: int
    size: int

    def content(self) -> bytes:
        """The part itself."""
        return zlib.decompress(self.data, -15, max(self.size, 1))


def _deflated(content: bytes) -> _Deflated:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return _Deflated(deflate.compress(content) + deflate.flush(), zlib.crc32(content), len(content))


def _packed(part: _Deflated, info: zipfile.ZipInfo) -> tuple[bytes, _Entry]:
    return part.data, _Entry(info, _DEFLATED, part.crc, len(part.data), part.size, b"")


def _append(out: BytesIO, directory: BytesIO, entry: _Entry, data: bytes, called: Mapping[str, str]) -> None:
    """Write one part and its line of the directory; sizes stand in the header, whatever the source did."""
    info, offset = entry.info, out.tell()
    name = _name(info, called)
    year, month, day, hour, minute, second = info.date_time
    when = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
    flags = info.flag_bits & ~_STREAMED
    common = (flags, entry.method, *when, entry.crc, entry.packed, entry.size, len(name))
    extra = _without_zip64(entry.extra)
    version = min(info.extract_version, 20) or 20
    # 50 4B 03 04 | 14 00 | 00 00 | 08 00 | 00 00 | 21 00 | C5 10 6A 3D | 2C 01 00 00 | 84 03 00 00 | 0F 00 | 00 00 |
    # xl/workbook.xml | the part: « PK », zip 2.0, no flag, deflated, at midnight on 1 January 1980 (year 0, month 1,
    # day 1: 0 << 9 | 1 << 5 | 1), its CRC, 300 bytes that were 900, a name of 15 characters, nothing more.
    out.write(struct.pack("<4s5H3L2H", _LOCAL, version, *common, len(extra)) + name + extra + data)
    extra = _without_zip64(info.extra)
    made_by = (info.create_version, info.create_system, version)
    rest = (len(extra), len(info.comment), 0, info.internal_attr, info.external_attr, offset)
    # The same between who wrote it (its zip, its system) and where the header above begins; its line says it last.
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


def _name(info: zipfile.ZipInfo, called: Mapping[str, str]) -> bytes:
    """The name of a part in the zip, as a package should write it."""
    name = called.get(canonical(info.filename), info.orig_filename.replace("\\", "/").lstrip("/"))
    name = name if name.isascii() else info.orig_filename
    return name.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
