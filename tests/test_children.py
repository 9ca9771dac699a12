"""The door for child processes: nothing planted is imported, in any command; what they may take; no other door."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from ctypes import sizeof
from pathlib import Path
from typing import Any

import pytest
import xlsb
from attente import attendre
from fabrique import classeur, operation_type

from aap_xl import children
from aap_xl.appels.model import Appel
from aap_xl.children import Limits
from aap_xl.children.job import BasicLimits, ExtendedLimits, enter
from aap_xl.workbook.reading.others import process

SOURCES = Path(children.__file__).parents[1]
PLANTED = (
    *("pickle", "json", "zipfile", "struct", "tempfile", "subprocess", "argparse", "decimal", "resource", "random"),
    *("multiprocessing", "concurrent", "socket", "sqlite3", "xml", "numpy", "pandas", "pyarrow", "pydantic"),
    *("python_calamine", "openpyxl", "xlsxwriter", "rich", "olefile", "lxml", "distributed", "uno"),
)
"""Among what the program or its libraries import."""
AT_START = ("sitecustomize", "usercustomize")
"""What Python itself imports, if it finds it."""
WORDS = "import pathlib\npathlib.Path({trace!r}).mkdir(exist_ok=True)\n(pathlib.Path({trace!r}) / __name__).touch()\n"
_JOUR = ("--date", "15/12/2025")


class Trap:
    """A folder of planted modules, and what any of them that was run leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trace = folder.parent / f"{folder.name} : piège"

    def plant(self, *names: str) -> None:
        self.folder.mkdir(exist_ok=True)
        for name in names:
            (self.folder / f"{name}.py").write_text(WORDS.format(trace=str(self.trace)))

    def caught(self) -> list[str]:
        return sorted(item.name for item in self.trace.iterdir()) if self.trace.exists() else []


@pytest.fixture(scope="module")
def full(appel37: Appel) -> bytes:
    return classeur(appel37, operation_type(appel37), {})


@pytest.fixture
def hostile(full: bytes, tmp_path: Path) -> Trap:
    """A folder that someone sent: returned workbooks of several formats, and modules beside."""
    found = Trap(tmp_path / "recus")
    found.plant(*PLANTED, *AT_START, "aap_xl")
    (found.folder / "retour.xlsx").write_bytes(full)
    source = Path(__file__).parent / "workbooks"
    for suffix in ("xls", "ods"):
        shutil.copyfile(source / f"pieges-libreoffice.{suffix}", found.folder / f"retour.{suffix}")
    (found.folder / "retour.xlsb").write_bytes(xlsb.ecrire({"Un": xlsb.Feuille([])}))
    return found


def _run(command: list[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    env = os.environ | {"AAP_XL_CACHE": str(folder.parent / "cache"), **variables}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, timeout=300)


def _script() -> list[str]:
    """What the ``aap-xl`` script does."""
    return [sys.executable, "-P", "-c", "import sys; from aap_xl.__main__ import programme; sys.exit(programme())"]


COMMANDS = [
    pytest.param(("controler", "retour.xls"), 1, id="controler xls"),
    pytest.param(("controler", "retour.xlsb"), 2, id="controler xlsb"),
    pytest.param(("controler", "retour.ods", "--json"), 1, id="controler ods"),
    pytest.param(("controler", "retour.xlsx"), 1, id="controler xlsx"),
    pytest.param(("bilan", "retour.xlsx", "-o", "copie.xlsx"), 1, id="bilan"),
    pytest.param(("consolider", ".", "-o", "out", "--processus", "2", *_JOUR), 1, id="consolider"),
    pytest.param(("renvoyer", "retour.xlsx", "-o", "renvois", "--commentaire", "à revoir"), 0, id="renvoyer"),
    pytest.param(("comparer", "retour.ods", "retour.xls"), 1, id="comparer"),
    pytest.param(("solde", "retour.xlsx"), 1, id="solde"),
    pytest.param(("nouveau", "3.7", "neuf.xlsx"), 0, id="nouveau"),
    pytest.param(("appels",), 0, id="appels"),
    pytest.param(("demo",), 0, id="demo", marks=pytest.mark.slow),
    pytest.param(
        ("bilan", "retour.xlsx", "--pdf", "-o", "copie.xlsx"),
        1,
        id="pdf",
        marks=[pytest.mark.skipif(not children.program("soffice"), reason="needs LibreOffice"), pytest.mark.slow],
    ),
]


@pytest.mark.parametrize(("words", "code"), COMMANDS)
def test_no_module_of_the_current_folder_is_imported(words: tuple[str, ...], code: int, hostile: Trap) -> None:
    done = _run([*_script(), *words], hostile.folder)
    assert (done.returncode, b"erreur du programme" in done.stderr) == (code, False), done.stderr
    assert hostile.caught() == []


@pytest.mark.parametrize("words", [("controler", "retour.xls"), ("consolider", ".", "-o", "out", *_JOUR)])
def test_nor_by_python_m_once_it_has_found_the_program(words: tuple[str, ...], hostile: Trap) -> None:
    """A package of the program's own name in the current folder would be the program: nothing can be done then."""
    (hostile.folder / "aap_xl.py").unlink()
    assert _run([sys.executable, "-m", "aap_xl", *words], hostile.folder).returncode == 1
    assert hostile.caught() == []


@pytest.mark.parametrize("words", [("controler", "retour.xls"), ("consolider", ".", "-o", "out", *_JOUR)])
def test_nor_from_the_variables_of_python(words: tuple[str, ...], hostile: Trap, tmp_path: Path) -> None:
    """``PYTHONPATH`` is read by Python before the program begins: it ends there, the children never see it."""
    (hostile.folder / "aap_xl.py").unlink()
    named = Trap(tmp_path / "nommés")
    named.plant(*PLANTED, *AT_START)
    startup = Trap(tmp_path / "départ")
    startup.plant("startup")
    done = _run(
        [*_script(), *words],
        hostile.folder,
        PYTHONPATH=os.pathsep.join([str(named.folder), ""]),
        PYTHONUSERBASE=str(named.folder),
        PYTHONSTARTUP=str(startup.folder / "startup.py"),
    )
    assert done.returncode == 1
    assert (hostile.caught(), startup.caught()) == ([], [])
    assert named.caught() in ([], ["sitecustomize"])  # imported by the parent's Python, before any program


def test_the_children_do_not_see_the_variables_of_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = Trap(tmp_path / "nommés")
    named.plant(*PLANTED, *AT_START, "aap_xl")
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE"):
        monkeypatch.setenv(name, str(named.folder))
    monkeypatch.chdir(named.folder)
    model = Path(__file__).parent / "workbooks" / "pieges-libreoffice.xls"
    assert process.read(model.read_bytes()).sheets
    assert named.caught() == []


@pytest.mark.slow
def test_dask_workers_read_the_other_formats_by_the_same_door(
    hostile: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts a cluster chooses what its workers import; what those start is ours."""
    dask = pytest.importorskip("distributed")
    import envois  # noqa: PLC0415

    from aap_xl.consolidation.cluster import _Parcel, _treat_sent  # noqa: PLC0415
    from aap_xl.consolidation.one_file import Task  # noqa: PLC0415
    from aap_xl.dossier import catalogue  # noqa: PLC0415

    context = _Parcel(envois.context(catalogue(())))
    tasks = _Parcel([Task(1, octets=(hostile.folder / "retour.xls").read_bytes())])
    cluster = dask.LocalCluster(1, threads_per_worker=1, processes=False, dashboard_address=None)
    monkeypatch.chdir(hostile.folder)
    with cluster, dask.Client(cluster, set_as_default=False) as client:
        [found] = client.submit(_treat_sent, tasks, context, pure=False).result(timeout=60)
    assert (found.refusal, hostile.caught()) == (None, [])


def test_a_program_is_never_looked_for_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\n")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "./"]))
    assert children.program("soffice") == ""
    monkeypatch.setenv("PATH", os.pathsep.join([".", str(tmp_path)]))
    assert children.program("rien", "soffice") == str(tmp_path / "soffice")


# --- what a child may take


def _child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> str:
    """A module of the test that a child may run."""
    (tmp_path / "essai.py").write_text(code)
    monkeypatch.setattr(children, "_folders", lambda: [str(tmp_path)])
    return "essai"


posix = pytest.mark.skipif(os.name != "posix", reason="limits a process as Unix does")


@pytest.mark.slow
@posix
@pytest.mark.parametrize(
    ("code", "limits", "returned"),
    [
        ("while True: pass", Limits(seconds=1), {-signal.SIGXCPU, -signal.SIGKILL}),
        ("bytearray(2**29)", Limits(memory=2**28), {1}),
        ("bytearray(2**29)", Limits(), {0}),
        ("import sys; sys.exit(len(sys.argv[1]) + len(sys.stdin.read()))", Limits(2**30, 10), {6}),
    ],
)
def test_a_child_is_held_to_its_limits(
    code: str, limits: Limits, returned: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = _child(tmp_path, monkeypatch, f"def main():\n    {code}\n")
    assert children.run(target, "mot", limits=limits, patience=60, content=b"lu.").returncode in returned


@pytest.mark.slow
@posix
def test_a_child_that_takes_too_long_ends_with_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = f"98{os.getpid()}"
    code = f"def main():\n    import subprocess\n    subprocess.run(['sleep', '{seconds}'])\n"
    target = _child(tmp_path, monkeypatch, code)
    with pytest.raises(TimeoutError):
        children.run(target, limits=Limits(), patience=2)
    assert attendre(lambda: f"sleep\0{seconds}\0".encode() not in _lines(), 10)


def _lines() -> list[bytes]:
    """The command lines of all processes."""
    found = []
    for item in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(item.read_bytes())
    return found


@posix
def test_a_child_becomes_another_program_within_its_limits() -> None:
    done = children.run("/bin/sh", "-c", "ulimit -v; ulimit -t; cat", limits=Limits(2**30, 7), patience=9, content=b"!")
    assert done.stdout == b"1048576\n7\n!"


@posix
def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import pickle, time\nfrom multiprocessing import Pipe\nfrom aap_xl import children\n"
        "ours, theirs = Pipe()\n"
        "child = children.start('aap_xl.consolidation.worker', theirs, pickle.dumps(None), children.Limits())\n"
        "assert ours.poll(60)\nprint(child.pid, flush=True)\ntime.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        number = int(parent.stdout.readline())
        parent.kill()
    limit = time.monotonic() + 30
    while _alive(number) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not _alive(number)


def _alive(number: int) -> bool:
    status = Path(f"/proc/{number}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_job_is_written_as_windows_reads_it() -> None:
    """Sizes and places as in winnt.h, 64 bits."""
    assert (sizeof(BasicLimits), sizeof(ExtendedLimits)) == (64, 144)
    places = {"per_process_user_time": 0, "flags": 16, "active_processes": 40, "affinity": 48, "scheduling_class": 60}
    assert {name: getattr(BasicLimits, name).offset for name in places} == places
    assert ExtendedLimits.process_memory.offset == 112


class _Kernel:
    """What of kernel32 a job needs; each function notes its call."""

    def __init__(self, refused: str = "") -> None:
        self.asked: Any = None
        for name, result in (
            ("CreateJobObjectW", 5),
            ("GetCurrentProcess", -1),
            ("SetInformationJobObject", 1),
            ("AssignProcessToJobObject", 1),
        ):
            setattr(self, name, self._function(0 if name == refused else result))

    def _function(self, result: int) -> Any:
        def function(*given: Any) -> int:
            if len(given) == 4:
                self.asked = given[2]._obj
            return result

        return function


def test_a_job_holds_what_is_asked_and_a_refusal_is_an_error() -> None:
    kernel = _Kernel()
    enter(kernel, 2**20, 3)
    asked = kernel.asked
    assert (asked.basic.flags, asked.basic.per_process_user_time, asked.process_memory) == (0x2102, 30_000_000, 2**20)
    enter(kernel, 0, 0)
    assert kernel.asked.basic.flags == 0x2000
    for name in ("CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"):
        with pytest.raises(OSError, match="no job"):
            enter(_Kernel(name), 1, 1)


# --- no other door

_FORBIDDEN = {"subprocess", "concurrent.futures", "pty", "asyncio"}
_CALLS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile", "Process", "get_context"}


def _doors(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [item.name for item in node.names if item.name in _FORBIDDEN]
        elif isinstance(node, ast.ImportFrom):
            names = {item.name for item in node.names}
            found += [str(node.module)] if node.module in _FORBIDDEN else []
            found += [*(names & _CALLS)] if node.module in {"os", "multiprocessing"} else []
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            spawns = node.attr in _CALLS or node.attr.startswith(("exec", "spawn"))
            found += [node.attr] if spawns and node.value.id in {"os", "multiprocessing"} else []
    return found


def test_there_is_no_other_door() -> None:
    paths = [path for path in SOURCES.rglob("*.py") if "children" not in path.parts]
    assert len(paths) > 200
    found = {path.name: doors for path in paths if (doors := _doors(ast.parse(path.read_bytes())))}
    assert found == {}
    assert _doors(ast.parse((SOURCES / "children" / "child.py").read_bytes())) != []


def test_what_others_import_for_nothing_is_refused_or_waits() -> None:
    script = (
        "import sys, urllib; from aap_xl.children.absent import spare; spare()\n"
        "try:\n    import pandas\nexcept ModuleNotFoundError as error:\n    print(error.name)\n"
        "import urllib.parse; module = sys.modules['ipaddress']; print(type(module).__name__)\n"
        "print(urllib.parse.urlsplit('http://[::1]/').hostname, module.ip_address('::1').version)\n"
        "print(type(module).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["pandas", "_LazyModule", "::1", "6", "module"]
