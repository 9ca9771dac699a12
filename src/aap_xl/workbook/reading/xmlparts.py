"""Small XML parts read with the standard library's expat; any prefix, quoting and order of attributes will do."""

from collections.abc import Iterator
from xml.parsers import expat

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


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def named(found: list[Element], name: str) -> Iterator[tuple[dict[str, str], str]]:
    """The attributes and text of the elements of one name."""
    return ((attributes, text) for tag, attributes, text in found if tag == name)
