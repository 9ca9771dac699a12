"""Change the code, one small change at a time, and ask the tests: which changes do they not see?

    python tests/mutation --seed 1 --count 300 --log mutation.jsonl

The sample is drawn by the seed over every change that can be made (`operators`) to the modules of `targets`. The tests
run on a copy, in a child that is forked once their libraries are imported, within a limit of processor time. The log
has one line per mutant; the same command goes on after the last one, and ends with the figure. A module that changed
since is judged again; ``--again`` judges the survivors again, by new tests.
"""

import argparse
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
sys.path.insert(0, str(TESTS))

from mutation.operators import Mutants  # noqa: E402
from mutation.targets import SLOW, ordered, tests_of  # noqa: E402

_COPIED = ("src", "tests", "workbooks", "addin", "docs", "pyproject.toml", "README.md", "LICENSE")
_LIBRARIES = ("hypothesis", "lxml.etree", "openpyxl", "pandas", "pyarrow", "pydantic", "pytest", "xlsxwriter")
"""What the tests import that is not ours: once, before children are forked."""
_OPTIONS = ("-n0", "-q", "-x", "-p", "no:cacheprovider", "-m")
_PASSED = (0, 5)
"""What pytest ends with: no test failed, or none was kept."""
_SECONDS, _TIMES = 30, 6
"""Processor time of a mutant: that many seconds, and so many times what its tests take without it."""
_KILLED, _SURVIVED, _NOTHING = "killed", "SURVIVED", "nothing"


def main() -> int:
    """Returns: 1 if a mutant survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--log", type=Path, help="one line per mutant; the run goes on after the last one")
    parser.add_argument("--module", nargs="*", help="only modules whose path holds one of these")
    parser.add_argument("--only", nargs="*", help="these mutants alone: domain/budget.py:12")
    parser.add_argument("--again", action="store_true", help="judge the survivors of the log again")
    parser.add_argument("--show", action="store_true", help="list the sample, run nothing")
    args = parser.parse_args()
    sources = _sources()
    chosen = _sample(args, sources)
    if args.show:
        for module, number in chosen:
            print(f"{module}:{number}", *sources[module].make(number)[:2])
        return 0
    done = {name: item for name, item in _read(args.log).items() if _holds(name, item, sources, again=args.again)}
    os.nice(15)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        bench = Bench(Path(folder))
        for module, number in chosen:
            name = f"{module}:{number}"
            if name not in done:
                done[name] = bench.judge(module, number, sources[module])
                _write(args.log, name, done[name] | {"source": sources[module].digest})
    return _report([done[f"{module}:{number}"] | {"name": f"{module}:{number}"} for module, number in chosen])


def _sources() -> dict[str, Mutants]:
    """The modules that are changed, read once: the copy is made of the same files."""
    package = ROOT / "src" / "aap_xl"
    modules = ordered([path.relative_to(package).as_posix() for path in package.rglob("*.py")])
    return {module: Mutants((package / module).read_text(encoding="utf-8")) for module in modules}


def _sample(args: argparse.Namespace, sources: Mapping[str, Mutants]) -> list[tuple[str, int]]:
    if args.only:
        pairs = [item.rpartition(":") for item in args.only]
        return [(module, int(number)) for module, _, number in pairs]
    every = [
        (module, number)
        for module, mutants in sources.items()
        if not args.module or any(part in module for part in args.module)
        for number in range(len(mutants))
    ]
    return random.Random(args.seed).sample(every, min(args.count, len(every)))  # noqa: S311 - a sample, no secret


def _holds(name: str, found: dict[str, Any], sources: Mapping[str, Mutants], *, again: bool) -> bool:
    """Whether what the log tells of a mutant still counts."""
    if again and found["outcome"] == _SURVIVED:
        return False
    module = name.rpartition(":")[0]
    return module in sources and bool(found["source"] == sources[module].digest)


class Bench:
    """A copy of the repository, where one module at a time is changed."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / "copy"
        self._root.mkdir()
        for name in _COPIED:
            source = ROOT / name
            copied = shutil.copytree if source.is_dir() else shutil.copy2
            copied(source, self._root / name)
        os.environ |= {
            "AAP_XL_CACHE": str(folder / "cache"),
            "PYTHONPATH": str(self._root / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CI": "true",
        }
        sys.dont_write_bytecode = True
        sys.path[:0] = [str(self._root / "src")]
        for item in (TESTS, ROOT / "src"):
            sys.path[:] = [path for path in sys.path if Path(path) != item]
        for library in _LIBRARIES:
            import_module(library)
        self._plain: dict[str, float] = {}

    def judge(self, module: str, number: int, mutants: Mutants) -> dict[str, Any]:
        """What becomes of one mutant. Raises: RuntimeError if its tests fail without it."""
        line, told, text = mutants.make(number)
        tests = tests_of(module)
        for name in tests:
            if name not in self._plain:
                code, self._plain[name] = self._run((name,), 3600)
                if code:
                    raise RuntimeError(f"{name} fails without any change")
        if not text:
            return {"line": line, "told": told, "outcome": _NOTHING, "seconds": 0}
        target = self._root / "src" / "aap_xl" / module
        kept = target.read_bytes()
        for stale in target.parent.glob(f"__pycache__/{target.stem}.*"):
            stale.unlink()
        try:
            target.write_text(text, encoding="utf-8")
            code, seconds = self._run(tests, _SECONDS + _TIMES * sum(self._plain[name] for name in tests))
        finally:
            target.write_bytes(kept)
        return {"line": line, "told": told, "outcome": _KILLED if code else _SURVIVED, "seconds": round(seconds)}

    def _run(self, tests: tuple[str, ...], limit: float) -> tuple[int, float]:
        """Run tests in a child. Returns: what it ended with (0: they all pass) and the seconds it took."""
        start = time.monotonic()
        pid = os.fork()
        if not pid:
            _child(self._root, tests, int(limit))
        _, status = os.waitpid(pid, 0)
        return status, time.monotonic() - start


def _child(root: Path, tests: tuple[str, ...], limit: int) -> None:
    import pytest  # noqa: PLC0415

    code = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        os.chdir(root)
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        for name in tests:
            kept = "not libreoffice" if name in SLOW else "not slow"
            code = int(pytest.main([*_OPTIONS, kept, f"tests/{name}.py"]))
            if code not in _PASSED:
                break
            code = 0
    finally:
        os._exit(code)


def _read(log: Path | None) -> dict[str, Any]:
    if log is None or not log.exists():
        return {}
    lines = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return {line.pop("name"): line for line in lines}


def _write(log: Path | None, name: str, found: dict[str, Any]) -> None:
    line = json.dumps({"name": name, **found}, ensure_ascii=False)
    if log:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    if found["outcome"] == _SURVIVED:
        print(line, flush=True)


def _report(found: list[dict[str, Any]]) -> int:
    counts = Counter(item["outcome"] for item in found)
    judged = counts[_KILLED] + counts[_SURVIVED]
    print(f"{counts[_KILLED]} killed of {judged}: {counts[_KILLED] / max(judged, 1):.1%}")
    for module, survived in sorted(_by_module(found)):
        print(f"  {module}: {survived}")
    return int(bool(counts[_SURVIVED]))


def _by_module(found: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    modules = Counter(item["name"].rpartition(":")[0] for item in found if item["outcome"] != _NOTHING)
    survivors = Counter(item["name"].rpartition(":")[0] for item in found if item["outcome"] == _SURVIVED)
    for module, count in modules.items():
        yield module, f"{count - survivors[module]}/{count}"


if __name__ == "__main__":
    sys.exit(main())
