"""Charts made in another package, brought to a sheet that has none."""

from aap_xl.workbook.ooxml.package import RELATIONS, Package, parse, rels_name, serialize
from aap_xl.workbook.ooxml.workbook import Workbook

_TYPES = {
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}


def bring_charts(workbook: Workbook, name: str, source: Package, part: str) -> None:
    """Give a sheet the charts of a sheet of another package.

    Nothing is done to a workbook of the standard's strict flavour, to which charts of the usual one do not belong.

    Args: name: the sheet, without a drawing; source, part: where the charts are.
    """
    package = workbook.package
    if not all(rel.type.startswith(RELATIONS) for rel in package.relations(package.main) if rel.genre == "worksheet"):
        return
    drawing = next(rel.cible for rel in source.relations(part) if rel.genre == "drawing")
    target = _add(package, "drawing", source.read(drawing))
    links = parse(source.read(rels_name(drawing)))
    for link, rel in zip(links, source.relations(drawing), strict=True):
        link.set("Target", "/" + _add(package, rel.genre, source.read(rel.cible)))
    package.write(rels_name(target), serialize(links))
    sheet, relation = workbook.sheet(name), package.relate(workbook.parts[name], "drawing", target)
    sheet.place(sheet.element("drawing", **{f"{{{RELATIONS}}}id": relation}))


def _add(package: Package, kind: str, content: bytes) -> str:
    """A new part under the first free number."""
    folder = package.main.rpartition("/")[0]
    parts = (f"{folder}/{kind}s/{kind}{number}.xml" for number in range(1, 10_000))
    part = next(part for part in parts if part not in package)
    package.write(part, content)
    package.declare(part, _TYPES[kind])
    return part
