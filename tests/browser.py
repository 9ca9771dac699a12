"""A real Chromium and a real Firefox, driven by Node.js; the page as its own command makes it."""

import base64
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from kept import kept

from aap_xl import children
from aap_xl.faces.cli import main

_DRIVERS = Path(__file__).parent / "page"
_SECONDS = 150
"""Of one order to a browser: above what the driver itself waits."""
_NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "firefox": ("firefox-esr", "firefox")}

File = tuple[str, bytes]


def need(*names: str) -> str:
    """The path of a program; skips the test where it is absent, fails it where browsers are required."""
    found = children.program(*names)
    if not found:
        if os.environ.get("AAP_XL_BROWSERS") == "required":
            pytest.fail(f"AAP_XL_BROWSERS=required, but {names[0]} is not installed")
        pytest.skip(f"{names[0]} is not installed: the page can't be opened")
    return found


def drivers(folder: Path) -> Path:
    """The driver and what it imports, in pytest's cache, else in an empty folder."""
    npm = need("npm")

    def install(target: Path) -> None:
        shutil.copy(_DRIVERS / "package.json", target)
        words = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
        subprocess.run([npm, *words], cwd=target, check=True, capture_output=True, timeout=300)

    pinned = (_DRIVERS / "package.json").read_text("utf-8")
    found = kept("browsers", (pinned,), install)
    if found is None:
        found = folder
        install(found)
    else:
        (folder / "node_modules").symlink_to(found / "node_modules")
    return Path(shutil.copy(_DRIVERS / "drive.mjs", folder))


class Browser:
    """One browser and its only tab. Every order is bounded in time."""

    def __init__(self, kind: str, driver: Path) -> None:
        command = [need("node", "nodejs"), str(driver), kind, need(*_NAMES[kind])]
        self.kind = kind
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._said.put(line)
        self._said.put('{"error": "the driver has ended"}')

    def do(self, op: str, **given: object) -> Any:
        """Give an order to the driver (`OPS` of drive.mjs) and wait for its result."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"op": op, **given}) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._said.get(timeout=_SECONDS))
        assert "error" not in said, f"{op}: {said['error']}"
        return said["result"]

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.do("run", script=script)

    def ask(self, verb: str, *files: File, **args: object) -> tuple[dict[str, Any], list[tuple[str, str, bytes]]]:
        """What the page gets of Python: a result, ``{"refus": …}`` or ``{"crash": …}``, and the files made."""
        sent = [{"name": name, "bytes": base64.b64encode(content).decode()} for name, content in files]
        said = self.do("ask", verb=verb, args=args, files=sent)
        made = [(name, kind, base64.b64decode(content)) for name, kind, content in said.pop("files", [])]
        return said.get("result", said), made

    def close(self) -> None:
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()


@contextmanager
def opened(folder: Path, *kinds: str) -> Iterator[tuple[Path, dict[str, Browser]]]:
    """The page, made by its command in an empty folder, and open from its file in each browser."""
    for programs in (("node", "nodejs"), ("npm",), *(_NAMES[kind] for kind in kinds)):
        need(*programs)
    page = folder / "aap-xl.html"
    assert main(["page", "-o", str(page)]) == 0
    driver = drivers(folder)
    found: dict[str, Browser] = {}
    try:
        for kind in kinds:
            found[kind] = Browser(kind, driver)
            found[kind].do("open", url=page.as_uri())
        yield page, found
    finally:
        for browser in found.values():
            browser.close()


class _Handler(SimpleHTTPRequestHandler):
    asked: Callable[[str], None]

    def __init__(self, asked: Callable[[str], None], *args: Any, **named: Any) -> None:
        self.asked = asked
        super().__init__(*args, **named)

    def do_GET(self) -> None:
        self.asked(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in http.server
        pass


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """A loopback server: its address, and the paths asked of it so far."""
    asked: list[str] = []
    handler = partial(_Handler, asked.append, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
