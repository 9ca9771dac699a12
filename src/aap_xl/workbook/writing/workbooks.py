"""Writing into an operator's workbook without losing anything of it.

Only the parts that change are rewritten: « Contrôle », « Bilan », the sheets whose computed values or marks changed,
the styles that were missing, the request to recalculate. Every other part keeps its bytes.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePath

from aap_xl.anomalies import Anomalie
from aap_xl.domain.bilan import Tableau
from aap_xl.domain.data import Donnees
from aap_xl.workbook.layout import BILAN, CONTROLE
from aap_xl.workbook.ooxml.atomic import EcritureImpossible, write_atomically
from aap_xl.workbook.ooxml.calc_chain import prune
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.paper.grid import Grid
from aap_xl.workbook.reading.files.refusals import unreadable
from aap_xl.workbook.writing.bilan_charts import redessiner
from aap_xl.workbook.writing.bilan_sheet import bilan
from aap_xl.workbook.writing.computed import Refreshed, refresh
from aap_xl.workbook.writing.controle_sheet import ENTETES, controle
from aap_xl.workbook.writing.filling import remplir
from aap_xl.workbook.writing.highlights import mark
from aap_xl.workbook.writing.placing import place
from aap_xl.workbook.writing.reopened import verify

__all__ = [
    "EcritureImpossible",
    "actualiser",
    "copie",
    "ecrire_bilan",
    "octets_bilan",
    "open_to_write",
    "remplir",
    "write_atomically",
]

_NEW_SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1"/>\
<sheetViews><sheetView showGridLines="0" workbookViewId="0">{pane}</sheetView>\
</sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData/><sheetProtection sheet="1" objects="1" scenarios="1"/>\
<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.65" header="0.3" footer="0.3"/>\
<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>\
<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P / &amp;N</oddFooter></headerFooter></worksheet>"""
_FROZEN = '<pane ySplit="{row}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>'


def ecrire_bilan(
    source: Path, cible: Path, donnees: Donnees, anomalies: Sequence[Anomalie], tableaux: Sequence[Tableau]
) -> None:
    """Write a copy of a workbook with its Contrôle and Bilan filled, its computed values, its cells in error marked.

    Args:   source: the file that ``donnees`` was read from (.xlsx, .xlsm); cible: where to write, the same file or
            another; a crash leaves the old one or the new one.
    Raises: EcritureImpossible with a French sentence; the target is then as it was.
    """
    try:
        content = source.read_bytes()
    except OSError as error:
        raise EcritureImpossible(unreadable(error).refusal.phrase(source.name)) from error
    write_atomically(
        cible, copie(content, source.name, cible.name, donnees, anomalies=anomalies, tableaux=tableaux), like=source
    )


def copie(
    content: bytes,
    nom: str,
    cible: str,
    donnees: Donnees,
    *,
    anomalies: Sequence[Anomalie],
    tableaux: Sequence[Tableau],
) -> bytes:
    """The content of such a copy.

    Args:   content, nom: the workbook; cible: the name of the copy.
    Raises: EcritureImpossible.
    """
    workbook = open_to_write(content, nom, cible)
    return _written(content, workbook, donnees, anomalies, tableaux)


def open_to_write(content: bytes, nom: str, cible: str) -> Workbook:
    """A workbook of which a copy of the name ``cible`` can be made.

    Raises: EcritureImpossible if it is not an .xlsx or .xlsm, or if a spreadsheet would not open the copy so named.
    """
    end = PurePath(cible).suffix.casefold()
    if end not in {".xlsx", ".xlsm"}:
        raise EcritureImpossible(f"« {cible} » : donnez à la copie l'extension {PurePath(nom).suffix or '.xlsx'}.")
    workbook = _open(content, nom)
    if workbook.macros and end != ".xlsm":
        raise EcritureImpossible(f"« {nom} » contient des macros : donnez à la copie l'extension .xlsm.")
    if not workbook.macros and end == ".xlsm":
        raise EcritureImpossible(f"« {nom} » n'a pas de macros : donnez à la copie l'extension .xlsx.")
    return workbook


def octets_bilan(source: bytes, donnees: Donnees, anomalies: Sequence[Anomalie], tableaux: Sequence[Tableau]) -> bytes:
    """The same as `ecrire_bilan`, from bytes to bytes."""
    return _written(source, _open(source, donnees.source), donnees, anomalies, tableaux)


def actualiser(source: bytes, donnees: Donnees) -> bytes:
    """A workbook whose computed cells carry the values that Python finds; nothing else changes."""
    workbook = _open(source, donnees.source)
    return _verified(source, workbook, donnees, refresh(workbook, donnees))


def _open(content: bytes, name: str) -> Workbook:
    """The workbook of a file.

    Raises: EcritureImpossible if it is not an .xlsx or .xlsm.
    """
    try:
        workbook = Workbook(content)
        workbook.check()
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise EcritureImpossible(
            f"« {name} » n'est pas au format .xlsx : enregistrez-le d'abord au format .xlsx (Fichier, Enregistrer "
            "sous, Classeur Excel), puis recommencez."
        ) from error
    return workbook


def _written(
    source: bytes,
    workbook: Workbook,
    donnees: Donnees,
    anomalies: Sequence[Anomalie],
    tableaux: Sequence[Tableau],
) -> bytes:
    missing = {name for name in (CONTROLE, BILAN) if name not in workbook.parts}
    done = refresh(workbook, donnees)
    remaining = [anomalie for anomalie in anomalies if not _solved(anomalie, done, missing)]
    for name in (CONTROLE, BILAN):
        if name in missing:
            pane = _FROZEN.format(row=ENTETES, below=ENTETES + 1) if name == CONTROLE else ""
            workbook.add_sheet(name, _NEW_SHEET.format(pane=pane).encode())
    _fill(workbook, CONTROLE, controle(donnees, remaining, workbook.parts.keys()))
    grid = bilan(donnees, remaining, tableaux)
    _fill(workbook, BILAN, grid)
    prune(workbook, (CONTROLE, BILAN))
    if BILAN in missing:
        redessiner(workbook, grid, donnees.appel)
    mark(workbook, remaining)
    workbook.recalculate_on_load()
    return _verified(source, workbook, donnees, done)


def _verified(source: bytes, workbook: Workbook, donnees: Donnees, done: Refreshed) -> bytes:
    """The whole file, once it was opened again and read as before. Raises: EcritureImpossible."""
    product = workbook.save()
    verify(source, product, donnees, done, workbook.parts)
    return product


def _fill(workbook: Workbook, name: str, grid: Grid) -> None:
    place(grid, workbook.sheet(name), workbook.styles.id, since_1904=workbook.since_1904)


def _solved(anomalie: Anomalie, done: Refreshed, missing: set[str]) -> bool:
    """Whether the writing itself put an anomaly right: it would not be found again in the file as written."""
    place = (anomalie.cell.feuille, anomalie.cell.adresse)
    return (
        (anomalie.code == "F01" and anomalie.cell.feuille in missing)
        or (anomalie.code in {"F08", "F10"} and place in done.cells)
        or (anomalie.code == "F11" and anomalie.cell.feuille in done.sheets)
    )
