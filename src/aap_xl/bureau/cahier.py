"""The workbooks that the officer's desk writes: plain, printable, and where no text ever becomes a formula."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

from aap_xl.domain.sorties import Taux
from aap_xl.rows import Nature
from aap_xl.workbook import styles

_A4 = 9
_MARGES = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.65}
_CREATED = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - a fixed stamp: the bytes must not depend on the clock
_FONT = {nom: styles.POLICE[nom] for nom in ("font_name", "font_size")}
_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r")
_MAX_TEXTE = 32_767

Valeur = str | int | Decimal | dt.date | Taux | None


def format_de(nature: Nature) -> styles.Format:
    """Number format and alignment of a column."""
    if nature is Nature.DATE:
        return {"num_format": styles.DATE, "align": "center"}
    if nature in styles.FORMATS:
        return {"num_format": styles.FORMATS[nature], "align": "right", "text_wrap": False}
    return {"align": "left", "num_format": "@"}


class Cahier:
    """One workbook being written; `octets` ends it."""

    def __init__(self, titre: str) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - only when a workbook is written

        self._stream = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_urls": False,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
        }
        self.book = Workbook(self._stream, {**options, "default_format_properties": dict(_FONT)})
        self.book.set_properties({"title": titre, "created": _CREATED})
        self.fmt = styles.Formats(self.book)

    def feuille(self, nom: str, pied: str) -> Any:
        """A new sheet, without gridlines, A4 landscape, its pages numbered."""
        sheet = self.book.add_worksheet(nom)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(styles.ACCENT)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(**_MARGES)
        sheet.set_footer(f"&L&8 {pied.replace('&', '&&')[:150]}&C&8 &A&R&8 Page &P / &N")
        return sheet

    def ecrire(self, sheet: Any, place: tuple[int, int], valeur: Valeur, format_: styles.Format, **more: Any) -> None:
        """One cell, row and column from 1; a text stays a text, whatever it begins with, even once edited again."""
        row, column = place[0] - 1, place[1] - 1
        if isinstance(valeur, Taux):
            valeur = str(valeur)
        if valeur is None or valeur == "":
            sheet.write_blank(row, column, None, self.fmt(format_, **more))
        elif isinstance(valeur, str):
            quoted = {"quote_prefix": True} if valeur.startswith(_DECLENCHEURS) else {}
            text = valeur if len(valeur) <= _MAX_TEXTE else valeur[: _MAX_TEXTE - 1] + "…"
            sheet.write_string(row, column, text, self.fmt(format_, **more, **quoted))
        elif isinstance(valeur, dt.date):
            sheet.write_datetime(row, column, dt.datetime.combine(valeur, dt.time()), self.fmt(format_, **more))
        else:
            sheet.write_number(row, column, float(valeur), self.fmt(format_, **more))

    def etendre(self, sheet: Any, place: tuple[int, int], places: int, valeur: Valeur, format_: styles.Format) -> None:
        """A cell that takes several columns."""
        if places > 1:
            row, column = place[0] - 1, place[1] - 1
            sheet.merge_range(row, column, row, column + places - 1, "", self.fmt(format_))
        self.ecrire(sheet, place, valeur, format_)

    def octets(self) -> bytes:
        """The file's bytes; nothing can be written after."""
        self.book.close()
        return self._stream.getvalue()
