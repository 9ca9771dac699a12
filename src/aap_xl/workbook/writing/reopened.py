"""What is about to replace an operator's file, opened again and compared with it.

Only this may differ: parts that are added; « Contrôle » and « Bilan »; in the other sheets, marks and what `Refreshed`
lists.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import zip_longest
from xml.parsers import expat

from aap_xl.cells import Cell, a1
from aap_xl.domain.data import Donnees, no_collection
from aap_xl.domain.facts import CalculEnErreur
from aap_xl.rows import TABLES, Row
from aap_xl.workbook.layout import BILAN, CONTROLE
from aap_xl.workbook.ooxml.atomic import EcritureImpossible
from aap_xl.workbook.ooxml.directory import directory
from aap_xl.workbook.ooxml.view import CONTENT_TYPES, Relation, View, canonical
from aap_xl.workbook.reading.files.containers import reconnaitre
from aap_xl.workbook.reading.files.refusals import FichierRefuse
from aap_xl.workbook.reading.files.zip_parts import Parts
from aap_xl.workbook.reading.marks import Marks
from aap_xl.workbook.reading.opening import feuilles
from aap_xl.workbook.reading.reader import relire
from aap_xl.workbook.reading.sheets import Feuilles, Rows
from aap_xl.workbook.writing.computed import Refreshed

_TEXT_PARTS = (".xml", ".rels", ".vml")
_COLUMN = re.compile(rb"<(?:[\w.-]++:)?col\s[^>]*>")
_GIVEN = re.compile(rb"""\s(\w++)\s*=\s*["']([^"']*)""")
_TRUE = {b"1", b"true", b"on"}


class _Faulty(Exception):
    """What would not read as before, in French."""


def verify(source: bytes, product: bytes, donnees: Donnees, done: Refreshed, parts: Mapping[str, str]) -> None:
    """Make sure that a product reads as the file that it comes from.

    Args:   source: the file; donnees: what was read from it; done: what the writing changed; parts: sheet → its part.
    Raises: EcritureImpossible, which names the part or the cell.
    """
    try:
        changed = _check_parts(source, product)
        sheets, again = relire(product, donnees)
        _check_rows(donnees, again)
        _check_facts(donnees, again)
        former = feuilles(reconnaitre(source))
        _check_columns(
            source, product, [parts[nom] for nom in parts.keys() - {CONTROLE, BILAN} if parts[nom] in changed]
        )
        with no_collection():
            for nom in (nom for nom, part in parts.items() if part in changed):
                if nom in {CONTROLE, BILAN}:
                    sheets.rows(nom)
                else:
                    _check_cells(nom, former, sheets, done)
    except _Faulty as found:
        raise _refused(donnees, str(found)) from None
    except (FichierRefuse, zipfile.BadZipFile, zlib.error, ValueError, KeyError) as error:
        raise _refused(donnees, "le classeur produit ne se rouvrirait pas") from error


def _refused(donnees: Donnees, why: str) -> EcritureImpossible:
    return EcritureImpossible(
        f"« {donnees.source} » n'a pas été écrit : {why} ; rien n'a été remplacé. Ouvrez ce classeur dans Excel ou "
        "LibreOffice, enregistrez-le à nouveau, puis recommencez."
    )


# The package


def _check_parts(source: bytes, product: bytes) -> set[str]:
    """Compare two packages, and make sure that what changed is whole. Returns: the parts that changed."""
    with zipfile.ZipFile(BytesIO(source)) as before, zipfile.ZipFile(BytesIO(product)) as after:
        former = {info.filename: info for info in before.infolist()}
        seen: set[str] = set()
        changed = set()
        for info in after.infolist():
            if canonical(info.filename) in seen:
                raise _Faulty(f"la partie « {info.filename} » y serait deux fois")
            seen.add(canonical(info.filename))
            if _packed(product, info) != _packed(source, former.get(info.filename)):
                changed.add(info.filename)
                _check_part(info.filename, after.read(info))
        for lost in (name for name in former if canonical(name) not in seen):
            raise _Faulty(f"la partie « {lost} » y manquerait")
        _check_links(View(Parts(source, directory(source))), View(Parts(product, directory(product))), changed)
    return changed


def _packed(content: bytes, info: zipfile.ZipInfo | None) -> tuple[int, memoryview] | None:
    """A part's checksum and its bytes as they are packed."""
    if info is None:
        return None
    start = info.header_offset + 30
    start += sum(int.from_bytes(content[start + at : start + at + 2], "little") for at in (-4, -2))
    return info.CRC, memoryview(content)[start : start + info.compress_size]


def _check_columns(before: bytes, after: bytes, parts: Iterable[str]) -> None:
    """The same columns of a sheet are hidden."""
    source, product = Parts(before, directory(before)), Parts(after, directory(after))
    for part in parts:
        if part in source and _hidden(source[part]) != _hidden(product[part]):
            raise _Faulty(f"la partie « {part} » y cacherait d'autres colonnes")


def _hidden(sheet: bytes) -> list[tuple[int, int]]:
    """The hidden columns of a worksheet, in zones that do not touch."""
    given = (dict(_GIVEN.findall(tag)) for tag in _COLUMN.findall(sheet[: sheet.find(b"sheetData")]))
    found: list[tuple[int, int]] = []
    for first, last in sorted((int(x[b"min"]), int(x[b"max"])) for x in given if x.get(b"hidden") in _TRUE):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def _check_part(name: str, content: bytes) -> None:
    if name.casefold().endswith(_TEXT_PARTS):
        try:
            expat.ParserCreate().Parse(content, True)
        except expat.ExpatError:
            raise _Faulty(f"la partie « {name} » serait mal formée") from None


def _check_links(before: View, after: View, changed: set[str]) -> None:
    """Every content type and every relation is as it was, and those added lead somewhere."""
    if CONTENT_TYPES in View(dict.fromkeys(changed, b"")):
        for part in after:
            said = after.content_type(part)
            if said != before.content_type(part) if part in before else not said:
                raise _Faulty(f"la partie « {part} » n'y aurait pas son type")
    for name in (canonical(name) for name in changed):
        folder, found, rels = name.rpartition("_rels/")
        if found and rels.endswith(".rels"):
            _check_relations(f"{folder}{rels.removesuffix('.rels')}", before, after)


def _check_relations(part: str, before: View, after: View) -> None:
    former, links = ({_written(link): link for link in view.relations(part)} for view in (before, after))
    for lost in former.keys() - links.keys():
        raise _Faulty(f"la partie « {part} » y perdrait son lien vers « {former[lost].target} »")
    for link in map(links.__getitem__, links.keys() - former.keys()):
        if not link.external and link.target not in after:
            raise _Faulty(f"la partie « {part} » y mènerait à « {link.target} », qui n'existe pas")


def _written(link: Relation) -> tuple[str, str, str]:
    """What a relation says, however its target is written."""
    return link.id, link.type, link.target if link.external else canonical(link.target)


# What was typed


def _check_rows(before: Donnees, after: Donnees) -> None:
    """Every line of every table, and of the form, reads as it did."""
    if before.ecartees != after.ecartees:
        raise _Faulty("des lignes n'y seraient plus lues")
    _check_row(before.operation, after.operation)
    for table in before.tables:
        for former, again in zip_longest(before.rows(table), after.rows(table)):
            if former is None or again is None:
                line = (former or again).ligne
                raise _Faulty(f"la ligne {line} de la feuille « {TABLES[table].feuille} » n'y serait plus lue de même")
            _check_row(former, again)


def _check_row(former: Row, again: Row) -> None:
    if former.ligne != again.ligne or former.illisibles != again.illisibles:
        raise _Faulty(f"la feuille « {former.origin.feuille} », ligne {former.ligne}, ne s'y lirait plus de même")
    for nom in former.champs:
        if getattr(former, nom) != getattr(again, nom):
            raise _Faulty(f"{_named(former.cell(nom))} ne s'y lirait plus de même")


def _check_facts(before: Donnees, after: Donnees) -> None:
    """Nothing is noticed that was not already; of several computed cells in error, another may come first."""
    known = {(fait.code, fait.cell) for fait in before.faits}
    for fait in after.faits:
        if fait.cell.feuille in {CONTROLE, BILAN} or fait.code == CalculEnErreur.code:
            continue
        if (fait.code, fait.cell) not in known:
            raise _Faulty(f"{_named(fait.cell)} y aurait une anomalie nouvelle ({fait.code})")


def _check_cells(nom: str, before: Feuilles, after: Feuilles, done: Refreshed) -> None:
    """Every cell of a sheet reads as it did, computed ones aside."""
    marks, again = before.marks(nom), after.marks(nom)
    for line, column in _different(_shown(before.rows(nom), marks), _shown(after.rows(nom), again)):
        address = a1(line, column)
        if (nom, address) not in done.cells and not done.may_compute(nom, line, column):
            raise _Faulty(f"{_named(Cell(nom, address))} ne s'y lirait plus de même")
    if lost := marks.formules - again.formules:
        raise _Faulty(f"{_named(Cell(nom, min(lost).decode()))} y perdrait sa formule")
    if (marks.fusions, marks.masquees) != (again.fusions, again.masquees):
        raise _Faulty(f"la feuille « {nom} » y perdrait ses cellules fusionnées ou ses lignes masquées")


def _shown(rows: Rows, marks: Marks) -> Rows:
    """The cells of a sheet, those in error included."""
    for (line, column), error in marks.erreurs.items():
        rows[line - 1][column - 1] = error
    return rows


def _different(before: Rows, after: Rows) -> Iterator[tuple[int, int]]:
    """The places that do not hold the same."""
    nothing: list[object] = []
    for line, (former, again) in enumerate(zip_longest(before, after, fillvalue=nothing), 1):
        if former != again:
            for column, (value, other) in enumerate(zip_longest(former, again, fillvalue=""), 1):
                if value != other:
                    yield line, column


def _named(cell: Cell) -> str:
    return f"la feuille « {cell.feuille} »" + (f", cellule {cell.adresse}," if cell.adresse else "")
