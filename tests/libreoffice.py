"""A real LibreOffice, with a private profile that recalculates every file it opens."""

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from kept import kept

_ITEMS = {
    "/org.openoffice.Office.Calc/Formula/Load": {"OOXMLRecalcMode": "0", "ODFRecalcMode": "0"},
    "/org.openoffice.Setup/L10N": {"ooSetupSystemLocale": "fr-FR"},
}
"""Recalculate always, in French."""
XLSX = "xlsx:Calc MS Excel 2007 XML"
ODS = "ods"
PDF = "pdf"
PDF_FEUILLES = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
"""One page per sheet, to look at."""
_TIMEOUT = 240


def exige() -> str:
    """The path of soffice; skips the test where it is absent, fails it where it is required."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        if os.environ.get("AAP_XL_LIBREOFFICE") == "required":
            pytest.fail("AAP_XL_LIBREOFFICE=required, but soffice is not installed")
        pytest.skip("LibreOffice is not installed: native formulas cannot be recalculated")
    return found


def _profile() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}"><value>{value}</value></prop></item>'
        for path, properties in _ITEMS.items()
        for name, value in properties.items()
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def convertir(fichiers: Mapping[str, bytes], dossier: Path, format_: str = XLSX) -> dict[str, Path]:
    """Open, recalculate and save files; what the same program made of the same bytes in an earlier run is its answer.

    Args:   fichiers: name with its extension → bytes; dossier: an empty working folder.
    Returns: name → the converted file.
    """
    soffice = Path(exige()).resolve()
    said = [(nom, _said(octets)) for nom, octets in fichiers.items()]
    parts = (soffice, soffice.stat().st_mtime, _profile(), format_, said)
    found = kept("libreoffice", parts, lambda folder: _convert(soffice, fichiers, dossier, folder, format_))
    out = dossier / "out"
    if found:
        shutil.copytree(found, out, dirs_exist_ok=True)
    else:
        _convert(soffice, fichiers, dossier, out, format_)
    return _converted(fichiers, out, format_)


def _said(octets: bytes) -> object:
    """A file without the moment at which it was saved."""
    if not zipfile.is_zipfile(BytesIO(octets)):
        return octets
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist() if name != "docProps/core.xml"]


def _converted(fichiers: Iterable[str], out: Path, format_: str) -> dict[str, Path]:
    return {nom: out / f"{Path(nom).stem}.{format_.partition(':')[0]}" for nom in fichiers}


def _convert(soffice: Path, fichiers: Mapping[str, bytes], dossier: Path, out: Path, format_: str) -> None:
    source, profile = dossier / "source", dossier / "profile"
    for folder in (source, out, profile / "user"):
        folder.mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    for nom, content in fichiers.items():
        (source / nom).write_bytes(content)
    command = [
        str(soffice),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--convert-to", format_, "--outdir", str(out)),
        *(str(source / nom) for nom in fichiers),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    missing = [nom for nom, chemin in _converted(fichiers, out, format_).items() if not chemin.exists()]
    assert not missing, f"LibreOffice did not convert {missing}: {done.stderr or done.stdout}"
