"""The texts of an .xlsx: entities, escapes of the format, spaces, runs of rich text."""

from aap_xl.patterns import pattern
from aap_xl.workbook.ooxml.usual import decoded

PRESERVED = ' xml:space="preserve"'
_KEPT = PRESERVED.encode()
_SPACES = " \t\r\n"
_ESCAPE = pattern(r"_x00([0-9a-fA-F]{2})_")
TEXT = rb"(?:<t(?:%b)?>[^<]*+</t>|<t ?/>)" % _KEPT
PRONUNCIATION = rb"<rPh(?: [^<>]*+)?(?<!/)>%b</rPh>" % TEXT
_TEXTS = pattern(rb"<t(%b)?>([^<]*+)</t>" % _KEPT)
_PHONETIC = pattern(PRONUNCIATION)


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
