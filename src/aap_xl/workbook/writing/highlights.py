"""Marks on the cells in error: conditional formats of ours, which no one else's style has to make room for.

Ours are known by their formula, which is always true; each run takes them away and puts the current ones.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.cells import Zone, a1, column_index, zone_a1
from aap_xl.workbook.layout import BILAN, CONTROLE
from aap_xl.workbook.ooxml.sheet import Sheet
from aap_xl.workbook.ooxml.styles import Highlight
from aap_xl.workbook.ooxml.tree import whole
from aap_xl.workbook.ooxml.workbook import Workbook
from aap_xl.workbook.paper.grid import plain
from aap_xl.workbook.writing.controle_sheet import COULEURS

_SIGNATURE = "aap_xl:"
_RANGES_PER_RULE = 150
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def mark(workbook: Workbook, anomalies: Sequence[Anomalie]) -> None:
    """Mark each cell with its gravest anomaly, and take away the marks of cells since corrected."""
    wanted = by_sheet(anomalies)
    for name in workbook.parts:
        if name in {CONTROLE, BILAN} or not (name in wanted or workbook.mentions(name, _SIGNATURE.encode())):
            continue
        _mark_sheet(workbook, workbook.frame(name), wanted.get(name, {}))


def by_sheet(anomalies: Sequence[Anomalie]) -> dict[str, dict[Gravite, list[str]]]:
    """Sheet → severity → addresses, each address once, under its gravest anomaly."""
    sheets: dict[str, dict[Gravite, list[str]]] = {}
    seen = set()
    for gravite in Gravite:
        for anomalie in anomalies:
            place = (anomalie.cell.feuille, anomalie.cell.adresse)
            if anomalie.gravite is gravite and all(place) and place not in seen:
                seen.add(place)
                sheets.setdefault(place[0], {}).setdefault(gravite, []).append(place[1])
    return sheets


def _mark_sheet(workbook: Workbook, sheet: Sheet, wanted: dict[Gravite, list[str]]) -> None:
    _clear(sheet)
    priority = max((whole(rule, "priority") for rule in sheet.root.iter(f"{sheet.ns}cfRule")), default=0)
    for gravite, addresses in wanted.items():
        background, ink = map(plain, COULEURS[gravite])
        style = str(workbook.styles.highlight(Highlight(ink, background, ink)))
        ranges = [_ref(zone) for zone in zones(addresses)]
        for start in range(0, len(ranges), _RANGES_PER_RULE):
            priority += 1
            rule = sheet.element("cfRule", type="expression", dxfId=style, priority=str(priority))
            formula = sheet.element("formula")
            formula.text = signed(gravite)
            rule.append(formula)
            block = sheet.element("conditionalFormatting", sqref=" ".join(ranges[start : start + _RANGES_PER_RULE]))
            block.append(rule)
            sheet.place(block)


def _clear(sheet: Sheet) -> None:
    """Take away our own marks."""
    for block in sheet.children("conditionalFormatting"):
        for rule in block.findall(f"{sheet.ns}cfRule"):
            if _SIGNATURE in rule.findtext(f"{sheet.ns}formula", ""):
                block.remove(rule)
                sheet.changed = True
        if not len(block):
            sheet.root.remove(block)


def signed(gravite: Gravite) -> str:
    """The formula of a mark, by which it is known as ours."""
    return f'LEN("{_SIGNATURE}{gravite}")>0'


def zones(addresses: Iterable[str]) -> Iterator[Zone]:
    """Addresses as ranges: neighbours of one column together."""
    places = sorted((column_index(m[1]), int(m[2])) for item in addresses if (m := _CELL.fullmatch(item)))
    for _, group in groupby(enumerate(places), key=lambda item: (item[1][0], item[1][1] - item[0])):
        run = [place for _, place in group]
        yield run[0][1], run[0][0], run[-1][1], run[-1][0]


def _ref(zone: Zone) -> str:
    return zone_a1(zone) if zone[0] != zone[2] else a1(*zone[:2])
