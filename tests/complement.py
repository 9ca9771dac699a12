"""The Excel add-in as its folder builds it and as it is committed."""

import importlib
import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import olefile
import xlwings

RACINE = Path(__file__).parents[1]
ADDIN = RACINE / "addin"
sys.path.insert(0, str(ADDIN))
construire: Any = importlib.import_module("construire")
echantillons: Any = importlib.import_module("echantillons")
vba: Any = importlib.import_module("vba")
COMPLEMENT: Path = construire.COMPLEMENT
ECHANTILLONS = sorted((RACINE / "workbooks").glob("*.xlsm"))
XLWINGS = Path(xlwings.__file__).with_name("xlwings_custom_addin.bas")
"""What the module « xlwings » was copied from."""
PROJET = "xl/vbaProject.bin"
PROCEDURE = re.compile(
    r"^(?:Public |Private )?((?:Sub|Function) (\w+)\b.*?^End (?:Sub|Function))", re.MULTILINE | re.DOTALL
)
"""A procedure: without its scope, then its name."""


def modules_lus(chemin: Path) -> dict[str, str]:
    """Name → source of each module with code of its own, as oletools reads it back."""
    from oletools.olevba import VBA_Parser  # noqa: PLC0415 (slow to import)

    parser = VBA_Parser(str(chemin))
    found = {Path(nom).stem: texte for _, _, nom, texte in parser.extract_macros()}
    parser.close()
    return found


def parties(chemin: Path) -> dict[str, bytes]:
    """The parts of a file, in order: zlib's version may change how they are packed, not what they say."""
    with zipfile.ZipFile(chemin) as file:
        return {name: file.read(name) for name in file.namelist()}


def flux(chemin: Path, *noms: str) -> bytes:
    """A stream of a file's VBA project."""
    with zipfile.ZipFile(chemin) as file, olefile.OleFileIO(BytesIO(file.read(PROJET))) as project:
        return bytes(project.openstream([*noms]).read())


def places(chemin: Path) -> list[list[str]]:
    """The path of each stream of a file's VBA project."""
    with zipfile.ZipFile(chemin) as file, olefile.OleFileIO(BytesIO(file.read(PROJET))) as project:
        found: list[list[str]] = project.listdir()
        return found
