"""What every sheet of the template shares: the workbook being written, the call, what stays allowed on a sheet."""

import datetime as dt

from xlsxwriter.worksheet import Worksheet

from aap_xl.domain.data import Donnees
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.sheet import Book

PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}
"""What stays allowed on a protected sheet; there is no password, it only guards against slips."""


class Draft(Book):
    """A workbook of an operation being written.

    Attributes: donnees: the dossier whose computed values are written beside the formulas.
    """

    def __init__(self, title: str, donnees: Donnees, **options: dt.date) -> None:
        self.appel, self.donnees, self.refs = donnees.appel, donnees, Refs(donnees.appel)
        super().__init__(title, company=self.appel.identite.collectivite, **options)

    def feuille(self, nom: str, couleur: str = styles.ACCENT_MOYEN) -> Worksheet:
        """A new sheet, signed with the call's name."""
        return self.sheet(nom, self.appel.nom, couleur)
