"""The usual writing of a workbook's parts, in which regular expressions may look for elements.

A piece of XML is in the usual writing when its root declares the spreadsheet's namespace, once, as the one of names
without a prefix; nothing within changes that; and no element of a prefix, extension, comment or instruction stands
there. An element without a prefix is then of the spreadsheet's own, and what is around it tells its place. This is
exact for well-formed XML: anything else is `Odd`, and has to be read by namespaces (`walk`) first.
"""

from collections.abc import Mapping
from functools import lru_cache

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.namespaces import SPREADSHEET, STRICT_SPREADSHEET

_DECLARATION = (
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?: encoding=["'](?i:utf-8)["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])? ?\?>)?\s*+"""
)
_ROOT = pattern(rb'%b<(\w++)((?: [\w:.-]++="[^"<>&]*+"){0,64}) ?>' % _DECLARATION)
_NAMESPACE = pattern(rb' xmlns(:[\w.-]++)?="([^"]*+)"')
_MAIN = (SPREADSHEET.encode(), STRICT_SPREADSHEET.encode())
_INSIDE = pattern(rb'[^<>]*+(?:<(?!extLst)/?+\w++(?: (?!xml)[\w:.-]++="[^"<>]*+")* ?/?+>[^<>]*+){0,20000}')
_KEPT_MAX = 2**13
"""Bytes of what comes before the rows of a sheet, for it to be remembered: in many files it is the same."""
_ENTITY = pattern(r"&([^;&]*);?")
_NUMBERED = pattern(r"#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))")
_BLANKS = frozenset(b"\t\n\r")


class Odd(Exception):
    """The XML is not written as usual; it has to be rewritten first."""


def root_end(part: bytes, name: bytes) -> int:
    """Where the start of a part's root ends. Raises: Odd if it is of another name, or not in the usual writing."""
    found = _ROOT.match(part)
    if not found or found[1] != name or not _usual_root(found[2]):
        raise Odd
    return found.end()


@lru_cache(maxsize=256)
def _usual_root(given: bytes) -> bool:
    if b" xml:" in given:
        return False
    main = [prefix for prefix, uri in _NAMESPACE.findall(given) if uri in _MAIN]
    return main == [b""]


def check_child(part: bytes, start: int, position: int) -> None:
    """Check that what stands at a position is a child of the root.

    Args:   start: where the root's start ends.
    Raises: Odd if it is not, or if what comes before is not in the usual writing.
    """
    before = part[start:position]
    whole = _kept_whole if len(before) <= _KEPT_MAX else _kept_whole.__wrapped__
    if position < start or not whole(before):
        raise Odd


@lru_cache(maxsize=128)
def _kept_whole(xml: bytes) -> bool:
    """Whether some XML is in the usual writing, and closes what it opens."""
    if not _INSIDE.fullmatch(xml):
        return False
    return xml.count(b"<") == 2 * xml.count(b"</") + xml.count(b"/>")


def decoded(text: str) -> str:
    """The characters of some XML text. Raises: ValueError if it has an entity that no text has."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" not in text:
        return text
    if text.count("&") == sum(map(text.count, _NAMED)):
        for entity, character in _NAMED.items():
            text = text.replace(entity, character)
        return text
    pieces = _ENTITY.split(text)
    pieces[1::2] = map(_CHARACTERS.__getitem__, pieces[1::2])
    return "".join(pieces)


_NAMED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The entities that have a name, in an order in which what one leaves is never taken for another."""


class _Characters(dict[str, str]):
    """What entities stand for, by name; a number is worked out once."""

    def __missing__(self, name: str) -> str:
        number = _NUMBERED.fullmatch(name)
        if number is None:
            raise ValueError(f"unknown entity: {name[:9]}")
        code = int(number[1], 16) if number[1] else int(number[2])
        if (code < 0x20 and code not in _BLANKS) or 0xD7FF < code < 0xE000 or 0xFFFD < code < 0x10000:
            raise ValueError("no character of XML")
        character = chr(code)
        if len(self) < _KNOWN_MAX:
            self[name] = character
        return character


_CHARACTERS = _Characters({entity[1:-1]: character for entity, character in _NAMED.items()})
_KNOWN_MAX = 2**12


def encoded(text: str) -> str:
    """Some text as XML holds it, in an element or an attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\r", "&#13;")


def written(given: Mapping[str, str]) -> str:
    """Attributes as XML holds them."""
    return "".join(f' {key}="{encoded(value)}"' for key, value in given.items())
