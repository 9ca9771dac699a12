"""Small workbooks in the project's layout, made with XlsxWriter: what the reader's tests read and damage."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from aap_xl.appels.model import Appel
from aap_xl.rows import TABLES, Champ, Nature, Operation
from aap_xl.workbook import layout

Valeurs = Mapping[str, Any]


def classeur(
    appel: Appel,
    operation: Valeurs | None = None,
    tables: Mapping[str, Sequence[Valeurs]] | None = None,
    *,
    proprietes: bool = True,
    listes: bool = True,
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """One filled workbook: codes, dates, numbers and booleans as Python has them; computed columns get formulas.

    A value of type `Brut` is written as it stands.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **(options or {})})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for nom in layout.feuilles(appel):
        book.add_worksheet(nom)
    _form(book.get_worksheet_by_name(layout.OPERATION), appel, operation or {}, day)
    for nom in layout.tables(appel):
        _table(book.get_worksheet_by_name(TABLES[nom].feuille), appel, nom, (tables or {}).get(nom, ()), day)
    identite = ("aap_xl", appel.identite.code, appel.identite.millesime, appel.schema_version)
    if listes:
        book.get_worksheet_by_name(layout.LISTES).write_row(0, 0, identite)
    book.get_worksheet_by_name(layout.LISTES).hide()
    if proprietes:
        for key, value in zip(("appel", "millesime", "schema"), identite[1:], strict=True):
            book.set_custom_property(f"aap_xl_{key}", value)
    book.close()
    return buffer.getvalue()


class Brut:
    """A cell written as it stands: a text, a number, or a formula with its cached value."""

    def __init__(self, valeur: Any, formule: str = "") -> None:
        self.valeur = valeur
        self.formule = formule


def _form(sheet: Any, appel: Appel, operation: Valeurs, day: Any) -> None:
    formulaire = layout.formulaire(appel)
    sheet.write(0, 1, "Opération")
    for titre, ligne in formulaire.groupes.items():
        sheet.write(ligne - 1, layout.LIBELLE - 1, titre)
    for champ in formulaire.champs:
        ligne = formulaire.lignes[champ.nom] - 1
        sheet.write(ligne, layout.LIBELLE - 1, champ.entete)
        sheet.write(ligne, layout.CONSEIL - 1, champ.aide)
        _cell(sheet, ligne, layout.VALEUR - 1, appel, champ, operation.get(champ.nom), day)


def _table(sheet: Any, appel: Appel, nom: str, rows: Sequence[Valeurs], day: Any) -> None:
    table = layout.tables(appel)[nom]
    sheet.write(0, 0, table.feuille)
    sheet.write(1, 0, "Une ligne par élément.")
    last = max(table.lignes, len(rows)) + layout.DONNEES - 1
    for column, champ in enumerate(table.champs):
        sheet.write(layout.BANDE - 1, column, champ.groupe)
        sheet.write(layout.ENTETES - 1, column, champ.entete)
        for line in range(layout.DONNEES - 1, last):
            rank = line - layout.DONNEES + 1
            value = rows[rank].get(champ.nom) if rank < len(rows) else None
            if champ.calcule and not isinstance(value, Brut):
                filled = f'=IF($A{line + 1}="","",LEN($A{line + 1})+{rank})'
                sheet.write_formula(line, column, filled, None, "" if value is None else value)
            else:
                _cell(sheet, line, column, appel, champ, value, day)
    sheet.add_table(
        layout.ENTETES - 1,
        0,
        last - 1,
        len(table.champs) - 1,
        {"name": table.excel, "columns": [{"header": champ.entete} for champ in table.champs]},
    )


def _cell(  # noqa: PLR0917 - XlsxWriter's own order
    sheet: Any, line: int, column: int, appel: Appel, champ: Champ, value: Any, day: Any
) -> None:
    if isinstance(value, Brut):
        if value.formule:
            sheet.write_formula(line, column, value.formule, None, value.valeur)
        else:
            sheet.write(line, column, value.valeur)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()), day)
    elif value is None:
        sheet.write_blank(line, column, None, day if champ.nature is Nature.DATE else None)
    elif isinstance(value, bool):
        sheet.write(line, column, "Oui" if value else "Non")
    elif isinstance(value, Decimal):
        sheet.write(line, column, float(value))
    elif champ.nature is Nature.CHOIX:
        sheet.write(line, column, appel.libelle(champ.liste, value))
    else:
        sheet.write(line, column, value)


def operation_type(appel: Appel) -> dict[str, Any]:
    """A plausible form for any call."""
    values: dict[str, Any] = {
        "porteur": "Association Les Passerelles",
        "siret": "78467169500103",
        "forme": appel.elements["formes"][0].code,
        "intitule": "Vers l'emploi",
        "mds": appel.mds[0].code,
        "date_depot": dt.date(2025, 2, 1),
        "date_debut": dt.date(2025, 3, 1),
        "date_fin": dt.date(2026, 2, 28),
        "personnes_prevues": 12,
        "subvention_demandee": Decimal("42000.5"),
    }
    return {nom: value for nom, value in values.items() if nom in appel.classeur.operation and nom in Operation.champs}
