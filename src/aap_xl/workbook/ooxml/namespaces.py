"""The namespaces of the standard, in both flavours: the usual one, called transitional, and the strict one."""

import re
from functools import lru_cache

from aap_xl.patterns import pattern

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""What the type of a relation begins with, and the namespace of the attribute that names a relation."""
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CUSTOM_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
PROPERTY_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
THREADED_COMMENTS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
STRICT_SPREADSHEET = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_PURL = "http://purl.oclc.org/ooxml/"
_STRICT = pattern(rf"{_PURL}([A-Za-z]+)/(.+)", re.DOTALL)
_TRANSITIONAL = pattern(r"http://schemas\.openxmlformats\.org/([A-Za-z]+)/2006/(.+)", re.DOTALL)
_RENAMED = {"customProperties": "custom-properties", "extendedProperties": "extended-properties"}
_RENAMED_BACK = {usual: strict for strict, usual in _RENAMED.items()}
_QUOTED = pattern(rb"(?<=\")http://schemas\.openxmlformats\.org/[^\"<>&]*+(?=\")")
_OF_PACKAGES = "package"
"""The namespaces of packages themselves are the same in both flavours."""


@lru_cache(maxsize=256)
def transitional(uri: str) -> str:
    """A namespace or the type of a relation in the usual flavour; any other is returned as it is."""
    found = _STRICT.fullmatch(uri) if uri.startswith(_PURL) else None
    if not found:
        return uri
    domain, rest = found.groups()
    head, slash, last = rest.rpartition("/")
    return f"http://schemas.openxmlformats.org/{domain}/2006/{head}{slash}{_RENAMED.get(last, last)}"


@lru_cache(maxsize=256)
def strict(uri: str) -> str:
    """A namespace or the type of a relation in the strict flavour; any other is returned as it is."""
    found = _TRANSITIONAL.fullmatch(uri)
    if not found or found[1] == _OF_PACKAGES:
        return uri
    domain, rest = found.groups()
    head, slash, last = rest.rpartition("/")
    return f"http://purl.oclc.org/ooxml/{domain}/{head}{slash}{_RENAMED_BACK.get(last, last)}"


def strict_part(content: bytes) -> bytes:
    """A part that we made in the usual flavour, in the strict one."""
    return _QUOTED.sub(lambda found: strict(found[0].decode()).encode(), content)
