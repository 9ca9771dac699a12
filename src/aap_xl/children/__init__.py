"""The one door for child processes: what a child may import, how much it may take, whom it outlives.

A child is an isolated Python: no module of the current folder, of a workbook's folder, of ``PYTHONPATH`` or of what
another variable of Python's names is ever imported by it. It limits itself before anything else, then runs ``main()``
of one of our modules, or becomes another program. What it says on the screen is dropped.

The parent can't choose what Python imports before it: `leave_folders` only ends that.
"""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aap_xl.records import record

if TYPE_CHECKING:
    import subprocess
    from multiprocessing.connection import Connection
    from pathlib import Path

_BEGIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); import aap_xl; sys.path.append(sys.path.pop(0)); "
    "from aap_xl.children.child import begin; begin()"
)
"""This package from where its parent has it: first only for as long as it takes to find it, so it shadows nothing."""


@record
class Limits:
    """What a child may take; 0 is no limit. One that the system refuses is not set.

    Attributes: memory: bytes of address space (on Windows, committed; macOS has no such limit);
                seconds: of processor time.
    """

    memory: int = 0
    seconds: int = 0


def run(
    target: str, *words: str, limits: Limits, patience: float, content: bytes = b"", folder: "Path | None" = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a child to its end; whatever it started ends with it.

    Args:   target: a module of ours, whose ``main()`` finds the words in ``sys.argv``, or the whole path of a program;
            patience: seconds; content: what it reads; folder: where it runs, by default Python's own.
    Raises: TimeoutError if it takes longer; OSError if the system starts no process any more.
    """
    import subprocess  # noqa: PLC0415 - not needed to check a workbook

    where = folder or os.path.dirname(sys.executable)  # noqa: PTH120 - no import
    child = _start(target, *words, limits=limits, stdout=subprocess.PIPE, cwd=where, start_new_session=True)
    try:
        said, _ = child.communicate(content, patience)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        _end(child)
    return subprocess.CompletedProcess(child.args, child.returncode, said)


def start(target: str, end: "Connection[Any, Any]", content: bytes, limits: Limits) -> "subprocess.Popen[bytes]":
    """Start a child that works with this process by a pipe, whose handle is its only word.

    Args:   end: its end of the pipe; content: the beginning of its input, which ends with this process.
    Raises: OSError if the system starts no process any more.
    """
    import subprocess  # noqa: PLC0415

    handle = end.fileno()
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        given: dict[str, object] = {"startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})}
    else:
        given = {"pass_fds": [handle]}
    child = _start(target, str(handle), limits=limits, stdout=subprocess.DEVNULL, **given)
    assert child.stdin is not None  # noqa: S101 - asked for
    try:
        child.stdin.write(content)
        child.stdin.flush()
    except OSError:  # it is dead, which listening to the pipe will tell
        child.kill()
    return child


def _start(target: str, *words: str, limits: Limits, **given: Any) -> "subprocess.Popen[bytes]":
    import subprocess  # noqa: PLC0415

    flags = ["-I", f"-Xutf8={sys.flags.utf8_mode}", *(["-B"] if sys.dont_write_bytecode else [])]
    command = [
        sys.executable,
        *flags,
        "-c",
        _BEGIN,
        _root(),
        os.pathsep.join(_folders()),
        str(limits.memory),
        str(limits.seconds),
    ]
    if sys.platform == "win32":
        given["creationflags"] = subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(  # noqa: S603 - the door
        [*command, target, *words], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(), **given
    )


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End it and those that it started: on Windows they are in its job, which ends with it."""
    import signal  # noqa: PLC0415

    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):  # all of them have ended
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream:
            stream.close()


def environment() -> dict[str, str]:
    """This process's variables, but those that tell Python what to import."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("PYTHON")}


def program(*names: str) -> str:
    """The whole path of the first of some programs that ``PATH`` has, never in the current folder; ``""`` for none."""
    import shutil  # noqa: PLC0415

    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(folder)]  # noqa: PTH117
    ends = (".exe", ".com") if os.name == "nt" else ("",)
    tried = (os.path.join(folder, name + end) for name in names for folder in folders for end in ends)  # noqa: PTH118
    return next(filter(shutil.which, tried), "")


def leave_folders() -> None:
    """Import nothing more from the current folder nor from ``PYTHONPATH``, but the program itself if it is there.

    What Python imported before is beyond reach: a ``sitecustomize`` of ``PYTHONPATH``, for instance.
    """
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    try:
        left = {os.path.abspath(folder) for folder in ("", *named)}  # noqa: PTH100 - no import
    except FileNotFoundError:  # the current folder is gone
        left = set(named)
    own = f"{sys.prefix}{os.sep}"
    kept = [item for item in sys.path if item.startswith(own) or os.path.abspath(item) not in left]  # noqa: PTH100
    sys.path[:] = kept if _root() in kept else [*kept, _root()]


def _root() -> str:
    """The folder that this package is in."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120


def _folders() -> list[str]:
    """The packages that the user installed for himself, where Python finds them without being told."""
    import site  # noqa: PLC0415 - already there, unless Python runs without it

    own = site.ENABLE_USER_SITE and "PYTHONUSERBASE" not in os.environ
    return [site.getusersitepackages()] if own else []
