"""The door to XML: a part as a tree, written back as it was but for what changed.

The parser is the standard library's expat, and so are the elements: tags and attributes are ``{namespace}name``. The
prefixes that each element declares are kept beside, and how the source writes what XML lets anyone choose is seen
when the tree is written. Nothing follows the tree by calling itself.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from aap_xl.patterns import pattern
from aap_xl.records import field, state
from aap_xl.workbook.ooxml.encodings import refuse_entities
from aap_xl.workbook.ooxml.limits import DEPTH, DEPTH_MAX, Excess

__all__ = ["Document", "Element", "SubElement", "namespace", "parse", "whole"]

_BESIDE = rb"(?:\s|<\?.*?\?>|<!--.*?-->)*"
_BEFORE = pattern(rb"(?:\xef\xbb\xbf)?" + _BESIDE, re.DOTALL)
_AFTER = pattern(_BESIDE, re.DOTALL)
_QUOTED_TEXT = pattern(rb">[^<&]*+(?:&(?!quot;)[^<&]*+)*&quot;")
_OPENED = pattern(rb"<([^\s<>/!?]++)(?:\s[^<>]*)?(?<!/)></")
"""An empty element that takes two tags."""
_DECLARING = pattern(rb"<[^\s<>/!?]++(\s[^<>]*?xmlns[^<>]*+)>")
_KEY = pattern(rb"""([^\s=]++)\s*+=\s*+(?:"[^"]*+"|'[^']*+')""")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE = _IN_TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_QUOTES = {'"': "&quot;", "'": "&apos;"}
_XML = "http://www.w3.org/XML/1998/namespace"


@state
class Document:
    """A part being edited.

    Attributes: root: its root element; source: the bytes it was made from; declared: what each element declares,
                prefix (``""`` for the default namespace) and namespace.
    """

    root: Element
    source: bytes
    declared: dict[Element, list[tuple[str, str]]] = field(default_factory=dict)

    def to_bytes(self, *, short: str = "") -> bytes:
        """The tree in UTF-8, under the head that the source had.

        Args: short: an element that takes a single tag when it is empty, even where the source gives it two.
        """
        before = _BEFORE.match(self.source)
        head = before[0] if before else b""
        name = re.match(rb"<([^\s<>/]++)", self.source[len(head) :])
        closed, _, tail = self.source.rpartition(b"</%b>" % name[1] if name else b"/>")
        tail = tail if closed else self.source.rpartition(b"/>")[2]
        body = _Writer(self.declared, self.source, short).write(self.root)
        return head + body + (tail if _AFTER.fullmatch(tail) else b"")


class _Builder:
    """What expat tells, made into a tree: a target of the standard library's parser."""

    def __init__(self) -> None:
        builder = ET.TreeBuilder(insert_comments=True, insert_pis=True)
        self._start, self._end = builder.start, builder.end
        self.data, self.close = builder.data, builder.close
        self.comment, self.pi = builder.comment, builder.pi
        self.declared: dict[Element, list[tuple[str, str]]] = {}
        self._waiting: list[tuple[str, str]] = []
        self._depth = 0

    def start_ns(self, prefix: str, uri: str) -> None:
        """Take a declaration of the element that comes."""
        self._waiting.append((prefix or "", uri or ""))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Excess(DEPTH_MAX, DEPTH)
        element = self._start(tag, attributes)
        if self._waiting:
            self.declared[element] = self._waiting
            self._waiting = []

    def end(self, tag: str) -> None:
        """Take its end."""
        self._depth -= 1
        self._end(tag)


def parse(content: bytes) -> Document:
    """A part in UTF-8 as a tree.

    Raises: ValueError if it is not well-formed; Excess if it nests too deep; Entities if it has a DTD.
    """
    refuse_entities(content)
    builder = _Builder()
    parser = ET.XMLParser(target=builder)  # noqa: S314 - what has a DTD was refused
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ET.ParseError, LookupError, AssertionError) as error:
        raise ValueError(str(error)) from None
    return Document(root, content, builder.declared)


def whole(element: Element, key: str, default: int = 0) -> int:
    """An attribute that is a whole number; ``default`` if it is not there, or anything else."""
    found = element.get(key, "").strip()
    return int(found) if found.isdecimal() and len(found) < 10 else default


def namespace(element: Element) -> str:
    """The namespace of an element, in braces as its tag has it; ``""`` if it has none."""
    head, found, _ = element.tag.rpartition("}")
    return head + found


class _Tags(dict[str, str]):
    """How elements are called where some prefixes are in force."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self.default = prefixes.get("", "")
        self.prefixes = {uri: prefix for prefix, uri in prefixes.items() if prefix}

    def __missing__(self, tag: str) -> str:
        uri, _, name = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
        prefix = "" if uri == self.default else self.prefixes[uri]
        found = self[tag] = f"{prefix}:{name}" if prefix else name
        return found


class _Keys(_Tags):
    """How attributes are, to which the default namespace does not apply."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__({**prefixes, "": ""})


class _Scope:
    """What prefixes mean somewhere in the tree."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.tags, self.keys = _Tags(prefixes), _Keys(prefixes)

    def within(self, declared: list[tuple[str, str]]) -> "_Scope":
        """The scope of an element that declares more."""
        return _Scope({**self.prefixes, **dict(declared)})

    def lacking(self, element: Element) -> list[tuple[str, str]]:
        """What an element has to declare for it and its attributes to have a name here."""
        found = [] if self._knows(self.tags, element.tag) else [("", namespace(element)[1:-1])]
        uris = {key[1:].rpartition("}")[0]: None for key in element.attrib if not self._knows(self.keys, key)}
        free = (f"ns{n}" for n in range(len(self.prefixes) + len(uris)) if f"ns{n}" not in self.prefixes)
        return found + [(prefix, uri) for uri, prefix in zip(uris, free, strict=False)]

    @staticmethod
    def _knows(names: _Tags, name: str) -> bool:
        try:
            return bool(names[name])
        except KeyError:
            return False


class _Escaped(dict[str, str]):
    """Some text → the same as XML holds it."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        super().__init__()
        self._marks = list(marks.items())

    def __missing__(self, text: str) -> str:
        found = text
        for mark, written in self._marks:
            if mark in text:
                found = found.replace(mark, written)
        self[text] = found
        return found


class _Writer:
    """A tree put in words, in the writing of its source."""

    def __init__(self, declared: Mapping[Element, list[tuple[str, str]]], source: bytes, short: str) -> None:
        quoted = b"&apos;" in source or (b"&quot;" in source and _QUOTED_TEXT.search(source) is not None)
        quotes = _QUOTES if quoted else {}
        self._text, self._value = _Escaped(_IN_TEXT | quotes), _Escaped(_IN_ATTRIBUTE | quotes)
        self._encoding = "ascii" if b"&#" in source and source.isascii() else "utf-8"
        self._declared = declared
        orders = [_KEY.findall(given) for given in _DECLARING.findall(source)]
        self._orders = dict(zip(declared, orders, strict=True)) if len(orders) == len(declared) else {}
        self._opened = {name.decode() for name in _OPENED.findall(source)} - {short}

    def write(self, root: Element) -> bytes:
        """The element and all that it holds."""
        out: list[str] = []
        waiting = [(iter((root,)), _Scope({"xml": _XML}), "")]
        while waiting:
            children, scope, closing = waiting[-1]
            for child in children:
                tail = self._text[child.tail] if child.tail and child is not root else ""
                if not isinstance(child.tag, str):
                    out.append(("<!--%s-->" if child.tag is ET.Comment else "<?%s?>") % (child.text or "") + tail)
                    continue
                start, inside = self._start(child, scope)
                name = inside.tags[child.tag]
                text = self._text[child.text] if child.text else ""
                if len(child):
                    out.append(f"{start}>{text}")
                    waiting.append((iter(child), inside, f"</{name}>{tail}"))
                    break
                out.append(f"{start}>{text}</{name}>{tail}" if text or name in self._opened else f"{start}/>{tail}")
            else:
                out.append(closing)
                waiting.pop()
        return "".join(out).encode(self._encoding, "xmlcharrefreplace")

    def _start(self, element: Element, scope: _Scope) -> tuple[str, _Scope]:
        """The start of an element, its mark left open, and what prefixes mean inside."""
        value = self._value
        if element not in self._declared:
            try:
                start, keys = "<" + scope.tags[element.tag], scope.keys
                for key, given in element.attrib.items():
                    start += f' {keys[key]}="{value[given]}"'
                return start, scope
            except KeyError:
                pass
        declared = self._declared.get(element, [])
        inside = scope.within(declared)
        if more := inside.lacking(element):
            declared, inside = [*declared, *more], inside.within(more)
        written = {f"xmlns:{prefix}" if prefix else "xmlns": uri for prefix, uri in declared}
        written |= {inside.keys[key]: given for key, given in element.attrib.items()}
        order = (key.decode() for key in self._orders.get(element, ()))
        written = {key: written[key] for key in order if key in written} | written
        return "<" + inside.tags[element.tag] + "".join(f' {k}="{value[v]}"' for k, v in written.items()), inside
