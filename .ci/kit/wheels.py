"""What a wheel says of itself."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement

UNKNOWN = "non déclarée"
_LICENCE_FILE = re.compile(r"(?i)[^/]+\.dist-info/(?:licenses/.+|(?:licen[cs]e|copying|notice|copyright)[^/]*)")
_LONGEST = 80
"""Characters of a licence's name: some wheels put its whole text there."""


@dataclass(frozen=True)
class Wheel:
    """One wheel.

    Attributes: name: normalised, as an index writes it; licence: SPDX, or the words of its author; requires: names of
                what it asks for; offers: of what its extras do; texts: of its licences, by path in the wheel.
    """

    path: Path
    name: str
    version: str
    summary: str
    licence: str
    requires: frozenset[str]
    offers: frozenset[str]
    sha256: str
    texts: dict[str, str] = field(compare=False)


def read(path: Path) -> Wheel:
    """Read a wheel's metadata. Raises: OSError, zipfile.BadZipFile, ValueError if it has none."""
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        metadata = next((name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)), None)
        if metadata is None:
            raise ValueError(f"{path.name} has no METADATA")
        said = Parser().parsestr(file.read(metadata).decode("utf-8"))
        texts = {
            name.partition("/")[2]: file.read(name).decode("utf-8", "replace")
            for name in names
            if _LICENCE_FILE.fullmatch(name) and not name.endswith("/")
        }
    return Wheel(
        path=path,
        name=normalised(said["Name"]),
        version=said["Version"],
        summary=said.get("Summary", ""),
        licence=_licence(said),
        requires=frozenset(_required(said, offered=False)),
        offers=frozenset(_required(said, offered=True)),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        texts=texts,
    )


def read_all(folder: Path) -> list[Wheel]:
    """The wheels of a folder, by name, version and file."""
    return sorted(map(read, folder.glob("*.whl")), key=lambda item: (item.name, item.version, item.path.name))


def normalised(name: str) -> str:
    """``XlsxWriter`` → ``xlsxwriter``, ``pydantic_core`` → ``pydantic-core``."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(said: Message) -> str:
    """The SPDX expression, else the author's words, else the classifiers."""
    words = " ".join((said.get("License") or "").split())
    classifiers = [
        item.rpartition(" :: ")[2] for item in said.get_all("Classifier", []) if item.startswith("License :: ")
    ]
    named = words if words != "UNKNOWN" and len(words) <= _LONGEST else ""
    return said.get("License-Expression") or named or ", ".join(classifiers) or UNKNOWN


def _required(said: Message, *, offered: bool) -> Iterator[str]:
    for line in said.get_all("Requires-Dist", []):
        item = Requirement(line)
        if ("extra" in str(item.marker)) == offered:
            yield normalised(item.name)
