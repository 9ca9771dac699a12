"""The add-in that the package ships, and the version that an add-in says it is of."""

import re
import zipfile
from importlib import resources
from io import BytesIO

from aap_xl.faces.echecs import Refus
from aap_xl.faces.emplacements import COMPLEMENT

_CORE = "docProps/core.xml"
_VERSION = re.compile(rb"<cp:version>([^<]*)</cp:version>")


def fourni() -> bytes:
    """The add-in shipped with the package.

    Raises: Refus if the package was installed without it.
    """
    try:
        return (resources.files("aap_xl.faces") / "complement" / COMPLEMENT).read_bytes()
    except OSError:
        raise Refus("le complément manque dans ce paquet ; réinstallez aap-xl, puis recommencez.") from None


def version(complement: bytes) -> str:
    """The version an add-in says it is of."""
    try:
        with zipfile.ZipFile(BytesIO(complement)) as file:
            said = _VERSION.search(file.read(_CORE))
    except (zipfile.BadZipFile, KeyError):
        said = None
    return f"version {said[1].decode()}" if said else "version inconnue"
