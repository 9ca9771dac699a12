"""Small XML parts; any prefix, quoting and order of attributes will do.

`elements` is the standard library's expat; `tags` costs a tenth of it where a few elements out of many are wanted.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from xml.parsers import expat

PART_MAX = 2**23
Element = tuple[str, dict[str, str], str]


def elements(part: bytes) -> list[Element]:
    """Every element, in order of its end: local name, attributes by local name, own text.

    Raises: ValueError if the part is not well-formed.
    """
    found: list[Element] = []
    stack: list[tuple[str, dict[str, str], list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append((local(name), {local(key): value for key, value in attributes.items()}, []))

    def end(_: str) -> None:
        name, attributes, text = stack.pop()
        found.append((name, attributes, "".join(text)))

    def characters(text: str) -> None:
        if stack:
            stack[-1][2].append(text)

    parse(part, start, end, characters)
    return found


_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&([^;&]*);?")
_ATTRIBUTE = re.compile(rb"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")
PREFIX = rb"(?:[^\s<>/:]++:)?"
_GIVEN = rb"""((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*)"""
_END = re.compile(rb"(?:</%b\w++|/)\s*+>\s*+$" % PREFIX)
_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


@cache
def _tag(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rb"<%b(%b)(?=[\s/>])%b>([^<]*+)" % (PREFIX, "|".join(names).encode(), _GIVEN))


def usual(*pieces: bytes) -> bool:
    """Whether XML, or what surrounds a piece of it, is UTF-8 without comments nor CDATA, and ends as it should."""
    head, tail = pieces[0], pieces[-1]
    return _END.search(tail[-99:]) is not None and not _ENCODING.match(head) and all(b"<!" not in p for p in pieces)


def tags(part: bytes, *names: str) -> Iterator[Element]:
    """The elements of those local names, in order of their start: name, attributes by local name, first text.

    Raises: ValueError if it is too long, or in an unusual writing and not well-formed, or if a text is no text.
    """
    for name, given, text in _tag(names).findall(plain(part)):
        yield name.decode(), attributes(given), decoded(text)


def attributes(given: bytes) -> dict[str, str]:
    """The attributes of an element, by local name. Raises: ValueError if one is no text."""
    return {_name(key): decoded(one or other) for key, one, other in _ATTRIBUTE.findall(given)}


@lru_cache(maxsize=256)
def _name(key: bytes) -> str:
    return local(key.decode())


def plain(part: bytes) -> bytes:
    """The same XML in the usual writing. Raises: ValueError if it was not so and is not well-formed, or is too long."""
    if len(part) > PART_MAX:
        raise ValueError("too long")
    if usual(part):
        return part
    out: list[str] = []

    def start(name: str, given: dict[str, str]) -> None:
        out.append(f"<{name}{written(given)}>")

    parse(part, start, lambda name: out.append(f"</{name}>"), lambda text: out.append(encoded(text)))
    return "".join(out).encode()


def parse(part: bytes, start: object, end: object, characters: object) -> None:
    """Run expat with three handlers.

    Raises: ValueError if the part is not well-formed.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end  # type: ignore[assignment]
    parser.CharacterDataHandler = characters  # type: ignore[assignment]
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from None


def decoded(raw: bytes) -> str:
    """The characters of some XML text.

    Raises: ValueError if it is not UTF-8, or has an entity that no text has.
    """
    text = raw.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith(("#x", "#X")):
        return chr(int(name[2:], 16))
    if name.startswith("#"):
        return chr(int(name[1:]))
    if name not in _CHARACTERS:
        raise ValueError(f"unknown entity: {name[:9]}")
    return _CHARACTERS[name]


def encoded(text: str) -> str:
    """Some text as XML holds it, in an element or an attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\r", "&#13;")


def written(given: Mapping[str, str]) -> str:
    """Attributes as XML holds them."""
    return "".join(f' {key}="{encoded(value)}"' for key, value in given.items())


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def named(found: list[Element], name: str) -> Iterator[tuple[dict[str, str], str]]:
    """The attributes and text of the elements of one name."""
    return ((attributes, text) for tag, attributes, text in found if tag == name)
