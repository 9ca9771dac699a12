"""The texts of an .xlsx: entities, escapes of the format, spaces, runs of rich text, shared strings."""

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.ooxml.usual import Odd, decoded, root_end

STRINGS_MAX = 2**19
"""Shared strings of a file; a workbook of 300 people has a few thousand."""
PRESERVED = ' xml:space="preserve"'
_KEPT = PRESERVED.encode()
_LAST = len(b"</t></si>")
_STARTS = {"<t": False, "<t" + PRESERVED: True}
"""How most strings begin: whether the spaces of the text count."""
_SPACES = " \t\r\n"
_ESCAPE = pattern(r"_x00([0-9a-fA-F]{2})_")
_EMPTY = rb"<\w++(?:/| [^<>]*+(?<=/))>"
_TEXT = rb"(?:<t(?:%b)?>[^<]*+</t>|<t ?/>)" % _KEPT
_RUN = rb"<r>(?:<rPr ?/>|<rPr>(?:%b)*</rPr>|)%b</r>" % (_EMPTY, _TEXT)
_PRONUNCIATION = rb"<rPh(?: [^<>]*+)?(?<!/)>%b</rPh>" % _TEXT
_SOME = pattern(
    rb"\s*+(?:<si>(?:%b|(?:%b)*)(?:%b)*(?:<phoneticPr [^<>]*+(?<=/)>)?</si>\s*+){1,1000}"
    % (_TEXT, _RUN, _PRONUNCIATION)
)
"""Some strings in the usual writing: as many at once as memory holds without noticing."""
_END = pattern(rb"\s*+</sst>\s*+")
_TEXTS = pattern(rb"<t(%b)?>([^<]*+)</t>" % _KEPT)
_PHONETIC = pattern(_PRONUNCIATION)


def run(text: str, *, preserved: bool) -> str:
    """One text run as the sheet shows it: spaces around it count only if the file says so."""
    kept = text if preserved else text.strip(_SPACES)
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), kept) if "_x00" in kept else kept


def plain_run(xml: str, *, preserved: bool = False) -> str:
    """The same from its XML."""
    if "&" in xml or "\r" in xml or "_x00" in xml:
        return run(decoded(xml), preserved=preserved)
    return xml if preserved else xml.strip(_SPACES)


def rich(raw: bytes) -> str:
    """The text of a shared string, from what follows its start: its runs joined, its pronunciation left out.

    For example ``b'<r><rPr><b/></rPr><t>en </t></r><r><t xml:space="preserve"> gras</t></r></si>'``.

    Raises: ValueError if it is not UTF-8.
    """
    if b"<rPh" in raw:
        raw = _PHONETIC.sub(b"", raw)
    return "".join(plain_run(text.decode(), preserved=bool(spaces)) for spaces, text in _TEXTS.findall(raw))


class Strings:
    """The shared strings of a workbook, each worked out when it is asked for."""

    def __init__(self, part: bytes) -> None:
        """Find where each begins.

        Raises: ValueError if the part has to be parsed and is not well-formed; Excess if it has too many strings.
        """
        self._raw = part.split(b"<si>", STRINGS_MAX + 1)[1:] if _is_usual(part) else _rewritten(part)
        if len(self._raw) > STRINGS_MAX:
            raise Excess(STRINGS_MAX, "textes différents")

    def __getitem__(self, index: int) -> str:
        """One string. Raises: IndexError; ValueError if it is not UTF-8."""
        raw = self._raw[index]
        start, _, text = raw[:-_LAST].decode().partition(">")
        preserved = _STARTS.get(start)
        return rich(raw) if preserved is None or "<" in text else plain_run(text, preserved=preserved)


def _is_usual(part: bytes) -> bool:
    try:
        place = root_end(part, b"sst")
    except Odd:
        return False
    while some := _SOME.match(part, place):
        place = some.end()
    return _END.fullmatch(part, place) is not None


def _rewritten(part: bytes) -> list[bytes]:
    from aap_xl.workbook.reading.xlsx.rewriting import strings  # noqa: PLC0415 - rare

    return strings(part)
