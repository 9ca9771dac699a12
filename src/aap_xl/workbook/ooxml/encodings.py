"""XML brought to UTF-8, so that the rest need know no other encoding."""

import codecs
import re

_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^<>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_ENCODING = re.compile(r"""(<\?xml[^<>]*?\sencoding\s*=\s*)(["'])[^"'<>]*\2""")
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_OF_BYTES = re.compile(r"iso8859-\d+|cp\d+|ascii")
"""Encodings in which a declaration reads as in ASCII."""


def to_utf8(part: bytes) -> bytes:
    """The same XML in UTF-8, its declaration rewritten; the very same bytes when it was so already.

    Raises: ValueError if it is not in the encoding that it declares, or in one that no spreadsheet writes.
    """
    encoding = _UTF16.get(part[:2])
    if encoding is None:
        declared = _DECLARED.match(part)
        if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
            return part
        encoding = _of_bytes(declared[1].decode())
    text = part.decode(encoding).removeprefix("\ufeff")
    return _ENCODING.sub(r"\1\2UTF-8\2", text, count=1).encode()


def _of_bytes(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise ValueError(f"unknown encoding: {declared}") from None
    if not _OF_BYTES.fullmatch(name):
        raise ValueError(f"unexpected encoding: {declared}")
    return name
