"""Charts made in another package, brought to a sheet that has none."""

from aap_xl.workbook.ooxml.namespaces import strict_part
from aap_xl.workbook.ooxml.package import Package
from aap_xl.workbook.ooxml.view import rels_name
from aap_xl.workbook.ooxml.workbook import Workbook

_TYPES = {
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}


def bring_charts(workbook: Workbook, name: str, source: Package, part: str) -> None:
    """Give a sheet the charts of a sheet of another package, in the flavour of its own.

    Args: name: the sheet, without a drawing; source, part: where the charts are, of the usual flavour.
    """
    package = workbook.package
    drawing = next(link.target for link in source.relations(part) if link.kind == "drawing")
    target = _add(workbook, "drawing", source[drawing])
    links = source.tree(rels_name(drawing))
    for item, link in zip(links.root, source.relations(drawing), strict=True):
        item.set("Target", "/" + _add(workbook, link.kind, source[link.target]))
    package.write(rels_name(target), _flavoured(workbook, links.to_bytes()))
    sheet, relation = workbook.sheet(name), package.relate(workbook.parts[name], "drawing", target)
    sheet.place(sheet.element("drawing", **{workbook.relation_key: relation}))


def _add(workbook: Workbook, kind: str, content: bytes) -> str:
    """A new part under the first free number."""
    folder = workbook.part.rpartition("/")[0]
    part = workbook.package.free(f"{folder}/{kind}s/{kind}{{}}.xml".lstrip("/"))
    workbook.package.write(part, _flavoured(workbook, content))
    workbook.package.declare(part, _TYPES[kind])
    return part


def _flavoured(workbook: Workbook, content: bytes) -> bytes:
    return strict_part(content) if workbook.strict else content
