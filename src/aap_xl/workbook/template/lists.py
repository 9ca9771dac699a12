"""The hidden sheet « Listes » and the names that point into it."""

from aap_xl.workbook import layout
from aap_xl.workbook.formulas import lists
from aap_xl.workbook.paper import styles
from aap_xl.workbook.template.base import Draft


def write(draft: Draft) -> None:
    """The marker, the parameters, the lists, the decision table; hidden and protected."""
    appel = draft.appel
    sheet = draft.feuille(layout.LISTES)
    identity = (lists.MARQUE, appel.identite.code, appel.identite.millesime, appel.schema_version)
    plain, header = draft.fmt(styles.POLICE), draft.fmt(styles.COLONNE_GAUCHE, text_wrap=False)
    for rank, mark in enumerate(identity):
        sheet.write(0, rank, mark, plain)
    sheet.write_string(lists.ENTETES - 1, 0, "Paramètres de l'appel à projets", header)
    sheet.write_string(lists.AUJOURDHUI.ligne - 1, 0, lists.AUJOURDHUI.libelle, plain)
    draft.book.define_name(lists.AUJOURDHUI.nom, f"={lists.AUJOURDHUI.ref}")
    for item in lists.parametres(appel):
        sheet.write_string(item.ligne - 1, 0, item.libelle, plain)
        sheet.write_number(item.ligne - 1, 1, float(item.valeur), plain)
        draft.book.define_name(item.nom, f"={item.ref}")
    for colonne in lists.colonnes(appel).values():
        sheet.write_string(lists.ENTETES - 1, colonne.colonne - 1, colonne.entete, header)
        for rang, values in enumerate(colonne.lignes):
            for offset, value in enumerate(values):
                sheet.write(lists.PREMIERE - 1 + rang, colonne.colonne - 1 + offset, value, plain)
        draft.book.define_name(colonne.nom, f"={colonne.ref}")
    place = lists.lignes_budget(appel)
    if place:
        colonne_budget, premiere, offered = place
        sheet.write_string(lists.ENTETES - 1, colonne_budget - 1, "lignes de budget", header)
        ref = layout.absolu(layout.LISTES, premiere, colonne_budget, premiere + offered - 1)
        draft.book.define_name("l_lignes_budget", f"={ref}")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 60, 16)
    sheet.protect("", {"select_locked_cells": True})
    sheet.hide()
