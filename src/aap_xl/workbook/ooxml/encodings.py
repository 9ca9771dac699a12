"""XML brought to UTF-8, so that the rest need know no other encoding; entities and DTDs refused."""

import codecs

from aap_xl.patterns import pattern

_USUAL = b'<?xml version="1.0" encoding="UTF-8"'
_DECLARED = pattern(rb"""(?:\xef\xbb\xbf)?<\?xml[^<>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_ENCODING = pattern(r"""(<\?xml[^<>]*?\sencoding\s*=\s*)(["'])[^"'<>]*\2""")
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_OF_BYTES = pattern(r"iso8859-\d+|cp\d+|ascii")
"""Encodings in which a declaration reads as in ASCII."""
_NO_DTD = pattern(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<[A-Za-z_]")
"""A part whose root element follows its declaration: a DTD can only come before the root."""


def to_utf8(part: bytes) -> bytes:
    """The same XML in UTF-8, its declaration rewritten; the very same bytes when it was so already.

    Raises: ValueError if it is not in the encoding that it declares, or in one that no spreadsheet writes.
    """
    if part.startswith(_USUAL):
        return part
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


class Entities(ValueError):
    """A part declares entities or a DTD, which no spreadsheet writes."""


def refuse_entities(part: bytes) -> None:
    """Raise `Entities` if a part in UTF-8 has a DTD."""
    if not _NO_DTD.match(part) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
        raise Entities("a DTD")
