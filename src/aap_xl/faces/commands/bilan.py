"""``aap-xl bilan``: fill the Contrôle and Bilan sheets, in a copy or in place, and make the PDF to deposit."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

from aap_xl.dossier import Dossier, today
from aap_xl.faces import display
from aap_xl.faces.common import (
    OnADay,
    code_retour,
    nom_du_bilan,
    refuser_d_ecraser,
    refuser_le_format,
    refuser_un_dossier,
)
from aap_xl.faces.failures import Refus, avertir
from aap_xl.records import record


@record
class Request(OnADay):
    """What ``bilan`` takes."""

    fichier: Path
    sortie: Path | None = None
    sur_place: bool = False
    forcer: bool = False
    pdf: bool = False


def run(request: Request) -> int:
    """Write the bilan of one workbook.

    Returns: 0 nothing to correct, 1 something to correct.
    Raises:  Refus if the target can't or must not be written; the workbook is then untouched.
    """
    source: Path = request.fichier
    if source.is_dir():
        raise Refus(f"« {source} » est un dossier ; indiquez un classeur.")
    cible = source if request.sur_place else request.sortie or source.with_name(nom_du_bilan(source))
    _verifier_cible(source, cible, request)
    dossier = request.lire(source)
    sauvegarde = _sur_place(dossier) if request.sur_place else None
    if not request.sur_place:
        dossier.ecrire_bilan(cible)
    _raconter(dossier, cible, sauvegarde)
    if request.pdf:
        _pdf(dossier, cible.with_suffix(".pdf"))
    return code_retour(dossier)


def _verifier_cible(source: Path, cible: Path, request: Request) -> None:
    if not source.is_file():
        return  # reading says it better
    refuser_le_format(source)
    if request.sur_place:
        return
    refuser_un_dossier(cible)
    if cible.exists() and cible.samefile(source):
        raise Refus("la copie ne peut pas être le classeur lui-même ; pour cela, utilisez --sur-place.")
    if cible.suffix.lower() != source.suffix.lower():
        raise Refus(f"« {cible.name} » : la copie doit garder la terminaison {source.suffix} du classeur.")
    refuser_d_ecraser(cible, forcer=request.forcer)


def _sur_place(dossier: Dossier) -> Path | None:
    """Replace the workbook; its former content is kept beside it, unless nothing changes."""
    from aap_xl.workbook.ooxml.atomic import write_atomically, write_new  # noqa: PLC0415 - only when writing

    source, content = dossier.chemin, dossier.octets_bilan()
    former = source.read_bytes()
    if content == former:
        return None
    sauvegarde = write_new(noms_de_sauvegarde(source, today()), former, like=source)
    try:
        write_atomically(source, content)
    except BaseException:
        sauvegarde.unlink()
        raise
    return sauvegarde


def noms_de_sauvegarde(source: Path, jour: date) -> Iterator[Path]:
    """``suivi.sauvegarde-2026-01-20-1.xlsx``, then 2, and so on."""
    return (
        source.with_name(f"{source.stem}.sauvegarde-{jour:%Y-%m-%d}-{number}{source.suffix}") for number in count(1)
    )


def _raconter(dossier: Dossier, cible: Path, sauvegarde: Path | None) -> None:
    display.phrase(f"{dossier.chemin.name} · {dossier.appel.nom}", "bold")
    if cible != dossier.chemin:
        display.chemin(f"Bilan écrit dans : {cible}")
    elif sauvegarde:
        display.chemin(f"Bilan écrit dans le classeur ; l'ancien est gardé : {sauvegarde}")
    else:
        display.phrase("Le bilan du classeur était déjà à jour ; rien n'a été écrit.")
    display.phrase(f"Contrôle : {display.totaux(dossier.anomalies)} (feuille Contrôle).")
    if dossier.provisoire:
        display.phrase("Le bilan est « provisoire » : une anomalie bloquante au moins est à corriger.", "yellow")


def _pdf(dossier: Dossier, cible: Path) -> None:
    """Print the bilan for the portal, where « Contrôle » names nobody."""
    from aap_xl.desk.quoting import sans_noms  # noqa: PLC0415 - only when printing
    from aap_xl.faces.commands.pdf import LibreOfficeAbsent, exporter  # noqa: PLC0415

    try:
        exporter(
            dossier.octets_bilan([sans_noms(item, dossier.donnees) for item in dossier.anomalies]),
            cible,
            like=dossier.chemin,
        )
    except LibreOfficeAbsent as error:
        avertir(str(error))
    else:
        display.chemin(f"PDF à déposer : {cible}")
