"""The dashboard as it stood on one day: a workbook of one sheet to send before a committee, values only.

It is made from the domain, not copied from the open workbook: it shows what the formulas show, whatever was typed over
them. The chart of the expenses is left out: its figures stand on « Budget », which is not part of what is sent.
"""

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from aap_xl.domain.data import Donnees
from aap_xl.francais import jour
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.values import Computed, cached
from aap_xl.workbook.paper.chart import Graphique
from aap_xl.workbook.paper.draw import draw
from aap_xl.workbook.template import charts, computed_sheets
from aap_xl.workbook.template.base import Draft


class _Releve(Draft):
    """A workbook where each formula is replaced by what it shows."""

    def formule(self, sheet: Worksheet, place: tuple[int, int], formule: str, fmt: Format, valeur: Computed) -> None:  # noqa: ARG002
        """The value alone."""
        shown = cached(valeur)
        write = sheet.write_string if isinstance(shown, str) else sheet.write_number
        write(place[0] - 1, place[1] - 1, shown, fmt)


def releve(donnees: Donnees) -> bytes:
    """The file's bytes; the same dossier on the same day gives the same ones."""
    title = f"{layout.TABLEAU_DE_BORD} au {jour(donnees.aujourdhui)}"
    draft = _Releve(title, donnees, day=donnees.aujourdhui)
    computed_sheets.write(draft, layout.TABLEAU_DE_BORD)
    sheet = draft.book.get_worksheet_by_name(layout.TABLEAU_DE_BORD)
    operation = donnees.operation
    parts = (donnees.appel.nom, operation.porteur, operation.intitule)
    draft.heading(sheet, title, " · ".join(part for part in parts if part), synthese.LIBELLE)
    for graphique in charts.graphiques(donnees.appel):
        if _alone(graphique):
            draw(draft.book, sheet, graphique)
    return draft.to_bytes()


def _alone(graphique: Graphique) -> bool:
    """Whether a chart of the dashboard draws the dashboard's own cells."""
    ranges = [graphique.categories, *(serie.valeurs for serie in graphique.series)]
    return {graphique.feuille, *(plage.feuille for plage in ranges)} == {layout.TABLEAU_DE_BORD}
