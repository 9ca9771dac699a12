"""Cached values replaced in a worksheet's bytes without parsing it: the common case, several times faster.

What is not recognised at once is refused as a whole, and the sheet is parsed instead.
"""

import re
from collections.abc import Callable, Mapping, Set
from functools import cache
from html import escape, unescape
from io import BytesIO

from aap_xl.workbook.ooxml.values import Valeur, encoded

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]+)"([^<>/]*)><f((?: (?:aca|ca)="[^"]*")*)>([^<]*)</f>(?:<v>([^<]*)</v>|(<v ?/>))?</c>'
)
"""``<c r="B5" s="3" t="str"><f>A1&amp;""</f><v>x</v></c>``: ``B5``, `` s="3" t="str"``, nothing of the formula's own,
``A1&amp;""``, ``x``, and no ``<v/>``."""
_CONSTANT = re.compile(rb'<c r="([A-Z]{1,3}[0-9]+)"[^<>/]*>(?:<v>|<is>)')
_TYPE = re.compile(rb' t="([a-zA-Z]+)"')

Wanted = tuple[Callable[[str], bool], Valeur]
"""Whether a formula is ours, by its text; the value it should show."""


def patched(
    content: bytes, wanted: Mapping[bytes, Wanted], blank: Set[bytes], *, since_1904: bool
) -> tuple[bytes, set[str]] | None:
    """A worksheet with other cached values, without a second copy of it on the way: it may be large.

    Args:    wanted: address → value of each cell to write; blank: addresses that should show nothing already.
    Returns: the worksheet's bytes and the addresses that had no value; ``None`` if it must be parsed.
    """
    if b"<!" in content:
        return None
    unseen = {*wanted, *blank}
    lacking: set[str] = set()
    refused = False

    def swap(match: re.Match[bytes]) -> bytes:
        nonlocal refused
        reference, attributes, _, formula, stored, _ = match.groups()
        found = wanted.get(reference)
        unseen.discard(reference)
        if found is None:
            refused = refused or (reference in blank and (bool(stored) or b' t="str"' not in attributes))
            return match[0]
        if not found[0](_text(formula)):
            return match[0]
        if _lacks(match):
            lacking.add(reference.decode())
        return _showing(match, *encoded(found[1], computed=True, since_1904=since_1904))

    out, done = BytesIO(), 0
    for cell in _CELL.finditer(content):
        out.write(content[done : cell.start()])
        out.write(swap(cell))
        done = cell.end()
    out.write(content[done:])
    if unseen:
        unseen.difference_update(_CONSTANT.findall(content))  # typed over: they are left alone
    if refused or unseen:
        return None
    return out.getvalue(), lacking


def _lacks(cell: re.Match[bytes]) -> bool:
    """Whether a cell has no value: not even an empty text."""
    _, attributes, _, _, stored, empty = cell.groups()
    return (stored is None and empty is None) or (not stored and _TYPE.search(attributes) is None)


def _showing(cell: re.Match[bytes], kind: str, text: str | None) -> bytes:
    """A cell with another value; as it is when it shows that one already."""
    reference, attributes, given, formula, stored, _ = cell.groups()
    held = _TYPE.search(attributes)
    same = unescape((stored or b"").decode()) == (text or "") and (held[1].decode() if held else "n") == kind
    if same and not _lacks(cell):
        return cell[0]
    typed = _TYPE.sub(b"", attributes) + (b"" if kind == "n" else f' t="{kind}"'.encode())
    value = escape(text or "", quote=False).encode()
    shown = b"<v>%b</v>" % value if value else b"<v/>"
    return b'<c r="%b"%b><f%b>%b</f>%b</c>' % (reference, typed, given, formula, shown)


@cache
def _text(formula: bytes) -> str:
    return unescape(formula.decode())
