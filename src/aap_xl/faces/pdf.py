"""The PDF deposited in the portal: the Bilan and Contrôle sheets, printed by LibreOffice."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from aap_xl.faces.echecs import Refus
from aap_xl.workbook.ooxml.atomic import write_atomically

FEUILLES = ("Bilan", "Contrôle")
_DELAI = 180
_FRANCAIS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">\
<value>fr-FR</value></prop></item>
</oor:items>
"""
_AILLEURS = (
    Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "LibreOffice/program/soffice.exe",
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)


class LibreOfficeAbsent(Exception):
    """No LibreOffice here; the message says what to do without it."""


def soffice() -> str:
    """The LibreOffice program.

    Raises: LibreOfficeAbsent if there is none.
    """
    found = (
        shutil.which("soffice") or shutil.which("libreoffice") or next((str(p) for p in _AILLEURS if p.exists()), "")
    )
    if not found:
        raise LibreOfficeAbsent(
            "LibreOffice n'est pas installé ici, le PDF n'a pas été produit ; ouvrez le classeur, "
            f"choisissez les feuilles {' et '.join(FEUILLES)}, puis enregistrez-les au format PDF."
        )
    return found


def exporter(classeur: bytes, cible: Path) -> None:
    """Print the two sheets to a PDF.

    Args:   classeur: an .xlsx or .xlsm workbook whose bilan is written; cible: replaced in one go.
    Raises: LibreOfficeAbsent; Refus if LibreOffice fails or takes too long.
    """
    program = soffice()
    with tempfile.TemporaryDirectory(prefix="aap-xl-") as folder:
        work = Path(folder)
        (work / "bilan.xlsx").write_bytes(_seules(classeur))
        _imprimer(program, work)
        produced = work / "bilan.pdf"
        if not produced.exists():
            raise Refus("LibreOffice n'a pas pu produire le PDF ; ouvrez le classeur et enregistrez-le au format PDF.")
        write_atomically(cible, produced.read_bytes())


def _imprimer(program: str, work: Path) -> None:
    """Run LibreOffice with a French profile of its own, so that an open window of the user's is left alone."""
    settings = work / "profil" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_FRANCAIS, encoding="utf-8")
    command = [
        program,
        f"-env:UserInstallation={(work / 'profil').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf:calc_pdf_Export",
        "--outdir",
        str(work),
        str(work / "bilan.xlsx"),
    ]
    running = subprocess.Popen(  # noqa: S603 - a fixed command
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        running.wait(_DELAI)
    except subprocess.TimeoutExpired:
        raise Refus(f"LibreOffice n'a pas répondu en {_DELAI} secondes ; le PDF n'a pas été produit.") from None
    finally:
        _arreter(running)


def _arreter(running: "subprocess.Popen[bytes]") -> None:
    """End LibreOffice if it is still there: its program is only the launcher of the one that works."""
    if running.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        command = ["taskkill", "/F", "/T", "/PID", str(running.pid)]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a fixed command
    running.wait()


def _seules(content: bytes) -> bytes:
    """The workbook with only the two sheets to print, first and in that order.

    The others are hidden, and lose their print areas: LibreOffice prints a hidden sheet that has one.
    """
    from aap_xl.workbook.ooxml.package import Package, local, parse, serialize  # noqa: PLC0415 - lxml, only for a PDF

    package = Package(content)
    original = package.read(package.main)
    root = parse(original)
    sheets = [item for item in root.iter() if local(item) == "sheet"]
    names = [sheet.get("name") for sheet in sheets]
    shown = [names.index(name) for name in FEUILLES if name in names]
    if not shown:
        raise Refus(f"le classeur n'a pas les feuilles {' et '.join(FEUILLES)} ; le PDF n'a pas été produit.")
    order = [*shown, *(rank for rank in range(len(sheets)) if rank not in shown)]
    parent = sheets[0].getparent()
    for place, rank in enumerate(order):
        parent.append(sheets[rank])
        sheets[rank].set("state", "visible" if place < len(shown) else "hidden")
    for name in [item for item in root.iter() if local(item) == "definedName" and item.get("localSheetId")]:
        place = order.index(int(name.get("localSheetId")))
        if place < len(shown):
            name.set("localSheetId", str(place))
        else:
            name.getparent().remove(name)
    for view in (item for item in root.iter() if local(item) == "workbookView"):
        view.attrib.pop("firstSheet", None)
        view.set("activeTab", "0")
    package.write(package.main, serialize(root, original))
    return package.to_bytes()
