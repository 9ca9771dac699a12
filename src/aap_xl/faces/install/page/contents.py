"""What of the package the tab needs: what the page's Python imports, and the data beside it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import aap_xl

ROOT = Path(aap_xl.__file__).parent
START = "aap_xl.faces.page"


def needed() -> dict[str, bytes]:
    """The package's files for the tab, by their path from the folder that the package is in."""
    modules: set[Path] = set()
    left = [START]
    while left:
        for path in _files(left.pop()):
            if path not in modules:
                modules.add(path)
                left += _imported(path)
    folders = {path.parent for path in modules}
    data = {path for folder in folders for path in folder.iterdir() if path.is_file() and path.suffix != ".py"}
    return {path.relative_to(ROOT.parent).as_posix(): path.read_bytes() for path in sorted(modules | data)}


def _files(module: str) -> Iterator[Path]:
    """The file of a module, and those of the packages that it is in; nothing if it is a name inside a module."""
    parts = module.split(".")[1:]
    for end in range(len(parts) + 1):
        place = ROOT.joinpath(*parts[:end])
        if place.is_dir():
            yield place / "__init__.py"
        elif place.with_suffix(".py").is_file():
            yield place.with_suffix(".py")


def _imported(path: Path) -> Iterator[str]:
    """What of the package a module imports, at once or later; not what only type checkers read."""
    tree = ast.parse(path.read_bytes())
    for_types = [part for node in ast.walk(tree) if isinstance(node, ast.If) and _for_types(node) for part in node.body]
    skipped = {id(item) for part in for_types for item in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names if item.name.partition(".")[0] == "aap_xl")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "aap_xl":
            yield str(node.module)
            yield from (f"{node.module}.{item.name}" for item in node.names)


def _for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
