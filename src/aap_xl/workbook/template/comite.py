"""The dashboard as it stood on one day: a workbook of one sheet to send before a committee, values only.

It is made from the domain, not copied from the open workbook: it shows what the formulas show, whatever was typed over
them. The chart of the expenses is left out: its figures stand on « Budget », which is not part of what is sent.
"""

import datetime as dt
from io import BytesIO
from typing import Any

from aap_xl.domain.calculs import Calcul
from aap_xl.domain.donnees import Donnees
from aap_xl.workbook import layout, styles
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.graphiques import Graphique
from aap_xl.workbook.template import charts, computed_sheets
from aap_xl.workbook.template.base import Chantier
from aap_xl.workbook.template.entry import en_cache
from aap_xl.workbook.writing.charts import draw


class _Releve(Chantier):
    """A workbook where each formula is replaced by what it shows."""

    def formule(self, sheet: Any, place: tuple[int, int], formule: str, fmt: Any, valeur: Calcul) -> None:  # noqa: ARG002
        """The value alone."""
        shown = en_cache(valeur)
        write = sheet.write_string if isinstance(shown, str) else sheet.write_number
        write(place[0] - 1, place[1] - 1, shown, fmt)


def releve(donnees: Donnees) -> bytes:
    """The file's bytes; the same dossier on the same day gives the same ones."""
    from xlsxwriter import Workbook  # noqa: PLC0415 (only when a workbook is built)

    stream = BytesIO()
    font = {nom: styles.POLICE[nom] for nom in ("font_name", "font_size")}
    book = Workbook(stream, {"in_memory": True, "strings_to_urls": False, "default_format_properties": font})
    title = f"{layout.TABLEAU_DE_BORD} au {donnees.aujourdhui:%d/%m/%Y}"
    created = dt.datetime.combine(donnees.aujourdhui, dt.time())
    book.set_properties({"title": title, "company": donnees.appel.identite.collectivite, "created": created})
    chantier = _Releve(book, donnees.appel, donnees, Refs(donnees.appel))
    computed_sheets.write(chantier, layout.TABLEAU_DE_BORD)
    sheet = book.get_worksheet_by_name(layout.TABLEAU_DE_BORD)
    operation = donnees.operation
    parts = (donnees.appel.nom, operation.porteur, operation.intitule)
    chantier.titre(sheet, title, " · ".join(part for part in parts if part), synthese.LIBELLE)
    for graphique in charts.graphiques(donnees.appel):
        if _alone(graphique):
            draw(chantier.book, sheet, graphique)
    book.close()
    return stream.getvalue()


def _alone(graphique: Graphique) -> bool:
    """Whether a chart of the dashboard draws the dashboard's own cells."""
    ranges = [graphique.categories, *(serie.valeurs for serie in graphique.series)]
    return {graphique.feuille, *(plage.feuille for plage in ranges)} == {layout.TABLEAU_DE_BORD}
