"""The pinned parts that others made: taken by npm and pip as the machine is set up, verified, kept."""

import hashlib
import os
import sys
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path

from aap_xl import children
from aap_xl.appels import cache
from aap_xl.faces.failures import Refus
from aap_xl.faces.install.page import sources
from aap_xl.records import record
from aap_xl.workbook.ooxml.atomic import write_atomically

PLATFORM = ("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14", "--abi", "cp314")
_PATIENCE = 300


@record
class Part:
    """One part.

    Attributes: registry: npm or pypi; file: its name there; sha256: of its content; use: « tab » for what goes into
                the page, « build » for what only helps to make it.
    """

    name: str
    registry: str
    version: str
    file: str
    sha256: str
    use: str


def pinned() -> list[Part]:
    """The parts as ``parts.toml`` lists them."""
    text = (sources.folder() / "parts.toml").read_text(encoding="utf-8")
    return [Part(**item) for item in tomllib.loads(text)["part"]]


def kept() -> Path:
    """The user's folder of parts already taken, beside the calls' cache."""
    return cache.folder().with_name("aap_xl-page")


def content(part: Part, given: Path | None) -> bytes:
    """A part's bytes: from a folder of files already there, else kept from before, else taken now.

    Args:   given: where all the parts are, for a machine without network.
    Raises: Refus if it can't be had or is not the pinned one.
    """
    for folder in (given,) if given else (kept(),):
        path = folder / part.file
        if path.is_file():
            found = path.read_bytes()
            if _is(part, found):
                return found
            if given:
                raise Refus(_wrong(part, f"dans « {given} »"))
    if given:
        raise Refus(f"« {part.file} » manque dans « {given} » ; mettez-y le fichier de {part.name} {part.version}.")
    found = _take(part)
    if not _is(part, found):
        raise Refus(_wrong(part, f"donné par {_tool(part)}"))
    kept().mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(kept() / part.file, found)
    return found


def _is(part: Part, found: bytes) -> bool:
    return hashlib.sha256(found).hexdigest() == part.sha256


def _wrong(part: Part, where: str) -> str:
    return (
        f"« {part.file} », {where}, n'est pas le fichier attendu (empreinte SHA-256 différente) ; "
        "prenez-le d'une autre source, et prévenez votre service informatique si cela recommence."
    )


def _tool(part: Part) -> str:
    return "npm" if part.registry == "npm" else "pip"


def _take(part: Part) -> bytes:
    """Ask the registry's client, in a folder of its own. Raises: Refus."""
    with tempfile.TemporaryDirectory(prefix="aap-xl-") as folder:
        with suppress(TimeoutError):
            children.run(
                *(_npm(part) if part.registry == "npm" else _pip(part)),
                limits=children.Limits(),
                patience=_PATIENCE,
                folder=Path(folder),
            )
        path = Path(folder) / part.file
        if path.is_file():
            return path.read_bytes()
    raise Refus(
        f"« {part.file} » n'a pas pu être pris par {_tool(part)} : vérifiez le réseau et les réglages de "
        f"{_tool(part)}, ou donnez un dossier où ce fichier se trouve déjà (--paquets DOSSIER)."
    )


def _npm(part: Part) -> list[str]:
    asked = f"{part.name}@{part.version}"
    if npm := children.program("npm"):
        return [npm, "pack", "--ignore-scripts", asked]
    script = Path(node()).parent / "node_modules" / "npm" / "bin" / "npm-cli.js"  # Windows has npm as a batch file only
    if not script.is_file():
        raise Refus("npm n'est pas installé ici ; installez Node.js, qui le contient, puis recommencez.")
    return [node(), str(script), "pack", "--ignore-scripts", asked]


def _pip(part: Part) -> list[str]:
    options = ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:", *PLATFORM]
    return [sys.executable, "-I", "-m", "pip", "download", *options, "-d", os.curdir, f"{part.name}=={part.version}"]


def node() -> str:
    """The program that runs Pyodide while the page is built. Raises: Refus if there is none."""
    found = children.program("node", "nodejs")
    if not found:
        raise Refus(
            "Node.js n'est pas installé ici, et il faut lui pour fabriquer la page ; installez-le, puis recommencez."
        )
    return found
