"""Workbooks in which people went on typing, or pasted, far below the tables as prepared."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from io import BytesIO
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.cells import a1
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.values import encoded
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.filling import _shown, remplir

Lignes = Sequence[Mapping[str, Any]]


def colle(
    appel: Appel,
    operation: Mapping[str, Any],
    tables: Mapping[str, Lignes],
    aujourdhui: date,
    *,
    nus: bool = False,
    saut: int = 0,
) -> bytes:
    """A filled workbook, of which what its tables have no room for stands below them.

    Args: nus: whether only values were pasted, without a look; saut: blank lines before what is below.
    """
    present = layout.tables(appel)
    inside = {nom: rows[: present[nom].lignes] for nom, rows in tables.items()}
    content = remplir(build(appel, {}, aujourdhui=aujourdhui), operation, inside, appel)
    parts = Workbook(content).parts
    below = {
        parts[present[nom].feuille]: (present[nom], rows[present[nom].lignes :])
        for nom, rows in tables.items()
        if len(rows) > present[nom].lignes
    }
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name in below:
                table, rows = below[name]
                looks = {} if nus else _looks(part, table)
                added = "".join(_lines(table, rows, appel, looks, table.derniere + 1 + saut))
                part = part.replace(b"</sheetData>", added.encode() + b"</sheetData>")
            target.writestr(name, part)
    return out.getvalue()


def _looks(part: bytes, table: layout.Table) -> dict[int, str]:
    """The style of each column in the table's last row."""
    found = {}
    for column in table.colonnes.values():
        cell = re.search(rb'<c r="%b"[^<>]* s="(\d+)"' % a1(table.derniere, column).encode(), part)
        if cell:
            found[column] = f' s="{cell[1].decode()}"'
    return found


def _lines(table: layout.Table, rows: Lignes, appel: Appel, looks: Mapping[int, str], first: int) -> Iterator[str]:
    champs = {champ.nom: champ for champ in table.champs}
    for line, row in enumerate(rows, first):
        cells = {table.colonnes[nom]: _shown(champs[nom], value, appel) for nom, value in row.items()}
        yield (
            f'<row r="{line}">'
            + "".join(
                _cell(a1(line, column), cells[column], looks.get(column, ""))
                for column in sorted(cells)
                if cells[column] is not None
            )
            + "</row>"
        )


def _cell(address: str, value: Any, look: str) -> str:
    kind, text = encoded(value, computed=False)
    if kind == "inlineStr":
        return f'<c r="{address}"{look} t="inlineStr"><is><t>{escape(text or "", quote=False)}</t></is></c>'
    return f'<c r="{address}"{look}><v>{text}</v></c>'
