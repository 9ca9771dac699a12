"""The texts of an .xls, which records of continuation may cut anywhere, each cut saying anew how wide letters are.

Source: [MS-XLS] 2.4.265 (SST), 2.4.58 (Continue), 2.5.293 (XLUnicodeRichExtendedString).
"""

import struct
from collections.abc import Iterator, Sequence

_WIDE, _EXTENDED, _RICH = 1, 4, 8


def plain(data: bytes | memoryview, page: int) -> str:
    """A text of one byte a letter, in a code page of Windows."""
    try:
        return str(data, f"cp{page}", "replace")
    except LookupError:
        return str(data, "cp1252", "replace")


class Continued:
    """A record and those that continue it, read from one end to the other.

    Its methods raise ValueError or struct.error when it ends too soon.
    """

    def __init__(self, chunks: Sequence[memoryview], start: int) -> None:
        self._chunks = chunks
        self._rank, self._at = 0, start

    def texts(self, count: int) -> Iterator[str]:
        """So many texts."""
        return (self.text() for _ in range(count))

    def text(self) -> str:
        """The next text, without its looks and its pronunciation.

        ``05 00 | 00 | 41 42`` then, in the next record, ``01 | 43 00 44 00 45 00``: 5 letters, ABCDE.
        """
        left, flags = struct.unpack("<HB", self._take(3))
        after = 4 * int.from_bytes(self._take(2), "little") if flags & _RICH else 0
        after += int.from_bytes(self._take(4), "little") if flags & _EXTENDED else 0
        pieces: list[bytes] = []
        width = 1 + (flags & _WIDE)
        while left:
            if self._room < width:
                self._next()
                width = 1 + (self._take(1)[0] & _WIDE)
            count = min(left, self._room // width)
            piece = self._take(count * width)
            pieces.append(piece if width > 1 else piece.decode("latin-1").encode("utf-16-le"))
            left -= count
        self._skip(after)
        return b"".join(pieces).decode("utf-16-le", "replace").replace("\0", "")

    @property
    def _room(self) -> int:
        return len(self._chunks[self._rank]) - self._at

    def _next(self) -> None:
        self._rank, self._at = self._rank + 1, 0
        if self._rank >= len(self._chunks):
            raise ValueError("a text goes beyond its record")

    def _take(self, size: int) -> bytes:
        if size and not self._room:
            self._next()
        found = bytes(self._chunks[self._rank][self._at : self._at + size])
        if len(found) < size:
            raise ValueError("a text goes beyond its record")
        self._at += size
        return found

    def _skip(self, size: int) -> None:
        while size > self._room:
            size -= self._room
            self._next()
        self._at += size
