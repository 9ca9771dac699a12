"""The VBA module through which Excel calls the worksheet functions: ``texte()``, or ``python addin/enveloppes.py``.

xlwings' own generator writes the wrappers, at build time, so that nobody has to trust access to the VBA project. It
needs pywin32 only to be imported: stand-ins do, in a process of their own, where xlwings' decorators are the real ones.

What is changed in what it writes: no conditional compilation; an error shows a French sentence, never a traceback; the
active workbook is not handed over (xlwings would look for Python code in its sheets), the calling cell is.
The wrappers call ``XLPy``, of the module « xlwings ».
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from io import StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

NOM = "AapFonctions"
MODULE = "aap_xl.faces.excel.functions"
DECRIRE = "DecrireFonctions"
"""The macro that gives Excel the help texts; a button calls it, nothing runs by itself."""

_COMPLEMENT = SimpleNamespace(Name="aap_xl.xlam")
_EXCEL = re.compile(
    r' +#If App = "Microsoft Excel" Then\n(?P<excel>(?:.*\n)*?) +#Else\n(?:.*\n)*? +#End If\n', re.MULTILINE
)
_HEAD = f"""\
Attribute VB_Name = "{NOM}"
Option Explicit

' Written by addin/enveloppes.py from {MODULE}, with the generator of xlwings (BSD 3-clause, see the
' module xlwings): do not change it by hand.

"""
_ECHEC = """\
Private Function Echec(ByVal numero As Long, ByVal origine As String, ByVal texte As String) As String
    #If Mac Then
        Echec = "Les fonctions AAP ne se calculent que sous Windows ; sur Mac, utilisez les boutons de l'onglet AAP."
    #Else
        If origine = "AAP" Or numero = 1 Then
            Echec = texte
        Else
            Echec = "Python n'a pas répondu : lancez « aap-xl addin etat » dans une invite de commandes."
        End If
    #End If
End Function

Private Sub Decrire(ByVal nom As String, ByVal texte As String, ByVal aides As Variant)
    On Error Resume Next ' Excel refuses while no workbook is in sight: the help texts then wait for the next time
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & nom, Description:=texte, _
        Category:="{categorie}", ArgumentDescriptions:=aides
End Sub
"""


class GenerateurChange(Exception):
    """xlwings' generator is not the one that was read."""


def texte() -> str:
    """The module's source, with LF; the same for the same functions and the same xlwings.

    Raises: CalledProcessError if the functions can't be imported.
    """
    done = subprocess.run([sys.executable, __file__], capture_output=True, check=True, encoding="utf-8")  # noqa: S603
    return done.stdout


def generate() -> str:
    """The same, in a process where xlwings was not imported yet."""
    for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
        sys.modules[name] = MagicMock()
    import xlwings  # noqa: PLC0415 - after its stand-ins
    from xlwings import udfs  # noqa: PLC0415

    vars(xlwings).update(func=udfs.xlfunc, arg=udfs.xlarg, ret=udfs.xlret)
    from aap_xl.faces.excel import functions  # noqa: PLC0415 - once the decorators are the real ones

    written = StringIO()
    write: Any = udfs.generate_vba_wrapper
    write(MODULE, functions, written, _COMPLEMENT)
    declared = [item.__xlfunc__ for item in vars(functions).values() if hasattr(item, "__xlfunc__")]
    tail = _ECHEC.replace("{categorie}", declared[0]["category"])
    return f"{_HEAD}{_adapted(written.getvalue())}{tail}\n{_descriptions(declared)}"


def _adapted(wrappers: str) -> str:
    """The wrappers of an Excel add-in, without what a workbook could abuse or a reader would not understand.

    Raises: GenerateurChange if xlwings writes something else than what was read here.
    """
    adapted, cases = _EXCEL.subn(lambda found: re.sub(r"(?m)^    ", "", found["excel"]), wrappers)
    adapted = adapted.replace(", ActiveWorkbook, Application.Caller)", ", Nothing, Application.Caller)")
    adapted, failures = re.subn(r"= Err\.Description", "= Echec(Err.Number, Err.Source, Err.Description)", adapted)
    expected = wrappers.count("\nEnd Function")
    changed = {cases, failures, adapted.count("Nothing, Application.Caller)")}
    if changed != {expected} or "#" in adapted or "ActiveWorkbook" in adapted:
        raise GenerateurChange(f"xlwings {version('xlwings')} n'écrit plus les enveloppes comme prévu ; relisez-les")
    return adapted


def _descriptions(declared: list[Mapping[str, Any]]) -> str:
    """The macro that describes every function and its arguments."""
    lines = [line for function in declared for line in _description(function)]
    return "\n".join([f"Public Sub {DECRIRE}()", "    Dim aides() As String", *lines, "End Sub", ""])


def _description(function: Mapping[str, Any]) -> Iterator[str]:
    visible = [item for item in function["args"] if not item["vba"]]
    yield f"    ReDim aides(0 To {len(visible) - 1})"
    for rang, item in enumerate(visible):
        yield f"    aides({rang}) = {_literal(item['doc'])}"
    yield f'    Decrire "{function["name"]}", {_literal(function["ret"]["doc"])}, aides'


def _literal(words: str) -> str:
    escaped = " ".join(words.split()).replace('"', '""')
    return f'"{escaped}"'


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(generate())
