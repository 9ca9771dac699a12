"""What the page's worker needs: Pyodide, and the files that its Python finds, prepared once by node."""

import io
import json
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from aap_xl import children
from aap_xl.appels.loader import FOURNIS, Catalogue
from aap_xl.faces.failures import Refus
from aap_xl.faces.install.page import contents, parts, sources

_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_LIBRARIES = "/lib/python3.14/site-packages"
_PATIENCE = 600


def prepare(appels: Catalogue, given: Path | None) -> dict[str, bytes]:
    """All that the worker needs, by the names that it knows.

    Args:   appels: the calls that the page will know; given: where the parts are, if not taken by npm and pip.
    Raises: Refus.
    """
    with tempfile.TemporaryDirectory(prefix="aap-xl-") as folder:
        work = Path(folder)
        for name, content in _laid(appels, given):
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _run(work)
        made = [*(work / "pyodide" / name for name in _PYODIDE), work / "env.json", work / "files"]
        return {path.name: path.read_bytes() for path in made}


def _run(work: Path) -> None:
    script = str(sources.folder() / "prepare.mjs")
    try:
        done = children.run(parts.node(), script, str(work), limits=children.Limits(), patience=_PATIENCE)
    except TimeoutError:
        raise Refus(f"Node.js n'a pas fini de préparer la page en {_PATIENCE // 60} minutes ; recommencez.") from None
    if done.returncode or not (work / "files").is_file():
        raise Refus("Node.js n'a pas pu préparer la page ; mettez-le à jour (version 18 au moins), puis recommencez.")


def _laid(appels: Catalogue, given: Path | None) -> Iterator[tuple[str, bytes]]:
    """The files that ``prepare.mjs`` finds: name → content."""
    others = [path for path in appels.chemins if path.parent != FOURNIS]
    places = {folder: f"/appels/{rank}" for rank, folder in enumerate(dict.fromkeys(path.parent for path in others))}
    tab = dict(_tab(given)) | {f"{places[path.parent]}/{path.name}": path.read_bytes() for path in others}
    yield from ((f"tab{name}", content) for name, content in tab.items())
    for part in parts.pinned():
        content = parts.content(part, given)
        if part.registry == "npm":
            yield from _pyodide(content)
        elif part.use == "build":
            yield from ((f"build{name}", content) for name, content in _library(content))
    env = {"HOME": "/home/pyodide", "AAP_XL_CACHE": "/cache", "AAP_XL_APPELS": ":".join(places.values())}
    yield "env.json", json.dumps(env).encode()
    yield "build/tab.json", json.dumps(list(tab)).encode()
    yield "prepare.py", (sources.folder() / "prepare.py").read_bytes()


def _tab(given: Path | None) -> Iterator[tuple[str, bytes]]:
    """Our files and the libraries', by their path in the tab."""
    for name, content in contents.needed().items():
        yield f"{_LIBRARIES}/{name}", content
    for part in parts.pinned():
        if part.registry == "pypi" and part.use == "tab":
            yield from _library(parts.content(part, given))


def _library(wheel: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(wheel)) as package:
        for name in sorted(package.namelist()):
            if not name.endswith("/"):
                yield f"{_LIBRARIES}/{name}", package.read(name)


def _pyodide(package: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(package)) as files:
        for name in _PYODIDE:
            file = files.extractfile(f"package/{name}")
            assert file is not None  # noqa: S101 - the package is the pinned one
            yield f"pyodide/{name}", file.read()
