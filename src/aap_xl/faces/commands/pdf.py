"""The PDF deposited in the portal: the Bilan and Contrôle sheets, printed by LibreOffice."""

import os
import tempfile
from pathlib import Path

from aap_xl import children
from aap_xl.faces.failures import Refus
from aap_xl.workbook.ooxml.atomic import write_atomically

FEUILLES = ("Bilan", "Contrôle")
_DELAI = 180
_LIMITES = children.Limits(memory=16 * 2**30, seconds=_DELAI)
"""LibreOffice reserves much more memory than it uses."""
_PROFIL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">\
<value>fr-FR</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse">\
<value>2</value></prop></item>
</oor:items>
"""
"""French; no macro, nothing fetched from outside, no link followed."""
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
    found = children.program("soffice", "libreoffice") or next((str(p) for p in _AILLEURS if p.exists()), "")
    if not found:
        raise LibreOfficeAbsent(
            "LibreOffice n'est pas installé ici, le PDF n'a pas été produit ; ouvrez le classeur, "
            f"choisissez les feuilles {' et '.join(FEUILLES)}, puis enregistrez-les au format PDF."
        )
    return found


def exporter(classeur: bytes, cible: Path, like: Path | None = None) -> None:
    """Print the two sheets to a PDF.

    Args:   classeur: an .xlsx or .xlsm workbook whose bilan is written; cible: replaced in one go; like: the
            workbook that it comes from, whose permissions it gets.
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
        write_atomically(cible, produced.read_bytes(), like=like)


def _imprimer(program: str, work: Path) -> None:
    """Run LibreOffice with a profile of its own, so that an open window of the user's is left alone."""
    settings = work / "profil" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFIL, encoding="utf-8")
    words = (
        f"-env:UserInstallation={(work / 'profil').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf:calc_pdf_Export",
        "--outdir",
        str(work),
        str(work / "bilan.xlsx"),
    )
    try:
        children.run(program, *words, limits=_LIMITES, patience=_DELAI, folder=work)
    except TimeoutError:
        raise Refus(f"LibreOffice n'a pas répondu en {_DELAI} secondes ; le PDF n'a pas été produit.") from None


def _seules(content: bytes) -> bytes:
    """The workbook with only the two sheets to print, first and in that order.

    The others are hidden, and lose their print areas: LibreOffice prints a hidden sheet that has one.
    """
    from aap_xl.workbook.ooxml.package import Package  # noqa: PLC0415 - only for a PDF
    from aap_xl.workbook.ooxml.tree import namespace, whole  # noqa: PLC0415

    package = Package(content)
    document = package.tree(package.main)
    root, ns = document.root, namespace(document.root)
    sheets = root.findall(f"{ns}sheets/{ns}sheet")
    names = [sheet.get("name") for sheet in sheets]
    shown = [names.index(name) for name in FEUILLES if name in names]
    if not shown:
        raise Refus(f"le classeur n'a pas les feuilles {' et '.join(FEUILLES)} ; le PDF n'a pas été produit.")
    order = [*shown, *(rank for rank in range(len(sheets)) if rank not in shown)]
    root.findall(f"{ns}sheets")[0][:] = [sheets[rank] for rank in order]
    for place, rank in enumerate(order):
        sheets[rank].set("state", "visible" if place < len(shown) else "hidden")
    for parent in root.findall(f"{ns}definedNames"):
        for name in [item for item in parent.findall(f"{ns}definedName") if item.get("localSheetId")]:
            place = order.index(whole(name, "localSheetId"))
            if place < len(shown):
                name.set("localSheetId", str(place))
            else:
                parent.remove(name)
    for view in root.findall(f"{ns}bookViews/{ns}workbookView"):
        view.attrib.pop("firstSheet", None)
        view.set("activeTab", "0")
    package.write(package.main, document.to_bytes())
    return package.to_bytes()
