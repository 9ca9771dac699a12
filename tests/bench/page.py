"""The page against bare Pyodide (start) and against CPython (checks), in the same browser and the same run.

Run it alone: ``python tests/bench/page.py``. It prints ratios of processor time; it asserts nothing. A start is what
the browser's processes took until the page was ready, less what they take for an empty page. Bare Pyodide is as its own
documentation shows it: ``loadPyodide()`` in a page, its files beside it. A check is one of twenty, after five others.
"""

import functools
import http.server
import shutil
import subprocess
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import dossier as bench

from aap_xl.dossier import Dossier, catalogue
from aap_xl.faces.cli import main as command
from aap_xl.faces.install.page import parts

DRIVERS = Path(__file__).parents[1] / "page"
BROWSERS = ("chromium", "firefox")
SIZES = (20, 300)
REPEATS, FEW, MANY = 3, 5, 20
_EMPTY = '<!doctype html><body data-ready=""></body>'
_BARE = (
    "<!doctype html><body></body><script type=module>import { loadPyodide } from './package/pyodide.mjs';"
    "await loadPyodide(); document.body.dataset.ready = '';</script>"
)


def main() -> None:
    """Print one line per browser and comparison."""
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=DRIVERS, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = folder / "aap-xl.html"
        command(["page", "-o", str(page)])
        (folder / "empty.html").write_text(_EMPTY)
        (folder / "bare.html").write_text(_BARE)
        pyodide = next(part for part in parts.pinned() if part.name == "pyodide")
        with tarfile.open(parts.kept() / pyodide.file) as package:
            package.extractall(folder, filter="data")
        books = {size: folder / f"{size}.xlsx" for size in SIZES}
        for size, book in books.items():
            book.write_bytes(bench.workbook(catalogue().get("3.3"), size))
        with _Site(folder) as site:
            for browser in BROWSERS:
                _compare(browser, site, page, books)


def _compare(browser: str, site: str, page: Path, books: dict[int, Path]) -> None:
    empty, bare = (
        min(_session(browser, f"{site}{name}.html")[0] for _ in range(REPEATS)) for name in ("empty", "bare")
    )
    starts = []
    for size, book in books.items():
        found = [_session(browser, page.as_uri(), str(book), str(FEW), str(MANY)) for _ in range(REPEATS)]
        starts += [start for start, _, _ in found]
        theirs, ours = min(many - few for _, few, many in found) / MANY, _cpython(book)
        print(
            f"{browser} : contrôle, {size} personnes : {theirs:.2f} s, {theirs / ours:.1f} fois CPython ({ours:.2f} s)"
        )
    start, bare = min(starts) - empty, bare - empty
    print(f"{browser} : départ : {start:.1f} s, {start / bare:.2f} fois Pyodide nu ({bare:.1f} s)")


def _cpython(book: Path) -> float:
    """The same check in this process, once warm."""
    content, calls = book.read_bytes(), catalogue()
    for _ in range(FEW):
        len(Dossier.lire(book, calls, octets=content).anomalies)
    start = time.process_time()
    for _ in range(MANY):
        len(Dossier.lire(book, calls, octets=content).anomalies)
    return (time.process_time() - start) / MANY


def _session(browser: str, url: str, *words: str) -> list[float]:
    """What ``session.mjs`` prints."""
    node = shutil.which("node") or "node"
    asked = [node, str(DRIVERS / "session.mjs"), browser, url, *words]
    done = subprocess.run(asked, check=True, timeout=300, stdout=subprocess.PIPE)
    return [float(word) for word in done.stdout.split()]


class _Site:
    """The folder, served on loopback."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(_Quiet, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    main()
