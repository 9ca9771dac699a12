"""What several commands do alike: find the calls, read a workbook, choose an exit code."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from aap_xl.appels.loader import AppelInconnu, Catalogue
from aap_xl.appels.model import Appel
from aap_xl.dossier import Dossier, catalogue, today
from aap_xl.faces.failures import Refus
from aap_xl.records import field, record

RIEN_A_CORRIGER, A_CORRIGER = 0, 1


@record
class OnCalls:
    """What every command takes.

    Attributes: dossiers: folders of calls, beside ours.
    """

    dossiers: Sequence[Path] | None = field(default=None, kw_only=True)

    @property
    def appels(self) -> Catalogue:
        """The calls at hand."""
        return catalogue(self.dossiers or ())


@record
class OnADay(OnCalls):
    """What a command takes whose answer depends on the day.

    Attributes: jour: the day that stands for today.
    """

    jour: date | None = field(default=None, kw_only=True)

    @property
    def aujourdhui(self) -> date:
        """The day asked for, else today."""
        return self.jour or today()

    def lire(self, chemin: Path, *, ecriture: bool = False) -> Dossier:
        """One of the workbooks named, on that day. ``ecriture``: see `Dossier.lire`.

        Raises: Refus, FichierRefuse.
        """
        if chemin.is_dir():
            raise Refus(f"« {chemin} » est un dossier ; indiquez un classeur.")
        if not chemin.exists():
            raise Refus(f"« {chemin} » est introuvable ; vérifiez le chemin.")
        return Dossier.lire(chemin, self.appels, self.aujourdhui, ecriture=ecriture)


def appel_demande(code: str, millesime: int | None, appels: Catalogue) -> Appel:
    """The call asked for by its code (« 3,3 » as well) and, perhaps, its year.

    Raises: Refus.
    """
    try:
        return appels.get(code.replace(",", "."), millesime)
    except AppelInconnu as error:
        raise Refus(str(error)) from None


def code_retour(dossier: Dossier) -> int:
    """0 when nothing is to be corrected, 1 otherwise; information alone asks for nothing."""
    return A_CORRIGER if dossier.a_corriger else RIEN_A_CORRIGER


def refuser_d_ecraser(cible: Path, *, forcer: bool) -> None:
    """Stop before a file that exists is replaced without having been asked.

    Raises: Refus, saying how to ask for it.
    """
    refuser_un_dossier(cible)
    if cible.exists() and not forcer:
        raise Refus(f"« {cible} » existe déjà ; ajoutez --forcer pour le remplacer, ou donnez un autre nom.")
    parent = cible.absolute().parent
    if parent.is_file():
        raise Refus(f"« {cible.parent} » est un fichier ; indiquez un dossier où écrire « {cible.name} ».")
    if not parent.is_dir():
        raise Refus(f"le dossier « {cible.parent} » n'existe pas ; créez-le ou choisissez-en un autre.")


def verifier_la_sortie(cible: Path, sources: Iterable[Path], *, forcer: bool) -> None:
    """Stop before a workbook of ours is written where it must not: another kind of file, a workbook just read.

    Raises: Refus.
    """
    refuser_un_dossier(cible)
    if cible.suffix.lower() != ".xlsx":
        raise Refus(f"« {cible.name} » : donnez au classeur à écrire l'extension .xlsx.")
    refuser_d_ecraser(cible, forcer=forcer)
    if cible.exists() and any(source.exists() and cible.samefile(source) for source in sources):
        raise Refus(f"« {cible.name} » est un classeur à lire ; donnez un autre nom au classeur à écrire.")


def ecrire_la_sortie(sortie: Path, octets: bytes, quoi: str, *, like: Path, muet: bool) -> None:
    """Write the workbook that ``--sortie`` names, and say so unless a machine listens (``muet``); it gets the
    permissions of the workbook that it comes from (``like``).

    Raises: EcritureImpossible.
    """
    from aap_xl.faces import display  # noqa: PLC0415 - not needed to check a workbook for a machine
    from aap_xl.workbook.ooxml.atomic import write_atomically  # noqa: PLC0415 - only when writing

    write_atomically(sortie, octets, like=like)
    if not muet:
        display.chemin(f"\n{quoi} : {sortie}")


def nom_du_bilan(source: Path) -> str:
    """The usual name of the copy of a workbook that has its bilan."""
    return f"{source.stem} - bilan{source.suffix}"


def refuser_le_format(source: Path) -> None:
    """Stop before a bilan is to be written in a format that we only read.

    Raises: Refus.
    """
    if source.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise Refus(
            f"« {source.name} » : le bilan s'écrit dans un classeur .xlsx ; "
            "enregistrez-le d'abord sous ce format (controler, lui, lit aussi .ods, .xls et .xlsb)."
        )


def refuser_un_dossier(cible: Path) -> None:
    """Stop where a file is to be written and a folder is named.

    Raises: Refus.
    """
    if cible.is_dir():
        raise Refus(f"« {cible} » est un dossier ; indiquez un nom de fichier.")
