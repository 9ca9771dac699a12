"""A workbook full of what operators do, and the same saved by other programs: the files of ``tests/workbooks``.

``python tests/pieges.py`` writes them again (it needs LibreOffice).
"""

import datetime as dt
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import libreoffice
import openpyxl
import pandas as pd
import xlsb
from fabrique import Brut, classeur, operation_type
from openpyxl.utils.cell import range_boundaries

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.workbook import layout

DOSSIER = Path(__file__).parent / "workbooks"
ANNE = {
    "code": "A01",
    "nom": "Durand",
    "prenom": "Anne",
    "sexe": "f",
    "date_naissance": dt.date(2001, 5, 4),
    "mds": "artois",
    "brsa": True,
    "date_entree": dt.date(2025, 3, 3),
    "situation": "abandon",
}
DESSOUS: tuple[Any, ...] = ("F9", "Prestations externes", "Traduction", "Non", 50)


def pieges(appel: Appel) -> bytes:
    """Texts for dates and numbers, an error, a merged range, hidden rows, rows below, a total, a constant, a NIR."""
    people = [
        ANNE,
        {**ANNE, "code": "A02", "date_entree": Brut("3 mars 2025"), "brsa": Brut("x"), "date_naissance": Brut(36900)},
        {**ANNE, "code": "A03", "date_entree": Brut("#N/A", "=NA()"), "mois_contrat": Brut("7,5")},
        {**ANNE, "code": "A04", "mds": Brut("Arras"), "situation": Brut("Partie"), "classe": Brut("à la main")},
        {**ANNE, "code": Brut(5), "nom": Brut("1 85 05 78 006 084 91")},
    ]
    charges = [
        {"code": "F1", "poste": "fonctionnement", "libelle": "Location", "prevu": Brut("1 234,50 €")},
        {"code": "F2", "poste": "fonctionnement", "libelle": "Repas", "prevu": Brut(1200, "=12*100")},
        {"code": "Total", "prevu": Brut(2434.5, "=1234.5+E6")},
    ]
    content = classeur(appel, operation_type(appel), {"participants": people, "charges": charges})
    return _edited(content, _damage(layout.tables(appel)["charges"].derniere))


def _damage(last: int) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book["Participants"].row_dimensions[6].hidden = True
        book["Participants"].merge_cells("F8:F9")
        book["Charges"]["C4"] = "LIBELLE"
        book["Charges"]["J4"] = "Remarque"
        for column, value in enumerate(DESSOUS, 1):
            book["Charges"].cell(last + 2, column, value)
        book.create_sheet("Brouillon")["B2"] = "à voir"

    return change


def _edited(content: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def par_pandas(content: bytes) -> bytes:
    """The values alone: no table, no formula, no custom property, no hidden sheet."""
    buffer = BytesIO()
    sheets = pd.read_excel(BytesIO(content), sheet_name=None, header=None, engine="openpyxl")
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for nom, sheet in sheets.items():
            sheet.to_excel(writer, sheet_name=str(nom), header=False, index=False)
    return buffer.getvalue()


def par_xlsb(content: bytes) -> bytes:
    """The same .xlsx in the binary format; of styles, those of dates only."""
    typed, shown = (openpyxl.load_workbook(BytesIO(content), data_only=only) for only in (False, True))
    sheets = {}
    for sheet in typed.worksheets:
        values = shown[sheet.title]
        cells = ((cell, values[cell.coordinate]) for row in sheet.iter_rows() for cell in row)
        flat = [_of_xlsb(cell.data_type == "f", found.value, found.data_type) for cell, found in cells]
        width = sheet.max_column
        notes = {_zone(c.coordinate)[:2]: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}
        sheets[sheet.title] = xlsb.Feuille(
            [flat[start : start + width] for start in range(0, len(flat), width)],
            [row for row, size in sheet.row_dimensions.items() if size.hidden],
            [(zone.min_row, zone.min_col, zone.max_row, zone.max_col) for zone in sheet.merged_cells.ranges],
            next((_zone(table.ref) for table in sheet.tables.values()), None),
            notes=notes,
        )
    return xlsb.ecrire(sheets, _one_cell_names(typed))


def _of_xlsb(formula: bool, value: Any, kind: str) -> Any:
    if kind == "e":
        value = xlsb.Erreur(value)
    return xlsb.Formule("" if value is None else value) if formula else value


def _zone(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference)
    return top or 1, left or 1, bottom or 1, right or 1


def _one_cell_names(book: openpyxl.Workbook) -> dict[str, tuple[str, int, int]]:
    found = {}
    for nom, defined in book.defined_names.items():
        sheet, _, reference = (defined.attr_text or "").replace("'", "").replace("$", "").partition("!")
        if sheet in book.sheetnames and reference and ":" not in reference:
            top, left, _, _ = _zone(reference)
            found[nom] = (sheet, top, left)
    return found


def main() -> None:
    """Write every file again."""
    content = pieges(Catalogue().get("3.3", 2025))
    (DOSSIER / "pieges-openpyxl.xlsx").write_bytes(content)
    for extension, format_ in (("xlsx", libreoffice.XLSX), ("ods", libreoffice.ODS), ("xls", "xls:MS Excel 97")):
        with tempfile.TemporaryDirectory() as folder:
            [saved] = libreoffice.convertir({"pieges.xlsx": content}, Path(folder), format_).values()
            (DOSSIER / f"pieges-libreoffice.{extension}").write_bytes(saved.read_bytes())
    (DOSSIER / "pieges-pandas.xlsx").write_bytes(par_pandas((DOSSIER / "pieges-libreoffice.xlsx").read_bytes()))


if __name__ == "__main__":
    main()
