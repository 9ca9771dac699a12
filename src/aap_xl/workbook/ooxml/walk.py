"""A part read by namespace and place, so that nothing foreign is ever taken for what it is the namesake of.

A vocabulary names elements and attributes whatever prefixes the part itself uses. An element is known by its path,
``workbook/sheets/sheet``. Elements of other namespaces are left out with all that they hold; of an
``mc:AlternateContent``, what a spreadsheet of today would choose is read as if it stood there alone; so is what stands
in a foreign element that ``mc:ProcessContent`` names (ECMA-376 part 3, 7).
"""

import pyexpat as expat
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NoReturn

from aap_xl.records import Values
from aap_xl.workbook.ooxml.limits import DEPTH, DEPTH_MAX, Excess, check_tags
from aap_xl.workbook.ooxml.namespaces import RELATIONS, SPREADSHEET, transitional

TAGS_MAX = 3 * 2**16
"""Tags of one part, both of an element counted: more would take seconds."""
_KNOWN_MAX = 2**12
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ALTERNATIVES, _CHOICE, _FALLBACK = (f"{_COMPATIBILITY} {n}" for n in ("AlternateContent", "Choice", "Fallback"))
_PROCESSED = f"{_COMPATIBILITY} ProcessContent"
_EXTENSIONS = "http://schemas.microsoft.com/office/spreadsheetml/"
"""What the namespaces that spreadsheets added to the standard begin with."""

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str, str], object]


class Found(Values):
    """One element: its path, its attributes, its own text."""

    path: str
    given: dict[str, str]
    text: str


class _Names(dict[str, str]):
    """Short names by full ones, ``namespace local`` as expat has them; ``""`` for what is foreign."""

    def __init__(self, prefixes: Mapping[str, str], *, bare: bool) -> None:
        super().__init__()
        self._prefixes = prefixes
        self._bare = bare

    def __missing__(self, name: str) -> str:
        uri, _, local = name.rpartition(" ")
        prefix = self._prefixes.get(transitional(uri)) if uri else "" if self._bare else None
        found = "" if prefix is None else prefix + local
        if len(self) < _KNOWN_MAX:
            self[name] = found
        return found


class Vocabulary:
    """Prefixes by namespace, in its usual flavour: ``{SPREADSHEET: "", RELATIONS: "r:"}`` names ``sheet``, ``r:id``."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.elements, self.attributes = _Names(prefixes, bare=False), _Names(prefixes, bare=True)


SHEET = Vocabulary({SPREADSHEET: "", RELATIONS: "r:", "http://www.w3.org/XML/1998/namespace": "xml:"})
"""The words of a workbook's own parts."""


class _Walker:
    """Where the reading of one part stands."""

    def __init__(self, vocabulary: Vocabulary, ways: frozenset[str], start: Start, end: End | None) -> None:
        self._elements, self._attributes, self._ways = vocabulary.elements, vocabulary.attributes, ways
        self._start, self._end = start, end
        self._path = ""
        self._texts: list[list[str]] = [[]]
        self._open: list[str | None] = []
        """The path around each open element; ``None`` for those that are read as if they were not there."""
        self._processed: list[set[str]] = []
        """The foreign elements, by their full names, that each open element has read so."""
        self._settled: list[bool] = []
        """Whether a choice was made, for each open set of alternatives."""
        self._choosing = False
        self._skipped = 0
        self._prefixes: dict[str | None, list[str]] = {}

    def run(self, part: bytes) -> None:
        """Go through the part, telling what is known. Raises: ValueError."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.StartNamespaceDeclHandler, parser.EndNamespaceDeclHandler = self.declare, self.forget
        if self._end:
            parser.buffer_text = True
            parser.CharacterDataHandler = self.text
        _parse(parser, part)

    def start(self, name: str, given: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
            return
        short = self._elements[name]
        if not short or self._choosing:
            if not self._open:
                raise ValueError("an unknown root")
            self._skipped = not self._alternative(name, given)
            return
        path = f"{self._path}/{short}" if self._path else short
        if self._ways and path not in self._ways:
            self._skipped = 1
            return
        self._enter(self._path, given)
        self._path = path
        self._texts.append([])
        names = self._attributes
        self._start(path, {key: value for full, value in given.items() if (key := names[full])})

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        around = self._open.pop()
        self._processed.pop()
        if around is None:
            self._choosing = name in (_CHOICE, _FALLBACK)
            if name == _ALTERNATIVES:
                self._settled.pop()
            return
        text = self._texts.pop()
        if self._end:
            self._end(self._path, "".join(text))
        self._path = around

    def text(self, text: str) -> None:
        if not self._skipped:
            self._texts[-1].append(text)

    def declare(self, prefix: str | None, uri: str | None) -> None:
        self._prefixes.setdefault(prefix, []).append(uri or "")

    def forget(self, prefix: str | None) -> None:
        self._prefixes[prefix].pop()

    def _alternative(self, name: str, given: dict[str, str]) -> bool:
        """Whether what an element holds is to be read as if the element were not there."""
        anything = f"{name.partition(' ')[0]} *"
        if not self._choosing and any(name in found or anything in found for found in self._processed):
            self._enter(None, given)
            return True
        if name == _ALTERNATIVES and not self._choosing:
            self._settled.append(False)
        elif self._choosing and not self._settled[-1] and (name == _FALLBACK or self._chosen(name, given)):
            self._settled[-1] = True
        else:
            return False
        self._choosing = name == _ALTERNATIVES
        self._enter(None, given)
        return True

    def _chosen(self, name: str, given: dict[str, str]) -> bool:
        """Whether an element is a choice, all of which a spreadsheet of today understands."""
        asked = [(self._prefixes.get(prefix) or [""])[-1] for prefix in given.get("Requires", "").split()]
        known = [transitional(uri) == SPREADSHEET or uri.startswith(_EXTENSIONS) for uri in asked]
        return name == _CHOICE and bool(known) and all(known)

    def _enter(self, around: str | None, given: dict[str, str]) -> None:
        self._open.append(around)
        pairs = (name.partition(":") for name in given[_PROCESSED].split()) if _PROCESSED in given else ()
        self._processed.append({f"{(self._prefixes.get(prefix) or [''])[-1]} {local}" for prefix, _, local in pairs})
        if len(self._open) > DEPTH_MAX:
            raise Excess(DEPTH_MAX, DEPTH)


def _parse(parser: expat.XMLParserType, part: bytes) -> None:
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from None


def stream(
    part: bytes, vocabulary: Vocabulary, start: Start, end: Callable[[str], object], text: Callable[[str], object]
) -> None:
    """Tell every event of a part as it comes, by names of a vocabulary (``""`` for a foreign element).

    Raises: ValueError if it is not well-formed.
    """
    names, keys = vocabulary.elements, vocabulary.attributes
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, given: start(names[name], {keys[key]: given[key] for key in given})
    parser.EndElementHandler = lambda name: end(names[name])
    parser.CharacterDataHandler = text
    _parse(parser, part)


def walk(part: bytes, vocabulary: Vocabulary, start: Start, end: End | None = None, *paths: str) -> None:
    """Go through the elements that a vocabulary knows.

    Args:   start: given the path and the attributes of each; end: its path and its own text, when it ends; paths:
            those that are wanted (all of them if none is said); what leads to none is passed over.
    Raises: ValueError if the part is not well-formed or of another vocabulary; Excess if it has too many elements or
            nests them too deep.
    """
    check_tags(part, TAGS_MAX)
    _Walker(vocabulary, _ways(paths), start, end).run(part)


@lru_cache(maxsize=64)
def _ways(paths: tuple[str, ...]) -> frozenset[str]:
    """The paths themselves, and those that lead to them."""
    steps = (path.split("/") for path in paths)
    return frozenset("/".join(names[: rank + 1]) for names in steps for rank in range(len(names)))


def elements(part: bytes, vocabulary: Vocabulary, *paths: str) -> list[Found]:
    """The elements of some paths, in the order of their start. Raises: ValueError, as `walk`."""
    kept: list[Found] = []
    ranks: dict[str, int] = {}

    def start(path: str, given: dict[str, str]) -> None:
        if path in paths:
            ranks[path] = len(kept)
            kept.append(Found(path, given, ""))

    def end(path: str, text: str) -> None:
        if text and path in paths:
            kept[ranks[path]] = kept[ranks[path]]._replace(text=text)

    walk(part, vocabulary, start, end, *paths)
    return kept


class _RootFound(Exception):
    """Nothing more has to be parsed."""


def root(part: bytes, vocabulary: Vocabulary) -> Found:
    """The root element, without its text. Raises: ValueError if it is of another vocabulary, or not well-formed."""

    def start(path: str, given: dict[str, str]) -> NoReturn:
        raise _RootFound(path, given)

    try:
        walk(part, vocabulary, start)
    except _RootFound as one:
        path, given = one.args
        return Found(path, given, "")
    raise ValueError("no root")
