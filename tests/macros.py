"""VBA modules run for real: in a LibreOffice, inside a workbook made for them."""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from complement import vba
from libreoffice import exige
from xlsxwriter import Workbook

_DRIVER = Path(__file__).with_name("uno_macros.py")
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TIMEOUT = 180


@dataclass(frozen=True)
class Scenario:
    """Files to open (the last one is active), cells of it to write as text, then macros to run, in order."""

    fichiers: Sequence[Path]
    macros: Sequence[str]
    cellules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Apres:
    """What a scenario left: each file's sheets, and the protected sheets of the last one."""

    feuilles: Sequence[Mapping[str, Sequence[Sequence[Any]]]]
    protegees: Sequence[str]


def python_uno(soffice: str) -> str:
    """A Python that knows ``uno``: the system's, or LibreOffice's own."""
    candidates = ("/usr/bin/python3", str(Path(soffice).resolve().parent / "python"))
    for candidate in candidates:
        known = shutil.which(candidate)
        if known and not subprocess.run([known, "-c", "import uno"], capture_output=True, check=False).returncode:
            return known
    pytest.fail(f"none of {candidates} can import uno: install python3-uno")


def jouer(scenarios: Sequence[Scenario], dossier: Path) -> list[Apres]:
    """Run the scenarios in one LibreOffice, each on its own documents."""
    soffice = exige()
    asked = [
        {"fichiers": [str(f) for f in item.fichiers], "macros": item.macros, "cellules": item.cellules}
        for item in scenarios
    ]
    done = subprocess.run(
        [python_uno(soffice), str(_DRIVER), soffice, (dossier / "profil").as_uri()],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=_TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Apres(**item) for item in json.loads(done.stdout)]


def classeur(feuilles: Mapping[str, Sequence[Sequence[Any]]], protegees: Sequence[str] = ()) -> bytes:
    """A plain workbook with these rows on its sheets."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True})
    for nom, lignes in feuilles.items():
        sheet = book.add_worksheet(nom)
        for rang, ligne in enumerate(lignes):
            sheet.write_row(rang, 0, ligne)
        if nom in protegees:
            sheet.protect()
    book.close()
    return stream.getvalue()


def avec_modules(source: bytes, modules: Mapping[str, str]) -> bytes:
    """A workbook that had no macro, with these modules."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(source)) as plain, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in plain.namelist():
            made.writestr(name, plain.read(name).replace(_PLAIN, _MACROS))
    return bytes(vba.classeur(stream.getvalue(), modules))
