"""A package in other writings: the same workbook, as other programs may lay it down."""

import re
from collections.abc import Callable

from zips import parts, rezip

TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
_TARGET = re.compile(rb'(Target=")([^"]*)(")')
_PART = re.compile(rb'(PartName=")([^"]*)(")')
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_STRICT = re.compile(rb"http://schemas\.openxmlformats\.org/(spreadsheetml|officeDocument|drawingml)/2006/([\w/-]+)")
Change = Callable[[bytes], bytes]


def renamed(names: dict[str, str]) -> Change:
    """Parts under other names, and all that names them."""

    def change(content: bytes) -> bytes:
        found = parts(content)
        changed = {}
        for name, part in found.items():
            changed[names.get(name, name)] = part
        for old, new in names.items():
            rels, moved = _rels(old), _rels(new)
            if rels in changed:
                changed[moved] = _TARGET.sub(_absolute(old), changed.pop(rels))
        named = {n: _naming(p, names, n) for n, p in changed.items() if n.endswith(".rels") or n == TYPES}
        return rezip(changed | named)

    return change


def _rels(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels".lstrip("/")


def _absolute(part: str) -> Callable[[re.Match[bytes]], bytes]:
    folder = part.rpartition("/")[0]
    return lambda found: found[1] + _full(folder, found[2].decode()).encode() + found[3]


def _full(folder: str, target: str) -> str:
    if target.startswith("/") or ":" in target:
        return target
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        steps = steps[:-1] if step == ".." else [*steps, step]
    return "/" + "/".join(steps)


def _naming(part: bytes, names: dict[str, str], where: str) -> bytes:
    folder = where.rpartition("_rels/")[0].rstrip("/")

    def swap(found: re.Match[bytes]) -> bytes:
        full = _full(folder, found[2].decode())
        new = names.get(full.lstrip("/"))
        return found[1] + (f"/{new}".encode() if new else found[2]) + found[3]

    return _PART.sub(swap, _TARGET.sub(swap, part))


def entries(change: Callable[[str], str]) -> Change:
    """Other names in the zip only: what names the parts is as it was."""
    return lambda content: rezip({change(name): part for name, part in parts(content).items()})


def targets(change: Callable[[str, str], str]) -> Change:
    """Relations whose targets are written otherwise, given their folder and themselves."""

    def apply(content: bytes) -> bytes:
        def rewritten(name: str, part: bytes) -> bytes:
            folder = name.rpartition("_rels/")[0].rstrip("/")
            return _TARGET.sub(lambda m: m[1] + change(folder, m[2].decode()).encode() + m[3], part)

        return rezip({n: rewritten(n, p) if n.endswith(".rels") else p for n, p in parts(content).items()})

    return apply


def encoded(encoding: str, declared: str = "", wanted: str = r"\.(xml|rels)$") -> Change:
    """Parts in another encoding; what it lacks is written by its number."""

    def one(part: bytes) -> bytes:
        body = _DECLARATION.sub("", part.decode())
        head = f'<?xml version="1.0" encoding="{declared or encoding}" standalone="yes"?>\n'
        return (head + body).encode(encoding, "xmlcharrefreplace")

    return lambda content: rezip({n: one(p) if re.search(wanted, n) else p for n, p in parts(content).items()})


def strict(content: bytes) -> bytes:
    """The same in the standard's strict flavour, as Excel writes « Feuille de calcul Open XML Strict »."""

    def uri(found: re.Match[bytes]) -> bytes:
        last = {b"custom-properties": b"customProperties", b"extended-properties": b"extendedProperties"}
        rest = found[2]
        for usual, other in last.items():
            rest = rest.replace(usual, other)
        return b"http://purl.oclc.org/ooxml/%b/%b" % (found[1], rest)

    return rezip({n: _STRICT.sub(uri, p) if n.endswith((".xml", ".rels")) else p for n, p in parts(content).items()})


def swapped(name: str) -> str:
    """A name in the other case, but for what says the types."""
    return name.swapcase()


def _folders(content: bytes) -> bytes:
    names = {n: "classeur/" + n.removeprefix("xl/") for n in parts(content) if n.startswith("xl/") and "_rels" not in n}
    return renamed(names)(content)


def _absolute_targets(folder: str, target: str) -> str:
    return _full(folder, target)


def _through_the_parent(folder: str, target: str) -> str:
    return (
        target if target.startswith("/") or ":" in target or not folder else f"../{folder.rpartition('/')[2]}/{target}"
    )


UNUSUAL: dict[str, Change] = {
    "main part under another name": renamed({"xl/workbook.xml": "xl/workbook22.xml"}),
    "main part in another folder": renamed({"xl/workbook.xml": "ailleurs/classeur.xml"}),
    "main part without an extension": renamed({"xl/workbook.xml": "xl/classeur"}),
    "everything in another folder": _folders,
    "strings in another case": entries(lambda n: n.replace("sharedStrings", "SharedStrings")),
    "every part in another case": entries(swapped),
    "relations in capitals": entries(lambda n: n.upper() if n.endswith(".rels") else n),
    "backslashes in the zip": entries(lambda n: n.replace("/", "\\")),
    "backslashes in the targets": targets(lambda _, target: target.replace("/", "\\")),
    "backslashes everywhere": lambda content: UNUSUAL["backslashes in the zip"](
        UNUSUAL["backslashes in the targets"](content)
    ),
    "percent-encoded targets": targets(lambda _, target: target.replace("sheet", "%73heet")),
    "percent-encoded parts": entries(lambda n: n.replace("sheet", "%73heet")),
    "a blank in a name, written %20": renamed({"xl/sharedStrings.xml": "xl/shared%20strings.xml"}),
    "a blank in a part's name": lambda content: entries(lambda n: n.replace("%20", " "))(
        renamed({"xl/sharedStrings.xml": "xl/shared%20strings.xml"})(content)
    ),
    "absolute targets": targets(_absolute_targets),
    "targets through the parent folder": targets(_through_the_parent),
    "UTF-16": encoded("utf-16"),
    "UTF-16 without a mark": encoded("utf-16-le", "UTF-16"),
    "UTF-16 the other way round": encoded("utf-16-be", "UTF-16"),
    "ISO-8859-1": encoded("iso-8859-1", "ISO-8859-1"),
    "Windows-1252": encoded("cp1252", "Windows-1252"),
    "sheets in ISO-8859-1": encoded("iso-8859-1", wanted=r"worksheets/sheet\d+\.xml$"),
    "UTF-8 with a mark": encoded("utf-8-sig", "utf-8"),
    "strict": strict,
}
"""Ways to write a package, by name."""
