"""The page's modules as one script, and what its HTML becomes: one file, or the files of a site."""

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async |default )?(?:function|class|const|let)\b)", re.MULTILINE)
CSP, PARTS = "<!-- csp -->", "<!-- parts -->"
STYLE, SCRIPT = '<link rel="stylesheet" href="style.css">', '<script type="module" src="js/main.js"></script>'
_FORBIDDEN = ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "object-src 'none'")
_SHOWN = "img-src data: blob:"
HEADERS = "frame-ancestors 'none'"
"""What a page can't say of itself: a host's header says it."""


def one_file(folder: Path, packed: Mapping[str, bytes]) -> bytes:
    """The page as one HTML file, which opens by itself.

    Args: folder: the sources; packed: what the worker needs, each compressed by `gzip`.
    """
    style, script = (folder / "style.css").read_text("utf-8"), modules(folder / "js")
    worker = (folder / "worker.js").read_text("utf-8")
    policy = (
        *_FORBIDDEN,
        f"script-src {_hash(script)} blob: 'wasm-unsafe-eval'",
        f"style-src {_hash(style)}",
        "worker-src blob:",
        _SHOWN,
    )
    parts = [
        f'<script type="text/plain" data-part="{name}">{base64.b64encode(content).decode("ascii")}</script>'
        for name, content in packed.items()
    ]
    return _filled(
        folder,
        {
            CSP: _policy(policy),
            STYLE: f"<style>{style}</style>",
            PARTS: "\n".join([*parts, f'<script type="text/plain" id="worker">{_inert(worker)}</script>']),
            SCRIPT: f'<script type="module">{script}</script>',
        },
    )


def site(folder: Path, packed: Mapping[str, bytes]) -> dict[str, bytes]:
    """The page as the files of a site: name → content. All but two are in a folder whose name is of their content."""
    inside = {
        "style.css": (folder / "style.css").read_bytes(),
        "page.js": modules(folder / "js").encode(),
        "worker.js": (folder / "worker.js").read_bytes(),
        **{f"{name}.gz": content for name, content in packed.items()},
    }
    version = _version(inside)
    policy = (
        *_FORBIDDEN,
        "script-src 'self' blob: 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        _SHOWN,
    )
    names = html.escape(" ".join(packed))
    page = _filled(
        folder,
        {
            CSP: f'{_policy(policy)}\n<meta name="aap-parts" content="{version}/" data-names="{names}">',
            STYLE: f'<link rel="stylesheet" href="{version}/style.css">',
            PARTS: "",
            SCRIPT: f'<script type="module" src="{version}/page.js"></script>',
        },
    )
    files = {f"{version}/{name}": content for name, content in inside.items()}
    listed = "\n".join(f'  "{name}",' for name in ("./", *files))
    offline = (folder / "sw.js").read_text("utf-8")
    whole = _version({"index.html": page, **files})
    worker = offline.replace('"version"', f'"{whole}"').replace("[]", f"[\n{listed}\n]", 1)
    return {**files, "index.html": page, "sw.js": worker.encode()}


def modules(folder: Path) -> str:
    """The modules that ``main.js`` needs, each once, after those that it imports."""
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        text = (folder / name).read_text("utf-8")
        for other in _IMPORT.findall(text):
            if other not in texts:
                add(other)
        texts[name] = _EXPORT.sub("", _IMPORT.sub("", text))

    add("main.js")
    return _inert("\n".join(texts.values()))


def _filled(folder: Path, places: Mapping[str, str]) -> bytes:
    text = (folder / "index.html").read_text("utf-8")
    for place, content in places.items():
        before, found, after = text.partition(place)
        if not found:
            raise ValueError(f"index.html has no {place}")
        text = before + content + after
    return text.encode()


def _policy(directives: tuple[str, ...]) -> str:
    content = html.escape("; ".join(directives), quote=False)
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inert(script: str) -> str:
    """A script that can't end the element it is in."""
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("a script has </script or <!-- in it")
    return script


def _version(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]
