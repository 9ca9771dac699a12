"""« Contrôle » and « Bilan » as they stand before `aap-xl bilan` fills them: prepared, with a word on how."""

from xlsxwriter.worksheet import Worksheet

from aap_xl.cells import column_letter
from aap_xl.workbook import layout
from aap_xl.workbook.paper import styles
from aap_xl.workbook.template.base import PROTECTION, Draft
from aap_xl.workbook.writing.bilan_layout import FIN
from aap_xl.workbook.writing.bilan_sheet import gabarit
from aap_xl.workbook.writing.controle_sheet import COLONNES, ENTETES
from aap_xl.workbook.writing.controle_sheet import gabarit as gabarit_du_controle

_HINT = (
    "Cette feuille est remplie par la commande « aap-xl bilan », qui remplace ce que vous y écririez ; "
    "vos remarques sont gardées à partir de la colonne {}."
)
_REMARQUES = 12
"""Columns right of ours that the protection leaves to the operator."""


def write_control(draft: Draft) -> None:
    """Title, hint and headers of the anomalies."""
    sheet = _sheet(draft, layout.CONTROLE, "Contrôle du classeur", len(COLONNES))
    draft.draw(sheet, gabarit_du_controle())
    sheet.repeat_rows(ENTETES - 1)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(ENTETES, 0)


def write_report(draft: Draft) -> None:
    """The tables of fixed size, still empty, at the places where the charts expect them."""
    sheet = _sheet(draft, layout.BILAN, "Bilan", FIN)
    grid = gabarit(draft.appel)
    draft.draw(sheet, grid)


def _sheet(draft: Draft, feuille: str, titre: str, derniere: int) -> Worksheet:
    sheet = draft.feuille(feuille)
    draft.heading(sheet, titre, draft.appel.nom)
    hint = draft.fmt({**styles.POLICE, "bg_color": styles.ACCENT_PALE, "font_color": styles.ACCENT, "indent": 1})
    sheet.set_row(layout.BANDE - 1, 24)
    text = _HINT.format(column_letter(derniere + 1))
    sheet.merge_range(layout.BANDE - 1, 0, layout.BANDE - 1, derniere - 1, text, hint)
    sheet.set_column(derniere, derniere + _REMARQUES - 1, None, draft.fmt({**styles.POLICE, "locked": False}))
    sheet.protect("", PROTECTION)
    return sheet
