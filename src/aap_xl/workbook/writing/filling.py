"""Filling the entry cells of a workbook by program: demonstrations, samples, tests."""

from collections.abc import Mapping, Sequence
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.francais import oui_non
from aap_xl.rows import Champ, Nature
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.values import Valeur
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.writing.computed import computed_columns, extend, table_of


def remplir(
    source: bytes,
    operation: Mapping[str, object],
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    appel: Appel,
) -> bytes:
    """Fill the entry cells of a workbook of this call; styles are kept, tables grow as needed.

    Args:    operation: field → value of the form; tables: table → rows of field → value, from the first line of data
             on. A code of a list is written as its wording, a bool as « Oui » or « Non »; what is absent or ``None``
             is left alone. Anything else is written as it is: a date field given a text holds that text.
    Returns: the file's bytes; computed cells keep their former cached values (see `writing.actualiser`).
    Raises:  KeyError for a field or a table that the call does not have.
    """
    workbook = Workbook(source)
    form = layout.formulaire(appel)
    champs = {champ.nom: champ for champ in form.champs}
    for nom, value in operation.items():
        champ = champs[nom]
        feuille, row, column = workbook.names.get(form.nom(nom), (form.feuille, form.lignes[nom], layout.VALEUR))
        _write(workbook.sheet(feuille), (row, column), _shown(champ, value, appel))
    present = layout.tables(appel)
    for nom, rows in tables.items():
        _fill_table(workbook, present[nom], rows, appel)
    workbook.recalculate_on_load()
    return workbook.save()


def _fill_table(workbook: Workbook, table: layout.Table, rows: Sequence[Mapping[str, object]], appel: Appel) -> None:
    champs = {champ.nom: champ for champ in table.champs}
    last = layout.ENTETES + len(rows)
    excel = table_of(workbook, table.feuille, table.nom)
    if excel and last > excel.last_row:
        extend(workbook, table.feuille, excel, last, computed_columns(appel, table.nom, table.colonnes, workbook.names))
    workbook.print_down_to(table.feuille, last, table.derniere)
    sheet = workbook.sheet(table.feuille)
    for ligne, values in enumerate(rows, layout.DONNEES):
        for nom, value in values.items():
            _write(sheet, (ligne, table.colonnes[nom]), _shown(champs[nom], value, appel))


def _write(sheet: Sheet, place: tuple[int, int], value: Valeur) -> None:
    if value is not None:
        sheet.set_value(sheet.make_cell(*place), value)


def _shown(champ: Champ, value: Any, appel: Appel) -> Valeur:
    """What is typed in the cell."""
    if isinstance(value, bool):
        return oui_non(value)
    if champ.nature is Nature.CHOIX and isinstance(value, str):
        return appel.libelle(champ.liste, value)
    shown: Valeur = value
    return shown
