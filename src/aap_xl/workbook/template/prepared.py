"""A blank workbook without building it: a call's is built once and kept, and what depends on the operation is written.

What is kept is the package without its live parts, those with a cell that depends on the operation or on the day, and
these parts cut at each such cell. The cells of the result are those of `build`; its texts are inline.
"""

import datetime as dt
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import aap_xl
from aap_xl.appels import cache as kept
from aap_xl.appels.model import Appel
from aap_xl.appels.model.base import Modele
from aap_xl.appels.models import modele
from aap_xl.cells import a1
from aap_xl.domain.computed import CALCULS, calculer
from aap_xl.domain.data import Donnees
from aap_xl.workbook import layout
from aap_xl.workbook.ooxml.values import cached, escape_text, number, serial
from aap_xl.workbook.template.blank import blank
from aap_xl.workbook.template.entry import cell_value

_ENTERED, _COMPUTED = "op", "cle"
_CELL = re.compile(r'(<c r="([A-Z]+\d+)"(?: s="\d+")?)[^>]*?(?:/>|>(?:<f>([^<]*)</f>)?<v>[^<]*</v></c>)')
_DEPENDS_ON = ("appels", "domain", "rows", "workbook")

Prepared = dict[str, Any]
"""``source``: what it was made from; ``package``: see above; ``parts``: name → texts and, between them, live cells
(kind, key, start of the cell, formula); ``blank``: what the computed columns show on a blank row."""


def new(appel: Appel, identite: Mapping[str, object], *, aujourdhui: dt.date) -> bytes:
    """The blank workbook of an operation: arguments and errors of `build`."""
    donnees = blank(appel, identite, aujourdhui)
    prepared = _prepared(appel)
    if prepared["blank"] != _on_a_blank_row(donnees):
        return _build(appel, identite, aujourdhui)
    package = BytesIO(prepared["package"])
    with ZipFile(package, "a", ZIP_DEFLATED) as out:
        for name, pieces in prepared["parts"].items():
            out.writestr(ZipInfo(name), "".join(_rendered(pieces, donnees)), ZIP_DEFLATED)
    return package.getvalue()


def _build(appel: Appel, identite: Mapping[str, object], aujourdhui: dt.date) -> bytes:
    from aap_xl.workbook.template.build import build  # noqa: PLC0415 - XlsxWriter, once a call

    return build(appel, identite, aujourdhui=aujourdhui)


def _rendered(pieces: list[Any], donnees: Donnees) -> Iterator[str]:
    champs = donnees.operation.champs
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        kind, key, start, formula = piece
        if kind == _ENTERED:
            yield _entered(start, cell_value(donnees.appel, champs[key], getattr(donnees.operation, key)))
        else:
            yield _computed(start, formula, cached(calculer(key, donnees)))


def _entered(start: str, value: Any) -> str:
    if value is None:
        return f"{start}/>"
    if isinstance(value, str):
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
    return f"{start}><v>{number(serial(value) if isinstance(value, dt.date) else value)}</v></c>"


def _computed(start: str, formula: str, value: str | float) -> str:
    if isinstance(value, str):
        kind = ' t="str"' if value else ""
        return f"{start}{kind}><f>{formula}</f><v>{_escaped(value)}</v></c>"
    return f"{start}><f>{formula}</f><v>{value}</v></c>"


def _escaped(text: str) -> str:
    return escape_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _on_a_blank_row(donnees: Donnees) -> dict[str, str | float]:
    return {
        f"{nom}.{champ.nom}": cached(CALCULS[nom, champ.nom](modele(donnees.appel, nom)(), donnees))
        for nom, table in layout.tables(donnees.appel).items()
        for champ in table.champs
        if champ.calcule
    }


# --- made once, kept


def _prepared(appel: Appel) -> Prepared:
    """From the cache, else made and kept: an entry says what it was made from, and is used only for that."""
    made_from = _sums(json.dumps(appel, default=_plain).encode()) + _sums(_code())
    name = f"{made_from}.vierge"
    found = _loaded(kept.lire_octets(name))
    if found.get("source") != made_from:
        found = _prepare(appel) | {"source": made_from}
        head = json.dumps({key: value for key, value in found.items() if key != "package"})
        kept.garder_octets(name, b"%b\n%b" % (head.encode(), found["package"]))
    return found


def _loaded(content: bytes | None) -> Prepared:
    head, _, package = (content or b"").partition(b"\n")
    try:
        return cast("Prepared", json.loads(head) | {"package": package})
    except (ValueError, TypeError):
        return {}


def _plain(item: object) -> object:
    """A part of a call as its values, a date or an amount as its text."""
    return {nom: getattr(item, nom) for nom in item.champs()} if isinstance(item, Modele) else str(item)


def _sums(content: bytes) -> str:
    """Two sums of some bytes: nobody else writes in the folder of what is kept."""
    return f"{zlib.crc32(content):08x}{zlib.adler32(content):08x}"


@cache
def _code() -> bytes:
    """The state of the modules that a blank workbook is made by: size and date, which Python itself goes by."""
    found = [aap_xl.__version__]
    for name in _DEPENDS_ON:
        for folder, _, files in os.walk(Path(aap_xl.__file__).with_name(name)):
            states = [(file, Path(folder, file).stat()) for file in files if file.endswith(".py")]
            found += (f"{file} {state.st_size} {state.st_mtime_ns}" for file, state in states)
    return "\n".join(sorted(found)).encode()


def _prepare(appel: Appel) -> Prepared:
    parts: dict[str, list[object]] = {}
    package = BytesIO()
    live = _live_cells(appel)
    any_day = dt.date(appel.identite.millesime, 1, 1)
    with (
        ZipFile(BytesIO(_build(appel, {}, any_day))) as source,
        ZipFile(package, "w", ZIP_DEFLATED) as out,
    ):
        for info in source.infolist():
            if info.filename in live:
                parts[info.filename] = _cut(source.read(info).decode(), live[info.filename])
            else:
                out.writestr(info, source.read(info))
    shown = _on_a_blank_row(blank(appel, {}, any_day))
    return {"package": package.getvalue(), "parts": parts, "blank": shown}


def _live_cells(appel: Appel) -> dict[str, dict[str, tuple[str, str]]]:
    """By part, the cells that depend on the operation or the day: address → kind, key."""
    from aap_xl.workbook.formulas import synthese  # noqa: PLC0415 - the formulas are already in what is kept

    names = {nom: f"xl/worksheets/sheet{rang}.xml" for rang, nom in enumerate(layout.feuilles(appel), 1)}
    form = layout.formulaire(appel)
    found: dict[str, dict[str, tuple[str, str]]] = {
        names[form.feuille]: {a1(ligne, layout.VALEUR): (_ENTERED, nom) for nom, ligne in form.lignes.items()}
    }
    for cell in synthese.cellules(appel):
        found.setdefault(names[cell.feuille], {})[a1(cell.ligne, cell.colonne)] = (_COMPUTED, cell.cle)
    return found


def _cut(part: str, live: Mapping[str, tuple[str, str]]) -> list[object]:
    """A part's text, cut at its live cells."""
    pieces: list[object] = []
    done = 0
    for cell in _CELL.finditer(part):
        if cell[2] in live:
            pieces += [part[done : cell.start()], [*live[cell[2]], cell[1], cell[3] or ""]]
            done = cell.end()
    return [*pieces, part[done:]]
