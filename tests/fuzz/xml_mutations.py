"""Changes to one XML part that keep it close to what it was: most mutants should get past the first check."""

import re
from collections.abc import Callable
from random import Random

_TOKEN = re.compile(rb"<[^<>]*>|[^<]+")
_NAME = re.compile(rb"</?([\w.:-]+)")
_ATTRIBUTE = re.compile(rb'\s([\w.:-]+)="([^"]*)"')
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
_VALUES = (
    *(b"", b" ", b"0", b"1", b"-1", b"2", b"007", b"1e3", b"1E+2", b"-0.5", b"12,5", b"NaN", b"INF", b"1e400", b"0x1F"),
    *(b"99999999999", b"2147483648", b"-2147483649", b"1048577", b"45717", b"60", b"0.999999999999999", b"true"),
    *(b"A1", b"a1", b"XFD1048576", b"XFE1", b"A0", b"A1:B2", b"#N/A", b"#REF!", b"Oui", b"EXEMPLE", b"2025-03-01"),
    *(b"2025-13-45", b"2025-03-01T10:00:00Z", b"&amp;", b"&#10;", b"&#xE9;", b"&#0;", b"&inconnu;", b"&lt;v&gt;"),
    *(
        "é".encode(),
        "\N{ZERO WIDTH SPACE}1".encode(),
        "1\N{NO-BREAK SPACE}234".encode(),
        b"_x000D_",
        b"\xff",
        b"x" * 300,
    ),
    *(b"s", b"str", b"b", b"e", b"d", b"n", b"inlineStr", b"float", b"date", b"string", b"PT26H", b"../../x.xml"),
)
"""What an attribute or a text is replaced with."""
Mutation = Callable[[list[bytes], Random], None]


def mutate(xml: bytes, rng: Random) -> tuple[str, bytes]:
    """Change one thing.

    Returns: what was done, and the part.
    """
    if rng.random() < 0.15:
        whole = rng.choice(_WHOLE)
        return whole.__name__, whole(xml, rng)
    tokens = _TOKEN.findall(xml)
    change = rng.choice(_CHANGES)
    if tokens:
        change(tokens, rng)
    return change.__name__, b"".join(tokens)


def _pick(tokens: list[bytes], rng: Random, wanted: Callable[[bytes], bool]) -> int | None:
    """The rank of a token of a kind: near a random one, so that long parts cost no more."""
    start = rng.randrange(len(tokens))
    ranks = (*range(start, len(tokens)), *range(start))
    return next((rank for rank in ranks if wanted(tokens[rank])), None)


def _opens(token: bytes) -> bool:
    return token[:1] == b"<" and token[1:2] not in {b"/", b"?", b"!"}


def _span(tokens: list[bytes], start: int) -> tuple[int, int]:
    """From an opening tag to what closes it."""
    depth = 0
    for rank in range(start, len(tokens)):
        token = tokens[rank]
        if token[:2] == b"</":
            depth -= 1
        elif _opens(token) and not token.endswith(b"/>"):
            depth += 1
        if depth <= 0 and token[:1] == b"<":
            return start, rank + 1
    return start, len(tokens)


def _element(tokens: list[bytes], rng: Random) -> tuple[int, int] | None:
    start = _pick(tokens, rng, _opens)
    return None if start is None else _span(tokens, start)


def drop_element(tokens: list[bytes], rng: Random) -> None:
    if span := _element(tokens, rng):
        del tokens[slice(*span)]


def duplicate_element(tokens: list[bytes], rng: Random) -> None:
    if span := _element(tokens, rng):
        tokens[span[1] : span[1]] = tokens[slice(*span)]


def move_element(tokens: list[bytes], rng: Random) -> None:
    if span := _element(tokens, rng):
        moved = tokens[slice(*span)]
        del tokens[slice(*span)]
        if tokens:
            place = _pick(tokens, rng, lambda token: token[:1] == b"<") or 0
            tokens[place + 1 : place + 1] = moved


def empty_element(tokens: list[bytes], rng: Random) -> None:
    if span := _element(tokens, rng):
        tokens[span[0] + 1 : max(span[1] - 1, span[0] + 1)] = []


def rename_element(tokens: list[bytes], rng: Random) -> None:
    if span := _element(tokens, rng):
        name = rng.choice((b"x", b"row", b"c", b"v", b"f", b"is", b"t", b"si", b"sheet", b"ext", b"workbookPr"))
        for rank in {span[0], span[1] - 1}:
            tokens[rank] = re.sub(_NAME, lambda m: m[0].replace(m[1], name), tokens[rank], count=1)


def plant_foreign(tokens: list[bytes], rng: Random) -> None:
    """A copy of an element in somebody else's namespace, which means nothing to anybody."""
    if span := _element(tokens, rng):
        copy = b"".join(tokens[slice(*span)])
        copy = re.sub(rb"(</?)(?:\w+:)?(?=\w)", rb"\1zz:", copy)
        copy = re.sub(rb"^<([\w:.-]+)", rb'<\1 xmlns:zz="urn:exemple"', copy)
        tokens.insert(rng.choice(span), copy)


def prefix_element(tokens: list[bytes], rng: Random) -> None:
    """The same element, written with a prefix."""
    if span := _element(tokens, rng):
        same = b"".join(tokens[slice(*span)])
        same = re.sub(rb"(</?)(?=\w+[\s/>])", rb"\1pp:", same)
        same = re.sub(rb"^<([\w:.-]+)", rb'<\1 xmlns:pp="%b"' % _MAIN, same)
        tokens[slice(*span)] = [same]


def _change_attribute(tokens: list[bytes], rng: Random, change: Callable[[re.Match[bytes]], bytes]) -> None:
    rank = _pick(tokens, rng, lambda token: _opens(token) and b'="' in token)
    if rank is not None and (found := list(_ATTRIBUTE.finditer(tokens[rank]))):
        chosen = rng.choice(found)
        tokens[rank] = tokens[rank][: chosen.start()] + change(chosen) + tokens[rank][chosen.end() :]


def drop_attribute(tokens: list[bytes], rng: Random) -> None:
    _change_attribute(tokens, rng, lambda _: b"")


def duplicate_attribute(tokens: list[bytes], rng: Random) -> None:
    _change_attribute(tokens, rng, lambda found: found[0] * 2)


def rename_attribute(tokens: list[bytes], rng: Random) -> None:
    name = rng.choice((b"x", b"r", b"s", b"t", b"ref", b"id", b"zz:r"))
    _change_attribute(tokens, rng, lambda found: b' %b="%b"' % (name, found[2]))


def change_attribute(tokens: list[bytes], rng: Random) -> None:
    value = rng.choice(_VALUES).replace(b'"', b"")
    _change_attribute(tokens, rng, lambda found: b' %b="%b"' % (found[1], value))


def nudge_attribute(tokens: list[bytes], rng: Random) -> None:
    """A number one more or less, a letter's case changed."""

    def nudged(found: re.Match[bytes]) -> bytes:
        value = found[2]
        if value.isdigit():
            value = b"%d" % max(0, int(value[:9]) + rng.choice((-1, 1)))
        return b' %b="%b"' % (found[1], value.swapcase())

    _change_attribute(tokens, rng, nudged)


def write_attribute_otherwise(tokens: list[bytes], rng: Random) -> None:
    """Single quotes, blanks and line ends where XML allows them."""
    written = rng.choice((b" %b='%b'", b'\n%b="%b"', b' %b = "%b"', b'\t%b="%b" '))
    _change_attribute(tokens, rng, lambda found: written % (found[1], found[2]))


def plant_foreign_attribute(tokens: list[bytes], rng: Random) -> None:
    value = rng.choice((b"1", b"s", b"A1"))
    _change_attribute(
        tokens, rng, lambda found: b' xmlns:zz="urn:exemple" zz:%b="%b"%b' % (found[1].split(b":")[-1], value, found[0])
    )


def change_text(tokens: list[bytes], rng: Random) -> None:
    rank = _pick(tokens, rng, lambda token: token[:1] != b"<")
    if rank is not None:
        tokens[rank] = rng.choice(_VALUES)


def split_text(tokens: list[bytes], rng: Random) -> None:
    """A comment, an instruction or a section of characters inside a text."""
    rank = _pick(tokens, rng, lambda token: token[:1] != b"<")
    if rank is not None:
        text = tokens[rank]
        place = rng.randrange(len(text) + 1)
        planted = rng.choice((b"<!-- 12 -->", b"<?x 12?>", b"<![CDATA[]]>", b"<![CDATA[" + text[place:] + b"]]>"))
        tokens[rank] = text[:place] + planted + (b"" if planted.endswith(text[place:] + b"]]>") else text[place:])


def drop_token(tokens: list[bytes], rng: Random) -> None:
    """What is left is ill-formed as a rule."""
    del tokens[rng.randrange(len(tokens))]


def encode(xml: bytes, rng: Random) -> bytes:
    """The same part in another encoding, declared or not."""
    text = xml.decode("utf-8", "replace")
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    name = rng.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"))
    told = rng.choice((name.removesuffix("-sig"), name.removesuffix("-sig"), "utf-8", ""))
    head = f'<?xml version="1.0" encoding="{told}"?>' if told else ""
    return (head + bare).encode(name, "xmlcharrefreplace")


def make_strict(xml: bytes, _: Random) -> bytes:
    return xml.replace(_MAIN, _STRICT).replace(_OFFICE, _STRICT_OFFICE)


def change_namespace(xml: bytes, rng: Random) -> bytes:
    found = sorted(set(re.findall(rb'xmlns(?::\w+)?="([^"]*)"', xml)))
    return xml.replace(rng.choice(found), b"urn:exemple") if found else xml


def rename_prefix(xml: bytes, rng: Random) -> bytes:
    found = sorted(set(re.findall(rb"xmlns:(\w+)=", xml)))
    if not found:
        return xml
    old = rng.choice(found)
    return re.sub(rb"(?<=[\s</:])%b(?=[:=])" % old, b"q", xml)


def prefix_everything(xml: bytes, _: Random) -> bytes:
    """The default namespace given a prefix."""
    if b"xmlns:pp=" in xml or b' xmlns="' not in xml:
        return xml
    return re.sub(rb"(</?)(?=\w+[\s/>])", rb"\1pp:", xml).replace(b" xmlns=", b" xmlns:pp=")


def declare_entity(xml: bytes, rng: Random) -> bytes:
    planted = rng.choice(
        (b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY e "1">]>', b'<!DOCTYPE x SYSTEM "http://exemple.invalid/x">')
    )
    head, sign, rest = xml.partition(b"?>")
    return head + sign + planted + rest if sign else planted + xml


def indent(xml: bytes, _: Random) -> bytes:
    return xml.replace(b"><", b">\n  <")


_CHANGES: tuple[Mutation, ...] = (
    *(drop_element, duplicate_element, move_element, empty_element, rename_element, plant_foreign, prefix_element),
    *(drop_attribute, duplicate_attribute, rename_attribute, change_attribute, change_attribute, nudge_attribute),
    *(write_attribute_otherwise, plant_foreign_attribute, change_text, change_text, split_text, drop_token),
)
_WHOLE = (encode, make_strict, change_namespace, rename_prefix, prefix_everything, declare_entity, indent)
