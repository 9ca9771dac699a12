"""The texts of an .xlsx: entities, escapes of the format, spaces, runs of rich text, shared strings."""

import re

from aap_xl.workbook.reading.xlsx.xmlparts import decoded, elements, usual

STRINGS_MAX = 2**19
"""Shared strings of a file; a workbook of 300 people has a few thousand."""
_LAST = len(b"</t></si>")
_SPACES = " \t\r\n"
_ESCAPE = re.compile(r"_x00([0-9a-fA-F]{2})_")
_RUN = re.compile(rb"<t((?: [^<>]*+)?)>([^<]*+)</t>")
_PHONETIC = re.compile(rb"<rPh[^<]*+(?:<(?!/rPh>)[^<]*+)*</rPh>")
PRESERVED = b' xml:space="preserve"'


def run(text: str, *, preserved: bool) -> str:
    """One text run as the sheet shows it: spaces around it count only if the file says so."""
    kept = text if preserved else text.strip(_SPACES)
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), kept) if "_x00" in kept else kept


def plain_run(raw: bytes) -> str:
    """The same from its XML, when nothing asks to keep its spaces: most of a workbook's texts."""
    text = raw.decode()
    if "&" in text or "\r" in text or "_x00" in text:
        return run(decoded(raw), preserved=False)
    return text.strip(_SPACES)


def rich(xml: bytes) -> str:
    """The text of a shared or inline string, its runs joined, its pronunciation left out.

    Raises: ValueError if it is not UTF-8.
    """
    if b"<rPh" in xml and xml.count(b"<rPh") == xml.count(b"</rPh>"):
        xml = _PHONETIC.sub(b"", xml)
    return "".join(run(decoded(text), preserved=given == PRESERVED) for given, text in _RUN.findall(xml))


class Strings:
    """The shared strings of a workbook, each worked out when it is asked for."""

    def __init__(self, part: bytes) -> None:
        """Find where each begins.

        Raises: ValueError if the part has to be parsed and is not well-formed.
        """
        head, *pieces = part.split(b"<si>", STRINGS_MAX + 1)
        if len(pieces) > STRINGS_MAX:
            raise ValueError("too many strings")
        plain = b"<sst" in head and b"<si" not in head and usual(part)
        whole = all(piece.endswith(b"</si>") for piece in pieces[:-1]) and b"</si></sst>" in (pieces or [part])[-1]
        self._raw: list[bytes] = pieces if plain and whole else []
        self._read: list[str] = [] if self._raw else _parsed(part)

    def __getitem__(self, index: int) -> str:
        """One string. Raises: IndexError; ValueError if it is not UTF-8."""
        if not self._raw:
            return self._read[index]
        raw = self._raw[index]
        if raw.startswith(b"<t>") and raw.find(b"<", 3) == len(raw) - _LAST:
            return plain_run(raw[3:-_LAST])
        return rich(raw)


def _parsed(part: bytes) -> list[str]:
    """The strings of a part written in an unusual way."""
    found: list[str] = []
    runs: list[str] = []
    for name, attributes, text in elements(part):
        if name == "t":
            runs.append(run(text, preserved=attributes.get("space") == "preserve"))
        elif name == "rPh":
            runs.pop()
        elif name == "si":
            found.append("".join(runs))
            runs = []
    return found
