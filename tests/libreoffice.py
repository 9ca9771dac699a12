"""A real LibreOffice, with a private profile that recalculates every file it opens."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

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
    """Open, recalculate and save files.

    Args:   fichiers: name with its extension → bytes; dossier: an empty working folder.
    Returns: name → the converted file.
    """
    soffice = exige()
    source, out, profile = dossier / "source", dossier / "out", dossier / "profile"
    for folder in (source, out, profile / "user"):
        folder.mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    for nom, content in fichiers.items():
        (source / nom).write_bytes(content)
    command = [
        soffice,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--convert-to", format_, "--outdir", str(out)),
        *(str(source / nom) for nom in fichiers),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    extension = format_.partition(":")[0]
    converted = {nom: out / f"{Path(nom).stem}.{extension}" for nom in fichiers}
    missing = [nom for nom, chemin in converted.items() if not chemin.exists()]
    assert not missing, f"LibreOffice did not convert {missing}: {done.stderr or done.stdout}"
    return converted
