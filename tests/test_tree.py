"""XML is written back as it was: byte for byte what spreadsheets write, in meaning whatever else there is."""

from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice import convertir
from zips import parts

from aap_xl.workbook.ooxml.encodings import Entities
from aap_xl.workbook.ooxml.limits import DEPTH_MAX, Excess
from aap_xl.workbook.ooxml.tree import Element, namespace, parse, whole

WORKBOOKS = sorted((Path(__file__).parents[1] / "workbooks").glob("*.xls[xm]"))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xml_parts(content: bytes) -> dict[str, bytes]:
    return {name: part for name, part in parts(content).items() if name.endswith((".xml", ".rels"))}


def same(part: bytes) -> None:
    assert canonicalize(parse(part).to_bytes().decode(), with_comments=True) == canonicalize(
        part.decode(), with_comments=True
    )


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_our_workbooks_are_written_back_byte_for_byte(path: Path) -> None:
    for name, part in xml_parts(path.read_bytes()).items():
        assert parse(part).to_bytes() == part, name


def test_those_that_openpyxl_saved_too() -> None:
    stream = BytesIO()
    openpyxl.load_workbook(WORKBOOKS[0]).save(stream)
    for name, part in xml_parts(stream.getvalue()).items():
        assert parse(part).to_bytes() == part, name


@pytest.mark.libreoffice
def test_those_that_libreoffice_saved_too(tmp_path: Path) -> None:
    saved = convertir({"suivi.xlsx": WORKBOOKS[1].read_bytes()}, tmp_path)["suivi.xlsx"]
    for name, part in xml_parts(saved.read_bytes()).items():
        assert parse(part).to_bytes() == part, name


AS_THEY_ARE = {
    "prefixes": b'<x:a xmlns:x="urn:1"><x:b x:c="1"/></x:a>',
    "a default namespace inside another": b'<a xmlns="urn:1"><b xmlns="urn:2" c="1"/><d/></a>',
    "no namespace inside one": b'<a xmlns="urn:1"><b xmlns=""><c/></b></a>',
    "two prefixes of one namespace": b'<a xmlns:x="urn:1" xmlns:y="urn:2"><y:b x:k="1"/><x:b/></a>',
    "declarations among attributes": b'<a k="1" xmlns:x="urn:1" l="2" xmlns="urn:2" x:m="3"/>',
    "prefixes that a value names": (
        b'<a xmlns="urn:1" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        b'mc:Ignorable="x14 x15" xmlns:x14="urn:14" xmlns:x15="urn:15"/>'
    ),
    "comments and instructions": b"<!-- before --><a>b<!-- in -->c<?p q?>d</a><!-- after -->",
    "spaces kept": b'<a xml:space="preserve"> b\n\tc </a>',
    "line ends and tabs in values": b'<a k="1&#10;2&#9;3&#13;4">5&#13;6</a>',
    "marks": b'<a k="&amp;&lt;&gt;&quot;\'">&amp;&lt;&gt;"\'</a>',
    "quotes in texts": b'<a k="&apos;">&quot;&apos;</a>',
    "an empty element of two tags": b"<a><v></v><w/></a>",
    "characters by number": b"<a>&#233;&#8364;</a>",
    "characters as they are": "<a>é€\u00a0😀</a>".encode(),
    "a declaration": HEAD + b"<a/>",
    "a declaration and a line end": b'<?xml version="1.0"?>\r\n<a/>\n',
    "a mark before": b"\xef\xbb\xbf<a/>",
}


@pytest.mark.parametrize("what", AS_THEY_ARE)
def test_a_part_is_written_back_as_it_was(what: str) -> None:
    assert parse(AS_THEY_ARE[what]).to_bytes() == AS_THEY_ARE[what]


@pytest.mark.parametrize(
    "part",
    [
        b"<a><![CDATA[1 < 2 & ]] >]]></a>",
        b'<x:a xmlns:x="urn:1" xmlns="urn:1"><b/><x:b x:c="1"/></x:a>',
        b"<a  k = '1' ><b ></b><b/></a>",
        b'<a xmlns:x="urn:1"><b xmlns:x="urn:2" x:c="1"/><x:d/></a>',
    ],
)
def test_a_part_keeps_its_meaning(part: bytes) -> None:
    same(part)


NAMES = st.sampled_from(["a", "b", "row", "é"])
URIS = st.sampled_from(["", "urn:1", "urn:2", MAIN])
PREFIXES = st.sampled_from(["", "x", "y", "ns0"])
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t\r&<>\"'"), max_size=8
)


@st.composite
def written(draw: st.DrawFn, depth: int = 0, known: tuple[tuple[str, str], ...] = ()) -> str:
    """Some XML, with declarations anywhere."""
    scope = dict(known)
    declared = {}
    for prefix, uri in draw(st.lists(st.tuples(PREFIXES, URIS), max_size=2)):
        if uri or not prefix:
            declared[prefix] = scope[prefix] = uri
    prefix = draw(st.sampled_from(["", *(p for p in scope if p)]))
    name = f"{prefix}:{draw(NAMES)}" if prefix else draw(NAMES)
    given_ = {f"xmlns:{p}" if p else "xmlns": uri for p, uri in declared.items()}
    given_ |= {key: draw(TEXT) for key in draw(st.lists(NAMES, max_size=2, unique=True))}
    if prefixed := [p for p in scope if p]:
        given_ |= {f"{draw(st.sampled_from(prefixed))}:k": draw(TEXT)}
    start = name + "".join(f' {key}="{escaped(value)}"' for key, value in draw(st.permutations(list(given_.items()))))
    inside = st.just("") if depth > 3 else written(depth + 1, tuple(scope.items()))
    pieces = draw(st.lists(st.one_of(TEXT.map(escaped), inside, st.just("<!-- c -->"), st.just("<?p i?>")), max_size=3))
    body = "".join(pieces)
    return f"<{start}>{body}</{name}>" if body or draw(st.booleans()) else f"<{start}/>"


def escaped(text: str) -> str:
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;")):
        text = text.replace(mark, entity)
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


@given(written())
@settings(max_examples=300)
def test_whatever_is_written_back_means_the_same(xml: str) -> None:
    try:
        parse(xml.encode())
    except ValueError:
        return  # two attributes of one name, through two prefixes
    same(xml.encode())


def test_what_is_added_declares_what_it_needs() -> None:
    document = parse(b'<a xmlns="urn:1"><b/></a>')
    document.root.append(Element("{urn:1}c", {"{urn:2}id": "1"}))
    document.root.append(Element("{urn:3}d"))
    document.root.append(Element("e"))
    expected = b'<a xmlns="urn:1"><b/><c xmlns:ns0="urn:2" ns0:id="1"/><d xmlns="urn:3"/><e xmlns=""/></a>'
    assert document.to_bytes() == expected


def test_what_nests_too_deep_is_refused_and_what_is_deep_is_written() -> None:
    deep = b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX
    same(deep)
    with pytest.raises(Excess, match="l'un dans l'autre"):
        parse(b"<a>" + deep + b"</a>")
    with pytest.raises(Excess, match="l'un dans l'autre"):
        parse(b"<a>" * 1_000_000)


@pytest.mark.parametrize(
    "dtd",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><!-- c --><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!-- c -->\n<!DOCTYPE a [<!ENTITY % b SYSTEM "http://example.invalid/x">%b;]><a/>',
    ],
)
def test_entities_are_refused(dtd: bytes) -> None:
    with pytest.raises(Entities):
        parse(HEAD.strip() + dtd if dtd.startswith(b"<!") else dtd)


@pytest.mark.parametrize(
    "part", [b"", b"a", b"<a>", b"<a></b>", b"<a k='1' k='2'/>", b"<x:a/>", b"<a>\xe9</a>", b"<a/><b/>", b"<a>&b;</a>"]
)
def test_what_is_not_well_formed_is_refused(part: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(part)


def test_numbers_and_namespaces() -> None:
    element = parse(b'<a xmlns="urn:1" k="12" l="-1" m="1e3" n="99999999999"/>').root
    assert [whole(element, key, 7) for key in "klmno"] == [12, 7, 7, 7, 7]
    assert (namespace(element), namespace(Element("a"))) == ("{urn:1}", "")
