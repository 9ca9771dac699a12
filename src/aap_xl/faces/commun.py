"""What several commands do alike: find the calls, read a workbook, choose an exit code."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from aap_xl.appels.loader import AppelInconnu, Catalogue
from aap_xl.appels.model import Appel
from aap_xl.dossier import Dossier, catalogue, today
from aap_xl.faces.echecs import Refus

RIEN_A_CORRIGER, A_CORRIGER = 0, 1


def lire(args: Any, *, ecriture: bool = False) -> Dossier:
    """The workbook named on the command line, on the day asked for. ``ecriture``: see `Dossier.lire`."""
    return lire_le_classeur(args.fichier, args, ecriture=ecriture)


def lire_le_classeur(chemin: Path, args: Any, *, ecriture: bool = False) -> Dossier:
    """One of the workbooks named on the command line, on the day asked for."""
    if chemin.is_dir():
        raise Refus(f"« {chemin} » est un dossier ; indiquez un classeur.")
    if not chemin.exists():
        raise Refus(f"« {chemin} » est introuvable ; vérifiez le chemin.")
    return Dossier.lire(chemin, catalogue(args.dossiers or ()), jour(args), ecriture=ecriture)


def jour(args: Any) -> date:
    """``--date``, else today."""
    asked: date | None = args.date
    return asked or today()


def appel_demande(args: Any, appels: Catalogue) -> Appel:
    """The call asked for by its code (« 3,3 » as well) and, perhaps, its year."""
    try:
        return appels.get(args.code.replace(",", "."), args.millesime)
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


def ecrire_la_sortie(args: Any, octets: bytes, quoi: str) -> None:
    """Write the workbook that ``--sortie`` names, and say so unless a machine listens.

    Raises: EcritureImpossible.
    """
    from aap_xl.faces import affichage  # noqa: PLC0415 - not needed to check a workbook for a machine
    from aap_xl.workbook.ooxml.atomic import write_atomically  # noqa: PLC0415 - only when writing

    write_atomically(args.sortie, octets)
    if not args.json:
        affichage.chemin(f"\n{quoi} : {args.sortie}")


def refuser_un_dossier(cible: Path) -> None:
    """Stop where a file is to be written and a folder is named.

    Raises: Refus.
    """
    if cible.is_dir():
        raise Refus(f"« {cible} » est un dossier ; indiquez un nom de fichier.")
