"""The pictures of the guides: sheets of samples, and of what a demonstration writes, as LibreOffice prints them; the
page, as Chromium shows it.

``python docs/pictures.py`` needs LibreOffice, poppler (``pdftoppm``), ImageMagick (``convert``), Chromium, Node.js and
npm. The pictures show invented operations.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
_LANGUAGE = """<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>fr-FR</value></prop></item>
</oor:items>"""
_ONE_PAGE_A_SHEET = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
_RESOLUTION = 90
_WIDTH = 1200


class Picture(NamedTuple):
    """One sheet of a workbook.

    Attributes: name: of the picture; workbook: its path in the demonstration's folder; height: how many pixels of the
                sheet are shown, from the top; whole: whether it is made narrower, rather than cut on its right.
    """

    name: str
    workbook: str
    sheet: str
    height: int
    whole: bool = True


_FILLED, _CHECKED = "2025-3.3 rempli.xlsx", "2025-3.3 rempli - bilan.xlsx"
PICTURES = (
    Picture("mode-d-emploi", _FILLED, "Mode d'emploi", 700),
    Picture("operation", _FILLED, "Opération", 700),
    Picture("participants", _FILLED, "Participants", 420, whole=False),
    Picture("tableau-de-bord", _FILLED, "Tableau de bord", 900),
    Picture("controle", _CHECKED, "Contrôle", 520),
    Picture("bilan", _CHECKED, "Bilan", 900),
    Picture("synthese", "synthèse/synthese.xlsx", "Synthèse", 900),
    Picture("solde", "solde.xlsx", "Solde", 900),
)


class PagePicture(NamedTuple):
    """What ``tests/page/pictures.mjs`` takes of the page under that name."""

    name: str


PAGE_PICTURES = (PagePicture("page-accueil"), PagePicture("page-controle"))


def _place(workbook: Path, sheet: str) -> int:
    """Its page, from 1: one a visible sheet."""
    book = load_workbook(workbook, read_only=True)
    return [item.title for item in book.worksheets if item.sheet_state == "visible"].index(sheet) + 1


def main() -> int:
    """Write every picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = shutil.which("aap-xl", path=str(Path(sys.executable).parent)) or "aap-xl"
        subprocess.run([program, "demo", folder], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        example = ROOT / "workbooks" / "2025-3.3-exemple.xlsx"
        asked = [program, "solde", example, "-o", folder / "solde.xlsx", "--date", "20/01/2026"]
        subprocess.run(asked, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - 1: something to correct
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_LANGUAGE, encoding="utf-8")
        for picture in PICTURES:
            _draw(picture, folder)
            print(IMAGES / f"{picture.name}.png")
        _page(folder, program)
    return 0


def _page(folder: Path, program: str) -> None:
    """The page, before and after a workbook is dropped."""
    page, drivers = folder / "aap-xl.html", ROOT / "tests" / "page"
    subprocess.run([program, "page", "-o", page], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=drivers, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    subprocess.run(["node", drivers / "pictures.mjs", page, folder / _FILLED, folder], check=True)  # noqa: S603, S607
    for picture in PAGE_PICTURES:
        target = IMAGES / f"{picture.name}.png"
        shape = ["-colors", "64", "-strip"]
        subprocess.run(["convert", folder / target.name, *shape, target], check=True)  # noqa: S603, S607
        print(target)


def _draw(picture: Picture, folder: Path) -> None:
    """One page of the workbook's PDF, its margins cut, as wide as the guides show it."""
    source = folder / picture.workbook
    printed = folder / "printed" / f"{source.stem}.pdf"
    if not printed.exists():
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        words = [profile, "--headless", "--convert-to", _ONE_PAGE_A_SHEET, "--outdir", printed.parent, source]
        subprocess.run(["soffice", *words], check=True, capture_output=True)  # noqa: S603, S607
    page, drawn = str(_place(source, picture.sheet)), folder / "page"
    words = ["-png", "-singlefile", "-r", str(_RESOLUTION), "-f", page, "-l", page, printed, drawn]
    subprocess.run(["pdftoppm", *words], check=True)  # noqa: S603, S607
    narrow = ["-resize", f"{_WIDTH}x>"] if picture.whole else []
    shape = ["-trim", "+repage", *narrow, "-crop", f"{_WIDTH}x{picture.height}+0+0", "+repage"]
    finish = ["-bordercolor", "white", "-border", "8", "-colors", "64", "-strip"]
    target = IMAGES / f"{picture.name}.png"
    subprocess.run(["convert", drawn.with_suffix(".png"), *shape, *finish, target], check=True)  # noqa: S603, S607


if __name__ == "__main__":
    raise SystemExit(main())
