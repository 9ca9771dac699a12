"""VBA sources as text, made ready for a file, and the VBA projects made of them.

The sources are written in UTF-8 with the accents a reader expects. A VBA project is text in the code page of the
machine that opens it, so what is built is pure ASCII: an accent in a string becomes ``ChrW``.
"""

import re
import tempfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from itertools import count
from pathlib import Path
from uuid import UUID, uuid5

from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

VBA = Path(__file__).parent / "vba"
"""The add-in's modules."""
VBA_CLASSEUR = Path(__file__).parent / "vba_classeur"
"""The module of the workbooks with buttons."""
PROJET = "xl/vbaProject.bin"
_NAME = re.compile(r'\AAttribute VB_Name = "(\w+)"\n')
_PIECE = re.compile(r"\"(?:[^\"]|\"\")*\"|'.*|[^\"']+")
_FOREIGN = re.compile(r"[^\x20-\x7e]+")
_LONGEST_LINE = 1023
_DOCUMENT = "Option Explicit\r\n"
_NAMED = "VBAProject"
_NO_CACHE = bytes.fromhex("CC61 FFFF 00 0000")
"""All of ``_VBA_PROJECT``, as [MS-OVBA] 2.3.4.1 has it written: a version of no Office, so that none looks for what
another one compiled."""
_ID = re.compile(rb"(?<=ID=\"\{)[0-9A-F-]{36}(?=\}\"\r\n)")
_FAMILY = UUID("1f5a0c1e-7d0f-5a52-9c0b-6a61705f786c")
"""Of the identifiers of our VBA projects, each drawn from what its product is."""
_SHEET, _OWN_SHEET = "Sheet1", "Complement"
"""The one sheet of an add-in, which nobody sees, as the template names it and as ours does."""
_COOKIE = re.compile(rb"([\x13\x2c]\0\x02\0\0\0)..", re.DOTALL)
"""PROJECTCOOKIE and MODULECOOKIE in the stream ``dir``: 0xFFFF, as written (2.3.4.2.3, 2.3.4.2.3.2.7)."""


class SourceInvalide(Exception):
    """A VBA source that Excel would not read as written."""


def modules(dossier: Path) -> dict[str, str]:
    """Name → built text of each module of a folder, by name."""
    return dict(built(path.read_text(encoding="utf-8"), path.name) for path in sorted(dossier.glob("*.bas")))


def built(texte: str, nom: str) -> tuple[str, str]:
    """A module's name, and its text as it goes into the file: ASCII, with CRLF.

    Raises: SourceInvalide if it lacks ``Option Explicit`` or its name, holds a character outside a string that is
            not ASCII, or a line that is too long for VBA.
    """
    head = _NAME.match(texte)
    if not head:
        raise SourceInvalide(f'{nom} : la première ligne doit être « Attribute VB_Name = "…" »')
    if "\nOption Explicit\n" not in texte:
        raise SourceInvalide(f"{nom} : « Option Explicit » manque")
    lines = [_line(line, f"{nom}, ligne {number}") for number, line in enumerate(texte.splitlines(), 1)]
    return head[1], "\r\n".join(lines) + "\r\n"


def _line(line: str, where: str) -> str:
    pieces = _PIECE.findall(line)
    const = bool(re.match(r"\s*(?:Public |Private )?Const ", line))
    text = "".join(_string(piece) if piece.startswith('"') and not const else piece for piece in pieces)
    if _FOREIGN.search(text):
        raise SourceInvalide(f"{where} : un accent n'est permis que dans un texte qui n'est pas une constante")
    if len(text) > _LONGEST_LINE:
        raise SourceInvalide(f"{where} : plus de {_LONGEST_LINE} caractères une fois construite")
    return text


def _string(literal: str) -> str:
    """``"à vérifier"`` → ``ChrW(224) & " v" & ChrW(233) & "rifier"``."""
    if not _FOREIGN.search(literal):
        return literal
    parts = re.split(f"({_FOREIGN.pattern})", literal[1:-1])
    return " & ".join(
        " & ".join(f"ChrW({ord(char)})" for char in part) if rank % 2 else f'"{part}"'
        for rank, part in enumerate(parts)
        if part
    )


def complement(sources: Mapping[str, str], nom: str) -> dict[str, bytes]:
    """The parts of an add-in with these standard modules, in the order of pyOpenVBA's own template."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "complement.xlam"
        with ExcelFile.create_new(path) as file:
            _fill(file, sources)
            file.vba_project().rename_module(_SHEET, _OWN_SHEET)
            file.save()
        with zipfile.ZipFile(path) as made:
            parts = {name: made.read(name) for name in made.namelist()}
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "docProps/app.xml"):
        parts[name] = _replaced(parts[name], _SHEET.encode("ascii"), _OWN_SHEET.encode("ascii"))
    return parts | {PROJET: _finished(parts[PROJET], nom, nom)}


def projet(source: bytes, sources: Mapping[str, str], nom: str, produit: str) -> bytes:
    """The ``vbaProject.bin`` for a workbook that has none: one document module per sheet, then these modules.

    Args: produit: what the workbook is, for a project of its own.
    """
    with zipfile.ZipFile(BytesIO(classeur(source, sources))) as made:
        return _finished(made.read(PROJET), nom, produit)


def classeur(source: bytes, sources: Mapping[str, str]) -> bytes:
    """A workbook that had no macro, with these standard modules."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "classeur.xlsm"
        path.write_bytes(source)
        with ExcelFile(path) as file:
            file.add_vba_project()
            _fill(file, sources)
            file.save()
        return path.read_bytes()


def _finished(projet: bytes, nom: str, produit: str) -> bytes:
    """The project under a name and an identifier of its own, and without anything compiled."""
    file = CFB.from_bytes(projet)
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", _NO_CACHE)
    entries = decompress(file.get_stream_in_storage("VBA", "dir"))
    entries = _COOKIE.sub(b"\\1\xff\xff", _replaced(entries, _record(_NAMED), _record(nom)))
    file.write_stream_in_storage("VBA", "dir", compress(entries))
    lines = file.get_stream("PROJECT")
    lines = _ID.sub(lambda found: _own_id(found[0], produit), _replaced(lines, _name_line(_NAMED), _name_line(nom)))
    file.write_stream("PROJECT", lines)
    return bytes(file.to_bytes())


def _own_id(template: bytes, produit: str) -> bytes:
    """The identifier of a product, always the same, and of the same sum as the template's.

    That sum is the key of what follows it in the stream (CMG, DPB, GC: [MS-OVBA] 2.4.3.2), so nothing else changes.
    """
    drawn = (str(uuid5(_FAMILY, f"{produit} {rank}")).upper().encode("ascii") for rank in count())
    return next(text for text in drawn if (sum(text) - sum(template)) % 256 == 0)


def _record(nom: str) -> bytes:
    """PROJECTNAME, as [MS-OVBA] 2.3.4.2.1.6 writes it: identifier, length, characters; PROJECTDOCSTRING follows."""
    return b"\x04\x00" + len(nom).to_bytes(4, "little") + nom.encode("ascii") + b"\x05\x00"


def _name_line(nom: str) -> bytes:
    return f'\r\nName="{nom}"\r\n'.encode("ascii")


def _replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    """One occurrence replaced.

    Raises: SourceInvalide when there is not exactly one.
    """
    if content.count(old) != 1:
        raise SourceInvalide(f"le nom du projet VBA ({old!r}) devrait se trouver une fois et une seule")
    return content.replace(old, new)


def _fill(file: ExcelFile, sources: Mapping[str, str]) -> None:
    project = file.vba_project()
    if "Module1" in file.module_names():
        project.delete_module("Module1")
    for document in project.modules:
        document.body = _DOCUMENT
    for nom, texte in sources.items():
        project.add_module(nom, texte, kind=VBAModuleKind.standard)
