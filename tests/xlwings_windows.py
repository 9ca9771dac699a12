"""xlwings as it is on Windows, on Linux: pywin32 replaced by stand-ins, the rest of xlwings its own.

Patching changes the whole process, so tests run this in another one (`run`). There, `call` does what Excel does with a
formula: COM ranges are read by xlwings' converters, the function answers, the converters write.
"""

import ctypes
import datetime as dt
import pickle
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

MODULE = "aap_xl.faces.excel.functions"
_MODULES = (
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32com",
    "win32com.client",
    "win32com.client.dynamic",
    "win32com.server",
    "win32com.server.dispatcher",
    "win32com.server.policy",
    "win32com.server.util",
    "win32con",
    "win32event",
    "win32gui",
    "win32process",
    "win32timezone",
    "winreg",
)
_RANGE = "{00020846-0000-0000-C000-000000000046}"
CLASSEUR = "Classeur1"
"""The workbook that calls: it has no sheet."""
MISSING = -2147352572
"""What VBA passes for an optional argument that a formula leaves out."""
ERRORS = {"#N/A": -2146826246, "#DIV/0!": -2146826281, "#SPILL!": -2146826243}
"""Cells in error, as COM gives them; xlwings does not know the last."""


class ComTime(dt.datetime):
    """A date as pywin32 gives it."""


def install() -> Any:
    """Make this process import xlwings as Windows does. Returns: `xlwings.udfs`."""
    import pandas  # noqa: F401, PLC0415 - before the patches

    for name in _MODULES:
        sys.modules[name] = MagicMock(name=name)
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, sys.modules[name])
    sys.modules["pywintypes"].TimeType = ComTime  # type: ignore[attr-defined]
    sys.modules["pywintypes"].com_error = type("com_error", (Exception,), {})  # type: ignore[attr-defined]
    sys.modules["win32com.client"].CDispatch = type("CDispatch", (), {})  # type: ignore[attr-defined]
    sys.modules["win32com.client"].DispatchBaseClass = type("DispatchBaseClass", (), {})  # type: ignore[attr-defined]
    sys.modules["pythoncom"].__file__ = ""
    sys.modules["win32process"].GetWindowThreadProcessId = lambda _: (1, 1)  # type: ignore[attr-defined]
    sys.modules["pywintypes"].IID = str  # type: ignore[attr-defined]
    sys.modules["win32timezone"].TimeZoneInfo.utc.return_value = dt.UTC
    sys.modules["win32com.server.util"].unwrap = None  # type: ignore[attr-defined]
    libraries = patch.multiple(ctypes, create=True, oledll=MagicMock(), windll=MagicMock(), PyDLL=MagicMock())
    with libraries, patch.object(sys, "platform", "win32"):
        import xlwings  # noqa: PLC0415
        from xlwings import udfs  # noqa: PLC0415
    assert xlwings.func is udfs.xlfunc
    return udfs


_OBJET = SimpleNamespace(GetTypeInfo=lambda: SimpleNamespace(GetTypeAttr=lambda: SimpleNamespace(iid=_RANGE)))
_CLASSEUR = SimpleNamespace(Name=CLASSEUR, Application=SimpleNamespace(Hwnd=1), Sheets=(), Worksheets=())


class ComRange:
    """A COM range as far as xlwings looks: values as tuples of rows, one cell alone as a scalar, reads counted."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self._values = tuple(tuple(_com(cell) for cell in row) for row in rows)
        self._oleobj_ = _OBJET
        self.Worksheet = SimpleNamespace(Parent=_CLASSEUR)
        self.CLSID = _RANGE
        self.Row = self.Column = 1
        self.Rows, self.Columns = SimpleNamespace(Count=len(rows)), SimpleNamespace(Count=len(rows[0]))
        self.reads = 0

    @property
    def Value(self) -> Any:  # noqa: N802 - COM's own name
        """What one call to Excel brings back."""
        self.reads += 1
        return self._values[0][0] if self._values and len(self._values) == len(self._values[0]) == 1 else self._values


def _com(cell: Any) -> Any:
    """One cell as COM gives it."""
    if isinstance(cell, str) and cell in ERRORS:
        return ERRORS[cell]
    if isinstance(cell, dt.datetime):
        return ComTime(cell.year, cell.month, cell.day, cell.hour, cell.minute)
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def call(function: str, arguments: list[Any]) -> Any:
    """Compute one formula as Excel does: ranges are given as rows, constants as they are, `MISSING` left out.

    Returns: what Excel is handed, and how often each range was read.
    """
    from xlwings.com_server import XLPython  # noqa: PLC0415 - once `install` has run

    given = [ComRange(item) if isinstance(item, list) else item for item in arguments]
    excel: Any = XLPython()
    answer = excel.CallUDF(MODULE, function, tuple(given), None, ComRange([[None]]))
    return answer, [item.reads for item in given if isinstance(item, ComRange)]


def run(formulas: list[tuple[str, list[Any]]]) -> list[Any]:
    """Compute formulas in a process where xlwings believes it is on Windows.

    Args:    formulas: names of functions and their arguments.
    Returns: for each, the answer and the reads of its ranges.
    """
    done = subprocess.run(
        [sys.executable, __file__], input=pickle.dumps(formulas), capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[Any] = pickle.loads(done.stdout)  # noqa: S301 - our own process
    return found


if __name__ == "__main__":
    install()
    asked = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own process
    sys.stdout.buffer.write(pickle.dumps([call(name, arguments) for name, arguments in asked]))
