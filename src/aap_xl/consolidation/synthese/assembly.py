"""The workbook's zip: the sheets XlsxWriter made, their model rows replaced by the streamed ones."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from aap_xl.consolidation.synthese.stream import Flux, Lien, attribut
from aap_xl.workbook.ooxml.view import rels_name

_DATE = (1980, 1, 1, 0, 0, 0)
_CELLULE = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"')
_DIMENSION = re.compile(rb'<dimension ref="A1:([A-Z]+)\d+"/>')
_TABLES = "xl/tables/"
_NOM = re.compile(rb' name="(t_[a-z_]+)"')
_ETENDUE = re.compile(rb'( ref="A\d+:[A-Z]+)\d+(")')
_LIEN_EXTERNE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
LIENS_MAX = 65_000
"""Links that Excel accepts on a sheet, or a little fewer."""


def assembler(
    squelette: bytes, cible: IO[bytes], flux: Mapping[str, Flux], externes: Mapping[str, Mapping[str, str]]
) -> None:
    """Write the workbook.

    Args: squelette: XlsxWriter's file, its tables one row long; flux: by part of a sheet; externes: by part of a
          sheet, relation → address of a file.
    """
    with zipfile.ZipFile(BytesIO(squelette)) as source, zipfile.ZipFile(cible, "w") as out:
        derniere = {item.table: item.derniere for item in flux.values()}
        relations = {rels_name(part): targets for part, targets in externes.items()}
        for name in source.namelist():
            content = source.read(name)
            with _part(out, name) as part:
                if name in flux:
                    _feuille(part, content, flux[name])
                elif name.startswith(_TABLES):
                    part.write(_etendre(content, derniere))
                else:
                    part.write(_relier(content, relations.get(name, {})))


@contextmanager
def _part(out: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with out.open(info, "w", force_zip64=False) as part:
        yield part


def _feuille(part: IO[bytes], content: bytes, flux: Flux) -> None:
    start, end = content.rindex(b"<row "), content.rindex(b"</sheetData>")
    model = content[start:end]
    styles = [(found[1], found[2]) for found in _CELLULE.finditer(model.decode())]
    head = _DIMENSION.sub(rb'<dimension ref="A1:\g<1>%d"/>' % flux.derniere, content[:start])
    part.write(head)
    for rows in flux.rangees(styles):
        part.write(rows.encode())
    if not flux.limite:
        part.write(model)
    _liens(part, content[end:], list(flux.liens()))


def _etendre(content: bytes, derniere: Mapping[str, int]) -> bytes:
    """A table over all its rows. XlsxWriter would note each of its cells."""
    name = _NOM.search(content)
    assert name is not None  # noqa: S101 - every table has its name
    return _ETENDUE.sub(rb"\g<1>%d\g<2>" % derniere[name[1].decode()], content)


def _liens(part: IO[bytes], tail: bytes, liens: list[Lien]) -> None:
    """What follows the rows, the links at their place in it."""
    if liens:
        place = min(at for at in (tail.find(b"<printOptions"), tail.find(b"<pageMargins")) if at >= 0)
        part.write(tail[:place] + b"<hyperlinks>")
        part.write("".join(lien.xml for lien in liens[:LIENS_MAX]).encode())
        part.write(b"</hyperlinks>")
        tail = tail[place:]
    part.write(tail)


def _relier(content: bytes, targets: Mapping[str, str]) -> bytes:
    if not targets:
        return content
    added = "".join(
        f'<Relationship Id="{key}" Type="{_LIEN_EXTERNE}" Target={attribut(address)} TargetMode="External"/>'
        for key, address in targets.items()
    )
    return content.replace(b"</Relationships>", added.encode() + b"</Relationships>")
