"""Where the add-in, its settings and xlwings' files sit on each system, and the add-in that the package ships."""

import os
import re
import sys
import zipfile
from dataclasses import dataclass
from importlib import metadata, resources
from io import BytesIO
from pathlib import Path

from aap_xl.faces.failures import Refus

NOM = "aap_xl"
COMPLEMENT = f"{NOM}.xlam"
_EXCEL_MAC = "com.microsoft.Excel"
_DEMARRAGE_MAC = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
_CORE = "docProps/core.xml"
_VERSION = re.compile(rb"<cp:version>([^<]*)</cp:version>")


@dataclass(frozen=True, slots=True)
class Systeme:
    """All that installing depends on.

    Attributes: plateforme: as ``sys.platform``; maison: the user's folder; appdata: where Windows keeps settings;
                python: the interpreter that Excel will call; codage: in which VBA reads a text file.
    """

    plateforme: str
    maison: Path
    appdata: Path
    python: Path
    codage: str

    @classmethod
    def courant(cls) -> "Systeme":
        """This machine, and the interpreter that runs this program."""
        maison = Path.home()
        appdata = os.environ.get("APPDATA")
        return cls(
            plateforme=sys.platform,
            maison=maison,
            appdata=Path(appdata) if appdata else maison / "AppData" / "Roaming",
            python=_with_console(Path(sys.executable)),
            codage={"win32": "mbcs", "darwin": "mac_roman"}.get(sys.platform, "utf-8"),
        )

    @property
    def windows(self) -> bool:
        """Whether this is Windows."""
        return self.plateforme == "win32"

    @property
    def mac(self) -> bool:
        """Whether this is macOS."""
        return self.plateforme == "darwin"

    @property
    def complement(self) -> Path:
        """The add-in, in the folder that Excel opens when it starts and trusts."""
        if self.mac:
            return self.maison / _DEMARRAGE_MAC / COMPLEMENT
        return self.appdata / "Microsoft" / "Excel" / "XLSTART" / COMPLEMENT

    @property
    def conteneur(self) -> Path:
        """The folder of macOS in which Excel may read files; macOS makes it when Excel first starts."""
        return self.maison / "Library" / "Containers" / _EXCEL_MAC / "Data"

    @property
    def reglages(self) -> Path:
        """The only settings that the add-in reads."""
        if self.mac:
            return self.conteneur / f"{NOM}.conf"
        return self.maison / f".{NOM}" / f"{NOM}.conf"

    @property
    def cle(self) -> str:
        """The setting that names the interpreter."""
        return "INTERPRETER_MAC" if self.mac else "INTERPRETER_WIN"

    @property
    def script(self) -> Path | None:
        """The AppleScript through which Excel starts Python on macOS; xlwings' own add-in uses the same."""
        if not self.mac:
            return None
        return self.maison / "Library" / "Application Scripts" / _EXCEL_MAC / nom_script()

    def bibliotheques(self, python: Path) -> list[Path]:
        """The libraries of xlwings that are missing: Excel looks beside the interpreter, then one folder up."""
        if not self.windows:
            return []
        folders = (python.parent, python.parent.parent)
        names = (f"xlwings{bits}-{xlwings_attendu()}.dll" for bits in (64, 32))
        return [python.parent / name for name in names if not any((folder / name).is_file() for folder in folders)]


def _with_console(python: Path) -> Path:
    """The interpreter that Excel should call: it waits for it and reads what it says, so never « pythonw »."""
    console = python.with_name(python.name.lower().replace("pythonw", "python"))
    return console if python.name.lower().startswith("pythonw") and console.exists() else python


def nom_script() -> str:
    """The name the add-in calls that script by."""
    return f"xlwings-{xlwings_attendu()}.applescript"


def xlwings_attendu() -> str:
    """The version of xlwings the add-in was built for: the one this package requires."""
    required = metadata.requires("aap-xl") or []
    pinned = (item.partition("==")[2] for item in required if item.startswith("xlwings=="))
    return next(pinned, "").partition(";")[0].strip() or metadata.version("xlwings")


def fourni() -> bytes:
    """The add-in shipped with the package.

    Raises: Refus if the package was installed without it.
    """
    try:
        return (resources.files("aap_xl.faces.install") / "complement" / COMPLEMENT).read_bytes()
    except OSError:
        raise Refus("le complément manque dans ce paquet ; réinstallez aap-xl, puis recommencez.") from None


def version(complement: bytes) -> str:
    """The version an add-in says it is of."""
    try:
        with zipfile.ZipFile(BytesIO(complement)) as file:
            said = _VERSION.search(file.read(_CORE))
    except (zipfile.BadZipFile, KeyError):
        said = None
    return f"version {said[1].decode()}" if said else "version inconnue"
