"""Colours that tell a mistake where it is typed: the rules of the cells themselves, computed by LibreOffice."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import libreoffice
import openpyxl
import pytest

from aap_xl.appels.model import Appel
from aap_xl.workbook import layout
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import remplir

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]

_JANUARY, _MARCH, _APRIL, _MAY = (dt.date(2025, month, 1) for month in (1, 3, 4, 5))
_ANA = {"nom": "MODELE-TEST", "prenom": "Ana", "date_naissance": dt.date(1990, 2, 3)}
_LEO = {"nom": "MODELE-TEST", "prenom": "Léo", "date_naissance": dt.date(1991, 2, 3)}
CODES: dict[str, tuple[list[dict[str, Any]], list[bool]]] = {
    "a person alone": ([_ANA | {"date_entree": _MARCH}], [False]),
    "a person who comes back": (
        [_ANA | {"date_entree": _MARCH, "date_sortie": _APRIL}, _ANA | {"date_entree": _MAY}], [False, False],
    ),
    "a person who comes back before leaving": (
        [_ANA | {"date_entree": _MARCH, "date_sortie": _MAY}, _ANA | {"date_entree": _APRIL}], [True, True],
    ),
    "a person who never left": ([_ANA | {"date_entree": _MARCH}, _ANA | {"date_entree": _APRIL}], [True, True]),
    "another person under the code": (
        [_ANA | {"date_entree": _JANUARY, "date_sortie": _MARCH}, _LEO | {"date_entree": _APRIL}], [True, True],
    ),
    "lines not begun": ([{}, {}], [False, False]),
}  # fmt: skip


def _tried_on(content: bytes, lines: int) -> bytes:
    """The workbook whose cells of column BZ say what the rule of the codes says of their line."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Participants"]
    [rule] = [
        rule
        for area in sheet.conditional_formatting
        if str(area.sqref).startswith("A5")
        for rule in area.rules
        if "COUNTIF" in rule.formula[0]
    ]
    for line in range(layout.DONNEES, layout.DONNEES + lines):
        sheet[f"BZ{line}"] = "=" + re.sub(rf"(\$[A-Z]+){layout.DONNEES}\b", rf"\g<1>{line}", rule.formula[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_code_is_coloured_where_it_is_of_two_persons_or_of_two_stays_at_once(appel33: Appel, tmp_path: Path) -> None:
    books = {}
    for nom, (lines, _) in CODES.items():
        rows: list[dict[str, Any]] = [line and {"code": "E01"} | line for line in lines]
        filled = remplir(build(appel33, {}, aujourdhui=_MAY), {}, {"participants": rows}, appel33)
        books[f"{nom}.xlsx"] = _tried_on(filled, len(lines))
    computed = libreoffice.convertir(books, tmp_path, libreoffice.XLSX)
    for nom, (lines, wanted) in CODES.items():
        sheet = openpyxl.load_workbook(computed[f"{nom}.xlsx"], data_only=True)["Participants"]
        assert [sheet[f"BZ{layout.DONNEES + rank}"].value for rank in range(len(lines))] == wanted, nom
