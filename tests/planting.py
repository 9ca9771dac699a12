"""Namesakes planted in the parts of a workbook: what a reader that goes by local names would take for its own."""

import re
from collections.abc import Callable, Iterator

_ETRANGER = "urn:exemple:etranger"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CELL = '<c r="A1"><f>1</f><v>666</v></c>'
_ROW = f'<row r="1" hidden="1">{_CELL}</row>'
_XF = '<xf numFmtId="14"/>'
_SHEET = f'<sheet name="Faux" sheetId="99" r:id="rId1" xmlns:r="{_OFFICE}"/>'
_NAME = '<definedName name="budget_faux_total">Budget!$A$1</definedName>'
_NIR = "1 85 05 78 006 084 91"
_COMMENT = f'<comment ref="A1" authorId="0"><text><t>{_NIR}</t></text></comment>'

APPATS: dict[str, dict[str, str]] = {
    "workbook": {
        "workbookPr": '<workbookPr date1904="1"/>',
        "sheets": f"<sheets>{_SHEET}</sheets>",
        "sheet": _SHEET,
        "definedNames": f"<definedNames>{_NAME}</definedNames>",
        "definedName": _NAME,
    },
    "sst": {
        "si": "<si><t>faux</t></si>",
        "t": "<t>faux</t>",
        "r": "<r><t>faux</t></r>",
        "rPh": "<rPh><t>faux</t></rPh>",
        "rPr": "<rPr><t>faux</t></rPr>",
    },
    "styleSheet": {
        "numFmts": '<numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts>',
        "numFmt": '<numFmt numFmtId="164" formatCode="yyyy"/>',
        "cellXfs": f"<cellXfs>{_XF}{_XF}{_XF}</cellXfs>",
        "xf": _XF,
    },
    "worksheet": {
        "dimension": '<dimension ref="A1:C3"/>',
        "sheetData": f"<sheetData>{_ROW}</sheetData>",
        "row": _ROW,
        "c": _CELL,
        "v": "<v>666</v>",
        "f": '<f t="array" ref="A1:C3">1</f>',
        "is": "<is><t>faux</t></is>",
        "t": "<t>faux</t>",
        "mergeCells": '<mergeCells><mergeCell ref="A1:C3"/></mergeCells>',
        "mergeCell": '<mergeCell ref="A1:C3"/>',
    },
    "table": {
        "table": '<table ref="A1:B2" totalsRowCount="1"/>',
        "tableColumns": '<table ref="A1:B2" totalsRowCount="1"/>',
    },
    "comments": {
        "authors": f"<authors><author>{_NIR}</author></authors>",
        "comment": _COMMENT,
        "text": f"<text><t>{_NIR}</t></text>",
        "t": f"<t>{_NIR}</t>",
    },
    "ThreadedComments": {
        "threadedComment": f'<threadedComment ref="A1"><text>{_NIR}</text></threadedComment>',
        "text": f"<text>{_NIR}</text>",
    },
    "Properties": {
        "property": '<property name="aap_xl_appel"><lpwstr>9.9</lpwstr></property>',
        "lpwstr": "<lpwstr>9.9</lpwstr>",
    },
    "Relationships": {
        "Relationship": f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="/faux.xml"/>',
    },
    "Types": {"Override": '<Override PartName="/xl/workbook.xml" ContentType="text/plain"/>'},
}
"""By root, the elements that the reader looks for, and a namesake that would change what is read."""


def _prefixed(bait: str) -> str:
    return re.sub(r"<(/?)(?=\w)", r"<\1z:", bait)


def _declared(bait: str, declaration: str) -> str:
    return re.sub(r"^(<[\w:]+)", rf'\1 {declaration}="{_ETRANGER}"', bait)


FOREIGN: dict[str, Callable[[str], str]] = {
    "a prefix": lambda bait: _declared(_prefixed(bait), "xmlns:z"),
    "a prefix of the root": _prefixed,
    "another default namespace": lambda bait: _declared(bait, "xmlns"),
    "inside a foreign element": lambda bait: f'<z:boite xmlns:z="{_ETRANGER}">{bait}</z:boite>',
    "inside an element without a namespace": lambda bait: f'<boite xmlns="">{bait}</boite>',
    "a choice that nobody understands": lambda bait: (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="z" xmlns:z="{_ETRANGER}">{bait}</mc:Choice>'
        "</mc:AlternateContent>"
    ),
    "a comment": lambda bait: f"<!-- {bait} -->",
    "an instruction": lambda bait: f"<?faux {bait} ?>",
}
OF_EXTENSIONS: dict[str, Callable[[str], str]] = {
    "an extension": lambda bait: f'<extLst><ext uri="{{0}}">{bait}</ext></extLst>',
}
"""Not for packages' own parts, which have none."""
WRITINGS = FOREIGN | OF_EXTENSIONS


def root_of(part: bytes) -> str:
    """The local name of a part's root."""
    found = re.search(rb"<(?:[\w.-]+:)?(\w+)[\s>/]", part)
    return found[1].decode() if found else ""


def places(part: bytes, name: str) -> Iterator[tuple[str, int]]:
    """Where something may be planted around and inside the first, a middle and the last element of a name."""
    root = root_of(part) == name
    starts = list(re.finditer(rb"<(?:[\w.-]+:)?%b(?=[\s/>])[^<>]*>" % name.encode(), part))
    ends = {end.end(): end.start() for end in re.finditer(rb"</(?:[\w.-]+:)?%b\s*>" % name.encode(), part)}
    chosen = {0, len(starts) // 2, len(starts) - 1} if starts else set()
    for rank in sorted(chosen):
        start = starts[rank]
        if not root:
            yield f"before {rank}", start.start()
        if start[0].endswith(b"/>"):
            yield f"after {rank}", start.end()
            continue
        yield f"first in {rank}", start.end()
        after, inner = next(((after, inner) for after, inner in ends.items() if inner >= start.end()), (0, 0))
        if after:
            yield f"last in {rank}", inner
            if not root:
                yield f"after {rank}", after


def plant(part: bytes, position: int, bait: str) -> bytes:
    """The part with a bait at a position; the prefix ``z`` is declared by its root if the bait does not."""
    planted = part[:position] + bait.encode() + part[position:]
    if b"<z:" in planted and b"xmlns:z" not in planted:
        planted = re.sub(rb"(<(?!\?)[\w:.-]+)", rb'\1 xmlns:z="%b"' % _ETRANGER.encode(), planted, count=1)
    return planted


def plantings(parts: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every planting in every part that has a root we look into: what it is, the part planted."""
    for name, part in parts.items():
        root = root_of(part) if name.endswith((".xml", ".rels")) else ""
        writings = FOREIGN if root in ("Relationships", "Types", "Properties") else WRITINGS
        for element, bait in APPATS.get(root, {}).items():
            for place, position in places(part, element):
                for writing, written in writings.items():
                    yield f"{name}: {element}, {place}, {writing}", plant(part, position, written(bait))
