"""How a chart is drawn, on any sheet that XlsxWriter makes."""

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.chart import Genre, Graphique, Plage, Serie

_TYPES = {
    Genre.COLONNES: {"type": "column"},
    Genre.BARRES: {"type": "bar"},
}
_PETIT = {"name": styles.POLICE["font_name"], "size": 9, "color": styles.GRIS}


def draw(book: Workbook, sheet: Worksheet, graphique: Graphique) -> None:
    """Draw one chart on its sheet."""
    chart = book.add_chart(dict(_TYPES[graphique.genre]))
    for serie in graphique.series:
        if not serie.repere:
            chart.add_series(_series(graphique, serie))
    marks = [serie for serie in graphique.series if serie.repere]
    if marks:
        over = book.add_chart({"type": "line"})
        for serie in marks:
            over.add_series(_marks(graphique, serie))
        chart.combine(over)
    _decorate(chart, graphique)
    sheet.insert_chart(graphique.ancre, chart, {"description": graphique.titre, "object_position": 2, "y_offset": 2})


def _ref(plage: Plage) -> list[str | int]:
    return [
        plage.feuille,
        plage.premiere_ligne - 1,
        plage.premiere_colonne - 1,
        plage.derniere_ligne - 1,
        plage.derniere_colonne - 1,
    ]


def _color(serie: Serie) -> str:
    return "#" + serie.couleur.removeprefix("#") if serie.couleur else styles.ACCENT


def _series(graphique: Graphique, serie: Serie) -> dict[str, object]:
    options = _data(graphique, serie) | {"fill": {"color": _color(serie)}, "gap": 70, "overlap": -5}
    number = '0\\ %;;""' if graphique.pourcentages else '#,##0;-#,##0;""'
    options["data_labels"] = {"value": True, "num_format": number, "font": {**_PETIT, "size": 8}}
    return options


def _marks(graphique: Graphique, serie: Serie) -> dict[str, object]:
    marker = {
        "type": "long_dash",
        "size": 22,
        "fill": {"color": styles.ERREUR_ENCRE},
        "border": {"color": styles.ERREUR_ENCRE},
    }
    return _data(graphique, serie) | {"line": {"none": True}, "marker": marker}


def _data(graphique: Graphique, serie: Serie) -> dict[str, object]:
    return {"name": serie.nom, "categories": _ref(graphique.categories), "values": _ref(serie.valeurs)}


def _decorate(chart: Chart, graphique: Graphique) -> None:
    title = {"name": styles.POLICE["font_name"], "size": 11, "bold": True, "color": styles.ACCENT}
    chart.set_title({"name": graphique.titre, "name_font": title, "overlay": False})
    chart.set_size({"width": graphique.largeur, "height": graphique.hauteur})
    chart.set_chartarea({"border": {"color": styles.FILET}, "fill": {"color": styles.BLANC}})
    alone = len(graphique.series) == 1
    chart.set_legend({"none": True} if alone else {"position": "bottom", "font": _PETIT})
    values = {
        "num_format": "0\\ %" if graphique.pourcentages else "#,##0",
        "num_font": _PETIT,
        "major_gridlines": {"visible": True, "line": {"color": styles.FILET, "width": 0.5}},
        "line": {"none": True},
        "min": 0,
    }
    if graphique.pourcentages:
        values["max"] = 1
    names = {"num_font": _PETIT, "line": {"color": styles.FILET}}
    if graphique.genre is Genre.BARRES:  # the bars' own labels say the values
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_y_axis({**names, "reverse": True})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(values)
