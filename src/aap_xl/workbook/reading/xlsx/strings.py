"""The shared strings of an .xlsx."""

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.limits import Excess
from aap_xl.workbook.ooxml.usual import Odd, root_end
from aap_xl.workbook.reading.xlsx.texts import PRESERVED, PRONUNCIATION, TEXT, plain_run, rich

STRINGS_MAX = 2**19
"""Shared strings of a file; a workbook of 300 people has a few thousand."""
_LAST = len(b"</t></si>")
_STARTS = {"<t": False, "<t" + PRESERVED: True}
"""How most strings begin: whether the spaces of the text count."""
_EMPTY = rb"<\w++(?:/| [^<>]*+(?<=/))>"
_RUN = rb"<r>(?:<rPr ?/>|<rPr>(?:%b)*</rPr>|)%b</r>" % (_EMPTY, TEXT)
_SOME = pattern(
    rb"\s*+(?:<si>(?:%b|(?:%b)*)(?:%b)*(?:<phoneticPr [^<>]*+(?<=/)>)?</si>\s*+){1,1000}" % (TEXT, _RUN, PRONUNCIATION)
)
"""Some strings in the usual writing: as many at once as memory holds without noticing."""
_END = pattern(rb"\s*+</sst>\s*+")


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
    from aap_xl.workbook.reading.xlsx.runs import strings  # noqa: PLC0415 - rare

    return strings(part)
