"""The workbooks that are damaged: small ones of both calls, as we write them and as other programs save them."""

import tempfile
from pathlib import Path

import libreoffice
from modeles import variante
from pieges import DOSSIER, par_xlsb
from riche import enrichir

from aap_xl.appels.loader import Catalogue
from aap_xl.dossier import Dossier
from aap_xl.faces.exemples import Exemple, exemples
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import actualiser, remplir

_ROWS = 4
"""Of each table: a mutant must be quick to read, and what is changed in it should matter."""


def ours(catalogue: Catalogue) -> dict[str, bytes]:
    """Those that need no other program, by name of file; an .xlsm has all that a workbook may have."""
    found: dict[str, bytes] = {}
    for exemple in exemples(erreurs=False):
        content = _filled(exemple, catalogue)
        found |= {f"{exemple.appel}.xlsx": content, f"{exemple.appel}.xlsm": enrichir(content)}
    found |= {path.name: path.read_bytes() for path in sorted(DOSSIER.glob("pieges-libreoffice.*"))}
    return found | {"pieges.xlsb": par_xlsb(found["pieges-libreoffice.xlsx"])}


def saved_by_libreoffice(sources: dict[str, bytes]) -> dict[str, bytes]:
    """The .xlsx of both calls, in each format that LibreOffice writes and in the one that it only reads."""
    books = {name: content for name, content in sources.items() if name in {"3.3.xlsx", "3.7.xlsx"}}
    found = {}
    for extension, format_ in (("xlsx", libreoffice.XLSX), ("ods", libreoffice.ODS), ("xls", "xls:MS Excel 97")):
        with tempfile.TemporaryDirectory() as folder:
            for name, path in libreoffice.convertir(books, Path(folder), format_).items():
                found[f"libreoffice-{name[:3]}.{extension}"] = path.read_bytes()
    return found | {f"{name[:3]}.xlsb": par_xlsb(found[f"libreoffice-{name}"]) for name in books}


def _filled(exemple: Exemple, catalogue: Catalogue) -> bytes:
    appel = catalogue.get(exemple.appel, exemple.millesime)
    tables = {nom: variante(feuille, lignes=_ROWS) for nom, feuille in appel.classeur.tables.items()}
    small = variante(appel, classeur=variante(appel.classeur, tables=tables))
    rows = {nom: rows[:_ROWS] for nom, rows in exemple.tables.items()}
    content = remplir(build(small, {}, aujourdhui=exemple.aujourdhui), exemple.operation, rows, small)
    read = Dossier.lire(Path("seed.xlsx"), catalogue, exemple.aujourdhui, octets=content)
    return actualiser(content, read.donnees)
