"""The blank workbook of an operation: a plain .xlsx built from the call; the same arguments give the same bytes."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

from aap_xl.appels.model import Appel
from aap_xl.domain.computed import calculer
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.draw import draw
from aap_xl.workbook.template import buttons, charts, computed_sheets, form, guide, lists, results, tables, week
from aap_xl.workbook.template.base import Draft
from aap_xl.workbook.template.blank import blank
from aap_xl.workbook.writing.bilan_charts import graphiques

PROPRIETES = ("aap_xl_appel", "aap_xl_millesime", "aap_xl_schema")


def build(
    appel: Appel, identite: Mapping[str, object], *, aujourdhui: dt.date, macros: buttons.Macros | None = None
) -> bytes:
    """The blank workbook.

    Args:    identite: what is already known of the operation, by field of the form (codes for choices);
             aujourdhui: the day for which the formulas' values are written; macros: for a workbook with buttons.
    Returns: a plain .xlsx (an .xlsm with macros); the same arguments give the same bytes.
    Raises:  TypeError if `identite` names a field the form does not have.
    """
    draft = Draft(appel.nom, blank(appel, identite, aujourdhui))
    identity = (appel.identite.code, appel.identite.millesime, appel.schema_version)
    for nom, valeur in zip(PROPRIETES, identity, strict=True):
        draft.book.set_custom_property(nom, valeur)
    _sheets(draft)
    _computed_names(draft)
    if macros:
        buttons.ajouter(draft.book, macros)
    return draft.to_bytes()


_WRITERS: Mapping[str, Callable[[Draft], None]] = {
    layout.MODE_EMPLOI: guide.write,
    layout.OPERATION: form.write,
    layout.BUDGET: partial(computed_sheets.write, feuille=layout.BUDGET),
    layout.TABLEAU_DE_BORD: partial(computed_sheets.write, feuille=layout.TABLEAU_DE_BORD),
    layout.SEMAINE: week.write,
    layout.LISTES: lists.write,
    layout.CONTROLE: results.write_control,
    layout.BILAN: results.write_report,
}
"""What writes each sheet that is not a table's."""


def _sheets(draft: Draft) -> None:
    writers = dict(_WRITERS)
    for table in draft.refs.tables.values():
        writers[table.feuille] = partial(tables.write, table=table)
    for feuille in layout.feuilles(draft.appel):
        writers[feuille](draft)
    for graphique in (*charts.graphiques(draft.appel), *graphiques(draft.appel)):
        draw(draft.book, draft.book.get_worksheet_by_name(graphique.feuille), graphique)


def _computed_names(draft: Draft) -> None:
    """A defined name for each synthesis cell; the formulas of « Listes »."""
    text = draft.fmt(styles.POLICE)
    day = draft.fmt(styles.POLICE, num_format=styles.DATE)
    lists = draft.book.get_worksheet_by_name(layout.LISTES)
    for cell in synthese.cellules(draft.appel):
        if cell.feuille == layout.LISTES:
            fmt = day if cell.cle == "aujourdhui" else text
            draft.formule(lists, (cell.ligne, cell.colonne), cell.formule, fmt, calculer(cell.cle, draft.donnees))
        elif cell.feuille != layout.SEMAINE or ":" not in cell.cle:
            draft.book.define_name(cell.nom, f"={layout.absolu(cell.feuille, cell.ligne, cell.colonne)}")
